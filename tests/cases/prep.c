/* SPDX-License-Identifier: ISC */
/* Steps before the hunks are cut: what the files are. */
#include <ctype.h>
#include <string.h>

#include "cases.h"

static int
modified(const struct file *f)
{
	return f->old_mode != 0 && f->mode != 0 && !same(f->old, f->new);
}

/* Only one file, which is modified. */
int
one(struct make *m)
{
	size_t n = m->nf, at = upto(m, n);

	for (size_t i = 0; i < n; i++) {
		struct file *f = &m->f[(at + i) % n];

		if (modified(f)) {
			m->f[0] = *f;
			m->nf = 1;
			return 1;
		}
	}
	return 0;
}

int
many(struct make *m)
{
	return m->nf >= 2;
}

int
crlf_file(struct make *m)
{
	for (size_t i = 0; i < m->nf; i++) {
		struct file *f = &m->f[i];

		if (!modified(f) || has(f->old, "\r") || has(f->new, "\r"))
			return 0;
		f->old = replace(f->old, "\n", "\r\n");
		f->new = replace(f->new, "\n", "\r\n");
	}
	return 1;
}

int
bom_file(struct make *m)
{
	for (size_t i = 0; i < m->nf; i++) {
		struct file *f = &m->f[i];

		if (!modified(f) || starts(f->old, "#!") ||
		    starts(f->old, "\xef\xbb\xbf"))
			return 0;
		f->old = strf("\xef\xbb\xbf%.*s", (int)f->old.n, f->old.p);
		f->new = strf("\xef\xbb\xbf%.*s", (int)f->new.n, f->new.p);
	}
	return 1;
}

/* A line far from what is changed, first or last. */
static int
far_line(struct make *m, const char *line)
{
	struct file *f = &m->f[0];
	struct change c;
	const struct hunk *h;

	if (!one(m) || change_make(&c, f, 3) == -1 || c.n == 0)
		return 0;
	h = &c.v[0];
	if (h->old_at > 8 && !starts(f->old, "#!")) {
		f->old = strf("%s%.*s", line, (int)f->old.n, f->old.p);
		f->new = strf("%s%.*s", line, (int)f->new.n, f->new.p);
		return 1;
	}
	h = &c.v[c.n - 1];
	if (h->old_at + h->old_n + 8 > c.old.n || c.old.no_eol)
		return 0;
	f->old = strf("%.*s%s", (int)f->old.n, f->old.p, line);
	f->new = strf("%.*s%s", (int)f->new.n, f->new.p, line);
	return 1;
}

/* In another encoding. */
int
latin1_file(struct make *m)
{
	return far_line(m, "/* Copyright (c) J\xf6rg Gr\xfc\xdf */\n");
}

/* With another line end. */
int
mixed_file(struct make *m)
{
	for (size_t i = 0; i < m->nf; i++)
		if (has(m->f[i].old, "\r") || has(m->f[i].new, "\r"))
			return 0;
	m->mixed = 1;
	return far_line(m, "/* edited elsewhere */\r\n");
}

/* What was empty gets its content. */
int
filled(struct make *m)
{
	if (!one(m) || lines(m->f->old).n > 200 || has(m->f->old, "\r") ||
	    m->f->old.n == 0)
		return 0;
	m->f->new = m->f->old;
	m->f->old = str("");
	return 1;
}

/* Without the newline at their ends. */
int
no_eol_file(struct make *m)
{
	if (!one(m) || m->f->old.n < 2 || m->f->new.n < 2 ||
	    m->f->old.p[m->f->old.n - 1] != '\n' ||
	    m->f->new.p[m->f->new.n - 1] != '\n')
		return 0;
	m->f->old.n--;
	m->f->new.n--;
	return m->f->old.p[m->f->old.n - 1] != '\n' &&
	    m->f->new.p[m->f->new.n - 1] != '\n';
}

static int
free_path(const struct make *m, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < m->pair->rest.n; i++)
		if (strncmp(m->pair->rest.v[i].path, path, n) == 0)
			return 0;
	for (size_t i = 0; i < m->pair->n; i++)
		if (strncmp(m->pair->v[i].path, path, n) == 0)
			return 0;
	return 1;
}

int
odd_name(struct make *m)
{
	static const char *const names[] = { "my notes/%s", "naïve/%s",
	    "данные/%s", "a+b (copy)/%s", "[draft]/%s", "x=1,y=2/%s",
	    "it's/%s", "-dash/%s", "日本/%s", "a  b/%s" };
	const char *base;

	if (!one(m))
		return 0;
	base = strrchr(m->f->path, '/');
	base = base != NULL ? base + 1 : m->f->path;
	m->f->path = m->f->new_path = replace(str(names[upto(m,
	    sizeof(names) / sizeof(*names))]), "%s", base).p;
	return free_path(m, m->f->path);
}

int
renamed(struct make *m)
{
	const char *dot;

	if (!one(m) || has(str(m->f->path), "test"))
		return 0;
	dot = strrchr(m->f->path, '.');
	if (dot == NULL || strchr(dot, '/') != NULL)
		m->f->new_path = upto(m, 2) ? strf("%s-new", m->f->path).p :
		    strf("moved/%s", m->f->path).p;
	else
		m->f->new_path = upto(m, 2) ? strf("%.*s_new%s",
		    (int)(dot - m->f->path), m->f->path, dot).p :
		    strf("moved/%s", m->f->path).p;
	return free_path(m, m->f->new_path) && free_path(m, "moved");
}

