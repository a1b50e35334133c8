#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum: any log as templates, ids and a page.
. "${0%/*}/lib.sh"

cat >log <<'END'
2024-01-02 03:04:05,001 INFO [main] a.b.Server: listening on port 8080
2024-01-02 03:04:06,002 INFO [pool-1] a.b.Server: request 17 took 5 ms
2024-01-02 03:04:07,003 INFO [pool-2] a.b.Server: request 18 took 2.5 ms
2024-01-02 03:04:08,004 ERROR [pool-2] a.b.Store: cannot open /var/x
Jan  2 03:04:09 box app[12]: request 19 took 1 s
END

# --- templates and ids
raid-logsum --templates log >table
is 'the most frequent is first, whatever its header' "$(head -n 1 table |
    cut -f 2-)" '3	request <num> took <duration>'
is 'all are there' "$(wc -l <table)" 3
raid-logsum --assign log >ids
is 'a line for a line' "$(wc -l <ids)" 5
is 'the same template has the same id' "$(sed -n '2p;3p;5p' ids | sort -u)" \
    "$(head -n 1 table | cut -f 1)"
is 'every id stands in the table' "$(sort -u ids)" "$(cut -f 1 table | sort)"
sed 's/17/99999/; s|/var/x|/tmp/other|' log | raid-logsum --assign >ids2
ok 'ids are the same in another run, from standard input' cmp ids ids2
raid-logsum --assign - <log >ids2
ok '- is standard input' cmp ids ids2

# --- several files, compressed ones
cat ids ids >twice
raid-logsum --assign log log >ids2
ok 'several files are one log' cmp twice ids2
for tool in gzip bzip2 xz zstd; do
	if ! has $tool; then
		skip "$tool" "no $tool here"
		continue
	fi
	$tool -c log >packed
	raid-logsum --assign packed >ids2
	ok "$tool" cmp ids ids2
	raid-logsum --assign <packed >ids2
	ok "$tool on standard input" cmp ids ids2
done
# So long that the damage comes behind lines that could be read.
seq 200000 | sed 's/^/request /' | gzip -c >whole.gz
head -c 100000 whole.gz >cut.gz
exits 65 raid-logsum --templates cut.gz
like 'what came before the damage counts' "$(cat "$out")" 'request <num>$'
like 'a damaged file is named' "$(cat "$err")" '^raid-logsum: cut\.gz: '
exits 66 raid-logsum --templates none log
like 'a file that is not there is named' "$(cat "$err")" 'none: No such'
is 'the others count' "$(wc -l <"$out")" 3
exits 66 raid-logsum .
like 'a folder is no log' "$(cat "$err")" 'folder'
: >empty
exits 0 raid-logsum --assign empty
is 'of nothing comes nothing' "$(cat "$out")" ''

# --- hostile bytes
sed 's/$/\r/' log | raid-logsum --assign >ids2
ok 'CRLF' cmp ids ids2
sed 's/INFO/\x1b[32mINFO\x1b[0m/' log | raid-logsum --assign >ids2
ok 'colours' cmp ids ids2
printf 'a\0b \377\376 c\n10%%\r100%%\n' | raid-logsum --templates >"$out"
is 'NULs, invalid UTF-8, a progress bar' "$(wc -l <"$out")" 2
ok 'the table is valid UTF-8' iconv -f UTF-8 -t UTF-8 "$out"
{
	head -c 10000000 /dev/zero | tr '\0' x
	echo
	head -n 1 log
} | raid-logsum --assign >"$out"
is 'a line of 10 MB is a line' "$(wc -l <"$out")" 2
head -c 3000000 /dev/urandom >junk
lines=$(tr -cd '\n' <junk | wc -c)
[ "$(tail -c 1 junk | od -An -tx1 | tr -d ' ')" = 0a ] || lines=$((lines + 1))
raid-logsum --assign junk >"$out"
is 'junk: a line for a line' "$(wc -l <"$out")" "$lines"
exits 0 raid-logsum junk
ok 'the page of junk is valid UTF-8' iconv -f UTF-8 -t UTF-8 "$out"

# --- the page
exits 0 raid-logsum log
like 'the head' "$(head -n 1 "$out")" '^# Log: 5 lines, 3 templates$'
like 'how large, and when' "$(sed -n 3p "$out")" \
    '^333 B in 1 file; 2024-01-02 03:04:05 to 03:04:09 UTC \(assumed\)\.$'
