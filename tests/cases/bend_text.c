/* SPDX-License-Identifier: ISC */
/*
 * Steps on the text of lines: tabs, typography, entities.  Where new lines
 * are changed too, the old ones of the same hunk must show how, so that
 * nothing is lost.
 */
#include <ctype.h>
#include <string.h>

#include "cases.h"

struct way {			/* of writing lines otherwise */
	struct str (*line)(struct str s, int width);
	int width;
	int news;		/* new lines too */
	int (*refuse)(struct str s, int is_new);	/* cannot be undone */
	char front;		/* shows the way only where it stands first */
};

static int
hunk_text(const struct way *w, struct hunk *h)
{
	int old = 0, new = 0;

	for (size_t i = 0; i < h->n; i++)
		if (w->refuse != NULL && w->refuse(h->v[i].s,
		    h->v[i].kind == '+'))
			return -1;
	for (size_t i = 0; i < h->n; i++) {
		struct line *l = &h->v[i];
		struct str s;

		if (l->kind == '+' && !w->news)
			continue;
		s = w->line(l->s, w->width);
		if (!same(s, l->s)) {
			old |= l->kind != '+' && (w->front == '\0' ||
			    (l->s.p[0] == w->front && loose(s).n > 0));
			new |= l->kind == '+';
		}
		l->s = s;
	}
	return new && !old ? -1 : old;
}

static int
text(struct make *m, const struct way *w)
{
	int done = 0;

	if (!may_bend(m, 6))
		return 0;
	for (size_t i = 0; i < m->nf; i++) {
		if (m->f[i].old_mode == 0 || m->f[i].mode == 0)
			return m->fatal = 1, 0;
		for (size_t k = 0; k < m->c[i].n; k++) {
			int r = hunk_text(w, &m->c[i].v[k]);

			if (r == -1)
				return m->fatal = 1, 0;
			done |= r;
		}
	}
	return done;
}

static size_t
blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

static struct str
expand(struct str s, int width)
{
	struct out o = { 0 };
	size_t column = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\t') {
			put(&o, s.p + i, 1);
			column += ((unsigned char)s.p[i] & 0xc0) != 0x80;
			continue;
		}
		do {
			puts_(&o, " ");
		} while (++column % (size_t)width != 0);
	}
	return out_str(&o);
}

/* New lines may have tabs only, and only in front. */
static int
inner_tab(struct str s, int is_new)
{
	size_t n = blanks(s);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\t' && i >= n && is_new)
			return 1;
		if (s.p[i] == ' ' && i < n)
			return 1;
	}
	return 0;
}

int
to_spaces2(struct make *m)
{
	return text(m, &(struct way){ expand, 2, 1, inner_tab, '\t' });
}

int
to_spaces4(struct make *m)
{
	return text(m, &(struct way){ expand, 4, 1, inner_tab, '\t' });
}

int
to_spaces8(struct make *m)
{
	return text(m, &(struct way){ expand, 8, 1, inner_tab, '\t' });
}

static struct str
unexpand(struct str s, int width)
{
	size_t n = blanks(s);
	struct out o = { 0 };

	for (size_t i = 0; i < n / (size_t)width; i++)
		puts_(&o, "\t");
	put(&o, s.p + n - n % (size_t)width, s.n - (n - n % (size_t)width));
	return out_str(&o);
}

static int
any_tab(struct str s, int is_new)
{
	(void)is_new;
	return has(s, "\t") || blanks(s) % 4 != 0;
}

int
to_tabs(struct make *m)
{
	return text(m, &(struct way){ unexpand, 4, 1, any_tab, ' ' });
}

static struct str
quotes(struct str s, int width)
{
	struct out o = { 0 };
	int open = 0;

	(void)width;
	for (size_t i = 0; i < s.n; i++) {
		int left = i == 0 || strchr(" \t([{=,:", s.p[i - 1]) != NULL;

		if (s.p[i] == '"') {
			puts_(&o, open ? "”" : "“");
			open = !open;
		} else if (s.p[i] == '\'') {
			puts_(&o, left ? "‘" : "’");
		} else {
			put(&o, s.p + i, 1);
		}
	}
	return out_str(&o);
}

static int
typographic(struct str s, int is_new)
{
	(void)is_new;
	return has(s, "\xe2\x80") || has(s, "\xc2\xa0");
}

int
quotes_old(struct make *m)
{
	return text(m, &(struct way){ quotes, 0, 0, typographic, 0 });
}

int
quotes_all(struct make *m)
{
	return text(m, &(struct way){ quotes, 0, 1, typographic, 0 });
}

static struct str
dashes(struct str s, int width)
{
	(void)width;
	return replace(replace(s, "--", "—"), " - ", " – ");
}

int
dashes_old(struct make *m)
{
	return text(m, &(struct way){ dashes, 0, 0, typographic, 0 });
}

static struct str
nbsp(struct str s, int width)
{
	(void)width;
	return replace(s, " ", "\xc2\xa0");
}

int
nbsp_old(struct make *m)
{
	return text(m, &(struct way){ nbsp, 0, 0, typographic, 0 });
}

int
nbsp_all(struct make *m)
{
	return text(m, &(struct way){ nbsp, 0, 1, typographic, 0 });
}

static struct str
html(struct str s, int width)
{
	(void)width;
	s = replace(replace(s, "&", "&amp;"), "<", "&lt;");
	return replace(replace(s, ">", "&gt;"), "\"", "&quot;");
}

static int
entity(struct str s, int is_new)
{
	(void)is_new;
	return has(s, "&lt;") || has(s, "&gt;") || has(s, "&amp;") ||
	    has(s, "&quot;") || has(s, "&#");
}

int
html_all(struct make *m)
{
	return text(m, &(struct way){ html, 0, 1, entity, 0 });
}
