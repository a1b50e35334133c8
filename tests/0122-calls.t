#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-broadcast over HTTP: what is sent, asked again, cooled down, counted,
# limited, and kept when it is broken off.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
llmd_start || exit 1
export XDG_STATE_HOME="$T/state" RAID_TEST_KEY=sk-secret-4711
# one MODEL [JSON]: a member m of that model; fresh: nothing is remembered.
one() {
	llmd_array "$(llmd_member m openai "$1" \
	    "\"key_env\": \"RAID_TEST_KEY\"${2:+, $2}")" \
	    "$(llmd_member spare ollama good+text=spare '"local": true')"
}
fresh() { rm -rf "$XDG_STATE_HOME"; }
ask() { # CODE [OPTION...]: ask m something new
	code_=$1; shift
	q=$(raid-post '@m what now?')
	exits "$code_" raid-broadcast "$@" "$q"
}
last() { raid-show -j -l 1; }
n() { llmd_count "model LIKE '$1%'"; }

# --- what is sent, and what comes back
one good
ask 0
like 'the answer' "$(last)" "\"author\":\"m\".*\"body\":\"$LLMD_GOOD"
like 'the key is in a header' "$(llmd_log '$.headers.authorization')" \
    '^Bearer sk-secret-4711$'
is 'it is a stream' "$(llmd_log '$.body.stream')" 1
is 'nothing that was not configured' "$(sql :memory: "SELECT group_concat(key)
    FROM (SELECT key FROM json_each(json_extract(readfile('$LLMD_LOG'),
    '\$.body')) ORDER BY key)")" messages,model,stream,stream_options
like 'the question' "$(llmd_log '$.body')" 'what now\?'
is 'system and user' "$(llmd_log '$.body.messages[0].role')$(llmd_log \
    '$.body.messages[1].role')" systemuser
for f in "$j" "$j-wal" "$XDG_STATE_HOME/raid/ledger.db" \
    "$XDG_STATE_HOME/raid/ledger.db-wal" "$out" "$err"; do
	[ ! -e "$f" ] || is "no key in ${f##*/}" "$(grep -ac sk-secret "$f")" 0
done

# --- asked again, where that may help
fresh; one fail=1+status=503+retryafterms=20
ask 0
is 'a 503 is tried again' "$(n fail=1+status=503)" 2
is 'and nothing is told' "$(cat "$err")" ''
fresh; one status=503+retryafterms=20
ask 69
is 'three times in all' "$(n status=503)" 3
fresh; one down=0 '"spares": ["spare"]'
ask 0
is 'no connection: three times' "$(n down=0)" 3
fresh; one status=400
ask 69
is 'a 400 is not tried again' "$(n status=400)" 1
fresh; one status=429+quota
ask 69
is 'an empty account neither' "$(n status=429+quota)" 1
fresh; one status=503+shouldretry=false
ask 69
is 'nor what the server forbids' "$(n status=503+shouldretry)" 1
fresh; one error200=2 '"spares": ["spare"]'
ask 0
is 'not once text has come' "$(n error200)" 1
is 'what came is a post' "$(raid-show -a m -j | grep "\"reply_to\":\"$q\"" |
    grep -c '"status":"interrupted"')" 1

# --- a member that failed rests
fresh; one status=500+as=rest '"spares": ["spare"]'
ask 0
is 'asked' "$(n status=500+as=rest)" 3
ask 0
is 'then its spare is asked at once' "$(n status=500+as=rest)" 3
like 'and why' "$(cat "$err")" '^raid-broadcast: m: .*; spare answered instead$'
ask 69 --no-spare
is 'and without a spare nobody' "$(n status=500+as=rest)" 3
mkdir "$T/other" && git init -q "$T/other" && (cd "$T/other" &&
    raid-init >"$T/null" && cp "$T/r/.raid/array.json" .raid/ &&
    raid-broadcast "$(raid-post '@m from another project')") >"$out" 2>"$err"
is 'in other projects, too' "$(n status=500+as=rest)" 3
sql "$XDG_STATE_HOME/raid/ledger.db" 'UPDATE health SET until = 0' 2>"$T/null" ||
    note 'the ledger has another form'

# --- a key that is rejected
fresh; one key=other '"spares": ["spare"]'
ask 0
like 'the key is named, not told' "$(cat "$err")" \
    '^raid-broadcast: m: 401 key rejected \(\$RAID_TEST_KEY\); spare answered instead$'
is 'one try' "$(n key=other)" 1
unset RAID_TEST_KEY
fresh; one good+as=nokey
sed -i "s,http://127.0.0.1:$LLMD_PORT,https://api.invalid," .raid/array.json
ask 78
like 'no key: how to give one' "$(cat "$err")" 'RAID_TEST_KEY'
is 'nobody is asked' "$(n good+as=nokey)" 0
export RAID_TEST_KEY=sk-secret-4711

