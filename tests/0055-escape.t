#!/bin/sh
# SPDX-License-Identifier: ISC
# What a hostile check may try in the sandbox, as root and as an ordinary user.
. "${0%/*}/lib.sh"

# Run by root all is done twice: the second time as a user without a name.
if [ -n "${ESCAPE_USER-}" ]; then
	who=user
elif [ "$(id -u)" -eq 0 ]; then
	who=root
else
	who=user
fi
repo r && cd r || exit 1
if ! cause=$(raid-test -- true 2>&1); then
	plan_skip "no sandbox: $cause"
fi
mkdir "$HOME/.ssh" "$HOME/.config" && echo SECRET >"$HOME/.ssh/id" &&
    echo SECRET >.git/info/secret && echo SECRET >"$T/outside" &&
    mkdir -p .git/raid && echo SECRET >.git/raid/journal.db
chmod -R a+rX "$T"

# in_ SCRIPT: run it in the sandbox; its output is in $out.
in_() { raid-replica --timeout 20 -- sh -c "$1" >"$out" 2>"$err"; }
# Nothing of this kind may be read: unread NAME FILE...
unread() {
	name=$1; shift
	in_ "cat $* 2>/dev/null; true"
	is "$name cannot be read" "$(cat "$out")" ''
}

in_ 'id -u; id -un; id -G; cat /proc/self/status'
if [ "$who" = root ]; then
	unlike 'it is not root' "$(head -n 1 "$out")" '^0$'
	is 'without other groups' "$(sed -n 3p "$out")" "$(sed -n 1p "$out")"
fi
is 'it has no capability' "$(grep -cE '^Cap(Inh|Prm|Eff|Bnd|Amb):.*[1-9a-f]' \
    "$out")" 0
like 'no new privileges' "$(cat "$out")" '^NoNewPrivs:.*1$'
like 'a filter is on' "$(cat "$out")" '^Seccomp:.*2$'

unread 'the shadow file' /etc/shadow /etc/gshadow
# shellcheck disable=SC2088 # for the shell inside
unread 'a key in HOME' "$HOME/.ssh/id" '~/.ssh/id'
unread 'a file beside the repository' "$T/outside" ../outside
unread 'git data of the repository' .git/info/secret "$T/r/.git/info/secret"
unread 'the journal' .git/raid/journal.db "$T/r/.git/raid/journal.db"
unread 'the roots of other processes' '/proc/1/root/etc/shadow' \
    "/proc/1/root$T/outside" "/proc/$$/root$T/outside" \
    "/proc/1/cwd/$T/outside"
in_ 'ls /home /root /var /srv /run /mnt /media 2>/dev/null | grep -v ":" |
    grep -v "^tmp$"'
unlike 'homes are empty' "$(cat "$out")" '^[a-z]*[a-z0-9]$'
in_ 'ls / /tmp; cat /etc/passwd'
is 'two users are known' "$(grep -c ':.*:.*:' "$out")" 2
in_ 'ps ax -o pid,args 2>/dev/null || ls -d /proc/[0-9]*'
unlike 'our processes are not seen' "$(cat "$out")" "raid-replica --timeout|/$$\$"

# shellcheck disable=SC2016 # variables of the shell inside
in_ 'for d in / /usr /usr/bin /etc /opt /bin /dev /proc /sys /lib; do
	[ -d $d ] && (echo x >$d/raid-was-here) 2>/dev/null &&
	    echo "wrote $d"; done; true'
is 'the system cannot be written' "$(cat "$out")" ''
in_ 'mount -t tmpfs none /mnt; mount --bind / /tmp; mount -o remount,rw /;
    umount /proc; unshare -Ur id; unshare -m true; chroot / id;
    nsenter -t 1 -m true; true'
is 'nothing is mounted, no namespace is made' "$(cat "$out")" ''
if has python3; then
	cat >"$T/sys.py" <<-'END'
	import ctypes, socket, platform
	c = ctypes.CDLL(None, use_errno=True)
	x86 = platform.machine() == "x86_64"
	nr = dict(clone=56, unshare=272, keyctl=250, bpf=321, clone3=435,
	    perf=298, uring=425) if x86 else dict(clone=220, unshare=97,
	    keyctl=219, bpf=280, clone3=435, perf=241, uring=425)
	for name, n in nr.items():
	    for number in [n] + ([n | 0x40000000] if x86 else []):
	        r = c.syscall(number, 0x10000000, 0, 0, 0, 0)
	        if r == 0 and name == "clone":
	            import os; os._exit(0)
	        if r != -1:
	            print(name, number, r)
	for family in (40, 38, 17, 29):
	    try:
	        socket.socket(family, socket.SOCK_RAW)
	        print("socket", family)
	    except OSError:
	        pass
	END
	cp "$T/sys.py" sys.py && git add sys.py
	raid-test -- python3 sys.py >"$out" 2>"$err"
	like 'the filter refuses what it should' "$(cat "$out")" '^passed'
	unlike 'all of it' "$(cat "$out")" '^(clone|unshare|keyctl|bpf|perf|uring|socket)'
	git rm -qf sys.py
else
	skip 'the filter refuses what it should' 'no python3'
	skip 'all of it' 'no python3'
fi

