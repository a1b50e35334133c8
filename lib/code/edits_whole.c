/* SPDX-License-Identifier: ISC */
/* Whole files in a fence. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/edits_priv.h"

/* Files that hold fences of their own as a matter of course. */
static int
is_markdown(const char *path)
{
	static const char *const ends[] = { ".md", ".markdown", ".mdx", ".qmd",
		".rmd", ".Rmd", ".mdc", ".txt", "README" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (raid_str_ends(path, ends[i]))
			return 1;
	return 0;
}

/*
 * The end of the file: fences within open with an info string, and each of
 * these has an end of its own.
 */
static void
find_end(struct raid_edits_search *s, struct raid_edits_fence *f)
{
	size_t depth = 0, n;

	f->closed = 0;
	for (f->end = f->open + 1; f->end < s->lines.n; f->end++) {
		int like = raid_edits_fence_like(s, f->end, f, &n);

		if (like == 2)
			depth++;
		else if (like == 1 && depth != 0)
			depth--;
		else if (like == 1 && n < f->indent + 4) {
			f->closed = 1;
			break;
		}
	}
	(void)raid_edits_spend(s, f->end - f->open);
}

/*
 * Was that its end, or does a fence without an info string open there, in
 * the file?  It does if text follows at once and another such fence later;
 * in Markdown the second will do.
 */
static int
is_unclear(struct raid_edits_search *s, const struct raid_edits_fence *f,
    const char *path)
{
	size_t i = f->end + 1, n;
	int like = 0;

	if (i >= s->lines.n || (!is_markdown(path) &&
	    raid_edits_bare(s, i).len == 0))
		return 0;
	for (; i < s->lines.n && like == 0; i++)
		like = raid_edits_fence_like(s, i, f, &n);
	(void)raid_edits_spend(s, i - f->end);
	return like == 1;
}

/* The text ends in a fence that a longer answer might go on in. */
static int
may_go_on(const struct raid_edits_search *s, const struct raid_edits_fence *f)
{
	struct raid_line l = raid_line_trim(raid_edits_bare(s, f->end - 1));

	return f->end + 1 == s->lines.n && s->p[s->len - 1] != '\n' &&
	    (l.len == 0 || l.p[l.len - 1] == ':');
}

static int
check_end(struct raid_edits_search *s, const struct raid_edits_fence *f,
    const char *path)
{
	if (!f->closed)
		return raid_edits_bad(s->err, f->open + 1,
		    "the answer ends in the middle of %s: its fence is not "
		    "closed, or holds others and needs to be longer", path);
	if (may_go_on(s, f))
		return raid_edits_bad(s->err, f->open + 1,
		    "the answer may end in the middle of %s", path);
	if (is_unclear(s, f, path))
		return raid_edits_refuse(s->err, f->open + 1,
		    "%s holds fences and needs a longer one around it", path);
	return 0;
}

static void
fill(struct raid_edit *ed, const struct raid_edits_view *v, int crlf)
{
	struct raid_buf content;

	raid_buf_init(&content, RAID_EDITS_TEXT_MAX);
	for (size_t i = v->from; i < v->to; i++) {
		struct raid_line l = crlf ? raid_edits_text(v, i) :
		    raid_edits_line(v, i);

		raid_buf_add(&content, l.p, l.len);
		if (crlf)
			raid_buf_addc(&content, '\n');
	}
	ed->content_len = content.len;
	ed->content = (unsigned char *)raid_buf_take(&content);
	raid_buf_free(&content);
}

int
raid_edits_whole(struct raid_edits_search *s, struct raid_edits_fence *f,
    char *path, int labelled)
{
	struct raid_edit *ed = raid_edits_add(s->e, f->open + 1, s->err);
	struct raid_line head = s->lines.v[f->open];
	struct raid_edits_view v = { .s = s, .from = f->open + 1,
		.indent = f->indent };

	if (ed == NULL) {
		free(path);
		return -1;
	}
	ed->path = path;
	ed->form = RAID_EDIT_WHOLE;
	s->last = path;
	if (strchr(path, '\\') != NULL)
		return raid_fail(s->err, RAID_EPERM,
		    "line %zu of the answer: %s: a backslash in a path",
		    f->open + 1, path);
	find_end(s, f);
	v.to = f->end;
	s->at = f->end + 1;
	if (check_end(s, f, path) == -1)
		return -1;
	if (!raid_edits_all_alike(s, v.from, v.to, f->open, f->indent))
		v.indent = 0;
	if (labelled) {
		ed->label = raid_edits_text(&v, v.from);
		v.from++;
	}
	fill(ed, &v, head.len > 1 && head.p[head.len - 2] == '\r');
	return 0;
}
