/* SPDX-License-Identifier: ISC */
#include "array_trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array/exec.h"
#include "array/key.h"
#include "array/wire.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/tokens.h"
#include "prog.h"
#include "team.h"

#define CONNECT 15		/* seconds */
#define WALL 60
#define ANSWER_BYTES ((size_t)1 << 20)
#define OUTPUT 256		/* tokens: some think before they speak */

static const char question[] = "Reply with the single word ok.\n";

/* --- an API */

static void
on_status(void *arg, int status)
{
	raid_wire_status(((struct trial *)arg)->wire, status);
}

static void
on_header(void *arg, const char *line, size_t len)
{
	raid_wire_header(((struct trial *)arg)->wire, line, len);
}

static int
on_data(void *arg, const void *p, size_t len)
{
	struct trial *t = arg;
	const struct raid_reply *r = raid_wire_reply(t->wire);

	raid_wire_feed(t->wire, p, len);
	if (t->first < 0 && r->text.len + r->reasoning.len > 0)
		t->first = raid_clock_mono();
	return r->done;
}

/* What the answer says of the member's health. */
static enum raid_health
health_of(const struct trial *t, const struct raid_reply *r)
{
	if (*t->reason == '\0')
		return RAID_HEALTH_WELL;
	switch (r->retry) {
	case RAID_RETRY_KEY:
		return RAID_HEALTH_KEY;
	case RAID_RETRY_QUOTA:
		return RAID_HEALTH_QUOTA;
	case RAID_RETRY_YES:
		return RAID_HEALTH_FAILED;
	default:
		/* Our request is at fault, a model that is not there, say. */
		return RAID_HEALTH_NOTHING;
	}
}

static void
settle(struct trial *t, const struct raid_reply *r)
{
	struct raid_ledger_end e = { .usage = &t->usage, .cost = t->cost,
		.estimated = t->estimated, .health = health_of(t, r),
		.reason = t->reason, .retry_after = r->retry_after,
		.requests_left = r->limits.requests,
		.tokens_left = r->limits.tokens,
		.requests_reset = r->limits.requests_reset,
		.tokens_reset = r->limits.tokens_reset };
	struct raid_err err;

	if (t->reservation != 0 && raid_ledger_settle(t->of->ledger,
	    t->reservation, &e, &err) == -1)
		prog_warn("%s: %s", t->m->name, err.msg);
	t->reservation = 0;
}

/* It lives if it answered at all. */
static void
judge(struct trial *t, int lives, const char *reason)
{
	(void)snprintf(t->reason, sizeof(t->reason), "%s", lives ? "" :
	    *reason != '\0' ? reason : raid_answer_name(t->answer));
}

/* A short answer may well be cut, by the limit that we set. */
static int
is_short(const struct raid_reply *r)
{
	static const char *const words[] = { "length", "max_tokens",
		"MAX_TOKENS" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(r->finish, words[i]) == 0)
			return r->answer == RAID_ANSWER_TRUNCATED;
	return 0;
}

static void
on_end(void *arg, const char *transport)
{
	struct trial *t = arg;
	const struct raid_reply *r = raid_wire_reply(t->wire);

	t->end = raid_clock_mono();
	t->running = 0;
	t->call = NULL;
	raid_wire_end(t->wire, transport);
	t->answer = r->answer;
	judge(t, r->answer == RAID_ANSWER_COMPLETE ||
	    r->answer == RAID_ANSWER_SILENT || is_short(r), r->reason);
	(void)snprintf(t->model, sizeof(t->model), "%s", r->model);
	t->cost = 0;
	if (r->status == 200) {
		t->usage = r->usage;
		t->estimated = raid_price_fill(&t->usage,
		    (long long)raid_tokens(question, strlen(question)),
		    (long long)raid_tokens(r->text.p, r->text.len));
		t->cost = raid_price_cost(&t->m->price, &t->usage);
	}
	settle(t, r);
}

/* Ask the ledger, which also knows what a day may cost. */
static int
reserve(struct trial *t, struct raid_err *err)
{
	struct raid_ledger_ask a = { .anyway = 1, .output = OUTPUT,
		.limits = team_limits(t->m, &t->of->a->roster),
		.input = (long long)raid_tokens(question, strlen(question)),
		.run = t->of->spent };
	struct raid_ledger_grant g;
	struct raid_buf place;
	int r;

	a.cost = t->m->local ? 0 :
	    raid_price_most(&t->m->price, a.input, a.output);
	team_who(t->m, &place, &a.who);
	r = raid_ledger_reserve(t->of->ledger, &a, &g, err);
	raid_buf_free(&place);
	if (r == -1)
		return -1;
	if (g.word != RAID_LEDGER_GO)
		return raid_fail(err, RAID_ETEMP, "%s", g.why);
	t->reservation = g.id;
	t->of->spent += a.cost > 0 ? a.cost : 0;
	return 0;
}

