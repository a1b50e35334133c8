#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-show: choosing posts, JSON Lines, what a terminal is given.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

mkdir p && cd p && raid-init >"$out" || exit 1
post() { now_=$1; shift; RAID_NOW=$now_ raid-post "$@"; }
post 1795000000 -a dev 'first word, Ёлка' >"$out"
post 1795000100 -a Grok -t alpha 'second #beta "a b" 日本語' >"$out"
post 1795000200 -a grok -r post_1795000100 'third b a word' >"$out"
post 1795000200 -a ann -r post_1795000200 'fourth #Alpha' >"$out"
post 1795086400 -a dev -f ../home/.gitconfig 'refused' >"$out" 2>"$err"
echo x >file
post 1795086400 -a dev -f file 'fifth #ref_1795000100' >"$out"

# tags ARGUMENT...: of the posts shown, without their common start.
tags() {
	raid-show -j "$@" 2>"$err" | sed 's/.*"tag":"post_1795\([^"]*\)".*/\1/' |
	    tr '\n' ' '
}
shows() { # EXPECTED ARGUMENT...
	want=$1; shift
	is "raid-show $*" "$(tags "$@")" "$want"
}
all='000000 000100 000200 000200_2 086400 '
shows "$all"
shows '000200_2 086400 ' -l 2
shows "$all" -l 100
shows '000100 000200 ' -a GROK
shows '000100 000200 ' -a @grok
shows '000200 ' -a grok -l 1
shows '000100 000200_2 ' -t alpha
shows '000100 000200_2 ' -t '#ALPHA'
shows '000200 000000 ' -s word
shows '000000 ' -s 'word FIRST'
shows '000000 ' -s елка
shows '000100 ' -s '"a b"'
shows '000200 000100 ' -s 'a b'
shows '000100 ' -s 本
shows '000200_2 086400 ' --since @1795000200 -l 2
shows '000000 000100 ' --until @1795000100
shows '000100 000200 000200_2 ' --thread post_1795000200_2
shows '086400 ' --since '2026-11-19 00:00'
shows '000100 000000 ' 000100 post_1795000000
shows '000000 ' "#post_1795000000"
shows '086400 ' last
shows '000200 ' last@grok
shows '000100 ' last@grok~1
shows '000200 ' last~2
for w in '***' '-' "x'y" 'a"b' 'NEAR(' 'AND' 'a*' '^a' 'a:b' '{a}:b'; do
	raid-show -s "$w" >"$out" 2>"$err"
	case $? in
	0 | 1) result_ 0 "search for $w" ;;
	*) result_ 1 "search for $w"; note "$(cat "$err")" ;;
	esac
done
exits 64 raid-show -s ''
exits 1 raid-show -a nobody
is 'a clean no is silent' "$(cat "$out" "$err")" ''
exits 64 raid-show 00
like 'several: the newest is named' "$(cat "$err")" 'post_1795086400 is the newest'
exits 66 raid-show 777
exits 66 raid-show last~99
exits 66 raid-show last@nobody
for bad in last~ last~x lastx '#' 'post_' 'post_0' "1'--"; do
	raid-show "$bad" >"$out" 2>"$err"
	case $? in
	64 | 65) result_ 0 "no tag: '$bad'" ;;
	*) result_ 1 "no tag: '$bad'" ;;
	esac
done
exits 0 raid-show 777 last
like 'a bad one does not stop the others' "$(cat "$out")" '^fifth'
printf '#post_1795000000\r\n\n  ref_1795000100 \n{"tag":"post_1795000200","x":[1]}\n' >in
is 'tags from standard input' "$(tags - <in)" '000000 000100 000200 '
exits 1 raid-show - </dev/null
exits 1 raid-show ''
exits 64 raid-show --since tomorrow

# JSON Lines, by two strict parsers.
printf 'quote " back \\ tab \t cr \r esc \033[1m del \177 c1 \302\233 \342\200\250 \360\237\230\200 /' |
    raid-post -f file >"$out"
