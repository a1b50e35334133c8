/* SPDX-License-Identifier: ISC */
/* What was asked of members, what it cost, and who did what. */
#ifndef RAID_JOURNAL_REPORT_H
#define RAID_JOURNAL_REPORT_H

#include "journal/post.h"

/* All that is set must hold; zero means "any". */
struct raid_report {
	const char *who;		/* member or actor, folded here */
	long long since, until;		/* seconds; until is included */
	size_t limit;			/* the newest so many */
};

enum raid_count {
	RAID_COUNT_INPUT,		/* neither read from nor put into one */
	RAID_COUNT_CACHE_READ,
	RAID_COUNT_CACHE_WRITE,
	RAID_COUNT_CACHE_WRITE_1H,	/* part of the one before */
	RAID_COUNT_OUTPUT,		/* reasoning is part of it */
	RAID_COUNT_REASONING,
	RAID_COUNTS
};

/*
 * One call.  A call without an end counts with its estimate; its status is
 * "running", or "interrupted" once its process is gone.
 */
struct raid_call {
	long long id, ts;
	long long post;			/* its id */
	char tag[RAID_TAG_SIZE];	/* what was asked */
	char answer[RAID_TAG_SIZE];	/* "" if there is none */
	char *member, *model, *status, *reason;
	double seconds;			/* -1: it has not ended */
	long long tokens[RAID_COUNTS];	/* -1: nobody says */
	long long cost;			/* millionths of a dollar, or -1 */
	int estimated;
};

struct raid_calls {
	struct raid_call *v;
	size_t n, cap;
};

/* Oldest first.  The caller frees, on failure too. */
RAID_MUST int raid_report_calls(struct raid_db *db,
    const struct raid_report *q, struct raid_calls *out,
    struct raid_err *err);
void raid_calls_free(struct raid_calls *c);

struct raid_audit_row {
	long long id, ts;
	char tag[RAID_TAG_SIZE];
	char *actor, *program, *action, *allowed_by, *result, *detail;
};

struct raid_audits {
	struct raid_audit_row *v;
	size_t n, cap;
};

RAID_MUST int raid_report_audit(struct raid_db *db,
    const struct raid_report *q, struct raid_audits *out,
    struct raid_err *err);
void raid_audits_free(struct raid_audits *a);

enum raid_by {
	RAID_BY_MEMBER,
	RAID_BY_MODEL,
	RAID_BY_DAY,			/* of local time */
	RAID_BY_THREAD,			/* tag of its first post */
	RAID_BY_COMMIT			/* that the answer led to; "" if none */
};

/* Sums over calls.  Each call's cost is whole millionths, so that sums of
 * sums agree. */
struct raid_sum {
	char *key;
	long long calls, complete;
	long long failed;		/* refused, interrupted, failed */
	long long tokens[RAID_COUNTS];
	long long cost;
	int estimated;			/* some of it */
};

struct raid_sums {
	struct raid_sum *v;
	size_t n, cap;
};

/* Days in their order, all others by cost, then by calls, the highest
 * first. */
RAID_MUST int raid_report_usage(struct raid_db *db,
    const struct raid_calls *calls, enum raid_by by, struct raid_sums *out,
    struct raid_err *err);
void raid_sums_free(struct raid_sums *u);

/* Add b to a, but for the key. */
void raid_sum_add(struct raid_sum *a, const struct raid_sum *b);

#endif
