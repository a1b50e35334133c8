#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum --post and -m: the page in the journal, and in prose.
. "${0%/*}/lib.sh"
. "$SRC/tests/members.sh"

for i in 1 2 3; do
	echo "2024-01-02 03:04:0$i INFO request $i took 5 ms"
	echo "2024-01-02 03:04:0$i WARN @all look at #this $i"
done >log
echo '2024-01-02 03:04:09 ERROR cannot open /x, password=hunter2-Xyz99' >>log
printf '2024-01-02 03:04:09 ERROR ``` odd @grok \377\n' >>log

# --- no journal is needed, and where one is, its lack is told
exits 0 raid-logsum log
exits 66 raid-logsum --post log
like 'what helps' "$(cat "$err")" 'raid-init'

repo project && cd project || exit 1
exits 0 raid-init
member teller 'cat >"$0.in"; echo "It was the disk of request 2."'
member broken 'exit 3'
members teller broken
mv ../log .
raid-logsum log >page
exits 0 raid-logsum --post log
tag=$(cat "$out")
like 'the tag' "$tag" '^post_[0-9]+$'
like 'it is a summary' "$(raid-show -j "$tag")" '"hashtags":\["log_summary"\]'
like 'it addresses nobody' "$(raid-show -j "$tag")" '"mentions":\[\]'
raid-show "$tag" | tail -n +2 >posted
ok 'the post is the page' cmp posted page
unlike 'no secret in the journal' "$(raid-show -j "$tag")" 'hunter2'
like 'its mask is' "$(raid-show -j "$tag")" 'masked:'
raid-init -J other >"$out"
exits 0 raid-logsum --post -J other log
like 'in another journal' "$(raid-show -J other last)" 'log_summary|cannot open'

exits 0 raid-logsum -m teller log
like 'the prose' "$(cat "$out")" '^It was the disk of request 2\.$'
sed '1,/^It was/d; /./,$!d' "$out" >rest
ok 'below it the page' cmp rest page
like 'the member has the page' "$(cat "$T/members/raid-member-teller.in")" \
    'cannot open /x'
unlike 'without the secret' "$(cat "$T/members/raid-member-teller.in")" \
    'hunter2'
is 'it was asked alone' "$(raid-show -j last~1 |
    grep -c '"mentions":\[\]')" 1
exits 69 raid-logsum -m broken log
cmp -s "$out" page
result_ $? 'the page is there all the same'
exits 64 raid-logsum -m nobody log
exits 74 sh -c 'raid-logsum -m teller log >/dev/full'
exits 74 sh -c 'raid-logsum --post log >/dev/full'
for bad in '--post -m teller' '--post -j' '-m teller -j' '--post -F' \
    '--post --templates' '-m'; do
	# shellcheck disable=SC2086 # words
	exits 64 raid-logsum $bad log
done
LANG=ru_RU.UTF-8 raid-logsum -m teller log >"$out" 2>"$err"
like 'it is asked in the language of the user' \
    "$(cat "$T/members/raid-member-teller.in")" 'сводка'

# --- patterns of the project mask, too; one that is not trusted has none
cat >.raid/redact.txt <<'END'
mask ours - disk-[0-9]+
END
echo 'ERROR disk-77 is gone' >two
like 'a pattern of the project' "$(raid-logsum two)" 'masked:ours:'
cp -a . ../copy && cd ../copy || exit 1
exits 0 raid-logsum two
like 'one that is not trusted is not obeyed' "$(cat "$out")" 'disk-77'
plan
