/* SPDX-License-Identifier: ISC */
#include "logs/digest.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "logs/digest_priv.h"

#define DAY_MS ((int64_t)86400000)

int64_t
raid_page_day(const struct raid_page *p, int64_t ms)
{
	if (ms == RAID_NO_TIME)
		return 0;
	ms = raid_zone_to_local(p->o->zone, ms);
	return ms / DAY_MS - (ms % DAY_MS < 0);
}

static int
year_of(const struct raid_page *p, int64_t ms)
{
	time_t t = (time_t)(raid_page_day(p, ms) * 86400);
	struct tm tm;

	return gmtime_r(&t, &tm) != NULL ? tm.tm_year : 0;
}

/* The share of the log's time that the chosen window is. */
static double
window_share(const struct raid_log_total *s)
{
	double from, to, first = (double)s->first_time;
	double last = (double)s->last_time + 1;

	if (s->window_lines == 0 || s->first_time == RAID_NO_TIME)
		return 0;
	from = s->window_from == RAID_NO_TIME ? first :
	    (double)s->window_from;
	to = s->window_to == RAID_NO_TIME ? last : (double)s->window_to;
	from = from < first ? first : from;
	to = to > last ? last : to;
	if (to <= from)
		return 1e-9;
	return (to - from) / (last - first);
}

static void
rank_all(struct raid_page *p)
{
	size_t n = raid_log_count(p->log);
	const struct raid_template **v = raid_calloc(n + 1,
	    sizeof(struct raid_template *));

	for (size_t i = 0; i < n; i++)
		v[i] = raid_log_template(p->log, i);
	p->rank_opts = (struct raid_rank_opts){ .lines = p->total->lines,
	    .all = &p->total->all, .incidents = p->incidents,
	    .nincident = p->nincident, .window = p->window };
	p->nrank = raid_rank(v, n, &p->rank_opts, &p->ranks);
	free(v);
}

void
raid_page_open(struct raid_page *p, const struct raid_log *l,
    const struct raid_digest_opts *o)
{
	const struct raid_log_total *s = raid_log_total(l);

	*p = (struct raid_page){ .o = o, .log = l, .total = s };
	p->has_window = s->window_from != RAID_NO_TIME ||
	    s->window_to != RAID_NO_TIME;
	p->window = p->has_window ? window_share(s) : 0;
	p->one_day = s->first_time == RAID_NO_TIME ||
	    raid_page_day(p, s->first_time) == raid_page_day(p, s->last_time);
	p->years = !p->one_day && year_of(p, s->first_time) !=
	    year_of(p, s->last_time);
	p->nincident = raid_incident_find(raid_log_metrics(l), &s->all,
	    &s->errors, p->incidents, RAID_PAGE_INCIDENTS);
	rank_all(p);
	p->lines = s->lines;
	p->templates = raid_log_count(l);
	p->counted = raid_calloc(raid_log_count(l) + 1, 1);
	p->quoted = raid_calloc(raid_log_count(l) + 1, 1);
	raid_page_find_metrics(p);
}

void
raid_page_close(struct raid_page *p)
{
	free(p->ranks);
	free(p->metrics);
	free(p->counted);
	free(p->quoted);
}

size_t
raid_page_like(const struct raid_page *p, const struct raid_rank *r,
    uint64_t *lines)
{
	size_t n = 0;

	*lines = 0;
	for (size_t i = 0; i < p->nrank && r->like > 0; i++) {
		const struct raid_rank *x = &p->ranks[i];

		if (x == r || x->family != r->family || x->value != NULL ||
		    p->counted[x->index])
			continue;
		*lines += x->t->lines;
		n++;
	}
	return n;
}

void
raid_digest_page(const struct raid_log *l, const struct raid_digest_opts *o,
    struct raid_buf *b)
{
	struct raid_page p;

	raid_page_open(&p, l, o);
	raid_page_find(&p);
	raid_page_print(&p, b);
	raid_page_close(&p);
}
