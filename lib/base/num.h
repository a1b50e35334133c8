/* SPDX-License-Identifier: ISC */
/* Numbers from text, checked: the whole of it, in bounds, or RAID_EUSAGE. */
#ifndef RAID_BASE_NUM_H
#define RAID_BASE_NUM_H

#include "raid.h"

/* A decimal integer between min and max; what names it in the message. */
RAID_MUST int raid_num_parse(const char *s, long long min, long long max,
    long long *out, const char *what, struct raid_err *err);

/* A span of time in seconds: "90", "1.5s", "10m", "2h", "7d", "500ms". */
RAID_MUST int raid_num_span(const char *s, double *seconds, const char *what,
    struct raid_err *err);

/* A size in bytes: "4096", "64K", "8M", "2G" (powers of 1024). */
RAID_MUST int raid_num_size(const char *s, long long *bytes, const char *what,
    struct raid_err *err);

#endif
