/* SPDX-License-Identifier: ISC */
#include "journal/ledger_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alive.h"
#include "base/clock.h"

#define SWEEP 64	/* calls between two times that old ones go */

/* What one reservation is about. */
struct reserve {
	struct raid_ledger *l;
	const struct raid_ledger_ask *a;
	struct raid_ledger_grant *g;
	char key[RAID_HASH_SIZE], day[RAID_DAY_SIZE];
	struct raid_ledger_member m;
	long long now, cost, tokens;
};

/* The answer is no.  Returns 1, so that the checks read well. */
static int RAID_PRINTF(3, 4)
say(const struct reserve *r, enum raid_ledger_word word, const char *fmt, ...)
{
	struct raid_ledger_grant *g = r->g;
	int n = snprintf(g->why, sizeof(g->why), "%.80s: ", r->a->who.name);
	va_list ap;

	g->word = word;
	g->probe = 0;
	va_start(ap, fmt);
	(void)vsnprintf(g->why + n, sizeof(g->why) - (size_t)n, fmt, ap);
	va_end(ap);
	return 1;
}

/* Seconds for people, never "0 s". */
static long long
seconds(long long ms)
{
	return (ms + 999) / 1000;
}

static int
find_member(struct reserve *r, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(r->l->db, err,
	    "SELECT " RAID_LEDGER_COLUMNS " FROM member m WHERE m.key = ?",
	    "h", r->key);
	int found = raid_stmt_step(st, err);

	if (found == 1)
		raid_ledger_read(st, 0, &r->m);
	else
		r->m = (struct raid_ledger_member){ .requests.left = -1,
			.tokens.left = -1 };
	raid_stmt_free(st);
	return found == -1 ? -1 : 0;
}

/* Does it rest?  1: yes, and *g says so; 0 with g->probe: this one finds out
 * whether it still has to. */
static int
check_health(struct reserve *r, struct raid_err *err)
{
	const struct raid_ledger_member *m = &r->m;
	long long left = raid_ledger_left(m->at, m->span, r->now);
	int runs;

	if (m->failures == 0 || r->a->anyway)
		return 0;
	if (left > 0) {
		r->g->wait = (double)left / 1000;
		return say(r, RAID_LEDGER_RESTS, "it rests for %lld s more "
		    "(%lld failure%s in a row): %s", seconds(left),
		    m->failures, m->failures == 1 ? "" : "s", m->reason);
	}
	runs = m->probe != 0 ? raid_ledger_runs(r->l, m->probe, err) : 0;
	if (runs == 1)
		return say(r, RAID_LEDGER_RESTS, "another call finds out just "
		    "now whether it answers again: %s", m->reason);
	r->g->probe = 1;
	return runs;
}

/* --- cost */

/* 1 when this call could go over the limit. */
static int
check_cost(struct reserve *r, enum raid_ledger_limit which, long long limit,
    long long spent, const char *span)
{
	char most[RAID_PRICE_SIZE], sum[RAID_PRICE_SIZE];
	char cost[RAID_PRICE_SIZE];

	if (limit <= 0 || r->cost == 0 || spent + r->cost <= limit)
		return 0;
	r->g->limit = which;
	raid_price_format(limit, most);
	raid_price_format(spent, sum);
	raid_price_format(r->cost, cost);
	if (which == RAID_LIMIT_COST_PER_CALL)
		return say(r, RAID_LEDGER_REFUSED, "%s USD %s: this one could "
		    "cost %s", most, span, cost);
	return say(r, RAID_LEDGER_REFUSED, "%s USD %s: %s are spent or "
	    "reserved, this call could cost %s", most, span, sum, cost);
}

