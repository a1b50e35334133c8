/* SPDX-License-Identifier: ISC */
/* The small modules: buf num clock str utf8 tokens match out hash err. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/match.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/out.h"
#include "base/str.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "raid.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void
test_buf(void **state)
{
	struct raid_buf b;
	char *s, *big;

	(void)state;
	raid_buf_init(&b, 10);
	assert_string_equal(raid_buf_str(&b), "");
	raid_buf_add(&b, NULL, 0);
	raid_buf_puts(&b, "12345678");
	assert_false(b.overflow);
	raid_buf_puts(&b, "abc");
	assert_true(b.overflow);
	assert_string_equal(raid_buf_str(&b), "12345678ab");
	raid_buf_addc(&b, 'c');
	assert_int_equal(b.len, 10);
	raid_buf_reset(&b);
	assert_false(b.overflow);
	raid_buf_printf(&b, "%d%s", 1, "x");
	s = raid_buf_take(&b);
	assert_string_equal(s, "1x");
	assert_int_equal(b.len, 0);
	raid_buf_addc(&b, 'y');
	assert_string_equal(raid_buf_str(&b), "y");
	free(s);
	raid_buf_free(&b);

	/* Over the first room, exactly to the maximum, and printf over 256. */
	raid_buf_init(&b, 100000);
	big = raid_strf("%099999d", 7);
	raid_buf_printf(&b, "%s", big);
	raid_buf_addc(&b, 'z');
	assert_int_equal(b.len, 100000);
	assert_false(b.overflow);
	assert_int_equal(b.p[99999], 'z');
	free(big);
	raid_buf_free(&b);
	raid_buf_init(&b, 0);
	raid_buf_addc(&b, 'x');
	assert_true(b.overflow);
	raid_buf_free(&b);
}

static void
test_num(void **state)
{
	static const struct {
		const char *s;
		long long v;	/* -99: refused */
	} whole[] = { { "0", 0 }, { "007", 7 }, { "-5", -5 }, { "100", 100 },
		{ "101", -99 }, { "-6", -99 }, { "", -99 }, { " 1", -99 },
		{ "1 ", -99 }, { "+1", -99 }, { "1x", -99 }, { "0x1", -99 },
		{ "-", -99 }, { "99999999999999999999", -99 } },
	  sizes[] = { { "0", 0 }, { "4096", 4096 }, { "64K", 65536 },
		{ "8m", 8 << 20 }, { "2G", 2LL << 30 }, { "-1", -99 },
		{ "1KB", -99 }, { "K", -99 }, { "9999999999999T", -99 } };
	static const struct {
		const char *s;
		double v;	/* -1: refused */
	} spans[] = { { "90", 90 }, { "1.5s", 1.5 }, { "10m", 600 },
		{ "2h", 7200 }, { "7d", 604800 }, { "500ms", 0.5 }, { "", -1 },
		{ "-1", -1 }, { ".5", -1 }, { "1.2.3", -1 }, { "1 h", -1 },
		{ "1y", -1 }, { "h", -1 } };
	struct raid_err err;
	long long n;
	double d;

	(void)state;
	for (size_t i = 0; i < LEN(whole); i++) {
		int r = raid_num_parse(whole[i].s, -5, 100, &n, "n", &err);

		assert_int_equal(r, whole[i].v == -99 ? -1 : 0);
		assert_true(r == -1 ? err.code == RAID_EUSAGE :
		    n == whole[i].v);
	}
	for (size_t i = 0; i < LEN(sizes); i++) {
		int r = raid_num_size(sizes[i].s, &n, "n", &err);

		assert_int_equal(r, sizes[i].v == -99 ? -1 : 0);
		assert_true(r == -1 || n == sizes[i].v);
	}
	for (size_t i = 0; i < LEN(spans); i++) {
		int r = raid_num_span(spans[i].s, &d, "n", &err);

		assert_int_equal(r, spans[i].v < 0 ? -1 : 0);
		assert_true(r == -1 || d == spans[i].v);
	}
}

