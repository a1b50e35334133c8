/* SPDX-License-Identifier: ISC */
#include "logs/scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX 40

/* The next word as a string, behind which *p then stands. */
static int
word(const unsigned char **p, size_t *left, char out[TOKEN_MAX])
{
	size_t n = 0;

	while (n < *left && (*p)[n] != ' ' && (*p)[n] != '\n') {
		if (n == TOKEN_MAX - 1 || (*p)[n] <= ' ')
			return -1;
		out[n] = (char)(*p)[n];
		n++;
	}
	if (n == 0 || n == *left)
		return -1;
	out[n++] = '\0';
	*p += n;
	*left -= n;
	return 0;
}

int
raid_scan_int(const unsigned char **p, size_t *left, int64_t min, int64_t max,
    int64_t *out)
{
	char s[TOKEN_MAX], *end;
	long long v;

	if (word(p, left, s) != 0 || s[0] == '+')
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return -1;
	*out = v;
	return 0;
}

int
raid_scan_double(const unsigned char **p, size_t *left, double *out)
{
	char s[TOKEN_MAX], *end;

	if (word(p, left, s) != 0)
		return -1;
	*out = strtod(s, &end);
	return *end == '\0' && isfinite(*out) ? 0 : -1;
}

int
raid_scan_bytes(const unsigned char **p, size_t *left, size_t max,
    const unsigned char **out, size_t *len)
{
	int64_t n;

	if (raid_scan_int(p, left, 0, (int64_t)max, &n) != 0 ||
	    (uint64_t)n >= *left || ((*p)[n] != ' ' && (*p)[n] != '\n'))
		return -1;
	*out = *p;
	*len = (size_t)n;
	*p += n + 1;
	*left -= (size_t)n + 1;
	return 0;
}
