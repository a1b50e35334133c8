#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-fix: a command fails, members answer, the command judges.
. "${0%/*}/lib.sh"
# shellcheck source=members.sh
. "$SRC/tests/members.sh"

repo r && cd r || exit 1
raid-init >/dev/null
# The fault: sum.sh adds wrongly; check.sh shows it.
cat >sum.sh <<'END'
#!/bin/sh
echo $(($1 - $2))
END
cat >check.sh <<'END'
#!/bin/sh
got=$(sh sum.sh 2 3)
[ "$got" = 5 ] || { echo "sum.sh: FAIL: 2 and 3 give $got"; exit 1; }
echo 'sum.sh: ok'
END
git add . && git commit -q -m 'add sum.sh'

member good "$(answer sum.sh 's/-/+/')"
member bad "$(answer sum.sh 's/-/*/')"
member mute ''
member talker 'echo "You should add, not subtract."'
member broken 'exit 3'
# This one learns: its second answer is right.
member learner "if [ -e '$T/asked' ]; then
$(answer sum.sh 's/-/+/')
else
touch '$T/asked'
$(answer sum.sh 's/-/%/')
fi"
members good bad mute talker broken learner

need_sandbox

exits 0 raid-fix -- sh -c 'echo fine'
like 'a command that passes: that is all' "$(cat "$err")" 'passes: sh -c'
is 'nothing is posted' "$(raid-show)" ''

exits 0 raid-fix -m good -- sh check.sh
like 'the diff is printed' "$(cat "$out")" '^\+echo \$\(\(\$1 \+ \$2\)\)$'
like 'the output of the command is shown' "$(cat "$err")" 'FAIL: 2 and 3'
is 'the patch is in the work tree' "$(sh sum.sh 2 3)" 5
is 'and in no commit' "$(git status --short)" ' M sum.sh'
like 'the question names the command' "$(raid-show -a dev)" \
    '^\$ sh check\.sh$'
like 'and has the output' "$(raid-show -a dev)" 'FAIL: 2 and 3 give -1'
q=$(raid-show -j -a dev)
like 'what the output names is attached' "$q" '"path":"sum\.sh"'
like 'what the command names too' "$q" '"path":"check\.sh"'
unlike 'nothing else is' "$q" '"path":"hello\.sh"'
git checkout -q sum.sh

# All members: the bad and the mute do not stand in the way.
exits 0 raid-fix -- sh check.sh
is 'all: mended' "$(sh sum.sh 2 3)" 5
git checkout -q sum.sh

# A failing verdict goes back to its author, who then does better.
rm -f "$T/asked"
exits 0 raid-fix -m learner -- sh check.sh
is 'the second try: mended' "$(sh sum.sh 2 3)" 5
like 'the verdict went back' "$(raid-show)" '^@learner .*does not pass'
git checkout -q sum.sh
rm "$T/asked"
exits 1 raid-fix -m learner -l 1 -- sh check.sh
is 'one try: not mended' "$(sh sum.sh 2 3)" -1

# So do edits that cannot be placed.
rm -f "$T/asked"
member loser "if [ -e '$T/asked' ]; then
$(answer sum.sh 's/-/+/')
else
touch '$T/asked'
$(answer sum.sh 's/-/%/' | sed 's/^diff .*/& | sed "s,echo,print,"/')
fi"
members good bad mute talker broken learner loser
exits 0 raid-fix -m loser -- sh check.sh
is 'placed at the second try: mended' "$(sh sum.sh 2 3)" 5
like 'the refusal went back' "$(raid-show)" '^@loser these edits cannot be placed'
like 'and why' "$(raid-show -a dev -l 1)" '^post_.*sum\.sh'
git checkout -q sum.sh

# Nobody can: the lead hears of it.
exits 1 raid-fix -m bad -- sh check.sh
is 'the work tree is as it was' "$(git status --short)" ''
is 'no output' "$(cat "$out")" ''
like 'the lead is told' "$(raid-show last)" '^@dev escalate: '
like 'the same diff is not tried again' "$(cat "$err")" 'the same diff'
exits 1 raid-fix -m talker -- sh check.sh
exits 1 raid-fix -m mute -- sh check.sh
exits 69 raid-fix -m broken -- sh check.sh

