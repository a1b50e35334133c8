/* SPDX-License-Identifier: ISC */
/* One hunk of a unified diff: where it ends, and what its lines are. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"

#define starts raid_edits_starts

static int
is_empty(struct raid_line l)
{
	return l.len == 0 || (l.len == 1 && l.p[0] == '\r');
}

/* "- item": a list of Markdown, unless changed lines look so before it. */
static int
is_item(struct raid_line l)
{
	return l.len > 2 && l.p[0] == '-' && l.p[1] == ' ' && l.p[2] != ' ';
}

/* "-- ", which ends a mail of git format-patch. */
static int
is_signature(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i), next;

	if (l.len != 3 || !starts(l, "-- "))
		return 0;
	next = raid_edits_text(v, i + 1);
	return next.len == 0 || (next.p[0] >= '0' && next.p[0] <= '9');
}

/* The counts are satisfied before line i: may the hunk be over? */
static int
over_at(const struct raid_edits_span *sp, size_t i)
{
	const struct raid_edits_view *v = &sp->v;
	struct raid_line l = raid_edits_text(v, i);
	size_t first = i;

	for (; i < v->to && is_empty(l); l = raid_edits_text(v, i))
		i++;
	(void)raid_edits_spend(v->s, i - first);
	if (i >= v->to || raid_edits_file_begins(v, i) || is_signature(v, i))
		return 1;
	if (sp->fenced)
		return memchr("+- ", l.p[0], 3) == NULL;
	return l.p[0] == ' ' ? i > first : l.p[0] != '+' &&
	    (l.p[0] != '-' || (l.len == 3 && starts(l, "---")) ||
	    (i > first && is_item(l)));
}

/* Read as many lines as the counts say: where they end, or 0 when the counts
 * cannot be right. */
static size_t
by_counts(const struct raid_edits_span *sp, size_t i,
    struct raid_edits_counts c)
{
	const struct raid_edits_view *v = &sp->v;

	for (; c.old_n < c.old_want || c.new_n < c.new_want; i++) {
		struct raid_line l = raid_edits_text(v, i);
		unsigned char kind = is_empty(l) ? ' ' : l.p[0];

		if (i >= v->to || memchr(" +-\\", kind, 4) == NULL ||
		    (!sp->clean && kind == '-' &&
		    raid_edits_file_begins(v, i)))
			return 0;
		c.old_n += kind == ' ' || kind == '-';
		c.new_n += kind == ' ' || kind == '+';
	}
	while (i < v->to && starts(raid_edits_text(v, i), "\\ "))
		i++;
	if (c.old_n != c.old_want || c.new_n != c.new_want)
		return 0;
	return sp->clean || over_at(sp, i) ? i : 0;
}

/* Did a changed line before line i look like an item of a list? */
static int
has_items(const struct raid_edits_view *v, size_t from, size_t i)
{
	for (; from < i; from++)
		if (is_item(raid_edits_text(v, from)))
			return 1;
	return 0;
}

/* Where the hunk ends when only the shape of its lines tells. */
static void
by_shape(const struct raid_edits_span *sp, struct raid_edits_body *b)
{
	const struct raid_edits_view *v = &sp->v;
	int blank = 0, items = -1;

	for (b->to = b->from; b->to < v->to; b->to++) {
		struct raid_line l = raid_edits_text(v, b->to);

		if (is_empty(l)) {
			blank = 1;
			continue;
		}
		if (raid_edits_is_hunk(l) || starts(l, "@@@") ||
		    raid_edits_file_begins(v, b->to) ||
		    is_signature(v, b->to))
			return;
		if (!sp->fenced && blank && is_item(l)) {
			if (items == -1)
				items = has_items(v, b->from, b->to);
			if (!items)
				return;
		}
		if (l.p[0] != ' ' && l.p[0] != '+' && l.p[0] != '-' &&
		    !raid_edits_is_no_eol(l)) {
			if (!sp->fenced)
				return;
			if (!b->naked)
				b->first_naked = b->to;
			b->naked = 1;
		}
		blank = 0;
	}
}

struct filler {
	struct raid_edit_hunk *h;
	size_t cap, soft;
	int strip_cr, literal, lost;
	struct raid_edits_counts *c;
};

static void
add_line(struct filler *f, struct raid_line l)
{
	unsigned char kind = ' ';
	int empty;

	if (l.len != 0 && l.p[l.len - 1] == '\n')
		l.len--;
	empty = is_empty(l);
	if (!empty && l.p[0] != '+' && l.p[0] != '-' &&
	    (f->literal ? l.p[0] == '\\' : raid_edits_is_no_eol(l))) {
		if (f->h->n != 0)
			f->h->v[f->h->n - 1].no_eol = 1;
		return;
	}
	if (!empty && memchr("+- ", l.p[0], 3) != NULL &&
	    (l.p[0] != ' ' || !f->lost)) {
		kind = l.p[0];
		l.p++;
		l.len--;
	}
	if (f->strip_cr && l.len != 0 && l.p[l.len - 1] == '\r')
		l.len--;
	f->h->v = raid_grow(f->h->v, &f->cap, f->h->n + 1,
	    sizeof(*f->h->v));
	f->h->v[f->h->n++] = (struct raid_edit_line){ .kind = kind, .p = l.p,
		.len = l.len };
	f->c->old_n += kind != '+';
	f->c->new_n += kind != '-';
	/* An empty line has lost its only blank, or it is padding. */
	f->soft = empty ? f->soft + 1 : 0;
}

