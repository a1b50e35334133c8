/* SPDX-License-Identifier: ISC */
/* The ledger by itself; what many processes do to it is in
 * test_ledger_many.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/path.h"
#include "journal/ledger.h"

#define NOON 1795262400LL	/* 2026-11-21 12:00 UTC */

static char *top;

static void
now_is(long long t)
{
	char s[32];

	(void)snprintf(s, sizeof(s), "%lld", t);
	setenv("RAID_NOW", s, 1);
}

static int
begin(void **state)
{
	struct raid_err err;

	top = raid_path_mktemp(&err);
	if (top == NULL || chdir(top) == -1)
		return -1;
	setenv("TZ", "UTC", 1);
	now_is(NOON);
	*state = raid_ledger_open("l.db", RAID_DB_CREATE);
	return raid_ledger_trouble(*state) != NULL ? -1 : 0;
}

static int
end(void **state)
{
	struct raid_err err;
	int r;

	raid_ledger_close(*state);
	r = chdir("/") == -1 ? -1 : raid_path_remove(top, &err);
	free(top);
	return r;
}

static void
raw(const char *sql)
{
	sqlite3 *s;

	assert_int_equal(sqlite3_open("l.db", &s), SQLITE_OK);
	assert_int_equal(sqlite3_exec(s, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(s);
}

static long long
number(const char *sql)
{
	sqlite3 *s;
	sqlite3_stmt *st;
	long long n;

	assert_int_equal(sqlite3_open("l.db", &s), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(s, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(s);
	return n;
}

static struct raid_ledger_ask
ask(const char *name)
{
	return (struct raid_ledger_ask){ .who = { "openai",
		"https://api.x.ai/v1", "grok-4", name } };
}

static enum raid_ledger_word
reserve(struct raid_ledger *l, const struct raid_ledger_ask *a,
    struct raid_ledger_grant *g)
{
	struct raid_err err;

	if (raid_ledger_reserve(l, a, g, &err) == -1)
		fail_msg("%s", err.msg);
	return g->word;
}

static void
settle(struct raid_ledger *l, long long id, const struct raid_ledger_end *e)
{
	struct raid_err err;

	if (raid_ledger_settle(l, id, e, &err) == -1)
		fail_msg("%s", err.msg);
}

/* What a call says that ends so. */
static struct raid_ledger_end
over(enum raid_health h, const char *reason)
{
	return (struct raid_ledger_end){ .health = h, .reason = reason,
		.requests_left = -1, .tokens_left = -1 };
}

/* One call of name that ends so; 0 if it is not made. */
static int
call(struct raid_ledger *l, const char *name, enum raid_health h)
{
	struct raid_ledger_end e = over(h, "HTTP 503");
	struct raid_ledger_ask a = ask(name);
	struct raid_ledger_grant g;

	if (reserve(l, &a, &g) != RAID_LEDGER_GO)
		return 0;
	settle(l, g.id, &e);
	return 1;
}

static struct raid_ledger_row
row(struct raid_ledger *l, const char *name)
{
	struct raid_ledger_ask a = ask(name);
	const struct raid_ledger_row *found;
	struct raid_ledger_row r = { 0 };
	struct raid_ledger_list list;
	struct raid_err err;

	assert_int_equal(raid_ledger_list(l, &list, &err), 0);
	found = raid_ledger_find(&list, &a.who);
	if (found != NULL)
		r = *found;
	r.name = r.provider = r.model = r.reason = NULL;
	raid_ledger_list_free(&list);
	return r;
}

static void
test_file(void **state)
{
	struct raid_ledger *l;
	struct stat st;

	(void)state;
	setenv("XDG_STATE_HOME", top, 1);
	l = raid_ledger_open(NULL, RAID_DB_READ);
	assert_int_equal(raid_ledger_trouble(l)->code, RAID_ENOINPUT);
	raid_ledger_close(l);
	l = raid_ledger_open(NULL, RAID_DB_CREATE);
	assert_null(raid_ledger_trouble(l));
	assert_int_equal(call(l, "a", RAID_HEALTH_WELL), 1);
	assert_int_equal(stat("raid", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat("raid/ledger.db", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat("raid/ledger.db-wal", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	raid_ledger_close(l);
	unsetenv("XDG_STATE_HOME");
}

static void
test_key(void **state)
{
	static const struct raid_ledger_who v[] = {
		{ "openai", "http://a", "m", "x" },
		{ "anthropic", "http://a", "m", "x" },
		{ "openai", "http://b", "m", "x" },
		{ "openai", "http://a", "n", "x" },
		{ "openai", "http://a", "m", "y" },
		{ "openai", "http://am", "", "x" }
	}, same = { "openai", "http://a", "m", "X" };
	char a[RAID_HASH_SIZE], b[RAID_HASH_SIZE];

	(void)state;
	raid_ledger_key(&v[0], a);
	raid_ledger_key(&same, b);
	assert_string_equal(a, b);
	for (size_t i = 1; i < sizeof(v) / sizeof(v[0]); i++) {
		raid_ledger_key(&v[i], b);
		assert_string_not_equal(a, b);
	}
}

/* --- health */

static void
test_rest(void **state)
{
	static const long long want[] = { 30, 60, 120, 240, 480, 900, 900 };

	(void)state;
	for (int i = 0; i < 7; i++)
		assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, i + 1,
		    0), want[i] * 1000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED,
	    9000000000000000000, 0), 900000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, 0, 0), 30000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_QUOTA, 9, 0), 3600000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_KEY, 9, 0), 600000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_WELL, 9, 60), 0);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_NOTHING, 9, 60), 0);
	/* The vendor may ask for more, but not for a day. */
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, 1, 45.5),
	    45500);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, 1, 5), 30000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, 1, 1e300),
	    3600000);
	assert_int_equal(raid_ledger_rest(RAID_HEALTH_FAILED, 1, NAN), 30000);
}

