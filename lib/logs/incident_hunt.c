/* SPDX-License-Identifier: ISC */
/* Which of the steps of one thing are an incident. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/incident_priv.h"

#define STEP_MIN 0.5		/* log2 of an edge that is looked at */
#define FLANK_MIN 8		/* cells at the sides that are looked at */
#define EDGE_MIN 12		/* the same, where a curve is looked for */
#define VALUES_MIN 16		/* values inside, and at the sides */
#define FOUND_MAX 64

struct part {
	size_t i, j;		/* cells, i <= cell < j */
	size_t f, t;		/* the sides are from f to i and j to t */
	size_t low;		/* f is not before it */
	double d, z;		/* by how much; how sure */
};

static double
level(const struct raid_hunt *h, size_t i, size_t j)
{
	return raid_steps_level(&h->steps, i, j);
}

static double
piece(const struct raid_hunt *h, size_t k)
{
	return level(h, h->steps.edge[k], h->steps.edge[k + 1]);
}

/* The least change that counts, as log2. */
static double
least(const struct raid_hunt *h)
{
	if (h->metric == RAID_INCIDENT_LINES)
		return 1.585;
	return h->metric == RAID_INCIDENT_ERRORS ? 1 : 0.585;
}

static size_t
min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* How much the mean changes at e, from m cells to m cells; left and right
 * are cells right at it that do not count. */
static double
change(const struct raid_hunt *h, size_t e, size_t m, size_t left,
    size_t right)
{
	const struct raid_steps *s = &h->steps;

	if (left + m > e || e + right + m > s->n)
		return 0;
	return raid_steps_mean(s, e + right, e + right + m) -
	    raid_steps_mean(s, e - left - m, e - left);
}

/*
 * Is most of the change d of means at e, within as few cells as can tell it?
 * One or, of a long part, some cells right at the edge may be in between.
 */
static int
sharp(const struct raid_hunt *h, size_t e, size_t len, double d)
{
	const struct raid_steps *s = &h->steps;
	size_t most = max_size(1, len / 4), m = 1, skip = len / 40;
	double sign = d > 0 ? 1 : -1, best;

	while (m < most && m < e && e + m < s->n &&
	    raid_steps_variance(s, e - m, e) +
	    raid_steps_variance(s, e, e + m) > d * d / 25)
		m++;
	best = fmax(sign * change(h, e, m, 0, 0),
	    sign * change(h, e, m, skip, skip));
	best = fmax(best, sign * change(h, e, m, skip + 1, skip));
	best = fmax(best, sign * change(h, e, m, skip, skip + 1));
	return best >= 0.55 * fabs(d);
}

/* A level that falls and then climbs back, like the teeth of a saw. */
static int
climbs_back(const struct raid_hunt *h, const struct part *p)
{
	size_t mid = p->i + (p->j - p->i) / 2;

	return p->j - p->i >= 4 &&
	    level(h, mid, p->j) - level(h, p->i, mid) > -0.35 * p->d;
}

/* Measure a part against its sides; *p has i, j and low. */
static int
measure(const struct raid_hunt *h, struct part *p)
{
	const struct raid_steps *s = &h->steps;
	size_t len = p->j - p->i, flank = max_size(len, FLANK_MIN);
	double in = level(h, p->i, p->j), left = 0, right = 0;
	int sides = 0;

	p->f = max_size(p->low, p->i > flank ? p->i - flank : 0);
	p->t = min_size(s->n, p->j + flank);
	if (p->i > p->f) {
		left = in - level(h, p->f, p->i);
		sides++;
	}
	if (p->t > p->j) {
		right = in - level(h, p->j, p->t);
		sides++;
	}
	if (sides == 0 || (sides == 2 && left * right <= 0))
		return 0;
	p->d = sides == 1 ? left + right :
	    fabs(left) < fabs(right) ? left : right;
	p->z = sqrt(2 * fmax(0, raid_steps_contrast(s, p->f, p->i, p->j,
	    p->t)));
	return 1;
}

