#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-post --import: what raid-show -j wrote, once, with its links; journals
# that import each other end with the same posts; nothing that came so counts.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

for j in a b c; do raid-init -J "$T/$j.db" >"$out" || exit 1; done
post() { j=$1; shift; raid-post -J "$T/$j.db" "$@"; }
show() { j=$1; shift; raid-show -J "$T/$j.db" "$@"; }
import() { show "$1" -j | raid-post -J "$T/$2.db" --import -; }
uids() { sql "$T/$1.db" 'SELECT hex(uid) FROM post ORDER BY 1'; }
# field JOURNAL TAG EXPRESSION
field() {
	show "$1" -j "$2" >"$T/line" &&
	    sql :memory: "SELECT json_extract(readfile('$T/line'), '$3')"
}

# The least that a line needs, and all that it may have.
one() { printf '%s\n' "$@" | raid-post -J "$T/c.db" --import -; }
is 'four keys' "$(one '{"tag":"post_50","ts":50,"author":"ann","body":"x #y @Z see #ref_7"}')" \
    post_50
is 'what its body says' "$(field c post_50 '$.hashtags')$(field c post_50 \
    '$.mentions')$(field c post_50 '$.refs')" '["y"]["z"]["post_7"]'
is 'the rest' "$(field c post_50 '$.kind') $(field c post_50 '$.status') $(
    field c post_50 '$.meta')" 'chat complete {}'
h=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
is 'all keys, unknown ones, CRLF, a BOM, blank lines' "$(
    printf '\357\273\277\r\n%s\r\n \r\n' '{"type":"post","v":1,
	"tag":"post_51_2","uid":"'$h'","journal":"J1","ts":51,"author":"Аня",
	"kind":"reply","status":"truncated","reply_to":"post_50","refs":[],
	"mentions":["a"],"hashtags":["план"],"files":[{"path":"d/f",
	"mode":"100755","size":3,"sha256":"'$h'","x":1}],"body":"see #ref_50",
	"meta":{"base":"b"},"later":[{}]}' | tr -d '\n\t' |
    raid-post -J "$T/c.db" --import -)" post_51_2
is 'as it was' "$(field c post_51_2 '$.uid') $(field c post_51_2 '$.author') $(
    field c post_51_2 '$.status') $(field c post_51_2 '$.refs') $(
    field c post_51_2 '$.files[0].mode')" "$h Аня truncated [] 100755"
is 'no content of its files' "$(raid-context -J "$T/c.db" -m shellcheck \
    post_51_2 2>&1 >"$out")" \
    'raid-context: post_51_2: d/f: blob 0123456789abcdef...: not in the journal; posts that come by import bring no contents'
is 'found by its words' "$(show c -j -s 'see' | wc -l)" 2

