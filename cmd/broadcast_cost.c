/* SPDX-License-Identifier: ISC */
/* What asking costs: estimated before, counted after. */
#include "broadcast.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/tokens.h"
#include "prog.h"

void
cost_estimate(const struct raid_member *m, const char *system,
    const char *user, struct estimate *e)
{
	*e = (struct estimate){ .cost = -1 };
	e->input = (long long)(raid_tokens(system, strlen(system)) +
	    raid_tokens(user, strlen(user)));
	if (m->kind == RAID_PROVIDER_EXEC)
		return;
	e->output = team_output(m);
	e->cost = raid_price_most(&m->price, e->input, e->output);
}

/* A program on this machine has no price, and where no limit is set for it
 * nobody needs to count how often it is run. */
static int
is_free(const struct raid_member *m)
{
	const struct raid_limits *l = &m->limits;

	return m->kind == RAID_PROVIDER_EXEC && l->requests_per_minute == 0 &&
	    l->requests_per_day == 0 && l->tokens_per_minute == 0;
}

/* What the ledger says, without the name that every message begins with. */
static const char *
without_name(const struct raid_member *m, const char *why)
{
	size_t n = strlen(m->name);

	return strncmp(why, m->name, n) == 0 && why[n] == ':' &&
	    why[n + 1] == ' ' ? why + n + 2 : why;
}

static int
take_grant(struct seat *s, const struct raid_ledger_grant *g, double *wait,
    struct raid_err *err)
{
	struct cast *c = s->r->c;
	const char *why = without_name(s->m, g->why);

	switch (g->word) {
	case RAID_LEDGER_GO:
		if (*why != '\0')
			screen_say(c->screen, "%s: %s", s->m->name, why);
		s->reservation = g->id;
		c->reserved += s->e.cost > 0 ? s->e.cost : 0;
		return 0;
	case RAID_LEDGER_RESTS:
		return raid_fail(err, RAID_EUNAVAIL, "%s", why);
	case RAID_LEDGER_WAIT:
		*wait = g->wait;
		if (!c->roster.refuse && (s->r->end <= 0 ||
		    raid_clock_mono() + g->wait < s->r->end))
			return 1;
		break;
	case RAID_LEDGER_REFUSED:
		break;
	}
	return raid_fail(err, RAID_ETEMP, "%s", why);
}

int
cost_reserve(struct seat *s, const struct estimate *e, double *wait,
    struct raid_err *err)
{
	struct cast *c = s->r->c;
	const struct raid_member *m = s->m;
	struct raid_ledger_ask a = { .limits = team_limits(m, &c->roster),
		.input = e->input, .output = e->output,
		.cost = m->kind == RAID_PROVIDER_EXEC || m->local ? 0 :
		e->cost, .run = c->spent + c->reserved };
	struct raid_ledger_grant g;
	struct raid_buf place;
	int r;

	s->e = *e;
	s->reservation = 0;
	if (is_free(m))
		return 0;
	if (c->ledger == NULL)
		c->ledger = raid_ledger_open(NULL, RAID_DB_CREATE);
	team_who(m, &place, &a.who);
	r = raid_ledger_reserve(c->ledger, &a, &g, err);
	raid_buf_free(&place);
	return r == -1 ? -1 : take_grant(s, &g, wait, err);
}

static void
unreserve(struct seat *s)
{
	s->r->c->reserved -= s->e.cost > 0 && s->reservation != 0 ?
	    s->e.cost : 0;
	s->reservation = 0;
}

void
cost_release(struct seat *s)
{
	struct cast *c = s->r->c;
	struct raid_err err;

	if (s->reservation != 0 && raid_ledger_release(c->ledger,
	    s->reservation, &err) == -1)
		screen_say(c->screen, "%s", err.msg);
	unreserve(s);
}

/* Does this call have counts and a price?  A child has neither. */
static void
count(struct seat *s)
{
	const struct raid_talk *t = &s->talk;
	const struct raid_buf *text = raid_talk_text(t);

	s->counted = s->estimated = 0;
	s->cost = -1;
	s->usage = t->usage;
	/* What was never heard of, or refused by the server, took nothing. */
	if (t->reply == NULL || (t->usage.input < 0 && t->bytes == 0 &&
	    (t->reply->status == 0 || t->reply->status >= 400)))
		return;
	s->estimated = raid_price_fill(&s->usage, s->e.input,
	    (long long)raid_tokens(text->p, text->len));
	s->counted = 1;
	s->cost = raid_price_cost(&s->m->price, &s->usage);
	if (s->cost > 0)
		s->r->c->spent += s->cost;
}

/* What the end of a call says of the health of its member. */
static enum raid_health
health_of(const struct seat *s, int again)
{
	const struct raid_talk *t = &s->talk;

	if (again || s->stopped || raid_proc_signal() != 0)
		return RAID_HEALTH_NOTHING;
	if (t->retry == RAID_RETRY_KEY)
		return RAID_HEALTH_KEY;
	if (t->retry == RAID_RETRY_QUOTA)
		return RAID_HEALTH_QUOTA;
	if (t->retry == RAID_RETRY_YES ||
	    (t->reply != NULL && t->reply->status == 0))
		return RAID_HEALTH_FAILED;
	return t->answer == RAID_ANSWER_COMPLETE ||
	    t->answer == RAID_ANSWER_SILENT ? RAID_HEALTH_WELL :
	    t->answer == RAID_ANSWER_INTERRUPTED ? RAID_HEALTH_FAILED :
	    RAID_HEALTH_NOTHING;
}

