/* SPDX-License-Identifier: ISC */
/*
 * Hostile replies, second part: edits that are cut off, ambiguous, stale,
 * or leave the file worse than it was.
 */
#include <ctype.h>
#include <string.h>

#include "cases.h"

/* The modified file and its hunks, each unique.  0: no. */
static int
begin(struct make *m)
{
	if (!one(m) || !cut(m) || !tame(m->f) || !plain_text(m) ||
	    m->c[0].n == 0)
		return 0;
	for (size_t i = 0; i < m->c[0].n; i++)
		if (!decidable(&m->c[0], &m->c[0].v[i], 1) ||
		    m->c[0].v[i].old_n == 0)
			return 0;
	return 1;
}

static int
end(struct make *m)
{
	return hostile_end(m);
}

/* Shown in one form, and cut between what a and b mark in its end. */
static int
cut_off(struct make *m, enum form form, const char *a, const char *b,
    size_t at_least)
{
	size_t from, to;
	const char *p;

	if (!begin(m))
		return 0;
	m->form = form;
	prose(m, 0, m->f->path);
	for (size_t i = 0; form == BLOCK && i < m->c[0].n; i++)
		for (size_t k = 0; k < m->c[0].v[i].n; k++)
			if (starts(m->c[0].v[i].v[k].s, "===="))
				return 0;
	show_form(m, form, &m->c[0]);
	/* The last a, and the b behind it. */
	for (p = NULL, from = 0; from + strlen(a) < m->o.n; from++)
		if (strncmp(m->o.p + from, a, strlen(a)) == 0)
			p = m->o.p + from;
	if (p == NULL)
		return 0;
	from = (size_t)(p - m->o.p) + strlen(a);
	p = strstr(m->o.p + from, b);
	if (p == NULL)
		return 0;
	to = (size_t)(p - m->o.p);
	if (to - from < at_least + 2)
		return 0;
	m->o.n = from + at_least + upto(m, to - from - at_least);
	return end(m);
}

/* Within the body of the last hunk: some of its lines are missing. */
int
h_cut_diff(struct make *m)
{
	return cut_off(m, DIFF, "\n@@ ", "\n```\n", 24);
}

int
h_cut_unfenced(struct make *m)
{
	const struct hunk *h;
	size_t plus, total = 0, keep;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[m->c[0].n - 1];
	for (plus = h->n; plus > 0 && h->v[plus - 1].kind == ' ';)
		plus--;
	/* Cut at the last line that changes, or before it. */
	for (size_t i = plus - 1; i < h->n; i++)
		total += h->v[i].s.n + 2;
	m->fence = '\0';
	show_form(m, DIFF, &m->c[0]);
	keep = m->o.n - 1;
	if (keep < total + 2)
		return 0;
	m->o.n = keep - total + upto(m, h->v[plus - 1].s.n + 1);
	return end(m);
}

int
h_cut_search(struct make *m)
{
	return cut_off(m, BLOCK, "<<<<<<< SEARCH\n", "=======\n", 0);
}

int
h_cut_replace(struct make *m)
{
	return cut_off(m, BLOCK, "=======\n", ">>>>>>> REPLACE", 0);
}

int
h_cut_codex(struct make *m)
{
	return cut_off(m, CODEX, "*** Update File: ", "*** End Patch", 0);
}

int
h_cut_whole(struct make *m)
{
	m->path_inside = 1;
	return cut_off(m, WHOLE, "\n```text ", "\n```\n", 8);
}

/* The first file is whole, the second is cut. */
int
h_cut_second(struct make *m)
{
	enum form form = (enum form)(DIFF + upto(m, 3));
	struct out before;
	size_t at;

	if (!begin(m))
		return 0;
	show_form(m, form, &m->c[0]);
	before = m->o;
	show_new(m, form, "fresh.txt", "one line\nanother line\na third one\n"
	    "and the last\n");
	at = (size_t)(strstr(m->o.p + before.n, "one line") - m->o.p);
	m->o.n = at + upto(m, 30);
	return end(m);
}

/* Another text in the new lines of a hunk. */
static int
otherwise(struct hunk *h)
{
	struct line *v = mem((h->n + 1) * sizeof(*v));
	int done = 0;

	memcpy(v, h->v, h->n * sizeof(*v));
	h->v = v;
	for (size_t i = 0; i < h->n; i++)
		if (v[i].kind == '+' && loose(v[i].s).n >= 4) {
			v[i].s = strf("%.*s_second", (int)v[i].s.n, v[i].s.p);
			done = 1;
		}
	return done;
}

int
h_alternatives(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };
	enum form form = forms[upto(m, 3)];

	if (!begin(m) || m->c[0].n != 1)
		return 0;
	puts_(&m->o, "**Option A**\n\n");
	show_form(m, form, &m->c[0]);
	puts_(&m->o, "**Option B**, if you prefer:\n\n");
	if (!otherwise(&m->c[0].v[0]))
		return 0;
	show_form(m, form, &m->c[0]);
	return end(m);
}

