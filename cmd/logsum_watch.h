/* SPDX-License-Identifier: ISC */
/*
 * Files that grow, followed by name: one that is cut is read again from its
 * beginning, one that is moved away to its end, and then the new one of its
 * name, which may come later.  A pipe is read to its end.  What is compressed
 * is read once.
 */
#ifndef RAID_LOGSUM_WATCH_H
#define RAID_LOGSUM_WATCH_H

#include <signal.h>

#include "logsum_read.h"

struct logsum_watch;

/*
 * The sink is given whole lines, of one file at a time: end_log says that
 * what comes next is of another file, or of a new one of this name.
 */
struct logsum_watch *logsum_watch_new(const struct logsum_files *f,
    const struct logsum_sink *s);
void logsum_watch_free(struct logsum_watch *w);

enum {
	LOGSUM_WATCH_QUIET,	/* nothing new */
	LOGSUM_WATCH_SOME,	/* something, and for now this was all */
	LOGSUM_WATCH_MORE,	/* something, and there is more */
	LOGSUM_WATCH_OVER	/* nothing will come any more */
};

/*
 * Read what is there, a megabyte or so.  What is wrong is said once, and the
 * highest of the codes is put into *status if it is higher.
 */
int logsum_watch_read(struct logsum_watch *w, int *status);

/* Wait for a quarter of a second, a signal that the mask lets through, or a
 * pipe that has something.  -1: nobody reads standard output any more. */
int logsum_watch_wait(struct logsum_watch *w, const sigset_t *mask);

/* The beginnings of lines that have no end yet are lines now. */
void logsum_watch_end(struct logsum_watch *w);

/* The file that the sink is given lines of. */
const char *logsum_watch_name(const struct logsum_watch *w);

#endif
