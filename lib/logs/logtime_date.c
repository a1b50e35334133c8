/* SPDX-License-Identifier: ISC */
/* The shapes of dates. */
#include <string.h>

#include "logs/logtime_priv.h"

/* Three letters as a number; no letter but of ASCII gives a name. */
static inline uint32_t
three(const unsigned char *p)
{
	return (uint32_t)(p[0] | 0x20) << 16 | (uint32_t)(p[1] | 0x20) << 8 |
	    (uint32_t)(p[2] | 0x20);
}

#define NAME(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (c))

int
raid_logtime_month(const unsigned char *p)
{
	if (is_alpha(p[3]))
		return 0;
	switch (three(p)) {
	case NAME('j', 'a', 'n'): return 1;
	case NAME('f', 'e', 'b'): return 2;
	case NAME('m', 'a', 'r'): return 3;
	case NAME('a', 'p', 'r'): return 4;
	case NAME('m', 'a', 'y'): return 5;
	case NAME('j', 'u', 'n'): return 6;
	case NAME('j', 'u', 'l'): return 7;
	case NAME('a', 'u', 'g'): return 8;
	case NAME('s', 'e', 'p'): return 9;
	case NAME('o', 'c', 't'): return 10;
	case NAME('n', 'o', 'v'): return 11;
	case NAME('d', 'e', 'c'): return 12;
	}
	return 0;
}

static int
month_name(const struct parse *c)
{
	return c->end - c->p < 4 ? 0 : raid_logtime_month(c->p);
}

static int
is_day_name(const struct parse *c)
{
	static const uint32_t names[] = { NAME('m', 'o', 'n'),
	    NAME('t', 'u', 'e'), NAME('w', 'e', 'd'), NAME('t', 'h', 'u'),
	    NAME('f', 'r', 'i'), NAME('s', 'a', 't'), NAME('s', 'u', 'n') };

	if (c->end - c->p < 4 || is_alpha(c->p[3]))
		return 0;
	for (int i = 0; i < 7; i++)
		if (names[i] == three(c->p))
			return 1;
	return 0;
}

/* Read the digits at p, at most 19; how many. */
static inline unsigned
number(struct parse *c, uint64_t *v)
{
	const unsigned char *p = c->p;
	uint64_t n = 0;

	while (p < c->end && is_digit(*p) && p - c->p < 19)
		n = n * 10 + (*p++ - '0');
	*v = n;
	n = (uint64_t)(p - c->p);
	c->p = p;
	return (unsigned)n;
}

/* "2024-01-02", whose year was read. */
static int
year_first(struct parse *c, uint64_t year)
{
	unsigned char by = peek(c, 0);

	if (by != '-' && by != '/' && by != '.')
		return 0;
	c->p++;
	c->year = (int)year;
	if (!pair(c, &c->month) || peek(c, 0) != by)
		return 0;
	c->p++;
	if (!pair(c, &c->day) || is_digit(peek(c, 0)))
		return 0;
	raid_logtime_clock_behind(c);
	return 1;
}

static int
whole_year(int v)
{
	return v + (v < 70 ? 2000 : 1900);
}

/* "20240102" or "240102", and the clock behind it. */
static int
date_digits(struct parse *c, uint64_t v, unsigned n)
{
	c->day = (int)(v % 100);
	c->month = (int)(v / 100 % 100);
	c->year = (int)(v / 10000);
	if (n == 6)
		c->year = whole_year(c->year);
	raid_logtime_clock_behind(c);
	return c->clocked;
}

/* "02/Jan/2024", "02 Jan 2024", whose day was read. */
static int
day_named(struct parse *c, int day)
{
	unsigned char by = *c->p++;

	c->day = day;
	c->month = month_name(c);
	if (c->month == 0)
		return 0;
	c->p += 3;
	if (peek(c, 0) != by)
		return 0;
	c->p++;
	if (!exactly(c, 4, &c->year)) {
		if (!exactly(c, 2, &c->year))
			return 0;
		if (peek(c, 0) == ':') {	/* "02 Jan 03:04:05" */
			c->p -= 3;
			c->year = 0;
		} else
			c->year = whole_year(c->year);
	}
	raid_logtime_clock_behind(c);
	return c->clocked;
}

