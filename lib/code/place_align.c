/* SPDX-License-Identifier: ISC */
/*
 * The place of a hunk whose context is not quite that of the file: lines of
 * it are missing, made up or reworded.  Removed lines must be there.  Lines
 * that occur in both vote for the distance between hunk and file; where most
 * votes are, both are aligned as two sequences (S. B. Needleman and C. D.
 * Wunsch, "A general method applicable to the search for similarities in the
 * amino acid sequence of two proteins", Journal of Molecular Biology 48
 * (1970)), the ends of the file's being free.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/place_priv.h"

#define OLD_MAX 1500		/* lines of a hunk that is aligned */
#define TRIES 12		/* places where it is tried */
#define STEP 8			/* distances that count as one */
#define SAME_MAX 100		/* times that a line occurs and votes */
#define MARGIN 5		/* by which the best must be better */
#define NOWHERE SIZE_MAX

enum { FORBIDDEN = -1000000 };

/* How the cell of the table was reached. */
enum { START, BOTH, OLD, FILE_ONLY };

struct vote {
	size_t d;		/* distance */
	unsigned weight;
};

struct align {
	struct raid_place_text *t;
	struct raid_place_fit *f;
	const struct raid_place_side *old;
	uint32_t *hash;		/* of the old lines */
	unsigned char *trivial;	/* a brace or nothing: it tells little */
	struct vote *votes;	/* by distance, see vote() */
	size_t n_votes;
	size_t *map;		/* the line of the file, or NOWHERE */
	unsigned char *same;	/* not only alike */
	size_t lo, w;		/* the window of the file */
	int *score;
	unsigned char *from;
	size_t barred_old, barred_file;	/* a pair that may not be */
};

/* One way to place the hunk. */
struct way {
	int score;
	size_t *map;
	unsigned char *same;
};

static int
is_trivial(struct raid_line l)
{
	l = raid_place_view(l, RAID_PLACE_INDENT);
	return l.len < 3;
}

static int
is_blank(struct raid_line l)
{
	return raid_line_trim(l).len == 0;
}

/* How alike two lines are: common pairs of bytes, in percent (L. R. Dice,
 * "Measures of the amount of ecologic association between species", Ecology
 * 26 (1945)). */
static int
likeness(struct raid_line a, struct raid_line b)
{
	unsigned char seen[1024] = { 0 };
	size_t common = 0;

	a = raid_place_view(a, RAID_PLACE_INDENT);
	b = raid_place_view(b, RAID_PLACE_INDENT);
	if (a.len < 4 || b.len < 4 || a.len > 400 || b.len > 400)
		return 0;
	for (size_t i = 0; i + 1 < a.len; i++)
		seen[(a.p[i] * 31u + a.p[i + 1]) % 1024]++;
	for (size_t i = 0; i + 1 < b.len; i++) {
		unsigned char *s = &seen[(b.p[i] * 31u + b.p[i + 1]) % 1024];

		common += *s != 0;
		*s -= *s != 0;
	}
	return (int)(200 * common / (a.len + b.len - 2));
}

static int
by_distance(const void *pa, const void *pb)
{
	const struct vote *a = pa, *b = pb;

	return a->d < b->d ? -1 : a->d > b->d;
}

/*
 * Every pair of equal lines votes for its distance, i - k + n; a line that is
 * everywhere tells nothing.
 */
static void
vote(struct align *a)
{
	size_t n = a->old->n, count, m = 0, cap = 0;

	for (size_t k = 0; k < n; k++) {
		count = 0;
		for (uint32_t i = raid_place_first(a->t, a->hash[k]);
		    i != RAID_PLACE_NONE && count < SAME_MAX;
		    i = raid_place_next(a->t, i))
			count++;
		if (count == SAME_MAX)
			continue;
		a->votes = raid_grow(a->votes, &cap, m + count,
		    sizeof(*a->votes));
		for (uint32_t i = raid_place_first(a->t, a->hash[k]);
		    i != RAID_PLACE_NONE; i = raid_place_next(a->t, i))
			a->votes[m++] = (struct vote){ i + n - k,
				a->trivial[k] ? 1 : a->old->minus[k] ? 8 : 4 };
		a->t->work += count;
	}
	if (m != 0)
		qsort(a->votes, m, sizeof(*a->votes), by_distance);
	a->n_votes = m;
}

/* The distance with most votes by itself, for what is told to people. */
static size_t
least_bad(const struct align *a, size_t *differs)
{
	size_t n = a->old->n, at = n, k = 0, best;
	unsigned long sum = 0, top = 0;

	if (a->f->hunk->hint != 0 && a->f->hunk->hint <= a->t->lines.n)
		at = a->f->hunk->hint - 1 + n;
	for (size_t i = 0; i < a->n_votes; i++) {
		sum = i > 0 && a->votes[i].d == a->votes[i - 1].d ?
		    sum + a->votes[i].weight : a->votes[i].weight;
		if (sum > top && a->votes[i].d >= n) {
			top = sum;
			at = a->votes[i].d;
		}
	}
	best = at - n;
	while (k + 1 < n && best + k < a->t->lines.n && raid_place_same(
	    a->t->lines.v[best + k], a->old->v[k], RAID_PLACE_FOLDED))
		k++;
	*differs = k;
	return best;
}

