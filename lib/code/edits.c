/* SPDX-License-Identifier: ISC */
#include "code/edits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fence.h"
#include "base/mem.h"
#include "code/edits_priv.h"

int
raid_edits_bad(struct raid_err *err, size_t line, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return raid_fail(err, RAID_NO, "line %zu of the answer: %s", line,
	    what);
}

struct raid_edit *
raid_edits_add(struct raid_edits *e, size_t line, struct raid_err *err)
{
	if (e->n == RAID_EDITS_MAX) {
		raid_edits_bad(err, line, "more than %d edits", RAID_EDITS_MAX);
		return NULL;
	}
	e->v = raid_grow(e->v, &e->cap, e->n + 1, sizeof(*e->v));
	e->v[e->n] = (struct raid_edit){ .line = line };
	return &e->v[e->n++];
}

struct raid_edit_hunk *
raid_edits_add_hunk(struct raid_edits *e, size_t line, struct raid_err *err)
{
	struct raid_edit *ed = &e->v[e->n - 1];
	size_t n = ed->n_hunks;

	if (e->n_hunks++ == RAID_EDITS_HUNKS_MAX) {
		raid_edits_bad(err, line, "more than %d hunks",
		    RAID_EDITS_HUNKS_MAX);
		return NULL;
	}
	/* Room is made in powers of two: n is one when it is full. */
	if ((n & (n - 1)) == 0)
		ed->hunks = raid_realloc(ed->hunks, n != 0 ? 2 * n : 1,
		    sizeof(*ed->hunks));
	ed->hunks[n] = (struct raid_edit_hunk){ .line = line };
	ed->n_hunks++;
	return &ed->hunks[n];
}

int
raid_edits_changes(const struct raid_edit_hunk *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != ' ')
			return 1;
	return 0;
}

void
raid_edits_free(struct raid_edits *e)
{
	for (size_t i = 0; i < e->n; i++) {
		struct raid_edit *ed = &e->v[i];

		for (size_t j = 0; j < ed->n_hunks; j++) {
			free(ed->hunks[j].v);
			free(ed->hunks[j].anchors);
		}
		free(ed->hunks);
		free(ed->path);
		free(ed->new_path);
		free(ed->content);
	}
	free(e->v);
	free(e->text);
	*e = (struct raid_edits){ 0 };
}

