/* SPDX-License-Identifier: ISC */
/* raid-post --retract and --purge. */
#ifndef RAID_POST_RETRACT_H
#define RAID_POST_RETRACT_H

#include "store.h"

/* Take a post back and print the tag of the post that says so; why is its
 * body, or NULL. */
RAID_MUST int post_retract(struct store *s, const char *operand,
    const char *author, const char *why, int json, struct raid_err *err);

/* Remove the text of a post, after a person has said yes on /dev/tty. */
RAID_MUST int post_purge(struct store *s, const char *operand,
    struct raid_err *err);

#endif
