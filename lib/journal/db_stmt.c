/* SPDX-License-Identifier: ISC */
#include "journal/db_priv.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int
raid_db_foreign(struct raid_db *db, struct raid_err *err)
{
	const char *what = db->schema->what;

	return raid_fail(err, RAID_EDATA, "%s %s: this is no %s; %s", what,
	    db->path, what, db->schema->foreign);
}

/* What the last reading of one of the two files said; 0: nothing. */
static int
last_errno(struct raid_db *db)
{
	sqlite3_file *wal = NULL;
	int e = 0;

	(void)sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_LAST_ERRNO,
	    &e);
	(void)sqlite3_file_control(db->sql, "main",
	    SQLITE_FCNTL_JOURNAL_POINTER, &wal);
	if (e == 0 && wal != NULL && wal->pMethods != NULL)
		(void)wal->pMethods->xFileControl(wal,
		    SQLITE_FCNTL_LAST_ERRNO, &e);
	return e;
}

/* SQLite takes what a disk cannot read for damage, too. */
static int
fail_damaged(struct raid_db *db, struct raid_err *err)
{
	int e = last_errno(db);

	if (e == EIO || e == ENXIO) {
		errno = e;
		return raid_fail_errno(err, "%s %s", db->schema->what,
		    db->path);
	}
	return raid_fail(err, RAID_EDATA, "%s %s: damaged (%s); "
	    "what can be saved: sqlite3 %s .recover", db->schema->what,
	    db->path, sqlite3_errmsg(db->sql), db->path);
}

int
raid_db_replaced(struct raid_db *db, struct raid_err *err)
{
	return raid_fail(err, RAID_ETEMP, "%s %s: it was replaced "
	    "meanwhile; try again", db->schema->what, db->path);
}

int
raid_db_fail(struct raid_db *db, struct raid_err *err)
{
	const char *what = db->schema->what;
	int rc = sqlite3_extended_errcode(db->sql);

	if (((rc & 0xff) == SQLITE_NOTADB || (rc & 0xff) == SQLITE_CORRUPT) &&
	    raid_db_moved(db))
		return raid_db_replaced(db, err);
	switch (rc & 0xff) {
	case SQLITE_NOTADB:
		return raid_db_foreign(db, err);
	case SQLITE_CORRUPT:
		return fail_damaged(db, err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return raid_fail(err, RAID_ETEMP, "%s %s: another process "
		    "has been writing for %d s; try again", what, db->path,
		    RAID_DB_BUSY_MS / 1000);
	case SQLITE_INTERRUPT:
		return raid_fail(err, RAID_ETEMP, "%s %s: interrupted; "
		    "nothing was changed", what, db->path);
	case SQLITE_NOMEM:
		return raid_fail(err, RAID_EOS, "%s %s: out of memory", what,
		    db->path);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return raid_fail(err, RAID_EIO, "%s %s: %s", what, db->path,
		    sqlite3_errmsg(db->sql));
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
		return raid_fail(err, RAID_EDATA, "%s %s: %s", what, db->path,
		    sqlite3_errmsg(db->sql));
	default:
		return raid_fail(err, RAID_EBUG, "%s %s: %s", what, db->path,
		    sqlite3_errmsg(db->sql));
	}
}

int
raid_db_exec(struct raid_db *db, const char *sql, struct raid_err *err)
{
	if (sqlite3_exec(db->sql, sql, NULL, NULL, NULL) != SQLITE_OK)
		return raid_db_fail(db, err);
	return 0;
}

struct raid_stmt {
	struct raid_db *db;
	sqlite3_stmt *st;
	struct raid_db_kept *kept;	/* where it belongs, or NULL */
};

void
raid_db_forget(struct raid_db *db)
{
	for (size_t i = 0; i < RAID_DB_KEPT; i++) {
		(void)sqlite3_finalize(db->kept[i].st);
		free(db->kept[i].text);
		db->kept[i] = (struct raid_db_kept){ 0 };
	}
}

/*
 * The place of a statement: where it is prepared already, else the one that
 * has rested longest, emptied.  NULL when it is in use (a loop within a loop),
 * or all are.
 */
static struct raid_db_kept *
find_kept(struct raid_db *db, const char *sql)
{
	struct raid_db_kept *oldest = NULL;

	/* Most are constants of the program, each in its place. */
	for (size_t i = 0; i < RAID_DB_KEPT; i++) {
		struct raid_db_kept *k = &db->kept[i];

		if (k->from == sql && !k->busy && strcmp(k->text, sql) == 0)
			return k;
	}
	for (size_t i = 0; i < RAID_DB_KEPT; i++) {
		struct raid_db_kept *k = &db->kept[i];

		if (k->text != NULL && strcmp(k->text, sql) == 0)
			return k->busy ? NULL : k;
		if (!k->busy && (oldest == NULL || k->used < oldest->used))
			oldest = k;
	}
	if (oldest != NULL) {
		(void)sqlite3_finalize(oldest->st);
		free(oldest->text);
		*oldest = (struct raid_db_kept){ .used = oldest->used };
	}
	return oldest;
}

static sqlite3_stmt *
prepare(struct raid_db *db, const char *sql, struct raid_db_kept **kept,
    struct raid_err *err)
{
	struct raid_db_kept *k = find_kept(db, sql);
	sqlite3_stmt *st = k != NULL ? k->st : NULL;

	*kept = k;
	if (st == NULL && sqlite3_prepare_v2(db->sql, sql, -1, &st, NULL) !=
	    SQLITE_OK) {
		raid_db_fail(db, err);
		return NULL;
	}
	if (k != NULL && k->st == NULL) {
		k->st = st;
		k->text = raid_strdup(sql);
		k->from = sql;
	}
	if (k != NULL) {
		k->busy = 1;
		k->used = ++db->uses;
	}
	return st;
}

static unsigned
nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c & 7) + 9;
}

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
	    isxdigit((unsigned char)hex[1]); n++, hex += 2)
		bytes[n] = (unsigned char)(nibble(hex[0]) << 4 |
		    nibble(hex[1]));
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
vquery(struct raid_db *db, struct raid_err *err, const char *sql,
    const char *types, va_list ap)
{
	struct raid_db_kept *kept;
	sqlite3_stmt *st = prepare(db, sql, &kept, err);
	struct raid_stmt *s;

	if (st == NULL)
		return NULL;
	bind(st, types, ap);
	s = raid_calloc(1, sizeof(*s));
	*s = (struct raid_stmt){ .db = db, .st = st, .kept = kept };
	return s;
}

struct raid_stmt *
raid_db_query(struct raid_db *db, struct raid_err *err, const char *sql,
    const char *types, ...)
{
	struct raid_stmt *s;
	va_list ap;

	va_start(ap, types);
	s = vquery(db, err, sql, types, ap);
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
		return raid_db_exec(db, sql, err);
	va_start(ap, types);
	s = vquery(db, err, sql, types, ap);
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
		return raid_db_fail(s->db, err);
	}
}

void
raid_stmt_free(struct raid_stmt *s)
{
	if (s == NULL)
		return;
	if (s->kept != NULL) {
		(void)sqlite3_reset(s->st);
		(void)sqlite3_clear_bindings(s->st);
		s->kept->busy = 0;
	} else {
		(void)sqlite3_finalize(s->st);
	}
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
