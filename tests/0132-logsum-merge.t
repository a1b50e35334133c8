#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum --state, --merge, --fail-on, --threads: what was learned of the
# parts is what is learned of the whole.
. "${0%/*}/lib.sh"
export RAID_NOW=1704200000

awk 'BEGIN { srand(3); for (i = 0; i < 60000; i++) {
	printf "2024-01-02 %02d:%02d:%02d ", i / 3600, i / 60 % 60, i % 60
	r = rand()
	if (i == 44444) print "INFO certificate of gw expires in 2 days"
	else if (r < .001) print "ERROR cannot open /x/" i
	else if (r < .3) print "INFO user u" i % 9 " logs in"
	else printf "INFO request %d latency_ms=%.1f\n", i, 5 + 3 * rand()
} }' >log
split -l 15000 log part.
exits 0 raid-logsum log
cp "$out" whole
raid-logsum --templates log >table

# --- states
for p in part.??; do raid-logsum --state "$p.state" "$p" >"$p.page"; done
ok 'a page is printed all the same' test -s part.aa.page
is 'a state is for its owner only' "$(stat -c %a part.aa.state)" 600
exits 0 raid-logsum --merge --templates part.??.state
ok 'the templates of the parts are those of the whole' cmp "$out" table
exits 0 raid-logsum --merge part.??.state
sed 's/ in [0-9]* files*//' whole >w1
sed 's/ in [0-9]* files*//' "$out" >w2
ok 'so is the page' cmp w1 w2
cat part.??.state | raid-logsum --merge --templates >"$out"
ok 'one behind the other on standard input' cmp "$out" table
for p in part.??; do raid-logsum --state - "$p"; done |
    raid-logsum --merge --templates - >"$out"
ok '--state - writes to standard output, and that only' cmp "$out" table
raid-logsum --merge --state ab part.aa.state part.ab.state >"$out"
raid-logsum --merge --templates ab part.ac.state part.ad.state >"$out"
ok 'states of states' cmp "$out" table
gzip part.aa.state && tar -cf states.tar part.??.state*
raid-logsum --merge --templates states.tar >"$out"
ok 'compressed ones in an archive' cmp "$out" table
if has xargs; then
	# shellcheck disable=SC2016 # for sh
	printf '%s\n' part.?? | xargs -P 4 -I @ sh -c \
	    'raid-logsum --state @.s @ >@.p'
	raid-logsum --merge --templates part.??.s >"$out"
	ok 'by several processes at once' cmp "$out" table
fi
exits 65 raid-logsum --merge log
like 'a log is no state' "$(cat "$err")" '^raid-logsum: log: is no state'
is 'then nothing is printed' "$(cat "$out")" ''
head -c 1000 part.ab.state >cut
exits 65 raid-logsum --merge part.ac.state cut
exits 66 raid-logsum --merge none
exits 0 raid-logsum --state empty.state /dev/null
exits 0 raid-logsum --merge empty.state part.ab.state
mkdir folder
exits 66 raid-logsum --state folder/none/state log
cp part.ab.state kept
exits 74 sh -c 'raid-logsum --state - log >/dev/full'
for bad in '--at 14:05' '--show 1' '--assign' '-F'; do
	# shellcheck disable=SC2086 # words
	exits 64 raid-logsum --merge $bad part.ab.state
done
exits 64 raid-logsum --state - -j log
exits 64 raid-logsum --state - --post log

# --- threads
for n in 1 2 3 8; do
	raid-logsum --threads $n log >"$out"
	ok "$n threads" cmp "$out" whole
	raid-logsum --threads $n --assign log | cksum >sum.$n
	ok "$n threads: each line" cmp sum.1 sum.$n
done
for n in 0 9 x -1; do exits 64 raid-logsum --threads $n log; done

# --- --fail-on
exits 1 raid-logsum --fail-on error log
like 'the page is there' "$(cat "$out")" 'cannot open'
is 'why' "$(cat "$err")" 'raid-logsum: --fail-on: error'
exits 1 raid-logsum --fail-on trace,fatal,warn log
is 'an error is worse than a warning' "$(cat "$err")" \
    'raid-logsum: --fail-on: warn'
exits 0 raid-logsum --fail-on fatal log
grep -v ERROR log >good
exits 0 raid-logsum --fail-on error,trace,failed-test good
{
	cat good
	echo 'Traceback (most recent call last):'
	echo '  File "/srv/x.py", line 3, in run'
	echo '    go()'
	echo 'ValueError: no'
} >traced
exits 1 raid-logsum --fail-on trace traced
exits 66 raid-logsum --fail-on error log none
for bad in x '' ',' error,x; do exits 64 raid-logsum --fail-on "$bad" log; done
exits 64 raid-logsum --fail-on new log
exits 64 raid-logsum --templates --fail-on error log
plan
