#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum --show, --at, --since, --until, --tz: a second look at the lines
# of one template, and a part of the time.
. "${0%/*}/lib.sh"
export RAID_NOW=1704200000	# 2024-01-02 12:53:20 UTC

# A request each minute of a day and a half, odd ones in between.
awk 'BEGIN { for (i = 0; i < 2160; i++) {
	printf "2024-01-%02d %02d:%02d:00 INFO request %d took %d ms\n",
	    2 + int(i / 1440), i / 60 % 24, i % 60, i, i % 7
	if (i % 100 == 0)
		printf "2024-01-%02d %02d:%02d:30 WARN disk %d is slow\n",
		    2 + int(i / 1440), i / 60 % 24, i % 60, i
} }' >log
raid-logsum --templates log >table
request=$(sed -n '/request/s/	.*//p' table)
disk=$(sed -n '/disk/s/	.*//p' table)

# --- the lines of a template
exits 0 raid-logsum --show "$disk" log
grep -n disk log | sed 's/:/	/' >expected
ok 'its lines, verbatim, with their numbers' cmp "$out" expected
raid-logsum --show "$(echo "$disk" | cut -c 1-3)" log >"$out"
ok 'the beginning of the id is enough' cmp "$out" expected
raid-logsum --show "$disk" <log >"$out"
ok 'of standard input' cmp "$out" expected
(cat log; sleep 0.1) | raid-logsum --show "$disk" - >"$out"
ok 'of a pipe' cmp "$out" expected
mkfifo fifo
cat log >fifo &
raid-logsum --show "$disk" fifo >"$out"
ok 'of a named pipe' cmp "$out" expected
gzip -c log >log.gz
raid-logsum --show "$disk" log.gz >"$out"
ok 'of a compressed file' cmp "$out" expected
raid-logsum --show "$disk" --threads 1 log >"$out"
ok 'with one thread' cmp "$out" expected
head -n 1000 log >a
tail -n +1001 log >b
tar -cf ab.tar a b
raid-logsum --show "$disk" ab.tar >"$out"
ok 'of an archive' cmp "$out" expected
raid-logsum --show "$disk" a b >"$out"
ok 'of two files: numbers go on' cmp "$out" expected
exits 1 raid-logsum --show 00000000 log
like 'there is none' "$(cat "$err")" '^raid-logsum: --show 00000000: no temp'
is 'and nothing is printed' "$(cat "$out")" ''
seq 2000 | sed 's/.*/echo & | cksum/' | sh | awk '{ print "w" $1 "x is here" }' |
    tr 0-9 a-j >many
first=$(raid-logsum --templates many | cut -c 1 | sort | uniq -c |
    awk '$1 > 1 { print $2; exit }')
if [ -n "$first" ]; then
	exits 1 raid-logsum --show "$first" many
	like 'there are several' "$(cat "$err")" 'more than one id begins so'
else
	exits 1 raid-logsum --show 0000000f many
	skip 'there are several' 'ids are all different'
fi
for id in x '' 123456789 ABCD; do
	exits 64 raid-logsum --show "$id" log
done
printf 'a \0 b 1\r\na \033[31mb\033[0m 2\na \377 3' >odd
raid-logsum --templates odd >table2
for id in $(cut -f 1 table2); do raid-logsum --show "$id" odd; done |
    sort >"$out"
printf '1\ta \0 b 1\n2\ta \033[31mb\033[0m 2\n3\ta \377 3\n' | sort >expected
ok 'odd bytes are verbatim' cmp "$out" expected
id=$(raid-logsum --assign odd | tail -n 1)
like 'JSON' "$(raid-logsum -j --show "$id" odd | tail -n 1)" \
    '^\{"type":"log_line","v":1,"line":3,"text":"a .* 3"\}$'
ok 'JSON is UTF-8' sh -c \
    "raid-logsum -j --show $id odd | iconv -f UTF-8 -t UTF-8"
