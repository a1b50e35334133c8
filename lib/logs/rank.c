/* SPDX-License-Identifier: ISC */
#include "logs/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "logs/rank_priv.h"

#define WHEN_MAX 6.0
#define VALUES_MIN 100		/* of a slot that has rare ones */
#define CROWD_GAP 50		/* lines */

struct job {
	const struct raid_rank_opts *o;
	uint64_t *counts;	/* of families, ascending */
	size_t n;
	double level[RAID_LEVEL_FATAL + 1];	/* bits of it, or worse */
	double weight;		/* what a halved count is worth */
	double trust;		/* 0.3 to 1: in what only the course and the
				 * words of harmless lines tell */
	double few;		/* a tenth of the families have less */
};

double
raid_rank_surprise(double n, double expected)
{
	double bits;

	if (expected < 0.01)
		expected = 0.01;
	if (n <= 0)
		return expected / M_LN2;
	/* Chernoff's bound of a Poisson tail. */
	bits = n * log2(n / expected) - (n - expected) / M_LN2;
	return bits > 0 ? bits : 0;
}

static int32_t
first_at(const struct raid_series *s)
{
	return s->n > 0 ? s->v[0].at : 0;
}

static int32_t
behind(int32_t at)
{
	return at < INT32_MAX ? at + 1 : at;
}

static int32_t
end_at(const struct raid_series *s)
{
	return s->n > 0 ? behind(s->v[s->n - 1].at) : 0;
}

static double
share_of(const struct raid_series *all, int32_t from, int32_t to)
{
	double span = (double)end_at(all) - first_at(all);
	double lines = (double)raid_series_sum(all, INT32_MIN + 1, INT32_MAX);
	double x, y;

	if (span < 1 || lines < 1)
		return 1;
	x = ((double)to - from) / span;
	y = (double)raid_series_sum(all, from, to) / lines;
	return x > y ? (x < 1 ? x : 1) : y;
}

/* Of time and lines, the lesser. */
static double
least_share(const struct raid_series *all, int32_t from, int32_t to)
{
	double span = (double)end_at(all) - first_at(all);
	double lines = (double)raid_series_sum(all, INT32_MIN + 1, INT32_MAX);
	double x = ((double)to - from) / span;
	double y = (double)raid_series_sum(all, from, to) / lines;

	return x < y ? x : y;
}

double
raid_rank_burst(const struct raid_series *s, const struct raid_series *all,
    int32_t *from, int32_t *to)
{
	double sum = 0, in = 0, best = INFINITY;
	size_t a = 0;

	for (size_t i = 0; i < s->n; i++)
		sum += s->v[i].n;
	*from = first_at(all);
	*to = end_at(all);
	for (size_t i = 0; i < s->n; i++) {
		in += s->v[i].n;
		while (in - s->v[a].n >= 0.8 * sum)
			in -= s->v[a++].n;
		if (in < 0.8 * sum ||
		    (double)s->v[i].at - s->v[a].at >= best)
			continue;
		best = (double)s->v[i].at - s->v[a].at;
		*from = s->v[a].at;
		*to = behind(s->v[i].at);
	}
	return share_of(all, *from, *to);
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The counts of families; of one with many members its largest. */
static void
count_families(struct job *j, const struct raid_rank *v, size_t n)
{
	uint64_t *most = raid_calloc(n + 1, sizeof(*most));

	for (size_t i = 0; i < n; i++)
		if (most[v[i].family] < v[i].count)
			most[v[i].family] = v[i].count;
	j->n = 0;
	for (size_t i = 0; i < n; i++)
		if (most[i] > 0)
			most[j->n++] = most[i];
	qsort(most, j->n, sizeof(*most), by_number);
	j->counts = most;
}

/* How few have so low a count, or a lower one. */
static double
tail(const struct job *j, uint64_t count)
{
	size_t lo = 0, hi = j->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (j->counts[mid] <= count)
			lo = mid + 1;
		else
			hi = mid;
	}
	return j->n > 0 ? -log2((double)(lo > 0 ? lo : 1) / (double)j->n) :
	    0;
}

/*
 * Where many stand but once, that tells little, and so do counts as such;
 * then what is bad leads.
 */
static void
weigh(struct job *j)
{
	double most = j->n > 0 ? tail(j, j->counts[0]) : 0;

	most = most < 6 ? most / 6 : 1;
	j->weight = 0.5 * most;
	j->trust = 0.3 + 0.7 * most;
	j->few = j->n > 0 ? (double)j->counts[j->n / 10] : 0;
}

static double
rarity(const struct job *j, uint64_t count, uint64_t of)
{
	double n = (double)(count > 0 ? count : 1), bits;

	bits = tail(j, count) + j->weight * log2((double)of / n);
	/* Far below all others is rarer than a rank can say. */
	if (n < j->few)
		bits += j->weight * log2(j->few / n);
	return bits;
}

