/* SPDX-License-Identifier: ISC */
/* Paths that prose names: only in code spans, and never by guess. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/edits_priv.h"

#define PROSE_MAX 4096		/* bytes of a line that is looked at */

/* The code span at byte *i of the line, or the next; NULL at its end. */
static char *
next_span(struct raid_line l, size_t *i)
{
	const unsigned char *open, *shut;

	while (*i < l.len) {
		open = memchr(l.p + *i, '`', l.len - *i);
		if (open == NULL)
			return NULL;
		*i = (size_t)(open - l.p) + 1;
		shut = memchr(l.p + *i, '`', l.len - *i);
		if (shut == NULL)
			return NULL;
		*i = (size_t)(shut - l.p) + 1;
		if (shut - open > 1)
			return raid_strndup((const char *)open + 1,
			    (size_t)(shut - open) - 1);
	}
	return NULL;
}

size_t
raid_edits_path_spans(struct raid_line l, char **path)
{
	size_t i = 0, n = 0;
	char *span;

	*path = NULL;
	if (l.len > PROSE_MAX || memchr(l.p, '\0', l.len) != NULL)
		return 0;
	while ((span = next_span(l, &i)) != NULL) {
		size_t dots = raid_str_starts(span, "./") ? 2 : 0;

		if (raid_edits_is_file(span + dots) && n++ == 0)
			*path = raid_strdup(span + dots);
		free(span);
	}
	if (n > 1) {
		free(*path);
		*path = NULL;
	}
	return n;
}

static int
has_any(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasestr(s, *words) != NULL)
			return 1;
	return 0;
}

/* The first letters are left out where they may be capitals: what compares
 * knows only those of ASCII. */
int
raid_edits_is_remark(const char *s)
{
	static const char *const whole[] = { "new", "full", "complete",
		"whole", "entire", "updated", "final", "rewritten", "revised",
		"create", "modified", "changed", "fixed", "contents",
		"овый", "овая", "овое", "олный", "олная", "олное", "олностью",
		"еликом", "бновл", "одержимое", "оздай", "оздан", "зменён",
		"зменен", "тоговы",
		"完整", "新", "更新", "全部", "创建", "修改", "全文",
		"neue", "vollst", "nouveau", "nuevo",
		NULL };
	static const char *const part[] = { "excerpt", "snippet", "part",
		"fragment", "section", "function", "method", "class", "line",
		"block", "old ", "(old", "current", "original", "existing",
		"before", "add ", "append", "insert", "example", "only",
		"relevant", "test with", "run ", "rename", "remove", "delete",
		"рагмент", "асть", "ункци", "етод", "ласс", "трок", "блок",
		"тарый", "тарая", "екущ", "сходн", "обав", "ример", "олько",
		"далить", "片段", "部分", "函数", "方法", "类", "行", "旧",
		"当前", "原", "添加", "插入", "示例", "删除", "auszug", "extrait",
		NULL };

	return has_any(s, whole) && !has_any(s, part);
}

/* The code span must be what the colon stands behind: "In `x.c`, the new
 * loop is:" announces no file. */
int
raid_edits_says_whole(struct raid_line l)
{
	static const char *const ends[] = { "`:", "`**:", "`:**", "`：",
		"`**：" };
	char *s;
	int r = 0;

	l = raid_line_trim(l);
	if (l.len > PROSE_MAX || memchr(l.p, '\0', l.len) != NULL)
		return 0;
	s = raid_strndup((const char *)l.p, l.len);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		r |= raid_str_ends(s, ends[i]);
	/* The name itself says nothing. */
	if (r && strchr(s, '`') != NULL)
		*strchr(s, '`') = '\0';
	r = r && raid_edits_is_remark(s);
	free(s);
	return r;
}

/* A fence, or a marker, that stands between a path and its edit. */
static int
is_mark(struct raid_line l)
{
	return l.len >= 3 && (memcmp(l.p, "```", 3) == 0 ||
	    memcmp(l.p, "~~~", 3) == 0);
}

char *
raid_edits_path_above(const struct raid_edits_search *s, size_t at,
    size_t stop)
{
	for (size_t i = at, n = 0; i > stop && n < 3; i--, n++) {
		struct raid_line l = raid_line_trim(raid_edits_bare(s, i - 1));
		char *path = NULL;

		if (l.len == 0)
			continue;
		if (raid_edits_is_replace(s, i - 1) || is_mark(l))
			break;
		if (raid_edits_path_spans(l, &path) > 1)
			return NULL;
		if (path == NULL)
			path = raid_edits_path_line(l, RAID_EDITS_HUNK);
		if (path != NULL && s->last != NULL && n != 0 &&
		    !raid_edits_is_path(path)) {
			free(path);
			path = NULL;
		}
		if (path != NULL)
			return path;
		break;
	}
	return s->last != NULL ? raid_strdup(s->last) : NULL;
}