/* The requests of a member, its cost, and that of all on this day. */
static int
sum_day(struct reserve *r, long long *requests, long long *own,
    long long *all, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(r->l->db, err, "SELECT "
	    "ifnull(sum(iif(member = ?1, requests, 0)), 0), "
	    "ifnull(sum(iif(member = ?1, cost, 0)), 0), ifnull(sum(cost), 0) "
	    "FROM day WHERE day = ?2", "it", r->m.id, r->day);
	int found = raid_stmt_step(st, err);

	*requests = found == 1 ? raid_stmt_int(st, 0) : 0;
	*own = found == 1 ? raid_stmt_int(st, 1) : 0;
	*all = found == 1 ? raid_stmt_int(st, 2) : 0;
	raid_stmt_free(st);
	return found == -1 ? -1 : 0;
}

static int
check_day(struct reserve *r, struct raid_err *err)
{
	const struct raid_ledger_limits *n = &r->a->limits;
	long long requests, own, all;

	if (check_cost(r, RAID_LIMIT_COST_PER_CALL, n->cost_per_call, 0,
	    "a call") || check_cost(r, RAID_LIMIT_COST_PER_RUN,
	    n->cost_per_run, r->a->run, "a run"))
		return 1;
	if (sum_day(r, &requests, &own, &all, err) == -1)
		return -1;
	r->g->wait = (double)raid_clock_midnight(raid_clock_now());
	if (check_cost(r, RAID_LIMIT_COST_PER_DAY, n->cost_per_day, own,
	    "a day of its own") || check_cost(r, RAID_LIMIT_ALL_PER_DAY,
	    n->all_per_day, all, "a day"))
		return 1;
	if (n->requests_per_day > 0 && requests >= n->requests_per_day) {
		r->g->limit = RAID_LIMIT_REQUESTS_PER_DAY;
		return say(r, RAID_LEDGER_REFUSED, "%lld requests a day: all "
		    "of them are used up until midnight", n->requests_per_day);
	}
	r->g->wait = 0;
	return 0;
}

/* --- the last minute */

/* Requests and tokens of it. */
static int
sum_minute(struct reserve *r, long long *requests, long long *tokens,
    struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(r->l->db, err, "SELECT count(*), "
	    "ifnull(sum(tokens), 0) FROM call WHERE member = ? AND t > ? AND "
	    "t <= ?", "iii", r->m.id, r->now - RAID_MINUTE, r->now);
	int found = raid_stmt_step(st, err);

	*requests = found == 1 ? raid_stmt_int(st, 0) : 0;
	*tokens = found == 1 ? raid_stmt_int(st, 1) : 0;
	raid_stmt_free(st);
	return found == -1 ? -1 : 0;
}

/* Milliseconds until so many requests, and as many as took so many tokens,
 * are a minute old.  *wait is of the one that takes longer. */
static int
wait_for(struct reserve *r, long long requests, long long tokens,
    long long *wait, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(r->l->db, err, "SELECT t, tokens "
	    "FROM call WHERE member = ? AND t > ? AND t <= ? ORDER BY t",
	    "iii", r->m.id, r->now - RAID_MINUTE, r->now);
	int found = 1;

	*wait = 0;
	while ((requests > 0 || tokens > 0) &&
	    (found = raid_stmt_step(st, err)) == 1) {
		*wait = raid_stmt_int(st, 0) + RAID_MINUTE - r->now;
		tokens -= raid_stmt_int(st, 1);
		requests--;
	}
	raid_stmt_free(st);
	return found == -1 ? -1 : 0;
}

