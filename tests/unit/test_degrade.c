/* SPDX-License-Identifier: ISC */
/* Rules against negligence: what each finds, in many languages, and what
 * none may find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/degrade.h"

#define COUNT(v) (sizeof(v) / sizeof(*(v)))

enum form { HUNKS, WHOLE };

static void
set(struct raid_buf *b, const char *s)
{
	raid_buf_init(b, RAID_PLACE_FILE_MAX);
	if (s != NULL)
		raid_buf_puts(b, s);
}

/* What the rules find when a file becomes another one.  NULL: no file. */
static unsigned
find(const char *path, const char *before, const char *after, enum form form,
    const char *reply, struct raid_degrade_finding *first)
{
	struct raid_place_change c = { .path = (char *)(uintptr_t)path,
		.old_mode = before != NULL ? 0100644 : 0,
		.mode = after != NULL ? 0100644 : 0 };
	struct raid_place pl = { .v = &c, .n = 1 };
	struct raid_edit ed = { .path = (char *)(uintptr_t)path,
		.form = form == WHOLE ? RAID_EDIT_WHOLE : RAID_EDIT_DIFF };
	struct raid_edits e = { .v = &ed, .n = 1,
		.text = (unsigned char *)(uintptr_t)reply,
		.text_len = strlen(reply) };
	struct raid_degrade_list l = { 0 };
	unsigned found = 0;

	set(&c.before, before);
	set(&c.after, after);
	raid_degrade_find(&pl, &e, &l);
	for (size_t i = 0; i < l.n; i++)
		found |= l.v[i].rule;
	if (first != NULL && l.n != 0)
		*first = l.v[0];
	raid_degrade_free(&l);
	raid_buf_free(&c.before);
	raid_buf_free(&c.after);
	return found;
}

static void
expect(const char *what, unsigned found, unsigned wanted)
{
	char *a = raid_degrade_names(found), *b = raid_degrade_names(wanted);

	if (found != wanted)
		fail_msg("%s: found \"%s\" and not \"%s\"", what, a, b);
	free(a);
	free(b);
}

/* A source in parts: a function (or the like) and a test can be left out. */
struct sample {
	const char *path, *head, *unit, *middle, *test, *tail, *open,
	    *close;
};

