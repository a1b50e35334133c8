/* SPDX-License-Identifier: ISC */
/* Time: of day in seconds since 1970, and a clock that never steps back. */
#ifndef RAID_BASE_CLOCK_H
#define RAID_BASE_CLOCK_H

#include <stddef.h>

#include "raid.h"

/* Seconds since 1970; $RAID_NOW instead when it is a number (for tests). */
long long raid_clock_now(void);

/* The same in milliseconds. */
long long raid_clock_ms(void);

/*
 * Milliseconds since the system was started, asleep or not: the same for all
 * processes, and setting the clock does not move it.  raid_clock_boot names
 * the start that it counts from; "" when that is not known.  With $RAID_NOW
 * it is that.
 */
#define RAID_BOOT_SIZE 40
long long raid_clock_steady(void);
void raid_clock_boot(char out[RAID_BOOT_SIZE]);

/* The day of local time, "2026-11-21", and the seconds that are left of it. */
#define RAID_DAY_SIZE 32
void raid_clock_day(long long t, char out[RAID_DAY_SIZE]);
long long raid_clock_midnight(long long t);

/* Seconds of a monotonic clock, for time-outs and durations. */
double raid_clock_mono(void);

/*
 * A point in time as people write it, in local time: "2026-11-21",
 * "2026-11-21 14:05[:30]" (also with T, and Z for UTC), "14:05" today,
 * "@1720857600", or a span back from now: "90", "10m", "2h", "7d".
 */
RAID_MUST int raid_clock_parse(const char *s, long long *t, const char *what,
    struct raid_err *err);

/* "2026-11-21 14:05:30" in local time; 20 bytes with the NUL are enough. */
void raid_clock_format(long long t, char *out, size_t size);

#endif
