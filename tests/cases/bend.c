/* SPDX-License-Identifier: ISC */
/* Steps on hunks: context that is not as in the file. */
#include <ctype.h>
#include <string.h>

#include "cases.h"

#define HARD_MARGIN 6		/* more than one telling line */

/*
 * Do f to the hunks of modified files, to most of them.  Each call says
 * whether it could; it must be at least once.
 */
static int
each(struct make *m, int (*f)(struct make *m, struct change *c,
    struct hunk *h))
{
	size_t done = 0;

	if (!may_bend(m, HARD_MARGIN))
		return 0;
	for (size_t i = 0; i < m->nf; i++) {
		struct change *c = &m->c[i];

		if (c->f->old_mode == 0 || c->f->mode == 0)
			continue;
		for (size_t k = 0; k < c->n; k++)
			if (done == 0 || upto(m, 4) != 0)
				done += (size_t)f(m, c, &c->v[k]);
	}
	return done > 0;
}

static size_t
telling(const struct hunk *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += h->v[i].kind != '+' && loose(h->v[i].s).n >= 4;
	return n;
}

/*
 * A context line within the hunk, or SIZE_MAX.  One that parts two changes is
 * not taken: without it nobody knows on which side of it new lines belong.
 */
static size_t
inner(struct make *m, const struct hunk *h, int beside)
{
	size_t at = upto(m, h->n);

	if (telling(h) < 3)
		return SIZE_MAX;
	for (size_t i = 0; i < h->n; i++, at = (at + 1) % h->n)
		if (at > 0 && at + 1 < h->n && h->v[at].kind == ' ' &&
		    !h->v[at].bent && !h->v[at].no_eol &&
		    loose(h->v[at].s).n > 0 &&
		    (h->v[at - 1].kind == ' ' || h->v[at + 1].kind == ' ') &&
		    pure_insert_beside(h, at) == beside)
			return at;
	return SIZE_MAX;
}

static int
drop1(struct make *m, struct change *c, struct hunk *h)
{
	size_t at = inner(m, h, 0);

	(void)c;
	if (at == SIZE_MAX)
		return 0;
	hunk_drop(h, at);
	return 1;
}

int
drop(struct make *m)
{
	return each(m, drop1);
}

/* Beside new lines, either side of the dropped line may be meant. */
static int
drop_beside1(struct make *m, struct change *c, struct hunk *h)
{
	size_t at = inner(m, h, 1);

	(void)c;
	if (at == SIZE_MAX)
		return 0;
	hunk_drop(h, at);
	return 1;
}

int
drop_beside(struct make *m)
{
	m->want = PLACED_OR_REFUSED;
	return each(m, drop_beside1);
}

static int
in_file(const struct change *c, struct str s)
{
	const uint64_t *old = loose_lines(c);
	struct str a = loose(s);
	uint64_t h = str_hash(a);

	for (size_t i = 0; i < c->old.n; i++)
		if (old[i] == h)
			return 1;
	if (c->memo->new.n == 0)
		c->memo->new = loose(c->f->new);
	return c->memo->new.n > 0 && memmem(c->memo->new.p, c->memo->new.n,
	    a.p, a.n) != NULL;
}

static size_t
blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

static int
invent1(struct make *m, struct change *c, struct hunk *h)
{
	static const char *const lines_[] = { "# make sure that it is there",
	    "logger.debug(\"entering the block\")", "/* see the manual */",
	    "int unused_here = 0;", "// NOTE: checked by the caller",
	    "return default_result;", "check_arguments(argc, argv);" };
	size_t at = 1 + upto(m, h->n);
	struct str s, by;

	if (telling(h) < 3)
		return 0;
	/* Between two lines that are there, not before a removed run. */
	for (size_t i = 0; i < h->n; i++, at = at % h->n + 1)
		if (at < h->n && h->v[at].kind == ' ' &&
		    h->v[at - 1].kind == ' ' && h->v[at].s.n > 0)
			break;
	if (at >= h->n || h->v[at].kind != ' ' || h->v[at - 1].kind != ' ')
		return 0;
	by = h->v[at].s;
	s = strf("%.*s%s", (int)blanks(by), by.p, lines_[upto(m,
	    sizeof(lines_) / sizeof(*lines_))]);
	if (in_file(c, s))
		return 0;
	hunk_insert(h, at, line_new(' ', s));
	h->v[at].bent = 1;
	return 1;
}

