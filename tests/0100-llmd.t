#!/bin/sh
# SPDX-License-Identifier: ISC
# llmd, the model server of the tests, does what its words say.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"
has curl || plan_skip 'no curl'
llmd_start || exit 1
all='openai anthropic gemini ollama'
U=http://127.0.0.1:$LLMD_PORT

# ask API MODEL [CURL OPTION...]: prints the body of the answer.
ask() {
	api_=$1 m_=$2
	shift 2
	user='{"role": "user", "content": "U é"}'
	case $api_ in
	openai)
		set -- "$@" -H 'Authorization: Bearer K' -d "{\"model\": \"$m_\",
		    \"stream\": ${stream-true}, \"stream_options\":
		    {\"include_usage\": true}, \"messages\": [{\"role\":
		    \"system\", \"content\": \"S\"}, $user]}" \
		    "$U/v1/chat/completions" ;;
	anthropic)
		set -- "$@" -H 'X-Api-Key: K' -H 'anthropic-version: 2023-06-01' \
		    -d "{\"model\": \"$m_\", \"stream\": ${stream-true},
		    \"max_tokens\": 9, \"system\": [{\"type\": \"text\",
		    \"text\": \"S\"}], \"messages\": [$user]}" "$U/v1/messages" ;;
	gemini)
		m_=$(echo "$m_" | sed 's/%/%25/g')
		how_='streamGenerateContent?alt=sse'
		[ "${stream-true}" = true ] || how_=$stream
		set -- "$@" -H 'X-Goog-Api-Key: K' -d '{"systemInstruction":
		    {"parts": [{"text": "S"}]}, "contents": [{"role": "user",
		    "parts": [{"text": "U é"}]}]}' "$U/v1beta/models/$m_:$how_" ;;
	ollama)
		set -- "$@" -H 'Authorization: Bearer K' -d "{\"model\": \"$m_\",
		    \"stream\": ${stream-true}, \"messages\": [{\"role\":
		    \"system\", \"content\": \"S\"}, $user]}" "$U/api/chat" ;;
	esac
	curl -sS --max-time 20 -H 'Content-Type: application/json' "$@"
}
# The text of an answer.
text() { tr '\r' '\n' | sed -n 's/.*"\(content\|text\)":"\([^"]*\)".*/\2/p' | tr -d '\n'; }
# said API MODEL: the text that is answered.
said() { ask "$1" "$2" | text; }
# took COMMAND...: milliseconds.
took() {
	start=$(date +%s%N)
	"$@" >"$out" 2>"$err"
	echo $((($(date +%s%N) - start) / 1000000))
}

# The four of them.
for a in $all; do
	is "$a: good" "$(said "$a" good)" "$LLMD_GOOD"
	is "$a: events" "$(said "$a" events=12)" \
	    'w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12'
	is "$a: echo" "$(said "$a" echo)" 'U é'
	is "$a: echosys" "$(said "$a" echosys)" 'S'
	is "$a: text" "$(said "$a" 'text=a%2Bb')" 'a+b'
	is "$a: pieces" "$(ask "$a" text=äöü+piece=1 | grep -cE '"(ä|ö|ü)"')" 3
	is "$a: no word" "$(ask "$a" goood -o "$out" -w '%{http_code}')" 404
	is "$a: status" "$(ask "$a" status=503 -o "$out" -w '%{http_code}')" 503
	is "$a: an error after two" "$(said "$a" error200=2+events=9)" 'w1 w2'
	like "$a: it is there" "$(ask "$a" error200=2+events=9)" '"error"'
	is "$a: an error at once" "$(said "$a" error200)" ''
	is "$a: blank lines, one object" "$(stream=false
	    [ "$a" != gemini ] || stream=generateContent
	    ask "$a" blanks=2+lf >"$out"; wc -l <"$out"; text <"$out")" "3
$LLMD_GOOD"
done

