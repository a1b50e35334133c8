/* SPDX-License-Identifier: ISC */
/*
 * Calls of members: reserved before they are made, fed while the answer
 * comes, ended with the answer's post in one transaction.
 */
#ifndef RAID_JOURNAL_CALL_H
#define RAID_JOURNAL_CALL_H

#include "base/price.h"
#include "journal/post.h"

/* A call that is about to be made, and what it may use and cost at most. */
struct raid_call_new {
	const char *tag;	/* the post that is asked about */
	const char *member, *model;
	long long input, output;	/* tokens; 0: no estimate */
	long long cost;		/* millionths of a dollar; <= 0: none */
};

/* Reserve it; *id names it from then on. */
RAID_MUST int raid_call_begin(struct raid_db *db,
    const struct raid_call_new *c, long long *id, struct raid_err *err);

/* Keep what has come so far, so that kill -9 does not lose it. */
RAID_MUST int raid_call_part(struct raid_db *db, long long id, const void *p,
    size_t len, struct raid_err *err);

struct raid_call_end {
	const char *status;	/* complete truncated interrupted refused
				 * silent failed */
	const char *reason;	/* for people; "" when complete */
	const struct raid_draft *answer;	/* NULL: nothing to post */
	const char *raw;	/* what was said but is no post, or NULL */
	double seconds;
	double first;		/* seconds to the first token; <= 0: none
				 * came, or nobody looked */
	const struct raid_usage *usage;	/* NULL: nobody counted */
	const char *raw_usage;	/* the counts as the provider gave them
				 * (JSON), or NULL */
	long long cost;		/* millionths; counts with usage != NULL;
				 * < 0: no price is known */
	int estimated;		/* the cost rests on an estimate */
};

/* End it, in one transaction; tag receives that of the answer, or "". */
RAID_MUST int raid_call_end(struct raid_db *db, long long id,
    const struct raid_call_end *e, char tag[RAID_TAG_SIZE],
    struct raid_err *err);

/* The complete answer of member to the post tag.  1 found, 0 none. */
RAID_MUST int raid_call_answered(struct raid_db *db, const char *tag,
    const char *member, char answer[RAID_TAG_SIZE], struct raid_err *err);

/* Does another process ask member about the post tag just now?  1 yes, 0 no;
 * inside the transaction that begins a call nobody can get in between. */
RAID_MUST int raid_call_busy(struct raid_db *db, const char *tag,
    const char *member, struct raid_err *err);

/* What the answer cost in USD; 0 where nobody says. */
RAID_MUST int raid_call_cost(struct raid_db *db, const char *answer,
    double *cost, struct raid_err *err);

/*
 * Calls of this post whose process is gone without ending them (kill -9):
 * what came of each answer is posted as interrupted, and the call ended.  It
 * still counts with its estimate.  Returns how many, or -1.
 */
RAID_MUST int raid_call_recover(struct raid_db *db, const char *tag,
    struct raid_err *err);

/* An answer that is being written: by whom, and how long it is by now. */
struct raid_live {
	char *member;
	size_t tokens;		/* an estimate */
};

struct raid_lives {
	struct raid_live *v;
	size_t n, cap;
};

/* Those whose process lives, oldest first, among the newest 200 calls.  The
 * caller frees, on failure too. */
RAID_MUST int raid_call_live(struct raid_db *db, struct raid_lives *out,
    struct raid_err *err);
void raid_lives_free(struct raid_lives *l);

#endif
