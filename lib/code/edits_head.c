/* SPDX-License-Identifier: ISC */
/* Headers of files and hunks: where they begin, and what those of hunks say,
 * however little of it was written. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "code/edits_priv.h"

#define starts raid_edits_starts

int
raid_edits_is_hunk(struct raid_line l)
{
	return starts(l, "@@") && (l.len == 2 || l.p[2] == ' ' ||
	    l.p[2] == '-' || l.p[2] == '.' || l.p[2] == '\t' ||
	    l.p[2] == '@');
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

static size_t
skip(struct raid_line l, size_t i, const char *bytes)
{
	while (i < l.len && l.p[i] != '\0' && strchr(bytes, l.p[i]) != NULL)
		i++;
	return i;
}

size_t
raid_edits_hunk_counts(struct raid_line l, size_t *hint,
    struct raid_edits_counts *c)
{
	size_t i = skip(l, 2, " "), start, at;

	*hint = 0;
	*c = (struct raid_edits_counts){ 0 };
	if (i >= l.len || l.p[i] != '-')
		return i;
	at = i++;
	if (range(l, &i, hint, &c->old_want)) {
		if (c->old_want == 0)
			++*hint;
	} else if ((i = skip(l, i, ".,?x")) == at + 1)
		return at;
	i = skip(l, i, " ");
	if (i < l.len && l.p[i] == '+') {
		i++;
		c->given = range(l, &i, &start, &c->new_want) && *hint != 0;
		if (!c->given)
			i = skip(l, i, ".,?x");
	}
	return i;
}

void
raid_edits_hunk_head(struct raid_edit_hunk *h, struct raid_line l)
{
	struct raid_edits_counts c;
	size_t hint, i;

	l = raid_line_trim(l);
	i = skip(l, raid_edits_hunk_counts(l, &hint, &c), " ");
	h->hint = hint != 0 ? hint : h->hint;
	l.p += i;
	l.len -= i;
	/* "@@ ... @@ name" */
	if (starts(l, "...") || starts(l, "…")) {
		l.p += 3;
		l.len -= 3;
		while (l.len != 0 && (*l.p == ' ' || *l.p == '.')) {
			l.p++;
			l.len--;
		}
	}
	if (starts(l, "@@")) {
		l.p += 2;
		l.len -= 2;
	}
	if (l.len >= 2 && memcmp(l.p + l.len - 2, "@@", 2) == 0)
		l.len -= 2;
	raid_edits_add_anchor(h, l);
}

int
raid_edits_is_no_eol(struct raid_line l)
{
	static const char words[] = "no newline at";
	size_t i;

	l = raid_line_trim(l);
	/* diff(1) says it in the language of its user. */
	if (starts(l, "\\ "))
		return 1;
	i = skip(l, 0, " ");
	if (i == l.len || l.p[i] != '\\')
		return 0;
	i = skip(l, i, "\\ ");
	return l.len - i >= sizeof(words) - 1 &&
	    strncasecmp((const char *)l.p + i, words, sizeof(words) - 1) == 0;
}

static int
is_pair(const struct raid_edits_view *v, size_t i)
{
	return starts(raid_edits_text(v, i), "--- ") &&
	    starts(raid_edits_text(v, i + 1), "+++ ");
}

/* Only one of "--- x" and "+++ x", and then a hunk. */
static int
is_single(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i);
	char *name;
	int r;

	if ((!starts(l, "--- ") && !starts(l, "+++ ")) ||
	    !raid_edits_is_hunk(raid_edits_text(v, i + 1)))
		return 0;
	name = raid_edits_name(l, 4);
	r = raid_edits_is_path(name) || raid_edits_is_null(name);
	free(name);
	return r;
}

int
raid_edits_names(const struct raid_edits_view *v, size_t i)
{
	return is_pair(v, i) ? 2 : is_single(v, i);
}

static int
is_index(const struct raid_edits_view *v, size_t i)
{
	return starts(raid_edits_text(v, i), "Index: ") &&
	    starts(raid_edits_text(v, i + 1), "=====");
}

int
raid_edits_diff_begins(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i);

	if (l.len < 4)
		return 0;
	switch (l.p[0]) {
	case 'd':
		return starts(l, "diff --git ") || starts(l, "diff --cc ") ||
		    starts(l, "diff --combined ");
	case '-':
	case '+':
		return is_pair(v, i) || is_single(v, i);
	case 'I':
		return is_index(v, i);
	}
	return 0;
}

int
raid_edits_file_begins(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = raid_edits_text(v, i);

	if (l.len < 4)
		return 0;
	if (l.p[0] == '-' && is_pair(v, i))
		return raid_edits_is_hunk(raid_edits_text(v, i + 2)) ||
		    i + 2 >= v->to;
	return starts(l, "diff --") || is_index(v, i) || is_single(v, i);
}