# What is not committed is the ground that the patch stands on.
mv sum.sh other.sh
git checkout -q sum.sh
sed -i 's/-/+/' sum.sh
sed 's/sum/other/g' check.sh >'check 2.sh'
member other "$(answer other.sh 's/-/+/')"
members other
cp 'check 2.sh' "$T/saved"
exits 0 raid-fix -- sh 'check 2.sh'
is 'an untracked file is mended' "$(sh other.sh 2 3)" 5
ok 'what is dirty stays' cmp -s "$T/saved" 'check 2.sh'
is 'and is not committed' "$(git status --short | tr '\n' ' ')" \
    ' M sum.sh ?? "check 2.sh" ?? other.sh '
like 'all of it was attached' "$(raid-show -j -l 6)" '"path":"check 2\.sh"'
rm -f 'check 2.sh' other.sh
git checkout -q sum.sh

# From a subfolder the command runs in that folder, here and in the sandbox.
mkdir sub
printf 'cd .. && exec sh check.sh\n' >sub/up.sh
git add sub && git commit -q -m 'a subfolder'
members good
(cd sub && exits 0 raid-fix -- sh up.sh; exit $((got_ != 0)))
rc=$?
n_=$((n_ + 1))
is 'from a subfolder: mended' "$rc $(sh sum.sh 2 3)" '0 5'
git checkout -q sum.sh

# Nothing is left behind, whatever ends it.
mkdir "$T/tmp"
export TMPDIR="$T/tmp"
long=20.0$$
exits 74 sh -c 'raid-fix -m good -- sh check.sh >/dev/full'
git checkout -q sum.sh
exits 1 raid-fix -m bad -- sh check.sh
exits 130 timeout --preserve-status -s INT 0.5 raid-fix -- sleep "$long"
exits 143 timeout --preserve-status -s TERM 0.5 raid-fix -- sleep "$long"
member sleeper "sleep $long"
members sleeper good
exits 130 timeout --preserve-status -s INT 1 \
    raid-fix -m sleeper -- sh check.sh
is 'no file is left' "$(ls "$TMPDIR")" ''
sleep 0.2
is 'no process is left' "$(cat /proc/[0-9]*/cmdline 2>/dev/null |
    tr '\0' ' ' | grep -c "slee[p] $long")" 0
is 'the work tree is as it was' "$(git status --short)" ''
unset TMPDIR

# --commit: under the member's name.
exits 0 raid-fix --commit -y -- sh check.sh
is 'committed' "$(git log -1 --format=%an) $(git status --short)" 'good '

exits 64 raid-fix
exits 64 raid-fix -l 0 -- true
exits 64 raid-fix -l x -- true
exits 64 raid-fix -q -- true
exits 78 raid-fix -- no-such-command
like 'it is named' "$(cat "$err")" 'no-such-command: no such command'
# A journal by a relative path, from a subfolder.
members good
exits 0 raid-init -J sub/other.db
git reset -q --hard HEAD~1
(cd sub && raid-fix -J other.db -m good -- sh up.sh >"$out" 2>"$err")
is 'a journal elsewhere' "$? $(sh sum.sh 2 3)" '0 5'
like 'has the talk' "$(raid-show -J sub/other.db)" 'please fix|Please fix'
git checkout -q sum.sh
# What the command starts and cannot find is a failure like any other.
members good mute
exits 1 raid-fix -m mute -- sh -c no-such-command
git init -q "$T/foreign"
if [ "$(id -u)" = 0 ]; then
	chown -R 65534 "$T/foreign"
	(cd "$T/foreign" && raid-fix -- false >"$out" 2>"$err")
	is 'a foreign repository' $? 66
	like 'what helps is said' "$(cat "$err")" 'safe\.directory'
else
	skip 'a foreign repository' 'only root can make one'
fi
exits 66 raid-fix -J /nonexistent/journal -- false
mkdir "$T/bare" && cd "$T/bare" || exit 1
exits 66 raid-fix -- false
exits 74 sh -c 'raid-fix --help >/dev/full'
exits 0 raid-fix --version
like 'its own name' "$(cat "$out")" '^raid-fix [0-9]'
plan
