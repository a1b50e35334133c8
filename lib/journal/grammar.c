/* SPDX-License-Identifier: ISC */
#include "journal/grammar.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fence.h"
#include "base/mem.h"
#include "base/utf8.h"

#define NAME_MAX_BYTES 128

size_t
raid_grammar_name(const unsigned char *p, size_t len)
{
	size_t i = 0, n, end = 0;
	uint32_t c;

	while (i < len && (n = raid_utf8_next(p + i, len - i, &c)) != 0) {
		if (raid_utf8_isword(c))
			end = i + n;
		else if (c != '.' && c != '_' && c != '-')
			break;
		i += n;
	}
	return end <= NAME_MAX_BYTES ? end : 0;
}

size_t
raid_grammar_word(const unsigned char *p, size_t len)
{
	size_t i = 0, n;
	int other = 0;
	uint32_t c;

	while (i < len && (n = raid_utf8_next(p + i, len - i, &c)) != 0) {
		if (c == '-') {
			if (i == 0 || !isdigit(p[i - 1]) || i + 1 >= len ||
			    !isdigit(p[i + 1]))
				break;
			other = 1;
		} else if (c == '_' || raid_utf8_isword(c)) {
			other |= c > '9' || c < '0';
		} else {
			break;
		}
		i += n;
	}
	return other && i <= NAME_MAX_BYTES ? i : 0;
}

/* May a mark begin at offset i?  After the beginning, white space, an
 * opening bracket or a quotation mark. */
static int
may_begin(const unsigned char *p, size_t i)
{
	size_t start = i;
	uint32_t c;

	if (i == 0)
		return 1;
	do
		start--;
	while (start > 0 && (p[start] & 0xc0) == 0x80);
	if (raid_utf8_next(p + start, i - start, &c) != i - start)
		return 0;
	return raid_utf8_isspace(c) || raid_utf8_isopening(c);
}

static void
add_folded(struct raid_list *l, const unsigned char *p, size_t len)
{
	char *folded = raid_utf8_fold((const char *)p, len);

	(void)raid_list_addnew(l, folded);
	free(folded);
}

static void
add_ref(struct raid_grammar *g, struct raid_tag t)
{
	for (size_t i = 0; i < g->nrefs; i++)
		if (raid_tag_compare(g->refs[i], t) == 0)
			return;
	g->refs = raid_grow(g->refs, &g->refcap, g->nrefs + 1,
	    sizeof(*g->refs));
	g->refs[g->nrefs++] = t;
}

/* What begins with '@' or '#' at p; how many bytes it takes. */
static size_t
mark(struct raid_grammar *g, const unsigned char *p, size_t len)
{
	struct raid_tag t;
	size_t n;

	if (*p == '@') {
		n = raid_grammar_name(p + 1, len - 1);
		if (n != 0)
			add_folded(&g->mentions, p + 1, n);
		return n + 1;
	}
	n = raid_grammar_word(p + 1, len - 1);
	if (n == 0)
		return 1;
	if (raid_tag_parse((const char *)p + 1, n, &t) == -1)
		add_folded(&g->hashtags, p + 1, n);
	else if (p[1] == 'r')
		add_ref(g, t);
	return n + 1;
}

void
raid_grammar_parse(const void *body, size_t len, struct raid_grammar *g)
{
	const unsigned char *p = body;
	unsigned char *mask = raid_malloc(len);
	size_t i = 0;

	*g = (struct raid_grammar){ 0 };
	raid_fence_mask(p, len, mask);
	while (i < len) {
		if (!mask[i] && (p[i] == '@' || p[i] == '#') &&
		    may_begin(p, i))
			i += mark(g, p + i, len - i);
		else
			i++;
	}
	free(mask);
}

void
raid_grammar_free(struct raid_grammar *g)
{
	raid_list_free(&g->mentions);
	raid_list_free(&g->hashtags);
	free(g->refs);
	*g = (struct raid_grammar){ 0 };
}

/* Scripts written without blanks: Han, Kana, Thai, Lao, Khmer, Burmese. */
static int
stands_alone(uint32_t c)
{
	return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) ||
	    (c >= 0x1780 && c <= 0x17ff) || (c >= 0x3040 && c <= 0x30ff) ||
	    (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
	    (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

char *
raid_grammar_index(const void *text, size_t len)
{
	char *folded = raid_utf8_fold(text, len), *s;
	const unsigned char *p = (const unsigned char *)folded;
	size_t left = strlen(folded), n;
	struct raid_buf b;
	uint32_t c;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (; left > 0; p += n, left -= n) {
		for (n = 0; n < left && p[n] < 0x80;)
			n++;
		raid_buf_add(&b, p, n);
		if (n > 0)
			continue;
		n = raid_utf8_next(p, left, &c);
		if (n == 0) {
			n = 1;
			continue;
		}
		if (c == 0x451) {
			raid_buf_puts(&b, "\xd0\xb5");
			continue;
		}
		if (stands_alone(c) && b.len > 0 && b.p[b.len - 1] != ' ')
			raid_buf_addc(&b, ' ');
		raid_buf_add(&b, p, n);
		if (stands_alone(c))
			raid_buf_addc(&b, ' ');
	}
	free(folded);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}
