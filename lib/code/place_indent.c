/* SPDX-License-Identifier: ISC */
/* Blanks before lines: how those of a hunk became those of the file. */
#include <stdlib.h>
#include <string.h>

#include "code/place_priv.h"

/* Where tabs are narrower, a continued line may be indented by as many blanks
 * as a tab has, and columns do not tell the two. */
#define WIDE 8

/* Pairs of lines that are not blank. */
struct pairs {
	const struct raid_line *hunk, *file;
	size_t n;
};

static int
blank(struct raid_line l)
{
	return raid_line_trim(l).len == 0;
}

static long
columns(struct raid_line l, long width)
{
	long c = 0;

	for (size_t i = 0, n = raid_line_lead(l); i < n; i++)
		c += l.p[i] == '\t' ? width - c % width : 1;
	return c;
}

static int
has_tab(struct raid_line l)
{
	return memchr(l.p, '\t', raid_line_lead(l)) != NULL;
}

/* Is b, where it is not blank, always p[0..n) and then a? */
static int
prefixed(const struct raid_line *a, const struct raid_line *b, size_t count,
    const unsigned char **p, size_t *n)
{
	int known = 0;

	for (size_t i = 0; i < count; i++) {
		size_t la = raid_line_lead(a[i]), lb = raid_line_lead(b[i]);

		if (blank(a[i]))
			continue;
		if (lb < la)
			return 0;
		if (!known) {
			*p = b[i].p;
			*n = lb - la;
			known = 1;
		}
		if (lb - la != *n || memcmp(b[i].p, *p, *n) != 0 ||
		    memcmp(b[i].p + *n, a[i].p, la) != 0)
			return 0;
	}
	return known;
}

static int
any_tab(const struct raid_line *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!blank(v[i]) && has_tab(v[i]))
			return 1;
	return 0;
}

/* Do columns differ by the same number everywhere, tabs being so wide? */
static int
shifted(const struct pairs *p, long width, long *shift)
{
	int known = 0;

	for (size_t i = 0; i < p->n; i++) {
		long d = columns(p->file[i], width) -
		    columns(p->hunk[i], width);

		if (blank(p->hunk[i]))
			continue;
		if (known && d != *shift)
			return 0;
		*shift = d;
		known = 1;
	}
	return known;
}

/* A width of tabs that explains all; one that moves nothing is best, and of
 * several others none. */
static int
by_width(struct raid_place_indent *t, const struct pairs *p)
{
	static const long widths[] = { 8, 4, 2, 3 };
	int found = 0;
	long shift = 0;

	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		if (!shifted(p, widths[i], &shift))
			continue;
		if (found++ == 0 || shift == 0) {
			t->width = widths[i];
			t->shift = shift;
		}
	}
	t->vague = found > 1;
	return found == 1 || (found > 1 && t->shift == 0);
}

/* Columns that are in one proportion, with two depths to show it. */
static int
by_scale(struct raid_place_indent *t, const struct pairs *p)
{
	static const long ratios[][2] = { { 2, 1 }, { 1, 2 }, { 4, 1 },
		{ 1, 4 }, { 4, 3 }, { 3, 4 }, { 3, 2 }, { 2, 3 }, { 8, 1 } };
	long h, f, first, seen;
	int good;

	for (size_t k = 0; k < sizeof(ratios) / sizeof(*ratios); k++) {
		first = -1;
		seen = 0;
		good = 1;
		for (size_t i = 0; good && i < p->n; i++) {
			if (blank(p->hunk[i]))
				continue;
			h = columns(p->hunk[i], 8);
			f = columns(p->file[i], 8);
			good = f * ratios[k][1] == h * ratios[k][0];
			seen += first != -1 && h != first;
			first = h;
		}
		if (good && seen != 0) {
			t->num = ratios[k][0];
			t->den = ratios[k][1];
			return 1;
		}
	}
	return 0;
}

