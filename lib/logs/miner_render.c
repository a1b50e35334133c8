/* SPDX-License-Identifier: ISC */
/* From groups to templates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "logs/miner_priv.h"

/* Words that tell how bad it is, where the line names no level. */
static enum raid_level
guess_level(const char *text)
{
	static const struct { const char *word; enum raid_level level; } v[] =
	{
		{ "panic", RAID_LEVEL_FATAL }, { "fatal", RAID_LEVEL_FATAL },
		{ "out of memory", RAID_LEVEL_FATAL },
		{ "segfault", RAID_LEVEL_FATAL },
		{ "corrupt", RAID_LEVEL_ERROR },
		{ "exception", RAID_LEVEL_ERROR },
		{ "traceback", RAID_LEVEL_ERROR },
		{ "error", RAID_LEVEL_ERROR }, { "fail", RAID_LEVEL_ERROR },
		{ "cannot", RAID_LEVEL_ERROR },
		{ "could not", RAID_LEVEL_ERROR },
		{ "denied", RAID_LEVEL_ERROR },
		{ "refused", RAID_LEVEL_ERROR },
		{ "aborted", RAID_LEVEL_ERROR },
		{ "timed out", RAID_LEVEL_WARN },
		{ "timeout", RAID_LEVEL_WARN }, { "warn", RAID_LEVEL_WARN },
		{ "unable", RAID_LEVEL_WARN }, { "invalid", RAID_LEVEL_WARN },
		{ "expire", RAID_LEVEL_WARN }, { "retry", RAID_LEVEL_WARN }
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (strcasestr(text, v[i].word) != NULL)
			return v[i].level;
	return RAID_LEVEL_NONE;
}

static void
add_clean(struct raid_buf *b, const unsigned char *p, size_t len)
{
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		n = raid_utf8_next(p + i, len - i, &c);
		if (n == 0)
			raid_buf_puts(b, "\xef\xbf\xbd");
		else if (c >= 0x20 && c != 0x7f)
			raid_buf_add(b, p + i, n);
		i += n > 0 ? n : 1;
	}
}

static char *
render(const struct group *g)
{
	struct raid_buf b;
	char *text;

	raid_buf_init(&b, 1 << 16);
	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i];

		if (w->blank && b.len > 0)
			raid_buf_addc(&b, ' ');
		if (w->kind == RAID_WORD_MARK && w->len == '.')
			raid_buf_puts(&b, "...");
		else if (w->kind == RAID_WORD_MARK)
			raid_buf_addc(&b, (unsigned char)w->len);
		else if (w->kind == RAID_WORD_SLOT)
			raid_buf_printf(&b, "<%s>", raid_slot_name(w->slot));
		else
			add_clean(&b, g->text + w->off, w->len);
	}
	if (g->cut)
		raid_buf_puts(&b, b.len > 0 ? " <...>" : "<...>");
	text = raid_buf_take(&b);
	raid_buf_free(&b);
	return text;
}

static void
set_id(const struct group *g, char id[RAID_TEMPLATE_ID])
{
	struct raid_buf b;
	char hex[RAID_HASH_SIZE];

	/* Without the kinds of slots: one odd value must not change it. */
	raid_buf_init(&b, 1 << 16);
	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i];

		if (w->kind == RAID_WORD_MARK)
			raid_buf_addc(&b, (unsigned char)w->len);
		else if (w->kind == RAID_WORD_SLOT)
			raid_buf_addc(&b, 0);
		else
			raid_buf_add(&b, g->text + w->off, w->len);
		raid_buf_addc(&b, 1);
	}
	if (g->cut)
		raid_buf_addc(&b, 2);
	raid_hash(b.p, b.len, hex);
	raid_buf_free(&b);
	memcpy(id, hex, RAID_TEMPLATE_ID - 1);
	id[RAID_TEMPLATE_ID - 1] = '\0';
}

static int
by_count(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a;
	const struct group *y = *(struct group *const *)b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

void
raid_miner_render(struct raid_miner *m)
{
	if (m->n > 0)
		qsort(m->v, m->n, sizeof(*m->v), by_count);
	m->templates = raid_calloc(m->n + 1, sizeof(*m->templates));
	if (m->o.assign)
		m->by_number = raid_calloc((size_t)m->next + 1,
		    sizeof(*m->by_number));
	for (size_t i = 0; i < m->n; i++) {
		const struct group *g = m->v[i];
		struct raid_template *t = &m->templates[i];

		t->text = render(g);
		set_id(g, t->id);
		t->count = g->count;
		t->first = g->first;
		t->last = g->last;
		t->example = (const char *)g->example;
		t->example_len = g->example_len;
		t->level = g->level >= RAID_LEVEL_WARN ? g->level :
		    guess_level(t->text);
		if (t->level < g->level)
			t->level = g->level;
		if (m->o.assign)
			m->by_number[g->number] = (uint32_t)i;
	}
	m->ntemplates = m->n;
}
