/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "code/place.h"

#define N "\n\\ No newline at end of file\n"

/* A small world of files; a path that begins with one of them and '/' has a
 * folder in it. */
struct file {
	const char *path;
	const char *text;
	unsigned mode;		/* 0: 0100644 */
	enum raid_place_kind kind;	/* ABSENT: FILE */
};

struct world {
	const struct file *v;
	size_t n;
};

static int
world_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	const struct world *w = arg;
	size_t n = strlen(path);

	(void)err;
	for (size_t i = 0; i < w->n; i++) {
		if (strncmp(w->v[i].path, path, n) != 0)
			continue;
		if (w->v[i].path[n] == '/')
			f->kind = RAID_PLACE_FOLDER;
		if (w->v[i].path[n] != '\0')
			continue;
		f->kind = w->v[i].kind != RAID_PLACE_ABSENT ? w->v[i].kind :
		    RAID_PLACE_FILE;
		f->mode = w->v[i].mode != 0 ? w->v[i].mode : 0100644;
		raid_buf_add(&f->data, w->v[i].text, strlen(w->v[i].text));
	}
	return 0;
}

struct test_case {
	const char *name;
	const char *answer;
	struct file before[3];
	const char *path;	/* of the change to look at */
	const char *after;	/* its content; NULL: deleted */
	unsigned mode;		/* 0: not looked at */
	int status;		/* of raid_place; -1: code and words tell */
	enum raid_code code;
	const char *words;	/* in the message */
};

#define HEAD(p) "--- a/" p "\n+++ b/" p "\n"
#define DIFF(p, hunks) "```diff\n" HEAD(p) hunks "```\n"
#define BLOCK(p, a, b) p "\n```\n<<<<<<< SEARCH\n" a "=======\n" b \
	">>>>>>> REPLACE\n```\n"
#define TEN "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
#define TWINS "f() {\n\treturn 0;\n}\n\ng() {\n\treturn 0;\n}\n"

