#!/bin/sh
# SPDX-License-Identifier: ISC
# Whatever goes wrong with one of three members, every question is answered:
# the other two speak for themselves, and a spare in place of the third.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
llmd_start
export XDG_STATE_HOME="$T/state"
# team BAD MODEL: three members, of which BAD has that model, and a spare.
team() {
	bad_=$1 how_=$2
	set --
	for m_ in openai anthropic gemini; do
		model_=good
		[ "$m_" != "$bad_" ] || model_=$how_
		set -- "$@" "$(llmd_member "$m_" "$m_" "$model_" \
		    '"spares": ["local"], "idle": 1, "max_output": 500')"
	done
	llmd_array "$@" "$(llmd_member local ollama good+text=spare \
	    '"local": true')"
	sed -i 's/}$/, "limits": {"answer_bytes": 200000}}/' .raid/array.json
	rm -rf "$XDG_STATE_HOME"
}
answers() { # STATUS of the newest question
	raid-show -j -l 9 | grep "\"reply_to\":\"$q\"" | grep -c "\"status\":\"$1\""
}

for bad in openai anthropic gemini; do
	for how in down=0 status=500 stall=200 cut=200 reset=200 error200=3 \
	    flood=1M html nonsense status=401 quota; do
		team $bad "$how"
		q=$(raid-post '@openai @anthropic @gemini well?')
		exits 0 raid-broadcast "$q"
		is "$bad $how: three answers" "$(wc -l <"$out")" 3
		is "$bad $how: all complete" "$(answers complete)" 3
		like "$bad $how: why" "$(cat "$err")" \
		    "^raid-broadcast: $bad: .*; local answered instead\$"
	done
	# What is slow is waited for, and needs no spare.
	team $bad slow=700
	q=$(raid-post '@openai @anthropic @gemini well?')
	exits 0 raid-broadcast "$q"
	is "$bad slow: three answers" "$(wc -l <"$out")" 3
	is "$bad slow: nothing to say" "$(cat "$err")" ''
done
is 'no call is open' "$(sql "$(raid-init -p)" 'SELECT count(*) FROM call
    WHERE id NOT IN (SELECT call FROM call_end)')" 0
plan
