/* SPDX-License-Identifier: ISC */
/* Groups that differ at one place become one, if words vary there. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"

#define PLACES 48		/* of a group that are looked at */

/* Groups that are the same but for one place. */
struct alike {
	uint64_t key;
	uint32_t n;		/* groups: different words */
	uint32_t upper;		/* of them, in capitals: names of states */
};

struct siblings {
	struct alike *v;
	size_t slots;
};

static struct alike *
look(struct siblings *a, uint64_t key)
{
	size_t i = (key ^ key >> 32) & (a->slots - 1);

	while (a->v[i].n != 0 && a->v[i].key != key)
		i = (i + 1) & (a->slots - 1);
	a->v[i].key = key;
	return &a->v[i];
}

static uint64_t
without(const struct group *g, size_t i)
{
	return g->hash - raid_mask_mix(g->words[i].hash, i) +
	    raid_mask_mix(RAID_WORD_SLOT_HASH, i);
}

static int
is_upper(const struct group *g, const struct raid_word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (g->text[w->off + i] >= 'a' && g->text[w->off + i] <= 'z')
			return 0;
	return 1;
}

/* Is the word one of the list, each with a blank before and behind? */
static int
is_one(const struct group *g, const struct raid_word *w, const char *list)
{
	char word[24];

	if (w->kind != RAID_WORD_TEXT || w->len > sizeof(word) - 3)
		return 0;
	word[0] = ' ';
	for (size_t i = 0; i < w->len; i++)
		word[i + 1] = (char)(g->text[w->off + i] | 0x20);
	word[w->len + 1] = ' ';
	word[w->len + 2] = '\0';
	return strstr(list, word) != NULL;
}

static int
is_mark(const struct raid_word *w, char c)
{
	return w->kind == RAID_WORD_MARK && w->len == (unsigned char)c;
}

static size_t
literals(const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nword; i++)
		n += g->words[i].kind == RAID_WORD_TEXT;
	return n;
}

/*
 * How many different words must stand at place i before it is a slot.  A
 * value, or a word behind a noun that wants a name, varies sooner than the
 * verb of a sentence.
 */
static unsigned
wanted(const struct group *g, size_t i, const struct alike *a)
{
	const struct raid_word *w = &g->words[i], *last = w - 1;
	unsigned n = 6;

	if (i == 0)
		n = literals(g) > 4 ? 6 : 20;
	else if ((is_mark(last, '"') || is_mark(last, '\'')) &&
	    i + 1 < g->nword && is_mark(w + 1, (char)last->len))
		n = 3;
	else if (is_mark(last, '='))
		n = is_one(g, w, " true false null none nil yes no on off ") ?
		    2 : 4;
	else if (is_one(g, last, " user group host hostname file path device "
	    "node named class package service unit module interface domain "
	    "account username "))
		n = 2;
	else if (is_one(g, last, " for from to by at on of in via with "))
		n = 4;
	if (a->upper == a->n && n > 2)
		n = n < 8 ? 8 : n;
	return n;
}

/* A slot where names stand. */
static int
names_stand(const struct raid_word *w)
{
	return w->kind == RAID_WORD_SLOT && (w->slot & (RAID_SLOT_WORD |
	    RAID_SLOT_ID | RAID_SLOT_HOST | RAID_SLOT_EMAIL)) != 0;
}

static void
count_alike(const struct raid_miner *m, struct siblings *a)
{
	size_t need = 0;

	for (size_t k = 0; k < m->n; k++)
		need += m->v[k]->nword < PLACES ? m->v[k]->nword + 1 : PLACES;
	for (a->slots = 16; a->slots < need + need / 2;)
		a->slots *= 2;
	a->v = raid_calloc(a->slots, sizeof(struct alike));
	for (size_t k = 0; k < m->n; k++) {
		const struct group *g = m->v[k];
		int named = 0;

		for (size_t i = 0; i < g->nword && i < PLACES; i++) {
			struct alike *at;

			if (g->words[i].kind != RAID_WORD_TEXT) {
				named |= names_stand(&g->words[i]);
				continue;
			}
			at = look(a, without(g, i));
			at->n++;
			at->upper += (uint32_t)is_upper(g, &g->words[i]);
		}
		/* One that has such a slot already counts with them. */
		if (named)
			look(a, g->hash)->n++;
	}
}

static void
make_slot(struct group *g, size_t i)
{
	struct raid_word *w = &g->words[i];
	const struct raid_value_at at = { g->first, g->example,
	    g->example_len };
	struct raid_values *s = raid_miner_values(g, i);

	if (s != NULL)
		raid_values_add(s, g->text + w->off, w->len, g->count, &at);
	g->hash = without(g, i);
	w->hash = RAID_WORD_SLOT_HASH;
	w->kind = RAID_WORD_SLOT;
	w->slot |= RAID_SLOT_WORD;
}

