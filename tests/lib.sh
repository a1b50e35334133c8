# SPDX-License-Identifier: ISC
# Sourced first by every tests/*.t:  . "${0%/*}/lib.sh"
# A world of its own: HOME, time zone, git identity and PATH, in the folder $T
# (also the working folder), which is removed at the end.  Output is TAP.
set -u
SRC=$(cd "${0%/*}/.." && pwd -P)
BUILD=${BUILD:-$SRC/build/opt}
for v in $(env | sed -n 's/^\([A-Z][A-Z0-9_]*\)=.*/\1/p'); do
	case $v in
	RAID_* | GIT_* | XDG_* | LC_* | LANG* | *_API_KEY | *_proxy | MAKE*)
		unset "$v" ;;
	esac
done
T=$(mktemp -d "${TMPDIR:-/tmp}/raid-t.XXXXXX") || exit 1
rc=0
# The processes that at_end names are ended with the test.
at_end=
trap 'rc=$?; cd /; [ -z "$at_end" ] || kill $at_end 2>/dev/null; chmod -R u+w "$T"; rm -rf "$T"; exit $rc' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export HOME="$T/home" TZ=UTC LANG=C TERM=dumb
export PATH="$BUILD:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
mkdir "$HOME" && cd "$T" || exit 1
printf '[user]\n\tname = Tester\n\temail = tester@raid.invalid\n[init]\n\tdefaultBranch = main\n' >"$HOME/.gitconfig"
out=$T/out err=$T/err n_=0

# plan N: first line of the test.  plan without N: last line, counts itself.
plan() { echo "1..${1:-$n_}"; }
# All of the test is skipped: plan_skip REASON
plan_skip() { echo "1..0 # SKIP $*"; exit 0; }
result_() { # 0|1 NAME
	n_=$((n_ + 1))
	name_=$(printf %s "$2" | tr '\n#' ' =')
	if [ "$1" -eq 0 ]; then echo "ok $n_ - $name_"
	else echo "not ok $n_ - $name_"; fi
	return "$1"
}
note() { printf '%s\n' "$*" | sed 's/^/# /'; }
# ok NAME COMMAND...: the command succeeds.
ok() {
	okname_=$1; shift
	if "$@" >"$T/ok_" 2>&1; then result_ 0 "$okname_"
	else result_ 1 "$okname_" || note "status of: $*" "$(cat "$T/ok_")"; fi
}
# is NAME GOT EXPECTED: the strings are equal.
is() {
	if [ "$2" = "$3" ]; then result_ 0 "$1"
	else result_ 1 "$1" || note "got: $2" && note "expected: $3"; fi
}
# like NAME GOT ERE, unlike NAME GOT ERE: a line matches, no line does.
like() {
	if printf '%s\n' "$2" | grep -qE -e "$3"; then result_ 0 "$1"
	else result_ 1 "$1" || note "got: $2" && note "no match for: $3"; fi
}
unlike() {
	if ! printf '%s\n' "$2" | grep -qE -e "$3"; then result_ 0 "$1"
	else result_ 1 "$1" || note "got: $2" && note "matches: $3"; fi
}
# exits CODE COMMAND...: it ends with CODE; its output is in $out and $err.
exits() {
	want_=$1; shift
	"$@" >"$out" 2>"$err"; got_=$?
	if [ "$got_" -eq "$want_" ]; then result_ 0 "exit $want_: $*"
	else result_ 1 "exit $want_: $*" || note "status $got_" "$(cat "$err")"; fi
}
# skip NAME REASON: one test that cannot run here.
skip() { n_=$((n_ + 1)); echo "ok $n_ - $1 # SKIP $2"; }
# has TOOL...: all are there.
has() { for t_; do command -v "$t_" >/dev/null || return 1; done; }
# repo DIR: a git repository with one commit of the file hello.sh.
repo() {
	git init -q "$1" && printf '#!/bin/sh\necho hello\n' >"$1/hello.sh" &&
	    chmod +x "$1/hello.sh" && git -C "$1" add . &&
	    git -C "$1" commit -q -m 'begin'
}
