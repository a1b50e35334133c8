/* SPDX-License-Identifier: ISC */
#include "code/line.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void
raid_lines_split(struct raid_lines *l, const void *p, size_t len)
{
	const unsigned char *s = p, *nl;
	size_t n = 1;

	/* Counted first: a list that doubles would need thrice the room. */
	for (const unsigned char *c = s; len > (size_t)(c - s) &&
	    (nl = memchr(c, '\n', len - (size_t)(c - s))) != NULL; c = nl + 1)
		n++;
	if (l->cap - l->n < n) {
		l->cap = l->n + n;
		l->v = raid_realloc(l->v, l->cap, sizeof(*l->v));
	}
	for (; len != 0; s += n, len -= n) {
		nl = memchr(s, '\n', len);
		n = nl != NULL ? (size_t)(nl - s) + 1 : len;
		l->v[l->n++] = (struct raid_line){ s, n };
	}
}

void
raid_lines_free(struct raid_lines *l)
{
	free(l->v);
	*l = (struct raid_lines){ 0 };
}

int
raid_line_equal(const struct raid_line *a, const struct raid_line *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

/* FNV-1a; a match is always compared, so collisions only cost time. */
uint64_t
raid_line_hash(const struct raid_line *a)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < a->len; i++)
		h = (h ^ a->p[i]) * 1099511628211u;
	return h;
}

struct raid_line
raid_line_chomp(struct raid_line a)
{
	if (a.len != 0 && a.p[a.len - 1] == '\n')
		a.len--;
	if (a.len != 0 && a.p[a.len - 1] == '\r')
		a.len--;
	return a;
}

struct raid_line
raid_line_trim(struct raid_line a)
{
	a = raid_line_chomp(a);
	while (a.len != 0 && (a.p[a.len - 1] == ' ' ||
	    a.p[a.len - 1] == '\t' || a.p[a.len - 1] == '\r' ||
	    a.p[a.len - 1] == '\f'))
		a.len--;
	return a;
}

size_t
raid_line_spaces(struct raid_line a)
{
	size_t n = 0;

	while (n < a.len && a.p[n] == ' ')
		n++;
	return n;
}

size_t
raid_line_lead(struct raid_line a)
{
	size_t n = 0;

	while (n < a.len && (a.p[n] == ' ' || a.p[n] == '\t'))
		n++;
	return n;
}

struct raid_line
raid_line_strip(struct raid_line a)
{
	size_t n;

	a = raid_line_trim(a);
	n = raid_line_lead(a);
	return (struct raid_line){ a.p + n, a.len - n };
}

const char *
raid_line_shown(struct raid_line a, char out[100])
{
	size_t n = 0, w;
	uint32_t c;

	a = raid_line_trim(a);
	for (size_t i = 0; i < a.len; i += w) {
		w = raid_utf8_next(a.p + i, a.len - i, &c);
		if (n + 8 > 80) {
			memcpy(out + n, "...", 4);
			return out;
		}
		if (w == 0 || c < ' ' || (c >= 0x7f && c < 0xa0)) {
			out[n++] = c == '\t' && w != 0 ? ' ' : '?';
			w = w != 0 ? w : 1;
		} else {
			memcpy(out + n, a.p + i, w);
			n += w;
		}
	}
	out[n] = '\0';
	return out;
}
