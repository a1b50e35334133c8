/* SPDX-License-Identifier: ISC */
/* Waiting for what others write to a journal. */
#ifndef RAID_JOURNAL_FOLLOW_H
#define RAID_JOURNAL_FOLLOW_H

#include <signal.h>

#include "journal/db.h"

struct raid_follow;

enum raid_follow_event {
	RAID_FOLLOW_QUIET,	/* a while is over, or a signal came */
	RAID_FOLLOW_NEWS,	/* somebody has committed something */
	RAID_FOLLOW_GONE	/* nobody reads our output any more */
};

/*
 * Begin to watch; what is committed from here on is news.  *db is borrowed
 * until raid_follow_close.  Where the folder may not be written the journal
 * is opened anew at times, since SQLite sees no changes there: then *db is
 * another one after raid_follow_wait.
 */
RAID_MUST int raid_follow_open(struct raid_follow **f, struct raid_db **db,
    struct raid_err *err);
void raid_follow_close(struct raid_follow *f);

/*
 * Wait for an event, at most about a second.  out is a descriptor to end
 * with (-1: none) when it is a pipe or socket whose reader is gone; mask is
 * the signal mask while waiting, as in ppoll(2).  -1 and RAID_ENOINPUT when
 * the journal is not the same file any more.
 */
RAID_MUST int raid_follow_wait(struct raid_follow *f, int out,
    const sigset_t *mask, struct raid_err *err);

#endif