int
invent(struct make *m)
{
	return each(m, invent1);
}

/* Another word, a remark, or less of it. */
static struct str
other_words(struct make *m, struct str s)
{
	static const char *const words[] = { "value", "entry", "current",
	    "input" };
	size_t n = blanks(s), from, to;
	int how = (int)upto(m, 3);

	if (how == 0)
		return strf("%.*s  # as before", (int)s.n, s.p);
	if (how == 1 && s.n > n + 16)
		return strf("%.*s", (int)(s.n - (s.n - n) / 4), s.p);
	for (from = n; from < s.n; from = to + 1) {
		for (to = from; to < s.n && (isalnum((unsigned char)s.p[to]) ||
		    s.p[to] == '_');)
			to++;
		if (to - from >= 4 && to - from <= (s.n - n) / 2)
			return strf("%.*s%s%.*s", (int)from, s.p,
			    words[upto(m, 4)], (int)(s.n - to), s.p + to);
	}
	return s;
}

static int
reword1(struct make *m, struct change *c, struct hunk *h)
{
	size_t at = upto(m, h->n);
	struct str s;

	if (telling(h) < 3)
		return 0;
	for (size_t i = 0; i < h->n; i++, at = (at + 1) % h->n) {
		struct line *l = &h->v[at];

		if (l->kind != ' ' || l->bent || l->no_eol ||
		    loose(l->s).n < 8 || pure_insert_beside(h, at))
			continue;
		s = other_words(m, l->s);
		if (same(loose(s), loose(l->s)) || in_file(c, s))
			continue;
		l->s = s;
		l->bent = 1;
		return 1;
	}
	return 0;
}

int
reword(struct make *m)
{
	return each(m, reword1);
}

/* Two hunks under one header, as if nothing were between them. */
int
merge(struct make *m)
{
	size_t done = 0;

	if (!may_bend(m, HARD_MARGIN) || !all_decidable(m))
		return 0;
	for (size_t i = 0; i < m->nf; i++) {
		struct change *c = &m->c[i];
		struct hunk *a = &c->v[0], *b = &c->v[1], h;

		/* Context on both sides of the seam. */
		if (c->n < 2 || a->v[a->n - 1].kind != ' ' ||
		    b->v[0].kind != ' ' || b->old_at - a->old_at > 60)
			continue;
		h = *a;
		h.old_n = b->old_at + b->old_n - a->old_at;
		h.new_n = b->new_at + b->new_n - a->new_at;
		for (size_t k = 0; k < b->n; k++)
			hunk_insert(&h, h.n, b->v[k]);
		c->v[0] = h;
		memmove(c->v + 1, c->v + 2, (c->n - 2) * sizeof(*c->v));
		c->n--;
		done++;
	}
	return done > 0;
}

/* By how many bytes all lines of the hunk may go to the left. */
static size_t
common_blanks(const struct hunk *h)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < h->n; i++) {
		size_t n = blanks(h->v[i].s);

		if (n < h->v[i].s.n && n < least)
			least = n;
	}
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < least && k < blanks(h->v[i].s); k++)
			if (h->v[i].s.p[k] != h->v[0].s.p[0])
				return 0;
	return least == SIZE_MAX ? 0 : least;
}

static int
shift_out1(struct make *m, struct change *c, struct hunk *h)
{
	size_t n = common_blanks(h);

	(void)c;
	if (n == 0)
		return 0;
	if (n > 4 && upto(m, 2))
		n = 4;
	for (size_t i = 0; i < h->n; i++) {
		struct str *s = &h->v[i].s;

		if (blanks(*s) < s->n) {
			s->p += n;
			s->n -= n;
		} else if (s->n > 0) {
			return m->fatal = 1, 0;
		}
	}
	return 1;
}

