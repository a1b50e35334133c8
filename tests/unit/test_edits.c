/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "code/edits.h"

/* Edits as a line: form, operation, path, mode, then what it holds: hunks
 * as "@hint" with their lines, or the whole content. */
static void
describe(const struct raid_edits *e, struct raid_buf *b)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct raid_edit *ed = &e->v[i];

		raid_buf_printf(b, "%s%c%c %s", i != 0 ? "; " : "",
		    "DBCW"[ed->form], "mcdr"[ed->op], ed->path);
		if (ed->new_path != NULL)
			raid_buf_printf(b, " %s", ed->new_path);
		if (ed->mode != 0)
			raid_buf_printf(b, " %o", ed->mode);
		for (size_t k = 0; k < ed->n_hunks; k++) {
			const struct raid_edit_hunk *h = &ed->hunks[k];

			raid_buf_printf(b, " @%zu", h->hint);
			for (size_t l = 0; l < h->n; l++)
				raid_buf_printf(b, "[%c%.*s%s]", h->v[l].kind,
				    (int)h->v[l].len, (const char *)h->v[l].p,
				    h->v[l].no_eol ? "$" : "");
		}
		if (ed->form == RAID_EDIT_WHOLE)
			raid_buf_printf(b, " {%.*s}", (int)ed->content_len,
			    (const char *)ed->content);
	}
}

struct test_case {
	const char *name, *answer;
	const char *edits;	/* or words of the refusal, after '!' if it is
				 * malformed, after '?' if it is not taken */
};

