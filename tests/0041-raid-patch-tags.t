#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch with tags: answers become patches, on what their question saw.
. "${0%/*}/lib.sh"

repo r
cd r || exit 1
seq 20 >a.txt
mkdir d && echo base >d/b.txt
git add . && git commit -q -m files
exits 0 raid-init

# A member for each kind of answer: what it says is a file.
mkdir "$T/say"
cat >"$T/member" <<'END'
#!/bin/sh
cat "$HOME/../say/$RAID_MEMBER"
[ "$RAID_MEMBER" != slow ] || sleep 60
END
chmod +x "$T/member"
printf '{"members": {' >.raid/array.json
for m in good twin bare words bad evil slow; do
	printf '"%s": {"provider": "exec", "command": ["%s"], "local": true},\n' \
	    $m "$T/member"
done | sed '$s/,$//' >>.raid/array.json
echo '}}' >>.raid/array.json

# shellcheck disable=SC2016 # backticks are text
diff_of() { # PATH OLD NEW
	printf '```diff\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-%s\n+%s\n```\n' \
	    "$1" "$1" "$2" "$3"
}
{ echo 'Make five a word.'; echo; diff_of a.txt 5 five; } >"$T/say/good"
diff_of a.txt 5 V >"$T/say/twin"
diff_of d/b.txt dirty clean >"$T/say/bare"
echo 'I see nothing to do.' >"$T/say/words"
diff_of a.txt 'not there' x >"$T/say/bad"
diff_of ../../etc/passwd root toor >"$T/say/evil"

field() { raid-show -j "$1" | sed -n "s/.*\"$2\":\"\\([^\"]*\\)\".*/\\1/p"; }

# --- one answer
q=$(raid-post '@good please')
a=$(raid-broadcast "$q")
head=$(git rev-parse HEAD)
like '-n says what it would do' "$(raid-patch -n "$a")" \
    "^$a would modify a.txt\$"
like '-n -j says it as JSON' "$(raid-patch -nj "$a")" \
    "^\{\"type\":\"plan\",\"v\":1,\"tag\":\"$a\",\"files\":\[\{\"path\":\"a.txt\",\"op\":\"modify\"\}\],\"hunks\":\[\{\"path\":\"a.txt\".*\"level\":\"exact\".*\}\]\}\$"
is 'and posts nothing' "$(raid-show -j | grep -c '"kind":"patch"')" 0
p=$(raid-patch "$a")
is 'the tag of a patch' "$(field "$p" kind)" patch
is 'by who answered' "$(field "$p" author)" good
is 'in reply to the answer' "$(field "$p" reply_to)" "$a"
is 'with its base' "$(field "$p" base)" "$head"
is 'and its question' "$(field "$p" question)" "$q"
is 'and a subject' "$(field "$p" subject)" 'Make five a word'
is 'once more it is the same' "$(raid-patch "$a")" "$p"
is 'by standard input too' "$(echo "#$a" | raid-patch)" "$p"
is 'and by a JSON line' "$(raid-show -j "$a" | raid-patch)" "$p"
is 'a patch is its own patch' "$(raid-patch "$p")" "$p"
like '-j prints the post' "$(raid-patch -j "$a")" "\"tag\":\"$p\""
raid-show "$p" >"$out"
like 'its body is the diff' "$(cat "$out")" '^diff --git a/a.txt b/a.txt$'
is 'the work tree is as it was' "$(git status --porcelain)" ''
if has sqlite3; then
	db=$(raid-init -p)
	is 'an entry in the audit' "$(sqlite3 "$db" "SELECT count(*) FROM audit
	    WHERE action = 'patch' AND result = 'done'")" 1
fi

# --- several
raid-post '@good @words @bad @evil @twin please' | raid-broadcast |
    sort >"$T/answers"
raid-patch <"$T/answers" >"$T/patches" 2>"$err"
is 'some could be placed' "$?" 0
is 'two of five' "$(wc -l <"$T/patches")" 2
like 'no edit' "$(cat "$err")" 'by words: no edit'
like 'a refusal names file, hunk and lines' "$(cat "$err")" \
    'by bad: a.txt: hunk 1 .*want "not there"'
