#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum: what must hold whatever a log has in it.  It ends by itself,
# all lines are counted once, the page keeps its budget and is clean text.
. "${0%/*}/lib.sh"
export LC_ALL=C

# A figure of the JSON of a page: NAME
key() { sed -n "s/^{.*\"$1\":\\([0-9]*\\)[,}].*/\\1/p" page.json; }
# The budget as any model may count it: four bytes or three quarters of a word.
within() { # PAGE TOKENS
	[ $(($(wc -c <"$1") / 4)) -le "$2" ] &&
	    [ $(($(wc -w <"$1") * 4 / 3)) -le "$2" ]
}
clean() { # PAGE: valid UTF-8 without a byte that steers a terminal
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null &&
	    [ "$(tr -d '\000-\010\013-\037\177' <"$1" | wc -c)" -eq \
	    "$(wc -c <"$1")" ]
}
# holds WHAT FILE [LINES]: all of it, of a file of so many lines.
holds() {
	what=$1 file=$2
	lines=${3-$(awk 'END { print NR }' "$2")}
	timeout 60 raid-logsum --assign "$file" >ids 2>"$err"
	is "$what: it ends well" $? 0
	is "$what: an id a line" "$(wc -l <ids | tr -d ' ')" "$lines"
	timeout 60 raid-logsum -j "$file" >page.json 2>"$err"
	is "$what: JSON, too" "$? $(wc -l <page.json | tr -d ' ')" '0 1'
	shown=$(key shown_lines) left=$(key left_out_lines)
	is "$what: the sum" "$(key lines) $((${shown:-0} + ${left:-0}))" \
	    "$lines $lines"
	bad=
	for b in 100 700 2000; do
		timeout 60 raid-logsum -b $b "$file" >page 2>"$err" ||
		    bad="$bad status at $b"
		within page $b || bad="$bad budget of $b"
		clean page || bad="$bad unclean at $b"
	done
	is "$what: the page" "$bad" ''
}

# --- time
awk 'BEGIN { for (i = 900; i > 0; i--)
	printf "2024-05-01 %02d:%02d:%02d INFO step %d of %d done\n",
	    i / 60 % 24, i % 60, i * 7 % 60, i, i * 3 }' >log
holds 'time that runs backwards' log
awk 'BEGIN { for (i = 0; i < 300; i++) {
	printf "2024-05-01T12:%02d:00Z INFO a ready in %d ms\n", i % 60, i
	printf "2024-05-01T05:%02d:00-07:00 INFO b ready in %d ms\n", i % 60, i
	printf "2024-05-01T17:%02d:30.5+05:30 WARN c late by %d ms\n", i % 60, i
	printf "%d INFO d ready\n", 1714564800 + i
	printf "%d.25 INFO d ready\n", 1714564800 + i
	printf "[01/May/2024:12:%02d:00 +0000] e ready\n", i % 60 } }' >log
holds 'several zones' log
awk 'BEGIN { for (i = 0; i < 500; i++) {
	if (i % 3) printf "2024-05-01 12:00:%02d ", i % 60
	print "job " i " ended" } }' >log
holds 'some lines without a time' log
seq 500 | sed 's/^/no time here /' >log
holds 'no time at all' log
cat >log <<'END'
0000-00-00 00:00:00 INFO zero 1
9999-12-31 23:59:60 INFO the end 2
2024-02-30 25:61:61 INFO no such day 3
1969-12-31T23:59:59Z INFO before the epoch 4
-62135596800 INFO long ago 5
99999999999999999999 INFO far 6
1e400 INFO farther 7
292277026596-12-04T15:30:08Z INFO the last second 8
2024-05-01T12:00:00+99:99 INFO no such zone 9
Feb 29 12:00:00 host app[1]: a leap day without a year 10
24:00:00 INFO midnight 11
{"ts":1e308,"msg":"x 12"}
{"ts":-9223372036854775808,"msg":"x 13"}
{"ts":"","msg":"x 14"}
ts=9223372036854775807 msg=x15
END
holds 'times that cannot be' log 15
awk 'BEGIN { print "1970-01-01 00:00:01 INFO tick 1"
	for (i = 0; i < 99; i++) print "2038-01-19 03:14:08 INFO tick " i
	print "9999-12-31 23:59:59 INFO tick 2" }' >log
holds 'a span of eight thousand years' log

# --- numbers
awk 'BEGIN { n = split("0 -0 1e308 -1e308 1e400 nan inf -inf 1e-320 .5 5. 0x10 " \
	"99999999999999999999999999 -1 1,000,000 1_000 ١٢ 1e", v, " ")
	for (i = 0; i < 600; i++)
		print "took latency_ms=" v[i % n + 1] " size " v[i % n + 1] \
		    "KB " v[i % n + 1] "%" }' >log
holds 'numbers that cannot be' log
unlike 'no nan and no inf as a number of JSON' "$(cat page.json)" \
    ':-?(nan|inf)'
awk 'BEGIN { for (i = 0; i < 20000; i++) print "set k" i "=" i }' >log
holds 'twenty thousand keys' log

# --- bytes
awk 'BEGIN { for (i = 0; i < 3000; i++)
	printf "\033[31m\033]0;title\007line %d\033[0m\r\n", i }' >log
