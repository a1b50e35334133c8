#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-replica: the repository stays as it is, what changed comes out as a
# diff that applies, the command's status comes through.
. "${0%/*}/lib.sh"

repo r
cd r || exit 1
mkdir sub && echo x >sub/x && echo '*.o' >.gitignore && ln -s sub/x link
git add . && git commit -qm two
if ! raid-replica -- true 2>"$err"; then
	plan_skip "no sandbox: $(cat "$err")"
fi
before=$(git status --porcelain; find . -path ./.git -prune -o -type f -print |
    sort | xargs cksum)

exits 0 raid-replica -- true
is 'nothing changed, nothing printed' "$(cat "$out")" ''
exits 7 raid-replica -- sh -c 'echo said; exit 7'
is 'output comes through' "$(cat "$out")" said

# shellcheck disable=SC2016 # for the shell inside
exits 0 raid-replica -- sh -c 'echo text; echo "echo bye" >>hello.sh
	echo new >"new file"; rm sub/x; echo o >k.o; chmod -x hello.sh; pwd
	git status --short | wc -l; rm link; ln -s hello.sh link
	printf "a\0b" >bin'
is 'the path is the real one' "$(sed -n 2p "$out")" "$PWD"
is 'its .git was clean' "$(sed -n 3p "$out")" 3
is 'text, then a fence' "$(sed -n '1p;4p;$p' "$out")" "$(printf 'text\n%s\n%s' \
    '```diff' '```')"
unlike 'ignored files do not count' "$(cat "$out")" 'k\.o'
like 'binary files are named' "$(cat "$err")" 'bin: .*left out'
after=$(git status --porcelain; find . -path ./.git -prune -o -type f -print |
    sort | xargs cksum)
is 'the repository is untouched' "$after" "$before"
sed '1,4d;$d' "$out" >"$T/diff"
ok 'git takes the diff' git apply --check "$T/diff"
git apply "$T/diff"
is 'with its mode' "$(git status --porcelain | tr '\n' ,)" \
    ' M hello.sh, M link, D sub/x,?? "new file",'
git reset -q --hard && git clean -qfd

# Fences: ours is longer than any in the diff, and stands outside of theirs.
exits 0 raid-replica -- sh -c 'printf "\`\`\`\nopen"; printf "\`\`\`\`\n" >f.md'
is 'an open fence is closed, ours is longer' \
    "$(sed -n '3p;4p;$p' "$out" | tr '\n' ,)" '```,`````diff,`````,'

# What git ignores in the repository, by its own exclude file too.
echo '*.mine' >>.git/info/exclude
exits 0 raid-replica -- touch a.mine a.o
is 'info/exclude counts' "$(cat "$out")" ''

# Base and attached files.
old=$(git rev-parse HEAD~1)
exits 0 raid-replica --base "$old" -- ls
is '--base' "$(cat "$out")" hello.sh
exits 66 raid-replica --base nosuch -- ls
mkdir "$T/att" && mkdir "$T/att/sub" && echo mine >"$T/att/sub/x" &&
    echo y >"$T/att/y"
cd "$T/att" || exit 1
RAID_ROOT=$T/r RAID_BASE=$old RAID_FILES=$(printf 'sub/x\ny\n')
export RAID_ROOT RAID_BASE RAID_FILES
exits 0 raid-replica -- sh -c 'cat sub/x y; pwd; echo more >>sub/x'
is 'attached files lie over the base' "$(sed -n '1,3p' "$out" | tr '\n' ,)" \
    "mine,y,$T/r,"
like 'and are no change' "$(cat "$out")" '^ mine$'
unlike 'but what is done to them' "$(cat "$out")" '^\+(mine|y)$'
RAID_FILES=../y
exits 77 raid-replica -- true
unset RAID_ROOT RAID_BASE RAID_FILES
cd "$T/r/sub" || exit 1
exits 0 raid-replica -- pwd
is 'a subfolder is kept' "$(cat "$out")" "$T/r/sub"
cd "$T/r" || exit 1

# Standard input, environment, mounts.
is 'standard input is passed on' "$(echo in | raid-replica -- cat)" in
# shellcheck disable=SC2016
is 'no key gets in' "$(XAI_API_KEY=k AWS_SECRET=s raid-replica -- env |
    grep -cE 'KEY|SECRET')" 0
# shellcheck disable=SC2016
is 'unless it is named' "$(XAI_API_KEY=k raid-replica --env XAI_API_KEY \
    -- sh -c 'echo $XAI_API_KEY')" k
mkdir "$HOME/tools" && echo t >"$HOME/tools/t" && chmod 755 "$HOME" "$T"
# shellcheck disable=SC2016,SC2088
is 'a mount' "$(raid-replica --mount '~/tools' -- sh -c 'cat ~/tools/t')" t
mkdir local && echo l >local/l
is 'a mount from the repository' "$(raid-replica --mount local -- cat local/l)" l
rm -r local
exits 66 raid-replica --mount /no/such -- true

# A linked worktree, other ends, --no-sandbox.
git worktree add -q "$T/w" -b w && cd "$T/w" || exit 1
is 'in a linked worktree' "$(raid-replica -- pwd)" "$T/w"
cd "$T/r" || exit 1
exits 64 raid-replica
exits 66 raid-replica -C / -- true
exits 127 raid-replica -- no-such-command
exits 75 raid-replica --timeout 0.3 -- sleep 30
# shellcheck disable=SC2016
exits 0 raid-replica --no-sandbox -- sh -c 'echo $PWD; echo a >>hello.sh'
unlike '--no-sandbox works in the copy too' "$(head -n 1 "$out")" "^$T/r\$"
is 'and leaves the repository alone' "$(git status --porcelain)" ''
export RAID_ACTOR=grok
exits 77 raid-replica --no-sandbox -- true
unset RAID_ACTOR

# Nothing stays behind, interrupted or not.
mkdir "$T/tmp" && export TMPDIR="$T/tmp"
: >"$out"
raid-replica -- sh -c 'echo on; mkdir -m 0 locked; exec sleep 30' >"$out" &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -s "$out" ] && break
	sleep 0.2
done
kill -TERM "$pid"; wait "$pid"
is 'interrupted: 130' $? 130
is 'no folder is left' "$(ls "$TMPDIR")" ''
# shellcheck disable=SC2016
raid-replica -- yes 2>"$err" | head -n 1 >/dev/null
is 'a closed pipe: no folder is left' "$(ls "$TMPDIR")" ''
# What kill -9 leaves is removed by the next one; what others hold is not.
: >"$out"
raid-replica -- sh -c 'echo on; exec sleep 30' >"$out" 2>"$err" &
pid=$!
while [ ! -s "$out" ]; do sleep 0.05; done
kill -9 "$pid"; wait "$pid" 2>/dev/null
is 'killed: it is left' "$(find "$TMPDIR" -name tree | wc -l)" 1
exits 0 raid-replica -- true
is 'the next one removes it' "$(ls "$TMPDIR")" ''
raid-replica -- sleep 0.5 & pid=$!
sleep 0.2
exits 0 raid-replica -- true
ok 'but none that lives' wait "$pid"
plan
