#!/bin/sh
# SPDX-License-Identifier: ISC
# What bodies and operands mean: the examples of raid-tags(7), line by line.
. "${0%/*}/lib.sh"

# block N: the nth literal block, as a reader sees it.
block() {
	awk -v n="$1" '/^\.Ed/ { inside = 0 }
	inside && k == n { gsub(/\\e/, "\\"); print }
	/^\.Bd -literal/ { inside = 1; k++ }' "$SRC/man/raid-tags.7"
}
# A list of a JSON line as words, each with a sign before it.
list() { # KEY SIGN
	sed -n "s/.*\"$1\":\[\([^]]*\)\].*/\1/p" "$out" | tr -d '"' |
	    tr , '\n' | sed "/./!d; s/^/$2/"
}

export RAID_JOURNAL="$T/journal"
exits 0 raid-init
block 1 >rows
# The page is plain ASCII; names and words are not.
cat >>rows <<'END'
@Лео привет                           @лео
@Грок, @грок                          @грок
«@Ёж», (@Straße) @李雷。               @strasse @ёж @李雷
#План_1 #2025-й #日本                 #план_1 #日本
END
ok 'the page has rows' test "$(wc -l <rows)" -ge 10
while IFS= read -r row; do
	body=${row%%   *} want=$(printf '%s\n' "${row##*   }" | sed 's/^ *//')
	printf '%b' "$body" | raid-post -j >"$out" 2>"$err"
	got=$({ list mentions @; list hashtags '#'; list refs '' |
	    sed 's/^post_/#ref_/'; } | tr '\n' ' ' | sed 's/ $//')
	is "$body" "${got:-nothing}" "$want"
done <rows

# The same, with nothing stored and no journal at all; commands.
n=$(raid-show | grep -c '^#')
while IFS= read -r row; do
	body=${row%%   *} want=$(printf '%s\n' "${row##*   }" | sed 's/^ *//')
	got=$(printf '%b' "$body" | RAID_JOURNAL=/nowhere raid-post -n |
	    sed -n 's/^mention /@/p; s/^hashtag /#/p; s/^ref post_/#ref_/p' |
	    LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')
	is "-n: $body" "${got:-nothing}" \
	    "$(echo "$want" | tr ' ' '\n' | LC_ALL=C sort | tr '\n' ' ' |
	    sed 's/ $//')"
done <rows
block 2 >rows
ok 'the page has commands' test "$(wc -l <rows)" -ge 6
while IFS= read -r row; do
	body=${row%%   *} want=$(printf '%s\n' "${row##*   }" | sed 's/^ *//')
	got=$(printf '%b' "$body" | RAID_JOURNAL=/nowhere raid-post -n |
	    grep -vE '^(mention|hashtag|ref) ' | sed 's/$/, /' | tr -d '\n')
	got=${got%, }
	is "command: $body" "${got:-nothing}" "$want"
done <rows
is 'nothing was stored' "$(raid-show | grep -c '^#')" "$n"
parse() { raid-post -n -j "$@"; }
is 'as JSON' "$(parse -t More '@agent code improvement #2025-07-12 file_id=51
[vibe: оптимизировать adjust_to_monday] #ref_7')" \
    '{"type":"parse","v":1,"refs":["post_7"],"mentions":["agent"],"hashtags":["2025-07-12","more"],"command":{"verb":"code","subverb":"improvement","metadata":["2025-07-12"],"keys":{"file_id":"51"},"payload":"vibe: оптимизировать adjust_to_monday","rest":"#ref_7"}}'
is 'no command' "$(parse 'hello')" \
    '{"type":"parse","v":1,"refs":[],"mentions":[],"hashtags":[],"command":null}'
is 'from standard input' "$(printf '@agent x\n~~~\n#include\n\n~~~~\n' | parse |
    sed 's/.*"command"://')" \
    '{"verb":"x","subverb":null,"metadata":[],"keys":{},"payload":"#include\n\n","rest":""}}'
