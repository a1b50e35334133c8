/* SPDX-License-Identifier: ISC */
#include "journal/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alive.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

#define MICRO 1000000

/* Rows come newest first, because of the limit. */
static void
reverse(void *v, size_t n, size_t size)
{
	char *a = v, *b, t[256];

	if (n < 2)
		return;
	for (b = a + (n - 1) * size; a < b; a += size, b -= size) {
		memcpy(t, a, size);
		memcpy(a, b, size);
		memcpy(b, t, size);
	}
}

_Static_assert(sizeof(struct raid_call) <= 256, "reverse");
_Static_assert(sizeof(struct raid_audit_row) <= 256, "reverse");

static int
is_who(const char *name, const char *folded)
{
	char *f = raid_utf8_fold(name, strlen(name));
	int r = strcmp(f, folded) == 0;

	free(f);
	return r;
}

static void
put_tag(struct raid_stmt *st, int column, char tag[RAID_TAG_SIZE])
{
	*tag = '\0';
	if (!raid_stmt_isnull(st, column))
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, column),
		    raid_stmt_int(st, column + 1) }, tag);
}

static long long
int_or(struct raid_stmt *st, int column)
{
	return raid_stmt_isnull(st, column) ? -1 : raid_stmt_int(st, column);
}

static long long
micro_or(struct raid_stmt *st, int column)
{
	return raid_stmt_isnull(st, column) ? -1 :
	    (long long)(raid_stmt_double(st, column) * MICRO + 0.5);
}

/* Columns 8 to 10: the estimate that a call was reserved with. */
static void
unended(struct raid_stmt *st, struct raid_call *c)
{
	int runs = raid_alive(raid_stmt_int(st, 6), raid_stmt_int(st, 7));

	c->status = raid_strdup(runs ? "running" : "interrupted");
	c->reason = raid_strdup(runs ? "" : "its process is gone");
	c->seconds = -1;
	for (int i = 0; i < RAID_COUNTS; i++)
		c->tokens[i] = -1;
	c->cost = -1;
	c->estimated = raid_stmt_int(st, 8) > 0 || raid_stmt_int(st, 9) > 0 ||
	    raid_stmt_double(st, 10) > 0;
	if (!c->estimated)
		return;
	c->tokens[RAID_COUNT_INPUT] = raid_stmt_int(st, 8);
	c->tokens[RAID_COUNT_OUTPUT] = raid_stmt_int(st, 9);
	c->cost = micro_or(st, 10);
}

static void
read_call(struct raid_stmt *st, struct raid_call *c)
{
	*c = (struct raid_call){ .id = raid_stmt_int(st, 0),
		.ts = raid_stmt_int(st, 1), .post = raid_stmt_int(st, 23),
		.member = raid_strdup(raid_stmt_text(st, 4)),
		.model = raid_strdup(raid_stmt_text(st, 5)) };
	put_tag(st, 2, c->tag);
	if (raid_stmt_isnull(st, 11)) {
		unended(st, c);
		return;
	}
	c->status = raid_strdup(raid_stmt_text(st, 11));
	c->reason = raid_strdup(raid_stmt_text(st, 12));
	put_tag(st, 13, c->answer);
	c->seconds = (double)raid_stmt_int(st, 15) / 1000;
	for (int i = 0; i < RAID_COUNTS; i++)
		c->tokens[i] = int_or(st, 16 + i);
	c->cost = micro_or(st, 22);
	c->estimated = raid_stmt_int(st, 24) != 0;
}

int
raid_report_calls(struct raid_db *db, const struct raid_report *q,
    struct raid_calls *out, struct raid_err *err)
{
	char *who = q->who != NULL ? raid_utf8_fold(q->who, strlen(q->who)) :
	    NULL;
	struct raid_stmt *st;
	int r = 0;

