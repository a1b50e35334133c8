/* SPDX-License-Identifier: ISC */
/* Inside the times of logs: what is read, and the calendar. */
#ifndef RAID_LOGS_LOGTIME_PRIV_H
#define RAID_LOGS_LOGTIME_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "logs/header_priv.h"
#include "logs/logtime.h"

/* What is left of the text, and what was read. */
struct parse {
	const unsigned char *p, *end;
	int year, month, day;	/* year 0: none; month 0: no day */
	int hour, minute, second, ms;
	int clocked, zoned;
	int zone;		/* minutes east of Greenwich */
};

static inline unsigned char
peek(const struct parse *c, size_t i)
{
	return (size_t)(c->end - c->p) > i ? c->p[i] : 0;
}

/* Read exactly n digits, or nothing. */
static inline int
exactly(struct parse *c, unsigned n, int *v)
{
	int sum = 0;

	if ((size_t)(c->end - c->p) < n)
		return 0;
	for (unsigned i = 0; i < n; i++) {
		if (!is_digit(c->p[i]))
			return 0;
		sum = sum * 10 + (c->p[i] - '0');
	}
	c->p += n;
	*v = sum;
	return 1;
}

/* One or two digits. */
static inline int
pair(struct parse *c, int *v)
{
	if (c->p == c->end || !is_digit(*c->p))
		return 0;
	*v = *c->p++ - '0';
	if (c->p < c->end && is_digit(*c->p))
		*v = *v * 10 + (*c->p++ - '0');
	return 1;
}

static inline void
blanks(struct parse *c)
{
	while (c->p < c->end && *c->p == ' ')
		c->p++;
}

/* "15:16:01" and its fraction.  short_ok: "15:16", too.  All of these return 0
 * where there is none. */
int raid_logtime_clock(struct parse *c, int short_ok);

/* "151601" */
int raid_logtime_clock_digits(struct parse *c);

/* The clock behind a date, if there is one. */
void raid_logtime_clock_behind(struct parse *c);

/* Behind a clock: ".123", ",123", or ":123" of milliseconds. */
void raid_logtime_fraction(struct parse *c);

/* " 2005", where a year is usual. */
int raid_logtime_year(struct parse *c);

/* What begins with a digit; 2: it was an epoch, *t is complete. */
int raid_logtime_numeric(struct parse *c, struct raid_logtime *t);

/* What begins with the name of a month or of a day of the week. */
int raid_logtime_named(struct parse *c, struct raid_logtime *t);

/* All of p as one of the usual forms; 0 if it is not quite so. */
int raid_logtime_quick(const unsigned char *p, size_t len,
    struct raid_logtime *t);

/* The month, from 1, whose three letters, and none behind them, are at p,
 * which has 4 bytes; 0 for none. */
int raid_logtime_month(const unsigned char *p);

#define DAY_MS INT64_C(86400000)

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static inline int64_t
days_of(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
	    day - 1;

	return (int64_t)era * 146097 + of_era * 365 + of_era / 4 -
	    of_era / 100 + of_year - 719468;
}

static inline int
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The year of a day since 1970. */
static inline int
year_of(int64_t days)
{
	int year = (int)(days / 365.2425) + 1970;

	while (days_of(year, 1, 1) > days)
		year--;
	while (days_of(year + 1, 1, 1) <= days)
		year++;
	return year;
}

static inline int64_t
floor_day(int64_t ms)
{
	return (ms >= 0 ? ms : ms - DAY_MS + 1) / DAY_MS;
}

#endif