echo 'user x logs in with password=hunter2-Xyz99 and token ghp_0123456789abcdefghijklmnopqrstuvwxyzAB' >secret
id=$(raid-logsum --assign secret)
exits 0 raid-logsum --show "$id" secret
like 'secrets are masked' "$(cat "$out")" 'masked'
unlike 'and not there' "$(cat "$out")" 'hunter2|ghp_0123'
# A key of several lines is none of the patterns' in one of them.
key=MC4CAQAwBQYDK2VwBCIEINz+HyOl0TjigM+nWvgEex9EjTmxVMQBkcXeDn5IgFwt
{
	head -n 50 log
	printf -- '-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n' \
	    $key
	tail -n 50 log
} >keyed
raid-logsum keyed >"$out"
like 'that a key is there is told' "$(cat "$out")" 'BEGIN PRIVATE KEY'
id=$(raid-logsum --assign keyed | sed -n 52p)
raid-logsum --show "$id" keyed >>"$out"
raid-logsum -j --show "$id" keyed >>"$out"
raid-logsum --templates keyed >>"$out"
raid-logsum --state - keyed >>"$out"
cat keyed | raid-logsum -F >>"$out"
like 'a line stands for it' "$(cat "$out")" '^52	\[a line of a private key\]$'
unlike 'the key is nowhere' "$(cat "$out")" 'MC4CAQ'
printf '__CURSOR=s=a\n__REALTIME_TIMESTAMP=1700000000000000\nPRIORITY=3\nMESSAGE=one 1\n\n__CURSOR=s=b\n__REALTIME_TIMESTAMP=1700000001000000\nMESSAGE=one 2\n\n' >export
id=$(raid-logsum --assign export | sed -n 1p)
is 'what journalctl exports' "$(raid-logsum --show "$id" export |
    sed 's/	.* one/ one/')" "$(printf '1 one 1\n2 one 2')"
if has script; then
	id=$(raid-logsum --assign odd | sed -n 2p)
	script -qec "raid-logsum --show $id odd" /dev/null >"$out" </dev/null
	like 'nothing steers a terminal' "$(cat "$out")" 'x1b\[31m'
fi
exits 74 sh -c "raid-logsum --show $disk log >/dev/full"
mkdir full
TMPDIR=$T/none exits 74 raid-logsum --show "$disk" log
like 'no place for a temporary file' "$(cat "$err")" 'temporary file in'

# --- a part of the time
count() { raid-logsum --show "$request" "$@" log | wc -l; }
is 'ten minutes around --at' "$(count --at '2024-01-02 14:05')" 10
is 'without a day: the first' "$(raid-logsum --show "$request" --at 14:05 log |
    sed -n '1s/^[0-9]*	//p' | cut -c 1-16)" '2024-01-02 14:00'
is 'the second day by its name' "$(raid-logsum --show "$request" \
    --at '2024-01-03 02:05' log | sed -n '1s/^[0-9]*	//p' |
    cut -c 1-16)" '2024-01-03 02:00'
is '--span' "$(count --at 14:05 --span 1h)" 60
is '--since' "$(count --since '2024-01-03 11:00')" 60
is '--until' "$(count --until '2024-01-02 01:00')" 60
is 'both' "$(count --since 10:00 --until 10:30)" 30
is 'over midnight' "$(count --since 23:50 --until 00:20)" 30
is 'a day of one is enough' "$(count --since '2024-01-03 01:00' \
    --until 02:00)" 60
is 'a day of the other, too' "$(count --since 01:00 \
    --until '2024-01-03 02:00')" 60
is 'seconds since 1970' "$(count --since @1704164400 --until @1704168000)" 60
is 'back from now' "$(count --since '90m ago' --until '30m ago')" 60
is 'a zone of the operand' "$(count --since 2024-01-02T10:00:00+03:00 \
    --until 2024-01-02T11:00:00+03:00)" 60
is '--tz' "$(raid-logsum --show "$request" --tz +03:00 --since \
    2024-01-02T10:00:00Z --until 2024-01-02T11:00:00Z log | sed -n \
    '1s/^[0-9]*	//p' | cut -c 1-16)" '2024-01-02 13:00'
is 'the other template' "$(raid-logsum --show "$disk" --at 03:20 log |
    wc -l)" 1
for bad in '--at 25:00' '--at x' '--span 5m' '--at 14:05 --span x' \
    '--at 14:05 --span 0s' '--at 14:05 --since 14:00' '--since tomorrow' \
    '--since 2024-01-03 --until 2024-01-02' '--tz Nowhere/Atall'; do
	# shellcheck disable=SC2086 # words
	exits 64 raid-logsum $bad log
done
exits 64 raid-logsum --templates --at 14:05 log
exits 64 raid-logsum --assign --since 14:05 log
exits 0 raid-logsum --at 14:05 log
plan