# --- counts and cost
fresh; one good+as=cost '"price": {"input": 3, "cache_read": 0.3,
    "cache_write": 3.75, "output": 15}'
ask 0
# 700 x 3 + 200 x 0.3 + 100 x 3.75 + 50 x 15 millionths
is 'the six counts and the cost' "$(sql "$j" 'SELECT input, cache_read,
    cache_write, output, reasoning, cost, estimated FROM call_end
    ORDER BY call DESC LIMIT 1')" '700|200|100|50|0|0.003285|0'
fresh; one good+usage=none+as=guess '"price": {"input": 3, "output": 15}'
ask 0
is 'no usage: estimated' "$(sql "$j" 'SELECT input > 0, output > 0, estimated
    FROM call_end ORDER BY call DESC LIMIT 1')" '1|1|1'
fresh; one good+vendor=openrouter+as=told '"price": {"input": 3, "output": 15}'
ask 0
is "the provider's own cost" "$(sql "$j" 'SELECT cost FROM call_end
    ORDER BY call DESC LIMIT 1')" 0.001234

# --- what does not fit is left out
q=$(head -c 900000 /dev/zero | tr '\0' 'x' | sed 's/xxxxxxxx/word   /g' | raid-post -)
fresh; one good+as=room '"context": 8000'
ask 0
is 'a context that fits' "$(llmd_log 'length(r) < 40000' "model = 'good+as=room'")" 1
like 'the question is there' "$(llmd_log '$.body' "model = 'good+as=room'")" 'what now'
raid-post --retract "$q" >"$T/null"

# --- limits
fresh; one good+as=dear '"price": {"input": 300, "output": 1500},
    "max_output": 4000'
ask 75
like 'the built-in cap of a call' "$(cat "$err")" 'm: .*0\.50'
is 'nobody is asked' "$(n good+as=dear)" 0
fresh; one good+as=dear2 '"price": {"input": 300, "output": 1500},
    "max_output": 4000, "spares": ["spare"]'
ask 0
like 'a spare costs nothing' "$(cat "$err")" 'spare answered instead$'
fresh; one good+as=often '"limits": {"requests_per_day": 2}'
ask 0; ask 0; ask 75
is 'two a day' "$(n good+as=often)" 2
fresh; one good+as=day '"price": {"input": 10, "output": 60},
    "max_output": 1000, "limits": {"cost_per_day": 0.09}'
ask 0
ask 75
like 'the day' "$(cat "$err")" 'a day'

# --- broken off
fresh; one events=400+pace=50
q=$(raid-post '@m at length')
raid-broadcast "$q" >"$out" 2>"$err" & p=$!
i=0
while [ $i -lt 100 ] && ! sql "$j" 'SELECT text FROM call_part' | grep -q w3; do
	sleep 0.1; i=$((i + 1))
done
kill -TERM $p; wait $p
is 'SIGTERM' $? 143
like 'what came is kept' "$(last)" "\"status\":\"interrupted\".*\"body\":\"w1 w2 w3"
q=$(raid-post '@m at length')
raid-broadcast "$q" >"$out" 2>"$err" & p=$!
i=0
while [ $i -lt 100 ] && ! sql "$j" 'SELECT text FROM call_part' | grep -q w3; do
	sleep 0.1; i=$((i + 1))
done
kill -9 $p; wait $p 2>"$T/null"
exits 0 raid-broadcast -m spare "$q"
like 'kill -9 loses a second at most' "$(raid-show -a m -j -l 1)" \
    "\"status\":\"interrupted\".*\"body\":\"w1 w2 w3"
fresh; one stall=400 '"idle": 1'
ask 69
like 'a stalled stream' "$(cat "$err")" 'm: (interrupted|failed): idle: no byte for 1 s'
fresh; one events=40+nodone+nofinish
ask 69
like 'no end: truncated' "$(last)" '"status":"truncated"'
fresh; one length
ask 69
like 'over the tokens: truncated' "$(last)" '"status":"truncated"'
fresh; one refuse
ask 1
fresh; one silent
ask 1
fresh; one flood=300K '"max_output": 100'
sed -i 's/}}$/}, "limits": {"answer_bytes": 100000}}/' .raid/array.json
ask 69
is 'a flood is cut' "$(raid-show -j -l 1 | wc -c | awk '{ print $1 < 102000 }')" 1
ask 69
start=$(date +%s)
fresh; one events=400+pace=50
ask 69 --deadline 1
ok 'a deadline' test $(($(date +%s) - start)) -lt 15

# --- a post that is private stays here
fresh; one good+as=private '"spares": ["spare"]'
q=$(raid-post '@m #private secret plans')
exits 0 raid-broadcast "$q"
is 'only who is local was asked' "$(n good+as=private)" 0
llmd_stop
plan
