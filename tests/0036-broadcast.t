#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-broadcast: who is asked, what an answer counts as, what is kept.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
# The members are one shell script, told by their own names.
cat >"$T/member" <<'X'
#!/bin/sh
cat >"$M/context.$RAID_MEMBER"
case $RAID_MEMBER in
fast) echo "fast says hello" ;;
slow) sleep 0.5; echo "slow says hello" ;;
mute) ;;
silent) printf ' #silent \r\n\n' ;;
broken) echo half; echo 'why it fails' >&2; exit 3 ;;
killed) echo half; kill -9 $$ ;;
flood) yes | head -c 300000 ;;
idle) echo 'some of it'; sleep 60 ;;
stubborn) echo $$ >"$M/pid"; trap '' TERM INT; echo 'some of it'; while :; do sleep 1; done ;;
child) echo 'the answer'; sleep 60 & ;;
bytes) printf 'a\377b' ;;
nul) printf 'a\000b' ;;
colour) printf '\033[1mbold\033[0m \033]0;title\007text\n' ;;
tell) env | grep '^RAID_' | sort; pwd >"$M/pwd"; ls -A; cat dir/x ;;
where) command -v raid-post; cat | wc -c ;;
post) raid-post -a dev forged 2>&1; raid-post 'by myself' >&2; echo done ;;
esac
X
chmod +x "$T/member"
mkdir "$T/tmp"
export M="$T" TMPDIR="$T/tmp"
members=
for m in fast slow mute silent broken killed flood stubborn child bytes nul \
    colour tell where post; do
	members="$members \"$m\": {\"provider\": \"exec\", \"role\": \"tester\", \"local\": true, \"command\": [\"$T/member\"]},"
done
cat >.raid/array.json <<X
{"members": {$members
  "idle": {"provider": "exec", "command": ["$T/member"], "idle": 1, "local": true},
  "missing": {"provider": "exec", "command": ["no-such-program"], "local": true},
  "away": {"provider": "exec", "command": ["$T/member"]}},
 "limits": {"answer_bytes": 100000}}
X
# field TAG EXPRESSION of a post.
field() {
	raid-show -j "$1" >"$T/line" &&
	    sql :memory: "SELECT json_extract(readfile('$T/line'), '$2')"
}
# ends SQL-VALUE: status of the newest call.
ends() { sql "$j" 'SELECT status FROM call_end ORDER BY call DESC LIMIT 1'; }

# Two members at once, in the order in which they end.
q=$(raid-post '@slow @Fast, hello')
start=$(date +%s%N)
exits 0 raid-broadcast "$q"
ok 'at once' test $((($(date +%s%N) - start) / 1000000)) -lt 3000
is 'two tags' "$(grep -c '^post_[0-9_]*$' "$out")" 2
is 'the first to end comes first' "$(field "$(head -n 1 "$out")" '$.author')" fast
a=$(tail -n 1 "$out")
is 'the answer' "$(field "$a" '$.body')|$(field "$a" '$.kind')|$(field "$a" \
    '$.status')|$(field "$a" '$.reply_to')" "slow says hello|reply|complete|$q"
like 'the context came in' "$(cat "$T/context.slow")" "^Answer #$q now, as @slow"

# Who has answered is not asked again, but for --again.
cp "$out" "$T/before" && rm "$T/context.fast"
exits 0 raid-broadcast "$q"
is 'the same tags' "$(sort "$out")" "$(sort "$T/before")"
ok 'nobody was asked' test ! -e "$T/context.fast"
exits 0 raid-broadcast --again -m fast "$q"
ok '--again asks' test -e "$T/context.fast"
unlike 'a new answer' "$(cat "$T/before")" "^$(cat "$out")\$"

# ask MEMBER CODE TEXT [OPTION...]: what it answers to TEXT; $out, $err.
ask() {
	q=$(raid-post "@$1 $3")
	who_=$1 want_=$2
	shift 3
	timeout 20 raid-broadcast "$@" "$q" >"$out" 2>"$err"
	is "@$who_ ends with $want_" "$?" "$want_" || note "$(cat "$err")"
}
none() { is "$1: no tag" "$(cat "$out")" ''; }
kept() { raid-show -j -l 1 | grep -c "\"reply_to\":\"$q\""; }

