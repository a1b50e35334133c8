/* SPDX-License-Identifier: ISC */
#include "code/edits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"
#include "code/edits_scan.h"

static int
fail(struct raid_err *err, enum raid_code code, size_t line, const char *fmt,
    va_list ap)
{
	char what[256];

	(void)vsnprintf(what, sizeof(what), fmt, ap);
	return raid_fail(err, code, "line %zu of the answer: %s", line, what);
}

int
raid_edits_bad(struct raid_err *err, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fail(err, RAID_EDATA, line, fmt, ap);
	va_end(ap);
	return -1;
}

int
raid_edits_refuse(struct raid_err *err, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fail(err, RAID_NO, line, fmt, ap);
	va_end(ap);
	return -1;
}

int
raid_edits_cut(struct raid_err *err, size_t line, const char *what)
{
	return raid_edits_bad(err, line,
	    "the answer ends in the middle of %s", what);
}

struct raid_edit *
raid_edits_add(struct raid_edits *e, size_t line, struct raid_err *err)
{
	if (e->n == RAID_EDITS_MAX) {
		raid_edits_refuse(err, line, "more than %d edits",
		    RAID_EDITS_MAX);
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
		raid_edits_refuse(err, line, "more than %d hunks",
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

void
raid_edits_add_anchor(struct raid_edit_hunk *h, struct raid_line l)
{
	size_t n = h->n_anchors, dots = 0;

	l = raid_line_trim(l);
	while (l.len != 0 && (*l.p == ' ' || *l.p == '\t')) {
		l.p++;
		l.len--;
	}
	while (dots < l.len && l.p[dots] == '.')
		dots++;
	if (dots == l.len || (l.len == 3 && memcmp(l.p, "…", 3) == 0))
		return;
	if ((n & (n - 1)) == 0)
		h->anchors = raid_realloc(h->anchors, n != 0 ? 2 * n : 1,
		    sizeof(*h->anchors));
	h->anchors[h->n_anchors++] = l;
}

int
raid_edits_changes(const struct raid_edit_hunk *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != ' ')
			return 1;
	return 0;
}

static void
edit_free(struct raid_edit *ed)
{
	for (size_t j = 0; j < ed->n_hunks; j++) {
		free(ed->hunks[j].v);
		free(ed->hunks[j].anchors);
	}
	free(ed->hunks);
	free(ed->path);
	free(ed->new_path);
	free(ed->content);
}

void
raid_edits_free(struct raid_edits *e)
{
	for (size_t i = 0; i < e->n; i++)
		edit_free(&e->v[i]);
	free(e->v);
	free(e->text);
	*e = (struct raid_edits){ 0 };
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
	return 0;
}

static int
check_lines(const void *p, size_t len, struct raid_err *err)
{
	const unsigned char *at = p, *end = at + len, *nl;
	size_t n = 0;

	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		nl = nl != NULL ? nl : end;
		if (++n > RAID_EDITS_LINES_MAX)
			return raid_fail(err, RAID_NO,
			    "an answer of more than %d lines",
			    RAID_EDITS_LINES_MAX);
		if ((size_t)(nl - at) > RAID_EDITS_LINE_MAX)
			return raid_edits_refuse(err, n,
			    "it has more than %u MiB",
			    RAID_EDITS_LINE_MAX >> 20);
	}
	return 0;
}

static int
read_clean(struct raid_edits_search *s, int alone)
{
	struct raid_edits_span span = { .v = { s, 0, s->lines.n, 0 },
		.clean = 1, .alone = alone };
	size_t at = 0;

	return raid_edits_diff(&span, &at);
}

/* A NUL in a name was made a newline: both are refused. */
static int
check_names(const struct raid_edits *e, struct raid_err *err)
{
	for (size_t i = 0; i < e->n; i++) {
		const char *names[2] = { e->v[i].path, e->v[i].new_path };

		for (size_t k = 0; k < 2; k++)
			for (const char *p = names[k]; p != NULL && *p != '\0';
			    p++)
				if ((unsigned char)*p < ' ' && *p != '\t')
					return raid_fail(err, RAID_EPERM,
					    "line %zu of the answer: a control "
					    "character in the name of a file",
					    e->v[i].line);
	}
	return 0;
}

int
raid_edits_clean(const void *p, size_t len, struct raid_edits *e,
    struct raid_err *err)
{
	struct raid_edits_search s;
	int r;

	if (begin(&s, p, len, e, err) == -1)
		return -1;
	raid_lines_split(&s.lines, s.p, len);
	r = read_clean(&s, 0);
	raid_lines_free(&s.lines);
	return r == 0 ? check_names(e, err) : r;
}

/* Does the text begin as a diff that a program wrote? */
static int
is_diff(const struct raid_edits_search *s)
{
	struct raid_edits_view v = { NULL, 0, s->lines.n, 0 };
	struct raid_line l, next;
	size_t i = 0;

	v.s = (struct raid_edits_search *)(uintptr_t)s;
	while (i < v.to && raid_line_trim(s->lines.v[i]).len == 0)
		i++;
	l = raid_edits_text(&v, i);
	next = raid_edits_text(&v, i + 1);
	return raid_edits_diff_begins(&v, i) ||
	    (raid_edits_starts(l, "From ") && l.len > 45 &&
	    raid_edits_starts(next, "From: ")) ||
	    (raid_edits_starts(l, "commit ") && l.len >= 47);
}

int
raid_edits_find(const void *p, size_t len, struct raid_edits *e,
    struct raid_err *err)
{
	struct raid_edits_search s;
	unsigned char *text;
	int r;

	if (begin(&s, p, len, e, err) == -1 ||
	    check_lines(s.p, len, err) == -1)
		return -1;
	raid_lines_split(&s.lines, s.p, len);
	/* When a program wrote it, its counts tell what a removed line
	 * "-- x" is. */
	if (len != 0 && s.p[len - 1] == '\n' && is_diff(&s)) {
		if (read_clean(&s, 1) == 0 && e->n != 0) {
			raid_lines_free(&s.lines);
			return check_names(e, err);
		}
		text = e->text;
		e->text = NULL;
		raid_edits_free(e);
		e->text = text;
		e->text_len = len;
	}
	r = raid_edits_scan(&s);
	raid_lines_free(&s.lines);
	return r == 0 ? check_names(e, err) : r;
}
