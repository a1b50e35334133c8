#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-post --retract hides a post from members; --purge removes its text, to
# the last byte, and leaves the scar.
. "${0%/*}/lib.sh"
sql() { "$BUILD/t/sql" "$@"; }

repo r && cd r && raid-init >"$out" || exit 1
j=$(raid-init -p)
context() { raid-context -m shellcheck "$1" 2>"$err"; }
# A secret as a word of its own, so that the index has it, too.
t=$(raid-post -a ann 'the word is zyzzyva1 #draft @grok')
q=$(raid-post 'so what')
like 'before: it is sent' "$(context "$q")" zyzzyva1
exits 77 raid-post -a bob --retract "$t"
exits 77 env RAID_ACTOR=bob raid-post --retract "$t"
like 'who may' "$(cat "$err")" "$t is by ann; only ann or dev may"
exits 66 raid-post --retract post_5
exits 64 raid-post --retract "$t" -r last
exits 0 raid-post -a Ann --retract "$t" 'it was wrong'
r=$(cat "$out")
like 'a post says so' "$(raid-show "$r")" "^#$r  Ann .* retraction  to #$t"
like 'and why' "$(raid-show "$r")" '^it was wrong'
unlike 'it is not sent' "$(context "$q")" zyzzyva1
like 'what was not taken back is' "$(context "$q")" 'so what'
like 'raid-show marks it' "$(raid-show "$t")" "^#$t  ann .*\\(retracted\\)"
like 'its text stays' "$(raid-show "$t")" zyzzyva1
like 'the JSON line says so' "$(raid-show -j "$t")" '"retracted":true'
exits 77 raid-context -m shellcheck "$t"
is 'again: the same' "$(raid-post --retract "$t")" "$r"
exits 65 raid-post --retract "$r"
is 'dev may' "$(raid-post -a grok x >x; raid-post --retract "$(cat x)" >"$out" &&
    raid-show "$(cat x)" | grep -c '(retracted)')" 1
is 'a member its own' "$(RAID_ACTOR=grok raid-post y >x
    RAID_ACTOR=grok raid-post --retract "$(cat x)" >"$out" &&
    raid-show "$(cat x)" | grep -c '(retracted)')" 1
is 'the audit knows' "$(sql "$j" "SELECT count(*) FROM audit WHERE
    action = 'retract'")" 4
printf '{"tag":"post_5","ts":5,"author":"mallory","kind":"retraction","reply_to":"%s","body":"gone"}' \
    "$q" | raid-post --import - >"$out"
unlike 'a retraction by somebody else is a text' "$(raid-show "$q")" retracted
echo 'secret zyzzyva5' >leak.txt
f=$(raid-post -f leak.txt 'a file')
g=$(raid-post -r "$f" 'about the file')
like 'a file is sent' "$(context "$g")" zyzzyva5
raid-post --retract "$f" >"$out"
exits 77 raid-context -m shellcheck "$g"

# --purge: a person at a terminal, and nobody else.
exits 77 env RAID_ACTOR=grok raid-post --purge "$t"
exits 75 setsid -w raid-post --purge "$t"
exits 64 raid-post -y --purge "$t"
like 'nothing happened' "$(raid-show "$t")" zyzzyva1
if ! has script; then
	skip 'a person is asked' 'no script(1)'
	plan
	exit
fi
# What is in the files of the journal, in any form.
bytes() { cat "$j" "$j"-wal 2>/dev/null | grep -ac "$1"; }
purge() { # YES|NO TAG
	printf '%s\n' "$1" | script -qec "raid-post --purge $2" /dev/null >"$out"
}
# A long answer that was streamed leaves parts behind in free pages; merges
# of the index leave words behind.
cat >say <<'END'
#!/bin/sh
i=0
while [ $i -lt 400 ]; do
	i=$((i + 1))
	echo "zyzzyva2 line $i of what a member says, and more of it to come"
done
sleep 1.2
echo 'zyzzyva2 end'
END
chmod +x say
printf '{"members": {"m": {"provider": "exec", "command": ["%s"]}}}' \
    "$PWD/say" >.raid/array.json
a=$(raid-broadcast -m m "$q") || note "no answer: $a"
like 'an answer' "$(raid-show "$a")" '^zyzzyva2 end'
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	echo "filler $i zyzzyva$((i % 2 + 3))"
done >lines
echo 'content zyzzyva3' >only; echo 'content zyzzyva4' >both
s=$(raid-post -f only -f both '#tag3 @name3 zyzzyva3, see #ref_77')
k=$(raid-post -f both 'zyzzyva4 stays')
while read -r line; do raid-post "$line" >>tags; done <lines
grep -n zyzzyva3 lines | cut -d: -f1 | while read -r n; do
	sed -n "${n}p" tags
done >three
ok 'before: it is in the file' test "$(bytes zyzzyva2)" -gt 0
before=$(sql "$j" "SELECT group_concat(name || tbl_name || sql) FROM
    (SELECT * FROM sqlite_schema WHERE type = 'trigger' ORDER BY name)")
purge n "$a"
is 'a person says no' $? 1
like 'it shows what it is about' "$(cat "$out")" "#$a by m, [0-9]* bytes, 0 files"
like 'no: nothing happened' "$(raid-show "$a")" zyzzyva2
for t2 in "$a" "$s" $(cat three); do
	purge y "$t2" || note "status $?: $(cat "$out")"
done
is 'the bytes are gone: a streamed answer' "$(bytes zyzzyva2)" 0
is 'the bytes are gone: words, a file' "$(bytes zyzzyva3)" 0
like 'the scar: who, when, what' "$(raid-show "$a")" "^#$a  m  .* reply  to #$q"
is 'the scar: its text' "$(raid-show "$a" | tail -n +2)" '(purged)'
is 'its links and files' "$(raid-show -j "$s" | grep -c \
    '"refs":\[\],"mentions":\[\],"hashtags":\[\],"files":\[\],"body":"(purged)"')" 1
exits 1 raid-show -s zyzzyva2
exits 1 raid-show -s zyzzyva3
like 'others stay' "$(raid-show -s 'zyzzyva4 stays')" "^#$k"
is 'the blob that another post needs' "$(sql "$j" "SELECT count(*) FROM blob
    WHERE CAST(data AS TEXT) LIKE 'content zyzzyva4%'")" 1
is 'the uid stays, for those who import' "$(sql "$j" "SELECT count(*) FROM post
    WHERE body = '(purged)'")" 22
is 'all triggers are back' "$(sql "$j" "SELECT group_concat(name || tbl_name ||
    sql) FROM (SELECT * FROM sqlite_schema WHERE type = 'trigger'
    ORDER BY name)")" "$before"
for q2 in 'UPDATE post SET body = 1' 'DELETE FROM post' 'DELETE FROM file' \
    'DELETE FROM hashtag'; do
	sql "$j" "$q2" >"$out" 2>&1
	like "still refused: $q2" "$(cat "$out")" 'append-only'
done
is 'integrity' "$(sql "$j" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
ok 'of the index' sql "$j" \
    "INSERT INTO post_text(post_text) VALUES ('integrity-check')"
is 'the audit knows' "$(sql "$j" "SELECT count(*) || allowed_by FROM audit
    WHERE action = 'purge'")" 22person
purge y "$a"
is 'again: nothing to do' "$?$(sql "$j" "SELECT count(*) FROM audit WHERE
    action = 'purge'")" 022
exits 0 raid-post 'life goes on'
plan
