/* SPDX-License-Identifier: ISC */
/* Unified diffs as git, diff(1) and models write them: files and headers. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"

#define starts raid_edits_starts

/* The header of one file, as far as it has been read. */
struct header {
	int open;		/* a file has begun */
	int git;		/* with "diff --git", and has no "---" yet */
	size_t line;
	char *old, *new;	/* "---", "+++", else of "diff --git" */
	char *from, *to;	/* of "rename" */
	int created, deleted;
	unsigned mode;
};

struct parser {
	struct raid_edits_search *s;
	struct raid_edits_span *sp;
	size_t i;		/* the line at hand */
	int has_edit;		/* the open file has one, the last */
	struct header h;
};

static void
header_free(struct header *h)
{
	free(h->old);
	free(h->new);
	free(h->from);
	free(h->to);
	*h = (struct header){ 0 };
}

static struct raid_edit *
edit_of(struct parser *p)
{
	if (!p->has_edit) {
		if (raid_edits_add(p->s->e, p->h.line, p->s->err) == NULL)
			return NULL;
		p->has_edit = 1;
	}
	return &p->s->e->v[p->s->e->n - 1];
}

/* A new file has no lines but its own; an empty one may have lost its '+'. */
static int
check_created(struct parser *p, struct raid_edit *ed)
{
	for (size_t i = 0; i < ed->n_hunks; i++) {
		struct raid_edit_hunk *h = &ed->hunks[i];

		for (size_t j = 0; j < h->n; j++) {
			if (h->v[j].kind == ' ' && h->v[j].len == 0)
				h->v[j].kind = '+';
			if (h->v[j].kind != '+')
				return raid_edits_bad(p->s->err,
				    h->line + j + 1, "%s is a new file, but "
				    "this line does not begin with '+'",
				    ed->path);
		}
	}
	return 0;
}

/* "rename from a/x" is not what git writes; its own header tells. */
static char *
renamed(const char *name, const char *full, const char *prefix)
{
	return raid_strdup(strncmp(name, prefix, 2) == 0 && full != NULL &&
	    strcmp(name, full) == 0 ? name + 2 : name);
}

/* What the header says is done to the file. */
static int
settle(struct parser *p, struct raid_edit *ed)
{
	struct header *h = &p->h;
	char *old = h->old, *new = h->new;

	ed->mode = h->mode;
	if (h->from != NULL && h->to != NULL) {
		ed->op = RAID_EDIT_RENAME;
		ed->path = renamed(h->from, old, "a/");
		ed->new_path = renamed(h->to, new, "b/");
		return 0;
	}
	raid_edits_strip(old, new);
	if (h->created || raid_edits_is_null(old))
		ed->op = RAID_EDIT_CREATE;
	else if (h->deleted || raid_edits_is_null(new))
		ed->op = RAID_EDIT_DELETE;
	ed->path = raid_strdup(raid_edits_is_null(new) ? old : new);
	if (ed->path[0] == '\0' || raid_edits_is_null(ed->path))
		return raid_edits_bad(p->s->err, h->line, "which file?");
	if (ed->n_hunks == 0 && h->mode == 0 && ed->op != RAID_EDIT_DELETE)
		return raid_edits_bad(p->s->err, h->line,
		    "%s is named, but no hunk follows", ed->path);
	return ed->op == RAID_EDIT_CREATE ? check_created(p, ed) : 0;
}

/* The end of a file: turn its header into an edit. */
static int
close_file(struct parser *p)
{
	struct raid_edit *ed;
	int r = 0;

	if (p->h.open) {
		ed = edit_of(p);
		if (ed != NULL && p->h.old == NULL)
			p->h.old = raid_strdup("");
		if (ed != NULL && p->h.new == NULL)
			p->h.new = raid_strdup("");
		r = ed != NULL ? settle(p, ed) : -1;
		if (r == 0)
			p->s->last = ed->path;
	}
	header_free(&p->h);
	p->has_edit = 0;
	return r;
}

static void
open_file(struct parser *p)
{
	p->h.open = 1;
	p->h.line = p->i + 1;
}

static void
set_name(char **name, struct raid_line l, size_t skip)
{
	free(*name);
	*name = raid_edits_name(l, skip);
}

/* The mode that stands skip bytes in; what git never writes is refused. */
static int
read_mode(struct parser *p, struct raid_line l, size_t skip)
{
	static const unsigned known[] = { 0100644, 0100755, 0120000, 0160000,
		0040000, 0100664 };
	unsigned m;
	size_t n = 0;

	l = raid_line_trim(l);
	l.p += skip < l.len ? skip : l.len;
	l.len -= skip < l.len ? skip : l.len;
	m = raid_edits_octal(l.p, l.len);
	while (n < l.len && l.p[n] >= '0' && l.p[n] <= '7')
		n++;
	if (n == l.len && (m == 0644 || m == 0755))
		m |= 0100000;
	for (size_t i = 0; n == l.len && i < sizeof(known) / sizeof(*known);
	    i++)
		if (m == known[i]) {
			p->h.mode = m;
			return 1;
		}
	return raid_edits_refuse(p->s->err, p->i + 1,
	    "no mode that a file may have");
}