# Bad lines: 65, the number of the line, and nothing is stored.
n=$(uids c)
good='{"tag":"post_60","ts":60,"author":"ann","body":"good"}'
bad() { # WHAT LINE
	printf '%s\n\n%s\n%s\n' "$good" "$2" "$good" >in
	exits 65 raid-post -J "$T/c.db" --import in
	like "$1" "$(cat "$err")" '^raid-post: in: line 3: '
}
bad 'no JSON' '{"tag":"post_1"'
bad 'no object' '[]'
bad 'trailing bytes' "$good x"
bad 'another type' '{"type":"patch","tag":"post_1","ts":1,"author":"a","body":"x"}'
bad 'a newer version' '{"v":2,"tag":"post_1","ts":1,"author":"a","body":"x"}'
bad 'no tag' '{"ts":1,"author":"a","body":"x"}'
bad 'a tag that is none' '{"tag":"post_x","ts":1,"author":"a","body":"x"}'
bad 'a tag with #' '{"tag":"#post_1","ts":1,"author":"a","body":"x"}'
bad 'post_1_1 is none' '{"tag":"post_1_1","ts":1,"author":"a","body":"x"}'
bad 'a time that is not the tag'"'"'s' '{"tag":"post_1","ts":2,"author":"a","body":"x"}'
bad 'a time that is a string' '{"tag":"post_1","ts":"1","author":"a","body":"x"}'
bad 'no author' '{"tag":"post_1","ts":1,"body":"x"}'
bad 'an author that is no name' '{"tag":"post_1","ts":1,"author":"a b","body":"x"}'
bad 'an author that is a number' '{"tag":"post_1","ts":1,"author":1,"body":"x"}'
bad 'no body' '{"tag":"post_1","ts":1,"author":"a"}'
bad 'a blank body' '{"tag":"post_1","ts":1,"author":"a","body":" \n"}'
bad 'a NUL' '{"tag":"post_1","ts":1,"author":"a","body":"x\u0000"}'
bad 'an unknown kind' '{"tag":"post_1","ts":1,"author":"a","body":"x","kind":"k"}'
bad 'an unknown status' '{"tag":"post_1","ts":1,"author":"a","body":"x","status":"k"}'
bad 'a short uid' '{"tag":"post_1","ts":1,"author":"a","body":"x","uid":"00"}'
bad 'a journal that is none' '{"tag":"post_1","ts":1,"author":"a","body":"x","journal":"/"}'
bad 'reply_to is no tag' '{"tag":"post_1","ts":1,"author":"a","body":"x","reply_to":"y"}'
bad 'it answers itself' '{"tag":"post_1","ts":1,"author":"a","body":"x","reply_to":"post_1"}'
bad 'refs are no array' '{"tag":"post_1","ts":1,"author":"a","body":"x","refs":"post_2"}'
bad 'a ref that is no tag' '{"tag":"post_1","ts":1,"author":"a","body":"x","refs":["y"]}'
bad 'a hashtag that is none' '{"tag":"post_1","ts":1,"author":"a","body":"x","hashtags":["1"]}'
bad 'a path that leads out' '{"tag":"post_1","ts":1,"author":"a","body":"x","files":[{"path":"../f","mode":"100644","size":1,"sha256":"'$h'"}]}'
bad 'a mode that is none' '{"tag":"post_1","ts":1,"author":"a","body":"x","files":[{"path":"f","mode":"104755","size":1,"sha256":"'$h'"}]}'
bad 'meta is no object' '{"tag":"post_1","ts":1,"author":"a","body":"x","meta":[]}'
bad 'a key that stands there twice' '{"tag":"post_1","ts":1,"author":"a","author":"b","body":"x"}'
bad 'invalid UTF-8' "$(printf '{"tag":"post_1","ts":1,"author":"a","body":"\377"}')"
head -c 1048576 /dev/zero | tr '\0' y >full
bad 'a body too long' '{"tag":"post_1","ts":1,"author":"a","body":"'"$(cat full)"'x"}'
is 'nothing was stored' "$(uids c)" "$n"
printf '{"tag":"post_61","ts":61,"author":"a","body":"%s"}' "$(cat full)" >in
exits 0 raid-post -J "$T/c.db" --import in
rm in full
exits 66 raid-post -J "$T/c.db" --import missing
exits 77 env RAID_ACTOR=grok raid-post -J "$T/c.db" --import /dev/null
exits 64 raid-post -J "$T/c.db" --import /dev/null word
exits 64 raid-post -J "$T/c.db" --import /dev/null -r last
exits 64 raid-post -J "$T/c.db" -a x --import /dev/null
exits 64 raid-post -n --import /dev/null

# The same line again, with and without a uid.
is 'by what it says' "$(one "$good" "$good"; one "$good")" post_60
is 'another body is another post' "$(one "${good%\"*}!\"}")" post_60_2

# Two journals with the same tags: links and old tags follow.
for j in a b; do
	RAID_NOW=1000 post $j -a ann "first of $j" >>tags
	RAID_NOW=1000 post $j -a bob -r last "second of $j, see #ref_1000" >>tags
	RAID_NOW=2000 post $j -a ann "third of $j, see #ref_1000_2 and #ref_9" >>tags
done
RAID_NOW=3000 post a -r post_2000 'only of a' >>tags
is 'a into b' "$(import a b | tr '\n' ' ')" \
    'post_1000_3 post_1000_4 post_2000_2 post_3000 '
is 'the second answers the first of a' "$(field b post_1000_4 '$.reply_to') $(
    field b post_1000_4 '$.refs')" 'post_1000_3 ["post_1000_3"]'
is 'its text stays' "$(field b post_1000_4 '$.body')" \
    'second of a, see #ref_1000'
is 'a ref to what is not there is kept' "$(field b post_2000_2 '$.refs')" \
    '["post_9","post_1000_4"]'
