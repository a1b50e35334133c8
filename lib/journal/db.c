/* SPDX-License-Identifier: ISC */
#include "journal/db.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "journal/db_priv.h"

#define LOCK_WAIT 1.0			/* seconds */
#define WAL_KEEP (512 << 10)		/* bytes */

/* A number that a pragma gives; -1 when it fails. */
static long long
pragma(struct raid_db *db, const char *name, struct raid_err *err)
{
	char sql[64];
	struct raid_stmt *st;
	long long v = -1;

	(void)snprintf(sql, sizeof(sql), "PRAGMA %s", name);
	st = raid_db_query(db, err, sql, "");
	if (raid_stmt_step(st, err) == 1)
		v = raid_stmt_int(st, 0);
	raid_stmt_free(st);
	return v;
}

static int
stamp(struct raid_db *db, struct raid_err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d",
	    db->schema->id);
	if (raid_db_exec(db, sql, err) == -1)
		return -1;
	return raid_db_exec(db, db->schema->fresh, err);
}

/* A new one has no table yet: 0, else -1. */
static int
check_empty(struct raid_db *db, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT 1 FROM sqlite_schema LIMIT 1", "");
	int r = raid_stmt_step(st, err);

	raid_stmt_free(st);
	return r == 1 ? raid_db_foreign(db, err) : r;
}

/* Several make it at once: SQLite does not wait for this by itself. */
static int
switch_to_wal(struct raid_db *db, struct raid_err *err)
{
	double end = raid_clock_mono() + RAID_DB_BUSY_MS / 1000.0;

	while (raid_db_exec(db, "PRAGMA journal_mode=WAL", err) == -1) {
		if (err->code != RAID_ETEMP || raid_clock_mono() > end)
			return -1;
		raid_db_nap(2000000);
	}
	return 0;
}

/*
 * Make or migrate the tables, once, whoever comes first.  A database of
 * somebody else is left as it is: only a file without a page is turned to
 * WAL, and what has tables already is none that CREATE made.
 */
static int
migrate(struct raid_db *db, struct raid_err *err)
{
	long long v = pragma(db, "page_count", err);

	if (v < 0 || (v == 0 && switch_to_wal(db, err) == -1) ||
	    raid_db_begin(db, err) == -1)
		return -1;
	v = pragma(db, "user_version", err);
	if (v < 0 || (v == 0 && check_empty(db, err) == -1) ||
	    (v < raid_schema_version(db->schema) &&
	    (raid_schema_migrate(db, db->schema, (int)v, err) == -1 ||
	    (v == 0 && stamp(db, err) == -1)))) {
		raid_db_rollback(db);
		return -1;
	}
	return raid_db_commit(db, err);
}

static int
check_version(struct raid_db *db, enum raid_db_mode mode, struct raid_err *err)
{
	const struct raid_schema *s = db->schema;
	long long v = pragma(db, "user_version", err), app;

	if (v < 0)
		return -1;
	app = pragma(db, "application_id", err);
	if (app < 0)
		return -1;
	if (app != s->id && (v != 0 || mode != RAID_DB_CREATE))
		return raid_db_foreign(db, err);
	if (v > raid_schema_version(s))
		return raid_fail(err, RAID_ECONFIG, "%s %s: made by a "
		    "newer raid (version %lld, this one knows %d); update raid",
		    s->what, db->path, v, raid_schema_version(s));
	if (v == raid_schema_version(s))
		return 0;
	if (mode == RAID_DB_READ)
		return raid_fail(err, RAID_ECONFIG, "%s %s: of an older "
		    "raid (version %lld); %s", s->what, db->path, v,
		    s->outdated);
	return migrate(db, err);
}

/* The file itself is made here, so that it is 0600 from its first moment. */
static int
create_file(const struct raid_db *db, struct raid_err *err)
{
	const char *path = db->path;
	char *dir = raid_strdup(path), *slash = strrchr(dir, '/');
	int fd = -1, r = 0;

	if (slash != NULL && slash != dir) {
		*slash = '\0';
		r = raid_path_mkdirs(dir, 0700, err);
	}
	free(dir);
	if (r == 0) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd == -1)
			return raid_fail_errno(err, "%s %s", db->schema->what,
			    path);
		close(fd);
	}
	return r;
}

