#!/bin/sh
# SPDX-License-Identifier: ISC
# The algebra of the pipe: what goes through, what does not, what is done twice.
. "${0%/*}/lib.sh"
# shellcheck source=members.sh
. "$SRC/tests/members.sh"

# A project whose check wants that sum.sh adds.
repo r && cd r || exit 1
cat >sum.sh <<'END'
#!/bin/sh
echo $(($1 - $2))
END
cat >Makefile <<'END'
check:
	test "$$(sh sum.sh 2 3)" = 5
END
git add . && git commit -q -m 'add sum.sh'
first=$(git rev-parse HEAD)
raid-init >/dev/null
need_sandbox

member plus "$(answer sum.sh 's/-/+/')"
# The same effect, in more words.
member minus "$(answer sum.sh 's/- \$2/- -1 * $2/')"
member times "$(answer sum.sh 's/-/*/')"
member talker 'echo "You should add, not subtract."'
member mute ''
member broken 'echo oops >&2; exit 3'
member slow 'sleep 1; echo "slowly said"'
members plus minus times talker mute broken slow
again() { git reset -q --hard "$first"; }
# How many lines a file has.
lines() { wc -l <"$1" | tr -d ' '; }

# --- one answer, from end to end
exits 0 sh -c 'raid-post -f sum.sh "@plus please mend sum.sh" |
    raid-broadcast | raid-patch | raid-test | raid-commit -y'
is 'one tag comes out' "$(lines "$out")" 1
like 'it is that of a post' "$(cat "$out")" '^post_[0-9_]+$'
is 'it is committed' "$(sh sum.sh 2 3) $(git rev-list --count HEAD)" '5 3'
is 'under the name of the member' "$(git log -1 --format='%an <%ae>')" \
    'plus <plus@raid.invalid>'
like 'with its subject' "$(git log -1 --format=%s)" \
    '^From plus: .*\(chat_id=post_[0-9_]+\)$'
is 'the work tree is clean' "$(git status --short)" ''
again

# --- three answers, one of them without edits
raid-post -f sum.sh '@plus @talker @times mend it' >q
exits 0 raid-broadcast "$(cat q)"
cp "$out" answers
is 'three answers' "$(lines answers)" 3
exits 0 sh -c 'raid-patch <answers'
cp "$out" patches
is 'two patches' "$(lines patches)" 2
like 'the one without is named' "$(cat "$err")" 'talker|no edits'
exits 0 sh -c 'raid-test <patches'
cp "$out" verdicts
is 'two verdicts: one passes, one fails' "$(lines verdicts)" 2
is 'what passes' "$(xargs raid-show -j <verdicts |
    grep -c '"pass":true')" 1
exits 0 sh -c 'raid-commit -y <verdicts'
is 'what passed is committed' "$(lines "$out") $(sh sum.sh 2 3)" '1 5'
is 'its author' "$(git log -1 --format=%an)" plus

# --- a stage run twice
cp "$out" commit
head=$(git rev-parse HEAD)
exits 0 sh -c 'raid-commit -y <verdicts'
is 'a second commit: the old one' "$(cat "$out")" "$(cat commit)"
is 'and no new one' "$(git rev-parse HEAD)" "$head"
again
exits 0 raid-broadcast "$(cat q)"
is 'asked again: the same answers' "$(sort "$out")" "$(sort answers)"
exits 0 raid-broadcast --again -m plus "$(cat q)"
unlike '--again: a new one' "$(cat answers)" "^$(cat "$out")\$"
exits 0 sh -c 'raid-test <patches'
is 'tested again: verdicts again' "$(lines "$out")" 2

# --- two rivals that both pass
exits 0 sh -c 'raid-post -f sum.sh "@plus @minus mend it" |
    raid-broadcast | raid-patch | raid-test | tee verdicts | raid-commit -y'
is 'both pass' "$(xargs raid-show -j <verdicts | grep -c '"pass":true')" 2
is 'one is committed' "$(lines "$out") $(git rev-list --count HEAD)" '1 3'
like 'the other is named' "$(cat "$err")" 'raid-commit: .*post_'
again

# --- only a failing one
exits 1 sh -c 'raid-post -f sum.sh "@times mend it" |
    raid-broadcast | raid-patch | raid-test | raid-commit -y'
is 'nothing comes out' "$(cat "$out")" ''
is 'nothing is committed' "$(git rev-parse HEAD)" "$first"
exits 1 raid-test "$(raid-show -j last | sed 's/.*"reply_to":"\([^"]*\)".*/\1/')"

# --- an empty pipe
for stage in raid-broadcast raid-patch raid-test raid-commit; do
	exits 1 sh -c "$stage </dev/null"
	is "$stage: an empty pipe is silent" "$(cat "$out" "$err")" ''
done
exits 1 sh -c 'true | raid-broadcast | raid-patch | raid-test | raid-commit -y'
is 'an empty pipe is silent to its end' "$(cat "$out" "$err")" ''
exits 1 sh -c 'raid-post "@mute well?" |
    raid-broadcast | raid-patch | raid-test | raid-commit -y'
is 'silent: nothing comes out' "$(cat "$out")" ''
exits 69 sh -c 'raid-post "@broken well?" | raid-broadcast'
exits 1 sh -c 'raid-post "nobody?" | raid-broadcast'
like 'what helps is said' "$(cat "$err")" 'addresses nobody.*-m'

# --- a bad tag does not stop the good ones
raid-post -f sum.sh '@plus mend it' | raid-broadcast >answers
exits 0 sh -c '{ echo post_1; cat answers; } | raid-patch'
is 'the good one goes through' "$(lines "$out")" 1
like 'the bad one is named' "$(cat "$err")" 'post_1'
exits 66 sh -c 'echo post_1 | raid-patch'
exits 65 sh -c 'echo "no tag at all" | raid-patch'

# --- tags with a hash, with CR, as JSON lines
tag=$(cat answers)
for form in "#$tag" "$tag$(printf '\r')" " $tag " "{\"tag\":\"$tag\"}"; do
	printf '%s\n' "$form" >form
	exits 0 sh -c 'raid-patch <form'
	is 'its patch' "$(lines "$out")" 1
done

# --- a killed stage
raid-post '@slow well?' >q
raid-broadcast "$(cat q)" >killed 2>&1 &
sleep 0.3
kill -9 $!
wait $! 2>/dev/null
is 'a killed broadcast: no answer' "$(cat killed)" ''
exits 0 raid-broadcast "$(cat q)"
is 'it can be asked again' "$(lines "$out")" 1
raid-post -f sum.sh '@plus mend it' | raid-broadcast | raid-patch >patches
cat >Makefile.slow <<'END'
check:
	sleep 2; test "$$(sh sum.sh 2 3)" = 5
END
raid-test "$(cat patches)" >killed 2>&1 &
kill -9 $!
wait $! 2>/dev/null
exits 0 raid-test "$(cat patches)"
exits 0 raid-commit -y "$(cat "$out")"
is 'a killed test: the next one serves' "$(sh sum.sh 2 3)" 5
is 'the journal is sound' \
    "$("$BUILD/t/sql" "$(raid-init -p | head -n 1)" 'PRAGMA integrity_check')" ok
plan
