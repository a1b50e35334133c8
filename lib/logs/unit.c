/* SPDX-License-Identifier: ISC */
#include "logs/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	enum raid_dimension dimension;
	double size;
} units[RAID_UNITS] = {
	[RAID_UNIT_NONE] = { "", RAID_DIMENSION_NONE, 1 },
	[RAID_UNIT_NS] = { "ns", RAID_DIMENSION_TIME, 1 },
	[RAID_UNIT_US] = { "us", RAID_DIMENSION_TIME, 1e3 },
	[RAID_UNIT_MS] = { "ms", RAID_DIMENSION_TIME, 1e6 },
	[RAID_UNIT_S] = { "s", RAID_DIMENSION_TIME, 1e9 },
	[RAID_UNIT_MIN] = { "min", RAID_DIMENSION_TIME, 60e9 },
	[RAID_UNIT_H] = { "h", RAID_DIMENSION_TIME, 3600e9 },
	[RAID_UNIT_B] = { "B", RAID_DIMENSION_SIZE, 1 },
	[RAID_UNIT_KB] = { "kB", RAID_DIMENSION_SIZE, 0x1p10 },
	[RAID_UNIT_MB] = { "MB", RAID_DIMENSION_SIZE, 0x1p20 },
	[RAID_UNIT_GB] = { "GB", RAID_DIMENSION_SIZE, 0x1p30 },
	[RAID_UNIT_TB] = { "TB", RAID_DIMENSION_SIZE, 0x1p40 },
	[RAID_UNIT_PERCENT] = { "%", RAID_DIMENSION_SHARE, 1 },
};

/* In any case; a name may add an s to those of more than one letter. */
static const struct {
	const char *word;
	enum raid_unit unit;
} words[] = {
	{ "ns", RAID_UNIT_NS }, { "nsec", RAID_UNIT_NS },
	{ "nano", RAID_UNIT_NS }, { "nanosecond", RAID_UNIT_NS },
	{ "us", RAID_UNIT_US }, { "usec", RAID_UNIT_US },
	{ "\xc2\xb5s", RAID_UNIT_US }, { "\xce\xbcs", RAID_UNIT_US },
	{ "micro", RAID_UNIT_US }, { "microsecond", RAID_UNIT_US },
	{ "microsec", RAID_UNIT_US },
	{ "ms", RAID_UNIT_MS }, { "msec", RAID_UNIT_MS },
	{ "milli", RAID_UNIT_MS }, { "millisec", RAID_UNIT_MS },
	{ "millisecond", RAID_UNIT_MS },
	{ "s", RAID_UNIT_S }, { "sec", RAID_UNIT_S },
	{ "second", RAID_UNIT_S },
	{ "min", RAID_UNIT_MIN }, { "minute", RAID_UNIT_MIN },
	{ "h", RAID_UNIT_H }, { "hr", RAID_UNIT_H },
	{ "hrs", RAID_UNIT_H }, { "hour", RAID_UNIT_H },
	{ "byte", RAID_UNIT_B },
	{ "kb", RAID_UNIT_KB }, { "kib", RAID_UNIT_KB },
	{ "kbyte", RAID_UNIT_KB }, { "kilobyte", RAID_UNIT_KB },
	{ "kibibyte", RAID_UNIT_KB },
	{ "mb", RAID_UNIT_MB }, { "mib", RAID_UNIT_MB },
	{ "mbyte", RAID_UNIT_MB }, { "megabyte", RAID_UNIT_MB },
	{ "mebibyte", RAID_UNIT_MB },
	{ "gb", RAID_UNIT_GB }, { "gib", RAID_UNIT_GB },
	{ "gbyte", RAID_UNIT_GB }, { "gigabyte", RAID_UNIT_GB },
	{ "gibibyte", RAID_UNIT_GB },
	{ "tb", RAID_UNIT_TB }, { "tib", RAID_UNIT_TB },
	{ "terabyte", RAID_UNIT_TB }, { "tebibyte", RAID_UNIT_TB },
	{ "%", RAID_UNIT_PERCENT }, { "percent", RAID_UNIT_PERCENT },
	{ "pct", RAID_UNIT_PERCENT },
};

