/* SPDX-License-Identifier: ISC */
/* The files of raid-logsum, read once or twice, one after the other. */
#ifndef RAID_LOGSUM_READ_H
#define RAID_LOGSUM_READ_H

#include <stddef.h>

#include "raid.h"

struct logsum_file {
	const char *name;	/* as it was given; "-" is standard input */
	int fd;			/* a copy of what can be read but once, or -1 */
};

struct logsum_files {
	struct logsum_file *v;
	size_t n;
};

/* Takes what is read. */
struct logsum_sink {
	void (*begin_log)(void *arg, const char *name);	/* may be NULL; the
				 * name is of file and member */
	void (*add)(void *arg, const void *p, size_t len);
	void (*end_log)(void *arg);	/* a file or a member ends */
	void *arg;
};

/* The operands, or standard input for none; names are borrowed. */
void logsum_files_init(struct logsum_files *f, char *const *names, size_t n);
void logsum_files_free(struct logsum_files *f);

/*
 * They will be read twice: what is no regular file is copied to a temporary
 * one now.  RAID_EIO.  What cannot be opened is left to logsum_read.
 */
RAID_MUST int logsum_files_keep(struct logsum_files *f, struct raid_err *err);

/*
 * Read all of them, with progress on the terminal.  What is wrong is said on
 * standard error, unless quiet, and the highest of the codes is returned.
 */
int logsum_read(const struct logsum_files *f, const struct logsum_sink *s,
    int quiet);

/* A temporary file that has no name any more, in $TMPDIR or /tmp; -1 with
 * RAID_EIO. */
int logsum_temp(struct raid_err *err);

#endif
