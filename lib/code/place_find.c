/* SPDX-License-Identifier: ISC */
/* Where each hunk of an edit goes: level after level. */
#include "code/place_priv.h"

/* Comparisons of lines that one file may cost: seconds, not minutes. */
#define WORK_MAX 1000000000u

static int
too_costly(const struct raid_place_text *t, struct raid_place_fit *f,
    struct raid_err *err)
{
	return t->work <= WORK_MAX ? 0 :
	    raid_place_refuse(err, f, "is too costly to look for");
}

static int
refuse_differs(const struct raid_place_text *t,
    const struct raid_place_side *s, struct raid_place_fit *fit,
    size_t differs, struct raid_err *err)
{
	char want[100], have[100];
	size_t at = fit->best + differs;

	(void)raid_line_shown(s->v[differs], want);
	if (at >= t->lines.n)
		return raid_place_refuse(err, fit, "fits nowhere: want \"%s\","
		    " have the end of the file at line %zu", want,
		    t->lines.n + 1);
	return raid_place_refuse(err, fit, "fits nowhere: want \"%s\", have "
	    "\"%s\" at line %zu", want,
	    raid_line_shown(t->lines.v[at], have), at + 1);
}

/* At the line that the hunk says, byte for byte. */
static int
place_clean(struct raid_place_text *t, struct raid_place_fit *fit,
    struct raid_err *err)
{
	size_t at = fit->hunk->hint - 1, n = 0;
	struct raid_place_side s;
	int r = 0;

	if (fit->hunk->hint == 0 || fit->hunk->hint > t->lines.n + 1)
		return raid_place_refuse(err, fit, "lies beyond the file");
	raid_place_side_init(&s, fit, '+');
	while (n < s.n && at + n < t->lines.n &&
	    raid_place_same(t->lines.v[at + n], s.v[n], RAID_PLACE_CLEAN) &&
	    (t->lines.v[at + n].p[t->lines.v[at + n].len - 1] == '\n') !=
	    s.no_eol[n])
		n++;
	fit->level = RAID_PLACE_CLEAN;
	fit->strict = 1;
	fit->best = at;
	if (n < s.n)
		r = refuse_differs(t, &s, fit, n, err);
	else
		raid_place_fix(t, fit, &s, at);
	raid_place_side_free(&s);
	return r;
}

/* A hunk that has nothing to hold on to: the numbers must have proved to be
 * right elsewhere in the same diff. */
static int
place_bare(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    size_t i, struct raid_err *err)
{
	const struct raid_edit_hunk *h = v[i].hunk;
	struct raid_place_side none = { 0 };
	size_t right = 0;

	v[i].level = RAID_PLACE_EXACT;
	if (t->lines.n == 0 || h->at_end) {
		raid_place_fix(t, &v[i], &none, t->lines.n);
		return 0;
	}
	for (size_t k = 0; k < n; k++)
		if (v[k].fixed && k != i) {
			if (v[k].at + 1 != v[k].hunk->hint ||
			    v[k].level > RAID_PLACE_EXACT)
				right = n;
			right++;
		}
	if (right != 0 && right < n && h->counted && h->hint != 0 &&
	    h->hint <= t->lines.n + 1) {
		raid_place_fix(t, &v[i], &none, h->hint - 1);
		return 0;
	}
	return raid_place_refuse(err, &v[i],
	    "has no line of the file to hold on to");
}

/* Does it stand where it says?  Wherever else it might, this is meant. */
static int
is_as_said(struct raid_place_text *t, struct raid_place_fit *f,
    const struct raid_place_side *s, size_t want)
{
	f->level = RAID_PLACE_CLEAN;
	if (want != SIZE_MAX && raid_place_stands(t, s, want, f->level))
		return 1;
	f->level = RAID_PLACE_EXACT;
	return want != SIZE_MAX && raid_place_stands(t, s, want, f->level);
}

/* Take away what was put around or into the lines: copied line numbers,
 * no-break spaces.  1 if there was any. */
static int
undress(const struct raid_place_text *t, struct raid_place_fit *f)
{
	for (size_t i = 0; i < f->hunk->n && !f->numbered; i++)
		f->numbered = f->hunk->v[i].kind != '+' &&
		    f->hunk->v[i].number != 0;
	return raid_place_wash(t, f) || f->numbered;
}

