#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-array: members are added, changed, taken over; keys are kept close.
. "${0%/*}/lib.sh"

mine=$HOME/.config/raid/array.json
sql() { "$BUILD/t/sql" "$@"; }
sum() { cksum <"$1"; }
mode() { stat -c %a "$1"; }
# row NAME: its row of the list, with single blanks.
row() { raid-array list "$1" | sed -n 's/  */ /g; 2p'; }

repo r && cd r || exit 1
raid-init >"$out"
echo '{"members": {}}' >.raid/array.json

# --- nobody yet
exits 1 raid-array
like 'what helps' "$(cat "$err")" 'raid-array add NAME'
exits 64 raid-array list nobody
exits 64 raid-array frobnicate
exits 64 raid-array add
exits 64 raid-array export toml

# --- add
exits 0 raid-array add claude
like 'a preset' "$(cat "$out")" '^claude +anthropic +generator +- +missing +claude-sonnet-5-5$'
like 'that has no key yet' "$(cat "$err")" \
    'no key: \$ANTHROPIC_API_KEY is not set and there is no .*/keys/claude; run raid-array key claude$'
is 'a file of one'"'"'s own' "$(mode "$mine")" 600
exits 0 raid-array add Local ollama model=qwen3:8b max_output=2000 \
    limits.requests_per_minute=3
is 'with settings' "$(row local)" 'Local ollama summarizer - - qwen3:8b'
like 'they are in the file' "$(cat "$mine")" '"requests_per_minute": 3$'
unlike 'the context of another model is not' \
    "$(sed -n '/"Local"/,$p' "$mine")" context
exits 64 raid-array add LOCAL ollama
like 'no name twice' "$(cat "$err")" 'Local is a member already'
exits 64 raid-array add x nosuch
like 'where to look' "$(cat "$err")" 'see raid-array presets'
exits 0 raid-array presets
like 'what presets there are' "$(cut -d ' ' -f 1 <"$out" | tr '\n' ' ')" 'claude gpt grok '
like 'with their places' "$(grep '^ollama ' "$out")" 'http://127.0.0.1:11434$'
exits 64 raid-array add all claude
exits 64 raid-array add 'a b' claude
exits 64 raid-array add x claude nonsense
before=$(sum "$mine")
exits 65 raid-array add x vllm
like 'a model must be named' "$(cat "$err")" 'member x: "model" is missing'
exits 65 raid-array add x provider=openai model=m
exits 65 raid-array add x claude max_output=lots
exits 65 raid-array add x claude key=sk-argv-1
unlike 'a key is not repeated' "$(cat "$err")" 'sk-argv'
is 'nothing of that was written' "$(sum "$mine")" "$before"
exits 0 raid-array add tool provider=exec command='["sh", "-c", "cat"]'
exits 0 raid-array add cc claude-code model=opus
like 'a program is told of the model' "$(cat "$out")" '--model opus$'
exits 0 raid-array --project add gpt
is 'the project has a file of its own' "$(mode .raid/array.json)" 644
like 'with the member' "$(cat .raid/array.json)" '"gpt": \{'
unlike 'and the other has not' "$(cat "$mine")" '"gpt"'
exits 64 raid-array remove gpt
like 'where it is' "$(cat "$err")" 'raid-array --project remove gpt$'
# A line of JSON says all.
raid-array list -j local >"$out"
like 'as JSON' "$(cat "$out")" '^\{"type":"member","v":1,"member":"Local","provider":"ollama",.*"file":"user","local":true,.*"key":"","context":0,"max_output":2000,'
XAI_API_KEY=sk-env-1 raid-array add -j grok >"$out"
like 'where a key is from' "$(cat "$out")" '"key":"\$XAI_API_KEY"'
like 'why there is none' "$(raid-array -j list grok)" '"key":null,"key_error":"no key: '
unlike 'never the key' "$(cat "$out" "$mine")" 'sk-env'

