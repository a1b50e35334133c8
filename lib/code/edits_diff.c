/* SPDX-License-Identifier: ISC */
/* Unified diffs as git, diff(1) and models write them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"

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
	struct raid_edits *e;
	const struct raid_edits_span *s;
	struct raid_err *err;
	size_t i;		/* the line at hand */
	size_t edit;		/* of the open file, once it has a hunk */
	int has_edit;
	struct header h;
};

/* A hunk while its body is read. */
struct body {
	size_t cap;
	int counted;		/* the header gave counts */
	size_t old_want, new_want;
	size_t old_n, new_n;
	size_t soft;		/* empty lines at the end so far */
	int strip_cr;		/* the answer itself has CRLF line ends */
};

static int
starts(struct raid_line l, const char *prefix)
{
	size_t n = strlen(prefix);

	return l.len >= n && memcmp(l.p, prefix, n) == 0;
}

/* The line i without its end; an empty one beyond the last. */
static struct raid_line
line_at(const struct raid_edits_span *s, size_t i)
{
	if (i >= s->n)
		return (struct raid_line){ (const unsigned char *)"", 0 };
	return raid_line_chomp(s->v[i]);
}

static int
is_pair(const struct raid_edits_span *s, size_t i)
{
	return starts(line_at(s, i), "--- ") &&
	    starts(line_at(s, i + 1), "+++ ");
}

int
raid_edits_is_diff(const struct raid_line *v, size_t n)
{
	struct raid_edits_span s = { .v = v, .n = n };
	size_t i = 0;

	while (i < n && raid_line_trim(v[i]).len == 0)
		i++;
	return is_pair(&s, i) || starts(line_at(&s, i), "diff --git ") ||
	    (starts(line_at(&s, i), "Index: ") && n - i > 2) ||
	    (starts(line_at(&s, i), "From ") && line_at(&s, i).len > 45 &&
	    starts(line_at(&s, i + 1), "From: ")) ||
	    (starts(line_at(&s, i), "commit ") && line_at(&s, i).len >= 47);
}

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
	struct raid_edit *ed;

	if (!p->has_edit) {
		ed = raid_edits_add(p->e, p->h.line, p->err);
		if (ed == NULL)
			return NULL;
		p->edit = p->e->n - 1;
		p->has_edit = 1;
	}
	return &p->e->v[p->edit];
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
				return raid_edits_bad(p->err, h->line + j + 1,
				    "%s is a new file, but this line does not "
				    "begin with '+'", ed->path);
		}
	}
	return 0;
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
		ed->path = raid_strdup(h->from);
		ed->new_path = raid_strdup(h->to);
		return 0;
	}
	raid_edits_strip(old, new);
	if (h->created || raid_edits_is_null(old))
		ed->op = RAID_EDIT_CREATE;
	else if (h->deleted || raid_edits_is_null(new))
		ed->op = RAID_EDIT_DELETE;
	ed->path = raid_strdup(raid_edits_is_null(new) ? old : new);
	if (ed->path[0] == '\0' || raid_edits_is_null(ed->path))
		return raid_edits_bad(p->err, h->line, "which file?");
	if (ed->n_hunks == 0 && h->mode == 0 && ed->op != RAID_EDIT_DELETE)
		return raid_edits_bad(p->err, h->line,
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
		r = ed != NULL ? settle(p, ed) : -1;
	}
	header_free(&p->h);
	p->has_edit = 0;
	return r;
}

static void
open_file(struct parser *p)
{
	p->h.open = 1;
	p->h.line = p->s->first + p->i;
}

/* A number at *i, and ",number" behind it; *count is 1 when it is absent. */
static int
range(struct raid_line l, size_t *i, size_t *start, size_t *count)
{
	size_t *to = start;

	*count = 1;
	*start = 0;
	if (*i >= l.len || l.p[*i] < '0' || l.p[*i] > '9')
		return 0;
	for (; *i < l.len; ++*i) {
		if (l.p[*i] == ',' && to == start) {
			to = count;
			*count = 0;
		} else if (l.p[*i] >= '0' && l.p[*i] <= '9') {
			if (*to < 100000000)
				*to = *to * 10 + (l.p[*i] - '0');
		} else
			break;
	}
	return 1;
}

