#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-backup: a copy while writers write, verified, thinned out, put back.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

J=$T/j.db
export RAID_JOURNAL="$J"
raid-init -J "$J" >"$out" || exit 1
raid-post -a one first >tags
mkdir b

# --- a backup
exits 0 raid-backup b
f=$(cat "$out")
like 'its path is printed, alone' "$f" '^b/journal-[0-9]{8}-[0-9]{6}\.db\.gz$'
is 'nothing else is said' "$(cat "$err")" ''
is 'only its owner may read it' "$(find b -type f ! -perm 600)" ''
is 'the folder holds it and its mark' "$(find b -mindepth 1 | sort |
    tr '\n' ' ')" "b/.raid-backup $f "
gzip -dc "$f" >copy.db
is 'it is a journal' "$(sql copy.db 'PRAGMA integrity_check;
    SELECT body FROM post')" "$(printf 'ok\nfirst')"
is 'the audit knows' "$(sql "$J" "SELECT actor, action, result, detail
    FROM audit WHERE program = 'raid-backup'")" "dev|backup|done|$f"
exits 0 raid-backup -q b
is 'quiet' "$(cat "$out" "$err")" ''
mkdir v
exits 0 raid-backup -v v
like 'verbose: what it is' "$(cat "$err")" \
    '^raid-backup: 1 posts, [0-9]+ bytes, [0-9]+ compressed$'

# --- while writers write: what was printed before it began is in it
writer() {
	i=0
	while [ ! -e stop ]; do
		i=$((i + 1))
		raid-post -a "w$1" "w$1-$i @x #t" >>"tags.$1" || return
	done 2>"err.$1"
}
writer 1 & p1=$!
writer 2 & p2=$!
mkdir w
for i in 1 2 3; do
	cat tags.[12] 2>null | grep -x 'post_[0-9][0-9_]*' | sort >"before.$i"
	RAID_NOW=170000000$i raid-backup w >"w.$i" 2>>w.err
	echo $? >>w.rc
done
: >stop
wait $p1 && wait $p2
is 'the writers noticed nothing' "$?$(cat err.1 err.2)" 0
is 'neither did the backups' "$(cat w.err)$(tr '\n' ' ' <w.rc)" '0 0 0 '
gzip -dc "$(cat w.3)" >copy.db
is 'with writers: integrity' "$(sql copy.db 'PRAGMA integrity_check;
    PRAGMA foreign_key_check')" ok
raid-show -J copy.db -j | sed 's/.*"tag":"\([^"]*\)".*/\1/' | sort >kept
is 'with writers: no post is missing' "$(comm -23 before.3 kept)" ''
ok 'with writers: there were some' test "$(wc -l <before.3)" -gt 2

# --- rotation: the last of each day, week, month; nothing of others
mkdir r
for d in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	: >"r/journal-202611$d-030000.db.gz"
	: >"r/journal-202611$d-120000.db.gz"
done
for m in 01 03 05 07 09 10; do : >"r/journal-2026${m}28-030000.db.gz"; done
touch r/journal-20261001-030000.db r/notes r/journal-20260230-030000.db.gz \
    r/old-journal-20200101-030000.db.gz
ls r >all
export RAID_NOW=1795262400	# 2026-11-21 12:00
exits 0 raid-backup -n --keep 3,2,4 r
cp "$out" would
is 'a dry run removes nothing' "$(ls r)" "$(cat all)"
exits 0 raid-backup -v --keep 3,2,4 r
is 'what it would remove it removes' \
    "$(sed -n 's/^raid-backup: removed //p' "$err")" "$(cat would)"