# --- set: one value, and every other byte stays
cat >"$mine" <<'END'
{ "mine" : [1.0, 12345678901234567890],
  "members" : {
      "claude":   {"provider": "anthropic", "model":"m",
        "role": "generator", "future": {"x": 1e2} },
      "two": {"provider": "ollama", "model": "q", "local": true, "spares": ["claude", "tool"]}
  }, "main": "claude", "fallback": ["claude", "two"]
}
END
chmod 640 "$mine"
cp "$mine" before
exits 0 raid-array set Claude model opus
sed 's/"model":"m"/"model":"opus"/' before | cmp -s - "$mine"
result_ $? 'one value is changed, and no other byte' || note "$(cat "$mine")"
is 'the mode stays' "$(mode "$mine")" 640
exits 0 raid-array set claude price.input=3 price.output=15
like 'two at once' "$(cat "$mine")" '"future": \{"x": 1e2\}, "price": \{"input":3,"output":15\} \}'
exits 0 raid-array set claude price
exits 0 raid-array set claude model m
ok 'taken away again, it is as before' cmp -s before "$mine"
exits 0 raid-array set claude key_command pass show api/x
like 'a list of words' "$(cat "$mine")" '"key_command": \["pass","show","api/x"\]'
exits 0 raid-array set claude key_command
exits 0 raid-array set two spares claude,nobody
like 'who is no member is named' "$(cat "$err")" 'two: nobody is no member'
exits 0 raid-array set all limits.cost_per_day 2.50
like 'the array itself' "$(cat "$mine")" '"limits": \{"cost_per_day":2.5\}'
exits 0 raid-array set claude max_output=60000 price.input=3 price.output=15
like 'an answer that costs too much' "$(cat "$err")" \
    'costs \$0\.90, over cost_per_call \(\$0\.50\)'
exits 64 raid-array set claude
exits 64 raid-array set nobody model x
exits 64 raid-array set gpt model x
like 'it is the project'"'"'s' "$(cat "$err")" 'use --project$'
exits 0 raid-array --project set gpt model x
before=$(sum "$mine")
exits 65 raid-array set claude base_url 'http://u:p@h'
exits 65 raid-array set claude base_url https://api.anthropic.com/v1
exits 65 raid-array set claude local true
exits 65 raid-array set all limits.cost_per_call -1
exits 65 raid-array set claude headers.X-Api-Key sk-argv-2
exits 65 raid-array set claude key_env sk-argv-3
unlike 'nor is a key repeated here' "$(cat "$err")" 'sk-argv'
is 'what cannot be right is not written' "$(sum "$mine")" "$before"
exits 0 raid-array set claude headers.X-A.b c

# --- remove
cp before "$mine"
exits 0 raid-array remove CLAUDE
is 'nothing names it any more' "$(grep -c claude "$mine")" 0
like 'others are still named' "$(cat "$mine")" '"spares": \["tool"\]'
is 'the rest is as it was' "$(head -n 1 "$mine")" "$(head -n 1 before)"
exits 64 raid-array remove claude

# A configuration that is kept elsewhere.
mv "$mine" "$T/dotfile" && ln -s "$T/dotfile" "$mine"
exits 0 raid-array add claude
ok 'a link stays a link' test -L "$mine"
like 'and its file is changed' "$(cat "$T/dotfile")" '"claude"'
rm "$mine"

# --- many at once lose nothing
for i in 1 2 3 4 5 6 7 8; do
	raid-array add "m$i" ollama >"$T/many$i" 2>&1 &
done
wait
is 'eight at once' "$(grep -cE '"m[1-8]": \{' "$mine")" 8

# --- who may
exits 77 env RAID_ACTOR=grok raid-array add x claude
exits 77 env RAID_ACTOR=grok raid-array key m1
exits 77 env RAID_ACTOR=grok raid-array setup
exits 0 env RAID_ACTOR=grok raid-array list
mkdir "$T/none"
exits 66 raid-array -C "$T/none" --project add claude
repo "$T/evil" && mkdir "$T/evil/.raid" &&
    echo '{"members": {"m1": {"provider": "openai", "model": "x",
	"base_url": "https://evil.example", "spares": ["m2"]}}}' \
	>"$T/evil/.raid/array.json"
