/* SPDX-License-Identifier: ISC */
/*
 * A rare template whose words are those of a frequent one, but for places
 * where names or ids stand in the other, is the other: "id=dfcfcfbf of you"
 * where there are many "id=<id> of <*>".
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"

#define FREQUENT 5		/* so many times as often at least */
#define STEPS 20000000		/* words that are compared at most */

/* Letters that a hexadecimal number may have, and enough of them? */
static int
may_be_hex(const struct group *g, const struct raid_word *w)
{
	for (size_t i = 0; i < w->len; i++) {
		unsigned char c = g->text[w->off + i] | 0x20;

		if (c < 'a' || c > 'f')
			return 0;
	}
	return w->len >= 4;
}

/* May the word of g stand in the slot? */
static int
fits(const struct group *g, const struct raid_word *w,
    const struct raid_word *slot)
{
	if (w->kind == RAID_WORD_SLOT)
		return 1;
	if (w->kind != RAID_WORD_TEXT)
		return 0;
	if (slot->slot & (RAID_SLOT_WORD | RAID_SLOT_ID | RAID_SLOT_HOST |
	    RAID_SLOT_EMAIL | RAID_SLOT_TEXT))
		return 1;
	return slot->slot & RAID_SLOT_HEX && may_be_hex(g, w);
}

/* Does all that stands in g fit into the other? */
static int
is_part(const struct group *g, const struct group *other, size_t *steps)
{
	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i], *x =
		    &other->words[i];

		++*steps;
		if (x->kind == RAID_WORD_SLOT ? !fits(g, w, x) :
		    x->kind != w->kind || x->hash != w->hash)
			return 0;
	}
	return 1;
}

static int
by_words(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a;
	const struct group *y = *(struct group *const *)b;

	if (x->nword != y->nword)
		return x->nword < y->nword ? -1 : 1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static int
has_slot(const struct group *g)
{
	for (size_t i = 0; i < g->nword; i++)
		if (g->words[i].kind == RAID_WORD_SLOT)
			return 1;
	return 0;
}

void
raid_miner_absorb(struct raid_miner *m)
{
	size_t begin = 0, steps = 0;

	if (m->n > 0)
		qsort(m->v, m->n, sizeof(*m->v), by_words);
	for (size_t k = 0; k < m->n && steps < STEPS; k++) {
		struct group *g = m->v[k];

		if (g->nword != m->v[begin]->nword)
			begin = k;
		if (g->trace || g->cut || g->nword < 3)
			continue;
		for (size_t i = begin; i < k && steps < STEPS; i++) {
			struct group *other = m->v[i];

			if (other->count / FREQUENT < g->count)
				break;
			if (other->gone || other->trace || other->cut ||
			    !has_slot(other) || !is_part(g, other, &steps))
				continue;
			raid_miner_join(m, other, g);
			break;
		}
	}
	raid_miner_sweep(m);
}
