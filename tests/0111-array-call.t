#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-array test, models, status: with the model server of the tests.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"
llmd_start || exit 1

repo r && cd r || exit 1
raid-init >"$out"
keys=$HOME/.config/raid/keys
mkdir -p "$keys" && chmod 700 "$keys"
price='"price": {"input": 1, "output": 2}'
# row NAME: its row of what was printed last, with single blanks.
row() { sed -n "s/  */ /g; /^[U_]* *$1 /p" "$out"; }

# --- one tiny call each, at once
sk() { echo "sk-$1-0123456789"; }
sk file >"$keys/b" && chmod 600 "$keys/b"
cat >"$HOME/.config/raid/array.json" <<END
{"members": {
 "a": {"provider": "openai", "model": "good", "key_env": "RAID_TEST_KEY",
    "base_url": "$(llmd_url openai "key=$(sk env)")", $price},
 "b": {"provider": "anthropic", "model": "good",
    "base_url": "$(llmd_url anthropic "key=$(sk file)")", $price},
 $(llmd_member c gemini good "\"key_command\": [\"echo\", \"$(sk command)\"]"),
 $(llmd_member d ollama good '"local": true')
}}
END
echo '{"members": {"t": {"provider": "exec", "command": ["cat"], "local": true}}}' \
    >.raid/array.json
RAID_TEST_KEY=$(sk env)
export RAID_TEST_KEY
exits 0 raid-array test
is 'all are there, in their order' "$(awk 'NR > 1 { print $1 $2 }' "$out" |
    tr '\n' ' ')" 'tok aok bok cok dok '
like 'by the environment' "$(row a)" '^a ok env 0\.[0-9]+ 0\.[0-9]+ 1000 50 0\.0011 good$'
like 'by a file; tokens and price' "$(row b)" '^b ok file 0\.[0-9]+ 0\.[0-9]+ 1000 50 0.0011 good$'
like 'by a command; its price is not known' "$(row c)" '^c ok command .* - good$'
like 'without a key; it costs nothing' "$(row d)" '^d ok - .* 0\.00 good$'
like 'a program' "$(row t)" '^t ok - 0\.[0-9]+ 0\.[0-9]+ - - - -$'
is 'one request each' "$(llmd_count)" 4
is 'a short answer is asked for where one is' \
    "$(llmd_log '$.body.max_tokens' "api = 'openai'")" ''
raid-array set b max_output 9000 >null 2>&1
raid-array test b >null
is 'and a longer one is not' \
    "$(llmd_log '$.body.max_tokens' "api = 'anthropic'" | tail -n 1)" 256
exits 0 raid-array -j test b
like 'as JSON' "$(cat "$out")" \
    '^\{"type":"test","v":1,"member":"b","ok":true,"answer":"complete","key":".*/keys/b","first":[0-9.]+,"seconds":[0-9.]+,"input":1000,"output":50,"cost":0\.0011'
exits 0 raid-array status
like 'the ledger has it' "$(row b)" '^U b well 3 0\.00[0-9]* -$'

# --- what goes wrong, and how the array is then
llmd_array "$(llmd_member good openai good)" \
    "$(llmd_member key openai key=other '"key_env": "RAID_TEST_KEY", "spares": ["good"]')" \
    "$(llmd_member leak openai status=400+leak '"key_env": "RAID_TEST_KEY"')" \
    "$(llmd_member down openai down)" "$(llmd_member quota openai quota)" \
    "$(llmd_member html openai html)" "$(llmd_member nodone openai nodone)" \
    "$(llmd_member err200 openai error200)" \
    "$(llmd_member short openai length)" "$(llmd_member gone openai nosuch)" \
    '"nokey": {"provider": "openai", "model": "m", "base_url": "https://h.example/v1", "key_env": "RAID_NO_KEY"}' \
    '"noprog": {"provider": "exec", "command": ["raid-no-such-program"]}' \
    '"fails": {"provider": "exec", "command": ["sh", "-c", "echo why >&2; exit 3"]}'