/* "@@ -a,b +c,d @@"; "@@" alone is a hunk without a hint. */
static void
hunk_header(struct raid_line l, size_t *hint, struct body *b)
{
	size_t i = 4, start;

	*hint = 0;
	if (!starts(l, "@@ -") || !range(l, &i, hint, &b->old_want))
		return;
	if (b->old_want == 0)
		++*hint;
	while (i < l.len && l.p[i] == ' ')
		i++;
	if (i < l.len && l.p[i] == '+') {
		i++;
		b->counted = range(l, &i, &start, &b->new_want);
	}
}

static int
satisfied(const struct body *b)
{
	return b->counted && b->old_n == b->old_want &&
	    b->new_n == b->new_want;
}

static void
add_line(struct raid_edit_hunk *h, struct body *b, unsigned char kind,
    struct raid_line l)
{
	if (b->strip_cr && l.len != 0 && l.p[l.len - 1] == '\r')
		l.len--;
	h->v = raid_grow(h->v, &b->cap, h->n + 1, sizeof(*h->v));
	h->v[h->n++] = (struct raid_edit_line){ .kind = kind, .p = l.p,
		.len = l.len };
	b->old_n += kind != '+';
	b->new_n += kind != '-';
	b->soft = 0;
}

/* "-- ", which ends a mail of git format-patch. */
static int
is_signature(struct raid_line l)
{
	return l.len == 3 && starts(l, "-- ");
}

/* Could this be a line of a hunk that says something? */
static int
is_body(struct raid_line l)
{
	return l.len != 0 && (l.p[0] == '+' || l.p[0] == '-' ||
	    (l.p[0] == ' ' && raid_line_trim(l).len != 0));
}

/* Does something else begin at line i, so that the hunk is over? */
static int
hunk_over(const struct parser *p, size_t i, const struct body *b)
{
	struct raid_line l = line_at(p->s, i);

	if (p->s->clean)
		return b->old_n >= b->old_want && b->new_n >= b->new_want;
	if (starts(l, "@@") || starts(l, "diff --git ") ||
	    starts(l, "Index: "))
		return 1;
	if (is_pair(p->s, i) && (starts(line_at(p->s, i + 2), "@@") ||
	    i + 2 == p->s->n))
		return 1;
	return satisfied(b) && l.len != 0 && l.p[0] != ' ' &&
	    l.p[0] != '\\' && (!is_body(l) || is_signature(l));
}

/* One line of a body: 1 taken, 0 it is none. */
static int
body_line(struct raid_edit_hunk *h, struct body *b, struct raid_line l)
{
	size_t soft = b->soft;

	if (l.len != 0 && l.p[l.len - 1] == '\n')
		l.len--;
	if (l.len == 0 || (l.len == 1 && l.p[0] == '\r')) {
		/* A context line whose only blank was lost, or padding. */
		add_line(h, b, ' ', l);
		b->soft = soft + 1;
		return 1;
	}
	if (starts(l, "\\ ") || starts(l, "\\No newline")) {
		if (h->n != 0)
			h->v[h->n - 1].no_eol = 1;
		return 1;
	}
	if (l.p[0] != ' ' && l.p[0] != '-' && l.p[0] != '+')
		return 0;
	l.p++;
	l.len--;
	add_line(h, b, l.p[-1], l);
	return 1;
}

/* Empty lines at the end belong to the hunk only if its counts say so. */
static void
drop_padding(struct raid_edit_hunk *h, const struct body *b)
{
	size_t drop = b->soft;

	if (b->counted && b->old_n >= b->old_want &&
	    b->old_n - b->old_want <= b->soft &&
	    b->old_n - b->old_want + b->new_want == b->new_n)
		drop = b->old_n - b->old_want;
	h->n -= drop;
}

