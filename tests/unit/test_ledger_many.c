/* SPDX-License-Identifier: ISC */
/*
 * Many processes at one ledger: nothing is granted over a limit, one alone
 * probes, nobody is locked out; killed at any moment, and on a full disk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/path.h"
#include "journal/ledger.h"

#define MANY 32

static char *top;

static int
begin(void **state)
{
	struct raid_err err;

	(void)state;
	top = raid_path_mktemp(&err);
	return top == NULL || chdir(top) == -1 ? -1 : 0;
}

static int
end(void **state)
{
	struct raid_err err;
	int r;

	(void)state;
	r = chdir("/") == -1 ? -1 : raid_path_remove(top, &err);
	free(top);
	return r;
}

static long long
number_in(const char *file, const char *sql)
{
	sqlite3 *s;
	sqlite3_stmt *st;
	long long n;

	assert_int_equal(sqlite3_open(file, &s), SQLITE_OK);
	sqlite3_busy_timeout(s, 10000);
	assert_int_equal(sqlite3_prepare_v2(s, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(s);
	return n;
}

static long long
number(const char *sql)
{
	return number_in("l.db", sql);
}

static struct raid_ledger_ask
ask(const char *name)
{
	return (struct raid_ledger_ask){ .who = { "openai", "http://x", "m",
		name } };
}

/* The gate that all processes stand at until it is opened, and where they
 * say how often they were let go. */
static int gate[2], said[2];

static void
open_gate(void)
{
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(said), 0);
}

static void
pass_gate(void)
{
	char c;

	close(gate[1]);
	(void)!read(gate[0], &c, 1);
}

static void
say(int n)
{
	_exit(write(said[1], &n, sizeof(n)) == sizeof(n) ? 0 : 9);
}

/* Let them all go at once; the sum of what they say. */
static int
sum_of_all(const pid_t *pids)
{
	int sum = 0, n, status;

	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
		assert_int_equal(read(said[0], &n, sizeof(n)), sizeof(n));
		sum += n;
	}
	close(said[0]);
	close(said[1]);
	return sum;
}

/* Ask as long as it is granted, and say how often. */
static void
greedy(const struct raid_ledger_ask *a, enum raid_ledger_word until)
{
	struct raid_ledger *l;
	struct raid_ledger_grant g;
	struct raid_err err;
	int n = 0;

	pass_gate();
	l = raid_ledger_open("l.db", RAID_DB_CREATE);
	for (;;) {
		if (raid_ledger_reserve(l, a, &g, &err) == -1) {
			fprintf(stderr, "# %s\n", err.msg);
			_exit(8);
		}
		if (g.word == until)
			break;
		if (g.word != RAID_LEDGER_GO)
			_exit(7);
		n++;
	}
	raid_ledger_close(l);
	say(n);
}

static int
all_greedy(const struct raid_ledger_ask *a, enum raid_ledger_word until)
{
	pid_t pids[MANY];

	open_gate();
	for (int i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			greedy(a, until);
	}
	return sum_of_all(pids);
}

/* Exactly as many as there is room for, from a ledger that is not there yet.
 * The clock stands, so that no minute ends meanwhile. */
static void
test_exact(void **state)
{
	struct raid_ledger_ask a = ask("cost");

	(void)state;
	setenv("RAID_NOW", "1795262400", 1);
	a.cost = 9000;
	a.limits.all_per_day = 5000000;
	assert_int_equal(all_greedy(&a, RAID_LEDGER_REFUSED), 555);
	a.who.name = "another";
	assert_int_equal(all_greedy(&a, RAID_LEDGER_REFUSED), 0);
	a = ask("requests");
	a.limits.requests_per_minute = 301;
	assert_int_equal(all_greedy(&a, RAID_LEDGER_WAIT), 301);
	a = ask("day");
	a.limits.requests_per_day = 299;
	assert_int_equal(all_greedy(&a, RAID_LEDGER_REFUSED), 299);
	a = ask("tokens");
	a.input = 7;
	a.output = 4;
	a.limits.tokens_per_minute = 2210;
	assert_int_equal(all_greedy(&a, RAID_LEDGER_WAIT), 200);
	unsetenv("RAID_NOW");
}

/* --- a life of its own in each process */

