/* SPDX-License-Identifier: ISC */
/* The walk over the lines of an answer that finds where edits begin. */
#ifndef RAID_CODE_EDITS_SCAN_H
#define RAID_CODE_EDITS_SCAN_H

#include "code/edits_priv.h"

/* Append all edits of the answer. */
RAID_MUST int raid_edits_scan(struct raid_edits_search *s);

/* Take what is in the fence that opens in line s->at: an edit or nothing;
 * s->at is behind it then. */
RAID_MUST int raid_edits_fence(struct raid_edits_search *s,
    struct raid_edits_fence *f);

/* Does a diff begin in line i, behind its margin? */
int raid_edits_is_diff(struct raid_edits_search *s, size_t i);

/* Is line i the header of a hunk with numbers? */
int raid_edits_is_numbered(const struct raid_edits_search *s, size_t i);

#endif
