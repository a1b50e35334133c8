/* SPDX-License-Identifier: ISC */
/*
 * Rules that one new line breaks: placeholders, masks, conflict markers.  A
 * line that some file had before, in this file or another one of the
 * answer, is never new.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/redact.h"
#include "code/degrade_priv.h"

struct hit {
	uint64_t hash;
	struct raid_degrade_file *f;
	struct raid_line l;
	size_t line;
	enum raid_degrade rule;
	int known;		/* some file had it before */
};

struct hits {
	struct hit *v;
	size_t n, cap;
};

/* Does the line hold the mask of a secret, which its writer never saw? */
static int
has_mask(struct raid_line l)
{
	const unsigned char *at = l.p;
	size_t left = l.len;

	while ((at = memchr(at, '[', left)) != NULL) {
		left = l.len - (size_t)(at - l.p);
		if (raid_redact_mask_len(at, left) > 0)
			return 1;
		at++;
		left--;
	}
	return 0;
}

/* The line before or behind l that is not empty; len 0: none near. */
static struct raid_line
neighbour(const struct raid_degrade_file *f, struct raid_line l, int step)
{
	const unsigned char *start = f->c->after.p;
	const unsigned char *end = start + f->c->after.len, *p = l.p, *q;
	struct raid_line s = { p, 0 };

	q = l.p + l.len;
	for (int i = 0; i < 8 && s.len == 0; i++) {
		if (step < 0) {
			if (p == start)
				break;
			q = p--;
			while (p > start && p[-1] != '\n')
				p--;
		} else {
			if (q == end)
				break;
			p = q;
			while (q < end && q++[0] != '\n')
				;
		}
		s = raid_line_strip((struct raid_line){ p,
		    (size_t)(q - p) });
	}
	return s;
}

static int
ends_with(struct raid_line l, const char *s)
{
	size_t n = strlen(s);

	return l.len >= n && memcmp(l.p + l.len - n, s, n) == 0;
}

static int
one_of(struct raid_line l, int last, const char *set)
{
	return l.len != 0 && l.p[last ? l.len - 1 : 0] != '\0' &&
	    strchr(set, l.p[last ? l.len - 1 : 0]) != NULL;
}

/* Bytes between the start of its line and a line without its blanks. */
static size_t
indent(const struct raid_degrade_file *f, struct raid_line l)
{
	const unsigned char *p = l.p;

	while (p > f->c->after.p && p[-1] != '\n')
		p--;
	return (size_t)(l.p - p);
}

/* Is "..." a statement, an argument or a mark of the format here? */
static int
is_naked_fine(const struct raid_degrade_file *f, struct raid_line l)
{
	struct raid_line prev = neighbour(f, l, -1), next = neighbour(f, l, 1);

	if (f->lang == RAID_LANG_PROSE || f->lang == RAID_LANG_NONE)
		return 1;
	if (f->lang == RAID_LANG_DATA)
		return *l.p == '.';
	if (one_of(prev, 1, ",([") && one_of(next, 0, "),]"))
		return 1;
	if (f->lang == RAID_LANG_PYTHON && next.len != 0 &&
	    indent(f, next) >= indent(f, raid_line_strip(l)) &&
	    *next.p != '.' && *next.p != '>')
		return 0;	/* not the only statement */
	if (f->lang == RAID_LANG_PYTHON)
		return one_of(prev, 1, ":") || ends_with(prev, "\"\"\"") ||
		    ends_with(prev, "'''") || one_of(prev, 0, "#") ||
		    (prev.len > 3 && (memcmp(prev.p, ">>>", 3) == 0 ||
		    memcmp(prev.p, "...", 3) == 0)) || prev.len == 0;
	if (f->lang == RAID_LANG_PERL)
		return one_of(prev, 1, "{") && one_of(next, 0, "}");
	return 0;
}

static int
is_remark(struct raid_line l)
{
	return one_of(l, 0, "/#*;%-") && !one_of(l, 1, "}");
}

/* "// ..." among other comments is an example. */
static int
is_comment_fine(const struct raid_degrade_file *f, struct raid_line l)
{
	if (f->lang == RAID_LANG_PROSE || f->lang == RAID_LANG_DATA ||
	    f->lang == RAID_LANG_NONE)
		return 1;
	return is_remark(neighbour(f, l, -1)) || is_remark(neighbour(f, l, 1));
}