/* Two places fit, and nothing says which. */
int
h_ambiguous(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };

	if (!twins(m) || !cut(m) || m->c[0].n != 1 || !plain_text(m) ||
	    !tame(m->f))
		return 0;
	m->head = upto(m, 2) ? HEAD_DOTS : HEAD_EMPTY;
	prose(m, 0, m->f->path);
	show_form(m, forms[upto(m, 3)], &m->c[0]);
	return end(m);
}

static struct str
another(struct make *m, struct str s)
{
	static const char *const words[] = { "quorum", "vanilla", "octopus" };
	struct out o = { 0 };
	size_t i = 0;
	int done = 0;

	while (i < s.n) {
		size_t k = i;

		while (k < s.n && (isalnum((unsigned char)s.p[k]) ||
		    s.p[k] == '_'))
			k++;
		if (k - i >= 3 && !done) {
			puts_(&o, words[upto(m, 3)]);
			done = 1;
		} else {
			put(&o, s.p + i, k > i ? k - i : 1);
		}
		i = k > i ? k : i + 1;
	}
	return out_str(&o);
}

/* A removed line that the file does not have. */
int
h_minus(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };
	struct hunk *h;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[upto(m, m->c[0].n)];
	for (size_t i = 0; i < h->n; i++) {
		struct str s = another(m, h->v[i].s);

		if (h->v[i].kind != '-' || same(loose(s), loose(h->v[i].s)) ||
		    has(m->f->old, s.p) || has(m->f->new, s.p))
			continue;
		h->v[i].s = s;
		prose(m, 0, m->f->path);
		show_form(m, forms[upto(m, 3)], &m->c[0]);
		return end(m);
	}
	return 0;
}

/* The file has moved on: every line that the hunk removes reads otherwise. */
int
h_stale(struct make *m)
{
	static const enum form forms[] = { DIFF, BLOCK, CODEX };
	struct hunk *h;
	struct lines l;
	size_t at, done = 0;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[upto(m, m->c[0].n)];
	l = lines(m->f->old);
	at = h->old_at;
	for (size_t i = 0; i < h->n; i++) {
		struct str s = another(m, h->v[i].s);

		if (h->v[i].kind == '-' && !same(loose(s),
		    loose(h->v[i].s))) {
			l.v[at] = s;
			done++;
		}
		at += h->v[i].kind != '+';
	}
	if (done == 0)
		return 0;
	prose(m, 0, m->f->path);
	show_form(m, forms[upto(m, 3)], &m->c[0]);
	m->f->old = join(&l);
	return end(m);
}

/* It fits, but another file than the one it names. */
int
h_other_file(struct make *m)
{
	struct file *f;
	const char *path = "unrelated.txt";

	if (!begin(m))
		return 0;
	f = m->f;
	m->f[1] = (struct file){ path, path, 0100644, 0100644,
	    str("nothing\nof\nthis\nis like\nthe other file\n"), { 0 } };
	m->f[1].new = m->f[1].old;
	f->path = f->new_path = path;
	prose(m, 0, path);
	show_form(m, DIFF, &m->c[0]);
	f->path = f->new_path = "elsewhere.txt";
	m->nf = 2;
	return end(m);
}

int
h_delete_other(struct make *m)
{
	struct hunk *h;

	if (!deleted(m) || !cut(m) || !plain_text(m))
		return 0;
	h = &m->c[0].v[0];
	for (size_t i = 0; i < h->n; i++) {
		struct str s = another(m, h->v[i].s);

		if (same(loose(s), loose(h->v[i].s)))
			continue;
		h->v[i].s = s;
		prose(m, 0, m->f->path);
		show_form(m, DIFF, &m->c[0]);
		return end(m);
	}
	return 0;
}

int
h_binary(struct make *m)
{
	if (!begin(m))
		return 0;
	if (upto(m, 2))
		show_form(m, DIFF, &m->c[0]);
	puts_(&m->o, "```diff\ndiff --git a/logo.png b/logo.png\n"
	    "new file mode 100644\nindex 0000000..1a2b3c4\n");
	puts_(&m->o, upto(m, 2) ? "Binary files /dev/null and b/logo.png "
	    "differ\n```\n" : "GIT binary patch\nliteral 11\n"
	    "ScmZQzU|?imU|?ckU|?nd00IC3\n\nliteral 0\nHcmV?d00001\n\n```\n");
	return end(m);
}

/* Hunks that name no file, and a reply without any edit. */
int
h_no_file(struct make *m)
{
	if (!begin(m))
		return 0;
	prose(m, 0, "it");
	seg_open(m, "diff");
	show_hunk(m, &m->c[0], &m->c[0].v[0]);
	seg_close(m);
	return end(m);
}

int
h_none(struct make *m)
{
	struct hunk *h;

	if (!begin(m))
		return 0;
	h = &m->c[0].v[0];
	prose(m, 0, "it");
	seg_open(m, "");
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '-')
			seg_line(m, 0, h->v[i].s);
	seg_close(m);
	prose(m, 2, "");
	return end(m);
}
