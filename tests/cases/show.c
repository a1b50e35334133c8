/* SPDX-License-Identifier: ISC */
/* Changes as a reply shows them. */
#include <stdio.h>
#include <string.h>

#include "cases.h"

void
seg_line(struct make *m, char prefix, struct str s)
{
	if (prefix == '\0' && s.n == 0) {	/* no blanks at the end */
		size_t n = strlen(m->margin);

		while (n > 0 && m->margin[n - 1] == ' ')
			n--;
		put(&m->o, m->margin, n);
	} else {
		puts_(&m->o, m->margin);
	}
	if (prefix != '\0')
		put(&m->o, &prefix, 1);
	put(&m->o, s.p, s.n);
	puts_(&m->o, "\n");
}

static void
fence(struct make *m, const char *info)
{
	puts_(&m->o, m->margin);
	for (int i = 0; i < m->fence_len; i++)
		put(&m->o, &m->fence, 1);
	puts_(&m->o, info);
	puts_(&m->o, "\n");
}

void
seg_open(struct make *m, const char *info)
{
	if (m->fence != '\0')
		fence(m, info);
}

void
seg_close(struct make *m)
{
	if (m->fence != '\0')
		fence(m, "");
	puts_(&m->o, "\n");
}

static void
range(struct make *m, char sign, size_t at, size_t n)
{
	/* An empty side names the line before it. */
	if (n == 1)
		putf(&m->o, "%c%zu", sign, at + 1);
	else
		putf(&m->o, "%c%zu,%zu", sign, at + (n > 0), n);
}

static size_t
nudge(struct make *m, size_t n, size_t by)
{
	size_t d = 1 + upto(m, by);

	return n > d && upto(m, 2) ? n - d : n + d;
}

static void
head(struct make *m, const struct hunk *h)
{
	size_t oa = h->old_at, na = h->new_at, on = 0, nn = 0;

	for (size_t i = 0; i < h->n; i++) {
		on += h->v[i].kind != '+';
		nn += h->v[i].kind != '-';
	}
	puts_(&m->o, m->margin);
	switch (m->head) {
	case HEAD_DOTS:
		puts_(&m->o, "@@ ... @@\n");
		return;
	case HEAD_EMPTY:
		puts_(&m->o, upto(m, 2) ? "@@ @@\n" : "@@\n");
		return;
	case HEAD_NAME:
		putf(&m->o, "@@ %.*s\n", (int)h->section.n, h->section.p);
		return;
	case HEAD_SHORT:
		putf(&m->o, "@@ -%zu +%zu @@\n", oa + 1, na + 1);
		return;
	case HEAD_HUGE:
		puts_(&m->o, "@@ -99999999999999999999999,4294967297 "
		    "+18446744073709551617,99999999999999999999 @@\n");
		return;
	case HEAD_COUNTS:
		on = nudge(m, on, 3);
		nn = nudge(m, nn, 3);
		break;
	case HEAD_NEAR:
		oa = nudge(m, oa, 2);
		na = nudge(m, na, 2);
		break;
	case HEAD_WRONG:
	case HEAD_SECTION:
		/* Not by chance at a place that fits as well. */
		do {
			oa = nudge(m, h->old_at, 200);
		} while (m->twin_at != 0 && oa + 25 > m->twin_at &&
		    oa < m->twin_at + 25);
		na = nudge(m, na, 200);
		break;
	case HEAD_FULL:
		break;
	}
	puts_(&m->o, "@@ ");
	range(m, '-', oa, on);
	puts_(&m->o, " ");
	range(m, '+', na, nn);
	puts_(&m->o, " @@");
	if (h->section.n > 0 && (m->head == HEAD_SECTION || upto(m, 2)))
		putf(&m->o, " %.*s", (int)h->section.n, h->section.p);
	puts_(&m->o, "\n");
}

