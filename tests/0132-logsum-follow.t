#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum -F: the page of what is there, then what is new in kind, through
# rotation and cuts, and the page of all at the end.
. "${0%/*}/lib.sh"

# until FILE ERE: wait until a line matches.
until_() {
	for _ in $(seq 100); do
		! grep -qE -e "$2" "$1" || return 0
		sleep 0.1
	done
	return 1
}
# follow ARGUMENT...: in the background; what it prints is in $out and $err.
follow() {
	: >"$out"
	raid-logsum -F "$@" >"$out" 2>"$err" &
	pid=$!
	at_end=$pid
}
# ends SIGNAL STATUS: it ends so.
ends() {
	[ -z "$1" ] || kill -s "$1" $pid
	wait $pid
	is "ends with $2 ${1:+by $1}" $? "$2"
	at_end=
}
start() {
	for i in 1 2 3; do
		printf '2024-01-02 03:04:0%s INFO request %s took 5 ms\n' $i $i
	done >log
}
export RAID_NOW=1704164700

start
follow log
ok 'the page of what is there' until_ "$out" '^Left out:.* = 3 lines'
echo '2024-01-02 03:05:01 INFO request 9 took 7 ms' >>log
echo '2024-01-02 03:05:02 WARN disk 3 is slow' >>log
ok 'what is new comes at once' until_ "$out" \
    '^2024-01-02 03:05:00 [0-9a-f]{8} 2024-01-02 03:05:02 WARN disk 3 is slow$'
unlike 'what is not new does not' "$(cat "$out")" 'request 9'
echo '2024-01-02 03:05:03 WARN disk 4 is slow' >>log
printf '2024-01-02 03:05:04 ERROR half a' >>log
sleep 0.6
unlike 'half a line is none' "$(cat "$out")" 'half a'
echo ' line' >>log
ok 'when it ends it is one' until_ "$out" ' ERROR half a line$'
mv log log.1
echo 'more of the old one' >>log.1
sleep 0.6
echo '2024-01-02 03:05:05 INFO rotated: here begins another' >log
ok 'the old one is read to its end' until_ "$out" 'more of the old one$'
ok 'and then the new one' until_ "$out" 'rotated: here'
: >log
sleep 0.5
echo '2024-01-02 03:05:06 INFO cut: from the beginning' >>log
ok 'what was cut is read again' until_ "$out" 'cut: from'
like 'which is said' "$(cat "$err")" '^raid-logsum: log: was cut'
printf 'no newline at the end' >>log
sleep 0.5
ends INT 0
like 'the last page has all' "$(tail -n 1 "$out")" ' = 11 lines'
is 'there are two pages' "$(grep -c '^# ' "$out")" 2
unlike 'no disk twice' "$(cat "$out")" '^2024.* disk 4 is slow'
like 'the page tells of one file' "$(grep 'no newline' "$out")" .

# --- several, and one that is not there yet
start
follow log later
ok 'of what is there' until_ "$out" '^Left out:'
like 'one is not there' "$(cat "$err")" '^raid-logsum: later: is not there yet'
echo 'a word from the second file' >later
ok 'now it is, and the file is named' until_ "$out" \
    'later: a word from the second file$'
ends TERM 0
like 'all are counted' "$(tail -n 1 "$out")" ' = 4 lines'
rm later
mkdir folder
follow log folder
ok 'the others go on' until_ "$out" '^Left out:'
ends TERM 66
like 'a folder is named' "$(cat "$err")" 'folder'

# --- a pipe ends; a compressed file is read once
(cat log; sleep 1; echo 'something else, at last'; sleep 0.7) |
    raid-logsum -F >"$out"
is 'a pipe ends' $? 0
like 'what came later in it' "$(cat "$out")" \
    '^2024-01-02 03:05:00 [0-9a-f]{8} something else, at last$'
gzip -c log >log.gz
exits 0 raid-logsum -F log.gz
is 'a compressed file has one page' "$(grep -c '^# ' "$out")" 1

# --- JSON
start
follow -j log
ok 'JSON: a page' until_ "$out" '"type":"log_digest"'
printf 'WARN odd \377 thing\n' >>log
ok 'JSON: a line' until_ "$out" '^\{"type":"log_new","v":1,"ts":1704164700,"id":"[0-9a-f]{8}","level":"warn","line":4,"text":"WARN odd .* thing"\}$'
ends INT 0

# --- --fail-on
start
follow --fail-on error log
until_ "$out" '^Left out:'
echo 'WARN nothing bad yet' >>log
until_ "$out" 'nothing bad'
echo 'ERROR cannot go on' >>log
ends '' 1
like 'the line' "$(cat "$out")" '^2024.*ERROR cannot go on$'
like 'why' "$(cat "$err")" '^raid-logsum: --fail-on: error$'
like 'the last page' "$(tail -n 1 "$out")" ' = 5 lines'
follow --fail-on new log
until_ "$out" '^Left out:'
echo '2024-01-02 03:04:09 INFO request 4 took 9 ms' >>log
sleep 0.7
ok 'nothing new: it goes on' kill -0 $pid
echo 'never seen before' >>log
ends '' 1
follow --fail-on error log
ends '' 1
is 'what is there counts, and there is one page' "$(grep -c '^# ' "$out")" 1

# --- secrets, state, an output that goes away
start
follow --state state log
until_ "$out" '^Left out:'
echo 'login with password=hunter2-Xyz99 failed' >>log
ok 'a secret is masked' until_ "$out" 'masked'
unlike 'and not printed' "$(cat "$out")" 'hunter2'
ends TERM 0
is 'the state has all' "$(raid-logsum --merge --templates state | wc -l)" 2
start
ok 'it ends when nobody reads' timeout 20 sh -c 'raid-logsum -F log | head -n 1'
exits 74 timeout 20 sh -c 'raid-logsum -F log >/dev/full'
exits 64 raid-logsum -F --templates log
exits 64 raid-logsum -F --compare log log
exits 64 raid-logsum -F log --post
like 'an option behind the files is none' "$(cat "$err")" 'options come first'
plan
