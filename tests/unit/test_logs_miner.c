/* SPDX-License-Identifier: ISC */
/* Lines, words and templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "logs/lines.h"
#include "logs/log.h"
#include "logs/mask.h"

static void
keep(void *arg, const unsigned char *p, size_t len)
{
	raid_list_addn(arg, (const char *)p, len);
}

static void
test_lines(void **state)
{
	static const char text[] = "one\r\n\033[31mred\033[0m\n"
	    " 10%\r 50%\r100%\na\0b\n\nlast";
	/* However the bytes are cut, the lines are the same. */
	(void)state;
	for (size_t cut = 1; cut < sizeof(text); cut++) {
		struct raid_list got = { 0 };
		struct raid_loglines l;

		raid_loglines_init(&l, keep, &got);
		for (size_t i = 0; i < sizeof(text) - 1; i += cut)
			raid_loglines_add(&l, text + i,
			    sizeof(text) - 1 - i < cut ?
			    sizeof(text) - 1 - i : cut);
		raid_loglines_end(&l);
		raid_loglines_free(&l);
		assert_int_equal(got.n, 6);
		assert_string_equal(got.v[0], "one");
		assert_string_equal(got.v[1], "red");
		assert_string_equal(got.v[2], "100%");
		assert_string_equal(got.v[3], "a b");
		assert_string_equal(got.v[4], "");
		assert_string_equal(got.v[5], "last");
		raid_list_free(&got);
	}
}

static uint64_t
signature(const char *s)
{
	struct raid_word words[RAID_MASK_WORDS];
	struct raid_mask m = { .v = words };

	raid_mask(&m, (const unsigned char *)s, strlen(s));
	return m.hash;
}

