/* SPDX-License-Identifier: ISC */
#include "base/redact.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/redact_priv.h"

#define SKIP_MAX 500
#define ROUNDS_MAX 8
#define OPEN "[masked:"
#define OPEN_LEN (sizeof(OPEN) - 1)
#define DIGITS 4

/* A part of the text that is a secret, or a mask already. */
struct span {
	size_t start, end;
	size_t rule;
};

struct spans {
	struct span *v;
	size_t n, cap;
};

/* One look at one text. */
struct scan {
	struct raid_redact *r;
	const unsigned char *p;
	size_t len;
	struct spans found, masks;
	struct raid_err *err;
};

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

size_t
raid_redact_mask_len(const void *text, size_t len)
{
	const unsigned char *p = text;
	size_t i = OPEN_LEN, kind;

	if (len < OPEN_LEN || memcmp(p, OPEN, OPEN_LEN) != 0)
		return 0;
	while (i < len && ((p[i] >= 'a' && p[i] <= 'z') ||
	    (p[i] >= '0' && p[i] <= '9') || p[i] == '-'))
		i++;
	kind = i - OPEN_LEN;
	if (kind == 0 || kind > RAID_REDACT_KIND_MAX ||
	    len - i < DIGITS + 2 || p[i] != ':')
		return 0;
	for (size_t k = 1; k <= DIGITS; k++)
		if (!((p[i + k] >= '0' && p[i + k] <= '9') ||
		    (p[i + k] >= 'a' && p[i + k] <= 'f')))
			return 0;
	return p[i + DIGITS + 1] == ']' ? i + DIGITS + 2 : 0;
}

static void
add_span(struct spans *s, size_t start, size_t end, size_t rule)
{
	s->v = raid_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = (struct span){ start, end, rule };
}

/* The masks that stand in the text already. */
static void
find_masks(struct scan *s)
{
	const unsigned char *at = s->p, *end = s->p + s->len;

	while ((at = memmem(at, (size_t)(end - at), OPEN, OPEN_LEN)) != NULL) {
		size_t start = (size_t)(at - s->p);
		size_t n = raid_redact_mask_len(at, s->len - start);

		if (n > 0)
			add_span(&s->masks, start, start + n, 0);
		at += n > 0 ? n : 1;
	}
}

/* The end of the mask that an offset lies in, 0 if it lies in none. */
static size_t
in_mask(const struct scan *s, size_t at)
{
	size_t lo = 0, hi = s->masks.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->masks.v[mid].end <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->masks.n && s->masks.v[lo].start <= at ?
	    s->masks.v[lo].end : 0;
}

/* Which line of the text an offset is in, from 1. */
static size_t
line_of(const struct scan *s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s->p[i] == '\n';
	return line;
}

static int
gave_up(const struct scan *s, const struct raid_redact_rule *rule, size_t at)
{
	return raid_fail(s->err, RAID_EDATA, "line %zu: the pattern of %s "
	    "(%s) cannot tell in reasonable time whether this is a secret, "
	    "so nothing is sent", line_of(s, at), rule->where,
	    rule->kind != NULL ? rule->kind : "skip");
}

/* 1: what was found is no secret, after the lines "skip".  They are for the
 * words that people and programs write: what is longer is none of those. */
static int
is_skipped(const struct scan *s, const char *kind, struct raid_span g)
{
	struct raid_span ignored[RAID_MATCH_GROUPS];

	if (g.len > SKIP_MAX)
		return 0;
	for (size_t i = 0; i < s->r->n_skips; i++) {
		struct raid_redact_rule *k = &s->r->skips[i];
		int n;

		if (!raid_list_has(&k->kinds, kind) &&
		    !raid_list_has(&k->kinds, "*"))
			continue;
		if (raid_redact_compile(k, 1, s->err) == -1)
			return -1;
		n = raid_match_within(k->m, s->p + g.start, g.len, 0, 0,
		    ignored);
		if (n == -1)
			return gave_up(s, k, g.start);
		if (n == 1)
			return 1;
	}
	return 0;
}

/* Blanks and line ends around a secret stay. */
static void
trim(const struct scan *s, struct raid_span *g)
{
	while (g->len > 0 && isspace(s->p[g->start + g->len - 1]))
		g->len--;
	for (; g->len > 0 && isspace(s->p[g->start]); g->len--)
		g->start++;
}

