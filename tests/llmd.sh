# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154 # $T, $BUILD and $at_end are of lib.sh
# Sourced behind lib.sh by tests that ask model servers: the four of them are
# one, tests/llmd (its words: "$BUILD/t/llmd" -w), on loopback.

# What it says when it is asked for nothing else.
LLMD_GOOD='Good day from llmd: Grüße, 世界, 🌍.'
LLMD_LOG=$T/llmd.log LLMD_ENDS=$T/llmd.ends

# llmd_start: run it; its port is in LLMD_PORT.  Not in a subshell, with which
# it would end.  It ends with the test.
llmd_start() {
	: >"$LLMD_LOG" && : >"$LLMD_ENDS" && : >"$T/llmd.port" || return
	"$BUILD/t/llmd" -l "$LLMD_LOG" -e "$LLMD_ENDS" >"$T/llmd.port" \
	    2>"$T/llmd.err" &
	LLMD_PID=$!
	at_end="$at_end $LLMD_PID"
	for i_ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		LLMD_PORT=$(cat "$T/llmd.port")
		[ -z "$LLMD_PORT" ] || return 0
		kill -0 "$LLMD_PID" 2>/dev/null || break
		sleep "0.$((i_ / 10))5"
	done
	cat "$T/llmd.err" >&2
	return 1
}

# llmd_stop: end it; fails if it ended badly or complained.
llmd_stop() {
	kill "$LLMD_PID"
	wait "$LLMD_PID" || return
	at_end=
	[ ! -s "$T/llmd.err" ] || { cat "$T/llmd.err"; return 1; }
}

# llmd_url PROVIDER [WORDS]: the base_url of a member.  The words hold for all
# of its models, and for their list.
llmd_url() {
	printf 'http://127.0.0.1:%s%s%s' "$LLMD_PORT" "${2:+/@$2}" \
	    "$([ "$1" != openai ] || echo /v1)"
}

# llmd_member NAME PROVIDER MODEL ['"key": VALUE, ...']: a member of
# .raid/array.json, for llmd_array.
llmd_member() {
	printf '"%s": {"provider": "%s", "model": "%s", "base_url": "%s"%s}' \
	    "$1" "$2" "$3" "$(llmd_url "$2")" "${4:+, $4}"
}

# llmd_array MEMBER...: .raid/array.json with these, and no other.
llmd_array() {
	json='{"members": {' sep=
	for m_; do
		json=$json$sep$m_ sep=', '
	done
	printf '%s}}\n' "$json" >.raid/array.json
}

# llmd_log EXPRESSION [CONDITION]: SQL over the requests, a row each: id, api,
# model, and r, all of it.  '$.body.stream' means json_extract(r, ...).
llmd_log() { llmd_rows "$LLMD_LOG" "$@"; }

# llmd_ends EXPRESSION [CONDITION]: the same over how they ended.
llmd_ends() { llmd_rows "$LLMD_ENDS" "$@"; }

llmd_rows() {
	case $2 in
	'$'*) what_="json_extract(r, '$2')" ;;
	*) what_=$2 ;;
	esac
	"$BUILD/t/sql" :memory: "SELECT $what_ FROM (SELECT value AS r,
	    json_extract(value, '\$.id') AS id,
	    json_extract(value, '\$.api') AS api,
	    json_extract(value, '\$.model') AS model
	    FROM json_each('[' || replace(rtrim(CAST(readfile('$1') AS TEXT),
	    char(10)), char(10), ',') || ']')) WHERE ${3:-1} ORDER BY id"
}

# llmd_count [CONDITION]: how many requests came.
llmd_count() { llmd_log 'count(*)' "${1:-1}"; }
