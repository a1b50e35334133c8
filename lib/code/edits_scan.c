/* SPDX-License-Identifier: ISC */
#include "code/edits_scan.h"

#include <stdlib.h>
#include <string.h>

/* A diff among prose. */
static int
bare_diff(struct raid_edits_search *s, char *path)
{
	struct raid_edits_span span = { .v = raid_edits_view_from(s, s->at),
		.path = path };
	size_t at = s->at;
	int r = raid_edits_diff(&span, &at);

	s->at = at > s->at ? at : s->at + 1;
	free(path);
	return r;
}

/* "@@" under a line that names a path. */
static int
bare_hunk(struct raid_edits_search *s)
{
	char *path = NULL;

	(void)raid_edits_spend(s, 32);
	for (size_t i = s->at, n = 0; path == NULL && i > 0 && n < 2;
	    i--, n++) {
		struct raid_line l = raid_edits_bare(s, i - 1);

		if (l.len == 0)
			continue;
		path = raid_edits_path_line(l, RAID_EDITS_WHOLE);
		if (path == NULL)
			(void)raid_edits_path_spans(l, &path);
		break;
	}
	if (path == NULL && raid_edits_is_numbered(s, s->at))
		path = raid_edits_path_above(s, s->at, s->at);
	if (path == NULL && !raid_edits_is_numbered(s, s->at)) {
		s->at++;
		return 0;
	}
	return bare_diff(s, path);
}

static struct raid_line
find(struct raid_line l, const char *word)
{
	const unsigned char *p = memmem(l.p, l.len, word, strlen(word));

	if (p == NULL)
		return (struct raid_line){ NULL, 0 };
	l.len -= (size_t)(p - l.p);
	l.p = p;
	return l;
}

/* "<think>": go on behind its end, which may stand in the middle of a
 * line. */
static int
skip_thought(struct raid_edits_search *s)
{
	struct raid_line l = raid_edits_bare(s, s->at);
	const char *end = raid_edits_starts(l, "<thinking>") ?
	    "</thinking>" : "</think>";

	for (size_t i = s->at; i < s->lines.n; i++) {
		l = find(s->lines.v[i], end);
		if (l.p == NULL)
			continue;
		l.p += strlen(end);
		l.len -= strlen(end);
		s->lines.v[i] = l;
		s->at = l.len != 0 ? i : i + 1;
		return 0;
	}
	return raid_edits_cut(s->err, s->at + 1, "what it thinks");
}

/* A line outside of fences. */
static int
take_line(struct raid_edits_search *s, struct raid_line l)
{
	size_t at = s->at;

	if (raid_edits_is_search(s, at))
		return raid_edits_bare_block(s);
	if (raid_edits_is_replace(s, at))
		return raid_edits_bad(s->err, at + 1,
		    "the end of a SEARCH block that has no begin");
	if (raid_edits_starts(l, "<think>") ||
	    raid_edits_starts(l, "<thinking>"))
		return skip_thought(s);
	if (l.p[0] == '*' && raid_edits_is_codex(s, at)) {
		at = s->at;
		if (raid_edits_codex(s, &at) == -1)
			return -1;
		s->at = at;
		return 0;
	}
	if (raid_edits_is_diff(s, at))
		return bare_diff(s, NULL);
	if (l.p[0] == '@' && raid_edits_is_hunk(l))
		return bare_hunk(s);
	s->at++;
	return 0;
}

/* The thoughts of some models have an end only: where it is, the answer
 * begins. */
static void
skip_headless_thought(struct raid_edits_search *s)
{
	struct raid_edits_fence f = { 0 };
	int inside = 0;
	size_t n;

	for (size_t i = 0; i < s->lines.n; i++) {
		struct raid_line l = raid_line_trim(s->lines.v[i]);

		if (inside ? raid_edits_fence_like(s, i, &f, &n) == 1 :
		    raid_edits_fence_opens(s, i, &f))
			inside = !inside;
		if (inside || l.len < 7 || l.p[0] != '<')
			continue;
		if (raid_edits_starts(l, "<think"))
			return;
		if (l.len == 8 && raid_edits_starts(l, "</think>")) {
			s->at = i + 1;
			return;
		}
	}
}

int
raid_edits_scan(struct raid_edits_search *s)
{
	struct raid_edits_fence f;
	int r = 0;

	s->work = 8 * s->lines.n + 65536;
	skip_headless_thought(s);
	while (r == 0 && s->at < s->lines.n) {
		struct raid_line l = raid_edits_bare(s, s->at);

		if (s->work == 0)
			return raid_fail(s->err, RAID_NO,
			    "the fences of the answer are too tangled");
		if (l.len < 2 || memchr("`~<&->+*d@I", l.p[0], 11) == NULL)
			s->at++;
		else if (raid_edits_fence_opens(s, s->at, &f))
			r = raid_edits_fence(s, &f);
		else
			r = take_line(s, l);
	}
	return r;
}
