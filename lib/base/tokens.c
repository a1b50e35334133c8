/* SPDX-License-Identifier: ISC */
#include "base/tokens.h"

#include <ctype.h>
#include <math.h>

#include "base/utf8.h"

static int
is_cyrillic(uint32_t c)
{
	return c >= 0x400 && c <= 0x52f;
}

/* One word of ASCII letters at p; a new word begins at lower-to-UPPER. */
static double
ascii_word(const unsigned char *p, size_t len, size_t *i)
{
	size_t start = *i, capitals = 0, n;

	while (*i < len && isalpha(p[*i])) {
		if (isupper(p[*i]) && *i > start && islower(p[*i - 1]))
			break;
		capitals += isupper(p[*i]) != 0;
		(*i)++;
	}
	n = *i - start;
	if (capitals >= 2)
		return 0.966 + 0.096 * (double)capitals;
	return 0.966 + (n > 6 ? 0.098 * (double)(n - 6) : 0);
}

static size_t
run(const unsigned char *p, size_t len, size_t *i, int (*is)(int))
{
	size_t start = *i;

	while (*i < len && p[*i] < 0x80 && is(p[*i]))
		(*i)++;
	return *i - start;
}

static int
is_newline(int c)
{
	return c == '\n' || c == '\r';
}

static int
is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static double
ascii_run(const unsigned char *p, size_t len, size_t *i)
{
	unsigned char c = p[*i];
	size_t n;

	if (isalpha(c))
		return ascii_word(p, len, i);
	if (isdigit(c))
		return 1.284 * ceil((double)run(p, len, i, isdigit) / 3);
	if (ispunct(c)) {
		n = run(p, len, i, ispunct);
		return 0.600 + 0.238 * (double)(n - 1);
	}
	if (is_newline(c)) {
		(void)run(p, len, i, is_newline);
		return 1.587;
	}
	if (is_blank(c))
		return run(p, len, i, is_blank) >= 2 ? 0.331 : 0;
	(*i)++;
	return 0.304;
}

size_t
raid_tokens(const void *text, size_t len)
{
	const unsigned char *p = text;
	double sum = 0;
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		if (p[i] < 0x80) {
			sum += ascii_run(p, len, &i);
			continue;
		}
		n = raid_utf8_next(p + i, len - i, &c);
		if (n == 0 || !is_cyrillic(c)) {
			sum += 0.304;
			i += n != 0 ? n : 1;
			continue;
		}
		sum += 2.020;
		while ((n = raid_utf8_next(p + i, len - i, &c)) != 0 &&
		    is_cyrillic(c))
			i += n;
	}
	return (size_t)ceil(sum);
}
