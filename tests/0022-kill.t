#!/bin/sh
# SPDX-License-Identifier: ISC
# Writers killed at any moment, a full disk, a folder that may only be read,
# journals that are damaged, newer, or none at all.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

J=$T/j.db
export RAID_JOURNAL="$J"
raid-init -J "$J" >"$out" || exit 1
head -c 300000 /dev/urandom >file
tail -c 900000 /dev/zero | tr '\0' 'x' >body

# Kill -9 after up to twice the time that a post takes here, so that every
# step is hit.
start=$(date +%s%N)
for i in 1 2 3 4; do raid-post -a k -f file "kill $i @x #t"; done >tags
us=$((($(date +%s%N) - start) / 4000))
# nap I: I tenths of that time.
nap() { sleep "$(printf '0.%06d' $((us * $1 / 10)))"; }
i=0
while [ $i -lt 60 ]; do
	i=$((i + 1))
	raid-post -a k -f file "kill $i @x #t" >>tags 2>>said &
	p=$!
	nap $((i % 20))
	{ kill -9 $p; wait $p; } 2>>null
	raid-post -a k <body >>tags 2>>said &
	p=$!
	nap $((i * 7 % 20))
	{ kill -9 $p; wait $p; } 2>>null
done
is 'integrity' "$(sql "$J" 'PRAGMA integrity_check')" ok
is 'foreign keys' "$(sql "$J" 'PRAGMA foreign_key_check')" ''
raid-show -j | sed 's/.*"tag":"\([^"]*\)".*/\1/' | sort >kept
sort tags >said.tags
is 'each printed tag is there' "$(comm -23 said.tags kept)" ''
# A leak checker that is killed at its work says so; that is no complaint.
is 'nobody complained' "$(grep -v 'Unable to get registers' said)" ''
ok 'some came through, some did not' test "$(wc -l <kept)" -gt 9 -a \
    "$(wc -l <kept)" -lt 124
note "$(wc -l <kept) of 124 are kept, $(wc -l <tags) were printed"
is 'no half post' "$(sql "$J" "SELECT count(*) FROM post p WHERE
    p.body LIKE 'kill%' AND (NOT EXISTS (SELECT 1 FROM file JOIN blob USING
    (sha256) WHERE post = p.id AND length(data) = 300000) OR NOT EXISTS
    (SELECT 1 FROM mention WHERE post = p.id))")" 0
is 'no half body' "$(sql "$J" "SELECT count(*) FROM post WHERE
    length(body) <> 900000 AND body NOT LIKE 'kill%'")" 0
ok 'the full-text index, too' sql "$J" \
    "INSERT INTO post_text(post_text) VALUES ('integrity-check')"
exits 0 raid-post 'after all that'

# The same for what comes before the first post.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	raid-init -J "$T/new$i.db" >null 2>&1 &
	p=$!
	nap $((i * 2))
	{ kill -9 $p; wait $p; } 2>>null
	raid-init -J "$T/new$i.db" >>null 2>>failed
	raid-post -J "$T/new$i.db" x >>null 2>>failed
done
is 'raid-init after a killed one' "$(cat failed)" ''

# A full disk.  The folder is mounted in a namespace of its own.
full() {
	mount -t tmpfs -o size=800k none "$T/small" || exit 99
	raid-init -J "$T/small/j.db" || exit 98
	n=0
	while head -c 30000 /dev/urandom | od -An -tx1 |
	    raid-post -J "$T/small/j.db" >>"$T/small.tags" 2>"$T/small.err"; do
		n=$((n + 1))
		[ $n -lt 50 ] || exit 97
	done
	head -c 30000 /dev/urandom | od -An -tx1 |
	    raid-post -J "$T/small/j.db" >"$out" 2>"$T/small.err"
	echo "status $?"
	"$BUILD/t/sql" "file:$T/small/j.db?mode=ro" 'PRAGMA integrity_check'
	raid-show -J "$T/small/j.db" -j | sed 's/.*"tag":"\([^"]*\)".*/\1/' \
	    >"$T/small.kept"
}
mkdir small ro
if unshare -m true 2>null; then ns='unshare -m'; else ns='unshare -rm'; fi
export T out BUILD
# A shell of its own for a function: it is handed over as text.
{ sed -n '/^full() {/,/^}/p' "$SRC/tests/0022-kill.t"; echo full; } >full.sh
if $ns mount -t tmpfs none "$T/small" 2>null; then
	r=$($ns sh "$T/full.sh" 2>null)
	like 'full disk: the status' "$r" '^status 74$'
	like 'full disk: the message' "$(cat small.err)" \
	    'raid-post: journal .*small/j.db: .*full'
	like 'full disk: integrity' "$r" '^ok$'
	sort small.tags >small.said
	is 'full disk: each printed tag is there' \
	    "$(sort small.kept | comm -23 small.said -)" ''
	is 'full disk: nothing else is' \
	    "$(sort small.kept | comm -13 small.said -)" ''