/* Is it large and sure?  The shorter, the more sure: single values may be
 * anything. */
static int
enough(const struct raid_hunt *h, const struct part *p)
{
	const struct raid_steps *s = &h->steps;
	double in = s->values[p->j] - s->values[p->i];
	double out = s->values[p->t] - s->values[p->f] - in;
	size_t len = p->j - p->i, side = p->t - p->f - len;

	if (fabs(p->d) < least(h) || side < 2 ||
	    p->z < (len <= 3 || p->d < 0 ? 9 : 7))
		return 0;
	if (h->metric == RAID_INCIDENT_LINES)
		return len >= 3 && in + out >= 5 * VALUES_MIN;
	if (h->metric == RAID_INCIDENT_ERRORS && (p->d < 0 ||
	    in < RAID_HUNT_EVENTS))
		return 0;
	if (h->metric >= 0 && (in < VALUES_MIN || out < VALUES_MIN))
		return 0;
	return len > 1 || (in >= VALUES_MIN && fabs(p->d) >= 1);
}

/* What comes and goes within three cells is no part of a curve. */
static int
is_short(const struct raid_hunt *h, const struct part *p)
{
	return p->j - p->i <= 3 && p->i > 0 && p->j < h->steps.n;
}

/* Does it begin at once? */
static int
begins(const struct raid_hunt *h, const struct part *p)
{
	const struct raid_steps *s = &h->steps;
	size_t len = p->j - p->i;

	return sharp(h, p->i, len, raid_steps_mean(s, p->i, p->j) -
	    raid_steps_mean(s, p->f, p->i)) &&
	    (is_short(h, p) || raid_steps_sudden(s, p->i,
	    min_size(p->i - p->low, max_size(len, EDGE_MIN)), len));
}

static int
ends(const struct raid_hunt *h, const struct part *p)
{
	const struct raid_steps *s = &h->steps;
	size_t len = p->j - p->i;

	return sharp(h, p->j, len, raid_steps_mean(s, p->j, p->t) -
	    raid_steps_mean(s, p->i, p->j)) &&
	    (is_short(h, p) || raid_steps_sudden(s, p->j, len,
	    max_size(len, EDGE_MIN)));
}

/* An incident with both its edges, or one of them. */
static int
is_incident(const struct raid_hunt *h, struct part *p)
{
	if (!measure(h, p) || !enough(h, p))
		return 0;
	if (p->i > 0 && !begins(h, p))
		return 0;
	/* Recovery may take its time, but not of what fell. */
	if ((p->i == 0 || (p->d < 0 && p->j < h->steps.n)) && !ends(h, p))
		return 0;
	return p->d > 0 || !climbs_back(h, p);
}

/* Cells of pieces whose level is nearer to x than by. */
static size_t
cells_at(const struct raid_hunt *h, double x, double by)
{
	size_t n = 0;

	for (size_t k = 0; k < h->steps.nedge; k++) {
		if (fabs(piece(h, k) - x) < by)
			n += h->steps.edge[k + 1] - h->steps.edge[k];
	}
	return n;
}

/*
 * What the edge k begins: the part up to where the level is back by half.
 * Where that is rather the usual level, the part before it, if the log
 * begins so.  0: neither, or that level is often taken.
 */
static int
part_at(const struct raid_hunt *h, size_t k, struct part *p, size_t *next)
{
	const struct raid_steps *s = &h->steps;
	double base = piece(h, k - 1), d = piece(h, k) - base;
	size_t q = k + 1, in, len;

	if (fabs(d) < STEP_MIN)
		return 0;
	while (q < s->nedge && (piece(h, q) - base - d / 2) * d > 0)
		q++;
	*next = q;
	p->i = s->edge[k];
	p->j = s->edge[q];
	len = p->j - p->i;
	in = cells_at(h, level(h, p->i, p->j), fabs(d) / 2);
	if (in <= cells_at(h, base, fabs(d) / 2))
		return in < len + (s->n - len) / 4;
	if (q == s->nedge && d > 0)
		return p->i >= s->n / 10;
	if (k > 1 || d > 0)
		return 0;
	*next = k;
	p->i = 0;
	p->j = s->edge[1];
	return 1;
}