static const struct test_case cases[] = {
	{ "no edit", "Just words, and `code`.\n", "" },
	{ "empty", "", "" },
	{ "fence without a path", "Run this:\n```sh\nmake\n```\n", "" },
	{ "fence under a sentence", "Now x.sh is:\n```sh\nmake\n```\n", "" },
	{ "fence under a word", "Example:\n```sh\nmake\n```\n", "" },
	{ "fence under a version", "v1.2:\n```sh\nmake\n```\n", "" },
	{ "fence under a command", "`./x.sh;ls`\n```sh\nmake\n```\n", "" },
	{ "a session under a path", "x.sh:\n```console\n$ make\n```\n", "" },
	{ "a quotation of lines", "```12:15:src/x.ts\nfoo\n```\n", "" },
	{ "diff without header or hunk", "```diff\n-a\n+b\n```\n", "" },
	{ "a diff in a code span", "`--- a/x`\n`+++ b/x`\n", "" },

	{ "git diff in a fence", "Hi\n\n```diff\ndiff --git a/x b/x\n"
	    "index 123..456 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ f()\n"
	    " a\n-b\n+c\n```\nBye\n", "Dm x @1[ a][-b][+c]" },
	{ "tildes, no info", "~~~\n--- x\n+++ x\n@@ -3 +3 @@\n-b\n+c\n~~~\n",
	    "Dm x @3[-b][+c]" },
	{ "any info string", "```text\n--- a/x\n+++ b/x\n@@ -3 +3 @@\n-b\n+c\n"
	    "```\n", "Dm x @3[-b][+c]" },
	{ "an unfenced diff as a whole", "\n--- a/x\n+++ b/x\n@@ -3 +3 @@\n"
	    "-b\n+c\n", "Dm x @3[-b][+c]" },
	{ "an unfenced diff within prose", "Try\n--- a/x\n+++ b/x\n"
	    "@@ -3 +3 @@\n-b\n+c\n", "Dm x @3[-b][+c]" },
	{ "time stamps", "```diff\n--- a/x\t2026-01-01 00:00:00\n"
	    "+++ b/x 2026-01-01 00:00:00\n@@ -3 +3 @@\n-b\n+c\n```\n",
	    "Dm x @3[-b][+c]" },
	{ "blanks in names", "```diff\n--- a/x 2026-01-01 y \t\n"
	    "+++ b/x 2026-01-01 y \t\n@@ -3 +3 @@\n-b\n+c\n```\n",
	    "Dm x 2026-01-01 y  @3[-b][+c]" },
	{ "quoted names", "```diff\n--- \"a/\\303\\244 \\\"b\\\"\"\n"
	    "+++ \"b/\\303\\244 \\\"b\\\"\"\n@@ -3 +3 @@\n-b\n+c\n```\n",
	    "Dm \xc3\xa4 \"b\" @3[-b][+c]" },
	{ "mnemonic prefixes", "```diff\n--- i/x\n+++ w/x\n@@ -3 +3 @@\n-b\n"
	    "+c\n```\n", "Dm x @3[-b][+c]" },
	{ "a folder called a", "```diff\n--- a/x\n+++ a/x\n@@ -3 +3 @@\n-b\n"
	    "+c\n```\n", "Dm a/x @3[-b][+c]" },
	{ "two files, two hunks", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n"
	    "+b\n@@ -9 +9 @@\n-c\n+d\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-e\n+f\n"
	    "```\n", "Dm x @1[-a][+b] @9[-c][+d]; Dm y @1[-e][+f]" },
	{ "counts too large", "```diff\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n"
	    "-a\n+b\n--- a/y\n+++ b/y\n@@ -1,5 +1,7 @@\n-e\n+f\n```\n",
	    "Dm x @1[-a][+b]; Dm y @1[-e][+f]" },
	{ "counts too small", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
	    " c\n+d\n```\n", "Dm x @1[-a][+b][ c][+d]" },
	{ "a removed comment that looks like a header",
	    "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a\n+++ b\n c\n",
	    "Dm x @1[--- a][+++ b][ c]" },
	{ "no newline", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n"
	    "\\ No newline at end of file\n+b\n"
	    "\\ No newline at end of file\n```\n", "Dm x @1[-a$][+b$]" },
	{ "padding", "```diff\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n\n\n"
	    "\n```\n", "Dm x @1[-a][+b][ ]" },
	{ "padding without counts", "```diff\n--- a/x\n+++ b/x\n@@ @@\n-a\n"
	    "+b\n\n\n```\n", "Dm x @0[-a][+b]" },
	{ "path in the info string", "```diff x.sh\n@@ -1 +1 @@\n-a\n+b\n```\n",
	    "Dm x.sh @1[-a][+b]" },
	{ "path above", "`x.sh`\n```diff\n@@ -1 +1 @@\n-a\n+b\n```\n",
	    "Dm x.sh @1[-a][+b]" },
	{ "in a list", "1. do\n\n   ```diff\n   --- a/x\n   +++ b/x\n"
	    "   @@ -1,2 +1,2 @@\n    a\n   -b\n   +c\n   ```\n",
	    "Dm x @1[ a][-b][+c]" },
	{ "in a quotation", "> ```diff\n> --- a/x\n> +++ b/x\n"
	    "> @@ -1,2 +1,2 @@\n"
	    ">  a\n> -b\n> +c\n> ```\n", "Dm x @1[ a][-b][+c]" },
	{ "fences in the context", "```diff\n--- a/x.md\n+++ b/x.md\n"
	    "@@ -1,5 +1,5 @@\n ```\n-a\n+b\n ```\n c\n```\nEnd\n",
	    "Dm x.md @1[ ```][-a][+b][ ```][ c]" },
	{ "new, deleted, renamed, mode", "```diff\ndiff --git a/n b/n\n"
	    "new file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n"
	    "diff --git a/d b/d\ndeleted file mode 100644\n--- a/d\n"
	    "+++ /dev/null\n@@ -1 +0,0 @@\n-a\ndiff --git a/r b/s\n"
	    "similarity index 100%\nrename from r\nrename to s\n"
	    "diff --git a/m b/m\nold mode 100644\nnew mode 100755\n```\n",
	    "Dc n 100755 @1[+a]; Dd d 100644 @1[-a]; Dr r s; Dm m 100755" },
	{ "format-patch", "From 0123456789012345678901234567890123456789 Mon "
	    "Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: [PATCH] x\n\n"
	    "- a list\n---\n x | 2 +-\n\ndiff --git a/x b/x\n"
	    "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n\n",
	    "Dm x @1[-a][+b]" },
	{ "a line without a marker", "```diff\n--- a/x\n+++ b/x\n@@ @@\n a\n"
	    "oops\n-b\n```\n", "!line 6 of the answer: a line of a hunk" },
	{ "lines after the hunk", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n"
	    "+b\nwords\n+more\n```\n", "!line 8" },
	{ "a short line after the hunk", "```diff\n--- a/x\n+++ b/x\n"
	    "@@ -1 +1 @@\n-a\n+b\nwords\n+}\n```\n", "!line 8" },
	{ "a backslash that says nothing of newlines", "```diff\n--- a/x\n"
	    "+++ b/x\n@@ -1,9 +1,9 @@\n-a\n\\item\n+b\n```\n", "!line 6" },
	{ "a fence without an end", "```diff\n--- a/x\n+++ b/x\n"
	    "@@ -1 +1 @@\n-a\n+b\n", "!in the middle" },
	{ "an answer cut in a hunk", "```diff\n--- a/x\n+++ b/x\n"
	    "@@ -1,2 +1,2 @@\n-a\n+b\n", "!in the middle" },
	{ "an elision", "```diff\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n"
	    "+b\n...\n+c\n```\n", "!line 7" },
	{ "a hunk without a file", "```diff\n@@ -1 +1 @@\n-a\n+b\n```\n",
	    "!of which file" },
	{ "only context", "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n a\n```\n",
	    "?changes nothing" },
	{ "a header alone", "```diff\n--- a/x\n+++ b/x\n```\n",
	    "!no hunk follows" },
	{ "binary", "```diff\ndiff --git a/x b/x\nGIT binary patch\nliteral 1\n"
	    "```\n", "?binary" },
	{ "context in a new file", "```diff\n--- /dev/null\n+++ b/x\n"
	    "@@ -0,0 +1,2 @@\n+a\n b\n```\n", "!does not begin with '+'" },

	{ "block, path above the fence", "x.sh\n```sh\n<<<<<<< SEARCH\na\nb\n"
	    "=======\na\nc\n>>>>>>> REPLACE\n```\n", "Bm x.sh @0[ a][-b][+c]" },
	{ "block, path in the fence", "```sh\nbin/x\n<<<<<<< SEARCH\na\n"
	    "=======\nb\n>>>>>>> REPLACE\n```\n", "Bm bin/x @0[-a][+b]" },
	{ "block, path in the info string", "```sh x.sh\n<<<<<<< SEARCH\na\n"
	    "=======\nb\n>>>>>>> REPLACE\n```\n", "Bm x.sh @0[-a][+b]" },
	{ "block without a fence", "**Makefile**\n\n<<<<<<< SEARCH\na\n"
	    "=======\nb\n>>>>>>> REPLACE\n", "Bm Makefile @0[-a][+b]" },
	{ "two blocks in a fence", "x\n```\n<<<<<<< SEARCH\na\n=======\nb\n"
	    ">>>>>>> REPLACE\n\n<<<<<<< SEARCH\nc\n=======\n>>>>>>> REPLACE\n"
	    "```\n", "Bm x @0[-a][+b]; Bm x @0[-c]" },
	{ "a new file", "n.sh\n```\n<<<<<<< SEARCH\n=======\na\n"
	    ">>>>>>> REPLACE\n```\n", "Bc n.sh @0[+a]" },
	{ "a block with fences in it", "x.md\n````\n<<<<<<< SEARCH\n```\na\n"
	    "```\n=======\n```\nb\n```\n>>>>>>> REPLACE\n````\n",
	    "Bm x.md @0[ ```][-a][+b][ ```]" },
	{ "too short a fence around fences", "x.md\n```\n<<<<<<< SEARCH\n```\n"
	    "a\n=======\n```\nb\n>>>>>>> REPLACE\n```\nthen\n",
	    "Bm x.md @0[ ```][-a][+b]" },
	{ "no path", "```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"
	    "```\n", "!without a file name" },
	{ "no end", "x\n<<<<<<< SEARCH\na\n=======\nb\n", "!has no end" },
	{ "no divider", "x\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n",
	    "!no =======" },
	{ "two dividers", "x\n<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n"
	    ">>>>>>> REPLACE\n", "!several =======" },
	{ "the same on both sides", "x\n<<<<<<< SEARCH\na\n=======\na\n"
	    ">>>>>>> REPLACE\n", "?changes nothing" },

	{ "whole, path in the info string", "```sh a/x.sh\na\n```\n",
	    "Wm a/x.sh {a\n}" },
	{ "whole, only a path", "```./a/x.sh\na\n```\n", "Wm a/x.sh {a\n}" },
	{ "whole, path=", "```sh path=x\na\n```\n", "Wm x {a\n}" },
	{ "a path with a blank", "```sh path=\"x y\"\na\n```\n",
	    "Wm x y {a\n}" },
	{ "a title that is a path", "```sh title='x.sh'\na\n```\n",
	    "Wm x.sh {a\n}" },
	{ "a title that is none", "```sh title=\"x y\"\na\n```\n", "" },
	{ "whole, lang:path", "```sh:a/x\na\n```\n", "Wm a/x {a\n}" },
	{ "whole, bold above", "**a/x**\n```\na\n```\n", "Wm a/x {a\n}" },
	{ "whole, bold ticks and colon", "**`x.sh`**:\n```sh\na\n```\n",
	    "Wm x.sh {a\n}" },
	{ "whole, heading", "### File: x.sh\n```sh\na\n```\n",
	    "Wm x.sh {a\n}" },
	{ "whole, known name", "Makefile\n```make\na\n```\n",
	    "Wm Makefile {a\n}" },
	{ "a blank line between", "`x.sh`\n\n```sh\na\n```\n", "" },
	{ "whole, not closed", "```sh x.sh\na\n", "!not closed" },
	{ "whole with fences", "```md x.md\n```sh\na\n```\n", "!longer" },
	{ "a language with a dot", "```asp.net\na\n```\n", "" },
};

