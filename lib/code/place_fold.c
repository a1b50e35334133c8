/* SPDX-License-Identifier: ISC */
/*
 * What programs that show text do to it: quotes become curly, hyphens long,
 * "<" becomes "&lt;", a tab some blanks.  Lines are compared without all
 * that, and what was lost in the old lines is lost in the new ones, too.
 */
#include <string.h>

#include "code/place_priv.h"

/* A piece of a line: a run of blanks, a run of dashes, or a character. */
struct piece {
	const unsigned char *p;
	size_t len;
	enum raid_place_fold fold;
	const char *plain;	/* what it stands for; NULL: for itself */
	size_t dashes;		/* of "-" in a run of dashes */
	int tab;		/* in a run of blanks */
};

static const struct {
	const char *shown;
	enum raid_place_fold fold;
	const char *plain;
} known[] = {
	{ "&lt;", RAID_PLACE_HTML, "<" }, { "&gt;", RAID_PLACE_HTML, ">" },
	{ "&amp;", RAID_PLACE_HTML, "&" },
	{ "&quot;", RAID_PLACE_HTML, "\"" },
	{ "&#34;", RAID_PLACE_HTML, "\"" },
	{ "&apos;", RAID_PLACE_HTML, "'" },
	{ "&#39;", RAID_PLACE_HTML, "'" }, { "&#039;", RAID_PLACE_HTML, "'" },
	{ "&#x27;", RAID_PLACE_HTML, "'" },
	{ "&#x2F;", RAID_PLACE_HTML, "/" }, { "&#96;", RAID_PLACE_HTML, "`" },
	{ "&#x60;", RAID_PLACE_HTML, "`" }, { "&#61;", RAID_PLACE_HTML, "=" },
	{ "&#x3D;", RAID_PLACE_HTML, "=" },
	{ "\xe2\x80\x9c", RAID_PLACE_DOUBLE, "\"" },	/* U+201C */
	{ "\xe2\x80\x9d", RAID_PLACE_DOUBLE, "\"" },
	{ "\xe2\x80\x9e", RAID_PLACE_DOUBLE, "\"" },
	{ "\xe2\x80\x9f", RAID_PLACE_DOUBLE, "\"" },
	{ "\xe2\x80\xb3", RAID_PLACE_DOUBLE, "\"" },	/* U+2033 */
	{ "\xe2\x80\x98", RAID_PLACE_SINGLE, "'" },	/* U+2018 */
	{ "\xe2\x80\x99", RAID_PLACE_SINGLE, "'" },
	{ "\xe2\x80\x9a", RAID_PLACE_SINGLE, "'" },
	{ "\xe2\x80\x9b", RAID_PLACE_SINGLE, "'" },
	{ "\xe2\x80\xb2", RAID_PLACE_SINGLE, "'" },	/* U+2032 */
	{ "\xe2\x80\x90", RAID_PLACE_DASH, "-" },	/* U+2010 */
	{ "\xe2\x80\x91", RAID_PLACE_DASH, "-" },
	{ "\xe2\x80\x92", RAID_PLACE_DASH, "-" },
	{ "\xe2\x80\x93", RAID_PLACE_DASH, "-" },
	{ "\xe2\x80\x94", RAID_PLACE_DASH, "-" },
	{ "\xe2\x80\x95", RAID_PLACE_DASH, "-" },
	{ "\xe2\x88\x92", RAID_PLACE_DASH, "-" },	/* U+2212 */
	{ "\xe2\x80\xa6", RAID_PLACE_DOTS, "..." },	/* U+2026 */
	{ "&nbsp;", RAID_PLACE_BLANK, " " },
	{ "\xc2\xa0", RAID_PLACE_BLANK, " " },		/* U+00A0 */
	{ "\xe2\x80\x82", RAID_PLACE_BLANK, " " },	/* U+2002 */
	{ "\xe2\x80\x83", RAID_PLACE_BLANK, " " },
	{ "\xe2\x80\x89", RAID_PLACE_BLANK, " " },
	{ "\xe2\x80\xaf", RAID_PLACE_BLANK, " " },	/* U+202F */
	{ "\xe3\x80\x80", RAID_PLACE_BLANK, " " },	/* U+3000 */
	{ "\xe2\x80\x8b", RAID_PLACE_BLANK, "" },	/* U+200B */
	{ "\xe2\x81\xa0", RAID_PLACE_BLANK, "" },	/* U+2060 */
	{ "\xc2\xad", RAID_PLACE_BLANK, "" },		/* U+00AD */
};

/* The character at l. */
static struct piece
character(struct raid_line l)
{
	struct piece c = { .p = l.p, .len = 1, .fold = RAID_PLACE_PLAIN };
	size_t n;

	if (*l.p != '&' && *l.p < 0x80)
		return c;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		n = strlen(known[i].shown);
		if (n <= l.len && memcmp(l.p, known[i].shown, n) == 0)
			return (struct piece){ .p = l.p, .len = n,
				.fold = known[i].fold,
				.plain = known[i].plain };
	}
	return c;
}

static int
is_blank(const struct piece *c)
{
	return c->fold == RAID_PLACE_BLANK || (c->fold == RAID_PLACE_PLAIN &&
	    (*c->p == ' ' || *c->p == '\t' || *c->p == '\r' ||
	    *c->p == '\f' || *c->p == '\v'));
}

static int
is_dash(const struct piece *c)
{
	return c->fold == RAID_PLACE_DASH ||
	    (c->fold == RAID_PLACE_PLAIN && *c->p == '-');
}

