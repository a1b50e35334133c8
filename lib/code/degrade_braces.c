/* SPDX-License-Identifier: ISC */
/* Brackets that matched and do not any more. */
#include <string.h>

#include "code/degrade_priv.h"

#define NESTED 64	/* #if in #if, more are not told apart */

static const char pairs[] = "(){}[]";

/* What counting the brackets of a text gave. */
struct count {
	long depth[3];		/* at the end: 0 when they match */
	size_t at[3];		/* the first that closes nothing; else the
				 * last opening one that stays open */
	int odd;		/* one closes nothing */
};

/* Where counting stands when an #if begins, for its #else. */
struct branch {
	long depth[3];
};

/* In C each branch of an #if starts with the same brackets open. */
static void
branch(const struct raid_degrade_lex *x, struct count *c,
    struct branch stack[NESTED], size_t *n)
{
	size_t i = x->at;

	while (i < x->len && (x->p[i] == ' ' || x->p[i] == '\t'))
		i++;
	if (x->len - i < 4)
		return;
	if (memcmp(x->p + i, "if", 2) == 0) {
		if (*n < NESTED)
			memcpy(stack[*n].depth, c->depth, sizeof(c->depth));
		++*n;
	} else if (memcmp(x->p + i, "el", 2) == 0) {
		if (*n > 0 && *n <= NESTED)
			memcpy(c->depth, stack[*n - 1].depth,
			    sizeof(c->depth));
	} else if (memcmp(x->p + i, "endi", 4) == 0 && *n > 0) {
		--*n;
	}
}

/*
 * Count.  With the end known from a first pass, the second one finds where
 * the depth rose above it for the last time.
 */
static void
count(const struct raid_degrade_file *f, const struct raid_buf *b,
    const struct count *end, struct count *c)
{
	struct branch stack[NESTED];
	struct raid_degrade_lex x;
	enum raid_degrade_token t;
	const char *s;
	size_t n = 0, kind;

	*c = (struct count){ 0 };
	raid_degrade_lex_start(&x, f->lang, b->p, b->len);
	while ((t = raid_degrade_lex_next(&x)) != RAID_TOKEN_END) {
		if (t != RAID_TOKEN_CODE)
			continue;
		if (x.p[x.at - 1] == '#' && f->lang == RAID_LANG_C)
			branch(&x, c, stack, &n);
		s = x.p[x.at - 1] != '\0' ? strchr(pairs, x.p[x.at - 1]) : NULL;
		if (s == NULL)
			continue;
		kind = (size_t)(s - pairs) / 2;
		if (f->lang == RAID_LANG_SH && kind != 1)
			continue;
		if ((s - pairs) % 2 == 0) {
			if (end != NULL && !end->odd &&
			    c->depth[kind] == end->depth[kind] - 1)
				c->at[kind] = x.at;
			c->depth[kind]++;
		} else if (--c->depth[kind] < 0 && !c->odd) {
			c->odd = 1;
			c->at[kind] = x.at;
		}
	}
}

static int
is_even(const struct count *c)
{
	return !c->odd && c->depth[0] == 0 && c->depth[1] == 0 &&
	    c->depth[2] == 0;
}

/* How many more open than close, in comments too; quoted ones or not. */
static void
count_raw(struct raid_line text, int quoted, long depth[3])
{
	long n[256] = { 0 };
	unsigned char quote = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.p[i];

		if (c == '\n')
			quote = 0;
		else if (!quoted && (c == '"' || c == '\''))
			quote = quote == c ? 0 : quote == 0 ? c : quote;
		n[c] += quote == 0;
	}
	for (size_t i = 0; i < 3; i++)
		depth[i] = n[(unsigned char)pairs[2 * i]] -
		    n[(unsigned char)pairs[2 * i + 1]];
}

/* What the bytes that changed say of each kind: more open, or fewer. */
static int
raw_change(const struct raid_degrade_file *f, int way[2][3])
{
	long before[3], after[3];
	int any = 0;

	for (int quoted = 0; quoted < 2; quoted++) {
		count_raw(f->was, quoted, before);
		count_raw(f->now, quoted, after);
		for (size_t k = 0; k < 3; k++) {
			way[quoted][k] = after[k] > before[k] ? 1 :
			    after[k] < before[k] ? -1 : 0;
			any |= way[quoted][k];
		}
	}
	return any != 0;
}

/*
 * A second opinion that knows no language: a change of one kind of bracket
 * shows in the bytes that changed.  Where these are as even as before,
 * counting went wrong over a quote.
 */
static void
check(struct raid_degrade_work *w, const struct raid_degrade_file *f)
{
	struct count was = { 0 }, now;
	int way[2][3], sign;
	size_t k;

	if (!raw_change(f, way))
		return;
	count(f, &f->c->before, NULL, &was);
	if (!is_even(&was))
		return;
	count(f, &f->c->after, NULL, &was);
	if (is_even(&was))
		return;
	count(f, &f->c->after, &was, &now);
	for (k = 0; k < 3; k++) {
		sign = now.depth[k] > 0 ? 1 : now.depth[k] < 0 ? -1 : 0;
		if (sign != 0 && (way[0][k] == sign || way[1][k] == sign))
			break;
	}
	if (k < 3)
		raid_degrade_note(w, f, RAID_DEGRADE_BRACES,
		    raid_degrade_line_at(&f->c->after, now.at[k]),
		    "a '%c' that %s, while all matched before",
		    pairs[2 * k + (now.depth[k] < 0)], now.depth[k] < 0 ?
		    "closes nothing" : "is not closed");
}

void
raid_degrade_braces(struct raid_degrade_work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].before && w->v[i].after &&
		    raid_degrade_lex_known(w->v[i].lang))
			check(w, &w->v[i]);
}