static int
same_blanks(struct raid_line a, struct raid_line b)
{
	size_t n = raid_line_lead(a);

	return n == raid_line_lead(b) && memcmp(a.p, b.p, n) == 0;
}

/* Remember what blanks a line of the hunk stands for. */
static void
note_depth(struct raid_place_indent *t, struct raid_line hunk,
    struct raid_line file)
{
	long c = columns(hunk, 8);

	for (size_t i = 0; i < t->n_depths; i++)
		if (t->depth[i].column == c) {
			t->depth[i].bad |= !same_blanks(t->depth[i].file,
			    file);
			return;
		}
	if (t->n_depths < RAID_PLACE_DEPTHS)
		t->depth[t->n_depths++] = (struct raid_place_depth){ c, file,
			0 };
}

/* Which depths the hunk shows. */
static void
note_depths(struct raid_place_indent *t, const struct pairs *p)
{
	t->only = -2;
	for (size_t i = 0; i < p->n; i++) {
		long c = columns(p->hunk[i], 8);

		if (blank(p->hunk[i]))
			continue;
		t->tabs |= has_tab(p->file[i]);
		note_depth(t, p->hunk[i], p->file[i]);
		/* One blank stands before the lines of a comment, too. */
		t->known |= c > 1 || raid_line_lead(p->file[i]) > 1 ||
		    has_tab(p->file[i]);
		if (t->only == -2)
			t->only = c;
		else if (t->only != c)
			t->only = -1;
	}
}

int
raid_place_indent_learn(struct raid_place_indent *t,
    const struct raid_line *hunk, const struct raid_line *file, size_t n)
{
	struct pairs p = { hunk, file, n };
	int htabs = any_tab(hunk, n), ftabs = any_tab(file, n);

	*t = (struct raid_place_indent){ .kind = RAID_PLACE_SAME };
	note_depths(t, &p);
	if (t->only == -2)
		return 1;
	if (prefixed(hunk, file, n, &t->prefix, &t->prefix_len)) {
		t->kind = t->prefix_len == 0 ? RAID_PLACE_SAME :
		    RAID_PLACE_ADD;
		return 1;
	}
	if (prefixed(file, hunk, n, &t->prefix, &t->prefix_len)) {
		t->kind = RAID_PLACE_REMOVE;
		return 1;
	}
	t->kind = ftabs ? RAID_PLACE_TO_TABS : RAID_PLACE_TO_SPACES;
	if (htabs != ftabs)
		return by_width(t, &p);
	t->kind = RAID_PLACE_SCALE;
	return !htabs && by_scale(t, &p);
}

/* The least number of spaces that a line of the file begins with. */
static size_t
unit_of(const struct raid_place_text *file)
{
	size_t least = 0, n;

	for (size_t i = 0; i < file->lines.n && i < 2000; i++) {
		struct raid_line l = file->lines.v[i];

		n = raid_line_lead(l);
		if (n > 1 && l.p[0] == ' ' && !blank(l) &&
		    (least == 0 || n < least))
			least = n;
	}
	return least;
}

/*
 * What blanks the lines of the file have that begin in a column: nearly all
 * the same ones (-1 otherwise), or there is none (0).  The majority vote is
 * that of R. S. Boyer and J S. Moore, "MJRTY" (1981).
 */
static void
look_at_column(const struct raid_place_text *file, struct raid_place_column *c)
{
	size_t votes = 0, agree = 0, all = 0;

	for (size_t i = 0; i < file->lines.n; i++) {
		struct raid_line l = file->lines.v[i];

		if (blank(l) || columns(l, c->width) != c->column)
			continue;
		if (votes == 0)
			c->often = l;
		votes += votes == 0 || same_blanks(c->often, l) ? 1 :
		    (size_t)-1;
		all++;
	}
	for (size_t i = 0; i < file->lines.n && all != 0; i++)
		agree += !blank(file->lines.v[i]) &&
		    columns(file->lines.v[i], c->width) == c->column &&
		    same_blanks(c->often, file->lines.v[i]);
	c->agreed = all == 0 ? 0 :
	    (c->width < WIDE ? 100 : 20) * (all - agree) > all ? -1 : 1;
}