/* Cut the next piece off a line that is not empty. */
static struct piece
next(struct raid_line *l)
{
	struct piece c = character(*l), all = c;
	int blank = is_blank(&c), dash = !blank && is_dash(&c), wide = 0;

	all.len = 0;
	do {
		all.len += c.len;
		if (c.fold != RAID_PLACE_PLAIN)
			all.fold = c.fold;
		all.tab |= blank && *c.p == '\t';
		all.dashes += dash && *c.p == '-';
		wide |= blank && (c.plain == NULL || *c.plain != '\0');
		l->p += c.len;
		l->len -= c.len;
		if ((!blank && !dash) || l->len == 0)
			break;
		c = character(*l);
	} while (blank ? is_blank(&c) : is_dash(&c));
	if (blank)
		all.plain = wide ? " " : "";
	else if (dash)
		all.plain = "-";
	return all;
}

size_t
raid_place_fold(struct raid_line l, unsigned char *out)
{
	size_t n = 0, w;
	struct piece c;

	l = raid_line_strip(l);
	while (l.len != 0) {
		c = next(&l);
		w = c.plain != NULL ? strlen(c.plain) : c.len;
		memcpy(out + n, c.plain != NULL ? (const void *)c.plain : c.p,
		    w);
		n += w;
	}
	while (n != 0 && out[n - 1] == ' ')
		n--;
	return n;
}

/* The dots of an ellipsis, of which one is gone. */
static void
skip_dots(struct raid_line *l)
{
	for (int i = 0; i < 2 && l->len != 0 && *l->p == '.'; i++) {
		l->p++;
		l->len--;
	}
}

void
raid_place_folds_learn(struct raid_place_folds *f, struct raid_line hunk,
    struct raid_line file)
{
	struct piece a, b;

	hunk = raid_line_strip(hunk);
	file = raid_line_strip(file);
	if (raid_line_equal(&hunk, &file)) {
		f->kept |= raid_place_folds_in(file.p, file.len);
		if (memchr(file.p, '<', file.len) != NULL ||
		    memchr(file.p, '>', file.len) != NULL)
			f->plain |= 1u << RAID_PLACE_HTML;
		return;
	}
	while (hunk.len != 0 && file.len != 0) {
		a = next(&hunk);
		b = next(&file);
		if (a.fold != RAID_PLACE_PLAIN && b.fold == RAID_PLACE_PLAIN) {
			f->lost |= 1u << a.fold;
			if (a.fold == RAID_PLACE_DASH && b.dashes > 1)
				f->long_dash = 1;
			if (a.fold == RAID_PLACE_DOTS)
				skip_dots(&file);
		} else if (b.fold == RAID_PLACE_PLAIN && a.len == 1) {
			if (*a.p == '<' || *a.p == '>' || *a.p == '&')
				f->plain |= 1u << RAID_PLACE_HTML;
		} else if (b.fold != RAID_PLACE_PLAIN) {
			f->kept |= 1u << b.fold;
			if (b.fold == RAID_PLACE_DOTS &&
			    a.fold == RAID_PLACE_PLAIN)
				skip_dots(&hunk);
		}
		f->tabs |= b.tab && !a.tab;
	}
}

int
raid_place_unfold(const struct raid_place_folds *f, struct raid_line l,
    struct raid_buf *out)
{
	struct raid_line rest = raid_line_strip(l);
	struct piece c;

	if (!f->tabs && (f->lost == 0 ||
	    raid_place_folds_in(l.p, l.len) == 0)) {
		raid_buf_add(out, l.p, l.len);
		return 0;
	}
	raid_buf_add(out, l.p, (size_t)(rest.p - l.p));
	l.len -= (size_t)(rest.p - l.p) + rest.len;
	l.p = rest.p + rest.len;
	while (rest.len != 0) {
		c = next(&rest);
		if (f->tabs && c.len > 1 && is_blank(&c))
			return -1;
		if (c.fold == RAID_PLACE_PLAIN ||
		    (f->lost & 1u << c.fold) == 0) {
			raid_buf_add(out, c.p, c.len);
			continue;
		}
		if ((f->kept & 1u << c.fold) != 0)
			return -1;
		if (c.fold == RAID_PLACE_DASH) {
			if (c.dashes != 0)
				return -1;
			raid_buf_puts(out, f->long_dash ? "--" : "-");
		} else if (c.fold == RAID_PLACE_BLANK) {
			/* As many as there were. */
			for (struct raid_line in = { c.p, c.len };
			    in.len != 0;) {
				struct piece d = character(in);

				if (d.plain != NULL)
					raid_buf_puts(out, d.plain);
				else
					raid_buf_add(out, d.p, d.len);
				in.p += d.len;
				in.len -= d.len;
			}
		} else
			raid_buf_puts(out, c.plain);
	}
	raid_buf_add(out, l.p, l.len);
	return 0;
}

unsigned
raid_place_folds_in(const void *p, size_t len)
{
	struct raid_line l = { p, len };
	unsigned bits = 0;

	while (l.len != 0) {
		struct piece c;

		if (*l.p < 0x80 && *l.p != '&') {
			l.p++;
			l.len--;
			continue;
		}
		c = character(l);
		if (c.fold != RAID_PLACE_PLAIN)
			bits |= 1u << c.fold;
		l.p += c.len;
		l.len -= c.len;
	}
	return bits;
}
