/* SPDX-License-Identifier: ISC */
/* Secrets in what is printed of a log are masked. */
#ifndef RAID_LOGSUM_MASK_H
#define RAID_LOGSUM_MASK_H

#include "base/redact.h"

struct logsum_mask {
	struct raid_redact *patterns;
	struct raid_redact_found found;
};

/*
 * Raid's own patterns, and those of the project, if it is trusted, and the
 * user's.  No journal is needed.  -1: the patterns are not there, or are
 * wrong (RAID_ECONFIG).
 */
RAID_MUST int logsum_mask_open(struct logsum_mask *m, struct raid_err *err);
void logsum_mask_close(struct logsum_mask *m);

/* Append a text to out with its secrets masked; arg is the mask.  What
 * cannot be searched is left out with a note. */
void logsum_mask_add(void *arg, const void *p, size_t len,
    struct raid_buf *out);

#endif