static const struct sample samples[] = {
	{ "a.c", "#include <stdio.h>\n\nstatic int base = 4;\n\n",
	    "int\nbeta(int a)\n{\n\tint sum = a;\n\n\tif (a > base) {\n"
	    "\t\tsum += base;\n\t}\n\tprintf(\"%d}\", sum);\n\treturn sum;\n}\n\n",
	    "int\nalpha(int a)\n{\n\treturn a + base;\n}\n\n",
	    "static void\ntest_alpha(void **state)\n{\n\tassert(alpha(1) == 5);\n"
	    "\tassert(alpha(2) == 6);\n}\n\n",
	    "int\nmain(void)\n{\n\treturn alpha(2);\n}\n", "/* ", " */" },
	{ "a.cpp", "#include \"x.hpp\"\n\nnamespace n {\n\n",
	    "std::string Beta::name(const std::string &s) const\n{\n"
	    "\tauto out = s;\n\tout += \"{\";\n\tout += suffix_;\n"
	    "\treturn out;\n}\n\n",
	    "int Beta::size() const\n{\n\treturn 1'000;\n}\n\n",
	    "TEST(Beta, IsLong)\n{\n\tEXPECT_EQ(Beta().size(), 1000);\n"
	    "\tEXPECT_TRUE(true);\n}\n\n",
	    "}  // namespace n\n", "// ", "" },
	{ "a.py", "import os\n\nLIMIT = 4\n\n\n",
	    "def beta(a, b):\n    \"\"\"Add ... things.\"\"\"\n    total = sum([\n"
	    "        a,\n        b,\n    ])\n    return total\n\n\n",
	    "class Alpha:\n    def name(self):\n        return 'a'\n\n\n",
	    "def test_alpha():\n    a = Alpha()\n    assert a.name() == 'a'\n\n\n",
	    "if __name__ == '__main__':\n    print(Alpha().name())\n",
	    "# ", "" },
	{ "a.js", "import x from 'x';\n\nconst limit = 4;\n\n",
	    "export function beta(a, ...rest) {\n  const out = [a, ...rest];\n"
	    "  if (/[{\"]/.test(a)) {\n    out.push(`}${limit}`);\n  }\n"
	    "  return out;\n}\n\n",
	    "export const alpha = (a) => {\n  return a + limit;\n};\n\n",
	    "it('adds the limit', () => {\n  const got = alpha(1);\n"
	    "  expect(got).toBe(5);\n});\n\n",
	    "export default alpha;\n", "// ", "" },
	{ "a.tsx", "import React from 'react';\n\n",
	    "export function Beta(props: Props) {\n  const { name } = props;\n"
	    "  const label = `${name}!`;\n  return <b>{label}</b>;\n}\n\n",
	    "export interface Props {\n  name: string;\n}\n\n",
	    "describe('Beta', () => {\n  it('shows', () => {\n"
	    "    render(<Beta name=\"x\" />);\n  });\n});\n\n",
	    "export default Beta;\n", "{/* ", " */}" },
	{ "a.go", "package a\n\nimport \"fmt\"\n\n",
	    "func Beta(n int) (string, error) {\n\tif n < 0 {\n"
	    "\t\treturn \"\", fmt.Errorf(\"{%d\", n)\n\t}\n"
	    "\treturn fmt.Sprint(n, '{'), nil\n}\n\n",
	    "type Alpha struct {\n\tName string\n}\n\n",
	    "func TestBeta(t *testing.T) {\n\tgot, err := Beta(1)\n"
	    "\tif err != nil || got == \"\" {\n\t\tt.Fatal(err)\n\t}\n}\n\n",
	    "func Gamma() *Alpha {\n\treturn &Alpha{}\n}\n", "// ", "" },
	{ "a.rs", "use std::fmt;\n\n",
	    "pub fn beta<'a>(s: &'a str) -> Option<&'a str> {\n"
	    "    let c = '{';\n    let found = s.find(c)?;\n"
	    "    Some(&s[found..])\n}\n\n",
	    "pub struct Alpha {\n    pub name: String,\n}\n\n",
	    "#[test]\nfn finds_a_brace() {\n    let got = beta(\"a{\");\n"
	    "    assert_eq!(got, Some(\"{\"));\n}\n\n",
	    "impl Alpha {\n    pub fn new() -> Self {\n        todo!()\n    }\n"
	    "}\n", "// ", "" },
	{ "src/A.java", "package a;\n\npublic class A {\n",
	    "    public String beta(int n) {\n        String s = \"}\";\n"
	    "        s = s + n;\n        log(s);\n        return s;\n    }\n\n",
	    "    private int alpha() {\n        return 4;\n    }\n\n",
	    "    @Test\n    public void addsOne() {\n        int n = alpha();\n"
	    "        assertEquals(4, n);\n    }\n\n",
	    "    void log(String s) {\n        alpha();\n    }\n}\n", "// ", "" },
	{ "A.cs", "using System;\n\npublic class A\n{\n",
	    "    public string Beta(int n)\n    {\n        var s = $\"{n}\";\n"
	    "        Log(s);\n        var t = @\"\\\";\n        return s + t;\n"
	    "    }\n\n",
	    "    private int Alpha()\n    {\n        return 4;\n    }\n\n",
	    "    [Fact]\n    public void AddsOne()\n    {\n"
	    "        var n = Alpha();\n        Assert.Equal(4, n);\n    }\n\n",
	    "    public void Log(string s)\n    {\n        Alpha();\n    }\n}\n",
	    "// ", "" },
	{ "a.rb", "require 'x'\n\n",
	    "def beta(a)\n  list = [a, 1]\n  list.map { |x| \"#{x}\" }\n"
	    "  list.each { puts a }\n  list\nend\n\n",
	    "class Alpha\n  def name\n    :a\n  end\nend\n\n",
	    "def test_name\n  a = Alpha.new\n  assert_equal :a, a.name\nend\n\n",
	    "puts Alpha.new.name\n", "# ", "" },
	{ "a.php", "<?php\n\nnamespace A;\n\n",
	    "function beta($a)\n{\n    $out = \"{$a}\";\n    $out .= 'it''s {';\n"
	    "    $out .= $a[0];\n    return $out;\n}\n\n",
	    "class Alpha\n{\n    private $n = 1;\n",
	    "    public function testBeta()\n    {\n        $x = beta('a');\n"
	    "        $this->assertSame('a', $x);\n    }\n",
	    "}\n", "// ", "" },
	{ "a.sh", "#!/bin/sh\nset -eu\n\n",
	    "beta() {\n\tlocal name=\"${1}\"\n\techo '}' \"$name\"\n"
	    "\tcase $name in\n\ta) echo one ;;\n\tesac\n\treturn 0\n}\n\n",
	    "alpha() {\n\techo alpha\n}\n\n",
	    "test_alpha() {\n\tgot=$(alpha)\n\t[ \"$got\" = alpha ]\n}\n\n",
	    "alpha \"$@\"\n", "# ", "" },
	{ "A.pm", "package A;\nuse strict;\n\n",
	    "sub beta {\n\tmy ($n) = @_;\n\tmy %h = (a => 1);\n"
	    "\t$h{$n} =~ s/a/b/;\n\treturn $h{$n};\n}\n\n",
	    "sub alpha {\n\treturn 4;\n}\n\n",
	    "subtest 'alpha is four' => sub {\n\tmy $n = alpha();\n"
	    "\tis($n, 4);\n};\n\n",
	    "1;\n", "# ", "" },
	{ "a.lua", "local M = {}\n\n",
	    "function M.beta(a, ...)\n  local t = { a, ... }\n"
	    "  local s = \"}\" .. a\n  t[1] = s\n  return t\nend\n\n",
	    "function M.alpha()\n  return 4\nend\n\n",
	    "it('is four', function()\n  local n = M.alpha()\n"
	    "  assert.equal(4, n)\nend)\n\n",
	    "return M\n", "-- ", "" },
	{ "a.kt", "package a\n\n",
	    "fun beta(n: Int): String {\n    val s = \"}$n\"\n"
	    "    println(s)\n    val t = s + s\n    return t\n}\n\n",
	    "class Alpha(val name: String)\n\n",
	    "@Test\nfun `adds one`() {\n    val a = Alpha(\"x\")\n"
	    "    assertEquals(\"x\", a.name)\n}\n\n",
	    "fun main() {\n    println(Alpha(\"y\").name)\n}\n", "// ", "" },
	{ "a.swift", "import X\n\n",
	    "func beta(_ n: Int) -> String {\n    let s = \"}\\(n)\"\n"
	    "    print(s)\n    let t = s + s\n    return t\n}\n\n",
	    "struct Alpha {\n    let name: String\n}\n\n",
	    "func testAlpha() {\n    let a = Alpha(name: \"x\")\n"
	    "    XCTAssertEqual(a.name, \"x\")\n}\n\n",
	    "print(Alpha(name: \"y\"))\n", "// ", "" },
};

