#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-post: bodies, tags, replies, attached files, the base.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
count() { sql "$j" 'SELECT count(*) FROM post'; }
# field TAG EXPRESSION: of its JSON line, by SQLite's own parser.
field() {
	raid-show -j "$1" >"$T/line" &&
	    sql :memory: "SELECT json_extract(readfile('$T/line'), '$2')"
}

# Bodies.
is 'words are joined' "$(field "$(raid-post hello '@grok  there')" '$.body')" \
    'hello @grok  there'
is 'from standard input' "$(printf 'a\nb' | raid-post | xargs raid-show |
    tail -n 2 | tr '\n' /)" 'a/b/'
is '- is standard input' "$(field "$(echo x | raid-post -)" '$.body')" x
is 'words leave it alone' "$(field "$(echo x | raid-post y)" '$.body')" y
n=$(count)
for bad in '' ' ' '\t\n \r\n' 'a\000b' 'a\377' '\355\240\200' '\300\200'; do
	# shellcheck disable=SC2059 # the bytes are in the format
	printf "$bad" >body
	exits 65 raid-post <body
	ok 'a reason is given' grep -qE 'raid-post: the body (is|has)' "$err"
done
exits 65 raid-post ''
head -c 1048576 /dev/zero | tr '\0' x >full
exits 0 raid-post <full
is 'a whole MiB is kept' "$(raid-show -j last | wc -c | cut -c1-3)" 104
(cat full; printf x) >longer
exits 65 raid-post <longer
is 'nothing else was stored' "$(count)" $((n + 1))
rm -f full longer body
printf 'a.%.0s' $(seq 100000) >dots
ok 'hostile text takes no time' timeout 10 raid-post <dots
rm dots

# Options, authors.
is '-a' "$(field "$(raid-post -a grok x)" '$.author')" grok
is 'RAID_AUTHOR' "$(field "$(RAID_AUTHOR=ann raid-post x)" '$.author')" ann
is 'Cyrillic name' "$(field "$(raid-post -a Аня x)" '$.author')" Аня
for bad in '' 'a b' 'x.' '<b>' 'a/b'; do
	exits 64 raid-post -a "$bad" x
done
exits 0 env RAID_ACTOR=grok raid-post -a grok x
exits 77 env RAID_ACTOR=grok raid-post -a dev x
is 'hashtags' "$(field "$(raid-post -t b -t '#A' 'x #c #a')" '$.hashtags')" \
    '["a","b","c"]'
for bad in '' '#' 12 'a b'; do
	exits 64 raid-post -t "$bad" x
done
like '-j' "$(raid-post -j x)" '^\{"type":"post","v":1,"tag":"post_[0-9_]+",.*"body":"x"'
exits 64 raid-post --nonsense
exits 64 raid-post -a
exits 66 raid-post -C "$T/missing" x

# Tags: rising in journal order, also when the clock steps back.
at() { RAID_NOW=$1 raid-post -J "$T/clock.db" "$1"; }
raid-init -J "$T/clock.db" >"$out"
is 'tags' "$(for t in 1000 1000 2000 500 1500 2000 2001; do at $t; done |
    tr '\n' ' ')" \
    'post_1000 post_1000_2 post_2000 post_2000_2 post_2000_3 post_2000_4 post_2001 '

# Replies, and how a tag may be written.
a=$(raid-post -a grok first)
b=$(raid-post -r "$a" second)
is '-r' "$(field "$b" '$.reply_to')" "$a"
for way in "#$a" "ref_${a#post_}" "  $a" "$a$(printf '\r')" "${a#post_}" \
    "last@grok" "last~1@x"; do
	case $way in
	last~1@x) exits 64 raid-post -r "$way" x ;;
	*) is "as '$way'" "$(raid-post -r "$way" x | xargs raid-show -j |
	    grep -c "\"reply_to\":\"$a\"")" 1 ;;
	esac
done
exits 66 raid-post -r post_5 x
exits 65 raid-post -r nonsense x

