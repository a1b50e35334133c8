/* SPDX-License-Identifier: ISC */
/*
 * A folder of files, such as a work tree, as what edits are placed on and
 * written to.  Everything is reached by descriptors beneath the root, and
 * no symbolic link is followed.
 *
 * A write of several files is all or nothing, whatever ends it: a record of
 * it is synced before the first file is touched and removed after the last
 * one (code/record).  While a record stands, what it lists is finished, or
 * taken back, before anything else is written.
 */
#ifndef RAID_CODE_FOLDER_H
#define RAID_CODE_FOLDER_H

#include "code/place.h"
#include "raid.h"

struct raid_folder {
	int fd;			/* the root; first, for raid_folder_file */
	int record_dir;		/* where the record of a write lies */
	const char *record;	/* its name there, borrowed */
	char *record_path;	/* the same in full, for people */
	int locked;		/* by us, for writing */
};

/*
 * Open the folder dir.  Its record lies in the folder gitdir, or without
 * one (NULL) in dir itself.  Close it in every case.
 */
RAID_MUST int raid_folder_open(struct raid_folder *f, const char *dir,
    const char *gitdir, struct raid_err *err);
void raid_folder_close(struct raid_folder *f);

/*
 * What stands at a path beneath the folder *(int *)dirfd, for struct
 * raid_place_base.  A folder with a .git of its own is another repository:
 * RAID_PLACE_OTHER.
 */
RAID_MUST int raid_folder_file(void *dirfd, const char *path,
    struct raid_place_file *f, struct raid_err *err);

/*
 * Is each file that the changes touch as they found it?  0 yes; 1 each is as
 * they want it already; else -1, RAID_NO with the first that is neither.
 */
RAID_MUST int raid_folder_check(int dirfd, const struct raid_place *pl,
    struct raid_err *err);

/* The permissions of each file that the changes find, had[pl->n]; 0: none. */
RAID_MUST int raid_folder_perms(int dirfd, const struct raid_place *pl,
    unsigned *had, struct raid_err *err);

/*
 * Be the only one who writes, until the folder is closed.  Waits for another
 * one up to ten seconds; then RAID_ETEMP.
 */
RAID_MUST int raid_folder_lock(struct raid_folder *f, struct raid_err *err);

/* For who only reads: is no write half done?  RAID_ETEMP if one is; one
 * that is going on is waited for. */
RAID_MUST int raid_folder_ready(struct raid_folder *f, struct raid_err *err);

/* What became of a write that was broken off. */
enum raid_folder_end {
	RAID_FOLDER_NONE,	/* there was none */
	RAID_FOLDER_DONE,	/* finished: everything is new */
	RAID_FOLDER_BACK	/* taken back: everything is old */
};

/*
 * Finish or take back the write that was broken off, if any; the folder
 * must be locked.  RAID_ETEMP, and the record stays, when a file is neither
 * as it was nor as it was to be: a person has changed it.
 */
RAID_MUST int raid_folder_recover(struct raid_folder *f,
    enum raid_folder_end *end, struct raid_err *err);

/*
 * Write the changes, all of them or none; the folder must be locked and
 * have no write that was broken off.  Files keep their permissions but for
 * setuid, setgid and sticky, and their owner where that is allowed; new ones
 * have those of the umask.
 *
 * want (NULL: none) has the permissions for the new content of each change,
 * 0 by that rule.
 *
 * A file that is not as its change found it is RAID_NO.  On any failure
 * everything is as before, but for two, which the message names: it was
 * written and the old content is not cleaned up yet; or it could not be
 * taken back.  Then the record stands.
 */
RAID_MUST int raid_folder_write(struct raid_folder *f,
    const struct raid_place *pl, const unsigned *want, struct raid_err *err);

#endif