static char *
join(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	return raid_strf("%s%s%s%s%s", a, b, c, d, e);
}

/* A change of a sample, taken by its form. */
static void
sample_is(const struct sample *s, const char *what, char *after,
    enum form form, const char *reply, unsigned wanted)
{
	char *before = join(s->head, s->unit, s->middle, s->test, s->tail);
	char *name = raid_strf("%s: %s\n%s", s->path, what, after);

	expect(name, find(s->path, before, after, form, reply, NULL), wanted);
	free(before);
	free(after);
	free(name);
}

/* Nothing but the head of a sample: several rules, whatever else. */
static void
stub_is(const struct sample *s, char *after)
{
	const unsigned wanted = RAID_DEGRADE_PLACEHOLDER |
	    RAID_DEGRADE_SHRUNK | RAID_DEGRADE_TESTS;
	char *before = join(s->head, s->unit, s->middle, s->test, s->tail);

	expect(s->path, find(s->path, before, after, WHOLE, "Here it is.",
	    NULL) & wanted, wanted);
	free(before);
	free(after);
}

/* The text without the line that holds this. */
static char *
without(const char *text, const char *line)
{
	const char *at = strstr(text, line), *end;

	assert_non_null(at);
	while (at > text && at[-1] != '\n')
		at--;
	end = strchr(at, '\n') + 1;
	return raid_strf("%.*s%s", (int)(at - text), text, end);
}

static void
test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		char *dots;

		sample_is(s, "no definition", join(s->head, "", s->middle,
		    s->test, s->tail), WHOLE, "Here is the file.",
		    RAID_DEGRADE_LOST);
		sample_is(s, "removed by lines", join(s->head, "", s->middle,
		    s->test, s->tail), HUNKS, "Here is the file.", 0);
		sample_is(s, "no test", join(s->head, s->unit, s->middle, "",
		    s->tail), WHOLE, "All tests pass now.",
		    RAID_DEGRADE_TESTS);
		sample_is(s, "no test, by lines", join(s->head, s->unit,
		    s->middle, "", s->tail), HUNKS, "Fixes the build.",
		    RAID_DEGRADE_TESTS);
		sample_is(s, "no test, as said", join(s->head, s->unit,
		    s->middle, "", s->tail), HUNKS,
		    "Remove the obsolete test.", 0);
		sample_is(s, "doubled", raid_strf("%s%s%s%s%s%s", s->head,
		    s->unit, s->unit, s->middle, s->test, s->tail), HUNKS, "",
		    RAID_DEGRADE_DOUBLED);
		sample_is(s, "conflict", raid_strf("%s<<<<<<< HEAD\n%s%s%s%s",
		    s->head, s->unit, s->middle, s->test, s->tail), HUNKS, "",
		    RAID_DEGRADE_CONFLICT);
		sample_is(s, "conflict, its end", raid_strf("%s%s>>>>>>> "
		    "REPLACE\n%s%s%s", s->head, s->unit, s->middle, s->test,
		    s->tail), WHOLE, "", RAID_DEGRADE_CONFLICT);
		dots = raid_strf("%s... existing code ...%s\n\n", s->open,
		    s->close);
		sample_is(s, "placeholder", join(s->head, dots, s->middle,
		    s->test, s->tail), HUNKS, "", RAID_DEGRADE_PLACEHOLDER);
		stub_is(s, join(s->head, dots, "", "", ""));
		free(dots);
	}
}

