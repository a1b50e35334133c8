#!/bin/sh
# SPDX-License-Identifier: ISC
# A key is seen by its vendor alone: not by a server with a bad certificate,
# not in arguments, environments, memory dumps, the journal or what is said.
. "${0%/*}/lib.sh"
. "$SRC/tests/llmd.sh"

repo r && cd r && raid-init >"$out" || exit 1
export XDG_STATE_HOME="$T/state" RAID_TEST_KEY=sk-secret-4711
llmd_start || exit 1

# --- while a call runs
llmd_array "$(llmd_member m openai events=100+pace=100 \
    '"key_env": "RAID_TEST_KEY"')"
q=$(raid-post '@m hello')
# shellcheck disable=SC3045 # it is there in dash
(ulimit -c unlimited; exec raid-broadcast "$q") >"$T/answer" 2>"$T/said" &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(llmd_count "model LIKE 'events%'")" = 0 ] || break
	sleep 0.2
done
is 'it asks' "$(llmd_count "model LIKE 'events%'")" 1
is 'no key among the arguments' \
    "$(tr '\0' '\n' <"/proc/$pid/cmdline" | grep -c sk-secret)" 0
like 'it dumps no core' "$(grep 'core file' "/proc/$pid/limits")" \
    'size *[01] '
kill -ABRT $pid
wait $pid 2>/dev/null
is 'killed' $? 134
is 'and it dumped none' "$(find . "$T" -name 'core*' -type f | wc -l)" 0
is 'no key anywhere' "$(grep -rlae sk-secret . "$T/answer" "$T/said" \
    "$XDG_STATE_HOME" "$(raid-init -p | sed 's,/[^/]*$,,')")" ''

# --- a server that cannot show who it is
if has openssl; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/k" -out "$T/c" \
	    -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
	    2>"$T/openssl"
	openssl s_server -accept 127.0.0.1:0 -cert "$T/c" -key "$T/k" -www \
	    >"$T/tls" 2>&1 </dev/null &
	tls=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		port=$(sed -n 's/^ACCEPT .*://p' "$T/tls")
		[ -z "$port" ] || break
		sleep 0.2
	done
	cat >.raid/array.json <<-END
	{"members": {"m": {"provider": "openai", "model": "x",
	  "base_url": "https://127.0.0.1:$port/v1",
	  "key_env": "RAID_TEST_KEY"}}}
	END
	q=$(raid-post '@m hello')
	exits 69 raid-broadcast "$q"
	like 'a certificate that nobody signed' "$(cat "$err")" \
	    'm: .*certificate'
	kill $tls
	wait $tls 2>/dev/null
	is 'and nothing was sent there' "$(grep -ac sk-secret "$T/tls")" 0
	like 'it was asked' "$(cat "$T/tls")" 'ERROR|alert|unknown'
	is 'once' "$(raid-show --calls -j | grep -c '"member":"m"')" 2
else
	skip 'a bad certificate' 'no openssl here; apt-get install openssl'
fi
plan
