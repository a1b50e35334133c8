#!/bin/sh
# SPDX-License-Identifier: ISC
# An answer that cannot be stored goes to a file that is named, and comes back
# by --import.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

member() { # COMMAND
	printf '{"members": {"m": {"provider": "exec", "command": ["sh", "-c", "%s"]}}}' \
	    "$1" >.raid/array.json
}
# The journal refuses from now on, as it does when the disk is full.
refuse() {
	sql "$j" "CREATE TRIGGER full BEFORE INSERT ON call_end
	    WHEN new.status = 'complete' BEGIN
	    SELECT RAISE(ABORT, 'disk is full'); END"
}
accept() { sql "$j" 'DROP TRIGGER full'; }
kept() { sed -n 's/.* is kept in \([^;]*\);.*/\1/p' "$err"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
q=$(raid-post 'why?')
member "echo 'because, see #ref_77'; echo 'two lines'"
refuse
exits 74 raid-broadcast -m m "$q"
is 'no tag' "$(cat "$out")" ''
f=$(kept)
like 'where it is' "$f" "^$HOME/.local/state/raid/answer-$q-m-.*\.jsonl$"
is 'for its owner alone' "$(stat -c %a "$f")" 600
like 'the command that helps' "$(cat "$err")" \
    "put it back: raid-post -J $j --import $f\$"
like 'and why' "$(cat "$err")" 'disk is full'
exits 74 raid-broadcast -m m "$q"
is 'another time, another file' "$(find "$HOME/.local/state/raid" -type f |
    wc -l)" 2
XDG_STATE_HOME="$T/state" raid-broadcast -m m "$q" 2>"$err"
like 'XDG_STATE_HOME' "$(kept)" "^$T/state/raid/"
mkdir "$T/tmp" && : >"$T/plain"
XDG_STATE_HOME="$T/plain" TMPDIR="$T/tmp" raid-broadcast -m m "$q" 2>"$err"
like 'else TMPDIR' "$(kept)" "^$T/tmp/answer-"
accept
eval "$(sed -n 's/.*put it back: //p' "$err")" >"$out"
t=$(cat "$out")
like 'it is back' "$(raid-show "$t")" "^#$t  m .* reply  to #$q"
is 'its text' "$(raid-show "$t" | tail -n +2)" 'because, see #ref_77
two lines'
is 'what it refers to' "$(raid-show -j "$t" | grep -c '"refs":\["post_77"\]')" 1
is 'once' "$(raid-post --import "$(kept)")" ''

# What is no text is kept as it is.
member 'printf abc; printf %c 8 | tr 8 \"\\\\377\"'
sql "$j" "CREATE TRIGGER full BEFORE INSERT ON blob BEGIN
    SELECT RAISE(ABORT, 'disk is full'); END"
exits 74 raid-broadcast -m m "$q"
accept
is 'its bytes' "$(od -An -tx1 <"$(kept)")" ' 61 62 63 ff'
eval "$(sed -n 's/.*put it back: //p' "$err")" >"$out"
is 'as a file' "$(raid-show -j "$(cat "$out")" | grep -c \
    '"path":"stdin","mode":"100644","size":4')" 1

# A disk that is full indeed.
full() {
	mount -t tmpfs -o size=900k none "$T/small" || exit 99
	raid-init -J "$T/small/j.db" >"$T/null" && cd "$T/r" || exit 98
	q=$(raid-post -J "$T/small/j.db" 'why?')
	raid-broadcast -J "$T/small/j.db" -m m "$q" 2>"$T/small.err"
	echo "status $?"
	rm "$T/small/ballast"
	raid-post -J "$T/small/j.db" --import "$(sed -n \
	    's/.* is kept in \([^;]*\);.*/\1/p' "$T/small.err")"
	raid-show -J "$T/small/j.db" last | tail -n 1
	"$BUILD/t/sql" "$T/small/j.db" 'PRAGMA integrity_check'
}
member "echo start; head -c 2000000 /dev/zero >$T/small/ballast; yes z | head -c 40000; echo; echo end"
mkdir "$T/small"
if unshare -m true 2>"$T/null"; then ns='unshare -m'; else ns='unshare -rm'; fi
export T BUILD
sed -n '/^full() {/,/^}/p' "$SRC/tests/0027-rescue.t" >"$T/full.sh"
echo full >>"$T/full.sh"
if $ns mount -t tmpfs none "$T/small" 2>"$T/null"; then
	r=$($ns sh "$T/full.sh" 2>&1)
	like 'full disk: the status' "$r" '^status 74$'
	like 'full disk: it comes back' "$r" '^end$'
	like 'full disk: integrity' "$r" '^ok$'
else
	skip 'a full disk' 'no mount namespace can be had'
fi
plan
