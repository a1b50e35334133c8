/* SPDX-License-Identifier: ISC */
/* From an answer to the post of its patch. */
#ifndef RAID_PATCH_ANSWER_H
#define RAID_PATCH_ANSWER_H

#include "patch_opts.h"
#include "store.h"

/*
 * Find the edits of the answer p, place them on the base of its question,
 * post the clean diff and print its tag.  The patch that was made of it
 * before is printed instead.  RAID_NO: no edit in it, or refused, with what
 * helps.
 */
RAID_MUST int patch_answer(struct store *s, const struct patch_opts *o,
    const struct raid_post *p, struct raid_err *err);

#endif
