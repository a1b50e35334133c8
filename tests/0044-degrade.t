#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-patch: rules against negligence, and --allow.
. "${0%/*}/lib.sh"

sql() { "$BUILD/t/sql" "$@"; }

repo r
cd r || exit 1
cat >a.py <<'END'
def one(a):
    b = a + 1
    c = b + 2
    return b * c


def two(a):
    return a


def three(a):
    b = [a]
    c = [b]
    return c
END
cat >test_a.py <<'END'
def test_one():
    assert one(1) == 8


def test_two():
    assert two(1) == 1
END
git add . && git commit -q -m files

# refuse RULE NAME WORDS: the answer on standard input is refused by one rule,
# and taken when that one is allowed.
refuse() {
	cat >../answer
	raid-patch -w - <../answer >"$out" 2>"$err"
	is "$2: refused, and nothing is printed" "$? $(cat "$out")" '1 '
	like 'file, line, rule and the way out' "$(cat "$err")" \
	    "^raid-patch: $3.*; --allow $1 takes it\$"
	is 'nothing is written' "$(git status --porcelain)" ''
	ok 'allowed, it is taken' raid-patch --allow "$1" - <../answer
}

refuse placeholder 'a placeholder' 'a.py:2: placeholder: "# \.\.\. ex' <<'END'
```diff
--- a/a.py
+++ b/a.py
@@ -1,4 +1,3 @@
 def one(a):
-    b = a + 1
-    c = b + 2
+    # ... existing code ...
     return b * c
```
END
refuse mask 'a mask' 'a.py:8: mask: "return "\[masked:jwt:01ab\]"" holds' \
    <<'END'
a.py
<<<<<<< SEARCH
def two(a):
    return a
=======
def two(a):
    return "[masked:jwt:01ab]"
>>>>>>> REPLACE
END
refuse conflict-marker 'a marker' 'a.py:7: conflict-marker: "<<<<<<< HEAD"' \
    <<'END'
```diff
--- a/a.py
+++ b/a.py
@@ -6,2 +6,3 @@
 
+<<<<<<< HEAD
 def two(a):
```
END
refuse braces 'a bracket' "a.py:12: braces: a '\\[' that is not closed" <<'END'
```diff
--- a/a.py
+++ b/a.py
@@ -12,1 +12,1 @@
-    b = [a]
+    b = [a
```
END
refuse doubled 'a block twice' 'a.py:7: doubled: "def one\(a\):" and 3' <<'END'
```diff
--- a/a.py
+++ b/a.py
@@ -4,3 +4,9 @@
     return b * c
 
 
+def one(a):
+    b = a + 1
+    c = b + 2
+    return b * c
+
+
 def two(a):
```
END
refuse lost-test 'a test' 'test_a.py:5: lost-test: the test "test_two"' <<'END'
All tests pass now.

```diff
--- a/test_a.py
+++ b/test_a.py
@@ -2,5 +2,1 @@
     assert one(1) == 8
-
-
-def test_two():
-    assert two(1) == 1
```
END
sed 's/^All .*/Drop the obsolete test of two()./' ../answer >../said
ok 'a test that goes as it is said' raid-patch - <../said
refuse lost-definition 'a function' 'a.py:7: lost-definition: "two" is gone' \
    <<'END'
Here is the file.

```python a.py
def one(a):
    b = a + 1
    c = b + 2
    return b * c


def three(a):
    b = [a]
    c = [b]
    return c
```
END
sed 's/^Here .*/`two` had no caller./' ../answer >../said
ok 'a function that goes as it is said' raid-patch - <../said

# A file that is a stub breaks several rules; each must be allowed.
cat >../stub <<'END'
```python a.py
def one(a):
    ...
    return b * c
```
END
exits 1 raid-patch - <../stub
exits 1 raid-patch --allow shrunk - <../stub
exits 1 raid-patch --allow shrunk,lost-definition --allow braces - <../stub
like 'a bare line of dots is one, too' "$(cat "$err")" 'a.py:2: placeholder'
sed 's/^    \.\.\.$/    b = c = 1/' ../stub |
    raid-patch --allow shrunk --allow lost-definition - >"$out"
is 'all allowed' "$?" 0
exits 64 raid-patch --allow shrink - <../stub
like 'an unknown rule: all names' "$(cat "$err")" \
    '"shrink" is no rule; there are placeholder,mask,conflict-marker,shrunk,lost-definition,lost-test,braces,doubled$'
exits 64 raid-patch --allow
exits 64 raid-patch --allow '' - <../stub

# An answer in the journal: the patch, and what the audit says of it.
ok 'a journal' raid-init
q=$(raid-post '#file:a.py Please change it')
a=$(raid-post -r "$q" <../stub)
exits 1 raid-patch "$a"
like 'an answer is refused, too' "$(cat "$err")" \
    'a.py:2: placeholder: "\.\.\.".*--allow placeholder takes it; to ask'
p=$(raid-patch --allow shrunk,lost-definition,placeholder "$a")
like 'and taken' "$(raid-show -j "$p")" '"kind":"patch"'
like 'the audit names what was waived' "$(sql "$(raid-init -p)" \
    "SELECT detail FROM audit WHERE action = 'patch'")" \
    '^[0-9a-f]{64} allowed placeholder,shrunk,lost-definition$'
plan
