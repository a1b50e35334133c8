/* SPDX-License-Identifier: ISC */
#include "logs/miner.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"

#define KINDS_SEEN 1000		/* events that tell the kinds of a slot */

struct raid_miner *
raid_miner_new(const struct raid_miner_opts *o, struct raid_metrics *metrics)
{
	struct raid_miner *m = raid_calloc(1, sizeof(*m));

	m->o = *o;
	m->metrics = metrics;
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
raid_miner_free_group(struct group *g)
{
	for (size_t i = 0; i < g->nvalues; i++)
		raid_values_clear(&g->values[i]);
	free(g->values);
	raid_series_free(&g->series);
	free(g);
}

void
raid_miner_free(struct raid_miner *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		raid_miner_free_group(m->v[i]);
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

static void
join_values(struct group *a, struct group *b)
{
	for (size_t i = 0; i < b->nvalues; i++) {
		struct raid_values *x = &b->values[i], *y;

		y = raid_miner_values(a, x->word);
		if (y != NULL)
			raid_values_join(y, x);
	}
}

/* Numbers without a name of their own go together with the templates. */
static void
join_numbers(struct raid_miner *m, struct group *a, const struct group *b)
{
	for (size_t i = 0; i < a->numbers_n; i++)
		for (size_t k = 0; k < b->numbers_n; k++) {
			const struct number *x = &a->numbers[i];
			const struct number *y = &b->numbers[k];

			if (x->word == y->word && !x->keyed && !y->keyed &&
			    x->metric != y->metric)
				raid_metrics_join(m->metrics, x->metric,
				    y->metric);
		}
}

void
raid_miner_join(struct raid_miner *m, struct group *a, struct group *b)
{
	if (a->nword == b->nword) {
		join_values(a, b);
		join_numbers(m, a, b);
	}
	a->count += b->count;
	a->lines += b->lines;
	a->in_window += b->in_window;
	if (b->first < a->first)
		a->first = b->first;
	if (b->last > a->last)
		a->last = b->last;
	raid_miner_spread(a, b->first_time, b->last_time);
	if (b->named > a->named)
		a->named = b->named;
	if (b->told > a->told)
		a->told = b->told;
	a->cut |= b->cut;
	for (size_t i = 0; i < a->nword && i < b->nword; i++)
		a->words[i].slot |= b->words[i].slot;
	raid_series_join(&a->series, &b->series);
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
		if (m->last == g)
			m->last = NULL;
		raid_miner_free_group(g);
	}
	m->n = kept;
}

/*
 * Forget enough that new groups find room.  Where merging found nearly
 * nothing, as in noise, it is not tried the next times: 4, 8, 16.
 */
static void
make_room(struct raid_miner *m)
{
	size_t before = m->n;

	if (m->skip > 0)
		m->skip--;
	else {
		raid_miner_merge(m, 2);
		if (before - m->n >= before / 10)
			m->noise = 0;
		else if (m->noise < 16)
			m->noise = m->noise > 0 ? 2 * m->noise : 4;
		m->skip = m->noise;
	}
	if (m->n > m->o.groups / 2 || m->bytes > m->o.bytes / 2)
		raid_miner_fold(m);
}

void
raid_miner_lay_out(struct group *g, size_t nword, size_t text, size_t example)
{
	g->words = (struct raid_word *)(void *)(g + 1);
	g->text = (unsigned char *)(g->words + nword);
	g->text_len = (uint32_t)text;
	g->example = g->text + text;
	g->example_len = (uint32_t)example;
}

void
raid_miner_insert(struct raid_miner *m, struct group *g)
{
	g->number = m->next++;
	m->v = raid_grow(m->v, &m->cap, m->n + 1, sizeof(struct group *));
	m->v[m->n++] = g;
	m->bytes += g->size;
	if (m->o.assign) {
		m->parent = raid_grow(m->parent, &m->parent_cap, m->next,
		    sizeof(uint32_t));
		m->parent[g->number] = g->number;
	}
}

/* A group with room for so many words, bytes of them and of an example. */
static struct group *
add_group(struct raid_miner *m, const struct raid_event *e, size_t nword,
    size_t text, size_t example)
{
	size_t size = sizeof(struct group) + nword *
	    sizeof(struct raid_word) + text + example;
	struct group *g = raid_malloc(size);

	memset(g, 0, sizeof(*g));
	raid_miner_lay_out(g, nword, text, example);
	g->size = (uint32_t)size;
	g->nword = (uint32_t)nword;
	g->first = e->line;
	g->first_time = g->last_time = RAID_NO_TIME;
	raid_miner_insert(m, g);
	return g;
}

static struct group *
new_group(struct raid_miner *m, const struct raid_event *e)
{
	size_t text = 0, n = e->nword;
	size_t example = e->len < EXAMPLE_MAX ? e->len : EXAMPLE_MAX;
	struct group *g;

	if (n > 0) {
		const struct raid_word *w = &e->words[n - 1];

		text = w->off + (w->kind == RAID_WORD_MARK ? 1 : w->len);
		if (w->last_len > 0 && w->kind == RAID_WORD_SLOT)
			text = (size_t)w->last_off + w->last_len;
	}
	g = add_group(m, e, n, text, example);
	g->hash = e->hash;
	g->cut = e->cut != 0;
	if (n > 0)
		memcpy(g->words, e->words, n * sizeof(*g->words));
	if (text > 0)
		memcpy(g->text, e->p + e->message, text);
	if (example > 0)
		memcpy(g->example, e->p, example);
	g->told = (uint8_t)raid_miner_told(g);
	raid_miner_find_numbers(m, g);
	return g;
}

void
raid_miner_spread(struct group *g, int64_t first, int64_t last)
{
	if (first != RAID_NO_TIME &&
	    (g->first_time == RAID_NO_TIME || first < g->first_time))
		g->first_time = first;
	if (last != RAID_NO_TIME &&
	    (g->last_time == RAID_NO_TIME || last > g->last_time))
		g->last_time = last;
}

static void
add_first_value(struct group *g, size_t word, size_t off, size_t len)
{
	const struct raid_value_at at = { g->first, g->example,
	    g->example_len };
	struct raid_values *s;

	if (g->nvalues == SLOTS)
		return;
	s = &g->values[g->nvalues++];
	s->word = (uint16_t)word;
	if (g->count == 1)
		raid_values_add(s, g->text + off, len, 1, &at);
}

/* Room for the values of all slots; the group remembers the first ones. */
static void
add_first_values(struct group *g)
{
	g->values = raid_calloc(SLOTS, sizeof(*g->values));
	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i];

		if (w->kind != RAID_WORD_SLOT)
			continue;
		add_first_value(g, i, w->off, w->len);
		if (w->last_len > 0)
			add_first_value(g, i | RAID_VALUES_LAST, w->last_off,
			    w->last_len);
	}
}

