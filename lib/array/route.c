/* SPDX-License-Identifier: ISC */
#include "array/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

size_t
raid_route_make(const struct raid_roster *r, const char *author,
    const struct raid_list *mentions, const struct raid_list *hashtags,
    struct raid_route *out)
{
	char *who = raid_utf8_fold(author, strlen(author));
	int all = raid_list_has(mentions, "all"), addressed;
	int critics = raid_list_has(hashtags, "critics_allowed");
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct raid_member *m = &r->v[i];

		if (strcmp(m->folded, who) == 0)
			continue;
		addressed = all || raid_list_has(mentions, m->folded);
		if (addressed || critics)
			out[n++] = (struct raid_route){ m, !addressed };
	}
	free(who);
	return n;
}