/* How many families are at least so bad. */
static void
count_levels(struct job *j, const struct raid_rank *v, size_t n)
{
	size_t at[RAID_LEVEL_FATAL + 1] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i].family == i)
			at[v[i].t->trace ? RAID_LEVEL_FATAL :
			    v[i].t->level]++;
	for (size_t i = RAID_LEVEL_FATAL + 1; i-- > 0;) {
		sum += at[i];
		j->level[i] = sum > 0 ? -log2((double)sum / (double)j->n) :
		    0;
	}
}

/* Where nearly all is called an error, that tells less. */
static double
severity(const struct job *j, const struct raid_template *t)
{
	static const double most[] = { 0, 0, 0, 1, 2, 3 };
	enum raid_level level = t->trace ? RAID_LEVEL_FATAL : t->level;
	double bits = j->level[level];

	if (bits > most[level])
		return most[level];
	return bits < most[level] / 2 ? most[level] / 2 : bits;
}

void
raid_rank_edges(const struct raid_template *t,
    const struct raid_rank_opts *o, double *before, double *after)
{
	const struct raid_series *s = t->series;
	double lines = (double)o->lines + 1;
	int32_t from = first_at(o->all), to = end_at(o->all);

	*before = ((double)t->first - 1) / lines;
	*after = 1 - ((double)t->last + 1) / lines;
	if (s != NULL && s->n > 0 && o->all->n > 0) {
		*before = least_share(o->all, from, s->v[0].at);
		*after = least_share(o->all, behind(s->v[s->n - 1].at), to);
	}
	if (*after < 0)
		*after = 0;
}

/* Its events stand close together, or it began late, or ended early. */
static double
timing(const struct job *j, const struct raid_template *t)
{
	double n = (double)t->count, burst = 0, late, early, share;
	int32_t from, to;

	if (n < 2)
		return 0;
	if (t->series != NULL && t->series->n > 0) {
		share = raid_rank_burst(t->series, j->o->all, &from, &to);
		burst = -log2(share);
	}
	if (burst > (n < 4 ? 1 : 4))
		burst = n < 4 ? 1 : 4;
	raid_rank_edges(t, j->o, &late, &early);
	late = -n * log2(1 - late * 0.999) - 3;
	early = -n * log2(1 - early * 0.999) - 3;
	late = late < 0 ? 0 : late > 3 ? 3 : late;
	early = early < 0 ? 0 : early > 2 ? 2 : early;
	return burst + (late > early ? late : early);
}

static double
with_incident(const struct job *j, const struct raid_template *t)
{
	double best = 0, bits, n, share;
	int32_t from;

	if (t->series == NULL)
		return 0;
	for (size_t i = 0; i < j->o->nincident; i++) {
		const struct raid_incident *c = &j->o->incidents[i];

		/* What comes just before may be the cause. */
		from = c->from > INT32_MIN + 1 ? c->from - 1 : c->from;
		share = share_of(j->o->all, from, c->to);
		n = (double)raid_series_sum(t->series, from, c->to);
		if (share >= 1 || n < 2 * (double)t->count * share)
			continue;
		bits = raid_rank_surprise(n, (double)t->count * share);
		if (bits > best)
			best = bits;
	}
	return best < 4 ? best : 4;
}

static double
with_window(const struct job *j, const struct raid_template *t)
{
	double n = (double)t->in_window, e = (double)t->count * j->o->window;
	double bits;

	if (j->o->window <= 0)
		return 0;
	if (n <= e)
		return n > 0 ? 0 : -4;
	bits = raid_rank_surprise(n, e);
	return bits < 8 ? bits : 8;
}

static int
is_bad(const struct raid_rank *r)
{
	return r->t->level >= RAID_LEVEL_ERROR || r->t->trace;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* In a log where many come in bursts, a burst is no surprise. */
static void
temper(const double *sorted, size_t n, struct raid_rank *r)
{
	size_t lo = 0, hi = n, mid;
	double most;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (sorted[mid] < r->when)
			lo = mid + 1;
		else
			hi = mid;
	}
	most = lo < n ? -log2((double)(n - lo) / (double)n) : 0;
	if (r->when > most)
		r->when = most;
}

static void
score(const struct job *j, struct raid_rank *v, size_t n)
{
	double *sorted = raid_calloc(n + 1, sizeof(*sorted)), when, trust;

	for (size_t i = 0; i < n; i++)
		sorted[i] = v[i].when = timing(j, v[i].t);
	qsort(sorted, n, sizeof(*sorted), by_size);
	for (size_t i = 0; i < n; i++) {
		struct raid_rank *r = &v[i];

		temper(sorted, n, r);
		when = r->when + with_incident(j, r->t);
		r->when = when < WHEN_MAX ? when : WHEN_MAX;
		r->rare = rarity(j, r->count, j->o->lines);
		r->severe = severity(j, r->t);
		if (!is_bad(r)) {
			trust = r->t->level < RAID_LEVEL_WARN ? j->trust :
			    (1 + j->trust) / 2;
			r->words *= r->words > 0 ? trust : 1;
			r->when *= trust;
		}
		r->when += with_window(j, r->t);
		r->bits = r->rare + r->severe + r->words + r->when;
	}
	free(sorted);
}

