/* SPDX-License-Identifier: ISC */
/* The inside of a registry of numbers. */
#ifndef RAID_LOGS_METRICS_PRIV_H
#define RAID_LOGS_METRICS_PRIV_H

#include "logs/metrics.h"

#define SHIFTS_MAX 16384	/* intervals of a metric */

struct slot {
	struct raid_metric *m;	/* NULL: thrown away, or see to */
	uint32_t to;		/* itself, or the one it was joined to */
};

struct raid_metrics {
	struct slot *v;		/* by number */
	size_t n, cap;
	size_t live, max;
	size_t bytes, max_bytes;
	uint32_t *table;	/* number + 1, by the hash of the name */
	size_t slots;		/* a power of two, over twice max */
	size_t patience;	/* refuse so many before the next sweep */
	uint64_t dropped;
};

/* Bytes that a metric has. */
size_t raid_metric_bytes(const struct raid_metric *k);

/* Add t, whose interval is ignored; what cannot come from values does not
 * overflow. */
void raid_shift_add(struct raid_shift *to, const struct raid_shift *t);

/* Put t at its interval. */
void raid_metric_shift(struct raid_metric *k, const struct raid_shift *t);

/* Take all values of b, times factor. */
void raid_metric_take(struct raid_metric *a, const struct raid_metric *b,
    double factor);

/* Throw away metrics until the registry is within its bounds again. */
void raid_metrics_fit(struct raid_metrics *m);

#endif
