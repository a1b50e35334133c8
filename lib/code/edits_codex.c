/* SPDX-License-Identifier: ISC */
/* Patches as Codex writes them: "*** Begin Patch". */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"

#define starts raid_edits_starts

struct codex {
	struct raid_edits_search *s;
	struct raid_edits_view v;
	size_t i;
	struct raid_edit_hunk *h;	/* the open one */
	size_t cap;			/* of its lines */
	size_t soft;			/* empty ones at its end */
	int crlf;
};

static const char *const heads[] = { "*** Add File: ", "*** Update File: ",
	"*** Delete File: " };

/* Which of them begins the line: from 1, or 0. */
static size_t
head_of(struct raid_line l)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (starts(l, heads[i]))
			return i + 1;
	return 0;
}

int
raid_edits_is_codex(const struct raid_edits_search *s, size_t i)
{
	struct raid_line l = raid_line_trim(raid_edits_bare(s, i));

	return (l.len == 15 && starts(l, "*** Begin Patch")) ||
	    head_of(l) != 0;
}

static struct raid_edit *
edit_of(struct codex *c)
{
	return &c->s->e->v[c->s->e->n - 1];
}

/* The hunk at hand is over. */
static int
close_hunk(struct codex *c)
{
	struct raid_edit_hunk *h = c->h;

	if (h == NULL)
		return 0;
	c->h = NULL;
	h->n -= c->soft;
	raid_edits_number(h);
	return raid_edits_changes(h) ? 0 : raid_edits_refuse(c->s->err,
	    h->line, "a hunk that changes nothing");
}

static int
open_hunk(struct codex *c)
{
	c->cap = c->soft = 0;
	c->h = raid_edits_add_hunk(c->s->e, c->i + 1, c->s->err);
	return c->h != NULL ? 0 : -1;
}

static int
close_file(struct codex *c)
{
	struct raid_edit *ed;

	if (close_hunk(c) == -1)
		return -1;
	if (c->s->e->n == 0)
		return 0;
	ed = edit_of(c);
	if (ed->form == RAID_EDIT_CODEX && ed->op == RAID_EDIT_MODIFY &&
	    ed->n_hunks == 0)
		return raid_edits_bad(c->s->err, ed->line,
		    "%s is named, but no hunk follows", ed->path);
	return 0;
}

static char *
name(struct raid_line l, size_t skip)
{
	l = raid_line_trim(l);
	skip = skip < l.len ? skip : l.len;
	while (skip < l.len && l.p[skip] == ' ')
		skip++;
	if (l.len - skip > 2 && l.p[skip] == '.' && l.p[skip + 1] == '/')
		skip += 2;
	return raid_edits_name_of(l.p + skip, l.len - skip);
}

/* "*** Update File: x", and "*** Move to: y" below it. */
static int
read_head(struct codex *c, struct raid_line l, size_t head)
{
	static const enum raid_edit_op ops[] = { RAID_EDIT_CREATE,
		RAID_EDIT_MODIFY, RAID_EDIT_DELETE };
	struct raid_edit *ed;

	if (close_file(c) == -1)
		return -1;
	ed = raid_edits_add(c->s->e, c->i + 1, c->s->err);
	if (ed == NULL)
		return -1;
	ed->form = RAID_EDIT_CODEX;
	ed->op = ops[head - 1];
	ed->path = name(l, strlen(heads[head - 1]));
	c->s->last = ed->path;
	if (ed->path[0] == '\0')
		return raid_edits_bad(c->s->err, c->i + 1, "which file?");
	l = raid_edits_text(&c->v, c->i + 1);
	if (ed->op == RAID_EDIT_MODIFY && starts(l, "*** Move to: ")) {
		ed->op = RAID_EDIT_RENAME;
		ed->new_path = name(l, strlen("*** Move to: "));
		c->i++;
	}
	c->i++;
	return 0;
}

