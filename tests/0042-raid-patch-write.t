#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch -w: what passed goes to the work tree, where nothing has moved.
. "${0%/*}/lib.sh"

repo r
cd r || exit 1
seq 20 >a.txt
git add . && git commit -q -m files
raid-init >/dev/null
cat >"$T/member" <<'END'
#!/bin/sh
cat "$HOME/../say"
END
chmod +x "$T/member"
cat >.raid/array.json <<END
{"members": {"m": {"provider": "exec", "command": ["$T/member"], "local": true}}}
END
# A new file, and a changed one.
cat >"$T/say" <<'END'
```diff
--- a/a.txt
+++ b/a.txt
@@ -1 +1 @@
-5
+five
```
```sh bin/new.sh
#!/bin/sh
```
END
if ! raid-test -- true >"$out" 2>"$err"; then
	plan_skip "no sandbox here: $(head -n 1 "$err")"
fi
p=$(raid-post '@m please' | raid-broadcast | raid-patch)
v=$(echo "$p" | raid-test - -- grep -q five a.txt)

is '-n says what it would write' "$(raid-patch -nw "$v")" \
    "$p would modify a.txt
$p would create bin/new.sh"
is 'and writes nothing' "$(git status --porcelain)" ''
echo mine >>a.txt
exits 1 raid-patch -w "$v"
like 'a file that was changed meanwhile' "$(cat "$err")" \
    "$v.*a.txt: is not as the patch found it; git stash"
is 'is left alone' "$(tail -n 1 a.txt)" mine
ok 'and so is the rest' test ! -e bin
git checkout -q a.txt
mkdir bin && echo mine >bin/new.sh
exits 1 raid-patch -w "$v"
is 'a file that came meanwhile is left alone' "$(cat bin/new.sh)" mine
is 'nothing else is written' "$(git status --porcelain)" '?? bin/'
rm -r bin && ln -s "$T" bin
exits 77 raid-patch -w "$v"
ok 'nothing goes through a link' test ! -e "$T/new.sh"
rm bin
chmod 600 a.txt
is 'the tag of the patch' "$(raid-patch -w "$v")" "$p"
is 'the file is written' "$(sed -n 5p a.txt)" five
is 'with the permissions it had' "$(stat -c %a a.txt)" 600
ok 'the script can be run' test -x bin/new.sh

# And back again.
raid-show --audit -l 1 >"$out"
like 'who wrote it is noted' "$(cat "$out")" 'written'
cp -a . ../written
is '-n says what it would take back' "$(raid-patch -n --undo "$v")" \
    "$p would modify a.txt
$p would delete bin/new.sh"
echo more >>bin/new.sh
exits 1 raid-patch --undo "$p"
like 'a file is not as it was left' "$(cat "$err")" 'bin/new.sh: is not as'
is 'then nothing is taken back' "$(sed -n 5p a.txt)" five
cp ../written/bin/new.sh bin
is '--undo prints the tag' "$(raid-patch --undo "$v")" "$p"
is 'all is as before' "$(git status --porcelain) $(stat -c %a a.txt)" ' 600'
ok 'the folder, too' test ! -e bin
like 'that is noted' "$(raid-show --audit -l 1)" 'undone'
exits 1 raid-patch --undo "$p"
like 'once is enough' "$(cat "$err")" ': not written$'
is 'and on again' "$(raid-patch -w "$v")" "$p"
raid-patch --undo "$p" >"$out" && raid-patch -w "$v" >"$out"
rm -rf ../written
git checkout -q . && rm -r bin
is 'by the tag of the patch too' "$(echo "$p" | raid-patch -w)" "$p"
git checkout -q . && rm -r bin

# The newest verdict decides.
echo "$p" | raid-test - -- false >"$out"
exits 1 raid-patch -w "$v"
like 'it did not pass' "$(cat "$err")" "did not pass; raid-show $(cat "$out")"
echo "$p" | raid-test - -- true >"$out"
exits 0 raid-patch -w "$v"
git checkout -q . && rm -r bin

# What was attached lies over the base in the work tree, too.
echo dirty >>a.txt
cat >"$T/say" <<'END'
a.txt
<<<<<<< SEARCH
20
dirty
=======
20
clean
>>>>>>> REPLACE
END
v=$(raid-post --dirty '@m please' | raid-broadcast | raid-patch |
    raid-test - -- grep -q clean a.txt)
exits 0 raid-patch -w "$v"
is 'a dirty file that was attached is patched' "$(tail -n 1 a.txt)" clean
like 'only that line of it' "$(git diff a.txt)" '^\+clean$'
git checkout -q .

# What goes comes back with its permissions; what is killed can be undone.
echo secret >key && seq 3 >ren && echo 'x' >exe && git add . &&
    git commit -q -m more
chmod 600 key && chmod 640 ren && chmod 750 exe
cat >"$T/say" <<'END'
```diff
diff --git a/key b/key
deleted file mode 100644
--- a/key
+++ /dev/null
@@ -1 +0,0 @@
-secret
diff --git a/ren b/dir/ren
similarity index 50%
rename from ren
rename to dir/ren
--- a/ren
+++ b/dir/ren
@@ -1,2 +1,2 @@
-1
+one
 2
```
END
v=$(raid-post '@m please' | raid-broadcast | raid-patch |
    raid-test - -- test ! -e key)
tree() { find . -name .git -prune -o -name .raid -prune -o -type f \
    -printf '%p %m\n' | sort; }
was=$(tree)
exits 0 raid-patch -w "$v"
ok 'it was written' test -e dir/ren -a ! -e key
exits 0 raid-patch --undo "$v"
is 'the permissions are back' "$(tree)" "$was"
export ASAN_OPTIONS=detect_leaks=0
"$BUILD/t/calls" kill 14 raid-patch -w "$v" >"$out" 2>"$err"
if [ $? -eq 137 ] && [ -e .git/raid-write ]; then
	exits 75 raid-commit -y "$v"
	like 'no commit on half a write' "$(cat "$err")" 'raid-patch --recover'
	raid-patch -w "$v" >"$out" 2>"$err"
	is 'the next write goes on' "$?" 0
	like 'and says so' "$(cat "$err")" 'a write was broken off; it is'
	exits 0 raid-patch --undo "$v"
	is 'that can be undone' "$(tree)" "$was"
else
	skip 'killed while it writes' 'no process can be traced here'
fi
plan
