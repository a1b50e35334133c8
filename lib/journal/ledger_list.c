/* SPDX-License-Identifier: ISC */
#include "journal/ledger_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alive.h"
#include "base/clock.h"
#include "base/mem.h"

/* What is asked, and the row that each member has in the list. */
struct list {
	struct raid_ledger *l;
	struct raid_ledger_list *out;
	long long *ids;		/* of out->v, rising */
	size_t cap;
	long long now;
};

static enum raid_ledger_state
state_of(const struct list *s, const struct raid_ledger_member *m,
    struct raid_err *err)
{
	int runs;

	if (m->failures == 0)
		return RAID_STATE_WELL;
	if (raid_ledger_left(m->at, m->span, s->now) > 0)
		return RAID_STATE_RESTS;
	runs = m->probe != 0 ? raid_ledger_runs(s->l, m->probe, err) : 0;
	return runs == 1 ? RAID_STATE_PROBED : RAID_STATE_DUE;
}

/* Seconds until the vendor takes anything again. */
static double
vendor(const struct list *s, const struct raid_ledger_member *m)
{
	long long q = m->requests.left != 0 ? 0 : raid_ledger_left(
	    m->requests.at, m->requests.span, s->now);
	long long k = m->tokens.left != 0 ? 0 : raid_ledger_left(
	    m->tokens.at, m->tokens.span, s->now);

	return (double)(q > k ? q : k) / 1000;
}

static void
add_row(struct list *s, struct raid_stmt *st, struct raid_err *err)
{
	struct raid_ledger_list *o = s->out;
	struct raid_ledger_member m;
	struct raid_ledger_row *r;

	raid_ledger_read(st, 4, &m);
	o->v = raid_grow(o->v, &o->cap, o->n + 1, sizeof(*o->v));
	s->ids = raid_grow(s->ids, &s->cap, o->n + 1, sizeof(*s->ids));
	s->ids[o->n] = m.id;
	r = &o->v[o->n++];
	*r = (struct raid_ledger_row){
		.name = raid_strdup(raid_stmt_text(st, 1)),
		.provider = raid_strdup(raid_stmt_text(st, 2)),
		.model = raid_strdup(raid_stmt_text(st, 3)),
		.state = state_of(s, &m, err), .failures = m.failures,
		.health = m.failures > 0 ? m.health : RAID_HEALTH_WELL,
		.reason = raid_strdup(m.failures > 0 ? m.reason : ""),
		.rest = (double)raid_ledger_left(m.at, m.span, s->now) / 1000,
		.vendor = vendor(s, &m) };
	if (m.failures > 0)
		r->since = raid_clock_now() - (s->now - m.first) / 1000;
	raid_stmt_hex(st, 0, r->key);
}

static int
read_members(struct list *s, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(s->l->db, err, "SELECT m.key, "
	    "m.name, m.provider, m.model, " RAID_LEDGER_COLUMNS
	    " FROM member m ORDER BY m.id", "");
	int r;

	while ((r = raid_stmt_step(st, err)) == 1)
		add_row(s, st, err);
	raid_stmt_free(st);
	return r;
}

/* A member that has come since its row was read is passed over. */
static struct raid_ledger_row *
row_of(const struct list *s, long long id)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (s->ids[i] == id)
			return &s->out->v[i];
	return NULL;
}

/* The days of this month; day is today, "2026-11-21". */
static int
read_days(struct list *s, const char *day, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(s->l->db, err, "SELECT member, "
	    "sum(cost), sum(iif(day = ?1, requests, 0)), sum(iif(day = ?1, "
	    "input + cache_read + cache_write + output, 0)), "
	    "sum(iif(day = ?1, cost, 0)), sum(iif(day = ?1, guessed, 0)) "
	    "FROM day WHERE day >= substr(?1, 1, 8) AND day < substr(?1, 1, 8) "
	    "|| 'x' GROUP BY member", "t", day);
	struct raid_ledger_row *row;
	int r;

	while ((r = raid_stmt_step(st, err)) == 1) {
		row = row_of(s, raid_stmt_int(st, 0));
		if (row == NULL)
			continue;
		row->month = raid_stmt_int(st, 1);
		row->requests = raid_stmt_int(st, 2);
		row->tokens = raid_stmt_int(st, 3);
		row->cost = raid_stmt_int(st, 4);
		row->guessed = raid_stmt_int(st, 5);
		s->out->month += row->month;
		s->out->cost += row->cost;
		s->out->guessed += row->guessed;
	}
	raid_stmt_free(st);
	return r;
}

/* Calls that run, and those of the last minute. */
static int
read_calls(struct list *s, const char *day, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(s->l->db, err, "SELECT member, "
	    "t, tokens, open, pid, pid_start, est_cost, day = ? FROM call",
	    "t", day);
	struct raid_ledger_row *row;
	int r;

	while ((r = raid_stmt_step(st, err)) == 1) {
		row = row_of(s, raid_stmt_int(st, 0));
		if (row == NULL)
			continue;
		if (raid_ledger_left(raid_stmt_int(st, 1), RAID_MINUTE,
		    s->now) > 0) {
			row->minute++;
			row->minute_tokens += raid_stmt_int(st, 2);
		}
		if (raid_stmt_int(st, 3) == 0 || !raid_alive(
		    raid_stmt_int(st, 4), raid_stmt_int(st, 5)))
			continue;
		row->running++;
		if (raid_stmt_int(st, 7) == 0)
			continue;
		row->reserved += raid_stmt_int(st, 6);
		s->out->reserved += raid_stmt_int(st, 6);
	}
	raid_stmt_free(st);
	return r;
}

static int
by_name(const void *a, const void *b)
{
	const struct raid_ledger_row *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r != 0 ? r : strcmp(x->key, y->key);
}

int
raid_ledger_list(struct raid_ledger *l, struct raid_ledger_list *out,
    struct raid_err *err)
{
	struct list s = { .l = l, .out = out };
	struct raid_err ignored;
	char day[RAID_DAY_SIZE];
	int r;

	*out = (struct raid_ledger_list){ 0 };
	if (l->db == NULL) {
		*err = l->trouble;
		return l->none ? 0 : -1;
	}
	raid_clock_day(raid_clock_now(), day);
	/* All of it as it was at one moment. */
	r = raid_db_run(l->db, err, "BEGIN", "") == -1 ||
	    raid_ledger_now(l, &s.now, err) == -1 ||
	    read_members(&s, err) == -1 || read_days(&s, day, err) == -1 ||
	    read_calls(&s, day, err) == -1 ? -1 : 0;
	(void)!raid_db_run(l->db, &ignored, "ROLLBACK", "");
	free(s.ids);
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_name);
	return r;
}

void
raid_ledger_list_free(struct raid_ledger_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].name);
		free(list->v[i].provider);
		free(list->v[i].model);
		free(list->v[i].reason);
	}
	free(list->v);
	*list = (struct raid_ledger_list){ 0 };
}

const struct raid_ledger_row *
raid_ledger_find(const struct raid_ledger_list *list,
    const struct raid_ledger_who *w)
{
	char key[RAID_HASH_SIZE];

	raid_ledger_key(w, key);
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].key, key) == 0)
			return &list->v[i];
	return NULL;
}
