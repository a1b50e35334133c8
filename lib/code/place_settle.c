/* SPDX-License-Identifier: ISC */
/* Hunks with several places: what their order tells, and then their numbers,
 * sections and the end of the file. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "code/place_priv.h"

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

size_t
raid_place_wanted(const struct raid_place_fit *v, size_t i)
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
	*start = raid_place_old_lines(h, 0, from);
	*end = raid_place_old_lines(h, 0, to);
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
	f->already = raid_place_is_done(t, f, s.n);
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
	size_t lo, hi, at, old, open = n;

	for (size_t i = 0; i < n; i++) {
		if (v[i].fixed || v[i].already)
			continue;
		bounds(t, v, n, i, &lo, &hi);
		old = raid_place_old_lines(v[i].hunk, 0, v[i].hunk->n);
		if (raid_place_untie(t, &v[i], old, raid_place_wanted(v, i),
		    lo, hi, &at)) {
			fix_at(t, &v[i], at);
			return 1;
		}
		if (open == n)
			open = i;
	}
	return open == n ? 0 : refuse_ties(&v[open], err);
}

int
raid_place_settle(struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, struct raid_err *err)
{
	int r = 1;

	while (r == 1) {
		while (settle_by_order(t, v, n) || settle_runs(t, v, n))
			continue;
		r = 0;
		for (size_t i = 0; r == 0 && i < n; i++)
			if (!v[i].fixed && !v[i].already && v[i].count > 1)
				r = settle_by_hint(t, v, n, err);
	}
	return r;
}
