/* SPDX-License-Identifier: ISC */
/*
 * What is learned of a log: templates, numbers, when how much came.
 *
 * Bytes go into blocks of whole lines.  Threads look at the lines of a block
 * each (header, time, words: that is most of the work and needs no memory of
 * other lines); what they found is then counted block by block in the order
 * of the lines, so that the result does not depend on the threads.
 */
#ifndef RAID_LOGS_LOG_H
#define RAID_LOGS_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "logs/build.h"
#include "logs/logtime.h"
#include "logs/metrics.h"
#include "logs/miner.h"
#include "logs/series.h"

/* A part of the time; RAID_NO_TIME: open at that end. */
struct raid_log_window {
	int64_t from, to;	/* ms since 1970, from <= t < to */
	int of_day;		/* ms of a day: the first such time of which a
				 * part is not before the log */
};

struct raid_log_opts {
	size_t threads;		/* 0 and 1: no other thread */
	size_t groups, bytes;	/* of the miner, see there */
	const struct raid_zone *zone;	/* of times that name none; borrowed,
					 * NULL: UTC */
	int64_t ref;		/* ms: a time without a year or a day is near
				 * it, or near the line before */
	struct raid_log_window window;
	int has_window;
	/*
	 * Called in the order of lines, perhaps by another thread, one call
	 * at a time.  group: for raid_log_template_of; asked for with assign.
	 */
	int assign;
	void (*on_lines)(void *arg, uint32_t group, uint64_t lines,
	    int in_window);
	/* A line that begins a new template. */
	void (*on_new)(void *arg, uint64_t line, const unsigned char *p,
	    size_t len, enum raid_level level);
	void *arg;
};

struct raid_log_total {
	uint64_t lines, bytes, files;
	uint64_t timed;		/* lines with a time of their own */
	uint64_t zoneless;	/* of them, those whose time names no zone */
	uint64_t backwards;	/* of them, more than a second before the
				 * line before */
	uint64_t levels[RAID_LEVEL_FATAL + 1];	/* lines of each */
	int64_t first_time, last_time;	/* ms; RAID_NO_TIME: none has one */
	struct raid_series all, errors;	/* lines; those of level error on */
	int shift;		/* an interval is 2^shift seconds */
	int64_t window_from, window_to;	/* as it was settled */
	uint64_t window_lines;
};

struct raid_log;

struct raid_log *raid_log_new(const struct raid_log_opts *o);
void raid_log_free(struct raid_log *l);

/* Bytes of a file, cut anywhere. */
void raid_log_add(struct raid_log *l, const void *p, size_t len);

/* The file has ended: what came behind its last newline is a line. */
void raid_log_end_file(struct raid_log *l);

/* Wait until all whole lines are counted. */
void raid_log_flush(struct raid_log *l);

/* The same, and what was held back as the head of a trace, or an open trace,
 * is counted as it is: for a log that pauses. */
void raid_log_settle(struct raid_log *l);

/* So many files they are, however many were ended. */
void raid_log_set_files(struct raid_log *l, uint64_t n);

/* No byte will come any more; the rest is for after this call. */
void raid_log_finish(struct raid_log *l);

/* The templates belong to the log; the most frequent is first. */
size_t raid_log_count(const struct raid_log *l);
const struct raid_template *raid_log_template(const struct raid_log *l,
    size_t i);
const struct raid_template *raid_log_template_of(const struct raid_log *l,
    uint32_t group);

const struct raid_log_total *raid_log_total(const struct raid_log *l);
const struct raid_metrics *raid_log_metrics(const struct raid_log *l);

/* What compilers and test runners said; not of states that were read. */
const struct raid_build *raid_log_build(const struct raid_log *l);

#endif