exits 77 raid-array -C "$T/evil"
exits 77 raid-array -C "$T/evil" --project add claude
exits 0 raid-array -C "$T/evil" set m1 role critic
like 'what is one'"'"'s own may be changed' "$(cat "$err")" 'is not trusted'
exits 66 env HOME="$T/none" raid-array -C "$T/none" import
exits 78 env -u HOME raid-array -C "$T/none" add claude

# --- keys
exits 0 raid-array add claude
echo sk-pipe-1 | raid-array key claude >"$out" 2>"$err"
is 'a key from a pipe' "$?" 0
is 'its file' "$(cat "$HOME/.config/raid/keys/claude")" sk-pipe-1
is 'is nobody else'"'"'s' "$(cd "$HOME/.config/raid/keys" && stat -c %a . claude |
    tr '\n' ' ')" '700 600 '
is 'the list knows' "$(row claude)" 'claude anthropic generator - file claude-sonnet-5-5'
exits 65 raid-array key claude </dev/null
printf 'sk a b\n' >bad
exits 65 raid-array key claude <bad
is 'the old one stays' "$(cat "$HOME/.config/raid/keys/claude")" sk-pipe-1
chmod 644 "$HOME/.config/raid/keys/claude"
is 'one that others can read is refused' "$(row claude)" \
    'claude anthropic generator - refused claude-sonnet-5-5'
like 'with the command that helps' "$(raid-array -j list claude)" \
    'others can read this key; run: chmod 600 .*/keys/claude"'
exits 0 raid-array add tool provider=exec command=cat
exits 64 raid-array key tool
# What only a project names gets no key of the user's.
raid-array --project add m9 provider=openai model=x \
    base_url=https://evil.example/v1 >"$out" 2>&1
echo sk-pipe-2 >"$T/key"
exits 77 raid-array key m9 <"$T/key"
ok 'and none is stored' test ! -e "$HOME/.config/raid/keys/m9"
cp "$T/key" "$HOME/.config/raid/keys/m9" && chmod 600 "$HOME/.config/raid/keys/m9"
is 'nor sent, where there is one' "$(row m9)" 'm9 openai - - refused x'
# The vendor of a preset is known: there the project's member gets it.
raid-array --project add deepseek >"$out" 2>&1
echo sk-pipe-3 | raid-array key deepseek >"$out" 2>"$err"
is 'a key for the vendor itself' "$(row deepseek)" \
    'deepseek openai optimizer - file deepseek-flash'
exits 0 raid-array --project set deepseek base_url https://api.deepseek.example
is 'and not for one that looks like it' "$(row deepseek)" \
    'deepseek openai optimizer - refused deepseek-flash'
if has script; then
	# What is typed before the question is thrown away.
	late() { sleep 1; printf "$1"; }
	late 'sk-tty-9\17710\n' |
	    script -qec 'raid-array -k add grok' "$T/typed" >"$out"
	is 'a key from a terminal' "$(cat "$HOME/.config/raid/keys/grok")" \
	    sk-tty-10
	unlike 'is not shown' "$(cat "$out" "$T/typed")" 'tty-(9|10)'
	late '\003' | script -qec 'raid-array key grok' /dev/null >"$out"
	is 'Ctrl-C ends it' "$?" 130
	late '\n' | script -qec 'raid-array key grok' /dev/null >"$out"
	is 'nothing typed, nothing stored' "$?" 1
	is 'the key is as it was' "$(cat "$HOME/.config/raid/keys/grok")" \
	    sk-tty-10
else
	skip 'a key from a terminal' 'no script(1)'
fi
exits 75 setsid -w raid-array -k add mistral
raid-array remove grok >"$out" 2>"$err"
like 'the key that is left is named' "$(cat "$err")" 'its key is left in .*/keys/grok$'
is 'no key is anywhere else' "$(grep -rlE 'sk-(pipe|tty|env)' . "$HOME" |
    grep -v '/keys/' | grep -v '^\./bad$')" ''