/* Empty lines at the end belong to the hunk only if its counts say so. */
static void
drop_padding(struct filler *f)
{
	struct raid_edits_counts *c = f->c;
	size_t drop = f->soft;

	if (c->given && c->old_n >= c->old_want &&
	    c->old_n - c->old_want <= f->soft &&
	    c->old_n - c->old_want + c->new_want == c->new_n)
		drop = c->old_n - c->old_want;
	f->h->n -= drop;
	c->old_n -= drop;
	c->new_n -= drop;
}

static int
agrees(const struct raid_edits_counts *c)
{
	return c->given && c->old_n == c->old_want && c->new_n == c->new_want;
}

static void
fill(const struct raid_edits_span *sp, const struct raid_edits_body *b,
    struct filler *f)
{
	for (size_t i = b->from; i < b->to; i++)
		add_line(f, raid_edits_line(&sp->v, i));
	if (!sp->clean)
		drop_padding(f);
}

/* The hunk ends with the text, without a fence around: was it cut? */
static int
check_cut(const struct raid_edits_span *sp, const struct raid_edits_body *b,
    const struct filler *f)
{
	struct raid_edits_search *s = sp->v.s;
	const struct raid_edits_counts *c = f->c;

	if (sp->fenced || sp->clean || b->to != s->lines.n)
		return 0;
	if (s->p[s->len - 1] != '\n' && f->h->n != 0 &&
	    f->h->v[f->h->n - 1].kind != ' ')
		return raid_edits_cut(s->err, b->to, "this line");
	if (!sp->drifted && c->given && !agrees(c) &&
	    c->old_n <= c->old_want && c->new_n <= c->new_want)
		return raid_edits_cut(s->err, f->h->line, "this hunk");
	return 0;
}

/* The body of a hunk, of whose header c has the counts. */
static int
read_body(struct raid_edits_span *sp, struct raid_edit_hunk *h, size_t *at,
    struct raid_edits_counts *c, int strip_cr)
{
	struct raid_edits_body b = { .from = *at };
	struct filler f = { .h = h, .c = c, .strip_cr = strip_cr };

	if (c->given || sp->clean)
		b.to = by_counts(sp, *at, *c);
	f.literal = b.to != 0;
	if (b.to == 0 && sp->clean)
		return raid_edits_bad(sp->v.s->err, *at,
		    "the counts of the hunk are wrong");
	if (b.to == 0)
		by_shape(sp, &b);
	*at = b.to;
	fill(sp, &b, &f);
	b.agree = agrees(c);
	if (b.naked) {
		f.lost = raid_edits_naked(sp, &b);
		if (f.lost == -1)
			return -1;
		h->n = f.soft = c->old_n = c->new_n = 0;
		fill(sp, &b, &f);
	}
	h->counted = agrees(c);
	if (check_cut(sp, &b, &f) == -1)
		return -1;
	sp->drifted |= c->given && !h->counted;
	if (!sp->clean && !b.naked)
		raid_edits_unpad(h);
	raid_edits_number(h);
	return raid_edits_changes(h) ? 0 : raid_edits_refuse(sp->v.s->err,
	    h->line, "a hunk that changes nothing");
}

int
raid_edits_hunk(struct raid_edits_span *sp, size_t *at)
{
	const struct raid_edits_view *v = &sp->v;
	struct raid_line head = raid_edits_line(v, *at), l;
	struct raid_edit_hunk *h;
	struct raid_edits_counts c;
	size_t hint;

	h = raid_edits_add_hunk(v->s->e, *at + 1, v->s->err);
	if (h == NULL)
		return -1;
	/* "@@ class A" directly above "@@ def f": one hunk, two anchors. */
	for (;;) {
		l = raid_edits_text(v, *at);
		(void)raid_edits_hunk_counts(l, &hint, &c);
		raid_edits_hunk_head(h, l);
		++*at;
		if (sp->clean || c.given || *at >= v->to ||
		    starts(raid_edits_text(v, *at), "@@@") ||
		    !raid_edits_is_hunk(raid_edits_text(v, *at)))
			break;
	}
	return read_body(sp, h, at, &c, head.len > 1 &&
	    head.p[head.len - 1] == '\n' && head.p[head.len - 2] == '\r');
}

int
raid_edits_headless(struct raid_edits_span *sp)
{
	struct raid_edits_search *s = sp->v.s;
	struct raid_line head = s->lines.v[sp->v.from - 1];
	struct raid_edit *ed = raid_edits_add(s->e, sp->v.from + 1, s->err);
	struct raid_edit_hunk *h;
	struct raid_edits_counts c = { 0 };
	size_t at = sp->v.from;

	if (ed == NULL)
		return -1;
	ed->path = raid_strdup(sp->path);
	s->last = ed->path;
	h = raid_edits_add_hunk(s->e, at, s->err);
	if (h == NULL || read_body(sp, h, &at, &c, head.len > 1 &&
	    head.p[head.len - 2] == '\r') == -1)
		return -1;
	return at == sp->v.to ? 0 : raid_edits_bad(s->err, at + 1,
	    "a line of a hunk begins with ' ', '-' or '+'");
}
