/* SPDX-License-Identifier: ISC */
/*
 * Where a hunk fits.  The search for its lines is that of D. E. Knuth, J. H.
 * Morris and V. R. Pratt, "Fast Pattern Matching in Strings", SIAM Journal
 * on Computing 6 (1977), with lines for letters: its time does not depend
 * on what they hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/place_priv.h"

/* Comparisons of lines that one file may cost: seconds, not minutes. */
#define WORK_MAX 1000000000u

/* The old or the new lines of a hunk. */
struct side {
	struct raid_line *v;	/* without line ends */
	unsigned char *no_eol;
	uint64_t *hash;		/* at the level of the search */
	size_t *fail;		/* the failure function */
	size_t n;
};

/* Where a search looks, and what it found. */
struct found {
	size_t lo, hi;		/* the first line is in [lo, hi] */
	size_t want;		/* where it is expected; SIZE_MAX: no idea */
	size_t count;
	size_t at, distance;	/* of the nearest one, else the first */
	size_t second;		/* distance of the one after that */
	size_t ties[RAID_PLACE_TIES];
	size_t prefix;		/* most lines that fitted anywhere, */
	size_t prefix_at;	/* and where */
};

static const uint64_t *
text_hash(struct raid_place_text *t, enum raid_place_level level)
{
	uint64_t *h = t->hash[level];

	if (h != NULL)
		return h;
	h = raid_realloc(NULL, t->lines.n, sizeof(*h));
	for (size_t i = 0; i < t->lines.n; i++) {
		struct raid_line l = raid_place_view(t->lines.v[i], level);

		h[i] = raid_line_hash(&l);
	}
	return t->hash[level] = h;
}

static void
side_init(struct side *s, const struct raid_edit_hunk *h, unsigned char without)
{
	*s = (struct side){ .v = raid_realloc(NULL, h->n, sizeof(*s->v)),
		.no_eol = raid_malloc(h->n),
		.hash = raid_realloc(NULL, h->n, sizeof(*s->hash)),
		.fail = raid_realloc(NULL, h->n + 1, sizeof(*s->fail)) };
	for (size_t i = 0; i < h->n; i++) {
		if (h->v[i].kind == without)
			continue;
		s->no_eol[s->n] = h->v[i].no_eol;
		s->v[s->n++] = (struct raid_line){ h->v[i].p, h->v[i].len };
	}
}

static void
side_free(struct side *s)
{
	free(s->v);
	free(s->no_eol);
	free(s->hash);
	free(s->fail);
}

static int
same(struct raid_line a, struct raid_line b, enum raid_place_level level)
{
	a = raid_place_view(a, level);
	b = raid_place_view(b, level);
	return raid_line_equal(&a, &b);
}

static int
has_eol(const struct raid_line *l)
{
	return l->p[l->len - 1] == '\n';
}

/* Is line k of the side the one at i of the text? */
static int
fits(struct raid_place_text *t, const struct side *s, size_t k, size_t i,
    enum raid_place_level level)
{
	const struct raid_line *l = &t->lines.v[i];

	t->work++;
	return text_hash(t, level)[i] == s->hash[k] &&
	    same(*l, s->v[k], level) &&
	    (level > RAID_PLACE_CLEAN || has_eol(l) != s->no_eol[k]);
}

/* Are two lines of the side the same? */
static int
alike(const struct side *s, size_t i, size_t k, enum raid_place_level level)
{
	return s->hash[i] == s->hash[k] && same(s->v[i], s->v[k], level) &&
	    (level > RAID_PLACE_CLEAN || s->no_eol[i] == s->no_eol[k]);
}

/* Hash the side at a level and make its failure function. */
static void
side_prepare(struct side *s, enum raid_place_level level)
{
	size_t k = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct raid_line l = raid_place_view(s->v[i], level);

		s->hash[i] = raid_line_hash(&l);
	}
	s->fail[0] = 0;
	for (size_t i = 1; i < s->n; i++) {
		while (k > 0 && !alike(s, i, k, level))
			k = s->fail[k - 1];
		if (alike(s, i, k, level))
			k++;
		s->fail[i] = k;
	}
}