	*out = (struct raid_calls){ 0 };
	st = raid_db_query(db, err, "SELECT c.id, c.ts, p.ts, p.n, c.member, "
	    "c.model, c.pid, c.pid_start, c.est_input, c.est_output, "
	    "c.est_cost, e.status, e.reason, a.ts, a.n, e.total_ms, e.input, "
	    "e.cache_read, e.cache_write, e.cache_write_1h, e.output, "
	    "e.reasoning, e.cost, c.post, e.estimated FROM call c "
	    "JOIN post p ON p.id = c.post LEFT JOIN call_end e ON e.call = c.id"
	    " LEFT JOIN post a ON a.id = e.answer WHERE c.ts >= ?1 AND "
	    "(?2 = 0 OR c.ts <= ?2) ORDER BY c.id DESC", "ii", q->since,
	    q->until);
	while ((q->limit == 0 || out->n < q->limit) &&
	    (r = raid_stmt_step(st, err)) == 1) {
		if (who != NULL && !is_who(raid_stmt_text(st, 4), who))
			continue;
		out->v = raid_grow(out->v, &out->cap, out->n + 1,
		    sizeof(*out->v));
		read_call(st, &out->v[out->n++]);
	}
	raid_stmt_free(st);
	free(who);
	reverse(out->v, out->n, sizeof(*out->v));
	return st == NULL || r == -1 ? -1 : 0;
}

void
raid_calls_free(struct raid_calls *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].member);
		free(c->v[i].model);
		free(c->v[i].status);
		free(c->v[i].reason);
	}
	free(c->v);
	*c = (struct raid_calls){ 0 };
}

static void
read_audit(struct raid_stmt *st, struct raid_audit_row *a)
{
	*a = (struct raid_audit_row){ .id = raid_stmt_int(st, 0),
		.ts = raid_stmt_int(st, 1),
		.actor = raid_strdup(raid_stmt_text(st, 2)),
		.program = raid_strdup(raid_stmt_text(st, 3)),
		.action = raid_strdup(raid_stmt_text(st, 4)),
		.allowed_by = raid_strdup(raid_stmt_text(st, 7)),
		.result = raid_strdup(raid_stmt_text(st, 8)),
		.detail = raid_strdup(raid_stmt_text(st, 9)) };
	put_tag(st, 5, a->tag);
}

int
raid_report_audit(struct raid_db *db, const struct raid_report *q,
    struct raid_audits *out, struct raid_err *err)
{
	char *who = q->who != NULL ? raid_utf8_fold(q->who, strlen(q->who)) :
	    NULL;
	struct raid_stmt *st;
	int r = 0;

	*out = (struct raid_audits){ 0 };
	st = raid_db_query(db, err, "SELECT a.id, a.ts, a.actor, a.program, "
	    "a.action, p.ts, p.n, a.allowed_by, a.result, a.detail FROM audit "
	    "a LEFT JOIN post p ON p.id = a.post WHERE a.ts >= ?1 AND "
	    "(?2 = 0 OR a.ts <= ?2) ORDER BY a.id DESC", "ii", q->since,
	    q->until);
	while ((q->limit == 0 || out->n < q->limit) &&
	    (r = raid_stmt_step(st, err)) == 1) {
		if (who != NULL && !is_who(raid_stmt_text(st, 2), who))
			continue;
		out->v = raid_grow(out->v, &out->cap, out->n + 1,
		    sizeof(*out->v));
		read_audit(st, &out->v[out->n++]);
	}
	raid_stmt_free(st);
	free(who);
	reverse(out->v, out->n, sizeof(*out->v));
	return st == NULL || r == -1 ? -1 : 0;
}

void
raid_audits_free(struct raid_audits *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->v[i].actor);
		free(a->v[i].program);
		free(a->v[i].action);
		free(a->v[i].allowed_by);
		free(a->v[i].result);
		free(a->v[i].detail);
	}
	free(a->v);
	*a = (struct raid_audits){ 0 };
}

/* --- usage */

/* The first post of the thread; a circle of replies ends somewhere. */
static char *
key_thread(struct raid_db *db, const struct raid_call *c, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err, "WITH RECURSIVE "
	    "up(ts, n, rts, rn, depth) AS (SELECT ts, n, reply_ts, reply_n, 0 "
	    "FROM post WHERE id = ? UNION ALL SELECT p.ts, p.n, p.reply_ts, "
	    "p.reply_n, depth + 1 FROM up JOIN post p ON p.ts = up.rts AND "
	    "p.n = up.rn WHERE depth < 10000) SELECT ts, n FROM up "
	    "ORDER BY depth DESC LIMIT 1", "i", c->post);
	char tag[RAID_TAG_SIZE] = "";
	int r = raid_stmt_step(st, err);

	if (r == 1)
		put_tag(st, 0, tag);
	raid_stmt_free(st);
	return r == -1 ? NULL : raid_strdup(tag);
}

