/* SPDX-License-Identifier: ISC */
/* Steps that set how the reply is written. */
#include "cases.h"

#define SET(name, what) \
int \
name(struct make *m) \
{ \
	what; \
	return 1; \
}

static void
at_least(struct make *m, size_t margin)
{
	if (m->margin_need < margin)
		m->margin_need = margin;
}

SET(tilde, m->fence = '~')
SET(four, m->fence_len = 4)
SET(unfenced, m->fence = '\0')
SET(listed, m->margin = upto(m, 2) ? "   " : "    ")
SET(cited, m->margin = "> ")
SET(info_patch, m->info = "patch")
SET(info_none, m->info = "")
SET(info_path, m->info = "diff title=\"changes.diff\"")
SET(one_fence, m->one_fence = 1)
SET(plain_names, m->names = NAMES_PLAIN)
SET(bare_names, m->names = NAMES_BARE)
SET(dot_names, m->names = NAMES_DOT)
SET(time_names, m->names = NAMES_TIME)
SET(index_names, m->names = NAMES_INDEX)
SET(svn_names, m->names = NAMES_SVN)
SET(wrong_numbers, m->head = HEAD_WRONG; at_least(m, 1))
SET(wrong_counts, m->head = HEAD_COUNTS)
SET(dots, m->head = HEAD_DOTS; at_least(m, 1))
SET(empty_head, m->head = HEAD_EMPTY; at_least(m, 1))
SET(short_head, m->head = HEAD_SHORT)
SET(near_numbers, m->head = HEAD_NEAR)
SET(section_head, m->head = HEAD_SECTION)
SET(huge_numbers, m->head = HEAD_HUGE; at_least(m, 1))
SET(crlf_reply, m->crlf = 1)
SET(no_marker, m->no_marker = 1)
SET(mailed, m->mail = 1)
SET(inside, m->path_inside = 1)
SET(dressed, m->path_dress = 1)
SET(anchored, m->anchors = 1)
SET(noisy, m->noise = 1)
SET(section_anchor, m->anchors = 3)
SET(broken_off, m->prefix = 1; at_least(m, 1))
SET(alone, m->no_prose = 1)
SET(unique, at_least(m, 1))

/* Only what stands in the file has numbers that could be copied. */
static int
numbered(struct make *m, int how)
{
	m->numbered = how;
	for (size_t i = 0; i < m->nf; i++)
		if (m->f[i].old_mode == 0)
			return 0;
	return 1;
}

int
bar_numbers(struct make *m)
{
	return numbered(m, 1);
}

int
colon_numbers(struct make *m)
{
	return numbered(m, 2);
}

int
name_head(struct make *m)
{
	m->head = HEAD_NAME;
	at_least(m, 1);
	for (size_t i = 0; i < m->nf; i++)
		for (size_t k = 0; k < m->c[i].n; k++)
			if (m->c[i].v[k].section.n < 4)
				return 0;
	return 1;
}

int
bare_blanks(struct make *m)
{
	m->bare_blank = 1;
	for (size_t i = 0; i < m->nf; i++)
		for (size_t k = 0; k < m->c[i].n; k++)
			for (size_t j = 1; j + 1 < m->c[i].v[k].n; j++)
				if (m->c[i].v[k].v[j].kind == ' ' &&
				    m->c[i].v[k].v[j].s.n == 0)
					return 1;
	return 0;
}

static int
two_hunks(const struct make *m)
{
	for (size_t i = 0; i < m->nf; i++)
		if (m->c[i].n >= 2)
			return 1;
	return 0;
}

int
fence_each(struct make *m)
{
	m->fence_hunks = 1;
	return two_hunks(m);
}

int
inherited(struct make *m)
{
	m->inherit = m->fence_hunks = 1;
	return two_hunks(m);
}

int
backwards(struct make *m)
{
	m->backwards = 1;
	at_least(m, 1);
	return two_hunks(m);
}

int
several(struct make *m)
{
	return two_hunks(m);
}

/* The last hunk reaches the end of its file, and the reply says so. */
int
at_eof(struct make *m)
{
	m->anchors = 2;
	for (size_t i = 0; i < m->nf; i++) {
		const struct change *c = &m->c[i];
		const struct hunk *h = &c->v[c->n - 1];

		if (c->n > 0 && h->old_at + h->old_n == c->old.n)
			return 1;
	}
	return 0;
}

/* The whole reply's change is there already. */
int
done_before(struct make *m)
{
	m->want = ALREADY;
	at_least(m, 1);
	for (size_t i = 0; i < m->nf; i++) {
		struct change *c = &m->c[i], now = *c;

		now.old = lines(c->f->new);
		now.memo = mem(sizeof(*now.memo));
		if (c->f->old_mode == 0 || c->f->mode == 0)
			return 0;
		for (size_t k = 0; k < c->n; k++) {
			struct hunk h = c->v[k], old = { 0 };
			size_t plus = 0;

			/* The new lines as old ones: they must be unique. */
			old.v = mem(h.n * sizeof(*old.v));
			for (size_t j = 0; j < h.n; j++) {
				struct str s = h.v[j].s;

				plus += h.v[j].kind == '+' && loose(s).n > 3;
				if (h.v[j].kind != '-')
					old.v[old.n++] = line_new(' ', s);
			}
			old.old_at = h.new_at;
			old.old_n = h.new_n;
			if (plus == 0 || !decidable(&now, &old, 1))
				return 0;
			/* The old lines must not stand there as well. */
			if (stands(&now, &h))
				return 0;
		}
	}
	return 1;
}
