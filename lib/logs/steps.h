/* SPDX-License-Identifier: ISC */
/*
 * A row of measurements as levels with steps between them: the division
 * into pieces of one level each that explains it best, when each piece has
 * its price.
 *
 * A measurement is either a mean with a weight (normal noise), or a count
 * with an exposure (Poisson noise, which may be overdispersed).
 */
#ifndef RAID_LOGS_STEPS_H
#define RAID_LOGS_STEPS_H

#include <stddef.h>
#include <stdint.h>

struct raid_steps {
	size_t n, cap;		/* cells */
	int32_t *at;		/* interval in which a cell begins */
	int32_t width;		/* intervals of a cell */
	int counts;		/* a cell is a count */
	double *a, *b;		/* n + 1 sums of the cells before: of
				 * weight * mean, weight; or of count,
				 * exposure */
	double *values;		/* n + 1 sums: how many values, or events */
	double noise;		/* variance at weight 1; overdispersion */
	size_t *edge;		/* edge[0] = 0, then where a level begins */
	size_t nedge;		/* levels; edge[nedge] = n */
};

/* { 0 } is empty; width and counts are the caller's. */
void raid_steps_add(struct raid_steps *s, int32_t at, double a, double b,
    double values);

/* All cells are there: find the noise and the edges. */
void raid_steps_find(struct raid_steps *s);

/* The mean of cells i to j (without it), or their events per exposure; and
 * the variance of that. */
double raid_steps_mean(const struct raid_steps *s, size_t i, size_t j);
double raid_steps_variance(const struct raid_steps *s, size_t i, size_t j);

/* The same as a level whose differences are factors: a mean is one already,
 * of events it is the log2. */
double raid_steps_level(const struct raid_steps *s, size_t i, size_t j);

/* Log-likelihood ratio: do the cells from i to j (without it) have another
 * level than those from f to i and j to t? */
double raid_steps_contrast(const struct raid_steps *s, size_t f, size_t i,
    size_t j, size_t t);

/* Is there a step at e, rather than a curve?  Looked at are so many cells
 * before and behind it. */
int raid_steps_sudden(const struct raid_steps *s, size_t e, size_t before,
    size_t behind);

void raid_steps_free(struct raid_steps *s);

#endif