/* Reserve, and settle, release or forget it, for a while. */
static void
live(int seed, int rounds)
{
	struct raid_ledger *l;
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;
	unsigned x = (unsigned)seed;
	int r, n = 0;

	pass_gate();
	l = raid_ledger_open("l.db", RAID_DB_CREATE);
	a.limits.all_per_day = 100000;
	for (int i = 0; i < rounds; i++) {
		struct raid_ledger_end e = { .requests_left = -1,
			.tokens_left = -1, .health = RAID_HEALTH_WELL };

		x = x * 1103515245 + 12345;
		a.cost = 1000 + (x >> 16 & 8191);
		r = raid_ledger_reserve(l, &a, &g, &err);
		if (r == 0 && g.word == RAID_LEDGER_GO) {
			n++;
			e.cost = a.cost / (1 + (x >> 8 & 63));
			r = (x >> 20 & 7) == 0 ? raid_ledger_release(l, g.id,
			    &err) : (x >> 20 & 31) == 1 ? 0 :
			    raid_ledger_settle(l, g.id, &e, &err);
		}
		if (r == -1) {
			fprintf(stderr, "# %s\n", err.msg);
			_exit(8);
		}
	}
	raid_ledger_close(l);
	say(n);
}

/* Somebody who looks on all the time never sees more than the limit. */
static void
test_never_over(void **state)
{
	struct raid_ledger *l = raid_ledger_open("l.db", RAID_DB_CREATE);
	struct raid_ledger_list list;
	struct raid_err err;
	pid_t pids[MANY];
	double t;
	int n;

	(void)state;
	open_gate();
	for (int i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			live(i, 40);
	}
	t = raid_clock_mono();
	close(gate[1]);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(raid_ledger_list(l, &list, &err), 0);
		assert_true(list.cost <= 100000 && list.cost >= 0);
		assert_true(list.reserved <= list.cost);
		raid_ledger_list_free(&list);
		(void)usleep(1000);
	}
	n = sum_of_all(pids);
	t = raid_clock_mono() - t;
	print_message("# %d granted to %d processes in %.2f s\n", n, MANY, t);
	assert_true(n > 20);
	assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check "
	    "WHERE integrity_check <> 'ok'"), 0);
	/* Whoever forgot theirs is gone: it stays, as a guess. */
	assert_int_equal(raid_ledger_list(l, &list, &err), 0);
	assert_int_equal(list.reserved, 0);
	assert_int_equal(list.v[0].running, 0);
	assert_int_equal(list.guessed, number("SELECT ifnull(sum(est_cost), "
	    "0) FROM call WHERE open = 1"));
	assert_int_equal(list.v[0].requests, number("SELECT requests FROM "
	    "day"));
	raid_ledger_list_free(&list);
	raid_ledger_close(l);
}

/* --- one probe */

static void
probe(int hold)
{
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_ledger *l;
	struct raid_err err;
	char c;

	pass_gate();
	l = raid_ledger_open("l.db", RAID_DB_CREATE);
	if (raid_ledger_reserve(l, &a, &g, &err) == -1 ||
	    (g.word == RAID_LEDGER_GO) != g.probe ||
	    (g.word != RAID_LEDGER_GO && g.word != RAID_LEDGER_RESTS))
		_exit(8);
	if (g.probe) {
		/* Until all others have asked. */
		(void)!read(hold, &c, 1);
		if (raid_ledger_settle(l, g.id, &(struct raid_ledger_end){
		    .cost = -1, .health = RAID_HEALTH_FAILED, .reason = "r" },
		    &err) == -1)
			_exit(8);
	}
	raid_ledger_close(l);
	say(g.probe);
}

static void
test_one_probe(void **state)
{
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_ledger *l;
	struct raid_err err;
	char now[32];

	(void)state;
	setenv("RAID_NOW", "1795262400", 1);
	l = raid_ledger_open("l.db", RAID_DB_CREATE);
	assert_int_equal(raid_ledger_reserve(l, &a, &g, &err), 0);
	assert_int_equal(raid_ledger_settle(l, g.id, &(struct raid_ledger_end){
	    .health = RAID_HEALTH_FAILED }, &err), 0);
	for (int round = 1; round < 6; round++) {
		pid_t pids[MANY];
		int hold[2], status, ended = 0, sum = 0, n;

		(void)snprintf(now, sizeof(now), "%d", 1795262400 + 900 *
		    round);
		setenv("RAID_NOW", now, 1);
		open_gate();
		assert_int_equal(pipe(hold), 0);
		for (int i = 0; i < MANY; i++) {
			pids[i] = fork();
			if (pids[i] == 0) {
				close(hold[1]);
				probe(hold[0]);
			}
		}
		close(gate[1]);
		close(hold[0]);
		/* All but one end by themselves. */
		for (int i = 0; i < MANY; i++) {
			if (ended++ == MANY - 1)
				close(hold[1]);
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
			assert_int_equal(read(said[0], &n, sizeof(n)),
			    sizeof(n));
			sum += n;
		}
		assert_int_equal(sum, 1);
		assert_int_equal(number("SELECT failures FROM member"),
		    round + 1);
		close(gate[0]);
		close(said[0]);
		close(said[1]);
	}
	raid_ledger_close(l);
	unsetenv("RAID_NOW");
}

