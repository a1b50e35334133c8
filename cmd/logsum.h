/* SPDX-License-Identifier: ISC */
/* What the parts of raid-logsum share. */
#ifndef RAID_LOGSUM_H
#define RAID_LOGSUM_H

#include <stdio.h>

#include "logs/log.h"
#include "logsum_mask.h"
#include "logsum_read.h"

/* What --fail-on may name, as bits. */
enum logsum_fail {
	LOGSUM_FAIL_WARN = 1,	/* a line of this level or a worse one */
	LOGSUM_FAIL_ERROR = 2,
	LOGSUM_FAIL_FATAL = 4,
	LOGSUM_FAIL_TRACE = 8,	/* a stack trace */
	LOGSUM_FAIL_TEST = 16,	/* a failed test */
	LOGSUM_FAIL_NEW = 32	/* a template that is not in the old log, or
				 * comes while the log is followed */
};

struct logsum_opts {
	int templates, assign, follow, merge, post, json;
	const char *show, *members, *compare, *state, *journal;
	long long tokens, threads;
	unsigned fail_on;	/* enum logsum_fail, added up */
};

struct logsum {
	struct logsum_opts o;
	struct raid_log_opts log_opts;
	struct raid_zone *zone;		/* NULL: UTC */
	struct logsum_mask mask;
	struct logsum_files files;
	struct raid_log *log, *old;	/* old: for --compare */
	FILE *spool;			/* the group of each line, see
					 * logsum_lines.h */
	int status;			/* of reading */
	int page_done;			/* there is nothing more to print */
};

/* The log of the options; old too, but without a window. */
struct raid_log *logsum_log_new(const struct logsum *g, int old);

/* The window of --at and --span, or of --since and --until, each NULL if it
 * was not given; what is wrong with them ends the program. */
void logsum_window(struct logsum *g, const char *at, const char *span,
    const char *since, const char *until);

/* Append the page, or the table, of the finished log, secrets masked. */
void logsum_page(struct logsum *g, struct raid_buf *b);

/* Print j, which is freed, as a line with this "text", of which what is no
 * UTF-8, or NUL, is replaced. */
struct raid_json;
void logsum_put_json(struct raid_json *j, const struct raid_buf *text);

/* The conditions of a list with commas; what is none ends the program. */
unsigned logsum_fail_parse(const char *list);

/* Which conditions of --fail-on hold?  Without finished those that are known
 * while the log is read. */
unsigned logsum_failed(const struct logsum *g, int finished);

/* "--fail-on: error, new" on standard error; nothing for none. */
void logsum_fail_say(unsigned failed);

#endif
