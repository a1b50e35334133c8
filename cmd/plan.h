/* SPDX-License-Identifier: ISC */
/* Changes of files on standard output: what would be done, or the diff. */
#ifndef RAID_PLAN_H
#define RAID_PLAN_H

#include "code/place.h"

/* A line for each change, "post_1 would modify x", or one of JSON. */
void plan_print(const struct raid_place *pl, const char *tag, int json);

/* The clean diff, or with json a line that holds it. */
RAID_MUST int plan_print_diff(const struct raid_place *pl, int json,
    struct raid_err *err);

#endif
