/* SPDX-License-Identifier: ISC */
/* Line numbers that a model copied along with the lines: "  12 | x". */
#include <string.h>

#include "code/edits_priv.h"

/* What stands between number and line. */
enum separator { NONE, PIPE, COLON, TAB, ARROW };

struct numbers {
	enum separator sep;
	size_t last;
	size_t n;
	int blank;		/* a blank follows in all lines so far */
};

static enum separator
separator(struct raid_line l, size_t *i, int direct)
{
	static const struct {
		const char *s;
		enum separator sep;
	} known[] = { { "|", PIPE }, { "\xe2\x94\x82", PIPE },
		{ "\t", TAB }, { "\xe2\x86\x92", ARROW }, { ":", COLON } };

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		size_t n = strlen(known[k].s);

		if (l.len - *i < n || memcmp(l.p + *i, known[k].s, n) != 0)
			continue;
		if (!direct && known[k].sep != PIPE)
			continue;
		*i += n;
		return known[k].sep;
	}
	return NONE;
}

/* The bytes of a number with its separator that the line begins with, or
 * 0. */
static size_t
number_of(struct raid_line l, size_t *value, enum separator *sep)
{
	size_t i = 0, digits;

	while (i < l.len && i < 8 && l.p[i] == ' ')
		i++;
	if (i < l.len && l.p[i] == 'L')
		i++;
	for (digits = i, *value = 0; i < l.len && i - digits < 7 &&
	    l.p[i] >= '0' && l.p[i] <= '9'; i++)
		*value = *value * 10 + (l.p[i] - '0');
	if (i == digits)
		return 0;
	digits = i;
	while (i < l.len && l.p[i] == ' ')
		i++;
	*sep = separator(l, &i, i == digits);
	return *sep != NONE ? i : 0;
}

static struct raid_line
of(const struct raid_edit_line *l)
{
	return raid_line_trim((struct raid_line){ l->p, l->len });
}

/* Do the numbers go on in this line? */
static int
goes_on(struct numbers *s, const struct raid_edit_line *el)
{
	struct raid_line l = of(el);
	enum separator sep;
	size_t value, n;

	if (l.len == 0)
		return 1;
	n = number_of(l, &value, &sep);
	if (n == 0 || (s->n != 0 && (sep != s->sep || value <= s->last)))
		return 0;
	if (n < l.len && l.p[n] != ' ')
		s->blank = 0;
	s->sep = sep;
	s->last = value;
	s->n++;
	return 1;
}

static void
set(const struct numbers *s, struct raid_edit_line *el)
{
	struct raid_line l = of(el);
	enum separator sep;
	size_t value, n;

	if (l.len == 0)
		return;
	n = number_of(l, &value, &sep);
	/* Of an empty line the blank is all that stands there. */
	if (s->blank && n < el->len && el->p[n] == ' ' &&
	    (sep == PIPE || sep == COLON))
		n++;
	el->number = (unsigned short)n;
}

void
raid_edits_number(struct raid_edit_hunk *h)
{
	struct numbers old = { .blank = 1 }, new = { .blank = 1 };
	int ok = 1;

	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '+' && !goes_on(&old, &h->v[i]))
			return;
	if (old.n == 0)
		return;
	for (size_t i = 0; ok && i < h->n; i++)
		if (h->v[i].kind == '+')
			ok = goes_on(&new, &h->v[i]);
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].kind != '+')
			set(&old, &h->v[i]);
		else if (ok)
			set(&new, &h->v[i]);
}
