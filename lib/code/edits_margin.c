/* SPDX-License-Identifier: ISC */
/* Hunks whose lines lost the blank that says "context", or got another. */
#include <string.h>

#include "code/edits_priv.h"

/* Does the line stand for others, as "..." or "// ..." does? */
static int
is_elision(struct raid_line l)
{
	static const char *const marks[] = { "//", "#", "--", ";", "/*", "[",
		"(", "<!--" };
	size_t i = 0;

	l = raid_line_trim(l);
	for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++)
		if (raid_edits_starts(l, marks[k])) {
			i = strlen(marks[k]);
			break;
		}
	while (i < l.len && l.p[i] == ' ')
		i++;
	l.p += i;
	l.len -= i;
	return raid_edits_starts(l, "...") || raid_edits_starts(l, "…");
}

/* Files in which a line that stays may well begin with "- ". */
static int
has_lists(const struct raid_edits_span *sp)
{
	static const char *const ends[] = { ".md", ".yml", ".yaml", ".rst",
		".txt", ".adoc", ".markdown" };
	const char *path = sp->path;
	size_t n = path != NULL ? strlen(path) : 0;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (n > strlen(ends[i]) &&
		    strcmp(path + n - strlen(ends[i]), ends[i]) == 0)
			return 1;
	return path == NULL;
}

static int
is_item(struct raid_line l)
{
	return l.len > 2 && (l.p[0] == '-' || l.p[0] == '+') &&
	    l.p[1] == ' ' && l.p[2] != ' ';
}

int
raid_edits_naked(const struct raid_edits_span *sp,
    const struct raid_edits_body *b)
{
	size_t odd = 0, items = 0, bare = 0;

	for (size_t i = b->from; i < b->to; i++) {
		struct raid_line l = raid_edits_text(&sp->v, i);

		if (raid_line_trim(l).len == 0)
			continue;
		if (l.p[0] == ' ')
			odd += raid_line_spaces(l) % 2;
		else if (l.p[0] == '+' || l.p[0] == '-') {
			items += is_item(l) != 0;
			bare += is_item(l) == 0;
		} else if ((l.p[0] == '\\' && !raid_edits_is_no_eol(l)) ||
		    is_elision(l))
			return raid_edits_bad(sp->v.s->err, i + 1,
			    "a line of a hunk begins with ' ', '-' or '+'");
	}
	/* One that kept its blank has an odd number of them, most likely;
	 * then the others did not all lose theirs. */
	if (!b->agree && odd != 0)
		return raid_edits_bad(sp->v.s->err, b->first_naked + 1,
		    "a line of a hunk begins with ' ', '-' or '+'");
	if (!b->agree && items != 0 && bare != 0 && has_lists(sp))
		return raid_edits_bad(sp->v.s->err, b->first_naked + 1,
		    "lines without a sign, and others that begin with \"- \": "
		    "which ones go?");
	return odd == 0;
}

/* Indentation of one line: 0 it says nothing, 1 even or with a tab, 2 odd,
 * 3 odd and one blank before a word. */
static int
parity(const struct raid_edit_line *l)
{
	struct raid_line t = { l->p, l->len };
	size_t n = raid_line_spaces(t);
	unsigned char c;

	if (raid_line_trim(t).len == 0)
		return 0;
	c = t.p[n];
	if (n == 1 && ((c | 32) >= 'a' && (c | 32) <= 'z'))
		return 3;
	return n % 2 == 0 ? 1 : 2;
}

void
raid_edits_unpad(struct raid_edit_hunk *h)
{
	size_t context = 0, words = 0;

	for (size_t i = 0; i < h->n; i++) {
		int k = parity(&h->v[i]);

		if (k == 0)
			continue;
		if ((h->v[i].kind == ' ') != (k >= 2))
			return;
		context += h->v[i].kind == ' ';
		words += k == 3;
	}
	if (context < 2 || words == 0)
		return;
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind == ' ' && h->v[i].len != 0 &&
		    h->v[i].p[0] == ' ') {
			h->v[i].p++;
			h->v[i].len--;
		}
}