static int
check_minute(struct reserve *r, struct raid_err *err)
{
	const struct raid_ledger_limits *n = &r->a->limits;
	long long requests, tokens, over, many, wait;
	struct raid_ledger_grant *g = r->g;

	if (n->requests_per_minute <= 0 && n->tokens_per_minute <= 0)
		return 0;
	g->limit = RAID_LIMIT_TOKENS_PER_MINUTE;
	if (n->tokens_per_minute > 0 && r->tokens > n->tokens_per_minute)
		return say(r, RAID_LEDGER_REFUSED, "%lld tokens a minute: this "
		    "call alone could take %lld", n->tokens_per_minute,
		    r->tokens);
	if (sum_minute(r, &requests, &tokens, err) == -1)
		return -1;
	many = n->requests_per_minute > 0 ?
	    requests + 1 - n->requests_per_minute : 0;
	over = n->tokens_per_minute > 0 ?
	    tokens + r->tokens - n->tokens_per_minute : 0;
	if (many <= 0 && over <= 0) {
		g->limit = RAID_LIMIT_NONE;
		return 0;
	}
	if (wait_for(r, many, over, &wait, err) == -1)
		return -1;
	g->wait = (double)wait / 1000;
	if (over > 0)
		return say(r, RAID_LEDGER_WAIT, "%lld tokens a minute: %lld "
		    "are taken, this call could take %lld; the next in %lld s",
		    n->tokens_per_minute, tokens, r->tokens, seconds(wait));
	g->limit = RAID_LIMIT_REQUESTS_PER_MINUTE;
	return say(r, RAID_LEDGER_WAIT, "%lld requests a minute: the next in "
	    "%lld s", n->requests_per_minute, seconds(wait));
}

/* --- the vendor's own */

static int
check_vendor(struct reserve *r)
{
	const struct raid_ledger_left *q = &r->m.requests, *k = &r->m.tokens;
	long long requests = 0, tokens = 0;

	if (q->left == 0)
		requests = raid_ledger_left(q->at, q->span, r->now);
	/* A call of more tokens than are left would be sent for nothing. */
	if (k->left == 0 || (k->left > 0 && k->left < r->a->input))
		tokens = raid_ledger_left(k->at, k->span, r->now);
	if (requests == 0 && tokens == 0)
		return 0;
	r->g->limit = RAID_LIMIT_VENDOR;
	if (requests >= tokens) {
		r->g->wait = (double)requests / 1000;
		return say(r, RAID_LEDGER_WAIT, "the vendor takes no request "
		    "for %lld s", seconds(requests));
	}
	r->g->wait = (double)tokens / 1000;
	return say(r, RAID_LEDGER_WAIT, "the vendor takes %lld tokens more "
	    "until %lld s have passed, this call has %lld", k->left,
	    seconds(tokens), r->a->input);
}

/* --- it is granted */

/* Calls that are over and out of every window; now and then those of
 * processes that are gone, too.  What they cost stays in table day. */
static int
sweep(struct reserve *r, struct raid_err *err)
{
	struct raid_stmt *st;
	int found;

	if (raid_db_run(r->l->db, err, "DELETE FROM call WHERE open = 0 AND "
	    "(t <= ?1 - 60000 OR t > ?1)", "i", r->now) == -1)
		return -1;
	st = raid_db_query(r->l->db, err, "SELECT id, pid, pid_start FROM "
	    "call WHERE open = 1 AND (t <= ?1 - 3600000 OR t > ?1)", "i",
	    r->now);
	while ((found = raid_stmt_step(st, err)) == 1)
		if (!raid_alive(raid_stmt_int(st, 1), raid_stmt_int(st, 2)) &&
		    raid_db_run(r->l->db, err, "UPDATE call SET open = 0 "
		    "WHERE id = ?", "i", raid_stmt_int(st, 0)) == -1) {
			found = -1;
			break;
		}
	raid_stmt_free(st);
	return found;
}

/* What the vendor has left is less by this call, until it says so itself. */
static int
note_member(struct reserve *r, struct raid_err *err)
{
	const struct raid_ledger_who *w = &r->a->who;
	long long id = r->m.id;

	if (id == 0) {
		if (raid_db_run(r->l->db, err, "INSERT INTO member(key, name, "
		    "provider, model) VALUES (?, ?, ?, ?)", "httt", r->key,
		    w->name, w->provider, w->model) == -1)
			return -1;
		r->m.id = raid_db_last_id(r->l->db);
		return 0;
	}
	if (r->m.requests.left <= 0 && r->m.tokens.left <= 0)
		return 0;
	return raid_db_run(r->l->db, err, "UPDATE member SET requests_left = "
	    "iif(requests_left > 0, requests_left - 1, requests_left), "
	    "tokens_left = iif(tokens_left > 0, max(0, tokens_left - ?), "
	    "tokens_left) WHERE id = ?", "ii", r->a->input, id);
}

