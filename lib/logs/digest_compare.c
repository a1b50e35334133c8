/* SPDX-License-Identifier: ISC */
/* What two logs differ in. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/digest_priv.h"

#define CHANGED_BITS 15.0	/* of surprise */
#define CHANGED_TIMES 2.0	/* so much more or less */
#define HABIT 10		/* events of a template that tells the scale */
#define PAIRS_MAX 4000		/* texts that are tried with each other */

/* A template of the one log, and that of the other, if it has one. */
struct pair {
	const struct raid_template *t, *other;
};

struct pairs {
	struct pair *old, *new;
	size_t nold, nnew;
};

static int
by_id(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = strcmp(x->t->id, y->t->id);

	return c != 0 ? c : x->t->first < y->t->first ? -1 :
	    x->t->first > y->t->first;
}

static struct pair *
list(const struct raid_log *l, size_t *n)
{
	struct pair *v;

	*n = raid_log_count(l);
	v = raid_calloc(*n + 1, sizeof(*v));
	for (size_t i = 0; i < *n; i++)
		v[i].t = raid_log_template(l, i);
	qsort(v, *n, sizeof(*v), by_id);
	return v;
}

/* The same words, where a slot of one may be a word of the other. */
static int
is_same_text(const char *a, const char *b)
{
	size_t same = 0, open = 0, na, nb;

	for (;; a += na, b += nb) {
		a += strspn(a, " ");
		b += strspn(b, " ");
		na = strcspn(a, " ");
		nb = strcspn(b, " ");
		if (na == 0 || nb == 0)
			return na == nb && same > 2 * open;
		if (na == nb && memcmp(a, b, na) == 0)
			same++;
		else if (memchr(a, '<', na) != NULL ||
		    memchr(b, '<', nb) != NULL)
			open++;
		else
			return 0;
	}
}

static struct pair *
find_like(struct pair *v, size_t n, const struct raid_template *t)
{
	size_t tried = 0;

	for (size_t i = 0; i < n && tried < PAIRS_MAX; i++) {
		if (v[i].other != NULL)
			continue;
		tried++;
		if (v[i].t->trace == t->trace &&
		    is_same_text(v[i].t->text, t->text))
			return &v[i];
	}
	return NULL;
}

static void
join(struct pair *a, struct pair *b)
{
	a->other = b->t;
	b->other = a->t;
}

static void
find_pairs(struct pairs *p)
{
	size_t i = 0, k = 0, tried = 0;

	while (i < p->nold && k < p->nnew) {
		int c = strcmp(p->old[i].t->id, p->new[k].t->id);

		if (c == 0)
			join(&p->old[i++], &p->new[k++]);
		else if (c < 0)
			i++;
		else
			k++;
	}
	for (k = 0; k < p->nnew && tried < PAIRS_MAX; k++) {
		struct pair *x;

		if (p->new[k].other != NULL)
			continue;
		tried++;
		x = find_like(p->old, p->nold, p->new[k].t);
		if (x != NULL)
			join(x, &p->new[k]);
	}
}