is 'the bad one is quoted first, without its time' \
    "$(sed -n '/^## Rare/,/^## /p' "$out" | sed -n 4,5p |
    sed 's/ [0-9a-f]*$//')" 'x1 error 03:04:08 line 4
    ERROR [pool-2] a.b.Store: cannot open /var/x'
like 'the frequent by their template' "$(sed -n '/^## Freq/,$p' "$out")" \
    '^x3 info [0-9a-f]{8} request <num> took <duration>$'
like 'every line is counted once' "$(tail -n 1 "$out")" \
    '^Left out: 0 templates, 0 lines\. Sum: 5 \+ 0 = 5 lines\.$'
awk 'BEGIN { srand(2); for (i = 0; i < 9000; i++) {
	s = ""
	for (k = 0; k < 1 + rand() * 9; k++)
		s = s " " sprintf("%c%c", 97 + rand() * 26, 97 + rand() * 26)
	print "things" s } }' >many
for b in 100 500 4000; do
	exits 0 raid-logsum -b "$b" many
	ok "-b $b is kept" test "$(wc -w <"$out")" -lt "$b"
	is "-b $b: the sum is that of the lines" "$(tail -n 1 "$out" |
	    sed -n 's/.*Sum: \([0-9]*\) + \([0-9]*\) = \([0-9]*\) .*/\1 \2 \3/p' |
	    awk '{ print ($1 + $2 == $3), $3 }')" '1 9000'
	shown=$(sed -n 's/^x\([0-9]*\) .*/\1/p
	    s/^    + .* like it, \([0-9]*\) lines*$/\1/p' "$out" |
	    awk '{ n += $1 } END { print n + 0 }')
	like "-b $b: what is shown adds up" "$(tail -n 1 "$out")" \
	    "Sum: $shown \\+"
done
awk 'BEGIN { for (i = 0; i < 3000; i++) {
	t = sprintf("2024-01-02 %02d:%02d:%02d", i / 360, i / 6 % 60, i % 6 * 10)
	print t " INFO api item " i * 7 % 997 " took_ms=" (20 + i % 9) * \
	    (i >= 1800 && i < 2100 ? 9 : 1)
	if (i == 700)
		print t " INFO ring token moved to site beta"
	if (i >= 1800 && i < 2100 && i % 10 == 0)
		print t " ERROR api no worker is free"
	} }' >service
exits 0 raid-logsum service
like 'when it got worse' "$(cat "$out")" '^## Incident 0(4:5|5:0)'
like 'in what' "$(cat "$out")" '^took_ms: 2[0-9.]+ -> 2[0-9.]+ ms, x'
like 'what came with it' "$(cat "$out")" ', all in it$'
like 'a quiet event that was once' "$(cat "$out")" \
    '^    INFO ring token moved to site beta$'
like 'numbers' "$(cat "$out")" '^took_ms +3000 +20 .* ms'
printf '%s\n' 'x.c:3:5: error: expected ; before }' 'not ok 2 - b thing' \
    'ok 3 - c' '1..3' >build
exits 0 raid-logsum build
like 'what a compiler said' "$(cat "$out")" \
    '^x\.c:3:5: error: expected ; before } \(line 1\)$'
like 'what a test said' "$(cat "$out")" '^failed: b thing \(line 2\)$'
raid-logsum many >one
raid-logsum many >two
ok 'the page is the same each time' cmp one two
exits 0 raid-logsum -j log
like 'JSON' "$(cat "$out")" '^\{"type":"log_digest","v":1,"lines":5,'
like 'JSON: the sum' "$(cat "$out")" \
    '"shown_lines":5,"left_out_templates":0,"left_out_lines":0'
exits 0 raid-logsum -j --templates log
like 'a line of JSON a template' "$(head -n 1 "$out")" \
    '^\{"type":"log_template","v":1,.*"count":3,'

# --- the command line
exits 64 raid-logsum --templates --assign log
exits 64 raid-logsum --assign -j log
exits 64 raid-logsum -b 99 log
exits 64 raid-logsum -b x log
exits 64 raid-logsum --assign -b 500 log
exits 74 sh -c 'raid-logsum log >/dev/full'
plan
