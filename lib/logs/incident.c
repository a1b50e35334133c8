/* SPDX-License-Identifier: ISC */
#include "logs/incident.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/incident_priv.h"

#define METRICS_MAX 256		/* those with the most values are looked at */
#define VALUES_MIN 60		/* of a metric that is looked at */
#define CELLS_MIN 6
#define LINES_MAX 4096		/* cells of the rate of lines */

/* The level of zero: half of what positive values begin with, as log2. */
static double
level_of_zero(const struct raid_metric *k)
{
	double least = raid_sketch_quantile(&k->all,
	    (double)(k->all.zero + 1) / (double)k->all.n);

	return least > 0 ? log2(least) - 1 : -1;
}

static double
mean(const struct raid_shift *t, double zero)
{
	double n = (double)t->n + t->zero;

	return ((double)t->logs / RAID_LOG2 + t->zero * zero) / n;
}

static int
compare_counts(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The median number of values in an interval. */
static double
usual_count(const struct raid_metric *k)
{
	double *v = raid_calloc(k->nshift, sizeof(*v)), m;

	for (uint32_t i = 0; i < k->nshift; i++)
		v[i] = (double)k->shift[i].n + k->shift[i].zero;
	qsort(v, k->nshift, sizeof(*v), compare_counts);
	m = v[k->nshift / 2];
	free(v);
	return m < 1 ? 1 : m;
}

static void
from_metric(struct raid_hunt *h, const struct raid_metric *k)
{
	double zero = level_of_zero(k), usual, sum = 0, weights = 0;

	if (k->nshift < CELLS_MIN)
		return;
	usual = usual_count(k);
	/* Means differ for other reasons than chance, too: twice as many
	 * values are not twice as sure. */
	for (int pass = 0; pass < 2; pass++) {
		double middle = weights > 0 ? sum / weights : 0;

		for (uint32_t i = 0; i < k->nshift; i++) {
			const struct raid_shift *t = &k->shift[i];
			double n = (double)t->n + t->zero;
			double w = n * usual / (n + usual);

			if (n <= 0)
				continue;
			sum += w * mean(t, zero);
			weights += w;
			if (pass == 1)
				raid_steps_add(&h->steps, t->at,
				    w * (mean(t, zero) - middle), w, n);
		}
		h->middle = middle;
	}
	h->zero = zero;
	h->steps.width = 1;
}

static void
from_errors(struct raid_hunt *h, const struct raid_series *all,
    const struct raid_series *errors)
{
	h->steps.counts = 1;
	h->steps.width = 1;
	for (uint32_t i = 0, j = 0; i < all->n; i++) {
		double k = 0, n = all->v[i].n;

		while (j < errors->n && errors->v[j].at < all->v[i].at)
			j++;
		if (j < errors->n && errors->v[j].at == all->v[i].at)
			k = errors->v[j].n;
		raid_steps_add(&h->steps, all->v[i].at, k, n, k);
	}
}

/*
 * The first and the last interval are not whole and do not count.  Where
 * often nothing comes, much now and then is nothing, too.
 */
static void
from_lines(struct raid_hunt *h, const struct raid_series *all)
{
	int64_t from, to, width;

	h->steps.counts = 1;
	if (all->n < CELLS_MIN)
		return;
	from = (int64_t)all->v[0].at + 1;
	to = all->v[all->n - 1].at;
	width = (to - from + LINES_MAX - 1) / LINES_MAX;
	if (all->n < (to - from) / width * 8 / 10)
		return;
	h->steps.width = (int32_t)width;
	for (int64_t at = from; at + width <= to; at += width) {
		double k = (double)raid_series_sum(all, (int32_t)at,
		    (int32_t)(at + width));

		raid_steps_add(&h->steps, (int32_t)at, k, 1, k);
	}
}

/* Look at one thing; what is found goes to the end of v. */
static void
look(struct raid_hunt *h, struct raid_incident *v, size_t *n)
{
	const struct raid_steps *s = &h->steps;

	if (s->n >= CELLS_MIN &&
	    (h->metric == RAID_INCIDENT_LINES ||
	    s->values[s->n] >= (h->metric < 0 ? RAID_HUNT_EVENTS :
	    VALUES_MIN))) {
		raid_steps_find(&h->steps);
		*n += raid_hunt(h, v + *n);
	}
	raid_steps_free(&h->steps);
}

struct rank {
	uint64_t n;
	size_t i;
};

static int
compare_ranks(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static size_t
look_at_metrics(const struct raid_metrics *m, struct raid_incident *v)
{
	size_t count = raid_metrics_count(m), n = 0;
	struct rank *r = raid_calloc(count + 1, sizeof(*r));

	for (size_t i = 0; i < count; i++)
		r[i] = (struct rank){ raid_metrics_get(m, i)->gone ? 0 :
		    raid_metrics_get(m, i)->all.n, i };
	qsort(r, count, sizeof(*r), compare_ranks);
	for (size_t i = 0; i < count && i < METRICS_MAX; i++) {
		struct raid_hunt h = { .metric = (int)r[i].i };

		if (r[i].n < VALUES_MIN)
			break;
		from_metric(&h, raid_metrics_get(m, r[i].i));
		look(&h, v, &n);
	}
	free(r);
	return n;
}

static int
compare_strength(const void *a, const void *b)
{
	const struct raid_incident *x = a, *y = b;

	if (x->strength < y->strength || x->strength > y->strength)
		return x->strength > y->strength ? -1 : 1;
	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Do they share half of the shorter one? */
static int
overlap(const struct raid_incident *x, const struct raid_incident *y)
{
	int64_t a = (int64_t)x->to - x->from, b = (int64_t)y->to - y->from;
	int64_t from = x->from > y->from ? x->from : y->from;
	int64_t to = x->to < y->to ? x->to : y->to;

	return 2 * (to - from) >= (a < b ? a : b);
}

size_t
raid_incident_find(const struct raid_metrics *m, const struct raid_series *all,
    const struct raid_series *errors, struct raid_incident *v, size_t max)
{
	struct raid_incident *found = raid_calloc(
	    (METRICS_MAX + 2) * RAID_HUNT_MAX, sizeof(*found));
	struct raid_hunt e = { .metric = RAID_INCIDENT_ERRORS };
	struct raid_hunt l = { .metric = RAID_INCIDENT_LINES };
	size_t n = m != NULL ? look_at_metrics(m, found) : 0, kept = 0;

	from_errors(&e, all, errors);
	look(&e, found, &n);
	from_lines(&l, all);
	look(&l, found, &n);
	qsort(found, n, sizeof(*found), compare_strength);
	for (size_t i = 0; i < n && kept < max; i++) {
		size_t j = 0;

		while (j < kept && !overlap(&v[j], &found[i]))
			j++;
		if (j == kept)
			v[kept++] = found[i];
	}
	free(found);
	return kept;
}
