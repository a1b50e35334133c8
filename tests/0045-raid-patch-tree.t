#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch on any tree: a folder, a bare repository's commit, and nothing
# of git's configuration counts; nothing outside the root is ever touched.
. "${0%/*}/lib.sh"

repo r
cd r || exit 1
seq 9 >a.txt && git add . && git commit -q -m a
cat >../diff <<'END'
--- a/a.txt
+++ b/a.txt
@@ -4,3 +4,3 @@
 4
-5
+five
 6
END
raid-patch - <../diff >../want || exit 1
like 'a diff to compare with' "$(cat ../want)" '^\+five$'

# Without git.
mkdir -p ../plain/sub && cp a.txt ../plain
raid-patch --root ../plain - <../diff >"$out"
ok '--root: the same' cmp "$out" ../want
raid-patch -w --root ../plain - <../diff >"$out"
is '--root -w' "$? $(sed -n 5p ../plain/a.txt)" '0 five'
is 'nothing is left' "$(ls -A ../plain)" "a.txt
sub"
raid-patch -w --root ../plain - <../diff >"$out" 2>"$err"
is 'applied already' "$? $(cat "$out" "$err")" '0 raid-patch: applied already'
cp a.txt sub.txt && git add . && git commit -q -m b
mkdir inner && cp a.txt inner
raid-patch -w --root inner - <../diff >"$out"
is '--root within a work tree' "$(sed -n 5p inner/a.txt a.txt | xargs)" 'five'
rm -r inner
exits 66 raid-patch --root missing - <../diff
exits 64 raid-patch --root . some_tag
exits 64 raid-patch --root . --base HEAD -
exits 64 raid-patch -w --base HEAD -
exits 64 raid-patch --recover -
exits 64 raid-patch --undo -w some_tag

# A commit, also where there is nothing else.
git clone -q --bare . ../bare.git
raid-patch -C ../bare.git --base HEAD - <../diff >"$out"
ok '--base in a bare repository' cmp "$out" ../want
first=$(git rev-parse HEAD~)
echo other >a.txt && git commit -qam c
raid-patch --base "$first" - <../diff >"$out"
ok '--base is not the work tree' cmp "$out" ../want
exits 1 raid-patch - <../diff
exits 66 raid-patch --base nonsense - <../diff
git reset -q --hard HEAD~
mkdir deep && cd deep || exit 1
raid-patch -C .. --base HEAD - <../../diff >"$out"
ok '--base: -C counts once' cmp "$out" ../../want
cd .. && rmdir deep
for c in 'raid-patch -' 'raid-patch -w -' 'raid-patch -w --root . -'; do
	LD_DEBUG=files $c <../diff 2>&1 | grep -E 'libgit2|libsqlite3' >"$out"
	is "$c loads neither libgit2 nor SQLite" "$(cat "$out")" ''
	git checkout -q .
done
exits 66 raid-patch -C ../bare.git -w - <../diff
like 'a bare repository has no files' "$(cat "$err")" 'bare.*--base'
printf '```sh path=hooks/post-update\ntouch x\n```\n' >../hook
exits 66 raid-patch -C .git -w - <../hook
exits 66 raid-patch -C .git/hooks -w - <../hook
ok 'no hook is made' test ! -e .git/hooks/post-update -a ! -e .git/hooks/hooks

# Nothing of git's configuration, and no libgit2.
crlf() { printf 'a\r\nb\r\nc\r\n'; }
crlf >crlf.txt && ln -s a.txt link && git add . && git commit -q -m crlf
cat >../crlf.diff <<'END'
--- a/crlf.txt
+++ b/crlf.txt
@@ -1,3 +1,3 @@
 a
-b
+B
 c
--- a/a.txt
+++ b/a.txt
@@ -4,3 +4,3 @@
 4
-5
+five
 6
END
cp -a . ../plainly && cp -a . ../hostile
raid-patch -C ../plainly -w - <../crlf.diff >../want2
cd ../hostile || exit 1
cat >>.git/config <<END
[core]
	autocrlf = true
	eol = crlf
	symlinks = false
	fileMode = false
	ignoreCase = true
	worktree = $T/plain
	hooksPath = $T/hooks
	fsmonitor = touch $T/ran
[filter "f"]
	clean = touch $T/ran
	smudge = touch $T/ran
	required = true
[apply]
	whitespace = fix
[diff]
	external = touch $T/ran
[includeIf "gitdir:$T/"]
	path = $T/more
END
echo '* text=auto eol=crlf filter=f working-tree-encoding=UTF-16' \
    >.git/info/attributes
