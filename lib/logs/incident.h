/* SPDX-License-Identifier: ISC */
/*
 * When did things get worse?  Told from what was counted per interval: the
 * named numbers of a log, how many of its lines are errors, how many there
 * are.
 *
 * An incident is a time in which one of these is at another level than
 * before and after it (or than before, to the end; or than after, from the
 * begin), which it took suddenly.  What drifts, what goes up and down like a
 * day, what comes again and again, single odd values, and what too few
 * values say are none.
 */
#ifndef RAID_LOGS_INCIDENT_H
#define RAID_LOGS_INCIDENT_H

#include <stddef.h>
#include <stdint.h>

#include "logs/metrics.h"
#include "logs/series.h"

#define RAID_INCIDENT_ERRORS (-1)	/* the share of error lines */
#define RAID_INCIDENT_LINES (-2)	/* lines per interval */

struct raid_incident {
	int32_t from, to;	/* intervals, from <= at < to */
	double before, during;	/* geometric mean of the metric; or share of
				 * errors, 0 to 1; or lines per interval.
				 * before: near it, on both sides */
	int metric;		/* number of the metric, or one of the above */
	double strength;	/* for the order: how sure and how much */
	int open_from, open_to;	/* it was so from the begin; to the end */
};

/*
 * Fill v with at most max incidents, the strongest first, and return how
 * many.  Where times of several metrics overlap, it is one incident, that of
 * the strongest.  m may be NULL.
 */
size_t raid_incident_find(const struct raid_metrics *m,
    const struct raid_series *all, const struct raid_series *errors,
    struct raid_incident *v, size_t max);

#endif
