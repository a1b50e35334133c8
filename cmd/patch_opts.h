/* SPDX-License-Identifier: ISC */
/* What of the options of raid-patch is for placing. */
#ifndef RAID_PATCH_OPTS_H
#define RAID_PATCH_OPTS_H

#include "code/place.h"

struct patch_opts {
	int json;	/* print JSON lines */
	int dry;	/* only say what would be done */
	int partial;	/* take what was truncated or interrupted, too */
	int explain;	/* say where each hunk went */
	int time;	/* and how long that took */
	int reject;	/* answer what is refused */
	unsigned allow;	/* rules of code/degrade that are waived */
};

/* raid_place, with what is told of it on standard error. */
RAID_MUST int patch_place(const struct patch_opts *o,
    const struct raid_edits *e, const struct raid_place_base *base,
    struct raid_place *pl, struct raid_err *err);

#endif
