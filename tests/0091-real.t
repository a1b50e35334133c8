#!/bin/sh
# SPDX-License-Identifier: ISC
# The whole job on a repository that is not ours: scripts that Debian ships,
# with a dirty work tree, from a linked worktree, with the programs as they are
# installed.
. "${0%/*}/lib.sh"
# shellcheck source=members.sh
. "$SRC/tests/members.sh"

has shellcheck make || plan_skip 'no shellcheck or make here'
for f in /usr/bin/savelog /usr/bin/ldd; do
	[ -f $f ] || plan_skip "no $f here"
done

# An installation, if the build is the plain one; else the build itself.
if [ "${BUILD%/opt}" != "$BUILD" ] && make -s -C "$SRC" -q all; then
	make -s -C "$SRC" install DESTDIR="$T/dest" PREFIX=/usr >/dev/null 2>&1
	PATH=$T/dest/usr/bin:${PATH#"$BUILD":}
fi

# --- the project: two scripts, and a test of what they are for.
mkdir -p 'my projects/tools' && cd 'my projects/tools' || exit 1
git init -q .
cp /usr/bin/savelog /usr/bin/ldd .
cat >Makefile <<'END'
check:
	bash -n ldd && sh -n savelog
	sh check.sh

.PHONY: check
END
cat >check.sh <<'END'
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp /bin/true "$dir/my program"
if ! ./ldd "$dir/my program" | grep -q 'libc\.so'; then
	echo 'ldd: FAIL: a program with a blank in its name'
	exit 1
fi
# The third rotation compresses the first.
for text in one two three; do
	echo $text >"$dir/my log"
	./savelog -q -c 4 "$dir/my log"
done
if [ "$(gzip -dc "$dir/my log.2.gz")" != one ]; then
	echo 'savelog: FAIL: the oldest log is not compressed'
	exit 1
fi
echo 'ldd, savelog: ok'
END
echo 'Two scripts of Debian.' >README
echo '*.o' >.gitignore
git add . && git commit -q -m 'Two scripts of Debian'
make check >"$T/log" 2>&1 || plan_skip "they do not work here: $(tail -n 1 "$T/log")"

raid-init >/dev/null
need_sandbox

# --- a linked worktree, with a dirty file and an untracked one
git worktree add -q -b work ../work && cd ../work || exit 1
echo 'Not committed.' >>README
echo 'Not known.' >notes
before=$(git status --short; git diff)
main=$(git rev-parse main)

# What shellcheck advises for ldd is sound: it passes.
exits 0 sh -c 'raid-post -f ldd "@shellcheck please tidy ldd" |
    raid-broadcast | raid-patch | raid-test | raid-commit -y'
like 'committed under the name of the member' \
    "$(git log -1 --format='%an: %s')" '^shellcheck: From shellcheck: '
is 'only the one file' "$(git show --format= --name-only HEAD)" ldd
is 'the rest is as dirty as before' "$(git status --short; git diff)" "$before"
is 'the main work tree has not moved' "$(git rev-parse main)" "$main"
is 'nor has its content' "$(git -C "$T/my projects/tools" status --short)" ''
exits 0 make check

# What it advises for savelog is not: "$COMPRESS_OPTS" may hold nothing, or
# two words.  The test says so, and nothing is committed.
head=$(git rev-parse HEAD)
exits 0 sh -c 'raid-post -f savelog "@shellcheck please tidy savelog" |
    raid-broadcast | raid-patch >patches'
exits 1 sh -c 'raid-test <patches | raid-commit -y'
rm patches
is 'nothing is committed' "$(git rev-parse HEAD)" "$head"
like 'the verdict says why' "$(raid-show -l 1)" 'savelog: FAIL|gzip'
is 'the work tree is as it was' "$(git status --short; git diff)" "$before"

# --- raid-fix on a fault of a person's own, in the dirty file
sed 's/"\$file"/$file/g' ldd >ldd.new && cat ldd.new >ldd && rm ldd.new
exits 2 make check
exits 0 raid-fix -m shellcheck -- make check
like 'a diff comes out' "$(cat "$out")" '^\+.*"\$file"'
exits 0 make check
is 'ldd is as it was, and the rest as dirty as before' \
    "$(git status --short; git diff)" "$before"
is 'and not committed' "$(git rev-parse HEAD)" "$head"

# --- the talk is one, seen from both work trees
is 'one journal' "$(raid-show -l 1)" \
    "$(cd "$T/my projects/tools" && raid-show -l 1)"
plan