/* The commit of a patch of the answer; of several the first, so that nothing
 * is counted twice. */
static char *
key_commit(struct raid_db *db, const struct raid_call *c, struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	char *key = NULL;
	int r;

	if (raid_tag_parse(c->answer, strlen(c->answer), &t) == -1)
		return raid_strdup("");
	st = raid_db_query(db, err, "SELECT json_extract(d.meta, '$.commit') "
	    "FROM post b JOIN post d ON d.reply_ts = b.ts AND d.reply_n = b.n "
	    "AND d.kind = 'commit' AND d.who = 'agent' WHERE b.reply_ts = ? "
	    "AND b.reply_n = ? AND b.kind = 'patch' ORDER BY d.id LIMIT 1",
	    "ii", t.ts, t.n);
	r = raid_stmt_step(st, err);
	if (r != -1)
		key = raid_strdup(r == 1 ? raid_stmt_text(st, 0) : "");
	raid_stmt_free(st);
	return key;
}

static char *
key_of(struct raid_db *db, const struct raid_call *c, enum raid_by by,
    struct raid_err *err)
{
	char day[RAID_DAY_SIZE];

	switch (by) {
	case RAID_BY_MEMBER:
		return raid_utf8_fold(c->member, strlen(c->member));
	case RAID_BY_MODEL:
		return raid_strdup(c->model);
	case RAID_BY_DAY:
		raid_clock_day(c->ts, day);
		return raid_strdup(day);
	case RAID_BY_THREAD:
		return key_thread(db, c, err);
	default:
		return key_commit(db, c, err);
	}
}

void
raid_sum_add(struct raid_sum *a, const struct raid_sum *b)
{
	a->calls += b->calls;
	a->complete += b->complete;
	a->failed += b->failed;
	a->cost += b->cost;
	a->estimated |= b->estimated;
	for (int i = 0; i < RAID_COUNTS; i++)
		a->tokens[i] += b->tokens[i];
}

static struct raid_sum
usage_of(const struct raid_call *c)
{
	struct raid_sum u = { .calls = 1, .estimated = c->estimated,
		.complete = strcmp(c->status, "complete") == 0,
		.failed = strcmp(c->status, "failed") == 0 ||
		    strcmp(c->status, "refused") == 0 ||
		    strcmp(c->status, "interrupted") == 0,
		.cost = c->cost > 0 ? c->cost : 0 };

	for (int i = 0; i < RAID_COUNTS; i++)
		u.tokens[i] = c->tokens[i] > 0 ? c->tokens[i] : 0;
	return u;
}

static int
by_key(const void *a, const void *b)
{
	const struct raid_sum *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static int
by_cost(const void *a, const void *b)
{
	const struct raid_sum *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? 1 : -1;
	if (x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	return strcmp(x->key, y->key);
}

/* Rows of the same key, which stand side by side, become one. */
static void
merge(struct raid_sums *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++) {
		if (n > 0 && strcmp(u->v[n - 1].key, u->v[i].key) == 0) {
			raid_sum_add(&u->v[n - 1], &u->v[i]);
			free(u->v[i].key);
		} else {
			u->v[n++] = u->v[i];
		}
	}
	u->n = n;
}

int
raid_report_usage(struct raid_db *db, const struct raid_calls *calls,
    enum raid_by by, struct raid_sums *out, struct raid_err *err)
{
	*out = (struct raid_sums){ 0 };
	out->v = raid_calloc(calls->n + 1, sizeof(*out->v));
	for (size_t i = 0; i < calls->n; i++) {
		struct raid_sum u = usage_of(&calls->v[i]);

		u.key = key_of(db, &calls->v[i], by, err);
		if (u.key == NULL)
			return -1;
		out->v[out->n++] = u;
	}
	qsort(out->v, out->n, sizeof(*out->v), by_key);
	merge(out);
	if (by != RAID_BY_DAY)
		qsort(out->v, out->n, sizeof(*out->v), by_cost);
	return 0;
}

void
raid_sums_free(struct raid_sums *u)
{
	for (size_t i = 0; i < u->n; i++)
		free(u->v[i].key);
	free(u->v);
	*u = (struct raid_sums){ 0 };
}
