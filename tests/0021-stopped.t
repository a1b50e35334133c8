#!/bin/sh
# SPDX-License-Identifier: ISC
# Writers that are stopped (^Z) at any moment hold up nobody.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

J=$T/j.db
export RAID_JOURNAL="$J"
raid-init -J "$J" >"$out" || exit 1
"$BUILD/t/jobs" 4 raid-post -a jobs 'hello @x #t' >tags 2>err
is 'all ended well' "$? $(cat err)" '0 '
tail -n 1 tags >said
read -r good stops bad longest <said
note "$good posts, $stops of them stopped, longest wait of others $longest ms"
is 'none failed' "$bad" 0
ok 'some were stopped' test "$stops" -gt 3
# They stay so for 2500 ms: who waits for one is not faster than that.
ok 'the others waited for none of them' test "$longest" -lt 2200
is 'each is there' "$(sql "$J" 'SELECT count(*) FROM post')" "$good"
is 'integrity' "$(sql "$J" 'PRAGMA integrity_check')" ok
plan
