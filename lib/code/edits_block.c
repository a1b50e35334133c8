/* SPDX-License-Identifier: ISC */
/* SEARCH/REPLACE blocks: what aider taught models to write. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/diff.h"
#include "code/edits_priv.h"

/* Is line l, without the indent, n times the byte c and then word? */
static int
is_marker(struct raid_line l, size_t indent, char c, const char *word)
{
	size_t n = 0;

	l = raid_line_trim(l);
	indent = indent < l.len ? indent : l.len;
	l.p += indent;
	l.len -= indent;
	while (n < l.len && l.p[n] == (unsigned char)c)
		n++;
	return n >= 5 && n <= 9 && l.len - n == strlen(word) &&
	    memcmp(l.p + n, word, l.len - n) == 0;
}

int
raid_edits_is_search(struct raid_line l, size_t indent)
{
	return is_marker(l, indent, '<', " SEARCH");
}

static int
is_replace(struct raid_line l, size_t indent)
{
	return is_marker(l, indent, '>', " REPLACE");
}

/* The lines of a SEARCH/REPLACE block, both sides, as those of a hunk. */
static void
fill_hunk(struct raid_edit_hunk *h, const struct raid_lines *a,
    const struct raid_lines *b)
{
	unsigned char *del = raid_malloc(a->n), *ins = raid_malloc(b->n);
	size_t i = 0, j = 0;

	raid_diff_lines(a, b, del, ins);
	h->v = raid_realloc(NULL, a->n + b->n, sizeof(*h->v));
	while (i < a->n || j < b->n) {
		unsigned char kind = i < a->n && del[i] ? '-' :
		    j < b->n && ins[j] ? '+' : ' ';
		struct raid_line l = kind == '+' ? b->v[j] : a->v[i];

		if (l.len != 0 && l.p[l.len - 1] == '\n')
			l.len--;
		h->v[h->n++] = (struct raid_edit_line){ .kind = kind,
			.p = l.p, .len = l.len };
		i += kind != '+';
		j += kind != '-';
	}
	free(del);
	free(ins);
}

/*
 * The block that begins at line at: which lines divide and end it.  A
 * second divider would leave open which one is meant.
 */
static int
block_bounds(struct raid_edits_search *s, size_t at, size_t indent,
    size_t *div, size_t *end)
{
	size_t n = 0;

	for (*end = at + 1; *end < s->lines.n; ++*end) {
		if (is_replace(s->lines.v[*end], indent))
			break;
		if (raid_edits_is_search(s->lines.v[*end], indent))
			return raid_edits_bad(s->err, at + 1,
			    "a SEARCH block has no end");
		if (is_marker(s->lines.v[*end], indent, '=', "")) {
			*div = *end;
			n++;
		}
	}
	if (*end == s->lines.n)
		return raid_edits_bad(s->err, at + 1,
		    "a SEARCH block has no end");
	if (n != 1)
		return raid_edits_bad(s->err, at + 1,
		    n == 0 ? "a SEARCH block has no =======" :
		    "a SEARCH block has several =======");
	return 0;
}

/* The answer itself has CRLF line ends: they are not the file's. */
static void
chop_cr(struct raid_lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].len > 1 && l->v[i].p[l->v[i].len - 2] == '\r')
			l->v[i].len = raid_line_chomp(l->v[i]).len;
}

/* Take the block at line at; s->at is behind it then. */
static int
take_block(struct raid_edits_search *s, size_t at, size_t indent,
    char *path)
{
	struct raid_lines a, b;
	struct raid_edit *ed;
	struct raid_edit_hunk *h;
	size_t div = 0, end;

	if (path == NULL)
		return raid_edits_bad(s->err, at + 1,
		    "a SEARCH block without a file name");
	ed = raid_edits_add(s->e, at + 1, s->err);
	if (ed == NULL) {
		free(path);
		return -1;
	}
	ed->path = path;
	ed->form = RAID_EDIT_BLOCK;
	s->last = path;
	if (block_bounds(s, at, indent, &div, &end) == -1)
		return -1;
	s->at = end + 1;
	h = raid_edits_add_hunk(s->e, at + 1, s->err);
	if (h == NULL)
		return -1;
	a = raid_edits_body(s, at + 1, div, indent);
	b = raid_edits_body(s, div + 1, end, indent);
	if (raid_line_chomp(s->lines.v[at]).len + 2 == s->lines.v[at].len) {
		chop_cr(&a);
		chop_cr(&b);
	}
	fill_hunk(h, &a, &b);
	if (a.n == 0)
		ed->op = RAID_EDIT_CREATE;
	raid_lines_free(&a);
	raid_lines_free(&b);
	if (!raid_edits_changes(h))
		return raid_edits_bad(s->err, at + 1,
		    "a SEARCH block that changes nothing");
	return 0;
}

/* The path of the block at line at: on the nearest line above, up to three
 * lines away, down to line stop; or that of the block that ends there. */
static char *
path_above(const struct raid_edits_search *s, size_t at, size_t stop,
    size_t indent)
{
	for (size_t i = at, n = 0; i > stop && n < 3; i--, n++) {
		struct raid_line l = raid_edits_inner(s, i - 1, indent);

		if (raid_line_trim(l).len == 0)
			continue;
		if (s->last != NULL && is_replace(s->lines.v[i - 1], indent))
			return raid_strdup(s->last);
		return raid_edits_path_line(l, 1);
	}
	return NULL;
}

static int
closes(const struct raid_edits_search *s, const struct raid_edits_block *b,
    size_t i)
{
	struct raid_line l = raid_line_trim(s->lines.v[i]);
	size_t n = 0;

	while (l.len != 0 && (*l.p == ' ' || *l.p == '\t' || *l.p == '>')) {
		l.p++;
		l.len--;
	}
	while (n < l.len && l.p[n] == b->f.ch)
		n++;
	return n == l.len && n >= b->f.ticks;
}

int
raid_edits_bare_block(struct raid_edits_search *s, size_t at)
{
	return take_block(s, at, 0, path_above(s, at, 0, 0));
}

int
raid_edits_fence_blocks(struct raid_edits_search *s,
    const struct raid_edits_block *b, size_t at)
{
	int session;
	char *path;

	while (at < s->lines.n && !closes(s, b, at)) {
		if (!raid_edits_is_search(s->lines.v[at], b->indent)) {
			at++;
			continue;
		}
		path = path_above(s, at, b->open + 1, b->indent);
		if (path == NULL)
			path = raid_edits_path_info(s->p + b->f.info,
			    b->f.info_len, &session);
		if (path == NULL)
			path = path_above(s, b->open, 0, 0);
		if (take_block(s, at, b->indent, path) == -1)
			return -1;
		at = s->at;
	}
	s->at = at < s->lines.n ? at + 1 : at;
	return 0;
}