/* Each failure is found by the probe after the rest before it. */
static void
test_failures(void **state)
{
	static const long long spans[] = { 30, 60, 120, 240, 480, 900, 900 };
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	long long t = NOON;

	assert_int_equal(call(l, "grok", RAID_HEALTH_WELL), 1);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(call(l, "grok", RAID_HEALTH_FAILED), 1);
		assert_int_equal(row(l, "grok").failures, i + 1);
		assert_int_equal(row(l, "grok").since, NOON);
		assert_int_equal(row(l, "grok").state, RAID_STATE_RESTS);
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
		assert_true(g.wait == (double)spans[i]);
		assert_int_equal(g.id, 0);
		now_is(t + spans[i] - 1);
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
		assert_true(g.wait == 1);
		/* Another one is not touched by it. */
		assert_int_equal(call(l, "other", RAID_HEALTH_WELL), 1);
		t += spans[i];
		now_is(t);
		assert_int_equal(row(l, "grok").state, RAID_STATE_DUE);
	}
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(g.probe, 1);
	settle(l, g.id, &(struct raid_ledger_end){ .cost = -1,
	    .health = RAID_HEALTH_WELL });
	assert_int_equal(row(l, "grok").state, RAID_STATE_WELL);
	assert_int_equal(row(l, "grok").failures, 0);
	/* And then from the beginning. */
	assert_int_equal(call(l, "grok", RAID_HEALTH_FAILED), 1);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
	assert_true(g.wait == 30);
	assert_string_equal(g.why, "grok: it rests for 30 s more (1 failure "
	    "in a row): HTTP 503");
	/* A person may ask all the same. */
	a.anyway = 1;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	settle(l, g.id, &(struct raid_ledger_end){
	    .health = RAID_HEALTH_WELL });
	assert_int_equal(row(l, "grok").state, RAID_STATE_WELL);
}

