/* SPDX-License-Identifier: ISC */
/* Counts over time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "logs/series.h"

static uint64_t seed = 88172645463325252;

static uint64_t
rnd(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

/* Any order gives the same counts. */
static void
test_add(void **state)
{
	struct raid_series s = { 0 };
	uint64_t n[200] = { 0 }, sum = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int at = (int)rnd(200), by = (int)rnd(3);

		raid_series_add(&s, at - 100, (uint32_t)by);
		n[at] += (uint64_t)by;
		sum += (uint64_t)by;
	}
	raid_series_add(&s, RAID_SERIES_NONE, 5);
	for (int i = 0; i < 200; i++)
		assert_int_equal(raid_series_sum(&s, i - 100, i - 99), n[i]);
	assert_int_equal(raid_series_sum(&s, INT32_MIN, INT32_MAX), sum);
	assert_int_equal(raid_series_sum(&s, 5, 5), 0);
	for (uint32_t i = 1; i < s.n; i++)
		assert_true(s.v[i - 1].at < s.v[i].at);
	raid_series_halve(&s);
	for (int i = -50; i < 50; i++)
		assert_int_equal(raid_series_sum(&s, i, i + 1),
		    n[2 * i + 100] + n[2 * i + 101]);
	raid_series_free(&s);
	assert_int_equal(raid_series_sum(&s, INT32_MIN, INT32_MAX), 0);
}

static void
test_join(void **state)
{
	struct raid_series a = { 0 }, b = { 0 }, both = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int at = (int)rnd(1000);

		raid_series_add(i % 2 ? &a : &b, at, 1);
		raid_series_add(&both, at, 1);
	}
	raid_series_join(&a, &b);
	assert_int_equal(a.n, both.n);
	assert_memory_equal(a.v, both.v, a.n * sizeof(*a.v));
	raid_series_free(&b);
	raid_series_join(&a, &b);
	raid_series_join(&b, &a);
	assert_int_equal(b.n, a.n);
	raid_series_free(&a);
	raid_series_free(&b);
	raid_series_free(&both);
}

/* Neither intervals nor counts go over a bound. */
static void
test_bounds(void **state)
{
	struct raid_series s = { 0 }, t = { 0 };

	(void)state;
	for (int i = 0; i < 40000; i++) {
		raid_series_add(&s, (int32_t)(i * 50000 - 1000000000), 1);
		raid_series_add(&t, (int32_t)(i * 50000 - 999999999), 1);
	}
	assert_int_equal(s.n, RAID_SERIES_MAX);
	assert_int_equal(raid_series_sum(&s, INT32_MIN, INT32_MAX), 40000);
	raid_series_join(&s, &t);
	assert_int_equal(s.n, RAID_SERIES_MAX);
	assert_int_equal(raid_series_sum(&s, INT32_MIN, INT32_MAX), 80000);
	raid_series_free(&s);
	raid_series_add(&s, INT32_MAX, UINT32_MAX);
	raid_series_add(&s, INT32_MAX, UINT32_MAX);
	raid_series_add(&s, INT32_MIN + 1, 1);
	assert_int_equal(s.v[1].n, UINT32_MAX);
	raid_series_halve(&s);
	assert_int_equal(s.v[0].at, INT32_MIN / 2);
	raid_series_free(&s);
	raid_series_free(&t);
}

static void
spark(const struct raid_series *s, int32_t from, int32_t to, size_t cells,
    const char *want)
{
	struct raid_buf b;

	raid_buf_init(&b, 1000);
	raid_series_spark(s, from, to, cells, &b);
	assert_string_equal(raid_buf_str(&b), want);
	raid_buf_free(&b);
}

static void
test_spark(void **state)
{
	struct raid_series s = { 0 };

	(void)state;
	spark(&s, 0, 4, 4, "    ");
	for (int i = 0; i < 8; i++)
		raid_series_add(&s, i, (uint32_t)i + 1);
	raid_series_add(&s, 10, 8000);
	spark(&s, 0, 8, 8, "▁▂▃▄▅▆▇█");
	spark(&s, -1, 9, 10, " ▁▂▃▄▅▆▇█ ");
	spark(&s, 0, 11, 11, "▁▁▁▁▁▁▁▁  █");
	spark(&s, 0, 8, 4, "▂▄▆█");
	spark(&s, 4, 6, 60, "▇█");
	spark(&s, 4, 4, 60, "");
	spark(&s, 4, 6, 0, "");
	/* Cells that hold more intervals than others are not higher. */
	raid_series_free(&s);
	for (int i = 0; i < 15; i++)
		raid_series_add(&s, i, 7);
	spark(&s, 0, 15, 10, "██████████");
	spark(&s, INT32_MIN, INT32_MAX, 3, " █ ");
	raid_series_free(&s);
}

static void
test_text(void **state)
{
	static const char *const bad[] = { "", "1", "1 5", "1 5 ", "1 5 0\n",
	    "2 5 1 0 1\n", "2 5 1 -1 1\n", "-1\n", "99999\n", "1 x 1\n",
	    "1 5 4294967296\n", "1 -2147483648 1\n", "1 2147483648 1\n",
	    "2 2147483647 1 1 1\n", "1 5 1x\n", "1  5 1\n", "x\n",
	    "99999999999999999999999999999999999999999999999999 5 1\n" };
	struct raid_series s = { 0 }, t = { 0 };
	const unsigned char *p;
	size_t left;
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, 100000);
	raid_series_add(&s, INT32_MIN + 1, 1);
	raid_series_add(&s, INT32_MAX, UINT32_MAX);
	for (int i = 0; i < 1000; i++)
		raid_series_add(&s, (int)rnd(100000) - 50000, 1);
	raid_series_write(&s, &b);
	raid_buf_puts(&b, "0\nrest");
	p = b.p;
	left = b.len;
	assert_int_equal(raid_series_read(&t, &p, &left), 0);
	assert_int_equal(t.n, s.n);
	assert_memory_equal(t.v, s.v, t.n * sizeof(*t.v));
	raid_series_free(&t);
	assert_int_equal(raid_series_read(&t, &p, &left), 0);
	assert_int_equal(t.n, 0);
	assert_int_equal(left, 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = (const unsigned char *)bad[i];
		left = strlen(bad[i]);
		assert_int_equal(raid_series_read(&t, &p, &left), -1);
		assert_null(t.v);
	}
	/* Each cut and each changed byte is survived. */
	for (size_t i = 0; i < b.len - 6; i++) {
		unsigned char was = b.p[i];

		b.p[i] = (unsigned char)rnd(256);
		p = b.p;
		left = b.len;
		(void)raid_series_read(&t, &p, &left);
		raid_series_free(&t);
		b.p[i] = was;
	}
	raid_series_free(&s);
	raid_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_spark),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
