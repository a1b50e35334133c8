/* SPDX-License-Identifier: ISC */
#include "journal/ledger_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

#define SECOND 1000
#define HOUR (3600 * SECOND)
#define VENDOR_MOST (24 * HOUR)	/* that a vendor's word holds */

/* How long a member rests: at first, and at most. */
static const struct {
	long long first, most;
} rests[] = {
	[RAID_HEALTH_NOTHING] = { 0, 0 },
	[RAID_HEALTH_WELL] = { 0, 0 },
	[RAID_HEALTH_FAILED] = { 30 * SECOND, 900 * SECOND },
	[RAID_HEALTH_QUOTA] = { HOUR, HOUR },
	[RAID_HEALTH_KEY] = { 600 * SECOND, 600 * SECOND }
};

/* Seconds as milliseconds, from 0 to most; no number is 0. */
static long long
ms(double seconds, long long most)
{
	if (!(seconds > 0))
		return 0;
	return seconds * 1000 < (double)most ? (long long)ceil(seconds * 1000)
	    : most;
}

long long
raid_ledger_rest(enum raid_health h, long long failures, double retry_after)
{
	long long span = rests[h].first, asked = ms(retry_after, HOUR);

	if (span == 0)
		return 0;
	while (--failures > 0 && span < rests[h].most)
		span *= 2;
	if (span > rests[h].most)
		span = rests[h].most;
	return span > asked ? span : asked;
}

/* What is being settled. */
struct settle {
	struct raid_ledger *l;
	long long id, now;
	long long t, input, output, cost;	/* as reserved */
	char day[RAID_DAY_SIZE];
	struct raid_ledger_member m;
};

static int
find_call(struct settle *s, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(s->l->db, err, "SELECT c.t, "
	    "c.est_input, c.est_output, c.est_cost, c.day, "
	    RAID_LEDGER_COLUMNS " FROM call c JOIN member m ON m.id = c.member "
	    "WHERE c.id = ? AND c.open = 1 AND c.pid = ?", "ii", s->id,
	    (long long)getpid());
	int found = raid_stmt_step(st, err);

	if (found == 1) {
		s->t = raid_stmt_int(st, 0);
		s->input = raid_stmt_int(st, 1);
		s->output = raid_stmt_int(st, 2);
		s->cost = raid_stmt_int(st, 3);
		(void)snprintf(s->day, sizeof(s->day), "%s",
		    raid_stmt_text(st, 4));
		raid_ledger_read(st, 5, &s->m);
	}
	raid_stmt_free(st);
	if (found == 0)
		return raid_fail(err, RAID_EBUG, "ledger: call %lld is none "
		    "that this process has open", s->id);
	return found == 1 ? 0 : -1;
}

static long long
count(long long n)
{
	return n > 0 ? n : 0;
}

/* The day's sums: what was guessed goes, what is known comes. */
static int
settle_sums(struct settle *s, const struct raid_ledger_end *e,
    struct raid_err *err)
{
	const struct raid_usage *u = e->usage;
	long long cost = e->cost >= 0 ? e->cost : s->cost;
	long long guessed = e->cost < 0 || e->estimated ? cost : 0;
	long long tokens;

	if (raid_db_run(s->l->db, err, "UPDATE day SET cost = cost + ?, "
	    "guessed = guessed + ? WHERE day = ? AND member = ?", "iiti",
	    cost - s->cost, guessed - s->cost, s->day, s->m.id) == -1)
		return -1;
	if (u == NULL)
		return raid_db_run(s->l->db, err, "UPDATE call SET open = 0 "
		    "WHERE id = ?", "i", s->id);
	tokens = count(u->input) + count(u->cache_read) +
	    count(u->cache_write) + count(u->output);
	if (raid_db_run(s->l->db, err, "UPDATE day SET input = input + ?, "
	    "cache_read = cache_read + ?, cache_write = cache_write + ?, "
	    "cache_write_1h = cache_write_1h + ?, output = output + ?, "
	    "reasoning = reasoning + ? WHERE day = ? AND member = ?",
	    "iiiiiiti", count(u->input) - s->input, count(u->cache_read),
	    count(u->cache_write), count(u->cache_write_1h),
	    count(u->output) - s->output, count(u->reasoning), s->day,
	    s->m.id) == -1)
		return -1;
	return raid_db_run(s->l->db, err, "UPDATE call SET open = 0, "
	    "tokens = ? WHERE id = ?", "ii", tokens, s->id);
}

/*
 * Several calls that run at once and fail are one failure, not a row of them.
 * So one that began before the last failure was noted adds none; and when it
 * goes well the member is well, but the account may be empty all the same.
 */
