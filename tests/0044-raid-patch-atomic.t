#!/bin/sh
# SPDX-License-Identifier: ISC
# A write of several files that is killed, or fails, at each of its system
# calls: afterwards the tree is the old one or the new one.  Calls that change
# nothing are passed over but for some; RAID_TEST_LONG takes all.
[ -n "${RAID_TEST_LONG-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
calls() { "$BUILD/t/calls" $all "$@"; }
all=
[ -z "${RAID_TEST_LONG-}" ] || all=-a
# A leak checker cannot work on who is traced already.
export ASAN_OPTIONS=detect_leaks=0
calls kill 1000000 flock "$T" true
[ $? -ne 98 ] || plan_skip 'no process can be traced here'

git init -q old && cd old || exit 1
seq 30 >a.txt && seq 9 >b.txt && echo 'echo x' >mode.sh && echo untouched >u
mkdir -p gone/deep/er from && echo g >gone/deep/er/g && seq 5 >from/r
chmod 600 b.txt && chmod 751 from/r
git add . && git commit -q -m begin
cd .. && cp -a old new
cat >diff <<'END'
--- a/a.txt
+++ b/a.txt
@@ -1,2 +1,2 @@
-1
+one
 2
--- a/b.txt
+++ b/b.txt
@@ -8,2 +8,3 @@
 8
 9
+ten
diff --git a/from/r b/to/there/r
similarity index 50%
rename from from/r
rename to to/there/r
--- a/from/r
+++ b/to/there/r
@@ -5 +5 @@
-5
+five
diff --git a/gone/deep/er/g b/gone/deep/er/g
deleted file mode 100644
--- a/gone/deep/er/g
+++ /dev/null
@@ -1 +0,0 @@
-g
diff --git a/mode.sh b/mode.sh
old mode 100644
new mode 100755
diff --git a/new/x/y b/new/x/y
new file mode 100644
--- /dev/null
+++ b/new/x/y
@@ -0,0 +1 @@
+y
END
raid-patch -C new -w - <diff >"$out" || exit 1
# The tree with everything in it, git's folder and the modes, but for times.
state() { tar --sort=name --mtime=@0 -C "$1" -cf - . | sha256sum; }
old=$(state old) new=$(state new)
is 'they are two' "$([ "$old" != "$new" ] || echo same)" ''
is 'an emptied folder goes' "$(ls new)" "a.txt
b.txt
mode.sh
new
to
u"
is 'the permissions of the old files' \
    "$(cd new && stat -c %a b.txt to/there/r mode.sh | xargs)" '600 751 755'
fresh() { rm -rf w && cp -a old w; }

# Killed at call N, then recovered.
n=0 back=0 on=0 bad=0 pending=0
while :; do
	n=$((n + 1))
	fresh
	calls kill $n raid-patch -C w -w - <diff >"$out" 2>"$err"
	r=$?
	[ $r -ne 99 ] || break
	if [ -e w/.git/raid-write ]; then
		pending=$((pending + 1))
		raid-patch -C w - <diff >"$out" 2>"$err"
		[ $? -eq 75 ] || {
			# One that was never finished counts as none.
			[ "$(state w)" = "$old" ] || tail -n 1 \
			    w/.git/raid-write | grep -q '^end' || bad=$((bad + 1))
		}
	fi
	raid-patch -C w --recover 2>"$err" || {
		bad=$((bad + 1))
		note "call $n: recovery: $(cat "$err")"
	}
	case $(state w) in
	"$old") back=$((back + 1)) ;;
	"$new") on=$((on + 1)) ;;
	*) bad=$((bad + 1)); note "call $n: a mixture: $(cd w && git status -s | xargs)" ;;
	esac
done
is "killed at each of $n calls: the old tree or the new one" $bad 0
ok "both are met ($back, $on), and a record ($pending)" \
    test $back -gt 9 -a $on -gt 9 -a $pending -gt 20
fresh
raid-patch -C w -w - <diff >"$out" && raid-patch -C w --recover 2>"$err"
is 'nothing to recover' "$? $(cat "$err")" '0 raid-patch: no write was broken off'

# The recovery is killed, too.
step=14
[ -z "$all" ] || step=1
bad=0 many=0
k=$((n / 3))
while [ $k -lt $n ]; do
	fresh
	calls kill $k raid-patch -C w -w - <diff >"$out" 2>"$err"
	rm -rf broken && cp -a w broken
	m=0
	while :; do
		m=$((m + 1))
		rm -rf w && cp -a broken w
		calls kill $m raid-patch -C w --recover 2>"$err"
		[ $? -ne 99 ] || break
		many=$((many + 1))
		raid-patch -C w --recover 2>"$err" || bad=$((bad + 1))
		case $(state w) in
		"$old" | "$new") ;;
		*) bad=$((bad + 1)); note "calls $k, $m: a mixture" ;;
		esac
		m=$((m + step / 3))
	done
	k=$((k + step))
done
is "$many recoveries killed" $bad 0

# A call fails: the old tree, and why.  What fails when all is written
# already leaves the new one; what is beside it waits for --recover.
fails() { # HOW [STEP]
	n=$((${2-1} - 1)) bad=0 late=0 early=0
	while :; do
		n=$((n + 1))
		fresh
		calls "$1" $n raid-patch -w --root w - <diff >"$out" 2>"$err"
		r=$?
		[ $r -ne 99 ] || break
		n=$((n + ${2-1} - 1))
		t=$(state w)
		if [ $r -eq 0 ] && [ "$t" = "$new" ]; then
			:	# it did not matter
		elif [ $r -ge 65 ] && [ "$t" = "$old" ] && [ -s "$err" ]; then
			early=$((early + 1))
		elif [ $r -eq 74 ] && grep -qE 'written, but not cleaned|not be taken back' "$err"; then
			late=$((late + 1))
			raid-patch --recover --root w 2>"$T/err2" || bad=$((bad + 1))
			t=$(state w)
			[ "$t" = "$new" ] || [ "$t" = "$old" ] || {
				bad=$((bad + 1))
				note "$1 at call $n: not recovered: $(cat "$err")"
			}
		else
			bad=$((bad + 1))
			note "$1 at call $n: status $r: $(cat "$err")"
			diff -r w old | head -n 5
		fi
	done
	is "$1 at each of $n calls" $bad 0
	ok "many leave all as it was ($early, $late are late)" test $early -gt 5
}
few=3
[ -z "$all" ] || few=1
fails eio
fails enospc "$few"
# From then on the disk is full.
fails full "$few"
if [ -z "$all" ]; then
	all=-a
	fails eio 7
fi
plan