# Network: a server of ours on loopback, and the abstract socket namespace.
if has python3; then
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True)
while True:
    c = s.accept()[0]; c.sendall(b"SECRET"); c.close()' >"$T/port" &
	server=$!
	while [ ! -s "$T/port" ]; do sleep 0.05; done
	port=$(cat "$T/port")
	talk="python3 -c 'import socket
try: print(socket.create_connection((\"127.0.0.1\", $port), 2).recv(9))
except OSError: print(\"refused\")'"
	in_ "$talk"
	is 'no network, not even to us' "$(cat "$out")" refused
	raid-replica --network -- sh -c "$talk" >"$out" 2>&1
	like 'but where it is granted' "$(cat "$out")" SECRET
	kill "$server"; wait "$server" 2>/dev/null
else
	skip 'no network, not even to us' 'no python3'
	skip 'but where it is granted' 'no python3'
fi

# Links that lead out: they are followed by nobody.
cp -R "$T/r/.git" "$T/git-before"
in_ "ln -s $T/outside leak; ln -s / all; rm hello.sh; ln -s $T/outside hello.sh
    rm -rf .git/objects; ln -s $T .git/objects; true"
unlike 'no link is followed' "$(cat "$out")" SECRET
is 'the file that it leads to is as it was' "$(cat "$T/outside")" SECRET
ok 'and the repository' diff -r "$T/git-before" "$T/r/.git"
in_ "rm -rf $T/r/* $T/r/.git $T/* $HOME/* 2>/dev/null; true"
ok 'deleting all deletes the copy alone' test -f hello.sh -a \
    -f "$T/outside" -a -f "$HOME/.ssh/id"
ok 'repository as it was' diff -r "$T/git-before" "$T/r/.git"
in_ 'printf "[core]\n\tfsmonitor = touch /tmp/pwned; touch pwned\n\tpager = x\n" \
    >>.git/config; printf "#!/bin/sh\ntouch %s/pwned\n" "$PWD" \
    >.git/hooks/post-commit; chmod +x .git/hooks/*; echo a >a; git add a'
like 'a hostile .git does not spoil the diff' "$(cat "$out")" '^\+a$'
ok 'and runs nothing here' test ! -e pwned

# Descendants, time, memory, processes, output.
in_ '(setsid sh -c "trap \"\" TERM HUP INT; exec sleep 971" &); exec true'
sleep 0.1
# How many processes have this argument?
left() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -c "^$1\$"; }
is 'no descendant outlives it' "$(left 971)" 0
# shellcheck disable=SC2016
raid-test --timeout 0.5 -- sh -c 'trap "" TERM; (setsid sleep 972 &)
    while :; do sleep 973; done' >"$out" 2>&1
is 'ignoring TERM helps nobody' "$?" 1
like 'it is a failure with its reason' "$(cat "$out")" 'killed: ran for 0.5 s'
is 'nothing of it is left' "$(left '97[23]')" 0
mkdir .raid && cat >.raid/checks.json <<'END'
{"checks": [{"name": "memory", "command": ["dd",
    "if=/dev/zero", "of=/dev/null", "bs=400M"], "memory": "200M", "timeout": 20},
  {"name": "flood", "command": ["sh", "-c", "yes flood"], "timeout": 20},
  {"name": "tmp", "command": ["sh", "-c",
    "head -c 1100000000 /dev/zero >/tmp/x"], "timeout": 20},
  {"name": "idle", "command": ["sleep", "30"], "idle": 0.5}]}
END
mkdir -p "$HOME/.config/raid" && realpath .raid >"$HOME/.config/raid/trusted"
raid-test --tree >"$out" 2>"$err"
is 'bombs fail' "$?" 1
like 'memory' "$(cat "$out")" 'killed: more than 200 MiB of memory'
like 'output' "$(cat "$out")" 'killed: more than 67108864 bytes of output'
like 'a full /tmp' "$(cat "$out")" 'No space left'
like 'silence' "$(cat "$out")" 'killed: no output for 0.5 s'
is 'its digest is short' "$(($(wc -c <"$out") < 20000))" 1
# shellcheck disable=SC2016
raid-test --timeout 2 -- sh -c 'b() { b | b & }; b; sleep 30' \
    >"$out" 2>&1
is 'a fork bomb ends' "$?" 1
ok 'and leaves us able to work' sh -c 'for i in 1 2 3; do (true) & done; wait' 

# Once more as somebody who is not root.
if [ "$who" = root ] && has setpriv; then
	cp -R "$BUILD" "$T/b" && mkdir "$T/tests" && cp "$SRC/tests/lib.sh" \
	    "$SRC/tests/0055-escape.t" "$T/tests" && mkdir "$T/u" &&
	    chmod -R a+rX "$T" && chown -R 61183:61183 "$T/u"
	ESCAPE_USER=1 BUILD=$T/b TMPDIR=$T/u setpriv --reuid 61183 \
	    --regid 61183 --clear-groups sh "$T/tests/0055-escape.t" \
	    >"$T/user" 2>&1
	if grep -q '^1\.\.0 # SKIP' "$T/user"; then
		skip 'the same as an ordinary user' \
		    "$(sed -n 's/.*# SKIP //p' "$T/user")"
	else
		bad=$(grep -aE -A5 '^not ok' "$T/user")
		[ -n "$bad" ] && note "$bad"
		is 'the same as an ordinary user' "$(grep -acE '^ok' \
		    "$T/user") $(grep -acE '^not ok' "$T/user")" \
		    "$((n_ - 2)) 0"
	fi
fi
plan