/* The line that holds the byte at offset; lines.n at the end of the text. */
static size_t
line_of(const struct raid_edits_search *s, size_t offset)
{
	size_t lo = 0, hi = s->lines.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if ((size_t)(s->lines.v[mid].p - s->p) + s->lines.v[mid].len <=
		    offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Do all lines of the block that are not blank begin as its fence does? */
static size_t
common_indent(const struct raid_edits_search *s,
    const struct raid_edits_block *b)
{
	const unsigned char *prefix = s->p + b->f.start;
	size_t n = b->f.indent;

	for (size_t i = b->open + 1; i < b->end; i++) {
		struct raid_line l = raid_line_trim(s->lines.v[i]);

		if (memcmp(l.p, prefix, l.len < n ? l.len : n) != 0)
			return 0;
	}
	return n;
}

struct raid_line
raid_edits_inner(const struct raid_edits_search *s, size_t i, size_t indent)
{
	struct raid_line l = s->lines.v[i];

	for (; indent != 0 && (*l.p == ' ' || *l.p == '\t' || *l.p == '>');
	    indent--) {
		l.p++;
		l.len--;
	}
	return l;
}

struct raid_lines
raid_edits_body(const struct raid_edits_search *s, size_t from, size_t to,
    size_t indent)
{
	struct raid_lines l = { 0 };

	l.v = raid_realloc(NULL, to - from, sizeof(*l.v));
	for (size_t i = from; i < to; i++)
		l.v[l.n++] = raid_edits_inner(s, i, indent);
	return l;
}

/*
 * A diff of a Markdown file holds fences as context lines, one blank in; a
 * diff is closed only by a fence that stands exactly under its first.
 */
static void
extend_diff(const struct raid_edits_search *s, struct raid_edits_block *b)
{
	for (size_t i = b->end; i < s->lines.n; i++) {
		struct raid_line l = raid_line_trim(s->lines.v[i]);
		size_t n = b->f.indent;

		if (l.len < n + b->f.ticks ||
		    memcmp(l.p, s->p + b->f.start, n) != 0)
			continue;
		while (n < l.len && l.p[n] == b->f.ch)
			n++;
		if (n == l.len && n - b->f.indent >= b->f.ticks) {
			b->end = i;
			return;
		}
		if (n - b->f.indent >= b->f.ticks)
			return;
	}
}

static int
take_diff(struct raid_edits_search *s, struct raid_edits_block *b,
    const char *path)
{
	struct raid_lines lines;
	struct raid_edits_span span = { .first = b->open + 2, .path = path,
		.fenced = 1, .cut = !b->f.closed };
	int r;

	extend_diff(s, b);
	lines = raid_edits_body(s, b->open + 1, b->end, b->indent);
	span.v = lines.v;
	span.n = lines.n;
	r = raid_edits_diff(s->e, &span, s->err);
	raid_lines_free(&lines);
	return r;
}

/* Does a fence of the same kind open inside, so that the first end is not
 * to be trusted? */
static int
holds_fence(const struct raid_lines *l, const struct raid_fence *f)
{
	for (size_t i = 0; i < l->n; i++) {
		struct raid_line t = raid_line_trim(l->v[i]);
		size_t n = 0;

		while (n < t.len && t.p[n] == ' ')
			n++;
		for (t.p += n, t.len -= n, n = 0; n < t.len && t.p[n] == f->ch;)
			n++;
		if (n >= f->ticks)
			return 1;
	}
	return 0;
}

static int
take_whole(struct raid_edits_search *s, const struct raid_edits_block *b,
    char *path)
{
	struct raid_edit *ed = raid_edits_add(s->e, b->open + 1, s->err);
	struct raid_lines lines;
	struct raid_buf content;
	int r = 0;

	if (ed == NULL) {
		free(path);
		return -1;
	}
	ed->path = path;
	ed->form = RAID_EDIT_WHOLE;
	lines = raid_edits_body(s, b->open + 1, b->end, b->indent);
	raid_buf_init(&content, RAID_EDITS_TEXT_MAX);
	for (size_t i = 0; i < lines.n; i++)
		raid_buf_add(&content, lines.v[i].p, lines.v[i].len);
	ed->content_len = content.len;
	ed->content = (unsigned char *)raid_buf_take(&content);
	raid_buf_free(&content);
	if (!b->f.closed)
		r = raid_edits_bad(s->err, b->open + 1,
		    "the fence of %s is not closed", path);
	else if (holds_fence(&lines, &b->f))
		r = raid_edits_bad(s->err, b->open + 1,
		    "%s holds fences and needs a longer one around it", path);
	raid_lines_free(&lines);
	return r;
}

static int
says_diff(const struct raid_edits_search *s, const struct raid_fence *f)
{
	static const char *const names[] = { "diff", "patch", "udiff" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]);

		if (f->info_len >= n &&
		    memcmp(s->p + f->info, names[i], n) == 0 &&
		    (f->info_len == n || s->p[f->info + n] == ' '))
			return 1;
	}
	return 0;
}

static int
is_diff(const struct raid_edits_search *s, const struct raid_edits_block *b)
{
	struct raid_lines lines;
	int r = says_diff(s, &b->f);

	if (!r) {
		lines = raid_edits_body(s, b->open + 1, b->end, b->indent);
		r = raid_edits_is_diff(lines.v, lines.n);
		raid_lines_free(&lines);
	}
	return r;
}