/* Who finds out, and what happens when it does not. */
static void
test_probe(void **state)
{
	struct raid_ledger_end nothing = over(RAID_HEALTH_NOTHING, NULL);
	struct raid_ledger_end well = over(RAID_HEALTH_WELL, NULL);
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g, h;
	struct raid_err err;
	int status, fds[2];
	pid_t pid;
	char c;

	assert_int_equal(call(l, "grok", RAID_HEALTH_FAILED), 1);
	now_is(NOON + 30);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
		assert_int_equal(g.probe, 1);
		assert_int_equal(reserve(l, &a, &h), RAID_LEDGER_RESTS);
		assert_true(h.wait == 0);
		assert_string_equal(h.why, "grok: another call finds out just "
		    "now whether it answers again: HTTP 503");
		assert_int_equal(row(l, "grok").state, RAID_STATE_PROBED);
		/* It did not come to an answer: the next one finds out. */
		if (i == 0)
			settle(l, g.id, &nothing);
		else if (i == 1)
			assert_int_equal(raid_ledger_release(l, g.id, &err), 0);
	}
	settle(l, g.id, &well);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(g.probe, 0);
	settle(l, g.id, &well);

	/* The process that was to find out is killed. */
	assert_int_equal(call(l, "grok", RAID_HEALTH_FAILED), 1);
	now_is(NOON + 60);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct raid_ledger *own = raid_ledger_open("l.db",
		    RAID_DB_CREATE);

		if (reserve(own, &a, &g) != RAID_LEDGER_GO || !g.probe ||
		    write(fds[1], "x", 1) != 1)
			_exit(1);
		(void)pause();
		_exit(1);
	}
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(row(l, "grok").state, RAID_STATE_DUE);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(g.probe, 1);
	settle(l, g.id, &well);
	close(fds[0]);
	close(fds[1]);
}

/* Ten calls that run at once and fail are one failure; one of them that goes
 * well makes the member well, but does not fill the account. */
static void
test_together(void **state)
{
	struct raid_ledger_end failed = over(RAID_HEALTH_FAILED, "HTTP 529");
	struct raid_ledger_end quota = over(RAID_HEALTH_QUOTA, "no balance");
	struct raid_ledger_end well = over(RAID_HEALTH_WELL, NULL);
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g[10];

	for (int i = 0; i < 10; i++)
		assert_int_equal(reserve(l, &a, &g[i]), RAID_LEDGER_GO);
	now_is(NOON + 5);
	for (int i = 0; i < 5; i++)
		settle(l, g[i].id, &failed);
	assert_int_equal(row(l, "grok").failures, 1);
	assert_true(row(l, "grok").rest == 30);
	settle(l, g[5].id, &well);
	assert_int_equal(row(l, "grok").state, RAID_STATE_WELL);
	settle(l, g[6].id, &failed);
	now_is(NOON + 10);
	settle(l, g[7].id, &quota);
	assert_int_equal(row(l, "grok").health, RAID_HEALTH_QUOTA);
	assert_true(row(l, "grok").rest == 3600);
	settle(l, g[8].id, &well);
	settle(l, g[9].id, &failed);
	assert_int_equal(row(l, "grok").health, RAID_HEALTH_QUOTA);
	assert_true(row(l, "grok").rest == 3600);
	now_is(NOON + 3610);
	assert_int_equal(call(l, "grok", RAID_HEALTH_WELL), 1);
	assert_int_equal(row(l, "grok").state, RAID_STATE_WELL);
	assert_int_equal(call(l, "grok", RAID_HEALTH_KEY), 1);
	assert_true(row(l, "grok").rest == 600);
}

