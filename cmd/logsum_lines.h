/* SPDX-License-Identifier: ISC */
/* Which template each line of a log has: --assign and --show. */
#ifndef RAID_LOGSUM_LINES_H
#define RAID_LOGSUM_LINES_H

#include "logsum.h"

/* Keep the group of each line from now on, in a temporary file: before the
 * log is opened.  RAID_EIO. */
RAID_MUST int logsum_lines_keep(struct logsum *g, struct raid_err *err);

/* --assign: print the id of each line.  Returns the status. */
int logsum_lines_assign(struct logsum *g);

/*
 * --show: print the lines of the template whose id begins so, by a second
 * reading.  RAID_NO with a word on standard error: there is none, or there
 * are several.
 */
int logsum_lines_show(struct logsum *g);

#endif