/* A fence: blocks, a diff, a whole file, or nothing for us. */
static int
take_fence(struct raid_edits_search *s, struct raid_edits_block *b)
{
	int session, diff, r;
	char *path;

	for (size_t i = b->open + 1; i < b->end; i++)
		if (raid_edits_is_search(s->lines.v[i], b->indent))
			return raid_edits_fence_blocks(s, b, i);
	diff = is_diff(s, b);
	path = raid_edits_path_info(s->p + b->f.info, b->f.info_len, &session);
	if (path == NULL && b->open != 0 && !session)
		path = raid_edits_path_line(s->lines.v[b->open - 1], 0);
	if (diff) {
		r = take_diff(s, b, path);
		free(path);
	} else
		r = path != NULL ? take_whole(s, b, path) : 0;
	s->at = b->end + 1;
	return r;
}

/* The next fence from line s->at on; it opens behind the last line when
 * there is none. */
static void
next_fence(const struct raid_edits_search *s, struct raid_edits_block *b)
{
	size_t pos = (size_t)(s->lines.v[s->at].p - s->p);

	if (!raid_fence_next(s->p, s->len, &pos, &b->f)) {
		b->open = s->lines.n;
		return;
	}
	b->open = line_of(s, b->f.start);
	b->end = line_of(s, b->f.body + b->f.body_len);
	b->indent = common_indent(s, b);
}

static int
search(struct raid_edits_search *s)
{
	struct raid_edits_block b = { 0 };
	size_t i;
	int known = 0;

	while (s->at < s->lines.n) {
		if (!known || b.open < s->at)
			next_fence(s, &b);
		known = 1;
		for (i = s->at; i < b.open; i++)
			if (raid_edits_is_search(s->lines.v[i], 0))
				break;
		if (i < b.open) {
			if (raid_edits_bare_block(s, i) == -1)
				return -1;
		} else if (b.open == s->lines.n) {
			break;
		} else if (take_fence(s, &b) == -1)
			return -1;
	}
	return 0;
}

static int
begin(struct raid_edits_search *s, const void *p, size_t len,
    struct raid_edits *e, struct raid_err *err)
{
	*e = (struct raid_edits){ 0 };
	if (len > RAID_EDITS_TEXT_MAX)
		return raid_fail(err, RAID_NO, "an answer of more than %u MiB",
		    RAID_EDITS_TEXT_MAX >> 20);
	e->text = raid_memdup(p, len);
	e->text_len = len;
	*s = (struct raid_edits_search){ .p = e->text, .len = len, .e = e,
		.err = err };
	raid_lines_split(&s->lines, s->p, len);
	return 0;
}

int
raid_edits_clean(const void *p, size_t len, struct raid_edits *e,
    struct raid_err *err)
{
	struct raid_edits_search s;
	struct raid_edits_span span = { .first = 1, .clean = 1 };
	int r;

	if (begin(&s, p, len, e, err) == -1)
		return -1;
	span.v = s.lines.v;
	span.n = s.lines.n;
	r = raid_edits_diff(e, &span, err);
	raid_lines_free(&s.lines);
	return r;
}

int
raid_edits_find(const void *p, size_t len, struct raid_edits *e,
    struct raid_err *err)
{
	struct raid_edits_search s;
	struct raid_edits_span span = { .first = 1 };
	int r;

	if (begin(&s, p, len, e, err) == -1)
		return -1;
	span.v = s.lines.v;
	span.n = s.lines.n;
	if (!raid_edits_is_diff(span.v, span.n)) {
		r = search(&s);
	} else {
		/* A program wrote it, most likely: then its counts tell what
		 * a removed line "-- x" is. */
		raid_lines_free(&s.lines);
		raid_edits_free(e);
		if (raid_edits_clean(p, len, e, err) == 0)
			return 0;
		raid_edits_free(e);
		(void)begin(&s, p, len, e, err);
		span.v = s.lines.v;
		span.n = s.lines.n;
		r = raid_edits_diff(e, &span, err);
	}
	raid_lines_free(&s.lines);
	return r;
}
