/* SPDX-License-Identifier: ISC */
/* Shared by lib/code/repo*.c alone: the door to libgit2. */
#ifndef RAID_CODE_REPO_GIT_H
#define RAID_CODE_REPO_GIT_H

#include <sys/types.h>

#include <sys/stat.h>

#include <git2.h>

#include "base/githead.h"
#include "code/repo.h"

struct raid_repo {
	git_repository *git;
	git_config *user;	/* the user's configuration; identity only */
	struct raid_git where;
	int partial;		/* objects may be missing */
};

/* Fail with libgit2's last message behind ours. */
int raid_repo_fail(const struct raid_repo *r, struct raid_err *err,
    const char *fmt, ...) RAID_PRINTF(3, 4);

/* A commit by its full name. */
RAID_MUST int raid_repo_lookup(struct raid_repo *r, const char *hex,
    git_commit **commit, struct raid_err *err);

/* A setting of the user's files over the repository's own; the caller
 * frees; NULL: nowhere. */
char *raid_repo_setting(const struct raid_repo *r, const char *name);

/* One file of the work tree, whose root is dirfd, without following a link.
 * 1: there, 0: absent or a folder. */
RAID_MUST int raid_repo_read_work(int dirfd, const char *path,
    struct raid_buf *b, unsigned *mode, struct raid_err *err);

/* Write objects, each once, as a pack into the folder dir. */
RAID_MUST int raid_repo_pack(git_odb *odb, const git_oid *ids, size_t n,
    const char *dir, struct raid_err *err);

/* Give the replica work its own .git: the index file, and a commit of tree
 * with all its objects, which ids lists but for the commit. */
struct raid_repo_dotgit {
	git_repository *git;	/* where the objects are found */
	const git_oid *tree;
	git_oid *ids;		/* with room for one more */
	size_t n;
	const char *work, *index;
	uid_t owner;
};

RAID_MUST int raid_repo_dotgit(const struct raid_repo_dotgit *d,
    struct raid_err *err);

/* What an index entry keeps of a file, so that git need not read it. */
void raid_repo_entry_stat(git_index_entry *e, const struct stat *st);

#endif
