/* SPDX-License-Identifier: ISC */
/* Regular expressions over bytes (PCRE2, UTF off, compiled just in time). */
#ifndef RAID_BASE_MATCH_H
#define RAID_BASE_MATCH_H

#include <stddef.h>

#include "raid.h"

struct raid_match;

/* The pattern is multi-line: ^ and $ match at line ends. */
struct raid_match *raid_match_new(const char *pattern, struct raid_err *err);
void raid_match_free(struct raid_match *m);

#define RAID_MATCH_GROUPS 8

struct raid_span {
	size_t start, len;	/* start is (size_t)-1 when it took no part */
};

/*
 * Look from *pos on; set *pos behind the match.  1 found (groups[0] is the
 * whole), 0 none; a pattern that runs into PCRE2's limits counts as none.
 */
int raid_match_next(struct raid_match *m, const void *p, size_t len,
    size_t *pos, struct raid_span groups[RAID_MATCH_GROUPS]);

/*
 * The first match that starts at from or later, but not behind to; it may
 * end, and look around, anywhere in the text.  1 found, 0 none, -1 gave up
 * at PCRE2's limits: whether there is one is not known.
 */
RAID_MUST int raid_match_within(struct raid_match *m, const void *p,
    size_t len, size_t from, size_t to,
    struct raid_span groups[RAID_MATCH_GROUPS]);

#endif