printf 'a "file"\n\001' >"$T/file"
like 'a file' "$(ask openai "file=$T/file+piece=99")" \
    '"content":"a \\"file\\"\\n\\u0001"'

# How they end, and what they count.
ask openai good >"$out"
is 'openai: the end' "$(tail -n 2 "$out")" 'data: [DONE]'
like 'openai: usage' "$(cat "$out")" \
    '"choices":\[\],"usage":\{"prompt_tokens":1000,"completion_tokens":50,.*"cached_tokens":200,"cache_write_tokens":100'
unlike 'openai: nodone' "$(ask openai nodone)" 'DONE'
unlike 'openai: nofinish' "$(ask openai nofinish)" '"stop"'
unlike 'openai: usage=none' "$(ask openai usage=none)" prompt_tokens
is 'openai: usage=running' "$(ask openai events=5+usage=running |
    grep -c prompt_tokens)" 8
like 'openai: usage=early' "$(ask openai usage=early)" \
    '"finish_reason":"stop"}\],"usage":.*"completion_tokens":50'
like 'openai: numbers' "$(ask openai in=7+out=5+cached=3+written=0+thought=2)" \
    '"prompt_tokens":7,"completion_tokens":7,"total_tokens":14,.*"cached_tokens":3,.*"reasoning_tokens":2'
like 'xai: thought beside' "$(ask openai vendor=xai+reason)" \
    '"completion_tokens":50,"total_tokens":1080,.*"cost_in_usd_ticks":12340000'
like 'deepseek' "$(ask openai vendor=deepseek)" 'cache_hit_tokens":200,"prompt_cache_miss_tokens":800'
like 'openrouter' "$(ask openai vendor=openrouter+error200+comments)" \
    '"finish_reason":"error"}\],"error":\{"code":502'
like 'vllm: an integer' "$(ask openai vendor=vllm+status=429)" '"code":429}'
like 'llamacpp: a field' "$(ask openai vendor=llamacpp+error200)" '^error: \{"error"'
like 'azure: no choice' "$(ask openai vendor=azure)" '"choices":\[\],"prompt_f'
like 'litellm: the cost' "$(ask openai vendor=litellm+cost=5 -D - -o "$out")" \
    'x-litellm-response-cost: 0.000005'
like 'reasoning' "$(ask openai reason)" '"reasoning_content":"Let me think. "'
like 'an array' "$(ask openai arraycontent+reason)" \
    '"content":\[\{"type":"thinking","thinking":\[\{"type":"text"'
like 'content is null' "$(stream=false ask openai nocontent)" '"content":null'
ask anthropic reason+tools >"$out"
is 'anthropic: blocks' "$(grep -o '"content_block":{"type":"[a-z_]*' "$out" |
    sed 's/.*"//' | tr '\n' ' ')" 'thinking text tool_use '
is 'anthropic: the end' "$(grep '^event' "$out" | tail -n 1)" 'event: message_stop'
like 'anthropic: usage' "$(cat "$out")" \
    '"message_delta".*"input_tokens":700,.*"output_tokens":80,.*"thinking_tokens":30'
like 'another end' "$(ask openai finish=odd)" '"finish_reason":"odd"'
like 'written for an hour' "$(ask anthropic written1h=9)" \
    '"input_tokens":691,.*"ephemeral_1h_input_tokens":9'
like 'anthropic: refusal' "$(ask anthropic refuse)" '"stop_reason":"refusal"'
unlike 'anthropic: nodone' "$(ask anthropic nodone)" 'message_stop'
like 'gemini: usage' "$(ask gemini reason)" \
    '"finishReason":"STOP".*"promptTokenCount":1000,.*"candidatesTokenCount":50,"thoughtsTokenCount":30'
like 'gemini: blocked' "$(ask gemini blocked)" '^data: \{"promptFeedback"'
like 'gemini: an error without data:' "$(ask gemini error200=1+lf)" '^\{$'
is 'gemini: an array' "$(stream=streamGenerateContent; ask gemini events=2 |
    sed -n 's/^\(.\){.*/\1/p' | tr -d '\n')" '['
