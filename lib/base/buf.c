/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
raid_buf_init(struct raid_buf *b, size_t max)
{
	*b = (struct raid_buf){ .p = raid_malloc(64), .cap = 63, .max = max };
	b->p[0] = '\0';
}

void
raid_buf_free(struct raid_buf *b)
{
	free(b->p);
	*b = (struct raid_buf){ 0 };
}

void
raid_buf_reset(struct raid_buf *b)
{
	b->len = 0;
	b->overflow = 0;
	b->p[0] = '\0';
}

/* Make room for n more bytes and the NUL; n fits below max already. */
static void
reserve(struct raid_buf *b, size_t n)
{
	size_t cap = b->cap;

	if (n <= b->cap - b->len)
		return;
	while (cap < b->len + n)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	b->p = raid_realloc(b->p, cap + 1, 1);
	b->cap = cap;
}

void
raid_buf_add(struct raid_buf *b, const void *p, size_t len)
{
	if (len > b->max - b->len) {
		b->overflow = 1;
		len = b->max - b->len;
	}
	if (len == 0)
		return;
	reserve(b, len);
	memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
raid_buf_addc(struct raid_buf *b, unsigned char c)
{
	raid_buf_add(b, &c, 1);
}

void
raid_buf_puts(struct raid_buf *b, const char *s)
{
	raid_buf_add(b, s, strlen(s));
}

void
raid_buf_printf(struct raid_buf *b, const char *fmt, ...)
{
	char small[256], *big = NULL;
	int n;
	va_list ap;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(small)) {
		big = raid_malloc((size_t)n + 1);
		va_start(ap, fmt);
		(void)vsnprintf(big, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	raid_buf_add(b, big != NULL ? big : small, (size_t)n);
	free(big);
}

const char *
raid_buf_str(const struct raid_buf *b)
{
	return (const char *)b->p;
}

char *
raid_buf_take(struct raid_buf *b)
{
	char *s = (char *)b->p;

	raid_buf_init(b, b->max);
	return s;
}
