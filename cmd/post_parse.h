/* SPDX-License-Identifier: ISC */
/* raid-post -n: what a body would be parsed to. */
#ifndef RAID_POST_PARSE_H
#define RAID_POST_PARSE_H

#include "base/buf.h"
#include "base/str.h"

/* Print it, as JSON or as lines; hashtags are those of -t. */
void post_parse(const struct raid_buf *body, const struct raid_list *hashtags,
    int json);

#endif
