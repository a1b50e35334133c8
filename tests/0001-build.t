#!/bin/sh
# SPDX-License-Identifier: ISC
# scripts/dev/deps, make install and uninstall.
. "${0%/*}/lib.sh"

exits 0 sh "$SRC/scripts/dev/deps" check demo
is 'nothing is missing: nothing is said' "$(cat "$out" "$err")" ''

# A system that has neither our packages nor apt-get.
mkdir bin
for t in cat cut sed sort tr; do
	ln -s "$(command -v $t)" bin/
done
sh=$(command -v sh)
exits 69 env PATH="$T/bin" "$sh" "$SRC/scripts/dev/deps" check
like 'missing packages are named' "$(cat "$err")" 'libsqlite3-dev: the journal'
like 'all on one line, to be installed' "$(cat "$err")" \
    'install what matches .*bubblewrap .*libcmocka-dev .*libgit2-dev'
unlike 'what lint wants is not' "$(cat "$err")" cppcheck

# The same where apt-get is: a person who may not use it.
printf '#!/bin/sh\necho 1000\n' >bin/id
printf '#!/bin/sh\nexit 1\n' >bin/sudo
printf '#!/bin/sh\necho called >>"%s/called"\n' "$T" >bin/apt-get
chmod +x bin/id bin/sudo bin/apt-get
exits 69 env PATH="$T/bin" "$sh" "$SRC/scripts/dev/deps"
like 'the command that helps' "$(cat "$err")" 'apt-get install .*gcc'
ok 'nothing was installed' test ! -e called

# make is only asked what it would do: the build may be of another kind.
make=$(cd "$SRC" && make -n install PREFIX=/opt/raid DESTDIR="$T/dest" 2>&1)
like 'DESTDIR and PREFIX' "$make" "$T/dest/opt/raid/bin"
unlike 'nothing outside DESTDIR' "$make" 'install.* /opt/raid'

if [ -x "$SRC/build/opt/raid-post" ] && [ -z "${BUILD##*/opt}" ] &&
    make -s -C "$SRC" -q all; then
	exits 0 make -s -C "$SRC" install PREFIX=/usr DESTDIR="$T/dest"
	ok 'a program is there' test -x dest/usr/bin/raid-post
	ok 'a script is there' test -x dest/usr/bin/raid-fix
	ok 'a member is there' test -x dest/usr/bin/raid-member-shellcheck
	ok 'a page is there' test -f dest/usr/share/man/man1/raid-post.1
	exits 0 env PATH="$T/dest/usr/bin:/usr/bin:/bin" raid-post --version
	exits 0 make -s -C "$SRC" uninstall PREFIX=/usr DESTDIR="$T/dest"
	is 'nothing is left' "$(find dest -type f)" ''
else
	skip 'make install' 'not the plain build, or not up to date'
fi
plan
