/* SPDX-License-Identifier: ISC */
/* What was learned, in files: written, joined, compared with. */
#ifndef RAID_LOGSUM_STATE_H
#define RAID_LOGSUM_STATE_H

#include "logsum.h"

/* --merge: add all states of the files to the log.  Returns the status; what
 * is no state ends it. */
int logsum_state_merge(struct logsum *g);

/* Read the old log of --compare, which may be a state, and finish it.  Returns
 * the status that ends the program; what is less is in g->status. */
int logsum_state_old(struct logsum *g);

/* --state: before the log is finished.  Returns the status. */
int logsum_state_write(struct logsum *g);

#endif
