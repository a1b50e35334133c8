/* SPDX-License-Identifier: ISC */
/* What members are worth, by the verdicts on their patches. */
#ifndef RAID_JOURNAL_RANK_H
#define RAID_JOURNAL_RANK_H

#include "journal/db.h"

struct raid_rank {
	char *member;		/* folded */
	long long tasks;	/* threads in which a patch of it was tested */
	long long first;	/* of them: the first patch passed */
	long long passed;	/* of them: a patch passed in the end */
	long long calls;	/* that have ended */
	double seconds;		/* median of its complete calls; < 0: none */
	long long cost;		/* of all its calls, millionths of a dollar */
	int estimated;		/* some of it; or a call whose cost nobody
				 * knows, which counts as nothing */
};

struct raid_ranks {
	struct raid_rank *v;
	size_t n, cap;
};

/*
 * All who were asked or whose patch was tested, since a moment in seconds.
 * The best first: by what share of first patches passes at least (the lower
 * end of Wilson's interval of 95 %, so that 1 of 1 is not above 95 of 100),
 * then by cost a passing task, then by time.  The caller frees, on failure
 * too.
 */
RAID_MUST int raid_rank_make(struct raid_db *db, long long since,
    struct raid_ranks *out, struct raid_err *err);
void raid_ranks_free(struct raid_ranks *r);

/* The lower end of Wilson's interval: k of n. */
double raid_rank_lower(long long k, long long n);

#endif
