#!/bin/sh
# SPDX-License-Identifier: ISC
# The manual: clean mdoc, the same options as --help, and examples that run.
. "${0%/*}/lib.sh"

MAN=$SRC/man
programs=$(cd "$BUILD" && find . -maxdepth 1 -type f -perm -u+x -name 'raid*' |
    sed 's|^\./||; /^raid-member-/d' | sort)
pages=$(cd "$MAN" && ls -- *.[157])

# The literal blocks of a page, as a reader sees them; a line "%%" before each.
blocks() {
	awk '/^\.Ed/ { inside = 0 }
	sub(/^\.Dl /, "") { print "%%"; print; next }
	inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print }
	/^\.Bd -literal/ { inside = 1; print "%%" }' "$MAN/$1"
}

# --- form
if has mandoc; then
	mkdir -p man
	for p in $pages; do
		mkdir -p "man/man${p##*.}" && cp "$MAN/$p" "man/man${p##*.}/"
	done
	for p in $pages; do
		is "$p: lint" "$(MANPATH=$T/man mandoc -Tlint -Wstyle "$MAN/$p" \
		    2>&1 | sed '/ outdated mandoc\.db /d
		    /referenced manual not found:/d')" ''
	done
	lines=$(mandoc -Tascii "$MAN/raid.7" | wc -l)
	ok "raid(7) takes two screens of a terminal, not $lines lines" \
	    test "$lines" -le 48
else
	skip 'lint' 'no mandoc here; apt-get install mandoc'
fi

is 'pages are ASCII: troff warns of the rest in a C locale' \
    "$(cd "$MAN" && LC_ALL=C grep -l '[^	 -~]' -- *.[157])" ''
for p in $pages; do
	missing=
	xrefs=$(sed -n 's/^\.Xr \(raid[a-z-]*\) \([157]\).*/\1.\2/p' \
	    "$MAN/$p" | sort -u)
	for s in $xrefs; do
		[ -f "$MAN/$s" ] || missing="$missing $s"
	done
	is "$p: refers to pages that are there" "$missing" ''
done

# --- programs and their pages
for p in $programs; do
	page=$MAN/$p.1
	if ! result_ "$([ -f "$page" ]; echo $?)" "$p has a page"; then
		continue
	fi
	like "$p stands in raid(7)" "$(cat "$MAN/raid.7")" "^\.It Xr $p 1\$"
	is "$p: sections" "$(sed -n 's/^\.Sh //p' "$page" |
	    grep -vxE 'ENVIRONMENT|FILES' | tr '\n' ,)" \
	    'NAME,SYNOPSIS,DESCRIPTION,OPTIONS,EXIT STATUS,EXAMPLES,SEE ALSO,'
	"$p" --help </dev/null |
	    grep -oE '(^|[[ ,;|(])(-[A-Za-z0-9]|--[a-z][a-z-]+)' |
	    sed 's/^[^-]//' | sort -u >help
	sed -n '/^\.Sh OPTIONS/,/^\.Sh EXIT/s/^\.It //p' "$page" |
	    grep -oE 'Fl [^ ]+' | sed 's/^Fl /-/' | sort -u >options
	is "$p: the options of --help and of the page" "$(cat help)" \
	    "$(cat options)"
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$page" |
	    grep -oE 'Fl -?[A-Za-z][^ ]*' | sed 's/^Fl /-/' |
	    awk '/^--/ { print; next }
	    { for (i = 2; i <= length; i++) print "-" substr($0, i, 1) }' |
	    sort -u >synopsis
	is "$p: SYNOPSIS names every option but help and version" \
	    "$(cat synopsis)" "$(grep -vxE -e '-h|--help|-V|--version' help)"
	like "$p: has an example" "$(blocks "$p.1")" '^\$ '
	like "$p: usage fits 80 columns" \
	    "$("$p" --help </dev/null | awk 'length > 80' | wc -l)" '^0$'