void
cost_settle(struct seat *s, int again)
{
	struct cast *c = s->r->c;
	struct raid_ledger_end e = { .requests_left = -1, .tokens_left = -1,
		.health = health_of(s, again), .reason = s->talk.reason,
		.retry_after = s->talk.retry_after };
	struct raid_err err;

	count(s);
	if (s->reservation == 0)
		return;
	/* An answer without counts took nothing. */
	e.usage = s->counted ? &s->usage : &(struct raid_usage){ 0 };
	e.cost = s->counted && s->cost >= 0 ? s->cost : s->counted ? -1 : 0;
	e.estimated = s->estimated;
	if (s->talk.reply != NULL) {
		const struct raid_wire_limits *l = &s->talk.reply->limits;

		e.requests_left = l->requests;
		e.tokens_left = l->tokens;
		e.requests_reset = l->requests_reset;
		e.tokens_reset = l->tokens_reset;
	}
	if (raid_ledger_settle(c->ledger, s->reservation, &e, &err) == -1)
		screen_say(c->screen, "%s", err.msg);
	unreserve(s);
}

/* What all seats of all rounds that are open would take. */
static void
add_up(const struct cast *c, struct estimate *sum, size_t *members)
{
	char *system, *user;
	struct raid_err err;
	struct estimate e;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i]->n; k++) {
			if (seat_texts(c->v[i]->v[k], &system, &user, &e,
			    &err) == 0) {
				sum->input += e.input;
				sum->output += e.output;
				sum->cost += e.cost > 0 ? e.cost : 0;
				*members += 1;
			}
			free(system);
			free(user);
		}
}

/* "950", "4.1k" */
static void
put_count(char *out, size_t size, long long n)
{
	if (n < 1000)
		(void)snprintf(out, size, "%lld", n);
	else
		(void)snprintf(out, size, "%.1fk", (double)n / 1000);
}

static void
print_json(const struct seat *s, const struct estimate *e)
{
	const struct raid_redact_found *f = &s->r->c->guard.found;
	struct raid_json *j = raid_json_object(), *masked;
	char *line;

	raid_json_set_str(j, "type", "estimate");
	raid_json_set_int(j, "v", 1);
	raid_json_set_str(j, "tag", s->r->post.tag);
	raid_json_set_str(j, "member", s->m->name);
	raid_json_set_int(j, "input", e->input);
	raid_json_set_int(j, "output", e->output);
	if (e->cost >= 0)
		raid_json_set_num(j, "cost", (double)e->cost / RAID_MICRO);
	masked = raid_json_object();
	for (size_t i = 0; i < f->n; i++)
		raid_json_set_int(masked, f->v[i]->name,
		    (long long)f->v[i]->n);
	raid_json_set(j, "masked", masked);
	line = raid_json_print(j, 0);
	puts(line);
	free(line);
	raid_json_free(j);
}

static void
print_text(const struct seat *s, const struct estimate *e)
{
	char input[32], cost[RAID_PRICE_SIZE];
	struct raid_buf b;

	put_count(input, sizeof(input), e->input);
	printf("%s  %s  ~%s tokens", s->r->post.tag, s->m->name, input);
	raid_price_format(e->cost, cost);
	if (e->cost > 0)
		printf(", at most $%s", cost);
	raid_buf_init(&b, 10000);
	raid_redact_say(&s->r->c->guard.found, &b);
	printf("%s%s\n", b.len > 0 ? ", " : "", raid_buf_str(&b));
	raid_buf_free(&b);
}

static int
print_seat(struct seat *s, int json)
{
	char *system, *user;
	struct estimate e;
	struct raid_err err;

	if (seat_texts(s, &system, &user, &e, &err) == -1)
		printf("%s  %s  %s\n", s->r->post.tag, s->m->name, err.msg);
	else if (json)
		print_json(s, &e);
	else
		print_text(s, &e);
	free(system);
	free(user);
	return RAID_OK;
}

int
cost_print(struct cast *c)
{
	int status = RAID_NO;

	for (size_t i = 0; i < c->todo.n; i++) {
		int r = round_open(c, c->todo.v[i], NULL);

		for (size_t k = 0; r == RAID_OK && k < c->v[c->n - 1]->n; k++)
			r = print_seat(c->v[c->n - 1]->v[k], c->o->json);
		round_drop(c);
		status = raid_status_merge(status, r);
	}
	return status;
}

/* On a terminal only: a pipe has nobody to tell. */
static int
is_told(void)
{
	return isatty(STDERR_FILENO);
}

void
cost_announce(struct cast *c)
{
	struct estimate sum = { 0 };
	char input[32], cost[RAID_PRICE_SIZE];
	size_t members = 0;

	/* A look at many posts would take longer than it is worth. */
	if (!is_told() || c->todo.n > 8)
		return;
	for (size_t i = 0; i < c->todo.n; i++) {
		c->quiet = 1;
		(void)round_open(c, c->todo.v[i], NULL);
		c->quiet = 0;
		add_up(c, &sum, &members);
		round_drop(c);
	}
	if (members == 0)
		return;
	put_count(input, sizeof(input), sum.input);
	raid_price_format(sum.cost, cost);
	fprintf(stderr, "%zu member%s, ~%s tokens", members,
	    members > 1 ? "s" : "", input);
	fprintf(stderr, sum.cost > 0 ? ", at most $%s\n" : "\n", cost);
}

void
cost_close(struct cast *c)
{
	char cost[RAID_PRICE_SIZE];

	if (c->ledger != NULL)
		raid_ledger_close(c->ledger);
	if (!is_told() || c->spent <= 0)
		return;
	raid_price_format(c->spent, cost);
	fprintf(stderr, "$%s\n", cost);
}