static void
test_clock(void **state)
{
	static const struct {
		const char *s;
		long long t;	/* -1: refused */
	} cases[] = { { "@1720857600", 1720857600 },
		{ "1970-01-02", 86400 - 10800 },
		{ "1970-01-02 00:01", 86460 - 10800 },
		{ "1970-01-02T00:01:05", 86465 - 10800 },
		{ "1970-01-02T00:01:05Z", 86465 }, { "90", 1000000 - 90 },
		{ "2h", 1000000 - 7200 }, { "00:30", 1000000 - 1000000 % 86400 -
		10800 + 1800 }, { "1970-13-01", -1 }, { "25:00", -1 },
		{ "yesterday", -1 }, { "", -1 }, { "@", -1 }, { "@-1", -1 },
		{ "1970-01-02x", -1 } };
	struct raid_err err;
	char text[32];
	long long t;

	(void)state;
	setenv("TZ", "MSK-3", 1);
	setenv("RAID_NOW", "1000000", 1);
	assert_int_equal(raid_clock_now(), 1000000);
	for (size_t i = 0; i < LEN(cases); i++) {
		int r = raid_clock_parse(cases[i].s, &t, "--since", &err);

		if (r != (cases[i].t == -1 ? -1 : 0) ||
		    (r == 0 && t != cases[i].t))
			fail_msg("%s: %d %lld", cases[i].s, r, t);
	}
	raid_clock_format(0, text, sizeof(text));
	assert_string_equal(text, "1970-01-01 03:00:00");
	setenv("RAID_NOW", "nonsense", 1);
	assert_true(raid_clock_now() > 1700000000);
	unsetenv("RAID_NOW");
	assert_true(raid_clock_mono() <= raid_clock_mono());
}

static void
test_str(void **state)
{
	struct raid_list l = { 0 };
	const char *const argv[] = { "make", "a b", "it's", "", "$x", "x=1",
		NULL };
	char *s;

	(void)state;
	raid_list_split(&l, ",a,,b,", ',');
	assert_int_equal(l.n, 2);
	assert_string_equal(l.v[1], "b");
	assert_null(l.v[2]);
	assert_int_equal(raid_list_addnew(&l, "a"), 0);
	assert_int_equal(raid_list_addnew(&l, "c"), 1);
	raid_list_addn(&l, "xyz", 1);
	raid_list_addf(&l, "%d-%s", 5, "y");
	assert_string_equal(l.v[4], "5-y");
	for (int i = 0; i < 100; i++)
		raid_list_add(&l, "z");
	assert_null(l.v[l.n]);
	raid_list_free(&l);
	assert_int_equal(l.n, 0);
	s = raid_str_shell((char *const *)argv);
	assert_string_equal(s, "make 'a b' 'it'\\''s' '' '$x' x=1");
	free(s);
	assert_true(raid_str_starts("abc", "ab") && raid_str_starts("a", ""));
	assert_true(raid_str_ends("abc", "bc") && !raid_str_ends("c", "bc"));
}

