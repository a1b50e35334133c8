/* SPDX-License-Identifier: ISC */
/* Shared by lib/code/repo_commit*.c: a commit that is being made. */
#ifndef RAID_CODE_REPO_COMMIT_PRIV_H
#define RAID_CODE_REPO_COMMIT_PRIV_H

#include "code/folder.h"
#include "code/repo_commit.h"
#include "code/repo_git.h"

/* One side of a touched path; mode 0: not there. */
struct raid_side {
	unsigned mode;
	const struct raid_buf *data;
};

/* A rename touches two paths; all else one. */
struct raid_touched {
	const char *path;
	struct raid_side before, after;
	int done;		/* the file is as it shall be already */
};

struct raid_making {
	struct raid_repo *r;
	const struct raid_commit_opts *o;
	char head[RAID_REPO_HEX];
	struct raid_touched *v;
	size_t n;
	struct raid_folder folder;	/* the work tree */
	int dirfd;		/* the same, borrowed */
	int trust_mode;		/* core.filemode */
	git_index *index;
	git_oid commit;
};

/*
 * Look at everything that could be in the way, as raid_repo_commit_check
 * says.  Call raid_commit_finish in every case.
 */
RAID_MUST int raid_commit_prepare(struct raid_making *w,
    struct raid_err *err);
void raid_commit_finish(struct raid_making *w);

#endif
