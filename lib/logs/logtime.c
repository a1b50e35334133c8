/* SPDX-License-Identifier: ISC */
#include "logs/logtime.h"

#include <string.h>

#include "logs/logtime_priv.h"

void
raid_logtime_fraction(struct parse *c)
{
	unsigned char by = peek(c, 0);
	int digit = 0, v = 0;

	if ((by != '.' && by != ',' && by != ':') || !is_digit(peek(c, 1)))
		return;
	for (c->p++; c->p < c->end && is_digit(*c->p); c->p++)
		if (digit++ < 3)
			v = v * 10 + (*c->p - '0');
	for (; digit < 3 && by != ':'; digit++)
		v *= 10;
	c->ms = v;
}

int
raid_logtime_clock(struct parse *c, int short_ok)
{
	unsigned char by;

	if (!pair(c, &c->hour))
		return 0;
	by = peek(c, 0);
	if ((by != ':' && (by != '.' || c->month == 0)) ||
	    !is_digit(peek(c, 1)))
		return 0;
	c->p++;
	(void)pair(c, &c->minute);
	c->clocked = 1;
	if (peek(c, 0) != by || !is_digit(peek(c, 1)))
		return short_ok && by == ':' && !is_digit(peek(c, 0));
	c->p++;
	(void)pair(c, &c->second);
	if (is_digit(peek(c, 0)))
		return 0;
	raid_logtime_fraction(c);
	return 1;
}

int
raid_logtime_clock_digits(struct parse *c)
{
	const unsigned char *from = c->p;

	if (!exactly(c, 2, &c->hour) || !exactly(c, 2, &c->minute) ||
	    !exactly(c, 2, &c->second) || is_digit(peek(c, 0))) {
		c->p = from;
		return 0;
	}
	c->clocked = 1;
	raid_logtime_fraction(c);
	return 1;
}

void
raid_logtime_clock_behind(struct parse *c)
{
	const unsigned char *from = c->p;

	if (c->p == c->end || !one_of("Tt _-:,./", *c->p))
		return;
	c->p++;
	blanks(c);
	if (is_digit(peek(c, 1)) && is_digit(peek(c, 2)) ?
	    raid_logtime_clock_digits(c) : raid_logtime_clock(c, 1))
		return;
	c->clocked = c->hour = c->minute = c->second = 0;
	c->p = from;
}

int
raid_logtime_year(struct parse *c)
{
	const unsigned char *from = c->p;
	int v;

	blanks(c);
	if (c->p > from && exactly(c, 4, &v) && v >= 1970 && v < 2200 &&
	    peek(c, 0) != ':' && !is_alnum(peek(c, 0))) {
		c->year = v;
		return 1;
	}
	c->p = from;
	return 0;
}

/* The names that logs use; others are not known without a table of zones. */
static int
zone_name(struct parse *c)
{
	static const struct {
		char name[6];
		int minutes;
	} v[] = { { "UTC", 0 }, { "GMT", 0 }, { "EST", -300 },
	    { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
	    { "MST", -420 }, { "MDT", -360 }, { "PST", -480 },
	    { "PDT", -420 }, { "CET", 60 }, { "CEST", 120 }, { "EET", 120 },
	    { "EEST", 180 }, { "MSK", 180 }, { "JST", 540 } };
	size_t n = 0, left = (size_t)(c->end - c->p);

	while (n < left && is_upper(c->p[n]))
		n++;
	if (n < 3 || n > 4 || (n < left && is_alnum(c->p[n])))
		return 0;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (memcmp(v[i].name, c->p, n) == 0 &&
		    v[i].name[n] == '\0') {
			c->p += n;
			c->zone = v[i].minutes;
			c->zoned = 1;
			return 1;
		}
	return 0;
}

/* "+0300", "+03:00", and without a blank before it "+03". */
static int
zone_offset(struct parse *c, int glued)
{
	int sign = *c->p++ == '-' ? -1 : 1, h, m = 0;

	if (!exactly(c, 2, &h))
		return 0;
	if (peek(c, 0) == ':') {
		c->p++;
		if (!exactly(c, 2, &m))
			return 0;
	} else if (!exactly(c, 2, &m) && !glued)
		return 0;
	if (h > 14 || m > 59 || is_alnum(peek(c, 0)))
		return 0;
	c->zone = sign * (h * 60 + m);
	c->zoned = 1;
	return 1;
}

/* "Z", " UTC", " +0300", "+03:00", and "PM". */
static void
zone_behind(struct parse *c)
{
	const unsigned char *from = c->p;
	unsigned char next;

	if (peek(c, 0) == 'Z' && !is_alnum(peek(c, 1))) {
		c->p++;
		c->zoned = 1;
		return;
	}
	blanks(c);
	next = peek(c, 0);
	if (((next | 0x20) == 'p' || (next | 0x20) == 'a') &&
	    (peek(c, 1) | 0x20) == 'm' && !is_alnum(peek(c, 2)) &&
	    c->hour >= 1 && c->hour <= 12) {
		c->hour = c->hour % 12 + ((next | 0x20) == 'p' ? 12 : 0);
		c->p += 2;
		from = c->p;
		blanks(c);
		next = peek(c, 0);
	}
	if ((next == '+' || next == '-') ? zone_offset(c, c->p == from) :
	    is_upper(next) && zone_name(c))
		return;
	c->p = from;
}

size_t
raid_logtime_zone_len(const unsigned char *p, size_t len)
{
	struct parse c = { .p = p, .end = p + len, .hour = 1 };

	zone_behind(&c);
	return (size_t)(c.p - p);
}

/* Is it in the calendar?  Then *t. */
static int
finish(const struct parse *c, struct raid_logtime *t)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };
	int64_t day = 0;

	if (c->hour > 23 || c->minute > 59 || c->second > 60)
		return 0;
	memset(t, 0, sizeof(*t));
	t->clocked = c->clocked != 0;
	if (c->month != 0 || c->day != 0) {
		if (c->month < 1 || c->month > 12 || c->day < 1 ||
		    c->day > days[c->month - 1] + (c->month == 2 &&
		    (c->year == 0 || is_leap(c->year))) ||
		    (c->year != 0 && (c->year < 1900 || c->year > 2999)))
			return 0;
		t->dated = 1;
		t->yeared = c->year != 0;
		if (!t->yeared) {
			t->month = (uint8_t)c->month;
			t->day = (uint8_t)c->day;
		}
		day = days_of(t->yeared ? c->year : 1970, c->month, c->day);
	} else if (!c->clocked)
		return 0;
	t->ms = day * DAY_MS + c->hour * 3600000 + c->minute * 60000 +
	    c->second * 1000 + c->ms;
	t->ms -= (int64_t)c->zone * 60000;
	t->zoned = c->zoned != 0;
	return 1;
}

