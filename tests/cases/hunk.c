/* SPDX-License-Identifier: ISC */
/* Lines, their differences (Myers), hunks. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "cases.h"

#define EDITS_MAX 1200		/* lines that differ */
#define HUNKS_MAX 64

/* Text as lines; the '\r' goes when every line has one. */
struct lines
lines(struct str s)
{
	struct lines l = { 0 };
	size_t n = 0, cr = 0, i = 0;

	for (size_t k = 0; k < s.n; k++)
		if (s.p[k] == '\n') {
			n++;
			cr += k > 0 && s.p[k - 1] == '\r';
		}
	l.v = mem((n + 1) * sizeof(*l.v));
	l.crlf = n > 0 && cr == n;
	while (i < s.n) {
		const char *e = memchr(s.p + i, '\n', s.n - i);
		size_t len = e != NULL ? (size_t)(e - s.p) - i : s.n - i;

		l.v[l.n++] = (struct str){ s.p + i, len - (size_t)(e != NULL &&
		    l.crlf) };
		i += len + 1;
		l.no_eol = e == NULL;
	}
	return l;
}

struct str
join(const struct lines *l)
{
	struct out o = { 0 };

	for (size_t i = 0; i < l->n; i++) {
		put(&o, l->v[i].p, l->v[i].n);
		if (i + 1 < l->n || !l->no_eol)
			puts_(&o, l->crlf ? "\r\n" : "\n");
	}
	return out_str(&o);
}

struct line
line_new(char kind, struct str s)
{
	return (struct line){ .kind = kind, .s = s };
}

void
hunk_insert(struct hunk *h, size_t at, struct line l)
{
	struct line *v = mem((h->n + 1) * sizeof(*v));

	if (at > 0)
		memcpy(v, h->v, at * sizeof(*v));
	v[at] = l;
	if (h->n > at)
		memcpy(v + at + 1, h->v + at, (h->n - at) * sizeof(*v));
	h->v = v;
	h->n++;
}

void
hunk_drop(struct hunk *h, size_t at)
{
	h->n--;
	memmove(h->v + at, h->v + at + 1, (h->n - at) * sizeof(*h->v));
}

static int
line_same(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
	int ea = i + 1 == a->n && a->no_eol, eb = j + 1 == b->n && b->no_eol;

	return ea == eb && same(a->v[i], b->v[j]);
}

/*
 * The shortest edit script of what lies between the common ends: gone[i] and
 * come[j] are set.  -1: too much differs.
 */
static int
myers(const struct lines *a, const struct lines *b, char *gone, char *come)
{
	long lo = 0, n, m, max, off, d, k, x = 0, y = 0;
	int *v, **seen;

	while (lo < (long)a->n && lo < (long)b->n &&
	    line_same(a, (size_t)lo, b, (size_t)lo))
		lo++;
	n = (long)a->n - lo;
	m = (long)b->n - lo;
	while (n > 0 && m > 0 && line_same(a, (size_t)(lo + n - 1), b,
	    (size_t)(lo + m - 1)))
		n--, m--;
	max = n + m < EDITS_MAX ? n + m : EDITS_MAX;
	off = max + 1;
	v = mem((size_t)(2 * max + 3) * sizeof(*v));
	seen = mem((size_t)(max + 1) * sizeof(*seen));
	for (d = 0; d <= max; d++) {
		for (k = -d; k <= d; k += 2) {
			x = k == -d || (k != d && v[off + k - 1] <
			    v[off + k + 1]) ? v[off + k + 1] :
			    v[off + k - 1] + 1;
			y = x - k;
			while (x < n && y < m && line_same(a,
			    (size_t)(lo + x), b, (size_t)(lo + y)))
				x++, y++;
			v[off + k] = (int)x;
			if (x >= n && y >= m)
				break;
		}
		seen[d] = memcpy(mem((size_t)(2 * d + 3) * sizeof(*v)),
		    v + off - d - 1, (size_t)(2 * d + 3) * sizeof(*v));
		if (x >= n && y >= m)
			break;
	}
	if (d > max)
		return -1;
	for (; d > 0; d--) {
		const int *w = seen[d - 1] + d;	/* w[k], k from -d to d */

		k = x - y;
		k = k == -d || (k != d && w[k - 1] < w[k + 1]) ? k + 1 : k - 1;
		if (k > x - y)
			come[lo + w[k] - k] = 1;
		else
			gone[lo + w[k]] = 1;
		x = w[k];
		y = x - k;
	}
	return 0;
}

