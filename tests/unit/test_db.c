/* SPDX-License-Identifier: ISC */
/* The door to SQLite: versions, signals, errors, transactions of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/path.h"
#include "journal/db_priv.h"
#include "journal/post.h"
#include "journal/query.h"
#include "journal/schema.h"

static char *top;

static int
begin(void **state)
{
	struct raid_err err;
	struct raid_db *db;

	top = raid_path_mktemp(&err);
	if (top == NULL || chdir(top) == -1)
		return -1;
	setenv("RAID_NOW", "1000", 1);
	if (raid_db_open(&db, "j.db", RAID_DB_CREATE, &err) == -1)
		return -1;
	*state = db;
	return 0;
}

static int
end(void **state)
{
	struct raid_err err;
	int r;

	raid_db_close(*state);
	r = chdir("/") == -1 ? -1 : raid_path_remove(top, &err);
	free(top);
	return r;
}

static int
post(struct raid_db *db, const char *body)
{
	struct raid_draft d = { .author = "dev", .body = body,
		.body_len = strlen(body) };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;

	return raid_post_add(db, &d, tag, &err);
}

static long long
number(struct raid_db *db, const char *sql)
{
	struct raid_err err;
	struct raid_stmt *st = raid_db_query(db, &err, sql, "");
	long long n = raid_stmt_step(st, &err) == 1 ? raid_stmt_int(st, 0) : -1;

	raid_stmt_free(st);
	return n;
}

/* Statements on a file as they come, without raid's ideas. */
static void
raw(const char *file, const char *sql)
{
	sqlite3 *s;

	assert_int_equal(sqlite3_open(file, &s), SQLITE_OK);
	assert_int_equal(sqlite3_exec(s, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(s);
}

static int
is_held(int sig)
{
	sigset_t set;

	(void)sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, sig) == 1;
}

static void
test_signals(void **state)
{
	static const int all[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGINT, SIGTERM,
		SIGHUP };
	struct raid_db *db = *state, *other;
	struct raid_err err;
	sigset_t set;

	assert_int_equal(raid_db_begin(db, &err), 0);
	for (size_t i = 0; i < 6; i++)
		assert_true(is_held(all[i]));
	assert_false(is_held(SIGQUIT));
	/* A second journal, ended in the order of beginning. */
	assert_int_equal(raid_db_open(&other, "o.db", RAID_DB_CREATE, &err),
	    0);
	assert_int_equal(raid_db_begin(other, &err), 0);
	assert_int_equal(raid_db_commit(db, &err), 0);
	assert_true(is_held(SIGTSTP));
	raid_db_rollback(other);
	for (size_t i = 0; i < 6; i++)
		assert_false(is_held(all[i]));
	raid_db_rollback(other);
	/* Closed in a transaction; and a signal that was blocked stays so. */
	assert_int_equal(raid_db_begin(other, &err), 0);
	raid_db_close(other);
	assert_false(is_held(SIGTSTP));
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	assert_int_equal(post(db, "x"), 0);
	assert_true(is_held(SIGHUP));
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	assert_false(is_held(SIGHUP));
}

/* Write rows for some seconds in one transaction; 3 when it gave up. */
static void
write_long(int sig, int ignored)
{
	struct raid_db *db;
	struct raid_err err;
	double t = raid_clock_mono();

	/* Whoever runs the tests may ignore it: nohup(1). */
	(void)signal(sig, ignored ? SIG_IGN : SIG_DFL);
	if (raid_db_open(&db, "j.db", RAID_DB_WRITE, &err) == -1 ||
	    raid_db_begin(db, &err) == -1 || post(db, "lost") == -1)
		_exit(1);
	(void)raise(sig);
	while (raid_clock_mono() - t < (ignored ? 1.3 : 20))
		if (raid_db_run(db, &err, "INSERT INTO alias SELECT 1, "
		    "count(*), '', 1 FROM (WITH RECURSIVE c(x) AS (SELECT 1 "
		    "UNION ALL SELECT x + 1 FROM c LIMIT 50000) SELECT x "
		    "FROM c) WHERE true ON CONFLICT DO NOTHING", "") == -1) {
			if (err.code != RAID_ETEMP)
				_exit(2);
			raid_db_rollback(db);
			_exit(3);
		}
	raid_db_rollback(db);
	_exit(0);
}

/* ^C need not wait for the end of a long import; nohup is obeyed. */
static void
test_hurry(void **state)
{
	int status;
	pid_t pid;

	for (int ignored = 0; ignored < 2; ignored++) {
		pid = fork();
		if (pid == 0)
			write_long(SIGHUP, ignored);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (ignored)
			assert_int_equal(status, 0);
		else
			assert_true(WIFSIGNALED(status) &&
			    WTERMSIG(status) == SIGHUP);
		assert_int_equal(number(*state, "SELECT count(*) FROM post"),
		    0);
	}
}

/* Another one writes without the lock file: it is waited for. */
static void
test_busy(void **state)
{
	struct raid_db *db = *state;
	sqlite3 *s;
	pid_t pid;
	int fds[2], status;
	char c;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		if (sqlite3_open("j.db", &s) != SQLITE_OK || sqlite3_exec(s,
		    "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
		    write(fds[1], "x", 1) != 1)
			_exit(1);
		(void)usleep(300000);
		_exit(0);
	}
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_int_equal(post(db, "after the other"), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fds[0]);
	close(fds[1]);
}

/* A journal as the first version made it. */
static void
make_old(const char *extra)
{
	raw("j.db", "DROP TABLE imported; CREATE TABLE health(member TEXT);"
	    "ALTER TABLE call_end DROP COLUMN usage; PRAGMA user_version = 1");
	raw("j.db", extra);
}

static void
test_migration(void **state)
{
	struct raid_posts posts;
	struct raid_err err;
	struct raid_db *db;

	assert_int_equal(post(*state, "from of old"), 0);
	make_old("");
	/* A reader says how it is mended, and mends nothing. */
	assert_int_equal(raid_db_open(&db, "j.db", RAID_DB_READ, &err), -1);
	assert_int_equal(err.code, RAID_ECONFIG);
	assert_non_null(strstr(err.msg, "raid-init"));
	assert_int_equal(number(*state, "PRAGMA user_version"), 1);
	assert_int_equal(raid_db_open(&db, "j.db", RAID_DB_WRITE, &err), 0);
	assert_int_equal(number(db, "PRAGMA user_version"),
	    raid_schema_version(&raid_schema_journal));
	assert_int_equal(post(db, "and anew"), 0);
	assert_int_equal(raid_query_run(db, &(struct raid_query){ 0 }, &posts,
	    &err), 0);
	assert_int_equal(posts.n, 2);
	assert_string_equal(posts.v[0].body, "from of old");
	raid_posts_free(&posts);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema WHERE "
	    "name = 'health'"), 0);
	assert_int_equal(number(db, "SELECT count(usage) FROM call_end"), 0);
	assert_int_equal(raid_db_run(db, &err, "DELETE FROM imported", ""), 0);
	assert_int_equal(raid_db_run(db, &err, "INSERT INTO imported "
	    "VALUES (1, 1)", ""), 0);
	assert_int_equal(raid_db_run(db, &err, "DELETE FROM imported", ""),
	    -1);
	raid_db_close(db);
}

