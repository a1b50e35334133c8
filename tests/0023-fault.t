#!/bin/sh
# SPDX-License-Identifier: ISC
# System calls that fail, one after the other: what is said is true, and the
# journal stays whole.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

has cc || plan_skip 'no C compiler'
cc -D_GNU_SOURCE -shared -fPIC -o fault.so "$SRC/tests/preload/fault.c" -ldl ||
    plan_skip 'no shared object can be made'
export FAULT_HIT="$T/hit" ASAN_OPTIONS=verify_asan_link_order=0

# faulty N ERRNO COMMAND...: with the Nth call failing.  Sets $rc.
faulty() {
	n=$1 e=$2
	shift 2
	rm -f hit
	rc=0
	LD_PRELOAD="$T/fault.so" FAULT_AT=$n FAULT_ERRNO=$e timeout -k 1 60 \
	    "$@" >"$out" 2>"$err" || rc=$?
}
# Is what the run did sane?  Sets $why.
judge() {
	case $rc in
	0) [ -s "$out" ] || why="$why $n: no tag" ;;
	6[569] | 7[145789])
		grep -q '^raid-[a-z]*: .*[a-z]' "$err" || why="$why $n: silent" ;;
	*) why="$why $n: status $rc" ;;
	esac
	if grep -aqE 'Sanitizer|runtime error' "$err"; then why="$why $n: a fault"; fi
}

raid-init -J "$T/begin.db" >"$out"
raid-post -J "$T/begin.db" first >"$out"
echo content >file
# ENOSPC (28) for each call, EIO (5) for some.
for e in 28 5; do
	why='' i=0
	while
		i=$((i + 1 + (28 - e) / 5))
		rm -f j.db*
		cp begin.db j.db
		faulty "$i" "$e" raid-post -J "$T/j.db" -f file "second $i"
		[ -e hit ]
	do
		judge
		[ "$(sql j.db 'PRAGMA integrity_check')" = ok ] ||
		    why="$why $i: damaged"
		stored=$(sql j.db "SELECT count(*) FROM post WHERE body = 'second $i'")
		if [ -s "$out" ] && [ "$stored" != 1 ]; then
			why="$why $i: a tag, no post"
		fi
		raid-post -J "$T/j.db" third >"$out" 2>&1 ||
		    why="$why $i: nothing can be posted any more"
		[ "$i" -lt 300 ] || break
	done
	is "raid-post, errno $e, below $i" "$why" ''
	ok 'some, but not without end' test "$i" -gt 10 -a "$i" -lt 300
done

why='' i=0
while
	i=$((i + 4))
	rm -rf p && mkdir p && git init -q p
	: >"$HOME/.config/raid/trusted"
	faulty "$i" 28 raid-init -C p
	[ -e hit ]
do
	judge
	case $(cd p && echo .raid*) in
	.raid | '.raid*') ;;
	*) why="$why $i: a fragment" ;;
	esac
	raid-init -C p >"$out" 2>&1 || [ $? -eq 77 ] ||
	    why="$why $i: raid-init cannot go on"
	[ "$i" -lt 300 ] || break
done
is "raid-init, below $i" "$why" ''
plan
