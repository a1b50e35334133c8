#!/bin/sh
# SPDX-License-Identifier: ISC
# Many processes post and read at once: nobody is locked out, nothing is lost.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

J=$T/j.db
export RAID_JOURNAL="$J"
raid-init -J "$J" >"$out" || exit 1

# 16 processes, 25 posts each, while a reader reads.  Every fifth clock goes
# wrong by an hour, back or forth.
poster() {
	for i in $(seq 25); do
		case $i in
		*[05]) now=$(($(date +%s) + 3600 - ($1 % 2) * 7200)) ;;
		*) now= ;;
		esac
		RAID_NOW=$now raid-post -a "p$1" "p$1-$i @x #t$i" || return
	done >"tags.$1" 2>"err.$1"
}
reader() {
	while [ ! -e finished ]; do
		raid-show -j -l 30 >>read.out 2>>read.err || echo "$?" >>read.err
	done
}
raid-post begin >tags.0
reader & r=$!
pids=
for p in $(seq 16); do
	poster "$p" & pids="$pids $!"
done
for p in $pids; do wait "$p" || echo "status $?" >>failed; done
: >finished
wait "$r"
ok 'no poster failed' test ! -e failed
is 'nobody says a word (database is locked)' "$(cat err.* read.err)" ''
cat tags.* | sort >said
is 'every tag was printed' "$(wc -l <said)" 401
is 'tags are unique' "$(uniq <said | wc -l)" 401
raid-show -j | sed 's/.*"tag":"\([^"]*\)".*/\1/' >kept
sort kept | cmp -s - said
is 'what was printed is what is kept' $? 0
is 'tags rise in journal order' "$(sql "$J" "SELECT count(*) FROM
    (SELECT ts, n, lag(ts) OVER (ORDER BY id) AS pts, lag(n) OVER (ORDER BY id)
    AS pn FROM post) WHERE (pts, pn) >= (ts, n)")" 0
is 'every post has its words and links' "$(sql "$J" "SELECT
    (SELECT count(*) FROM mention), (SELECT count(*) FROM hashtag)")" '400|400'
for p in 1 16; do
	is "poster $p in its own order" "$(raid-show -a p$p -j |
	    sed 's/.*"body":"p[0-9]*-\([0-9]*\) .*/\1/' | tr '\n' ' ')" \
	    "$(seq 25 | tr '\n' ' ')"
done
is 'integrity' "$(sql "$J" 'PRAGMA integrity_check')" ok
ok 'the full-text index, too' sql "$J" \
    "INSERT INTO post_text(post_text) VALUES ('integrity-check')"

# xargs -P, as people do.
seq 60 | xargs -P 8 -I N raid-post -a xargs "line N" >tags.x 2>err.x
is 'xargs: all' "$(sort -u tags.x | wc -l) $(cat err.x)" '60 '

# A writer that is stopped in its transaction holds the others up for a while,
# not for ever; and a lock file that is not ours is no obstacle.
(flock 9 && sleep 30) 9>"$J.lock" & holder=$!
sleep 0.1
start=$(date +%s)
exits 0 raid-post 'past the lock file'
ok 'after about a second' test $(($(date +%s) - start)) -le 5
kill "$holder"
wait "$holder" 2>"$T/null"
chmod 0 "$J.lock"
exits 0 raid-post 'without the lock file'
plan