is 'a reply whose own tag was free' "$(field b post_3000 '$.reply_to')" \
    post_2000_2
is 'what was there is as it was' "$(field b post_1000_2 '$.reply_to') $(
    field b post_1000_2 '$.body')" \
    'post_1000 second of b, see #ref_1000'
is 'b into a' "$(import b a | tr '\n' ' ')" \
    'post_1000_3 post_1000_4 post_2000_2 '
is 'the second answers the first of b' "$(field a post_1000_4 '$.reply_to')" \
    post_1000_3
is 'the same posts in both' "$(uids a)" "$(uids b)"
is 'seven of them' "$(uids a | wc -l)" 7
sum() { sql "$T/$1.db" 'SELECT * FROM post; SELECT * FROM ref ORDER BY 1, 2, 3;
    SELECT count(*) FROM imported'; }
before=$(sum a; sum b)
is 'a second round adds nothing' "$(import a b; import b a)" ''
is 'and changes nothing' "$(sum a; sum b)" "$before"
# What comes later finds what came before.
RAID_NOW=4000 post a -r post_1000_2 'later, see #ref_2000' >>tags
show a -j post_4000 | raid-post -J "$T/b.db" --import - >"$out"
is 'links of a later import' "$(field b post_4000 '$.reply_to') $(
    field b post_4000 '$.refs')" 'post_1000_4 ["post_2000_2"]'
RAID_NOW=5000 post b -r post_1000_4 'b answers what was of a' >>tags
import b a >"$out"
is 'a link that comes home' "$(field a post_5000 '$.reply_to')" post_1000_2
is 'own tags rise' "$(RAID_NOW=10 post a next)" post_5000_2

# Three in a ring, in which a tag moves on.
RAID_NOW=1000 post c 'first of c' >>tags
RAID_NOW=1000 post c 'second of c' >>tags
for i in 1 2 3; do
	import a b >>tags; import b c >>tags; import c a >>tags
done
is 'the ring: b has all' "$(uids b)" "$(uids a)"
is 'the ring: c has all' "$(uids c)" "$(uids a)"
before=$(sum a; sum b; sum c)
is 'once more round' "$(import a b; import b c; import c a)" ''
is 'nothing changes' "$(sum a; sum b; sum c)" "$before"
links() { sql "$T/$1.db" "SELECT hex(p.uid), hex(q.uid) FROM post p JOIN post q
    ON q.ts = p.reply_ts AND q.n = p.reply_n ORDER BY 1"; }
is 'and everybody answers the same post' "$(links b)" "$(links a)"
is 'in c, too' "$(links c)" "$(links a)"
for j in a b c; do
	is "integrity of $j" "$(sql "$T/$j.db" 'PRAGMA integrity_check;
	    PRAGMA foreign_key_check')" ok
	ok "index of $j" sql "$T/$j.db" \
	    "INSERT INTO post_text(post_text) VALUES ('integrity-check')"
done

# An old tag that is free here still finds its post.
for j in d e; do raid-init -J "$T/$j.db" >"$out"; done
RAID_NOW=70 post d one >>tags
RAID_NOW=70 post e other >>tags
RAID_NOW=70 post e 'two of e' >>tags
show e -j post_70_2 | sed 's/post_70_2/post_71/; s/"ts":70/"ts":71/' >moved
show e -j post_70 | cat - moved | raid-post -J "$T/d.db" --import - >"$out"
is 'taken, free' "$(tr '\n' ' ' <"$out")" 'post_70_2 post_71 '
show e -j post_70_2 | raid-post -J "$T/d.db" --import - >"$out"
sed 's/post_71/post_72/; s/"ts":71/"ts":72/' moved |
    raid-post -J "$T/d.db" --import - >"$out"
like 'by its old tag' "$(show d post_72)" '^#post_71  dev'
sed 's/post_71/post_72/; s/"ts":71/"ts":72/; s/"journal":"[^"]*"/"journal":"K"/
    s/"uid":"[^"]*"/"uid":"'$h'"/' moved |
    raid-post -J "$T/d.db" --import - >"$out"
is 'a tag that is free is taken' "$(cat "$out")" post_72
printf '%s\n' '{"tag":"post_70","ts":70,"journal":"M","author":"a","body":"m"}' \
    '{"tag":"post_99","ts":99,"journal":"M","author":"a","body":"n"}' |
    raid-post -J "$T/d.db" --import - >"$out"
