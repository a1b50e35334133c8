/* SPDX-License-Identifier: ISC */
/* Incidents that were made, and times in which there was none. */
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

#include "logs/incident.h"

static uint64_t seed;

static double
uniform(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-53;
}

static void
start(int n)
{
	seed = (uint64_t)(n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < 10; i++)
		(void)uniform();
}

/* The sum of twelve is near enough, and fast. */
static double
normal(void)
{
	double s = -6;

	for (int i = 0; i < 4; i++) {
		uint64_t x = (uint64_t)(uniform() * 0x1p53);

		s += (double)(x & 0xffff) * 0x1p-16 +
		    (double)(x >> 16 & 0xffff) * 0x1p-16 +
		    (double)(x >> 32 & 0xffff) * 0x1p-16;
	}
	return s;
}

static int
poisson(double mean)
{
	double p = exp(-mean), x = uniform();
	int n = 0;

	if (mean > 50) {
		n = (int)floor(mean + sqrt(mean) * normal() + 0.5);
		return n < 0 ? 0 : n;
	}
	for (double sum = p; x > sum && n < 500; sum += p)
		p *= mean / ++n;
	return n;
}

/* A log, and what is wrong with it.  0 is what is usual, -1 is none. */
struct world {
	int n;			/* intervals */
	double lines, errors;	/* lines an interval; share of errors */
	double values, sigma;	/* values an interval, their spread */
	int from[2], to[2];	/* windows; none: 0, 0 */
	double slower;		/* factor of values in windows */
	double wrong;		/* share of errors there */
	double rate;		/* factor of lines there */
	double leak;		/* factor from begin to end */
	double wave, period;	/* log2 of a daily wave, its intervals */
	double wander;		/* log2 of noise from interval to interval */
	int outlier;		/* one value is so much greater */
	int holes;		/* so many times nothing was logged */
	int saw;		/* climb 4-fold and fall every so often */
	int bursts;		/* every so often it is slow */
	int whole, zeros;	/* integers; most are 0 outside of windows */
	double uneven;		/* log2 of noise of the lines */
	int clumps;		/* errors come so many at once */
	int others;		/* numbers that nothing happens to */
};

#define OTHERS 20

struct log {
	struct raid_metrics *m;
	int other[OTHERS];
	struct raid_series all, errors;
	struct raid_incident v[8];
	size_t n;
};

static int
inside(const struct world *w, int i)
{
	return (i >= w->from[0] && i < w->to[0]) ||
	    (i >= w->from[1] && i < w->to[1]);
}

static double
level(const struct world *w, int i)
{
	double x = 20;

	if (inside(w, i) && w->slower > 0)
		x *= w->slower;
	if (w->leak > 0)
		x *= pow(w->leak, (double)i / w->n);
	if (w->period > 0)
		x *= exp2(w->wave * sin(2 * M_PI * i / w->period));
	if (w->wander > 0)
		x *= exp2(w->wander * normal());
	if (w->saw > 0)
		x *= exp2(2. * (i % w->saw) / w->saw);
	if (w->bursts > 0 && i % w->bursts < w->bursts / 8)
		x *= 4;
	return x;
}

static void
one_interval(const struct world *w, struct log *l, int id, int i)
{
	double lines = w->lines, x = level(w, i), wrong = w->errors;
	int n, at = 27570000 + i;

	if (w->holes > 0 && i % (w->n / w->holes) < w->n / w->holes / 6 &&
	    i > w->n / 10)
		return;
	if (inside(w, i) && w->wrong > 0)
		wrong = w->wrong;
	if (inside(w, i))
		lines *= w->rate;
	if (w->period > 0)
		lines *= exp2(w->wave * sin(2 * M_PI * i / w->period));
	if (w->uneven > 0)
		lines *= exp2(w->uneven * normal());
	raid_series_add(&l->all, at, (uint32_t)poisson(lines));
	n = w->clumps > 0 ? w->clumps : 1;
	n *= poisson(lines * wrong / n);
	raid_series_add(&l->errors, at, (uint32_t)n);
	for (int k = 0; k < w->others; k++) {
		raid_metrics_add(l->m, l->other[k], exp(5 * uniform()),
		    RAID_UNIT_NONE, at, 0);
		raid_metrics_add(l->m, l->other[k], exp(5 * uniform()),
		    RAID_UNIT_NONE, at, 0);
	}
	n = poisson(w->values);
	for (int k = 0; k < n; k++) {
		double v = x * exp2(w->sigma * 1.4427 * normal());

		if (w->whole)
			v = floor(v);
		if (w->zeros && !inside(w, i) && uniform() < 0.9)
			v = 0;
		raid_metrics_add(l->m, id, v, RAID_UNIT_MS, at, 0);
	}
	if (w->outlier > 0 && i == w->n / 3)
		raid_metrics_add(l->m, id, x * w->outlier, RAID_UNIT_MS, at,
		    0);
}

