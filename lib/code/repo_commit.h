/* SPDX-License-Identifier: ISC */
/*
 * Committing placed changes: exactly these, nothing else of the work tree.
 * All is checked first; then objects are written, then the touched files and
 * their index entries, then the branch moves by compare-and-swap.
 */
#ifndef RAID_CODE_REPO_COMMIT_H
#define RAID_CODE_REPO_COMMIT_H

#include "code/place.h"
#include "code/repo.h"

struct raid_commit_opts {
	const struct raid_place *changes;
	const char *base;	/* the commit that the patch was made on */
	const char *message;	/* whole, with its trailers */
	const char *author;	/* NULL: who commits */
	const char *email;
	long long now;		/* seconds since 1970 */
	int no_verify;		/* although git would sign or run hooks */
};

/*
 * May these changes be committed on HEAD now?  RAID_NO with the reason and
 * what helps: HEAD is not the base and differs at a touched path, a touched
 * path is dirty or staged, a merge or rebase is going on, HEAD is unborn.
 * RAID_ECONFIG: no identity, git would sign, or run hooks.  A touched file
 * that is already as the changes want it is fine.
 */
RAID_MUST int raid_repo_commit_check(struct raid_repo *r,
    const struct raid_commit_opts *o, struct raid_err *err);

/*
 * Check and commit; hex receives the commit.  When HEAD moves meanwhile the
 * files are put back and it is RAID_ETEMP.
 */
RAID_MUST int raid_repo_commit_make(struct raid_repo *r,
    const struct raid_commit_opts *o, char hex[RAID_REPO_HEX],
    struct raid_err *err);

/* Does HEAD's message have this line?  1 yes, with its name in hex; 0 no. */
RAID_MUST int raid_repo_head_says(struct raid_repo *r, const char *line,
    char hex[RAID_REPO_HEX], struct raid_err *err);

#endif
