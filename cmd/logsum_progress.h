/* SPDX-License-Identifier: ISC */
/*
 * How far the reading of long files is: one line on the terminal, from the
 * second second on, that is rewritten and taken away at the end.  Nothing
 * where standard error is no terminal.
 */
#ifndef RAID_LOGSUM_PROGRESS_H
#define RAID_LOGSUM_PROGRESS_H

#include <stddef.h>

struct logsum_progress {
	int on;
	long long size;		/* bytes of all files, 0: not known */
	long long before;	/* of those that were read to their end */
	long long lines;
	double start, drawn;	/* seconds; drawn 0: nothing stands there */
};

/* size: bytes of all files together as they lie there, 0: not known. */
void logsum_progress_start(struct logsum_progress *p, long long size);

/* Some bytes of a log, len of them, were read; at is the position in the
 * file that they came from. */
void logsum_progress_add(struct logsum_progress *p, const void *bytes,
    size_t len, long long at);

/* A file of so many bytes was read. */
void logsum_progress_file(struct logsum_progress *p, long long at);

/* Take the line away: before anything else is written, too. */
void logsum_progress_clear(struct logsum_progress *p);

#endif
