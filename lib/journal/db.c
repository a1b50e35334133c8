/* SPDX-License-Identifier: ISC */
#include "journal/db.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "journal/schema.h"

#define APPLICATION_ID 0x52414944	/* "RAID" */
#define BUSY_MS 30000
#define LOCK_WAIT 1.0			/* seconds */

struct raid_db {
	sqlite3 *sql;
	char *path;
	char *language, *id;
	int depth;		/* of nested transactions */
	int broken;		/* an inner one was rolled back */
	int lock;		/* descriptor of the lock file while held */
};

static int
no_journal(struct raid_db *db, struct raid_err *err)
{
	return raid_fail(err, RAID_EDATA, "journal %s: this is no journal; "
	    "with -J or RAID_JOURNAL another one can be named", db->path);
}

static int
fail(struct raid_db *db, struct raid_err *err)
{
	int rc = sqlite3_extended_errcode(db->sql);

	switch (rc & 0xff) {
	case SQLITE_NOTADB:
		return no_journal(db, err);
	case SQLITE_CORRUPT:
		return raid_fail(err, RAID_EDATA, "journal %s: damaged (%s); "
		    "what can be saved: sqlite3 %s .recover", db->path,
		    sqlite3_errmsg(db->sql), db->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return raid_fail(err, RAID_ETEMP, "journal %s: another process "
		    "has been writing for %d s; try again", db->path,
		    BUSY_MS / 1000);
	case SQLITE_NOMEM:
		return raid_fail(err, RAID_EOS, "journal %s: out of memory",
		    db->path);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return raid_fail(err, RAID_EIO, "journal %s: %s", db->path,
		    sqlite3_errmsg(db->sql));
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
		return raid_fail(err, RAID_EDATA, "journal %s: %s", db->path,
		    sqlite3_errmsg(db->sql));
	default:
		return raid_fail(err, RAID_EBUG, "journal %s: %s", db->path,
		    sqlite3_errmsg(db->sql));
	}
}

static int
exec(struct raid_db *db, const char *sql, struct raid_err *err)
{
	if (sqlite3_exec(db->sql, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, err);
	return 0;
}

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

/* A new journal's identity makes the uid of its posts its own. */
static int
stamp(struct raid_db *db, struct raid_err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d",
	    APPLICATION_ID);
	if (exec(db, sql, err) == -1)
		return -1;
	return exec(db, "INSERT INTO meta VALUES"
	    " ('id', lower(hex(randomblob(16)))), ('language', 'en')", err);
}

/* A new journal has no table yet: 0, else -1. */
static int
check_empty(struct raid_db *db, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT 1 FROM sqlite_schema LIMIT 1", "");
	int r = raid_stmt_step(st, err);

	raid_stmt_free(st);
	return r == 1 ? no_journal(db, err) : r;
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

	if (v < 0 || (v == 0 && exec(db, "PRAGMA journal_mode=WAL", err) == -1)
	    || raid_db_begin(db, err) == -1)
		return -1;
	v = pragma(db, "user_version", err);
	if (v < 0 || (v == 0 && check_empty(db, err) == -1) ||
	    (v < raid_schema_version() &&
	    (raid_schema_migrate(db, (int)v, err) == -1 ||
	    (v == 0 && stamp(db, err) == -1)))) {
		raid_db_rollback(db);
		return -1;
	}
	return raid_db_commit(db, err);
}

static int
check_version(struct raid_db *db, enum raid_db_mode mode, struct raid_err *err)
{
	long long v = pragma(db, "user_version", err), app;

	if (v < 0)
		return -1;
	app = pragma(db, "application_id", err);
	if (app < 0)
		return -1;
	if (app != APPLICATION_ID && (v != 0 || mode != RAID_DB_CREATE))
		return no_journal(db, err);
	if (v > raid_schema_version())
		return raid_fail(err, RAID_ECONFIG, "journal %s: made by a "
		    "newer raid (version %lld, this one knows %d); update raid",
		    db->path, v, raid_schema_version());
	if (v == raid_schema_version())
		return 0;
	if (mode == RAID_DB_READ)
		return raid_fail(err, RAID_ECONFIG, "journal %s: of an older "
		    "raid (version %lld); a program that writes updates it, "
		    "such as raid-init", db->path, v);
	return migrate(db, err);
}

/* The file itself is made here, so that it is 0600 from its first moment. */
static int
create_file(const char *path, struct raid_err *err)
{
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
			return raid_fail_errno(err, "journal %s", path);
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

	if (access(db->path, F_OK) == -1)
		return raid_fail(err, RAID_ENOINPUT,
		    "journal %s: not there; run raid-init", db->path);
	rc = sqlite3_open_v2(db->path, &db->sql, flags | SQLITE_OPEN_NOMUTEX,
	    NULL);
	if (db->sql == NULL)
		return raid_fail(err, RAID_EOS, "out of memory");
	if (rc != SQLITE_OK)
		return fail(db, err);
	(void)sqlite3_busy_timeout(db->sql, BUSY_MS);
	return 0;
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
	(void)sqlite3_close(db->sql);
	db->sql = NULL;
	rc = sqlite3_open_v2(raid_buf_str(&uri), &db->sql,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
	raid_buf_free(&uri);
	return rc == SQLITE_OK ? 0 : fail(db, err);
}

static int
prepare_connection(struct raid_db *db, enum raid_db_mode mode,
    struct raid_err *err)
{
	if (exec(db, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
	    "PRAGMA secure_delete=OFF", err) == -1)
		return -1;
	if (mode != RAID_DB_READ)
		return exec(db, "PRAGMA synchronous=FULL", err);
	return 0;
}

int
raid_db_open(struct raid_db **out, const char *path, enum raid_db_mode mode,
    struct raid_err *err)
{
	struct raid_db *db = raid_calloc(1, sizeof(*db));

	*out = NULL;
	db->path = raid_strdup(path);
	db->lock = -1;
	if ((mode == RAID_DB_CREATE && create_file(path, err) == -1) ||
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
	return 0;
bad:
	raid_db_close(db);
	return -1;
}

void
raid_db_close(struct raid_db *db)
{
	if (db == NULL)
		return;
	if (db->depth > 0)
		raid_db_rollback(db);
	(void)sqlite3_close(db->sql);
	free(db->path);
	free(db->language);
	free(db->id);
	free(db);
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
 * process that holds it too long (stopped by ^Z) is passed by after a second.
 * Its closing after the commit is the bell that readers wait for.
 */
static void
take_lock(struct raid_db *db)
{
	char *name = raid_strf("%s.lock", db->path);
	struct timespec nap = { .tv_nsec = 200000 };
	double end = raid_clock_mono() + LOCK_WAIT;

	db->lock = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	free(name);
	while (db->lock != -1 && flock(db->lock, LOCK_EX | LOCK_NB) == -1 &&
	    raid_clock_mono() < end) {
		(void)nanosleep(&nap, NULL);
		if (nap.tv_nsec < 3000000)
			nap.tv_nsec *= 2;
	}
}

static void
release_lock(struct raid_db *db)
{
	if (db->lock != -1)
		close(db->lock);
	db->lock = -1;
}

int
raid_db_begin(struct raid_db *db, struct raid_err *err)
{
	if (db->depth++ > 0)
		return 0;
	db->broken = 0;
	take_lock(db);
	if (exec(db, "BEGIN IMMEDIATE", err) == 0)
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
	r = exec(db, "COMMIT", err);
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

struct raid_stmt {
	struct raid_db *db;
	sqlite3_stmt *st;
};

static void
bind_hex(sqlite3_stmt *st, int i, const char *hex)
{
	unsigned char bytes[32];
	size_t n = 0;

	if (hex == NULL) {
		(void)sqlite3_bind_null(st, i);
		return;
	}
	for (; n < sizeof(bytes) && isxdigit((unsigned char)hex[0]) &&
	    isxdigit((unsigned char)hex[1]); n++, hex += 2) {
		char pair[3] = { hex[0], hex[1], '\0' };

		bytes[n] = (unsigned char)strtoul(pair, NULL, 16);
	}
	(void)sqlite3_bind_blob(st, i, bytes, (int)n, SQLITE_TRANSIENT);
}

/* Values are borrowed: they outlive the statement by contract. */
static void
bind(sqlite3_stmt *st, const char *types, va_list ap)
{
	for (int i = 1; *types != '\0'; types++, i++) {
		const void *p;
		size_t len;

		switch (*types) {
		case 'i':
			(void)sqlite3_bind_int64(st, i, va_arg(ap, long long));
			break;
		case 'd':
			(void)sqlite3_bind_double(st, i, va_arg(ap, double));
			break;
		case 't':
			p = va_arg(ap, const char *);
			(void)sqlite3_bind_text(st, i, p, -1, SQLITE_STATIC);
			break;
		case 's':
			p = va_arg(ap, const char *);
			len = va_arg(ap, size_t);
			(void)sqlite3_bind_text64(st, i, p, len, SQLITE_STATIC,
			    SQLITE_UTF8);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			len = va_arg(ap, size_t);
			/* A NULL pointer would bind NULL, not an empty blob. */
			(void)sqlite3_bind_blob64(st, i, len != 0 ? p : "", len,
			    SQLITE_STATIC);
			break;
		case 'h':
			bind_hex(st, i, va_arg(ap, const char *));
			break;
		}
	}
}

static struct raid_stmt *
vquery(struct raid_db *db, struct raid_err *err, const char **sql,
    const char *types, va_list ap)
{
	struct raid_stmt *s;
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db->sql, *sql, -1, &st, sql) != SQLITE_OK) {
		fail(db, err);
		return NULL;
	}
	bind(st, types, ap);
	s = raid_calloc(1, sizeof(*s));
	*s = (struct raid_stmt){ .db = db, .st = st };
	return s;
}

struct raid_stmt *
raid_db_query(struct raid_db *db, struct raid_err *err, const char *sql,
    const char *types, ...)
{
	struct raid_stmt *s;
	va_list ap;

	va_start(ap, types);
	s = vquery(db, err, &sql, types, ap);
	va_end(ap);
	return s;
}

int
raid_db_run(struct raid_db *db, struct raid_err *err, const char *sql,
    const char *types, ...)
{
	struct raid_stmt *s;
	va_list ap;
	int r;

	if (*types == '\0')
		return exec(db, sql, err);
	va_start(ap, types);
	s = vquery(db, err, &sql, types, ap);
	va_end(ap);
	r = raid_stmt_step(s, err);
	raid_stmt_free(s);
	return r == -1 ? -1 : 0;
}

long long
raid_db_last_id(const struct raid_db *db)
{
	return sqlite3_last_insert_rowid(db->sql);
}

int
raid_stmt_step(struct raid_stmt *s, struct raid_err *err)
{
	if (s == NULL)
		return -1;
	switch (sqlite3_step(s->st)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return fail(s->db, err);
	}
}

void
raid_stmt_free(struct raid_stmt *s)
{
	if (s == NULL)
		return;
	(void)sqlite3_finalize(s->st);
	free(s);
}

long long
raid_stmt_int(struct raid_stmt *s, int column)
{
	return sqlite3_column_int64(s->st, column);
}

double
raid_stmt_double(struct raid_stmt *s, int column)
{
	return sqlite3_column_double(s->st, column);
}

const char *
raid_stmt_text(struct raid_stmt *s, int column)
{
	const unsigned char *p = sqlite3_column_text(s->st, column);

	return p != NULL ? (const char *)p : "";
}

const void *
raid_stmt_blob(struct raid_stmt *s, int column, size_t *len)
{
	const void *p = sqlite3_column_blob(s->st, column);

	*len = (size_t)sqlite3_column_bytes(s->st, column);
	return p != NULL ? p : "";
}

void
raid_stmt_hex(struct raid_stmt *s, int column, char out[65])
{
	size_t len;
	const unsigned char *p = raid_stmt_blob(s, column, &len);

	out[0] = '\0';
	for (size_t i = 0; i < len && i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", p[i]);
}

int
raid_stmt_isnull(struct raid_stmt *s, int column)
{
	return sqlite3_column_type(s->st, column) == SQLITE_NULL;
}