like 'the audit names what was done' "$(raid-show --audit)" \
    'raid-array +array .*set claude model'

# --- what others keep
rm -r "$mine" .raid/array.json "$HOME/.config/raid/keys"
echo '{"members": {"shellcheck": {"provider": "exec", "command": ["raid-member-shellcheck"], "role": "tester"}}}' >.raid/array.json
mkdir .taskmaster .ricochet
cat >.taskmaster/config.json <<'END'
{
  "models": {
    "main": {
      "provider": "anthropic",
      "modelId": "claude-3-7-sonnet-20250219",
      "maxTokens": 20000,
      "temperature": 0.2
    },
    "research": {
      "provider": "perplexity",
      "modelId": "sonar-pro",
      "maxTokens": 8700,
      "temperature": 0.1
    },
    "fallback": {
      "provider": "ollama",
      "modelId": "llama3.2",
      "maxTokens": 4000,
      "temperature": 0.3
    }
  },
  "global": {
    "logLevel": "info",
    "projectName": "Taskmaster",
    "ollamaBaseURL": "http://localhost:11434/api",
    "bedrockBaseURL": "https://bedrock.us-east-1.amazonaws.com",
    "userId": "1234567890"
  },
  "claudeCode": {}
}
END
cp .taskmaster/config.json tm
exits 0 raid-array import
is 'three models' "$(sed 's/  */ /g' "$out")" \
    "$(printf '%s\n' 'member provider role as key model' \
    'claude anthropic generator main missing claude-3-7-sonnet-20250219' \
    'perplexity openai analyst - missing sonar-pro' \
    'ollama ollama summarizer spare - llama3.2')"
like 'a temperature that newer models refuse' "$(cat "$err")" \
    'main: temperature 0\.2 is left out'
like 'one that goes on' "$(tr -d ' \t\n' <"$mine")" \
    '"options":\{"options":\{"temperature":0\.3\}\}'
like 'the address' "$(raid-array -j list ollama)" '"base_url":"http://localhost:11434"'
before=$(sum "$mine")
exits 0 raid-array import .taskmaster/config.json
is 'twice changes nothing' "$(sum "$mine")" "$before"
exits 0 raid-array export taskmaster .taskmaster/config.json
sed '/"temperature": 0.2/d' tm | sed 's/"maxTokens": 20000,/"maxTokens": 20000/' >want
sed '/"temperature": 0.2/d' .taskmaster/config.json |
    sed 's/"maxTokens": 20000,/"maxTokens": 20000/' >got
ok 'the way back changes nothing else' cmp -s want got
exits 0 raid-array set all main shellcheck
exits 0 raid-array export taskmaster
like 'a program is no model' "$(cat "$err")" 'main: shellcheck is a program'

rm "$mine"
cat >.ricochet/models.json <<'END'
{
  "main": {"provider": "openai", "model_id": "gpt-4o", "display_name": "OpenAI GPT-4o",
    "parameters": {"temperature": 0.7, "top_p": 1, "max_tokens": 3000}},
  "research": {"provider": "anthropic", "model_id": "claude-3-opus-20240229", "display_name": "Claude"},
  "fallback": {"provider": "mistral", "model_id": "mistral-large", "display_name": "Mistral"},
  "chain_roles": {
    "analyzer": {"provider": "anthropic", "model_id": "claude-3-opus-20240229"},
    "summarizer": {"provider": "openai", "model_id": "gpt-4o"},
    "integrator": {"provider": "deepseek", "model_id": "deepseek-coder"},
    "organizer": {"provider": "bedrock", "model_id": "x"}
  }
}
END
exits 0 raid-array import .ricochet/models.json
is 'five members; a model is there once for each role' \
    "$(raid-array | sed 's/  */ /g' | grep -v shellcheck)" \
    "$(printf '%s\n' 'member provider role as key model' \
    'gpt openai orchestrator main missing gpt-4o' \
    'claude anthropic analyst - missing claude-3-opus-20240229' \
    'mistral openai critic spare missing mistral-large' \
    'gpt-summarizer openai summarizer - missing gpt-4o' \
    'deepseek openai integrator - missing deepseek-coder')"