struct raid_values *
raid_miner_values(struct group *g, size_t word)
{
	if (g->values == NULL)
		add_first_values(g);
	for (size_t i = 0; i < g->nvalues; i++)
		if (g->values[i].word == word)
			return &g->values[i];
	if (g->nvalues == SLOTS)
		return NULL;
	g->values[g->nvalues].word = (uint16_t)word;
	return &g->values[g->nvalues++];
}

/*
 * What stands in the slots of an event: its kinds and values.  Merging may
 * have left other words in the group; then it has slots there, too.
 */
static void
add_values(struct group *g, const struct raid_event *e)
{
	const struct raid_value_at at = { e->line, e->p, e->len };

	if (g->values == NULL && g->nword > 0)
		add_first_values(g);
	for (size_t k = 0; k < g->nvalues; k++) {
		size_t word = g->values[k].word;
		size_t i = word & (RAID_VALUES_LAST - 1);
		const struct raid_word *w = &e->words[i];

		if (i >= e->nword || w->kind == RAID_WORD_MARK)
			continue;
		if (word == i) {
			if (g->count < KINDS_SEEN)
				g->words[i].slot |= w->slot;
			raid_values_add(&g->values[k],
			    e->p + e->message + w->off, w->len, 1, &at);
		} else if (w->last_len > 0)
			raid_values_add(&g->values[k],
			    e->p + e->message + w->last_off, w->last_len, 1,
			    &at);
	}
}

static void
count_event(struct raid_miner *m, struct group *g, const struct raid_event *e)
{
	g->count++;
	g->lines += e->lines;
	g->in_window += e->in_window != 0;
	g->last = e->line + e->lines - 1;
	if (e->time != RAID_NO_TIME)
		raid_miner_spread(g, e->time, e->time);
	if (e->at != RAID_SERIES_NONE)
		raid_series_add(&g->series, e->at, 1);
	if (e->level > g->named)
		g->named = (uint8_t)e->level;
	m->last = g;
}

struct group **
raid_miner_place(struct raid_miner *m, uint64_t hash)
{
	struct group **at = raid_miner_find(m, hash);

	if (*at == NULL && (m->n >= m->o.groups || m->bytes >= m->o.bytes)) {
		make_room(m);
		at = raid_miner_find(m, hash);
	}
	m->is_new = *at == NULL;
	return at;
}

uint32_t
raid_miner_add(struct raid_miner *m, const struct raid_event *e)
{
	struct group **at = raid_miner_place(m, e->hash), *g;

	if (m->is_new)
		*at = new_group(m, e);
	else
		add_values(*at, e);
	g = *at;
	if (g->numbers_n > 0)
		raid_miner_measure(m, g, e);
	count_event(m, g, e);
	return g->number;
}

uint32_t
raid_miner_add_trace(struct raid_miner *m, const struct raid_event *e,
    const struct raid_trace *t)
{
	struct group **at = raid_miner_place(m, t->fingerprint), *g;
	struct raid_buf text, example;

	if (m->is_new) {
		raid_buf_init(&text, EXAMPLE_MAX);
		raid_buf_init(&example, TRACE_MAX);
		raid_miner_tell_trace(t, e, &text, &example);
		g = add_group(m, e, 0, text.len, example.len);
		g->hash = t->fingerprint;
		g->trace = 1;
		g->told = RAID_LEVEL_ERROR;
		memcpy(g->text, text.p, text.len);
		memcpy(g->example, example.p, example.len);
		raid_buf_free(&text);
		raid_buf_free(&example);
		*at = g;
	}
	count_event(m, *at, e);
	return (*at)->number;
}

enum raid_level
raid_miner_level(const struct raid_miner *m)
{
	return m->last == NULL ? RAID_LEVEL_NONE : raid_miner_level_of(m->last);
}

int
raid_miner_is_new(const struct raid_miner *m)
{
	return m->is_new;
}

void
raid_miner_halve(struct raid_miner *m)
{
	for (size_t i = 0; i < m->n; i++)
		raid_series_halve(&m->v[i]->series);
}

void
raid_miner_finish(struct raid_miner *m)
{
	raid_miner_merge(m, 6);
	for (int i = 0; i < 4 && raid_miner_cut_spans(m); i++)
		raid_miner_merge(m, 2);
	raid_miner_absorb(m);
	raid_miner_shorten(m);
	raid_miner_render(m);
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
