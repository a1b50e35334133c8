/* SPDX-License-Identifier: ISC */
/*
 * Backups of a journal: compressed copies in a folder, named after the time
 * (UTC) when they were begun, and thinned out as they grow old.
 */
#ifndef RAID_JOURNAL_BACKUP_H
#define RAID_JOURNAL_BACKUP_H

#include <stddef.h>

#include "base/str.h"
#include "journal/audit.h"
#include "journal/db.h"

#define RAID_BACKUP_NAME 40	/* bytes of a name, with the NUL */

/* "journal-20261121-093000.db.gz" of seconds since 1970. */
void raid_backup_name(long long t, char out[RAID_BACKUP_NAME]);

/* Is this the name of a backup?  1 and its time, or 0. */
int raid_backup_parse(const char *name, long long *t);

/* How many days, weeks (from Monday) and months keep their newest backup. */
struct raid_backup_keep {
	int days, weeks, months;
};

/*
 * Which of n backups to keep: of each of the last k->days days that have one
 * its newest, the same for weeks and months; the newest of all in any case.
 * keep[i] becomes 1 or 0 for t[i]; the order of t is free.
 */
void raid_backup_rotate(const long long *t, size_t n,
    const struct raid_backup_keep *k, unsigned char *keep);

struct raid_backup {
	char *path;		/* of the backup; freed by the caller */
	long long posts;	/* in it */
	long long bytes, packed;	/* of the journal, of the backup */
};

/*
 * Copy, examine, compress and compare; only then the backup gets its name in
 * dir, on disk for good.  A folder that holds backups of another journal is
 * refused (RAID_ECONFIG).  What a killed run left there is removed.
 */
RAID_MUST int raid_backup_make(struct raid_db *db, const char *dir,
    struct raid_backup *b, struct raid_err *err);

/*
 * Remove from dir what is not to be kept.  now != 0 only lists it, as if a
 * backup of that time were there.  gone receives the names, oldest first.
 */
RAID_MUST int raid_backup_prune(const char *dir,
    const struct raid_backup_keep *k, long long now, struct raid_list *gone,
    struct raid_err *err);

/*
 * Put a backup (or a journal's file) in the place of journal, examined first
 * and with the entry a in its audit table.  What was there is kept beside it;
 * *kept is its path, which the caller frees, NULL if nothing was there.
 * RAID_ETEMP while a program has the journal open.
 */
RAID_MUST int raid_backup_restore(const char *file, const char *journal,
    const struct raid_audit *a, char **kept, struct raid_err *err);

#endif
