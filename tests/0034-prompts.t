#!/bin/sh
# SPDX-License-Identifier: ISC
# What members are told: the example of an edit is one, the grammar is that of
# posts, each role has its prompt, and none is long.
. "${0%/*}/lib.sh"
P=$SRC/lib/array/prompts

# --- the example in common.txt is accepted as it stands
git init -q r && cd r && mkdir src || exit 1
# Its file, told from the prompt by its lines that stay or go.
example() { sed -n '/^```diff$/,/^```$/p' "$P/common.txt"; }
is 'there is one example' "$(grep -c '^```diff$' "$P/common.txt")" 1
{ echo '#!/bin/sh'; example | sed -n 's/^[ -]//p' | sed '/^-- a\//d'; echo exit 0; } \
    >src/backup.sh
is 'the old file is what it seems' "$(sed -n '4,6p' src/backup.sh)" \
    "$(printf 'for file in "$@"; do\n\tcp $file $file.bak\ndone')"
git add . && git commit -q -m begin
raid-patch - <"$P/common.txt" >diff 2>"$err"
is 'raid-patch takes the whole prompt for an answer' "$? $(cat "$err")" '0 '
ok 'git does, too' git apply --check diff
raid-patch -w - <"$P/common.txt" >"$out" 2>"$err"
is 'and writes it' "$(sed -n '4,$p' src/backup.sh)" "$(printf \
    'for file in "$@"; do\n\t[ -f "$file" ] || continue\n\tcp "$file" "$file.bak"\ndone\nexit 0')"
ok 'the example is sound itself' sh -n src/backup.sh

# --- one for each role that is documented, and no other
roles=$(cd "$P" && ls | sed 's/\.txt$//' | grep -vx common | sort)
is 'the roles of raid-array(5)' "$(sed -n \
    '/^These roles come with raid:/,/\.$/p' "$SRC/man/raid-array.5" |
    sed 's/^These.*://' | tr -d ' .' | tr , '\n' | sed '/^$/d' | sort)" "$roles"
for r in $roles; do
	like "$r says who it is" "$(sed -n 1p "$P/$r.txt")" "^Your role is (the )?$r: "
	raid-patch - <"$P/$r.txt" >"$out" 2>"$err"
	is "$r holds no edit" "$?" 1
	ok "$r is short" test "$(wc -c <"$P/$r.txt")" -le 800
done
ok 'so is what all are told' test "$(wc -c <"$P/common.txt")" -le 2600
is 'lines fit a terminal' "$(awk 'length > 79' "$P"/*.txt)" ''

# --- what they say of posts is so
raid-init >"$out" || exit 1
word() { grep -oE "$1" "$P/common.txt" | sed -n 1p; }
q=$(RAID_NOW=1720857600 raid-post 'a question')
is 'the tag is one' "$(word '#post_[0-9]+')" "#$q"
raid-post -a x "as $(word '#ref_[0-9]+') says, $(word '@dev') may" >"$out"
like 'a reference' "$(raid-show -j last)" "\"refs\":\\[\"$q\"\\]"
like 'a mention' "$(raid-show -j last)" '"mentions":\["dev"\]'
cat >.raid/array.json <<'X'
{"members": {"quiet": {"provider": "exec", "role": "security",
    "command": ["sh", "-c", "cat >seen; tail -n 1 seen >&2; echo '#silent'"]}}}
X
exits 1 raid-broadcast -m quiet "$q"
is '#silent is silence, and nothing in the prompts is masked' "$(cat "$err")" \
    'raid-broadcast: quiet: silent'
for r in $roles; do
	sed -i "s/\"role\": \"[a-z]*\"/\"role\": \"$r\"/" .raid/array.json
	raid-context -m quiet "$q" >c 2>"$err"
	is "$r is told the same, wherever it is" \
	    "$(cat "$err"; head -c "$(wc -c <"$P/common.txt")" c)" \
	    "$(cat "$P/common.txt")"
	like "and its own" "$(cat c)" "^$(sed -n 1p "$P/$r.txt" | cut -c1-25)"
done
plan
