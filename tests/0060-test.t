#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-test: verdicts on patches and on the work tree.
. "${0%/*}/lib.sh"

# answer NAME FILE: from now on member NAME answers with FILE.
answer() { cp "$2" "$T/$1.answer"; }
# ask NAME...: tags of the patches that the members give.
ask() {
	to=
	for m_; do to="$to @$m_"; done
	# shellcheck disable=SC2086 # a list
	raid-post ${attach-} "$to mend it" | raid-broadcast | raid-patch
}
# echoes FILE TEXT: an answer that makes hello.sh say TEXT.
echoes() {
	printf 'So:\n\n```diff\n--- a/hello.sh\n+++ b/hello.sh\n@@ -1,2 +1,2 @@\n #!/bin/sh\n-echo hello\n+echo %s\n```\n' \
	    "$2" >"$1"
}

repo r && cd r || exit 1
if ! cause=$(raid-test -- true 2>&1); then
	plan_skip "no sandbox: $cause"
fi
printf '.PHONY: check\ncheck:\n\t@echo "hello.sh:2: looking"; sh hello.sh | grep -qx bye\n' >Makefile
git add . && git commit -qm 'a check that fails'
raid-init >/dev/null
printf '{"members": {%s}}\n' "$(for m in good bad none; do
	printf '%s"%s": {"provider": "exec", "command": ["cat", "%s"]}' \
	    "${sep-}" "$m" "$T/$m.answer"
	sep=,
done)" >.raid/array.json
printf '{"checks": []}\n' >.raid/checks.json
echoes "$T/a" bye; answer good "$T/a"
echoes "$T/a" ciao; answer bad "$T/a"
echo 'No idea.' >"$T/none.answer"

# One patch that passes, one that fails.
good=$(ask good) bad=$(ask bad)
exits 0 raid-test "$good"
v=$(cat "$out")
like 'a tag is printed' "$v" '^post_[0-9_]+$'
j=$(raid-show -j "$v")
like 'a verdict that passed' "$j" '"kind":"verdict".*"pass":true'
like 'in the sandbox' "$j" '"sandboxed":true'
like 'by the hands' "$j" '"author":"agent"'
like 'on the patch' "$j" "\"reply_to\":\"$good\""
like 'by the check of the Makefile' "$(raid-show "$v")" \
    '^passed: `make check` \(exit status 0'
exits 1 raid-test "$bad"
v=$(cat "$out")
like 'a failing one gets a verdict, too' "$v" '^post_[0-9_]+$'
like 'that says so' "$(raid-show -j "$v")" '"pass":false'
o=$(raid-show "$v")
like 'with the place' "$o" '^hello.sh:2: looking'
like 'and the last lines' "$o" '^make: \*\*\* .*check'
like 'it failed before' "$o" '^fails without the patch too'
exits 0 raid-test "$v" "$good"
is 'a verdict stands for its patch; one yes is enough' "$(wc -l <"$out")" 2
is 'in the order of the tags' "$(raid-show -j "$(head -n 1 "$out")" |
    grep -c '"pass":false')" 1
exits 1 raid-test --strict "$bad" "$good"
exits 0 raid-test --strict "$good"
is 'standard input' "$(echo "#$good" | raid-test | wc -l)" 1
raid-test </dev/null >"$out" 2>"$err"
is 'nothing on it is a quiet no' "$?$(cat "$out" "$err")" 1
exits 0 raid-test -j "$good"
like 'JSON lines' "$(cat "$out")" '^\{"type":"post".*"kind":"verdict"'
is 'the repository stays' "$(git status --porcelain)" ''

# A command instead of the checks; a base that is fine.
exits 0 raid-test "$bad" -- sh hello.sh
exits 1 raid-test "$bad" -- sh -c 'sh hello.sh | grep hello'
unlike 'the base passed: not blamed' "$(raid-show "$(cat "$out")")" \
    'without the patch'
v=$(printf '%s\n%s\n' "$bad" "$good" | raid-test - -- true)
is 'tags through a pipe' "$(echo "$v" | wc -l)" 2
# shellcheck disable=SC2016
exits 1 raid-test "$good" -- sh -c 'printf "a\0b\033[31mred\033[0m \377 @good #x\n\`\`\`\n"; exit 1'
j=$(raid-show -j "$(cat "$out")")
like 'any output gives a body' "$j" 'abred \? @good'
like 'that addresses nobody' "$j" '"mentions":\[\],"hashtags":\[\]'