static int
send_request(struct trial *t, const char *key, struct raid_err *err)
{
	struct raid_wire_request q;
	struct raid_http_opts o = { .connect = CONNECT, .wall = WALL,
		.on_status = on_status, .on_header = on_header,
		.on_data = on_data, .on_end = on_end, .arg = t };
	int r;

	r = raid_wire_ask(&t->asked, key, "", question, &q, err);
	if (r == 0) {
		t->wire = raid_wire_new(t->m->kind);
		raid_wire_max(t->wire, ANSWER_BYTES);
		if (key != NULL)
			raid_wire_hide(t->wire, key);
		o.url = q.url;
		o.headers = &q.headers;
		o.body = q.body;
		o.body_len = strlen(q.body);
		t->call = raid_http_start(t->of->http, &o, err);
		r = t->call != NULL ? 0 : -1;
	}
	raid_wire_request_free(&q);
	return r;
}

/* What was reserved, for a request that was never sent. */
static void
give_back(struct trial *t)
{
	struct raid_err err;

	if (t->reservation != 0 && raid_ledger_release(t->of->ledger,
	    t->reservation, &err) == -1)
		prog_warn("%s: %s", t->m->name, err.msg);
	t->reservation = 0;
}

static int
start_api(struct trial *t, struct raid_err *err)
{
	const char *source;
	char *key;
	int r;

	t->asked = *t->m;
	if (t->asked.max_output > OUTPUT)
		t->asked.max_output = OUTPUT;
	r = raid_key_get(t->m, t->of->a->s.conf.user, &key, &source, err);
	if (r == -1)
		return -1;
	(void)snprintf(t->source, sizeof(t->source), "%s", source);
	r = reserve(t, err);
	t->start = raid_clock_mono();
	if (r == 0 && send_request(t, key, err) == -1) {
		give_back(t);
		r = -1;
	}
	raid_key_free(key);
	return r;
}

/* --- a program */

static void
on_out(void *arg, const void *p, size_t len)
{
	struct trial *t = arg;

	(void)p;
	if (t->first < 0 && len > 0)
		t->first = raid_clock_mono();
}

static int
start_exec(struct trial *t, struct raid_err *err)
{
	static const struct raid_list none = { 0 };
	struct raid_conf *c = &t->of->a->s.conf;
	struct raid_exec_opts o = { .member = t->m, .role = t->m->role,
		.context = question, .root = c->root != NULL ? c->root : "",
		.base = "", .journal = c->journal != NULL ? c->journal : "",
		.tag = "", .files = &none, .answer_bytes = ANSWER_BYTES,
		.deadline = WALL, .on_out = on_out, .arg = t };

	t->dir = raid_path_mktemp(err);
	if (t->dir == NULL)
		return -1;
	o.dir = t->dir;
	t->start = raid_clock_mono();
	return raid_exec_start(&t->proc, &o, err);
}

static void
end_exec(struct trial *t)
{
	struct raid_buf text;
	char reason[600] = "";

	t->end = raid_clock_mono();
	t->running = 0;
	raid_buf_init(&text, ANSWER_BYTES);
	t->answer = raid_exec_answer(&t->proc, &text, reason, sizeof(reason));
	raid_buf_free(&text);
	judge(t, t->answer == RAID_ANSWER_COMPLETE ||
	    t->answer == RAID_ANSWER_SILENT, reason);
}

void
trial_begin(struct trial *t)
{
	struct raid_err err;
	int r;

	t->first = t->cost = -1;
	t->usage = (struct raid_usage){ -1, -1, -1, -1, -1, -1, -1 };
	r = t->m->kind == RAID_PROVIDER_EXEC ? start_exec(t, &err) :
	    start_api(t, &err);
	t->running = r == 0;
	if (r == -1) {
		t->answer = RAID_ANSWER_FAILED;
		(void)snprintf(t->reason, sizeof(t->reason), "%s", err.msg);
	}
}

void
trial_stop(struct trial *t)
{
	struct raid_reply none = { .retry_after = -1,
		.limits = { -1, -1, -1, -1 } };

	if (t->call != NULL) {
		raid_http_stop(t->call);
		t->call = NULL;
		t->running = 0;
		t->end = raid_clock_mono();
		t->answer = RAID_ANSWER_INTERRUPTED;
		judge(t, 0, "");
		settle(t, &none);
	}
}

void
trial_look(struct trial *t)
{
	if (t->running && t->call == NULL && t->proc.end != RAID_PROC_RUNNING)
		end_exec(t);
}

void
trial_free(struct trial *t)
{
	struct raid_err err;

	raid_wire_free(t->wire);
	if (t->m->kind == RAID_PROVIDER_EXEC)
		raid_proc_free(&t->proc);
	if (t->dir != NULL && raid_path_remove(t->dir, &err) == -1)
		prog_warn("%s", err.msg);
	free(t->dir);
}
