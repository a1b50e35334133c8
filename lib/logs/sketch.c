/* SPDX-License-Identifier: ISC */
#include "logs/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/scan.h"

#define BUCKETS (UINT32_C(0x7ff) << 6)	/* those of finite positive values */
#define CELLS_MIN 32

static uint64_t
bits_of(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

/* The least value of a bucket. */
static double
low(uint32_t bucket)
{
	uint64_t bits = (uint64_t)bucket << RAID_SKETCH_SHIFT;
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* Bits of a number that is not zero. */
static int
whole(uint64_t bits)
{
	unsigned e = bits >> 52 & 0x7ff;

	return e >= 1075 || (e >= 1023 && bits << (e - 1011) == 0);
}

/* Make the window hold lo <= bucket < hi; all that is counted is inside. */
static void
widen(struct raid_cells *c, uint32_t lo, uint32_t hi)
{
	uint32_t size = CELLS_MIN, base, *v;

	while (size < hi - lo)
		size *= 2;
	base = (size - (hi - lo)) / 2;
	base = base < lo ? lo - base : 0;
	if (base > BUCKETS - size)
		base = BUCKETS - size;
	v = raid_calloc(size, sizeof(*v));
	for (uint32_t i = 0; i < c->n; i++) {
		if (c->v[i] != 0)
			v[c->base + i - base] = c->v[i];
	}
	free(c->v);
	*c = (struct raid_cells){ .v = v, .base = base, .n = size };
}

static uint32_t
plus_sat(uint32_t a, uint32_t b)
{
	return b > UINT32_MAX - a ? UINT32_MAX : a + b;
}

/* Count all from i to j (without it) in cell to; how many they are. */
static uint64_t
gather(struct raid_cells *c, uint32_t i, uint32_t j, uint32_t to, int move)
{
	uint64_t sum = 0;

	for (; i < j; i++) {
		sum += c->v[i];
		if (move && i != to) {
			c->v[to] = plus_sat(c->v[to], c->v[i]);
			c->v[i] = 0;
		}
	}
	return sum;
}

/*
 * A bucket above (or below) a window of full size: its cell.  It is the one
 * at the end, until as many are there as would be lost at the other end if
 * the window moved; this is looked at when their number has doubled.
 */
static uint32_t
squeeze(struct raid_cells *c, uint32_t b)
{
	int up = b >= c->base;
	uint32_t end = up ? c->n - 1 : 0, n = c->v[end];
	uint32_t by = up ? b - (c->base + c->n - 1) : c->base - b;
	uint32_t i, j, to;

	if ((n & (n + 1)) != 0)
		return b >= c->base ? c->n - 1 : 0;
	if (by > c->n - 1)
		by = c->n - 1;
	i = up ? 0 : c->n - by;
	j = up ? by : c->n;
	to = up ? by : c->n - 1 - by;
	if (gather(c, i, j, to, 0) > n)
		return end;
	(void)gather(c, i, j, to, 1);
	if (up) {
		memmove(c->v, c->v + by, (c->n - by) * sizeof(*c->v));
		memset(c->v + c->n - by, 0, by * sizeof(*c->v));
		c->base = b - (c->n - 1);
	} else {
		memmove(c->v + by, c->v, (c->n - by) * sizeof(*c->v));
		memset(c->v, 0, by * sizeof(*c->v));
		c->base = b;
	}
	return b - c->base;
}

/* The cell of a bucket that is outside of the window. */
static uint32_t
reach(struct raid_cells *c, uint32_t b)
{
	uint32_t i = 0, j = c->n, lo = b, hi = b + 1;

	while (i < j && c->v[i] == 0)
		i++;
	while (j > i && c->v[j - 1] == 0)
		j--;
	if (i < j && c->base + i < lo)
		lo = c->base + i;
	if (i < j && c->base + j > hi)
		hi = c->base + j;
	if (hi - lo <= RAID_SKETCH_CELLS) {
		widen(c, lo, hi);
		return b - c->base;
	}
	if (c->n < RAID_SKETCH_CELLS)
		widen(c, b == lo ? hi - RAID_SKETCH_CELLS : lo,
		    b == lo ? hi : lo + RAID_SKETCH_CELLS);
	return b - c->base < c->n ? b - c->base : squeeze(c, b);
}

static void
count(struct raid_cells *c, uint32_t b, uint32_t n)
{
	uint32_t i = b - c->base;

	if (i >= c->n)
		i = reach(c, b);
	c->v[i] = plus_sat(c->v[i], n);
}

void
raid_sketch_add(struct raid_sketch *s, double v)
{
	uint64_t bits = bits_of(v);

	if (raid_sketch_fast(s, v, bits) || !isfinite(v))
		return;
	if (v > 0)
		count(&s->plus, (uint32_t)(bits >> RAID_SKETCH_SHIFT), 1);
	else if (v < 0)
		count(&s->minus,
		    (uint32_t)(bits >> RAID_SKETCH_SHIFT) & 0x1ffff, 1);
	else
		s->zero++;
	if (s->n == 0)
		s->min = s->max = v;
	if (v < s->min)
		s->min = v;
	if (v > s->max)
		s->max = v;
	s->n++;
	s->sum += v;
	if ((v < 0 || v > 0) && !whole(bits))
		s->broken = 1;
}

static void
join_cells(struct raid_cells *a, const struct raid_cells *b)
{
	for (uint32_t i = 0; i < b->n; i++) {
		if (b->v[i] > 0)
			count(a, b->base + i, b->v[i]);
	}
}

/* The middle of a bucket. */
static double
middle(uint32_t bucket, int broken)
{
	double a = low(bucket), b = low(bucket + 1);

	if (bucket + 1 >= BUCKETS)
		return a;
	return broken ? a + (b - a) / 2 : floor((a + ceil(b) - 1) / 2);
}

static void
scale_cells(struct raid_cells *a, const struct raid_cells *b, double factor)
{
	for (uint32_t i = 0; i < b->n; i++) {
		double v = middle(b->base + i, 1) * factor;

		if (b->v[i] > 0 && isfinite(v))
			count(a, (uint32_t)(bits_of(v) >> RAID_SKETCH_SHIFT),
			    b->v[i]);
	}
}

void
raid_sketch_join(struct raid_sketch *a, const struct raid_sketch *b)
{
	raid_sketch_join_scaled(a, b, 1);
}

void
raid_sketch_join_scaled(struct raid_sketch *a, const struct raid_sketch *b,
    double factor)
{
	double min = b->min * factor, max = b->max * factor;

	if (b->n == 0 || !isfinite(min) || !isfinite(max))
		return;
	if (a->n == 0 || min < a->min)
		a->min = min;
	if (a->n == 0 || max > a->max)
		a->max = max;
	a->sum += b->sum * factor;
	a->n += b->n;
	a->zero += b->zero;
	a->broken |= b->broken;
	if (factor >= 1 && factor <= 1) {
		join_cells(&a->plus, &b->plus);
		join_cells(&a->minus, &b->minus);
		return;
	}
	/* Integers times a factor may be none; a conversion is rare. */
	a->broken = 1;
	scale_cells(&a->plus, &b->plus, factor);
	scale_cells(&a->minus, &b->minus, factor);
}

/* The bucket's value that has so many before it. */
static double
walk(const struct raid_sketch *s, uint64_t rank)
{
	for (uint32_t i = s->minus.n; i-- > 0;) {
		if (rank < s->minus.v[i])
			return -middle(s->minus.base + i, s->broken);
		rank -= s->minus.v[i];
	}
	if (rank < s->zero)
		return 0;
	rank -= s->zero;
	for (uint32_t i = 0; i < s->plus.n; i++) {
		if (rank < s->plus.v[i])
			return middle(s->plus.base + i, s->broken);
		rank -= s->plus.v[i];
	}
	return s->max;
}

double
raid_sketch_quantile(const struct raid_sketch *s, double q)
{
	double v, rank = q * (double)s->n;

	if (s->n == 0)
		return 0;
	if (!(rank >= 1))
		return s->min;
	if (rank >= (double)s->n - 1)
		return s->max;
	v = walk(s, (uint64_t)rank);
	return v < s->min ? s->min : v > s->max ? s->max : v;
}

size_t
raid_sketch_bytes(const struct raid_sketch *s)
{
	return ((size_t)s->plus.n + s->minus.n) * sizeof(*s->plus.v);
}

/* How many cells count something, then for each the step from the one
 * before and the count. */
static void
write_cells(const struct raid_cells *c, struct raid_buf *out)
{
	uint32_t used = 0, was = 0;

	for (uint32_t i = 0; i < c->n; i++)
		used += c->v[i] != 0;
	raid_buf_printf(out, " %u", used);
	for (uint32_t i = 0; i < c->n; i++) {
		if (c->v[i] == 0)
			continue;
		raid_buf_printf(out, " %u %u", c->base + i - was, c->v[i]);
		was = c->base + i;
	}
}

void
raid_sketch_write(const struct raid_sketch *s, struct raid_buf *out)
{
	raid_buf_printf(out, "%llu", (unsigned long long)s->n);
	if (s->n > 0) {
		raid_buf_printf(out, " %.17g %.17g %.17g %d %llu", s->min,
		    s->max, s->sum, s->broken,
		    (unsigned long long)s->zero);
		write_cells(&s->plus, out);
		write_cells(&s->minus, out);
	}
	raid_buf_addc(out, '\n');
}

static int
read_cells(struct raid_cells *c, const unsigned char **p, size_t *left,
    uint64_t *sum)
{
	int64_t used, step, n, at = 0;

	if (raid_scan_int(p, left, 0, RAID_SKETCH_CELLS, &used) != 0)
		return -1;
	for (int64_t i = 0; i < used; i++) {
		if (raid_scan_int(p, left, i > 0, BUCKETS, &step) != 0 ||
		    raid_scan_int(p, left, 1, UINT32_MAX, &n) != 0 ||
		    at + step >= BUCKETS)
			return -1;
		at += step;
		*sum += (uint64_t)n;
		count(c, (uint32_t)at, (uint32_t)n);
	}
	return 0;
}

static int
read_all(struct raid_sketch *s, const unsigned char **p, size_t *left)
{
	uint64_t sum;
	int64_t n, zero, broken;

	if (raid_scan_int(p, left, 0, INT64_MAX / 2, &n) != 0)
		return -1;
	if (n == 0)
		return 0;
	s->n = (uint64_t)n;
	if (raid_scan_double(p, left, &s->min) != 0 ||
	    raid_scan_double(p, left, &s->max) != 0 || s->min > s->max ||
	    raid_scan_double(p, left, &s->sum) != 0 ||
	    raid_scan_int(p, left, 0, 1, &broken) != 0 ||
	    raid_scan_int(p, left, 0, n, &zero) != 0)
		return -1;
	s->broken = (int)broken;
	s->zero = sum = (uint64_t)zero;
	if (read_cells(&s->plus, p, left, &sum) != 0 ||
	    read_cells(&s->minus, p, left, &sum) != 0)
		return -1;
	return sum <= s->n ? 0 : -1;
}

int
raid_sketch_read(struct raid_sketch *s, const unsigned char **p, size_t *left)
{
	if (read_all(s, p, left) == 0)
		return 0;
	raid_sketch_free(s);
	return -1;
}

void
raid_sketch_free(struct raid_sketch *s)
{
	free(s->plus.v);
	free(s->minus.v);
	*s = (struct raid_sketch){ 0 };
}