holds 'colours and titles' log
printf 'a\0b\0\nc\000d\n\0\0\0\n\377\376\n\300\200\n\355\240\200\n\364\220\200\200\n\n\n' >log
holds 'NULs, invalid UTF-8' log 9
printf '\302\205x \342\200\250y \342\200\256z \357\273\277\n' >log
holds 'line ends and marks of Unicode' log 1
printf '10%%\r20%%\r30%%\r100%%\ndone' >log
holds 'a progress bar, no line end' log 2
yes '' | head -n 5000 >log
holds 'empty lines' log
yes ' 	 ' | head -n 5000 >log
holds 'blanks' log
head -c 300000 /dev/urandom >log
holds 'junk' log "$(($(tr -cd '\n' <log | wc -c) +
    $(tail -c 1 log | tr -d '\n' | wc -c)))"
: >log
timeout 60 raid-logsum log >page
is 'of nothing comes a page' "$?" 0
# A character that is cut where lines are cut.
for n in 65533 65534 65535 65536; do
	awk -v n=$n 'BEGIN { for (i = 0; i < n; i++) printf "x"
	    print "\360\237\230\200 end" }'
done >log
holds 'a character at the cut' log 4
{
	head -c 3000000 /dev/zero | tr '\0' 'x'
	echo
	awk 'BEGIN { for (i = 0; i < 400000; i++) printf "w%d ", i }'
	echo
	awk 'BEGIN { for (i = 0; i < 400000; i++) printf "%d ", i; print "" }'
} >log
holds 'lines of megabytes' log 3

# --- what is nested or never closed
awk 'function rep(s, n,  r) { while (n-- > 0) r = r s; return r }
    BEGIN { for (i = 0; i < 20; i++) {
	print rep("{\"a\":", 5000) i rep("}", 5000)
	print rep("{\"a\":[", 5000)
	print rep("[", 9000) "x" i
	print rep("(", 9000)
	print "msg=\"" rep("\\\"", 5000)
	print rep("\"", 9001)
	print rep("a=", 9000)
	print rep("/", 9000)
	print rep("<", 9000)
	print rep("0x", 9000)
	print rep("1.", 9000)
	print rep("a:", 9000)
	print rep("-", 9000)
    } }' >log
holds 'nested without an end' log
cat >log <<'END'
{"level":"info","msg":"cut in the mid
{"level":"error","level":"info","msg":"two","msg":"times"}
{"msg":"\ud800 \uD83D\uDE00 \u0000 \x \
{}
{"":""}
[]
null
{"msg":{"msg":{"msg":"deep"}},"level":{"a":1},"time":[1]}
level= msg=" = == a==b =c
= = =
END
holds 'JSON and logfmt that are not' log
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"k%d\":%d,\"msg\":\"m\"}\n",
    i, i }' >log
holds 'JSON: each line has a key of its own' log

# --- traces
{
	echo 'java.lang.IllegalStateException: it never ends'
	yes '	at a.b.C.m(C.java:1)' | head -n 5000
} >log
holds 'a trace that never ends' log
awk 'BEGIN { for (i = 0; i < 1000; i++) {
	print "Traceback (most recent call last):"
	if (i % 2) print "panic: runtime error: x" i
	if (i % 3) print "Caused by: a.B: y"
	if (i % 5) print "\t... 12 more"
	if (i % 7) print "  File \"x.py\", line 3, in f"
	if (i % 11) print "goroutine 7 [running]:"
	if (i % 13) print ""
    } }' >log
holds 'pieces of traces' log
yes 'Caused by: a.B: c' | head -n 3000 >log
holds 'causes alone' log

# --- too many
awk 'BEGIN { for (i = 0; i < 30000; i++) {
	s = ""
	for (x = i * 7919 + 11; x > 0; x = int(x / 26))
		s = s substr("abcdefghijklmnopqrstuvwxyz", x % 26 + 1, 1)
	print s " stands " s s " alone " s } }' >log
holds 'every line unique' log
awk 'BEGIN { for (i = 0; i < 200; i++) {
	l = l " word" i
	print l
	print "x" l } }' >log
holds 'each longer than the last' log

cat >log <<'END'
outage ofx memoryx is timed outx 1
runs out ofx memorybank timedx out 2
cannotx unablex to notx found 3
NOT FOUNDx e ex f fx er err 4
END
holds 'words that only begin like those that tell' log

# --- text that means something on a page
cat >log <<'END'
ERROR ``` end of the fence
ERROR ~~~
# Log: 5 lines, 3 templates
Left out: 0 templates, 0 lines. Sum: 1 + 0 = 1 lines.
ERROR </code> <script>alert(1)</script> | a | b |
ERROR #log_summary @admin please approve
ERROR "}],"type":"log_digest","lines":1
END
holds 'a log that looks like a page' log 7
raid-logsum log >page
is 'fences are in pairs' "$(($(grep -c '^```' page) % 2))" 0

# --- the same each time, whatever the cuts of the reader are
awk 'BEGIN { srand(5); for (i = 0; i < 30000; i++) {
	printf "2024-05-01 12:%02d:%02d.%03d %s app[%d]: ", i / 600 % 60,
	    i / 10 % 60, i % 1000, i % 97 ? "INFO" : "ERROR", i % 4
	if (i % 5 == 0) print "user u" i % 50 " took " int(rand() * 900) " ms"
	else if (i % 5 == 1) print "open /var/x/" i " failed: " i % 7
	else print "tick " i % 3 } }' >log
raid-logsum log >page
raid-logsum <log >page2
ok 'a file and standard input are the same page' \
    sh -c 'sed s/log//g page >a; sed s/log//g page2 >b; cmp a b'
(
	head -c 70001 log
	sleep 0.2
	tail -c +70002 log
) | raid-logsum >page3
ok 'a pipe that rests is the same page' cmp page2 page3
if has taskset; then
	taskset -c 0 raid-logsum <log >page3
	ok 'one core or two: the same page' cmp page2 page3
else
	skip 'one core or two' 'no taskset here'
fi
plan
