/* SPDX-License-Identifier: ISC */
/* Hunks that were written as one. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/place_priv.h"

#define WORK_MAX 20000000u	/* lines of the file that all tries look at */

/* A part of a hunk as one of its own. */
struct part {
	struct raid_edit_hunk hunk;
	struct raid_place_fit fit;
	size_t end;		/* behind its last old line in the file */
};

/* Place lines [from, to) of the hunk by themselves. */
static int
place(struct raid_place_text *t, const struct raid_place_fit *f, size_t from,
    size_t to, enum raid_place_level most, struct part *p)
{
	struct raid_place_side s;
	size_t text = 0;

	p->hunk = *f->hunk;
	p->hunk.v = f->hunk->v + from;
	p->hunk.n = to - from;
	p->fit = (struct raid_place_fit){ .edit = f->edit, .hunk = &p->hunk,
		.numbered = f->numbered, .washed = f->washed != NULL ?
		f->washed + from : NULL };
	raid_place_side_init(&s, &p->fit, '+');
	for (size_t i = 0; i < s.n; i++)
		text += raid_place_view(s.v[i], RAID_PLACE_INDENT).len > 2;
	if (text >= 2)
		raid_place_look_up(t, &p->fit, &s, most);
	if (p->fit.count == 1) {
		raid_place_fix(t, &p->fit, &s, p->fit.seen[0]);
		p->end = p->fit.at + s.n;
	}
	raid_place_side_free(&s);
	for (size_t i = 0; i < p->fit.n_splices; i++) {
		p->fit.splice[i].from += from;
		p->fit.splice[i].to += from;
	}
	return p->fit.fixed;
}

static int
is_same(const struct raid_place_fit *f, const struct part *a,
    const struct part *b)
{
	size_t n = a->fit.n_splices, m = b->fit.n_splices;

	return f->n_splices == n + m &&
	    memcmp(f->splice, a->fit.splice, n * sizeof(*f->splice)) == 0 &&
	    memcmp(f->splice + n, b->fit.splice, m * sizeof(*f->splice)) == 0;
}

/* Both parts are in their places: so is the hunk. */
static void
join(struct raid_place_fit *f, const struct part *a, const struct part *b)
{
	size_t n = a->fit.n_splices, m = b->fit.n_splices;

	f->splice = raid_realloc(NULL, n + m, sizeof(*f->splice));
	memcpy(f->splice, a->fit.splice, n * sizeof(*f->splice));
	memcpy(f->splice + n, b->fit.splice, m * sizeof(*f->splice));
	f->n_splices = n + m;
	f->at = a->fit.at;
	f->level = RAID_PLACE_ALIGNED;
	f->indent = a->fit.indent.known ? a->fit.indent : b->fit.indent;
	f->folds.lost |= a->fit.folds.lost | b->fit.folds.lost;
	f->folds.kept |= a->fit.folds.kept | b->fit.folds.kept;
	f->folds.plain |= a->fit.folds.plain | b->fit.folds.plain;
	f->folds.long_dash |= a->fit.folds.long_dash | b->fit.folds.long_dash;
	f->folds.tabs |= a->fit.folds.tabs | b->fit.folds.tabs;
}

/* May lines before i be a part, and those from i on?  Each has a change, and
 * at the seam both have a line that stays, so that it is clear on which side
 * of what is missing new lines come. */
static int
is_seam(const struct raid_edit_hunk *h, size_t i)
{
	size_t before = i, after = i;

	while (before > 0 && h->v[before - 1].kind == ' ')
		before--;
	while (after < h->n && h->v[after].kind == ' ')
		after++;
	return before > 0 && after < h->n && before < i && i < after;
}

static void
try_seam(struct raid_place_text *t, const struct raid_place_fit *f, size_t i,
    enum raid_place_level most, struct raid_place_fit *found, int *bad)
{
	struct part a = { .end = 0 }, b = { .end = 0 };

	if (place(t, f, 0, i, most, &a) &&
	    place(t, f, i, f->hunk->n, most, &b) &&
	    a.end <= b.fit.at) {
		if (a.fit.indent.kind != b.fit.indent.kind)
			*bad = 1;
		else if (found->splice == NULL)
			join(found, &a, &b);
		else if (!is_same(found, &a, &b))
			*bad = 1;
	}
	free(a.fit.splice);
	free(b.fit.splice);
}

int
raid_place_split(struct raid_place_text *t, struct raid_place_fit *f,
    enum raid_place_level most)
{
	struct raid_place_fit found = *f;
	size_t seams = 0;
	int bad = 0;

	for (size_t i = 1; i < f->hunk->n; i++)
		seams += (size_t)is_seam(f->hunk, i);
	if (most < RAID_PLACE_ALIGNED || seams == 0 ||
	    seams * t->lines.n > WORK_MAX)
		return 0;
	found.splice = NULL;
	for (size_t i = 1; i < f->hunk->n && !bad; i++)
		if (is_seam(f->hunk, i))
			try_seam(t, f, i, most, &found, &bad);
	if (bad || found.splice == NULL) {
		free(found.splice);
		return 0;
	}
	found.fixed = 1;
	*f = found;
	return 1;
}