static int
equal(const struct align *a, size_t k, size_t i)
{
	a->t->work++;
	return a->hash[k] == a->t->hash[i] &&
	    raid_place_same(a->t->lines.v[i], a->old->v[k], RAID_PLACE_FOLDED);
}

/* What it is worth that old line k is line i; FORBIDDEN: it is not. */
static int
worth(const struct align *a, size_t k, size_t i, int unknown)
{
	if (k == a->barred_old && i == a->barred_file)
		return FORBIDDEN;
	if (equal(a, k, i))
		return is_blank(a->old->v[k]) ? 1 : a->trivial[k] ? 2 : 6;
	if (a->old->minus[k] || !unknown)
		return FORBIDDEN;
	return likeness(a->old->v[k], a->t->lines.v[i]) >= 60 ? 2 : FORBIDDEN;
}

/* Does old line k occur in the window? */
static int
occurs(const struct align *a, size_t k)
{
	for (size_t j = 0; j < a->w; j++)
		if (a->hash[k] == a->t->hash[a->lo + j])
			return 1;
	return 0;
}

/* The table of the window; the score of the best way through it. */
static int
fill(struct align *a)
{
	size_t n = a->old->n, w = a->w, at, end = 0;
	int best = FORBIDDEN;

	a->t->work += n * w;
	for (size_t j = 0; j <= w; j++) {
		a->score[j] = 0;
		a->from[j] = START;
	}
	for (size_t k = 1; k <= n; k++) {
		int unknown = !occurs(a, k - 1);
		int joined = k < n && a->old->minus[k - 1] && a->old->minus[k];
		int lost = a->old->minus[k - 1] ? FORBIDDEN :
		    a->trivial[k - 1] ? -1 : -2;

		for (size_t j = 0; j <= w; j++) {
			int *s = &a->score[k * (w + 1) + j], v;
			unsigned char *from = &a->from[k * (w + 1) + j];

			*s = a->score[(k - 1) * (w + 1) + j] + lost;
			*from = OLD;
			if (j == 0)
				continue;
			v = a->score[(k - 1) * (w + 1) + j - 1] +
			    worth(a, k - 1, a->lo + j - 1, unknown);
			if (v >= *s) {
				*s = v;
				*from = BOTH;
			}
			v = a->score[k * (w + 1) + j - 1] -
			    (is_blank(a->t->lines.v[a->lo + j - 1]) ? 1 : 2);
			if (k < n && !joined && v > *s) {
				*s = v;
				*from = FILE_ONLY;
			}
		}
	}
	for (size_t j = 0; j <= w; j++)
		if (a->score[n * (w + 1) + j] > best) {
			best = a->score[n * (w + 1) + j];
			end = j;
		}
	for (size_t k = n, j = end; k > 0;) {
		at = k * (w + 1) + j;
		if (a->from[at] == FILE_ONLY) {
			j--;
			continue;
		}
		k--;
		a->map[k] = NOWHERE;
		if (a->from[at] == BOTH) {
			a->map[k] = a->lo + --j;
			a->same[k] = (unsigned char)equal(a, k, a->map[k]);
		}
	}
	return best;
}

/* Align around a distance; the score. */
static int
try_at(struct align *a, size_t d)
{
	size_t n = a->old->n, pad = n / 4 + 2 * STEP;
	size_t lo = d > n + pad ? d - n - pad : 0;
	size_t hi = d + 2 * STEP + pad < a->t->lines.n ? d + 2 * STEP + pad :
	    a->t->lines.n;

	a->lo = lo < hi ? lo : hi;
	a->w = hi - a->lo;
	return fill(a);
}

/* The line of the file where the '+' lines before old line k come, if they
 * replace nothing; NOWHERE: that is not certain. */
static size_t
gap_at(const struct way *y, size_t n, size_t k)
{
	size_t i = k, j = k;

	/* The nearest ones that have a place. */
	while (i > 0 && y->map[i - 1] == NOWHERE)
		i--;
	while (j < n && y->map[j] == NOWHERE)
		j++;
	if (i != k && j != k)
		return NOWHERE;
	if (i == 0 && j == n)
		return NOWHERE;
	if (i == 0)
		return j == k ? y->map[k] : NOWHERE;
	if (j == n)
		return i == k ? y->map[k - 1] + 1 : NOWHERE;
	/* As many lines of the file between them as of the hunk, or none. */
	if (y->map[j] - y->map[i - 1] - 1 != j - i &&
	    y->map[j] != y->map[i - 1] + 1)
		return NOWHERE;
	return i == k ? y->map[k - 1] + 1 : y->map[k];
}

