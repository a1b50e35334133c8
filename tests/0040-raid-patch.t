#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch -: the edits of an answer, on the work tree, without a journal.
. "${0%/*}/lib.sh"

repo r
cd r || exit 1
seq 30 >a.txt
printf 'x\r\ny\r\nz\r\n' >crlf.txt
printf 'one\ntwo' >bare.txt
echo 'old content' >whole.sh
chmod 755 whole.sh
echo gone >gone.txt
echo moved >from.txt
echo 'a b' >'with blank.txt'
printf 'q\n' >"$(printf 'odd"\303\244\\.txt')"
git add . && git commit -q -m files

cat >../answer.md <<'END'
I have changed several files.

```diff
diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -9,99 +9,3 @@ wrong counts
 10
-11
+eleven
 12
@@ -1,1 +2,2 @@
 28
+28.5
 29
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/from.txt b/dir/to.txt
similarity index 50%
rename from from.txt
rename to dir/to.txt
--- a/from.txt
+++ b/dir/to.txt
@@ -1 +1,2 @@
 moved
+here
diff --git a/hello.sh b/hello.sh
old mode 100755
new mode 100644
--- a/with blank.txt
+++ b/with blank.txt
@@ -1 +1 @@
-a b
+a  b
--- "a/odd\"\303\244\\.txt"
+++ "b/odd\"\303\244\\.txt"
@@ -1 +1 @@
-q
+Q
```

crlf.txt
```
<<<<<<< SEARCH
y
=======
Y
y2
>>>>>>> REPLACE
```

bare.txt
<<<<<<< SEARCH
one
two
=======
one
TWO
>>>>>>> REPLACE

**`bin/new.sh`**:
```sh
#!/bin/sh
echo hi
```

```sh whole.sh
new content
```
END

raid-patch - <../answer.md >../diff
is 'a whole answer is placed' "$?" 0
is 'and nothing is written' "$(git status --porcelain)" ''
ok 'git apply takes the diff' git apply --check ../diff
unlike 'without an offset' "$(git apply --check -v ../diff 2>&1)" \
    'offset|fuzz|warning'
cp -a . ../byraid && cp -a . ../bygit
git -C ../bygit apply ../diff
raid-patch -C ../byraid -w - <../answer.md >../diff2
is '-w writes it' "$?" 0
ok 'and prints it' cmp ../diff ../diff2
ok 'the same tree as by git apply' diff -r --exclude=.git ../byraid ../bygit
is 'the same modes' "$(cd ../byraid && find . -name .git -prune -o -type f \
    -printf '%p %m\n' | sort)" "$(cd ../bygit && find . -name .git -prune -o \
    -type f -printf '%p %m\n' | sort)"
is 'CRLF stays' "$(od -c ../byraid/crlf.txt | grep -c '\\r')" 1
is 'no final newline stays' "$(cat ../byraid/bare.txt)" "$(printf 'one\nTWO')"
is 'no temporary is left' "$(find ../byraid -name '*.raid-*')" ''
sed '/^diff --git a.gone/,/^+here/d' ../answer.md |
    raid-patch -C ../byraid - >"$out" 2>"$err"
is 'a second time it is applied already' "$? $(cat "$out")" '0 '
is 'and it says so' "$(cat "$err")" 'raid-patch: applied already'

# What it prints, read again, is the same: also from git itself.
raid-patch - <../diff >"$out"
ok 'its own diff goes through unchanged' cmp "$out" ../diff
git -C ../bygit add -N . && git -C ../bygit diff >../gitdiff
raid-patch - <../gitdiff >../again
is 'a diff of git is taken' "$?" 0
git apply ../again && git add -N . && git diff >"$out"
ok 'and gives the same tree' cmp "$out" ../gitdiff
git reset -q --hard && git clean -qfd

# All files or none.
cat >../half.md <<'END'
```diff
--- a/a.txt
+++ b/a.txt
@@ -1 +1 @@
-1
+ONE
--- a/crlf.txt
+++ b/crlf.txt
@@ -1 +1 @@
-not there
+nor this
```
END
exits 1 raid-patch -w - <../half.md
is 'a refusal writes nothing' "$(git status --porcelain)" ''
like 'it names file, hunk and line' "$(cat "$err")" \
    'crlf.txt: hunk 1 \(line 9 of the answer\).*want "not there".*"x" at line 1'

# Where nobody may write.
ln -s /etc link && mkdir -p sub && git init -q sub/repo && touch sub/repo/x
for p in ../x /etc/passwd .git/hooks/pre-commit .GIT/config a/../../b \
    link/passwd link sub/repo/x ./.git/config 'git~1/config' .git./config; do
	# shellcheck disable=SC2016 # backticks are text
	printf '```sh path=%s\nfoo\n```\n' "$p" | raid-patch -w - >"$out" \
	    2>"$err"
	is "$p is refused" "$? $(cat "$out")" '77 '
done
printf 'diff --git a/n b/n\nnew file mode 120000\n--- /dev/null\n+++ b/n
@@ -0,0 +1 @@\n+/etc\n\\ No newline at end of file\n' >../link.diff
exits 77 raid-patch -w - <../link.diff
is 'nothing came of all that' "$(git status --porcelain)" "?? link
?? sub/"
rm -rf link sub

# Options and odd inputs.
mkdir -p deep/er
raid-patch -C deep/er - <../answer.md >"$out"
ok 'paths are of the root, wherever it is started' cmp "$out" ../diff
raid-patch -nw - <../answer.md >"$out"
ok '-n -w prints' cmp "$out" ../diff
is 'and writes nothing' "$(git status --porcelain)" ''
like '-j prints an object' "$(raid-patch -j - <../answer.md)" \
    '^\{"type":"diff","v":1,"files":\[\{"path":"a.txt","op":"modify"\},.*"diff":"diff --git'
exits 1 raid-patch - </dev/null
like 'nothing in, nothing out' "$(cat "$err")" 'no edit'
echo 'only words' >../words
exits 1 raid-patch - <../words
head -c 1000000 /dev/urandom >../random
exits 1 raid-patch - <../random
raid-patch - <&- >"$out" 2>"$err"
is 'standard input is closed' "$? $(cat "$out")" '1 '
raid-patch - <../answer.md 2>"$err" >/dev/full
is 'standard output is full' "$?" 74
exits 64 raid-patch -x
exits 64 raid-patch -C
exits 66 raid-patch -C nowhere - <../answer.md

# A linked worktree, and a folder outside of git.
git worktree add -q ../linked
raid-patch -C ../linked/ -w - <../answer.md >"$out"
ok 'a linked worktree' diff -r --exclude=.git ../linked ../bygit
mkdir ../plain && cp -a a.txt ../plain && cd ../plain || exit 1
GIT_CEILING_DIRECTORIES=$T raid-patch -w - >"$out" <<'END'
a.txt
<<<<<<< SEARCH
2
3
=======
2
three
>>>>>>> REPLACE
END
is 'outside of git' "$? $(sed -n 3p a.txt)" '0 three'
plan
