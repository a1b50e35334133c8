/* SPDX-License-Identifier: ISC */
#include "logs/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CELLS_MAX 512		/* more are taken together at first */
#define PRICE 14.0		/* of an edge, in nats */
#define NOISE_MIN 0.0025	/* of means: values may all be the same */

static void *
more(void *p, size_t n)
{
	return raid_realloc(p, n, sizeof(double));
}

void
raid_steps_add(struct raid_steps *s, int32_t at, double a, double b,
    double values)
{
	if (s->n + 1 >= s->cap) {
		s->cap = s->cap < 64 ? 64 : 2 * s->cap;
		s->at = raid_realloc(s->at, s->cap, sizeof(*s->at));
		s->a = more(s->a, s->cap);
		s->b = more(s->b, s->cap);
		s->values = more(s->values, s->cap);
	}
	if (s->n == 0)
		s->a[0] = s->b[0] = s->values[0] = 0;
	s->at[s->n] = at;
	s->a[s->n + 1] = s->a[s->n] + a;
	s->b[s->n + 1] = s->b[s->n] + b;
	s->values[s->n + 1] = s->values[s->n] + values;
	s->n++;
}

void
raid_steps_free(struct raid_steps *s)
{
	free(s->at);
	free(s->a);
	free(s->b);
	free(s->values);
	free(s->edge);
	*s = (struct raid_steps){ 0 };
}

double
raid_steps_level(const struct raid_steps *s, size_t i, size_t j)
{
	double a = s->a[j] - s->a[i], b = s->b[j] - s->b[i];

	return s->counts ? log2((a + 0.5) / b) : a / b;
}

double
raid_steps_mean(const struct raid_steps *s, size_t i, size_t j)
{
	return (s->a[j] - s->a[i]) / (s->b[j] - s->b[i]);
}

double
raid_steps_variance(const struct raid_steps *s, size_t i, size_t j)
{
	double b = s->b[j] - s->b[i];

	return s->noise * (s->counts ? (s->a[j] - s->a[i] + 0.5) / b : 1) / b;
}

/* What a level of their own explains of so much; without the noise. */
static double
gain(const struct raid_steps *s, double a, double b)
{
	if (b <= 0)
		return 0;
	if (!s->counts)
		return a * a / b / 2;
	return a > 0 ? a * log(a / b) : 0;
}

static double
gain_of(const struct raid_steps *s, size_t i, size_t j)
{
	return gain(s, s->a[j] - s->a[i], s->b[j] - s->b[i]);
}

