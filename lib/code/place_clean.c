/* SPDX-License-Identifier: ISC */
/* Changes as a clean diff, and a clean diff as changes. */
#include <string.h>

#include "code/diff.h"
#include "code/place.h"

int
raid_place_apply_clean(const void *diff, size_t len,
    const struct raid_place_base *base, struct raid_place *out,
    struct raid_err *err)
{
	struct raid_edits e;
	int r;

	*out = (struct raid_place){ 0 };
	r = raid_edits_clean(diff, len, &e, err);
	if (r == 0)
		r = raid_place(&e, base, RAID_PLACE_CLEAN, out, err);
	raid_edits_free(&e);
	return r;
}

int
raid_place_print(const struct raid_place *pl, struct raid_buf *diff,
    struct raid_err *err)
{
	for (size_t i = 0; i < pl->n; i++) {
		const struct raid_place_change *c = &pl->v[i];
		const char *to = c->new_path != NULL ? c->new_path : c->path;
		struct raid_diff_side a = { c->path, c->old_mode, c->before.p,
			c->before.len };
		struct raid_diff_side b = { to, c->mode, c->after.p,
			c->after.len };

		if (memchr(a.p, '\0', a.len) != NULL ||
		    memchr(b.p, '\0', b.len) != NULL)
			return raid_fail(err, RAID_NO,
			    "%.300s: is no text, so there is no diff of it",
			    c->path);
		raid_diff_print(diff, &a, &b);
	}
	return 0;
}
