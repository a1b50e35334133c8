/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/mem.h"

size_t
raid_utf8_next(const unsigned char *p, size_t len, uint32_t *c)
{
	utf8proc_int32_t v;
	utf8proc_ssize_t n;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	n = utf8proc_iterate(p, len < 4 ? (utf8proc_ssize_t)len : 4, &v);
	if (n <= 0)
		return 0;
	*c = (uint32_t)v;
	return (size_t)n;
}

size_t
raid_utf8_check(const unsigned char *p, size_t len)
{
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		if (p[i] < 0x80) {
			i++;
			continue;
		}
		if ((n = raid_utf8_next(p + i, len - i, &c)) == 0)
			break;
		i += n;
	}
	return i;
}

int
raid_utf8_isword(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_NO;
}

int
raid_utf8_isspace(uint32_t c)
{
	utf8proc_category_t k;

	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_ZS && k <= UTF8PROC_CATEGORY_ZP;
}

int
raid_utf8_isopening(uint32_t c)
{
	utf8proc_category_t k;

	if (c == '"' || c == '\'' || c == '`')
		return 1;
	k = utf8proc_category((utf8proc_int32_t)c);
	return k == UTF8PROC_CATEGORY_PS || k == UTF8PROC_CATEGORY_PI ||
	    k == UTF8PROC_CATEGORY_PF;
}

char *
raid_utf8_fold(const char *s, size_t len)
{
	utf8proc_uint8_t *out = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len,
	    &out, UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE) < 0)
		return raid_memdup(s, len);
	return (char *)out;
}

int
raid_utf8_width(uint32_t c)
{
	return utf8proc_charwidth((utf8proc_int32_t)c);
}
