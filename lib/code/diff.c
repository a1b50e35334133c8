/* SPDX-License-Identifier: ISC */
/*
 * The comparison is E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1 (1986), section 4b: linear space, from both
 * ends at once, divided where they meet.
 */
#include "code/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Steps that one comparison may take, about a third of a second. */
#define STEPS_MAX 100000000

#define CONTEXT 3

struct work {
	const uint32_t *a, *b;		/* lines as numbers */
	unsigned char *del, *ins;
	long *fwd, *bwd;		/* furthest x by diagonal x - y */
	long steps;			/* left */
};

struct box {
	long x0, x1, y0, y1;		/* lines [x0, x1) of a, [y0, y1) of b */
};

/* The diagonals that a search has reached, every second one. */
struct reach {
	long min, max;
};

static void
widen(struct reach *r, long *v, long dmin, long dmax, long beyond)
{
	if (r->min > dmin)
		v[--r->min - 1] = beyond;
	else
		r->min++;
	if (r->max < dmax)
		v[++r->max + 1] = beyond;
	else
		r->max--;
}

/* One step from the start; the diagonal where it meets the other search. */
static int
forward(struct work *w, const struct box *b, const struct reach *f,
    const struct reach *other, long *x_out, long *y_out)
{
	for (long d = f->max; d >= f->min; d -= 2) {
		long lo = w->fwd[d - 1], hi = w->fwd[d + 1];
		long x = lo < hi ? hi : lo + 1, y = x - d;

		for (; x < b->x1 && y < b->y1 && w->a[x] == w->b[y]; x++, y++)
			w->steps--;
		w->steps--;
		w->fwd[d] = x;
		if (other != NULL && other->min <= d && d <= other->max &&
		    w->bwd[d] <= x) {
			*x_out = x;
			*y_out = y;
			return 1;
		}
	}
	return 0;
}

static int
backward(struct work *w, const struct box *b, const struct reach *r,
    const struct reach *other, long *x_out, long *y_out)
{
	for (long d = r->max; d >= r->min; d -= 2) {
		long lo = w->bwd[d - 1], hi = w->bwd[d + 1];
		long x = lo < hi ? lo : hi - 1, y = x - d;

		for (; x > b->x0 && y > b->y0 && w->a[x - 1] == w->b[y - 1];
		    x--, y--)
			w->steps--;
		w->steps--;
		w->bwd[d] = x;
		if (other != NULL && other->min <= d && d <= other->max &&
		    x <= w->fwd[d]) {
			*x_out = x;
			*y_out = y;
			return 1;
		}
	}
	return 0;
}

/* A point on a shortest path through the box; 0 when it costs too much. */
static int
middle(struct work *w, const struct box *b, long *x, long *y)
{
	long dmin = b->x0 - b->y1, dmax = b->x1 - b->y0;
	struct reach f = { b->x0 - b->y0, b->x0 - b->y0 };
	struct reach r = { b->x1 - b->y1, b->x1 - b->y1 };
	int odd = ((f.min - r.min) & 1) != 0;

	w->fwd[f.min] = b->x0;
	w->bwd[r.min] = b->x1;
	while (w->steps > 0) {
		widen(&f, w->fwd, dmin, dmax, -1);
		if (forward(w, b, &f, odd ? &r : NULL, x, y))
			return 1;
		widen(&r, w->bwd, dmin, dmax, INT32_MAX);
		if (backward(w, b, &r, odd ? NULL : &f, x, y))
			return 1;
	}
	return 0;
}

static void
compare(struct work *w, struct box b)
{
	long x, y;

	for (; b.x0 < b.x1 && b.y0 < b.y1 && w->a[b.x0] == w->b[b.y0];
	    b.x0++, b.y0++)
		continue;
	for (; b.x0 < b.x1 && b.y0 < b.y1 && w->a[b.x1 - 1] == w->b[b.y1 - 1];
	    b.x1--, b.y1--)
		continue;
	if (b.x0 < b.x1 && b.y0 < b.y1 && middle(w, &b, &x, &y)) {
		compare(w, (struct box){ b.x0, x, b.y0, y });
		compare(w, (struct box){ x, b.x1, y, b.y1 });
		return;
	}
	memset(w->del + b.x0, 1, (size_t)(b.x1 - b.x0));
	memset(w->ins + b.y0, 1, (size_t)(b.y1 - b.y0));
}

/* A line of either side, while equal lines are given equal numbers. */
struct item {
	uint64_t hash;
	struct raid_line line;
	uint32_t *id;
};

static int
by_line(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->line.len != b->line.len)
		return a->line.len < b->line.len ? -1 : 1;
	return memcmp(a->line.p, b->line.p, a->line.len);
}

/*
 * By sorting: no text can make it slow.  A line is never empty, so memcmp
 * always has a pointer.
 */
