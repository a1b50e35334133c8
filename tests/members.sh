# SPDX-License-Identifier: ISC
# Sourced by tests whose members are small shell scripts.

# member NAME SCRIPT: a program raid-member-NAME in $T/members.
member() {
	mkdir -p "$T/members"
	printf '#!/bin/sh\n%s\n' "$2" >"$T/members/raid-member-$1"
	chmod +x "$T/members/raid-member-$1"
}

# members NAME...: .raid/array.json with these, and no other.
members() {
	sep='' json='{"members": {'
	for m_; do
		json="$json$sep\"$m_\": {\"provider\": \"exec\", \"command\":
		    [\"raid-member-$m_\"], \"role\": \"tester\", \"local\": true}"
		sep=', '
	done
	printf '%s}}\n' "$json" >.raid/array.json
	case $PATH in
	"$T/members:"*) ;;
	*) PATH=$T/members:$PATH ;;
	esac
}

# answer FILE EXPRESSION: the script of a member that answers with the diff
# that this sed expression makes of an attached file.
answer() {
	cat <<-END
	sed '$2' '$1' >new
	echo 'Changed as asked.'
	echo
	echo '\`\`\`diff'
	diff -u --label 'a/$1' --label 'b/$1' '$1' new
	echo '\`\`\`'
	END
}

# shellcheck disable=SC2154 # $err is of lib.sh
# All of the test wants a sandbox; call it in a repository with a journal.
need_sandbox() {
	raid-test --tree -- true >/dev/null 2>"$err" && return
	[ $? -ne 69 ] || plan_skip "no sandbox can be had: $(tail -n 1 "$err")"
}