/* No clock makes a rest longer than it is. */
static void
test_clock(void **state)
{
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;

	/* The system starts again with a clock that is an hour behind. */
	assert_int_equal(call(l, "grok", RAID_HEALTH_QUOTA), 1);
	now_is(NOON - 3600);
	raw("UPDATE clock SET boot = 'another'");
	assert_int_equal(row(l, "grok").state, RAID_STATE_DUE);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(g.probe, 1);
	settle(l, g.id, &(struct raid_ledger_end){
	    .health = RAID_HEALTH_WELL });
	/* Calls that seem to be of the future are not of the last minute. */
	a.limits.requests_per_minute = 2;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 60);

	/* Real clocks: the one of day steps while the other runs on. */
	unsetenv("RAID_NOW");
	a = ask("claude");
	assert_int_equal(call(l, "claude", RAID_HEALTH_FAILED), 1);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
	assert_true(g.wait > 28 && g.wait <= 30);
	/* As if the clock had been an hour ahead until now, and behind. */
	for (int i = -1; i <= 1; i += 2) {
		raw(i < 0 ? "UPDATE clock SET ahead = ahead - 3600000;"
		    "UPDATE member SET at = at - 3600000, first = first - "
		    "3600000" :
		    "UPDATE clock SET ahead = ahead + 7200000;"
		    "UPDATE member SET at = at + 7200000, first = first + "
		    "7200000");
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
		assert_true(g.wait > 25 && g.wait <= 30);
		assert_true(row(l, "claude").since >= raid_clock_now() - 5);
	}
	/* After a start of the system the clock of day says how long ago it
	 * was. */
	raw("UPDATE clock SET ahead = ahead - 3600000, boot = 'another';"
	    "UPDATE member SET at = at - 3600000");
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
	raw("UPDATE clock SET boot = 'another';"
	    "UPDATE member SET at = at - 20000");
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_RESTS);
	assert_true(g.wait > 5 && g.wait <= 10);
	raw("UPDATE clock SET boot = 'another';"
	    "UPDATE member SET at = at - 20000");
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
}

/* --- limits */

static void
test_requests(void **state)
{
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;

	a.limits.requests_per_minute = 3;
	a.limits.requests_per_day = 5;
	for (int i = 0; i < 3; i++) {
		now_is(NOON + 10 * i);
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	}
	now_is(NOON + 25);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_int_equal(g.limit, RAID_LIMIT_REQUESTS_PER_MINUTE);
	assert_true(g.wait == 35);
	assert_string_equal(g.why,
	    "grok: 3 requests a minute: the next in 35 s");
	now_is(NOON + 59);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	/* A lower limit waits for more of them to grow old. */
	a.limits.requests_per_minute = 1;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 21);
	a.limits.requests_per_minute = 3;
	now_is(NOON + 60);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 10);
	/* One that was never sent counts nowhere. */
	now_is(NOON + 70);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(raid_ledger_release(l, g.id, &err), 0);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	now_is(NOON + 600);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_REQUESTS_PER_DAY);
	assert_true(g.wait == 43200 - 600);
	assert_string_equal(g.why, "grok: 5 requests a day: all of them are "
	    "used up until midnight");
	assert_int_equal(row(l, "grok").requests, 5);
	/* Of this member alone; and there is a next day. */
	a.who.name = "claude";
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	a.who.name = "grok";
	now_is(NOON + 43199);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_true(g.wait == 1);
	now_is(NOON + 43200);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(row(l, "grok").requests, 1);
}

static void
test_tokens(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_WELL, NULL);
	struct raid_usage u = { 100, 20, 30, 30, 50, 50, -1 };
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g, first;

	a.limits.tokens_per_minute = 1000;
	a.input = 100;
	a.output = 400;
	assert_int_equal(reserve(l, &a, &first), RAID_LEDGER_GO);
	now_is(NOON + 10);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_int_equal(g.limit, RAID_LIMIT_TOKENS_PER_MINUTE);
	assert_true(g.wait == 50);
	assert_string_equal(g.why, "grok: 1000 tokens a minute: 1000 are "
	    "taken, this call could take 500; the next in 50 s");
	/* It took less than it might have: 200 of 500. */
	e.usage = &u;
	settle(l, first.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_int_equal(row(l, "grok").minute_tokens, 700);
	a.output = 200;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	now_is(NOON + 60);
	a.output = 100;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* More than the minute has: waiting is of no use. */
	a.output = 901;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_TOKENS_PER_MINUTE);
	assert_string_equal(g.why, "grok: 1000 tokens a minute: this call "
	    "alone could take 1001");
	a.output = 900;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 60);
	now_is(NOON + 120);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
}

