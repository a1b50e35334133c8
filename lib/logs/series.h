/* SPDX-License-Identifier: ISC */
/*
 * Counts over time, sparse: only intervals in which something was counted
 * take room.  An interval is 2^shift seconds since 1970; the shift is one
 * for a whole log, and who owns the series halves them all when it grows.
 */
#ifndef RAID_LOGS_SERIES_H
#define RAID_LOGS_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define RAID_SERIES_NONE INT32_MIN	/* a line without a time */
#define RAID_SERIES_MAX 16384		/* intervals; what comes when it is
					 * full counts for a neighbour */

struct raid_tick {
	int32_t at;		/* interval */
	uint32_t n;		/* count, never 0; it stays at its maximum */
};

/* { 0 } is empty. */
struct raid_series {
	struct raid_tick *v;	/* sorted by at, each at once */
	uint32_t n, cap;
};

/* Count n at an interval; RAID_SERIES_NONE is not counted.  Any order of
 * intervals is right, times that grow are fast. */
void raid_series_add_at(struct raid_series *s, int32_t at, uint32_t n);

static inline void
raid_series_add(struct raid_series *s, int32_t at, uint32_t n)
{
	if (s->n > 0 && s->v[s->n - 1].at == at &&
	    n <= UINT32_MAX - s->v[s->n - 1].n)
		s->v[s->n - 1].n += n;
	else
		raid_series_add_at(s, at, n);
}

/* Intervals become twice as long. */
void raid_series_halve(struct raid_series *s);

/* Add the counts of b to a. */
void raid_series_join(struct raid_series *a, const struct raid_series *b);

/* What was counted at from <= at < to. */
uint64_t raid_series_sum(const struct raid_series *s, int32_t from,
    int32_t to);

/*
 * Draw from <= at < to as U+2581 to U+2588, a blank where nothing was,
 * scaled to the maximum that is seen.  Where there are fewer intervals than
 * cells, each is one cell.
 */
void raid_series_spark(const struct raid_series *s, int32_t from, int32_t to,
    size_t cells, struct raid_buf *out);

/* As text, and back: s must be empty, and is so again after -1 (what stands
 * there is no series). */
void raid_series_write(const struct raid_series *s, struct raid_buf *out);
int raid_series_read(struct raid_series *s, const unsigned char **p,
    size_t *left);

void raid_series_free(struct raid_series *s);

#endif
