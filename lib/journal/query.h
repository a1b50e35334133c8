/* SPDX-License-Identifier: ISC */
/* Posts that fit a description; threads; the window and its cascade. */
#ifndef RAID_JOURNAL_QUERY_H
#define RAID_JOURNAL_QUERY_H

#include "journal/post.h"

struct raid_posts {
	struct raid_post *v;
	size_t n, cap;
};

void raid_posts_free(struct raid_posts *p);

/* All that is set must hold; zero means "any". */
struct raid_query {
	const struct raid_tag *tag;	/* just this post */
	const char *author;		/* folded here */
	const char *hashtag;		/* without '#', folded here */
	const char *kind;
	const char *words;		/* each must occur; "..." is a phrase */
	const char *reply_to;		/* a tag */
	long long since, until;		/* seconds; until is included */
	const char *thread;		/* a tag: its whole tree of replies */
	const struct raid_tag *upto;	/* not later than this one */
	long long after, until_id;	/* id > after, id <= until_id */
	int unanswered;			/* see below */
	int newest_first;		/* else oldest first */
	size_t limit;			/* the newest so many; 0: all */
};

/*
 * A post is unanswered if it is a chat that mentions somebody besides its
 * author, @dev and @agent, and none of those mentioned (for @all: nobody but
 * the author) has a complete reply to it.  One that was retracted is not
 * waiting any more.
 */

/* In journal order unless newest_first says otherwise.  The caller frees, on
 * failure too. */
RAID_MUST int raid_query_run(struct raid_db *db, const struct raid_query *q,
    struct raid_posts *out, struct raid_err *err);

/* The same, one at a time: fn returns 0 to go on, -1 to fail (having set
 * err).  What it wants to keep it may move out of the post. */
RAID_MUST int raid_query_each(struct raid_db *db, const struct raid_query *q,
    int (*fn)(struct raid_post *, void *, struct raid_err *), void *arg,
    struct raid_err *err);

/* The id of the newest post of all; 0 if there is none. */
RAID_MUST int raid_query_newest(struct raid_db *db, long long *id,
    struct raid_err *err);

/*
 * The last `window` posts up to and including tag, and what they refer to
 * or reply to, recursively; at most max posts in all, nearest first served.
 * In journal order.
 */
RAID_MUST int raid_query_cascade(struct raid_db *db, const char *tag,
    size_t window, size_t max, struct raid_posts *out, struct raid_err *err);

#endif
