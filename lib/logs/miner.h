/* SPDX-License-Identifier: ISC */
/*
 * The templates of a log, found line by line in fixed memory.
 *
 * Lines of one signature (see logs/mask.h) are one group.  Groups that
 * differ at one place, where enough different words stand, are one template
 * with a slot there; this is looked for at the end, and whenever there are
 * too many groups.  Where even this leaves too many, the rarest that begin
 * alike become one group, whose template ends with <...>.
 */
#ifndef RAID_LOGS_MINER_H
#define RAID_LOGS_MINER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "logs/header.h"
#include "logs/logtime.h"
#include "logs/mask.h"
#include "logs/metrics.h"
#include "logs/series.h"
#include "logs/trace.h"
#include "logs/values.h"

struct raid_miner_opts {
	size_t groups;		/* at most so many; 0: 12000 */
	size_t bytes;		/* and so many bytes for them; 0: 24 MiB */
	int assign;		/* raid_miner_template_of will be asked */
};

#define RAID_TEMPLATE_ID 9	/* eight hexadecimal digits and the NUL */

/* One line, or the event that several lines are. */
struct raid_event {
	const unsigned char *p;	/* the line, verbatim */
	size_t len;
	size_t message;		/* it begins here, behind the header */
	const struct raid_word *words;	/* of the message */
	size_t nword;
	uint64_t hash;		/* their signature */
	int cut;		/* they are not all */
	enum raid_level level;
	uint64_t line;		/* number of its first line */
	uint64_t lines;
	int64_t time;		/* ms, or RAID_NO_TIME */
	int32_t at;		/* interval, or RAID_SERIES_NONE */
	int in_window;
};

struct raid_template {
	char id[RAID_TEMPLATE_ID];	/* a hash of the text: it is the same
					 * in every run */
	const char *text;	/* NUL-terminated, valid UTF-8 */
	const char *example;	/* its first line, cut to 400 bytes; of a
				 * trace its head, own frames and cause */
	size_t example_len;
	uint64_t count;		/* events */
	uint64_t lines;		/* more than count of traces only */
	uint64_t first, last;	/* line numbers from 1, over all files */
	int64_t first_time, last_time;	/* ms, RAID_NO_TIME */
	uint64_t in_window;	/* events in the chosen window */
	enum raid_level level;	/* what the lines name; else what the words
				 * tell */
	int trace;
	const struct raid_series *series;
	const struct raid_values *values;	/* of its slots */
	size_t nvalues;
};

struct raid_miner;

/* metrics is where the numbers of lines go, borrowed. */
struct raid_miner *raid_miner_new(const struct raid_miner_opts *o,
    struct raid_metrics *metrics);
void raid_miner_free(struct raid_miner *m);

/* Take one event; the number of its group. */
uint32_t raid_miner_add(struct raid_miner *m, const struct raid_event *e);

/* The same for a trace. */
uint32_t raid_miner_add_trace(struct raid_miner *m,
    const struct raid_event *e, const struct raid_trace *t);

/* The level of the group that took the last event. */
enum raid_level raid_miner_level(const struct raid_miner *m);

/* Did the last event begin a new group? */
int raid_miner_is_new(const struct raid_miner *m);

/* Intervals become twice as long. */
void raid_miner_halve(struct raid_miner *m);

/* The groups as text; and those of a text, whose lines begin behind line. */
struct raid_state;
void raid_miner_write(const struct raid_miner *m, struct raid_buf *b);
RAID_MUST int raid_miner_read(struct raid_miner *m, struct raid_state *s,
    uint64_t line);

/* No event will come any more. */
void raid_miner_finish(struct raid_miner *m);

/* After raid_miner_finish.  The templates belong to the miner; the most
 * frequent is first. */
size_t raid_miner_count(const struct raid_miner *m);
const struct raid_template *raid_miner_template(const struct raid_miner *m,
    size_t i);

/* With opts.assign: the template of a number that raid_miner_add gave. */
const struct raid_template *raid_miner_template_of(const struct raid_miner *m,
    uint32_t number);

#endif