/* A line with a bracket is lost, or one comes too often. */
static void
test_brackets(void **state)
{
	static const struct { const char *path, *gone; } v[] = {
		{ "a.c", "if (a > base) {" }, { "a.cpp", "{\n\tauto" },
		{ "a.py", "    ])" }, { "a.js", "  if (/[{" },
		{ "a.tsx", "return <b>" }, { "a.go", "if n < 0 {" },
		{ "a.rs", "pub fn beta" }, { "src/A.java", "public String b" },
		{ "A.cs", "    {\n        var s" }, { "a.php", "{\n    $out" },
		{ "a.sh", "beta() {" }, { "A.pm", "sub beta {" },
		{ "a.lua", "local t = {" }, { "a.kt", "fun beta" },
		{ "a.swift", "func beta" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(v); i++) {
		const struct sample *s = samples;
		char *unit, *text, *after;
		unsigned found;

		while (strcmp(s->path, v[i].path) != 0)
			s++;
		unit = strcmp(s->path, "a.tsx") == 0 ?
		    raid_strf("%s}\n", s->unit) :
		    strcmp(s->path, "a.lua") == 0 ?
		    raid_strf("%sM.x = {\n", s->unit) :
		    without(s->unit, v[i].gone);
		text = join(s->head, s->unit, s->middle, s->test, s->tail);
		after = join(s->head, unit, s->middle, s->test, s->tail);
		found = find(s->path, text, after, HUNKS, "", NULL);
		if ((found & RAID_DEGRADE_BRACES) == 0)
			fail_msg("%s: no bracket is missed", s->path);
		free(unit);
		free(text);
		free(after);
	}
}

/* Placeholders, as a line of their own after "int a;" in a file. */
static const char *const placeholders[] = {
	"// ... existing code ...", "// ... rest of the code ...",
	"# ... rest of the function unchanged ...", "# ... (unchanged) ...",
	"-- ... existing columns ...", "; ... rest of file ...",
	"%% ... existing code ...", "/* ... existing code ... */",
	"/* rest of the function unchanged */", "<!-- ... existing code ... -->",
	"{# ... rest of template ... #}", "{/* ... existing code ... */}",
	"REM ... existing code ...", "rem ... rest of the file unchanged",
	"dnl ... existing code ...", "\t\t// ...", "    # ...", "/* ... */",
	"...", "\xe2\x80\xa6", "    ...", "// \xe2\x80\xa6 existing code",
	"... existing code ...", "[... rest of code ...]",
	"(... rest of the file ...)", "// [rest of the code unchanged]",
	"// (rest of file remains the same)", "// Rest of the code...",
	"// rest of the implementation remains unchanged",
	"// existing code", "# existing code here", "// Existing code...",
	"// ... other methods ...", "// ... other imports", "// ...snip...",
	"// ... (previous code)", "// ... keep the existing code ...",
	"// The rest of the code remains the same",
	"// the rest of the file stays unchanged",
	"# The remaining code is unchanged.", "// Remaining code unchanged",
	"// ... same as before ...", "// ... code omitted for brevity ...",
	"// code omitted for brevity", "/* ... omitted ... */",
	"// ... your existing code here ...", "// implementation unchanged",
	"//... existing code", "///... rest of file", "//// ... existing ...",
	"(* ... existing code ... *)", "{- ... rest of the module ... -}",
	"{{!-- ... existing code ... --}}", "<%# ... existing code ... %>",
	"@* ... existing markup ... *@", "{{/* ... existing code ... */}}",
	"' ... existing code ...", "=== rest of the code unchanged ===",
	"// ---- existing code ----", "# [...]", "// <existing code>",
	"<rest of the code unchanged>", "// ... no changes ...",
	"// ... остальной код без изменений ...", "# остальной код без изменений",
	"// ... существующий код ...", "// Остальной код",
	"// ... (остальные методы без изменений)", "... остальное без изменений",
	"// ... решта коду без змін ...",
	"// ... 其余代码不变 ...", "# ... 现有代码 ...", "// 其余代码保持不变",
	"// \xe2\x80\xa6\xe2\x80\xa6 省略 \xe2\x80\xa6\xe2\x80\xa6",
	"// ...（其余部分不变）...", "// ... 其餘程式碼 ...",
	"// ... restlicher Code unverändert ...", "// Rest des Codes",
	"# ... bestehender Code ...", "// ... der Rest bleibt gleich",
	"// ... Übriger Code ...", "// restlicher Code bleibt unverändert",
	"// ... reste du code inchangé ...", "# ... code existant ...",
	"// Le reste du code reste inchangé", "// ... le reste est identique ...",
	"// ... resto del código sin cambios ...", "# ... código existente ...",
	"// el resto del código permanece igual",
	"// ... resto do código sem alterações ...",
	"// ... resto del codice invariato ...",
	"// ... 既存のコード ...", "# ... 残りのコードは変更なし ...",
	"// 以下省略", "// ... 以降は同じ ...", "// 残りのコードはそのまま",
	"// ... 기존 코드 ...", "# 나머지 코드는 그대로",
	"// ... reszta kodu bez zmian ...", "// ... bestaande code ...",
	"f() { ... }", "f() { /* ... existing code ... */ }",
	"f() { /* ... */ }", "g(); // ... rest of the code unchanged",
	"if (x) g(); // ... existing code ...",
};

static void
test_placeholders(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(placeholders); i++)
		for (int form = HUNKS; form <= WHOLE; form++) {
			char *after = raid_strf("int a;\n%s\nint c;\n",
			    placeholders[i]);
			struct raid_degrade_finding f = { 0 };
			unsigned found = find("x.c", "int a;\nint b;\nint c;\n",
			    after, form, "Done.", &f);

			expect(placeholders[i], found,
			    RAID_DEGRADE_PLACEHOLDER);
			assert_int_equal(f.line, 2);
			assert_string_equal(f.path, "x.c");
			/* One that was there is nobody's fault. */
			expect(placeholders[i], find("x.c", after,
			    "int a;\n", HUNKS, "", NULL), 0);
			free(after);
		}
}

