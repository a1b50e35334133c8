/* SPDX-License-Identifier: ISC */
/*
 * Which posts a member is shown at a post: the last ones, what they refer
 * to, and the files that the question stands on.
 */
#ifndef RAID_CONTEXT_WINDOW_H
#define RAID_CONTEXT_WINDOW_H

#include "base/buf.h"
#include "journal/query.h"

struct raid_window_opts {
	const char *tag;	/* the post to answer */
	size_t window;		/* how many of the last posts; 0: 50 */
	size_t budget;		/* tokens of bodies and files; 0: no limit */
	int local;		/* the member is local: #private is shown */
};

struct raid_window_file {
	const struct raid_file *file;	/* of owner */
	struct raid_buf content;
};

struct raid_window {
	struct raid_posts posts;	/* in journal order; asked is one */
	size_t asked;			/* index of the post to answer */
	size_t left_out;		/* posts that did not fit the budget */
	size_t hidden;			/* #private, to a member elsewhere */
	struct raid_post owner;		/* the post that carries the files */
	struct raid_window_file *files;
	size_t nfiles;
};

/* RAID_EPERM when the post itself is private and the member is not local.
 * Free in every case. */
RAID_MUST int raid_window_make(struct raid_db *db,
    const struct raid_window_opts *o, struct raid_window *w,
    struct raid_err *err);
void raid_window_free(struct raid_window *w);

#endif