/* Do the lines of a splice that only adds stand there already? */
static int
is_repeated(const struct align *a, const struct raid_place_splice *s)
{
	const struct raid_place_fit *f = a->f;
	size_t n = s->to - s->from, after = 0, before = 0, k = 0, text = 0;

	for (size_t i = s->from; i < s->to; i++, k++) {
		struct raid_line l = raid_place_line(f, i);

		if (f->hunk->v[i].kind != '+')
			return 0;
		text += !is_trivial(l);
		after += s->start + k < a->t->lines.n && raid_place_same(
		    a->t->lines.v[s->start + k], l, RAID_PLACE_FOLDED);
		before += s->start + k >= n && raid_place_same(
		    a->t->lines.v[s->start + k - n], l, RAID_PLACE_FOLDED);
	}
	return text != 0 && (after == n || before == n);
}

/* The splices of a way; 0: where lines come is not certain. */
static int
cut(const struct align *a, const struct way *y, struct raid_place_splice *v,
    size_t *n)
{
	const struct raid_edit_hunk *h = a->f->hunk;
	struct raid_place_splice *s;
	size_t k = 0, last = 0;

	*n = 0;
	for (size_t i = 0; i < h->n;) {
		if (h->v[i].kind == ' ') {
			i++;
			k++;
			continue;
		}
		s = &v[(*n)++];
		*s = (struct raid_place_splice){ .start = NOWHERE, .from = i };
		for (; i < h->n && h->v[i].kind != ' '; i++) {
			if (h->v[i].kind == '+')
				continue;
			if (s->start == NOWHERE)
				s->start = y->map[k];
			s->end = y->map[k++] + 1;
		}
		s->to = i;
		if (s->start == NOWHERE)
			s->start = s->end = gap_at(y, a->old->n, k);
		if (s->start == NOWHERE && k > 0 &&
		    y->map[k - 1] != NOWHERE) {
			/* What stands between may be just these lines. */
			s->start = s->end = y->map[k - 1] + 1;
			if (!is_repeated(a, s))
				return 0;
		}
		if (s->start == NOWHERE || s->start < last)
			return 0;
		last = s->end;
	}
	return 1;
}

/* Is enough of the hunk there to know the place? */
static int
is_convincing(const struct align *a, const struct way *y)
{
	size_t n = a->old->n, solid = 0, amiss = 0, text = 0, last = NOWHERE;

	for (size_t k = 0; k < n; k++) {
		text += !a->trivial[k];
		if (y->map[k] == NOWHERE) {
			amiss += !is_blank(a->old->v[k]);
			continue;
		}
		solid += y->same[k] && !a->trivial[k];
		amiss += !y->same[k];
		if (last != NOWHERE)
			amiss += y->map[k] - last - 1;
		last = y->map[k];
	}
	return solid >= 2 && amiss <= (n < 6 ? 2 : n / 2) &&
	    2 * solid >= text;
}

/* The pair that a rival way must not have: that of the first change. */
static size_t
key_of(const struct align *a, const struct way *y)
{
	const struct raid_edit_hunk *h = a->f->hunk;
	size_t k = 0, i = 0;

	while (i < h->n && h->v[i].kind == ' ') {
		i++;
		k++;
	}
	if (k < a->old->n && y->map[k] != NOWHERE)
		return k;
	while (k > 0 && y->map[k - 1] == NOWHERE)
		k--;
	return k > 0 ? k - 1 : NOWHERE;
}

/* Indentation and folding, as the lines that are the same tell. */
static int
learn(struct align *a, const struct way *y)
{
	size_t n = a->old->n, m = 0;
	struct raid_line *hunk = raid_realloc(NULL, n, sizeof(*hunk));
	struct raid_line *file = raid_realloc(NULL, n, sizeof(*file));
	int r;

	for (size_t k = 0; k < n; k++) {
		if (y->map[k] == NOWHERE || !y->same[k])
			continue;
		hunk[m] = a->old->v[k];
		file[m] = a->t->lines.v[y->map[k]];
		raid_place_folds_learn(&a->f->folds, hunk[m], file[m]);
		m++;
	}
	r = raid_place_indent_learn(&a->f->indent, hunk, file, m);
	free(hunk);
	free(file);
	return r;
}

/* The distance that has most votes around and was not tried; SIZE_MAX: none
 * has any. */
