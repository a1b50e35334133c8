#!/bin/sh
# SPDX-License-Identifier: ISC
# README is not stale: its programs are those of raid(7), its commands are those
# of the demo.
. "${0%/*}/lib.sh"

mkdir -p copy/man copy/scripts/dev
cp "$SRC/README" copy/
cp "$SRC/man/raid.7" copy/man/
cp "$SRC/scripts/dev/readme" copy/scripts/dev/
exits 0 sh copy/scripts/dev/readme
ok 'the programs are those of raid(7); else: sh scripts/dev/readme' \
    diff -u "$SRC/README" copy/README
sed -i 's/append a post/change a post/' copy/man/raid.7
exits 0 sh copy/scripts/dev/readme
like 'a change of raid(7) gets in' "$(cat copy/README)" \
    '^    raid-post       change a post'

is 'it opens with the two commands' \
    "$(grep -o '^    sh scripts/[a-z]*' "$SRC/README" | tr -d '\n')" \
    '    sh scripts/demo    sh scripts/check'
# shellcheck disable=SC2013 # names are words
for p in $(sed -n 's/^    \(raid-[a-z]*\)  .*/\1/p' "$SRC/README"); do
	ok "$p is built" test -x "$BUILD/$p"
	ok "$p has a page" test -f "$SRC/man/$p.1"
done
grep -E '^    (raid-fix|raid-post)' "$SRC/README" | sed 's/^ *//; s/ *|$//' |
    grep -v '  ' >commands
is 'the commands shown' "$(wc -l <commands | tr -d ' ')" 2
while read -r c; do
	ok "the demo runs: $c" grep -qF "$c" "$SRC/scripts/demo"
done <commands
plan