/* Everything but the usual; 2: it was an epoch, and *t is complete. */
static int
patient(struct parse *c, struct raid_logtime *t)
{
	const unsigned char *p = c->p;

	if (is_digit(*p))
		return raid_logtime_numeric(c, t);
	if (!is_alpha(*p))
		return 0;
	if (!is_digit(p[1]))
		return raid_logtime_named(c, t);
	c->p++;		/* "I0102 15:04:05", "I20240102 15:04:05" */
	if (is_digit(peek(c, 4)))
		(void)exactly(c, 4, &c->year);
	if (exactly(c, 2, &c->month) && exactly(c, 2, &c->day))
		raid_logtime_clock_behind(c);
	return c->clocked;
}

/* As raid_logtime_len, for what is not quick. */
static size_t
slow_len(const unsigned char *p, size_t len, struct raid_logtime *t)
{
	struct parse c = { .p = p, .end = p + (len < 100 ? len : 100) };
	int found = patient(&c, t);

	if (found != 1)
		return found == 2 ? (size_t)(c.p - p) : 0;
	if (c.clocked && c.p < c.end) {
		zone_behind(&c);
		if (c.month != 0 && c.year == 0 && raid_logtime_year(&c) &&
		    !c.zoned)
			zone_behind(&c);
	}
	return finish(&c, t) ? (size_t)(c.p - p) : 0;
}

size_t
raid_logtime_len(const unsigned char *p, size_t len, struct raid_logtime *t)
{
	if (len < 5)
		return 0;
	return raid_logtime_quick(p, len, t) ? len : slow_len(p, len, t);
}

int
raid_logtime(const unsigned char *p, size_t len, struct raid_logtime *t)
{
	if (len < 5)
		return -1;
	return raid_logtime_quick(p, len, t) || slow_len(p, len, t) > 0 ? 0 :
	    -1;
}

/* Is the day of ref, since 1970, that day?  (Hinnant, chrono-Compatible
 * Low-Level Date Algorithms, civil_from_days.) */
static int
is_day(int64_t ref, int month, int day)
{
	/* Days since 0000-03-01; eras of 400 years have 146,097. */
	int64_t z = ref + 719468;
	unsigned of_era = (unsigned)(z % 146097);
	unsigned year = (of_era - of_era / 1460 + of_era / 36524 -
	    of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned m = (5 * of_year + 2) / 153;

	return z >= 0 && (int)(m < 10 ? m + 3 : m - 9) == month &&
	    (int)(of_year - (153 * m + 2) / 5) + 1 == day;
}

/* The same day of a year; Feb 29 only where there is one. */
static int
in_year(const struct raid_logtime *t, int year, int64_t of_day, int64_t *ms)
{
	if (t->month == 2 && t->day == 29 && !is_leap(year))
		return 0;
	*ms = days_of(year, t->month, t->day) * DAY_MS + of_day;
	return 1;
}

int64_t
raid_logtime_settle(const struct raid_logtime *t, int64_t ref)
{
	int64_t of_day, ms;
	int year;

	if (ref == RAID_NO_TIME || (t->dated && t->yeared))
		return t->ms;
	if (!t->dated)
		return floor_day(ref - t->ms + DAY_MS / 2) * DAY_MS + t->ms;
	of_day = t->ms - days_of(1970, t->month, t->day) * DAY_MS;
	if (of_day >= 0 && of_day < DAY_MS &&
	    is_day(floor_day(ref), t->month, t->day))
		return floor_day(ref) * DAY_MS + of_day;
	year = year_of(floor_day(ref));
	/* The last that is not too late is nearest; 8 years hold a Feb 29. */
	for (int i = 1; i >= -8; i--)
		if (in_year(t, year + i, of_day, &ms) && ms <= ref + DAY_MS)
			return ms;
	return t->ms;
}
