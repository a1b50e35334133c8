/* SPDX-License-Identifier: ISC */
/* Times, by their shapes. */
#include <string.h>

#include "logs/bytes.h"
#include "logs/header_scan.h"
#include "logs/logtime_priv.h"

/* Between the parts of a date. */
static inline int
is_date_mark(unsigned char c)
{
	return c == '-' || c == '/' || c == '.';
}

/* Behind a clock: before a fraction or a zone. */
static inline int
is_clock_mark(unsigned char c)
{
	return c == '.' || c == ',' || c == ':' || c == '+' || c == '-';
}

/* "15:16:01" and what may follow it, up to the end of the run; else 0. */
static size_t
clock_len(const unsigned char *p, size_t len)
{
	size_t i = 0, n = 0, groups = 1;

	while (n < len && (is_digit(p[n]) || p[n] == ':'))
		groups += p[n++] == ':';
	if (groups < 3 || groups > 4)
		return 0;
	while (i < n && is_digit(p[i]))
		i++;
	if (i < 1 || i > 2 || (i == 2 && p[0] > '2') || p[i] != ':')
		return 0;
	for (n = ++i; n < len && is_digit(p[n]);)
		n++;
	if (n - i < 1 || n - i > 2 || n >= len || p[n] != ':' || p[i] > '5')
		return 0;
	for (i = ++n; n < len && is_digit(p[n]);)
		n++;
	if (n - i < 1 || n - i > 2)
		return 0;
	while (n + 1 < len && is_clock_mark(p[n]) && is_digit(p[n + 1]))
		for (n++; n < len && is_digit(p[n]);)
			n++;
	if (n < len && p[n] == 'Z')
		n++;
	return n;
}

/* A date with year, month and day in some order: its length, else 0. */
static size_t
date_len(const unsigned char *p, size_t len)
{
	size_t n[3], i = 0;

	for (int k = 0; k < 3; k++) {
		size_t from = i;

		while (i < len && is_digit(p[i]))
			i++;
		n[k] = i - from;
		if (k == 2)
			break;
		if (i >= len || p[i] != p[n[0]] || !is_date_mark(p[i]))
			return 0;
		i++;
	}
	if (n[1] != 2 && n[1] != 1)
		return 0;
	if (n[0] == 4 && n[2] >= 1 && n[2] <= 2)
		return i;
	if (n[0] <= 2 && n[0] > 0 && (n[2] == 4 ||
	    (n[2] == 2 && p[n[0]] != '.')))
		return i;
	return 0;
}

static size_t
skip(const unsigned char *p, size_t len, size_t i, unsigned char c)
{
	while (i < len && p[i] == c)
		i++;
	return i;
}

/* Does " 2005", as a word, stand at p? */
static int
is_year(const unsigned char *p, size_t len)
{
	return len >= 5 && *p == ' ' && (p[1] == '1' || p[1] == '2') &&
	    digits(p + 1, len - 1) == 4 && (len == 5 || !is_alnum(p[5]));
}

static int
month(const unsigned char *p, size_t len)
{
	return len < 4 ? 0 : raid_logtime_month(p);
}

static int
is_day_name(const unsigned char *p, size_t len)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	if (len < 4 || is_alpha(p[3]) || !one_of("MTWFS", *p))
		return 0;
	for (size_t i = 0; i < sizeof(names) - 1; i += 3)
		if (memcmp(names + i, p, 3) == 0)
			return 1;
	return 0;
}

/* Behind the clock: " 2005", " UTC 2005". */
static size_t
year_behind(const unsigned char *p, size_t len)
{
	size_t i = 0;

	if (is_year(p, len))
		return 5;
	if (len > 1 && *p == ' ')
		for (i = 1; i < len && i < 6 && is_upper(p[i]);)
			i++;
	return i > 3 && is_year(p + i, len - i) ? i + 5 : 0;
}

/* "Jun 14 15:16:01", "Jun 14, 2005 15:16:01", with the day of the week
 * before or a year behind. */
static size_t
named_len(const unsigned char *p, size_t len)
{
	size_t i = 0, n;

	if (is_day_name(p, len))
		for (i = 3; i < len && (p[i] == ' ' || p[i] == ',');)
			i++;
	if (month(p + i, len - i) == 0)
		return 0;
	i = skip(p, len, i + 3, ' ');
	n = digits(p + i, len - i);
	if (n < 1 || n > 2)
		return 0;
	i += n;
	if (i < len && p[i] == ',')
		i++;
	if (is_year(p + i, len - i))
		i += 5;
	i = skip(p, len, i, ' ');
	n = clock_len(p + i, len - i);
	if (n == 0)
		return 0;
	i += n;
	return i + year_behind(p + i, len - i);
}

