#!/bin/sh
# SPDX-License-Identifier: ISC
# Every single read, write, sync and rename of a raid-post and a raid-broadcast
# goes wrong once: nothing that was acknowledged is lost, and nothing breaks.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }
export ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0"

repo r && cd r && raid-init >"$out" || exit 1
cat >"$T/member" <<'X'
#!/bin/sh
cat >/dev/null
echo 'the answer #t'
X
chmod +x "$T/member"
printf '{"members": {"m": {"provider": "exec", "role": "tester",
    "local": true, "command": ["%s"]}}}\n' "$T/member" >.raid/array.json
head -c 20000 /dev/zero | tr '\0' 'f' >f
q=$(raid-post '@m what?') || exit 1
J=$(raid-init -p | head -n 1)
sql "$J" 'SELECT count(*) FROM post' >"$out"
cp "$J" "$T/fresh.db"

# One thing goes wrong: fault PROGRAM HOW N COMMAND...; it says 1 when the
# program had no Nth call.
fault() {
	prog=$1 how=$2 at=$3
	shift 3
	rm -f "$J-wal" "$J-shm" "$T/hit"
	cp "$T/fresh.db" "$J"
	[ ! -e "$T/fresh.db-wal" ] || cp "$T/fresh.db-wal" "$J-wal"
	LD_PRELOAD="$BUILD/t/faultio.so" FAULT_PROG=$prog FAULT_AT=$at \
	    FAULT_HOW=$how FAULT_HIT="$T/hit" "$@" >"$out" 2>"$err"
	rc=$?
	[ -e "$T/hit" ] || return 1
}
# What must hold after it, for the posts whose kind is given.
check() {
	said=$(cat "$out")
	case $rc in
	0) [ -n "$said" ] || echo "$at: success without a tag" ;;
	69 | 71 | 73 | 74 | 78)
		# 69: the member's part failed; 78: the configuration's.
		case $prog.$rc in raid-post.69 | raid-post.78)
			echo "$at: status $rc: $(cat "$err")" ;;
		esac
		grep -q "^$prog: " "$err" || echo "$at: $rc, and no message" ;;
	*) echo "$at: status $rc at $(cat "$T/hit"): $(cat "$err")" ;;
	esac
	# Another one goes on where this one fell.
	next=$(raid-post 'the next one' 2>&1) || echo "$at: next: $next"
	tags=" $(sql "$J" "SELECT group_concat('post_' || ts ||
	    iif(n > 1, '_' || n, ''), ' ') FROM post") "
	for tag in $q $said $next; do
		case $tags in
		*" $tag "*) ;;
		*) echo "$at: $tag is lost" ;;
		esac
	done
	bad=$(sql "$J" "INSERT INTO post_text(post_text)
	    VALUES ('integrity-check'); PRAGMA integrity_check;
	    SELECT count(*) FROM post p WHERE
		(SELECT count(*) FROM hashtag WHERE post = p.id) <>
		(body LIKE '%#t%') OR (body LIKE 'hello%' AND NOT EXISTS
		(SELECT 1 FROM file JOIN blob USING (sha256)
		WHERE post = p.id AND length(data) = 20000));
	    PRAGMA foreign_key_check" 2>&1)
	[ "$bad" = "ok
0" ] || echo "$at: $bad"
}
# Every Nth call (STEP 1: each) in each of the ways.
all() { # STEP PROGRAM COMMAND...
	step=$1 p=$2
	shift 2
	for h in eio full short; do
		i=1
		while [ $i -lt 600 ] && fault "$p" $h $i "$@"; do
			check
			i=$((i + step))
		done >"$T/found"
		is "$p, $h: nothing lost, nothing broken" "$(cat "$T/found")" ''
		ok "$p, $h: without it all is well" test "$rc" -eq 0
		ok "$p, $h: enough calls" test $i -gt 20 -a $i -lt 600
		note "$i calls"
	done
}
# FAULT_STEP=1 takes each one of the second, too.
all "${FAULT_STEP-1}" raid-post raid-post -f f 'hello #t'
all "${FAULT_STEP-9}" raid-broadcast raid-broadcast "$q"
# So much lies in the log that it is brought home.
rm -f "$J-wal" "$J-shm"
cp "$T/fresh.db" "$J"
head -c 450000 /dev/urandom >big
raid-post -f big 'much' >"$out"
cp "$J" "$T/fresh.db" && cp "$J-wal" "$T/fresh.db-wal"
all "${FAULT_STEP-9}" raid-post raid-post -f f 'hello #t'
# raid-init leaves .raid/ whole or not at all, and can be run again.
i=1
while rm -rf "$T/p" && git init -q "$T/p" && : >"$HOME/.config/raid/trusted" &&
    [ $i -lt 600 ] && fault raid-init full $i raid-init -C "$T/p"; do
	case $(cd "$T/p" && echo .raid*) in
	.raid | '.raid*') ;;
	*) echo "$i: a fragment" ;;
	esac
	raid-init -C "$T/p" >"$out" 2>&1 || [ $? -eq 77 ] ||
	    echo "$i: raid-init cannot go on"
	i=$((i + 4))
done >"$T/found"
is 'raid-init: all or nothing' "$(cat "$T/found")" ''
ok 'there were enough calls' test $i -gt 20 -a $i -lt 600
plan