static int
open_file(struct raid_db *db, enum raid_db_mode mode, struct raid_err *err)
{
	int flags = mode == RAID_DB_READ ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE;
	int rc;

	if (stat(db->path, &db->st) == -1 && errno == ENOENT)
		return raid_fail(err, RAID_ENOINPUT, "%s %s: not there; %s",
		    db->schema->what, db->path, db->schema->absent);
	/* SQLite would say only that it cannot open it. */
	if (mode != RAID_DB_READ && access(db->path, W_OK) == -1)
		return raid_fail_errno(err, "%s %s", db->schema->what,
		    db->path);
	/* Nobody asks SQLite how much memory it has; counting takes a lock for
	 * each piece. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(db->path, &db->sql, flags | SQLITE_OPEN_NOMUTEX,
	    NULL);
	if (db->sql == NULL)
		return raid_fail(err, RAID_EOS, "out of memory");
	if (rc != SQLITE_OK)
		return raid_db_fail(db, err);
	(void)sqlite3_busy_handler(db->sql, raid_db_busy, db);
	sqlite3_progress_handler(db->sql, 10000, raid_db_hurry, db);
	return 0;
}

const char *
raid_db_file(const struct raid_db *db)
{
	const char *file = sqlite3_db_filename(db->sql, "main");

	return file != NULL && *file != '\0' ? file : db->path;
}

/* Bytes; 0 when there is none. */
static long long
wal_size(const struct raid_db *db)
{
	char *name = raid_strf("%s-wal", raid_db_file(db));
	struct stat st;
	int r = stat(name, &st);

	free(name);
	return r == 0 ? (long long)st.st_size : 0;
}

/*
 * A WAL journal in a folder that we may not write cannot be opened unless
 * SQLite is told that nobody else writes either.
 */
static int
open_immutable(struct raid_db *db, struct raid_err *err)
{
	struct raid_buf uri;
	int rc;

	/* It would not look into the log, where the newest posts are. */
	if (wal_size(db) > 0)
		return raid_fail(err, RAID_EIO, "%s %s: what is newest "
		    "is in %s-wal, which can be read only where we may write; "
		    "copy both files to another folder", db->schema->what,
		    db->path, db->path);
	raid_buf_init(&uri, 3 * 4096 + 64);
	raid_buf_puts(&uri, "file:");
	/* "?", "#" and "%" have a meaning in a URI. */
	for (const char *s = db->path; *s != '\0'; s++) {
		if (strchr("?#%", *s) != NULL)
			raid_buf_printf(&uri, "%%%02x", (unsigned char)*s);
		else
			raid_buf_addc(&uri, (unsigned char)*s);
	}
	raid_buf_puts(&uri, "?immutable=1");
	raid_db_forget(db);
	(void)sqlite3_close(db->sql);
	db->sql = NULL;
	rc = sqlite3_open_v2(raid_buf_str(&uri), &db->sql,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
	raid_buf_free(&uri);
	return rc == SQLITE_OK ? 0 : raid_db_fail(db, err);
}

static int
prepare_connection(struct raid_db *db, enum raid_db_mode mode,
    struct raid_err *err)
{
	/* Without recursive triggers OR REPLACE deletes past those that forbid
	 * it. */
	if (raid_db_exec(db, "PRAGMA foreign_keys=ON;"
	    "PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;"
	    "PRAGMA secure_delete=OFF", err) == -1)
		return -1;
	if (mode != RAID_DB_READ)
		return raid_db_exec(db, db->schema->durable ?
		    "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
		    err);
	return 0;
}

int
raid_db_open(struct raid_db **out, const char *path, enum raid_db_mode mode,
    struct raid_err *err)
{
	return raid_db_open_as(out, &raid_schema_journal, path, mode, err);
}

int
raid_db_open_as(struct raid_db **out, const struct raid_schema *schema,
    const char *path, enum raid_db_mode mode, struct raid_err *err)
{
	struct raid_db *db = raid_calloc(1, sizeof(*db));

	*out = NULL;
	db->schema = schema;
	db->path = raid_strdup(path);
	db->whole = mode == RAID_DB_CREATE;
	db->lock = -1;
	raid_db_hold();
	if ((mode == RAID_DB_CREATE && create_file(db, err) == -1) ||
	    open_file(db, mode, err) == -1 ||
	    prepare_connection(db, mode, err) == -1)
		goto bad;
	if (check_version(db, mode, err) == -1) {
		if (mode != RAID_DB_READ || err->code != RAID_EIO ||
		    open_immutable(db, err) == -1 ||
		    check_version(db, mode, err) == -1)
			goto bad;
	}
	*out = db;
	raid_db_let();
	return 0;
bad:
	raid_db_close(db);
	raid_db_let();
	return -1;
}

void
raid_db_close(struct raid_db *db)
{
	if (db == NULL)
		return;
	if (db->depth > 0)
		raid_db_rollback(db);
	/* The last one to close brings the log home, alone with the file: once
	 * for many posts, because it takes three syncs more than a post. */
	raid_db_hold();
	raid_db_forget(db);
	if (db->sql != NULL && !db->whole && (!db->schema->durable ||
	    wal_size(db) < WAL_KEEP))
		(void)sqlite3_db_config(db->sql,
		    SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	(void)sqlite3_close(db->sql);
	raid_db_let();
	free(db->path);
	free(db->language);
	free(db->id);
	free(db);
}

void
raid_db_whole(struct raid_db *db)
{
	db->whole = 1;
}

const char *
raid_db_path(const struct raid_db *db)
{
	return db->path;
}

const char *
raid_db_meta(struct raid_db *db, const char *key)
{
	char **slot = strcmp(key, "id") == 0 ? &db->id : &db->language;
	struct raid_err ignored;
	struct raid_stmt *st;

	if (*slot != NULL)
		return *slot;
	st = raid_db_query(db, &ignored, "SELECT value FROM meta WHERE key = ?",
	    "t", key);
	*slot = raid_strdup(raid_stmt_step(st, &ignored) == 1 ?
	    raid_stmt_text(st, 0) : "");
	raid_stmt_free(st);
	return *slot;
}

/*
 * The writers' lock: a queue in front of SQLite's own, which only polls.  A
 * process that holds it too long (SIGSTOP) is passed by after a second.  Its
 * closing after the commit is the bell that readers wait for.  Signals are
 * held from here on.
 */
static void
take_lock(struct raid_db *db)
{
	char *name = raid_strf("%s.lock", raid_db_file(db));

	raid_db_hold();
	db->holding = 1;
	db->lock = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	free(name);
	if (db->lock != -1)
		raid_db_flock(db->lock, LOCK_WAIT);
	db->since = raid_clock_mono();
}

static void
release_lock(struct raid_db *db)
{
	if (db->lock != -1)
		close(db->lock);
	db->lock = -1;
	if (db->holding)
		raid_db_let();
	db->holding = 0;
}

int
raid_db_moved(const struct raid_db *db)
{
	struct stat st;

	return db->st.st_ino != 0 && (stat(db->path, &st) == -1 ||
	    st.st_ino != db->st.st_ino || st.st_dev != db->st.st_dev);
}

/* What is written into a file that is no longer the journal would be lost. */
static int
check_place(struct raid_db *db, struct raid_err *err)
{
	if (!raid_db_moved(db))
		return 0;
	(void)sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
	return raid_db_replaced(db, err);
}

int
raid_db_begin(struct raid_db *db, struct raid_err *err)
{
	if (db->depth++ > 0)
		return 0;
	db->broken = 0;
	take_lock(db);
	if (raid_db_exec(db, "BEGIN IMMEDIATE", err) == 0 &&
	    check_place(db, err) == 0)
		return 0;
	db->depth = 0;
	release_lock(db);
	return -1;
}

int
raid_db_commit(struct raid_db *db, struct raid_err *err)
{
	int r;

	if (db->depth > 1) {
		db->depth--;
		return 0;
	}
	if (db->broken) {
		raid_db_rollback(db);
		return raid_fail(err, RAID_EBUG,
		    "commit of a transaction that was rolled back");
	}
	r = raid_db_exec(db, "COMMIT", err);
	if (r == -1)
		raid_db_rollback(db);
	else
		db->depth = 0;
	release_lock(db);
	return r;
}

void
raid_db_rollback(struct raid_db *db)
{
	if (db->depth > 1) {
		db->depth--;
		db->broken = 1;
		return;
	}
	if (!sqlite3_get_autocommit(db->sql))
		(void)sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
	db->depth = 0;
	release_lock(db);
}
