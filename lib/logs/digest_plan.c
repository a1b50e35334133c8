/* SPDX-License-Identifier: ISC */
/* How a page is filled: sections, their shares, the budget. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tokens.h"
#include "logs/digest_priv.h"

#define MISSES 12		/* items in a row that do not fit */
#define PAGE_MAX ((size_t)256 << 20)

struct raid_section *
raid_page_section(struct raid_page *p, const char *name, double share)
{
	struct raid_section *s = &p->sections[p->nsection++];

	s->name = name;
	s->share = share;
	return s;
}

struct raid_item *
raid_page_item(struct raid_section *s, enum raid_item_kind kind)
{
	s->v = raid_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	s->v[s->n] = (struct raid_item){ .kind = kind };
	return &s->v[s->n++];
}

static void
render(const struct raid_page *p, const struct raid_section *s,
    const struct raid_item *it, struct raid_buf *b)
{
	if (p->o->json)
		raid_page_json_item(p, s, it, b);
	else
		raid_page_text_item(p, it, b);
}

/* Is it counted elsewhere, or quoted there? */
static int
is_done(const struct raid_page *p, const struct raid_item *it)
{
	if (it->text != NULL)
		return 1;
	if (it->rank == NULL)
		return 0;
	if (it->rank->value != NULL)
		return p->quoted[it->rank->index];
	return p->counted[it->rank->index];
}

/* Its lines are counted here; those of templates like it, too. */
static void
count(struct raid_page *p, struct raid_item *it)
{
	const struct raid_rank *r = it->rank;

	if (r == NULL)
		return;
	if (r->value != NULL) {
		p->quoted[r->index] = 1;
		return;
	}
	p->counted[r->index] = 1;
	it->lines = r->t->lines;
	it->templates = 1;
	if (it->was != NULL) {
		it->lines += it->was->lines;
		it->templates++;
	}
	if (it->kind != RAID_ITEM_QUOTE || r->like == 0)
		return;
	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *x = &p->ranks[i];

		if (x->family != r->family || p->counted[x->index] ||
		    x->value != NULL)
			continue;
		p->counted[x->index] = 1;
		it->lines += x->t->lines;
		it->templates++;
	}
}

/* The tokens that an item would take, and its text in b. */
static size_t
cost_of(const struct raid_page *p, const struct raid_section *s,
    const struct raid_item *it, struct raid_buf *b)
{
	size_t n;

	raid_buf_reset(b);
	if (s->taken == 0 && !p->o->json)
		raid_page_text_open(s, b);
	n = b->len > 0 ? raid_tokens(b->p, b->len) + 4 : 0;
	raid_buf_reset(b);
	render(p, s, it, b);
	return n + raid_tokens(b->p, b->len) + (p->o->json != 0);
}

/* Take what fits into so many tokens; how many were used. */
static size_t
fill(struct raid_page *p, struct raid_section *s, size_t tokens)
{
	struct raid_buf b;
	size_t used = 0, misses = 0, n;

	raid_buf_init(&b, 1 << 20);
	for (size_t i = 0; i < s->n && misses < MISSES; i++) {
		struct raid_item *it = &s->v[i];

		if (is_done(p, it))
			continue;
		n = cost_of(p, s, it, &b);
		if (b.len == 0)
			continue;
		if (used + n > tokens) {
			misses++;
			continue;
		}
		used += n;
		misses = 0;
		it->text = raid_buf_take(&b);
		s->taken++;
		count(p, it);
	}
	raid_buf_free(&b);
	return used;
}

/* Lines that stand on the page; a value counts unless its template does. */
static void
sum(const struct raid_page *p, size_t *templates, uint64_t *lines)
{
	*templates = 0;
	*lines = 0;
	for (size_t i = 0; i < p->nsection; i++)
		for (size_t k = 0; k < p->sections[i].n; k++) {
			const struct raid_item *it = &p->sections[i].v[k];

			if (it->text == NULL)
				continue;
			*templates += it->templates;
			*lines += it->lines;
			if (it->rank != NULL && it->rank->value != NULL &&
			    !p->counted[it->rank->index])
				*lines += it->rank->count;
		}
}

static void
put_end(const struct raid_page *p, struct raid_buf *b)
{
	uint64_t lines;
	size_t templates;

	sum(p, &templates, &lines);
	if (p->o->json)
		raid_page_json_end(p, templates, lines, b);
	else
		raid_page_text_end(p, templates, lines, b);
}