/* "14 Jun 2005 15:16:01", "14-Jun-2005 15:16:01", "14 Jun 15:16:01"; n digits
 * were seen. */
static size_t
day_named_len(const unsigned char *p, size_t n, size_t len)
{
	size_t i = n + 4, m;

	if (n > 2 || n + 12 > len || !one_of(" -/", p[n]) ||
	    month(p + n + 1, len - n - 1) == 0 || p[i] != p[n])
		return 0;
	i++;
	m = digits(p + i, len - i);
	if (m == 4 && i + 5 < len && one_of(" :T", p[i + 4]))
		i += 5;
	else if (p[n] != ' ')
		return 0;
	m = clock_len(p + i, len - i);
	return m > 0 ? i + m : 0;
}

/* Seconds since 1970, or "081109 203615"; n digits were seen. */
static size_t
number_time(const unsigned char *p, size_t n, size_t len, int first)
{
	size_t m;

	if ((n == 10 || n == 13 || n == 16) && *p == '1' &&
	    (n == len || p[n] == ' ' || p[n] == '.')) {
		if (n < len && p[n] == '.')
			n += 1 + digits(p + n + 1, len - n - 1);
		return n == len || p[n] == ' ' ? n : 0;
	}
	if (!first || (n != 6 && n != 8) || n >= len || p[n] != ' ')
		return 0;
	m = skip(p, len, n, ' ');
	if (n == 6 && m < n + 3 && clock_len(p + m, len - m) > 0)
		return m + clock_len(p + m, len - m);
	m = digits(p + n + 1, len - n - 1);
	if (m != 6 || (n + 7 < len && p[n + 7] != ' ' && p[n + 7] != '.') ||
	    p[n + 1] > '2' || p[n + 3] > '5' || p[n + 5] > '5')
		return 0;
	return n + 7;
}

/* Is "hh:mm:ss" at p, which has 8 bytes? */
static inline int
is_clock(const unsigned char *p)
{
	static const struct raid_bytes_form form = {	/* 00:00:00 */
	    UINT64_C(0xf0f0fff0f0fff0f0), UINT64_C(0x30303a30303a3030),
	    UINT64_C(0x0606000606000606) };

	return raid_bytes_has_form(raid_bytes_8(p), &form) && p[0] <= '2' &&
	    p[3] <= '5';
}

/* Behind the seconds at n: fraction and zone.  0 if it is not sure that all
 * ends there. */
static inline size_t
quick_end(const unsigned char *p, size_t n, size_t len)
{
	if (n + 1 < len && (p[n] == '.' || p[n] == ',') && is_digit(p[n + 1]))
		for (n++; n < len && is_digit(p[n]);)
			n++;
	if (n < len && p[n] == 'Z')
		n++;
	return n == len || p[n] == ' ' || p[n] == ']' ? n : 0;
}

/* The usual "2024-01-02 03:04:05.678", also with T: as all of what follows
 * finds it, but at once; 0 if it is not quite so. */
static inline size_t
quick_date(const unsigned char *p, size_t len)
{
	static const struct raid_bytes_form form = {	/* 0000?00? */
	    UINT64_C(0x00f0f000f0f0f0f0), UINT64_C(0x0030300030303030),
	    UINT64_C(0x0006060006060606) };

	if (len < 20 || p[4] != p[7] || (p[4] != '-' && p[4] != '/' &&
	    p[4] != '.') || (p[10] != ' ' && p[10] != 'T') ||
	    !raid_bytes_has_form(raid_bytes_8(p), &form) ||
	    !is_digit(p[8]) || !is_digit(p[9]) || !is_clock(p + 11))
		return 0;
	return quick_end(p, 19, len);
}

/* The usual "Jan  2 03:04:05". */
static inline size_t
quick_named(const unsigned char *p, size_t len)
{
	if (len < 18 || p[3] != ' ' || p[6] != ' ' || !is_digit(p[5]) ||
	    (p[4] != ' ' && !is_digit(p[4])) || !is_clock(p + 7) ||
	    p[15] != ' ' || is_digit(p[16]) ||
	    (is_upper(p[16]) && is_upper(p[17])) ||
	    raid_logtime_month(p) == 0)
		return 0;
	return 15;
}