/* All matches of a rule that begin from where it was tried last up to the
 * offset to, which is that of a word if it has words. */
static int
try_rule(struct scan *s, size_t rule, size_t to)
{
	struct raid_redact_rule *k = &s->r->masks[rule];
	struct raid_span g[RAID_MATCH_GROUPS];
	int n;

	if (raid_redact_compile(k, 0, s->err) == -1)
		return -1;
	if (k->words > 0 && to > k->back && k->done < to - k->back)
		k->done = to - k->back;
	while (k->done <= to) {
		int group = 1, skipped;

		n = raid_match_within(k->m, s->p, s->len, k->done, to, g);
		if (n == -1)
			return gave_up(s, k, k->words > 0 ? to : k->done);
		if (n == 0) {
			k->done = to + 1;
			break;
		}
		/* The name of a kind is no name of a secret. */
		if (in_mask(s, g[0].start) != 0) {
			k->done = g[0].start + 1;
			continue;
		}
		while (group < RAID_MATCH_GROUPS &&
		    g[group].start == (size_t)-1)
			group++;
		if (group == RAID_MATCH_GROUPS)
			group = 0;
		trim(s, &g[group]);
		skipped = is_skipped(s, k->kind, g[group]);
		if (skipped == -1)
			return -1;
		k->done = g[group].start;
		if (skipped == 0 && g[group].len > 0) {
			k->done += g[group].len;
			add_span(&s->found, g[group].start, k->done, rule);
		}
		if (k->done <= g[0].start)
			k->done = g[0].start + 1;
	}
	return 0;
}

/* The rules whose words stand at an offset. */
static int
try_words(struct scan *s, size_t at, unsigned word)
{
	for (; word != 0; word = s->r->words[word].next) {
		const struct raid_redact_word *w = &s->r->words[word];
		size_t i = 2;

		if (w->len > s->len - at || s->r->masks[w->rule].off ||
		    at < s->r->masks[w->rule].done)
			continue;
		while (i < w->len && lower(s->p[at + i]) ==
		    (unsigned char)w->text[i])
			i++;
		if (i == w->len && try_rule(s, w->rule, at) == -1)
			return -1;
	}
	return 0;
}

static int
find_all(struct scan *s)
{
	unsigned last = s->len > 0 ? lower(s->p[0]) : 0;

	for (size_t i = 0; i < s->r->n_masks; i++) {
		s->r->masks[i].done = 0;
		if (s->r->masks[i].words == 0 && !s->r->masks[i].off &&
		    try_rule(s, i, s->len) == -1)
			return -1;
	}
	for (size_t i = 1; i < s->len; i++) {
		unsigned c = lower(s->p[i]);
		unsigned word = s->r->heads[last << 8 | c];

		if (word != 0 && in_mask(s, i - 1) == 0 &&
		    try_words(s, i - 1, word) == -1)
			return -1;
		last = c;
	}
	return 0;
}

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Overlapping spans become one, of the rule that comes first. */
static void
merge(struct spans *s)
{
	size_t n = 0;

	qsort(s->v, s->n, sizeof(*s->v), by_start);
	for (size_t i = 0; i < s->n; i++) {
		struct span *last = n > 0 ? &s->v[n - 1] : NULL;

		if (last == NULL || s->v[i].start >= last->end) {
			s->v[n++] = s->v[i];
			continue;
		}
		if (s->v[i].end > last->end)
			last->end = s->v[i].end;
		if (s->v[i].rule < last->rule)
			last->rule = s->v[i].rule;
	}
	s->n = n;
}

/* What is left beside masks is a secret if it holds more than blanks and
 * quotes. */
static int
says_something(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((p[i] >= '0' && p[i] <= '9') || p[i] >= 0x80 ||
		    (lower(p[i]) >= 'a' && lower(p[i]) <= 'z'))
			return 1;
	return 0;
}

/* Add a mask, and note that it was. */
static void
put_mask(struct scan *s, const struct span *sp, struct raid_buf *out,
    struct raid_redact_found *f)
{
	const char *kind = s->r->masks[sp->rule].kind;
	char hash[RAID_HASH_SIZE];
	struct raid_buf b;
	unsigned long v;
	size_t i = 0;