like 'ollama: the end' "$(ask ollama length | tail -n 1)" \
    '"done":true,"done_reason":"length",.*"prompt_eval_count":1000'
unlike 'ollama: nodone' "$(ask ollama nodone)" '"done":true'
is 'tools' "$(for a in $all; do ask $a tools | grep -c '"look"'; done |
    tr '\n' ' ')" '1 1 1 1 '

# Framing, and any split of bytes.
for w in bytes=1 bytes=3+drip=1 split=9 cl http10 cl+bytes=2; do
	is "the same text: $w" "$(said openai "$w")" "$LLMD_GOOD"
done
ask openai events=3+as=x+cl -D "$T/head" >"$T/lf"
like 'a length' "$(cat "$T/head")" "^content-length: $(wc -c <"$T/lf")"
is 'crlf' "$(ask openai events=3+as=x+crlf | tr '\r' '~' | grep -c '^data: .*~$')" 7
is 'cr' "$(ask openai events=3+as=x+cr | tr '\r' '\n' | grep -c '^data: ')" 7
is 'cr has no line feed' "$(ask openai cr | tr -cd '\n' | wc -c)" 0
is 'a byte order mark' "$(ask openai bom | head -c 3 | od -An -tx1)" ' ef bb bf'
like 'comments' "$(ask openai comments)" '^: keep-alive'
like 'pings' "$(ask anthropic comments)" '^data: \{"type": "ping"\}'
is 'two lines of data' "$(ask openai multi | grep -c '^data: {$')" 9
like 'no blank' "$(ask openai nospace)" '^data:\{"id'
is 'no line end' "$(ask openai noeol | tail -c 6)" '[DONE]'
like 'unknown things' "$(ask openai ids)" '^event: new_event'
like 'ascii' "$(ask openai text=é🌍+ascii)" '"\\u00e9\\ud83c\\udf0d"'
like 'nul' "$(ask openai nul)" '\\u0000'
like 'half a pair' "$(ask openai surrogate)" '\\ud83d[^\\]'
is 'no UTF-8' "$(ask openai utf8bad | tr -cd '\377' | wc -c)" 1
like 'a key twice' "$(ask openai dupkeys)" '"twice":1,"twice":2'
ok 'deep' test "$(ask openai deep | tr -cd '[' | wc -c)" -gt 40000
like 'broken JSON' "$(ask openai badjson)" '"delta":\{"cont$'
like 'a wrong type' "$(ask openai wrongtype -D - -o "$out")" 'type: text/html'
like 'one object' "$(ask openai asjson)" '^\{.*"chat.completion",.*"message"'
like 'a stream' "$(stream=false ask openai sse)" '^data: \{'
like 'hints' "$(ask openai hints -D - -o "$out")" '^HTTP/1.1 103'
like 'HTTP/1.0' "$(ask openai http10 -D - -o "$out")" '^HTTP/1.0 200'
like 'trailers' "$(ask openai trailers --raw)" '^retry-after: 88'
is 'a flood' "$(ask openai flood=100M | grep -c "\"$(printf %4096s '' | tr ' ' x)\"")" \
    $((100 << 20 >> 12))

is 'text after the end' "$(ask openai more+events=2 | tail -n 2 | text)" w1
exits 1 ask openai badhead
exits 56 ask openai badchunk
ok 'a long header' test "$(ask openai longhead -D - -o "$out" | wc -c)" -gt 65536

# Ends that are none, at each of many bytes.
# The model's name is in each event: with the words in the path it has a length
# of its own.
U0=$U U=$U/@events=2
n=$(ask openai m | wc -c)
for w in cut drop reset stall; do
	bad=
	for i in 0 1 17 $((n - 1)); do
		U=$U0/@events=2+$w=$i curl=0
		got=$(ask openai m --max-time 0.3 -w \
		    '%{size_download}' -o "$out" 2>"$err") || curl=$?
		case $w/$curl in
		cut/0 | drop/18 | reset/56 | stall/28) ;;
		*) bad="$bad $i:status $curl" ;;
		esac
		[ "$got" = "$i" ] || bad="$bad $i:$got"
	done
	is "$w" "$bad" ''