static void
test_cost(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_WELL, NULL);
	struct raid_usage u = { 1, 0, 0, 0, 1, 0, -1 };
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g, last = { 0 };
	struct raid_err err;

	a.limits.cost_per_call = 500000;
	a.limits.all_per_day = 5000000;
	a.limits.cost_per_day = 3000000;
	a.cost = 500001;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_COST_PER_CALL);
	assert_string_equal(g.why, "grok: 0.50 USD a call: this one could cost "
	    "0.5001");
	a.cost = 500000;
	for (int i = 0; i < 6; i++)
		assert_int_equal(reserve(l, &a, &last), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_COST_PER_DAY);
	assert_string_equal(g.why, "grok: 3.00 USD a day of its own: 3.00 are "
	    "spent or reserved, this call could cost 0.50");
	assert_true(g.wait == 43200);
	a.who.name = "claude";
	for (int i = 0; i < 3; i++)
		assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* The last one was cheaper than it might have been. */
	e.usage = &u;
	e.cost = 470000;
	settle(l, last.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	a.cost = 90000;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_ALL_PER_DAY);
	assert_string_equal(g.why, "claude: 5.00 USD a day: 4.97 are spent or "
	    "reserved, this call could cost 0.09");
	a.cost = 30001;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	a.cost = 30000;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(raid_ledger_release(l, g.id, &err), 0);
	/* What costs nothing, and what has no price, is not held up. */
	a.cost = 1000000;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	a.cost = 0;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	a.cost = -1;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* A run has its own. */
	now_is(NOON + 86400);
	a.cost = 60000;
	a.limits.cost_per_run = 100000;
	a.run = 40001;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(g.limit, RAID_LIMIT_COST_PER_RUN);
	assert_string_equal(g.why, "claude: 0.10 USD a run: 0.0401 are spent "
	    "or reserved, this call could cost 0.06");
	a.run = 40000;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
}

/* Days are those of local time, also where one has 23 hours. */
static void
test_days(void **state)
{
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	a.limits.all_per_day = 100;
	a.cost = 100;
	now_is(1774738800);	/* 2026-03-29 00:00 CET, the clock steps at 2 */
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_true(g.wait == 23 * 3600);
	now_is(1774738799);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	now_is(1774738800 + 23 * 3600 - 1);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
	assert_int_equal(row(l, "grok").month, 200);
	now_is(1774738800 + 23 * 3600);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(row(l, "grok").cost, 100);
	now_is(1774738800 + 3 * 86400);	/* April */
	assert_int_equal(row(l, "grok").cost, 0);
	assert_int_equal(row(l, "grok").month, 0);
	setenv("TZ", "UTC", 1);
	tzset();
}