like 'and the command that helps' "$(cat "$err")" "raid-post -r post_.* '@bad"
like 'a hostile path' "$(cat "$err")" 'by evil: \.\./\.\./etc/passwd: '
w=$(raid-post '@words please' | raid-broadcast)
exits 1 raid-patch "$w"
e=$(raid-post '@evil please' | raid-broadcast)
exits 77 raid-patch "$w" "$e"
exits 65 raid-patch "$w" nonsense
exits 66 raid-patch post_1
exits 0 raid-patch nonsense "$a" "$w"
raid-patch <"$T/answers" >"$T/again" 2>/dev/null
ok 'the same patches, the second time' cmp "$T/patches" "$T/again"
for _ in 1 2 3 4 5 6; do raid-patch "$a" & done >"$out"
wait
is 'six at once make no second one' "$(sort -u "$out")" "$p"
a2=$(raid-post '@good again' | raid-broadcast)
for _ in 1 2 3 4 5 6; do raid-patch "$a2" & done >"$out"
wait
is 'nor where there was none' "$(sort -u "$out" | wc -l)" 1

# --- attached files lie over the commit, whatever the work tree becomes
echo dirty >d/b.txt
q=$(raid-post -f d/b.txt '@bare please')
a=$(raid-broadcast "$q")
git checkout -q d/b.txt
p=$(raid-patch "$a")
like 'the diff is of what was attached' "$(raid-show "$p")" '^-dirty$'
b=$(raid-post '@bare please' | raid-broadcast)
exits 1 raid-patch "$b"
like 'and not of the commit alone' "$(cat "$err")" 'want "dirty", have "base"'
echo new >untracked.txt
diff_of untracked.txt new newer >"$T/say/bare"
a=$(raid-post --dirty '@bare please' | raid-broadcast)
rm untracked.txt
ok 'an untracked file that was attached' raid-patch "$a"
git commit -q --allow-empty -m later
{ echo 'See:'; diff_of a.txt 7 seven; } >"$T/say/good"
h=$(git rev-parse HEAD)
a=$(raid-post '@good please' | raid-broadcast)
sed -i s/7/7.0/ a.txt && git commit -q -a -m moved
p=$(raid-patch "$a")
is 'HEAD moved: the base is what the question saw' "$(field "$p" base)" "$h"
is 'no sentence: the file is the subject' "$(field "$p" subject)" 'change a.txt'

# --- an answer that is not complete
diff_of a.txt 5 five >"$T/say/slow"
q=$(raid-post '@slow please')
timeout -s INT 1 raid-broadcast "$q" 2>"$err"
t=$(raid-show -j | sed -n 's/.*"tag":"\([^"]*\)".*"status":"interrupted".*/\1/p')
exits 1 raid-patch "$t"
like 'an interrupted answer is not taken' "$(cat "$err")" \
    "$t by slow: interrupted, .*raid-broadcast --again $q"

exits 0 raid-patch --partial "$t"
like 'but for --partial' "$(raid-show "$(cat "$out")")" '^\+five$'

# --- a diff that is no body is a blob
awk 'BEGIN { print "```sh path=big.txt"
	for (i = 0; i < 20000; i++) print "line", i
	print "```" }' >"$T/say/good"
p=$(raid-post '@good please' | raid-broadcast | raid-patch)
like 'a long diff is not the body' "$(raid-show "$p")" 'sha256 [0-9a-f]{64}'

# --- -w wants a verdict
a=$(raid-post '@twin please' | raid-broadcast)
p=$(raid-patch "$a")
exits 1 raid-patch -w "$p"
like 'not tested' "$(cat "$err")" "not tested; raid-test $p"
exits 65 raid-patch -w "$a"
is 'nothing is written' "$(git status --porcelain)" ''

# --- outside of git
mkdir "$T/plain" && cd "$T/plain" || exit 1
raid-init >/dev/null && cp "$T/r/.raid/array.json" .raid/
seq 20 >a.txt
diff_of a.txt 5 five >"$T/say/good"
p=$(raid-post -f a.txt '@good please' | raid-broadcast | raid-patch)
like 'attached files are enough' "$(raid-show "$p")" '^\+five$'

# --- who may
cd "$T/r" || exit 1
a=$(raid-post '@twin please' | raid-broadcast)
RAID_ACTOR=good raid-patch "$a" >"$out" 2>"$err"
is 'a member makes no patch in the name of another' "$? $(cat "$out")" '77 '
echo '{"patch": "deny"}' >.raid/policy.json
exits 77 raid-patch "$a"
echo '{"patch": "ask"}' >.raid/policy.json
exits 75 raid-patch "$a"
printf '' | raid-patch >"$out" 2>"$err"
is 'no tag: a silent no' "$? $(cat "$out" "$err")" '1 '
exits 66 raid-patch -J "$T/none" last
plan
