/* SPDX-License-Identifier: ISC */
/* Shared by lib/journal/db*.c alone: the door to SQLite. */
#ifndef RAID_JOURNAL_DB_PRIV_H
#define RAID_JOURNAL_DB_PRIV_H

#include <sys/stat.h>

#include <sqlite3.h>

#include "journal/db.h"
#include "journal/schema.h"

#define RAID_DB_BUSY_MS 30000
#define RAID_DB_KEPT 48		/* statements that are kept prepared */

/* A statement that was prepared before; in use by one caller at a time. */
struct raid_db_kept {
	char *text;
	const char *from;	/* where that text was: a hint */
	sqlite3_stmt *st;
	int busy;
	unsigned long used;	/* when, so that the oldest makes room */
};

struct raid_db {
	sqlite3 *sql;
	const struct raid_schema *schema;
	char *path;
	int whole;		/* the log is brought home at the close */
	char *language, *id;
	int depth;		/* of nested transactions */
	int broken;		/* an inner one was rolled back */
	int lock;		/* descriptor of the lock file while held */
	struct raid_db_kept kept[RAID_DB_KEPT];
	unsigned long uses;
	int holding;		/* signals, for the transaction */
	double since;		/* when the transaction began */
	double busy_since;	/* when another one was in the way */
	struct stat st;		/* the file, before it was opened */
};

/*
 * A process that is stopped or ended in a transaction, or while it opens or
 * closes the journal, would hold up all others: such signals wait from hold
 * to let, which nest.  A nap lets them through.
 */
void raid_db_hold(void);
void raid_db_let(void);
void raid_db_nap(long ns);

/* Wait for the lock on a file, for so many seconds, and give up then.  Held
 * signals are let through meanwhile.  Uses SIGALRM. */
void raid_db_flock(int fd, double wait);

/* For SQLite: a long transaction gives up for a signal that ends us; and the
 * wait for another process, in naps, up to RAID_DB_BUSY_MS. */
int raid_db_hurry(void *db);
int raid_db_busy(void *db, int count);

/* Finalize what is kept prepared; before the connection is closed. */
void raid_db_forget(struct raid_db *db);

/* Fail with SQLite's last error, said for people. */
int raid_db_fail(struct raid_db *db, struct raid_err *err);

/* Fail because the file is of another kind. */
int raid_db_foreign(struct raid_db *db, struct raid_err *err);

/*
 * Has the file that was opened been replaced (raid-backup --restore, mv)?
 * Whoever opened it just before sees the new one's -wal behind the old one's
 * pages, which looks like damage.
 */
int raid_db_moved(const struct raid_db *db);
int raid_db_replaced(struct raid_db *db, struct raid_err *err);

/* Statements without values or rows, several with ';' between them. */
RAID_MUST int raid_db_exec(struct raid_db *db, const char *sql,
    struct raid_err *err);

#endif
