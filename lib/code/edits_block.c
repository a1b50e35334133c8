/* SPDX-License-Identifier: ISC */
/* SEARCH/REPLACE blocks: what aider taught models to write. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "code/diff.h"
#include "code/edits_priv.h"

/* The lines of a block. */
struct block {
	size_t at, div, end;	/* its three markers */
	size_t margin;		/* what stands before each */
	size_t run;		/* length of the first marker */
};

/* Bytes of the line that are the byte c, also as HTML writes it; *n gets
 * how often it stands there. */
static size_t
run_of(struct raid_line l, unsigned char c, size_t *n)
{
	const char *html = c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
	size_t i = 0;

	for (*n = 0; i < l.len && *n < 10; ++*n) {
		if (l.p[i] == c)
			i++;
		else if (html != NULL && l.len - i >= 4 &&
		    memcmp(l.p + i, html, 4) == 0)
			i += 4;
		else
			break;
	}
	return i;
}

/* Is line i so many times the byte c, and then the word or the other one?
 * Returns how many. */
static size_t
marker(const struct raid_edits_search *s, size_t i, unsigned char c,
    const char *word, const char *other)
{
	struct raid_line l = raid_line_trim(raid_edits_bare(s, i));
	size_t n, k;

	if (l.len < 5 || (l.p[0] != c && l.p[0] != '&'))
		return 0;
	k = run_of(l, c, &n);
	if (n < 5 || n > 9)
		return 0;
	while (*word != '\0' && k < l.len && l.p[k] == ' ')
		k++;
	l.p += k;
	l.len -= k;
	return (l.len == strlen(word) &&
	    strncasecmp((const char *)l.p, word, l.len) == 0) ||
	    (l.len == strlen(other) &&
	    strncasecmp((const char *)l.p, other, l.len) == 0) ? n : 0;
}

static size_t
is_search(const struct raid_edits_search *s, size_t i)
{
	size_t n = marker(s, i, '<', "SEARCH", "ORIGINAL");

	return n != 0 ? n : marker(s, i, '-', "SEARCH", "SEARCH");
}

int
raid_edits_is_search(const struct raid_edits_search *s, size_t i)
{
	return is_search(s, i) != 0;
}

int
raid_edits_is_replace(const struct raid_edits_search *s, size_t i)
{
	return marker(s, i, '>', "REPLACE", "UPDATED") != 0 ||
	    marker(s, i, '+', "REPLACE", "REPLACE") != 0;
}

/*
 * Which lines divide and end the block.  Where several could divide it, the
 * one as long as the first marker does; two of these would leave it open.
 */
static int
bounds(struct raid_edits_search *s, struct block *b)
{
	size_t n = 0, same = 0, k, same_at = 0;

	for (b->end = b->at + 1; b->end < s->lines.n; b->end++) {
		if (raid_edits_is_replace(s, b->end))
			break;
		if (raid_edits_is_search(s, b->end))
			return raid_edits_bad(s->err, b->at + 1,
			    "a SEARCH block has no end");
		k = marker(s, b->end, '=', "", "");
		if (k == 0 ||
		    raid_edits_margin(s->lines.v[b->end]) != b->margin)
			continue;
		b->div = n++ == 0 ? b->end : b->div;
		if (k == b->run && same++ == 0)
			same_at = b->end;
	}
	if (b->end == s->lines.n)
		return raid_edits_cut(s->err, b->at + 1,
		    "this SEARCH block: it has no end");
	if (n == 0)
		return raid_edits_bad(s->err, b->at + 1,
		    "a SEARCH block has no =======");
	if (n > 1 && same != 1)
		return raid_edits_bad(s->err, b->at + 1,
		    "a SEARCH block has several =======");
	if (n > 1)
		b->div = same_at;
	return 0;
}

/* The lines from..to of one side; CRLF line ends of the answer are not the
 * file's. */
static struct raid_lines
side(const struct raid_edits_view *v, size_t from, size_t to, int crlf)
{
	struct raid_lines l = { 0 };

	l.v = raid_realloc(NULL, to - from, sizeof(*l.v));
	for (size_t i = from; i < to; i++) {
		struct raid_line t = raid_edits_line(v, i);

		l.v[l.n++] = crlf ? raid_line_chomp(t) : t;
	}
	return l;
}

