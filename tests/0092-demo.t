#!/bin/sh
# SPDX-License-Identifier: ISC
# scripts/demo: what it shows, what it leaves, where it stops.
. "${0%/*}/lib.sh"

has shellcheck make || plan_skip 'no shellcheck or make here'
mkdir tmp bin
export TMPDIR="$T/tmp"
# What a person may have: keys, a proxy, an agent in PATH, a configuration.
export XAI_API_KEY=secret-key http_proxy=http://127.0.0.1:9
printf '#!/bin/sh\necho "$@" >>"%s/called"\n' "$T" >bin/claude
cp bin/claude bin/curl
chmod +x bin/*
mkdir -p "$HOME/.config/raid"
echo 'this is not JSON' >"$HOME/.config/raid/array.json"
git config --global commit.gpgSign true
cp -R "$SRC/examples/demo" before

demo() { BUILD=$BUILD PATH=$T/bin:$PATH sh "$SRC/scripts/demo" "$@"; }

demo </dev/null >demo.out 2>&1
rc=$?
o=$(cat demo.out)
case $rc in
0)
	ok 'it ends well' true
	like 'the fault is shown' "$o" 'FAIL: a file name with a blank'
	like 'the pipe is printed before it runs' "$o" '^\$ raid-post -f backup\.sh'
	like 'the commit is shown' "$o" 'From shellcheck: '
	like 'its author' "$o" '^Author: *shellcheck <shellcheck@raid\.invalid>'
	like 'the test passes at the end' "$(tail -n 2 demo.out)" \
	    '^backup\.sh: ok'
	like 'raid-fix gives a diff' "$o" '^\+cp -p "\$1"/"\$2" "\$3"$'
	like 'it lies in the work tree' "$o" '^\?\? restore\.sh$'
	is 'and passes' "$(grep -cx 'restore.sh: ok' demo.out)" 1
	like 'the talk is shown' "$o" '@shellcheck please fix backup\.sh' ;;
69)
	like 'no sandbox: it says so' "$o" 'no sandbox can be had' ;;
*)
	ok "status $rc: $(tail -n 3 demo.out)" false ;;
esac
# Paths are long in the folder of this test; the rest is raid-show's to say.
is 'no line is over 80 columns' \
    "$(grep -vE '^(journal|config|#post_)' demo.out | awk 'length > 80')" ''
unlike 'no key gets in' "$o" secret-key
ok 'no agent, no network' test ! -e called
is 'nothing is left behind' "$(ls tmp)" ''
ok 'the example is as it was' diff -r before "$SRC/examples/demo"

# Where no namespace can be had: everything before raid-test.
mkdir fake
for f in "$BUILD"/raid*; do
	ln -s "$f" fake/
done
rm fake/raid-test
printf '#!/bin/sh\necho "raid-test: no namespace: refused, %s" >&2\nexit 69\n' \
    'and so on and on, as such messages go, with a word on what would help' \
    >fake/raid-test
chmod +x fake/raid-test
exits 69 env BUILD="$T/fake" sh "$SRC/scripts/demo"
like 'the patch is placed' "$(cat "$out")" '^post_[0-9_]+$'
like 'the talk is shown' "$(cat "$out")" '@shellcheck please fix backup\.sh'
like 'the cause is said' "$(cat "$out")" 'no namespace: refused'
is 'in 80 columns' "$(grep -v '^[cj#]' "$out" | awk 'length > 80')" ''
unlike 'no commit is tried' "$(cat "$out")" 'raid-commit -y'

# The first command that fails ends it.
rm fake/raid-broadcast
printf '#!/bin/sh\necho "raid-broadcast: broken" >&2\nexit 70\n' \
    >fake/raid-broadcast
chmod +x fake/raid-broadcast
exits 1 env BUILD="$T/fake" sh "$SRC/scripts/demo"
is 'and is the last that is printed' \
    "$(grep '^\$ ' "$out" | tail -n 1 | cut -c 1-11)" '$ raid-post'
exits 64 sh "$SRC/scripts/demo" -x
is 'nothing is left behind' "$(ls tmp)" ''
plan
