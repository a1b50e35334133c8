#!/bin/sh
# SPDX-License-Identifier: ISC
# The test library itself: a failure must show, and the world is ours.
. "${0%/*}/lib.sh"

# What a small test with lib.sh prints.
inner() {
	mkdir -p "$T/in"
	cp "$SRC/tests/lib.sh" "$T/in/lib.sh"
	# shellcheck disable=SC2016 # expanded by the inner test
	{ echo '. "${0%/*}/lib.sh"'; cat; } >"$T/in/t.t"
	BUILD=$BUILD XAI_API_KEY=secret RAID_NOW=1 sh "$T/in/t.t" 2>&1
}

o=$(echo 'is a 1 2; is b 1 1; plan' | inner)
like 'is shows a difference' "$o" '^not ok 1 - a'
like 'is takes equal strings' "$o" '^ok 2 - b'
like 'plan counts' "$o" '^1\.\.2$'
o=$(echo 'ok a false; ok b true; exits 1 true; exits 0 true' | inner)
like 'ok shows a failure' "$o" '^not ok 1 - a'
like 'ok takes success' "$o" '^ok 2 - b'
like 'exits compares' "$o" '^not ok 3'
like 'exits takes the code' "$o" '^ok 4'
o=$(echo 'like a b c; unlike a b b; like a b b; unlike a b c' | inner)
is 'like and unlike' "$(echo "$o" | grep -c '^not ok')" 2
o=$(echo 'env; pwd' | inner)
unlike 'no key, no RAID_ variable gets in' "$o" '^(XAI_API_KEY|RAID_)'
d=$(echo "$o" | tail -n 1)
ok 'the folder is gone' test -n "$d" -a ! -e "$d"
ok 'a repository is made' repo r
is 'with a commit of ours' "$(git -C r log --format=%ae)" tester@raid.invalid
plan