like 'a provider that nobody knows' "$(cat "$err")" 'organizer: bedrock: no preset'
exits 0 raid-array export ricochet
like 'its form' "$(tr -d ' \t\n' <"$out")" \
    '^\{"main":\{"provider":"openai","model_id":"gpt-4o","display_name":"openaigpt-4o","parameters":\{"max_tokens":3000\}\},'
like 'with roles of chains' "$(tr -d ' \t\n' <"$out")" \
    '"chain_roles":\{.*"integrator":\{"provider":"deepseek","model_id":"deepseek-coder"'
cp "$out" "$T/again.json"
rm "$mine"
exits 0 raid-array import - <"$T/again.json"
is 'and back' "$(raid-array export ricochet | cksum)" "$(cksum <"$T/again.json")"
echo '{"x": 1}' >x.json
exits 65 raid-array import x.json
exits 66 raid-array import no.json
echo '{"models": {}}' >x.json
exits 1 raid-array import x.json

# --- setup
rm "$mine"
exits 1 raid-array setup </dev/null
printf '%s\n' claude 'vllm Qwen/Qwen3-32B' 'ollama' '' 1 '' 3.5 >answers
exits 0 raid-array setup <answers
is 'who got a place' "$(sed 's/  */ /g' "$out")" \
    "$(printf '%s\n' 'member provider role as key model' \
    'claude anthropic generator main missing claude-sonnet-5-5' \
    'vllm openai analyst - - Qwen/Qwen3-32B' \
    'ollama ollama summarizer spare - qwen2.5-coder:7b' \
    'shellcheck exec tester - - raid-member-shellcheck')"
like 'the role of a member of the other file stays' "$(cat "$err")" \
    'summarizer: shellcheck is in the other file'
like 'what a day may cost' "$(cat "$mine")" '"cost_per_day": 3\.5$'
echo 'nobody' >answers
exits 65 raid-array setup <answers

# --- rank: good mends at once, late at the second try, idle says nothing.
repo "$T/rank" && cd "$T/rank" || exit 1
raid-init >"$out"
rm "$mine"
cat >"$T/mend" <<'END'
#!/bin/sh
case $1,$(cat) in
idle,*) exit ;;
late,*encore*) to=good ;;
late,*) to=bad ;;
*) to=good ;;
esac
printf '```diff\n--- a/hello.sh\n+++ b/hello.sh\n@@ -1,2 +1,2 @@\n #!/bin/sh\n'
printf -- '-echo hello\n+echo %s\n```\n' "$to"
END
chmod +x "$T/mend"
echo '{"members": {}}' >.raid/array.json
exits 1 raid-array rank
for m in good Late idle; do
	raid-array --project add $m provider=exec local=true \
	    command="[\"$T/mend\", \"$(echo $m | tr L l)\"]" >"$out"
done
# mend TEXT: what the patches of the answers are worth.
mend() {
	raid-post "$@" >asked
	raid-broadcast <asked 2>"$err" | raid-patch 2>"$err" >patches
	while read -r p; do
		raid-test --no-sandbox "$p" -- grep -q good hello.sh >verdict
	done <patches 2>"$err"
}
mend '@all please mend hello.sh'
mend -r "$(cat verdict)" '@late encore, please'
mend '@good please mend hello.sh'
exits 0 raid-array rank
is 'the best first' "$(sed 's/  */ /g; s/[0-9.]* [^ ]*$//' "$out")" \
    "$(printf '%s\n' 'member tasks first passed share calls seconds' \
    'good 2 2 2 100% 2 ' 'Late 1 0 1 0% 2 ' 'idle 0 0 0 - 1 -')"
raid-array -j rank >"$out"
like 'as JSON' "$(cat "$out")" \
    '^\{"type":"rank","v":1,"member":"good","tasks":2,"first":2,"passed":2,"calls":2,"seconds":0\.[0-9]+,"cost":0'
is 'a line each' "$(grep -c . "$out")" 3
exits 66 raid-array -C "$T/none" rank
plan
