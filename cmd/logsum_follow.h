/* SPDX-License-Identifier: ISC */
/* raid-logsum -F: the page of what is there, then what is new in it. */
#ifndef RAID_LOGSUM_FOLLOW_H
#define RAID_LOGSUM_FOLLOW_H

#include "logsum.h"

/* Before the log is made: it will tell what is new. */
struct logsum_follow *logsum_follow_new(struct logsum *g);

/*
 * Follow the files until a signal comes, all of them have ended, or a
 * condition of --fail-on holds.  Print the page of what is there and each
 * line that begins a new template; the last page is left to the caller.
 * Returns RAID_NO for such a condition, else RAID_OK or what went wrong.
 */
int logsum_follow_run(struct logsum_follow *f);
void logsum_follow_free(struct logsum_follow *f);

#endif