void
show_hunk(struct make *m, const struct change *c, const struct hunk *h)
{
	(void)c;
	head(m, h);
	for (size_t i = 0; i < h->n; i++) {
		const struct line *l = &h->v[i];

		if (l->kind == ' ' && l->s.n == 0 && m->bare_blank)
			seg_line(m, '\0', l->s);
		else
			seg_line(m, l->kind, l->s);
		if (l->no_eol && !m->no_marker)
			seg_line(m, '\\', str(" No newline at end of file"));
	}
}

/* A name as git writes it: in quotes when it is odd. */
static struct str
quoted(struct make *m, const char *prefix, const char *path)
{
	struct out o = { 0 };
	int odd = 0;

	for (const char *p = path; *p != '\0'; p++)
		odd |= *p == '"' || *p == '\\' || *p < 0x20;
	if (!odd || m->names != NAMES_GIT)
		return strf("%s%s", prefix, path);
	putf(&o, "\"%s", prefix);
	for (const char *p = path; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			putf(&o, "\\%c", *p);
		else if (*p < 0x20)
			putf(&o, "\\%03o", (unsigned)(unsigned char)*p);
		else
			put(&o, p, 1);
	}
	puts_(&o, "\"");
	return out_str(&o);
}

static void
git_names(struct make *m, const struct file *f)
{
	struct str a = quoted(m, "a/", f->path);
	struct str b = quoted(m, "b/", f->new_path);

	seg_line(m, 0, strf("diff --git %s %s", a.p, b.p));
	if (f->old_mode == 0)
		seg_line(m, 0, strf("new file mode %o", f->mode));
	else if (f->mode == 0)
		seg_line(m, 0, strf("deleted file mode %o", f->old_mode));
	else if (f->mode != f->old_mode)
		seg_line(m, 0, strf("old mode %o\nnew mode %o", f->old_mode,
		    f->mode));
	if (strcmp(f->path, f->new_path) != 0) {
		seg_line(m, 0, strf("similarity index %d%%",
		    same(f->old, f->new) ? 100 : 90));
		seg_line(m, 0, strf("rename from %s", quoted(m, "",
		    f->path).p));
		seg_line(m, 0, strf("rename to %s", quoted(m, "",
		    f->new_path).p));
	}
	if (!same(f->old, f->new))
		seg_line(m, 0, strf("index %07x..%07x%s",
		    (unsigned)(f->old_mode == 0 ? 0 : 0x1a2b3c4),
		    (unsigned)(f->mode == 0 ? 0 : 0x4d5e6f7),
		    f->mode == f->old_mode ? " 100644" : ""));
}

void
show_diff_names(struct make *m, const struct file *f)
{
	const char *a = "a/", *b = "b/", *tail = "";

	switch (m->names) {
	case NAMES_GIT:
		git_names(m, f);
		if (same(f->old, f->new))
			return;
		break;
	case NAMES_PLAIN:
		break;
	case NAMES_BARE:
		a = b = "";
		break;
	case NAMES_DOT:
		a = b = "./";
		break;
	case NAMES_TIME:
		tail = "\t2024-03-05 12:34:56.000000000 +0100";
		break;
	case NAMES_INDEX:
	case NAMES_SVN:
		a = b = "";
		seg_line(m, 0, strf("Index: %s", f->path));
		seg_line(m, 0, str("========================================"
		    "==========================="));
		tail = m->names == NAMES_SVN ? "\t(revision 42)" : "";
		break;
	}
	seg_line(m, 0, f->old_mode == 0 ? strf("--- /dev/null%s", tail) :
	    strf("--- %s%s", quoted(m, a, f->path).p, tail));
	if (m->names == NAMES_SVN)
		tail = "\t(working copy)";
	seg_line(m, 0, f->mode == 0 ? strf("+++ /dev/null%s", tail) :
	    strf("+++ %s%s", quoted(m, b, f->new_path).p, tail));
}

