#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-broadcast among members: spares, enough answers, rounds, critics,
# stripes, a reader that goes away.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
export M="$T" XDG_STATE_HOME="$T/state"
cat >"$T/member" <<'X'
#!/bin/sh
cat >"$M/context.$RAID_MEMBER"
echo "$RAID_MEMBER $RAID_ROLE" >>"$M/asked"
case $RAID_MEMBER in
fast | fast2 | fast3) echo "$RAID_MEMBER says hello" ;;
slow) sleep 0.7; echo "slow says hello" ;;
endless) echo 'it begins'; exec sleep 60 ;;
broken) echo 'no good' >&2; exit 3 ;;
mute) ;;
starter) echo 'what do @fast and @starter and @all say?' ;;
ping) echo 'now @pong' ;;
pong) echo 'now @ping and @slow' ;;
doubt*) echo 'The loop in line 12 reads one byte past the end of buf, which'
	echo "crashes when the file is empty. ($RAID_MEMBER)" ;;
other) echo 'Nothing here checks whether the disk is full.' ;;
esac
X
chmod +x "$T/member"
# array NAME[:JSON]...: .raid/array.json with these members.
array() {
	{
		echo '{"members": {'
		comma=
		for m_; do
			echo "$comma \"${m_%%:*}\": {\"provider\": \"exec\","
			echo "\"command\": [\"$T/member\"], \"local\": true"
			case $m_ in *:*) echo ", ${m_#*:}" ;; esac
			echo '}'
			comma=,
		done
		echo "}$rest}"
	} >.raid/array.json
}
rest=
asked() { sort "$T/asked" | tr -s ' \n' ','; }
reset() { : >"$T/asked"; }

# --- spares
reset
array 'broken:"spares":["nobody","fast"]' fast fast2
q=$(raid-post '@broken well?')
exits 0 raid-broadcast "$q"
is 'the spare answers' "$(raid-show -j "$(cat "$out")" | grep -c \
    '"author":"fast".*"spare_for":"broken"')" 1
like 'and why' "$(cat "$err")" \
    '^raid-broadcast: broken: exit status 3: no good; fast answered instead$'
is 'one line' "$(wc -l <"$err")" 1
exits 0 raid-broadcast "$q"
is 'who has answered is not asked again' "$(grep -c fast "$T/asked")" 1
exits 69 raid-broadcast --again --no-spare "$q"
unlike '--no-spare' "$(cat "$err")" instead
reset
q=$(raid-post '@broken @fast well?')
exits 0 raid-broadcast "$q"
is 'a spare that was asked already is not asked twice' "$(asked)" 'broken,fast,'
rest=', "fallback": ["broken", "fast2"]'
array broken fast2
exits 0 raid-broadcast "$(raid-post '@broken well?')"
like 'the last spare of all' "$(cat "$err")" 'fast2 answered instead$'
rest=
array 'broken:"spares":["mute"]' mute
exits 1 raid-broadcast "$(raid-post '@broken well?')"
like 'none answers' "$(cat "$err")" 'broken: .*; no spare answered$'

# --- enough
array slow endless
start=$(date +%s)
q=$(raid-post '@all well?')
exits 0 raid-broadcast --first "$q"
ok 'the rest is stopped' test $(($(date +%s) - start)) -lt 30
is 'what came of it is kept' "$(raid-show -a endless -j | grep \
    "\"reply_to\":\"$q\"" | grep -c '"status":"interrupted".*it begins')" 1
array fast fast2 fast3 endless
q=$(raid-post '@all well?')
exits 0 raid-broadcast --quorum 3 "$q"
ok 'three or more' test "$(wc -l <"$out")" -ge 3
array fast mute
exits 69 raid-broadcast --quorum 2 "$(raid-post '@all well?')"
like 'too few' "$(cat "$err")" ': 1 of 2 answers that were wanted$'
exits 64 raid-broadcast --first --quorum 2 last
exits 64 raid-broadcast --quorum 0 last
array fast endless
q=$(raid-post '@all well?')
exits 0 raid-broadcast --deadline 2 "$q"
like 'a deadline' "$(cat "$err")" 'endless: interrupted: .*what came is post_'

