/* SPDX-License-Identifier: ISC */
/* The part of the time that a page is about. */
#include "base/clock.h"
#include "base/num.h"
#include "logsum.h"
#include "prog.h"

#define DAY_MS ((int64_t)86400000)
#define SPAN_S 600.0		/* without --span */

struct moment {
	int64_t ms;
	int no_day;
};

/* ref: what has no day is of that one. */
static struct moment
parse(const struct logsum *g, const char *option, const char *s, int64_t ref)
{
	struct moment m = { RAID_NO_TIME, 0 };
	struct raid_err err;

	if (s != NULL && raid_logtime_arg(s, ref, g->zone, &m.ms, &m.no_day,
	    &err) == -1)
		prog_usage("%s: %s", option, err.msg);
	return m;
}

/* The time since midnight. */
static int64_t
of_day(const struct logsum *g, int64_t ms)
{
	int64_t local = raid_zone_to_local(g->zone, ms);

	return (local % DAY_MS + DAY_MS) % DAY_MS;
}

static void
between(struct logsum *g, const char *since, const char *until)
{
	struct raid_log_window *w = &g->log_opts.window;
	int64_t ref = raid_clock_ms();
	struct moment a = parse(g, "--since", since, ref);
	struct moment b = parse(g, "--until", until, ref);

	/* One day is enough for both. */
	if (since != NULL && until != NULL && a.no_day != b.no_day) {
		if (a.no_day)
			a = parse(g, "--since", since, b.ms);
		else
			b = parse(g, "--until", until, a.ms);
		a.no_day = b.no_day = 0;
	}
	w->of_day = since != NULL ? a.no_day : b.no_day;
	w->from = w->of_day && since != NULL ? of_day(g, a.ms) : a.ms;
	w->to = w->of_day && until != NULL ? of_day(g, b.ms) : b.ms;
	if (since == NULL || until == NULL || w->from < w->to)
		return;
	if (!w->of_day)
		prog_usage("--until has to be later than --since");
	w->to += DAY_MS;
}

static void
around(struct logsum *g, const char *at, const char *span)
{
	struct raid_log_window *w = &g->log_opts.window;
	struct moment m = parse(g, "--at", at, raid_clock_ms());
	double seconds = SPAN_S;
	struct raid_err err;
	int64_t half;

	if (span != NULL && (raid_num_span(span, &seconds, "--span",
	    &err) == -1))
		prog_usage("%s", err.msg);
	if (seconds < 0.001 || seconds > 1e10)
		prog_usage("--span: '%.40s' is no span that a log may have",
		    span);
	half = (int64_t)(seconds * 500);
	w->of_day = m.no_day;
	if (m.no_day)
		m.ms = of_day(g, m.ms);
	w->from = m.ms - half;
	w->to = m.ms + (half > 0 ? half : 1);
}

void
logsum_window(struct logsum *g, const char *at, const char *span,
    const char *since, const char *until)
{
	if (at != NULL && (since != NULL || until != NULL))
		prog_usage("--at, or --since and --until, not both");
	if (span != NULL && at == NULL)
		prog_usage("--span is for --at");
	if (at != NULL)
		around(g, at, span);
	else if (since != NULL || until != NULL)
		between(g, since, until);
	else
		return;
	g->log_opts.has_window = 1;
}