else
	skip 'a full disk' 'no mount namespace can be had'
fi

# A folder that may only be read, by a mount, so that root is refused too.
mkdir ro/in && raid-init -J "$T/ro/in/j.db" >null &&
    raid-post -J "$T/ro/in/j.db" 'in the box' >null
sql ro/in/j.db 'SELECT count(*) FROM post' >null
cp ro/in/j.db 'ro/in/a?b#c%20d.db'
raid-post -J "$T/ro/in/j.db" 'in the log' >null
cp ro/in/j.db ro/in/alone.db && cp ro/in/j.db-wal ro/in/alone.db-wal
if $ns mount --bind "$T/ro" "$T/ro" 2>null; then
	# shellcheck disable=SC2016 # expanded inside
	r=$($ns sh -c 'mount --bind "$T/ro" "$T/ro" &&
	    mount -o remount,ro,bind "$T/ro" || exit
	    raid-show -J "$T/ro/in/j.db"; echo "show $?"
	    raid-show -J "$T/ro/in/a?b#c%20d.db"; echo "odd $?"
	    raid-show -J "$T/ro/in/alone.db"; echo "alone $?"
	    raid-post -J "$T/ro/in/j.db" x; echo "post $?"' 2>&1)
	like 'read-only: raid-show' "$r" '^show 0$'
	is 'read-only: the post is seen' "$(echo "$r" | grep -c 'in the box')" 2
	is 'read-only: the log, too' "$(echo "$r" | grep -c 'in the log')" 1
	like 'read-only: a log that cannot be read' "$r" '^alone 74$'
	like 'read-only: the help' "$r" 'alone.db-wal, which .* copy both files'
	like 'read-only: an odd name' "$r" '^odd 0$'
	like 'read-only: raid-post' "$r" '^post (74|77)$'
	like 'read-only: the message' "$r" 'raid-post: journal .*j.db: .*[Rr]ead-?only'
else
	skip 'a read-only folder' 'no mount namespace can be had'
fi

# A link to a journal is that journal: one log, one lock.
mkdir far && raid-init -J "$T/far/j.db" >null && ln -s far/j.db link.db
raid-post -J "$T/link.db" x >null
is 'a link: nothing beside it' "$(echo link.db*)" link.db
ok 'a link: the log, the lock' test -s far/j.db-wal -a -e far/j.db.lock
head -c 600000 /dev/zero | tr '\0' 'x' | raid-post -J "$T/link.db" >null
ok 'a link: the log is brought home' test ! -e far/j.db-wal

# What is no journal, or one that cannot be trusted.
raid-init -J "$T/a.db" >null && raid-post -J "$T/a.db" x >null
sql a.db 'PRAGMA user_version = 99'
exits 78 raid-show -J "$T/a.db"
like 'newer: the help' "$(cat "$err")" 'update raid$'
exits 78 raid-post -J "$T/a.db" x
sql other.db 'CREATE TABLE t(a)'
for f in "$T/file" "$T/other.db" /dev/null; do
	exits 65 raid-show -J "$f"
	exits 65 raid-post -J "$f" x
	like 'none: the help' "$(cat "$err")" 'no journal; with -J or RAID_JOURNAL'
done
exits 66 raid-show -J "$T/missing.db"
exits 66 raid-post -J "$T/missing.db" x
ok 'nothing was made' test ! -e missing.db
: >empty.db
exits 65 raid-show -J "$T/empty.db"
for p in 1 3 5 9; do
	sql "$J" 'SELECT count(*) FROM post' >null
	cp "$J" bad.db
	dd if=/dev/urandom of=bad.db bs=4096 seek=$p count=12 conv=notrunc 2>null
	raid-show -J "$T/bad.db" >"$out" 2>"$err"
	case $? in
	0 | 65) result_ 0 "damaged at page $p" ;;
	*) result_ 1 "damaged at page $p"; note "$(cat "$err")" ;;
	esac
done
like 'damaged: the help' "$(cat "$err")" 'damaged .*\.recover$'
plan