# --- rounds
array fast starter slow
reset
exits 0 raid-broadcast "$(raid-post '@starter go')"
is 'no round without' "$(asked)" 'starter,'
reset
exits 0 raid-broadcast --rounds 2 "$(raid-post '@starter go')"
is 'whom the answer mentions, not all' "$(asked)" 'fast,starter,'
is 'both tags' "$(wc -l <"$out")" 2
is 'it answers the answer' "$(raid-show -j "$(tail -n 1 "$out")" |
    grep -c "\"reply_to\":\"$(head -n 1 "$out")\"")" 1
array ping pong slow
reset
exits 0 raid-broadcast --rounds 5 "$(raid-post '@ping go')"
is 'each once in a talk' "$(asked)" 'ping,pong,slow,'
reset
exits 0 raid-broadcast --rounds 1 "$(raid-post '@ping go')"
is 'no more rounds than that' "$(asked)" 'ping,pong,'
rest=', "limits": {"rounds": 2}'
array ping pong slow
reset
exits 0 raid-broadcast "$(raid-post '@ping go')"
is 'as the array has it' "$(asked)" 'ping,pong,slow,'
exits 64 raid-broadcast --rounds 6 last
rest=

# --- critics
array fast doubt1 doubt2 doubt3 other mute
reset
q=$(raid-post '@fast what about this? #critics_allowed')
exits 0 raid-broadcast "$q"
is 'all others are critics' "$(grep -c ' critic$' "$T/asked")" 5
is 'a doubt is told once' "$(wc -l <"$out")" 3
like 'and counted' "$(cat "$err")" \
    '^raid-broadcast: 2 doubts repeated what was said, and were dropped$'
is 'their calls say whom they repeat' "$(sql "$j" "SELECT count(*) FROM call_end
    WHERE status = 'silent' AND reason LIKE 'repeats post_%'")" 2

# What was said in the thread is no news either; elsewhere it may be.
array fast doubt1
q=$(raid-post '@fast what about that? #critics_allowed')
exits 0 raid-broadcast "$q"
is 'another thread' "$(wc -l <"$out")" 2
q=$(raid-post -r "$q" '@fast and now? #critics_allowed')
exits 0 raid-broadcast "$q"
is 'the same one' "$(wc -l <"$out")" 1
like 'one' "$(cat "$err")" '1 doubt repeated what was said, and was dropped$'

# --- stripe
array fast fast2 fast3 'broken'
reset
i=0
while [ $i -lt 12 ]; do
	i=$((i + 1))
	raid-post "question $i"
done >tags
exits 0 raid-broadcast --stripe -m fast,fast2,fast3,broken - <tags
is 'each has one answer' "$(raid-show -j -l 40 | grep '"kind":"reply"' |
    sed 's/.*"reply_to":"\([^"]*\)".*/\1/' | sort | uniq -c |
    awk '$1 == 1 { print $2 }' | grep -cxF -f tags)" 12
ok 'by several' test "$(grep -v broken "$T/asked" | sort -u | wc -l)" -ge 2
reset
exits 0 raid-broadcast --stripe -m fast,fast2,fast3,broken - <tags
is 'resumed: nobody is asked' "$(asked)" ''
is 'the tags are printed' "$(wc -l <"$out")" 12

# --- whoever reads goes away
array fast endless
q=$(raid-post '@fast @endless x')
raid-broadcast "$q" 2>"$err" | head -n 1 >"$out"
is 'what still ran was ended' "$(sql "$j" 'SELECT e.status FROM call c JOIN
    call_end e ON e.call = c.id WHERE c.member = '"'endless'"'
    ORDER BY c.id DESC LIMIT 1')" interrupted

# --- two of us at once ask once, and print the same
array slow
reset
q=$(raid-post '@slow x')
raid-broadcast "$q" >one & p=$!
exits 0 raid-broadcast "$q"
wait $p
is 'asked once' "$(asked)" 'slow,'
ok 'the same tag' cmp one "$out"

# --- who would be asked
array fast slow
reset
exits 0 raid-broadcast -n "$(raid-post '@all x')"
like 'tokens' "$(cat "$out")" '^post_[0-9_]+  fast  ~[0-9.k]+ tokens$'
is 'a line each' "$(wc -l <"$out")" 2
like '-j' "$(raid-broadcast -nj last)" '^\{"type":"estimate","v":1,.*"input":[0-9]'
is 'nobody was asked' "$(asked)" ''
plan