static int
as_in_file(struct raid_place_text *file, long width, long column,
    struct raid_buf *out)
{
	struct raid_place_column *c =
	    &file->column[(size_t)column % RAID_PLACE_DEPTHS];

	if (c->width != width || c->column != column) {
		*c = (struct raid_place_column){ width, column, { NULL, 0 },
			0 };
		look_at_column(file, c);
	}
	if (c->agreed == 1)
		raid_buf_add(out, c->often.p, raid_line_lead(c->often));
	return c->agreed;
}

/* The blanks of a line that comes in the column; where the file has no line,
 * as many tabs as go in. */
static int
put_tabs(const struct raid_place_indent *t, struct raid_place_text *file,
    struct raid_line l, struct raid_buf *out)
{
	long column = columns(l, t->width) + t->shift;
	int r;

	if (column < 0)
		return -1;
	if (column == 0)
		return 0;
	for (size_t i = 0; i < t->n_depths; i++)
		if (t->depth[i].column == columns(l, 8)) {
			if (t->depth[i].bad)
				return -1;
			if (t->width < WIDE)
				break;
			raid_buf_add(out, t->depth[i].file.p,
			    raid_line_lead(t->depth[i].file));
			return 0;
		}
	r = as_in_file(file, t->width, column, out);
	if (r != 0)
		return r == 1 ? 0 : -1;
	/* With another width there might be no rest. */
	if (t->vague && column % t->width != 0)
		return -1;
	for (; column >= t->width; column -= t->width)
		raid_buf_addc(out, '\t');
	while (column-- > 0)
		raid_buf_addc(out, ' ');
	return 0;
}

/* Is it a shift by whole steps, or rather another width of the step, of
 * which one depth alone tells nothing? */
static int
doubtful(const struct raid_place_indent *t,
    const struct raid_place_text *file, struct raid_line l)
{
	size_t unit = unit_of(file);

	if (t->only < 0 || columns(l, 8) == t->only || unit == 0)
		return 0;
	if (t->prefix_len == 0 || t->prefix[0] != ' ')
		return 0;
	return t->prefix_len % unit != 0;
}

static int
put_spaces(long column, struct raid_buf *out)
{
	if (column < 0)
		return -1;
	while (column-- > 0)
		raid_buf_addc(out, ' ');
	return 0;
}

int
raid_place_indent_apply(const struct raid_place_indent *t,
    struct raid_place_text *file, struct raid_line l, struct raid_buf *out)
{
	size_t n = raid_line_lead(l);
	long c;
	int r = 0;

	if (blank(l)) {
		raid_buf_add(out, l.p, l.len);
		return 0;
	}
	switch (t->kind) {
	case RAID_PLACE_SAME:
		n = 0;
		break;
	case RAID_PLACE_ADD:
		if (doubtful(t, file, l))
			return -1;
		raid_buf_add(out, t->prefix, t->prefix_len);
		n = 0;
		break;
	case RAID_PLACE_REMOVE:
		if (n < t->prefix_len || doubtful(t, file, l) ||
		    memcmp(l.p, t->prefix, t->prefix_len) != 0)
			return -1;
		n = t->prefix_len;
		break;
	case RAID_PLACE_TO_TABS:
		r = put_tabs(t, file, l, out);
		break;
	case RAID_PLACE_TO_SPACES:
		r = put_spaces(columns(l, t->width) + t->shift, out);
		break;
	case RAID_PLACE_SCALE:
		c = columns(l, 8) * t->num;
		r = c % t->den != 0 ? -1 : put_spaces(c / t->den, out);
		break;
	}
	raid_buf_add(out, l.p + n, l.len - n);
	return r;
}