# Files, byte exact.
head -c 70000 /dev/urandom >'odd name '"'"'"$(x)
.bin'
: >empty
mkdir -p 'dir/с пробелом' && echo hi >'dir/с пробелом/f'
chmod +x empty
t=$(cd dir && raid-post -f '../odd name '"'"'"$(x)
.bin' -f ../empty -f 'с пробелом/f' files)
is 'refused: a control character in a name' "$t" ''
mv odd* 'odd '"'"'"$(x).bin'
t=$(cd dir && raid-post -f '../odd '"'"'"$(x).bin' -f ../empty \
    -f 'с пробелом/f' -f ./../empty files)
is 'paths, relative to the root' "$(field "$t" '$.files[0].path')|$(field "$t" \
    '$.files[1].path')|$(field "$t" '$.files[2].path')" \
    'dir/с пробелом/f|empty|odd '"'"'"$(x).bin'
is 'modes, as git has them' "$(field "$t" '$.files[0].mode')$(field "$t" \
    '$.files[1].mode')" 100644100755
is 'sizes' "$(field "$t" '$.files[1].size') $(field "$t" '$.files[2].size')" \
    '0 70000'
sql "$j" "SELECT writefile('$T/back', data) FROM blob WHERE hex(sha256) =
    upper('$(field "$t" '$.files[2].sha256')')" >"$out"
ok 'byte exact' cmp "$T/back" odd*
is 'and that is its SHA-256' "$(sha256sum <"$T/back" | cut -c1-64)" \
    "$(field "$t" '$.files[2].sha256')"
t=$(printf 'a\000b' | raid-post -f - words)
is 'standard input as a file' "$(field "$t" '$.files[0].path')$(field "$t" \
    '$.files[0].size')" stdin3
exits 64 raid-post -f - -
exits 66 raid-post -f missing x
exits 66 raid-post -f '' x
exits 65 raid-post -f dir x
mkfifo pipe
exits 65 timeout 5 raid-post -f pipe x
rm pipe
echo secret >"$T/outside"
exits 65 raid-post -f "$T/outside" x
like 'it says of what' "$(cat "$err")" "outside of $T/r;"
exits 77 raid-post -f .git/config x
ln -s "$T/outside" out-link
exits 65 raid-post -f out-link x
ln -s .git/config git-link
exits 77 raid-post -f git-link x
ln -s hello.sh in-link
is 'a link stands for its file' "$(field "$(raid-post -f in-link x)" \
    '$.files[0].path')" hello.sh
is 'as if started in -C' "$(field "$(cd / && raid-post -C "$T/r/dir" \
    -f ../hello.sh x)" '$.files[0].path')" hello.sh

# --dirty: modified, staged, untracked; not deleted, ignored, links, folders.
git init -q "$T/sub" && git -C "$T/sub" commit -q --allow-empty -m x
repo "$T/d" && cd "$T/d" || exit 1
for f in gone staged both; do echo $f >$f; done
git -c protocol.file.allow=always submodule --quiet add "$T/sub" module
echo '*.o' >.gitignore
git add . && git commit -q -m more
raid-init >"$out"
rm gone
echo new >>staged && echo x >added && git add staged added
echo new >>both && git add both && echo newer >>both
git mv hello.sh moved.sh
echo x >untracked && echo x >x.o && ln -s both link && echo x >module/file
mkdir deep && echo x >'deep/a "b" я'
git init -q nested && echo x >nested/f
cp .git/index "$T/index"
t=$(raid-post -f both --dirty x)
is '--dirty' "$(raid-show -j "$t" | grep -o '"path":"[^{}]*","mode"' |
    sed 's/"path":"//;s/","mode"//' | sort | tr '\n' ' ')" \
    'added both deep/a \"b\" я moved.sh staged untracked '
ok 'the index is not refreshed' cmp .git/index "$T/index"
t2=$(cd deep && GIT_DIR="$T/r/.git" GIT_WORK_TREE="$T/r" raid-post --dirty x)
is 'whatever GIT_DIR says' "$(raid-show -j "$t2" | grep -c '"untracked"')" 1
# Whose repository it is, git asks before it obeys what that says.
if [ "$(id -u)" = 0 ]; then
	repo "$T/foreign" && (cd "$T/foreign" && raid-init >"$out" &&
	    git config core.fsmonitor "touch $T/obeyed")
	chown -R 65534:65534 "$T/foreign"
	exits 69 raid-post -C "$T/foreign" --dirty x
	like 'a foreign repository' "$(cat "$err")" 'dubious ownership'
	ok 'its configuration is not obeyed' test ! -e "$T/obeyed"
