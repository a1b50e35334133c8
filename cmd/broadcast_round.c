/* SPDX-License-Identifier: ISC */
/* One post before its members, and the answers that become questions. */
#include "broadcast.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/call.h"
#include "prog.h"

#define TICK 250	/* milliseconds between two looks at the clock */

static void
round_free(struct round *r)
{
	struct cascade *k = r->cascade;

	for (size_t i = 0; i < r->n; i++)
		seat_free(r->v[i]);
	free(r->v);
	free(r->pool);
	raid_post_free(&r->post);
	free(r);
	if (--k->rounds > 0)
		return;
	raid_list_free(&k->asked);
	raid_list_free(&k->said);
	raid_list_free(&k->tags);
	free(k->author);
	free(k);
}

/* Whom to ask: -m, or whom the post addresses. */
static int
choose(struct round *r, struct raid_route *route, size_t *n,
    struct raid_err *err)
{
	const struct cast *c = r->c;
	struct raid_buf names;

	for (size_t i = 0; i < c->o->members.n; i++) {
		const struct raid_member *m = team_find(&c->roster,
		    c->o->members.v[i], err);
		size_t k = 0;

		if (m == NULL)
			return -1;
		while (k < *n && route[k].member != m)
			k++;
		route[k] = (struct raid_route){ m, 0 };
		*n += k == *n;
	}
	if (c->o->members.n == 0)
		*n = raid_route_make(&c->roster, r->post.author,
		    &r->post.mentions, &r->post.hashtags, route);
	if (*n != 0)
		return 0;
	team_names(&c->roster, &names);
	raid_fail(err, RAID_NO, "%s addresses nobody; use @name or -m "
	    "(members: %s)", r->post.tag, raid_buf_str(&names));
	raid_buf_free(&names);
	return -1;
}

/* What a member's answer asks for: those it names, each once in a cascade,
 * and never all. */
static size_t
choose_next(struct round *r, struct raid_route *route)
{
	struct raid_list names = { 0 };
	size_t n;

	for (size_t i = 0; i < r->post.mentions.n; i++) {
		const char *name = r->post.mentions.v[i];

		if (strcmp(name, "all") != 0 &&
		    strcmp(name, r->cascade->author) != 0 &&
		    !raid_list_has(&r->cascade->asked, name))
			raid_list_add(&names, name);
	}
	n = raid_route_make(&r->c->roster, r->post.author, &names,
	    &(struct raid_list){ 0 }, route);
	raid_list_free(&names);
	return n;
}

/* In a stripe one of them has a seat, the others are its spares. */
static void
keep_pool(struct round *r, const struct raid_route *route, size_t n)
{
	r->pool = raid_calloc(n, sizeof(*r->pool));
	for (size_t i = 0; i < n; i++)
		r->pool[r->npool++] = route[i].member;
}

static int
take_seats(struct round *r, int first, struct raid_err *err)
{
	struct raid_route *route = raid_calloc(r->c->roster.n + 1,
	    sizeof(*route));
	size_t n = 0;
	int ok = 0;

	if (!first)
		n = choose_next(r, route);
	else if (choose(r, route, &n, err) == -1 ||
	    raid_call_recover(r->c->s->db, r->post.tag, err) == -1)
		ok = -1;
	if (ok == 0 && n > 0)
		ok = raid_post_base(r->c->s->db, r->post.tag, &r->base, err);
	if (ok == 0 && first && r->c->o->stripe && n > 0) {
		keep_pool(r, route, n);
		route[0] = (struct raid_route){ stripe_pick(r), 0 };
		n = 1;
	}
	r->v = raid_calloc(n + 1, sizeof(struct seat *));
	for (size_t i = 0; ok == 0 && i < n; i++)
		r->v[r->n++] = seat_new(r, route[i].member, route[i].critic);
	free(route);
	return ok;
}

static struct cascade *
begin_cascade(const struct cast *c, const struct raid_post *p)
{
	struct cascade *k = raid_calloc(1, sizeof(*k));

	k->author = raid_utf8_fold(p->author, strlen(p->author));
	k->left = (int)(c->o->rounds >= 0 ? c->o->rounds : c->roster.rounds);
	return k;
}

int
round_open(struct cast *c, const char *tag, struct cascade *cascade)
{
	struct round *r = raid_calloc(1, sizeof(*r));
	int first = cascade == NULL;
	struct raid_err err;
	int ok;

	*r = (struct round){ .c = c, .status = RAID_NO };
	if (c->o->deadline > 0)
		r->end = raid_clock_mono() + c->o->deadline;
	ok = raid_post_get(c->s->db, tag, &r->post, &err);
	if (cascade == NULL)
		cascade = begin_cascade(c, &r->post);
	r->cascade = cascade;
	cascade->rounds++;
	if (ok == 0)
		ok = take_seats(r, first, &err);
	if (ok == -1 || r->n == 0) {
		round_free(r);
		screen_clear(c->screen);
		if (ok == -1 && !c->quiet)
			(void)prog_say(&err);
		return ok == -1 ? (int)err.code : RAID_NO;
	}
	c->v = raid_grow(c->v, &c->cap, c->n + 1, sizeof(struct round *));
	c->v[c->n++] = r;
	return RAID_OK;
}

