/* SPDX-License-Identifier: ISC */
/*
 * What stands between quotes or brackets is one slot where it varies, also
 * in the number of its words: "open 'a b' now", "open 'c' now".
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"

#define QUOTED 3		/* different texts that make a slot */
#define BRACKETED 5
#define WORDS 64		/* a longer template is left as it is */

/* Signatures with a span as one slot, and how many groups have each. */
struct span_count {
	uint64_t key;
	uint32_t n;
};

struct spans {
	struct span_count *v;
	size_t slots;
};

static struct span_count *
look(const struct spans *s, uint64_t key)
{
	size_t i = (key ^ key >> 32) & (s->slots - 1);

	while (s->v[i].n != 0 && s->v[i].key != key)
		i = (i + 1) & (s->slots - 1);
	s->v[i].key = key;
	return &s->v[i];
}

static int
is_mark(const struct raid_word *w, char c)
{
	return w->kind == RAID_WORD_MARK && w->len == (unsigned char)c;
}

/* Does the text behind this key tell what happened? */
static int
is_message_key(const struct group *g, size_t quote)
{
	static const char *const keys[] = { "msg", "message", "event", "log",
	    "text", "error", "err", "reason", "exception", "@m", "@mt" };
	const struct raid_word *w;
	size_t i = quote;

	if (i > 0 && (is_mark(&g->words[i - 1], ':') ||
	    is_mark(&g->words[i - 1], '=')))
		i--;
	else
		return 0;
	if (i > 0 && is_mark(&g->words[i - 1], '"'))
		i--;
	if (i == 0)
		return 0;
	w = &g->words[i - 1];
	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
		if (w->kind == RAID_WORD_TEXT && w->len == strlen(keys[k]) &&
		    strncasecmp((char *)g->text + w->off, keys[k], w->len) == 0)
			return 1;
	return 0;
}

/*
 * The end of the span that the mark at i opens: the place of its closing
 * mark; 0 if it opens none.
 */
static size_t
span_end(const struct group *g, size_t i)
{
	const struct raid_word *w = &g->words[i];
	char close;
	int depth = 0;

	if (is_mark(w, '"'))
		close = '"';
	else if (is_mark(w, '\'') && (w->blank || i == 0 ||
	    is_mark(w - 1, '=') || is_mark(w - 1, '[') || is_mark(w - 1, '(')))
		close = '\'';
	else if (is_mark(w, '['))
		close = ']';
	else if (is_mark(w, '{'))
		close = '}';
	else if (is_mark(w, '('))
		close = ')';
	else
		return 0;
	if (i == 0 && close == '}')
		return 0;		/* a line of JSON */
	for (size_t k = i; k < g->nword; k++) {
		if (k > i && is_mark(&g->words[k], close) && --depth <= 0)
			return k > i + 1 ? k : 0;
		depth += k == i || (close != '"' && close != '\'' &&
		    is_mark(&g->words[k], (char)w->len));
	}
	return 0;
}

/* The signature with the words from i to before j as one slot. */
static uint64_t
without(const struct group *g, size_t i, size_t j)
{
	uint64_t h = g->nword - (j - i) + 1;

	for (size_t k = 0; k < i; k++)
		h += raid_mask_mix(g->words[k].hash, k);
	h += raid_mask_mix(RAID_WORD_SLOT_HASH, i);
	for (size_t k = j; k < g->nword; k++)
		h += raid_mask_mix(g->words[k].hash, k - (j - i) + 1);
	return h;
}

/* By the mark that closes a span. */
static unsigned
wanted(const struct group *g, size_t i)
{
	return is_mark(&g->words[i], '"') || is_mark(&g->words[i], '\'') ?
	    QUOTED : BRACKETED;
}

/* "GET /x HTTP/1.1": the word says what was asked, it stays. */
static int
is_verb(const struct group *g, const struct raid_word *w)
{
	if (w->kind != RAID_WORD_TEXT || w->len < 3)
		return 0;
	for (size_t i = 0; i < w->len; i++)
		if (g->text[w->off + i] < 'A' || g->text[w->off + i] > 'Z')
			return 0;
	return 1;
}

/* Call fn for each span of a group until it returns 1. */
static void
each_span(const struct spans *s, struct group *g,
    int (*fn)(const struct spans *, struct group *, size_t, size_t))
{
	for (size_t i = 0; i + 2 < g->nword; i++) {
		size_t end = span_end(g, i), from = i + 1;

		if (end == 0)
			continue;
		if (is_mark(&g->words[i], '"') && is_verb(g, &g->words[from]))
			from++;
		if (from < end && !is_message_key(g, i) &&
		    fn(s, g, from, end))
			return;
		if (is_mark(&g->words[i], '"') ||
		    is_mark(&g->words[i], '\''))
			i = end;
	}
}

static int
count_span(const struct spans *s, struct group *g, size_t i, size_t j)
{
	look(s, without(g, i, j))->n++;
	return 0;
}

/* Values behind a span have another place then, those in it have none. */
static void
move_values(struct group *g, size_t i, size_t j)
{
	size_t kept = 0;

	for (size_t k = 0; k < g->nvalues; k++) {
		struct raid_values *v = &g->values[k];
		size_t word = v->word & (RAID_VALUES_LAST - 1);

		if (word >= i && word < j) {
			raid_values_clear(v);
			continue;
		}
		if (word >= j)
			v->word -= (uint16_t)(j - i - 1);
		if (kept != k)
			g->values[kept] = *v;
		kept++;
	}
	g->nvalues = (uint8_t)kept;
	for (size_t k = kept; k < SLOTS && g->values != NULL; k++)
		g->values[k] = (struct raid_values){ 0 };
}

static int
cut_span(const struct spans *s, struct group *g, size_t i, size_t j)
{
	struct raid_word *w = &g->words[i];

	if ((j - i == 1 && w->kind == RAID_WORD_SLOT) ||
	    look(s, without(g, i, j))->n < wanted(g, j))
		return 0;
	g->hash = without(g, i, j);
	w->kind = RAID_WORD_SLOT;
	w->slot = RAID_SLOT_TEXT;
	w->hash = RAID_WORD_SLOT_HASH;
	w->len = g->words[j].off > w->off ? g->words[j].off - w->off : 0;
	memmove(w + 1, &g->words[j], (g->nword - j) * sizeof(*w));
	g->nword -= (uint32_t)(j - i - 1);
	g->numbers_n = 0;	/* no event will come */
	move_values(g, i, j);
	return 1;
}

int
raid_miner_cut_spans(struct raid_miner *m)
{
	struct spans s;
	size_t before = m->n;

	for (s.slots = 64; s.slots < m->n * 16;)
		s.slots *= 2;
	s.v = raid_calloc(s.slots, sizeof(*s.v));
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i]->nword < WORDS)
			each_span(&s, m->v[i], count_span);
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i]->nword < WORDS)
			each_span(&s, m->v[i], cut_span);
	free(s.v);
	raid_miner_sweep(m);
	return m->n < before;
}
