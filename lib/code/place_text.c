/* SPDX-License-Identifier: ISC */
/* Files as lines: how they are compared, and how a message shows them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/place_priv.h"

int
raid_place_refuse(struct raid_err *err, struct raid_place_fit *f,
    const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	f->refused = 1;
	return raid_fail(err, RAID_NO, "%.200s: hunk %zu (line %zu of the "
	    "answer) %s", f->edit->path, f->no, f->hunk->line, what);
}

struct raid_line
raid_place_line(const struct raid_place_fit *f, size_t k)
{
	const struct raid_edit_line *l = &f->hunk->v[k];
	size_t n = f->numbered ? l->number : 0;

	if (f->washed != NULL)
		return f->washed[k];
	return (struct raid_line){ l->p + n, l->len - n };
}

#define NO_BREAK "\xc2\xa0"	/* U+00A0 */

int
raid_place_wash(const struct raid_place_text *t, struct raid_place_fit *f)
{
	size_t n = f->hunk->n, all = 0, found = 0;
	const struct raid_line *first = t->lines.v;
	const struct raid_line *last = first + t->lines.n - 1;
	unsigned char *out;

	for (size_t k = 0; k < n; k++) {
		struct raid_line l = raid_place_line(f, k);

		all += l.len;
		found += memmem(l.p, l.len, NO_BREAK, 2) != NULL;
	}
	if (found == 0 || t->lines.n == 0 || memmem(first->p,
	    (size_t)(last->p - first->p) + last->len, NO_BREAK, 2) != NULL)
		return 0;
	f->washed_text = out = raid_malloc(all + 1);
	f->washed = raid_realloc(NULL, n, sizeof(*f->washed));
	for (size_t k = 0; k < n; k++) {
		const struct raid_edit_line *l = &f->hunk->v[k];
		size_t i = f->numbered ? l->number : 0;

		f->washed[k].p = out;
		while (i < l->len) {
			int hit = l->len - i > 1 &&
			    memcmp(l->p + i, NO_BREAK, 2) == 0;

			*out++ = hit ? ' ' : l->p[i];
			i += hit ? 2 : 1;
		}
		f->washed[k].len = (size_t)(out - f->washed[k].p);
	}
	f->folds.lost |= 1u << RAID_PLACE_BLANK;
	return 1;
}

void
raid_place_fit_free(struct raid_place_fit *f)
{
	free(f->splice);
	free(f->washed);
	free(f->washed_text);
}

static struct raid_line
bytes(struct raid_line l)
{
	if (l.len != 0 && l.p[l.len - 1] == '\n')
		l.len--;
	return l;
}

/* How lines look at each level that only leaves out ends of them. */
static struct raid_line (*const views[])(struct raid_line) = {
	[RAID_PLACE_CLEAN] = bytes,
	[RAID_PLACE_EXACT] = raid_line_chomp,
	[RAID_PLACE_BLANKS] = raid_line_trim,
	[RAID_PLACE_INDENT] = raid_line_strip,
	[RAID_PLACE_FOLDED] = raid_line_strip,
	[RAID_PLACE_ALIGNED] = raid_line_strip,
};

struct raid_line
raid_place_view(struct raid_line l, enum raid_place_level level)
{
	if (level > RAID_PLACE_CLEAN && l.len >= 3 &&
	    memcmp(l.p, RAID_PLACE_BOM, 3) == 0) {
		l.p += 3;
		l.len -= 3;
	}
	return views[level](l);
}

/* Does folding change anything in it? */
static int
is_foldable(struct raid_line l)
{
	for (size_t i = 0; i < l.len; i++)
		if (l.p[i] >= 0x80 || l.p[i] == '&' || l.p[i] == '\t' ||
		    (i + 1 < l.len && l.p[i] == l.p[i + 1] &&
		    (l.p[i] == ' ' || l.p[i] == '-')))
			return 1;
	return 0;
}