/* A migration that cannot be carried out leaves the old journal whole. */
static void
test_migration_fails(void **state)
{
	struct raid_err err;
	struct raid_db *db;

	assert_int_equal(post(*state, "from of old"), 0);
	make_old("CREATE VIEW imported AS SELECT 1 AS post");
	assert_int_equal(raid_db_open(&db, "j.db", RAID_DB_WRITE, &err), -1);
	assert_non_null(strstr(err.msg, "migration 1"));
	assert_int_equal(number(*state, "PRAGMA user_version"), 1);
	assert_int_equal(number(*state, "SELECT count(*) FROM sqlite_schema "
	    "WHERE type = 'table' AND name = 'imported'"), 0);
	assert_int_equal(number(*state, "SELECT count(*) FROM post"), 1);
	assert_false(is_held(SIGTSTP));
	raw("j.db", "DROP VIEW imported");
	assert_int_equal(raid_db_open(&db, "j.db", RAID_DB_WRITE, &err), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM post"), 1);
	raid_db_close(db);
}

/* Eight open an old journal at once: one migrates it, nobody fails. */
static void
test_migration_race(void **state)
{
	struct raid_err err;
	struct raid_db *db;
	int status;

	(void)state;
	make_old("");
	for (int i = 0; i < 8; i++)
		if (fork() == 0)
			_exit(raid_db_open(&db, "j.db", RAID_DB_WRITE, &err) ==
			    0 && post(db, "x") == 0 ? 0 : 1);
	for (int i = 0; i < 8; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(number(*state, "SELECT count(*) FROM post"), 8);
}

/* Sixteen make a journal at once, and none fails. */
static void
test_creation_race(void **state)
{
	struct raid_err err;
	struct raid_db *db;
	char name[32], c;
	int fds[2], status;

	(void)state;
	for (int round = 0; round < 10; round++) {
		(void)snprintf(name, sizeof(name), "new%d.db", round);
		assert_int_equal(pipe(fds), 0);
		for (int i = 0; i < 16; i++)
			if (fork() == 0) {
				close(fds[1]);
				(void)!read(fds[0], &c, 1);
				_exit(raid_db_open(&db, name, RAID_DB_CREATE,
				    &err) == 0 && post(db, "x") == 0 ? 0 : 1);
			}
		close(fds[0]);
		close(fds[1]);
		for (int i = 0; i < 16; i++) {
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		assert_int_equal(raid_db_open(&db, name, RAID_DB_READ, &err),
		    0);
		assert_int_equal(number(db, "SELECT count(*) FROM post"), 16);
		raid_db_close(db);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		T(test_signals), T(test_hurry), T(test_busy),
		T(test_migration), T(test_migration_fails),
		T(test_migration_race), T(test_creation_race)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