static int
read_hunk(struct parser *p)
{
	struct raid_line head = p->s->v[p->i];
	struct body b = { .strip_cr = head.len > 1 &&
		head.p[head.len - 2] == '\r' };
	struct raid_edit_hunk *h;
	size_t hint;

	if (edit_of(p) == NULL)
		return -1;
	h = raid_edits_add_hunk(p->e, p->s->first + p->i, p->err);
	if (h == NULL)
		return -1;
	hunk_header(raid_line_chomp(head), &hint, &b);
	h->hint = hint;
	for (p->i++; p->i < p->s->n && !hunk_over(p, p->i, &b); p->i++)
		if (!body_line(h, &b, p->s->v[p->i]))
			return raid_edits_bad(p->err, p->s->first + p->i,
			    "a line of a hunk begins with ' ', '-' or '+'");
	while (p->i < p->s->n && starts(p->s->v[p->i], "\\ "))
		(void)body_line(h, &b, p->s->v[p->i++]);
	if (p->s->clean && !satisfied(&b))
		return raid_edits_bad(p->err, h->line,
		    "the counts of the hunk are wrong");
	if (p->s->cut && p->i == p->s->n && b.counted &&
	    (b.old_n < b.old_want || b.new_n < b.new_want))
		return raid_edits_bad(p->err, h->line,
		    "the answer ends in the middle of this hunk");
	if (!p->s->clean)
		drop_padding(h, &b);
	if (!raid_edits_changes(h))
		return raid_edits_bad(p->err, h->line,
		    "a hunk that changes nothing");
	return 0;
}

static void
set_name(char **name, struct raid_line l, size_t skip)
{
	free(*name);
	*name = raid_edits_name(l, skip);
}

/* A line between "diff --git" and the hunks: 1 known, 0 not, -1 refused. */
static int
extended(struct parser *p, struct raid_line l)
{
	struct header *h = &p->h;

	if (starts(l, "new file mode ")) {
		h->created = 1;
		h->mode = raid_edits_octal(l.p + 14, l.len - 14);
	} else if (starts(l, "deleted file mode ")) {
		h->deleted = 1;
		h->mode = raid_edits_octal(l.p + 18, l.len - 18);
	} else if (starts(l, "new mode ")) {
		h->mode = raid_edits_octal(l.p + 9, l.len - 9);
	} else if (starts(l, "rename from ")) {
		set_name(&h->from, l, 12);
	} else if (starts(l, "rename to ")) {
		set_name(&h->to, l, 10);
	} else if (starts(l, "GIT binary patch") ||
	    starts(l, "Binary files ") || starts(l, "copy from ")) {
		return raid_edits_bad(p->err, p->s->first + p->i,
		    "binary patches and copies are not taken");
	} else {
		return starts(l, "index ") || starts(l, "old mode ") ||
		    starts(l, "similarity ") || starts(l, "dissimilarity ") ||
		    starts(l, "copy to ");
	}
	return 1;
}

/* "---" and "+++": the names of the file at hand, or a new file. */
static int
read_names(struct parser *p)
{
	if (!p->h.git && close_file(p) == -1)
		return -1;
	if (!p->h.open)
		open_file(p);
	p->h.git = 0;
	set_name(&p->h.old, line_at(p->s, p->i), 4);
	set_name(&p->h.new, line_at(p->s, p->i + 1), 4);
	p->i += 2;
	return 0;
}

/* A hunk without a header of its own takes the path that the fence names. */
static int
anonymous(struct parser *p)
{
	if (p->s->path == NULL)
		return raid_edits_bad(p->err, p->s->first + p->i,
		    "a hunk, but of which file?");
	open_file(p);
	p->h.old = raid_strdup(p->s->path);
	p->h.new = raid_strdup(p->s->path);
	return 0;
}

static int
read_line(struct parser *p)
{
	struct raid_line l = line_at(p->s, p->i);
	int known = 0;

	if (starts(l, "diff --git ")) {
		if (close_file(p) == -1)
			return -1;
		open_file(p);
		p->h.git = 1;
		raid_edits_git_names(l, &p->h.old, &p->h.new);
		p->i++;
		return 0;
	}
	if (is_pair(p->s, p->i))
		return read_names(p);
	if (starts(l, "@@")) {
		if (!p->h.open && anonymous(p) == -1)
			return -1;
		p->h.git = 0;
		return read_hunk(p);
	}
	if (p->h.open)
		known = extended(p, l);
	if (known == -1)
		return -1;
	if (!known && p->h.open && (p->s->fenced || p->s->clean) &&
	    is_body(l) && !is_signature(l))
		return raid_edits_bad(p->err, p->s->first + p->i,
		    "a changed line outside of a hunk");
	p->i++;
	return 0;
}

int
raid_edits_diff(struct raid_edits *e, const struct raid_edits_span *s,
    struct raid_err *err)
{
	struct parser p = { .e = e, .s = s, .err = err };
	int r = 0;

	while (r == 0 && p.i < s->n)
		r = read_line(&p);
	if (r == 0)
		r = close_file(&p);
	header_free(&p.h);
	return r;
}
