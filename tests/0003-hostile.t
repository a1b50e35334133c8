#!/bin/sh
# SPDX-License-Identifier: ISC
# Every program, whatever it is given: it ends soon, with a documented status
# and a message, and never by a fault of its own.
. "${0%/*}/lib.sh"

head -c 1048576 /dev/urandom >junk
repo r && raid-init -C r >"$out" && raid-post -C r '@nobody hello' >"$out"
mkdir none

# sane PROGRAM CASE STATUS: judges what the run left in $out and $err.
sane() {
	why=
	case $3 in
	0 | 1 | 130) ;;
	64 | 65 | 66 | 69 | 71 | 74 | 75 | 76 | 77 | 78)
		grep -q '[a-z]' "$err" || why="status $3 without a message" ;;
	126 | 127)	# the status of the command that it was told to run
		[ "${1##*/}" = raid-replica ] || why="status $3" ;;
	124) why='it does not end' ;;
	*) why="status $3" ;;
	esac
	if grep -aqE 'AddressSanitizer|LeakSanitizer|runtime error:|Assertion' \
	    "$err"; then
		why='a fault'
	fi
	if [ -z "$why" ]; then result_ 0 "${1##*/} $2"
	else result_ 1 "${1##*/} $2" || note "$why" "$(tail -n 20 "$err" | cat -v)"; fi
}
# try PROGRAM CASE COMMAND...: standard input is empty, unless CASE says so.
try() {
	p_=$1 case_=$2
	shift 2
	timeout -k 2 20 "$@" >"$out" 2>"$err" </dev/null
	sane "$p_" "$case_" $?
}

for p in "$BUILD"/raid "$BUILD"/raid-*; do
	if [ ! -x "$p" ] || [ ! -f "$p" ]; then continue; fi
	cd "$T/none" || exit 1
	try "$p" 'without arguments or journal' "$p"
	try "$p" 'without journal' "$p" last
	timeout -k 2 20 "$p" >"$out" 2>"$err" <&-
	sane "$p" 'standard input closed, no journal' $?
	cd "$T/r" || exit 1
	timeout -k 2 20 "$p" >"$out" 2>"$err" <&-
	sane "$p" 'standard input closed' $?
	timeout -k 2 20 "$p" >"$out" 2>"$err" <"$T/junk"
	sane "$p" 'junk as standard input' $?
	timeout -k 2 20 "$p" - >"$out" 2>"$err" <"$T/junk"
	sane "$p" 'junk for -' $?
	try "$p" 'junk as operand' "$p" "$T/junk"
	try "$p" 'junk as journal' "$p" -J "$T/junk" last
	try "$p" 'a folder as journal' "$p" -J "$T" last
	try "$p" 'an odd operand' "$p" "$(printf 'a\033]0;x\007\n\377')"
	try "$p" 'an unknown option' "$p" --nonsense
	timeout -k 2 20 "$p" last >/dev/full 2>"$err" </dev/null
	sane "$p" 'a full disk as output' $?
	timeout -k 2 20 "$p" last >&- 2>"$err" </dev/null
	sane "$p" 'output closed' $?
	rc=0
	timeout -k 2 20 "$p" last >"$out" 2>/dev/full </dev/null || rc=$?
	echo 'nothing can be said' >"$err"
	sane "$p" 'a full disk for messages' $rc
	case ${p##*/} in
	raid-member-*) continue ;;	# they take no options
	esac
	for o in --help --version; do
		exits 0 "${p##*/}" $o
		timeout -k 2 20 "$p" $o >/dev/full 2>"$err"
		is "${p##*/} $o: /dev/full" "$?" 74
	done
done
cd "$T" || exit 1

# What was not written was not done: the tag is lost, and that is said.
cd r || exit 1
raid-post x >/dev/full 2>"$err"
is 'raid-post: /dev/full' $? 74
raid-post x >&- 2>"$err"
is 'raid-post: output closed' $? 74
raid-show >/dev/full 2>"$err"
is 'raid-show: /dev/full' $? 74
raid-show -j >&- 2>"$err"
is 'raid-show: output closed' $? 74
exits 64 raid-show -l 0
exits 64 raid-show -l 9x
exits 65 raid-show nonsense
exits 66 raid-show post_5
printf '{"tag":"post_5"}\n{"x":1}\n' >lines
exits 65 raid-show - <lines
plan
