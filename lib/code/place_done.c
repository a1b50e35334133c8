/* SPDX-License-Identifier: ISC */
/* Hunks that are in the file already. */
#include <ctype.h>
#include <stdlib.h>

#include "code/place_priv.h"

size_t
raid_place_old_lines(const struct raid_edit_hunk *h, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += h->v[i].kind != '+';
	return n;
}

int
raid_place_is_open(const struct raid_place_fit *f)
{
	return !f->fixed && !f->already && f->count == 0;
}

int
raid_place_stands(struct raid_place_text *t,
    const struct raid_place_side *s, size_t at, enum raid_place_level level)
{
	if (at > t->lines.n || t->lines.n - at < s->n)
		return 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct raid_line *l = &t->lines.v[at + i];

		t->work++;
		if (!raid_place_same(*l, s->v[i], level) ||
		    (level == RAID_PLACE_CLEAN &&
		    (l->p[l->len - 1] == '\n') == s->no_eol[i]))
			return 0;
	}
	return 1;
}

/* How many lines are more than blanks and brackets. */
static size_t
count_text(const struct raid_place_side *s)
{
	size_t n = 0, k;

	for (size_t i = 0; i < s->n; i++) {
		for (k = 0; k < s->v[i].len && s->v[i].p[k] < 0x80 &&
		    !isalnum(s->v[i].p[k]); k++)
			continue;
		n += k < s->v[i].len;
	}
	return n;
}

int
raid_place_is_done(struct raid_place_text *t, const struct raid_place_fit *fit,
    size_t old_n)
{
	enum raid_place_level level = RAID_PLACE_EXACT;
	struct raid_place_side s;
	size_t lo;
	int r = 0;

	raid_place_side_init(&s, fit, '-');
	/* What replaces as many lines may change their ends alone. */
	if (s.n == old_n && fit->level < level)
		level = fit->level;
	lo = fit->at + old_n > s.n ? fit->at + old_n - s.n : 0;
	for (size_t at = lo; !r && s.n >= old_n && count_text(&s) != 0 &&
	    at <= fit->at; at++)
		r = raid_place_stands(t, &s, at, level);
	raid_place_side_free(&s);
	return r;
}

/*
 * One that fits nowhere is there already when its new lines stand in exactly
 * one place, and are more than one line or where the hunk says; a hunk that
 * only takes lines away has left little to know it by.
 */
static int
is_there(struct raid_place_text *t, const struct raid_place_fit *fit)
{
	struct raid_place_fit f = *fit;
	struct raid_place_side s;
	size_t text, added = 0;

	for (size_t i = 0; i < fit->hunk->n; i++)
		added += fit->hunk->v[i].kind == '+';
	raid_place_side_init(&s, &f, '-');
	text = count_text(&s);
	f.count = 0;
	if (text != 0)
		raid_place_look(t, &s, &f);
	raid_place_side_free(&s);
	return f.count == 1 && (text > (added != 0 ? 1 : 2) ||
	    f.seen[0] + 1 == fit->hunk->hint);
}

void
raid_place_look_for_done(struct raid_place_text *t,
    struct raid_place_fit *v, size_t n, enum raid_place_level most)
{
	for (int level = RAID_PLACE_EXACT; level <= (int)most &&
	    level <= RAID_PLACE_FOLDED; level++)
		for (size_t i = 0; i < n; i++)
			if (raid_place_is_open(&v[i]) && t->lines.n != 0) {
				raid_place_rehash(t,
				    (enum raid_place_level)level);
				v[i].already = is_there(t, &v[i]);
			}
}

void
raid_place_look_for_twin(struct raid_place_text *t,
    struct raid_place_fit *v, size_t i)
{
	struct raid_place_fit f = v[i];
	struct raid_place_side s;
	size_t n = raid_place_old_lines(f.hunk, 0, f.hunk->n), moved = 0, more;

	if (v[i].bare || f.count == 0 || f.count > RAID_PLACE_SEEN ||
	    (f.hunk->hint == 0 && f.hunk->n_anchors == 0 &&
	    !f.hunk->at_end))
		return;
	for (size_t k = 0; k < i; k++) {
		more = raid_place_old_lines(v[k].hunk, 0, v[k].hunk->n);
		for (size_t m = 0; m < v[k].hunk->n; m++)
			moved += v[k].hunk->v[m].kind != '-';
		moved = moved > more ? moved - more : 0;
	}
	raid_place_side_init(&s, &f, '-');
	f.count = 0;
	if (count_text(&s) != 0) {
		raid_place_rehash(t, f.level);
		raid_place_look(t, &s, &f);
	}
	if (f.count != 0 && f.count <= RAID_PLACE_SEEN &&
	    raid_place_means_done(t, &v[i], n, &f, s.n, f.hunk->hint != 0 ?
	    f.hunk->hint - 1 : SIZE_MAX, moved)) {
		free(v[i].splice);
		v[i].splice = NULL;
		v[i].n_splices = 0;
		v[i].fixed = 0;
		v[i].already = 1;
	}
	raid_place_side_free(&s);
}
