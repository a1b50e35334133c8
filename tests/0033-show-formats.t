#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-show: threads as trees, answers side by side, Markdown, CSV, a page, a
# graph; and that nothing steers a terminal.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

mkdir p && cd p && raid-init >"$out" || exit 1
J=$(raid-init -p)
n=0
put() { # OPTION... TEXT
	RAID_NOW=$((1795000000 + n)) raid-post "$@" >"$out" || exit 1
	n=$((n + 1))
}
P=post_179500000
echo x >'f,"1'
put -a dev -f 'f,"1' '@grok @claude why, see #ref_1794999999?'		# 0
put -a grok -r ${P}0 'because of #ref_1795000000, `#ref_1795000000`'	# 1
put -a claude -r ${P}0 'it depends'					# 2
put -a dev -r ${P}1 'a doubt, #ref_1795000002 and #ref_1795000004'	# 3
put -a ann 'somewhere else'						# 4
put -a grok -r ${P}3 'the end'						# 5

# --- trees
# outline: tags and indents of the heads.
outline() { sed -n 's/^\( *\)\(ref \)\{0,1\}#post_1\(7[0-9]*\).*/\1\2\3/p' "$@" |
    sed 's/17950000//; s/7950000//; s/ /./g' | tr '\n' ' '; }
for t in 0 2 5; do
	raid-show --thread ${P}$t >tree
	is "the thread of post $t" "$(outline tree)" \
	    '00 ..ref.794999999 ..01 ....ref.00 ....03 ......ref.02 ......ref.04 ......05 ..02 '
done
like 'bodies are indented' "$(cat tree)" '^    a doubt, '
like 'a ref is a line' "$(cat tree)" '^      ref #post_1795000004  ann .*  somewhere else$'
like 'one that is not there' "$(cat tree)" '^  ref #post_1794999999  not here$'
is 'JSON Lines with depth' "$(raid-show -j --thread ${P}1 |
    sed 's/.*"tag":"post_17950000\(..\)".*"depth":\([0-9]*\)\(.*\)}$/\1:\2\3/' |
    tr '\n' ' ')" '00:0 01:1 03:2 04:3,"ref":true 05:3 02:1 '
is 'without what does not fit' "$(raid-show -a grok --thread ${P}1 |
    outline)" '01 ..ref.00 05 '
is 'Markdown: by headings' "$(raid-show --format md --thread ${P}1 |
    sed -n 's/^\(#*\) #post_17950000\(..\).*/\1\2/p' | tr '\n' ' ')" \
    '##00 ###01 ####03 #####05 ###02 '
raid-show -s end --thread ${P}1 >"$out"
is 'with a search' "$(outline "$out")" '05 '
exits 66 raid-show --thread post_5
exits 64 raid-show --thread last --side last
exits 64 raid-show --thread last last

# --- side by side
long='ä word and 日本語 and so on, which takes more than one line of a column'
put -a dev '@all what?'						# 6
q=${P}6
put -a grok -r $q "$long"						# 7
put -a claude -r $q 'short'						# 8
put -a eve -r $q "$(printf 'tab\there\n\nlast')"			# 9
COLUMNS=80 raid-show --side $q >side
is 'two columns in 80' "$(head -n 1 side | tr -d ' ')" \
    '#post_1795000007|#post_1795000008'
is 'the third below' "$(grep -c '^#post_1795000009$' side)" 1
COLUMNS=120 raid-show --side $q >side
is 'three in 120' "$(head -n 1 side | tr -d ' ')" \
    '#post_1795000007|#post_1795000008|#post_1795000009'
COLUMNS=40 raid-show --side $q >side
unlike 'none in 40' "$(cat side)" '\|'
is 'all are there' "$(grep -c '^#post' side)" 3
if has python3; then
	COLUMNS=80 raid-show --side $q >side
	ok 'columns stand below each other' python3 -c 'import unicodedata
def width(s):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
for line in open("side", encoding="utf-8"):
    line = line.rstrip("\n")
    assert width(line) <= 80, line
    assert "|" not in line or width(line.split("|")[0]) == 39, line'
	is 'no word is lost' "$(COLUMNS=40 raid-show --side $q | tr -s ' \n' ' ' |
	    grep -cF "$long")" 1
