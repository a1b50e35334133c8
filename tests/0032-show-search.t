#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-show -s: words of any script in any case, phrases, no operators; and
# --unanswered.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

mkdir p && cd p && raid-init >"$out" || exit 1
J=$(raid-init -p)
n=0
put() { # TEXT [OPTION...]: post_179500000<n>
	text=$1; shift
	RAID_NOW=$((1795000000 + n)) raid-post "$@" "$text" >"$out" || exit 1
	n=$((n + 1))
}
put 'Ёлка и ещё одна ЕЛЬ'			# 0
put 'Straße und FLUSS, café'			# 1
put '日本語のテキスト abc漢字def'		# 2
put 'ภาษาไทย กิน ข้าว'				# 3
put 'カタカナとひらがな'			# 4
put 'NEAR and OR not AND body:word a*b'		# 5
put 'red fish blue fish'			# 6
put 'blue red fish'				# 7
put 'ΣΊΣΥΦΟΣ'					# 8
put 'I/O don'\''t foo-bar x_y v1.2.3'		# 9

finds() { # EXPECTED WORDS [OPTION...]
	want=$1; shift
	words=$1; shift
	is "search $words $*" "$(raid-show -j -s "$words" "$@" 2>"$err" |
	    sed 's/.*"tag":"post_17950000\([0-9]*\)".*/\1/; s/^0//' | tr '\n' ' ')" \
	    "$want"
}
finds '0 ' елка
finds '0 ' ЁЛКА
finds '0 ' 'Ель еще'
finds '0 ' "$(printf '\320\265\314\210\320\273\320\272\320\260')"
finds '1 ' 'STRASSE fluss'
finds '1 ' CAFÉ
finds '2 ' 日
finds '2 ' 日本
finds '2 ' '"日本"'
finds '' 本日
finds '2 ' '本 日'
finds '2 ' キ
finds '2 ' 漢
finds '2 ' abc
finds '2 ' def
finds '3 ' ก
finds '3 ' ข้าว
finds '4 ' カ
finds '4 ' ひらがな
finds '8 ' σίσυφος
finds '7 6 ' 'fish red'
finds '7 6 ' 'fish' -l 5
finds '7 ' 'fish' -l 1
finds '7 ' '"red fish"' -l 1
finds '6 ' '"blue fish"'
finds '' '"fish blue red"'
finds '7 ' '"blue red"fish'
finds '6 ' 'blue"fish blue"'
finds '6 ' '"" "fish blue'
finds '7 6 ' 'fish ***'
finds '' 'fish nothing'
finds '5 ' NEAR
finds '5 ' 'OR'
finds '5 ' 'AND near'
finds '5 ' 'body:word'
finds '' 'rowid:5'
finds '5 ' 'a*'
finds '' 'fis*'
finds '' 'fish NOT blue'
finds '' 'red OR café'
finds '9 ' "don't"
finds '9 ' foo-bar
finds '9 ' 'v1.2.3 I/O'
put 'fish of eve #pond' -a eve			# 10 shows as 10
finds '6 ' fish --until @1795000006
finds '7 6 ' fish -a dev
finds '10 ' fish -a EVE
finds '10 ' fish -t pond
finds '10 7 ' fish --since @1795000007
exits 64 raid-show -s ''
exits 64 raid-show -s '  '
exits 64 raid-show -s '" "'
exits 1 raid-show -s '***'

# --- a word that is everywhere
# The index is asked from its end.
sql "$J" "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c
    WHERE i < 30000)
    INSERT INTO post(ts, n, uid, author, who, kind, status, meta, body)
    SELECT 1796000000 + i, 1, randomblob(32), 'bulk', 'bulk', 'chat',
    'complete', '{}', 'every post ' || i FROM c"
sql "$J" "INSERT INTO post_text(rowid, words) SELECT id, body FROM post
    WHERE who = 'bulk'"
sql "$J" "INSERT INTO hashtag SELECT 'bulk', id FROM post WHERE who = 'bulk'"
# took ARGUMENT...: how long 10 runs take, in milliseconds.
took() {
	from=$(date +%s%N)
	seq 10 | while read -r _; do raid-show -l 5 -j "$@" >"$out"; done
	echo $((($(date +%s%N) - from) / 1000000))
}
rare=$(took -s 12345)
common=$(took -s every)
tag=$(took -t bulk)
phrase=$(took -s '"every post"')
note "10 searches: a rare word $rare ms, one of every post $common ms," \
    "a phrase of every post $phrase ms; hashtag of every post $tag ms"
ok 'a word that is in every post is found as fast' \
    test "$common" -le $((rare * 4 + 100))
ok 'so is a hashtag' test "$tag" -le $((rare * 4 + 100))
ok 'and a phrase' test "$phrase" -le $((rare * 4 + 100))
is 'the newest of all' "$(raid-show -s every -l 1 | tail -n 1)" \
    'every post 30000'

# --- --unanswered
mkdir ../u && cd ../u && raid-init >"$out" || exit 1
J=$(raid-init -p)
n=0
put 'nobody is meant'			# 0
put '@grok a question'			# 1
put '@dev and @agent, not members'	# 2
put '@all of you'			# 3
put '@grok @claude which?'		# 4
put '`@grok` in code'			# 5
put '@dev @ann to a person' -a dev	# 6
put '@me and nobody else' -a me		# 7
open_() {
	raid-show --unanswered -j | sed 's/.*"tag":"post_17950000\([0-9]*\)".*/\1/; s/^0//' |
	    tr '\n' ' '
}
is 'unanswered' "$(open_)" '1 3 4 6 '
raid-post -r post_1795000004 -a bob 'not asked' >"$out"
is 'by somebody else' "$(open_)" '1 3 4 6 '
raid-post -r post_1795000004 -a Claude 'the second' >"$out"
is 'one of those addressed' "$(open_)" '1 3 6 '
raid-post -r post_1795000003 -a dev 'I myself' >"$out"
is '@all: not by the author' "$(open_)" '1 3 6 '
raid-post -r post_1795000003 -a bob 'one of all' >"$out"
is '@all: by anybody' "$(open_)" '1 6 '
sql "$J" "INSERT INTO post(ts, n, uid, author, who, kind, status, reply_ts,
    reply_n, meta, body) VALUES (1795000100, 1, randomblob(32), 'grok',
    'grok', 'reply', 'interrupted', 1795000001, 1, '{}', 'half')"
is 'an interrupted answer is none' "$(open_)" '1 6 '
is 'the newest' "$(raid-show --unanswered -l 1 | tail -n 1)" \
    '@dev @ann to a person'
is 'of one author' "$(raid-show --unanswered -a me; echo $?)" 1
exits 64 raid-show --unanswered last
plan