static void
test_vendor(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_WELL, NULL);
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;

	a.input = 100;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	e.requests_left = 2;
	e.requests_reset = 12.25;
	settle(l, g.id, &e);
	/* Two more, whose answers have not come yet. */
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_int_equal(g.limit, RAID_LIMIT_VENDOR);
	assert_true(g.wait == 12.25);
	assert_string_equal(g.why,
	    "grok: the vendor takes no request for 13 s");
	assert_true(row(l, "grok").vendor == 12.25);
	now_is(NOON + 12);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	now_is(NOON + 13);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* Tokens: fewer than this call has. */
	e = over(RAID_HEALTH_WELL, NULL);
	e.tokens_left = 150;
	e.tokens_reset = 60;
	settle(l, g.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_string_equal(g.why, "grok: the vendor takes 50 tokens more "
	    "until 60 s have passed, this call has 100");
	a.input = 50;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	a.input = 0;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	now_is(NOON + 73);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* Nothing left, but nobody says until when; and a rest that is none. */
	e = over(RAID_HEALTH_WELL, NULL);
	e.requests_left = 0;
	settle(l, g.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	/* "Come back in 7 s" holds for all, and a day at most. */
	e = over(RAID_HEALTH_NOTHING, NULL);
	e.retry_after = 7;
	settle(l, g.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 7);
	now_is(NOON + 80);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	e.requests_left = 0;
	e.requests_reset = 1e18;
	settle(l, g.id, &e);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	assert_true(g.wait == 86400);
}

/* --- what was reserved, and what it came to */

/* A process that ends with two reservations. */
static void
leave(const struct raid_ledger_ask *a)
{
	struct raid_ledger_grant g;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct raid_ledger *l = raid_ledger_open("l.db",
		    RAID_DB_CREATE);

		_exit(reserve(l, a, &g) != RAID_LEDGER_GO ||
		    reserve(l, a, &g) != RAID_LEDGER_GO);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_dead(void **state)
{
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;
	long long last = 0;

	a.limits.requests_per_minute = 2;
	a.limits.all_per_day = 350;
	a.cost = 100;
	a.input = 10;
	leave(&a);
	assert_int_equal(row(l, "grok").running, 0);
	assert_int_equal(row(l, "grok").reserved, 0);
	assert_int_equal(row(l, "grok").cost, 200);
	assert_int_equal(row(l, "grok").guessed, 200);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_WAIT);
	now_is(NOON + 60);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(row(l, "grok").running, 1);
	assert_int_equal(row(l, "grok").reserved, 100);
	/* For ever: also when its row has been swept away. */
	assert_int_equal(raid_ledger_release(l, g.id, &err), 0);
	assert_int_equal(raid_ledger_release(l, g.id, &err), -1);
	assert_int_equal(err.code, RAID_EBUG);
	for (int i = 0; i < 200; i++) {
		struct raid_ledger_ask b = ask("other");

		now_is(NOON + 4000 + i * 100);
		assert_int_equal(reserve(l, &b, &g), RAID_LEDGER_GO);
		assert_true(g.id > last);
		last = g.id;
		settle(l, g.id, &(struct raid_ledger_end){ .cost = 0 });
	}
	assert_true(number("SELECT count(*) FROM call") < 130);
	assert_int_equal(number("SELECT count(*) FROM call WHERE open = 1"),
	    0);
	assert_int_equal(row(l, "grok").cost, 200);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_REFUSED);
}

/* The reservation of another process, or of before: not ours to settle. */
static void
test_foreign(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_WELL, NULL);
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_err err;

	leave(&a);
	assert_int_equal(raid_ledger_settle(l, 1, &e, &err), -1);
	assert_int_equal(raid_ledger_release(l, 2, &err), -1);
	assert_int_equal(raid_ledger_settle(l, 99, &e, &err), -1);
	assert_int_equal(row(l, "grok").requests, 2);
}

/* What a random life of calls must leave behind, counted by hand. */
#define LIVE 12
static void
test_sums(void **state)
{
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;
	long long open[LIVE] = { 0 }, est[LIVE] = { 0 };
	long long cost = 0, guessed = 0, requests = 0, tokens = 0;
	unsigned seed = 7;

	a.limits.all_per_day = 20000000;
	for (int i = 0; i < 3000; i++) {
		int k = (int)(seed >> 16) % LIVE;

		seed = seed * 1103515245 + 12345;
		if (i % 50 == 0)
			now_is(NOON + i);
		if (open[k] == 0) {
			a.input = seed >> 20 & 1023;
			a.output = a.input / 2;
			a.cost = 3 * a.input;
			if (reserve(l, &a, &g) == RAID_LEDGER_REFUSED) {
				assert_true(cost + a.cost > 20000000);
				continue;
			}
			assert_true(cost + a.cost <= 20000000);
			open[k] = g.id;
			est[k] = a.input;
			cost += a.cost;
			guessed += a.cost;
			tokens += a.input + a.output;
			requests++;
			continue;
		}
		switch (seed >> 24 & 3) {
		case 0:
			assert_int_equal(raid_ledger_release(l, open[k],
			    &err), 0);
			requests--;
			cost -= 3 * est[k];
			guessed -= 3 * est[k];
			tokens -= est[k] + est[k] / 2;
			break;
		case 1: {	/* nobody knows */
			struct raid_ledger_end e = over(RAID_HEALTH_WELL, "");

			e.cost = -1;
			settle(l, open[k], &e);
			break;
		}
		default: {
			struct raid_usage u = { est[k] / 2, 3, 4, 1, 5, 2,
				-1 };
			struct raid_ledger_end e = over(RAID_HEALTH_WELL, "");

			e.usage = &u;
			e.cost = est[k] + 1;
			e.estimated = (int)(seed >> 24 & 1);
			settle(l, open[k], &e);
			cost += e.cost - 3 * est[k];
			guessed += (e.estimated ? e.cost : 0) - 3 * est[k];
			tokens += est[k] / 2 + 12 - est[k] - est[k] / 2;
		}
		}
		open[k] = 0;
	}
	assert_int_equal(row(l, "grok").cost, cost);
	assert_int_equal(row(l, "grok").guessed, guessed);
	assert_int_equal(row(l, "grok").requests, requests);
	assert_int_equal(row(l, "grok").tokens, tokens);
	assert_true(requests > 300);
}