/* The folded line, in small if it fits there, else in what *big will be. */
static struct raid_line
folded(struct raid_line l, unsigned char small[512], unsigned char **big)
{
	*big = NULL;
	if (!is_foldable(l))
		return l;
	if (l.len > 512)
		small = *big = raid_malloc(l.len);
	return (struct raid_line){ small, raid_place_fold(l, small) };
}

int
raid_place_same(struct raid_line a, struct raid_line b,
    enum raid_place_level level)
{
	unsigned char one[512], two[512], *big1, *big2;
	int r;

	a = raid_place_view(a, level);
	b = raid_place_view(b, level);
	if (level < RAID_PLACE_FOLDED || raid_line_equal(&a, &b))
		return raid_line_equal(&a, &b);
	a = folded(a, one, &big1);
	b = folded(b, two, &big2);
	r = raid_line_equal(&a, &b);
	free(big1);
	free(big2);
	return r;
}

uint32_t
raid_place_hash(struct raid_line l, enum raid_place_level level)
{
	unsigned char small[512], *big = NULL;
	uint64_t h;

	l = raid_place_view(l, level);
	if (level >= RAID_PLACE_FOLDED)
		l = folded(l, small, &big);
	h = raid_line_hash(&l);
	free(big);
	return (uint32_t)(h ^ h >> 32);
}

/* Files of more lines have one level hashed at a time. */
#define SMALL 100000

static void
index_free(struct raid_place_index *x)
{
	free(x->hash);
	free(x->next);
	free(x->head);
	*x = (struct raid_place_index){ 0 };
}

void
raid_place_rehash(struct raid_place_text *t, enum raid_place_level level)
{
	struct raid_place_index *x = &t->at[level];
	size_t n = t->lines.n, slots = 16;

	if (x->hash == NULL) {
		for (size_t i = 0; n > SMALL && i < RAID_PLACE_LEVELS; i++)
			index_free(&t->at[i]);
		while (slots < n)
			slots *= 2;
		x->hash = raid_realloc(NULL, n + 1, sizeof(*x->hash));
		x->next = raid_realloc(NULL, n + 1, sizeof(*x->next));
		x->head = raid_realloc(NULL, slots, sizeof(*x->head));
		x->mask = (uint32_t)(slots - 1);
		memset(x->head, 0xff, slots * sizeof(*x->head));
		for (size_t i = n; i-- > 0;) {
			uint32_t h = raid_place_hash(t->lines.v[i], level);

			x->hash[i] = h;
			x->next[i] = x->head[h & x->mask];
			x->head[h & x->mask] = (uint32_t)i;
		}
	}
	t->hash = x->hash;
	t->level = level;
}

/* From line i on the first one with that hash. */
static uint32_t
same_from(const struct raid_place_index *x, uint32_t i, uint32_t hash)
{
	while (i != RAID_PLACE_NONE && x->hash[i] != hash)
		i = x->next[i];
	return i;
}

uint32_t
raid_place_first(const struct raid_place_text *t, uint32_t hash)
{
	const struct raid_place_index *x = &t->at[t->level];

	return same_from(x, x->head[hash & x->mask], hash);
}

uint32_t
raid_place_next(const struct raid_place_text *t, uint32_t i)
{
	const struct raid_place_index *x = &t->at[t->level];

	return same_from(x, x->next[i], x->hash[i]);
}

void
raid_place_text_init(struct raid_place_text *t, const void *p, size_t len)
{
	const struct raid_line *first;

	*t = (struct raid_place_text){ .eol = "\n" };
	raid_lines_split(&t->lines, p, len);
	if (t->lines.n == 0)
		return;
	first = t->lines.v;
	if (first->len > 1 && first->p[first->len - 1] == '\n' &&
	    first->p[first->len - 2] == '\r')
		t->eol = "\r\n";
	t->bom = len >= 3 && memcmp(p, RAID_PLACE_BOM, 3) == 0;
}

void
raid_place_text_free(struct raid_place_text *t)
{
	for (size_t i = 0; i < RAID_PLACE_LEVELS; i++)
		index_free(&t->at[i]);
	raid_lines_free(&t->lines);
}
