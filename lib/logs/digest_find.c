/* SPDX-License-Identifier: ISC */
/* What may stand on a page: the items of its sections, in their order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/digest_priv.h"

#define MOVED_BITS 10.0		/* of surprise */
#define CHANGE_MIN 10		/* events that make a habit */
#define CHANGE_BITS 20.0

static int
by_weight(const void *a, const void *b)
{
	const struct raid_item *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->rank->line < y->rank->line ? -1 :
	    x->rank->line > y->rank->line;
}

/* From item i on. */
static void
sort(struct raid_section *s, size_t i)
{
	if (s->n > i)
		qsort(s->v + i, s->n - i, sizeof(*s->v), by_weight);
}

static struct raid_item *
add(struct raid_section *s, enum raid_item_kind kind,
    const struct raid_rank *r, double weight)
{
	struct raid_item *it = raid_page_item(s, kind);

	it->rank = r;
	it->weight = weight;
	return it;
}

void
raid_page_title(struct raid_section *s, const char *text)
{
	size_t len = strlen(text);

	if (len >= sizeof(s->title))
		len = sizeof(s->title) - 1;
	memcpy(s->title, text, len);
	s->title[len] = '\0';
}

static void
find_notes(struct raid_page *p)
{
	struct raid_section *s = raid_page_section(p, "head", 0.15);

	s->is_head = 1;
	for (int i = 0; i < RAID_NOTE_BOTH; i++)
		raid_page_item(s, RAID_ITEM_NOTE)->note = i;
}

/* How many events in a part of the time the others tell to expect. */
static double
expect(double count, double n, double share)
{
	return share < 1 ? (count - n) * share / (1 - share) : count;
}

/* The shares of the time and of the lines that a part of the time has. */
static void
shares(const struct raid_page *p, int32_t from, int32_t to, double v[2])
{
	const struct raid_series *all = &p->total->all;
	double span = all->n == 0 ? 1 :
	    (double)all->v[all->n - 1].at + 1 - all->v[0].at;
	double lines = (double)raid_series_sum(all, INT32_MIN + 1, INT32_MAX);

	v[0] = fmin(((double)to - from) / span, 1);
	v[1] = (double)raid_series_sum(all, from, to) / (lines + 1);
}

/* Which templates were more or less frequent while it lasted. */
static void
find_moved(struct raid_page *p, struct raid_section *s,
    const struct raid_incident *c)
{
	double share[2], n, e, low, high, bits;
	size_t first = s->n;
	/* The intervals at its edges are in it by a part. */
	int32_t from = c->from > INT32_MIN + 1 ? c->from - 1 : c->from;
	int32_t to = c->to < INT32_MAX ? c->to + 1 : c->to;

	/* What went as the whole log went has not moved. */
	shares(p, from, to, share);
	low = fmin(share[0], share[1]);
	high = fmax(share[0], share[1]);

	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *r = &p->ranks[i];
		struct raid_item *it;

		if (r->value != NULL || r->t->series == NULL)
			continue;
		n = (double)raid_series_sum(r->t->series, from, to);
		e = expect((double)r->t->count, n, high);
		if (n < e)
			e = expect((double)r->t->count, n, low);
		bits = raid_rank_surprise(n, e);
		if (bits < MOVED_BITS || (n < 2 * e && n > 0.4 * e))
			continue;
		it = add(s, RAID_ITEM_MOVED, r, fmin(bits, 40) +
		    8 * r->severe + (n > e ? 20 * n / (double)r->t->count :
		    -20));
		it->n = n;
		it->expected = e;
	}
	sort(s, first);
}

static void
find_incidents(struct raid_page *p)
{
	for (size_t i = 0; i < p->nincident; i++) {
		struct raid_section *s = raid_page_section(p, "incident",
		    i == 0 ? 0.15 : 0.05);
		const struct raid_incident *c = &p->incidents[i];
		struct raid_buf b;

		raid_buf_init(&b, sizeof(s->title) - 1);
		raid_buf_puts(&b, "Incident ");
		raid_page_span(p, c->from, c->to, &b);
		memcpy(s->title, b.p, b.len + 1);
		raid_buf_free(&b);
		raid_page_item(s, RAID_ITEM_INCIDENT)->incident = c;
		find_moved(p, s, c);
	}
}

