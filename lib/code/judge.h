/* SPDX-License-Identifier: ISC */
/*
 * One patch before its checks: a replica, each check in the sandbox, and
 * when one fails the same on the base alone.  Several run at once: the
 * caller waits for raid_judge_proc of all and calls raid_judge_step for each
 * that ended.
 */
#ifndef RAID_CODE_JUDGE_H
#define RAID_CODE_JUDGE_H

#include "code/checks.h"
#include "code/replica.h"
#include "code/sandbox.h"
#include "code/verdict.h"

/* What is known of bases: which of their first checks fail. */
struct raid_judge_base {
	char key[RAID_HASH_SIZE];	/* of commit, files and checks */
	int *fails;
	size_t n;
};

struct raid_judge_bases {
	struct raid_judge_base *v;
	size_t n;
	size_t cap;
};

void raid_judge_bases_free(struct raid_judge_bases *b);

struct raid_judge_opts {
	struct raid_repo *repo;		/* all borrowed until the end */
	struct raid_replica_opts what;	/* owner is set here */
	const struct raid_checks *checks;
	const char *dir;		/* where they run; NULL: at the top */
	int off;			/* no sandbox */
	struct raid_judge_bases *bases;	/* look whether the base fails, too,
					 * and remember it; NULL: do not */
};

struct raid_judge {
	struct raid_judge_opts o;
	struct raid_replica replica;
	struct raid_sandbox sandbox;
	struct raid_results results;	/* one for each check */
	size_t at;			/* the check that runs */
	int on_base;			/* in the second part, */
	size_t last;			/* which ends with this check */
	int *fails;			/* of the base, so far */
	int running;
};

/*
 * Lay the replica and start the first check.  RAID_NO: the diff does not
 * apply; RAID_EUNAVAIL: no sandbox.  Freed by the caller in every case; must
 * not move until then.
 */
RAID_MUST int raid_judge_start(struct raid_judge *j,
    const struct raid_judge_opts *o, struct raid_err *err);

struct raid_proc *raid_judge_proc(struct raid_judge *j);

/*
 * The check ended: go on.  1 another one runs, 0 all is done, -1 no verdict
 * can be had: RAID_ECONFIG, a check could not be started; RAID_EINTR, we
 * were interrupted.
 */
RAID_MUST int raid_judge_step(struct raid_judge *j, struct raid_err *err);

void raid_judge_free(struct raid_judge *j);

#endif
