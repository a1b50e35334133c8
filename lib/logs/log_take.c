/* SPDX-License-Identifier: ISC */
/* Lines are counted, in their order. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/log_priv.h"

#define DAY_MS ((int64_t)86400000)

void
raid_log_halve(struct raid_log *l)
{
	l->total.shift++;
	raid_series_halve(&l->total.all);
	raid_series_halve(&l->total.errors);
	raid_miner_halve(l->miner);
	raid_metrics_halve(l->metrics);
}

static int32_t
interval(const struct raid_log *l, int64_t ms)
{
	int64_t at = ms / 1000 - (ms % 1000 < 0);

	at >>= l->total.shift;
	return at > INT32_MAX ? INT32_MAX : at < -INT32_MAX ? -INT32_MAX :
	    (int32_t)at;
}

/* The window of a day is that of the first day, or of the second where the
 * first one's is over when the log begins. */
static void
settle_window(struct raid_log *l, int64_t t)
{
	const struct raid_log_window *w = &l->o.window;
	struct raid_log_total *s = &l->total;
	int64_t day;

	if (!w->of_day || s->first_time != RAID_NO_TIME)
		return;
	day = raid_zone_to_local(l->o.zone, t);
	day -= (day % DAY_MS + DAY_MS) % DAY_MS;
	if (w->to != RAID_NO_TIME &&
	    raid_zone_to_utc(l->o.zone, day + w->to) <= t)
		day += DAY_MS;
	s->window_from = w->from == RAID_NO_TIME ? w->from :
	    raid_zone_to_utc(l->o.zone, day + w->from);
	s->window_to = w->to == RAID_NO_TIME ? w->to :
	    raid_zone_to_utc(l->o.zone, day + w->to);
}

/* The time of a line; that of the line before, if it has none. */
static int64_t
time_of(struct raid_log *l, const struct record *r)
{
	struct raid_log_total *s = &l->total;
	int64_t t;

	if (!r->timed)
		return l->now;
	t = r->time.zoned && r->time.dated && r->time.yeared ? r->time.ms :
	    raid_logtime_settle(&r->time, l->ref);
	if (!r->time.zoned) {
		s->zoneless++;
		t = raid_zone_to_utc(l->o.zone, t);
	}
	s->timed++;
	if (l->now != RAID_NO_TIME && t < l->now - 1000)
		s->backwards++;
	settle_window(l, t);
	if (s->first_time == RAID_NO_TIME || t < s->first_time)
		s->first_time = t;
	if (s->last_time == RAID_NO_TIME || t > s->last_time)
		s->last_time = t;
	l->now = l->ref = t;
	return t;
}

static int
in_window(const struct raid_log *l, int64_t t)
{
	const struct raid_log_total *s = &l->total;

	return l->o.has_window && t != RAID_NO_TIME &&
	    (s->window_from == RAID_NO_TIME || t >= s->window_from) &&
	    (s->window_to == RAID_NO_TIME || t < s->window_to);
}

/* The event that a line is, as far as its time and number go. */
static void
begin_event(struct raid_log *l, const struct record *r,
    const struct raid_word *words)
{
	struct raid_event *e = l->next;
	struct raid_log_total *s = &l->total;

	e->p = r->p;
	e->len = r->len;
	e->message = r->message;
	e->words = words;
	e->nword = r->nword;
	e->hash = r->hash;
	e->cut = r->cut;
	e->level = (enum raid_level)r->level;
	e->line = ++s->lines;
	e->lines = 1;
	e->time = time_of(l, r);
	e->at = RAID_SERIES_NONE;
	e->in_window = in_window(l, e->time);
	s->window_lines += e->in_window != 0;
	if (e->time == RAID_NO_TIME)
		return;
	raid_series_add(&s->all, interval(l, e->time), 1);
	while (s->all.n > RAID_LOG_INTERVALS)
		raid_log_halve(l);
}

/* Intervals may have become longer while an event was held back. */
static void
set_interval(const struct raid_log *l, struct raid_event *e)
{
	if (e->time != RAID_NO_TIME)
		e->at = interval(l, e->time);
}

/* What is known when the group of an event is. */
static void
end_event(struct raid_log *l, const struct raid_event *e, uint32_t group)
{
	enum raid_level level = raid_miner_level(l->miner);

	l->total.levels[level] += e->lines;
	if (level >= RAID_LEVEL_ERROR && e->at != RAID_SERIES_NONE)
		raid_series_add(&l->total.errors, e->at, 1);
	if (l->o.on_lines != NULL)
		l->o.on_lines(l->o.arg, group, e->lines, e->in_window);
	if (l->o.on_new != NULL && raid_miner_is_new(l->miner))
		l->o.on_new(l->o.arg, e->line, e->p, e->len, level);
}

