/* SPDX-License-Identifier: ISC */
#include "journal/call.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alive.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/tokens.h"
#include "base/utf8.h"

int
raid_call_begin(struct raid_db *db, const struct raid_call_new *c,
    long long *id, struct raid_err *err)
{
	struct raid_tag t = { 0 };

	(void)raid_tag_parse(c->tag, strlen(c->tag), &t);
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (raid_db_run(db, err, "INSERT INTO call(post, member, model, ts, "
	    "pid, pid_start, est_input, est_output, est_cost) SELECT id, ?, ?, "
	    "?, ?, ?, ?, ?, ? FROM post WHERE ts = ? AND n = ?", "ttiiiiidii",
	    c->member, c->model, raid_clock_now(), (long long)getpid(),
	    raid_alive_since(getpid()), c->input, c->output,
	    c->cost > 0 ? (double)c->cost / RAID_MICRO : 0, t.ts, t.n) == -1) {
		raid_db_rollback(db);
		return -1;
	}
	*id = raid_db_last_id(db);
	return raid_db_commit(db, err);
}

int
raid_call_part(struct raid_db *db, long long id, const void *p, size_t len,
    struct raid_err *err)
{
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (raid_db_run(db, err, "INSERT INTO call_part SELECT ?1, "
	    "1 + ifnull(max(seq), 0), ?2 FROM call_part WHERE call = ?1", "ib",
	    id, p, len) == -1) {
		raid_db_rollback(db);
		return -1;
	}
	return raid_db_commit(db, err);
}

/* What is -1 here is NULL there. */
static int
insert_end(struct raid_db *db, long long id, const struct raid_call_end *e,
    const struct raid_tag *t, struct raid_err *err)
{
	static const struct raid_usage nothing = { -1, -1, -1, -1, -1, -1,
		-1 };
	const struct raid_usage *u = e->usage != NULL ? e->usage : &nothing;
	double cost = e->usage != NULL && e->cost >= 0 ?
	    (double)e->cost / RAID_MICRO : -1;

	return raid_db_run(db, err, "INSERT INTO call_end(call, ts, status, "
	    "answer, reason, input, cache_read, cache_write, cache_write_1h, "
	    "output, reasoning, cost, estimated, first_ms, total_ms, raw, "
	    "usage) VALUES (?, ?, ?, (SELECT id FROM post WHERE ts = ? AND "
	    "n = ?), ?, nullif(?, -1), nullif(?, -1), nullif(?, -1), "
	    "nullif(?, -1), nullif(?, -1), nullif(?, -1), nullif(?, -1.0), ?, "
	    "nullif(?, -1), ?, ?, ?)", "iitiitiiiiiidiiitt", id,
	    raid_clock_now(), e->status, t->ts, t->n, e->reason, u->input,
	    u->cache_read, u->cache_write, u->cache_write_1h, u->output,
	    u->reasoning, cost, (long long)(e->estimated != 0),
	    e->first > 0 ? (long long)(e->first * 1000) : -1LL,
	    (long long)(e->seconds * 1000), e->raw, e->raw_usage);
}

int
raid_call_end(struct raid_db *db, long long id, const struct raid_call_end *e,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_tag t = { 0 };

	*tag = '\0';
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (e->answer != NULL && raid_post_add(db, e->answer, tag, err) == -1)
		goto bad;
	(void)raid_tag_parse(tag, strlen(tag), &t);
	if (insert_end(db, id, e, &t, err) == -1 ||
	    /* The answer is a post now; its parts have done their duty. */
	    raid_db_run(db, err, "DELETE FROM call_part WHERE call = ?", "i",
	    id) == -1)
		goto bad;
	return raid_db_commit(db, err);
bad:
	raid_db_rollback(db);
	return -1;
}

int
raid_call_answered(struct raid_db *db, const char *tag, const char *member,
    char answer[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	char *who = raid_utf8_fold(member, strlen(member));
	int r;

	(void)raid_tag_parse(tag, strlen(tag), &t);
	st = raid_db_query(db, err, "SELECT a.ts, a.n FROM post a "
	    "JOIN call_end e ON e.answer = a.id "
	    "WHERE a.reply_ts = ? AND a.reply_n = ? AND a.who = ? AND "
	    "a.kind = 'reply' AND e.status = 'complete' "
	    "ORDER BY a.id DESC LIMIT 1", "iit", t.ts, t.n, who);
	r = raid_stmt_step(st, err);
	if (r == 1)
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 0),
		    raid_stmt_int(st, 1) }, answer);
	raid_stmt_free(st);
	free(who);
	return r;
}

int
raid_call_busy(struct raid_db *db, const char *tag, const char *member,
    struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	int r = 0, busy = 0;

	(void)raid_tag_parse(tag, strlen(tag), &t);
	st = raid_db_query(db, err, "SELECT c.pid, c.pid_start FROM call c "
	    "JOIN post p ON p.id = c.post WHERE p.ts = ? AND p.n = ? AND "
	    "c.member = ? AND c.pid <> ? AND NOT EXISTS "
	    "(SELECT 1 FROM call_end e WHERE e.call = c.id)", "iiti", t.ts,
	    t.n, member, (long long)getpid());
	while (!busy && (r = raid_stmt_step(st, err)) == 1)
		busy = raid_alive(raid_stmt_int(st, 0), raid_stmt_int(st, 1));
	raid_stmt_free(st);
	return busy ? 1 : r;
}