/* The lines of both sides as those of a hunk. */
static void
fill(struct raid_edit_hunk *h, const struct raid_lines *a,
    const struct raid_lines *b)
{
	unsigned char *del = raid_malloc(a->n), *ins = raid_malloc(b->n);
	size_t i = 0, j = 0;

	raid_diff_lines(a, b, del, ins);
	h->v = raid_realloc(NULL, a->n + b->n, sizeof(*h->v));
	while (i < a->n || j < b->n) {
		unsigned char kind = i < a->n && del[i] ? '-' :
		    j < b->n && ins[j] ? '+' : ' ';
		struct raid_line l = kind == '+' ? b->v[j] : a->v[i];

		if (l.len != 0 && l.p[l.len - 1] == '\n')
			l.len--;
		h->v[h->n++] = (struct raid_edit_line){ .kind = kind,
			.p = l.p, .len = l.len };
		i += kind != '+';
		j += kind != '-';
	}
	free(del);
	free(ins);
}

static int
take_hunk(struct raid_edits_search *s, const struct block *b)
{
	struct raid_edit_hunk *h = raid_edits_add_hunk(s->e, b->at + 1,
	    s->err);
	struct raid_edits_view v = { s, b->at, b->end, b->margin };
	struct raid_line head = s->lines.v[b->at];
	struct raid_lines old, new;
	int crlf = head.len > 1 && head.p[head.len - 2] == '\r';

	if (h == NULL)
		return -1;
	if (!raid_edits_all_alike(s, b->at, b->end, b->at, b->margin))
		v.indent = 0;
	old = side(&v, b->at + 1, b->div, crlf);
	new = side(&v, b->div + 1, b->end, crlf);
	fill(h, &old, &new);
	if (old.n == 0)
		s->e->v[s->e->n - 1].op = RAID_EDIT_CREATE;
	else
		raid_edits_number(h);
	raid_lines_free(&old);
	raid_lines_free(&new);
	return raid_edits_changes(h) ? 0 : raid_edits_refuse(s->err,
	    b->at + 1, "a SEARCH block that changes nothing");
}

/* Take the block at line at; s->at is behind it then. */
static int
take_block(struct raid_edits_search *s, size_t at, char *path)
{
	struct block b = { .at = at, .run = is_search(s, at),
		.margin = raid_edits_margin(s->lines.v[at]) };
	struct raid_edit *ed;

	if (path == NULL)
		return raid_edits_bad(s->err, at + 1,
		    "a SEARCH block without a file name");
	ed = raid_edits_add(s->e, at + 1, s->err);
	if (ed == NULL) {
		free(path);
		return -1;
	}
	ed->path = path;
	ed->form = RAID_EDIT_BLOCK;
	s->last = path;
	if (bounds(s, &b) == -1)
		return -1;
	s->at = b.end + 1;
	return take_hunk(s, &b);
}

int
raid_edits_bare_block(struct raid_edits_search *s)
{
	return take_block(s, s->at, raid_edits_path_above(s, s->at, 0));
}

int
raid_edits_fence_blocks(struct raid_edits_search *s,
    struct raid_edits_fence *f, size_t at)
{
	const char *last = s->last;
	int session;
	size_t n;
	char *path;

	for (; at < s->lines.n; at++) {
		if (raid_edits_fence_like(s, at, f, &n) == 1) {
			s->at = at + 1;
			return 0;
		}
		if (raid_edits_is_replace(s, at))
			return raid_edits_bad(s->err, at + 1,
			    "the end of a SEARCH block that has no begin");
		if (!raid_edits_is_search(s, at))
			continue;
		/* The first block of a fence may be named outside of it. */
		s->last = s->last != last ? s->last : NULL;
		path = raid_edits_path_above(s, at, f->open + 1);
		s->last = s->last != NULL ? s->last : last;
		if (path == NULL)
			path = raid_edits_path_info(f->info, f->info_len,
			    &session);
		if (path == NULL)
			path = raid_edits_path_above(s, f->open, 0);
		if (take_block(s, at, path) == -1)
			return -1;
		at = s->at - 1;
	}
	return raid_edits_cut(s->err, f->open + 1, "this fence");
}