int
renamed_only(struct make *m)
{
	if (!renamed(m))
		return 0;
	m->f->new = m->f->old;
	return 1;
}

int
mode_changed(struct make *m)
{
	if (!one(m))
		return 0;
	m->f->mode = m->f->old_mode == 0100755 ? 0100644 : 0100755;
	if (upto(m, 3) == 0)
		m->f->new = m->f->old;
	return 1;
}

static int
gone_or_come(struct make *m)
{
	struct lines l;

	if (!one(m) || m->f->old.n == 0 || m->f->old.n > 12000 ||
	    has(str(m->f->path), "test") || has(m->f->old, "\r"))
		return 0;
	l = lines(m->f->old);
	return l.n > 0 && l.n < 250;
}

int
deleted(struct make *m)
{
	if (!gone_or_come(m))
		return 0;
	m->f->mode = 0;
	m->f->new = str("");
	return 1;
}

int
created(struct make *m)
{
	if (!gone_or_come(m))
		return 0;
	m->f->new = m->f->old;
	m->f->mode = m->f->old_mode;
	m->f->old_mode = 0;
	m->f->old = str("");
	return 1;
}

/* Blanks at the ends of lines that stay. */
int
trailing(struct make *m)
{
	struct change c;
	size_t done = 0, n;
	struct lines a;
	char *stays;

	if (!one(m) || change_make(&c, m->f, 3) == -1)
		return 0;
	a = c.old;
	n = a.n;
	stays = mem(n + 1);
	for (size_t i = 0; i < c.n; i++) {
		size_t at = c.v[i].old_at;

		for (size_t k = 0; k < c.v[i].n; k++) {
			char kind = c.v[i].v[k].kind;

			if (kind == ' ' && c.v[i].v[k].s.n > 0)
				stays[at] = upto(m, 2) != 0;
			at += kind != '+';
		}
	}
	for (size_t i = 0, j = 0; i < c.n; i++) {
		struct lines b = lines(m->f->new);

		(void)j;
		for (size_t k = 0, at = c.v[i].old_at, to = c.v[i].new_at;
		    k < c.v[i].n; k++) {
			char kind = c.v[i].v[k].kind;

			if (kind == ' ' && stays[at]) {
				a.v[at] = strf("%.*s%s", (int)a.v[at].n,
				    a.v[at].p, upto(m, 2) ? "  " : "\t");
				b.v[to] = a.v[at];
				done++;
			}
			at += kind != '+';
			to += kind != '-';
		}
		m->f->new = join(&b);
	}
	m->f->old = join(&a);
	return done > 0;
}

int context0(struct make *m) { m->context = 0; return 1; }
int context1(struct make *m) { m->context = 1; return 1; }
int context9(struct make *m) { m->context = 9; return 1; }

/* One hunk that stands at two places; which one is meant is not said yet. */
static int
twin(struct make *m, int second, int other_head)
{
	struct change c;
	const struct hunk *h;
	struct lines l;
	struct str *v;
	size_t from, to, n = 0, at;

	if (!one(m) || change_make(&c, m->f, 3) == -1 || c.n == 0)
		return 0;
	h = &c.v[upto(m, c.n)];
	l = c.old;
	if (l.no_eol || h->old_at < 4 || h->section.n < 6 || h->old_n < 4 ||
	    h->old_at + h->old_n + 4 > l.n)
		return 0;
	for (from = h->old_at; from > 0 && !(same((struct str){ l.v[from].p,
	    h->section.n }, h->section) && l.v[from].n >= h->section.n);)
		from--;
	to = h->old_at + h->old_n + 3;
	if (from == 0 || to - from > 90 || from + 1 >= h->old_at)
		return 0;
	v = mem((l.n + to - from + 40) * sizeof(*v));
	memcpy(v, l.v, l.n * sizeof(*v));
	n = l.n;
	/* Far apart, so that a number can be clearly nearer to one. */
	for (int i = 0; i < 30; i++)
		v[n++] = strf("%.0s", "x");
	at = n + h->old_at - from;
	for (size_t i = from; i < to; i++)
		v[n++] = l.v[i];
	if (other_head)
		v[n - (to - from)] = strf("other_%.*s", (int)l.v[from].n,
		    l.v[from].p);
	c.old = (struct lines){ .v = v, .n = n, .crlf = l.crlf };
	m->f->old = join(&c.old);
	m->f->new = hunk_apply(&c, h, second ? at : h->old_at);
	m->twin_at = second ? h->old_at : at;
	return 1;
}

int twins(struct make *m) { return twin(m, (int)upto(m, 2), 0); }
int twin_heads(struct make *m) { return twin(m, (int)upto(m, 2), 1); }

/* A text with fences of its own. */
int
nested(struct make *m)
{
	struct file *f = &m->f[0];
	struct lines l;
	struct str code;

	if (!one(m))
		return 0;
	l = lines(f->new);
	if (l.n < 3 || l.n > 200 || has(f->new, "```") || has(f->new, "\r"))
		return 0;
	l.n = l.n < 12 ? l.n : 12;
	l.no_eol = 0;
	code = join(&l);
	f->path = f->new_path = "docs/HOWTO.md";
	f->old = strf("# How to\n\nDo this:\n\n```sh\nmake all\n```\n");
	f->new = strf("# How to\n\nDo this:\n\n```sh\nmake all\n```\n\n"
	    "It looks like this:\n\n```\n%.*s```\n\nThat is all.\n",
	    (int)code.n, code.p);
	f->mode = f->old_mode = 0100644;
	m->context = 0;
	return free_path(m, "docs");
}