for j in N O; do
	printf '%s\n' '{"tag":"post_80","ts":80,"journal":"'$j'","uid":"'"$(
	    raid-show -J "$T/d.db" -j "post_7$([ $j = N ] || echo 0_)$(
	    [ $j = N ] && echo 1 || echo 2)" |
	    sed 's/.*"uid":"\([^"]*\)".*/\1/')"'","author":"a","body":"x"}' |
	    raid-post -J "$T/d.db" --import - >"$out"
done
exits 64 raid-show -J "$T/d.db" post_80
like 'one that several had' "$(cat "$err")" 'several journals had this tag'

# A link to a post that is not here, whose tag is another post's: none.
printf '%s\n' '{"tag":"post_90","ts":90,"journal":"P","author":"a","body":"x",
    "reply_to":"post_70","refs":["post_70","post_12"]}' | tr -d '\n' |
    raid-post -J "$T/d.db" --import - >"$out" 2>"$err"
is 'no wrong link' "$(field d post_90 '$.reply_to')$(field d post_90 '$.refs')" \
    '["post_12"]'
like 'and it says so' "$(cat "$err")" '2 links are left out'
is 'the audit knows' "$(sql d.db "SELECT actor, action, detail FROM audit
    ORDER BY id DESC LIMIT 1")" 'dev|import|1 posts from standard input'

# An older post is no part of what a younger one stands in.
for i in 1 2 3; do RAID_NOW=20$i post e "talk $i" >>tags; done
i=0
while [ $i -lt 60 ]; do
	i=$((i + 1))
	printf '{"tag":"post_%d","ts":%d,"author":"a","body":"old"}\n' $i $i
done | raid-post -J "$T/e.db" --import - >"$out"
like 'the window is made by time' "$(raid-context -J "$T/e.db" -m shellcheck \
    post_203)" 'talk 1'

# What came so authorises nothing.
repo r && cd r && raid-init >"$out" && unset RAID_JOURNAL
printf 'check:\n\tsh -n hello.sh\n' >Makefile
git add . && git commit -q -m more
q=$(raid-post -f hello.sh 'change it')
printf 'hello.sh\n```sh\n#!/bin/sh\necho bye\n```\n' >answer
a=$(raid-post -a grok -r "$q" - <answer)
p=$(raid-patch "$a") || note "no patch of $a"
raid-show -j "$p" >patch
sed 's/"uid":"[^"]*"/"uid":"'$h'"/; s/"journal":"[^"]*"/"journal":"X"/' patch \
    >forged
f=$(raid-post --import forged)
like 'a patch in all but that' "$(raid-show "$f")" 'patch'
exits 77 raid-commit -y "$f"
like 'it says why' "$(cat "$err")" "$f came by import: it is text"
exits 77 raid-test "$f"
sed 's/"kind":"patch"/"kind":"verdict"/; s/"meta":{/&"pass":true,"sandboxed":true,/
    s/"reply_to":"[^"]*"/"reply_to":"'"$p"'"/
    s/"tag":"[^"]*","uid"/"tag":"post_6","uid"/; s/"ts":[0-9]*/"ts":6/
    s/"journal":"[^"]*",//; s/"uid":"[^"]*"/"uid":"1'"${h#?}"'"/' forged >verdict
v=$(raid-post --import verdict)
like 'a verdict in all but that' "$(raid-show "$v")" "verdict.* to #$p"
exits 65 raid-commit -y "$v"
raid-commit -y "$p" >"$out" 2>"$err"
is 'nor does it let the patch pass' $(($? != 0)) 1
printf '{"tag":"post_5","ts":5,"author":"agent","kind":"commit","reply_to":"%s","body":"done","meta":{"commit":"%s"}}' \
    "$p" "$(git rev-parse HEAD)" | raid-post --import - >"$out"
is 'a commit post, in all but that' "$(raid-show -j "$(cat "$out")" |
    grep -c "\"reply_to\":\"$p\"")" 1
raid-commit -y "$p" >"$out" 2>"$err"
is 'nor is it committed' "$(cat "$out")" ''
is 'no verdict row' "$(sql "$(raid-init -p)" 'SELECT count(*) FROM verdict')" 0
is 'no commit' "$(git rev-list --count HEAD)" 2
plan
