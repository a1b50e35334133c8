/* SPDX-License-Identifier: ISC */
/* Groups as text, and back: numbers with blanks, bytes behind their count. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/miner_priv.h"
#include "logs/state.h"

#define TEXT_MAX (RAID_MASK_BYTES + 64)

static void
write_values(const struct raid_values *s, struct raid_buf *b)
{
	raid_buf_printf(b, " %u %u %u %u", s->word, s->total, s->evicted,
	    s->n);
	for (size_t i = 0; i < 4; i++)
		raid_buf_printf(b, " %" PRIu64, s->seen[i]);
	for (size_t i = 0; i < s->n; i++) {
		const struct raid_value *v = &s->v[i];

		raid_buf_printf(b, " %u %u %" PRIu64, s->hash[i], s->count[i],
		    v->line);
		raid_state_bytes(b, v->text, strlen(v->text));
		raid_state_bytes(b, v->quote,
		    v->quote == NULL ? 0 : strlen(v->quote));
	}
}

static int
read_values(struct raid_state *s, struct raid_values *v, uint64_t line)
{
	const unsigned char *p;
	size_t n, len;

	v->word = (uint16_t)raid_state_num(s, 2 * RAID_VALUES_LAST - 1);
	v->total = (uint32_t)raid_state_num(s, UINT32_MAX);
	v->evicted = (uint8_t)raid_state_num(s, 1);
	n = (size_t)raid_state_num(s, RAID_VALUES);
	for (size_t i = 0; i < 4; i++)
		v->seen[i] = raid_state_num(s, UINT64_MAX);
	for (; !s->bad && v->n < n; v->n++) {
		struct raid_value *x = &v->v[v->n];

		*x = (struct raid_value){ 0 };
		v->hash[v->n] = (uint32_t)raid_state_num(s, UINT32_MAX);
		v->count[v->n] = (uint32_t)raid_state_num(s, UINT32_MAX);
		x->line = line + raid_state_num(s, UINT32_MAX);
		p = raid_state_take(s, RAID_VALUE_MAX, &len);
		if (p != NULL)
			memcpy(x->text, p, len);
		p = raid_state_take(s, EXAMPLE_MAX, &len);
		if (p != NULL && len > 0)
			x->quote = raid_strndup((const char *)p, len);
	}
	return s->bad ? -1 : 0;
}

static void
write_group(const struct group *g, struct raid_buf *b)
{
	raid_buf_printf(b, "g %" PRIu64 " %u %u %u %u %" PRIu64 " %" PRIu64
	    " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64,
	    g->hash, g->trace, g->cut, g->named, g->told, g->count, g->lines,
	    g->first, g->last, g->in_window, g->first_time, g->last_time);
	raid_state_bytes(b, g->text, g->text_len);
	raid_state_bytes(b, g->example, g->example_len);
	raid_buf_printf(b, " %u", g->nword);
	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i];

		raid_buf_printf(b, " %" PRIu64 " %u %u %u %u %u %u %u",
		    w->hash, w->off, w->len, w->slot, w->kind, w->blank,
		    w->last_off, w->last_len);
	}
	raid_buf_printf(b, " %u", g->nvalues);
	for (size_t i = 0; i < g->nvalues; i++)
		write_values(&g->values[i], b);
	raid_buf_addc(b, ' ');
	raid_series_write(&g->series, b);
}

void
raid_miner_write(const struct raid_miner *m, struct raid_buf *b)
{
	raid_buf_printf(b, "groups %zu\n", m->n);
	for (size_t i = 0; i < m->n; i++)
		write_group(m->v[i], b);
}

static void
read_words(struct raid_state *s, struct group *g)
{
	for (size_t i = 0; i < g->nword && !s->bad; i++) {
		struct raid_word *w = &g->words[i];

		w->hash = raid_state_num(s, UINT64_MAX);
		w->off = (uint32_t)raid_state_num(s, g->text_len);
		w->len = (uint32_t)raid_state_num(s, TEXT_MAX);
		w->slot = (uint16_t)raid_state_num(s, UINT16_MAX);
		w->kind = (uint8_t)raid_state_num(s, RAID_WORD_SLOT);
		w->blank = (uint8_t)raid_state_num(s, 1);
		w->last_off = (uint16_t)raid_state_num(s, g->text_len);
		w->last_len = (uint16_t)raid_state_num(s, TEXT_MAX);
		if (w->last_len > g->text_len - w->last_off ||
		    (w->kind == RAID_WORD_MARK ? w->len > 255 :
		    w->len > g->text_len - w->off))
			s->bad = 1;
	}
}

/* One group, which is not yet among those of m; NULL: it is malformed. */
static struct group *
read_group(struct raid_state *s, uint64_t line)
{
	const unsigned char *text, *example;
	size_t text_len, example_len, n, size;
	struct group head = { 0 }, *g;

	raid_state_word(s, "g");
	head.hash = raid_state_num(s, UINT64_MAX);
	head.trace = (uint8_t)raid_state_num(s, 1);
	head.cut = (uint8_t)raid_state_num(s, 1);
	head.named = (uint8_t)raid_state_num(s, RAID_LEVEL_FATAL);
	head.told = (uint8_t)raid_state_num(s, RAID_LEVEL_FATAL);
	head.count = raid_state_num(s, UINT32_MAX);
	head.lines = raid_state_num(s, UINT32_MAX);
	head.first = line + raid_state_num(s, UINT32_MAX);
	head.last = line + raid_state_num(s, UINT32_MAX);
	head.in_window = raid_state_num(s, UINT32_MAX);
	head.first_time = raid_state_signed(s);
	head.last_time = raid_state_signed(s);
	text = raid_state_take(s, TEXT_MAX, &text_len);
	example = raid_state_take(s, TRACE_MAX, &example_len);
	n = (size_t)raid_state_num(s, RAID_MASK_WORDS);
	if (s->bad)
		return NULL;
	size = sizeof(*g) + n * sizeof(struct raid_word) + text_len +
	    example_len;
	g = raid_calloc(1, size);
	*g = head;
	g->size = (uint32_t)size;
	g->nword = (uint32_t)n;
	raid_miner_lay_out(g, n, text_len, example_len);
	memcpy(g->text, text, text_len);
	memcpy(g->example, example, example_len);
	read_words(s, g);
	n = (size_t)raid_state_num(s, SLOTS);
	if (n > 0)
		g->values = raid_calloc(SLOTS, sizeof(*g->values));
	while (!s->bad && g->nvalues < n)
		(void)read_values(s, &g->values[g->nvalues++], line);
	raid_state_series(s, &g->series);
	if (!s->bad)
		return g;
	raid_miner_free_group(g);
	return NULL;
}

int
raid_miner_read(struct raid_miner *m, struct raid_state *s, uint64_t line)
{
	struct group *g, **at;
	uint64_t n;

	raid_state_word(s, "groups");
	n = raid_state_num(s, UINT32_MAX);
	for (uint64_t i = 0; i < n && !s->bad; i++) {
		g = read_group(s, line);
		if (g == NULL)
			return -1;
		at = raid_miner_place(m, g->hash);
		raid_miner_insert(m, g);
		raid_miner_find_numbers(m, g);
		if (m->is_new)
			*at = g;
		else
			raid_miner_join(m, *at, g);
		if (!m->is_new) {	/* it is the last of them */
			m->n--;
			m->bytes -= g->size;
			raid_miner_free_group(g);
		}
	}
	return s->bad ? -1 : 0;
}
