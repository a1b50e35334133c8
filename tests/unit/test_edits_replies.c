/* SPDX-License-Identifier: ISC */
/* Replies as models write them: what is found in each, and that a reply
 * which was cut anywhere is refused or means the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "code/edits.h"
#include "edits_replies.h"

/* Edits as a line, as the tables have them. */
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

			raid_buf_printf(b, " @%zu%s%s", h->hint,
			    h->counted ? "=" : "", h->at_end ? "!" : "");
			for (size_t l = 0; l < h->n_anchors; l++)
				raid_buf_printf(b, "<%.*s>",
				    (int)h->anchors[l].len,
				    (const char *)h->anchors[l].p);
			for (size_t l = 0; l < h->n; l++) {
				size_t n = h->v[l].number;

				raid_buf_printf(b, "[%c", h->v[l].kind);
				if (n != 0)
					raid_buf_printf(b, "#%.*s#", (int)n,
					    (const char *)h->v[l].p);
				raid_buf_printf(b, "%.*s%s]",
				    (int)(h->v[l].len - n),
				    (const char *)h->v[l].p + n,
				    h->v[l].no_eol ? "$" : "");
			}
		}
		if (ed->label.p != NULL)
			raid_buf_printf(b, " (%.*s)", (int)ed->label.len,
			    (const char *)ed->label.p);
		if (ed->form == RAID_EDIT_WHOLE)
			raid_buf_printf(b, " {%.*s}", (int)ed->content_len,
			    (const char *)ed->content);
	}
}

/* The edits of len bytes; "!" or "?" with the words of a refusal. */
static void
read_reply(const char *p, size_t len, struct raid_buf *b)
{
	struct raid_edits e;
	struct raid_err err;
	/* A copy as long as that: what is read behind it shows. */
	char *text = malloc(len != 0 ? len : 1);

	assert_non_null(text);
	memcpy(text, p, len);
	if (raid_edits_find(text, len, &e, &err) == 0)
		describe(&e, b);
	else
		raid_buf_printf(b, "%c%s", err.code == RAID_NO ? '?' :
		    err.code == RAID_EDATA ? '!' : '*', err.msg);
	raid_edits_free(&e);
	free(text);
}

static int
is_refusal(const char *s)
{
	return *s == '!' || *s == '?' || *s == '*';
}

static void
test_reply(void **state)
{
	const struct reply *c = *state;
	struct raid_buf b;
	const char *got;

	raid_buf_init(&b, 1 << 16);
	read_reply(c->text, strlen(c->text), &b);
	got = raid_buf_str(&b);
	if (is_refusal(c->edits)) {
		if (got[0] != c->edits[0] ||
		    strstr(got, c->edits + 1) == NULL)
			fail_msg("%s: %s", c->name, got);
	} else if (strcmp(got, c->edits) != 0)
		fail_msg("%s:\n  have %s\n  want %s", c->name, got, c->edits);
	raid_buf_free(&b);
}

/* Cut at each byte: no edit, refused, or the same. */
static void
test_prefixes(void **state)
{
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, 1 << 16);
	for (const struct reply *c = replies; c->name != NULL; c++) {
		if (!c->cut || is_refusal(c->edits) || *c->edits == '\0')
			continue;
		for (size_t len = 0; len < strlen(c->text); len++) {
			raid_buf_reset(&b);
			read_reply(c->text, len, &b);
			if (b.len != 0 && !is_refusal(raid_buf_str(&b)) &&
			    strcmp(raid_buf_str(&b), c->edits) != 0)
				fail_msg("%s, %zu bytes: %s", c->name, len,
				    raid_buf_str(&b));
		}
	}
	raid_buf_free(&b);
}

/* With CRLF line ends a reply means the same. */
static void
test_crlf(void **state)
{
	struct raid_buf b, text;

	(void)state;
	raid_buf_init(&b, 1 << 16);
	raid_buf_init(&text, 1 << 16);
	for (const struct reply *c = replies; c->name != NULL; c++) {
		if (is_refusal(c->edits) || strchr(c->text, '\r') != NULL)
			continue;
		raid_buf_reset(&b);
		raid_buf_reset(&text);
		for (const char *p = c->text; *p != '\0'; p++) {
			if (*p == '\n')
				raid_buf_addc(&text, '\r');
			raid_buf_addc(&text, (unsigned char)*p);
		}
		read_reply(raid_buf_str(&text), text.len, &b);
		if (strcmp(raid_buf_str(&b), c->edits) != 0)
			fail_msg("%s: %s", c->name, raid_buf_str(&b));
	}
	raid_buf_free(&b);
	raid_buf_free(&text);
}

