#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-ask: post, broadcast, print the answers; and raid, which finds verbs.
. "${0%/*}/lib.sh"
# shellcheck source=members.sh
. "$SRC/tests/members.sh"

repo r && cd r || exit 1
raid-init >/dev/null
member yes 'echo "Yes, it is."'
member no 'echo "No: $(cat "$RAID_FILES" | wc -l) lines."'
member mute 'exit 0'
member broken 'exit 3'
members yes no mute broken

exits 0 raid-ask -m yes 'is it sound?'
like 'the answer is printed' "$(cat "$out")" '^Yes, it is\.$'
is 'it is a post too' "$(raid-show last | grep -c 'Yes, it is')" 1
like 'the question is a post' "$(raid-show 'last~1')" 'is it sound\?'

exits 0 raid-ask -m yes,no -f hello.sh "it's @broken's \$HOME \"turn\""
like 'two answers: one' "$(cat "$out")" 'Yes, it is'
like 'two answers: the other, of the file' "$(cat "$out")" 'No: 2 lines'
like 'the text stays as it is' "$(raid-show -s turn)" \
    "it's @broken's \\\$HOME \"turn\""

exits 0 env PATH="$T/members:/usr/bin:/bin" "$BUILD/raid-ask" -m yes 'from cron?'
exits 0 raid-ask '@yes really?'
like 'a mention addresses' "$(cat "$out")" 'Yes, it is'
exits 1 raid-ask 'anybody?'
is 'nobody is addressed: no answer' "$(cat "$out")" ''
exits 1 raid-ask -m mute 'well?'
is 'silent: no answer' "$(cat "$out")" ''
exits 69 raid-ask -m broken 'well?'
echo 'from a file' >q
exits 0 sh -c 'raid-ask -m yes <q'
like 'the body comes from standard input' "$(raid-show 'last~1')" 'from a file'
exits 0 sh -c 'raid-ask -myes -t urgent - <q'
like 'a hashtag' "$(raid-show -t urgent)" 'from a file'
post=$(raid-post 'a post')
exits 0 raid-ask -m yes -r "$post" 'and?'
like 'it replies' "$(raid-show -j 'last~1')" "\"reply_to\":\"$post\""

exits 64 raid-ask -x
like 'usage' "$(cat "$err")" '^usage: raid-ask'
exits 64 raid-ask -m
exits 65 raid-ask -m yes ''
exits 66 raid-ask -J /nonexistent/journal -m yes 'well?'
exits 66 raid-ask -m yes -f nothing 'well?'
exits 74 sh -c 'raid-ask -m yes "well?" >/dev/full'
exits 74 sh -c 'raid-ask --help >/dev/full'
exits 0 raid-ask --version
like 'its own name' "$(cat "$out")" '^raid-ask [0-9]'

exits 0 raid
like 'raid lists the programs' "$(cat "$out")" '^raid-post$'
unlike 'but not the members' "$(cat "$out")" member
exits 0 raid post 'by way of raid'
like 'raid runs a verb' "$(raid-show last)" 'by way of raid'
exits 64 raid nonsense
like 'an unknown verb' "$(cat "$err")" 'nonsense: no such program'
exits 64 raid --nonsense
exits 0 raid --version
like 'the version' "$(cat "$out")" '^raid [0-9]'
exits 74 sh -c 'raid >/dev/full'
exits 74 sh -c 'raid --help >/dev/full'
plan
