/* SPDX-License-Identifier: ISC */
/*
 * How values are spread, in a few kilobytes: counts in buckets that grow
 * with the value.  A bucket is the exponent and the upper 6 bits of the
 * mantissa of a double, so that what is told of a quantile is wrong by less
 * than 0.8 %.  Zero and negative values have their own.
 *
 * A sign has 2048 buckets, which is 32 powers of two, at most 8 KB; where
 * values differ by more than that, those where most are keep their buckets,
 * and the others are in the bucket at the end.
 */
#ifndef RAID_LOGS_SKETCH_H
#define RAID_LOGS_SKETCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

#define RAID_SKETCH_CELLS 2048
#define RAID_SKETCH_SHIFT 46	/* bits of a double that tell no bucket */

struct raid_cells {
	uint32_t *v;
	uint32_t base, n;	/* v[i] counts bucket base + i */
};

/* { 0 } is empty. */
struct raid_sketch {
	uint64_t n;		/* values */
	double min, max, sum;	/* exact; nothing when n is 0 */
	struct raid_cells plus, minus;
	uint64_t zero;
	int broken;		/* some value may have been no integer */
};

/* Infinite values and NaN are ignored. */
void raid_sketch_add(struct raid_sketch *s, double v);

/* The same, of a value whose bits are known and whose bucket is there; 0 if
 * it is not, then nothing was done. */
static inline int
raid_sketch_fast(struct raid_sketch *s, double v, uint64_t bits)
{
	uint32_t i = (uint32_t)(bits >> RAID_SKETCH_SHIFT) - s->plus.base;

	if (i >= s->plus.n || s->plus.v[i] == UINT32_MAX ||
	    v < s->min || v > s->max)
		return 0;
	if (!s->broken) {
		unsigned e = bits >> 52 & 0x7ff;

		s->broken = e < 1023 || bits << 12 << ((e - 1023) & 63) != 0;
	}
	s->plus.v[i]++;
	s->n++;
	s->sum += v;
	return 1;
}

/* Add the values of b to a; those of b times factor (> 0). */
void raid_sketch_join(struct raid_sketch *a, const struct raid_sketch *b);
void raid_sketch_join_scaled(struct raid_sketch *a,
    const struct raid_sketch *b, double factor);

/*
 * The value below which are q (0 to 1) of all, from min to max; an integer
 * when all are.  0 when there is none.
 */
double raid_sketch_quantile(const struct raid_sketch *s, double q);

/* What it has allocated. */
size_t raid_sketch_bytes(const struct raid_sketch *s);

/* As text, and back: s must be empty, and is so again after -1 (what stands
 * there is no sketch). */
void raid_sketch_write(const struct raid_sketch *s, struct raid_buf *out);
int raid_sketch_read(struct raid_sketch *s, const unsigned char **p,
    size_t *left);

void raid_sketch_free(struct raid_sketch *s);

#endif
