/* SPDX-License-Identifier: ISC */
/* Fences: which kind of edit is in one, and of which file. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "code/edits_scan.h"

/* What is in a fence. */
enum content { NOTHING, DIFF, BLOCKS, CODEX, HALF };

static int
says_diff(const struct raid_edits_fence *f)
{
	static const char *const names[] = { "diff", "patch", "udiff",
		"git-diff", "diff-fenced" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]);

		if (f->info_len >= n &&
		    strncasecmp((const char *)f->info, names[i], n) == 0 &&
		    (f->info_len == n || f->info[n] == ' ' ||
		    f->info[n] == ':'))
			return 1;
	}
	return 0;
}

/* The first line of the fence that is not blank. */
static size_t
first_line(const struct raid_edits_search *s, const struct raid_edits_fence *f)
{
	size_t i = f->open + 1;

	while (i < f->end && raid_edits_bare(s, i).len == 0)
		i++;
	return i;
}

int
raid_edits_is_diff(struct raid_edits_search *s, size_t i)
{
	struct raid_edits_view v = { s, i, s->lines.n,
		raid_edits_margin(s->lines.v[i]) };

	return raid_edits_diff_begins(&v, i);
}

int
raid_edits_is_numbered(const struct raid_edits_search *s, size_t i)
{
	struct raid_line l = raid_edits_bare(s, i);

	return raid_edits_is_hunk(l) && l.len > 4 && l.p[3] == '-';
}

/* A line of the fence that begins an edit, and which; else NOTHING. */
static enum content
look_inside(struct raid_edits_search *s, const struct raid_edits_fence *f,
    size_t *at)
{
	enum content c = NOTHING;

	for (size_t i = f->open + 1; i < f->end; i++) {
		enum content k = NOTHING;
		struct raid_line l = raid_edits_bare(s, i);

		if (l.len < 3)
			continue;
		if (memchr("<>&-*d+I", l.p[0], 8) == NULL)
			continue;
		if (raid_edits_is_search(s, i))
			k = BLOCKS;
		else if (raid_edits_is_replace(s, i))
			k = HALF;
		else if (l.p[0] == '*' && raid_edits_is_codex(s, i))
			k = CODEX;
		else if (raid_edits_is_diff(s, i))
			k = DIFF;
		if (k == NOTHING || c == BLOCKS)
			continue;
		if (c == NOTHING || k == BLOCKS)
			*at = i;
		c = c == NOTHING || k == BLOCKS ? k : c;
	}
	return c;
}

/* Nothing but lines that a hunk may have? */
static int
is_body(const struct raid_edits_view *v)
{
	int changes = 0;

	for (size_t i = v->from; i < v->to; i++) {
		struct raid_line l = raid_edits_text(v, i);

		if (l.len == 0)
			continue;
		if (l.p[0] != ' ' && l.p[0] != '+' && l.p[0] != '-')
			return 0;
		changes |= l.p[0] != ' ';
	}
	return changes;
}

/* Where the fence of a diff ends: a fence that is indented more is context
 * of its own. */
static void
diff_end(struct raid_edits_search *s, struct raid_edits_fence *f,
    size_t margin)
{
	size_t n;

	f->closed = 0;
	for (f->end = f->open + 1; f->end < s->lines.n; f->end++) {
		int like = raid_edits_fence_like(s, f->end, f, &n);

		if (like == 0 || n > (f->indent > margin ? f->indent : margin))
			continue;
		f->closed = like == 1;
		break;
	}
	(void)raid_edits_spend(s, f->end - f->open);
}

/* The path for hunks that have none: that of the fence, or of the line above
 * it, or of the edit before. */
static char *
hunk_path(const struct raid_edits_search *s, const struct raid_edits_fence *f,
    char *path)
{
	if (path == NULL)
		path = raid_edits_path_above(s, f->open, 0);
	if (path != NULL && !raid_edits_is_path(path) &&
	    (s->last == NULL || strcmp(path, s->last) != 0)) {
		free(path);
		path = NULL;
	}
	return path;
}

/* What follows the fence: more of a hunk that a fence in it has ended? */
static int
goes_on(const struct raid_edits_search *s, const struct raid_edits_fence *f)
{
	struct raid_line l;

	if (f->end + 1 >= s->lines.n)
		return 0;
	l = raid_line_trim(s->lines.v[f->end + 1]);
	return l.len > 1 && (l.p[0] == '+' || l.p[0] == '-') &&
	    l.p[1] != ' ' && l.p[1] != l.p[0];
}

static int
take_diff(struct raid_edits_search *s, struct raid_edits_fence *f,
    size_t first, char *path)
{
	struct raid_edits_span span = { .fenced = 1 };
	size_t margin = 0, before = s->e->n, at = f->open + 1;
	int r;

	if (first < f->end)
		margin = raid_edits_margin(s->lines.v[first]);
	diff_end(s, f, margin);
	if (!raid_edits_all_alike(s, at, f->end, first, margin))
		margin = raid_edits_all_alike(s, at, f->end, f->open,
		    f->indent) ? f->indent : 0;
	span.v = (struct raid_edits_view){ s, at, f->end, margin };
	span.path = path;
	s->at = f->end + (f->closed ? 1 : 0);
	r = raid_edits_diff(&span, &at);
	if (r == 0 && s->e->n == before && path != NULL && is_body(&span.v))
		r = raid_edits_headless(&span);
	if (r == 0 && s->e->n != before && !f->closed)
		r = raid_edits_cut(s->err, f->open + 1, "this fence");
	if (r == 0 && s->e->n != before && goes_on(s, f))
		r = raid_edits_bad(s->err, f->end + 1,
		    "the diff goes on behind the end of its fence");
	return r;
}