/* Look for the open hunks at one level after the other; those that are
 * dressed only, once they are undressed. */
static void
look_for_all(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    enum raid_place_level most, int dressed)
{
	struct raid_place_side s;
	size_t open = 1;

	if (most > RAID_PLACE_FOLDED)
		most = RAID_PLACE_FOLDED;
	for (int level = 0; level <= (int)most && open != 0; level++) {
		open = 0;
		for (size_t i = 0; i < n; i++) {
			if (!raid_place_is_open(&v[i]) || v[i].bare ||
			    (dressed && !v[i].numbered &&
			    v[i].washed == NULL))
				continue;
			raid_place_rehash(t, (enum raid_place_level)level);
			v[i].level = (enum raid_place_level)level;
			raid_place_side_init(&s, &v[i], '+');
			raid_place_look(t, &s, &v[i]);
			if (v[i].count == 1)
				raid_place_fix(t, &v[i], &s, v[i].seen[0]);
			raid_place_side_free(&s);
			open += v[i].count == 0;
		}
	}
}

/* What else may be, with a hunk that fits nowhere as it is. */
static int
bend(struct raid_place_text *t, struct raid_place_fit *f,
    enum raid_place_level most, struct raid_err *err)
{
	struct raid_place_side s;
	size_t differs = 0;
	int r = 0;

	if (raid_place_split(t, f, most))
		return 0;
	f->level = RAID_PLACE_ALIGNED;
	raid_place_side_init(&s, f, '+');
	r = raid_place_align(t, f, &s, most == f->level, &differs, err);
	if (r == 0)
		r = refuse_differs(t, &s, f, differs, err);
	raid_place_side_free(&s);
	return r == -1 ? -1 : too_costly(t, f, err);
}

/* Each hunk by itself: fixed if one place fits, already there, or refused;
 * several places are left for later. */
static int
locate(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    enum raid_place_level most, struct raid_err *err)
{
	struct raid_place_side s;
	int dressed = 0;

	for (size_t i = 0; i < n; i++) {
		size_t want = raid_place_wanted(v, i);

		raid_place_side_init(&s, &v[i], '+');
		v[i].bare = s.n == 0;
		if (!v[i].bare && is_as_said(t, &v[i], &s, want))
			raid_place_fix(t, &v[i], &s, want);
		raid_place_side_free(&s);
	}
	look_for_all(t, v, n, most, 0);
	for (size_t i = 0; i < n; i++)
		if (raid_place_is_open(&v[i]) && !v[i].bare)
			dressed |= undress(t, &v[i]);
	if (dressed)
		look_for_all(t, v, n, most, 1);
	raid_place_look_for_done(t, v, n, most);
	for (size_t i = 0; i < n; i++)
		raid_place_look_for_twin(t, v, i);
	for (size_t i = 0; i < n; i++) {
		if (raid_place_is_open(&v[i]) && !v[i].bare &&
		    bend(t, &v[i], most, err) == -1)
			return -1;
		if (v[i].fixed)
			v[i].already = raid_place_is_done(t, &v[i],
			    raid_place_old_lines(v[i].hunk, 0, v[i].hunk->n));
		if (too_costly(t, &v[i], err) == -1)
			return -1;
	}
	return 0;
}

/* Hunks of a file keep their order. */
static int
check_order(struct raid_place_fit *v, size_t n, struct raid_err *err)
{
	size_t end = 0;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].fixed || v[i].n_splices == 0)
			continue;
		if (v[i].splice[0].start < end)
			return raid_place_refuse(err, &v[i],
			    "fits only before the hunk that precedes it");
		end = v[i].splice[v[i].n_splices - 1].end;
	}
	return 0;
}

int
raid_place_find(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    enum raid_place_level level, struct raid_err *err)
{
	int r;

	for (size_t i = 0; i < n && level == RAID_PLACE_CLEAN; i++)
		if (place_clean(t, &v[i], err) == -1)
			return -1;
	if (level != RAID_PLACE_CLEAN && locate(t, v, n, level, err) == -1)
		return -1;
	r = raid_place_settle(t, v, n, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (!v[i].fixed && !v[i].already)
			r = place_bare(t, v, n, i, err);
	return r == -1 ? -1 : check_order(v, n, err);
}
