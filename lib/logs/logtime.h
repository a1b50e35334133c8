/* SPDX-License-Identifier: ISC */
/*
 * Times as logs write them, and time zones.  All times are milliseconds
 * since 1970.  Nothing here is changed after it was made: all functions may
 * be called by several threads.
 */
#ifndef RAID_LOGS_LOGTIME_H
#define RAID_LOGS_LOGTIME_H

#include <stddef.h>
#include <stdint.h>

#include "raid.h"

#define RAID_NO_TIME INT64_MIN

struct raid_logtime {
	int64_t ms;		/* as if written in UTC, minus its zone if it
				 * names one; not dated: of the day, and may
				 * be negative or over 24 h by the zone */
	uint8_t zoned;		/* ms is UTC; so are seconds since 1970 */
	uint8_t dated;		/* it names a day */
	uint8_t yeared;		/* and the year; else 1970 is assumed in ms */
	uint8_t clocked;	/* it names an hour; else midnight is meant */
	uint8_t month, day;	/* as written, if dated and not yeared */
};

/*
 * The time that p begins with; what stands behind it does not matter.  -1:
 * there is none, or a day or an hour that is not in the calendar.
 */
int raid_logtime(const unsigned char *p, size_t len, struct raid_logtime *t);

/* The same; how many bytes it has with its zone, 0 for none. */
size_t raid_logtime_len(const unsigned char *p, size_t len,
    struct raid_logtime *t);

/* The length of a zone or "PM" behind a clock at p, with the blank before it;
 * 0 for none. */
size_t raid_logtime_zone_len(const unsigned char *p, size_t len);

/*
 * The whole time: a year or a day that is missing is so chosen that it is
 * nearest to ref, at most a day later.  t->ms if ref is RAID_NO_TIME.
 */
int64_t raid_logtime_settle(const struct raid_logtime *t, int64_t ref);

struct raid_zone;

/*
 * "UTC", "+03:00", "UTC+3" (east of Greenwich), "Europe/Moscow"; "" or NULL
 * is the zone of this machine.  NULL with RAID_EUSAGE if there is no such
 * zone.
 */
struct raid_zone *raid_zone_open(const char *name, struct raid_err *err);
void raid_zone_close(struct raid_zone *z);

/* As it is called, borrowed from z.  A zone that is NULL is UTC. */
const char *raid_zone_name(const struct raid_zone *z);

/*
 * Where the clock was put back, an hour is there twice: the first is meant.
 * Where it was put forward, the hour that is left out is counted on from
 * the one before it.
 */
int64_t raid_zone_to_utc(const struct raid_zone *z, int64_t local_ms);
int64_t raid_zone_to_local(const struct raid_zone *z, int64_t utc_ms);

/*
 * A point in time as an operand: "14:05", "14:05:30", "2025-12-01 14:05",
 * "2025-12-01", "@1764576000", "10m ago", or any time as logs have it.  In
 * the zone z unless it names its own.  A day or year that is missing is
 * that of ref_ms (UTC), which a span "ago" is counted from; *day_missing
 * says that there was none.  -1 with RAID_EUSAGE.
 */
RAID_MUST int raid_logtime_arg(const char *s, int64_t ref_ms,
    const struct raid_zone *z, int64_t *out_ms, int *day_missing,
    struct raid_err *err);

#endif
