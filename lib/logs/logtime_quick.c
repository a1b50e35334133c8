/* SPDX-License-Identifier: ISC */
/*
 * The usual times by their fixed places: what all lines of a log pay for.
 * What is not just so is left to the patient parser.
 */
#include <string.h>

#include "logs/logtime_priv.h"

#define BAD 1000u

struct day {
	unsigned year, month, day;	/* year 0: none; month 0: no day */
};

/* Two digits; BAD and more if they are none. */
static inline unsigned
two(const unsigned char *p)
{
	unsigned a = (unsigned char)(p[0] - '0');
	unsigned b = (unsigned char)(p[1] - '0');

	return a * 10 + b + (unsigned)(a > 9 || b > 9) * BAD;
}

/* "Jun 14 15:16:01", "Sun Dec 04 04:47:44 2005": where the clock is. */
static inline size_t
named_day(struct day *d, const unsigned char *p, size_t len)
{
	size_t at = 0;

	if (len >= 24 && p[7] == ' ' && p[19] == ' ' && p[3] == ' ') {
		d->year = two(p + 20) * 100 + two(p + 22);
		at = 4;
	}
	d->month = (unsigned)raid_logtime_month(p + at);
	d->day = p[at + 4] == ' ' ? (unsigned char)(p[at + 5] - '0') :
	    two(p + at + 4);
	return d->month != 0 && p[at + 6] == ' ' ? at + 7 : 0;
}

/* The day at p, which has 15 bytes, or none: where the clock is, or 0. */
static inline size_t
quick_day(struct day *d, const unsigned char *p, size_t len)
{
	if (p[3] == ' ')
		return named_day(d, p, len);
	if (p[4] == p[7] && (p[4] == '-' || p[4] == '/' || p[4] == '.')) {
		d->year = two(p) * 100 + two(p + 2);
		d->month = two(p + 5);
		d->day = two(p + 8);
		return p[10] == ' ' || p[10] == 'T' || p[10] == '_' ? 11 : 0;
	}
	if (p[2] == '/' && p[5] == '/') {	/* "24/06/09 20:10:40" */
		d->year = two(p) + (p[0] < '7' ? 2000 : 1900);
		d->month = two(p + 3);
		d->day = two(p + 6);
		return p[8] == ' ' ? 9 : 0;
	}
	if (p[2] == '/') {			/* "10/Oct/2000:13:55:36" */
		d->year = two(p + 7) * 100 + two(p + 9);
		d->month = (unsigned)raid_logtime_month(p + 3);
		d->day = two(p);
		return p[6] == '/' && p[11] == ':' ? 12 : 0;
	}
	d->month = two(p);			/* "03-17 16:13:38" */
	d->day = two(p + 3);
	return (p[2] == '-' || p[2] == '.') && p[5] == ' ' ? 6 : 0;
}

/* Days since 1970, which the year is or follows by less than 130 years; -1
 * for a day that may not be. */
static inline int
quick_days(const struct day *d)
{
	static const struct {
		uint16_t before, days;
	} months[16] = { { 0, 0 }, { 0, 31 }, { 31, 28 }, { 59, 31 },
	    { 90, 30 }, { 120, 31 }, { 151, 30 }, { 181, 31 }, { 212, 31 },
	    { 243, 30 }, { 273, 31 }, { 304, 30 }, { 334, 31 } };
	unsigned year = d->year == 0 ? 0 : d->year - 1970;

	/* Feb 29 is left to the patient one, too. */
	if (year >= 130 || d->month > 12 ||
	    d->day - 1 >= months[d->month].days)
		return -1;
	return (int)(year * 365 + (year + 1) / 4 + months[d->month].before +
	    (d->month > 2 && (year & 3) == 2) + d->day - 1);
}

/* The milliseconds at p + at, behind a clock; *end is where they end. */
static inline unsigned
quick_fraction(const unsigned char *p, size_t at, size_t len, size_t *end)
{
	unsigned v = 0;

	*end = at;
	if (at + 3 >= len || (p[at] != '.' && p[at] != ',') ||
	    !is_digit(p[at + 3]))
		return 0;
	v = two(p + at + 1) * 10 + (p[at + 3] - '0');
	for (at += 4; at < len && is_digit(p[at]);)
		at++;
	*end = at;
	return v;
}

/* Seconds or milliseconds since 1970. */
static int
quick_epoch(const unsigned char *p, size_t len, struct raid_logtime *t)
{
	int64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_digit(p[i]))
			return 0;
		v = v * 10 + (p[i] - '0');
	}
	*t = (struct raid_logtime){ len == 10 ? v * 1000 : v, 1, 1, 1, 1, 0,
	    0 };
	return 1;
}

/* Behind the clock up to len: a zone, in minutes; 0 if it is something else. */
static inline int
quick_zone(const unsigned char *p, size_t len, int *zone)
{
	unsigned h, m;

	*zone = 0;
	if (len == 1)
		return *p == 'Z';
	if (len == 6 && *p == ' ')
		p++;
	else if (len != 5)
		return 0;
	h = two(p + 1);
	m = two(p + 3);
	if ((*p != '+' && *p != '-') || h > 14 || m > 59)
		return 0;
	*zone = (int)(h * 60 + m) * (*p == '-' ? -1 : 1);
	return 1;
}

int
raid_logtime_quick(const unsigned char *p, size_t len,
    struct raid_logtime *t)
{
	struct day d = { 0, 0, 0 };
	unsigned h, m, s, ms;
	size_t at = 0, end;
	int days = 0, zone = 0;

	if (len < 8)
		return 0;
	if ((len == 10 || len == 13) && *p == '1' && is_digit(p[4]))
		return quick_epoch(p, len, t);
	if (p[2] != ':') {
		if (len < 15)
			return 0;
		at = quick_day(&d, p, len);
		if (at == 0 || at + 8 > len)
			return 0;
		days = quick_days(&d);
	}
	h = two(p + at);
	m = two(p + at + 3);
	s = two(p + at + 6);
	if (h > 23 || m > 59 || s > 59 || days < 0 || p[at + 2] != ':' ||
	    p[at + 5] != ':')
		return 0;
	ms = quick_fraction(p, at + 8, len, &end);
	if (ms >= BAD)
		return 0;
	t->zoned = 0;
	if (end < len) {
		if (p[3] == ' ' && d.year != 0) {
			if (end + 5 != len)	/* the year is behind it */
				return 0;
		} else if (!quick_zone(p + end, len - end, &zone))
			return 0;
		else
			t->zoned = 1;
	}
	t->ms = ((int64_t)days * 86400 + h * 3600 + m * 60 + s -
	    zone * 60) * 1000 + ms;
	t->dated = d.month != 0;
	t->yeared = d.year != 0;
	t->clocked = 1;
	t->month = (uint8_t)(d.year == 0 ? d.month : 0);
	t->day = (uint8_t)(d.year == 0 ? d.day : 0);
	return 1;
}