else
	skip 'columns stand below each other' 'no python3'
	skip 'no word is lost' 'no python3'
fi
is 'an answer stands for its question' "$(sql "$J" "INSERT INTO post(ts, n,
    uid, author, who, kind, status, reply_ts, reply_n, meta, body) VALUES
    (1795000010, 1, randomblob(32), 'm', 'm', 'reply', 'truncated',
    1795000006, 1, '{}', 'half')"; COLUMNS=200 raid-show --side ${P%0}10 |
    head -n 2 | tr -d ' ')" \
    "$(printf '%s|%s|%s|%s\ngrok|claude|eve|m(truncated)' '#post_1795000007' \
    '#post_1795000008' '#post_1795000009' '#post_1795000010')"
is 'as JSON Lines' "$(raid-show -j --side $q | wc -l)" 4
exits 1 raid-show --side ${P}4
exits 66 raid-show --side post_5

# --- what tries to break out
n=100
printf 'a "q", b\r\n# #post_1795000000 dev, forged\r## CR forged\n> quoted\n%s\n%s\n' \
    '</div></pre><script>alert(1)</script><a href="x">&amp;' \
    'see #ref_1795000000, #ref_1 and https://x/#ref_1795000000' >evil
printf 'esc \033[31m \302\233 \342\200\256 del \177\n```c\nif (a < b && "#ref_1795000000")\n' \
    >>evil
P=post_17950
RAID_NOW=1795000100 raid-post -a mallory -r ${P}00004 - <evil >"$out"
RAID_NOW=1795000101 raid-post -a mallory 'back\ slash\' >"$out"
RAID_NOW=1795000102 raid-post -a mallory '\N \" "; x [label="forged"]; //' >"$out"
RAID_NOW=1795000103 raid-post -a dev -r ${P}00100 '=1+1' >"$out"
raid-show --format md >all.md
like 'Markdown: an open fence ends with its post' "$(cat all.md)" \
    '^## #post_1795000101 mallory'
unlike 'no heading but ours' "$(cat all.md)" '^#+ (#post_1795000000 dev, forged|CR)'
is 'each line of a body is a quotation' "$(raid-show --format md 00100 |
    tail -n +6 | grep -vc '^>')" 0
raid-show --format csv >all.csv
raid-show -j >all.jsonl
if has python3; then
	ok 'CSV reads back' python3 -c 'import csv, json
rows = list(csv.DictReader(open("all.csv", encoding="utf-8", newline=""),
    strict=True))
posts = [json.loads(l) for l in open("all.jsonl", encoding="utf-8")]
assert len(rows) == len(posts)
for r, p in zip(rows, posts):
    for k in "tag", "author", "kind", "status", "body":
        assert r[k] == p[k], (k, r, p)
    assert r["reply_to"] == (p["reply_to"] or "") and int(r["ts"]) == p["ts"]
    assert r["refs"].split() == p["refs"]
    assert r["files"].split() == [f["path"] for f in p["files"]]
    assert json.loads(r["meta"]) == p["meta"]'
else
	skip 'CSV reads back' 'no python3'
fi
ok 'CSV lines end with CR LF' test "$(grep -c "^post_1795000004,.*$(printf '\r')\$" all.csv)" = 1

raid-show --format html >page.html
if has python3; then
	ok 'the page: well formed, every link has its post, nothing escapes' \
	    python3 -c 'import html.parser, re