/* A line between "diff --git" and the hunks: 1 known, 0 not, -1 refused. */
static int
extended(struct parser *p, struct raid_line l)
{
	struct header *h = &p->h;

	if (starts(l, "new file mode ")) {
		h->created = 1;
		return read_mode(p, l, 14);
	} else if (starts(l, "deleted file mode ")) {
		h->deleted = 1;
		return read_mode(p, l, 18);
	} else if (starts(l, "new mode ")) {
		return read_mode(p, l, 9);
	} else if (starts(l, "rename from ")) {
		set_name(&h->from, l, 12);
	} else if (starts(l, "rename to ")) {
		set_name(&h->to, l, 10);
	} else if (starts(l, "GIT binary patch") ||
	    starts(l, "Binary files ") || starts(l, "copy from ") ||
	    starts(l, "copy to ")) {
		return raid_edits_refuse(p->s->err, p->i + 1,
		    "binary patches and copies are not taken");
	} else {
		return starts(l, "index ") || starts(l, "old mode ") ||
		    starts(l, "similarity ") || starts(l, "dissimilarity ") ||
		    starts(l, "=====");
	}
	return 1;
}

/* "---" and "+++", or one of them: the names of the file at hand, or a new
 * file. */
static int
read_names(struct parser *p)
{
	const struct raid_edits_view *v = &p->sp->v;
	struct raid_line l = raid_edits_text(v, p->i);
	int both = raid_edits_names(v, p->i) == 2, minus = l.p[0] == '-';

	if (!p->h.git && close_file(p) == -1)
		return -1;
	if (!p->h.open)
		open_file(p);
	if (both || !p->h.git) {
		set_name(&p->h.old, l, 4);
		set_name(&p->h.new, both ? raid_edits_text(v, p->i + 1) : l,
		    4);
	} else
		set_name(minus ? &p->h.old : &p->h.new, l, 4);
	if (!both && !p->h.git) {
		char *name = minus ? p->h.old : p->h.new;

		/* Alone it has no pair to tell a prefix from a folder. */
		if (strncmp(name, minus ? "a/" : "b/", 2) == 0)
			memmove(name, name + 2, strlen(name) - 1);
		set_name(minus ? &p->h.new : &p->h.old,
		    (struct raid_line){ (unsigned char *)name, strlen(name) },
		    0);
	}
	p->h.git = 0;
	p->i += both ? 2 : 1;
	return 0;
}

static int
read_hunk(struct parser *p)
{
	/* A hunk without a header of its own takes the path of its fence. */
	if (!p->h.open) {
		if (p->sp->path == NULL)
			return raid_edits_bad(p->s->err, p->i + 1,
			    "a hunk, but of which file?");
		open_file(p);
		p->h.old = raid_strdup(p->sp->path);
		p->h.new = raid_strdup(p->sp->path);
	}
	p->h.git = 0;
	return edit_of(p) != NULL ? raid_edits_hunk(p->sp, &p->i) : -1;
}

/* A line that begins a file without names: "diff --git", "Index:". */
static int
read_file(struct parser *p, struct raid_line l)
{
	if (!starts(l, "diff --git ") && !starts(l, "Index: "))
		return raid_edits_refuse(p->s->err, p->i + 1,
		    "combined diffs are not taken");
	if (close_file(p) == -1)
		return -1;
	open_file(p);
	p->h.git = 1;
	if (l.p[0] == 'I') {
		set_name(&p->h.old, l, 7);
		set_name(&p->h.new, l, 7);
	} else
		raid_edits_git_names(l, &p->h.old, &p->h.new);
	p->i++;
	return 0;
}

/* "-- ", which ends a mail of git format-patch, or what stands behind it. */
static int
is_signature(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i);

	return (l.len == 3 && starts(l, "-- ")) || (i > v->from &&
	    l.len != 0 && l.p[0] >= '0' && l.p[0] <= '9' &&
	    is_signature(v, i - 1));
}

/* Something that no diff has: 1 it is over, 0 on, -1 refused. */
static int
read_other(struct parser *p, struct raid_line l)
{
	const struct raid_edits_view *v = &p->sp->v;
	int body = l.len != 0 && (l.p[0] == '+' || l.p[0] == '-' ||
	    (l.p[0] == ' ' && raid_line_trim(l).len != 0));

	if (raid_line_trim(l).len == 0 || is_signature(v, p->i)) {
		p->i++;
		return 0;
	}
	if (!p->sp->fenced && !p->sp->clean)
		return 1;
	if (p->h.open && p->sp->alone)
		return raid_edits_bad(p->s->err, p->i + 1, "no diff");
	if (p->h.open && body)
		return raid_edits_bad(p->s->err, p->i + 1,
		    "a changed line outside of a hunk");
	p->i++;
	return 0;
}

static int
read_line(struct parser *p)
{
	const struct raid_edits_view *v = &p->sp->v;
	struct raid_line l = raid_edits_text(v, p->i);
	int known = 0;

	if (starts(l, "@@@"))
		return raid_edits_refuse(p->s->err, p->i + 1,
		    "combined diffs are not taken");
	if (raid_edits_names(v, p->i) != 0)
		return read_names(p);
	if (raid_edits_diff_begins(v, p->i))
		return read_file(p, l);
	if (raid_edits_is_hunk(l))
		return read_hunk(p);
	if (!p->h.open && p->sp->fenced && starts(l, "rename from "))
		open_file(p);
	if (p->h.open)
		known = extended(p, l);
	if (known == 0)
		return read_other(p, l);
	p->i++;
	return known == -1 ? -1 : 0;
}

/* A mail of git format-patch: the next one begins. */
static int
is_mail(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i);

	return starts(l, "From ") && l.len > 45;
}

int
raid_edits_diff(struct raid_edits_span *sp, size_t *at)
{
	struct parser p = { .s = sp->v.s, .sp = sp, .i = *at };
	int r = 0;

	while (r == 0 && p.i < sp->v.to) {
		if (sp->clean && is_mail(&sp->v, p.i))
			r = close_file(&p);
		if (r == 0)
			r = read_line(&p);
	}
	if (r != -1)
		r = close_file(&p);
	header_free(&p.h);
	*at = p.i;
	return r;
}