static int
by_ratio(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * How much longer the new log is: the median over the templates that both
 * have.  One that storms does not make all others seem rarer, as it would
 * by lines; nor does a run that was slow, as it would by time.
 */
static double
scale_of(const struct pairs *p, const struct raid_page *page)
{
	double *v = raid_calloc(p->nnew + 1, sizeof(*v)), scale;
	size_t n = 0;

	for (size_t i = 0; i < p->nnew; i++) {
		const struct pair *x = &p->new[i];

		if (x->other != NULL && (x->t->count >= HABIT ||
		    x->other->count >= HABIT))
			v[n++] = (double)x->t->count /
			    (double)x->other->count;
	}
	qsort(v, n, sizeof(*v), by_ratio);
	scale = n >= 3 ? v[n / 2] : ((double)page->total->lines + 1) /
	    ((double)raid_log_total(page->old)->lines + 1);
	free(v);
	return scale;
}

/* The rankings of both logs in one: of the old log behind that of the new,
 * its numbers behind those of the new, too. */
static void
rank_both(struct raid_page *p)
{
	struct raid_page old;
	size_t n = p->nrank, shift = raid_log_count(p->log);

	raid_page_open(&old, p->old, p->o);
	p->ranks = raid_realloc(p->ranks, n + old.nrank + 1,
	    sizeof(*p->ranks));
	for (size_t i = 0; i < old.nrank; i++) {
		p->ranks[n + i] = old.ranks[i];
		p->ranks[n + i].index += shift;
		p->ranks[n + i].family += (uint32_t)n;
	}
	p->nrank = n + old.nrank;
	p->one_day &= old.one_day && raid_page_day(p, p->total->first_time) ==
	    raid_page_day(p, old.total->first_time);
	p->years |= old.years;
	p->lines += old.lines;
	p->templates += old.templates;
	raid_page_close(&old);
	shift += raid_log_count(p->old);
	free(p->counted);
	free(p->quoted);
	p->counted = raid_calloc(shift + 1, 1);
	p->quoted = raid_calloc(shift + 1, 1);
}

static const struct pair *
pair_of(const struct pairs *p, const struct raid_rank *r, int old)
{
	const struct pair *v = old ? p->old : p->new;
	struct pair key = { .t = r->t };

	return bsearch(&key, v, old ? p->nold : p->nnew, sizeof(*v), by_id);
}

/* What both logs have is like nothing that is new or gone. */
static void
part_families(struct raid_page *p, const struct pairs *pairs)
{
	size_t n = raid_log_count(p->log);

	for (size_t i = 0; i < p->nrank; i++) {
		struct raid_rank *r = &p->ranks[i];
		const struct pair *x = pair_of(pairs, r, r->index >= n);

		r->family += (uint32_t)p->nrank;
		if (x == NULL || x->other != NULL)
			r->family = (uint32_t)i;
	}
	raid_rank_settle(p->ranks, p->nrank);
}

static void
find_changed(struct raid_page *p, struct raid_section *s,
    const struct raid_rank *r, const struct raid_template *was)
{
	double n = (double)r->t->count, e = (double)was->count * p->scale;
	double bits = raid_rank_surprise(n, e + 1);
	struct raid_item *it;

	if (bits < CHANGED_BITS || (n < CHANGED_TIMES * e &&
	    n > e / CHANGED_TIMES))
		return;
	it = raid_page_item(s, RAID_ITEM_PAIR);
	it->rank = r;
	it->was = was;
	it->n = n;
	it->expected = e;
	it->weight = fmin(bits, 60) + 8 * r->severe +
	    4 * fmin(fabs(log2((n + 1) / (e + 1))), 8);
}

static int
by_weight(const void *a, const void *b)
{
	const struct raid_item *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	if (x->rank == NULL || y->rank == NULL)
		return strcmp(x->metric->m->name, y->metric->m->name);
	return x->rank->line < y->rank->line ? -1 :
	    x->rank->line > y->rank->line;
}

static void
sort(struct raid_section *s)
{
	if (s->n > 1)
		qsort(s->v, s->n, sizeof(*s->v), by_weight);
}

static const struct raid_metric *
metric_in(const struct raid_metrics *all, const struct raid_metric *m)
{
	for (size_t i = 0; all != NULL && i < raid_metrics_count(all); i++) {
		const struct raid_metric *x = raid_metrics_get(all, i);

		if (x != NULL && !x->gone && x->keyed == m->keyed &&
		    x->unit == m->unit && strcmp(x->name, m->name) == 0)
			return x;
	}
	return NULL;
}

/* The standard deviation (log2) of values with that median. */
static double
width_of(const struct raid_sketch *s, double median)
{
	double low = raid_sketch_quantile(s, 0.05);
	double high = raid_sketch_quantile(s, 0.95);

	return log2(fmax(high / median, low > 0 ? median / low : 16)) / 1.65;
}

/* By how much the median moved (log2), if that is more than chance. */
static double
moved(const struct raid_sketch *a, const struct raid_sketch *b)
{
	double x = raid_sketch_quantile(a, 0.5), y, width, by;

	y = raid_sketch_quantile(b, 0.5);
	if (a->n < HABIT || b->n < HABIT || x <= 0 || y <= 0)
		return 0;
	by = log2(y / x);
	width = fmax(width_of(a, x), width_of(b, y));
	if (fabs(by) < 0.25 || fabs(by) < 5 * width *
	    sqrt(1 / (double)a->n + 1 / (double)b->n))
		return 0;
	return by;
}

static void
find_metrics(struct raid_page *p)
{
	struct raid_section *s = raid_page_section(p, "metric", 0.2);
	double by;

	raid_page_title(s, "Numbers that changed");
	for (size_t i = 0; i < p->nmetric; i++) {
		struct raid_page_metric *x = &p->metrics[i];
		struct raid_item *it;

		x->old = metric_in(raid_log_metrics(p->old), x->m);
		if (x->old == NULL)
			continue;
		by = moved(&x->old->all, &x->m->all);
		if (by == 0)
			continue;
		it = raid_page_item(s, RAID_ITEM_METRIC_PAIR);
		it->metric = x;
		it->weight = fabs(by) + 0.1 * x->score;
	}
	sort(s);
}

static void
find_all(struct raid_page *p, const struct pairs *pairs)
{
	struct raid_section *new, *changed, *gone;
	size_t n = raid_log_count(p->log);

	raid_page_section(p, "head", 0.15)->is_head = 1;
	for (int i = RAID_NOTE_BOTH; i < RAID_NOTES; i++)
		raid_page_item(&p->sections[0], RAID_ITEM_NOTE)->note = i;
	new = raid_page_section(p, "new", 0.4);
	raid_page_title(new, "New");
	changed = raid_page_section(p, "changed", 0.2);
	raid_page_title(changed, "More or less often");
	find_metrics(p);
	gone = raid_page_section(p, "gone", 0.15);
	raid_page_title(gone, "Gone");
	for (size_t i = 0; i < p->nrank; i++) {
		const struct raid_rank *r = &p->ranks[i];
		const struct pair *x = pair_of(pairs, r, r->index >= n);

		if (r->value != NULL || x == NULL)
			continue;
		if (x->other == NULL && !r->member)
			raid_page_item(r->index < n ? new : gone,
			    RAID_ITEM_QUOTE)->rank = r;
		else if (x->other != NULL && r->index < n)
			find_changed(p, changed, r, x->other);
	}
	sort(changed);
}

int
raid_digest_is_new(const struct raid_log *old, const struct raid_log *new)
{
	struct pairs pairs;
	int found = 0;

	pairs.old = list(old, &pairs.nold);
	pairs.new = list(new, &pairs.nnew);
	find_pairs(&pairs);
	for (size_t i = 0; i < pairs.nnew && !found; i++)
		found = pairs.new[i].other == NULL;
	free(pairs.old);
	free(pairs.new);
	return found;
}

void
raid_digest_compare(const struct raid_log *old, const struct raid_log *new,
    const struct raid_digest_opts *o, struct raid_buf *b)
{
	struct raid_page p;
	struct pairs pairs;

	raid_page_open(&p, new, o);
	p.old = old;
	pairs.old = list(old, &pairs.nold);
	pairs.new = list(new, &pairs.nnew);
	find_pairs(&pairs);
	p.scale = scale_of(&pairs, &p);
	rank_both(&p);
	part_families(&p, &pairs);
	find_all(&p, &pairs);
	raid_page_print(&p, b);
	raid_page_close(&p);
	free(pairs.old);
	free(pairs.new);
}