const char *
raid_unit_name(enum raid_unit u)
{
	return units[u].name;
}

enum raid_dimension
raid_unit_dimension(enum raid_unit u)
{
	return units[u].dimension;
}

double
raid_unit_factor(enum raid_unit from, enum raid_unit to)
{
	if (from == to || units[from].dimension != units[to].dimension)
		return 1;
	return units[from].size / units[to].size;
}

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int
same(const char *word, const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len && word[i] != '\0'; i++) {
		if ((unsigned char)word[i] != lower(p[i]))
			return 0;
	}
	return i == len && word[i] == '\0';
}

/* Where the case tells: sizes of one capital letter; b is a bit. */
static enum raid_unit
letter(unsigned char c)
{
	switch (c) {
	case 'B':
		return RAID_UNIT_B;
	case 'K':
		return RAID_UNIT_KB;
	case 'M':
		return RAID_UNIT_MB;
	case 'G':
		return RAID_UNIT_GB;
	case 'T':
		return RAID_UNIT_TB;
	case 's':
		return RAID_UNIT_S;
	case 'h':
		return RAID_UNIT_H;
	case '%':
		return RAID_UNIT_PERCENT;
	default:
		return RAID_UNIT_NONE;
	}
}

enum raid_unit
raid_unit_parse(const unsigned char *p, size_t len)
{
	if (len == 1)
		return letter(p[0]);
	if (len < 2 || len > 12)
		return RAID_UNIT_NONE;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((unsigned char)words[i].word[0] != lower(p[0]))
			continue;
		if (same(words[i].word, p, len) ||
		    (len > 3 && lower(p[len - 1]) == 's' &&
		    same(words[i].word, p, len - 1)))
			return words[i].unit;
	}
	return RAID_UNIT_NONE;
}

static int
is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

enum raid_unit
raid_unit_of_name(const unsigned char *p, size_t len)
{
	size_t i = len;
	enum raid_unit u;

	while (i > 0 && strchr("_-. /", p[i - 1]) == NULL &&
	    !(i < len && is_lower(p[i - 1]) && p[i] >= 'A' && p[i] <= 'Z'))
		i--;
	if (i == 0)
		return RAID_UNIT_NONE;
	u = raid_unit_parse(p + i, len - i);
	/* rx_min is a minimum, x_h a height, aK anything. */
	if (u == RAID_UNIT_MIN && !(len - i >= 4))
		return RAID_UNIT_NONE;
	if (len - i == 1 && !(u == RAID_UNIT_S && p[i - 1] == '_'))
		return RAID_UNIT_NONE;
	return u;
}

void
raid_metric_number(double v, enum raid_unit unit, struct raid_buf *out)
{
	char s[64];
	double size = fabs(v);
	int digits = 2;

	if (!isfinite(v)) {
		raid_buf_puts(out, "?");
		return;
	}
	if ((size < 1e15 && v >= trunc(v) && v <= trunc(v)) ||
	    (size >= 999.5 && size < 1e15)) {
		(void)snprintf(s, sizeof(s), "%.0f", v);
	} else if (size >= 1e15 || size < 1e-4) {
		(void)snprintf(s, sizeof(s), "%.3g", v);
	} else {
		for (double d = size; digits < 6 && d < 0.9995; d *= 10)
			digits++;
		if (size >= 9.995)
			digits--;
		if (size >= 99.95)
			digits--;
		(void)snprintf(s, sizeof(s), "%.*f", digits, v);
		while (digits > 0 && s[strlen(s) - 1] == '0')
			s[strlen(s) - 1] = '\0';
		if (s[strlen(s) - 1] == '.')
			s[strlen(s) - 1] = '\0';
	}
	raid_buf_puts(out, strcmp(s, "-0") == 0 ? "0" : s);
	raid_buf_puts(out, units[unit].name);
}