static double
or(double x, double usual)
{
	return x > 0 ? x : x < 0 ? 0 : usual;
}

static void
run(const struct world *given, struct log *l, int number, int n)
{
	struct world usual = *given, *w = &usual;
	int id;

	w->n = w->n > 0 ? w->n : n;
	w->lines = or(w->lines, 400);
	w->errors = or(w->errors, 0.01);
	w->values = or(w->values, 40);
	w->sigma = or(w->sigma, 0.6);
	w->rate = or(w->rate, 1);
	*l = (struct log){ .m = raid_metrics_new(100, 1 << 20) };
	start(number);
	id = raid_metrics_find(l->m, (const unsigned char *)"x", 1,
	    RAID_UNIT_MS, 1);
	for (int i = 0; i < w->others; i++)
		l->other[i] = raid_metrics_find(l->m,
		    (const unsigned char *)&"abcdefghijklmnopqrstuvw"[i], 1,
		    RAID_UNIT_NONE, 1);
	for (int i = 0; i < w->n; i++)
		one_interval(w, l, id, i);
	l->n = raid_incident_find(l->m, &l->all, &l->errors, l->v, 8);
	for (size_t i = 0; i < l->n; i++) {
		l->v[i].from -= 27570000;
		l->v[i].to -= 27570000;
	}
}

static void
end(struct log *l)
{
	raid_metrics_free(l->m);
	raid_series_free(&l->all);
	raid_series_free(&l->errors);
}

static void
tell(const char *name, const struct world *w, const struct log *l, int i)
{
	print_message("# %s %d: %d-%d", name, i, w->from[0], w->to[0]);
	for (size_t k = 0; k < l->n; k++)
		print_message(", %d: %d-%d %.4g -> %.4g (%.0f)",
		    l->v[k].metric, l->v[k].from, l->v[k].to, l->v[k].before,
		    l->v[k].during, l->v[k].strength);
	print_message("\n");
}

static int
near(int a, int b)
{
	return abs(a - b) <= 1;
}

/* Has it been found, with both edges, and nothing else? */
static int
right(const struct world *w, const struct log *l, int metric)
{
	size_t want = 1 + (w->to[1] > 0);

	if (l->n != want)
		return 0;
	for (size_t i = 0; i < want; i++) {
		int ok = 0;

		for (size_t k = 0; k < l->n; k++)
			ok |= near(l->v[k].from, w->from[i]) &&
			    near(l->v[k].to, w->to[i]) &&
			    l->v[k].metric == metric;
		if (!ok)
			return 0;
	}
	return 1;
}

#define SEEDS 200

/* How many of the seeds are as wanted. */
static int
score(const char *name, const struct world *w, int seeds, int metric,
    int quiet)
{
	int good = 0;

	for (int i = 0; i < seeds; i++) {
		struct log l;
		int ok;

		run(w, &l, i, quiet ? 200 : 300);
		ok = quiet ? l.n == 0 : right(w, &l, metric);
		good += ok;
		if (!ok && getenv("TELL") != NULL)
			tell(name, w, &l, i);
		end(&l);
	}
	if (getenv("TELL") != NULL || good < seeds)
		print_message("# %s: %d of %d\n", name, good, seeds);
	return good;
}