static int
note_call(struct reserve *r, struct raid_err *err)
{
	const struct raid_ledger_ask *a = r->a;
	struct raid_db *db = r->l->db;

	if (raid_db_run(db, err, "INSERT INTO call(member, t, day, pid, "
	    "pid_start, open, tokens, est_input, est_output, est_cost) VALUES "
	    "(?, ?, ?, ?, ?, 1, ?, ?, ?, ?)", "iitiiiiii", r->m.id, r->now,
	    r->day, (long long)getpid(), raid_alive_since(getpid()), r->tokens,
	    a->input, a->output, r->cost) == -1)
		return -1;
	r->g->id = raid_db_last_id(db);
	if (raid_db_run(db, err, "INSERT INTO day(day, member, requests, "
	    "input, output, cost, guessed) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?5) "
	    "ON CONFLICT DO UPDATE SET requests = requests + 1, "
	    "input = input + ?3, output = output + ?4, cost = cost + ?5, "
	    "guessed = guessed + ?5", "tiiii", r->day, r->m.id, a->input,
	    a->output, r->cost) == -1)
		return -1;
	return !r->g->probe ? 0 : raid_db_run(db, err,
	    "UPDATE member SET probe = ? WHERE id = ?", "ii", r->g->id,
	    r->m.id);
}

/* Within the transaction.  1 it was granted, 0 not, -1. */
static int
decide(struct reserve *r, struct raid_err *err)
{
	int no;

	r->g->probe = 0;
	raid_clock_day(raid_clock_now(), r->day);
	if (find_member(r, err) == -1)
		return -1;
	no = check_health(r, err);
	if (no == 0)
		no = check_day(r, err);
	if (no == 0)
		no = check_minute(r, err);
	if (no == 0)
		no = check_vendor(r);
	if (no != 0)
		return no == 1 ? 0 : -1;
	if (note_member(r, err) == -1 || note_call(r, err) == -1 ||
	    (r->g->id % SWEEP == 0 && sweep(r, err) == -1))
		return -1;
	return 1;
}

static int
reserve(struct reserve *r, struct raid_err *err)
{
	int ok;

	/* A member that rests costs no lock. */
	if (raid_ledger_now(r->l, &r->now, err) == -1 ||
	    find_member(r, err) == -1)
		return -1;
	ok = check_health(r, err);
	if (ok != 0)
		return ok == 1 ? 0 : -1;
	if (raid_ledger_begin(r->l, &r->now, err) == -1)
		return -1;
	ok = decide(r, err);
	if (ok == 1)
		return raid_db_commit(r->l->db, err);
	raid_db_rollback(r->l->db);
	return ok;
}

int
raid_ledger_reserve(struct raid_ledger *l, const struct raid_ledger_ask *a,
    struct raid_ledger_grant *g, struct raid_err *err)
{
	struct reserve r = { .l = l, .a = a, .g = g, .cost = a->cost > 0 ?
		a->cost : 0, .tokens = a->input + a->output };

	*g = (struct raid_ledger_grant){ .word = RAID_LEDGER_GO };
	raid_ledger_key(&a->who, r.key);
	if (l->db != NULL && reserve(&r, err) == 0)
		return 0;
	if (l->db == NULL)
		*err = l->trouble;
	*g = (struct raid_ledger_grant){ .word = RAID_LEDGER_GO };
	if (a->cost == 0) {
		(void)snprintf(g->why, sizeof(g->why), "%s", err->msg);
		return 0;
	}
	if (err->code != RAID_ETEMP)
		err->code = RAID_EIO;
	return raid_fail_at(err, "%.80s is not asked, because nobody can note "
	    "what it costs", a->who.name);
}
