/* SPDX-License-Identifier: ISC */
/* How values are spread. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logs/sketch.h"

static uint64_t seed = 88172645463325252;

static double
uniform(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-53;
}

static double
normal(void)
{
	double s = -6;

	for (int i = 0; i < 12; i++)
		s += uniform();
	return s;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

#define N 20000

/* Against the sorted values themselves. */
static void
check(const struct raid_sketch *s, double *v, size_t n)
{
	static const double q[] = { 0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.95,
	    0.99, 0.999, 1 };

	qsort(v, n, sizeof(*v), compare);
	assert_int_equal(s->n, n);
	assert_true(s->min == v[0]);
	assert_true(s->max == v[n - 1]);
	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		size_t rank = (size_t)(q[i] * (double)n);
		double want = v[rank < n ? rank : n - 1];
		double got = raid_sketch_quantile(s, q[i]);

		assert_true(fabs(got - want) <= 0.008 * fabs(want));
	}
}

static double
value(int kind)
{
	switch (kind) {
	case 0:
		return exp(3 + 0.6 * normal());
	case 1:
		return exp(2 * normal());
	case 2:
		return normal() * 1000;
	case 3:
		return floor(uniform() * 100) - 20;
	case 4:
		return uniform() < 0.5 ? 0 : uniform();
	case 5:
		return -exp(normal());
	case 6:
		return floor(uniform() * 1e9);
	default:
		return 17;
	}
}

static void
test_quantile(void **state)
{
	double *v = calloc(N, sizeof(*v));

	(void)state;
	for (int kind = 0; kind < 8; kind++) {
		struct raid_sketch s = { 0 }, a = { 0 }, b = { 0 };

		for (size_t i = 0; i < N; i++) {
			v[i] = value(kind);
			raid_sketch_add(&s, v[i]);
			raid_sketch_add(i % 3 ? &a : &b, v[i]);
		}
		check(&s, v, N);
		raid_sketch_join(&a, &b);
		check(&a, v, N);
		assert_true(raid_sketch_bytes(&s) <= 16384);
		raid_sketch_free(&b);
		raid_sketch_join_scaled(&b, &a, 3600);
		assert_true(fabs(raid_sketch_quantile(&b, 0.5) -
		    3600 * raid_sketch_quantile(&a, 0.5)) <=
		    40 * fabs(raid_sketch_quantile(&a, 0.5)));
		raid_sketch_free(&s);
		raid_sketch_free(&a);
		raid_sketch_free(&b);
	}
	free(v);
}

/* Small integers come back as they are. */
static void
test_integers(void **state)
{
	struct raid_sketch s = { 0 };

	(void)state;
	assert_true(raid_sketch_quantile(&s, 0.5) == 0);
	for (int i = 1; i < 128; i++)
		raid_sketch_add(&s, i);
	for (int i = 0; i < 127; i++)
		assert_true(raid_sketch_quantile(&s, (i + 0.5) / 127) ==
		    i + 1);
	assert_int_equal(s.broken, 0);
	raid_sketch_add(&s, 0x1p60);
	raid_sketch_add(&s, -5);
	raid_sketch_add(&s, 0);
	assert_int_equal(s.broken, 0);
	raid_sketch_add(&s, 5.5);
	assert_int_equal(s.broken, 1);
	raid_sketch_free(&s);
}

/* What is not a number, and values that are far from all others. */
static void
test_hostile(void **state)
{
	struct raid_sketch s = { 0 };
	double was, v[] = { 1e300, 1e-300, -1e300, -1e-300, 5e-324, -5e-324,
	    1.7976931348623157e308, 1e18, 0 };

	(void)state;
	raid_sketch_add(&s, NAN);
	raid_sketch_add(&s, INFINITY);
	raid_sketch_add(&s, -INFINITY);
	assert_int_equal(s.n, 0);
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
			raid_sketch_add(&s, v[i]);
	}
	for (int i = 0; i < 20000; i++)
		raid_sketch_add(&s, 100 + normal());
	was = raid_sketch_quantile(&s, 0.5);
	assert_true(was > 98 && was < 102);
	assert_true(raid_sketch_bytes(&s) <= 16384);
	was = -INFINITY;
	for (int i = 0; i <= 1000; i++) {
		assert_true(raid_sketch_quantile(&s, i / 1000.) >= was);
		was = raid_sketch_quantile(&s, i / 1000.);
	}
	assert_true(was == s.max);
	raid_sketch_free(&s);
	/* It follows the values, wherever they began. */
	for (int i = 0; i < 100; i++)
		raid_sketch_add(&s, 1e300);
	for (int i = 0; i < 10000; i++)
		raid_sketch_add(&s, 100 + normal());
	assert_true(raid_sketch_quantile(&s, 0.5) < 102);
	for (int i = 0; i < 100000; i++)
		raid_sketch_add(&s, 1e100 * (2 + uniform()));
	was = raid_sketch_quantile(&s, 0.5);
	assert_true(was > 2e100 && was < 3e100);
	raid_sketch_free(&s);
}

