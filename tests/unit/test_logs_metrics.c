/* SPDX-License-Identifier: ISC */
/* Named numbers and their units. */
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

#include "logs/metrics.h"
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

static enum raid_unit
parse(const char *s)
{
	return raid_unit_parse((const unsigned char *)s, strlen(s));
}

static enum raid_unit
named(const char *s)
{
	return raid_unit_of_name((const unsigned char *)s, strlen(s));
}

static void
test_units(void **state)
{
	static const struct {
		const char *word;
		enum raid_unit unit;
	} v[] = {
		{ "ms", RAID_UNIT_MS }, { "msecs", RAID_UNIT_MS },
		{ "Milliseconds", RAID_UNIT_MS }, { "millis", RAID_UNIT_MS },
		{ "us", RAID_UNIT_US }, { "\xc2\xb5s", RAID_UNIT_US },
		{ "\xce\xbcs", RAID_UNIT_US }, { "ns", RAID_UNIT_NS },
		{ "s", RAID_UNIT_S }, { "sec", RAID_UNIT_S },
		{ "seconds", RAID_UNIT_S }, { "min", RAID_UNIT_MIN },
		{ "minutes", RAID_UNIT_MIN }, { "h", RAID_UNIT_H },
		{ "hrs", RAID_UNIT_H }, { "hours", RAID_UNIT_H },
		{ "B", RAID_UNIT_B }, { "bytes", RAID_UNIT_B },
		{ "kB", RAID_UNIT_KB }, { "KiB", RAID_UNIT_KB },
		{ "K", RAID_UNIT_KB }, { "MB", RAID_UNIT_MB },
		{ "MiB", RAID_UNIT_MB }, { "GB", RAID_UNIT_GB },
		{ "TiB", RAID_UNIT_TB }, { "%", RAID_UNIT_PERCENT },
		{ "percent", RAID_UNIT_PERCENT }, { "b", RAID_UNIT_NONE },
		{ "", RAID_UNIT_NONE }, { "m", RAID_UNIT_NONE },
		{ "mss", RAID_UNIT_NONE }, { "items", RAID_UNIT_NONE },
		{ "msx", RAID_UNIT_NONE }, { "nanosecondss", RAID_UNIT_NONE },
		{ "a very long word indeed", RAID_UNIT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_int_equal(parse(v[i].word), v[i].unit);
	for (int u = 1; u < RAID_UNITS; u++)
		assert_int_equal(parse(raid_unit_name((enum raid_unit)u)), u);
	assert_int_equal(named("latency_ms"), RAID_UNIT_MS);
	assert_int_equal(named("elapsedMillis"), RAID_UNIT_MS);
	assert_int_equal(named("elapsedMs"), RAID_UNIT_MS);
	assert_int_equal(named("duration_s"), RAID_UNIT_S);
	assert_int_equal(named("size-bytes"), RAID_UNIT_B);
	assert_int_equal(named("heap.used.kb"), RAID_UNIT_KB);
	assert_int_equal(named("cpu_pct"), RAID_UNIT_PERCENT);
	assert_int_equal(named("rx_min"), RAID_UNIT_NONE);
	assert_int_equal(named("up_minutes"), RAID_UNIT_MIN);
	assert_int_equal(named("isK"), RAID_UNIT_NONE);
	assert_int_equal(named("items"), RAID_UNIT_NONE);
	assert_int_equal(named("ms"), RAID_UNIT_NONE);
	assert_int_equal(named("_"), RAID_UNIT_NONE);
	assert_int_equal(named(""), RAID_UNIT_NONE);
	assert_true(raid_unit_factor(RAID_UNIT_H, RAID_UNIT_MS) == 3.6e6);
	assert_true(raid_unit_factor(RAID_UNIT_GB, RAID_UNIT_MB) == 1024);
	assert_true(raid_unit_factor(RAID_UNIT_GB, RAID_UNIT_MS) == 1);
}

static void
test_number(void **state)
{
	static const struct {
		double v;
		enum raid_unit unit;
		const char *want;
	} v[] = {
		{ 20.34, RAID_UNIT_MS, "20.3ms" },
		{ 1234, RAID_UNIT_MB, "1234MB" },
		{ 0.48, RAID_UNIT_S, "0.48s" },
		{ 0.4849, RAID_UNIT_S, "0.485s" },
		{ 20.3, RAID_UNIT_NONE, "20.3" },
		{ 0, RAID_UNIT_NONE, "0" }, { -0.0, RAID_UNIT_NONE, "0" },
		{ 999999999999999, RAID_UNIT_B, "999999999999999B" },
		{ 1e15, RAID_UNIT_B, "1e+15B" },
		{ -17, RAID_UNIT_NONE, "-17" },
		{ 288.78, RAID_UNIT_MS, "289ms" },
		{ 2302.16, RAID_UNIT_MS, "2302ms" },
		{ 999.7, RAID_UNIT_NONE, "1000" },
		{ 999.4, RAID_UNIT_NONE, "999" },
		{ 99.96, RAID_UNIT_NONE, "100" },
		{ 9.996, RAID_UNIT_NONE, "10" },
		{ 0.9996, RAID_UNIT_NONE, "1" },
		{ 1.67, RAID_UNIT_MS, "1.67ms" }, { 2.5, RAID_UNIT_S, "2.5s" },
		{ 0.00123, RAID_UNIT_S, "0.00123s" },
		{ 0.000123, RAID_UNIT_S, "0.000123s" },
		{ 0.0000123, RAID_UNIT_S, "1.23e-05s" },
		{ 99, RAID_UNIT_PERCENT, "99%" },
		{ -1.2345, RAID_UNIT_NONE, "-1.23" },
		{ NAN, RAID_UNIT_NONE, "?" },
	};
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		raid_buf_reset(&b);
		raid_metric_number(v[i].v, v[i].unit, &b);
		assert_string_equal(raid_buf_str(&b), v[i].want);
	}
	/* Whatever it is, it is told within half a percent. */
	for (int i = 0; i < 20000; i++) {
		double x = exp((double)rnd(80000) / 1000 - 40);

		raid_buf_reset(&b);
		raid_metric_number(x, RAID_UNIT_NONE, &b);
		assert_true(fabs(strtod(raid_buf_str(&b), NULL) - x) <=
		    0.00501 * x);
	}
	raid_buf_free(&b);
}

static int
find(struct raid_metrics *m, const char *name, enum raid_unit u, int keyed)
{
	return raid_metrics_find(m, (const unsigned char *)name, strlen(name),
	    u, keyed);
}

static void
test_add(void **state)
{
	struct raid_metrics *m = raid_metrics_new(100, 1 << 20);
	const struct raid_metric *k;
	int a = find(m, "took", RAID_UNIT_MS, 1);

	(void)state;
	assert_int_equal(find(m, "took", RAID_UNIT_S, 1), a);
	assert_int_not_equal(find(m, "took", RAID_UNIT_KB, 1), a);
	assert_int_not_equal(find(m, "took", RAID_UNIT_MS, 0), a);
	assert_int_not_equal(find(m, "took", RAID_UNIT_NONE, 1), a);
	raid_metrics_add(m, a, 100, RAID_UNIT_MS, 5, 0);
	raid_metrics_add(m, a, 0.2, RAID_UNIT_S, 5, 1);
	raid_metrics_add(m, a, 400, RAID_UNIT_NONE, 4, 1);
	raid_metrics_add(m, a, 0, RAID_UNIT_MS, 4, 0);
	raid_metrics_add(m, a, 1, RAID_UNIT_GB, 4, 0);
	raid_metrics_add(m, a, NAN, RAID_UNIT_MS, 4, 0);
	raid_metrics_add(m, a, 50, RAID_UNIT_MS, RAID_SERIES_NONE, 0);
	raid_metrics_add(m, -1, 50, RAID_UNIT_MS, 4, 0);
	raid_metrics_add(m, 1000, 50, RAID_UNIT_MS, 4, 0);
	k = raid_metrics_get(m, (size_t)a);
	assert_string_equal(k->name, "took");
	assert_int_equal(k->all.n, 5);
	assert_int_equal(k->window.n, 2);
	assert_true(k->all.max == 400 && k->all.min == 0);
	assert_true(k->window.min == 200);
	assert_int_equal(k->nshift, 2);
	assert_int_equal(k->shift[0].at, 4);
	assert_int_equal(k->shift[0].n, 1);
	assert_int_equal(k->shift[0].zero, 1);
	assert_true(fabs(raid_shift_mean(&k->shift[0]) - log2(400)) < 0.01);
	assert_int_equal(k->shift[1].n, 2);
	assert_true(fabs(2 * raid_shift_mean(&k->shift[1]) - log2(20000)) < 0.02);
	raid_metrics_halve(m);
	assert_int_equal(k->nshift, 1);
	assert_int_equal(k->shift[0].at, 2);
	assert_int_equal(k->shift[0].n, 3);
	/* A name tells its unit. */
	a = find(m, "wait_ms", RAID_UNIT_NONE, 1);
	assert_int_equal(raid_metrics_get(m, (size_t)a)->unit, RAID_UNIT_MS);
	assert_int_equal(find(m, "wait_ms", RAID_UNIT_S, 1), a);
	/* Names are cut and cleaned. */
	a = raid_metrics_find(m, (const unsigned char *)"a\0b\n", 4, 0, 1);
	assert_string_equal(raid_metrics_get(m, (size_t)a)->name, "a_b_");
	raid_metrics_free(m);
	raid_metrics_free(NULL);
}

static void
test_join(void **state)
{
	struct raid_metrics *m = raid_metrics_new(100, 1 << 20);
	int a = find(m, "a", RAID_UNIT_MS, 0), b = find(m, "b", RAID_UNIT_S, 0);
	int c = find(m, "c", RAID_UNIT_S, 0), d = find(m, "d", RAID_UNIT_KB, 0);

	(void)state;
	raid_metrics_add(m, a, 1000, RAID_UNIT_MS, 1, 0);
	raid_metrics_add(m, b, 2, RAID_UNIT_S, 2, 1);
	raid_metrics_add(m, c, 3, RAID_UNIT_S, 1, 0);
	raid_metrics_join(m, b, c);
	raid_metrics_join(m, a, b);
	raid_metrics_join(m, b, a);
	raid_metrics_join(m, a, d);
	assert_int_equal(find(m, "c", RAID_UNIT_S, 0), a);
	raid_metrics_add(m, c, 4, RAID_UNIT_S, 2, 0);
	assert_int_equal(raid_metrics_get(m, (size_t)a)->all.n, 4);
	assert_int_equal(raid_metrics_get(m, (size_t)a)->nshift, 2);
	assert_int_equal(raid_metrics_get(m, (size_t)a)->window.n, 1);
	assert_true(raid_metrics_get(m, (size_t)a)->all.max == 4000);
	assert_true(raid_metrics_get(m, (size_t)b)->gone);
	assert_true(raid_metrics_get(m, (size_t)c)->gone);
	assert_false(raid_metrics_get(m, (size_t)d)->gone);
	raid_metrics_free(m);
}

/* However many names there are, memory is bounded; what is frequent stays. */
static void
test_bounds(void **state)
{
	struct raid_metrics *m = raid_metrics_new(200, 1 << 20);
	int common[20], id;
	char name[32];

	(void)state;
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "common %d", i);
		common[i] = find(m, name, RAID_UNIT_NONE, 0);
	}
	for (int i = 0; i < 400000; i++) {
		(void)snprintf(name, sizeof(name), "rare %d", i);
		id = find(m, name, RAID_UNIT_NONE, 0);
		raid_metrics_add(m, id, 5, RAID_UNIT_NONE, i / 1000, 0);
		raid_metrics_add(m, common[i % 20], (double)rnd(1 << 30),
		    RAID_UNIT_NONE, i / 1000, 1);
		assert_true(raid_metrics_bytes(m) < 1200000);
	}
	for (int i = 0; i < 20; i++)
		assert_int_equal(raid_metrics_get(m, (size_t)common[i])->all.n,
		    20000);
	assert_true(raid_metrics_dropped(m) > 1000);
	assert_true(raid_metrics_count(m) <= 3200);
	raid_metrics_free(m);
	/* When all are big, some go and the others are still right. */
	m = raid_metrics_new(200, 300000);
	for (int i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "big %d", i);
		id = find(m, name, RAID_UNIT_NONE, 0);
		for (int j = 0; j < 5000; j++)
			raid_metrics_add(m, id, (double)rnd(1 << 30),
			    RAID_UNIT_NONE, j, 1);
		assert_true(raid_metrics_bytes(m) < 400000);
	}
	for (size_t i = 0; i < raid_metrics_count(m); i++) {
		if (!raid_metrics_get(m, i)->gone)
			assert_in_range(raid_metrics_get(m, i)->all.n, 1,
			    5000);
	}
	raid_metrics_free(m);
}