else
	skip 'a foreign repository' 'only root can make one'
fi
git config core.fsmonitor "touch $T/obeyed"
exits 0 raid-post --dirty 'a monitor'
ok 'no monitor is started' test ! -e "$T/obeyed"
git config --unset core.fsmonitor
git stash -q -u && git checkout -q .
exits 0 raid-post --dirty 'all is clean'
is 'no file' "$(raid-show -j last | grep -c '"files":\[\]')" 1
git clone -q --bare . "$T/bare.git" && cd "$T/bare.git" && raid-init >"$out"
exits 66 raid-post --dirty x
exits 0 raid-post x
cd "$T" && mkdir plain && raid-init -C plain >"$out"
exits 66 raid-post -C plain --dirty x

# The base is what git rev-parse says.
base() { # NAME DIR
	raid-init -C "$2" >"$out" 2>&1
	is "base: $1" "$(field "$(raid-post -C "$2" x)" '$.meta.base')" \
	    "$(git -C "$2" rev-parse -q --verify HEAD 2>/dev/null)"
}
# The journal is the folder's own.
field() {
	raid-show -j -C "${d:-.}" "$1" >"$T/line" &&
	    sql :memory: "SELECT json_extract(readfile('$T/line'), '$2')"
}
d=$T/b && repo b
base 'loose ref' b
git -C b pack-refs --all
base 'packed ref' b
git -C b checkout -q --detach
base detached b
git -C b tag -a -m x v1 && git -C b checkout -q v1
base 'a tag, checked out' b
git -C b symbolic-ref refs/heads/one refs/heads/main
git -C b symbolic-ref HEAD refs/heads/one
base 'a symbolic ref of a symbolic ref' b
git -C b checkout -q main
git -C b worktree add -q -b wt "$T/wt"
git -C wt commit -q --allow-empty -m two
d=$T/wt && base 'linked worktree' wt
git -C b commit -q --allow-empty -m three
d=$T/b && base 'loose over packed' b
git clone -q --separate-git-dir "$T/sep" b c
d=$T/c && base 'a .git file' c
d=$T/d && base 'a submodule'"'"'s outer' d
d=$T/d/module && base submodule d/module
git init -q unborn && d=$T/unborn && base unborn unborn
d=$T/bare.git && base bare bare.git
if git init -q --object-format=sha256 s 2>/dev/null; then
	git -C s commit -q --allow-empty -m x
	d=$T/s && base SHA-256 s
else
	skip 'base: SHA-256' 'this git has none'
fi
d=$T/plain && base 'no repository' plain
echo nonsense >b/.git/refs/heads/main
exits 65 raid-post -C b x
like 'a damaged ref is named' "$(cat "$err")" 'refs/heads/main is damaged'
git init -q b/inner && rm -rf b/inner/.git && echo 'gitdir: /nowhere' >b/inner/.git
exits 65 raid-post -C b/inner x

# A repository at the root of the file system.
if has bwrap && bwrap --ro-bind / / true 2>/dev/null; then
	repo root && mkdir root/etc && echo x >root/etc/f
	bwrap --bind root / --ro-bind /usr /usr --symlink usr/lib /lib \
	    --symlink usr/lib64 /lib64 --symlink usr/bin /bin \
	    --ro-bind "$BUILD" /raid --dev /dev --proc /proc --chdir /etc \
	    sh -c 'j="-J /tmp/j.db"; mkdir /tmp; PATH=/raid:$PATH
	    raid-init $j && raid-post $j -f f x && raid-show $j -j' >"$out" 2>&1
	like 'the root as repository' "$(cat "$out")" '"path":"etc/f"'
else
	skip 'the root as repository' 'no namespace can be had'
fi
plan