double
raid_steps_contrast(const struct raid_steps *s, size_t f, size_t i, size_t j,
    size_t t)
{
	double a = s->a[j] - s->a[i], b = s->b[j] - s->b[i];
	double alla = s->a[t] - s->a[f], allb = s->b[t] - s->b[f];

	return (gain(s, a, b) + gain(s, alla - a, allb - b) -
	    gain(s, alla, allb)) / s->noise;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The square of how far neighbours differ, at weight 1. */
static double
difference(const struct raid_steps *s, size_t i)
{
	double b = s->b[i + 1] - s->b[i], d = s->b[i + 2] - s->b[i + 1];
	double x = raid_steps_mean(s, i, i + 1) -
	    raid_steps_mean(s, i + 1, i + 2);

	return x * x * b * d / (b + d);
}

/*
 * Counts come in bursts, between which is nothing: all differences, against
 * what is expected of all.  Without the two greatest, which are the edges of
 * an incident if there is one.
 */
static double
noise_of_counts(const struct raid_steps *s)
{
	double square = 0, expected = 0, top[2] = { 0 };

	for (size_t i = 0; i + 1 < s->n; i++) {
		double x = difference(s, i);

		square += x;
		expected += raid_steps_mean(s, i, i + 2);
		if (x > top[0]) {
			top[1] = top[0];
			top[0] = x;
		} else
			top[1] = fmax(top[1], x);
	}
	square -= top[0] + top[1];
	return square > expected ? square / expected : 1;
}

/*
 * By the median of the differences, and by the mean of all but the greatest
 * (when there are few different values, most differences may be 0); those
 * of an incident are among the greatest.
 */
static double
noise_of_means(const struct raid_steps *s)
{
	size_t n = s->n - 1, part = n - n / 50 - (n > 8 ? 4 : 0);
	double *v = raid_calloc(n, sizeof(*v)), middle, square = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = difference(s, i);
	qsort(v, n, sizeof(*v), compare);
	/* A half of the squares of normal numbers is below 0.455; without
	 * the greatest, their mean is 0.8. */
	middle = v[n / 2] / 0.455;
	for (size_t i = 0; i < part; i++)
		square += v[i];
	square /= (double)part * 0.8;
	free(v);
	return fmax(fmax(middle, square), NOISE_MIN);
}

/* An open edge: what is explained before it, and up to the cut at hand. */
struct open {
	size_t at;
	double before, now;
};

/* The best last edge before each cut, by the usual recursion. */
static size_t
divide(const struct raid_steps *s, const size_t *cut, size_t n, size_t *last)
{
	struct open *open = raid_calloc(n + 1, sizeof(*open));
	size_t nopen = 0, edges = 0;
	double best = 0;

	for (size_t j = 1; j <= n; j++) {
		size_t kept = 0;

		open[nopen++] = (struct open){ .at = j - 1, .before = best };
		best = -INFINITY;
		for (size_t k = 0; k < nopen; k++) {
			struct open *o = &open[k];

			o->now = o->before +
			    gain_of(s, cut[o->at], cut[j]) / s->noise;
			if (o->now - PRICE > best) {
				best = o->now - PRICE;
				last[j] = o->at;
			}
		}
		/* What is behind by the price of an edge stays behind. */
		for (size_t k = 0; k < nopen; k++) {
			if (open[k].now >= best)
				open[kept++] = open[k];
		}
		nopen = kept;
	}
	free(open);
	for (size_t j = n; j > 0; j = last[j])
		edges++;
	return edges;
}

/* Put an edge where it parts the two levels best. */
static void
refine(struct raid_steps *s, size_t k, size_t by)
{
	size_t lo = s->edge[k - 1], hi = s->edge[k + 1], at = s->edge[k];
	size_t from = at > lo + by ? at - by : lo + 1;
	size_t to = at + by < hi ? at + by : hi - 1;
	double most = -INFINITY;

	for (size_t i = from; i <= to; i++) {
		double g = gain_of(s, lo, i) + gain_of(s, i, hi);

		if (g > most) {
			most = g;
			s->edge[k] = i;
		}
	}
}

/* A cell or two between two levels belong to the one that is nearer. */
static void
absorb(struct raid_steps *s)
{
	for (size_t k = 1; k + 1 < s->nedge; k++) {
		double x, y, z;

		if (s->edge[k + 1] - s->edge[k] > 2)
			continue;
		x = raid_steps_level(s, s->edge[k - 1], s->edge[k]);
		y = raid_steps_level(s, s->edge[k], s->edge[k + 1]);
		z = raid_steps_level(s, s->edge[k + 1], s->edge[k + 2]);
		if ((y - x) * (z - y) <= 0)
			continue;
		/* The edge that is the lesser step goes. */
		if (fabs(y - x) > fabs(z - y))
			k++;
		memmove(s->edge + k, s->edge + k + 1,
		    (s->nedge - k) * sizeof(*s->edge));
		s->nedge--;
		k = 0;
	}
}

void
raid_steps_find(struct raid_steps *s)
{
	size_t by = (s->n + CELLS_MAX - 1) / CELLS_MAX, n, j;
	size_t *cut, *last;

	if (s->n == 0)
		return;
	s->noise = s->n < 2 ? 1 : s->counts ? noise_of_counts(s) :
	    noise_of_means(s);
	n = (s->n + by - 1) / by;
	cut = raid_calloc(n + 1, sizeof(*cut));
	last = raid_calloc(n + 1, sizeof(*last));
	for (j = 0; j <= n; j++)
		cut[j] = j * by < s->n ? j * by : s->n;
	s->nedge = divide(s, cut, n, last);
	s->edge = raid_calloc(s->nedge + 1, sizeof(*s->edge));
	for (size_t k = s->nedge, at = n; k > 0; k--, at = last[at])
		s->edge[k] = cut[at];
	free(cut);
	free(last);
	for (size_t k = 1; by > 1 && k < s->nedge; k++)
		refine(s, k, 2 * by);
	absorb(s);
}

#define DEGREE 3		/* of the curve */
#define SURE 8.0 		/* so much more a step must explain: its
				 * place was chosen to explain most */

/* A row of the curve's powers, made orthogonal one after the other. */
struct basis {
	double shift[DEGREE + 1], scale[DEGREE + 1];	/* of the recursion */
	double norm;		/* of the last one */
};

/* The value of the k-th polynomial at u, given the recursion. */
static double
polynomial(const struct basis *p, int k, double u)
{
	double last = 0, now = 1;

	for (int i = 0; i < k; i++) {
		double next = (u - p->shift[i]) * now - p->scale[i] * last;

		last = now;
		now = next;
	}
	return now;
}

/* A cell for least squares; the root makes the noise of counts even. */
static double
even(const struct raid_steps *s, size_t i)
{
	double x = raid_steps_mean(s, i, i + 1);

	return s->counts ? sqrt(x) : x;
}

/* Sum of squares that the k-th polynomial explains; the recursion is
 * continued. */
static double
explained(const struct raid_steps *s, struct basis *p, int k, size_t from,
    size_t to)
{
	double norm = 0, moment = 0, product = 0;

	for (size_t i = from; i < to; i++) {
		double w = s->b[i + 1] - s->b[i];
		double u = 2 * ((double)i + 0.5 - (double)from) /
		    (double)(to - from) - 1;
		double x = polynomial(p, k, u);

		norm += w * x * x;
		moment += w * u * x * x;
		product += w * even(s, i) * x;
	}
	if (norm <= 0)
		return 0;
	p->shift[k] = moment / norm;
	p->scale[k] = p->norm > 0 ? norm / p->norm : 0;
	p->norm = norm;
	return product * product / norm;
}

/* The same of a level on each side of e. */
static double
explained_by_step(const struct raid_steps *s, size_t from, size_t e,
    size_t to)
{
	double sum[2] = { 0 }, w[2] = { 0 };

	for (size_t i = from; i < to; i++) {
		double b = s->b[i + 1] - s->b[i];

		sum[i >= e] += b * even(s, i);
		w[i >= e] += b;
	}
	return sum[0] * sum[0] / w[0] + sum[1] * sum[1] / w[1] -
	    (sum[0] + sum[1]) * (sum[0] + sum[1]) / (w[0] + w[1]);
}

int
raid_steps_sudden(const struct raid_steps *s, size_t e, size_t before,
    size_t behind)
{
	size_t from = e > before ? e - before : 0;
	size_t to = s->n - e > behind ? e + behind : s->n;
	struct basis p = { 0 };
	double curve = 0, noise = s->counts ? s->noise / 4 : s->noise;

	if (e - from < 1 || to - e < 1 || to - from < 6)
		return 1;
	(void)explained(s, &p, 0, from, to);
	for (int k = 1; k <= DEGREE; k++)
		curve += explained(s, &p, k, from, to);
	return explained_by_step(s, from, e, to) > curve + SURE * noise;
}
