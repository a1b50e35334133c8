#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-show -F: what is there, then every post at once, none lost or doubled.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

mkdir p && cd p && raid-init >"$out" || exit 1
J=$(raid-init -p)
tag() { sed -n 's/.*"tag":"\([^"]*\)".*/\1/p' "$@"; }
# within SECONDS COMMAND...: until it succeeds.
within() {
	end_=$(($(date +%s) + $1)); shift
	until "$@"; do
		[ "$(date +%s)" -le "$end_" ] || return 1
		sleep 0.02
	done
}
said() { grep -qs -e "$1" "$2"; }

for i in $(seq 12); do raid-post "early $i" >>"$out"; done

# --- what comes first
exits 124 timeout 0.5 raid-show -F -j
is 'the last 10 first' "$(sed 's/.*"body":"early \([0-9]*\)".*/\1/' "$out" |
    tr '\n' ' ')" '3 4 5 6 7 8 9 10 11 12 '
timeout 0.5 raid-show -F -l 2 >"$out"
is '-l' "$(grep -c '^early' "$out")" 2
timeout 0.5 raid-show -F -l 0 >"$out"
is '-l 0: nothing' "$(cat "$out")" ''
timeout --preserve-status -s INT 0.5 raid-show -F >"$out" 2>"$err"
is 'interrupted' "$?" 130
is 'silently' "$(cat "$err")" ''
exits 64 raid-show -F last
exits 64 raid-show -F --side last
exits 64 raid-show -F --unanswered
exits 64 raid-show -F --format html
exits 64 raid-show -F --format dot
exits 66 raid-show -F -J "$T/none"

# --- 32 followers, 8 writers
f=
for i in $(seq 32); do
	timeout 60 raid-show -F -j -l 1 >follow.$i 2>&1 & f="$f $!"
done
begun() { for i in $(seq 32); do [ -s follow.$i ] || return 1; done; }
ok 'all follow' within 20 begun
pids=
for w in $(seq 8); do
	for i in $(seq 12); do raid-post -a "w$w" "$w-$i" || break; done \
	    >posted.$w & pids="$pids $!"
done
for p in $pids; do wait "$p"; done
raid-post last >posted.0
over() { for i in $(seq 32); do said '"body":"last"' follow.$i || return 1; done; }
ok 'all come to the end' within 10 over
# shellcheck disable=SC2086 # words
kill $f
raid-show -j -l 98 | tag >want
is 'all were posted' "$(cat posted.* | sort -u | wc -l)" 97
bad=
for i in $(seq 32); do
	tag follow.$i | cmp -s - want || bad="$bad $i"
done
is 'each follower saw each post once, in journal order' "$bad" ''

# --- at once, also past the lock
# Posts come by the bell much faster than by the poll of a second: ten in
# a row would take ten.
timeout 60 raid-show -F -l 1 --format md >quick & f=$!
within 5 test -s quick
start=$(date +%s)
for i in $(seq 10); do
	raid-post "bell $i" >"$out"
	within 5 said "^> bell $i\$" quick || echo "no $i" >>late
done
ok 'the bell is heard' test ! -e late -a $(($(date +%s) - start)) -le 5
sql "$J" "INSERT INTO post(ts, n, uid, author, who, kind, status, meta, body)
    VALUES (3000000000, 1, randomblob(32), 'x', 'x', 'chat', 'complete',
    '{}', 'past the lock')" >"$out"
ok 'a writer that passes the lock by' within 5 said '^> past the lock' quick
# One that neither locks nor closes: no event at all, the poll is left.
if python3 -c 'import sqlite3' 2>"$err"; then
	timeout 10 python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
db.execute("""INSERT INTO post(ts, n, uid, author, who, kind, status, meta,
    body) VALUES (3000000001, 1, randomblob(32), "x", "x", "chat", "complete",
    "{}", "no bell")""")
db.commit()
time.sleep(9)' "$J" & w=$!
	ok 'a writer that rings no bell' within 5 said '^> no bell' quick
	kill "$w"
else
	skip 'a writer that rings no bell' 'no python3'
fi
rm "$J.lock"
raid-post 'a new lock file' >"$out"
ok 'a lock file that was made anew' within 5 said '^> a new lock file' quick
kill "$f"
if unshare -r sh -c 'echo 0 >/proc/sys/user/max_inotify_instances' \
    2>"$err"; then
	unshare -r sh -c 'echo 0 >/proc/sys/user/max_inotify_instances
	    exec timeout 60 raid-show -F -l 1' >deaf & f=$!
	within 5 test -s deaf
	raid-post 'to the deaf' >"$out"
	ok 'without inotify' within 5 said '^to the deaf' deaf
	kill "$f"
else
	skip 'without inotify' 'no user namespace here'
fi
if [ "$(id -u)" = 0 ] && has setpriv; then
	sql "$J" 'SELECT count(*) FROM post' >null
	mkdir "$T/ro" && cp "$J" "$T/ro/j" && chmod 755 "$T" "$T/ro" &&
	    chmod 644 "$T/ro/j"
	timeout 60 setpriv --reuid 65534 --clear-groups \
	    "$BUILD/raid-show" -J "$T/ro/j" -F -l 1 >other & f=$!
	if within 3 test -s other; then
		raid-post -J "$T/ro/j" 'one may read' >"$out"
		ok 'a folder that is read-only to us' within 5 \
		    said '^one may read' other
	else
		skip 'a folder that is read-only to us' 'not readable here'
	fi
	kill "$f"
