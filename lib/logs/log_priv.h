/* SPDX-License-Identifier: ISC */
/* Inside of a log: blocks of lines, and the threads that look at them. */
#ifndef RAID_LOGS_LOG_PRIV_H
#define RAID_LOGS_LOG_PRIV_H

#include <pthread.h>

#include "logs/build.h"
#include "logs/journald.h"
#include "logs/keyline.h"
#include "logs/lines.h"
#include "logs/log.h"
#include "logs/mask.h"
#include "logs/trace.h"

#define BLOCK ((size_t)256 << 10)	/* bytes of lines */
#define THREADS_MAX 8
#define RAID_LOG_INTERVALS 400	/* of a log that are told apart */
#define RAID_LOG_SHIFT 2	/* the shortest is 2^this seconds */

/* A line that was looked at. */
struct record {
	const unsigned char *p;
	uint32_t len, message;
	size_t words;		/* the first of them in the block */
	uint64_t hash;
	struct raid_logtime time;
	uint32_t trace;		/* class of raid_trace_class */
	uint32_t build;		/* and of raid_build_class */
	uint16_t nword;
	uint8_t level, cut, timed;
	uint8_t key;		/* a private key begins behind it */
};

enum state { EMPTY, FILLED };

struct block {
	unsigned char *p;	/* BLOCK bytes and what the last line needs */
	size_t len;
	int ends_file;		/* a file ends with it */
	enum state state;
	unsigned char *clean;	/* of lines that were cleaned */
	size_t nclean;
	struct raid_loglines lines;
	struct record *v;
	size_t n, cap;
	struct raid_word *words;
	size_t nword, word_cap;
	struct raid_header_memo *headers;
};

struct raid_log {
	struct raid_log_opts o;
	struct raid_miner *miner;
	struct raid_metrics *metrics;
	struct raid_tracer *tracer;
	struct raid_build *build;
	int building;		/* it wants lines of class 0, too */
	struct raid_log_total total;

	/* Filling. */
	struct raid_journald *journal;	/* the file has that format */
	int begun;		/* the file has some bytes */
	struct block *fill;	/* NULL: none is at hand */
	int skipping;		/* the line is too long: up to its end */

	/* Counting, in the order of lines. */
	struct raid_event *next;	/* of the line that is looked at */
	struct raid_event *held;	/* not counted yet: a trace may */
	struct raid_event events[2];	/* take it; the two */
	int has_held;
	struct raid_buf held_text;	/* its bytes and words, when its */
	struct raid_word *held_words;	/* block has ended */
	int tracing;		/* a trace is open */
	struct raid_event trace;	/* its first line, and how many */
	struct raid_buf trace_text;
	struct raid_keylines keys;
	struct raid_mask hidden;	/* what stands for a line of one */
	int64_t now;		/* the last time of this file */
	int64_t ref;		/* the last time of all */

	/* Threads. */
	struct block *blocks;
	size_t nblock;
	uint64_t filled, taken, counted;	/* blocks so far */
	int stop;
	pthread_mutex_t lock;
	pthread_cond_t change;
	pthread_t threads[THREADS_MAX];
	size_t nthread;
};

/* Stage one: what the lines of a block are. */
void raid_log_look(struct block *b);

/* Stage two: count them. */
void raid_log_take(struct raid_log *l, struct block *b);

/* Intervals become twice as long. */
void raid_log_halve(struct raid_log *l);

/* What is held back at the end. */
void raid_log_take_rest(struct raid_log *l);

void raid_log_block_init(struct block *b);
void raid_log_block_free(struct block *b);

#endif
