/* SPDX-License-Identifier: ISC */
/* Fences, code spans and URLs; what a body says outside of them; tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/fence.h"
#include "base/mem.h"
#include "journal/grammar.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Each block as "info|body|", with '!' where it is not closed. */
static void
test_blocks(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "a\n```c\nx\n```\nb", "c|x\n|" },
		{ "```\n```", "||" },
		{ "~~~ diff -u \n`\n~~~~\n", "diff -u|`\n|" },
		{ "````\n```\n````\n", "|```\n|" },
		{ "```\na", "|a|!" },
		{ "```", "||!" },
		{ "``\na\n``", "" },
		{ "```a`b\nc\n```\n", "||!" },		/* a code span */
		{ "~~~a`b\nc\n~~~\n", "a`b|c\n|" },
		{ "  - x\n\n    ```sh\n    y\n    ```\n", "sh|    y\n|" },
		{ "> ```\n> q\n> ```\n", "|> q\n|" },
		{ "```\na\n``` x\n```\n", "|a\n``` x\n|" },
		{ "```\na\n~~~\n```\n", "|a\n~~~\n|" },
		{ "```\n    ```\n   ```\n", "|    ```\n|" },
		{ "```\n> ```\n```\n", "|> ```\n|" },
		{ "    ```\na\n```\n", "|a\n|" },
		{ "> ```\n> a\n>     ```\n", "|> a\n|" },
		{ "```\r\na\r\n```\r\n", "|a\r\n|" },
		{ "```a\n1\n```\n```b\n2\n```", "a|1\n|b|2\n|" },
	};
	char got[256];

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const unsigned char *p = (const unsigned char *)cases[i].text;
		size_t len = strlen(cases[i].text), pos = 0, n = 0;
		struct raid_fence f;

		got[0] = '\0';
		while (raid_fence_next(p, len, &pos, &f))
			n += (size_t)snprintf(got + n, sizeof(got) - n,
			    "%.*s|%.*s|%s", (int)f.info_len, p + f.info,
			    (int)f.body_len, p + f.body, f.closed ? "" : "!");
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].text, got);
		assert_int_equal(pos, len);
	}
}

/* Masked bytes come out as '.'. */
static void
test_mask(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "a `b` c", "a ... c" },
		{ "a `b c", "a `b c" },
		{ "`a ``b` c", "....... c" },
		{ "``a `b`` c", "........ c" },
		{ "`a\nb` c", "..... c" },
		{ "`a\n\nb` c", "`a\n\nb` c" },		/* two paragraphs */
		{ "`a\n\n`b` c", "`a\n\n... c" },
		{ "x http://a/@b c", "x ........... c" },
		{ "(https://a/#b) c", "(............. c" },
		{ "<ftp://x>@y", "<.......>@y" },
		{ "1http://x", "1http://x" },
		{ "://x a:b", "://x a:b" },
		{ "x\n```\ny\n```\nz", "x\n.........." "z" },
		{ "```\ny `", "......." },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		char *got = raid_strdup(cases[i].text);
		size_t len = strlen(got);
		unsigned char *mask = raid_malloc(len);

		raid_fence_mask((const unsigned char *)got, len, mask);
		for (size_t k = 0; k < len; k++)
			if (mask[k])
				got[k] = '.';
		assert_string_equal(got, cases[i].want);
		free(mask);
		free(got);
	}
	assert_int_equal(raid_fence_ticks((const unsigned char *)"", 0), 3);
	assert_int_equal(raid_fence_ticks((const unsigned char *)
	    "a``b`````c```", 13), 6);
}

/* Text made to be slow: none of it takes a quadratic look. */
static void
test_hostile(void **state)
{
	static const char *const pieces[] = { "a.", "`", "`a", "```\n", "a-",
		"@", "#", "> ", "~~~\n", "http:", "\xd1\x8f@", "`\n\n" };
	size_t len = 1 << 18;
	unsigned char *p = raid_malloc(len), *mask = raid_malloc(len);
	double start = raid_clock_mono();
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < LEN(pieces); i++) {
		size_t n = strlen(pieces[i]);

		for (size_t k = 0; k < len; k++)
			p[k] = (unsigned char)pieces[i][k % n];
		raid_fence_mask(p, len, mask);
	}
	/* Runs of backticks of ever new lengths: none of them ends. */
	for (size_t n = 1; at + n + 1 < len; n++) {
		memset(p + at, '`', n);
		at += n;
		p[at++] = 'a';
	}
	raid_fence_mask(p, at, mask);
	if (raid_clock_mono() - start > 10)
		fail_msg("%.1f s", raid_clock_mono() - start);
	free(p);
	free(mask);
}

