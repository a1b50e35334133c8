#!/bin/sh
# SPDX-License-Identifier: ISC
# Cases of every kind, made from a fixed set of changes in ten languages.
# scripts/dev/corpus makes many more from the history of any repository.
. "${0%/*}/lib.sh"

# What the classes must reach, in percent.
clear=99 hard=95
# How many a second run may change: a place like the one it changed is there.
once=0

[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
"$BUILD/t/cases" -n 3 -c "$clear" -t "$hard" "$SRC/tests/cases/pairs" \
    >"$out" 2>"$err"
is 'nothing goes wrong in the runner' "$(cat "$err")" ''
total() { sed -n "s/^$1 //p" "$out" | tail -n 1; }
atleast() { # NAME PERCENT
	ok "$1: $(total "$1"), at least $2 %" \
	    awk -v is="$(total "$1")" -v want="$2" \
	    'BEGIN { exit !(is != "" && is + 0 >= want + 0) }'
}
atleast clear "$clear"
atleast hard "$hard"
atleast either 100
atleast 'hostile refused' 100
is 'none is wrong' "$(total wrong)" 0
is 'none is half applied' "$(total half-applied)" 0
is 'every diff is clean' "$(total 'bad diff or broken')" 0
ok "its own diff changes $(total 'changed by its own diff'), at most $once" \
    test "$(total 'changed by its own diff')" -le "$once"
ok 'there are enough of them' test "$(total cases)" -ge 400
ok 'of enough kinds' test "$("$BUILD/t/cases" -l | grep -cv ^hostile)" -ge 60
ok 'hostile ones too' test "$("$BUILD/t/cases" -l | grep -c ^hostile)" -ge 40
sed -n 's/ \*$//p' "$out" | while read -r line; do note "$line"; done
plan
