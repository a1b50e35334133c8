/* SPDX-License-Identifier: ISC */
/*
 * Where the lines of a hunk stand in a file: wherever its rarest line does.
 * If none is rare, the search is that of D. E. Knuth, J. H. Morris and V. R.
 * Pratt, "Fast Pattern Matching in Strings", SIAM Journal on Computing 6
 * (1977), with lines for letters: its time does not depend on what they hold.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/place_priv.h"

#define COMMON 200	/* times that a line occurs and is not rare */

void
raid_place_side_init(struct raid_place_side *s, const struct raid_place_fit *f,
    unsigned char without)
{
	const struct raid_edit_hunk *h = f->hunk;

	*s = (struct raid_place_side){
		.v = raid_realloc(NULL, h->n + 1, sizeof(*s->v)),
		.no_eol = raid_malloc(h->n + 1),
		.minus = raid_malloc(h->n + 1),
		.line = raid_realloc(NULL, h->n + 1, sizeof(*s->line)),
		.hash = raid_realloc(NULL, h->n + 1, sizeof(*s->hash)),
		.fail = raid_realloc(NULL, h->n + 1, sizeof(*s->fail)) };
	for (size_t i = 0; i < h->n; i++) {
		if (h->v[i].kind == without)
			continue;
		s->no_eol[s->n] = h->v[i].no_eol;
		s->minus[s->n] = h->v[i].kind == '-';
		s->line[s->n] = i;
		s->v[s->n++] = raid_place_line(f, i);
	}
}

void
raid_place_side_free(struct raid_place_side *s)
{
	free(s->v);
	free(s->no_eol);
	free(s->minus);
	free(s->line);
	free(s->hash);
	free(s->fail);
}

static int
has_eol(const struct raid_line *l)
{
	return l->p[l->len - 1] == '\n';
}

/* Is line k of the side the one at i of the text? */
static int
fits(struct raid_place_text *t, const struct raid_place_side *s, size_t k,
    size_t i, enum raid_place_level level)
{
	const struct raid_line *l = &t->lines.v[i];

	t->work++;
	return t->hash[i] == s->hash[k] && raid_place_same(*l, s->v[k], level)
	    && (level > RAID_PLACE_CLEAN || has_eol(l) != s->no_eol[k]);
}

/* Are two lines of the side the same? */
static int
alike(const struct raid_place_side *s, size_t i, size_t k,
    enum raid_place_level level)
{
	return s->hash[i] == s->hash[k] &&
	    raid_place_same(s->v[i], s->v[k], level) &&
	    (level > RAID_PLACE_CLEAN || s->no_eol[i] == s->no_eol[k]);
}

static void
hash_side(struct raid_place_side *s, enum raid_place_level level)
{
	for (size_t i = 0; i < s->n; i++)
		s->hash[i] = raid_place_hash(s->v[i], level);
}

/* The failure function of the side. */
static void
prepare(struct raid_place_side *s, enum raid_place_level level)
{
	size_t k = 0;

	s->fail[0] = 0;
	for (size_t i = 1; i < s->n; i++) {
		while (k > 0 && !alike(s, i, k, level))
			k = s->fail[k - 1];
		if (alike(s, i, k, level))
			k++;
		s->fail[i] = k;
	}
}

/* Lines whose blanks at the beginning differ must all do so alike. */
static int
is_uniform(struct raid_place_text *t, const struct raid_place_side *s,
    size_t at, enum raid_place_level level)
{
	struct raid_place_indent ignored;

	if (level < RAID_PLACE_INDENT)
		return 1;
	t->work += s->n;
	return raid_place_indent_learn(&ignored, s->v, t->lines.v + at, s->n);
}

static void
note(struct raid_place_text *t, const struct raid_place_side *s, size_t at,
    struct raid_place_fit *f)
{
	if (!is_uniform(t, s, at, t->level))
		return;
	if (f->count < RAID_PLACE_SEEN)
		f->seen[f->count] = at;
	f->count++;
}

/* All places, in a time that does not depend on what lines hold. */
static void
search(struct raid_place_text *t, struct raid_place_side *s,
    struct raid_place_fit *f)
{
	size_t k = 0;

	prepare(s, t->level);
	for (size_t i = 0; i < t->lines.n; i++) {
		while (k > 0 && !fits(t, s, k, i, t->level))
			k = s->fail[k - 1];
		if (fits(t, s, k, i, t->level))
			k++;
		if (k < s->n)
			continue;
		note(t, s, i + 1 - k, f);
		k = s->fail[k - 1];
	}
}

/* How often a line occurs, up to a limit. */
static size_t
count(struct raid_place_text *t, uint32_t hash, size_t limit)
{
	size_t n = 0;

	for (uint32_t i = raid_place_first(t, hash);
	    i != RAID_PLACE_NONE && n < limit; i = raid_place_next(t, i))
		n++;
	t->work += n;
	return n;
}

void
raid_place_look(struct raid_place_text *t, struct raid_place_side *s,
    struct raid_place_fit *f)
{
	size_t rare = 0, least = COMMON, n, k;

	f->count = 0;
	hash_side(s, t->level);
	for (size_t i = 0; i < s->n && least > 1; i++) {
		n = count(t, s->hash[i], least);
		if (n == 0)
			return;
		if (n < least) {
			least = n;
			rare = i;
		}
	}
	if (least == COMMON) {
		search(t, s, f);
		return;
	}
	for (uint32_t i = raid_place_first(t, s->hash[rare]);
	    i != RAID_PLACE_NONE; i = raid_place_next(t, i)) {
		if (i < rare || t->lines.n - (i - rare) < s->n)
			continue;
		for (k = 0; k < s->n; k++)
			if (!fits(t, s, k, i - rare + k, t->level))
				break;
		if (k == s->n)
			note(t, s, i - rare, f);
	}
}

void
raid_place_look_up(struct raid_place_text *t, struct raid_place_fit *f,
    struct raid_place_side *s, enum raid_place_level most)
{
	if (most > RAID_PLACE_FOLDED)
		most = RAID_PLACE_FOLDED;
	for (int level = RAID_PLACE_CLEAN; level <= (int)most; level++) {
		f->level = (enum raid_place_level)level;
		raid_place_rehash(t, f->level);
		raid_place_look(t, s, f);
		if (f->count != 0)
			return;
	}
}

/* The runs of changed lines between those that stay. */
static void
cut(struct raid_place_fit *f, size_t at)
{
	const struct raid_edit_hunk *h = f->hunk;
	struct raid_place_splice *s;
	size_t i = 0;

	f->splice = raid_realloc(NULL, h->n + 1, sizeof(*f->splice));
	f->n_splices = 0;
	while (i < h->n) {
		if (h->v[i].kind == ' ') {
			i++;
			at++;
			continue;
		}
		s = &f->splice[f->n_splices++];
		*s = (struct raid_place_splice){ at, at, i, i };
		for (; i < h->n && h->v[i].kind != ' '; i++)
			s->end += h->v[i].kind == '-';
		s->to = i;
		at = s->end;
	}
}

void
raid_place_fix(const struct raid_place_text *t, struct raid_place_fit *f,
    const struct raid_place_side *old, size_t at)
{
	f->at = at;
	f->fixed = 1;
	cut(f, at);
	(void)raid_place_indent_learn(&f->indent, old->v, t->lines.v + at,
	    old->n);
	for (size_t i = 0; !f->strict && i < old->n; i++)
		raid_place_folds_learn(&f->folds, old->v[i],
		    t->lines.v[at + i]);
}