done
U=$U0/@events=2+drop=$((n + 1))
exits 0 ask openai m
U=$U0
exits 18 ask openai drop=20+cl
exits 0 ask openai cut=20+cl
exits 52 ask openai down
is 'their ends' "$(llmd_ends "DISTINCT json_extract(r, '\$.how')" |
    sort | tr '\n' ' ')" 'cut down drop gone reset whole '

# Time.
ms=$(took ask openai events=5+pace=50)
ok "5 events in $ms ms" test "$ms" -ge 200 -a "$ms" -lt 1500
like 'slow' "$(ask openai slow=300 -o "$out" -w '%{time_starttransfer}')" '^0\.[3-9]'
is 'late: the head is there' "$(ask openai late=60000 -m 0.3 -o "$out" -w \
    '%{http_code}' 2>"$err")" 200

# Errors.
# head API MODEL: the headers of the answer; its body is in $out.
head_() { ask "$1" "$2" -D - -o "$out"; }
like 'retry-after' "$(head_ openai status=429+retryafter=1.5)" '^retry-after: 1.5'
like 'in milliseconds' "$(head_ anthropic status=429+retryafterms=50)" '^retry-after-ms: 50'
like 'as a date' "$(head_ openai status=503+retrydate=9)" '^retry-after: [A-Z][a-z][a-z], .* GMT'
like 'x-should-retry' "$(head_ openai status=400+shouldretry=true)" '^x-should-retry: true'
unlike 'gemini: no header' "$(head_ gemini status=429+retryafter=3)" retry
like 'gemini: in the body' "$(cat "$out")" 'PerMinute.*"retryDelay": "3s"'
like 'openai: quota' "$(ask openai quota)" '"code":"insufficient_quota"'
like 'anthropic: quota' "$(ask anthropic quota)" 'enforced_spend_limit_reached'
like 'gemini: quota' "$(ask gemini quota)" 'PerDay'
like 'openai: limits' "$(head_ openai ratelimit=3)" 'remaining-requests: 3'
like 'anthropic: limits' "$(head_ anthropic ratelimit=3)" 'requests-remaining: 3'
like 'chunks of an error' "$(head_ openai status=500+chunked)" '^transfer-encoding: chunked'
like 'html' "$(head_ openai html; cat "$out")" '^<!DOCTYPE'
is 'empty' "$(ask openai empty+status=200 -w '%{http_code}')" 200
like 'in an array' "$(ask gemini jsonarray)" '^\[\{'
is 'nonsense' "$(ask openai nonsense=99 | wc -c)" 99
like 'there' "$(head_ openai redirect=http://127.0.0.1:1/x)" '^location: http://127.0.0.1:1/x'
like 'its message' "$(ask openai 'status=500+says=b%2Bc+leak')" '"b\+c: the key K"'
like 'strict' "$(curl -s "$U/v1/chat/completions" -H 'Content-Type: application/json' \
    -d '{"model": "strict", "temperature": 1, "messages": [{}]}')" deprecated
like 'anthropic wants max_tokens' "$(curl -s "$U/v1/messages" -H \
    'Content-Type: application/json' -H 'anthropic-version: x' \
    -d '{"model": "good", "messages": [{}]}')" 'max_tokens: Field required'

# Keys, and what the log has.
for a in $all; do
	is "$a: the key" "$(said $a key=K)" "$LLMD_GOOD"
	like "$a: another key" "$(ask $a key=k -o "$out" -w '%{http_code}')" '^40[01]'