/* --- kill -9 */

/* Killed at any moment: the sums are those of the rows, and others go on. */
static void
test_killed(void **state)
{
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_ledger *l;
	struct raid_err err;
	long long granted = 0;
	int status;

	(void)state;
	for (int i = 0; i < 80; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			a.cost = 100;
			for (l = raid_ledger_open("l.db", RAID_DB_CREATE);;) {
				struct raid_ledger_end e = { .cost = 40 };

				if (raid_ledger_reserve(l, &a, &g, &err) == -1
				    || (g.id % 3 != 0 && raid_ledger_settle(l,
				    g.id, &e, &err) == -1)) {
					fprintf(stderr, "# %s\n", err.msg);
					_exit(1);
				}
			}
		}
		(void)usleep((useconds_t)(1000 + i * 700 % 23000));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		l = raid_ledger_open("l.db", RAID_DB_CREATE);
		assert_null(raid_ledger_trouble(l));
		a.cost = 7;
		assert_int_equal(raid_ledger_reserve(l, &a, &g, &err), 0);
		assert_int_equal(g.word, RAID_LEDGER_GO);
		assert_int_equal(raid_ledger_settle(l, g.id,
		    &(struct raid_ledger_end){ .cost = 0 }, &err), 0);
		raid_ledger_close(l);
		/* The newest is the one that was just settled. */
		assert_true(g.id > granted);
		granted = g.id;
	}
	print_message("# %lld calls\n", granted);
	assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check "
	    "WHERE integrity_check <> 'ok'"), 0);
	assert_int_equal(number("SELECT sum(requests) FROM day"), granted);
	/* Each call is 100 while it is open, else 40, or 7 and 0. */
	assert_int_equal(number("SELECT sum(cost) FROM day") - 100 *
	    number("SELECT count(*) FROM call WHERE open = 1") - 40 *
	    (granted - 80 - number("SELECT count(*) FROM call WHERE open = 1")),
	    0);
	assert_int_equal(number("SELECT sum(guessed) FROM day"), 100 *
	    number("SELECT count(*) FROM call WHERE open = 1"));
}

/* --- no room */

/* Reserve until there is no room; then what is free still goes on, and what
 * was granted is there.  Returns how many were granted, -1 for a mistake. */
static int
fill(const char *path)
{
	struct raid_ledger *l = raid_ledger_open(path, RAID_DB_CREATE);
	struct raid_ledger_ask a = ask("grok");
	struct raid_ledger_grant g;
	struct raid_err err;
	int n = 0;

	a.cost = 100;
	while (raid_ledger_reserve(l, &a, &g, &err) == 0)
		if (g.word != RAID_LEDGER_GO || g.id == 0 || ++n > 100000)
			return -1;
	fprintf(stderr, "# %s\n", err.msg);
	if (err.code != RAID_EIO || strstr(err.msg, "grok is not asked") ==
	    NULL || strstr(err.msg, path) == NULL)
		return -1;
	a.cost = 0;
	if (raid_ledger_reserve(l, &a, &g, &err) == -1 ||
	    g.word != RAID_LEDGER_GO || g.id != 0 || *g.why == '\0')
		return -1;
	raid_ledger_close(l);
	return n;
}

static void
test_file_limit(void **state)
{
	struct rlimit limit = { 300000, 300000 };
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		(void)signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) == -1)
			_exit(2);
		_exit(fill("l.db") > 10 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check "
	    "WHERE integrity_check <> 'ok'"), 0);
	assert_int_equal(number("SELECT sum(cost) FROM day"), 100 *
	    number("SELECT count(*) FROM call"));
}

/* A disk of half a megabyte, in a namespace of its own. */
static int
full_disk(void)
{
	int n;

	if ((unshare(CLONE_NEWNS) == -1 &&
	    unshare(CLONE_NEWNS | CLONE_NEWUSER) == -1) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("none", "small", "tmpfs", 0, "size=512k") == -1)
		return 77;
	n = fill("small/l.db");
	if (n <= 10)
		return 1;
	if (number_in("small/l.db", "SELECT sum(cost) = 100 * (SELECT "
	    "count(*) FROM call) FROM day") != 1 ||
	    number_in("small/l.db", "SELECT sum(requests) FROM day") != n)
		return 2;
	/* Read only. */
	if (mount("none", "small", NULL, MS_REMOUNT | MS_RDONLY, NULL) == -1)
		return 77;
	return fill("small/l.db") == 0 ? 0 : 3;
}

static void
test_full_disk(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(mkdir("small", 0700), 0);
	pid = fork();
	if (pid == 0)
		_exit(full_disk());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(test_exact), T(test_never_over), T(test_one_probe),
		T(test_killed), T(test_file_limit), T(test_full_disk)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
