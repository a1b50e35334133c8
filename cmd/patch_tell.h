/* SPDX-License-Identifier: ISC */
/* What raid-patch tells of the hunks that it placed, or of why it did not. */
#ifndef RAID_PATCH_TELL_H
#define RAID_PATCH_TELL_H

#include "base/json.h"
#include "code/place.h"

/* A line on standard error for each hunk: where it went and what was mended. */
void patch_tell_hunks(const struct raid_place *pl);

/* How long the placing took, in seconds, on standard error. */
void patch_tell_time(const struct raid_place *pl, double seconds);

/* The hunks as raid-patch(1) has them for -j; the caller frees. */
struct raid_json *patch_tell_json(const struct raid_place *pl);

/* A line of JSON: a refusal, with its hunks; tag may be NULL. */
void patch_tell_refusal(const struct raid_place *pl, const char *tag,
    const struct raid_err *why);

/*
 * What to answer to whoever made the edits: why they were refused, and the
 * lines of the file around the place.  member, who is addressed, may be NULL;
 * language as raid_msg has it.  The caller frees.
 */
char *patch_tell_reject(const char *language, const char *member,
    const struct raid_place *pl, const struct raid_err *why);

#endif
