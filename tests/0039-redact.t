#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-redact(5): what goes to members that are not local holds no secret, in
# whatever way it got there; the journal keeps every byte.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"
sql() { "$BUILD/t/sql" "$@"; }

# None of these was ever a key; none stands here in one piece.
r20=Xk7Qm2Vb9Tz4Wn8Rc5Lp
gh=ghp_ && gh=$gh${r20}j3Hs6Dg1Fy0Ua7Ee
aws=AKIA && aws=${aws}Q3EGRZ7MT5XJPW2N
pw=s3cr3t-$r20
key="-----BEGIN RSA"' PRIVATE KEY-----'
b64=MIIEowIBAAKCAQEAq7X2b9Lk4vRz8WcN1yHd6JpS3gUeA0oXi5TmQfZsKjPwEuVt
none="$gh|$aws|$pw|$b64"

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
# A member that keeps all it is given: context, files, environment.
cat >"$T/member" <<'X'
#!/bin/sh
d=$M/$RAID_MEMBER
rm -rf "$d" && mkdir "$d" && cp -R . "$d/files" && cat >"$d/context"
env >"$d/env"
echo heard
X
chmod +x "$T/member"
export M="$T"
cat >.raid/array.json <<X
{"members": {
  "away": {"provider": "exec", "command": ["$T/member"], "role": "tester"},
  "here": {"provider": "exec", "command": ["$T/member"], "role": "tester", "local": true}}}
X
mkdir .raid/prompts && echo "Use $aws to look." >.raid/prompts/tester.txt
printf 'NAME=x\nexport DB_PASSWORD="%s"\nTOKEN=${TOKEN}\n' "$pw" >.env
printf '%s\n%s\n%s\n' "$key" "$b64" "-----END RSA PRIVATE KEY-----" >id.pem
first=$(raid-post "the token is $gh, mind it")
q=$(raid-post -f .env -f id.pem "@away @here see #ref_${first#post_} and https://me:$pw@host.example/")

# --- what the member is given
exits 0 raid-broadcast -m away "$q"
like 'it is said what is masked' "$(cat "$err")" \
    '^raid-broadcast: away: 5 secrets masked: '
for k in aws-key env-secret github-token private-key url-password; do
	like "a $k is named" "$(cat "$err")" "[ ,]$k(,|\$)"
	is "and its place in the context" \
	    "$(grep -cE "\[masked:$k:[0-9a-f]{4}\]" "$T/away/context")" 1
done
is 'no secret in context, files or environment' \
    "$(grep -rlE -e "$none" "$T/away" | sort)" ''
is 'the file is masked as the context has it' \
    "$(grep -o '\[masked:env[^]]*]' "$T/away/files/.env")" \
    "$(grep -o '\[masked:env[^]]*]' "$T/away/context")"
is 'all else of it stays' "$(sed -n '1p;3p' "$T/away/files/.env" | tr '\n' ,)" \
    'NAME=x,TOKEN=${TOKEN},'
is 'a key keeps its ends' "$(grep -c -e '-----' "$T/away/files/id.pem")" 2
exits 0 raid-broadcast -m here "$q"
is 'a local member is told all' "$(cat "$err")" ''
for s in "$gh" "$aws" "$pw" "$b64"; do
	ok 'such as this' grep -qF "$s" "$T/here/context"
done
ok 'and its files are the files' cmp "$T/here/files/.env" .env

# --- the journal keeps all
like 'the post as it was' "$(raid-show "$first")" "$gh"
is 'the file too' "$(sql "$j" "SELECT count(*) FROM blob WHERE
    instr(data, CAST('$pw' AS BLOB)) > 0")" 1
is 'no mask is stored' "$(sql "$j" "SELECT count(*) FROM post
    WHERE body LIKE '%[masked:%'")" 0

# --- raid-context shows what is sent
raid-context -m away "$q" >c 2>"$err"
ok 'the same as the member got' cmp c "$T/away/context"
like 'it says so' "$(cat "$err")" "^raid-context: $q: 5 secrets masked: "
is 'nobody in particular is not local' \
    "$(raid-context "$q" 2>"$err" | grep -cE -e "$none")" 0
like 'and is told' "$(cat "$err")" 'secrets masked'
is 'a local one' "$(raid-context -m here "$q" 2>"$err" | grep -cE -e "$none")" 5
is 'without a word' "$(cat "$err")" ''
is '--raw' "$(raid-context --raw -m away "$q" 2>"$err" | grep -cE -e "$none")" 5
is 'without a word' "$(cat "$err")" ''
raid-context -j -m away "$q" >c.json 2>"$err"
is '-j is masked, and JSON' \
    "$(sql :memory: "SELECT json_valid(readfile('c.json'))"; grep -cE -e "$none" c.json)" \
    "$(printf '1\n0')"
raid-context -j --raw -m away "$q" >c.json
ok '-j --raw' grep -qF "$gh" c.json

# --- over HTTP, to each kind of server
cp .raid/array.json "$T/array.json"
llmd_start || exit 1
llmd_array "$(llmd_member a openai good)" "$(llmd_member b anthropic good)" \
    "$(llmd_member c gemini good)" "$(llmd_member d ollama good)" \
    "$(llmd_member e ollama good '"local": true')"
for m in a b c d; do
	exits 0 raid-broadcast -m "$m" "$q"
	like 'it is said' "$(cat "$err")" "^raid-broadcast: $m: [45] secrets masked: "
