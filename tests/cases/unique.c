/* SPDX-License-Identifier: ISC */
/*
 * May a person decide where a hunk belongs?  A judge of its own, which knows
 * nothing of how raid-patch places: lines are compared loosely, a hunk is
 * aligned with the file, and the true place must beat every other one.
 */
#include <ctype.h>
#include <string.h>

#include "cases.h"

/* The plain form of what typography and HTML make of a sign: its length. */
static size_t
fold(struct str s, size_t at, unsigned char *c)
{
	static const struct {
		const char *from;
		unsigned char to;
	} v[] = { { "\xc2\xa0", ' ' }, { "“", '\'' }, { "”", '\'' },
	    { "‘", '\'' }, { "’", '\'' }, { "–", '-' }, { "—", '-' },
	    { "--", '-' }, { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
	    { "&quot;", '\'' }, { "\"", '\'' }, { "`", '\'' } };

	if (strchr("\xc2\xe2-&\"`", s.p[at]) == NULL) {
		*c = (unsigned char)tolower((unsigned char)s.p[at]);
		return 1;
	}
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (starts((struct str){ s.p + at, s.n - at }, v[i].from)) {
			*c = v[i].to;
			return strlen(v[i].from);
		}
	*c = (unsigned char)tolower((unsigned char)s.p[at]);
	return 1;
}

/* Without blanks, quotes and dashes as one, in small letters. */
struct str
loose(struct str s)
{
	struct out o = { 0 };
	size_t step;

	for (size_t i = 0; i < s.n; i += step) {
		unsigned char c;

		step = fold(s, i, &c);
		if (c == ' ' || c == '\t' || c == '\r')
			continue;
		put(&o, &c, 1);
	}
	return out_str(&o);
}

/* What a line that fits is worth: a lone brace says little. */
static int
weight(struct str loose_line)
{
	size_t letters = 0;

	for (size_t i = 0; i < loose_line.n; i++)
		letters += isalnum((unsigned char)loose_line.p[i]) != 0;
	return letters >= 4 ? 4 : 1;
}

uint64_t
str_hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h ^ (h >> 31);
}

/* The old lines of a change, each as the hash of its loose form. */
const uint64_t *
loose_lines(const struct change *c)
{
	struct memo *k = c->memo;

	if (k->old == NULL) {
		k->old = mem((c->old.n + 1) * sizeof(*k->old));
		for (size_t i = 0; i < c->old.n; i++)
			k->old[i] = str_hash(loose(c->old.v[i]));
	}
	return k->old;
}

struct pattern {
	uint64_t *v;		/* old lines of the hunk, loose */
	int *weight;
	size_t n;
	const uint64_t *file;	/* lines of the file, loose */
	size_t file_n;
	size_t hole, hole_n;	/* the true place, blanked out */
};

static void
pattern(struct pattern *p, const struct hunk *h)
{
	*p = (struct pattern){ .v = mem((h->n + 1) * sizeof(*p->v)),
	    .weight = mem((h->n + 1) * sizeof(*p->weight)) };
	for (size_t i = 0; i < h->n; i++) {
		struct str s;

		if (h->v[i].kind == '+')
			continue;
		s = loose(h->v[i].s);
		p->weight[p->n] = weight(s);
		p->v[p->n++] = str_hash(s);
	}
}

/*
 * The best score of the pattern anywhere: a line that fits counts its
 * weight, one that is passed over on either side costs 1.
 */
static int
best(const struct pattern *p)
{
	int *row = mem((p->n + 1) * sizeof(*row)), top = 0;

	for (size_t j = 1; j <= p->n; j++)
		row[j] = -(int)j;
	for (size_t i = 0; i < p->file_n; i++) {
		int in = i >= p->hole && i < p->hole + p->hole_n;
		int diagonal = row[0];	/* a start costs nothing */

		for (size_t j = 1; j <= p->n; j++) {
			int up = row[j], v = diagonal - 2;

			if (!in && p->file[i] == p->v[j - 1])
				v = diagonal + p->weight[j - 1];
			if (up - 1 > v)
				v = up - 1;
			if (row[j - 1] - 1 > v)
				v = row[j - 1] - 1;
			diagonal = up;
			row[j] = v;
		}
		if (row[p->n] > top)
			top = row[p->n];
	}
	return top;
}

/* Do the old lines of a hunk stand anywhere in the file, one by one? */
int
stands(const struct change *c, const struct hunk *h)
{
	const uint64_t *file = loose_lines(c);
	struct pattern p;

	pattern(&p, h);
	for (size_t i = 0; i + p.n <= c->old.n; i++)
		if (memcmp(file + i, p.v, p.n * sizeof(*file)) == 0)
			return 1;
	return 0;
}

