/* SPDX-License-Identifier: ISC */
/*
 * A shadow: a private repository that remembers what was laid into a
 * replica, out of reach of whatever runs there.  It borrows the objects of
 * the real repository and never writes to that.
 */
#ifndef RAID_CODE_REPO_SHADOW_H
#define RAID_CODE_REPO_SHADOW_H

#include <sys/types.h>

#include "code/repo.h"

struct raid_shadow;

/*
 * Make one in the folder gitdir for a commit (NULL: nothing) with files laid
 * over it (NULL: none).  r must outlive it.
 */
struct raid_shadow *raid_shadow_new(struct raid_repo *r, const char *gitdir,
    const char *commit, const struct raid_overlay *over,
    struct raid_err *err);
void raid_shadow_free(struct raid_shadow *s);

/*
 * Write all files into the new folder work, as they are in the objects,
 * owned by owner; a submodule is an empty folder.  Then give it a .git of
 * its own with one commit, of which git status finds no difference.
 */
RAID_MUST int raid_shadow_lay(struct raid_shadow *s, const char *work,
    uid_t owner, struct raid_err *err);

/* One file that differs from what was laid; mode 0: it is not there. */
struct raid_shadow_change {
	const char *path;
	unsigned old_mode, mode;
	const struct raid_buf *before, *after;
};

/* Call fn for each file that was changed, added (unless ignored) or
 * removed, in the order of paths. */
RAID_MUST int raid_shadow_changes(struct raid_shadow *s,
    int (*fn)(void *arg, const struct raid_shadow_change *c,
    struct raid_err *err), void *arg, struct raid_err *err);

#endif