ask mute 1 ''; none mute
is 'a silent call' "$(ends)" silent
is 'no post' "$(kept)" 0
ask silent 1 ''; none silent
is 'a silent call' "$(ends)" silent
ask broken 69 ''; none broken
like 'why' "$(cat "$err")" 'raid-broadcast: broken: failed: .*3.*why it fails'
is 'no post' "$(kept)" 0
ask killed 69 ''; none killed
is 'a failed call' "$(ends)" failed
ask missing 69 ''; none missing
like 'why' "$(cat "$err")" 'missing: failed: no-such-program: not found in PATH'
ask flood 69 ''; none flood
is 'truncated, kept' "$(field last '$.status') $(kept)" 'truncated 1'
is 'up to the limit' "$(field last '$.body' | tr -d '\n' | wc -c)" 50000
like 'named on stderr' "$(cat "$err")" 'flood: truncated: .*what came is post_'
ask idle 69 ''; none idle
is 'interrupted, kept' "$(field last '$.status') $(field last '$.body')" \
    'interrupted some of it'
ask stubborn 69 '' --deadline 1; none stubborn
is 'a deadline keeps what came' "$(field last '$.body')" 'some of it'
start=$(date +%s)
ask child 0 ''
ok 'a child that it leaves is not waited for' test $(($(date +%s) - start)) -lt 5
ask bytes 0 ''
like 'no text: kept as a blob' "$(field last '$.body')" 'kept as blob [0-9a-f]{64}'
is 'byte exact' "$(sql "$j" "SELECT hex(data) FROM blob WHERE hex(sha256) =
    upper('$(field last '$.meta.blob')')")" 61FF62
ask nul 0 ''
is 'NUL, byte exact' "$(sql "$j" "SELECT hex(data) FROM blob WHERE hex(sha256) =
    upper('$(field last '$.meta.blob')')")" 610062
ask colour 0 ''
is 'escape sequences are gone' "$(field last '$.body')" 'bold text'
ask post 0 ''
like 'a member posts as itself alone' "$(field "$(cat "$out")" '$.body')" \
    'post .*not.* as dev'
is 'as itself' "$(raid-show -a post -j | grep -c 'by myself')" 1
rm -f .raid/prompts

# What a member is told and given.
mkdir dir && echo content >dir/x && chmod +x dir/x
q=$(raid-post -f dir/x -f hello.sh '@tell me')
exits 0 raid-broadcast "$q"
b=$(field "$(cat "$out")" '$.body')
for v in "RAID_ACTOR=tell" "RAID_BASE=$(git rev-parse HEAD)" "RAID_FILES=dir/x" \
    "RAID_JOURNAL=$j" "RAID_MEMBER=tell" "RAID_ROLE=tester" "RAID_ROOT=$T/r" \
    "RAID_TAG=$q" "hello.sh" "content"; do
	is "$v" "$(echo "$b" | grep -cxF "$v")" 1
done
ok 'a folder that is gone afterwards' test ! -e "$(cat "$T/pwd")"
is 'nothing is left' "$(ls "$T/tmp")" ''
is 'the repository is as it was' "$(git status --porcelain)" '?? dir/'
q=$(raid-post '@where are you')
PATH=/usr/bin:/bin "$BUILD/raid-broadcast" "$q" >"$out" 2>"$err"
like "raid's own folder ends PATH" "$(field last '$.body')" "^$BUILD/raid-post"

# Routing.
exits 1 raid-broadcast "$(raid-post 'to nobody')"
like 'it says so' "$(cat "$err")" 'post_[0-9_]+ addresses nobody; use @name or -m'
exits 0 raid-broadcast -m FAST,slow -m fast "$(raid-post 'named by -m')"
is 'each once' "$(wc -l <"$out")" 2
exits 64 raid-broadcast -m nobody "$q"
q=$(raid-post -a fast '@fast @slow talk')
raid-broadcast "$q" >"$out" 2>"$err"
is 'nobody answers itself' "$(field "$(cat "$out")" '$.author')" slow
exits 1 raid-broadcast </dev/null
is 'an empty pipe is silent' "$(cat "$out" "$err")" ''
printf '%s\nnonsense\npost_5\n' "$(raid-post '@fast x')" | raid-broadcast \
    >"$out" 2>"$err"