/*
 * Is the true place of the hunk better than any other by margin?  (4 is one
 * telling line.)  margin 0: no question asked.
 */
int
decidable(const struct change *c, const struct hunk *h, size_t margin)
{
	struct pattern p;
	int here, there;

	if (margin == 0)
		return 1;
	pattern(&p, h);
	if (p.n == 0)
		return c->old.n == 0;
	p.file = loose_lines(c);
	p.file_n = c->old.n;
	p.hole = h->old_at;
	p.hole_n = h->old_n > 0 ? h->old_n : 1;
	there = best(&p);
	/* The true place alone. */
	p.file += h->old_at;
	p.file_n = h->old_n;
	p.hole = p.hole_n = 0;
	here = best(&p);
	return here >= 4 && here >= there + (int)margin;
}

int
all_decidable(const struct make *m)
{
	for (size_t i = 0; i < m->nf; i++) {
		if (m->f[i].old_mode == 0 || m->f[i].mode == 0)
			continue;
		for (size_t k = 0; k < m->c[i].n; k++)
			if (!decidable(&m->c[i], &m->c[i].v[k],
			    m->margin_need))
				return 0;
	}
	return 1;
}

/* Are there old and new lines that differ by their blanks alone? */
static int
only_blanks(const struct hunk *h)
{
	uint64_t *v = mem((h->n + 1) * sizeof(*v));

	for (size_t i = 0; i < h->n; i++)
		v[i] = str_hash(loose(h->v[i].s));
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; h->v[i].kind == '-' && k < h->n; k++)
			if (h->v[k].kind == '+' && v[i] == v[k] &&
			    !same(h->v[i].s, h->v[k].s))
				return 1;
	return 0;
}

/*
 * A mistake is to be made in the hunks, so their places must stay clear by
 * margin.  Where a change is of blanks alone, nothing may be said of them.
 */
int
may_bend(struct make *m, size_t margin)
{
	if (m->margin_need < margin)
		m->margin_need = margin;
	for (size_t i = 0; i < m->nf; i++)
		for (size_t k = 0; k < m->c[i].n; k++)
			if (only_blanks(&m->c[i].v[k]))
				return m->fatal = 1, 0;
	return 1;
}

static size_t
count(struct str s, const char *what)
{
	size_t n = 0, w = strlen(what);
	const char *p = s.p, *end = s.p + s.n;

	while (s.n > 0 && (p = memmem(p, (size_t)(end - p), what, w)) != NULL) {
		n++;
		p += w;
	}
	return n;
}

/*
 * A change that no rule on degradation has a say in: nothing much is lost,
 * brackets stay in balance, no test goes.
 */
int
tame(const struct file *f)
{
	static const char *const signs[] = { "{}", "()", "[]" };
	static const char *const bad[] = { "<<<<<<<", ">>>>>>>",
	    "existing code", "rest of", "[raid", "\n...", "# ...", "// ...", "remains the same",
	    "unchanged", "omitted" };

	if (f->old_mode == 0 || f->mode == 0)
		return 1;
	if (f->new.n < f->old.n * 6 / 10 ||
	    count(f->new, "test") < count(f->old, "test") ||
	    count(f->new, "Test") < count(f->old, "Test"))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		char a[2] = { signs[i][0] }, b[2] = { signs[i][1] };

		if (count(f->old, a) + count(f->new, b) !=
		    count(f->new, a) + count(f->old, b))
			return 0;
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (count(f->new, bad[i]) > count(f->old, bad[i]))
			return 0;
	return 1;
}

static int
utf8(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 :
		    c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;

		if (more > s.n - i - 1 || (c < 0x20 && c != '\t') || c == 0x7f)
			return 0;
		for (size_t k = 1; k <= more; k++)
			if ((s.p[i + k] & 0xc0) != 0x80)
				return 0;
		i += more + 1;
	}
	return 1;
}

static int
writable(struct str s)
{
	return utf8(s) && s.n <= 2000 && !has(s, "```") && !has(s, "~~~");
}

/* Can every line that is shown be written in a reply? */
int
plain_text(const struct make *m)
{
	for (size_t i = 0; i < m->nf; i++) {
		struct lines l = lines(m->f[i].new);

		if (m->form == WHOLE && m->fence_len == 3)
			for (size_t k = 0; k < l.n; k++)
				if (!writable(l.v[k]))
					return 0;
		for (size_t k = 0; m->form != WHOLE && k < m->c[i].n; k++)
			for (size_t j = 0; j < m->c[i].v[k].n; j++)
				if (!writable(m->c[i].v[k].v[j].s))
					return 0;
	}
	return 1;
}