static const struct {
	const char *name;
	struct world w;
	int metric;
} found[] = {
	{ "8x", { .from = { 180 }, .to = { 198 }, .slower = 8 }, 0 },
	{ "2x", { .from = { 100 }, .to = { 130 }, .slower = 2 }, 0 },
	{ "3x down", { .lines = -1, .from = { 100 }, .to = { 130 },
	    .slower = 0.33 }, 0 },
	{ "2x integers", { .lines = -1, .from = { 100 }, .to = { 130 }, .slower = 2,
	    .whole = 1 }, 0 },
	{ "out of zeros", { .lines = -1, .from = { 100 }, .to = { 120 },
	    .slower = 1, .whole = 1, .zeros = 1 }, 0 },
	{ "one interval", { .lines = -1, .from = { 200 }, .to = { 201 },
	    .slower = 8 }, 0 },
	{ "two intervals", { .lines = -1, .from = { 200 }, .to = { 202 },
	    .slower = 4 }, 0 },
	{ "few intervals", { .n = 30, .from = { 12 }, .to = { 17 },
	    .slower = 4 }, 0 },
	{ "many intervals", { .n = 2000, .from = { 700 },
	    .to = { 800 }, .slower = 4 }, 0 },
	{ "few values", { .lines = -1, .values = 3, .from = { 100 }, .to = { 140 },
	    .slower = 8 }, 0 },
	{ "two", { .lines = -1, .from = { 60, 200 }, .to = { 80, 230 },
	    .slower = 4 }, 0 },
	{ "for good", { .lines = -1, .from = { 170 }, .to = { 300 }, .slower = 2 },
	    0 },
	{ "for good, early", { .lines = -1, .from = { 60 }, .to = { 300 },
	    .slower = 3 }, 0 },
	{ "at the begin", { .lines = -1, .from = { 0 }, .to = { 20 }, .slower = 4 },
	    0 },
	{ "at the end", { .lines = -1, .from = { 285 }, .to = { 300 },
	    .slower = 4 }, 0 },
	{ "begin and middle", { .lines = -1, .from = { 0, 150 }, .to = { 20, 180 },
	    .slower = 4 }, 0 },
	{ "half of it", { .lines = -1, .from = { 80 }, .to = { 210 },
	    .slower = 4 }, 0 },
	{ "with a leak", { .lines = -1, .from = { 180 }, .to = { 198 }, .slower = 4,
	    .leak = 4 }, 0 },
	{ "with a day", { .lines = -1, .from = { 180 }, .to = { 198 }, .slower = 4,
	    .wave = 0.6, .period = 300 }, 0 },
	{ "with holes", { .lines = -1, .from = { 180 }, .to = { 198 }, .slower = 4,
	    .holes = 6 }, 0 },
	{ "with wander", { .lines = -1, .from = { 180 }, .to = { 198 }, .slower = 4,
	    .wander = 0.3 }, 0 },
	{ "errors", { .errors = 0.001, .wrong = 0.05, .from = { 90 },
	    .to = { 100 } }, RAID_INCIDENT_ERRORS },
	{ "errors for good", { .errors = 0.001, .wrong = 0.05,
	    .from = { 200 }, .to = { 300 } }, RAID_INCIDENT_ERRORS },
	{ "errors from none", { .errors = -1, .wrong = 0.05,
	    .from = { 90 }, .to = { 100 } }, RAID_INCIDENT_ERRORS },
	{ "silence", { .values = -1, .from = { 100 }, .to = { 120 },
	    .rate = -1 }, RAID_INCIDENT_LINES },
	{ "all at once", { .errors = 0.001, .wrong = 0.05, .slower = 8,
	    .rate = 0.5, .others = OTHERS, .from = { 100 },
	    .to = { 120 } }, 0 },
	{ "uneven, 4x", { .uneven = 0.5, .slower = 4, .others = OTHERS,
	    .from = { 100 }, .to = { 120 } }, 0 },
	{ "uneven errors", { .uneven = 0.5, .errors = 0.001, .wrong = 0.05,
	    .clumps = 3, .from = { 100 }, .to = { 120 } },
	    RAID_INCIDENT_ERRORS },
	{ "flood", { .values = -1, .from = { 100 }, .to = { 120 },
	    .rate = 6 }, RAID_INCIDENT_LINES },
};