/* Where a walk over a file's text stands; hits come in its order. */
struct walk {
	const struct raid_degrade_file *f;
	struct raid_degrade_lex x;
	enum raid_degrade_token t;
};

/* Does line l begin inside of a string that began above it? */
static int
is_string(struct walk *k, const struct raid_degrade_file *f,
    struct raid_line l)
{
	if (!raid_degrade_lex_known(f->lang))
		return 0;
	if (k->f != f) {
		k->f = f;
		k->t = RAID_TOKEN_CODE;
		raid_degrade_lex_start(&k->x, f->lang, f->c->after.p,
		    f->c->after.len);
	}
	while (k->x.p + k->x.at <= l.p && k->t != RAID_TOKEN_END)
		k->t = raid_degrade_lex_next(&k->x);
	return k->t == RAID_TOKEN_STRING || (k->t == RAID_TOKEN_COMMENT &&
	    f->lang == RAID_LANG_PHP);
}

/* "f() { ... }", "f() { // ... existing code": the end of a line of code. */
static int
is_tail(const struct raid_degrade_file *f, struct raid_line l)
{
	static const char *const openers[] = { "//", "/*", "# ", "--", "<!--" };
	const unsigned char *at, *q;
	struct raid_line part;

	if (memchr(l.p, '"', l.len) != NULL || memchr(l.p, '\'', l.len) !=
	    NULL || memchr(l.p, '`', l.len) != NULL || is_remark(l))
		return 0;
	for (size_t i = 0; i < sizeof(openers) / sizeof(*openers); i++) {
		at = memmem(l.p, l.len, openers[i], strlen(openers[i]));
		if (at == NULL || at == l.p)
			continue;
		part = (struct raid_line){ at, l.len - (size_t)(at - l.p) };
		if (raid_degrade_dots(part, f->lang) == RAID_DOTS_SAID)
			return 1;
	}
	if (f->lang <= RAID_LANG_DATA || f->lang == RAID_LANG_PERL)
		return 0;
	at = memrchr(l.p, '{', l.len);
	q = at != NULL ? memchr(at, '}', l.len - (size_t)(at - l.p)) : NULL;
	if (q == NULL || at == l.p)
		return 0;
	part = (struct raid_line){ at + 1, (size_t)(q - at) - 1 };
	switch (raid_degrade_dots(part, f->lang)) {
	case RAID_DOTS_NONE:
		return 0;
	case RAID_DOTS_NAKED:
	case RAID_DOTS_COMMENT:
		return at[-1] == ' ' || at[-1] == ')';
	default:
		return 1;
	}
}

/* Which rule a line may break, by itself. */
static enum raid_degrade
suspect(const struct raid_degrade_file *f, struct raid_line l)
{
	struct raid_line s = raid_line_strip(l);

	if (s.len == 0)
		return 0;
	if (s.len >= 7 && strchr("<>|=", *s.p) != NULL &&
	    (memcmp(s.p, "<<<<<<<", 7) == 0 ||
	    memcmp(s.p, ">>>>>>>", 7) == 0 ||
	    memcmp(s.p, "|||||||", 7) == 0 ||
	    memcmp(s.p, "=======", 7) == 0) &&
	    (s.len == 7 || (s.p[7] == ' ' && *s.p != '=')))
		return RAID_DEGRADE_CONFLICT;
	if (memchr(s.p, '[', s.len) != NULL && has_mask(s))
		return RAID_DEGRADE_MASK;
	if (raid_degrade_dots(s, f->lang) != RAID_DOTS_NONE)
		return RAID_DEGRADE_PLACEHOLDER;
	if ((memmem(s.p, s.len, "...", 3) != NULL || memmem(s.p, s.len,
	    "\xe2\x80\xa6", 3) != NULL) && is_tail(f, s))
		return RAID_DEGRADE_PLACEHOLDER;
	return 0;
}

static void
collect(struct raid_degrade_file *f, struct hits *h)
{
	struct raid_line text = f->now, l, s;
	enum raid_degrade rule;

	for (size_t n = f->skipped + 1; raid_degrade_line(&text, &l); n++) {
		rule = suspect(f, l);
		if (rule == 0)
			continue;
		s = raid_line_strip(l);
		h->v = raid_grow(h->v, &h->cap, h->n + 1, sizeof(*h->v));
		h->v[h->n++] = (struct hit){ .hash = raid_line_hash(&s),
			.f = f, .l = l, .line = n, .rule = rule };
	}
}

