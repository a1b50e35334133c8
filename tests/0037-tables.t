#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-show --calls, --audit, --usage: tables, CSV, JSON Lines; sums add up.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

J=$T/j.db
export RAID_JOURNAL="$J" TZ=UTC
raid-init -J "$J" >"$out" || exit 1
exits 1 raid-show --calls
is 'nothing: nothing is printed' "$(cat "$out" "$err")" ''
exits 1 raid-show --usage

# Two threads; the first led to a commit.
export RAID_NOW=1795262400	# 2026-11-21 12:00
raid-post '@grok @claude one' >"$out"			# id 1
raid-post -a grok -r last 'answer' >"$out"		# id 2
sql "$J" "INSERT INTO post(id, ts, n, uid, author, who, kind, status, reply_ts,
    reply_n, meta, body) VALUES
    (3, 1795262400, 3, x'03', 'grok', 'grok', 'patch', 'complete', 1795262400,
    2, '{}', 'diff'), (4, 1795262400, 4, x'04', 'agent', 'agent', 'commit',
    'complete', 1795262400, 3, '{\"commit\":\"c0ffee\"}', 'done'),
    (5, 1795262400, 5, x'05', 'mallory', 'mallory', 'commit', 'complete',
    1795262400, 3, '{\"commit\":\"bad\"}', 'done')"
RAID_NOW=1795348800 raid-post '@grok two' >"$out"	# id 6, a day later
# 1: complete; 2: failed; 3: its process is gone; 4: of the second thread.
sql "$J" "INSERT INTO call VALUES
    (1, 1, 'grok', 'grok-4', 1795262400, 1, 1, 0, 0, 0),
    (2, 1, 'claude', 'opus', 1795262401, 1, 1, 0, 0, 0),
    (3, 1, 'Grok', 'grok-4', 1795262402, 1, 1, 100, 50, 0.25),
    (4, 6, 'grok', 'grok-5', 1795348800, 1, 1, 0, 0, 0);
    INSERT INTO call_end(call, ts, status, answer, reason, input, cache_read,
    cache_write, cache_write_1h, output, reasoning, cost, estimated, first_ms,
    total_ms, raw) VALUES
    (1, 1795262405, 'complete', 2, '', 1000, 200, 30, 4, 500, 60, 0.3333333, 0,
    1, 5250, NULL),
    (2, 1795262405, 'failed', NULL, 'rate \"limit\",
' || char(27) || '[31m', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL,
    900, NULL),
    (4, 1795348801, 'complete', NULL, '', 10, 0, 0, 0, 5, 0, 0.3333333, 1, 1,
    100, NULL)"

# --- calls
exits 0 raid-show --calls
is 'calls: the table' "$(cat "$out")" "$(cat <<'END'
when                 member  tag              status       answer             seconds    in  out   cost ($)  reason
2026-11-21 12:00:00  grok    post_1795262400  complete     post_1795262400_2    5.250  1230  500   0.333333  -
2026-11-21 12:00:01  claude  post_1795262400  failed       -                    0.900     -    -          -  rate "limit",\n\x1b[31m
2026-11-21 12:00:02  Grok    post_1795262400  interrupted  -                        -   100   50  ~0.250000  its process is gone
2026-11-22 12:00:00  grok    post_1795348800  complete     -                    0.100    10    5  ~0.333333  -
END
)"
exits 0 raid-show --calls -l 1
is 'calls: the newest' "$(sed 1d "$out" | cut -c-10)" 2026-11-22
exits 0 raid-show --calls -a @GROK
is 'calls: of a member in any case' "$(sed 1d "$out" | wc -l)" 3
exits 0 raid-show --calls --since @1795262402 --until @1795262402
is 'calls: since and until' "$(sed 1d "$out" | wc -l)" 1
exits 0 raid-show --calls -j
is 'calls: JSON' "$(head -n 1 "$out")" '{"type":"call","v":1,"id":1,"ts":1795262400,"member":"grok","model":"grok-4","tag":"post_1795262400","status":"complete","answer":"post_1795262400_2","seconds":5.25,"input":1000,"cache_read":200,"cache_write":30,"cache_write_1h":4,"output":500,"reasoning":60,"cost":0.333333,"estimated":false,"reason":""}'
like 'calls: JSON: what nobody says is null' "$(sed -n 2p "$out")" \
    '"answer":null,"seconds":0.9,"input":null.*"cost":null,"estimated":false,"reason":"rate \\"limit\\",\\n\\u001b\[31m"}$'
like 'calls: JSON: an estimate' "$(sed -n 3p "$out")" \
    '"seconds":null,"input":100,.*"output":50,.*"cost":0.25,"estimated":true'
exits 0 raid-show --calls --format csv
cr=$(printf '\r')
is 'calls: CSV: the head' "$(head -n 1 "$out")" "id,ts,member,model,tag,status,answer,seconds,input,cache_read,cache_write,cache_write_1h,output,reasoning,cost,estimated,reason$cr"
like 'calls: CSV: quotes' "$(cat "$out")" \
    '^2,1795262401,claude,opus,post_1795262400,failed,,0\.900,,,,,,,,0,"rate ""limit"",$'
is 'calls: CSV: four rows, one with a line end in it' "$(wc -l <"$out")" 6

# --- usage
exits 0 raid-show --usage
is 'usage: the table' "$(cat "$out")" "$(cat <<'END'
member  calls  complete  failed  input  cache_read  cache_write  cache_write_1h  output  reasoning   cost ($)
grok        3         2       1   1110         200           30               4     555         60  ~0.916666
claude      1         0       1      0           0            0               0       0          0   0.000000
total       4         2       2   1110         200           30               4     555         60  ~0.916666
END
)"
keys() { # NAME
	raid-show --usage --by "$1" --format csv | tr -d '\r' | sed 1d |
	    cut -d, -f1,2 | tr '\n' ' '
}
is 'by model' "$(keys model)" 'grok-4,2 grok-5,1 opus,1 '
is 'by day' "$(keys day)" '2026-11-21,3 2026-11-22,1 '
is 'by thread' "$(keys thread)" 'post_1795262400,3 post_1795348800,1 '
is 'by commit: only of the hands' "$(keys commit)" ',3 c0ffee,1 '
for by in member model day thread commit; do
	is "by $by: the sums are the same" "$(raid-show --usage --by $by \
	    --format csv | tr -d '\r' | awk -F, 'NR > 1 { n += $2; ok += $3;
	    bad += $4; i += $5; o += $9; c += $11 }
	    END { printf "%d %d %d %d %d %.6f", n, ok, bad, i, o, c }')" \
	    '4 2 2 1110 555 0.916666'