static void
test_found(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
		bad += score(found[i].name, &found[i].w, 40, found[i].metric,
		    0) < 38;
	assert_int_equal(bad, 0);
}

static const struct {
	const char *name;
	struct world w;
} quiet[] = {
	{ "nothing", { 0 } },
	{ "many values", { .lines = -1, .values = 200 } },
	{ "wide", { .lines = -1, .sigma = 2 } },
	{ "leak", { .n = 300, .leak = 8 } },
	{ "leak of a gauge", { .lines = -1, .leak = 4, .sigma = 0.02 } },
	{ "day", { .n = 300, .wave = 1, .period = 300 } },
	{ "half a day", { .lines = -1, .wave = 1, .period = 400 } },
	{ "days", { .lines = -1, .wave = 1, .period = 75 } },
	{ "day, few values", { .lines = -1, .values = 4, .wave = 1,
	    .period = 300 } },
	{ "day, a step an hour", { .n = 48, .wave = 1,
	    .period = 24 } },
	{ "day of a gauge", { .lines = -1, .sigma = 0.02, .wave = 1,
	    .period = 200 } },
	{ "outlier", { .lines = -1, .outlier = 1000 } },
	{ "outlier of few", { .lines = -1, .values = 4, .outlier = 1000 } },
	{ "few values", { .lines = -1, .values = 0.1, .from = { 100 },
	    .to = { 110 }, .slower = 8 } },
	{ "few lines", { .lines = 1, .errors = 0.1, .values = 1 } },
	{ "short", { .n = 8 } },
	{ "holes", { .holes = 6 } },
	{ "wander", { .lines = -1, .wander = 0.5 } },
	{ "saw", { .lines = -1, .saw = 60 } },
	{ "fine saw", { .lines = -1, .saw = 10, .sigma = 0.1 } },
	{ "bursts", { .lines = -1, .bursts = 32 } },
	{ "small change", { .lines = -1, .from = { 100 }, .to = { 150 },
	    .slower = 1.2 } },
	{ "uneven", { .values = -1, .uneven = 0.7 } },
	{ "clumps", { .values = -1, .clumps = 20 } },
	{ "uneven clumps", { .values = -1, .uneven = 1, .clumps = 10,
	    .errors = 0.05 } },
	{ "uneven day", { .values = -1, .uneven = 0.3, .wave = 0.8,
	    .period = 300 } },
	{ "others", { .lines = -1, .values = -1, .others = OTHERS } },
	{ "zeros", { .lines = -1, .values = 10, .zeros = 1, .whole = 1 } },
};

/* What no log has, but a state file may say. */
static void
test_hostile(void **state)
{
	struct raid_metrics *m = raid_metrics_new(10, 1 << 20);
	struct raid_series all = { 0 }, errors = { 0 };
	struct raid_incident v[2];
	int id = raid_metrics_find(m, (const unsigned char *)"x", 1, 0, 0);

	(void)state;
	assert_int_equal(raid_incident_find(NULL, &all, &errors, v, 2), 0);
	assert_int_equal(raid_incident_find(m, &all, &errors, v, 0), 0);
	for (int i = 0; i < 20000; i++) {
		int at = (int)(uniform() * 4e9 - 2e9);

		raid_series_add(&all, at, UINT32_MAX);
		raid_series_add(&errors, -at, UINT32_MAX);
		raid_metrics_add(m, id, exp(1400 * uniform() - 700), 0, at,
		    0);
	}
	raid_series_add(&all, INT32_MAX, 1);
	raid_series_add(&all, INT32_MIN + 1, 1);
	assert_true(raid_incident_find(m, &all, &errors, v, 2) <= 2);
	raid_series_free(&all);
	/* Errors in intervals that have no lines. */
	raid_series_add(&all, 5, 1);
	raid_series_add(&all, 6, 1);
	assert_true(raid_incident_find(m, &all, &errors, v, 2) <= 2);
	raid_series_free(&all);
	raid_series_free(&errors);
	raid_metrics_free(m);
}

static void
test_quiet(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		bad += score(quiet[i].name, &quiet[i].w, SEEDS, 0, 1) < SEEDS;
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