/* Changes that are fine.  before NULL: the file is new. */
static const struct fine {
	const char *path, *before, *after;
	enum form form;
	const char *reply;
} fine[] = {
	{ "a.py", "x = 1\n", "x = 1\n\n\ndef f(): ...\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "x = 1\n\n\ndef f():\n    ...\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "class P(Protocol):\n    def f(self) -> int:\n"
	    "        \"\"\"Doc.\"\"\"\n        ...\nx = 1\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "def f():\n    # nothing yet\n    ...\nx = 1\n",
	    HUNKS, "" },
	{ "a.pyi", "x: int\n", "x: int\n@overload\ndef f(a: int) -> int: ...\n"
	    "@overload\ndef f(a: str) -> str: ...\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "def f():\n    \"\"\"Loop.\n\n    >>> for i in x:\n"
	    "    ...     print(i)\n    ...\n    1\n    \"\"\"\nx = 1\n", HUNKS,
	    "" },
	{ "a.py", "x = 1\n", "def f():\n    \"\"\"As in\n\n        a\n"
	    "        ...\n        b\n    \"\"\"\nx = 1\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "x: Tuple[\n    int,\n    ...\n]\n", HUNKS, "" },
	{ "a.ts", "let x;\n", "let x;\nf(...args);\nconst y = {\n  ...x,\n"
	    "  ...rest,\n};\nfunction g(\n  ...more: string[]\n) {}\n", HUNKS,
	    "" },
	{ "a.c", "int x;\n", "int x;\nint f(const char *, ...);\nint g(\n"
	    "    const char *fmt,\n    ...\n);\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\nint f(const char *fmt,\n    ...)\n{\n}\n",
	    HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n/* The same of all lines from..to. */\n",
	    HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n/* Three dots ... and the rest of them. */"
	    "\nchar *s = \"... existing code ...\";\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n/*\n * For example:\n *\n *\tfoo();\n"
	    " *\t...\n *\tbar();\n */\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n// Takes the rest of the line unchanged "
	    "to the caller.\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n// Keep the existing value if the new "
	    "one is empty...\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n\t/* the remaining bytes */\n"
	    "\t/* previous error code */\n\t/* other */\n\t/* same as above */\n",
	    HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n// ... two\n", HUNKS, "" },
	{ "a.pl", "my $x;\n", "my $x;\nsub f {\n\t...\n}\n", HUNKS, "" },
	{ "a.pl", "my $x;\n", "my $x;\nsub f { ... }\n", HUNKS, "" },
	{ "a.yaml", "a: 1\n", "a: 1\n...\n", HUNKS, "" },
	{ "a.md", "a\n", "a\n\nText\n=======\n\n```\nf();\n...\n```\n", HUNKS,
	    "" },
	{ "a.rst", "a\n", "a\n\nHeading\n=======\n\n...\n", HUNKS, "" },
	{ "a.py", "x = 1\n", "\"\"\"\nExample\n=======\n\"\"\"\nx = 1\n",
	    HUNKS, "" },
	{ "a.c", "int f(void)\n{\n#if A\n\tif (a) {\n#endif\n\t\tb();\n}\n",
	    "int f(void)\n{\n#if A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n"
	    "\t\tb();\n}\n", HUNKS, "" },
	{ "a.c", "int f(void)\n{\n\treturn 1;\n}\n", "int f(void)\n{\n#if A\n"
	    "\tif (a) {\n#else\n\tif (b) {\n#endif\n\t\tb();\n\t}\n"
	    "\treturn 1;\n}\n", HUNKS, "" },
	{ "a.js", "f(1);\n", "f(1);\nconst r = /[(\"'{]/g;\nconst s = '(';\n",
	    HUNKS, "" },
	{ "a.rs", "fn f() {}\n", "fn f() {}\nfn g<'a>(x: &'a str) {\n"
	    "    let c = '{';\n    let s = r#\"}\"{\"#;\n}\n", HUNKS, "" },
	{ "a.sh", "a\n", "a\ncat <<EOF\n{\nEOF\ncase $x in\na) b ;;\nesac\n"
	    "echo \"it's {\" # {\n", HUNKS, "" },
	{ "a.md", "a (b)\n", "a (b\n", HUNKS, "" },
	{ "a.txt", "1) a\n", "1) a\n2) b\n", HUNKS, "" },
	{ "t.csv", "a\n", "a\nb1\nc1\nd1\ne1\nb1\nc1\nd1\ne1\n", HUNKS, "" },
	{ "a.c", "int x;\n", "int x;\n\tf(1);\n\tf(1);\n\tf(1);\n\tf(1);\n"
	    "\tf(1);\n\tf(1);\n\tf(1);\n\tf(1);\n", HUNKS, "" },
	/* A new name for the same function; a name in the words. */
	{ "a.c", "int\none(int a)\n{\n\ta += 4;\n\ta *= 7;\n\treturn a;\n}\n"
	    "int x;\n", "int\nuno(int a)\n{\n\ta += 4;\n\ta *= 7;\n\treturn a;"
	    "\n}\nint x;\n", WHOLE, "" },
	{ "a.py", "def one(a):\n    return 1\n\n\ndef two():\n    return 2\n",
	    "def two():\n    return 2\n", WHOLE, "`one` had no caller." },
	{ "a.go", "func help() int {\n\treturn 1\n}\n\nfunc Main() int {\n"
	    "\treturn help()\n}\n", "func Main() int {\n\treturn 1\n}\n",
	    WHOLE, "Removed a detour; it returns the number." },
	/* A helper goes with its helper; its name is a variable's, too. */
	{ "a.c", "static int\nlow(int a)\n{\n\treturn a;\n}\n\nstatic int\n"
	    "step(int a)\n{\n\treturn low(a);\n}\n\nint\nrun(int a)\n{\n"
	    "\treturn step(a);\n}\n", "int\nrun(int a)\n{\n\tint step = a;\n"
	    "\n\tif (a > 1)\n\t\tstep++;\n\treturn step;\n}\n", WHOLE,
	    "`low` and `step` go; a variable counts." },
	{ "a.c", "static int one(int a)\n{\n\treturn a;\n}\nint x;\n",
	    "#define one(a) (a)\nint x;\n", WHOLE, "Now a macro." },
	{ "a.py", "def test_one():\n    a = 1\n    assert a\n", "def test_uno():"
	    "\n    a = 1\n    assert a\n", HUNKS, "" },
	{ "test_a.py", "def test_one():\n    a = 1\n    assert a\n", NULL,
	    HUNKS, "Drop the tests of the old parser." },
	{ "test_a.py", "def test_one():\n    a = 1\n    assert a\n", NULL,
	    HUNKS, "`test_one` has moved." },
	{ "a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n", WHOLE, "" },
	{ "a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\n", HUNKS, "" },
	{ "a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\n2\n3\n4\n5\n",
	    WHOLE, "" },
	{ "a.txt", "k=[masked:jwt:01ab]\n2\n", "k=[masked:jwt:01ab]\n3\n",
	    HUNKS, "" },
	{ "a.txt", "2\n", "[masked:jwt:01a]\n", HUNKS, "" },
	{ "a.json", NULL, "{\n", WHOLE, "" },
};

static void
test_fine(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fine); i++)
		expect(fine[i].after != NULL ? fine[i].after : fine[i].path,
		    find(fine[i].path, fine[i].before, fine[i].after,
		    fine[i].form, fine[i].reply, NULL), 0);
}