int
shift_out(struct make *m)
{
	return each(m, shift_out1);
}

static int
shift_in1(struct make *m, struct change *c, struct hunk *h)
{
	int tabs = 0, spaces = 0;

	(void)c;
	for (size_t i = 0; i < h->n; i++) {
		tabs += h->v[i].s.n > 0 && h->v[i].s.p[0] == '\t';
		spaces += h->v[i].s.n > 0 && h->v[i].s.p[0] == ' ';
	}
	if ((tabs > 0) == (spaces > 0))
		return 0;
	spaces = tabs > 0 ? 1 : 2 * (1 + (int)upto(m, 2));
	for (size_t i = 0; i < h->n; i++) {
		struct str *s = &h->v[i].s;

		if (s->n > 0 && blanks(*s) == s->n)
			return m->fatal = 1, 0;
		if (s->n > 0)
			*s = strf("%.*s%.*s", spaces, tabs > 0 ? "\t" : "    ",
			    (int)s->n, s->p);
	}
	return 1;
}

int
shift_in(struct make *m)
{
	return each(m, shift_in1);
}

/*
 * Does a line that goes now read as one that stays, which it was not?  In a
 * block, which has no marks, nobody can tell it from one that comes either.
 */
static int
mixed_up(enum form form, const struct hunk *was, const struct hunk *is)
{
	for (size_t i = 0; i < is->n; i++)
		for (size_t k = 0; (is->v[i].kind == '-' || (form == BLOCK &&
		    is->v[i].kind == '+')) && k < is->n; k++)
			if (is->v[k].kind == ' ' &&
			    same(is->v[i].s, is->v[k].s) &&
			    !same(was->v[i].s, was->v[k].s))
				return 1;
	return 0;
}

static int
blanks_lost1(struct make *m, struct change *c, struct hunk *h)
{
	struct hunk was = *h;
	int done = 0;

	(void)c;
	was.v = memcpy(mem(h->n * sizeof(*h->v)), h->v, h->n * sizeof(*h->v));
	for (size_t i = 0; i < h->n; i++) {
		struct str *s = &h->v[i].s;
		size_t n = s->n;

		while (n > 0 && (s->p[n - 1] == ' ' || s->p[n - 1] == '\t'))
			n--;
		if (n < s->n && h->v[i].kind == '+')
			return m->fatal = 1, 0;
		done |= n < s->n;
		s->n = n;
	}
	if (mixed_up(m->form, &was, h))
		return m->fatal = 1, 0;
	return done;
}

int
blanks_lost(struct make *m)
{
	return each(m, blanks_lost1);
}

static int
blanks_added1(struct make *m, struct change *c, struct hunk *h)
{
	int done = 0;

	(void)c;
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '+' && h->v[i].s.n > 0 && upto(m, 2)) {
			h->v[i].s = strf("%.*s%s", (int)h->v[i].s.n,
			    h->v[i].s.p, upto(m, 2) ? " " : "  ");
			done = 1;
		}
	return done;
}

int
blanks_added(struct make *m)
{
	return each(m, blanks_added1);
}

/* Two or three mistakes at once. */
int
combine(struct make *m)
{
	static int (*const v[])(struct make *m) = { drop, invent, reword,
	    wrong_numbers, dots, wrong_counts, blanks_added, crlf_reply,
	    plain_names, bare_names, listed, empty_head, drop, reword,
	    shift_in, quotes_old, to_spaces4, dashes_old, bare_blanks };
	size_t n = 2 + upto(m, 2), hard = 0, done = 0;
	int used[sizeof(v) / sizeof(*v)] = { 0 };

	for (int tries = 0; tries < 16 && done < n; tries++) {
		size_t i = upto(m, sizeof(v) / sizeof(*v));

		if (used[i])
			continue;
		used[i] = 1;
		if (v[i](m)) {
			done++;
			hard += v[i] == drop || v[i] == invent ||
			    v[i] == reword || v[i] == shift_in;
		}
		if (m->fatal)
			return 0;
	}
	return done >= 2 && hard > 0;
}