static void
test_case(void **state)
{
	const struct test_case *c = *state;
	struct raid_edits e;
	struct raid_err err;
	struct raid_buf b;
	int r = raid_edits_find(c->answer, strlen(c->answer), &e, &err);

	raid_buf_init(&b, 1 << 16);
	if (r == 0) {
		describe(&e, &b);
		assert_string_equal(raid_buf_str(&b), c->edits);
	} else {
		assert_int_equal(err.code, c->edits[0] == '?' ? RAID_NO :
		    RAID_EDATA);
		if ((c->edits[0] != '!' && c->edits[0] != '?') ||
		    strstr(err.msg, c->edits + 1) == NULL)
			fail_msg("%s", err.msg);
	}
	raid_buf_free(&b);
	raid_edits_free(&e);
}

static void
test_limits(void **state)
{
	static const char edit[] = "```sh x.sh\na\n```\n";
	struct raid_edits e;
	struct raid_err err;
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, SIZE_MAX / 4);
	for (int i = 0; i <= RAID_EDITS_MAX; i++)
		raid_buf_puts(&b, edit);
	assert_int_equal(raid_edits_find(b.p, b.len, &e, &err), -1);
	assert_non_null(strstr(err.msg, "more than 1000 edits"));
	raid_edits_free(&e);
	raid_buf_reset(&b);
	while (b.len <= RAID_EDITS_TEXT_MAX)
		raid_buf_puts(&b, "a line of words\n");
	assert_int_equal(raid_edits_find(b.p, b.len, &e, &err), -1);
	raid_edits_free(&e);
	raid_buf_free(&b);
}

int
main(void)
{
	enum { CASES = sizeof(cases) / sizeof(*cases) };
	struct CMUnitTest tests[CASES + 1] = { [CASES] =
	    cmocka_unit_test(test_limits) };

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = test_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