static void
test_escape(void **state)
{
	static const struct {
		const char *s;
		size_t len;
	} v[] = { { "\033", 1 }, { "\033\n", 1 }, { "\033c.", 2 },
		{ "\033[31mred", 5 }, { "\033[m", 3 }, { "\033[12\nx", 4 },
		{ "\033[1;2", 5 }, { "\033]0;t\ax", 6 },
		{ "\033]0;t\033\\x", 7 }, { "\033]0;t\nx", 5 },
		{ "\033]0;t\033[m", 5 }, { "\033P1$r\033\\", 7 },
		{ "\033(Bx", 3 }, { "\033(", 2 }, { "\033(\n", 2 },
		{ "\033\xd0\x9f", 1 }, { "\033[1\xd0\x9f", 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		assert_int_equal(raid_str_escape((const unsigned char *)v[i].s,
		    strlen(v[i].s)), v[i].len);
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *s;
		size_t bad;	/* offset of the first bad byte */
	} cases[] = { { "", 0 }, { "abc", 3 }, { "\xd1\x8f", 2 },
		{ "\xf0\x9f\x98\x80", 4 }, { "a\xff", 1 },
		{ "a\xc0\x80", 1 },		/* overlong */
		{ "\xe0\x80\xaf", 0 }, { "\xed\xa0\x80", 0 },	/* surrogate */
		{ "\xf4\x90\x80\x80", 0 },	/* beyond U+10FFFF */
		{ "ab\xd1", 2 }, { "\x80", 0 }, { "\xf0\x9f\x98", 0 },
		{ "\xf8\x88\x80\x80\x80", 0 } };
	static const struct {
		const char *s, *folded;
	} folds[] = { { "GROK", "grok" }, { "Аня", "аня" },
		{ "Stra\xc3\x9f" "e", "strasse" }, { "e\xcc\x81", "\xc3\xa9" },
		{ "A\xff", "A\xff" }, { "", "" } };
	uint32_t c;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_int_equal(raid_utf8_check((const unsigned char *)
		    cases[i].s, strlen(cases[i].s)), cases[i].bad);
	assert_int_equal(raid_utf8_next((const unsigned char *)"\xd1\x8f", 1,
	    &c), 0);
	assert_int_equal(raid_utf8_next((const unsigned char *)"\xd1\x8f", 2,
	    &c), 2);
	assert_int_equal(c, 0x44f);
	for (size_t i = 0; i < LEN(folds); i++) {
		char *f = raid_utf8_fold(folds[i].s, strlen(folds[i].s));

		assert_string_equal(f, folds[i].folded);
		free(f);
	}
	assert_true(raid_utf8_isword(0x44f) && raid_utf8_isword('7'));
	assert_false(raid_utf8_isword('_') || raid_utf8_isword(0x1f600));
	assert_true(raid_utf8_isspace(0xa0) && raid_utf8_isspace('\t'));
	assert_true(raid_utf8_isopening('(') && raid_utf8_isopening(0xab) &&
	    raid_utf8_isopening('"'));
	assert_false(raid_utf8_isopening(')') || raid_utf8_isopening('a'));
}

static void
test_tokens(void **state)
{
	static const char *const texts[] = { "hello world",
		"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", "\xff\xfe",
		"a\x01" "b", "     \n\n\n", "!!!", "HTTPServerError", "12345" };
	char *big = raid_malloc(100000);

	(void)state;
	assert_int_equal(raid_tokens("", 0), 0);
	for (size_t i = 0; i < LEN(texts); i++)
		assert_in_range(raid_tokens(texts[i], strlen(texts[i])), 1, 6);
	memset(big, ' ', 100000);
	assert_int_equal(raid_tokens(big, 100000), 1);
	/* Bytes behind len are not looked at. */
	assert_int_equal(raid_tokens("a b c d", 1), raid_tokens("a", 1));
	free(big);
}

static void
test_match(void **state)
{
	struct raid_span g[RAID_MATCH_GROUPS];
	struct raid_match *m;
	struct raid_err err;
	size_t pos = 0;

	(void)state;
	m = raid_match_new("^(a)|(b)$", &err);
	assert_non_null(m);
	assert_int_equal(raid_match_next(m, "xa\nab", 5, &pos, g), 1);
	assert_int_equal(g[1].start, 3);
	assert_int_equal(g[2].start, (size_t)-1);
	assert_int_equal(raid_match_next(m, "xa\nab", 5, &pos, g), 1);
	assert_int_equal(g[1].start, (size_t)-1);
	assert_int_equal(g[2].start, 4);
	assert_int_equal(raid_match_next(m, "xa\nab", 5, &pos, g), 0);
	raid_match_free(m);
	/* Empty matches come to an end. */
	m = raid_match_new("x*", &err);
	pos = 0;
	for (int n = 0; raid_match_next(m, "aa", 2, &pos, g); n++)
		assert_true(n < 3);
	raid_match_free(m);
	raid_match_free(NULL);
	assert_null(raid_match_new("(", &err));
	assert_int_equal(err.code, RAID_EDATA);
}

/* What raid_out_text or raid_out_line writes. */
static void
assert_out(const char *in, int line, const char *want)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);

	if (line)
		raid_out_line(f, in);
	else
		raid_out_text(f, in, strlen(in), 1);
	fclose(f);
	assert_string_equal(p, want);
	free(p);
}