static int
take_codex(struct raid_edits_search *s, struct raid_edits_fence *f, size_t at)
{
	size_t n;

	if (raid_edits_codex(s, &at) == -1)
		return -1;
	for (; at < s->lines.n; at++)
		if (raid_edits_fence_like(s, at, f, &n) == 1) {
			s->at = at + 1;
			return 0;
		} else if (raid_edits_is_codex(s, at)) {
			if (raid_edits_codex(s, &at) == -1)
				return -1;
			at--;
		}
	return raid_edits_cut(s->err, f->open + 1, "this fence");
}

/* The path of a whole file: in the info string, above the fence, or in its
 * first line, which is a label then. */
static char *
whole_path(struct raid_edits_search *s, const struct raid_edits_fence *f,
    int *label)
{
	size_t i = f->open, first = f->open + 1;
	char *path = NULL;
	struct raid_line l;

	*label = 0;
	(void)raid_edits_spend(s, 16);
	if (i > 0 && raid_edits_bare(s, i - 1).len == 0)
		i--;
	if (i > 0) {
		l = raid_edits_bare(s, i - 1);
		path = raid_edits_path_line(l, i == f->open ?
		    RAID_EDITS_WHOLE : RAID_EDITS_WHOLE_FAR);
		if (path == NULL && raid_edits_says_whole(l))
			(void)raid_edits_path_spans(l, &path);
	}
	if (path != NULL || first >= f->end)
		return path;
	path = raid_edits_path_comment(raid_edits_bare(s, first));
	if (path != NULL && raid_edits_is_shell(f->info, f->info_len) &&
	    strchr(path, '.') != NULL && strstr(path, "sh") == NULL) {
		free(path);
		return NULL;
	}
	*label = path != NULL;
	return path;
}

/* The answer as a whole stands in a fence, with others inside. */
static int
is_wrapper(const struct raid_edits_search *s, const struct raid_edits_fence *f)
{
	static const char *const names[] = { "", "markdown", "md" };
	struct raid_edits_fence inner;
	size_t n;
	int known = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		known |= f->info_len == strlen(names[i]) &&
		    memcmp(f->info, names[i], f->info_len) == 0;
	if (!known)
		return 0;
	for (size_t i = 0; i < f->open; i++)
		if (raid_edits_bare(s, i).len != 0)
			return 0;
	for (size_t i = f->open + 1; i < s->lines.n; i++) {
		if (raid_edits_fence_like(s, i, f, &n) == 1)
			return 0;
		if (raid_edits_fence_opens(s, i, &inner))
			return inner.info_len != 0;
	}
	return 0;
}

static enum content
content_of(struct raid_edits_search *s, const struct raid_edits_fence *f,
    size_t *at)
{
	size_t first = first_line(s, f);
	enum content c = NOTHING;

	*at = first;
	if (first < f->end && raid_edits_is_diff(s, first))
		return DIFF;
	if (first < f->end && raid_edits_is_numbered(s, first))
		c = DIFF;
	if (c == NOTHING)
		c = look_inside(s, f, at);
	if (c == NOTHING && says_diff(f))
		c = DIFF;
	return c;
}

/* A fence: blocks, a diff, a whole file, or nothing for us. */
int
raid_edits_fence(struct raid_edits_search *s, struct raid_edits_fence *f)
{
	int session, label = 0, r = 0;
	enum content c;
	size_t at;
	char *path;

	if (is_wrapper(s, f)) {
		s->at++;
		return 0;
	}
	raid_edits_fence_end(s, f);
	s->at = f->end + 1;
	c = content_of(s, f, &at);
	path = raid_edits_path_info(f->info, f->info_len, &session);
	/* What a terminal shows, and a file that holds a diff, are none. */
	if (c == DIFF && at != first_line(s, f) && !says_diff(f) &&
	    (session || path != NULL))
		c = NOTHING;
	if (c == NOTHING && path == NULL && !session)
		path = whole_path(s, f, &label);
	/* To overlook a file would be to take half of what was meant. */
	if (c == NOTHING && path == NULL && !session &&
	    (raid_edits_is_doubtful_info(f->info, f->info_len) ||
	    (f->open != 0 &&
	    raid_edits_is_doubtful(raid_edits_bare(s, f->open - 1)))))
		return raid_edits_refuse(s->err, f->open,
		    "is this the name of the file that follows?");
	if (c == NOTHING && path != NULL)
		return raid_edits_whole(s, f, path, label);
	if (c == DIFF) {
		path = hunk_path(s, f, path);
		r = take_diff(s, f, at, path);
	} else if (c == BLOCKS || c == HALF)
		r = raid_edits_fence_blocks(s, f, at);
	else if (c == CODEX)
		r = take_codex(s, f, at);
	free(path);
	return r;
}
