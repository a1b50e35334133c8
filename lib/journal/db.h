/* SPDX-License-Identifier: ISC */
/*
 * The only door to SQLite: open, transactions with the writers' lock, and
 * statements with their values bound in one call.
 */
#ifndef RAID_JOURNAL_DB_H
#define RAID_JOURNAL_DB_H

#include <stddef.h>

#include "raid.h"

struct raid_db;
struct raid_schema;
struct raid_stmt;

enum raid_db_mode {
	RAID_DB_READ,		/* never writes, takes no lock */
	RAID_DB_WRITE,
	RAID_DB_CREATE		/* make the file and its folder, 0600, 0700 */
};

/*
 * Open a journal.  A file that is not there is RAID_ENOINPUT, one that is no
 * journal or is damaged RAID_EDATA, one of a newer raid RAID_ECONFIG.  An
 * older one is migrated when opened for writing.
 */
RAID_MUST int raid_db_open(struct raid_db **db, const char *path,
    enum raid_db_mode mode, struct raid_err *err);

/* The same for a database of another kind (journal/schema.h), which must
 * live as long as db. */
RAID_MUST int raid_db_open_as(struct raid_db **db,
    const struct raid_schema *schema, const char *path,
    enum raid_db_mode mode, struct raid_err *err);

/*
 * The newest posts may stay in the log beside the file (-wal).  After
 * raid_db_whole, or when it was opened with RAID_DB_CREATE, the close brings
 * them home, unless another process has the journal open.
 */
void raid_db_close(struct raid_db *db);
void raid_db_whole(struct raid_db *db);

const char *raid_db_path(const struct raid_db *db);

/* The same with links resolved, as it stands before "-wal" and ".lock". */
const char *raid_db_file(const struct raid_db *db);

/* A value of table meta, "language" or "id"; owned by db until it closes.
 * Absent: "". */
const char *raid_db_meta(struct raid_db *db, const char *key);

/*
 * A write transaction: the lock file (at most 1 s of waiting, then without
 * it), then BEGIN IMMEDIATE.  They nest; only the outermost commits, and a
 * rollback anywhere rolls all back.
 */
RAID_MUST int raid_db_begin(struct raid_db *db, struct raid_err *err);
RAID_MUST int raid_db_commit(struct raid_db *db, struct raid_err *err);
void raid_db_rollback(struct raid_db *db);

/*
 * A statement with its values: types has a letter for each one,
 *   i long long, d double, t const char * (NULL is NULL),
 *   s const char * and size_t (text), b const void * and size_t (blob),
 *   h const char *, up to 64 hexadecimal digits (a blob; NULL is NULL).
 * The values must live as long as the statement.  Free with raid_stmt_free;
 * it is kept prepared then, so that the same text costs little the next time.
 */
struct raid_stmt *raid_db_query(struct raid_db *db, struct raid_err *err,
    const char *sql, const char *types, ...);

/* The same for a statement without rows. */
RAID_MUST int raid_db_run(struct raid_db *db, struct raid_err *err,
    const char *sql, const char *types, ...);

long long raid_db_last_id(const struct raid_db *db);

/* 1 a row, 0 no more, -1 failed.  st may be NULL: then -1, err untouched. */
RAID_MUST int raid_stmt_step(struct raid_stmt *st, struct raid_err *err);
void raid_stmt_free(struct raid_stmt *st);

/* Columns of the row; text and blobs are borrowed until the next step.
 * Text is never NULL here: NULL is "" of length 0. */
long long raid_stmt_int(struct raid_stmt *st, int column);
double raid_stmt_double(struct raid_stmt *st, int column);
const char *raid_stmt_text(struct raid_stmt *st, int column);
const void *raid_stmt_blob(struct raid_stmt *st, int column, size_t *len);

/* A blob of at most 32 bytes as hexadecimal digits; "" for NULL. */
void raid_stmt_hex(struct raid_stmt *st, int column, char out[65]);
int raid_stmt_isnull(struct raid_stmt *st, int column);

#endif