int
raid_call_cost(struct raid_db *db, const char *answer, double *cost,
    struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	int r;

	(void)raid_tag_parse(answer, strlen(answer), &t);
	st = raid_db_query(db, err, "SELECT ifnull(sum(e.cost), 0) FROM "
	    "call_end e JOIN post p ON p.id = e.answer "
	    "WHERE p.ts = ? AND p.n = ?", "ii", t.ts, t.n);
	r = raid_stmt_step(st, err);
	*cost = r == 1 ? raid_stmt_double(st, 0) : 0;
	raid_stmt_free(st);
	return r == -1 ? -1 : 0;
}

/* All parts of a call as one text; bytes that are not UTF-8 end it. */
static int
join_parts(struct raid_db *db, long long id, struct raid_buf *b,
    struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT text FROM call_part WHERE call = ? ORDER BY seq", "i", id);
	const void *p;
	size_t len;
	int r;

	raid_buf_init(b, RAID_BODY_MAX);
	while ((r = raid_stmt_step(st, err)) == 1) {
		p = raid_stmt_blob(st, 0, &len);
		raid_buf_add(b, p, len);
	}
	raid_stmt_free(st);
	b->len = raid_utf8_check(b->p, b->len);
	b->p[b->len] = '\0';
	return r;
}

/* A call without an end, and the estimate that it was reserved with. */
struct lost {
	long long id, cost;
	char *member;
	struct raid_usage usage;
};

static void
read_lost(struct raid_stmt *st, struct lost *l)
{
	*l = (struct lost){ .id = raid_stmt_int(st, 0),
		.cost = llround(raid_stmt_double(st, 6) * RAID_MICRO),
		.member = raid_strdup(raid_stmt_text(st, 1)),
		.usage = { .input = raid_stmt_int(st, 4), .cache_read = -1,
		.cache_write = -1, .cache_write_1h = -1,
		.output = raid_stmt_int(st, 5), .reasoning = -1,
		.cost = -1 } };
}

static int
recover_one(struct raid_db *db, const struct lost *l, const char *tag,
    struct raid_err *err)
{
	struct raid_call_end e = { .status = "interrupted",
		.reason = "its process is gone", .cost = l->cost };
	struct raid_draft d = { .author = l->member, .kind = "reply",
		.status = "interrupted", .reply_to = tag };
	char answer[RAID_TAG_SIZE];
	struct raid_err ignored;
	struct raid_buf b;
	int r;

	if (l->usage.input > 0 || l->usage.output > 0 || l->cost > 0) {
		e.usage = &l->usage;
		e.estimated = 1;
	}
	r = join_parts(db, l->id, &b, err);
	d.body = raid_buf_str(&b);
	d.body_len = b.len;
	if (raid_post_check(d.body, d.body_len, &ignored) == 0)
		e.answer = &d;
	if (r == 0)
		r = raid_call_end(db, l->id, &e, answer, err);
	raid_buf_free(&b);
	return r;
}

static int
recover_all(struct raid_db *db, const char *tag, struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	int r, n = 0;

	(void)raid_tag_parse(tag, strlen(tag), &t);
	st = raid_db_query(db, err, "SELECT c.id, c.member, c.pid, "
	    "c.pid_start, c.est_input, c.est_output, c.est_cost "
	    "FROM call c JOIN post p ON p.id = c.post WHERE p.ts = ? AND "
	    "p.n = ? AND NOT EXISTS (SELECT 1 FROM call_end WHERE call = c.id)",
	    "ii", t.ts, t.n);
	while ((r = raid_stmt_step(st, err)) == 1) {
		struct lost l;

		if (raid_alive(raid_stmt_int(st, 2), raid_stmt_int(st, 3)))
			continue;
		read_lost(st, &l);
		r = recover_one(db, &l, tag, err);
		free(l.member);
		if (r == -1)
			break;
		n++;
	}
	raid_stmt_free(st);
	return r == -1 ? -1 : n;
}

/* All within one transaction: another process may be at it, too. */
int
raid_call_recover(struct raid_db *db, const char *tag, struct raid_err *err)
{
	int n;

	if (raid_db_begin(db, err) == -1)
		return -1;
	n = recover_all(db, tag, err);
	if (n == -1)
		raid_db_rollback(db);
	else if (raid_db_commit(db, err) == -1)
		n = -1;
	return n;
}

static int
count_tokens(struct raid_db *db, long long id, size_t *n, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT text FROM call_part WHERE call = ?", "i", id);
	const void *p;
	size_t len;
	int r;

	*n = 0;
	while ((r = raid_stmt_step(st, err)) == 1) {
		p = raid_stmt_blob(st, 0, &len);
		*n += raid_tokens(p, len);
	}
	raid_stmt_free(st);
	return r;
}

int
raid_call_live(struct raid_db *db, struct raid_lives *out,
    struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err, "SELECT c.id, c.member, "
	    "c.pid, c.pid_start FROM (SELECT * FROM call ORDER BY id DESC "
	    "LIMIT 200) c WHERE NOT EXISTS (SELECT 1 FROM call_end WHERE "
	    "call = c.id) ORDER BY c.id", "");
	struct raid_live *l;
	int r;

	*out = (struct raid_lives){ 0 };
	while ((r = raid_stmt_step(st, err)) == 1) {
		if (!raid_alive(raid_stmt_int(st, 2), raid_stmt_int(st, 3)))
			continue;
		out->v = raid_grow(out->v, &out->cap, out->n + 1,
		    sizeof(*out->v));
		l = &out->v[out->n++];
		l->member = raid_strdup(raid_stmt_text(st, 1));
		r = count_tokens(db, raid_stmt_int(st, 0), &l->tokens, err);
		if (r == -1)
			break;
	}
	raid_stmt_free(st);
	return r;
}

void
raid_lives_free(struct raid_lives *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].member);
	free(l->v);
	*l = (struct raid_lives){ 0 };
}