static void
test_mask(void **state)
{
	static const char *const same[][2] = {
		{ "took 5 ms", "took 3.5 s" },
		{ "from 10.0.0.1:80", "from 192.168.1.20:5000" },
		{ "at a.b.example.org", "at 10.0.0.1" },
		{ "list 1, 2, 3 end", "list 7 end" },
		{ "get http://x/y?z=1 now", "get https://a.b/c now" },
		{ "mail a@b.org", "mail c@d.com" },
		{ "open /etc/a", "open /var/b/c" },
		{ "id 0xff00", "id 1234" },
		{ "mac 00:0d:60:e9:23:6a", "mac aa:bb:cc:dd:ee:ff" },
		{ "got 5 bytes (5 KB) in", "got 7 bytes in" },
		{ "x 5 ()", "x 5 (7)" },
		{ "life <1 sec", "life 00:01" },
		{ "on Fri Jun 17 07:07:00 2005", "on Sat Mar 1 00:00:01 2025" },
		{ "k=1 z", "k=22 z" }
	};
	static const char *const other[][2] = {
		{ "took 5 ms", "gave 5 ms" },
		{ "a b", "b a" },
		{ "a", "a a" },
		{ "f()", "f(1)" },
		{ "", "x" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (signature(same[i][0]) != signature(same[i][1]))
			fail_msg("'%s' and '%s'", same[i][0], same[i][1]);
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		assert_true(signature(other[i][0]) != signature(other[i][1]));
}

static void
add_line(struct raid_log *l, const char *s)
{
	raid_log_add(l, s, strlen(s));
	raid_log_add(l, "\n", 1);
}

static struct raid_log *
mine(const char *const *v, const char *fmt, int n)
{
	struct raid_log_opts o = { 0 };
	struct raid_log *l = raid_log_new(&o);

	for (; v != NULL && *v != NULL; v++)
		add_line(l, *v);
	for (int i = 0; i < n; i++) {
		char *s = raid_strf("2024-01-01 00:00:%02d INFO [t%d] %s %c%c",
		    i % 60, i, fmt, 'a' + i / 26, 'a' + i % 26);

		add_line(l, s);
		free(s);
	}
	raid_log_finish(l);
	return l;
}

static void
test_words_that_vary(void **state)
{
	struct raid_log *m = mine(NULL, "rejected login of user", 30);

	(void)state;
	assert_int_equal(raid_log_count(m), 1);
	assert_string_equal(raid_log_template(m, 0)->text,
	    "rejected login of user <*>");
	assert_int_equal(raid_log_template(m, 0)->count, 30);
	assert_int_equal(raid_log_template(m, 0)->first, 1);
	assert_int_equal(raid_log_template(m, 0)->last, 30);
	raid_log_free(m);
}

static void
test_words_that_stay(void **state)
{
	static const char *const v[] = { "state was NEW", "state was OLD",
	    "printer startup succeeded", "mailer startup succeeded", NULL };
	struct raid_log *m = mine(v, NULL, 0);

	(void)state;
	assert_int_equal(raid_log_count(m), 4);
	raid_log_free(m);
}

/* A word where ids stand belongs to their template, in several places. */
static void
test_absorbed(void **state)
{
	struct raid_log_opts o = { 0 };
	struct raid_log *l = raid_log_new(&o);

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		char *s = raid_strf("got req=%08xa1 for %c%c7 now", i * 77777,
		    'a' + i % 26, 'b' + i % 7);

		add_line(l, s);
		free(s);
	}
	add_line(l, "got req=dfcfcfbfab for someone now");
	add_line(l, "got req=dfcfcfbfab for someone then");
	raid_log_finish(l);
	assert_int_equal(raid_log_count(l), 2);
	assert_int_equal(raid_log_template(l, 0)->count, 41);
	raid_log_free(l);
}

static void
test_quotes(void **state)
{
	static const char *const v[] = { "open 'a b' now", "open 'c' now",
	    "open 'd e f' now", "open 'g' now", "open 'h i' now",
	    "\"GET /a/b HTTP/1.1\" \"-\"", "\"GET /e HTTP/1.1\" \"a b\"",
	    "\"GET /c HTTP/1.0\" \"c (d)\"", "\"PUT /c HTTP/1.0\" \"-\"",
	    "{\"level\":\"info\",\"msg\":\"a day begins\"}",
	    "{\"level\":\"info\",\"msg\":\"so it ends\"}",
	    "{\"level\":\"info\",\"msg\":\"it\"}",
	    "{\"level\":\"info\",\"msg\":\"is over\"}", NULL };
	struct raid_log *l = mine(v, NULL, 0);

	(void)state;
	assert_int_equal(raid_log_template(l, 0)->count, 5);
	assert_string_equal(raid_log_template(l, 0)->text,
	    "open '<text>' now");
	assert_int_equal(raid_log_template(l, 1)->count, 3);
	assert_int_equal(raid_log_count(l), 7);
	raid_log_free(l);
}

static uint32_t groups[2000];

static void
keep_group(void *arg, uint32_t group, uint64_t lines, int in_window)
{
	size_t *n = arg;

	(void)in_window;
	for (; lines > 0; lines--)
		groups[(*n)++] = group;
}

/* One template a line, and the sum is that of the lines. */
static void
test_full(void **state)
{
	size_t n = 0;
	struct raid_log_opts o = { .groups = 50, .assign = 1,
	    .on_lines = keep_group, .arg = &n };
	struct raid_log *m = raid_log_new(&o);
	uint64_t sum = 0;

	(void)state;
	srand(1);
	for (size_t i = 0; i < 2000; i++) {
		char line[64] = "";
		size_t len = 1 + (size_t)rand() % 60;

		for (size_t k = 0; k < len; k++)
			line[k] = " abcdefghijklmn"[rand() % 15];
		add_line(m, line);
	}
	raid_log_finish(m);
	assert_true(raid_log_count(m) <= 50);
	for (size_t i = 0; i < raid_log_count(m); i++)
		sum += raid_log_template(m, i)->lines;
	assert_int_equal(sum, 2000);
	assert_int_equal(n, 2000);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(strlen(raid_log_template_of(m,
		    groups[i])->id), 8);
	raid_log_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_words_that_vary),
		cmocka_unit_test(test_words_that_stay),
		cmocka_unit_test(test_absorbed),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_full)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
