/* SPDX-License-Identifier: ISC */
/* Shared by lib/journal/backup*.c. */
#ifndef RAID_JOURNAL_BACKUP_PRIV_H
#define RAID_JOURNAL_BACKUP_PRIV_H

#include <stddef.h>

#include "raid.h"

/*
 * A folder of our own inside dir for what is not finished, locked as long as
 * we live.  Those of others that died are removed.  Whoever calls holds a
 * lock that keeps others out of here.
 */
struct raid_backup_work {
	char *path;
	int fd;
};

RAID_MUST int raid_backup_work(struct raid_backup_work *w, const char *dir,
    struct raid_err *err);
void raid_backup_done(struct raid_backup_work *w);

/* Make a new file in it: its path, which the caller frees; *fd is open. */
char *raid_backup_file(const struct raid_backup_work *w, const char *name,
    int *fd, struct raid_err *err);

/* Compress the file in_fd into out_fd. */
RAID_MUST int raid_backup_pack(int in_fd, int out_fd, struct raid_err *err);

/*
 * Decompress the file in_fd; each piece goes to fn, which returns 0 to go on
 * and -1 to fail, having set err.
 */
RAID_MUST int raid_backup_unpack(int in_fd,
    int (*fn)(void *arg, const void *p, size_t len, struct raid_err *err),
    void *arg, struct raid_err *err);

/* "20261121-093000" */
#define RAID_BACKUP_STAMP 24
void raid_backup_stamp(long long t, char out[RAID_BACKUP_STAMP]);

/* Sync a folder, so that a rename in it lasts. */
RAID_MUST int raid_backup_sync(const char *dir, struct raid_err *err);

#endif
