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

#include "base/buf.h"

#define RAID_SKETCH_CELLS 2048

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
	int broken;		/* some value was no integer */
};

/* Infinite values and NaN are ignored. */
void raid_sketch_add(struct raid_sketch *s, double v);

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
