#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum reads: plain files whatever they look like, compressed ones,
# archives and their members, damaged ones as far as they go.
. "${0%/*}/lib.sh"

# lines FILE...: how many lines are there for raid-logsum?
lines() { raid-logsum --assign "$@" 2>"$err" | wc -l; }

for i in 1 2 3; do
	printf 'INFO request %s took 5 ms\nERROR cannot open /x/%s\n' $i $i
done >log
raid-logsum --assign log >ids

# --- a text is a text
: >empty
is 'an empty file' "$(lines empty)" 0
printf x >one
is 'one byte' "$(lines one)" 1
printf '\n' >newline
is 'one newline' "$(lines newline)" 1
head -c 2000 /dev/zero >zeros
is 'zeros are one line' "$(lines zeros)" 1
{ head -c 5000 /dev/zero; echo; cat log; } >zeros
is 'zeros and then lines' "$(lines zeros)" 7
truncate -s 3G hole && printf '\nrequest 5\n' >>hole
is 'a file with a hole' "$(timeout 20 raid-logsum --assign hole | wc -l)" 2
truncate -s 1T hole && is 'a hole at the end' \
    "$(timeout 20 raid-logsum --assign hole | wc -l)" 3
for head in 'BZh91AY&SY is the magic of bzip2' 'PK is a zip' '#mtree v2' \
    '070707 a cpio' '!<arch>' 'ustar' '-----BEGIN PGP MESSAGE-----' \
    'begin 644 file' '7z' 'WARC/1.0' 'LZIP' 'xar!' 'Rar!' '(/var/log)'; do
	{ echo "$head"; cat log; } >text
	is "a text that begins with $head" "$(lines text)" 7
	raid-logsum --assign text | tail -n 6 >ids2
	ok "its other lines are the same" cmp ids ids2
done
# At the offset 257, as a tar has it.
{ printf '%257s' ''; printf 'ustar  \0'; cat log; } >text
is 'a text with the magic of tar' "$(lines text)" 6
awk 'BEGIN { for (i = 0; i < 90000; i++) print "request", i, "took 5 ms" }' \
    >big
is 'many blocks' "$(lines big)" 90000
(while IFS= read -r line; do printf '%s\n' "$line"; done <log) |
    raid-logsum --assign >ids2
ok 'a pipe that gives little at a time' cmp ids ids2

# --- compressed in any way, and twice
for tool in gzip bzip2 xz zstd lz4; do
	if ! has $tool; then
		skip "$tool" "no $tool here"
		continue
	fi
	$tool -c <log >packed
	raid-logsum --assign packed >ids2
	ok "$tool" cmp ids ids2
	cat packed packed >twice
	is "$tool: two that stand one behind the other" "$(lines twice)" 12
	$tool -c <empty >packed
	is "$tool: of nothing" "$(lines packed)" 0
	head -c 3000 /dev/zero | $tool -c >packed
	is "$tool: of zeros" "$(lines packed)" 1
	gzip -c log | $tool -c >packed
	is "$tool: of gzip" "$(lines packed)" 6
	$tool -c <big >whole
	head -c $(($(wc -c <whole) * 2 / 3)) whole >cut
	exits 65 raid-logsum --templates cut
	like "$tool: cut, it is named" "$(cat "$err")" '^raid-logsum: cut: '
done

# --- archives
mkdir -p logs/sub && cp log logs/a.log && cp big logs/sub/b.log
: >logs/empty
gzip -c log >logs/sub/c.gz
printf 'no newline at its end' >logs/z
ln -s a.log logs/link
ln logs/a.log logs/hard
for format in v7 ustar gnu posix; do
	tar --format=$format -cf $format.tar logs
	is "$format: each member is a log" "$(lines $format.tar)" \
	    $((6 + 90000 + 6 + 1))
done
raid-logsum --assign gnu.tar | sort | uniq -c >"$out"
cat logs/a.log big log logs/z | raid-logsum --assign | sort | uniq -c |
    cmp -s - "$out"
