/* SPDX-License-Identifier: ISC */
/*
 * The lines of a log as they stand there, a line for each that logs/log.h
 * counts, in the same order.  Of a line that is longer than RAID_LOGLINE_MAX
 * the beginning is kept; the lines of a private key are RAID_KEYLINE.
 */
#ifndef RAID_LOGS_VERBATIM_H
#define RAID_LOGS_VERBATIM_H

#include "logs/journald.h"
#include "logs/keyline.h"
#include "logs/lines.h"

struct raid_verbatim {
	raid_logline_fn *fn;
	void *arg;
	struct raid_buf line;	/* the beginning of one */
	int open;		/* it has no end yet */
	struct raid_journald *journal;	/* the file has this format */
	int begun;		/* the file has some bytes */
	struct raid_keylines keys;
};

void raid_verbatim_init(struct raid_verbatim *v, raid_logline_fn *fn,
    void *arg);
void raid_verbatim_free(struct raid_verbatim *v);
void raid_verbatim_add(struct raid_verbatim *v, const void *p, size_t len);

/* The end of a file: what came behind the last newline is a line. */
void raid_verbatim_end(struct raid_verbatim *v);

#endif