static void
find_rare(struct raid_page *p)
{
	struct raid_section *s = raid_page_section(p, "rare", 0.55);

	raid_page_title(s, "Rare and bad");
	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *r = &p->ranks[i];

		if (r->member || (r->severe == 0 &&
		    r->count * 100 > p->total->lines) ||
		    (p->window > 0 && r->t->in_window == 0))
			continue;
		add(s, RAID_ITEM_QUOTE, r, 0);
	}
}

static void
find_metrics(struct raid_page *p)
{
	struct raid_section *s = raid_page_section(p, "metric", 0.12);

	raid_page_title(s, "Numbers");
	for (size_t i = 0; i < p->nmetric; i++)
		raid_page_item(s, RAID_ITEM_METRIC)->metric = &p->metrics[i];
}

/* What began late, ended early, or was there for a while only. */
static void
find_changes(struct raid_page *p)
{
	struct raid_section *s = raid_page_section(p, "change", 0.07);
	struct raid_rank_opts o = p->rank_opts;

	raid_page_title(s, "Began or ended");
	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *r = &p->ranks[i];
		double before, after, n = (double)r->count;
		struct raid_item *it;

		if (r->value != NULL || n < CHANGE_MIN ||
		    (p->window > 0 && r->t->in_window == 0))
			continue;
		raid_rank_edges(r->t, &o, &before, &after);
		before = before > 0.05 ? raid_rank_surprise(0, n * before) :
		    0;
		after = after > 0.05 ? raid_rank_surprise(0, n * after) : 0;
		if (before < CHANGE_BITS && after < CHANGE_BITS)
			continue;
		it = add(s, RAID_ITEM_SINCE, r, fmin(before + after, 1000) +
		    100 * r->severe);
		it->note = (before >= CHANGE_BITS ? RAID_BEGAN : 0) |
		    (after >= CHANGE_BITS ? RAID_ENDED : 0);
	}
	sort(s, 0);
}

static void
find_frequent(struct raid_page *p)
{
	static const double weight[] = { 1, 1, 1, 2, 4, 4 };
	struct raid_section *s = raid_page_section(p, "frequent", 0.16);

	raid_page_title(s, "Frequent");
	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *r = &p->ranks[i];

		uint64_t n = p->window > 0 ? r->t->in_window : r->t->lines;

		if (r->value == NULL && n > 0)
			add(s, RAID_ITEM_PLAIN, r, (double)n *
			    weight[r->t->level]);
	}
	sort(s, 0);
}

/* A template in the chosen window, against the rest of the log. */
static void
place(struct raid_page *p, struct raid_section *const v[4],
    const struct raid_rank *r)
{
	double n = (double)r->t->in_window, count = (double)r->t->count;
	double e = expect(count, n, p->window), bits;
	struct raid_section *s;
	struct raid_item *it;

	bits = raid_rank_surprise(n, e);
	if (n > 0 && n >= count)
		s = v[0];
	else if (bits < MOVED_BITS || (n < 1.5 * e && n > e / 1.5))
		return;
	else
		s = n > e ? v[1] : n > 0 ? v[2] : v[3];
	it = add(s, RAID_ITEM_MOVED, r, s == v[0] ? r->bits : fmin(bits, 60) +
	    8 * r->severe);
	it->n = n;
	it->expected = e;
}

static void
find_window(struct raid_page *p)
{
	static const struct {
		const char *name, *title;
		double share;
	} parts[] = {
		{ "new", "New in the window", 0.25 },
		{ "more", "More often in the window", 0.12 },
		{ "less", "Less often in the window", 0.06 },
		{ "gone", "Not in the window", 0.06 }
	};
	struct raid_section *v[4];

	for (size_t i = 0; i < 4; i++) {
		v[i] = raid_page_section(p, parts[i].name, parts[i].share);
		raid_page_title(v[i], parts[i].title);
	}
	for (size_t i = 0; i < p->nrank; i++)
		if (p->ranks[i].value == NULL)
			place(p, v, &p->ranks[i]);
	for (size_t i = 0; i < 4; i++)
		sort(v[i], 0);
}

void
raid_page_find(struct raid_page *p)
{
	find_notes(p);
	if (p->window > 0)
		find_window(p);
	raid_page_find_build(p);
	find_incidents(p);
	find_rare(p);
	find_metrics(p);
	find_changes(p);
	find_frequent(p);
}
