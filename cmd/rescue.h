/* SPDX-License-Identifier: ISC */
/* An answer that the journal does not take is kept in a file. */
#ifndef RAID_RESCUE_H
#define RAID_RESCUE_H

#include "store.h"

/*
 * Write an answer to a file of its own, 0600 and synced, in the folder of the
 * user's state, else in TMPDIR, and say on stderr where it is and with which
 * command it comes back: a JSON line for raid-post --import, or the bytes as
 * they are where they are no body.  Failing that, say so.
 */
void rescue_answer(struct store *s, const struct raid_draft *d);

#endif
