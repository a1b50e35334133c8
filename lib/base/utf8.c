/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/buf.h"
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

/* How many bytes from s on are ASCII. */
static size_t
ascii(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && (unsigned char)s[i] < 0x80)
		i++;
	return i;
}

/* How many bytes form words that are not ASCII, up to the blank before a
 * longer stretch that is. */
static size_t
foreign(const char *s, size_t len)
{
	size_t i = ascii(s, len);

	for (; i < len; i++)
		if ((unsigned char)s[i] <= ' ' && (len - i > 32 ?
		    ascii(s + i, 32) == 32 : ascii(s + i, len - i) == len - i))
			break;
	return i;
}

/*
 * utf8proc costs more than all else that is done to a post.  Words are folded
 * and composed on their own, and most are ASCII.
 */
char *
raid_utf8_fold(const char *s, size_t len)
{
	size_t i = 0, n;
	struct raid_buf b;
	char *folded;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (; i < len; i += n) {
		utf8proc_uint8_t *out = NULL;
		utf8proc_ssize_t size;
		size_t at = b.len;

		n = ascii(s + i, len - i);
		/* A mark may follow the last one and join it. */
		while (i + n < len && n > 0 &&
		    (unsigned char)s[i + n - 1] > ' ')
			n--;
		raid_buf_add(&b, s + i, n);
		for (; at < b.len; at++)
			if (b.p[at] >= 'A' && b.p[at] <= 'Z')
				b.p[at] += 'a' - 'A';
		if (n > 0)
			continue;
		n = foreign(s + i, len - i);
		size = utf8proc_map((const utf8proc_uint8_t *)s + i,
		    (utf8proc_ssize_t)n, &out, UTF8PROC_CASEFOLD |
		    UTF8PROC_COMPOSE | UTF8PROC_STABLE);
		if (size < 0) {
			raid_buf_free(&b);
			return raid_memdup(s, len);
		}
		raid_buf_add(&b, out, (size_t)size);
		free(out);
	}
	folded = raid_buf_take(&b);
	raid_buf_free(&b);
	return folded;
}

int
raid_utf8_width(uint32_t c)
{
	return utf8proc_charwidth((utf8proc_int32_t)c);
}