done
listed=$(sed -n 's/^\.It Xr \(raid[a-z-]*\) 1$/\1/p' "$MAN/raid.7")
for p in $listed; do
	ok "$p of raid(7) is a program" test -x "$BUILD/$p"
done
for m in "$BUILD"/raid-member-*; do
	like "${m##*/} stands in raid-array(5)" "$(cat "$MAN/raid-array.5")" \
	    "^\.It Ic ${m##*/}\$"
done

# --- a project to run the examples in
# member NAME: a tiny member, its script from standard input.
member() {
	cat >"$T/bin/$1" && chmod +x "$T/bin/$1"
	printf '\t"%s": {"provider": "exec", "command": ["%s"], "local": true}' \
	    "$1" "$T/bin/$1" >>members
}
mkdir bin
member shellcheck <<'END'
#!/bin/sh
cat <<'DIFF'
Quote the name that is copied.

```diff
--- a/backup.sh
+++ b/backup.sh
@@ -1,2 +1,2 @@
 #!/bin/sh
-cp $1 "$1.bak"
+cp "$1" "$1.bak"
```
DIFF
END
echo , >>members
member codespell <<'END'
#!/bin/sh
echo "No misspelled word in $RAID_FILES."
END
git init -q template
cd template || exit 1
printf '#!/bin/sh\ncp $1 "$1.bak"\n' >backup.sh
# shellcheck disable=SC2016 # for make
printf 'check:\n\t@grep -n '\''cp "$$1"'\'' backup.sh\n' >Makefile
printf '#!/bin/sh\necho hello\n' >hello.sh
chmod +x backup.sh hello.sh
git add . && git commit -q -m begin
cd "$T" && mv template world && cd world || exit 1
exits 0 raid-init
cp "$T/world/.raid/policy.json" "$T/policy"
{ echo '{"members": {'; cat "$T/members"; echo '}}'; } >.raid/array.json
echo '{"checks": [{"name": "check", "command": ["make", "check"]}]}' \
    >.raid/checks.json
raid-post -f backup.sh '@shellcheck please fix backup.sh' |
    raid-broadcast >"$out"
like 'a talk to begin with' "$(cat "$out")" '^post_[0-9]+'
cd "$T" && mv world template || exit 1

# Where no sandbox can be had, the examples that want one cannot run.
sandbox=yes
(cd template && raid-test -- true) >/dev/null 2>&1 </dev/null
[ $? -ne 69 ] || sandbox=

# The tools of the system that a command runs and that are not here.
absent() {
	printf '%s\n' "$1" | grep -oE '(^|\| *|\$\()[a-z][a-z0-9-]*' |
	    sed 's/^[^a-z]*//' | sort -u | while read -r t; do
		case $t in
		raid*) ;;
		*) has "$t" || echo "$t" ;;
		esac
	done
}

example() { # PAGE COMMAND
	want=$(absent "$2")
	if [ -n "$want" ]; then
		skip "$1: $2" "no $want here"
		return
	fi
	case $sandbox,$2 in
	,*raid-test* | ,*raid-fix* | ,*raid-replica* | ,*raid-commit*)
		skip "$1: $2" 'no sandbox here'
		return ;;
	esac
	timeout 60 sh -c "$2" </dev/null >"$T/said" 2>&1
	rc=$?
	result_ $((rc != 0)) "$1: ${2%%  *}" ||
	    note "status $rc" "$(tail -n 20 "$T/said")"
}

# Each page begins anew; its commands run one after another.
for p in $pages; do
	rm -rf world && cp -a template world && cd world || exit 1
	blocks "$p" | awk '
	function flush() { if (cmd != "") print cmd; cmd = "" }
	/^\$ / { flush(); cmd = substr($0, 3); next }
	cmd != "" && /^    / { sub(/^ +/, " "); cmd = cmd $0; next }
	{ flush() }
	END { flush() }' >"$T/commands"
	while IFS= read -r command; do
		example "$p" "$command"
	done <"$T/commands"
	cd "$T" || exit 1
done

