/* SPDX-License-Identifier: ISC */
/*
 * Lines of a stream of bytes, cleaned: without CR at the end, without ANSI
 * sequences, of a progress bar (inner CR) its last state; other control
 * characters are blanks.  Of a line that is longer than RAID_LOGLINE_MAX the
 * beginning is kept.
 */
#ifndef RAID_LOGS_LINES_H
#define RAID_LOGS_LINES_H

#include <stddef.h>

#include "base/buf.h"

#define RAID_LOGLINE_MAX ((size_t)64 << 10)

/* Takes each line; p is borrowed for the call. */
typedef void raid_logline_fn(void *arg, const unsigned char *p,
    size_t len);

struct raid_loglines {
	raid_logline_fn *fn;
	void *arg;
	struct raid_buf carry;	/* the beginning of a line */
	struct raid_buf clean;
	int open;		/* the last line is not yet ended */
	int ascii;		/* the line that is given is nothing else */
};

void raid_loglines_init(struct raid_loglines *l, raid_logline_fn *fn,
    void *arg);
void raid_loglines_free(struct raid_loglines *l);
void raid_loglines_add(struct raid_loglines *l, const void *p, size_t len);

/* The end of a file: what came behind the last newline is a line. */
void raid_loglines_end(struct raid_loglines *l);

#endif
