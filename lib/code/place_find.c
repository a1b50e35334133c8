/* SPDX-License-Identifier: ISC */
/* Where each hunk of an edit goes: level after level, then what the order
 * of the hunks, their numbers and sections tell of those with several
 * places. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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

	(void)raid_place_shown(s->v[differs], want);
	if (at >= t->lines.n)
		return raid_place_refuse(err, fit, "fits nowhere: want \"%s\","
		    " have the end of the file at line %zu", want,
		    t->lines.n + 1);
	return raid_place_refuse(err, fit, "fits nowhere: want \"%s\", have "
	    "\"%s\" at line %zu", want,
	    raid_place_shown(t->lines.v[at], have), at + 1);
}

static int
refuse_ties(struct raid_place_fit *fit, struct raid_err *err)
{
	char list[160];
	size_t n = 0, named = fit->count;

	fit->best = fit->seen[0];
	if (named > RAID_PLACE_TIES)
		named = RAID_PLACE_TIES;
	for (size_t i = 0; i < named; i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%zu",
		    i == 0 ? "" : ", ", fit->seen[i] + 1);
	if (fit->count > named)
		(void)snprintf(list + n, sizeof(list) - n, " and %zu more",
		    fit->count - named);
	return raid_place_refuse(err, fit, "fits equally well at the lines %s",
	    list);
}

static size_t
old_lines(const struct raid_edit_hunk *h, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += h->v[i].kind != '+';
	return n;
}

/* Does the whole side stand at line at? */
static int
stands(struct raid_place_text *t, const struct raid_place_side *s, size_t at,
    enum raid_place_level level)
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

/*
 * A placed hunk is there already when its new lines stand there around the
 * old ones, as after an insertion that is asked for again.
 */
static int
is_done(struct raid_place_text *t, const struct raid_place_fit *fit,
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
		r = stands(t, &s, at, level);
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

/* The line that a hunk is said to begin at, moved as far as the one before
 * it was; SIZE_MAX: nothing is said. */
static size_t
wanted(const struct raid_place_fit *v, size_t i)
{
	size_t hint = v[i].hunk->hint, k = i;

	if (hint == 0)
		return SIZE_MAX;
	while (k-- > 0)
		if (v[k].fixed && v[k].hunk->hint != 0 &&
		    hint + v[k].at >= v[k].hunk->hint)
			return hint + v[k].at - v[k].hunk->hint;
	return hint - 1;
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
	if (want == SIZE_MAX || !stands(t, s, want, RAID_PLACE_EXACT))
		return 0;
	f->level = stands(t, s, want, RAID_PLACE_CLEAN) ? RAID_PLACE_CLEAN :
	    RAID_PLACE_EXACT;
	return 1;
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

static int
is_open(const struct raid_place_fit *f)
{
	return !f->fixed && !f->already && f->count == 0;
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
			if (!is_open(&v[i]) || v[i].bare || (dressed &&
			    !v[i].numbered && v[i].washed == NULL))
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

/* Which of the open hunks are in the file already? */
static void
look_for_done(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    enum raid_place_level most)
{
	for (int level = RAID_PLACE_EXACT; level <= (int)most &&
	    level <= RAID_PLACE_FOLDED; level++)
		for (size_t i = 0; i < n; i++)
			if (is_open(&v[i]) && t->lines.n != 0) {
				raid_place_rehash(t,
				    (enum raid_place_level)level);
				v[i].already = is_there(t, &v[i]);
			}
}

/*
 * A hunk that was placed among several like it leaves the others: done once
 * more, it would go to one of them.
 */
static void
look_for_twin(struct raid_place_text *t, struct raid_place_fit *v, size_t i)
{
	struct raid_place_fit f = v[i];
	struct raid_place_side s;
	size_t n = old_lines(f.hunk, 0, f.hunk->n), moved = 0, more;

	if (v[i].bare || f.count == 0 || f.count > RAID_PLACE_SEEN ||
	    (f.hunk->hint == 0 && f.hunk->n_anchors == 0 &&
	    !f.hunk->at_end))
		return;
	for (size_t k = 0; k < i; k++) {
		more = old_lines(v[k].hunk, 0, v[k].hunk->n);
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
		size_t want = wanted(v, i);

		raid_place_side_init(&s, &v[i], '+');
		v[i].bare = s.n == 0;
		if (!v[i].bare && is_as_said(t, &v[i], &s, want))
			raid_place_fix(t, &v[i], &s, want);
		raid_place_side_free(&s);
	}
	look_for_all(t, v, n, most, 0);
	for (size_t i = 0; i < n; i++)
		if (is_open(&v[i]) && !v[i].bare)
			dressed |= undress(t, &v[i]);
	if (dressed)
		look_for_all(t, v, n, most, 1);
	look_for_done(t, v, n, most);
	for (size_t i = 0; i < n; i++)
		look_for_twin(t, v, i);
	for (size_t i = 0; i < n; i++) {
		if (is_open(&v[i]) && !v[i].bare &&
		    bend(t, &v[i], most, err) == -1)
			return -1;
		if (v[i].fixed)
			v[i].already = is_done(t, &v[i],
			    old_lines(v[i].hunk, 0, v[i].hunk->n));
		if (too_costly(t, &v[i], err) == -1)
			return -1;
	}
	return 0;
}

/* The lines that stay before the first change, and all but those that stay
 * after the last one. */
static void
core(const struct raid_edit_hunk *h, size_t *start, size_t *end)
{
	size_t from = 0, to = h->n;

	while (from < h->n && h->v[from].kind == ' ')
		from++;
	while (to > from && h->v[to - 1].kind == ' ')
		to--;
	*start = old_lines(h, 0, from);
	*end = old_lines(h, 0, to);
}

/* Where the i-th hunk may begin, its fixed neighbours being where they are. */
static void
bounds(const struct raid_place_text *t, const struct raid_place_fit *v,
    size_t n, size_t i, size_t *lo, size_t *hi)
{
	size_t start, end, k = i;

	*lo = 0;
	*hi = t->lines.n;
	core(v[i].hunk, &start, &end);
	while (k-- > 0)
		if (v[k].fixed && v[k].n_splices != 0) {
			size_t last = v[k].splice[v[k].n_splices - 1].end;

			*lo = last > start ? last - start : 0;
			break;
		}
	for (k = i + 1; k < n; k++)
		if (v[k].fixed && v[k].n_splices != 0) {
			size_t first = v[k].splice[0].start;

			*hi = first > end ? first - end : 0;
			break;
		}
}

static void
fix_at(struct raid_place_text *t, struct raid_place_fit *f, size_t at)
{
	struct raid_place_side s;

	raid_place_side_init(&s, f, '+');
	raid_place_fix(t, f, &s, at);
	f->already = is_done(t, f, s.n);
	raid_place_side_free(&s);
	for (size_t i = 0; i < f->count && i < RAID_PLACE_SEEN; i++)
		if (f->seen[i] != at) {
			f->runner_up = f->seen[i] + 1;
			break;
		}
}

/* Fix what its neighbours leave one place for; 1 if any was. */
static int
settle_by_order(struct raid_place_text *t, struct raid_place_fit *v, size_t n)
{
	size_t lo, hi, at = 0, fit;
	int any = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].fixed || v[i].already || v[i].count == 0 ||
		    v[i].count > RAID_PLACE_SEEN)
			continue;
		bounds(t, v, n, i, &lo, &hi);
		fit = 0;
		for (size_t k = 0; k < v[i].count; k++)
			if (v[i].seen[k] >= lo && v[i].seen[k] <= hi) {
				at = v[i].seen[k];
				fit++;
			}
		if (fit == 1) {
			fix_at(t, &v[i], at);
			any = 1;
		}
	}
	return any;
}