static void
join(char *out, size_t size, const struct raid_grammar *g)
{
	size_t n = 0;
	char tag[RAID_TAG_SIZE];

	out[0] = '\0';
	for (size_t i = 0; i < g->mentions.n; i++)
		n += (size_t)snprintf(out + n, size - n, "@%s ",
		    g->mentions.v[i]);
	for (size_t i = 0; i < g->hashtags.n; i++)
		n += (size_t)snprintf(out + n, size - n, "#%s ",
		    g->hashtags.v[i]);
	for (size_t i = 0; i < g->nrefs; i++) {
		raid_tag_format(g->refs[i], tag);
		n += (size_t)snprintf(out + n, size - n, "%s ", tag);
	}
}

static void
test_grammar(void **state)
{
	static const struct {
		const char *body, *want;
	} cases[] = {
		{ "@grok, @Grok. (@claude) @a.b-c_", "@grok @claude @a.b-c " },
		{ "mail me@x.org or x@y", "" },
		{ "\"@a\" '@b' \xc2\xab@c\xc2\xbb [@d] @", "@a @b @c @d " },
		{ "\xd0\x90@x @\xd0\x90\xd0\xbd\xd1\x8f!",
		    "@\xd0\xb0\xd0\xbd\xd1\x8f " },
		{ "@@x @.a ..@b", "@.a " },
		{ "#tag #Tag #a_b #12 #12a #x-y #2025-07-12 #", "#tag #a_b "
		    "#12a #x #2025-07-12 " },
		{ "a#b ##c", "" },
		{ "#ref_1720857600 #ref_1720857600 #ref_1_2 #ref_0 #ref_x",
		    "#ref_0 #ref_x post_1720857600 post_1_2 " },
		{ "#post_1720857600 #post_x", "#post_x " },
		{ "#include `@a #b` http://x/#y @z", "@z #include " },
		{ "```\n@a #b\n```\n@c", "@c " },
		{ "```\n@a #b", "" },
		{ "@\xd7\x90\xd7\x91 #\xe6\x97\xa5\xe6\x9c\xac",
		    "@\xd7\x90\xd7\x91 #\xe6\x97\xa5\xe6\x9c\xac " },
	};
	char got[512], *big;
	struct raid_grammar g;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		raid_grammar_parse(cases[i].body, strlen(cases[i].body), &g);
		join(got, sizeof(got), &g);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].body, got);
		raid_grammar_free(&g);
	}
	/* A name has an end. */
	big = raid_strf("@%0200d", 1);
	raid_grammar_parse(big, strlen(big), &g);
	assert_int_equal(g.mentions.n, 0);
	raid_grammar_free(&g);
	free(big);
}

static void
test_index(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = { { "", "" }, { "\xd0\x81lka", "\xd0\xb5lka" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5 \xe6\x9c\xac " },
		{ "A b", "a b" } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		char *s = raid_grammar_index(cases[i].text,
		    strlen(cases[i].text));

		assert_string_equal(s, cases[i].want);
		free(s);
	}
}

static void
test_tags(void **state)
{
	static const struct {
		const char *s, *want;	/* NULL: no tag */
	} cases[] = { { "post_1", "post_1" }, { "#post_17_2", "post_17_2" },
		{ "ref_5", "post_5" }, { "#ref_5_10", "post_5_10" },
		{ "post_", NULL }, { "post_0", NULL }, { "post_01", NULL },
		{ "post_1_", NULL }, { "post_1_1", NULL }, { "post_1_02", NULL },
		{ "post_1 ", NULL }, { "post_-1", NULL }, { "##post_1", NULL },
		{ "Post_1", NULL }, { "post_1234567890123456", NULL },
		{ "post_999999999999999_999999999999999",
		    "post_999999999999999_999999999999999" },
		{ "", NULL }, { "#", NULL }, { "post_1_2_3", NULL } };
	char tag[RAID_TAG_SIZE];
	struct raid_tag t;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		int r = raid_tag_parse(cases[i].s, strlen(cases[i].s), &t);

		assert_int_equal(r, cases[i].want != NULL ? 0 : -1);
		if (r == -1)
			continue;
		raid_tag_format(t, tag);
		assert_string_equal(tag, cases[i].want);
	}
	assert_int_equal(raid_tag_parse("post_12", 6, &t), 0);
	assert_int_equal(t.ts, 1);
	assert_true(raid_tag_compare((struct raid_tag){ 1, 9 },
	    (struct raid_tag){ 2, 1 }) < 0);
	assert_true(raid_tag_compare((struct raid_tag){ 2, 2 },
	    (struct raid_tag){ 2, 1 }) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_mask),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_index), cmocka_unit_test(test_tags)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