static void
count_held(struct raid_log *l)
{
	if (!l->has_held)
		return;
	l->has_held = 0;
	set_interval(l, l->held);
	end_event(l, l->held, raid_miner_add(l->miner, l->held));
}

/* A trace begins with an event. */
static void
open_trace(struct raid_log *l, const struct raid_event *e)
{
	struct raid_event *t = &l->trace;

	l->tracing = 1;
	raid_buf_reset(&l->trace_text);
	raid_buf_add(&l->trace_text, e->p, e->len);
	*t = *e;
	t->p = l->trace_text.p;
	t->words = NULL;
	t->nword = 0;
}

static void
close_trace(struct raid_log *l, const struct raid_trace *t)
{
	l->tracing = 0;
	set_interval(l, &l->trace);
	end_event(l, &l->trace, raid_miner_add_trace(l->miner, &l->trace, t));
}

/* The line that is looked at is held, the other one's place is free. */
static void
hold(struct raid_log *l)
{
	struct raid_event *e = l->next;

	l->next = l->held;
	l->held = e;
	l->has_held = 1;
}

static void
take_event(struct raid_log *l, unsigned class)
{
	const struct raid_event *e = l->next;
	const struct raid_event *held = l->has_held ? l->held : NULL;
	const struct raid_trace *done;
	enum raid_trace_step step;

	step = raid_tracer_add(l->tracer, class, e->p, e->len, e->message,
	    held != NULL ? held->p : NULL, held != NULL ? held->len : 0,
	    held != NULL ? held->message : 0);
	done = l->tracing ? raid_tracer_done(l->tracer) : NULL;
	if (done != NULL)
		close_trace(l, done);
	if (step == RAID_TRACE_BACK && held != NULL) {
		l->has_held = 0;
		open_trace(l, held);
		l->trace.lines++;
		return;
	}
	count_held(l);
	if (step == RAID_TRACE_OUT)
		hold(l);
	else if (!l->tracing)
		open_trace(l, e);
	else
		l->trace.lines++;
}

/* What is held back lives on when its block does not. */
static void
keep_held(struct raid_log *l)
{
	struct raid_event *e = l->held;

	if (!l->has_held || e->p == l->held_text.p)
		return;
	raid_buf_reset(&l->held_text);
	raid_buf_add(&l->held_text, e->p, e->len);
	e->p = l->held_text.p;
	if (e->nword > 0)
		memcpy(l->held_words, e->words,
		    e->nword * sizeof(*l->held_words));
	e->words = l->held_words;
}

void
raid_log_take_rest(struct raid_log *l)
{
	const struct raid_trace *done;

	count_held(l);
	raid_tracer_end(l->tracer);
	done = raid_tracer_done(l->tracer);
	if (done != NULL && l->tracing)
		close_trace(l, done);
	l->tracing = 0;
}

/* A line of a private key: from here on nobody knows what it was. */
static void
hide(struct raid_log *l, struct record *r, struct raid_event *e)
{
	static const unsigned char text[] = RAID_KEYLINE;

	if (l->hidden.v == NULL) {
		l->hidden.v = raid_calloc(RAID_MASK_WORDS,
		    sizeof(*l->hidden.v));
		raid_mask(&l->hidden, text, sizeof(text) - 1);
	}
	r->p = e->p = text;
	r->len = sizeof(text) - 1;
	e->len = sizeof(text) - 1;
	e->message = 0;
	e->words = l->hidden.v;
	e->nword = l->hidden.n;
	e->hash = l->hidden.hash;
	e->cut = 0;
	r->trace = r->build = 0;
}

void
raid_log_take(struct raid_log *l, struct block *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct record *r = &b->v[i];

		begin_event(l, r, b->words + r->words);
		if ((l->keys.left > 0 || r->key) && raid_keylines_hides(
		    &l->keys, r->p, r->len, r->message, r->key))
			hide(l, r, l->next);
		take_event(l, r->trace);
		if (r->build != 0 || l->building)
			l->building = raid_build_add(l->build, r->build, r->p,
			    r->len, l->total.lines);
	}
	if (b->ends_file) {
		raid_log_take_rest(l);
		l->total.files++;
		l->now = RAID_NO_TIME;
		l->keys = (struct raid_keylines){ 0 };
	} else
		keep_held(l);
}