done
is 'the log' "$(llmd_log "api, json_extract(r, '\$.method'), json_extract(r,
    '\$.headers.authorization'), json_extract(r, '\$.headers.\"x-api-key\"'),
    json_extract(r, '\$.headers.\"x-goog-api-key\"')" "model = 'key=K'")" \
'openai|POST|Bearer K||
anthropic|POST||K|
gemini|POST|||K
ollama|POST|Bearer K||'
is 'the body' "$(llmd_log '$.body.messages[1].content' "model = 'silent'";
    ask openai silent >"$out"; llmd_log '$.body.messages[1].content' \
    "model = 'silent'")" 'U é'

# Trouble for a while.
is 'fail=2' "$(for i in 1 2 3 4; do ask openai fail=2+status=503+retryafter=1 \
    -o "$out" -w '%{http_code} '; done)" '503 503 200 200 '
is 'fail=1' "$(for i in 1 2; do ask openai fail -o "$out" -w '%{http_code} ';
    done)" '500 200 '
is 'after=1' "$(for i in 1 2 3; do ask openai after+cut=0 | wc -c; done |
    sed 's/[1-9].*/more/' | tr '\n' ' ')" 'more 0 0 '

# Lists.
is 'openai: models' "$(curl -s "$U/v1/models" | grep -o '"id":"[^"]*"' | wc -l)" 3
like 'anthropic: a page' "$(curl -s -H 'x-api-key: K' "$U/v1/models?limit=2")" \
    '"max_input_tokens":200000.*"has_more":true.*"last_id":"good\+reason"'
like 'the next' "$(curl -s -H 'x-api-key: K' "$U/v1/models?after_id=good%2Breason")" \
    '"has_more":false'
like 'gemini: models' "$(curl -s "$U/v1beta/models?pageSize=2")" '"nextPageToken":"two"'
like 'the next' "$(curl -s "$U/v1beta/models?pageToken=two")" 'embedContent'
like 'ollama: tags' "$(curl -s "$U/api/tags")" '"name":"good\+reason"'
like 'ollama: show' "$(curl -s "$U/api/show" -d '{"model": "events=3"}')" 'length":8192'
is 'words in the path' "$(curl -s -o "$out" -w '%{http_code}' "$U/@status=401/v1/models"
    U=$U/@status=529; ask anthropic claude-x -o "$out" -w ' %{http_code}')" '401 529'
is 'its url' "$(llmd_url openai slow=5)" "$U/@slow=5/v1"
is 'a member' "$(llmd_member x gemini good '"local": true')" \
    "\"x\": {\"provider\": \"gemini\", \"model\": \"good\", \"base_url\": \"$U\", \"local\": true}"

# One connection for many, many connections at once.
is 'it stays open' "$(ask openai good -w '%{num_connects} ' -o "$out" -o "$out" \
    "$U/health")" '1 0 '
is 'a body in parts' "$(head -c 3000000 /dev/zero | tr '\0' x >"$T/big"
    printf '{"model": "echo+flood=1", "messages": [{"content": "%s"}]}' \
	"$(cat "$T/big")" >"$T/json"
    curl -s -o "$out" -w '%{http_code}' -H 'Content-Type: application/json' \
	-d "@$T/json" "$U/v1/chat/completions")" 200
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	printf 'url = "%s/@slow=500+events=5+pace=20/v1/models"\noutput = /dev/null\n' "$U"
done >"$T/many"
ms=$(took curl -sS --parallel --parallel-max 300 --parallel-immediate -K "$T/many")
ok "300 at once in $ms ms" test "$ms" -lt 5000
ok 'they were' test "$(curl -s "$U/stats" | sed 's/.*"most":\([0-9]*\).*/\1/')" -ge 250
ok 'it ends well' llmd_stop
is 'every word is tried here' "$("$BUILD/t/llmd" -w | while read -r w rest; do
    grep -qE "[^a-z]$w([^a-z0-9]|\$)" "$SRC/tests/0100-llmd.t" || echo "$w"; done)" ''
plan
