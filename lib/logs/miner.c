/* SPDX-License-Identifier: ISC */
#include "logs/miner.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"

struct raid_miner *
raid_miner_new(const struct raid_miner_opts *o)
{
	struct raid_miner *m = raid_calloc(1, sizeof(*m));

	m->o = *o;
	if (m->o.groups == 0)
		m->o.groups = 12000;
	if (m->o.bytes == 0)
		m->o.bytes = (size_t)24 << 20;
	for (m->slots = 16; m->slots < 2 * m->o.groups + 2;)
		m->slots *= 2;
	m->table = raid_calloc(m->slots, sizeof(struct group *));
	return m;
}

void
raid_miner_free(struct raid_miner *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i]);
	for (size_t i = 0; i < m->ntemplates; i++)
		free((char *)m->templates[i].text);
	free(m->v);
	free(m->table);
	free(m->parent);
	free(m->templates);
	free(m->by_number);
	free(m);
}

struct group **
raid_miner_find(const struct raid_miner *m, uint64_t hash)
{
	size_t i = (hash ^ hash >> 32) & (m->slots - 1);

	while (m->table[i] != NULL && m->table[i]->hash != hash)
		i = (i + 1) & (m->slots - 1);
	return &m->table[i];
}

void
raid_miner_join(struct raid_miner *m, struct group *a, struct group *b)
{
	a->count += b->count;
	if (b->first < a->first)
		a->first = b->first;
	if (b->last > a->last)
		a->last = b->last;
	if (b->level > a->level)
		a->level = b->level;
	a->cut |= b->cut;
	for (size_t i = 0; i < a->nword && i < b->nword; i++)
		a->words[i].slot |= b->words[i].slot;
	b->gone = 1;
	if (m->o.assign)
		m->parent[b->number] = a->number;
}

void
raid_miner_sweep(struct raid_miner *m)
{
	size_t kept = 0;

	memset(m->table, 0, m->slots * sizeof(struct group *));
	m->bytes = 0;
	for (size_t i = 0; i < m->n; i++) {
		struct group *g = m->v[i], **at;

		if (!g->gone) {
			at = raid_miner_find(m, g->hash);
			if (*at == NULL) {
				*at = g;
				m->v[kept++] = g;
				m->bytes += g->size;
				continue;
			}
			raid_miner_join(m, *at, g);
		}
		free(g);
	}
	m->n = kept;
}

/* Forget enough that new groups find room. */
static void
make_room(struct raid_miner *m)
{
	raid_miner_merge(m, 2);
	if (m->n > m->o.groups / 2 || m->bytes > m->o.bytes / 2)
		raid_miner_fold(m);
}

static struct group *
new_group(struct raid_miner *m, const unsigned char *p, size_t len,
    size_t header)
{
	const struct raid_mask *k = &m->mask;
	size_t text = 0, words = k->n * sizeof(struct raid_word), size;
	size_t example = len < EXAMPLE_MAX ? len : EXAMPLE_MAX;
	struct group *g;

	if (k->n > 0) {
		const struct raid_word *w = &k->v[k->n - 1];

		text = w->off + (w->kind == RAID_WORD_MARK ? 1 : w->len);
	}
	size = sizeof(*g) + words + text + example;
	g = raid_calloc(1, size);
	g->hash = k->hash;
	g->size = (uint32_t)size;
	g->nword = (uint32_t)k->n;
	g->cut = k->cut != 0;
	g->words = (struct raid_word *)(void *)(g + 1);
	g->text = (unsigned char *)g->words + words;
	g->text_len = (uint32_t)text;
	g->example = g->text + text;
	g->example_len = (uint32_t)example;
	if (k->n > 0)
		memcpy(g->words, k->v, words);
	if (text > 0)
		memcpy(g->text, p + header, text);
	if (example > 0)
		memcpy(g->example, p, example);
	g->first = m->lines;
	g->number = m->next++;
	m->v = raid_grow(m->v, &m->cap, m->n + 1, sizeof(struct group *));
	m->v[m->n++] = g;
	m->bytes += size;
	if (m->o.assign) {
		m->parent = raid_grow(m->parent, &m->parent_cap, m->next,
		    sizeof(uint32_t));
		m->parent[g->number] = g->number;
	}
	return g;
}

uint32_t
raid_miner_add(struct raid_miner *m, const unsigned char *p, size_t len)
{
	struct raid_header h;
	struct group **at, *g;

	m->lines++;
	raid_header(&h, p, len);
	raid_mask(&m->mask, p + h.end, len - h.end);
	at = raid_miner_find(m, m->mask.hash);
	if (*at == NULL) {
		if (m->n >= m->o.groups || m->bytes >= m->o.bytes) {
			make_room(m);
			at = raid_miner_find(m, m->mask.hash);
		}
		if (*at == NULL)
			*at = new_group(m, p, len, h.end);
	}
	g = *at;
	g->count++;
	g->last = m->lines;
	if (h.level > g->level)
		g->level = h.level;
	/* Merging may have left other words here; then it has slots, too. */
	for (size_t i = 0; i < m->mask.n && i < g->nword; i++)
		g->words[i].slot |= m->mask.v[i].slot;
	return g->number;
}

void
raid_miner_finish(struct raid_miner *m)
{
	raid_miner_merge(m, 6);
	raid_miner_shorten(m);
	raid_miner_render(m);
}

uint64_t
raid_miner_lines(const struct raid_miner *m)
{
	return m->lines;
}

size_t
raid_miner_count(const struct raid_miner *m)
{
	return m->ntemplates;
}

const struct raid_template *
raid_miner_template(const struct raid_miner *m, size_t i)
{
	return &m->templates[i];
}

const struct raid_template *
raid_miner_template_of(const struct raid_miner *m, uint32_t number)
{
	while (m->parent[number] != number)
		number = m->parent[number];
	return &m->templates[m->by_number[number]];
}
