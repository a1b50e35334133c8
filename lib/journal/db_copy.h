/* SPDX-License-Identifier: ISC */
/* A journal as a file: copied whole, examined, taken out of use. */
#ifndef RAID_JOURNAL_DB_COPY_H
#define RAID_JOURNAL_DB_COPY_H

#include "journal/db.h"

/*
 * Copy the journal as it is at this moment into the file `to`, which is
 * empty, while others write.  The copy is synced; whoever fails removes it.
 */
RAID_MUST int raid_db_copy(struct raid_db *db, const char *to,
    struct raid_err *err);

/* Look at every page (PRAGMA integrity_check); RAID_EDATA names the first
 * fault.  *posts receives how many posts there are. */
RAID_MUST int raid_db_examine(struct raid_db *db, long long *posts,
    struct raid_err *err);

/*
 * Make the file alone the whole journal, with nothing in journal.db-wal: it
 * leaves the WAL mode, and with back != 0 it returns to it.  Out of WAL mode
 * SQLite itself refuses to write into a file that was renamed.  RAID_ETEMP
 * while another process has it open, RAID_EDATA when it is damaged.
 */
RAID_MUST int raid_db_settle(const char *path, int back,
    struct raid_err *err);

/*
 * Lock a database file whole, by SQLite's own protocol, healthy or not: a
 * descriptor to close, or -1 and RAID_ETEMP while a process uses it.
 */
int raid_db_seize(const char *path, struct raid_err *err);

#endif