static int
settle_health(struct settle *s, const struct raid_ledger_end *e,
    struct raid_err *err)
{
	const struct raid_ledger_member *m = &s->m;
	int early = m->failures > 0 && s->t <= m->at && m->at <= s->now;
	int graver = e->health > RAID_HEALTH_FAILED &&
	    m->health <= RAID_HEALTH_FAILED;
	long long failures = m->failures + !early;
	const char *why = e->reason != NULL ? e->reason : "";
	size_t n = strlen(why) < 200 ? strlen(why) : 200;

	switch (e->health) {
	case RAID_HEALTH_NOTHING:
		return 0;
	case RAID_HEALTH_WELL:
		if (m->failures == 0 ||
		    (early && m->health > RAID_HEALTH_FAILED))
			return 0;
		return raid_db_run(s->l->db, err, "UPDATE member SET "
		    "failures = 0, health = ?, reason = '', span = 0 WHERE "
		    "id = ?", "ii", (long long)RAID_HEALTH_WELL, m->id);
	default:
		if (early && !graver)
			return 0;
	}
	return raid_db_run(s->l->db, err, "UPDATE member SET failures = ?, "
	    "health = ?, reason = ?, first = ?, at = ?, span = ? WHERE id = ?",
	    "iisiiii", failures, (long long)e->health, why,
	    raid_utf8_check((const unsigned char *)why, n),
	    m->failures == 0 ? s->now : m->first, s->now,
	    raid_ledger_rest(e->health, failures, e->retry_after), m->id);
}

static int
settle_vendor(struct settle *s, const struct raid_ledger_end *e,
    struct raid_err *err)
{
	long long left = e->requests_left, span = ms(e->requests_reset,
	    VENDOR_MOST), later = ms(e->retry_after, VENDOR_MOST);

	/* "Come back in so many seconds" is for everybody. */
	if (later > 0 && (left != 0 || span < later)) {
		left = 0;
		span = later;
	}
	if (left >= 0 && span > 0 && raid_db_run(s->l->db, err,
	    "UPDATE member SET requests_left = ?, requests_at = ?, "
	    "requests_span = ? WHERE id = ?", "iiii", left, s->now, span,
	    s->m.id) == -1)
		return -1;
	span = ms(e->tokens_reset, VENDOR_MOST);
	if (e->tokens_left < 0 || span == 0)
		return 0;
	return raid_db_run(s->l->db, err, "UPDATE member SET tokens_left = ?, "
	    "tokens_at = ?, tokens_span = ? WHERE id = ?", "iiii",
	    e->tokens_left, s->now, span, s->m.id);
}

/* Its rest is over, and this call was to find out what comes now. */
static int
end_probe(struct settle *s, struct raid_err *err)
{
	return raid_db_run(s->l->db, err, "UPDATE member SET probe = 0 WHERE "
	    "id = ? AND probe = ?", "ii", s->m.id, s->id);
}

static int
finish(struct settle *s, int r, struct raid_err *err)
{
	if (r == 0 && end_probe(s, err) == 0)
		return raid_db_commit(s->l->db, err);
	raid_db_rollback(s->l->db);
	return -1;
}

int
raid_ledger_settle(struct raid_ledger *l, long long id,
    const struct raid_ledger_end *e, struct raid_err *err)
{
	struct settle s = { .l = l, .id = id };

	if (id == 0)
		return 0;
	if (raid_ledger_begin(l, &s.now, err) == -1)
		return -1;
	return finish(&s, find_call(&s, err) == -1 ||
	    settle_sums(&s, e, err) == -1 || settle_health(&s, e, err) == -1 ||
	    settle_vendor(&s, e, err) == -1, err);
}

static int
undo(struct settle *s, struct raid_err *err)
{
	if (raid_db_run(s->l->db, err, "UPDATE day SET requests = requests - "
	    "1, input = input - ?1, output = output - ?2, cost = cost - ?3, "
	    "guessed = guessed - ?3 WHERE day = ?4 AND member = ?5", "iiiti",
	    s->input, s->output, s->cost, s->day, s->m.id) == -1)
		return -1;
	return raid_db_run(s->l->db, err, "DELETE FROM call WHERE id = ?", "i",
	    s->id);
}

int
raid_ledger_release(struct raid_ledger *l, long long id, struct raid_err *err)
{
	struct settle s = { .l = l, .id = id };

	if (id == 0)
		return 0;
	if (raid_ledger_begin(l, &s.now, err) == -1)
		return -1;
	return finish(&s, find_call(&s, err) == -1 || undo(&s, err) == -1,
	    err);
}