static const struct test_case cases[] = {
	{ "exact", DIFF("x", "@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n" },
	{ "counts lie", DIFF("x", "@@ -40,9 +1 @@\n 4\n-5\n+five\n 6\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n" },
	{ "a count too small cuts nothing off",
	    DIFF("n", "@@ -0,0 +1,2 @@\n+a\n+b\n+c\n+d\n"),
	    { { .path = "x", .text = TEN } }, .path = "n",
	    .after = "a\nb\nc\nd\n" },
	{ "bare hunk header", DIFF("x", "@@\n 4\n-5\n+five\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n" },
	{ "far from the hint, 4 up",
	    DIFF("x", "@@ -1,2 +1,2 @@\n 4\n-5\n+five\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n" },
	{ "two hunks", DIFF("x", "@@ -1,2 +1,1 @@\n-1\n 2\n"
	    "@@ -9,2 +8,3 @@\n 9\n+9.5\n 10\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "2\n3\n4\n5\n6\n7\n8\n9\n9.5\n10\n" },
	{ "shared context", DIFF("x", "@@ -1,4 +1,4 @@\n 1\n-2\n+b\n 3\n 4\n"
	    "@@ -3,4 +3,4 @@\n 3\n 4\n-5\n+e\n 6\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\nb\n3\n4\ne\n6\n7\n8\n9\n10\n" },
	{ "an empty line lost its blank",
	    DIFF("x", "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n"),
	    { { .path = "x", .text = "a\n\nb\n" } }, .path = "x",
	    .after = "a\n\nc\n" },
	{ "padding at the end of a fence",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n\n\n"),
	    { { .path = "x", .text = "a\nb\nd\n" } }, .path = "x",
	    .after = "a\nc\nd\n" },
	{ "trailing blanks differ, context keeps its own",
	    DIFF("x", "@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n"),
	    { { .path = "x", .text = "a  \nb\t\nd \n" } }, .path = "x",
	    .after = "a  \nc\nd \n" },
	{ "indented otherwise", BLOCK("x", "if a:\n    b\n",
	    "if a:\n    c\n    d\n"),
	    { { .path = "x", .text = "def f():\n    if a:\n        b\n" } },
	    .path = "x",
	    .after = "def f():\n    if a:\n        c\n        d\n" },
	{ "blanks before one line only",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
	    { { .path = "x", .text = "a\n  b\n" } }, .path = "x",
	    .status = -1, .code = RAID_NO, .words = "fits nowhere" },
	{ "tabs as eight blanks", DIFF("x", "@@ -1,3 +1,4 @@\n f {\n"
	    "-        a;\n+        if (a)\n+                b;\n }\n"),
	    { { .path = "x", .text = "f {\n\ta;\n}\n" } }, .path = "x",
	    .after = "f {\n\tif (a)\n\t\tb;\n}\n" },
	{ "tabs as four blanks", DIFF("x", "@@ -1,3 +1,4 @@\n f {\n"
	    "-    a;\n         b;\n+    if (a)\n+        b;\n }\n"),
	    { { .path = "x", .text = "f {\n\ta;\n\t\tb;\n}\n" } },
	    .path = "x", .after = "f {\n\t\tb;\n\tif (a)\n\t\tb;\n}\n" },
	{ "blanks as tabs", DIFF("x", "@@ -1,3 +1,3 @@\n f {\n"
	    "-\ta;\n+\tc;\n \t\tb;\n }\n"),
	    { { .path = "x", .text = "f {\n    a;\n        b;\n}\n" } },
	    .path = "x", .after = "f {\n    c;\n        b;\n}\n" },
	{ "two blanks for four", DIFF("x", "@@ -1,3 +1,4 @@\n f {\n"
	    "-  a;\n     b;\n+  if (a)\n+    b;\n }\n"),
	    { { .path = "x", .text = "f {\n    a;\n        b;\n}\n" } },
	    .path = "x",
	    .after = "f {\n        b;\n    if (a)\n        b;\n}\n" },
	{ "curly quotes", DIFF("x", "@@ -1,2 +1,2 @@\n a\n"
	    "-say \xe2\x80\x9chi\xe2\x80\x9d\n"
	    "+say \xe2\x80\x9cho\xe2\x80\x9d\n"),
	    { { .path = "x", .text = "a\nsay \"hi\"\n" } }, .path = "x",
	    .after = "a\nsay \"ho\"\n" },
	{ "curly quotes, and some of the file's own",
	    DIFF("x", "@@ -1,2 +1,2 @@\n"
	    " \xe2\x80\x9c" "a\xe2\x80\x9d\n"
	    "-say \xe2\x80\x9chi\xe2\x80\x9d\n"
	    "+say \xe2\x80\x9cho\xe2\x80\x9d\n"),
	    { { .path = "x", .text = "\xe2\x80\x9c" "a\xe2\x80\x9d\n"
	    "say \"hi\"\n" } }, .path = "x", .status = -1, .code = RAID_NO,
	    .words = "nobody can tell" },
	{ "HTML", DIFF("x", "@@ -1,2 +1,2 @@\n a\n-if (a &lt; b)\n"
	    "+if (a &lt;= b &amp;&amp; c)\n"),
	    { { .path = "x", .text = "a\nif (a < b)\n" } }, .path = "x",
	    .after = "a\nif (a <= b && c)\n" },
	{ "HTML of the file's own", DIFF("x", "@@ -1,2 +1,2 @@\n a\n"
	    "-a &lt; b  \n+a &lt; c\n"),
	    { { .path = "x", .text = "a\na &lt; b\n" } }, .path = "x",
	    .after = "a\na &lt; c\n" },
	{ "a long dash", DIFF("x", "@@ -1,2 +1,2 @@\n a\n"
	    "-ls \xe2\x80\x94" "all\n+ls \xe2\x80\x94" "size\n"),
	    { { .path = "x", .text = "a\nls --all\n" } }, .path = "x",
	    .after = "a\nls --size\n" },
	{ "a line of context is missing", DIFF("x", "@@ @@\n line one\n"
	    " line two\n line four\n-line five\n+line 5\n line six\n"),
	    { { .path = "x", .text = "line one\nline two\nline three\n"
	    "line four\nline five\nline six\n" } }, .path = "x",
	    .after = "line one\nline two\nline three\nline four\nline 5\n"
	    "line six\n" },
	{ "a line of context is made up", DIFF("x", "@@ @@\n line one\n"
	    " this is new\n line two\n-line three\n+line 3\n line four\n"),
	    { { .path = "x", .text = "line one\nline two\nline three\n"
	    "line four\n" } }, .path = "x",
	    .after = "line one\nline two\nline 3\nline four\n" },
	{ "a line of context is reworded", DIFF("x", "@@ @@\n line one\n"
	    " # count the open files\n-line three\n+line 3\n line four\n"),
	    { { .path = "x", .text = "line one\n# count all open files\n"
	    "line three\nline four\n" } }, .path = "x",
	    .after = "line one\n# count all open files\nline 3\n"
	    "line four\n" },
	{ "a removed line is reworded", DIFF("x", "@@ @@\n line one\n"
	    "-# count the open files\n+# count them\n line three\n"
	    " line four\n"),
	    { { .path = "x", .text = "line one\n# count all open files\n"
	    "line three\nline four\n" } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "want \"# count the open files\"" },
	{ "before or behind the missing line?", DIFF("x", "@@ @@\n line one\n"
	    " line two\n+line new\n line four\n line five\n"),
	    { { .path = "x", .text = "line one\nline two\nline three\n"
	    "line four\nline five\n" } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "fits nowhere" },
	{ "roughly in two places", DIFF("x", "@@ @@\n line one\n"
	    " line 1.5\n line two\n-line three\n+line 3\n"),
	    { { .path = "x", .text = "line one\nline two\nline three\n"
	    "more\nline one\nline two\nline three\n" } }, .path = "x",
	    .status = -1, .code = RAID_NO, .words = "in several places" },
	{ "added already, context reworded", DIFF("x", "@@ @@\n line one\n"
	    " # count the open files\n+line two\n line three\n"
	    " line four\n"),
	    { { .path = "x", .text = "line one\n# count all open files\n"
	    "line two\nline three\nline four\n" } }, .path = "x",
	    .status = 1 },
	{ "a twin by its section, done already", DIFF("x", "@@ -9,9 +9,9 @@ "
	    "g() {\n-\treturn 0;\n+\treturn 1;\n }\n"),
	    { { .path = "x", .text = "f() {\n\treturn 0;\n}\n\ng() {\n"
	    "\treturn 1;\n}\n" } }, .path = "x", .status = 1 },
	{ "a twin by its number, done already", DIFF("x", "@@ -6,2 +6,2 @@\n"
	    "-\treturn 0;\n+\treturn 1;\n }\n"),
	    { { .path = "x", .text = "f() {\n\treturn 0;\n}\n\ng() {\n"
	    "\treturn 1;\n}\n" } }, .path = "x", .status = 1 },
	{ "two hunks as one", DIFF("x", "@@ @@\n line one\n-line two\n"
	    "+line 2\n line three\n line eight\n-line nine\n+line 9\n"
	    " line ten\n"),
	    { { .path = "x", .text = "line one\nline two\nline three\n"
	    "line four\nline five\nline six\nline seven\nline eight\n"
	    "line nine\nline ten\n" } }, .path = "x",
	    .after = "line one\nline 2\nline three\nline four\nline five\n"
	    "line six\nline seven\nline eight\nline 9\nline ten\n" },
	{ "no-break spaces", DIFF("x", "@@ @@\n\xc2\xa0 a\n"
	    "-\xc2\xa0\xc2\xa0" "b\n+\xc2\xa0\xc2\xa0" "c\n"),
	    { { .path = "x", .text = "  a\n  b\n" } }, .path = "x",
	    .after = "  a\n  c\n" },
	{ "copied line numbers", BLOCK("x", "12: if a\n13:   b\n",
	    "12: if a\n13:   c\n"),
	    { { .path = "x", .text = "if a\n  b\n" } }, .path = "x",
	    .after = "if a\n  c\n" },
	{ "two places and two hunks", DIFF("x", "@@ @@\n-b\n+c\n@@ @@\n"
	    "-b\n+d\n"),
	    { { .path = "x", .text = "a\nb\na\nb\n" } }, .path = "x",
	    .after = "a\nc\na\nd\n" },
	{ "three places and two hunks", DIFF("x", "@@ @@\n-b\n+c\n@@ @@\n"
	    "-b\n+d\n"),
	    { { .path = "x", .text = "b\nb\na\nb\n" } }, .path = "x",
	    .status = -1, .code = RAID_NO, .words = "equally well" },
	{ "another value", DIFF("x", "@@ -1,2 +1,2 @@\n a\n-y := 2\n+y := 3\n"),
	    { { .path = "x", .text = "a\ny := 99\n" } }, .path = "x",
	    .status = -1, .code = RAID_NO,
	    .words = "want \"y := 2\", have \"y := 99\" at line 2" },
	{ "the file ends first",
	    DIFF("x", "@@ -9,3 +9,3 @@\n 9\n 10\n-11\n+12\n"),
	    { { .path = "x", .text = TEN } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "have the end of the file at line 11" },

	{ "CRLF stays", DIFF("x", "@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n"),
	    { { .path = "x", .text = "a\r\nb\r\ne\r\n" } }, .path = "x",
	    .after = "a\r\nc\r\nd\r\ne\r\n" },
	{ "CRLF in the answer only",
	    "```diff\r\n--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n a\r\n"
	    "-b\r\n+c\r\n```\r\n",
	    { { .path = "x", .text = "a\nb\n" } }, .path = "x",
	    .after = "a\nc\n" },
	{ "CRLF in both",
	    "x\r\n```\r\n<<<<<<< SEARCH\r\nb\r\n=======\r\nc\r\n"
	    ">>>>>>> REPLACE\r\n```\r\n",
	    { { .path = "x", .text = "a\r\nb\r\n" } }, .path = "x",
	    .after = "a\r\nc\r\n" },
	{ "a diff from git of a CRLF file",
	    HEAD("x") "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n",
	    { { .path = "x", .text = "a\r\nb\r\n" } }, .path = "x",
	    .after = "a\r\nc\r\n" },
	{ "a diff that changes line ends",
	    HEAD("x") "@@ -1,2 +1,2 @@\n-a\r\n-b\r\n+a\n+b\n",
	    { { .path = "x", .text = "a\r\nb\r\n" } }, .path = "x",
	    .after = "a\nb\n" },

	{ "no final newline, touched",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
	    { { .path = "x", .text = "a\nb" } }, .path = "x",
	    .after = "a\nc" },
	{ "no final newline, not touched",
	    DIFF("x", "@@ -1,2 +1,2 @@\n-a\n+c\n b\n"),
	    { { .path = "x", .text = "a\nb" } }, .path = "x",
	    .after = "c\nb" },
	{ "no final newline, lines after the last",
	    DIFF("x", "@@ -1,2 +1,3 @@\n a\n b\n+c\n"),
	    { { .path = "x", .text = "a\nb" } }, .path = "x",
	    .after = "a\nb\nc" },
	{ "a newline is added",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b" N "+b\n"),
	    { { .path = "x", .text = "a\nb" } }, .path = "x",
	    .after = "a\nb\n" },
	{ "the newline is removed",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+b" N),
	    { { .path = "x", .text = "a\nb\n" } }, .path = "x",
	    .after = "a\nb" },
	{ "byte order mark, replaced line",
	    DIFF("x", "@@ -1,2 +1,2 @@\n-a\n+c\n b\n"),
	    { { .path = "x", .text = "\xef\xbb\xbf" "a\nb\n" } }, .path = "x",
	    .after = "\xef\xbb\xbf" "c\nb\n" },
	{ "byte order mark, line before the first",
	    DIFF("x", "@@ -1,2 +1,3 @@\n+c\n a\n b\n"),
	    { { .path = "x", .text = "\xef\xbb\xbf" "a\nb\n" } }, .path = "x",
	    .after = "\xef\xbb\xbf" "c\na\nb\n" },

	{ "twins without a hint",
	    BLOCK("x", "\treturn 0;\n", "\treturn 1;\n"),
	    { { .path = "x", .text = TWINS } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "equally well at the lines 2, 6" },
	{ "twins, and a hint exactly at one",
	    DIFF("x", "@@ -6 +6 @@\n-\treturn 0;\n+\treturn 1;\n"),
	    { { .path = "x", .text = TWINS } }, .path = "x",
	    .after = "f() {\n\treturn 0;\n}\n\ng() {\n\treturn 1;\n}\n" },
	{ "twins, and a hint in the middle",
	    DIFF("x", "@@ -4 +4 @@\n-\treturn 0;\n+\treturn 1;\n"),
	    { { .path = "x", .text = TWINS } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "equally well at the lines 2, 6" },
	{ "twins, and a hint that is not clearly nearer",
	    DIFF("x", "@@ -5 +5 @@\n-\treturn 0;\n+\treturn 1;\n"),
	    { { .path = "x", .text = "a\n\treturn 0;\nb\nc\nd\n\treturn 0;\n"
	    "e\n\treturn 0;\n" } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "equally well at the lines 2, 6, 8" },
	{ "more than five places",
	    BLOCK("x", "a\n", "b\n"),
	    { { .path = "x", .text = "a\na\na\na\na\na\na\n" } }, .path = "x",
	    .status = -1, .code = RAID_NO,
	    .words = "1, 2, 3, 4, 5 and 2 more" },
	{ "twins that the order of hunks decides",
	    DIFF("x", "@@ @@\n-\treturn 0;\n+\treturn 1;\n"
	    "@@ @@\n-g() {\n+h() {\n"),
	    { { .path = "x", .text = TWINS } }, .path = "x",
	    .after = "f() {\n\treturn 1;\n}\n\nh() {\n\treturn 0;\n}\n" },
	{ "an exact place wins over a tolerant one",
	    BLOCK("x", "a\n", "b\n"),
	    { { .path = "x", .text = "a \na\n" } }, .path = "x",
	    .after = "a \nb\n" },
	{ "hunks out of order",
	    DIFF("x", "@@ @@\n-8\n+eight\n@@ @@\n-2\n+two\n"),
	    { { .path = "x", .text = TEN } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "before the hunk that precedes" },
	{ "blocks in any order",
	    BLOCK("x", "8\n", "eight\n") BLOCK("x", "2\n", "two\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\ntwo\n3\n4\n5\n6\n7\neight\n9\n10\n" },
	{ "overlapping blocks",
	    BLOCK("x", "2\n3\n", "a\n") BLOCK("x", "3\n4\n", "b\n"),
	    { { .path = "x", .text = TEN } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "changes the same lines" },
	{ "the same diff twice",
	    DIFF("x", "@@ -2 +2 @@\n-2\n+two\n")
	    DIFF("x", "@@ -2 +2 @@\n-2\n+two\n"),
	    { { .path = "x", .text = TEN } }, .path = "x",
	    .after = "1\ntwo\n3\n4\n5\n6\n7\n8\n9\n10\n" },
	{ "nothing to hold on to",
	    DIFF("x", "@@ -3,0 +4 @@\n+new\n"),
	    { { .path = "x", .text = TEN } }, .path = "x", .status = -1,
	    .code = RAID_NO, .words = "no line of the file to hold on to" },

	{ "applied already", DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
	    { { .path = "x", .text = "a\nc\n" } }, .status = 1 },
	{ "a line that happens to stand elsewhere",
	    DIFF("x", "@@ -2 +2 @@\n-z\n+8\n"),
	    { { .path = "x", .text = TEN } }, .status = -1, .code = RAID_NO,
	    .words = "want \"z\", have \"2\" at line 2" },
	{ "an insertion at the edge, applied already",
	    DIFF("x", "@@ -1,1 +1,2 @@\n a\n+b\n"),
	    { { .path = "x", .text = "a\nb\nc\n" } }, .status = 1 },
	{ "half applied", DIFF("x", "@@ -1,2 +1,2 @@\n 1\n-2\n+two\n"
	    "@@ -9,2 +9,2 @@\n 9\n-ten\n+10\n"),
	    { { .path = "x", .text = TEN } }, .status = -1, .code = RAID_NO,
	    .words = "in the file already, another one is not" },
	{ "a new file that is there as it should be",
	    "```sh path=n\na\n```\n",
	    { { .path = "n", .text = "a\n" } }, .status = 1 },
	{ "one file applied, the other not",
	    DIFF("x", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n")
	    DIFF("y", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
	    { { .path = "x", .text = "a\nc\n" },
	    { .path = "y", .text = "a\nb\n" } }, .path = "y",
	    .after = "a\nc\n" },

	{ "new file", "```diff\n--- /dev/null\n+++ b/d/n\n@@ -0,0 +1 @@\n"
	    "+a\n+b\n```\n", { { .path = "x", .text = TEN } }, .path = "d/n",
	    .after = "a\nb\n", .mode = 0100644 },
	{ "new file with a mode", "```diff\ndiff --git a/n b/n\n"
	    "new file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n"
	    "+a\n```\n", { { .path = "x", .text = TEN } }, .path = "n",
	    .after = "a\n", .mode = 0100755 },
	{ "new script", "`bin/n`:\n```sh\n#!/bin/sh\n```\n",
	    { { .path = "x", .text = TEN } }, .path = "bin/n",
	    .after = "#!/bin/sh\n", .mode = 0100755 },
	{ "new empty file", "```diff\ndiff --git a/n b/n\n"
	    "new file mode 100644\n```\n",
	    { { .path = "x", .text = TEN } }, .path = "n", .after = "" },
	{ "new file by an empty SEARCH", BLOCK("n", "", "a\n"),
	    { { .path = "x", .text = TEN } }, .path = "n", .after = "a\n" },
	{ "empty SEARCH on a file with content", BLOCK("x", "", "a\n"),
	    { { .path = "x", .text = TEN } }, .status = -1, .code = RAID_NO,
	    .words = "there already, with other content" },
	{ "new file over another", "```diff\n--- /dev/null\n+++ b/x\n"
	    "@@ -0,0 +1 @@\n+a\n```\n", { { .path = "x", .text = TEN } },
	    .status = -1, .code = RAID_NO,
	    .words = "there already, with other content" },
	{ "deleted file", "```diff\n--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n"
	    "-a\n-b\n```\n", { { .path = "x", .text = "a\nb\n" } },
	    .path = "x", .after = NULL },
	{ "deleting half of a file", "```diff\n--- a/x\n+++ /dev/null\n"
	    "@@ -1,1 +0,0 @@\n-a\n```\n", { { .path = "x", .text = "a\nb\n" } },
	    .status = -1, .code = RAID_NO, .words = "holds more" },
	{ "deleting what is not there", "```diff\n--- a/n\n+++ /dev/null\n"
	    "@@ -1,1 +0,0 @@\n-a\n```\n", { { .path = "x", .text = "a\nb\n" } },
	    .status = -1, .code = RAID_NO, .words = "no such file" },
	{ "mode alone", "```diff\ndiff --git a/x b/x\nold mode 100644\n"
	    "new mode 100755\n```\n", { { .path = "x", .text = "a\n" } },
	    .path = "x", .after = "a\n", .mode = 0100755 },
	{ "rename with a change", "```diff\ndiff --git a/x b/d/y\n"
	    "similarity index 90%\nrename from x\nrename to d/y\n"
	    "--- a/x\n+++ b/d/y\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n```\n",
	    { { .path = "x", .text = "a\nb\n" } }, .path = "x",
	    .after = "a\nc\n" },
	{ "rename to a name that ends with a blank",
	    "```diff\ndiff --git a/x \"b/y \"\nrename from x\n"
	    "rename to \"y \"\n```\n", { { .path = "x", .text = "a\nb\n" } },
	    .path = "x", .after = "a\nb\n" },
	{ "rename onto a file", "```diff\ndiff --git a/x b/y\n"
	    "rename from x\nrename to y\n```\n",
	    { { .path = "x", .text = "a\n" }, { .path = "y", .text = "" } },
	    .status = -1, .code = RAID_NO, .words = "name is taken" },
	{ "no such file", DIFF("n", "@@ -1 +1 @@\n-a\n+b\n"),
	    { { .path = "x", .text = "a\n" } }, .status = -1, .code = RAID_NO,
	    .words = "no such file" },

	{ "whole file", "x.sh\n```sh\nc\nb\n```\n",
	    { { .path = "x.sh", .text = "a\nb\n", .mode = 0100755 } },
	    .path = "x.sh", .after = "c\nb\n", .mode = 0100755 },
	{ "whole file keeps CRLF and the bare end", "```sh x.sh\nc\nb\n```\n",
	    { { .path = "x.sh", .text = "a\r\nb" } }, .path = "x.sh",
	    .after = "c\r\nb" },
	{ "whole file, its label stays if it was there",
	    "```sh\n# d/x.sh\nc\nb\n```\n",
	    { { .path = "d/x.sh", .text = "# d/x.sh\na\nb\n" } },
	    .path = "d/x.sh", .after = "# d/x.sh\nc\nb\n" },
	{ "whole file, its label is none of its lines",
	    "```sh\n# d/x.sh\nc\nb\n```\n",
	    { { .path = "d/x.sh", .text = "a\nb\n" } },
	    .path = "d/x.sh", .after = "c\nb\n" },
	{ "whole file, emptied", "```sh x.sh\n```\n",
	    { { .path = "x.sh", .text = "a\n" } }, .status = -1,
	    .code = RAID_NO, .words = "would lose all" },
	{ "two whole versions", "```sh x.sh\na\n```\n```sh x.sh\nb\n```\n",
	    { { .path = "x.sh", .text = "c\n" } }, .status = -1,
	    .code = RAID_NO, .words = "two versions" },
	{ "the same whole version twice",
	    "```sh x.sh\na\n```\n```sh x.sh\na\n```\n",
	    { { .path = "x.sh", .text = "c\n" } }, .path = "x.sh",
	    .after = "a\n" },
	{ "a diff and a whole version",
	    "```sh x.sh\na\n```\n" DIFF("x.sh", "@@ -1 +1 @@\n-c\n+d\n"),
	    { { .path = "x.sh", .text = "c\n" } }, .status = -1,
	    .code = RAID_NO, .words = "two versions" },
	{ "all or nothing",
	    DIFF("x", "@@ -1 +1 @@\n-a\n+b\n")
	    DIFF("y", "@@ -1 +1 @@\n-q\n+b\n"),
	    { { .path = "x", .text = "a\n" }, { .path = "y", .text = "a\n" } },
	    .status = -1, .code = RAID_NO, .words = "y: hunk 1" },

	{ "..", "```sh path=../x\na\n```\n", { { .path = "x", .text = "" } },
	    .status = -1, .code = RAID_EPERM, .words = "'..'" },
	{ ".. in the middle", DIFF("a/../../b", "@@ -1 +1 @@\n-a\n+b\n"),
	    { { .path = "x", .text = "" } }, .status = -1, .code = RAID_EPERM,
	    .words = "'..'" },
	{ "absolute", "```diff\n--- /etc/passwd\n+++ /etc/passwd\n"
	    "@@ -1 +1 @@\n-a\n+b\n```\n", { { .path = "x", .text = "" } },
	    .status = -1, .code = RAID_EPERM, .words = "absolute" },
	{ ".git", BLOCK(".git/hooks/pre-commit", "", "a\n"),
	    { { .path = "x", .text = "" } }, .status = -1, .code = RAID_EPERM,
	    .words = ".git" },
	{ ".GIT", "```ini path=.GIT/config\na\n```\n",
	    { { .path = "x", .text = "" } }, .status = -1, .code = RAID_EPERM,
	    .words = ".git" },
	{ "rename into .git", "```diff\ndiff --git a/x b/.git/x\n"
	    "rename from x\nrename to .git/x\n```\n",
	    { { .path = "x", .text = "a\n" } }, .status = -1,
	    .code = RAID_EPERM, .words = ".git" },
	{ "through a link", "```sh l/x.sh\na\n```\n",
	    { { .path = "l", .text = "", .kind = RAID_PLACE_LINK } },
	    .status = -1, .code = RAID_EPERM, .words = "symbolic link" },
	{ "over a link", "```sh path=l\na\n```\n",
	    { { .path = "l", .text = "", .kind = RAID_PLACE_LINK } },
	    .status = -1, .code = RAID_EPERM, .words = "symbolic link" },
	{ "a new link", "```diff\ndiff --git a/n b/n\nnew file mode 120000\n"
	    "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+/etc" N "```\n",
	    { { .path = "x", .text = "" } }, .status = -1, .code = RAID_EPERM,
	    .words = "symbolic link" },
	{ "a new submodule", "```diff\ndiff --git a/n b/n\n"
	    "new file mode 160000\n```\n", { { .path = "x", .text = "" } },
	    .status = -1, .code = RAID_EPERM, .words = "submodule" },
	{ "in a submodule", "```sh m/x.sh\na\n```\n",
	    { { .path = "m", .text = "", .kind = RAID_PLACE_OTHER } },
	    .status = -1, .code = RAID_EPERM, .words = "neither" },
	{ "a file as a folder", "```sh x/y.sh\na\n```\n",
	    { { .path = "x", .text = "a\n" } }, .status = -1, .code = RAID_NO,
	    .words = "part of the path is a file" },
	{ "a folder as a file", "```sh path=d\na\n```\n",
	    { { .path = "d/x", .text = "a\n" } }, .status = -1,
	    .code = RAID_NO, .words = "is a folder" },
	{ "in each other's way",
	    "```sh path=n\na\n```\n```sh n/y.sh\na\n```\n",
	    { { .path = "x", .text = "a\n" } }, .status = -1, .code = RAID_NO,
	    .words = "in the way" },
};

/* Printing the changes and applying the diff to the same world gives the
 * same changes; applied to its own result it is refused. */
static void
check_clean(const struct test_case *c, const struct raid_place *pl,
    const struct raid_place_base *base)
{
	struct raid_place again;
	struct raid_buf diff;
	struct raid_err err;

	raid_buf_init(&diff, 1 << 20);
	assert_int_equal(raid_place_print(pl, &diff, &err), 0);
	if (raid_place_apply_clean(diff.p, diff.len, base, &again, &err) != 0)
		fail_msg("%s: %s\n%s", c->name, err.msg, raid_buf_str(&diff));
	assert_int_equal(again.n, pl->n);
	for (size_t i = 0; i < pl->n; i++) {
		assert_string_equal(again.v[i].path, pl->v[i].path);
		assert_int_equal(again.v[i].mode, pl->v[i].mode);
		assert_int_equal(again.v[i].after.len, pl->v[i].after.len);
		if (pl->v[i].after.len != 0)
			assert_memory_equal(again.v[i].after.p,
			    pl->v[i].after.p, pl->v[i].after.len);
	}
	raid_place_free(&again);
	raid_buf_free(&diff);
}

static void
check_case(const struct test_case *c)
{
	struct world w = { c->before, 0 };
	struct raid_place_base base = { world_file, &w };
	struct raid_err err = { 0 };
	struct raid_edits e;
	struct raid_place pl = { 0 };
	int r;

	while (w.n < 3 && c->before[w.n].path != NULL)
		w.n++;
	r = raid_edits_find(c->answer, strlen(c->answer), &e, &err);
	if (r == 0)
		r = raid_place(&e, &base, RAID_PLACE_ALIGNED, &pl, &err);
	if (r != c->status)
		fail_msg("%s: %d %s", c->name, r, err.msg);
	if (r == -1) {
		if (err.code != c->code || strstr(err.msg, c->words) == NULL)
			fail_msg("%s: %d %s", c->name, err.code, err.msg);
	}
	if (r != 0) {
		assert_int_equal(pl.n, 0);
	} else {
		size_t i = 0;

		while (i < pl.n && strcmp(pl.v[i].path, c->path) != 0)
			i++;
		if (i == pl.n)
			fail_msg("%s: %s is not changed", c->name, c->path);
		if (c->after == NULL ? pl.v[i].mode != 0 :
		    strcmp(raid_buf_str(&pl.v[i].after), c->after) != 0)
			fail_msg("%s: %s", c->name,
			    raid_buf_str(&pl.v[i].after));
		if (c->mode != 0)
			assert_int_equal(pl.v[i].mode, c->mode);
		check_clean(c, &pl, &base);
	}
	raid_place_free(&pl);
	raid_edits_free(&e);
}

static void
test_case(void **state)
{
	check_case(*state);
}

/* A clean diff fits where it says, or nowhere. */
static void
test_clean_is_strict(void **state)
{
	static const struct { const char *diff, *words; } bad[] = {
		{ HEAD("x") "@@ -5,3 +5,3 @@\n 4\n-5\n+five\n 6\n", "want" },
		{ HEAD("x") "@@ -4,2 +4,3 @@\n 4\n-5\n+five\n 6\n", "counts" },
		{ HEAD("x") "@@ -4,4 +4,4 @@\n 4\n-5\n+five\n 6\n", "counts" },
		{ HEAD("x") "@@ -4,3 +4,3 @@\n 4 \n-5\n+five\n 6\n", "want" },
		{ HEAD("x") "@@ -99,1 +99,1 @@\n-5\n+five\n", "beyond" },
		{ HEAD("x") "@@ -5,1 +5,1 @@\n-5" N "+five\n", "want" },
	};
	static const struct file files[] = { { .path = "x", .text = TEN } };
	struct world w = { files, 1 };
	struct raid_place_base base = { world_file, &w };
	struct raid_place pl;
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(raid_place_apply_clean(bad[i].diff,
		    strlen(bad[i].diff), &base, &pl, &err), -1);
		if (strstr(err.msg, bad[i].words) == NULL)
			fail_msg("%s", err.msg);
		raid_place_free(&pl);
	}
}

/* Any two texts: the diff between them, applied, gives the second. */
static void
check_pair(const char *a, const char *b)
{
	struct raid_place pl = { 0 }, again;
	struct file f = { .path = "x", .text = a };
	struct world w = { &f, 1 };
	struct raid_place_base base = { world_file, &w };
	struct raid_place_change c = { .path = (char *)(uintptr_t)"x",
		.old_mode = 0100644, .mode = 0100644 };
	struct raid_buf diff;
	struct raid_err err;

	raid_buf_init(&diff, 1 << 20);
	raid_buf_init(&c.before, 1 << 20);
	raid_buf_init(&c.after, 1 << 20);
	raid_buf_puts(&c.before, a);
	raid_buf_puts(&c.after, b);
	pl.v = &c;
	pl.n = 1;
	assert_int_equal(raid_place_print(&pl, &diff, &err), 0);
	if (strcmp(a, b) != 0) {
		if (raid_place_apply_clean(diff.p, diff.len, &base, &again,
		    &err) != 0)
			fail_msg("%s\n%s", err.msg, raid_buf_str(&diff));
		assert_string_equal(raid_buf_str(&again.v[0].after), b);
		raid_place_free(&again);
	} else
		assert_int_equal(diff.len, 0);
	raid_buf_free(&c.before);
	raid_buf_free(&c.after);
	raid_buf_free(&diff);
}

static void
test_random_pairs(void **state)
{
	static const char *const words[] = { "a\n", "b\n", "-- c\n", "++ d\n",
		"\n", " \r\n", "@@ -1 +1 @@\n", "--- a/x\n", "+++ b/x\n",
		"diff --git a/x b/x\n", "\\ No newline\n", "e" };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[2][256] = { "", "" };

		for (int side = 0; side < 2; side++) {
			int n = round % 40;

			while (n-- > 0) {
				seed = seed * 1103515245 + 12345;
				strncat(text[side], words[(seed >> 16) %
				    (11 + (n == 0))], 255 -
				    strlen(text[side]));
			}
		}
		check_pair(text[0], text[1]);
	}
}

/* A hostile file and hunk: equal lines everywhere take no squared time. */
static void
test_many_equal_lines(void **state)
{
	enum { LINES = 200000 };
	char *text = malloc(2 * LINES + 1), *answer = malloc(3 * LINES + 200);
	struct file f = { .path = "x", .text = text };
	struct world w = { &f, 1 };
	struct raid_place_base base = { world_file, &w };
	struct raid_place pl;
	struct raid_edits e;
	struct raid_err err;
	char *p = answer;

	(void)state;
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + 2 * i, "a\n", 3);
	p += snprintf(p, 100, "```diff\n%s@@ @@\n", HEAD("x"));
	for (size_t i = 0; i < LINES / 2; i++, p += 3)
		memcpy(p, " a\n", 3);
	(void)snprintf(p, 100, "-b\n+c\n```\n");
	assert_int_equal(raid_edits_find(answer, strlen(answer), &e, &err), 0);
	assert_int_equal(raid_place(&e, &base, RAID_PLACE_ALIGNED, &pl, &err),
	    -1);
	assert_non_null(strstr(err.msg, "want \"b\""));
	raid_place_free(&pl);
	raid_edits_free(&e);
	free(answer);
	free(text);
}

int
main(void)
{
	enum { CASES = sizeof(cases) / sizeof(*cases) };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_clean_is_strict),
		cmocka_unit_test(test_random_pairs),
		cmocka_unit_test(test_many_equal_lines),
	};
	struct CMUnitTest tests[CASES + 3];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = test_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	memcpy(tests + CASES, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