cp .git/info/attributes .gitattributes
mkdir "$T/hooks" && printf '#!/bin/sh\ntouch %s/ran\n' "$T" |
    tee "$T/hooks/post-index-change" >"$T/hooks/pre-applypatch"
chmod +x "$T"/hooks/*
cp .git/config "$T/more" && cp .git/config "$HOME/.gitconfig"
GIT_DIR=$T/bare.git GIT_WORK_TREE=$T/plain GIT_INDEX_FILE=$T/nothing \
    GIT_CEILING_DIRECTORIES=$T GIT_CONFIG_GLOBAL=$T/more \
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.autocrlf GIT_CONFIG_VALUE_0=true \
    raid-patch -w - <../crlf.diff >"$out"
ok 'configuration: the same diff' cmp "$out" ../want2
rm .gitattributes
ok 'the same tree' diff -r --exclude=.git . ../plainly
ok 'and nothing ran' test ! -e "$T/ran"
is 'CRLF stays' "$(od -c crlf.txt | grep -c '\\r')" 1
cd ../r || exit 1
printf '[user]\n\tname = T\n\temail = t@raid.invalid\n' >"$HOME/.gitconfig"

# Somebody else's repository is a folder like any other.
if [ "$(id -u)" -eq 0 ]; then
	cp -a . ../theirs && chown -R 12345:12345 ../theirs
	chmod 640 ../theirs/a.txt
	raid-patch -C ../theirs -w - <../diff >"$out"
	is 'a foreign work tree; the owner stays' \
	    "$? $(stat -c '%u %g %a' ../theirs/a.txt)" '0 12345 12345 640'
else
	skip 'a foreign work tree' 'not root'
fi

# Bits, names and times.
chmod 6755 hello.sh && ln hello.sh ../other && touch -d @1000000000 a.txt
cp -a a.txt sub.txt
cat >../x <<'END'
hello.sh
<<<<<<< SEARCH
echo hello
=======
echo hi
>>>>>>> REPLACE
END
exits 0 raid-patch -w - <../x
is 'setuid goes' "$(stat -c '%a %h' hello.sh)" '755 1'
is 'the other name stays' "$(tail -n 1 ../other)" 'echo hello'
is 'what is untouched keeps its time' "$(stat -c %Y a.txt)" 1000000000
git checkout -q . && rm -f "$T/other"

# What may not be opened or made is an error, and all stays.
as() { setpriv --reuid 12345 --regid 12345 --clear-groups "$@"; }
if [ "$(id -u)" -eq 0 ] && has setpriv && as true 2>"$T/null"; then
	chmod 755 "$T"
	mkdir ../ro && cp a.txt ../ro && chown -R 12345 ../ro
	chmod 0 ../ro/a.txt
	as raid-patch -w --root ../ro - <../diff >"$out" 2>"$err"
	is 'a file that cannot be read' "$? $(cat "$err")" \
	    '77 raid-patch: a.txt: Permission denied'
	chmod 600 ../ro/a.txt && chmod 555 ../ro
	as raid-patch -w --root ../ro - <../diff >"$out" 2>"$err"
	is 'a folder that cannot be written' "$? $(sed -n 5p ../ro/a.txt)" '77 5'
	like 'says so' "$(cat "$err")" 'raid-write: Permission denied'
	mkdir ../ro2 ../ro2/d && cp a.txt ../ro2 && cp a.txt ../ro2/d
	chown 12345 ../ro2 && chown 12345 ../ro2/*
	chmod 555 ../ro2/d
	sed 's/\(a\|b\)\/a.txt/\1\/d\/a.txt/' ../diff | cat ../diff - |
	    as raid-patch -w --root ../ro2 - >"$out" 2>"$err"
	is 'one folder of two' "$? $(cat ../ro2/a.txt ../ro2/d/a.txt | grep -c five)" '77 0'
	like 'it is named' "$(cat "$err")" 'd/a.txt: .*Permission denied'
	is 'and nothing is left' "$(ls -A ../ro2)" "a.txt
d"
else
	skip 'what may not be opened' 'needs root and setpriv'
fi

# Names that lead out, at each place where a name can stand.
mkdir -p nested nested.git/objects nested.git/refs && git init -q nested
mkdir -p deep/module
printf '[submodule "m"]\n\tpath = deep/module\n\turl = ../m\n' >.gitmodules
: >nested.git/HEAD && mkfifo pipe && ln -s nowhere dangling && ln -s . self
for p in .git/x '.git::$INDEX_ALLOCATION/x' '.git\x' 'x\.git\config' \
    "$(printf '.g\342\200\213it/x')" '.git         .  ./x' GIT~1/x \
    .raid/x sub/.RAID/x .raid-write a/.raid-1-0.new nested/x nested.git/x \
    nested/.git/x deep/module/x pipe dangling dangling/x self/x link/x ../r/x; do
	printf '```sh path=%s\nfoo\n```\n' "$p" | raid-patch -w - >"$out" 2>"$err"
	r="$? $(cat "$out")" name=$(printf %s "$p" | tr '\\\\' '!')
	is "$name: a file" "$r" '77 '
	printf 'diff --git a/a.txt b/%s\nsimilarity index 100%%\nrename from a.txt\nrename to %s\n' \
	    "$p" "$p" | raid-patch -w - >"$out" 2>"$err"
	r=$?
	ok "$name: a new name" test $r -ne 0 -a ! -s "$out"
done
printf '```sh path=deep/x.sh\nfoo\n```\n' | raid-patch - >"$out" 2>"$err"
is 'beside a submodule' $? 0
rm -rf nested nested.git pipe dangling self deep .gitmodules
is 'nothing came of it' "$(git status --porcelain)" ''

# Two at once: one waits, and then finds its place in what the other wrote.
i=0 bad=0
while [ $i -lt 10 ]; do
	i=$((i + 1))
	seq 40 >a.txt
	for n in 3 9 15 21 27 33; do
		printf -- '--- a/a.txt\n+++ b/a.txt\n@@ -%s +%s @@\n-%s\n+x\n' \
		    $n $n $n | raid-patch -w - >"$T/null" 2>>"$err" &
	done
	wait
	[ "$(grep -c x a.txt)" -eq 6 ] || bad=$((bad + 1))
done
is 'writers at once' $bad 0
git checkout -q .
exec 9<.
flock 9 && {
	raid-patch - <../diff >"$out"
	is 'who only reads does not wait' "$?" 0
}
exec 9<&-

# A folder that becomes a link while it is written through.
mkdir d && seq 9 >d/a.txt && cp -a d ../away
sed 's/\(a\|b\)\/a.txt/\1\/d\/a.txt/' ../diff >../d.diff
ln -s "$T/away" ../lnk
if "$BUILD/t/swap" d ../lnk true 2>"$err"; then
	"$BUILD/t/swap" d ../lnk sh -c '
	i=0
	while [ $i -lt 150 ]; do
		i=$((i + 1))
		raid-patch -w - <../d.diff >/dev/null 2>&1
		raid-patch --recover 2>/dev/null
	done' >"$T/null" 2>&1
	is 'a race: nothing is written elsewhere' \
	    "$(ls -A ../away && sed -n 5p ../away/a.txt)" 'a.txt
5'
	while ! raid-patch --recover 2>"$err"; do
		i=$((i + 1))
		[ $i -lt 20 ] || break
	done
	is 'and nothing is left' "$(ls -A d)" a.txt
	ok 'old or new' test "$(sed -n 5p d/a.txt)" = five -o \
	    "$(sed -n 5p d/a.txt)" = 5
else
	skip 'a race' 'no exchange of names here'
fi
rm -rf d

# A record that is not ours, or damaged, or not the last word.
mkdir t && cp a.txt t
echo 'raid-write 1 0123456789abcdef' >t/.raid-write
chmod 600 t/.raid-write
raid-patch -w --root t - <../diff >"$out" 2>"$err"
is 'half a record is none' "$? $(ls -A t) $(sed -n 5p t/a.txt)" '0 a.txt five'
cp a.txt t && echo x >t/.raid-write && chmod 644 t/.raid-write
exits 75 raid-patch -w --root t - <../diff
exits 75 raid-patch --root t - <../diff
rm t/.raid-write && ln -s a.txt t/.raid-write
exits 75 raid-patch -w --root t - <../diff
is 'nothing is written' "$(sed -n 5p t/a.txt)" 5
rm -r t
if "$BUILD/t/calls" kill 12 raid-patch -w - <../diff >"$out" 2>"$err"; then
	: # not killed
elif [ -e .git/raid-write ]; then
	exits 75 raid-patch - <../diff
	like 'it says what to do' "$(cat "$err")" 'raid-patch --recover$'
	cp a.txt ../keep && echo person >a.txt
	exits 75 raid-patch --recover
	like 'a person was faster' "$(cat "$err")" 'a.txt: .*changed'
	is 'nothing is touched' "$(cat a.txt)" person
	exits 75 raid-patch -w - <../diff
	cp ../keep a.txt
	exits 0 raid-patch --recover
	is 'and now it goes' "$(find . -name '*raid-*')" ''
fi
plan