/* Two numbers of a day without a year: the month is first if it may be. */
static void
month_day(struct parse *c, int a, int b, int day_first)
{
	if (a > 12 || (day_first && b <= 12)) {
		c->month = b;
		c->day = a;
	} else {
		c->month = a;
		c->day = b;
	}
}

/* "24/06/09", "06/09/2024", "09.06.2024", "06-09 h:m:s"; a was read. */
static int
short_date(struct parse *c, int a)
{
	unsigned char by = *c->p++;
	const unsigned char *from;
	int b, last;

	if (!pair(c, &b))
		return 0;
	if (peek(c, 0) != by) {
		c->month = 1;
		raid_logtime_clock_behind(c);
		month_day(c, a, b, 0);
		return c->clocked;
	}
	from = ++c->p;
	if (exactly(c, 4, &c->year))
		month_day(c, a, b, by != '/');
	else if (exactly(c, 2, &last) && !is_digit(peek(c, 0))) {
		if (by != '.' && b >= 1 && b <= 12 && last >= 1 &&
		    last <= 31) {
			c->year = whole_year(a);
			c->month = b;
			c->day = last;
		} else {
			c->year = whole_year(last);
			month_day(c, a, b, by == '.');
		}
	} else
		return 0;
	if (c->p - from == 4 && is_digit(peek(c, 0)))
		return 0;
	raid_logtime_clock_behind(c);
	return 1;
}

/* Seconds since 1970, or thousandths, millionths of them...  */
static size_t
epoch(const struct parse *c, uint64_t v, unsigned n, struct raid_logtime *t)
{
	struct parse f = *c;
	size_t more = 0;

	for (; n > 13; n -= 3)
		v /= 1000;
	if (n == 10) {
		raid_logtime_fraction(&f);
		if (f.p > c->p && *c->p == '.') {
			more = (size_t)(f.p - c->p);
			v = v * 1000 + (uint64_t)f.ms;
		} else
			v *= 1000;
	}
	memset(t, 0, sizeof(*t));
	t->ms = (int64_t)v;
	t->zoned = t->dated = t->yeared = t->clocked = 1;
	return more;
}

/* What begins with a digit. */
int
raid_logtime_numeric(struct parse *c, struct raid_logtime *t)
{
	const unsigned char *from = c->p;
	uint64_t v;
	unsigned n = number(c, &v);
	unsigned char by = peek(c, 0), next = peek(c, 1);

	switch (n) {
	case 4:
		return year_first(c, v);
	case 1: case 2:
		if (by == ':') {
			c->p = from;
			return raid_logtime_clock(c, 0);
		}
		if (by != '-' && by != '/' && by != '.' && by != ' ')
			return 0;
		return is_alpha(next) ? day_named(c, (int)v) :
		    is_digit(next) && by != ' ' && short_date(c, (int)v);
	case 6: case 8:
		return date_digits(c, v, n);
	case 10: case 13: case 16: case 19:
		if (*from != '1' && *from != '2')
			return 0;
		c->p += epoch(c, v, n, t);
		return 2;
	case 14:
		c->p = from + 8;
		(void)date_digits(c, v / 1000000, 8);
		return raid_logtime_clock_digits(c);
	}
	return 0;
}

/* "Jun 14 15:16:01", "Jun 14, 2005 3:16:01", and a day of the week. */
int
raid_logtime_named(struct parse *c, struct raid_logtime *t)
{
	if (is_day_name(c)) {
		c->p += 3;
		while (c->p < c->end && (*c->p == ' ' || *c->p == ','))
			c->p++;
		if (is_digit(peek(c, 0)))
			return raid_logtime_numeric(c, t);
	}
	c->month = month_name(c);
	if (c->month == 0)
		return 0;
	c->p += 3;
	blanks(c);
	if (!pair(c, &c->day))
		return 0;
	if (peek(c, 0) == ',')
		c->p++;
	(void)raid_logtime_year(c);
	if (peek(c, 0) != ' ')
		return 0;
	blanks(c);
	return raid_logtime_clock(c, 1);
}

