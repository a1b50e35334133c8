/* SPDX-License-Identifier: ISC */
/*
 * A registry of the named numbers of a log: how the values of each are
 * spread, in all and in a chosen window, and how they went over time.
 *
 * It is bounded: when there are too many, or they take too much memory,
 * those with the fewest values are thrown away and counted.
 */
#ifndef RAID_LOGS_METRICS_H
#define RAID_LOGS_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "logs/sketch.h"
#include "logs/unit.h"

#define RAID_METRIC_NAME 96	/* a longer name is cut to so many bytes */

#define RAID_LOG2 1048576

/* The values of one interval (see logs/series.h) that are not negative. */
struct raid_shift {
	int32_t at;
	uint32_t n;		/* positive values */
	uint32_t zero;		/* values that are 0 */
	int64_t logs;		/* sum of log2(value) * RAID_LOG2 of the n,
				 * each right within 0.01 */
};

struct raid_metric {
	const char *name;	/* control characters became _ */
	enum raid_unit unit;	/* of its values; others are converted */
	int keyed;		/* name=5 and "name":5: one over all
				 * templates; else words of prose */
	struct raid_sketch all;
	struct raid_sketch window;	/* of the chosen window only */
	struct raid_shift *shift;	/* sorted by at */
	uint32_t nshift, cap, near;
	int gone;		/* thrown away, or joined to another */
};

struct raid_metrics;

/* At most max metrics, which take about so many bytes. */
struct raid_metrics *raid_metrics_new(size_t max, size_t bytes);
void raid_metrics_free(struct raid_metrics *m);

/*
 * The number of the metric of that name, whose unit has the dimension of
 * this one (a name that ends with a unit gives it, where there is none
 * else); it is made if it is not there.  -1: there is no room.  A number
 * stays valid; once its metric is thrown away, it takes nothing more.
 */
int raid_metrics_find(struct raid_metrics *m, const unsigned char *name,
    size_t len, enum raid_unit unit, int keyed);

/* Take a value.  One without a unit has that of the metric; one with a unit
 * of another dimension is ignored, and so is the number -1. */
void raid_metrics_add(struct raid_metrics *m, int id, double v,
    enum raid_unit unit, int32_t at, int in_window);

/* The mean of log2(value) of the positive values, of which there is one. */
double raid_shift_mean(const struct raid_shift *t);

/* Metric b becomes part of a: from now on its number means a.  Nothing
 * happens when their units cannot be converted. */
void raid_metrics_join(struct raid_metrics *m, int a, int b);

/* Intervals become twice as long. */
void raid_metrics_halve(struct raid_metrics *m);

/* Those that are gone included; the metrics belong to the registry. */
size_t raid_metrics_count(const struct raid_metrics *m);
const struct raid_metric *raid_metrics_get(const struct raid_metrics *m,
    size_t i);

/* How many metrics were thrown away, and how many refused. */
uint64_t raid_metrics_dropped(const struct raid_metrics *m);

/* About what it takes. */
size_t raid_metrics_bytes(const struct raid_metrics *m);

/* As text, and back; what is read joins what is there, by name, dimension
 * and keyed.  Intervals must be equally long.  -1: what stands there is no
 * registry; some of it may have been taken. */
void raid_metrics_write(const struct raid_metrics *m, struct raid_buf *out);
int raid_metrics_read(struct raid_metrics *m, const unsigned char **p,
    size_t *left);

#endif
