/* SPDX-License-Identifier: ISC */
/* The halves of code/folder: the record on disk, and moving files. */
#ifndef RAID_CODE_FOLDER_PRIV_H
#define RAID_CODE_FOLDER_PRIV_H

#include "code/folder.h"
#include "code/record.h"

/* No folder on the way to path is a link, or another repository. */
RAID_MUST int raid_folder_check_parents(int dirfd, const char *path,
    struct raid_err *err);

/* The record: 1 loaded, 0 none (or never finished), -1. */
RAID_MUST int raid_folder_load(struct raid_folder *f, struct raid_record *r,
    struct raid_err *err);
RAID_MUST int raid_folder_store(struct raid_folder *f,
    const struct raid_record *r, struct raid_err *err);

/*
 * From the old files to the new ones, whose content waits synced beside
 * them; the old content stays beside.  After a failure: raid_folder_return.
 */
RAID_MUST int raid_folder_move(int fd, struct raid_record *r,
    struct raid_err *err);

/* Sync each folder that the write changes. */
RAID_MUST int raid_folder_sync(int fd, const struct raid_record *r,
    struct raid_err *err);

/* Put back what raid_folder_move has moved in this process. */
RAID_MUST int raid_folder_return(int fd, struct raid_record *r,
    struct raid_err *err);

/*
 * Take away what waits beside the files, and the folders that are empty
 * after a write (done) or were made for one, and the record at last.
 */
RAID_MUST int raid_folder_clean(struct raid_folder *f,
    const struct raid_record *r, int done, struct raid_err *err);

#endif