/* The place of g where words vary most; nword if there is none. */
static size_t
best_place(const struct raid_miner *m, struct siblings *a,
    const struct group *g)
{
	size_t best = g->nword;
	uint32_t most = 0;

	for (size_t i = 0; i < g->nword && i < PLACES; i++) {
		const struct alike *at;
		struct group *there;
		uint64_t key;

		if (g->words[i].kind != RAID_WORD_TEXT)
			continue;
		key = without(g, i);
		at = look(a, key);
		if (at->n < 2)
			continue;
		there = *raid_miner_find(m, key);
		if (there != NULL && i < there->nword &&
		    names_stand(&there->words[i]))
			return i;
		if (at->n > most && at->n >= wanted(g, i, at)) {
			most = at->n;
			best = i;
		}
	}
	return best;
}

void
raid_miner_merge(struct raid_miner *m, int rounds)
{
	for (int round = 0; round < rounds; round++) {
		struct siblings a;
		size_t changed = 0, *place;

		count_alike(m, &a);
		place = raid_malloc((m->n + 1) * sizeof(*place));
		for (size_t k = 0; k < m->n; k++)
			place[k] = best_place(m, &a, m->v[k]);
		for (size_t k = 0; k < m->n; k++)
			if (place[k] < m->v[k]->nword) {
				make_slot(m->v[k], place[k]);
				changed++;
			}
		free(place);
		free(a.v);
		if (changed == 0)
			break;
		raid_miner_sweep(m);
	}
}

/* The signature with the words from i to before j as one slot. */
static uint64_t
shortened(const struct group *g, size_t i, size_t j)
{
	uint64_t h = g->nword - (j - i) + 1;

	for (size_t k = 0; k < i; k++)
		h += raid_mask_mix(g->words[k].hash, k);
	h += raid_mask_mix(RAID_WORD_SLOT_HASH, i);
	for (size_t k = j; k < g->nword; k++)
		h += raid_mask_mix(g->words[k].hash, k - (j - i) + 1);
	return h;
}

/* Of g, what stands between blanks as one slot: is there such a group? */
static struct group *
same_shortened(const struct raid_miner *m, const struct group *g)
{
	for (size_t i = 0; i < g->nword; i++) {
		size_t j = i, end = i + 1, slots = 0;
		struct group *there;

		if (i > 0 && !g->words[i].blank)
			continue;
		while (end < g->nword && !g->words[end].blank)
			end++;
		/* A comma or the like at the end is no part of a value. */
		while (end > i + 1 &&
		    g->words[end - 1].kind == RAID_WORD_MARK &&
		    memchr(",;:.", (int)g->words[end - 1].len, 4) != NULL)
			end--;
		for (j = i; j < end; j++)
			slots += g->words[j].kind == RAID_WORD_SLOT;
		if (slots == 0 || end - i < 2 || g->nword - (end - i) < 2)
			continue;
		there = *raid_miner_find(m, shortened(g, i, end));
		if (there != NULL && there != g && !there->gone)
			return there;
	}
	return NULL;
}

void
raid_miner_shorten(struct raid_miner *m)
{
	for (size_t k = 0; k < m->n; k++) {
		struct group *there = same_shortened(m, m->v[k]);

		if (there == NULL)
			continue;
		/* Words of both are not at the same places. */
		m->v[k]->nword = 0;
		raid_miner_join(m, there, m->v[k]);
	}
	raid_miner_sweep(m);
}

/* Groups that begin alike become one, which keeps the first words. */
static void
cut_to(struct group *g, size_t n)
{
	if (g->nword > n) {
		g->nword = (uint32_t)n;
		g->cut = 1;
	}
	g->hash = ~(uint64_t)g->nword;
	for (size_t i = 0; i < g->nword; i++)
		g->hash += raid_mask_mix(g->words[i].hash, i);
}

/* What is rare and not bad is given up first. */
static int
may_fold(const struct group *g)
{
	return !g->trace && (g->cut || (g->count < 4 &&
	    raid_miner_level_of(g) < RAID_LEVEL_ERROR));
}

void
raid_miner_fold(struct raid_miner *m)
{
	static const size_t keep[] = { 3, 2, 1, 0 };
	size_t from = m->folding > 0 ? m->folding - 1 : 0;

	m->folding = 0;
	for (size_t k = from; k < 4 && (m->n > m->o.groups / 4 ||
	    m->bytes > m->o.bytes / 4); k++) {
		m->folding = k;
		for (size_t i = 0; i < m->n; i++)
			if (may_fold(m->v[i]))
				cut_to(m->v[i], keep[k]);
		raid_miner_sweep(m);
	}
	/* All are frequent: the rest goes by the same way. */
	for (size_t k = 0; k < 4 && m->n > m->o.groups / 4 * 3; k++) {
		for (size_t i = 0; i < m->n; i++)
			if (!m->v[i]->trace)
				cut_to(m->v[i], keep[k]);
		raid_miner_sweep(m);
	}
}
