/* SPDX-License-Identifier: ISC */
/* Who answers a post: a rule, never a guess of a model. */
#ifndef RAID_ARRAY_ROUTE_H
#define RAID_ARRAY_ROUTE_H

#include "array/roster.h"

struct raid_route {
	const struct raid_member *member;	/* of the roster */
	int critic;		/* asked only because critics are allowed */
};

/*
 * mentions and hashtags are folded; author never answers itself.  Members
 * come in the order of the roster.  Returns how many of out, which has room
 * for all members, are set.
 */
size_t raid_route_make(const struct raid_roster *r, const char *author,
    const struct raid_list *mentions, const struct raid_list *hashtags,
    struct raid_route *out);

#endif