else
	skip 'a folder that is read-only to us' 'not root, or no setpriv'
fi

# --- filters
q=$(raid-post -a ann 'question #topic')
timeout 60 raid-show -F -a ann -l 5 >by.author & f=$!
timeout 60 raid-show -F -t topic >by.tag & f="$f $!"
timeout 60 raid-show -F -s '"slow cat" ёж' -l 1 >by.words & f="$f $!"
timeout 60 raid-show -F --thread "$q" >by.thread & f="$f $!"
timeout 60 raid-show -F --format csv -l 0 >by.csv & f="$f $!"
timeout 60 raid-show -F -l 1 >by.any & f="$f $!"
followed() { said question by.author && said question by.tag &&
    said question by.thread && said question by.any; }
ok 'four filters follow' within 10 followed
sleep 0.3	# the two that print nothing yet
raid-post -a Ann 'A slow cat and an ЕЖ' >"$out"
raid-post -a bob -r "$q" 'an answer, #Topic' >"$out"
raid-post -a ann -r last 'a reply to that' >"$out"
raid-post -a eve end >"$out"
ok 'they come to the end' within 5 said '^end' by.any
within 5 said ',end' by.csv
# shellcheck disable=SC2086 # words
kill $f
bodies() { grep -E '^(question|A slow|an answer|a reply|end)' "$1" |
    cut -c1-6 | tr '\n' ,; }
is 'by author' "$(bodies by.author)" 'questi,A slow,a repl,'
is 'by hashtag' "$(bodies by.tag)" 'questi,an ans,'
is 'by words' "$(bodies by.words)" 'A slow,'
is 'by thread' "$(bodies by.thread)" 'questi,an ans,a repl,'
is 'as CSV' "$(wc -l <by.csv) $(head -n 1 by.csv | cut -c1-7)" '5 tag,ts,'

# --- nobody reads any more
(timeout 5 raid-show -F -l 1; echo $? >status) | head -n 1 >"$out"
is 'a reader that has enough ends it, with no post to come' \
    "$(cat status)" 0

# --- the journal goes away
timeout 60 raid-show -F -l 1 >removed 2>removed.err & f=$!
within 5 test -s removed
mv "$J" "$J.old"
wait "$f"
is 'removed while followed' "$?" 66
like 'it says so' "$(cat removed.err)" 'raid-show: journal .*: it was removed'
mv "$J.old" "$J"
timeout 60 raid-show -F -l 1 >replaced 2>replaced.err & f=$!
within 5 test -s replaced
cp "$J" copy
mv copy "$J"
wait "$f"
is 'replaced while followed' "$?" 66
like 'it says so' "$(cat replaced.err)" 'replaced by another .*raid-show -F'
rm -f "$J-wal" "$J-shm"
exits 0 raid-show -l 1

# --- what is being written, on a terminal
if ! has script; then
	skip 'a terminal' 'no script(1)'
	plan
	exit
fi
# live MEMBER PID: a call whose process is PID.
live() {
	sql "$J" "INSERT INTO call(post, member, model, ts, pid, pid_start,
	    est_input, est_output, est_cost) VALUES (1, '$1', 'm', 1, $2,
	    $(sed 's/.*) //' "/proc/$2/stat" | cut -d' ' -f20), 0, 0, 0)"
	sql "$J" "INSERT INTO call_part VALUES ((SELECT max(id) FROM call), 1,
	    CAST('one two three four' AS BLOB))"
}
sleep 60 & alive=$!
sleep 60 & dead=$!
raid-post 'early again' >"$out"
live grok $alive
live ghost $dead
kill $dead
wait $dead 2>"$out"
follow() { # TERM: raid-show -F on a terminal, ended by hang_up
	rm -f pid
	# timeout gives it a SIGINT that is not ignored.
	TERM=$1 script -qec "stty cols 60; sh -c 'echo \$\$ >pid; exec timeout \
	    --preserve-status -s INT 30 raid-show -F -l 100'; echo status \$?" \
	    /dev/null </dev/null >screen 2>&1 & f=$!
	within 5 said early screen
}
hang_up() { kill -INT "$(cat pid)"; wait "$f"; }
follow xterm
ok 'a member that writes is shown' within 5 said 'grok ... 4 tok' screen
raid-post 'posted meanwhile' >"$out"
again() {
	cat -v screen | tr -d '\n' |
	    grep -q 'tok^M^\[\[K.*posted meanwhile.*^M^\[\[Kgrok'
}
ok 'the line is taken away for a post, and comes again' within 5 again
hang_up
cat -v screen >seen
unlike 'one that is dead is not shown' "$(cat seen)" 'ghost'
like 'and the line is taken away at the end' "$(tail -n 1 seen)" \
    '\^M\^\[\[Kstatus 130'
follow dumb
sleep 0.5
hang_up
unlike 'TERM=dumb: no line' "$(cat screen)" 'tok'
timeout 0.5 raid-show -F -l 1 >"$out"
unlike 'nor into a pipe' "$(cat "$out")" 'tok'
kill $alive
plan