static void
show_diff(struct make *m, const struct change *c)
{
	int one = m->one_fence || m->mail;

	if (!one)
		seg_open(m, m->info != NULL ? m->info : "diff");
	show_diff_names(m, c->f);
	for (size_t i = 0; i < c->n; i++) {
		if (m->fence_hunks && i > 0) {
			seg_close(m);
			prose(m, 1, c->f->path);
			seg_open(m, "diff");
			show_diff_names(m, c->f);
		}
		show_hunk(m, c, &c->v[m->backwards ? c->n - 1 - i : i]);
	}
	if (!one)
		seg_close(m);
}

static void
path_line(struct make *m, const char *path)
{
	static const char *const dress[] = { "**`%s`**", "### `%s`", "`%s`:",
	    "File: `%s`", "**%s**", "%s:" };
	struct str s = str(path);

	if (m->path_dress)
		s = replace(str(dress[upto(m, 6)]), "%s", path);
	seg_line(m, 0, s);
}

static void
block_side(struct make *m, const struct hunk *h, char without)
{
	size_t n = h->old_at + 1;

	for (size_t i = 0; i < h->n; i++) {
		const struct line *l = &h->v[i];

		if (l->kind == without)
			continue;
		if (m->numbered == 1)
			seg_line(m, 0, strf("%4zu | %.*s", n++, (int)l->s.n,
			    l->s.p));
		else if (m->numbered == 2)
			seg_line(m, 0, strf("%zu: %.*s", n++, (int)l->s.n,
			    l->s.p));
		else
			seg_line(m, 0, l->s);
	}
}

static void
show_blocks(struct make *m, const struct change *c)
{
	const char *info = m->info != NULL ? m->info : "";

	for (size_t i = 0; i < c->n; i++) {
		const struct hunk *h = &c->v[m->backwards ? c->n - 1 - i : i];

		if (i == 0 || m->fence_hunks) {
			if (!m->path_inside && !(m->inherit && i > 0))
				path_line(m, c->f->path);
			seg_open(m, info);
		}
		if (m->path_inside)
			path_line(m, c->f->path);
		seg_line(m, 0, str("<<<<<<< SEARCH"));
		block_side(m, h, '+');
		seg_line(m, 0, str("======="));
		block_side(m, h, '-');
		seg_line(m, 0, str(">>>>>>> REPLACE"));
		if (m->fence_hunks || i + 1 == c->n)
			seg_close(m);
		else if (upto(m, 2))
			seg_line(m, 0, str(""));
	}
}