/* A call over midnight stays with the day on which it was reserved. */
static void
test_midnight(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_WELL, NULL);
	struct raid_ledger *l = *state;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;

	now_is(NOON + 43199);
	a.cost = 1000;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	now_is(NOON + 43201);
	e.cost = 400;
	settle(l, g.id, &e);
	assert_int_equal(row(l, "grok").cost, 0);
	assert_int_equal(row(l, "grok").month, 400);
	now_is(NOON + 43199);
	assert_int_equal(row(l, "grok").cost, 400);
}

static void
test_list(void **state)
{
	struct raid_ledger_end e = over(RAID_HEALTH_FAILED,
	    "an answer of \xd1\x8f");
	struct raid_ledger *l = *state, *reader;
	struct raid_ledger_ask a = ask("grok"), none = ask("none");
	struct raid_ledger_list list;
	struct raid_ledger_grant g;
	struct raid_err err;
	char reason[401];

	assert_int_equal(raid_ledger_list(l, &list, &err), 0);
	assert_int_equal(list.n, 0);
	raid_ledger_list_free(&list);
	a.cost = 100;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	a.who.name = "anton";
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	e.cost = 70;
	settle(l, g.id, &e);
	reader = raid_ledger_open("l.db", RAID_DB_READ);
	assert_int_equal(raid_ledger_list(reader, &list, &err), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.v[0].name, "anton");
	assert_string_equal(list.v[0].reason, "an answer of \xd1\x8f");
	assert_string_equal(list.v[0].model, "grok-4");
	assert_string_equal(list.v[0].provider, "openai");
	assert_int_equal(list.v[0].state, RAID_STATE_RESTS);
	assert_int_equal(list.v[0].health, RAID_HEALTH_FAILED);
	assert_true(list.v[0].rest == 30);
	assert_int_equal(list.v[0].cost, 70);
	assert_int_equal(list.v[1].running, 1);
	assert_int_equal(list.v[1].minute, 1);
	assert_int_equal(list.v[1].reserved, 100);
	assert_int_equal(list.cost, 170);
	assert_int_equal(list.reserved, 100);
	assert_int_equal(list.guessed, 100);
	assert_int_equal(list.month, 170);
	assert_ptr_equal(raid_ledger_find(&list, &a.who), &list.v[0]);
	assert_null(raid_ledger_find(&list, &none.who));
	raid_ledger_list_free(&list);
	raid_ledger_close(reader);
	/* A long reason is cut between characters. */
	memset(reason, 'x', 199);
	memcpy(reason + 199, "\xd1\x8f\xd1\x8f", 5);
	now_is(NOON + 30);
	e.reason = reason;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	settle(l, g.id, &e);
	assert_int_equal(raid_ledger_list(l, &list, &err), 0);
	assert_int_equal(strlen(list.v[0].reason), 199);
	assert_int_equal(list.v[0].failures, 2);
	raid_ledger_list_free(&list);
	reader = raid_ledger_open("none.db", RAID_DB_READ);
	assert_int_equal(raid_ledger_list(reader, &list, &err), 0);
	assert_int_equal(list.n, 0);
	raid_ledger_list_free(&list);
	raid_ledger_close(reader);
}