void
round_drop(struct cast *c)
{
	while (c->n > 0)
		round_free(c->v[--c->n]);
}

/* Enough is known: who still writes is stopped, who waits is not asked. */
static void
end_round(struct round *r, const char *why)
{
	if (r->over)
		return;
	r->over = 1;
	for (size_t i = 0; i < r->n; i++)
		seat_stop(r->v[i], why);
}

static size_t
count_complete(const struct round *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->v[i]->complete != 0;
	return n;
}

void
round_answered(struct seat *s, const char *tag)
{
	struct round *r = s->r;
	const struct cast_opts *o = r->c->o;
	size_t enough = o->first ? 1 : (size_t)o->quorum, n;

	if (r->cascade->left > 0) {
		r->cascade->left--;
		n = r->c->n;
		(void)round_open(r->c, tag, r->cascade);
		/* An answer that asks nobody is no round. */
		r->cascade->left += n == r->c->n;
	}
	if (enough > 0 && count_complete(r) >= enough)
		end_round(r, "enough have answered");
}

/* Its seats are done: how it went. */
static int
close_round(struct round *r)
{
	const struct cast_opts *o = r->c->o;
	size_t n = count_complete(r), enough = (size_t)o->quorum;
	int status = r->status;

	if (r->repeated > 0)
		screen_say(r->c->screen, "%zu doubt%s repeated what was said, "
		    "and %s dropped", r->repeated, r->repeated > 1 ? "s" : "",
		    r->repeated > 1 ? "were" : "was");
	if (enough > 0 && n < enough) {
		screen_say(r->c->screen, "%s: %zu of %zu answers that were "
		    "wanted", r->post.tag, n, enough);
		status = status == RAID_OK || status == RAID_NO ?
		    RAID_EUNAVAIL : status;
	}
	round_free(r);
	return status;
}

/* Does anybody still read what we print? */
static int
is_closed(const struct cast *c)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return c->closed || (poll(&p, 1, 0) == 1 &&
	    (p.revents & (POLLERR | POLLNVAL)) != 0);
}

static const char *
why_stop(const struct cast *c, const struct round *r)
{
	if (raid_proc_signal() != 0)
		return "a signal";
	if (is_closed(c))
		return "nobody reads the answers";
	if (r->end > 0 && raid_clock_mono() >= r->end)
		return "the deadline";
	return NULL;
}

/* Take a step with each seat.  Returns whether the round is over. */
static int
step_round(struct round *r)
{
	const char *why = why_stop(r->c, r);
	int over = 1;

	if (why != NULL)
		end_round(r, why);
	for (size_t i = 0; i < r->n; i++) {
		seat_step(r->v[i]);
		over &= r->v[i]->state == SEAT_DONE;
	}
	return over;
}

static int
step_all(struct cast *c)
{
	int status = RAID_NO;

	for (size_t i = 0; i < c->n;) {
		struct round *r = c->v[i];

		if (!step_round(r)) {
			i++;
			continue;
		}
		memmove(&c->v[i], &c->v[i + 1],
		    (c->n - i - 1) * sizeof(struct round *));
		c->n--;
		status = raid_status_merge(status, close_round(r));
	}
	return status;
}

/* Until something has come, or a seat has waited long enough. */
static void
wait_for_news(struct cast *c)
{
	struct raid_proc **procs = NULL;
	size_t n = 0, cap = 0;
	double now = raid_clock_mono(), wake = now + TICK / 1000.0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->n; k++) {
			struct seat *s = c->v[i]->v[k];

			if (s->state == SEAT_RUNNING && s->talk.child) {
				procs = raid_grow(procs, &cap, n + 1,
				    sizeof(*procs));
				procs[n++] = &s->talk.proc;
			} else if (s->state == SEAT_READY) {
				wake = now;
			} else if (s->state == SEAT_WAITING &&
			    s->wake < wake) {
				wake = s->wake;
			}
		}
	(void)raid_proc_wait_fd(procs, n,
	    c->http != NULL ? raid_http_fd(c->http) : -1,
	    wake <= now ? 0 : (int)((wake - now) * 1000) + 1);
	if (c->http != NULL)
		raid_http_serve(c->http);
	free(procs);
}

int
round_serve(struct cast *c)
{
	int status = RAID_NO;

	for (;;) {
		status = raid_status_merge(status, stripe_refill(c));
		status = raid_status_merge(status, step_all(c));
		screen_draw(c->screen, c);
		if (c->n == 0 && !stripe_left(c))
			return status;
		if (c->n > 0)
			wait_for_news(c);
	}
}
