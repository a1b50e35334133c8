/* SPDX-License-Identifier: ISC */
/*
 * What of a log a person should see first.
 *
 * Each template is given bits of surprise, which are added up: how few
 * templates are as rare, how bad it is, whether its words stand nowhere
 * else, whether it came all at once, began late, came with an incident or
 * in the chosen window.  Being frequent gives none, and a bad word alone
 * only two.
 */
#ifndef RAID_LOGS_RANK_H
#define RAID_LOGS_RANK_H

#include <stddef.h>
#include <stdint.h>

#include "logs/incident.h"
#include "logs/miner.h"
#include "logs/series.h"
#include "logs/values.h"

struct raid_rank_opts {
	uint64_t lines;			/* of the log */
	const struct raid_series *all;	/* they in time; none: { 0 } */
	const struct raid_incident *incidents;
	size_t nincident;
	double window;			/* share of the lines in the chosen
					 * window; 0: none was chosen */
};

/* A template, or one value of a slot that is rare in it. */
struct raid_rank {
	const struct raid_template *t;
	const struct raid_values *slot;	/* NULL: the template itself */
	const struct raid_value *value;
	size_t index;			/* of the template */
	uint64_t count;			/* events that are meant */
	uint64_t line;			/* the first of them */
	double bits;			/* the sum of these: */
	double rare;			/* few are */
	double severe;			/* what its level says */
	double words;			/* what its words say */
	double when;			/* burst, began late or ended early,
					 * incident, chosen window */
	double crowd;			/* minus: one of many that came at
					 * once */
	uint32_t family;		/* those that differ in one word */
	int member;			/* one of them ranks higher */
	size_t like;			/* of the highest: the others */
	uint64_t like_lines;
};

/*
 * Rank n templates: the most surprising first.  Returns how many there are
 * in *out, which the caller frees; it refers to the templates.
 */
size_t raid_rank(const struct raid_template *const *v, size_t n,
    const struct raid_rank_opts *o, struct raid_rank **out);

/* Of each family the highest stands for all: fills member, like and
 * like_lines.  Numbers of families are below 2n. */
void raid_rank_settle(struct raid_rank *v, size_t n);

/*
 * How unlikely n events or more (or, if n < expected, n or less) are where
 * so many are expected, in bits; about 0 for what is expected.
 */
double raid_rank_surprise(double n, double expected);

/*
 * The share of the log before the first event of a template, and behind its
 * last, by time and lines, whichever is less.
 */
void raid_rank_edges(const struct raid_template *t,
    const struct raid_rank_opts *o, double *before, double *after);

/* The share of time (0 to 1) in which four fifths of the events stand, and
 * the intervals from <= at < to of it. */
double raid_rank_burst(const struct raid_series *s,
    const struct raid_series *all, int32_t *from, int32_t *to);

#endif