/* Changes that are not. */
static const struct bad {
	const char *path, *before, *after;
	enum form form;
	const char *reply;
	unsigned rule;
	size_t line;
} bad[] = {
	{ "b.1", "first\nsecond\nthird\nfourth\nfifth\nsixth\nlast\n", "first\n"
	    "second\nthird\nfourth\nfifth\nsixth\nfirst\nsecond\nthird\n"
	    "fourth\nfifth\nsixth\nlast\n", HUNKS, "", RAID_DEGRADE_DOUBLED,
	    7 },
	{ "a.1", ".TH A 1\n.SH NAME\na \\- b\n", ".TH A 1\n// "
	    "\xe5\x85\xb6\xe4\xbd\x99\xe4\xbb\xa3\xe7\xa0\x81"
	    "\xe4\xbf\x9d\xe6\x8c\x81\xe4\xb8\x8d\xe5\x8f\x98\n"
	    "a \\- b\n", HUNKS, "", RAID_DEGRADE_PLACEHOLDER, 2 },
	{ "a.py", "def f():\n    a = 1\n    b = 2\n", "def f():\n    a = 1\n"
	    "    ...\n", HUNKS, "", RAID_DEGRADE_PLACEHOLDER, 3 },
	{ "a.py", "def f():\n    a = 1\n    return a\n", "def f():\n    ...\n"
	    "    return a\n", HUNKS, "", RAID_DEGRADE_PLACEHOLDER, 2 },
	{ "a.md", "# A\nb\n", "# A\n\n... rest of file unchanged ...\n", HUNKS,
	    "", RAID_DEGRADE_PLACEHOLDER, 3 },
	{ "a.yaml", "a: 1\nb: 2\n", "a: 1\n# ... existing settings ...\n",
	    HUNKS, "", RAID_DEGRADE_PLACEHOLDER, 2 },
	{ "a.vim", "set a\nset b\n", "set a\n\" ... existing settings ...\n",
	    HUNKS, "", RAID_DEGRADE_PLACEHOLDER, 2 },
	{ "a.txt", "k=v\na\n", "k=[masked:jwt:01ab]\nb\n", HUNKS, "",
	    RAID_DEGRADE_MASK, 1 },
	{ "a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\n2\n3\n4\n", WHOLE,
	    "I removed what is redundant.", RAID_DEGRADE_SHRUNK, 4 },
	{ "a.c", "int f(void)\n{\n\tg();\n\treturn 1;\n}\n",
	    "int f(void)\n{\n\tg();\n=======\n\treturn 1;\n}\n", HUNKS, "",
	    RAID_DEGRADE_CONFLICT, 4 },
	{ "a.c", "int f(void)\n{\n\treturn 1;\n}\n\nint g(void)\n{\n"
	    "\treturn f();\n}\n", "int g(void)\n{\n\treturn f();\n}\n", WHOLE,
	    "Removed redundant code.", RAID_DEGRADE_LOST, 1 },
	/* A script with a program in it. */
	{ "t.sh", "#!/bin/sh\nsed 1,2d $0\n#include <a.h>\nint a(void)\n{\n"
	    "\treturn 1;\n}\nint b(void)\n{\n\treturn 2;\n}\n",
	    "#!/bin/sh\nsed 1,2d $0\n#include <a.h>\nint b(void)\n{\n"
	    "\treturn 2;\n}\n", WHOLE, "Here.", RAID_DEGRADE_LOST, 4 },
	/* That its one use goes, too, says nothing. */
	{ "a.go", "func help() int {\n\treturn 1\n}\n\nfunc Main() int {\n"
	    "\treturn help()\n}\n", "func Main() int {\n\treturn 1\n}\n",
	    WHOLE, "Returns the number.", RAID_DEGRADE_LOST, 1 },
	/* What is said of it stays: that is no use that went with it. */
	{ "a.go", "package a\n\n// Top is the first of all.\nfunc Top() int {"
	    "\n\tx := 1\n\treturn x\n}\n\nfunc Low() int {\n\treturn 2\n}\n",
	    "package b\n\n// Top is the first of all.\nfunc Low() int {\n"
	    "\treturn 2\n}\n", WHOLE, "Here it is.", RAID_DEGRADE_LOST, 4 },
	{ "a.c", "int f(int a)\n{\n\tif (a) {\n\t\tg();\n\t}\n\treturn 1;\n}\n"
	    "int x;\n", "int f(int a)\n{\n\tif (a) {\n\t\th();\n\treturn 1;\n"
	    "}\nint x;\n", HUNKS, "", RAID_DEGRADE_BRACES, 2 },
	{ "test_a.py", "def test_one():\n    a = 1\n    assert a\n", NULL,
	    HUNKS, "Now the build is green.", RAID_DEGRADE_TESTS, 1 },
	{ "a_test.go", "package a\n\nvar x = 1\n", NULL, HUNKS, "Cleaned.",
	    RAID_DEGRADE_TESTS, 1 },
	{ "a.py", "def test_one():\n    a = 1\n    assert a\n",
	    "def test_two():\n    pass\n", HUNKS, "", RAID_DEGRADE_TESTS, 1 },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct raid_degrade_finding f = { 0 };
		unsigned found = find(bad[i].path, bad[i].before, bad[i].after,
		    bad[i].form, bad[i].reply, &f);

		expect(bad[i].after != NULL ? bad[i].after : bad[i].path,
		    found, bad[i].rule);
		if (f.line != bad[i].line)
			fail_msg("%s: line %zu: %s", bad[i].path, f.line,
			    f.what);
	}
}