is 'a bad tag does not stop the others' "$?" 0
is 'each is named' "$(grep -c '^raid-broadcast: ' "$err")" 2
q=$(raid-post '@fast -j')
like '-j' "$(raid-broadcast -j "$q")" "^\{\"type\":\"post\",.*\"reply_to\":\"$q\""
exits 77 raid-broadcast "$(raid-post '@away #private')"
like 'private' "$(cat "$err")" 'is #private'

# Critics: everybody else, asked as a critic.
cat >"$T/two.json" <<X
{"members": {
  "fast": {"provider": "exec", "command": ["$T/member"], "local": true},
  "tell": {"provider": "exec", "command": ["$T/member"], "local": true}}}
X
cp .raid/array.json "$T/all.json" && cp "$T/two.json" .raid/array.json
q=$(raid-post -f dir/x '@fast x #critics_allowed')
exits 0 raid-broadcast "$q"
is 'two are asked' "$(wc -l <"$out")" 2
is 'one as a critic' "$(raid-show -s RAID_ROLE=critic -j |
    grep -c "\"reply_to\":\"$q\"")" 1
q=$(raid-post -f dir/x '@all x')
exits 0 raid-broadcast "$q"
is '@all' "$(wc -l <"$out")" 2
cp "$T/all.json" .raid/array.json

# ^C keeps what came, ends the members and gives 130; -9 is found later.
q=$(raid-post '@stubborn x')
raid-broadcast "$q" >"$out" 2>"$err" & p=$!
i=0
while [ $i -lt 50 ] && ! sql "$j" 'SELECT text FROM call_part' | grep -q some; do
	sleep 0.1; i=$((i + 1))
done
# A background job of sh ignores SIGINT; TERM is the same to us.
kill -TERM $p; wait $p
is 'a signal' $? 143
is 'what came is kept' "$(field last '$.status') $(field last '$.body')" \
    'interrupted some of it'
sleep 0.1
ok 'nobody is left' test ! -e "/proc/$(cat "$T/pid")"
q=$(raid-post '@stubborn @fast x')
raid-broadcast "$q" >"$out" 2>"$err" & p=$!
i=0
while [ $i -lt 50 ] && ! sql "$j" 'SELECT text FROM call_part' | grep -q some; do
	sleep 0.1; i=$((i + 1))
done
kill -9 $p; wait $p 2>"$T/null"
kill -9 "$(cat "$T/pid")"
is 'killed: the open call' "$(sql "$j" 'SELECT count(*) FROM call WHERE id NOT IN
    (SELECT call FROM call_end)')" 1
exits 0 raid-broadcast -m fast "$q"
is 'found later, kept as interrupted' "$(raid-show -a stubborn -j |
    grep "\"reply_to\":\"$q\"" | grep -c '"status":"interrupted".*some of it')" 1
is 'no call is open' "$(sql "$j" 'SELECT count(*) FROM call WHERE id NOT IN
    (SELECT call FROM call_end)')" 0
is 'its parts are gone' "$(sql "$j" 'SELECT count(*) FROM call_part')" 0

# A reader that went away: what was paid for is kept, no more is asked for.
q=$(raid-post '@fast @slow x')
raid-broadcast "$q" 2>"$err" | head -n 1 >"$T/null"
is 'the answer is there' "$(raid-show -j -l 9 | grep "\"reply_to\":\"$q\"" |
    grep -c '"author":"fast".*"kind":"reply"')" 1
is 'the other call has ended' "$(ends)" interrupted
is 'integrity' "$(sql "$j" 'PRAGMA integrity_check')" ok

# The policy: who may run members.
sed -i 's/"exec": "allow"/"exec": "deny"/' .raid/policy.json
exits 77 raid-broadcast last
sed -i 's/"exec": "deny"/"exec": "ask"/' .raid/policy.json
exits 75 raid-broadcast last
echo '{"members": {"all": {}}}' >.raid/array.json
sed -i 's/"exec": "ask"/"exec": "allow"/' .raid/policy.json
exits 78 raid-broadcast "$q"
plan