/* The line that git shows behind "@@". */
static struct str
section(const struct lines *a, size_t at)
{
	while (at-- > 0)
		if (a->v[at].n > 0 && (isalpha((unsigned char)a->v[at].p[0]) ||
		    a->v[at].p[0] == '_' || a->v[at].p[0] == '$'))
			return (struct str){ a->v[at].p, a->v[at].n < 80 ?
			    a->v[at].n : 80 };
	return (struct str){ "", 0 };
}

struct walk {			/* over both files */
	const struct lines *a, *b;
	const char *gone, *come;
	struct line *pool;	/* where hunks get their lines */
	size_t i, j;
};

static void
add_line(struct hunk *h, char kind, const struct lines *l, size_t at)
{
	struct line n = line_new(kind, l->v[at]);

	n.no_eol = (char)(l->no_eol && at + 1 == l->n);
	h->v[h->n++] = n;
}

/* One hunk, from where the next change is. */
static void
hunk_make(struct walk *w, struct hunk *h, size_t context)
{
	size_t up = w->i < context ? w->i : context, quiet = 0;

	*h = (struct hunk){ .old_at = w->i - up, .new_at = w->j - up };
	h->v = w->pool;
	h->section = section(w->a, h->old_at);
	for (size_t k = w->i - up; k < w->i; k++)
		add_line(h, ' ', w->a, k);
	while (quiet <= 2 * context) {
		if (w->i < w->a->n && w->gone[w->i]) {
			add_line(h, '-', w->a, w->i++);
			quiet = 0;
		} else if (w->j < w->b->n && w->come[w->j]) {
			add_line(h, '+', w->b, w->j++);
			quiet = 0;
		} else if (w->i < w->a->n && w->j < w->b->n) {
			add_line(h, ' ', w->a, w->i++);
			w->j++;
			quiet++;
		} else {
			break;
		}
	}
	/* What follows the last change beyond its context goes back. */
	if (quiet > context) {
		h->n -= quiet - context;
		w->i -= quiet - context;
		w->j -= quiet - context;
	}
	h->old_n = w->i - h->old_at;
	h->new_n = w->j - h->new_at;
	w->pool += h->n;
}

/* The hunks between a file's old and new content.  0, or -1: too big. */
int
change_make(struct change *c, struct file *f, int context)
{
	struct lines a = lines(f->old), b = lines(f->new);
	struct walk w = { .a = &a, .b = &b };
	char *gone = mem(a.n + 2), *come = mem(b.n + 2);

	*c = (struct change){ .f = f, .old = a,
	    .memo = mem(sizeof(*c->memo)) };
	c->v = mem(HUNKS_MAX * sizeof(*c->v));
	if (myers(&a, &b, gone, come) == -1)
		return -1;
	w.pool = mem((a.n + b.n + 1) * sizeof(*w.pool));
	w.gone = gone;
	w.come = come;
	while (w.i < a.n || w.j < b.n) {
		if ((w.i < a.n && gone[w.i]) || (w.j < b.n && come[w.j])) {
			if (c->n == HUNKS_MAX)
				return -1;
			hunk_make(&w, &c->v[c->n++], (size_t)context);
		} else {
			w.i++;
			w.j++;
		}
	}
	return 0;
}

int
changes_make(struct make *m)
{
	size_t sum = 0;

	m->c = mem(m->nf * sizeof(*m->c));
	for (size_t i = 0; i < m->nf; i++) {
		if (change_make(&m->c[i], &m->f[i], m->context) == -1)
			return 0;
		for (size_t k = 0; k < m->c[i].n; k++)
			sum += m->c[i].v[k].n;
	}
	return sum < 600;
}

/* The old file with one hunk's new lines in place of old_n lines at. */
struct str
hunk_apply(const struct change *c, const struct hunk *h, size_t at)
{
	struct lines l = c->old;

	l.v = mem((c->old.n + h->n + 1) * sizeof(*l.v));
	l.n = 0;
	for (size_t i = 0; i < at; i++)
		l.v[l.n++] = c->old.v[i];
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '-')
			l.v[l.n++] = h->v[i].s;
	for (size_t i = at + h->old_n; i < c->old.n; i++)
		l.v[l.n++] = c->old.v[i];
	return join(&l);
}

/* Does this context line stand beside a run of '+' lines without a '-'? */
int
pure_insert_beside(const struct hunk *h, size_t at)
{
	int minus = 0, plus = 0;

	for (size_t i = at; i-- > 0 && h->v[i].kind != ' ';) {
		minus |= h->v[i].kind == '-';
		plus = 1;
	}
	if (plus && !minus)
		return 1;
	minus = plus = 0;
	for (size_t i = at + 1; i < h->n && h->v[i].kind != ' '; i++) {
		minus |= h->v[i].kind == '-';
		plus = 1;
	}
	return plus && !minus;
}
