/* SPDX-License-Identifier: ISC */
/* Lines of an answer: what stands before them, and the fences around. */
#include <string.h>

#include "code/edits_priv.h"

int
raid_edits_starts(struct raid_line l, const char *prefix)
{
	size_t n = strlen(prefix);

	return l.len >= n && memcmp(l.p, prefix, n) == 0;
}

static int
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static int
is_space(unsigned char c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

size_t
raid_edits_margin(struct raid_line l)
{
	size_t i = 0;

	for (;;) {
		while (i < l.len && is_blank(l.p[i]))
			i++;
		/* ">>>>>>> REPLACE" is no quotation. */
		if (i == l.len || l.p[i] != '>' ||
		    (i + 1 < l.len && !is_space(l.p[i + 1])))
			return i;
		i++;
	}
}

struct raid_line
raid_edits_bare(const struct raid_edits_search *s, size_t i)
{
	struct raid_line l = { (const unsigned char *)"", 0 };
	size_t n;

	if (i >= s->lines.n)
		return l;
	l = raid_line_chomp(s->lines.v[i]);
	n = raid_edits_margin(l);
	l.p += n;
	l.len -= n;
	return l;
}

struct raid_line
raid_edits_line(const struct raid_edits_view *v, size_t i)
{
	struct raid_line l = { (const unsigned char *)"", 0 };
	size_t n = v->indent;

	if (i < v->from || i >= v->to)
		return l;
	l = v->s->lines.v[i];
	for (; n != 0 && l.len != 0 && (is_blank(*l.p) || *l.p == '>'); n--) {
		l.p++;
		l.len--;
	}
	return l;
}

struct raid_line
raid_edits_text(const struct raid_edits_view *v, size_t i)
{
	return raid_line_chomp(raid_edits_line(v, i));
}

int
raid_edits_alike(const struct raid_edits_search *s, size_t i, size_t like,
    size_t n)
{
	struct raid_line l = raid_line_trim(s->lines.v[i]);

	return n == 0 || l.len == 0 ||
	    memcmp(l.p, s->lines.v[like].p, l.len < n ? l.len : n) == 0;
}

int
raid_edits_all_alike(struct raid_edits_search *s, size_t from, size_t to,
    size_t like, size_t n)
{
	(void)raid_edits_spend(s, n != 0 && to > from ? to - from : 0);
	for (size_t i = from; n != 0 && i < to; i++)
		if (!raid_edits_alike(s, i, like, n))
			return 0;
	return 1;
}

int
raid_edits_spend(struct raid_edits_search *s, size_t lines)
{
	s->work = lines < s->work ? s->work - lines : 0;
	return s->work != 0;
}

struct raid_edits_view
raid_edits_view_from(struct raid_edits_search *s, size_t i)
{
	struct raid_edits_view v = { .s = s, .from = i, .to = s->lines.n,
		.indent = raid_edits_margin(s->lines.v[i]) };

	if (v.indent == 0)
		return v;
	for (v.to = i + 1; v.to < s->lines.n; v.to++)
		if (!raid_edits_alike(s, v.to, i, v.indent))
			break;
	(void)raid_edits_spend(s, v.to - i);
	return v;
}

/* How often the line repeats its first byte. */
static size_t
run_of(struct raid_line l)
{
	size_t n = 1;

	while (n < l.len && l.p[n] == l.p[0])
		n++;
	return n;
}

int
raid_edits_fence_opens(const struct raid_edits_search *s, size_t i,
    struct raid_edits_fence *f)
{
	struct raid_line l = s->lines.v[i];
	size_t n = raid_edits_margin(l), run;

	l.p += n;
	l.len -= n;
	if (l.len < 3 || (l.p[0] != '`' && l.p[0] != '~'))
		return 0;
	run = run_of(l);
	/* A fence of backticks has none behind it: that is a code span. */
	if (run < 3 || (l.p[0] == '`' &&
	    memchr(l.p + run, '`', l.len - run) != NULL))
		return 0;
	*f = (struct raid_edits_fence){ .open = i, .indent = n, .ticks = run,
		.ch = l.p[0] };
	l = raid_line_trim(l);
	while (run < l.len && is_blank(l.p[run]))
		run++;
	f->info = l.p + run;
	f->info_len = l.len - run;
	return 1;
}

int
raid_edits_fence_like(const struct raid_edits_search *s, size_t i,
    const struct raid_edits_fence *f, size_t *margin)
{
	struct raid_line l = s->lines.v[i];
	size_t n = raid_edits_margin(l), run;

	/* In a quotation, what is quoted no more closes nothing, and "> "
	 * without one is content. */
	l.p += n;
	l.len -= n;
	*margin = n;
	if (l.len < f->ticks || l.p[0] != f->ch)
		return 0;
	run = run_of(l);
	if (run < f->ticks)
		return 0;
	if (raid_line_trim(l).len == run)
		return 1;
	return f->ch == '`' && memchr(l.p + run, '`', l.len - run) != NULL ?
	    0 : 2;
}

static int
is_quoted(struct raid_line l, size_t n)
{
	return memchr(l.p, '>', n) != NULL;
}

void
raid_edits_fence_end(struct raid_edits_search *s,
    struct raid_edits_fence *f)
{
	int quoted = is_quoted(s->lines.v[f->open], f->indent);
	size_t n;

	f->closed = 0;
	for (f->end = f->open + 1; f->end < s->lines.n; f->end++)
		if (raid_edits_fence_like(s, f->end, f, &n) == 1 &&
		    n < f->indent + 4 &&
		    (quoted || !is_quoted(s->lines.v[f->end], n))) {
			f->closed = 1;
			break;
		}
	(void)raid_edits_spend(s, f->end - f->open);
}