static void
number_by_order(const struct raid_line *a, size_t n, const struct raid_line *b,
    size_t m, uint32_t *ids)
{
	struct item *v = raid_realloc(NULL, n + m, sizeof(*v));
	uint32_t id = 0;

	for (size_t i = 0; i < n + m; i++) {
		const struct raid_line *l = i < n ? &a[i] : &b[i - n];

		v[i] = (struct item){ raid_line_hash(l), *l, &ids[i] };
	}
	qsort(v, n + m, sizeof(*v), by_line);
	for (size_t i = 0; i < n + m; i++) {
		if (i != 0 && by_line(&v[i - 1], &v[i]) != 0)
			id++;
		*v[i].id = id;
	}
	free(v);
}

/* The same by a table of hashes, unless too many lines meet in a slot. */
static void
number(const struct raid_line *a, size_t n, const struct raid_line *b,
    size_t m, uint32_t *ids)
{
	size_t slots = 16, probes = 0, all = n + m, i = 0;
	uint64_t *hash = raid_realloc(NULL, all, sizeof(*hash));
	uint32_t *table;

	while (slots < 2 * all)
		slots *= 2;
	table = raid_calloc(slots, sizeof(*table));
	for (; i < all && probes < 16 * all; i++) {
		const struct raid_line *l = i < n ? &a[i] : &b[i - n], *k;
		size_t at;

		hash[i] = raid_line_hash(l);
		for (at = hash[i] & (slots - 1); table[at] != 0;
		    at = (at + 1) & (slots - 1), probes++) {
			size_t j = table[at] - 1;

			k = j < n ? &a[j] : &b[j - n];
			if (hash[j] == hash[i] && raid_line_equal(k, l))
				break;
		}
		if (table[at] == 0)
			table[at] = (uint32_t)i + 1;
		ids[i] = table[at];
	}
	free(table);
	free(hash);
	if (i < all)
		number_by_order(a, n, b, m, ids);
}

void
raid_diff_lines(const struct raid_lines *a, const struct raid_lines *b,
    unsigned char *del, unsigned char *ins)
{
	size_t from = 0, n = a->n, m = b->n;
	struct work w = { .steps = STEPS_MAX };
	uint32_t *ids;
	long *diagonals;

	memset(del, 0, n);
	memset(ins, 0, m);
	while (from < n && from < m &&
	    raid_line_equal(&a->v[from], &b->v[from]))
		from++;
	while (n > from && m > from &&
	    raid_line_equal(&a->v[n - 1], &b->v[m - 1])) {
		n--;
		m--;
	}
	n -= from;
	m -= from;
	if (n == 0 || m == 0) {
		memset(del + from, 1, n);
		memset(ins + from, 1, m);
		return;
	}
	ids = raid_realloc(NULL, n + m, sizeof(*ids));
	diagonals = raid_realloc(NULL, 2 * (n + m + 3), sizeof(*diagonals));
	number(a->v + from, n, b->v + from, m, ids);
	w.a = ids;
	w.b = ids + n;
	w.del = del + from;
	w.ins = ins + from;
	w.fwd = diagonals + m + 1;
	w.bwd = w.fwd + n + m + 3;
	compare(&w, (struct box){ 0, (long)n, 0, (long)m });
	free(diagonals);
	free(ids);
}

/* A path as git writes it: in C quotes when it holds an odd byte, and here
 * also when it ends with a blank, which is easily lost. */
static void
put_path(struct raid_buf *out, const char *prefix, const char *path)
{
	size_t plain = 0;

	while (path[plain] != '\0' && (unsigned char)path[plain] >= ' ' &&
	    path[plain] != 0x7f && path[plain] != '"' && path[plain] != '\\')
		plain++;
	if (path[plain] == '\0' && (plain == 0 || path[plain - 1] != ' ')) {
		raid_buf_printf(out, "%s%s", prefix, path);
		return;
	}
	raid_buf_printf(out, "\"%s", prefix);
	for (; *path != '\0'; path++) {
		if (*path == '"' || *path == '\\')
			raid_buf_printf(out, "\\%c", *path);
		else if ((unsigned char)*path < ' ' || *path == 0x7f)
			raid_buf_printf(out, "\\%03o", (unsigned)*path);
		else
			raid_buf_addc(out, (unsigned char)*path);
	}
	raid_buf_addc(out, '"');
}

/* "--- a/x" or "+++ b/x"; a tab ends a name that holds a blank. */
static void
put_side(struct raid_buf *out, const char *mark, const char *prefix,
    const struct raid_diff_side *s)
{
	raid_buf_puts(out, mark);
	if (s->mode == 0) {
		raid_buf_puts(out, "/dev/null\n");
		return;
	}
	put_path(out, prefix, s->path);
	raid_buf_puts(out, strchr(s->path, ' ') != NULL ? "\t\n" : "\n");
}