static int
by_hash(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	return a->hash != b->hash ? (a->hash < b->hash ? -1 : 1) :
	    a->line < b->line ? -1 : a->line > b->line;
}

static int
by_place(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	return a->f != b->f ? (a->f < b->f ? -1 : 1) :
	    a->line < b->line ? -1 : a->line > b->line;
}

/* Mark what the old text holds as well. */
static void
recognise(struct hits *h, const struct raid_buf *old)
{
	struct raid_line text = { old->p, old->len }, l;
	struct hit *v = h->v;
	uint64_t hash;
	size_t a, b, mid;

	while (raid_degrade_line(&text, &l)) {
		l = raid_line_strip(l);
		if (l.len == 0)
			continue;
		hash = raid_line_hash(&l);
		for (a = 0, b = h->n; a < b;) {
			mid = (a + b) / 2;
			if (v[mid].hash < hash)
				a = mid + 1;
			else
				b = mid;
		}
		for (; a < h->n && v[a].hash == hash && !v[a].known; a++)
			v[a].known = 1;
	}
}

/* Could it be a heading that "=======" underlines? */
static int
is_heading(struct raid_line l)
{
	for (size_t i = 0; i < l.len; i++)
		if (!isalnum(l.p[i]) && l.p[i] < 0x80 &&
		    strchr(" -", l.p[i]) == NULL)
			return 0;
	return l.len >= 5 && l.len <= 9;
}

/* "=======" alone: below a word of that length it is a heading. */
static int
is_marker(const struct raid_degrade_file *f, struct raid_line l)
{
	struct raid_line s = raid_line_strip(l);

	if (*s.p != '=')
		return s.len > 7 || *s.p != '|';
	return s.p == l.p && f->lang > RAID_LANG_PROSE &&
	    !is_heading(neighbour(f, l, -1));
}

/* A comment of a program, which prose has no place for. */
static int
is_foreign(struct raid_line l)
{
	l = raid_line_strip(l);
	return l.len > 4 && (memcmp(l.p, "//", 2) == 0 ||
	    memcmp(l.p, "/*", 2) == 0 || memcmp(l.p, "<!--", 4) == 0);
}

static int
is_ascii(struct raid_line l)
{
	while (l.len != 0 && *l.p < 0x80) {
		l.p++;
		l.len--;
	}
	return l.len == 0;
}

static int
is_placeholder(struct walk *k, const struct raid_degrade_file *f,
    struct raid_line l)
{
	switch (raid_degrade_dots(l, f->lang)) {
	case RAID_DOTS_WORDS:
		/* No string is likely to say so in such words; but where one
		 * begins is a guess. */
		return (f->lang != RAID_LANG_PROSE || is_foreign(l)) &&
		    (!is_string(k, f, l) || (is_foreign(l) && !is_ascii(l)));
	case RAID_DOTS_NAKED:
		return !is_naked_fine(f, l) && !is_string(k, f, l);
	case RAID_DOTS_COMMENT:
		return !is_comment_fine(f, l) && !is_string(k, f, l);
	default:
		return 1;
	}
}

static void
judge(struct raid_degrade_work *w, struct walk *k, const struct hit *h)
{
	char text[100];

	raid_line_shown(raid_line_strip(h->l), text);
	if (h->rule == RAID_DEGRADE_MASK)
		raid_degrade_note(w, h->f, h->rule, h->line, "\"%s\" holds a "
		    "mask, which stands for a secret", text);
	else if (h->rule == RAID_DEGRADE_CONFLICT ? is_marker(h->f, h->l) :
	    is_placeholder(k, h->f, h->l))
		raid_degrade_note(w, h->f, h->rule, h->line, "\"%s\"%s", text,
		    h->rule == RAID_DEGRADE_PLACEHOLDER ?
		    " stands for lines left out" : "");
}

void
raid_degrade_lines(struct raid_degrade_work *w)
{
	struct hits h = { 0 };
	struct walk k = { 0 };

	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].after)
			collect(&w->v[i], &h);
	if (h.n != 0) {
		qsort(h.v, h.n, sizeof(*h.v), by_hash);
		for (size_t i = 0; i < w->n; i++)
			recognise(&h, &w->v[i].c->before);
		qsort(h.v, h.n, sizeof(*h.v), by_place);
	}
	for (size_t i = 0; i < h.n; i++)
		if (!h.v[i].known)
			judge(w, &k, &h.v[i]);
	free(h.v);
}