/* Within a quotation, too. */
static void
test_quoted(void **state)
{
	struct raid_buf b, text;

	(void)state;
	raid_buf_init(&b, 1 << 16);
	raid_buf_init(&text, 1 << 16);
	for (const struct reply *c = replies; c->name != NULL; c++) {
		if (is_refusal(c->edits) || c->alone)
			continue;
		raid_buf_reset(&b);
		raid_buf_reset(&text);
		raid_buf_puts(&text, "> ");
		for (const char *p = c->text; *p != '\0'; p++) {
			raid_buf_addc(&text, (unsigned char)*p);
			if (*p == '\n' && p[1] != '\0')
				raid_buf_puts(&text, "> ");
		}
		read_reply(raid_buf_str(&text), text.len, &b);
		if (strcmp(raid_buf_str(&b), c->edits) != 0)
			fail_msg("%s: %s", c->name, raid_buf_str(&b));
	}
	raid_buf_free(&b);
	raid_buf_free(&text);
}

/* Processor time for 16 MiB, or as many lines as are taken, of one unit
 * after another: a quadratic search would need minutes. */
static void
test_time(void **state)
{
	static const char *const units[][2] = {
		{ "", "```\n" }, { "", "```diff\n" }, { "", "~~~ x.c\n" },
		{ "", "<<<<<<< SEARCH\n" }, { "", "x\n<<<<<<< SEARCH\n" },
		{ "", "&lt;&lt;&lt;&lt;&lt; SEARCH\n" },
		{ "", "--- a\n+++ b\n" }, { "```diff\n", "--- a\n+++ b\n" },
		{ "", "@@\n" }, { "```diff\n", "@@\n" },
		{ "x.c\n", "@@ -1 +1 @@\n" }, { "", "*** Begin Patch\n" },
		{ "", "*** Update File: x\n" }, { "", "<think>\n" },
		{ "--- a/x\n+++ b/x\n@@ -1,9999999 +1,9999999 @@\n",
		    "--- a\n+++ b\n" }, { "", "> > --- a\n" },
		{ "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "\n" },
		{ "--- a/x\n+++ b/x\n", "@@ -1 +1 @@\n-a\n+b\n\n\n\n" },
		{ "", "ab\n@@\n" }, { "", "`x.c`:\n```\n" },
		{ "x\n<<<<<<< SEARCH\n", "a\n" }, { "", "  ```d\n ```\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i][1]), lines = 0, most;
		struct raid_edits e;
		struct raid_err err;
		struct raid_buf b;
		clock_t t;

		for (size_t k = 0; k < n; k++)
			lines += units[i][1][k] == '\n';
		most = (RAID_EDITS_LINES_MAX - 10) / lines;
		raid_buf_init(&b, RAID_EDITS_TEXT_MAX);
		raid_buf_puts(&b, units[i][0]);
		for (size_t k = 0; k < most && b.len + n <= b.max; k++)
			raid_buf_add(&b, units[i][1], n);
		t = clock();
		(void)!raid_edits_find(b.p, b.len, &e, &err);
		t = clock() - t;
		raid_edits_free(&e);
		raid_buf_free(&b);
		if (t > 10 * CLOCKS_PER_SEC)
			fail_msg("%s: %ld ms", units[i][1],
			    (long)(t / (CLOCKS_PER_SEC / 1000)));
	}
}

static void
refuses(const struct raid_buf *b, const char *words)
{
	struct raid_edits e;
	struct raid_err err;

	assert_int_equal(raid_edits_find(b->p, b->len, &e, &err), -1);
	assert_int_equal(err.code, RAID_NO);
	if (strstr(err.msg, words) == NULL)
		fail_msg("%s", err.msg);
	raid_edits_free(&e);
}

static void
test_limits(void **state)
{
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, SIZE_MAX / 4);
	while (b.len <= RAID_EDITS_LINE_MAX)
		raid_buf_puts(&b, "a long line; ");
	refuses(&b, "line 1 of the answer: it has more than 1 MiB");
	raid_buf_reset(&b);
	for (size_t i = 0; i <= RAID_EDITS_LINES_MAX; i++)
		raid_buf_addc(&b, '\n');
	refuses(&b, "more than 1200000 lines");
	raid_buf_reset(&b);
	raid_buf_puts(&b, "--- a/x\n+++ b/x\n");
	for (int i = 0; i <= RAID_EDITS_HUNKS_MAX; i++)
		raid_buf_puts(&b, "@@ -1 +1 @@\n-a\n+b\n");
	refuses(&b, "more than 10000 hunks");
	raid_buf_reset(&b);
	for (int i = 0; i <= RAID_EDITS_MAX; i++)
		raid_buf_puts(&b, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n");
	refuses(&b, "more than 1000 edits");
	raid_buf_free(&b);
}

int
main(void)
{
	enum { OWN = 6, CASES = sizeof(replies) / sizeof(*replies) - 1 };
	struct CMUnitTest tests[CASES + OWN] = {
		[CASES] = cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_crlf), cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_limits), cmocka_unit_test(test_time),
	};
	size_t n = CASES + 5;

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = replies[i].name,
			.test_func = test_reply,
			.initial_state = (void *)(uintptr_t)&replies[i] };
	return _cmocka_run_group_tests("edits", tests, n, NULL, NULL);
}