static void
test_out(void **state)
{
	(void)state;
	assert_out("a\tb\n\xd1\x8f", 0, "a\tb\n\xd1\x8f");
	assert_out("\033[2J\r\a\x7f", 0, "\\x1b[2J\\x0d\\x07\\x7f");
	assert_out("\xc2\x9b" "1m \xff", 0, "\\x9b1m \\xff");
	assert_out("\xe2\x80\xae" "x\xe2\x81\xa6", 0, "\\u202ex\\u2066");
	assert_out("a\nb\tc\033", 1, "a\\nb\\tc\\x1b");
	assert_out("", 1, "");
}

static void
test_hash(void **state)
{
	char a[RAID_HASH_SIZE], b[RAID_HASH_SIZE];

	(void)state;
	raid_hash("abc", 3, a);
	assert_string_equal(a, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	raid_hash_strings(a, (const char *const []){ "ab", "c", NULL });
	raid_hash_strings(b, (const char *const []){ "a", "bc", NULL });
	assert_string_not_equal(a, b);
}

static void
test_err(void **state)
{
	struct raid_err err;
	char *big = raid_strf("%0600d", 1);

	(void)state;
	assert_int_equal(raid_fail(&err, RAID_EDATA, "%s", big), -1);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	raid_fail(&err, RAID_EDATA, "why");
	raid_fail_at(&err, "file %s", "x");
	assert_string_equal(err.msg, "file x: why");
	assert_int_equal(err.code, RAID_EDATA);
	free(big);
	assert_int_equal(raid_status_merge(RAID_NO, 65), 65);
	assert_int_equal(raid_status_merge(74, 65), 74);
	assert_int_equal(raid_status_merge(74, RAID_OK), RAID_OK);
	assert_int_equal(raid_status_merge(RAID_OK, 74), RAID_OK);
	assert_int_equal(raid_status_merge(RAID_NO, RAID_NO), RAID_NO);
}

static void
test_msg(void **state)
{
	static const struct {
		const char *all, *messages, *lang, *want;
	} cases[] = { { "", "", "", "en" }, { "", "", "ru_RU.UTF-8", "ru" },
		{ "C", "", "ru", "en" }, { "", "ru", "en", "ru" },
		{ "rusty", "", "", "en" }, { "ru", "en", "en", "ru" } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		setenv("LC_ALL", cases[i].all, 1);
		setenv("LC_MESSAGES", cases[i].messages, 1);
		setenv("LANG", cases[i].lang, 1);
		assert_string_equal(raid_msg_language(), cases[i].want);
	}
	for (int i = 0; i < RAID_MSG_COUNT; i++) {
		assert_non_null(raid_msg("ru", (enum raid_msg)i));
		assert_string_not_equal(raid_msg("ru", (enum raid_msg)i),
		    raid_msg(NULL, (enum raid_msg)i));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf), cmocka_unit_test(test_num),
		cmocka_unit_test(test_clock), cmocka_unit_test(test_str),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_utf8), cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_match), cmocka_unit_test(test_out),
		cmocka_unit_test(test_hash), cmocka_unit_test(test_err),
		cmocka_unit_test(test_msg)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