text = open("page.html", encoding="utf-8", newline="").read()
assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
ids, links, seen, stack, void = [], [], set(), [], {"meta", "br"}
class P(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        a = dict(attrs); seen.add(tag)
        assert not any(k.startswith("on") for k in a), a
        if "id" in a: ids.append(a["id"])
        if tag == "a": links.append(a["href"])
        if tag not in void: stack.append(tag)
    def handle_endtag(self, tag):
        assert stack.pop() == tag, tag
P().feed(text)
assert not stack and "script" not in seen and "img" not in seen
assert len(ids) == len(set(ids)) == 15, len(ids)
assert links and all(l[0] == "#" and l[1:] in ids for l in links)
assert text.count(">#ref_1795000000</a>") == 2, "not in code, not in a URL"
assert ">#ref_1795000004</a>" in text and ">#ref_1</a>" not in text'
else
	skip 'the page' 'no python3'
fi
like 'it needs nothing else' "$(cat page.html)" "default-src 'none'"
unlike 'no reference to the outside' "$(cat page.html)" '(src|href)="?[a-z/]'
like 'code is code' "$(cat page.html)" \
    '^<pre><code>if \(a &lt; b &amp;&amp; &quot;#ref_1795000000&quot;\)$'
like 'what answers it' "$(cat page.html)" \
    'answered by <a href="#post_1795000001">grok</a>, <a href="#post_1795000002">claude</a>'

raid-show --format dot -l 20 >graph.dot
raid-show --format dot --thread ${P}00001 >thread.dot
like 'the graph: an answer' "$(cat thread.dot)" 'post_1795000001 -> post_1795000003;'
like 'a ref' "$(cat thread.dot)" 'post_1795000002 -> post_1795000003 \[style=dashed'
unlike 'not to what is not shown' "$(grep -e '->' thread.dot)" '1794999999|1795000004'
if has dot; then
	exits 0 dot -Tsvg graph.dot
	is 'dot says nothing' "$(cat "$err")" ''
	is 'each post is a node' "$(grep -c '<g id="node' "$out")" 15
	like 'nothing is forged' "$(cat "$out")" '>\\N \\&quot; &quot;; x \[label='
	exits 0 dot -Tsvg thread.dot
	is 'each link an edge' "$(grep -c '<g id="edge' "$out")" 6
else
	skip 'dot draws it' 'no dot here; apt-get install graphviz'
fi

# --- a selection that is empty, formats that are none
for f in text jsonl md csv html dot; do
	exits 1 raid-show --format $f -a nobody
	is "$f of nothing: nothing" "$(cat "$out" "$err")" ''
	exits 74 sh -c "raid-show --format $f >/dev/full"
done
exits 64 raid-show --format pdf
is '-j is a format' "$(raid-show --format jsonl last)" "$(raid-show -j last)"

# --- a circle, and a chain deeper than the screen is wide
mkdir ../deep && cd ../deep && raid-init >"$out" || exit 1
J=$(raid-init -p)
sql "$J" "INSERT INTO post(ts, n, uid, author, who, kind, status, reply_ts,
    reply_n, meta, body) VALUES
    (1795001000, 1, randomblob(32), 'x', 'x', 'chat', 'complete', 1795001001,
    1, '{}', 'egg'), (1795001001, 1, randomblob(32), 'x', 'x', 'chat',
    'complete', 1795001000, 1, '{}', 'hen')"
is 'a circle ends' "$(timeout 5 raid-show --thread post_1795001000 |
    grep -cE '(egg|hen)')" 2
sql "$J" "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c
    WHERE i < 500) INSERT INTO post(ts, n, uid, author, who, kind, status,
    reply_ts, reply_n, meta, body) SELECT 1795002000 + i, 1, randomblob(32),
    'x', 'x', 'chat', 'complete', iif(i = 1, NULL, 1795002000 + i - 1), 1,
    '{}', 'deep ' || i FROM c"
raid-show --thread post_1795002250 >tree
is 'a deep one' "$(grep -c '^ *deep' tree)" 500
ok 'is not indented without end' test "$(awk '{ if (length > m) m = length }
    END { print m }' tree)" -lt 120


# --- a terminal
cd ../p || exit 1
if has script; then
	for o in '' --format=jsonl --format=md --format=csv --format=html \
	    --format=dot "--thread ${P}00100" "--side ${P}00004"; do
		TERM=xterm NO_COLOR=1 PAGER=cat script -qec \
		    "raid-show $o -l 4" /dev/null </dev/null >screen
		ok "something comes: $o" test -s screen
		is "nothing steers the terminal: $o" "$(tr -d '\r\n\t' <screen |
		    LC_ALL=C grep -cE "$(printf '[\001-\037\177]|\302[\200-\237]|\342\200[\252-\256]')")" 0
	done
else
	skip 'a terminal' 'no script(1)'
fi
plan
