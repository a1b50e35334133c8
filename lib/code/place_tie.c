/* SPDX-License-Identifier: ISC */
/* Which of several places is meant: what numbers, sections and the end of
 * the file tell. */
#include <ctype.h>
#include <string.h>

#include "code/place_priv.h"

#define NEAR 10		/* lines that a number may be off in a tie */

struct places {
	size_t v[RAID_PLACE_SEEN];
	size_t n;
};

static size_t
apart(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* Does the line begin with the anchor, or is it cut off in it? */
static int
is_anchor(struct raid_line l, struct raid_line anchor)
{
	l = raid_place_view(l, RAID_PLACE_INDENT);
	anchor = raid_place_view(anchor, RAID_PLACE_INDENT);
	return anchor.len != 0 && l.len >= anchor.len &&
	    memcmp(l.p, anchor.p, anchor.len) == 0;
}

/* Does a section begin here that is no part of one so deep? */
static int
begins(struct raid_line l, size_t depth)
{
	size_t n = raid_line_lead(l);

	l = raid_line_trim(l);
	return n <= depth && n < l.len &&
	    (isalnum(l.p[n]) || l.p[n] == '_' || l.p[n] == '$');
}

/* The line above at that is the anchor of it; SIZE_MAX: it is another's. */
static size_t
section_of(const struct raid_place_text *t, size_t at, struct raid_line anchor)
{
	size_t least = SIZE_MAX, n;

	while (at-- > 0) {
		n = raid_line_lead(t->lines.v[at]);
		if (is_anchor(t->lines.v[at], anchor))
			return least > n ? at : SIZE_MAX;
		if (begins(t->lines.v[at], n) && n < least)
			least = n;
	}
	return SIZE_MAX;
}

/* Do all anchors stand above, one within the other? */
static int
is_anchored(const struct raid_place_text *t, const struct raid_edit_hunk *h,
    size_t at)
{
	for (size_t i = h->n_anchors; i-- > 0;) {
		at = section_of(t, at, h->anchors[i]);
		if (at == SIZE_MAX)
			return 0;
	}
	return 1;
}

/* Keep those that pass, unless none does. */
static void
keep_anchored(const struct raid_place_text *t, const struct raid_edit_hunk *h,
    struct places *p)
{
	struct places kept = { .n = 0 };

	for (size_t i = 0; i < p->n; i++)
		if (is_anchored(t, h, p->v[i]))
			kept.v[kept.n++] = p->v[i];
	if (kept.n != 0)
		*p = kept;
}

/* A number decides when it is right, or nearly so with the next place far. */
static int
by_number(const struct places *p, size_t want, size_t *at)
{
	size_t best = SIZE_MAX, second = SIZE_MAX, d;

	for (size_t i = 0; i < p->n; i++) {
		d = apart(p->v[i], want);
		if (d < best) {
			second = best;
			best = d;
			*at = p->v[i];
		} else if (d < second)
			second = d;
	}
	return best == 0 || (want != 0 && best <= NEAR && best < second / 4);
}

int
raid_place_untie(const struct raid_place_text *t,
    const struct raid_place_fit *f, size_t old_n, size_t want, size_t lo,
    size_t hi, size_t *at)
{
	const struct raid_edit_hunk *h = f->hunk;
	struct places p = { .n = 0 };

	for (size_t i = 0; i < f->count && i < RAID_PLACE_SEEN; i++)
		if (f->seen[i] >= lo && f->seen[i] <= hi)
			p.v[p.n++] = f->seen[i];
	if (h->at_end)
		for (size_t i = 0; i < p.n; i++)
			if (p.v[i] + old_n == t->lines.n) {
				*at = p.v[i];
				return 1;
			}
	if (f->count > RAID_PLACE_SEEN)
		return 0;
	if (p.n > 1 && h->n_anchors != 0)
		keep_anchored(t, h, &p);
	if (p.n == 1) {
		*at = p.v[0];
		return 1;
	}
	return want != SIZE_MAX && by_number(&p, want, at);
}

/* How many of the places pass, of those that are anchored if any is. */
static size_t
anchored(const struct raid_place_text *t, const struct raid_edit_hunk *h,
    const struct raid_place_fit *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count && i < RAID_PLACE_SEEN; i++)
		n += (size_t)is_anchored(t, h, f->seen[i]);
	return n;
}

static size_t
nearest(const struct raid_place_fit *f, size_t want, size_t moved)
{
	size_t best = SIZE_MAX, at;

	for (size_t i = 0; i < f->count && i < RAID_PLACE_SEEN; i++) {
		at = f->seen[i] > moved ? f->seen[i] - moved : 0;
		if (apart(at, want) < best)
			best = apart(at, want);
	}
	return best;
}

int
raid_place_means_done(const struct raid_place_text *t,
    const struct raid_place_fit *old, size_t old_n,
    const struct raid_place_fit *new, size_t new_n, size_t want, size_t moved)
{
	const struct raid_edit_hunk *h = old->hunk;
	size_t a, b;

	if (h->at_end) {
		a = old->seen[old->count - 1];
		b = new->seen[new->count - 1];
		return a + old_n != t->lines.n && b + new_n == t->lines.n;
	}
	if (h->n_anchors != 0) {
		a = anchored(t, h, old);
		b = anchored(t, h, new);
		if ((a == 0) != (b == 0))
			return b != 0;
	}
	if (want == SIZE_MAX)
		return 0;
	a = nearest(old, want, 0);
	b = nearest(new, want, moved);
	return b < a && (b == 0 || (want != 0 && b <= NEAR && b < a / 4));
}
