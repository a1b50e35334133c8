/* SPDX-License-Identifier: ISC */
/* A folder of files, such as a work tree, as what edits are placed on and
 * written to. */
#ifndef RAID_CODE_FOLDER_H
#define RAID_CODE_FOLDER_H

#include "code/place.h"
#include "raid.h"

/*
 * What stands at a path beneath the folder *(int *)dirfd, for struct
 * raid_place_base.  A folder with a .git of its own is another repository:
 * RAID_PLACE_OTHER.
 */
RAID_MUST int raid_folder_file(void *dirfd, const char *path,
    struct raid_place_file *f, struct raid_err *err);

/*
 * Write the changes beneath dirfd, all of them or none: new content goes to
 * temporaries beside the files first; when a rename fails, what was done is
 * undone.  Files keep their permissions, new ones have those of the umask.
 */
RAID_MUST int raid_folder_write(int dirfd, const struct raid_place *pl,
    struct raid_err *err);

/*
 * Is each file that the changes touch as they found it?  0 yes; 1 each is as
 * they want it already; else -1, RAID_NO with the first that is neither.
 */
RAID_MUST int raid_folder_check(int dirfd, const struct raid_place *pl,
    struct raid_err *err);

#endif
