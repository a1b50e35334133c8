/* SPDX-License-Identifier: ISC */
/* Times, by their shapes. */
#include <string.h>

#include "logs/header_priv.h"

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
	while (n + 1 < len && one_of(".,:+-", p[n]) && is_digit(p[n + 1]))
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
		if (i >= len || p[i] != p[n[0]] || !one_of("-/.", p[i]))
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

/* The three letters of a month or (day) of the week. */
static int
is_name(const unsigned char *p, size_t len, const char *names)
{
	if (len < 4 || is_alpha(p[3]))
		return 0;
	for (const char *s = names; *s != '\0'; s += 3)
		if (memcmp(s, p, 3) == 0)
			return 1;
	return 0;
}
#define MONTHS "JanFebMarAprMayJunJulAugSepOctNovDec"
#define DAYS "MonTueWedThuFriSatSun"

/* "Jun 14 15:16:01", with the day of the week before or a year behind. */
static size_t
named_len(const unsigned char *p, size_t len)
{
	size_t i = 0, n;

	if (is_name(p, len, DAYS))
		for (i = 3; i < len && (p[i] == ' ' || p[i] == ',');)
			i++;
	if (!is_name(p + i, len - i, MONTHS))
		return 0;
	for (i += 3; i < len && p[i] == ' ';)
		i++;
	for (n = 0; i < len && is_digit(p[i]); n++)
		i++;
	if (n < 1 || n > 2)
		return 0;
	while (i < len && p[i] == ' ')
		i++;
	n = clock_len(p + i, len - i);
	if (n == 0)
		return 0;
	i += n;
	if (i + 5 <= len && p[i] == ' ' && is_digit(p[i + 1]) &&
	    is_digit(p[i + 2]) && is_digit(p[i + 3]) && is_digit(p[i + 4]) &&
	    (i + 5 == len || !is_alnum(p[i + 5])))
		i += 5;
	return i;
}

/* Seconds since 1970, or "081109 203615". */
static size_t
number_time(const unsigned char *p, size_t len, int first)
{
	size_t n = digits(p, len), m;

	if ((n == 10 || n == 13 || n == 16) && *p == '1' &&
	    (n == len || p[n] == ' ' || p[n] == '.')) {
		if (n < len && p[n] == '.')
			n += 1 + digits(p + n + 1, len - n - 1);
		return n == len || p[n] == ' ' ? n : 0;
	}
	if (!first || (n != 6 && n != 8) || n >= len || p[n] != ' ')
		return 0;
	m = digits(p + n + 1, len - n - 1);
	if (m != 6 || (n + 7 < len && p[n + 7] != ' ' && p[n + 7] != '.') ||
	    p[n + 1] > '2' || p[n + 3] > '5' || p[n + 5] > '5')
		return 0;
	return n + 7;
}

size_t
raid_header_time(const unsigned char *p, size_t len, int first)
{
	size_t n, m;

	if (is_upper(*p))
		return named_len(p, len);
	if (!is_digit(*p))
		return 0;
	n = clock_len(p, len);
	if (n > 0)
		return n;
	n = date_len(p, len);
	if (n == 0 && digits(p, len) == 8 && len > 9 && (p[8] == '-' ||
	    p[8] == 'T') && is_digit(p[9])) {
		m = clock_len(p + 9, len - 9);
		return m > 0 ? 9 + m : 9 + digits(p + 9, len - 9);
	}
	if (n == 0) {		/* "10.30 16:49:06", "03-17 16:13:38.811" */
		n = digits(p, len);
		if (n == 2 && n + 3 < len && one_of("-./", p[2]) &&
		    digits(p + 3, len - 3) == 2 && p[5] == ' ' && len > 6) {
			m = clock_len(p + 6, len - 6);
			if (m > 0)
				return 6 + m;
		}
		return number_time(p, len, first);
	}
	while (n + 1 < len && ((one_of("-:._T,+", p[n]) &&
	    is_digit(p[n + 1])) || is_digit(p[n])))
		n++;
	if (n < len && is_digit(p[n]))
		n++;
	if (n < len && p[n] == 'Z')
		n++;
	return n;
}

size_t
raid_header_time_end(const unsigned char *p, size_t n, size_t len)
{
	size_t m;

	if (n > 10 || n + 8 > len || p[n] != ' ' || !is_digit(p[n + 1]) ||
	    date_len(p, n) != n)
		return n;
	m = clock_len(p + n + 1, len - n - 1);
	if (m == 0 || (n + 1 + m < len && !one_of(" \t|,:]+",
	    p[n + 1 + m])))
		return n;
	return n + 1 + m;
}

int
raid_header_web_time(const unsigned char *p, size_t len)
{
	return len > 12 && is_digit(p[0]) && is_digit(p[1]) && p[2] == '/' &&
	    is_alpha(p[3]) && p[6] == '/' && is_digit(p[7]) && p[11] == ':';
}