/* Text that went to another file is not lost. */
static void
test_moved(void **state)
{
	static const char text[] = "def one():\n    a = 1\n    return a\n\n\n"
	    "def two():\n    b = 2\n    return b\n\n\nx = 1\n";
	static const char rest[] = "x = 1\n";
	struct raid_place_change c[2] = {
		{ .path = (char *)(uintptr_t)"a.py", .old_mode = 0100644,
		    .mode = 0100644 },
		{ .path = (char *)(uintptr_t)"b.py", .mode = 0100644 } };
	struct raid_place pl = { .v = c, .n = 2 };
	struct raid_edit ed[2] = {
		{ .form = RAID_EDIT_WHOLE, .path = c[0].path },
		{ .form = RAID_EDIT_WHOLE, .path = c[1].path } };
	struct raid_edits e = { .v = ed, .n = 2 };
	struct raid_degrade_list l = { 0 };

	(void)state;
	set(&c[0].before, text);
	set(&c[0].after, rest);
	set(&c[1].before, NULL);
	raid_buf_init(&c[1].after, 1000);
	raid_buf_add(&c[1].after, text, sizeof(text) - sizeof(rest));
	raid_degrade_find(&pl, &e, &l);
	assert_int_equal(l.n, 0);
	pl.n = 1;
	raid_degrade_find(&pl, &e, &l);
	assert_int_equal(l.n, 2);
	raid_degrade_free(&l);
	for (size_t i = 0; i < 2; i++) {
		raid_buf_free(&c[i].before);
		raid_buf_free(&c[i].after);
	}
}