static size_t
find_parts(const struct raid_hunt *h, struct part *v)
{
	size_t n = 0, from = 0;

	for (size_t k = 1; k < h->steps.nedge && n < FOUND_MAX;) {
		struct part p = { .low = from };
		size_t next = k;

		if (!part_at(h, k, &p, &next) || !is_incident(h, &p)) {
			k++;
			continue;
		}
		v[n++] = p;
		from = p.j;
		k = max_size(next, k) + 1;
	}
	return n;
}

/* Two that have only little between them are one. */
static size_t
join_parts(struct part *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct part *p = kept > 0 ? &v[kept - 1] : NULL;

		if (p != NULL && p->d * v[i].d > 0 && v[i].i - p->j <=
		    max_size(2, (v[i].j - p->i) * 15 / 100)) {
			p->j = v[i].j;
			p->t = v[i].t;
			p->d = fabs(p->d) > fabs(v[i].d) ? p->d : v[i].d;
			p->z = hypot(p->z, v[i].z);
		} else
			v[kept++] = v[i];
	}
	return kept;
}

/* How sure and how much, bounded, so that the longest does not always win;
 * what got slower is worse than what got fewer. */
static double
strength(const struct raid_hunt *h, const struct part *p)
{
	double x = fmin(p->z, 40) * fmin(fabs(p->d), 4);

	if (h->metric == RAID_INCIDENT_LINES)
		return x * (p->d > 0 ? 0.2 : 0.3);
	return h->metric >= 0 && p->d < 0 ? x / 2 : x;
}

static double
value_of(const struct raid_hunt *h, size_t i, size_t j)
{
	const struct raid_steps *s = &h->steps;
	double x = level(h, i, j) + h->middle;

	if (s->counts)
		return (s->a[j] - s->a[i]) / (s->b[j] - s->b[i]) / s->width;
	return x < h->zero + 0.1 ? 0 : exp2(x);
}

static void
report(const struct raid_hunt *h, const struct part *p,
    struct raid_incident *out)
{
	const struct raid_steps *s = &h->steps;
	double left = (double)(p->i - p->f), right = (double)(p->t - p->j);
	double x = left > 0 ? value_of(h, p->f, p->i) : 0;
	double y = right > 0 ? value_of(h, p->j, p->t) : 0;

	*out = (struct raid_incident){
	    .from = s->at[p->i],
	    .to = (int32_t)fmin(INT32_MAX,
	    (double)s->at[p->j - 1] + s->width),
	    .before = (x * left + y * right) / (left + right),
	    .during = value_of(h, p->i, p->j),
	    .metric = h->metric, .strength = strength(h, p),
	    .open_from = p->i == 0, .open_to = p->j == s->n };
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* What comes again and again is how it always is: of many, only those are
 * incidents that are far above most. */
static double
bar(const struct raid_hunt *h, const struct part *p, size_t n)
{
	double v[FOUND_MAX];

	if (n <= RAID_HUNT_MAX)
		return 0;
	for (size_t i = 0; i < n; i++)
		v[i] = strength(h, &p[i]);
	qsort(v, n, sizeof(v[0]), compare);
	return 3 * v[n / 2];
}

size_t
raid_hunt(const struct raid_hunt *h, struct raid_incident *v)
{
	struct part *p = raid_calloc(FOUND_MAX, sizeof(*p));
	size_t n = join_parts(p, find_parts(h, p)), kept = 0;
	double least_strong = bar(h, p, n);

	for (size_t i = 0; i < n && kept < RAID_HUNT_MAX; i++) {
		if (strength(h, &p[i]) >= least_strong)
			report(h, &p[i], &v[kept++]);
	}
	free(p);
	return kept;
}
