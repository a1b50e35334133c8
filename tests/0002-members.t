#!/bin/sh
# SPDX-License-Identifier: ISC
# The tools as members: what they answer, on their standard output.
. "${0%/*}/lib.sh"

mkdir -p in/'sub dir' && cd in || exit 1
# as MEMBER FILE...: run it as a provider does.
as() {
	member=raid-member-$1
	shift
	RAID_FILES=$(printf '%s\n' "$@") "$member" </dev/null
}
# The diff of an answer, without its fence, must apply.
applies() {
	sed -n '/^```*diff$/,/^```*$/p' | sed '1d;$d' >"$T/diff"
	test -s "$T/diff" && git apply "$T/diff"
}

# --- shellcheck
if has shellcheck; then
	printf '#!/bin/sh\ncp $1 "$2" # кавычки\nlocal x=1' >'sub dir/a.sh'
	printf '#!/usr/bin/env bash\necho `ls $1`\n' >tool
	printf '#!/usr/bin/perl\nprint `ls $1`;\n' >other
	printf 'echo $1\n' >notes.txt
	exits 0 as shellcheck 'sub dir/a.sh' tool other notes.txt
	cp "$out" "$T/answer"
	answer=$(cat "$T/answer")
	like 'a sentence comes first' "$(head -n 1 "$out")" '^[A-Z].*\.$'
	like 'a path with a blank' "$answer" '^\+\+\+ b/sub dir/a\.sh$'
	like 'a script by its first line' "$answer" '^\+\+\+ b/tool$'
	unlike 'other files are left alone' "$answer" '^(---|-) .*(other|notes)'
	like 'what it cannot mend is listed' "$answer" \
	    '^- sub dir/a\.sh:3: .* \(SC[0-9]+\)$'
	unlike 'what it mends is not' "$answer" 'SC2086'
	unlike 'no line of the diff is empty' "$(sed -n '/^```diff/,/^```$/p' "$out")" '^$'
	ok 'the diff applies' applies <"$T/answer"
	is 'quoted' "$(sed -n 2p 'sub dir/a.sh')" 'cp "$1" "$2" # кавычки'

	printf '#!/bin/sh\necho $1 # ````` five\n' >ticks.sh
	exits 0 as shellcheck ticks.sh
	like 'a fence longer than what it holds' "$(cat "$out")" '^``````diff$'

	printf '#!/bin/sh\nif [ $1 = x ]; then\n' >broken.sh
	exits 0 as shellcheck broken.sh
	like 'a script that does not parse' "$(cat "$out")" 'broken\.sh:[12]: '

	printf '#!/bin/sh\necho "$1"\n' >clean.sh
	exits 0 as shellcheck clean.sh
	is 'nothing to say: silent' "$(cat "$out")" ''
	exits 0 as shellcheck notes.txt
	is 'no script: silent' "$(cat "$out")" ''
	exits 0 raid-member-shellcheck
	is 'nothing attached: silent' "$(cat "$out")" ''
	mkdir "$T/tmp"
	TMPDIR=$T/tmp as shellcheck clean.sh ticks.sh >"$out"
	is 'nothing is left behind' "$(ls "$T/tmp")" ''
else
	skip shellcheck 'no shellcheck here'
fi

# --- codespell
if has codespell; then
	printf 'Teh list, recieve adn ot be.\n' >r.txt
	printf 'x\000teh\n' >binary
	exits 0 as codespell r.txt binary
	cp "$out" "$T/answer"
	like 'several corrections are listed' "$(cat "$out")" \
	    '^- r\.txt:1: ot -> to, of'
	ok 'the diff applies' applies <"$T/answer"
	is 'mended' "$(cat r.txt)" 'The list, receive and ot be.'
	printf 'All is well.\n' >r.txt
	exits 0 as codespell r.txt
	is 'nothing to say: silent' "$(cat "$out")" ''
else
	skip codespell 'no codespell here'
fi

# --- cppcheck
if has cppcheck; then
	printf '#include "x.h"\nint f(void) { char a[3]; return a[5]; }\n' >m.c
	exits 0 as cppcheck m.c notes.txt
	like 'a finding' "$(cat "$out")" '^- m\.c:2: error: .*bounds'
	unlike 'a missing header is none' "$(cat "$out")" 'x\.h'
	printf 'int f(void) { return 0; }\n' >m.c
	exits 0 as cppcheck m.c
	is 'nothing to say: silent' "$(cat "$out")" ''
else
	skip cppcheck 'no cppcheck here'
fi

# --- a tool that is not there
mkdir "$T/bin"
for t in sh cat; do
	ln -s "$(command -v $t)" "$T/bin/"
done
for m in shellcheck codespell cppcheck; do
	exits 69 env PATH="$T/bin" "$BUILD/raid-member-$m"
	like 'the package is named' "$(cat "$err")" "apt-get install $m"
done
plan
