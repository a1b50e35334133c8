#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch tells where each hunk went, why one was refused, and answers it.
. "${0%/*}/lib.sh"

repo r && cd r || exit 1
printf 'f() {\n\tif a; then\n\t\tb\n\tfi\n}\n\ng() {\n\tc\n}\n' >x.sh
git add x.sh && git commit -qm x
raid-init >"$out" || exit 1

# --- placed: which level, how far, what was mended
cat >../shifted.md <<'END'
Вот так:

```diff
--- a/x.sh
+++ b/x.sh
@@ -12,3 +12,3 @@
 f() {
     if a; then
-        b
+        b 2
```
END
raid-patch --explain -v - <../shifted.md >"$out" 2>"$err"
is 'placed' $? 0
like 'where it went' "$(cat "$err")" \
    '^x\.sh: hunk 1, diff at line 6 of the answer: placed at line 1 \(-11\), indent; mended: line number, .*indentation'
like 'how long it took' "$(cat "$err")" \
    '1 hunk in 1 changed file, placed in [0-9.]+ ms'
like 'with the tabs of the file' "$(cat "$out")" "^\\+$(printf '\t\t')b 2$"
raid-patch -j - <../shifted.md >"$out" 2>"$err"
like 'as JSON' "$(cat "$out")" '"hunks":\[\{"path":"x\.sh","hunk":1,"form":"diff","reply_line":6,"verdict":"placed","level":"indent","line":1,"offset":-11,"mended":\["line number".*\],"runner_up":0\}\]'
raid-patch - <../shifted.md >../diff && git apply --check ../diff
is 'the diff is strict' $? 0

# --- refused: what it wants, what there is, and the lines around
cat >../stale.md <<'END'
@nobody

```diff
--- a/x.sh
+++ b/x.sh
@@ -7,3 +7,3 @@
 g() {
-	d @all
+	e
 }
```
END
exits 1 raid-patch - <../stale.md
like 'want and have' "$(cat "$err")" 'want " *d @all", have " *c" at line 8'
is 'nothing on standard output' "$(cat "$out")" ''
exits 1 raid-patch --explain - <../stale.md
like 'which one it is' "$(cat "$err")" 'hunk 1, diff at line 6 of the answer: refused'
exits 1 raid-patch -j - <../stale.md
like 'a refusal as JSON' "$(cat "$out")" \
    '^\{"type":"refusal","v":1,"status":1,"reason":"x\.sh: hunk 1 .*"hunks":\[.*"verdict":"refused".*"path":"x\.sh","line":1,"excerpt":"f\(\)'
exits 1 raid-patch --reject - <../stale.md
like 'what to answer' "$(cat "$out")" 'could not be placed'
like 'with the lines as they are' "$(cat "$out")" "^$(printf '\t')c$"
LC_ALL=ru_RU.UTF-8 raid-patch --reject - <../stale.md >"$out" 2>"$err"
like 'in Russian' "$(cat "$out")" 'Правки не удалось применить'

# --- the same of a post: it goes back to who wrote it
q=$(raid-post -f x.sh '@shellcheck fix it')
a=$(raid-post -a shellcheck -r "$q" - <../stale.md)
exits 1 raid-patch --reject "$a"
back=$(cat "$out")
like 'a post' "$back" '^post_[0-9_]+$'
like 'to its author, as an answer' "$(raid-show -j "$back")" \
    "\"reply_to\":\"$a\".*\"mentions\":\[\"shellcheck\"\]"
like 'what it quotes mentions nobody' "$(raid-show "$back")" '@all'
like 'it stands on the same files' "$(raid-context -m shellcheck "$back" 2>&1)" 'x\.sh'
like 'and is in the audit' "$(raid-show --audit)" 'rejected'
raid-patch -n --reject "$a" >"$out" 2>"$err"
is 'only said with -n' "$(cat "$out")" ''

# --- already there: no refusal, no patch
b=$(raid-post -a shellcheck -r "$q" - <<'END'
```diff
--- a/x.sh
+++ b/x.sh
@@ -1,4 +1,5 @@
 f() {
+	if a; then
 		b
 	fi
```
END
)
exits 0 raid-patch "$b"
is 'nothing is printed' "$(cat "$out")" ''
like 'but said' "$(cat "$err")" 'applied already'
plan