static void
test_names(void **state)
{
	struct raid_err err;
	unsigned bits = 0;
	char *s;

	(void)state;
	assert_int_equal(raid_degrade_parse("shrunk,braces", &bits, &err), 0);
	assert_int_equal(bits, RAID_DEGRADE_SHRUNK | RAID_DEGRADE_BRACES);
	assert_int_equal(raid_degrade_parse("mask", &bits, &err), 0);
	s = raid_degrade_names(bits);
	assert_string_equal(s, "mask,shrunk,braces");
	free(s);
	assert_string_equal(raid_degrade_name(RAID_DEGRADE_MASK), "mask");
	assert_null(raid_degrade_name(3));
	assert_int_equal(raid_degrade_parse("shrink", &bits, &err), -1);
	assert_int_equal(err.code, RAID_EUSAGE);
	assert_non_null(strstr(err.msg, "\"shrink\" is no rule; there are "
	    "placeholder,mask,"));
	assert_int_equal(raid_degrade_parse("", &bits, &err), -1);
}

static void
test_verdict(void **state)
{
	struct raid_place_change c = { .path = (char *)(uintptr_t)"x.c",
		.old_mode = 0100644, .mode = 0100644 };
	struct raid_place pl = { .v = &c, .n = 1 };
	struct raid_edits e = { 0 };
	struct raid_err err;
	unsigned waived;

	(void)state;
	set(&c.before, "int a;\nint b;\n");
	set(&c.after, "int a;\n// ... existing code ...\n");
	assert_int_equal(raid_degrade_check(&pl, &e, 0, &waived, &err), -1);
	assert_int_equal(err.code, RAID_NO);
	assert_string_equal(err.msg, "x.c:2: placeholder: \"// ... existing "
	    "code ...\" stands for lines left out; --allow placeholder takes "
	    "it");
	assert_int_equal(raid_degrade_check(&pl, &e, RAID_DEGRADE_PLACEHOLDER,
	    &waived, &err), 0);
	assert_int_equal(waived, RAID_DEGRADE_PLACEHOLDER);
	raid_buf_free(&c.before);
	raid_buf_free(&c.after);
}

/* A file of many lines of this text, %zu being their number. */
static char *
repeat(const char *fmt, size_t n, size_t from)
{
	struct raid_buf b;
	char line[80], *text;

	raid_buf_init(&b, RAID_PLACE_FILE_MAX);
	for (size_t i = 0; i < n; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(line, sizeof(line), fmt, from + i);
#pragma GCC diagnostic pop
		raid_buf_puts(&b, line);
	}
	text = raid_buf_take(&b);
	raid_buf_free(&b);
	return text;
}

/* However long and equal the lines: the time stays short. */
static void
test_long(void **state)
{
	static const char *const lines[] = { "x%zu\n", "}\n", "# ...%.0zu\n",
		"...\n", "def f%zu\n", "[masked\n", "(((\n", "a\nb\n%.0zu",
		"<<<<<<< x\n", "test_%zu()\n", "\"'`%.0zu\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		for (int form = HUNKS; form <= WHOLE; form++) {
			size_t n = 100000;
			char *a = repeat(lines[i], n, 0);
			char *b = repeat(lines[i], n, 7);
			clock_t start = clock();

			(void)find("x.py", a, b, form, "", NULL);
			(void)find("x.js", a, b, form, "", NULL);
			if (getenv("DEGRADE_TIMES") != NULL)
				printf("# %s: %.0f ms\n", lines[i], 1e3 *
				    (double)(clock() - start) / CLOCKS_PER_SEC);
			assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
			free(a);
			free(b);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_fine),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
