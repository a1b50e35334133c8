/* SPDX-License-Identifier: ISC */
/* The members of the array, as raid-array(5) has them. */
#ifndef RAID_ARRAY_ROSTER_H
#define RAID_ARRAY_ROSTER_H

#include "base/json.h"
#include "base/str.h"
#include "raid.h"

struct raid_member {
	char *name;		/* as it is written in the file */
	char *folded;		/* case-folded, as mentions are */
	char *provider;		/* "exec" */
	char *role, *model;	/* "" if not given */
	char *email;		/* of its commits; "" if not given */
	struct raid_list command;	/* of exec */
	int local;		/* nothing leaves the machine */
	double idle, wall;	/* seconds without output, and in all */
};

struct raid_roster {
	struct raid_member *v;
	size_t n, cap;
	size_t answer_bytes;	/* most that an answer may have */
};

/*
 * Build it from the project's array.json over the user's (either may be
 * NULL).  A member of both is the project's.  A mistake is RAID_ECONFIG and
 * names member and key.  Free in every case.
 */
RAID_MUST int raid_roster_parse(struct raid_roster *r,
    const struct raid_json *project, const struct raid_json *user,
    struct raid_err *err);
void raid_roster_free(struct raid_roster *r);

/* By name, in any case; NULL if there is none. */
const struct raid_member *raid_roster_find(const struct raid_roster *r,
    const char *name);

#endif