static void
test_text(void **state)
{
	static const char *const bad[] = { "", "5", "5\n", "-1\n", "1 2 1 0 ",
	    "1 1 1 1 0 0 1 65536 2 0\n", "1 1 1 1 0 0 1 65536 0 0\n",
	    "1 nan 1 1 0 0 1 65536 1 0\n", "1 1 inf 1 0 0 1 65536 1 0\n",
	    "1 1 1 1 2 0 1 65536 1 0\n", "1 1 1 1 0 0 1 131008 1 0\n",
	    "2 1 1 1 0 0 2 65536 1 0 1 0\n", "1 2 1 1 0 0 1 65536 1 0\n",
	    "1 1 1 1 0 0 2049\n", "1 1 1 1 0 0 1 -5 1 0\n" };
	struct raid_sketch s = { 0 }, t = { 0 };
	const unsigned char *p;
	size_t left;
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, 1000000);
	for (int i = 0; i < 5000; i++)
		raid_sketch_add(&s, i % 7 ? 10 * normal() : 0);
	raid_sketch_write(&s, &b);
	raid_buf_puts(&b, "0\nrest");
	p = b.p;
	left = b.len;
	assert_int_equal(raid_sketch_read(&t, &p, &left), 0);
	assert_int_equal(t.n, s.n);
	assert_true(t.min == s.min && t.max == s.max && t.sum == s.sum);
	for (double q = 0; q < 1; q += 0.01)
		assert_true(raid_sketch_quantile(&t, q) ==
		    raid_sketch_quantile(&s, q));
	raid_sketch_free(&t);
	assert_int_equal(raid_sketch_read(&t, &p, &left), 0);
	assert_int_equal(t.n, 0);
	assert_int_equal(left, 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = (const unsigned char *)bad[i];
		left = strlen(bad[i]);
		assert_int_equal(raid_sketch_read(&t, &p, &left), -1);
		assert_null(t.plus.v);
	}
	for (size_t i = 0; i < b.len - 6; i++) {
		unsigned char was = b.p[i];

		b.p[i] = (unsigned char)(uniform() * 10 + '0');
		p = b.p;
		left = b.len;
		if (raid_sketch_read(&t, &p, &left) == 0) {
			raid_sketch_add(&t, uniform());
			assert_true(raid_sketch_quantile(&t, 0.5) <= t.max);
		}
		raid_sketch_free(&t);
		b.p[i] = was;
	}
	raid_sketch_free(&s);
	raid_buf_free(&b);
}

/* Called for each number of a log.  The bound is far off on purpose. */
static void
test_speed(void **state)
{
	static double v[4096];
	struct raid_sketch s = { 0 };
	clock_t t;

	(void)state;
	for (size_t i = 0; i < 4096; i++)
		v[i] = exp(3 + 0.6 * normal());
	t = clock();
	for (int i = 0; i < 4000000; i++)
		raid_sketch_add(&s, v[i & 4095]);
	print_message("# %.1f ns\n",
	    (double)(clock() - t) / CLOCKS_PER_SEC * 1e9 / 4e6);
	assert_true((double)(clock() - t) / CLOCKS_PER_SEC < 2);
	/* Values that never fit. */
	t = clock();
	for (int i = 0; i < 400000; i++)
		raid_sketch_add(&s, i & 1 ? 1e300 : 1e-300);
	assert_true((double)(clock() - t) / CLOCKS_PER_SEC < 2);
	raid_sketch_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantile),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
