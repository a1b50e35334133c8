/* SPDX-License-Identifier: ISC */
/* From an answer to the post of its patch. */
#ifndef RAID_PATCH_ANSWER_H
#define RAID_PATCH_ANSWER_H

#include "code/place.h"
#include "store.h"

struct patch_opts {
	int json;	/* print JSON lines */
	int dry;	/* only say what would be done */
	int partial;	/* take what was truncated or interrupted, too */
	int explain;	/* say where each hunk went */
	int time;	/* and how long that took */
	int reject;	/* answer what is refused */
};

/* raid_place, with what is told of it on standard error. */
RAID_MUST int patch_place(const struct patch_opts *o,
    const struct raid_edits *e, const struct raid_place_base *base,
    struct raid_place *pl, struct raid_err *err);

/*
 * Find the edits of the answer p, place them on the base of its question,
 * post the clean diff and print its tag.  The patch that was made of it
 * before is printed instead.  RAID_NO: no edit in it, or refused, with what
 * helps.
 */
RAID_MUST int patch_answer(struct store *s, const struct patch_opts *o,
    const struct raid_post *p, struct raid_err *err);

#endif