/* --- without a ledger */

/* What may cost something is refused, what is free goes on. */
static void
check_without(struct raid_ledger *l, enum raid_code code, const char *why)
{
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;

	for (int cost = -1; cost < 2; cost += 2) {
		a.cost = cost;
		assert_int_equal(raid_ledger_reserve(l, &a, &g, &err), -1);
		assert_int_equal(err.code, code);
		if (strstr(err.msg, why) == NULL ||
		    strstr(err.msg, "grok is not asked") == NULL)
			fail_msg("%s", err.msg);
	}
	a.cost = 0;
	assert_int_equal(reserve(l, &a, &g), RAID_LEDGER_GO);
	assert_int_equal(g.id, 0);
	assert_non_null(strstr(g.why, why));
	assert_int_equal(raid_ledger_settle(l, g.id,
	    &(struct raid_ledger_end){ .cost = 5 }, &err), 0);
	assert_int_equal(raid_ledger_release(l, g.id, &err), 0);
}

static void
check_broken(const char *path, enum raid_db_mode mode, const char *why)
{
	struct raid_ledger *l = raid_ledger_open(path, mode);
	struct raid_ledger_list list;
	struct raid_err err;

	assert_non_null(raid_ledger_trouble(l));
	check_without(l, RAID_EIO, why);
	assert_int_equal(raid_ledger_list(l, &list, &err), -1);
	assert_non_null(strstr(err.msg, why));
	raid_ledger_list_free(&list);
	raid_ledger_close(l);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
test_broken(void **state)
{
	char *home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
	struct raid_db *db;
	struct raid_err err;

	(void)state;
	write_file("text.db", "this is a text, and no database at all");
	check_broken("text.db", RAID_DB_CREATE, "this is no ledger");
	assert_int_equal(raid_db_open(&db, "journal.db", RAID_DB_CREATE, &err),
	    0);
	raid_db_close(db);
	check_broken("journal.db", RAID_DB_CREATE, "this is no ledger");
	/* And a ledger is no journal. */
	assert_int_equal(raid_db_open(&db, "l.db", RAID_DB_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "this is no journal"));
	check_broken("text.db/x/l.db", RAID_DB_CREATE, "text.db");
	check_broken("/proc/l.db", RAID_DB_CREATE, "ledger /proc/l.db: ");
	unsetenv("HOME");
	check_broken(NULL, RAID_DB_CREATE, "set HOME");
	setenv("HOME", home, 1);
	free(home);
	raw("PRAGMA user_version = 99");
	check_broken("l.db", RAID_DB_CREATE, "newer raid");
}

/* It breaks while it is in use. */
static void
test_breaks(void **state)
{
	struct raid_ledger *l = *state;

	assert_int_equal(call(l, "grok", RAID_HEALTH_WELL), 1);
	raw("DROP TABLE day");
	check_without(l, RAID_EIO, "no such table");
	assert_int_equal(number("SELECT count(*) FROM call"), 1);
}

/* Somebody moves it away meanwhile: that is no reason to forget the costs. */
static void
test_moved(void **state)
{
	struct raid_ledger *l = *state;

	assert_int_equal(call(l, "grok", RAID_HEALTH_WELL), 1);
	assert_int_equal(rename("l.db", "was.db"), 0);
	write_file("l.db", "");
	check_without(l, RAID_ETEMP, "try again");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(test_file), T(test_key), T(test_rest), T(test_failures),
		T(test_probe), T(test_together), T(test_clock),
		T(test_requests), T(test_tokens), T(test_cost), T(test_days),
		T(test_vendor), T(test_dead), T(test_foreign), T(test_sums),
		T(test_midnight), T(test_list), T(test_broken),
		T(test_breaks), T(test_moved)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