exits 65 raid-post -n ' '
exits 64 raid-post -n --nonsense
exits 0 raid-post -n 'nothing to say'
is 'it says nothing' "$(cat "$out")" ''

# A reference to what comes later is resolved when it is there.
export RAID_JOURNAL="$T/third"
exits 0 raid-init
RAID_NOW=1720860000 raid-post 'see #ref_1720869999' >>posts
is 'kept' "$(raid-show -j last | sed 's/.*"refs":\[\([^]]*\).*/\1/')" \
    '"post_1720869999"'
RAID_NOW=1720869999 raid-post 'here it is' >>posts
like 'resolved' "$(raid-context -m shellcheck post_1720869999)" 'here it is'

export RAID_JOURNAL="$T/other"
exits 0 raid-init
for who in '1720857600 dev' '1720857600 grok' '1720857605 dev'; do
	RAID_NOW=${who% *} raid-post -a "${who#* }" hello >>posts
done
block 3 >rows
ok 'the page has operands' test "$(wc -l <rows)" -ge 8
while read -r operand want; do
	raid-show -j "$operand" >"$out" 2>"$err"
	is "$operand" "$(sed -n 's/.*"tag":"\([^"]*\)".*/\1/p' "$out")" "$want"
	printf ' %s\t\r\n' "$operand" | raid-show -j - >"$T/in" 2>"$err"
	ok "$operand from standard input" cmp "$out" "$T/in"
done <rows
raid-show -j last | raid-show - >"$out"
like 'a JSON line is its tag' "$(cat "$out")" '^#post_1720857605  dev'
RAID_NOW=1720857610 raid-post hello >>posts
exits 64 raid-show 0
like 'the newest of those that end so' "$(cat "$err")" 'post_1720857610 is'
exits 0 raid-show nothing _2
exits 66 raid-show 9999
exits 65 raid-show 'post_'
exits 1 raid-show - </dev/null

# Names that a member may not have, in any case.
for name in all All DEV agent 'a b' grok.; do
	printf '{"members": {"%s": {"provider": "exec", "command": ["true"]}}}' \
	    "$name" >.raid/array.json
	mkdir -p "$HOME/.config/raid"
	(cd .raid && pwd -P) >"$HOME/.config/raid/trusted"
	exits 78 raid-context -m x last
done

# Whose files and whose commit a reply stands on.
unset RAID_JOURNAL
git init -q w && cd w || exit 1
exits 0 raid-init
raid-post 'before the first commit' >/dev/null
echo one >f && git add f && git commit -q -m one
first=$(git rev-parse HEAD)
# What a member of this array says is the base it is given.
printf '{"members": {"m": {"provider": "exec", "command": ["sh", "-c",
    "echo $RAID_BASE $RAID_FILES"]}}}' >.raid/array.json
base() { raid-broadcast -m m "$1" | raid-show - | tail -n 1; }
raid-post -r last 'now there is one' >/dev/null
is 'a commit of its own' "$(base last)" "$first"
raid-post -f f 'look at f' >/dev/null
git commit -q --allow-empty -m two
second=$(git rev-parse HEAD)
raid-post -r last 'and again' >/dev/null
is 'the files of the question, over its commit' "$(base last)" "$first f"
raid-post -r last~2 'a new round' >/dev/null
raid-post -f f 'anew' >/dev/null
is 'files and a commit of its own' "$(base last)" "$second f"
cd "$T" || exit 1
exits 0 raid-post -C w -f f 'from elsewhere'
exits 0 raid-post -C w -f "$T/w/f" 'by its whole path'
is 'nothing to warn of' "$(cat "$err")" ''
exits 0 raid-post -C w look -f f
like 'an option that came too late' "$(cat "$err")" "'-f' .* is text"

# A project outside of git, begun from nothing.
rm -r .raid && mkdir p && cd p || exit 1
exits 0 raid-init
ok 'with a configuration' test -s .raid/array.json -a -s .raid/policy.json
is 'and a journal in it' "$(raid-init -p)" "$T/p/.raid/journal.db"
exits 0 raid-init
exits 1 raid-broadcast "$(raid-post hello)"
plan