is 'rotation' "$(ls r | tr '\n' ' ')" "$(tr '\n' ' ' <<-'END'
	journal-20260230-030000.db.gz
	journal-20260728-030000.db.gz
	journal-20260928-030000.db.gz
	journal-20261001-030000.db
	journal-20261028-030000.db.gz
	journal-20261115-120000.db.gz
	journal-20261119-120000.db.gz
	journal-20261120-120000.db.gz
	journal-20261121-120000.db.gz
	notes
	old-journal-20200101-030000.db.gz
	END
)"
unset RAID_NOW
raid-init -J other.db >"$out"
raid-post -J other.db stranger >"$out"
exits 78 raid-backup -J other.db r
like "another journal's folder" "$(cat "$err")" 'a folder of its own$'
exits 66 raid-backup missing
exits 66 raid-backup -J missing.db b
exits 64 raid-backup
exits 64 raid-backup --keep 1,2 b
exits 64 raid-backup --keep 1,2,x b
exits 64 raid-backup --restore x b
exits 64 raid-backup -n --restore x
exits 69 env PATH="$BUILD" raid-backup b
like 'without gzip: the help' "$(cat "$err")" 'apt-get install gzip$'

# --- kill -9 at any moment leaves nothing that looks like a backup
head -c 3000000 /dev/urandom >big
raid-post -f big 'a large file' >"$out"
mkdir k
start=$(date +%s%N)
raid-backup k >"$out"
us=$((($(date +%s%N) - start) / 1000))
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	raid-backup k >null 2>&1 & p=$!
	sleep "$(awk -v t=$((us * i / 11)) 'BEGIN { printf "%.3f", t / 1e6 }')"
	kill -9 $p 2>null
	wait $p 2>null
	for g in k/journal-*.gz; do gzip -t "$g" || echo "$g"; done
	find k -mindepth 1 -maxdepth 1 ! -name '.raid-backup*' |
	    grep -v '^k/journal-[0-9]\{8\}-[0-9]\{6\}\.db\.gz$'
done >bad 2>&1
is 'after kill -9: each backup is whole' "$(cat bad)" ''
exits 0 raid-backup -q k
is 'the next run clears up' "$(find k -name '.raid-backup-*')" ''
raid-backup k >null 2>&1 & p=$!
sleep "$(awk -v t=$((us / 2)) 'BEGIN { printf "%.3f", t / 1e6 }')"
kill -TERM $p 2>null
wait $p
like 'TERM: the status' "$?" '^(130|0)$'
is 'TERM: no remains' "$(find k -name '.raid-backup-*')" ''

# --- a full disk
cat >full.sh <<'END'
mount -t tmpfs -o size=2m none "$T/small" || exit 99
raid-backup "$T/small" 2>&1
echo "status $?"
find "$T/small" -mindepth 1 ! -name .raid-backup
mount -t tmpfs -o size=5m none "$T/small" || exit 99
raid-backup "$T/small" 2>&1
echo "status $?"
find "$T/small" -mindepth 1 ! -name .raid-backup
END
mkdir small
if unshare -m true 2>null; then ns='unshare -m'; else ns='unshare -rm'; fi
export T
if $ns mount -t tmpfs none "$T/small" 2>null; then
	r=$($ns sh "$T/full.sh")
	is 'full disk: the status, while copying and compressing' \
	    "$(echo "$r" | grep status | tr '\n' ' ')" 'status 74 status 74 '
	like 'full disk: the message' "$r" '^raid-backup: .*full'
	is 'full disk: no remains' "$(echo "$r" | grep -c "^$T")" 0
else
	skip 'a full disk' 'no mount namespace can be had'
fi

# --- put it back
f=$(raid-backup b)
raid-post late >"$out"
exits 0 raid-backup --restore "$f"
is 'the journal is named' "$(cat "$out")" "$J"
like 'the old one, too' "$(cat "$err")" "kept as $J\\.before-[0-9-]+\$"
old=$(sed 's/.* as //' "$err")
exits 1 raid-show -s late
exits 0 raid-show -J "$old" -s late
is 'it is as it was' "$(sql "$J" 'PRAGMA journal_mode;
    PRAGMA integrity_check')" "$(printf 'wal\nok')"
is 'only its owner may read it' "$(find "$J"* ! -perm 600)" ''
is 'the audit came with it' "$(sql "$J" "SELECT action, detail FROM audit
    ORDER BY id DESC LIMIT 1")" "restore|$f"