# --- every status is one of the page
# listed PROGRAM WHAT STATUS
listed() {
	like "$1: $2 ends with $3, as its page says" \
	    "$(sed -n '/^\.Sh EXIT/,/^\.Sh EXAMPLES/s/^\.It //p' \
	    "$MAN/$1.1")" "(^|[ ,])$3( |\$)"
}
mkdir "$T/empty"
rm -r "$HOME/.local"	# the user's own journal of the examples
for p in $programs; do
	"$p" --no-such-option </dev/null >"$out" 2>&1
	listed "$p" 'an unknown option' $?
	"$p" --help </dev/null 2>"$err" >/dev/full
	listed "$p" 'a full disk' $?
	case $p in
	raid-fix | raid-replica) continue ;;	# the status of a command
	esac
	for operand in last no.tag post_5; do
		(cd "$T/empty" && exec "$p" "$operand" </dev/null >"$out" 2>&1)
		listed "$p" "$operand without a journal" $?
		rm -rf world && cp -a template world && cd world || exit 1
		"$p" "$operand" </dev/null >"$out" 2>&1
		listed "$p" "$operand" $?
		echo '{' >.raid/array.json
		"$p" "$operand" </dev/null >"$out" 2>&1
		listed "$p" "$operand, a damaged array.json" $?
		mv .raid .other && cp -a .other "$T/moved" && ln -s "$T/moved" .raid
		"$p" "$operand" </dev/null >"$out" 2>&1
		listed "$p" "$operand, a .raid/ that is not trusted" $?
		rm -rf "$T/moved"
		cd "$T" || exit 1
	done
done

# --- what the pages of formats show
rm -rf world && cp -a template world && cd world || exit 1
# json PAGE N: the nth block that is an object.
json() {
	blocks "$1" | awk -v n="$2" '/^%%/ { inside = 0; next }
	/^\{/ && !inside { inside = 1; k++ }
	inside && k == n' >"$T/json"
}
json raid-policy.5 1
is 'raid-policy(5) shows what raid-init writes' \
    "$(tr -d ' \t\n' <"$T/json")" "$(tr -d ' \t\n' <"$T/policy")"
json raid-array.5 1
cp "$T/json" .raid/array.json
for m in shellcheck claude; do
	exits 0 raid-context -m "$m" last
done
json raid-array.5 2
cp "$T/json" .raid/array.json
raid-broadcast -m counter last@dev | raid-show - >"$out"
like 'the member of raid-array(5) counts' "$(cat "$out")" '^2 backup\.sh$'

mkdir "$T/plain" && cd "$T/plain" || exit 1
exits 0 raid-init -J journal
raid-post -j -J journal x >"$out"
keys() { grep -oE '"[a-z_0-9]+":' "$1" | tr -d '":'; }
is 'the keys of raid-jsonl(5)' "$(keys "$out")" \
    "$(sed -n '/^\.Ss Meta/q; s/^\.It Va //p' "$MAN/raid-jsonl.5" |
    grep -vxE 'path|mode|size|sha256')"
echo x >f
raid-post -j -J journal -f f x >"$out"
sed -n 's/.*"files":\[\([^]]*\)].*/\1/p' "$out" >files
is 'the keys of a file' "$(keys files)" "$(sed -n 's/^\.It Va //p' \
    "$MAN/raid-jsonl.5" | sed -n '/^path$/,/^sha256$/p')"
if has sqlite3; then
	tables=$(sed -n '/^\.Ss Tables/,/^\.Ss Lock/s/^\.It Va //p' \
	    "$MAN/raid-journal.5" | tr -d ' ' | tr , '\n' | sort)
	is 'the tables of raid-journal(5)' "$(sqlite3 -readonly journal \
	    "SELECT name FROM sqlite_schema WHERE type = 'table'
	    AND name NOT LIKE 'post_text_%' ORDER BY 1")" "$tables"
else
	skip 'the tables of raid-journal(5)' 'no sqlite3 here'
fi
plan