	raid_buf_init(&b, SIZE_MAX / 4);
	raid_buf_add(&b, s->r->key, strlen(s->r->key) + 1);
	raid_buf_add(&b, s->p + sp->start, sp->end - sp->start);
	raid_hash(b.p, b.len, hash);
	raid_buf_free(&b);
	hash[DIGITS] = '\0';
	raid_buf_printf(out, OPEN "%s:%s]", kind, hash);

	while (i < f->n && strcmp(f->v[i]->name, kind) != 0)
		i++;
	if (i == f->n) {
		f->v = raid_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
		f->v[f->n] = raid_calloc(1, sizeof(**f->v));
		f->v[f->n++]->name = kind;
	}
	v = strtoul(hash, NULL, 16);
	if ((f->v[i]->seen[v / 8] & 1u << v % 8) == 0) {
		f->v[i]->seen[v / 8] |= (unsigned char)(1u << v % 8);
		f->v[i]->n++;
	}
}

/*
 * Write the text with its secrets masked, but not what is a mask already: a
 * secret that holds one is masked on either side of it.  Returns how many
 * masks were added.
 */
static size_t
write_masked(struct scan *s, struct raid_buf *out,
    struct raid_redact_found *f)
{
	size_t at = 0, n = 0, k = 0;

	for (size_t i = 0; i < s->found.n; i++) {
		struct span part = s->found.v[i];
		size_t end = part.end;

		while (k < s->masks.n && s->masks.v[k].end <= part.start)
			k++;
		for (size_t m = k; part.start < end; m++) {
			int more = m < s->masks.n && s->masks.v[m].start < end;

			part.end = more ? s->masks.v[m].start : end;
			if (part.start < part.end && says_something(s->p +
			    part.start, part.end - part.start)) {
				raid_buf_add(out, s->p + at, part.start - at);
				put_mask(s, &part, out, f);
				at = part.end;
				n++;
			}
			part.start = more ? s->masks.v[m].end : end;
		}
	}
	raid_buf_add(out, s->p + at, s->len - at);
	return n;
}

/* One round.  1: out is the masked text, 0: there was nothing to mask. */
static int
mask_once(struct raid_redact *r, const void *p, size_t len,
    struct raid_buf *out, struct raid_redact_found *f, struct raid_err *err)
{
	struct scan s = { .r = r, .p = p, .len = len, .err = err };
	int ok;

	find_masks(&s);
	ok = find_all(&s);
	if (ok == 0 && s.found.n > 0) {
		merge(&s.found);
		ok = write_masked(&s, out, f) > 0;
	}
	free(s.found.v);
	free(s.masks.v);
	return ok;
}

int
raid_redact_mask(struct raid_redact *r, const void *p, size_t len,
    struct raid_buf *out, struct raid_redact_found *found,
    struct raid_err *err)
{
	struct raid_buf next;
	int rounds = 0, ok;

	raid_buf_init(out, SIZE_MAX / 4);
	ok = mask_once(r, p, len, out, found, err);
	/* What stands beside a mask looks different now: look again, until
	 * nothing is found any more. */
	while (ok == 1) {
		raid_buf_init(&next, SIZE_MAX / 4);
		ok = mask_once(r, out->p, out->len, &next, found, err);
		if (ok == 1) {
			raid_buf_free(out);
			*out = next;
			if (++rounds < ROUNDS_MAX)
				continue;
			raid_fail(err, RAID_EDATA, "each mask uncovers "
			    "another secret, so nothing is sent");
			ok = -1;
			break;
		}
		raid_buf_free(&next);
		if (ok == 0)
			return 1;
	}
	raid_buf_reset(out);
	return ok;
}

void
raid_redact_say(const struct raid_redact_found *found, struct raid_buf *b)
{
	size_t all = 0;

	for (size_t i = 0; i < found->n; i++)
		all += found->v[i]->n;
	if (all == 0)
		return;
	raid_buf_printf(b, "%zu secret%s masked: ", all, all > 1 ? "s" : "");
	for (size_t i = 0; i < found->n; i++) {
		if (i > 0)
			raid_buf_puts(b, ", ");
		if (found->v[i]->n > 1)
			raid_buf_printf(b, "%zu ", found->v[i]->n);
		raid_buf_puts(b, found->v[i]->name);
	}
}

void
raid_redact_found_free(struct raid_redact_found *found)
{
	for (size_t i = 0; i < found->n; i++)
		free(found->v[i]);
	free(found->v);
	*found = (struct raid_redact_found){ 0 };
}