size_t
raid_header_time(const unsigned char *p, size_t len, int first)
{
	size_t n, m;

	if (is_upper(*p)) {
		n = quick_named(p, len);
		return n > 0 ? n : named_len(p, len);
	}
	if (!is_digit(*p))
		return 0;
	n = quick_date(p, len);
	if (n > 0)
		return n;
	n = digits(p, len);
	if (n < len && p[n] == ':')
		return clock_len(p, len);
	if (n == len || p[n] == ' ')
		return n < 3 ? day_named_len(p, n, len) :
		    number_time(p, n, len, first);
	n = date_len(p, len);
	if (n == 0 && digits(p, len) == 8 && len > 9 && (p[8] == '-' ||
	    p[8] == 'T') && is_digit(p[9])) {
		m = clock_len(p + 9, len - 9);
		return m > 0 ? 9 + m : 9 + digits(p + 9, len - 9);
	}
	if (n == 0) {		/* "10.30 16:49:06", "03-17 16:13:38.811" */
		n = digits(p, len);
		if (n == 2 && n + 3 < len && is_date_mark(p[2]) &&
		    digits(p + 3, len - 3) == 2 && p[5] == ' ' && len > 6) {
			m = clock_len(p + 6, len - 6);
			if (m > 0)
				return 6 + m;
		}
		return n < 3 ? day_named_len(p, n, len) :
		    number_time(p, n, len, first);
	}
	while (n + 1 < len && (((is_clock_mark(p[n]) || p[n] == '_' ||
	    p[n] == 'T') && is_digit(p[n + 1])) || is_digit(p[n])))
		n++;
	if (n < len && is_digit(p[n]))
		n++;
	if (n < len && p[n] == 'Z')
		n++;
	return n;
}

/* A date of n bytes at p may go on with a clock behind a blank: the length of
 * both, else n. */
static size_t
time_end(const unsigned char *p, size_t n, size_t len)
{
	size_t m, at;

	if (n > 10 || n + 8 > len || p[n] != ' ' || date_len(p, n) != n)
		return n;
	at = n + 1 + (p[n + 1] == ' ');
	m = clock_len(p + at, len - at);
	if (m == 0 || (at + m < len && !one_of(" \t|,:]+", p[at + m])))
		return n;
	return at + m;
}

int
raid_header_web_time(const unsigned char *p, size_t len)
{
	return len > 12 && is_digit(p[0]) && is_digit(p[1]) && p[2] == '/' &&
	    is_alpha(p[3]) && p[6] == '/' && is_digit(p[7]) && p[11] == ':';
}

/* "I0102 15:04:05.1": how long the letter and the date are. */
static size_t
letter_date(const unsigned char *p, size_t len)
{
	size_t n;

	if (raid_header_level_letter(*p) == RAID_LEVEL_NONE)
		return 0;
	n = digits(p + 1, len - 1);
	return (n == 4 || n == 8) && n + 2 < len && p[n + 1] == ' ' ?
	    n + 2 : 0;
}

/* The time at p: how long it is without a zone; 0 if there is none. */
static size_t
time_len(const unsigned char *p, size_t len, int first)
{
	size_t n, more;

	n = raid_header_time(p, len, first);
	if (n > 0 || !first || !is_upper(*p))
		return n;
	more = letter_date(p, len);
	if (more == 0)
		return 0;
	n = raid_header_time(p + more, len - more, 0);
	return n > 0 ? more + n : 0;
}

/* Can a zone stand behind a time, of which the blank is at p? */
static inline int
maybe_zone(const unsigned char *p, size_t len)
{
	unsigned char c;

	if (len < 3)
		return 0;
	c = p[1];
	if (c == '+' || c == '-')
		return is_digit(p[2]);
	if ((p[2] | 0x20) == 'm' && ((c | 0x20) == 'p' || (c | 0x20) == 'a'))
		return 1;
	/* C, E, G, J, M, P, U begin the names that are known. */
	return c == ' ' || (len > 5 && is_upper(c) &&
	    0x109254 >> (c - 'A') & 1 && is_upper(p[3]) &&
	    !(is_alnum(p[4]) && is_alnum(p[5])));
}

void
raid_header_measure(const unsigned char *p, size_t len, struct moment *m)
{
	size_t n;

	p += m->from;
	len = (m->end > 0 ? m->end : len) - m->from;
	m->zone = 0;
	n = time_len(p, len, m->first);
	if (n > 0 && n < len && m->end == 0 &&
	    !(raid_header_class[p[n]] & ENDS))
		n = 0;
	if (n > 0)
		n = time_end(p, n, len);
	m->n = (uint16_t)n;
	if (n > 0 && n < len && (m->end > 0 || (p[n] != ' ' ? p[n] == '+' :
	    maybe_zone(p + n, len - n))))
		m->zone = (uint16_t)raid_logtime_zone_len(p + n, len - n);
}