raid-show -j >lines
n=0
while IFS= read -r line; do
	printf %s "$line" >line
	[ "$(sql :memory: "SELECT json_valid(readfile('line'))")" = 1 ] || n=9
	n=$((n + 1))
done <lines
is 'each line is JSON' $n 6
is 'and byte exact' "$(sql :memory: "SELECT json_extract(readfile('line'),
    '$.body')" | od -c)" "$(raid-show last | tail -n +3 | od -c)"
if has python3; then
	ok 'python agrees' python3 -c 'import json
for n, line in enumerate(open("lines", "rb")):
    p = json.loads(line)
    assert list(p)[:2] == ["type", "v"] and p["v"] == 1, p
    assert len(p["uid"]) == 64 and p["meta"] == {}, p
assert n == 5 and p["files"][0]["size"] == 2 and "\x1b[1m" in p["body"]'
else
	skip 'python agrees' 'no python3'
fi
is 'keys' "$(sql :memory: "SELECT group_concat(key, ' ') FROM
    json_each(readfile('line'))")" "type v tag uid journal ts author kind status retracted reply_to \
refs mentions hashtags files body meta"
is 'refs' "$(raid-show -j 086400 | grep -c '"refs":\["post_1795000100"\]')" 1

# Piped it is whole; a terminal gets what is short and harmless.
seq 100 | raid-post >"$out"
is 'piped: whole' "$(raid-show last | tail -n 1)" 100
if has script; then
	# tty COMMAND: what it writes on a terminal, CR taken out.
	tty() {
		TERM=xterm PAGER=cat script -qec "stty cols 80 rows 24; $1" \
		    /dev/null </dev/null | tr -d '\r'
	}
	o=$(tty 'raid-show last')
	like 'a mark where more is' "$o" '^\[80 more lines: raid-show post_[0-9_]+ \| cat\]'
	is 'the first 20 lines' "$(echo "$o" | grep -c '^[0-9]*$')" 20
	head -c 5000 /dev/zero | sed 's/\x00/я/g' | raid-post >"$out"
	o=$(tty 'raid-show last')
	like 'a long line is cut' "$o" '^яяя'
	like 'it says so' "$o" '^\[1 more lines?:'
	unlike 'not within a character' "$o" '\\x'
	o=$(tty 'raid-show last~2' | cat -v)
	like 'ESC is harmless' "$o" 'esc \\x1b\[1m del \\x7f c1 \\x9b'
	like 'CR is harmless' "$o" 'cr \\x0d esc'
	unlike 'nothing else gets through' "$(echo "$o" | tail -n +3)" '\^\['
	like 'the head is bold' "$(echo "$o" | head -n 1)" '\^\[\[1m#post_'
	o=$(tty 'NO_COLOR=1 raid-show last' | cat -v)
	unlike 'NO_COLOR' "$o" '\^\['
	is 'the last 20 posts' "$(for i in $(seq 25); do raid-post "n $i"; done >"$out"
	    tty 'raid-show' | grep -c '#post_')" 20
	is 'a pager is used' "$(PAGER='sed s/^/P:/' script -qec 'raid-show -l 1' \
	    /dev/null </dev/null | grep -c '^P:')" 2
	is '--no-pager' "$(PAGER='sed s/^/P:/' script -qec 'raid-show -l 1 --no-pager' \
	    /dev/null </dev/null | grep -c '^P:')" 0
	script -qec 'stty cols 80 && PAGER=true raid-show -l 30; echo "s $?"' \
	    /dev/null </dev/null >"$out"
	like 'a pager that is left early' "$(cat "$out")" '^s 0'
	is 'one that is not there' "$(PAGER=nonsense script -qec 'raid-show -l 1' \
	    /dev/null </dev/null | grep -c 'n 25')" 1
	for p in post broadcast patch test commit; do
		[ -x "$BUILD/raid-$p" ] || continue
		script -qec "raid-$p" /dev/null >"$out" </dev/null
		is "raid-$p on a terminal: usage" $? 64
	done
else
	skip 'a terminal' 'no script(1)'
fi
plan