# Several at once; the first that passes.
exits 0 raid-test -P 3 "$bad" "$good" "$good" "$bad"
is '-P: all in order' "$(while read -r t; do raid-show -j "$t" |
    sed -n 's/.*"pass":\([a-z]*\),"checks.*/\1/p'; done <"$out" |
    tr '\n' ' ')" 'false true true false '
exits 0 raid-test --first "$bad" "$good" "$bad"
is '--first stops there' "$(wc -l <"$out")" 2
s=$(date +%s)
raid-test -P 4 "$bad" "$good" "$good" "$bad" -- sleep 2 >/dev/null
is '-P runs them at once' "$(($(date +%s) - s < 7))" 1

# The base is judged once for all, and with what an earlier check made.
cp .raid/checks.json "$T/checks"
mkdir -m 777 "$T/count"
cat >.raid/checks.json <<END
{"checks": [{"command": ["sh", "-c", "echo bye >made"]},
  {"command": ["sh", "-c", "echo x >>$T/count/\$\$-\$(date +%s%N)
    sh hello.sh | diff - made"]}]}
END
tr '\n' ' ' <.raid/checks.json >"$T/line" && cp "$T/line" .raid/checks.json
raid-test --mount "$T/count:rw" "$bad" "$bad" "$bad" >"$out"
is 'the base runs once' "$(find "$T/count" -type f | wc -l)" 4
is 'and is blamed each time' "$(xargs raid-show <"$out" |
    grep -c '^fails without the patch too')" 3
cat >.raid/checks.json <<'END'
{"checks": [{"command": ["sh", "-c", "echo hello >made"]},
  {"command": ["sh", "-c", "sh hello.sh | diff - made"]}]}
END
raid-test "$bad" >"$out"
is 'a check needs the ones before it on the base, too' "$(xargs raid-show \
    <"$out" | grep -c '^fails without')" 0
cp "$T/checks" .raid/checks.json

# What cannot be told.
exits 78 raid-test "$good" -- no-such-command
is 'no verdict then' "$(cat "$out")" ''
like 'but the reason' "$(cat "$err")" 'no-such-command'
exits 65 raid-test "$(raid-post 'just talk')"
like 'what to do' "$(cat "$err")" 'raid-patch post_'
exits 66 raid-test post_17
exits 64 raid-test --
exits 64 raid-test -P 0 "$good"
export RAID_ACTOR=good
exits 77 raid-test --no-sandbox "$good" -- true
exits 0 raid-test "$good" -- true
unset RAID_ACTOR
exits 0 raid-test --no-sandbox "$good" -- true
like 'without a sandbox: it is said' "$(raid-show -j "$(cat "$out")")" \
    '"sandboxed":false'
mkdir -p "$HOME/.config/raid" &&
    echo '{"sandbox": "off"}' >"$HOME/.config/raid/policy.json"
exits 0 raid-test "$good" -- true
like 'off for the host' "$(raid-show -j "$(cat "$out")")" '"sandboxed":false'
rm "$HOME/.config/raid/policy.json"
cp .raid/policy.json "$T/policy" && echo '{"test": "deny"}' >.raid/policy.json
exits 77 raid-test "$good"
cp "$T/policy" .raid/policy.json

# checks.json: beside the work tree, in the base, not out of a patch.
cat >.raid/checks.json <<'END'
{"checks": [{"command": ["sh", "hello.sh"]},
    {"name": "two", "command": ["false"], "timeout": "5s"}]}
END
exits 1 raid-test "$good"
o=$(raid-show "$(cat "$out")")
like 'all checks are run' "$o" '^passed: `sh hello.sh`'
like 'each has its say' "$o" '^failed: `false`'
echo '{"checks": [{"command": []}]}' >.raid/checks.json
exits 78 raid-test "$good"
cp "$HOME/.config/raid/trusted" "$T/trusted" && : >"$HOME/.config/raid/trusted"
exits 77 raid-test "$good"
like 'untrusted: the command that helps' "$(cat "$err")" 'raid-init --trust'
cp "$T/trusted" "$HOME/.config/raid/trusted"
echo '{"checks": []}' >.raid/checks.json
printf 'Better:\n\n```diff\n--- a/Makefile\n+++ b/Makefile\n@@ -1,3 +1,3 @@\n .PHONY: check\n check:\n-\t@echo "hello.sh:2: looking"; sh hello.sh | grep -qx bye\n+\ttrue\n```\n' \
    >"$T/bad.answer"
make_=$(ask bad)
git mv Makefile make.txt && git commit -qm 'no check any more'
exits 78 raid-test --head "$good"
like 'no checks is never a pass' "$(cat "$err")" 'no checks.*checks\.json'
exits 0 raid-test "$make_"

# Nor does a patch choose the checks of the next one.
for f in .raid/checks.json .RAID/policy.json .raid; do
	printf '```diff\n--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+{}\n```\n' \
	    "$f" >"$T/a"
	raid-patch - <"$T/a" >"$out" 2>"$err"
	is "a patch may not touch $f" "$? $(grep -c "a person's" "$err")" '77 1'
done

# --head, and attached files.
echo 'echo more' >>hello.sh && git commit -qam 'more'
exits 0 raid-test --head "$good" -- sh -c 'sh hello.sh | grep more'
exits 1 raid-test "$good" -- sh -c 'sh hello.sh | grep more'
sed -i 's/echo hello/echo hallo/' hello.sh && git commit -qam 'changed there'
exits 1 raid-test --head "$good" -- true
like 'a patch that does not apply' "$(cat "$err")" 'hello\.sh'
printf '#!/bin/sh\necho hello\n' >hello.sh; echo data >extra
attach='-f hello.sh -f extra' dirty=$(attach='-f hello.sh -f extra' ask good)
exits 0 raid-test "$dirty" -- sh -c 'cat extra && sh hello.sh | grep bye'

# The work tree as it is, without a journal.
cd "$T" && repo w && cd w || exit 1
echo 'exit 4' >>hello.sh; echo new >untracked; echo '*.o' >.gitignore; : >x.o
exits 0 raid-test -- sh -c '[ -f untracked ] && [ ! -e x.o ] && git status'
exits 1 raid-test -- sh hello.sh
like 'the digest is printed' "$(cat "$out")" '^failed: .*exit status 4'
cat >loud.sh <<'END'
i=0
while [ $i -lt 30 ]; do
	i=$((i + 1))
	echo $i
	[ $i != 3 ] || { echo 'a.c:1:2: error: bad'; echo 'not ok 1 - half'; }
done
echo 'a.c:1:2: error: bad'
echo 1..1
exit 2
END
exits 1 raid-test -- sh loud.sh
o=$(cat "$out")
like 'counts of tools' "$o" '^gcc: 1 error$'
like 'and of tests' "$o" '^TAP: 1 failed$'
like 'errors are told once' "$o" '^a\.c:1:2: error: bad \(2 times\)$'
like 'tests have their names' "$o" '^failed: half$'
printf '1..1\nok 1\na.c:1:2: warning: odd\n' >said
exits 0 raid-test -- cat said
is 'of a pass the counts' "$(sed 1d "$out" | tr '\n' ' ')" \
    '``` gcc: 1 warning TAP: 1 passed ``` '
rm loud.sh said
exits 78 raid-test --tree
exits 78 raid-test -- no-such-command
exits 0 raid-test -j -- true
like 'as JSON' "$(cat "$out")" '^\{"type":"verdict","v":1,.*"pass":true'
exits 1 raid-test --timeout 0.3 -- sleep 20
is 'nothing is left in the work tree' "$(git status --porcelain | tr '\n' ,)" \
    ' M hello.sh,?? .gitignore,?? untracked,'
mkdir sub && cd sub && echo s >s || exit 1
is 'in the folder where it is called' "$(raid-test -- cat s | head -n 1 |
    cut -c 1-6)" passed
cd "$T" && git init -q unborn && cd unborn && echo a >a || exit 1
exits 0 raid-test -- cat a
cd "$T" && mkdir none && cd none || exit 1
exits 66 raid-test -- true

# Interrupted: no verdict, nothing left behind.
cd "$T/r" && mkdir "$T/tmp" && n=$(raid-show -j | wc -l) || exit 1
TMPDIR=$T/tmp raid-test "$good" -- sleep 30 >"$out" 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -n "$(find "$T/tmp" -name tree)" ] && break
	sleep 0.2
done
kill -TERM "$pid"; wait "$pid"
is 'terminated: 143' "$?" 143
is 'no folder is left' "$(ls "$T/tmp")" ''
is 'no verdict is left' "$(raid-show -j | wc -l)" "$n"
plan
