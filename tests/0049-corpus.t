#!/bin/sh
# SPDX-License-Identifier: ISC
# Every fuzz target goes through its corpus.
. "${0%/*}/lib.sh"

for target in "$BUILD"/t/fuzz_*; do
	name=${target##*/fuzz_}
	case $name in *.*) continue ;; esac
	set -- "$SRC/tests/fuzz/corpus/$name"/*
	ok "$name has a corpus" test -f "$1"
	ok "$name goes through its $# files" "$target" "$@"
done
plan
