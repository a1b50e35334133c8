/* SPDX-License-Identifier: ISC */
#include "base/clock.h"
#include "patch_opts.h"
#include "patch_tell.h"

int
patch_place(const struct patch_opts *o, const struct raid_edits *e,
    const struct raid_place_base *base, struct raid_place *pl,
    struct raid_err *err)
{
	double begin = raid_clock_mono();
	int r = raid_place(e, base, RAID_PLACE_ALIGNED, pl, err);

	if (o->time)
		patch_tell_time(pl, raid_clock_mono() - begin);
	if (o->explain)
		patch_tell_hunks(pl);
	return r;
}