static void
put_text(const struct raid_page *p, struct raid_buf *b)
{
	raid_page_text_head(p, b);
	for (size_t i = 0; i < p->nsection; i++) {
		const struct raid_section *s = &p->sections[i];

		if (s->taken == 0)
			continue;
		raid_page_text_open(s, b);
		for (size_t k = 0; k < s->n; k++)
			if (s->v[k].text != NULL)
				raid_buf_puts(b, s->v[k].text);
		if (!s->is_head)
			raid_buf_puts(b, "```\n");
	}
	put_end(p, b);
}

/* The array of the JSON object that a kind of items goes to. */
static const char *
key_of(const struct raid_item *it)
{
	switch (it->kind) {
	case RAID_ITEM_NOTE:
	case RAID_ITEM_BUILD: return "";
	case RAID_ITEM_INCIDENT: return "incidents";
	case RAID_ITEM_METRIC:
	case RAID_ITEM_METRIC_PAIR: return "metrics";
	default: return "shown";
	}
}

static void
put_array(const struct raid_page *p, const char *key, struct raid_buf *b)
{
	const char *sep = "";

	if (*key != '\0')
		raid_buf_printf(b, ",\"%s\":[", key);
	for (size_t i = 0; i < p->nsection; i++)
		for (size_t k = 0; k < p->sections[i].n; k++) {
			const struct raid_item *it = &p->sections[i].v[k];

			if (it->text == NULL || strcmp(key_of(it), key) != 0)
				continue;
			raid_buf_puts(b, *key != '\0' ? sep : ",");
			raid_buf_puts(b, it->text);
			sep = ",";
		}
	if (*key != '\0')
		raid_buf_addc(b, ']');
}

static void
put_json(const struct raid_page *p, struct raid_buf *b)
{
	raid_page_json_head(p, b);
	put_array(p, "", b);
	put_array(p, "incidents", b);
	put_array(p, "metrics", b);
	put_array(p, "shown", b);
	put_end(p, b);
}

static void
put(const struct raid_page *p, struct raid_buf *b)
{
	if (p->o->json)
		put_json(p, b);
	else
		put_text(p, b);
}

/* Give up the last item of the page; 0: there is none. */
static int
drop_last(struct raid_page *p)
{
	for (size_t i = p->nsection; i-- > 0;) {
		struct raid_section *s = &p->sections[i];

		for (size_t k = s->n; k-- > 0;) {
			if (s->v[k].text == NULL)
				continue;
			free(s->v[k].text);
			s->v[k].text = NULL;
			s->taken--;
			return 1;
		}
	}
	return 0;
}

static size_t
frame(const struct raid_page *p)
{
	struct raid_buf b;
	size_t n;

	raid_buf_init(&b, 1 << 20);
	put(p, &b);
	/* Numbers of the end get longer. */
	n = raid_tokens(b.p, b.len) + 12;
	raid_buf_free(&b);
	return n;
}

/* The tokens of the page, however they are counted: by the estimate, as four
 * bytes each, or as three quarters of a word. */
static size_t
count_of(const struct raid_buf *b)
{
	size_t n = raid_tokens(b->p, b->len), words = 0;

	for (size_t i = 0; i < b->len; i++)
		words += b->p[i] > ' ' && (i == 0 || b->p[i - 1] <= ' ');
	if (n < b->len / 4)
		n = b->len / 4;
	return n < words * 4 / 3 ? words * 4 / 3 : n;
}

void
raid_page_print(struct raid_page *p, struct raid_buf *b)
{
	struct raid_buf page;
	size_t left = frame(p), budget;

	left = budget = p->o->tokens > left ? p->o->tokens - left : 0;
	for (size_t i = 0; i < p->nsection; i++) {
		size_t share = (size_t)((double)budget *
		    p->sections[i].share);

		left -= fill(p, &p->sections[i], share < left ? share : left);
	}
	for (size_t i = 0; i < p->nsection; i++)
		left -= fill(p, &p->sections[i], left);
	raid_buf_init(&page, PAGE_MAX);
	do {
		raid_buf_reset(&page);
		put(p, &page);
	} while (count_of(&page) > p->o->tokens && drop_last(p));
	raid_buf_add(b, page.p, page.len);
	raid_buf_free(&page);
	for (size_t i = 0; i < p->nsection; i++) {
		for (size_t k = 0; k < p->sections[i].n; k++)
			free(p->sections[i].v[k].text);
		free(p->sections[i].v);
	}
}
