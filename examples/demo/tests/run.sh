#!/bin/sh
# Run each tests/*.test in a scratch folder; it says what fails and why.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
failed=0
for t in "$here"/tests/*.test; do
	scratch=$(mktemp -d)
	(cd "$scratch" && PATH="$here:$PATH" sh -eu "$t") || failed=1
	rm -rf "$scratch"
done
exit $failed