/* The first place of an open hunk at or after from; SIZE_MAX: none. */
static size_t
first_from(const struct raid_place_fit *f, size_t from)
{
	for (size_t k = 0; k < f->count; k++)
		if (f->seen[k] >= from)
			return f->seen[k];
	return SIZE_MAX;
}

/*
 * A run of open hunks [i, end) between fixed ones: as many places as hunks
 * leave each hunk its own.  The earliest places in order and the latest ones
 * are then the same.
 */
static int
settle_run(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    size_t i, size_t end)
{
	size_t lo, hi, ignored, start, stop, from, *early;
	int same = 1;

	bounds(t, v, n, i, &lo, &ignored);
	bounds(t, v, n, end - 1, &ignored, &hi);
	early = raid_calloc(end - i, sizeof(*early));
	from = lo;
	for (size_t k = i; same && k < end; k++) {
		core(v[k].hunk, &start, &stop);
		early[k - i] = v[k].count > RAID_PLACE_SEEN ? SIZE_MAX :
		    first_from(&v[k], from > start && k > i ? from - start :
		    k > i ? 0 : from);
		same = early[k - i] != SIZE_MAX;
		from = early[k - i] + stop;
	}
	from = SIZE_MAX;
	for (size_t k = end; same && k-- > i;) {
		size_t at = SIZE_MAX;

		core(v[k].hunk, &start, &stop);
		for (size_t m = 0; m < v[k].count; m++)
			if (k + 1 == end ? v[k].seen[m] <= hi :
			    v[k].seen[m] + stop <= from)
				at = v[k].seen[m];
		same = at == early[k - i];
		from = at + start;
	}
	for (size_t k = i; same && k < end; k++)
		fix_at(t, &v[k], early[k - i]);
	free(early);
	return same;
}

static int
settle_runs(struct raid_place_text *t, struct raid_place_fit *v, size_t n)
{
	size_t end;

	for (size_t i = 0; i < n; i = end + 1) {
		for (end = i; end < n && !v[end].fixed && !v[end].already;)
			end++;
		if (end - i > 1 && settle_run(t, v, n, i, end))
			return 1;
	}
	return 0;
}

/* Fix the first open hunk that its number or section decides on; 1 if one
 * was, -1 if there is an open one that nothing decides on. */
static int
settle_by_hint(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    struct raid_err *err)
{
	size_t lo, hi, at, open = n;

	for (size_t i = 0; i < n; i++) {
		if (v[i].fixed || v[i].already)
			continue;
		bounds(t, v, n, i, &lo, &hi);
		if (raid_place_untie(t, &v[i], old_lines(v[i].hunk, 0,
		    v[i].hunk->n), wanted(v, i), lo, hi, &at)) {
			fix_at(t, &v[i], at);
			return 1;
		}
		if (open == n)
			open = i;
	}
	return open == n ? 0 : refuse_ties(&v[open], err);
}

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
	int r = 1;

	for (size_t i = 0; i < n && level == RAID_PLACE_CLEAN; i++)
		if (place_clean(t, &v[i], err) == -1)
			return -1;
	if (level != RAID_PLACE_CLEAN && locate(t, v, n, level, err) == -1)
		return -1;
	while (r == 1) {
		while (settle_by_order(t, v, n) || settle_runs(t, v, n))
			continue;
		r = 0;
		for (size_t i = 0; r == 0 && i < n; i++)
			if (!v[i].fixed && !v[i].already && v[i].count > 1)
				r = settle_by_hint(t, v, n, err);
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		if (!v[i].fixed && !v[i].already)
			r = place_bare(t, v, n, i, err);
	return r == -1 ? -1 : check_order(v, n, err);
}