/* "@@ class A"; several of them lead to one place. */
static int
read_anchor(struct codex *c, struct raid_line l)
{
	if (starts(l, "@@@"))
		return raid_edits_refuse(c->s->err, c->i + 1,
		    "combined diffs are not taken");
	if (c->h == NULL || c->h->n != 0) {
		if (close_hunk(c) == -1 || open_hunk(c) == -1)
			return -1;
	}
	raid_edits_hunk_head(c->h, l);
	c->i++;
	return 0;
}

static int
read_body(struct codex *c)
{
	struct raid_line l = raid_edits_line(&c->v, c->i);
	unsigned char kind = ' ';

	if (l.len != 0 && l.p[l.len - 1] == '\n')
		l.len--;
	if (c->crlf)
		l = raid_line_chomp(l);
	if (l.len != 0) {
		kind = l.p[0];
		l.p++;
		l.len--;
		c->soft = 0;
	} else
		c->soft++;
	if (c->h == NULL && c->soft != 0) {
		c->i++;
		return 0;
	}
	if ((kind != ' ' && kind != '+' && kind != '-') ||
	    (edit_of(c)->op == RAID_EDIT_CREATE && kind != '+' &&
	    c->soft == 0) || edit_of(c)->op == RAID_EDIT_DELETE)
		return kind == '`' || kind == '~' ? raid_edits_cut(c->s->err,
		    c->i + 1, "this patch: it has no \"*** End Patch\"") :
		    raid_edits_bad(c->s->err, c->i + 1,
		    "a line of a hunk begins with ' ', '-' or '+'");
	if (c->h == NULL && open_hunk(c) == -1)
		return -1;
	if (edit_of(c)->op == RAID_EDIT_CREATE)
		kind = '+';
	c->h->v = raid_grow(c->h->v, &c->cap, c->h->n + 1,
	    sizeof(*c->h->v));
	c->h->v[c->h->n++] = (struct raid_edit_line){ .kind = kind,
		.p = l.p, .len = l.len };
	c->i++;
	return 0;
}

/* 1 the patch is over, 0 on, -1 refused. */
static int
read_line(struct codex *c)
{
	struct raid_line l = raid_edits_text(&c->v, c->i);
	size_t head = head_of(l), n = c->s->e->n;

	if (starts(l, "*** End Patch")) {
		c->i++;
		return close_file(c) == -1 ? -1 : 1;
	}
	if (head != 0)
		return read_head(c, l, head);
	if (n == 0 || edit_of(c)->form != RAID_EDIT_CODEX ||
	    edit_of(c)->line <= c->v.from) {
		c->i++;
		return raid_line_trim(l).len == 0 ? 0 :
		    raid_edits_bad(c->s->err, c->i, "which file?");
	}
	if (starts(l, "*** End of File")) {
		if (c->h == NULL)
			return raid_edits_bad(c->s->err, c->i + 1,
			    "the end of a file, but of which hunk?");
		c->h->at_end = 1;
		c->i++;
		return close_hunk(c);
	}
	if (edit_of(c)->op != RAID_EDIT_CREATE && raid_edits_is_hunk(l))
		return read_anchor(c, l);
	return read_body(c);
}

int
raid_edits_codex(struct raid_edits_search *s, size_t *at)
{
	struct raid_line head = s->lines.v[*at];
	struct codex c = { .s = s, .v = raid_edits_view_from(s, *at),
		.i = *at, .crlf = head.len > 1 &&
		head.p[head.len - 2] == '\r' };
	int r = 0;

	if (head_of(raid_edits_text(&c.v, *at)) == 0)
		c.i++;
	while (r == 0 && c.i < c.v.to)
		r = read_line(&c);
	*at = c.i;
	if (r == 0)
		return raid_edits_cut(s->err, c.v.from + 1,
		    "this patch: it has no \"*** End Patch\"");
	return r == 1 ? 0 : -1;
}