static size_t
indent(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

/* The nearest line above the hunk that is indented less, or none. */
static struct str
anchor(const struct change *c, const struct hunk *h)
{
	size_t at = h->old_at;
	size_t in = at < c->old.n ? indent(c->old.v[at]) : 0;

	while (at-- > 0) {
		struct str s = c->old.v[at];

		if (indent(s) + 4 <= s.n && indent(s) < in + (in == 0) &&
		    loose(s).n >= 6)
			return (struct str){ s.p + indent(s), s.n - indent(s) };
	}
	return (struct str){ "", 0 };
}

static void
show_codex(struct make *m, const struct change *c)
{
	const struct file *f = c->f;

	if (f->mode == 0) {
		seg_line(m, 0, strf("*** Delete File: %s", f->path));
		return;
	}
	seg_line(m, 0, strf("*** %s File: %s", f->old_mode == 0 ? "Add" :
	    "Update", f->path));
	if (strcmp(f->path, f->new_path) != 0)
		seg_line(m, 0, strf("*** Move to: %s", f->new_path));
	for (size_t i = 0; i < c->n; i++) {
		const struct hunk *h = &c->v[i];
		struct str a = m->anchors == 3 ? h->section : anchor(c, h);

		if (f->old_mode != 0)
			seg_line(m, 0, m->anchors && a.n > 0 ?
			    strf("@@ %.*s", (int)a.n, a.p) : str("@@"));
		for (size_t k = 0; k < h->n; k++)
			seg_line(m, h->v[k].kind, h->v[k].s);
		if (f->old_mode != 0 && m->anchors == 2 &&
		    h->old_at + h->old_n == c->old.n)
			seg_line(m, 0, str("*** End of File"));
	}
}

static void
show_whole(struct make *m, const struct file *f)
{
	struct str info = str(m->info != NULL ? m->info : "");
	struct lines l = lines(f->new);

	if (m->path_inside)
		info = strf("%s %s", info.n > 0 ? info.p : "text", f->path);
	else
		path_line(m, f->path);
	seg_open(m, info.p);
	for (size_t i = 0; i < l.n; i++)
		seg_line(m, 0, l.v[i]);
	seg_close(m);
}

static void
mail(struct make *m)
{
	seg_line(m, 0, strf("From 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d "
	    "Mon Sep 17 00:00:00 2001\nFrom: A U Thor <author@example.com>\n"
	    "Date: Tue, 5 Mar 2024 12:34:56 +0100\n"
	    "Subject: [PATCH] Do what was asked\n\n---"));
	for (size_t i = 0; i < m->nf; i++)
		seg_line(m, 0, strf(" %s | 4 ++--", m->f[i].path));
	seg_line(m, 0, strf(" %zu files changed, 2 insertions(+), "
	    "2 deletions(-)\n", m->nf));
}

void
show_form(struct make *m, enum form form, const struct change *c)
{
	if (form == DIFF) {
		show_diff(m, c);
	} else if (form == BLOCK) {
		show_blocks(m, c);
	} else if (form == WHOLE) {
		show_whole(m, c->f);
	} else {
		seg_open(m, m->info != NULL ? m->info : "");
		seg_line(m, 0, str("*** Begin Patch"));
		show_codex(m, c);
		seg_line(m, 0, str("*** End Patch"));
		seg_close(m);
	}
}

/* A new file, in a form. */
void
show_new(struct make *m, enum form form, const char *path, const char *content)
{
	struct file *f = mem(sizeof(*f));
	struct change c;

	*f = (struct file){ .path = path, .new_path = path, .mode = 0100644,
	    .new = str(content) };
	if (change_make(&c, f, 3) == 0)
		show_form(m, form, &c);
}

/* The code as it is now, shown before it is changed. */
static void
before_noise(struct make *m)
{
	const struct change *c = &m->c[0];
	const struct hunk *h;

	if (c->n == 0)
		return;
	h = &c->v[0];
	puts_(&m->o, "This is what stands there now:\n\n```\n");
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '+')
			seg_line(m, 0, h->v[i].s);
	puts_(&m->o, "```\n\nAnd this is how it should be:\n\n");
}

/* The whole reply. */
void
show(struct make *m)
{
	int together = m->form == DIFF ? m->one_fence || m->mail :
	    m->form == CODEX;

	prose(m, 0, m->f[0].path);
	if (m->noise)
		before_noise(m);
	if (together)
		seg_open(m, m->form == DIFF ? "diff" : m->info != NULL ?
		    m->info : "");
	if (m->mail)
		mail(m);
	if (m->form == CODEX)
		seg_line(m, 0, str("*** Begin Patch"));
	for (size_t i = 0; i < m->nf; i++) {
		if (i > 0 && !together)
			prose(m, 1, m->f[i].path);
		if (m->form == CODEX)
			show_codex(m, &m->c[i]);
		else
			show_form(m, m->form, &m->c[i]);
	}
	if (m->form == CODEX)
		seg_line(m, 0, str("*** End Patch"));
	if (m->mail)
		seg_line(m, 0, str("-- \n2.39.2\n"));
	if (together)
		seg_close(m);
	if (m->noise)
		puts_(&m->o, "```bash\nmake check\ngit diff --stat\n```\n\n"
		    "```console\n$ ls\nMakefile  src\n```\n\n");
	prose(m, 2, m->f[0].path);
	if (m->crlf) {
		struct str s = replace(out_str(&m->o), "\n", "\r\n");

		m->o = (struct out){ 0 };
		put(&m->o, s.p, s.n);
	}
}
