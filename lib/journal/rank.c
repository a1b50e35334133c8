/* SPDX-License-Identifier: ISC */
#include "journal/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "journal/numbers.h"
#include "journal/report.h"

double
raid_rank_lower(long long k, long long n)
{
	const double z = 1.96;
	double p, m = (double)n;

	if (n <= 0)
		return 0;
	p = (double)k / m;
	return (p + z * z / (2 * m) - z * sqrt((p * (1 - p) +
	    z * z / (4 * m)) / m)) / (1 + z * z / m);
}

static struct raid_rank *
entry(struct raid_ranks *r, const char *member)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].member, member) == 0)
			return &r->v[i];
	r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	r->v[r->n] = (struct raid_rank){ .member = raid_strdup(member),
		.seconds = -1 };
	return &r->v[r->n++];
}

/*
 * Each verdict with the author of its patch and the first post of its thread,
 * in the order in which they were given.
 */
static const char verdicts[] =
    "WITH RECURSIVE up(v, depth, id, ts, n) AS ("
    " SELECT v.id, 0, p.id, p.reply_ts, p.reply_n FROM verdict v"
    "  JOIN post p ON p.id = v.patch JOIN post o ON o.id = v.post"
    "  WHERE o.ts >= ?"
    " UNION ALL SELECT up.v, up.depth + 1, q.id, q.reply_ts, q.reply_n"
    "  FROM up JOIN post q ON q.ts = up.ts AND q.n = up.n"
    "  WHERE up.depth < 10000), "
    "root AS (SELECT v, id, max(depth) FROM up GROUP BY v) "
    "SELECT p.who, root.id, v.pass FROM verdict v JOIN root ON root.v = v.id "
    "JOIN post p ON p.id = v.patch ORDER BY v.id";

/* A task is a member in a thread; 2 stands for "passed", 1 for "did not". */
static int
add_verdicts(struct raid_db *db, long long since, struct raid_ranks *out,
    struct raid_err *err)
{
	struct raid_numbers tasks = { 0 };
	struct raid_stmt *st;
	int r;

	st = raid_db_query(db, err, verdicts, "i", since);
	while ((r = raid_stmt_step(st, err)) == 1) {
		struct raid_rank *e = entry(out, raid_stmt_text(st, 0));
		struct raid_key key = { { e - out->v, raid_stmt_int(st, 1) } };
		int pass = raid_stmt_int(st, 2) != 0;
		size_t was = 0;

		(void)raid_numbers_get(&tasks, key, &was);
		e->tasks += was == 0;
		e->first += was == 0 && pass;
		e->passed += was != 2 && pass;
		if (was != 2)
			raid_numbers_set(&tasks, key, pass ? 2 : 1);
	}
	raid_stmt_free(st);
	raid_numbers_free(&tasks);
	return r;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median time of the complete calls of a member. */
static double
median(const struct raid_calls *calls, const size_t *whose, size_t member)
{
	double *v = raid_calloc(calls->n + 1, sizeof(*v)), m = -1;
	size_t n = 0;

	for (size_t i = 0; i < calls->n; i++)
		if (whose[i] == member && calls->v[i].seconds >= 0 &&
		    strcmp(calls->v[i].status, "complete") == 0)
			v[n++] = calls->v[i].seconds;
	qsort(v, n, sizeof(*v), compare_doubles);
	if (n > 0)
		m = (v[(n - 1) / 2] + v[n / 2]) / 2;
	free(v);
	return m;
}

static int
add_calls(struct raid_db *db, long long since, struct raid_ranks *out,
    struct raid_err *err)
{
	const struct raid_report q = { .since = since };
	struct raid_calls calls;
	int r = raid_report_calls(db, &q, &calls, err);
	size_t *whose = raid_calloc(calls.n + 1, sizeof(*whose));

	for (size_t i = 0; r == 0 && i < calls.n; i++) {
		const struct raid_call *c = &calls.v[i];
		char *folded = raid_utf8_fold(c->member, strlen(c->member));
		struct raid_rank *e = entry(out, folded);

		whose[i] = (size_t)(e - out->v);
		e->calls += c->seconds >= 0;
		e->cost += c->cost > 0 ? c->cost : 0;
		e->estimated |= c->estimated || c->cost < 0;
		free(folded);
	}
	for (size_t i = 0; r == 0 && i < out->n; i++)
		out->v[i].seconds = median(&calls, whose, i);
	free(whose);
	raid_calls_free(&calls);
	return r;
}

static double
price(const struct raid_rank *r)
{
	return r->passed > 0 ? (double)r->cost / (double)r->passed : INFINITY;
}

static int
compare(const void *a, const void *b)
{
	const struct raid_rank *x = a, *y = b;
	double p = raid_rank_lower(x->first, x->tasks);
	double q = raid_rank_lower(y->first, y->tasks);

	if (p != q)
		return p < q ? 1 : -1;
	/* Without a verdict, those who were asked more often. */
	if (x->tasks == 0 && y->tasks == 0 && x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	if (price(x) != price(y))
		return price(x) > price(y) ? 1 : -1;
	if (x->seconds != y->seconds)
		return x->seconds > y->seconds ? 1 : -1;
	return strcmp(x->member, y->member);
}

int
raid_rank_make(struct raid_db *db, long long since, struct raid_ranks *out,
    struct raid_err *err)
{
	*out = (struct raid_ranks){ 0 };
	if (add_verdicts(db, since, out, err) == -1 ||
	    add_calls(db, since, out, err) == -1)
		return -1;
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), compare);
	return 0;
}

void
raid_ranks_free(struct raid_ranks *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].member);
	free(r->v);
	*r = (struct raid_ranks){ 0 };
}
