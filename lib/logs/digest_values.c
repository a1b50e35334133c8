/* SPDX-License-Identifier: ISC */
/* What a page shows of the values and the course of a template. */
#include "logs/digest_priv.h"

#define CELLS 16		/* of a course */
#define VALUES_MIN 10		/* of a slot of which some are shown */

uint32_t
raid_page_sure(const struct raid_values *s, size_t i)
{
	uint32_t least = UINT32_MAX;

	if (!s->evicted)
		return s->v[i].count;
	for (size_t k = 0; k < s->n; k++)
		if (s->v[k].count < least)
			least = s->v[k].count;
	return s->v[i].count - least;
}

/* The most frequent of those that are not among the n; s->n: none is left
 * that a twentieth has. */
static size_t
next_top(const struct raid_values *s, const size_t *top, size_t n)
{
	size_t best = s->n, k;

	for (size_t i = 0; i < s->n; i++) {
		for (k = 0; k < n && top[k] != i; k++)
			;
		if (k == n && raid_page_sure(s, i) >= s->total / 20 &&
		    (best == s->n || s->v[i].count > s->v[best].count))
			best = i;
	}
	return best;
}

size_t
raid_page_top(const struct raid_values *s, size_t top[RAID_PAGE_VALUES])
{
	size_t n = 0;

	if (s->n < 2 || s->total < VALUES_MIN)
		return 0;
	while (n < RAID_PAGE_VALUES) {
		top[n] = next_top(s, top, n);
		if (top[n] == s->n)
			break;
		n++;
	}
	return n > 0 && raid_page_sure(s, top[0]) >= s->total / 5 ? n : 0;
}

int
raid_page_spark(const struct raid_page *p, const struct raid_template *t,
    struct raid_buf *b)
{
	const struct raid_series *all = &p->total->all;

	if (t->series == NULL || all->n < 4)
		return 0;
	raid_series_spark(t->series, all->v[0].at, raid_page_end(p), CELLS,
	    b);
	return 1;
}