static size_t
apart(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

static void
note(struct found *f, size_t at)
{
	size_t d = f->want != SIZE_MAX ? apart(at, f->want) : 0;

	if (f->count < RAID_PLACE_TIES)
		f->ties[f->count] = at;
	if (f->count == 0 || d < f->distance) {
		f->second = f->count == 0 ? SIZE_MAX : f->distance;
		f->distance = d;
		f->at = at;
	} else if (d < f->second)
		f->second = d;
	f->count++;
}

/* All places of the side, which has lines, from f->lo to f->hi. */
static void
look(struct raid_place_text *t, struct side *s, enum raid_place_level level,
    struct found *f)
{
	size_t k = 0;

	f->count = f->prefix = f->prefix_at = 0;
	side_prepare(s, level);
	for (size_t i = f->lo; i < t->lines.n && i - k <= f->hi; i++) {
		while (k > 0 && !fits(t, s, k, i, level))
			k = s->fail[k - 1];
		if (fits(t, s, k, i, level))
			k++;
		if (k > f->prefix) {
			f->prefix = k;
			f->prefix_at = i + 1 - k;
		}
		if (k == s->n) {
			note(f, i + 1 - k);
			k = s->fail[k - 1];
		}
	}
}

/* One place, or a line number to which one is clearly nearer. */
static int
decided(const struct found *f)
{
	if (f->count == 1)
		return 1;
	if (f->count == 0 || f->want == SIZE_MAX)
		return 0;
	return f->distance < f->second / 2 ||
	    (f->distance == 0 && f->second != 0);
}

/* Set what lies between the first and the last change. */
static void
fix(struct raid_place_fit *f, size_t at, enum raid_place_level level)
{
	const struct raid_edit_hunk *h = f->hunk;

	f->at = at;
	f->level = level;
	f->fixed = 1;
	f->from = 0;
	f->to = h->n;
	while (f->from < h->n && h->v[f->from].kind == ' ')
		f->from++;
	while (f->to > f->from && h->v[f->to - 1].kind == ' ')
		f->to--;
	f->start = f->end = at + f->from;
	for (size_t i = f->from; i < f->to; i++)
		f->end += h->v[i].kind != '+';
}

static int
refuse_differs(const struct raid_place_text *t, const struct side *s,
    const struct raid_place_fit *fit, const struct found *f,
    struct raid_err *err)
{
	char want[100], have[100];
	size_t at = f->prefix_at + f->prefix;

	if (f->prefix == 0 && fit->hunk->hint != 0)
		at = fit->hunk->hint - 1;
	if (at >= t->lines.n)
		return raid_place_refuse(err, fit, "fits nowhere: want \"%s\","
		    " have the end of the file at line %zu",
		    raid_place_shown(s->v[f->prefix], want), t->lines.n + 1);
	return raid_place_refuse(err, fit, "fits nowhere: want \"%s\", have "
	    "\"%s\" at line %zu", raid_place_shown(s->v[f->prefix], want),
	    raid_place_shown(t->lines.v[at], have), at + 1);
}

static int
refuse_ties(const struct raid_place_fit *fit, const struct found *f,
    struct raid_err *err)
{
	char list[160];
	size_t n = 0, named = f->count;

	if (named > RAID_PLACE_TIES)
		named = RAID_PLACE_TIES;
	for (size_t i = 0; i < named; i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%zu",
		    i == 0 ? "" : ", ", f->ties[i] + 1);
	if (f->count > named)
		(void)snprintf(list + n, sizeof(list) - n, " and %zu more",
		    f->count - named);
	return raid_place_refuse(err, fit, "fits equally well at the lines %s",
	    list);
}

/*
 * Is the hunk, placed or not, already in the file?  A placed one is when
 * its new lines stand there around the old ones, as after an insertion that
 * is asked for again; another one when they stand in exactly one place, and
 * are more than one line or where the hunk says.
 */
static int
is_already(struct raid_place_text *t, const struct raid_place_fit *fit,
    size_t old_n)
{
	struct found f = { .hi = t->lines.n, .want = SIZE_MAX };
	enum raid_place_level level = RAID_PLACE_EXACT;
	struct side s;
	size_t text = 0;
	int r;

	side_init(&s, fit->hunk, '-');
	for (size_t i = 0; i < s.n; i++)
		text += raid_line_trim(s.v[i]).len != 0;
	if (text == 0 || (fit->fixed && s.n < old_n)) {
		side_free(&s);
		return 0;
	}
	if (fit->fixed) {
		f.lo = fit->at + old_n > s.n ? fit->at + old_n - s.n : 0;
		f.hi = fit->at;
		/* What replaces as many lines may change their ends alone. */
		if (s.n == old_n && fit->level < level)
			level = fit->level;
	}
	look(t, &s, level, &f);
	r = fit->fixed ? f.count != 0 : f.count == 1 &&
	    (text > 1 || f.at + 1 == fit->hunk->hint);
	side_free(&s);
	return r;
}

/* Fix the hunk if its place is certain by itself; see whether it is there
 * already.  Ties are left for settle(). */
static int
locate(struct raid_place_text *t, struct raid_place_fit *fit,
    enum raid_place_level most, struct raid_err *err)
{
	struct found f = { .hi = t->lines.n, .want = SIZE_MAX };
	struct side s;
	int level, r = 0;

	side_init(&s, fit->hunk, '+');
	if (s.n == 0 && t->lines.n != 0) {
		fit->already = is_already(t, fit, 0);
		side_free(&s);
		return fit->already ? 0 : raid_place_refuse(err, fit,
		    "has no line of the file to hold on to");
	}
	for (level = 0; s.n != 0 && level <= (int)most; level++) {
		look(t, &s, (enum raid_place_level)level, &f);
		if (f.count != 0)
			break;
	}
	fit->level = (enum raid_place_level)level;
	if (f.count == 1 || s.n == 0)
		fix(fit, f.at, s.n != 0 ? fit->level : RAID_PLACE_EXACT);
	if (f.count <= 1)
		fit->already = is_already(t, fit, s.n);
	if (f.count == 0 && s.n != 0 && !fit->already)
		r = refuse_differs(t, &s, fit, &f, err);
	else if (t->work > WORK_MAX)
		r = raid_place_refuse(err, fit, "is too costly to look for");
	side_free(&s);
	return r;
}

/* Where the i-th hunk may lie between its fixed neighbours, and where its
 * line number says, moved as far as the hunk before was. */
static void
bounds(const struct raid_place_text *t, const struct raid_place_fit *v,
    size_t n, size_t i, struct found *f)
{
	size_t hint = v[i].hunk->hint;
	struct raid_place_fit core = v[i];

	*f = (struct found){ .hi = t->lines.n, .want = SIZE_MAX };
	if (hint != 0)
		f->want = hint - 1;
	fix(&core, 0, core.level);
	for (size_t k = i; k-- > 0;) {
		if (!v[k].fixed)
			continue;
		f->lo = v[k].end > core.start ? v[k].end - core.start : 0;
		if (hint != 0 && v[k].hunk->hint != 0 &&
		    f->want + v[k].at + 1 >= v[k].hunk->hint)
			f->want = f->want + v[k].at + 1 - v[k].hunk->hint;
		break;
	}
	for (size_t k = i + 1; k < n; k++)
		if (v[k].fixed) {
			f->hi = v[k].start > core.end ?
			    v[k].start - core.end : 0;
			break;
		}
}

/* Decide between several places. */
static int
settle(struct raid_place_text *t, struct raid_place_fit *v, size_t n, size_t i,
    struct raid_err *err)
{
	struct found f;
	struct side s;
	int r = 0;

	bounds(t, v, n, i, &f);
	side_init(&s, v[i].hunk, '+');
	look(t, &s, v[i].level, &f);
	if (f.count == 0)
		r = raid_place_refuse(err, &v[i],
		    "fits, but not in the order of the hunks");
	else if (!decided(&f))
		r = refuse_ties(&v[i], &f, err);
	else {
		fix(&v[i], f.at, v[i].level);
		v[i].already = is_already(t, &v[i], s.n);
	}
	side_free(&s);
	return r;
}

/* At the line that the hunk says, byte for byte. */
static int
place_clean(struct raid_place_text *t, struct raid_place_fit *fit,
    struct raid_err *err)
{
	struct found f = { 0 };
	struct side s;
	int r = 0;

	if (fit->hunk->hint == 0 || fit->hunk->hint > t->lines.n + 1)
		return raid_place_refuse(err, fit, "lies beyond the file");
	f.prefix_at = fit->hunk->hint - 1;
	side_init(&s, fit->hunk, '+');
	side_prepare(&s, RAID_PLACE_CLEAN);
	while (f.prefix < s.n && f.prefix_at + f.prefix < t->lines.n &&
	    fits(t, &s, f.prefix, f.prefix_at + f.prefix, RAID_PLACE_CLEAN))
		f.prefix++;
	if (f.prefix < s.n)
		r = refuse_differs(t, &s, fit, &f, err);
	else
		fix(fit, f.prefix_at, RAID_PLACE_CLEAN);
	side_free(&s);
	return r;
}

int
raid_place_find(struct raid_place_text *t, struct raid_place_fit *v, size_t n,
    enum raid_place_level level, struct raid_err *err)
{
	size_t end = 0;

	for (size_t i = 0; i < n; i++)
		if ((level == RAID_PLACE_CLEAN ? place_clean(t, &v[i], err) :
		    locate(t, &v[i], level, err)) == -1)
			return -1;
	for (size_t i = 0; i < n; i++)
		if (!v[i].fixed && !v[i].already &&
		    settle(t, v, n, i, err) == -1)
			return -1;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].fixed)
			continue;
		if (v[i].start < end)
			return raid_place_refuse(err, &v[i],
			    "fits only before the hunk that precedes it");
		end = v[i].end;
	}
	return 0;
}
