/* SPDX-License-Identifier: ISC */
/*
 * Where a git repository is and which commit HEAD names, read from its files
 * alone (gitrepository-layout(5)): .git as folder or file, commondir, loose
 * and packed refs, symbolic refs.  Opening libgit2 would cost ten times more
 * than everything else that raid-post does.
 */
#ifndef RAID_BASE_GITHEAD_H
#define RAID_BASE_GITHEAD_H

#include "raid.h"

struct raid_git {
	char *work;		/* real path of the work tree; NULL: bare */
	char *gitdir;		/* its own .git folder */
	char *commondir;	/* what all worktrees share */
};

/*
 * Look from the folder dir upwards.  1 found, 0 none, -1 failed.  Free with
 * raid_git_free in every case.
 */
RAID_MUST int raid_git_find(const char *dir, struct raid_git *g,
    struct raid_err *err);
void raid_git_free(struct raid_git *g);

#define RAID_GIT_HEX 65		/* up to 64 digits (SHA-256) and the NUL */

/* The commit of HEAD.  1 found, 0 unborn, -1 failed (a ref is damaged). */
RAID_MUST int raid_git_head(const struct raid_git *g, char hex[RAID_GIT_HEX],
    struct raid_err *err);

#endif