static void
test_text(void **state)
{
	struct raid_metrics *m = raid_metrics_new(100, 1 << 20);
	struct raid_metrics *t = raid_metrics_new(100, 1 << 20);
	const struct raid_metric *x, *y;
	const unsigned char *p;
	size_t left, len;
	struct raid_buf b;
	int id[3];

	(void)state;
	raid_buf_init(&b, 1000000);
	id[0] = find(m, "latency_ms", RAID_UNIT_NONE, 1);
	id[1] = find(m, "request 17 took", RAID_UNIT_S, 0);
	id[2] = find(m, "", RAID_UNIT_NONE, 0);
	for (int i = 0; i < 3000; i++)
		raid_metrics_add(m, id[i % 3], (double)rnd(1000) / 8,
		    RAID_UNIT_NONE, i / 100, i > 2000);
	(void)find(t, "other", RAID_UNIT_NONE, 1);
	raid_metrics_add(t, find(t, "request 17 took", RAID_UNIT_MS, 0), 7,
	    RAID_UNIT_MS, 3, 0);
	raid_metrics_write(m, &b);
	len = b.len;
	for (int i = 0; i < 2; i++) {
		p = b.p;
		left = len;
		assert_int_equal(raid_metrics_read(t, &p, &left), 0);
		assert_int_equal(left, 0);
	}
	x = raid_metrics_get(m, (size_t)id[0]);
	y = raid_metrics_get(t, (size_t)find(t, "latency_ms", RAID_UNIT_MS,
	    1));
	assert_int_equal(y->all.n, 2 * x->all.n);
	assert_int_equal(y->window.n, 2 * x->window.n);
	assert_true(raid_sketch_quantile(&x->all, 0.9) ==
	    raid_sketch_quantile(&y->all, 0.9));
	assert_int_equal(y->nshift, x->nshift);
	assert_int_equal(y->shift[2].logs, 2 * x->shift[2].logs);
	x = raid_metrics_get(m, (size_t)id[1]);
	y = raid_metrics_get(t, (size_t)find(t, "request 17 took",
	    RAID_UNIT_MS, 0));
	assert_int_equal(y->all.n, 2 * x->all.n + 1);
	assert_true(y->all.max == 1000 * x->all.max);
	assert_int_equal(raid_metrics_count(t), 4);
	for (size_t i = 0; i < len; i++) {
		p = b.p;
		left = i;
		assert_int_equal(raid_metrics_read(t, &p, &left), -1);
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char was = b.p[i];

		b.p[i] = (unsigned char)rnd(256);
		p = b.p;
		left = len;
		(void)raid_metrics_read(t, &p, &left);
		b.p[i] = was;
	}
	raid_metrics_free(m);
	raid_metrics_free(t);
	raid_buf_free(&b);
}

static void
test_speed(void **state)
{
	struct raid_metrics *m = raid_metrics_new(100, 1 << 20);
	static double v[4096];
	clock_t t;
	int id = find(m, "a", RAID_UNIT_MS, 1);

	(void)state;
	for (size_t i = 0; i < 4096; i++)
		v[i] = (double)(rnd(1000) + 1) * (double)(rnd(1000) + 1) / 64;
	t = clock();
	for (int i = 0; i < 4000000; i++)
		raid_metrics_add(m, id, v[i & 4095], RAID_UNIT_MS, i >> 12,
		    0);
	print_message("# %.1f ns\n",
	    (double)(clock() - t) / CLOCKS_PER_SEC * 1e9 / 4e6);
	assert_true((double)(clock() - t) / CLOCKS_PER_SEC < 4);
	raid_metrics_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
