#!/bin/sh
# SPDX-License-Identifier: ISC
# What is found in logs of builds and tests: tests/build/NAME.txt is what a
# tool printed, NAME.want its digest.  An empty one: not a log of a build.
. "${0%/*}/lib.sh"

for f in "$SRC"/tests/build/*.txt; do
	want=${f%.txt}.want
	"$BUILD/t/buildlog" <"$f" >"$out"
	ok "$(basename "$f" .txt)" diff "$want" "$out"
done

# The digest of text that is known to be of a build has all of that.
for f in "$SRC"/tests/build/*.txt; do
	# A word of automake's counts there only with its sum.
	case $f in */automake.txt) continue ;; esac
	"$BUILD/t/buildlog" -k <"$f" >"$out"
	grep -vxF -f "$out" "${f%.txt}.want" >"$T/lost"
	is "$(basename "$f" .txt), known" "$(cat "$T/lost")" ''
done
plan
