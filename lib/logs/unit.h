/* SPDX-License-Identifier: ISC */
/* Units of numbers in logs. */
#ifndef RAID_LOGS_UNIT_H
#define RAID_LOGS_UNIT_H

#include <stddef.h>

#include "base/buf.h"

enum raid_unit {
	RAID_UNIT_NONE,
	RAID_UNIT_NS,
	RAID_UNIT_US,
	RAID_UNIT_MS,
	RAID_UNIT_S,
	RAID_UNIT_MIN,
	RAID_UNIT_H,
	RAID_UNIT_B,
	RAID_UNIT_KB,		/* 1024 bytes, and so on */
	RAID_UNIT_MB,
	RAID_UNIT_GB,
	RAID_UNIT_TB,
	RAID_UNIT_PERCENT
};
#define RAID_UNITS (RAID_UNIT_PERCENT + 1)

/* What units can be converted to each other. */
enum raid_dimension {
	RAID_DIMENSION_NONE,
	RAID_DIMENSION_TIME,
	RAID_DIMENSION_SIZE,
	RAID_DIMENSION_SHARE
};

/* "", "ns", "us", "ms", "s", "min", "h", "B", "kB", ... "%" */
const char *raid_unit_name(enum raid_unit u);

/* The unit that a word is, the whole of it: "ms", "milliseconds", "KiB".
 * RAID_UNIT_NONE if it is none. */
enum raid_unit raid_unit_parse(const unsigned char *p, size_t len);

/* The unit at the end of a name: latency_ms, sizeBytes, heap.kb. */
enum raid_unit raid_unit_of_name(const unsigned char *p, size_t len);

enum raid_dimension raid_unit_dimension(enum raid_unit u);

/* What to multiply with; 1 when they are of different dimensions. */
double raid_unit_factor(enum raid_unit from, enum raid_unit to);

/*
 * Print a number with its unit behind it: "20.3ms", "1234MB", "0.48s".
 * Integers are whole up to 15 digits; of others, there are three digits or
 * those before the point.
 */
void raid_metric_number(double v, enum raid_unit unit, struct raid_buf *out);

#endif