static void
put_header(struct raid_buf *out, const struct raid_diff_side *a,
    const struct raid_diff_side *b)
{
	raid_buf_puts(out, "diff --git ");
	put_path(out, "a/", a->path);
	raid_buf_addc(out, ' ');
	put_path(out, "b/", b->path);
	raid_buf_addc(out, '\n');
	if (a->mode == 0)
		raid_buf_printf(out, "new file mode %06o\n", b->mode);
	else if (b->mode == 0)
		raid_buf_printf(out, "deleted file mode %06o\n", a->mode);
	else if (a->mode != b->mode)
		raid_buf_printf(out, "old mode %06o\nnew mode %06o\n", a->mode,
		    b->mode);
	if (strcmp(a->path, b->path) != 0) {
		raid_buf_puts(out, "rename from ");
		put_path(out, "", a->path);
		raid_buf_puts(out, "\nrename to ");
		put_path(out, "", b->path);
		raid_buf_addc(out, '\n');
	}
}

static void
put_line(struct raid_buf *out, unsigned char mark, const struct raid_line *l)
{
	raid_buf_addc(out, mark);
	raid_buf_add(out, l->p, l->len);
	if (l->p[l->len - 1] != '\n')
		raid_buf_puts(out, "\n\\ No newline at end of file\n");
}

/* "start,count", where an empty range names the line before it. */
static void
put_range(struct raid_buf *out, size_t start, size_t n)
{
	raid_buf_printf(out, "%zu", n == 0 ? start : start + 1);
	if (n != 1)
		raid_buf_printf(out, ",%zu", n);
}

struct both {
	struct raid_lines a, b;
	unsigned char *del, *ins;
};

/*
 * From a changed line at (*i, *j) to the end of its hunk: changes that are
 * at most two contexts apart stand in one.
 */
static void
hunk_end(const struct both *t, size_t *i, size_t *j)
{
	size_t same = 0;

	while (*i < t->a.n || *j < t->b.n) {
		if (*i < t->a.n && t->del[*i]) {
			++*i;
			same = 0;
		} else if (*j < t->b.n && t->ins[*j]) {
			++*j;
			same = 0;
		} else {
			if (++same > 2 * CONTEXT)
				break;
			++*i;
			++*j;
		}
	}
	if (same > CONTEXT) {
		*i -= same - CONTEXT - (same > 2 * CONTEXT);
		*j -= same - CONTEXT - (same > 2 * CONTEXT);
	}
}

static void
put_hunk(struct raid_buf *out, const struct both *t, size_t i, size_t j,
    size_t *i_end, size_t *j_end)
{
	size_t back = i < CONTEXT ? i : CONTEXT;

	*i_end = i;
	*j_end = j;
	hunk_end(t, i_end, j_end);
	i -= back;
	j -= back;
	raid_buf_puts(out, "@@ -");
	put_range(out, i, *i_end - i);
	raid_buf_puts(out, " +");
	put_range(out, j, *j_end - j);
	raid_buf_puts(out, " @@\n");
	while (i < *i_end || j < *j_end) {
		if (i < *i_end && t->del[i])
			put_line(out, '-', &t->a.v[i++]);
		else if (j < *j_end && t->ins[j])
			put_line(out, '+', &t->b.v[j++]);
		else {
			put_line(out, ' ', &t->a.v[i++]);
			j++;
		}
	}
}

static void
put_hunks(struct raid_buf *out, const struct both *t)
{
	size_t i = 0, j = 0;

	while (i < t->a.n || j < t->b.n) {
		if ((i < t->a.n && t->del[i]) || (j < t->b.n && t->ins[j])) {
			put_hunk(out, t, i, j, &i, &j);
		} else {
			i++;
			j++;
		}
	}
}

void
raid_diff_print(struct raid_buf *out, const struct raid_diff_side *a,
    const struct raid_diff_side *b)
{
	struct both t = { 0 };
	int same = a->len == b->len &&
	    (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);

	if (same && a->mode == b->mode && strcmp(a->path, b->path) == 0)
		return;
	put_header(out, a, b);
	if (same)
		return;
	put_side(out, "--- ", "a/", a);
	put_side(out, "+++ ", "b/", b);
	raid_lines_split(&t.a, a->p, a->len);
	raid_lines_split(&t.b, b->p, b->len);
	t.del = raid_malloc(t.a.n);
	t.ins = raid_malloc(t.b.n);
	raid_diff_lines(&t.a, &t.b, t.del, t.ins);
	put_hunks(out, &t);
	raid_lines_free(&t.a);
	raid_lines_free(&t.b);
	free(t.del);
	free(t.ins);
}