done
exits 0 raid-show --usage --by commit -j -a grok --until @1795262401
is 'usage: JSON' "$(cat "$out")" '{"type":"usage","v":1,"commit":"c0ffee","calls":1,"complete":1,"failed":0,"input":1000,"cache_read":200,"cache_write":30,"cache_write_1h":4,"output":500,"reasoning":60,"cost":0.333333,"estimated":false}'

# A call that runs: not failed.
sleep 30 & p=$!
sql "$J" "INSERT INTO call VALUES (5, 6, 'ollama', 'x', 1795348900, $p,
    $(sed 's/.*) //' /proc/$p/stat | cut -d' ' -f20), 0, 0, 0)"
exits 0 raid-show --calls -a ollama -j
like 'calls: running' "$(cat "$out")" '"status":"running".*"seconds":null'
kill $p
wait $p 2>null
exits 0 raid-show --calls -a ollama -j
like 'calls: and then gone' "$(cat "$out")" '"status":"interrupted"'

# --- audit: every program that changes something
audit() { # PROGRAM [JOURNAL]
	sql "${2:-$J}" "SELECT actor, action, p.body, allowed_by, result,
	    detail FROM audit a LEFT JOIN post p ON p.id = a.post WHERE
	    program = '$1' ORDER BY a.id DESC LIMIT 1"
}
is 'audit: a post' "$(audit raid-post)" 'dev|post|@grok two|person|done|'
raid-post -a claude mine >"$out"
is 'audit: in the name of another' "$(audit raid-post)" \
    'dev|post|mine|person|done|claude'
RAID_ACTOR=grok raid-post mine >"$out"
is 'audit: by a member' "$(audit raid-post)" 'grok|post|mine|policy|done|'
raid-post '' 2>null
is 'audit: what was refused left nothing' \
    "$(sql "$J" "SELECT count(*) FROM audit WHERE program = 'raid-post'")" 5
git init -q r
cd r || exit 1
unset RAID_JOURNAL
echo x >x && git add x && git commit -q -m x
raid-init --language ru >"$out"
raid-init >"$out"
j=$(raid-init -p)
is 'audit: raid-init, once' "$(audit raid-init "$j")" \
    'dev|init||person|done|ru'
is 'audit: once' "$(sql "$j" 'SELECT count(*) FROM audit')" 1
cat >.raid/array.json <<'END'
{"members": {"a": {"provider": "exec", "command": ["sh", "-c", "echo a"],
 "local": true}, "b": {"provider": "exec", "command": ["false"],
 "local": true}}}
END
raid-post '@a @b hello' | raid-broadcast >"$out" 2>&1
is 'audit: one a member asked' "$(sql "$j" "SELECT group_concat(action ||
    result || detail, ' ') FROM (SELECT * FROM audit WHERE
    program = 'raid-broadcast' ORDER BY detail)")" 'askaskeda askaskedb'
cd "$T" || exit 1
export RAID_JOURNAL="$J"
raid-backup -q . || exit 1
exits 0 raid-show --audit -j -l 1
like 'audit: JSON' "$(cat "$out")" '^\{"type":"audit","v":1,"id":[0-9]+,"ts":[0-9]+,"actor":"dev","program":"raid-backup","action":"backup","tag":null,"allowed_by":"person","result":"done","detail":"./journal-[0-9-]+.db.gz"\}$'
exits 0 raid-show --audit -a DEV
like 'audit: the table' "$(cat "$out")" '^when +actor +program +action +tag'
exits 0 raid-show --audit --format csv
like 'audit: CSV' "$(cat "$out")" '^id,ts,actor,program,action,tag,'
exits 1 raid-show --audit -a nobody

# On a terminal the last column ends with the screen.
if has script; then
	COLUMNS=120 script -qec 'raid-show --calls --no-pager' null </dev/null |
	    tr -d '\r' >"$out"
	is 'a terminal: no line is too long' "$(awk 'length > 120' "$out")" ''
	like 'a terminal: the rest is there' "$(cat "$out")" 'interrupted'
else
	skip 'a terminal' 'no script here'
fi

for o in '--calls --audit' '--by day' '--calls --by day' '--calls last' \
    '--usage --by year' '--calls --format html' '--audit -F' '--calls -s x' \
    '--usage --thread last' '--calls -t x'; do
	# shellcheck disable=SC2086 # words
	exits 64 raid-show $o
done
plan
