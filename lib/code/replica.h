/* SPDX-License-Identifier: ISC */
/*
 * A replica: a throw-away copy of a base in a folder of its own, with or
 * without a clean diff applied, and what a command changed in it.
 */
#ifndef RAID_CODE_REPLICA_H
#define RAID_CODE_REPLICA_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/str.h"
#include "code/repo.h"
#include "raid.h"

struct raid_shadow;

struct raid_replica {
	char *dir;		/* private, beneath $TMPDIR or /tmp */
	char *tree;		/* the copy */
	struct raid_shadow *shadow;
	int lock;		/* held on dir while we live */
};

/* What is laid: a commit, then files, then a diff. */
struct raid_replica_opts {
	const char *commit;			/* NULL: nothing */
	const struct raid_overlay *files;	/* NULL: none */
	const void *diff;			/* clean; NULL: none */
	size_t diff_len;
	uid_t owner;		/* of the copy; only root may name another */
};

/*
 * Make one, and remove those of ours whose makers were killed.  repo must
 * outlive it.  A diff that does not apply is RAID_NO
 * with the reason.  Freed by the caller in every case.
 */
RAID_MUST int raid_replica_make(struct raid_replica *r,
    struct raid_repo *repo, const struct raid_replica_opts *o,
    struct raid_err *err);

/* Remove it from the disk. */
void raid_replica_free(struct raid_replica *r);

/*
 * What differs from what was laid, appended as a clean diff; ignored files
 * and .git do not count.  Files that no text diff can show are added to
 * left_out.
 */
RAID_MUST int raid_replica_changes(struct raid_replica *r,
    struct raid_buf *diff, struct raid_list *left_out, struct raid_err *err);

/*
 * What stands at a path of a base: among the files that lie over it, else in
 * the commit; the diff is not looked at.  As raid_repo_file.
 */
RAID_MUST int raid_replica_file(struct raid_repo *repo,
    const struct raid_replica_opts *o, const char *path, struct raid_buf *b,
    unsigned *mode, struct raid_err *err);

/*
 * What a clean diff makes of a commit with files over it: each changed file
 * is set in out (mode 0: removed).  RAID_NO when it does not apply.
 */
RAID_MUST int raid_replica_apply(struct raid_repo *repo,
    const struct raid_replica_opts *o, struct raid_overlay *out,
    struct raid_err *err);

#endif
