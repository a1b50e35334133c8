#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-logsum --compare: two logs, or what was learned of one.
. "${0%/*}/lib.sh"

awk 'BEGIN { for (i = 0; i < 3000; i++) {
	printf "2024-01-02 %02d:%02d:%02d INFO request %d took %d ms\n",
	    i / 3600, i / 60 % 60, i % 60, i, i % 7
	if (i % 100 == 0) print "INFO cache of " i " entries is cleared"
} }' >old
sed 's/cache of .*/queue has now 7 workers/' old >new
echo 'ERROR certificate is refused, token=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB' >>new

exits 0 raid-logsum --compare old new
cp "$out" page
like 'what is new' "$(cat page)" 'queue has now'
like 'what is gone' "$(cat page)" 'cache of'
unlike 'secrets are masked' "$(cat page)" 'ghp_0123'
raid-logsum --compare old <new >"$out"
ok 'the new one from standard input' cmp page "$out"
gzip -c old >old.gz
raid-logsum --compare old.gz new >"$out"
ok 'the old one compressed' cmp page "$out"
raid-logsum --compare - new <old >"$out"
ok 'the old one from standard input' cmp page "$out"
raid-logsum --state state old >"$T/x"
raid-logsum --compare state new >"$out"
ok 'its state' cmp page "$out"
gzip state
raid-logsum --compare state.gz new >"$out"
ok 'its state, compressed' cmp page "$out"
raid-logsum --state new.state new >"$T/x"
raid-logsum --merge --compare state.gz new.state >"$out"
ok 'two states' cmp page "$out"
exits 0 raid-logsum -j --compare old new
like 'JSON' "$(cat "$out")" '^\{"type":"log_[a-z]*","v":1,'
exits 1 raid-logsum --fail-on new --compare old new
exits 1 raid-logsum --fail-on error,new --compare state.gz new
is 'why' "$(cat "$err")" 'raid-logsum: --fail-on: error, new'
exits 0 raid-logsum --fail-on new --compare old old
head -n 500 old >short
exits 0 raid-logsum --fail-on new --compare old short
: >empty
exits 1 raid-logsum --fail-on new --compare empty new
exits 0 raid-logsum --compare old empty
exits 66 raid-logsum --compare none new
is 'then nothing is printed' "$(cat "$out")" ''
zcat state.gz | head -c 2000 >cut
exits 65 raid-logsum --compare cut new
is 'nor then' "$(cat "$out")" ''
exits 64 raid-logsum --compare - <new
exits 64 raid-logsum --compare
exits 64 raid-logsum --compare old --templates new
plan