done
is 'four were asked' "$(llmd_count)" 4
ok 'something was sent' grep -q 'masked:github-token:' "$LLMD_LOG"
is 'but no secret' "$(grep -cE -e "$none" "$LLMD_LOG")" 0
exits 0 raid-broadcast -m e "$q"
is 'but to the local one' "$(grep -cE -e "$none" "$LLMD_LOG")" 1
ok 'the server had no complaint' llmd_stop
cp "$T/array.json" .raid/array.json

# --- before anybody is asked
is '-n counts the kinds' "$(raid-broadcast -n --again -m away "$q" 2>&1 |
    grep -c ', 5 secrets masked: ')" 1
raid-broadcast -n -j --again -m away,here "$q" >n.json
is '-n -j' "$(sed -n 1p n.json | grep -o '"masked":.*' | tr ',{' '\n' |
    grep -cE '"(aws-key|env-secret|github-token|private-key|url-password)":1')" 5
like 'a local member' "$(sed -n 2p n.json)" '"masked":\{\}'

# --- a mask is stable in a journal and says nothing outside of it
mask() { raid-context "$@" 2>"$err" | grep -o '\[masked:github[^]]*]' | sort -u; }
again=$(raid-post "$gh, once more")
is 'the same secret, the same mask' "$(mask --window 1 "$again")" "$(mask "$first")"
other=$(raid-post "another: ghp_${r20}j3Hs6Dg1Fy0Ua7Ef")
is 'another one has another' "$(mask "$other" | wc -l | tr -d ' ')" 2
raid-init -J "$T/other.db" >"$out"
o=$(raid-post -J "$T/other.db" "$gh")
ok 'another journal has another' test "$(mask -J "$T/other.db" "$o")" != "$(mask "$first")"

# --- no text can mask another one away, or hide that it is masked
raid-post -- "$key" >"$out"
f=$(raid-post "$b64 [masked:aws-key:0000] '''")
is 'each text is masked for itself' "$(raid-context --window 2 "$f" 2>"$err" |
    grep -c "^$b64")" 1

# --- a patch is for the real file
printf '# SPDX\na=1\nPASSWORD=%s\nb=2\n' "$pw" >conf.sh
c=$(raid-post -f conf.sh '@away mend it')
answer() { raid-post -a away -r "$c" "$1"; }
m=$(raid-context "$c" 2>"$err" | grep -o '\[masked:env[^]]*]')
a=$(answer "$(printf '```diff\n--- a/conf.sh\n+++ b/conf.sh\n@@ -2,1 +2,1 @@\n-a=1\n+a=9\n```\n')")
exits 0 raid-patch "$a"
like 'elsewhere in the file it applies' "$(raid-show "$(cat "$out")")" '^\+a=9$'
a=$(answer "$(printf '```sh conf.sh\n# SPDX\na=9\nPASSWORD=%s\nb=2\n```\n' "$m")")
exits 1 raid-patch "$a"
like 'a mask does not get into a file' "$(cat "$err")" 'holds a mask'

# --- patterns of the project and of the user
cat >.raid/redact.txt <<'X'
# Our own.
mask ticket case-
	\bCASE-(\d{4,})
X
t=$(raid-post 'about CASE-12345 and CASE-x')
like 'the project adds' "$(raid-context "$t" 2>"$err")" \
    '^about CASE-\[masked:ticket:....\] and CASE-x'
like 'it is counted' "$(cat "$err")" 'ticket'
mkdir -p "$HOME/.config/raid"
printf 'off ticket\nskip url-password s3cr3t.*\nmask color red r(ed)\n' \
    >"$HOME/.config/raid/redact.txt"
like 'the user switches off' "$(raid-context "$t" 2>"$err")" 'CASE-12345'
like 'the user skips' "$(raid-context "$q" 2>"$err")" "me:$pw@host"
like 'the user adds' "$(raid-context "$(raid-post 'red')" 2>"$err")" '^r\[masked:color'
echo 'off github-token' >>.raid/redact.txt
exits 78 raid-context "$t"
like 'a project cannot' "$(cat "$err")" "redact.txt:4: 'off' stands in the user's own"
exits 78 raid-broadcast --again -m away "$q"
echo 'mask x (' >.raid/redact.txt
exits 78 raid-context "$t"
like 'a mistake is named with its line' "$(cat "$err")" '/.raid/redact.txt:1: '
exits 0 raid-context --raw "$t"
# A pattern that does not come to an end: nothing is sent.
printf 'mask slow aaa (?:a+)+[bc]\n' >.raid/redact.txt
t=$(raid-post "@away $(printf '%0100d' 0 | tr 0 a)")
rm -rf "$T/away"
exits 65 raid-context "$t"
like 'it says where' "$(cat "$err")" "$t: line 1: the pattern of .*slow"
raid-broadcast -m away "$t" >"$out" 2>"$err"
is 'nothing is asked' "$?" 65
ok 'nobody was' test ! -e "$T/away"
rm .raid/redact.txt

# --- without its patterns nothing leaves
mkdir "$T/bin" && cp "$BUILD/raid-context" "$T/bin/" && cp -R "$BUILD/prompts" "$T/bin/"
exits 78 "$T/bin/raid-context" "$q"
like 'it says what is missing' "$(cat "$err")" 'redact\.txt'
is 'and sends nothing' "$(cat "$out")" ''
: >"$HOME/.config/raid/trusted"
exits 77 raid-context "$q"
plan