echo '{"members": {}, "fallback": ["short"]}' >"$HOME/.config/raid/array.json"
exits 1 raid-array test
for m in good short; do
	like "$m answers" "$(row $m)" "^$m ok "
done
like 'a key that is refused' "$(row key)" '^key failed env .*401 invalid_api_key'
like 'a server that quotes the key' "$(row leak)" '^leak failed env .* 400 '
unlike 'is not quoted' "$(cat "$out")" 'sk-env'
like 'no connection' "$(row down)" '^down failed - .* closed the connection'
like 'no money' "$(row quota)" '^quota failed .* 429 insufficient_quota'
like 'a page instead of an answer' "$(row html)" '^html failed .* 502'
like 'no end' "$(row nodone)" '^nodone failed '
like 'an error in a 200' "$(row err200)" '^err200 failed '
like 'a model that is not there' "$(row gone)" '^gone failed .* 404'
like 'no key' "$(row nokey)" '^nokey failed .* no key: \$RAID_NO_KEY is not set'
like 'no program' "$(row noprog)" '^noprog failed .* not found'
like 'a program that fails' "$(row fails)" '^fails failed .* exit status 3: why$'
exits 69 raid-array test down noprog
exits 1 raid-array status
like 'the map, as mdadm has it' "$(head -n 1 "$out")" \
    '^\[U_U____[_U]UU__U\] degraded, [56] of 13 can answer$'
like 'since when, for how long, why, and who answers' "$(row key)" \
    '^_ key rests 1 [0-9.]* good answers; since [0-9][0-9]:[0-9][0-9], for [0-9]+ s more: 401 invalid_api_key'
like 'a fallback' "$(row quota)" 'short answers; .* for 3[0-9]{3} s more: 429'
like 'what never was asked can be missing' "$(row nokey)" '^_ nokey missing 0 - short answers; no key'
like 'a fault of the request is none of the member' "$(row gone)" '^U gone well 1'
exits 1 raid-array -j status
like 'as JSON' "$(head -n 1 "$out")" \
    '^\{"type":"array","v":1,"map":"\[U_U.*\]","state":"degraded","up":'
like 'a line each' "$(grep '"member":"key"' "$out")" \
    '"up":false,"state":"rests","reason":"401 .*","spare":"good","since":[0-9]+,"rest":[0-9.]+,"failures":1,'
is 'one and all' "$(grep -c . "$out")" 14
if has script; then
	script -qec 'stty cols 80; raid-array status; raid-array test' \
	    /dev/null | tr -d '\r' >"$out"
	is 'a terminal of 80 columns is wide enough' \
	    "$(awk 'length > 80' "$out")" ''
	like 'and nothing is lost on it' "$(tr '\n' ' ' <"$out" | tr -s ' ')" \
	    ' nokey: no key: \$RAID_NO_KEY is not set and there is no '
else
	skip 'a terminal' 'no script(1)'
fi
# It lives again: the test is a probe, whatever it rests for.
llmd_array "$(llmd_member key openai other)" "$(llmd_member down openai fail=1+down)"
exits 69 raid-array test down
exits 0 raid-array test down
exits 0 raid-array status
llmd_array "$(llmd_member down openai down)"
exits 69 raid-array test
exits 69 raid-array status
like 'all are down' "$(head -n 1 "$out")" '^\[_\] down, 0 of 1 can answer$'

# --- limits and policy
llmd_array "$(llmd_member dear openai good '"price": {"input": 1, "output": 90000}')"
exits 69 raid-array test
like 'a call that costs too much is not made' "$(row dear)" '^dear failed .*call'
before=$(llmd_count)
llmd_array "$(llmd_member good openai good)"
sed -i 's/"exec": "allow"/"exec": "ask"/' .raid/policy.json
exits 0 raid-array test
exits 75 env RAID_ACTOR=good raid-array test
sed -i 's/"exec": "ask"/"exec": "deny"/' .raid/policy.json
exits 77 raid-array test
is 'only the one that was allowed was made' "$(llmd_count)" "$((before + 1))"
sed -i 's/"exec": "deny"/"exec": "allow"/' .raid/policy.json

