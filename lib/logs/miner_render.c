/* SPDX-License-Identifier: ISC */
/* From groups to templates. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "logs/miner_priv.h"

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
	if (g->trace)
		add_clean(&b, g->text, g->text_len);
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
	if (g->trace)
		raid_buf_printf(&b, "trace %016" PRIx64, g->hash);
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

/* "where (f.c:12)", if either is known. */
static void
add_place(struct raid_buf *b, const char *before, const struct raid_frame *f)
{
	if (*f->function == '\0' && *f->place == '\0')
		return;
	raid_buf_puts(b, before);
	raid_buf_puts(b, f->function);
	if (*f->place != '\0')
		raid_buf_printf(b, *f->function != '\0' ? " (%s)" : "%s",
		    f->place);
}

/* "Traceback (most recent call last):" and the like say nothing. */
static int
is_opener(const unsigned char *p, size_t len)
{
	if (len == 0 || p[len - 1] != ':')
		return len == 0;
	for (size_t i = 0; i < len; i++)
		if ((p[i] >= '0' && p[i] <= '9') || p[i] == '\'' ||
		    p[i] == '"')
			return 0;
	return 1;
}

void
raid_miner_tell_trace(const struct raid_trace *t, const struct raid_event *e,
    struct raid_buf *text, struct raid_buf *example)
{
	int whole;

	raid_buf_puts(text, t->type);
	if (*t->message != '\0')
		raid_buf_printf(text, ": %s", t->message);
	/* The first line is quoted as it is, if it tells something. */
	whole = memmem(e->p, e->len, text->p, text->len) != NULL;
	if (e->len < EXAMPLE_MAX && (whole || (!is_opener(e->p, e->len) &&
	    memmem(text->p, text->len, e->p, e->len) == NULL))) {
		raid_buf_add(example, e->p, e->len);
		if (!whole)
			raid_buf_addc(example, '\n');
	} else
		whole = 0;
	if (!whole)
		raid_buf_add(example, text->p, text->len);
	if (*t->cause != '\0') {
		raid_buf_printf(example, "\n  cause: %s", t->cause);
		add_place(example, " at ", &t->cause_at);
	}
	for (size_t i = 0; i < t->nown; i++) {
		add_place(text, i == 0 ? " at " : " < ", &t->own[i]);
		add_place(example, "\n    at ", &t->own[i]);
	}
	if (*t->cause != '\0') {
		raid_buf_printf(text, "; cause: %s", t->cause);
		add_place(text, " at ", &t->cause_at);
	}
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
		t->lines = g->lines;
		t->first = g->first;
		t->last = g->last;
		t->first_time = g->first_time;
		t->last_time = g->last_time;
		t->in_window = g->in_window;
		t->trace = g->trace;
		t->series = &g->series;
		for (size_t k = 0; k < g->nvalues; k++)
			raid_values_sort(&g->values[k]);
		t->values = g->values;
		t->nvalues = g->nvalues;
		t->example = (const char *)g->example;
		t->example_len = g->example_len;
		t->level = raid_miner_level_of(g);
		if (m->o.assign)
			m->by_number[g->number] = (uint32_t)i;
	}
	m->ntemplates = m->n;
}