result_ $? 'their lines are those of the files'
raid-logsum --assign - <gnu.tar | sort | uniq -c | cmp -s - "$out"
result_ $? 'on standard input'
for tool in gzip bzip2 xz zstd; do
	has $tool || continue
	$tool -c gnu.tar >packed
	is "tar and $tool" "$(lines packed)" 90013
done
tar -cf two.tar gnu.tar log
is 'a tar in a tar' "$(lines two.tar)" 90019
tar -cf none.tar -T /dev/null
is 'a tar without members is but zeros' "$(lines none.tar)" 1
mkdir odd
cp log 'odd/журнал с пробелом'
cp log "odd/$(printf 'a\033[31m\nb')"
tar --format=posix -cf odd.tar odd
for l in C ru_RU.UTF-8; do
	is "odd names, $l" "$(LC_ALL=$l lines odd.tar)" 12
	is "and nothing is said, $l" "$(cat "$err")" ''
done
truncate -s 2G sparse && cat log >>sparse
tar -Scf sparse.tar sparse
is 'a sparse member' "$(lines sparse.tar)" 6
if has python3; then
	python3 - <<-'END'
	import zipfile
	with zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED) as z:
	    z.write('log', 'job/1_build.txt')
	    z.write('big', 'job/2_test.txt')
	END
	is 'zip' "$(lines x.zip)" 90006
	is 'zip on standard input' "$(lines - <x.zip)" 90006
else
	skip 'zip' 'no python3 here'
fi

# --- damaged ones: named, and what came before counts
head -c 100000 gnu.tar >cut.tar
exits 65 raid-logsum --templates cut.tar
like 'the tar and the member are named' "$(cat "$err")" \
    '^raid-logsum: cut\.tar: logs/[a-z./]*: '
like 'what came before counts' "$(cat "$out")" 'request <num> took'
is 'one word for one damage' "$(wc -l <"$err")" 1
gzip -c gnu.tar >whole
head -c 60000 whole >cut
exits 65 raid-logsum --templates cut
like 'a tar.gz that is cut' "$(cat "$err")" '^raid-logsum: cut: .*gzip'
is 'one word for that' "$(wc -l <"$err")" 1
gzip -c big | head -c 50000 >logs/a-bad.gz
tar -cf some.tar logs
exits 65 raid-logsum --assign some.tar
like 'a damaged member is named' "$(cat "$err")" \
    '^raid-logsum: some\.tar: logs/a-bad\.gz: '
ok 'the others count' test "$(wc -l <"$out")" -gt 90013
{ head -c 512 gnu.tar; head -c 20000 /dev/urandom; } >junk.tar
exits 65 raid-logsum --assign junk.tar
exits 65 raid-logsum --assign cut log
ok 'a damaged file and then one that is not' test "$(wc -l <"$out")" -gt 6
printf '\037\213\010\000 this is no gzip at all\n' >false
exits 65 raid-logsum --assign false

# --- progress: on a terminal, of what takes longer than a second
if has script; then
	slow='{ cat big; sleep 1.2; cat big; sleep 0.4; } | raid-logsum -b 200'
	TERM=xterm script -qec "$slow" /dev/null >"$out" </dev/null
	shown=$(tr '\r' '\n' <"$out")
	like 'how much, how fast' "$shown" \
	    '^[0-9]+ MB, [0-9]+ MB/s, [0-9]+ k lines/s'
	like 'it is taken away' "$shown" "^$(printf '\033')\[K# Log: 180000"
	TERM=dumb script -qec "$slow" /dev/null >"$out" </dev/null
	like 'a dumb terminal has none' "$(head -n 1 "$out")" '^# Log: '
	TERM=xterm script -qec 'raid-logsum -b 200 big' /dev/null >"$out" \
	    </dev/null
	like 'none for what is quick' "$(head -n 1 "$out")" '^# Log: '
else
	skip 'progress' 'no script here'
fi
TERM=xterm sh -c "{ cat log; sleep 1.2; cat log; } | raid-logsum" >"$out" 2>"$err"
is 'none in a file' "$(cat "$err")" ''
plan