/* Values of slots that hold but a few different ones. */
static size_t
add_values(const struct job *j, struct raid_rank *v, size_t n,
    size_t index, const struct raid_template *t)
{
	size_t was = n;

	for (size_t i = 0; i < t->nvalues; i++) {
		const struct raid_values *s = &t->values[i];

		if (s->evicted || s->total < VALUES_MIN)
			continue;
		for (size_t k = 0; k < s->n; k++) {
			const struct raid_value *x = &s->v[k];
			struct raid_rank r = { .t = t, .index = index,
			    .slot = s, .value = x, .count = x->count,
			    .line = x->line };

			if (x->quote == NULL || x->count > s->total / 50)
				continue;
			/* One of two or three says more than one of many. */
			r.rare = rarity(j, x->count, s->total) -
			    (s->n > 3 ? 2 : 0);
			r.severe = severity(j, t);
			r.bits = r.rare + r.severe;
			if (v != NULL)
				v[n] = r;
			n++;
		}
	}
	return n - was;
}

static int
by_line(const void *a, const void *b)
{
	const struct raid_rank *x = *(struct raid_rank *const *)a;
	const struct raid_rank *y = *(struct raid_rank *const *)b;

	return x->line < y->line ? -1 : x->line > y->line;
}

static int
by_bits(const void *a, const void *b)
{
	const struct raid_rank *x = a, *y = b;

	if (x->bits != y->bits)
		return x->bits < y->bits ? 1 : -1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	return (x->value != NULL) - (y->value != NULL);
}

static int
by_bits_of(const void *a, const void *b)
{
	return by_bits(*(struct raid_rank *const *)a,
	    *(struct raid_rank *const *)b);
}

/*
 * Rare lines that came together have one cause, as a start that prints
 * forty lines has: the first say it, each further one less.
 */
static void
thin_crowds(const struct job *j, struct raid_rank *v, size_t n)
{
	struct raid_rank **p = raid_calloc(n + 1, sizeof(*p));
	size_t np = 0, a, b;
	double gap;

	for (size_t i = 0; i < n; i++)
		if (v[i].rare >= 2)
			p[np++] = &v[i];
	gap = 0.1 * (double)j->o->lines / (double)(np + 1);
	if (gap > CROWD_GAP)
		gap = CROWD_GAP;
	qsort(p, np, sizeof(struct raid_rank *), by_line);
	for (a = 0; a < np; a = b) {
		for (b = a + 1; b < np && (double)(p[b]->line -
		    p[b - 1]->line) <= gap; b++)
			;
		qsort(p + a, b - a, sizeof(struct raid_rank *), by_bits_of);
		for (size_t i = a + 1; i < b; i++)
			p[i]->crowd = (is_bad(p[i]) ? 0.4 : 0.8) *
			    log2((double)(i - a + 1));
	}
	for (size_t i = 0; i < n; i++)
		v[i].bits -= v[i].crowd;
	free(p);
}

void
raid_rank_settle(struct raid_rank *v, size_t n)
{
	struct raid_rank **best = raid_calloc(2 * n + 1, sizeof(*best));

	for (size_t i = 0; i < n; i++) {
		struct raid_rank **b = &best[v[i].family];

		v[i].member = 0;
		v[i].like = 0;
		v[i].like_lines = 0;
		if (*b == NULL) {
			*b = &v[i];
			continue;
		}
		v[i].member = 1;
		(*b)->like++;
		(*b)->like_lines += v[i].t->lines;
	}
	free(best);
}

size_t
raid_rank(const struct raid_template *const *v, size_t n,
    const struct raid_rank_opts *o, struct raid_rank **out)
{
	struct job j = { .o = o };
	struct raid_rank *r;
	size_t total = n;

	for (size_t i = 0; i < n; i++)
		total += add_values(&j, NULL, 0, i, v[i]);
	*out = r = raid_calloc(total + 1, sizeof(*r));
	for (size_t i = 0; i < n; i++)
		r[i] = (struct raid_rank){ .t = v[i], .index = i,
		    .count = v[i]->count, .line = v[i]->first };
	raid_rank_families(r, n);
	raid_rank_words(r, n);
	count_families(&j, r, n);
	count_levels(&j, r, n);
	weigh(&j);
	score(&j, r, n);
	total = n;
	for (size_t i = 0; i < n; i++)
		total += add_values(&j, r, total, i, v[i]);
	for (size_t i = n; i < total; i++)
		r[i].family = (uint32_t)i;
	thin_crowds(&j, r, total);
	qsort(r, total, sizeof(*r), by_bits);
	raid_rank_settle(r, total);
	free(j.counts);
	return total;
}