exits 0 raid-post again
exits 0 raid-backup -q --restore "$f" -J new/dir/j.db
is 'quiet' "$(cat "$out" "$err")" ''
exits 0 raid-show -J new/dir/j.db
gzip -dc "$f" >plain.db
exits 0 raid-backup -q -J new/k.db --restore plain.db
exits 77 env RAID_ACTOR=grok raid-backup --restore "$f"
exits 66 raid-backup --restore missing.gz
head -c 5000 "$f" >cut.gz
exits 65 raid-backup --restore cut.gz
exits 65 raid-backup --restore big
sql plain.db 'PRAGMA user_version = 99'
exits 78 raid-backup --restore plain.db
printf 'xxxx' | dd of=copy.db bs=1 seek=9000 conv=notrunc 2>null
sql copy.db 'DROP INDEX post_who'
dd if=/dev/urandom of=copy.db bs=4096 seek=4 count=6 conv=notrunc 2>null
exits 65 raid-backup --restore copy.db
is 'what was refused left nothing' "$(find . -name '.raid-backup-*')" ''
exits 0 raid-show -s again

# Not while somebody writes, or has it open.
(flock 9 && exec sleep 30) 9>"$J.lock" & p=$!
sleep 0.1
exits 75 raid-backup --restore "$f"
kill $p
wait $p 2>null
"$BUILD/t/sql" "$J" "WITH RECURSIVE c(x) AS (SELECT count(*) FROM post
    UNION ALL SELECT x + 1 FROM c LIMIT 200000000) SELECT max(x) FROM c" \
    >null 2>&1 & p=$!
sleep 0.3
exits 75 raid-backup --restore "$f"
like 'in use: the help' "$(cat "$err")" 'try again when it has ended$'
kill $p
wait $p 2>null
exits 0 raid-show -s again
is 'still in WAL mode' "$(sql "$J" 'PRAGMA journal_mode')" wal
# A damaged one is put aside, with what belongs to it.
dd if=/dev/urandom of="$J" bs=4096 count=3 conv=notrunc 2>null
exits 65 raid-post x
exits 0 raid-backup --restore "$f"
exits 0 raid-post x

# A post whose tag was printed is in the journal, or in what was kept.
rm -f stop tags.[12] "$J".before-*
writer2() {
	i=0
	while [ ! -e stop ]; do
		i=$((i + 1))
		raid-post -a "w$1" "body w$1-$i" >>null 2>>"err2.$1" &&
		    echo "body w$1-$i" >>"tags.$1"
	done
}
f=$(raid-backup b)
writer2 1 & p1=$!
writer2 2 & p2=$!
i=0
: >restore.rc
while [ $i -lt 100 ] && [ "$(grep -c '^0$' restore.rc)" -lt 10 ]; do
	i=$((i + 1))
	raid-backup -q --restore "$f" 2>>restore.err
	echo $? >>restore.rc
done
: >stop
wait $p1 $p2
for g in "$J" "$J".before-*; do
	case $g in *-wal | *-shm) continue ;; esac
	sql "$g" 'PRAGMA integrity_check' | grep -vx ok
	raid-show -J "$g" -j | sed -n 's/.*"body":"\(body [^"]*\)".*/\1/p' >>all2
done >faults 2>&1
sort -u all2 >kept2
is 'restored under writers: integrity' "$(cat faults)" ''
is 'restored under writers: no post is lost' \
    "$(cat tags.[12] | sort | comm -23 - kept2)" ''
ok 'restored under writers: it came to both' test \
    "$(grep -c '^0$' restore.rc)" -gt 0 -a "$(cat tags.[12] | wc -l)" -gt 9
note "$(sort restore.rc | uniq -c | tr '\n' ' ') $(cat tags.[12] | wc -l) posts"
is 'who is refused may try again' "$(grep -vx '0\|75' restore.rc)" ''
is 'and is told so' "$(cat err2.[12] | grep -v 'try again')" ''
plan