static size_t
next_try(const struct align *a, const size_t *tried, size_t count)
{
	size_t best = NOWHERE, from = 0;
	unsigned long sum = 0, top = 0;

	/* A window of 2 * STEP distances that ends with vote i. */
	for (size_t i = 0; i < a->n_votes; i++) {
		size_t d = a->votes[i].d;
		int again = 0;

		sum += a->votes[i].weight;
		while (a->votes[from].d + 2 * STEP <= d)
			sum -= a->votes[from++].weight;
		for (size_t k = 0; k < count; k++)
			again |= tried[k] + STEP >= a->votes[from].d &&
			    tried[k] <= a->votes[from].d + STEP;
		if (!again && sum > top) {
			top = sum;
			best = a->votes[from].d;
		}
	}
	return best;
}

static int
is_other(const struct raid_place_fit *f, const struct raid_place_splice *v,
    size_t n)
{
	if (n != f->n_splices)
		return 1;
	for (size_t i = 0; i < n; i++)
		if (v[i].start != f->splice[i].start ||
		    v[i].end != f->splice[i].end)
			return 1;
	return 0;
}

/*
 * The best way of all tries, with its splices, and the score of the next
 * best one that would change other lines.  0: no way is certain.
 */
static int
best_way(struct align *a, struct way *y, int *second)
{
	size_t n = a->old->n, tried[TRIES], count = 0, d, key, m;
	struct raid_place_fit *f = a->f;
	struct way other = { .map = a->map, .same = a->same };
	struct raid_place_splice *v;
	int score;

	while (count < TRIES && (d = next_try(a, tried, count)) != NOWHERE) {
		tried[count++] = d;
		score = try_at(a, d);
		if (score <= y->score)
			continue;
		y->score = score;
		memcpy(y->map, a->map, n * sizeof(*y->map));
		memcpy(y->same, a->same, n);
	}
	*second = FORBIDDEN;
	f->splice = raid_realloc(f->splice, f->hunk->n + 1,
	    sizeof(*f->splice));
	if (y->score <= 0 || !cut(a, y, f->splice, &f->n_splices))
		return 0;
	key = key_of(a, y);
	if (key == NOWHERE)
		return 0;
	/* A rival may stand in the same window. */
	a->barred_old = key;
	a->barred_file = y->map[key];
	v = raid_realloc(NULL, f->hunk->n + 1, sizeof(*v));
	for (size_t i = 0; i < count; i++) {
		score = try_at(a, tried[i]);
		if (score > *second && cut(a, &other, v, &m) &&
		    is_other(f, v, m))
			*second = score;
	}
	free(v);
	return 1;
}

static int
place(struct align *a, struct way *y, struct raid_err *err)
{
	struct raid_place_fit *f = a->f;
	size_t done = 0;
	int second;

	if (!best_way(a, y, &second) || !is_convincing(a, y) ||
	    !learn(a, y))
		return 0;
	if (second + MARGIN > y->score)
		return raid_place_refuse(err, f, "fits only roughly, and in "
		    "several places");
	for (size_t i = 0; i < f->n_splices; i++)
		done += (size_t)is_repeated(a, &f->splice[i]);
	if (done == f->n_splices) {
		f->already = 1;
		return 1;
	}
	if (done != 0)
		return 0;
	f->at = f->splice[0].start;
	for (size_t k = 0; f->at > 0 && k < f->hunk->n &&
	    f->hunk->v[k].kind == ' '; k++)
		f->at--;
	f->fixed = 1;
	return 1;
}

int
raid_place_align(struct raid_place_text *t, struct raid_place_fit *f,
    const struct raid_place_side *old, int align, size_t *differs,
    struct raid_err *err)
{
	size_t n = old->n, w = n + n / 2 + 6 * STEP + 2;
	struct align a = { .t = t, .f = f, .old = old, .barred_old = NOWHERE };
	struct way y = { .score = FORBIDDEN };
	int r = 0;

	raid_place_rehash(t, RAID_PLACE_FOLDED);
	a.hash = raid_realloc(NULL, n, sizeof(*a.hash));
	a.trivial = raid_malloc(n);
	for (size_t k = 0; k < n; k++) {
		a.hash[k] = raid_place_hash(old->v[k], RAID_PLACE_FOLDED);
		a.trivial[k] = (unsigned char)is_trivial(old->v[k]);
	}
	vote(&a);
	f->best = least_bad(&a, differs);
	if (align && n <= OLD_MAX) {
		a.map = raid_realloc(NULL, n, sizeof(*a.map));
		a.same = raid_malloc(n);
		y.map = raid_realloc(NULL, n, sizeof(*y.map));
		y.same = raid_malloc(n);
		a.score = raid_realloc(NULL, (n + 1) * w, sizeof(*a.score));
		a.from = raid_malloc((n + 1) * w);
		r = place(&a, &y, err);
	}
	free(a.hash);
	free(a.trivial);
	free(a.votes);
	free(a.map);
	free(a.same);
	free(a.score);
	free(a.from);
	free(y.map);
	free(y.same);
	return r;
}