# --- models
for p in openai anthropic gemini ollama; do
	llmd_array "$(llmd_member x $p good)"
	exits 0 raid-array models x
	like "$p: what is offered" "$(cat "$out")" ' good(\+reason)?$'
	like "$p: what is used" "$(cat "$out")" ' x +good$'
done
like 'with sizes' "$(cat "$out")" '^ *200000 +- +x +good$'
exits 0 raid-array -j models x
like 'as JSON' "$(head -n 1 "$out")" \
    '^\{"type":"model","v":1,"context":200000,"max_output":null,"used":true,"model":"good"\}$'
llmd_array '"prog": {"provider": "exec", "command": ["cat"]}' \
    "\"k\": {\"provider\": \"openai\", \"model\": \"m\", \"base_url\":
    \"$(llmd_url openai key=x)\", \"key_env\": \"RAID_TEST_KEY\"}"
exits 64 raid-array models prog
exits 64 raid-array models nosuch
exits 77 raid-array models k
like 'the key is refused' "$(cat "$err")" '^raid-array: k: .*401'
unlike 'and not shown' "$(cat "$err")" 'sk-'
exits 78 env -u ANTHROPIC_API_KEY raid-array models claude
# A preset is as good as a member; the server of it may have one model alone.
if has perl; then
	perl -MIO::Socket::INET -e '
	$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5) or die;
	$| = 1;
	print $s->sockport, "\n";
	while ($c = $s->accept) {
		while (<$c>) { last if /^\r?$/ }
		$b = "{\"object\":\"list\",\"data\":[{\"id\":\"Qwen/Q3\"}]}";
		print $c "HTTP/1.1 200 OK\r\nContent-Length: ", length $b,
		    "\r\nConnection: close\r\n\r\n$b";
		close $c;
	}' >port & one=$!
	at_end="$at_end $one"
	while [ ! -s port ]; do sleep 0.1; done
	exits 0 raid-array add vllm base_url="http://127.0.0.1:$(cat port)/v1"
	like 'its only model is taken' "$(cat "$out")" ' Qwen/Q3$'
	kill $one
	wait $one 2>null
	at_end=${at_end% "$one"}
else
	skip 'the only model of a server' 'no perl'
fi
exits 65 raid-array add v vllm base_url="$(llmd_url openai)"
like 'several are named' "$(cat "$err")" 'vllm offers: good good\+reason events=3$'

# --- where a key can be seen while it is used
sk file >"$keys/slow" && chmod 600 "$keys/slow"
echo "{\"members\": {$(llmd_member slow openai good+slow=3000 '"key_env": "NONE"')}}" \
    >"$HOME/.config/raid/array.json"
echo '{"members": {}}' >.raid/array.json
# shellcheck disable=SC3045 # every sh here has it
ulimit -c unlimited 2>null
raid-array test slow >"$out" 2>"$err" & pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(llmd_count "model = 'good+slow=3000'")" = 0 ] || break
	sleep 0.2
done
is 'not in a command line' "$(cat /proc/[0-9]*/cmdline 2>null | tr '\0' '\n' |
    grep -cFf "$keys/slow")" 0
is 'not in its environment' "$(tr '\0' '\n' <"/proc/$pid/environ" |
    grep -cFf "$keys/slow")" 0
like 'no core file can be' "$(cat "/proc/$pid/limits")" \
    '^Max core file size +[01] '
kill -ABRT $pid
wait $pid 2>null
is 'it was killed amid the call' "$?" 134
# It was sent, so that all this looked for what was there.
like 'the server had it' "$(cat "$LLMD_LOG")" 'good\+slow=3000'
is 'none is in a journal, a log, a message or a core file' "$(
    grep -rlE 'sk-(file|env|command)-' "$T" 2>null |
    grep -vE '/keys/|llmd.(log|ends)|/raid/array.json')" ''

# --- signals
raid-array test slow >"$out" 2>"$err" & pid=$!
sleep 1
kill -TERM $pid
wait $pid 2>null
is 'ended by a signal' "$?" 143
like 'and says so' "$(row slow)" '^slow failed file .* interrupted$'
ok 'the server is well' llmd_stop
plan
