/* SPDX-License-Identifier: ISC */
/* Inside the miner: groups, and how they are merged. */
#ifndef RAID_LOGS_MINER_PRIV_H
#define RAID_LOGS_MINER_PRIV_H

#include "logs/mask.h"
#include "logs/miner.h"

#define EXAMPLE_MAX 400
#define TRACE_MAX 1500		/* bytes of the example of a trace */
#define NUMBERS 6		/* of a group that are measured */
#define SLOTS 8			/* of a group whose values are counted */

/* A word that is a measured number. */
struct number {
	uint16_t word;		/* its place */
	uint8_t keyed;		/* it has a name of its own, as in name=5 */
	int32_t metric;		/* of the registry */
};

struct group {
	uint64_t hash;		/* signature */
	uint64_t count, lines, first, last, in_window;
	int64_t first_time, last_time;
	struct raid_series series;
	struct raid_values *values;	/* of slots, from the second event on */
	struct number numbers[NUMBERS];
	uint8_t numbers_n, nvalues;
	uint8_t trace;
	uint8_t named;		/* the highest enum raid_level of a header */
	uint8_t told;		/* what its words tell */
	uint32_t number;	/* of its first line */
	uint32_t nword;
	uint32_t size;		/* bytes of this, with what is behind it */
	uint32_t text_len, example_len;
	uint8_t cut;		/* more came behind the words */
	uint8_t gone;		/* merged into another one */
	struct raid_word *words;	/* the three stand behind this */
	unsigned char *text;
	unsigned char *example;
};

struct raid_miner {
	struct raid_miner_opts o;
	struct group **v;	/* all groups */
	size_t n, cap, bytes;
	struct group **table;	/* by signature, open addressing */
	size_t slots;		/* a power of two */
	struct raid_metrics *metrics;
	struct group *last;	/* that took the last event */
	int is_new;
	int noise;		/* so many times without merging, */
	int skip;		/* and how many are left */
	size_t folding;		/* what the last fold had to come to */
	uint32_t next;		/* number for the next group */
	uint32_t *parent;	/* with opts.assign: number to number */
	size_t parent_cap;
	struct raid_template *templates;
	size_t ntemplates;
	uint32_t *by_number;	/* number to index of templates */
};

/* Where the group of a signature is, or would be, in the table. */
struct group **raid_miner_find(const struct raid_miner *m, uint64_t hash);

/* Rebuild v and table without the groups that are gone. */
void raid_miner_sweep(struct raid_miner *m);

/* b becomes part of a, which has the same words. */
void raid_miner_join(struct raid_miner *m, struct group *a, struct group *b);

/* Merge groups that differ at a place where words vary; a round is for one
 * place. */
void raid_miner_merge(struct raid_miner *m, int rounds);

/* Merge groups with those that have one slot where they have "name(5)". */
void raid_miner_shorten(struct raid_miner *m);

/* What is between quotes or brackets becomes one slot where it varies, one
 * such place a group.  Are there fewer groups then? */
int raid_miner_cut_spans(struct raid_miner *m);

/* Rare templates that are cases of frequent ones join them. */
void raid_miner_absorb(struct raid_miner *m);

/* Make room by force. */
void raid_miner_fold(struct raid_miner *m);

/* The times of more events. */
void raid_miner_spread(struct group *g, int64_t first, int64_t last);

/* The values of the slot at a place; NULL: it has too many slots. */
struct raid_values *raid_miner_values(struct group *g, size_t word);

/* The level that the words of a group tell, and that of its lines. */
enum raid_level raid_miner_told(const struct group *g);
enum raid_level raid_miner_level_of(const struct group *g);

/* A trace as a template, and as it is quoted. */
void raid_miner_tell_trace(const struct raid_trace *t,
    const struct raid_event *e, struct raid_buf *text,
    struct raid_buf *example);

/* The numbers of a new group that are to be measured. */
void raid_miner_find_numbers(struct raid_miner *m, struct group *g);

/* Measure those of an event of the group. */
void raid_miner_measure(struct raid_miner *m, const struct group *g,
    const struct raid_event *e);

void raid_miner_free_group(struct group *g);

/* The words, text and example of a group stand behind it. */
void raid_miner_lay_out(struct group *g, size_t nword, size_t text,
    size_t example);

/* Add a group to the list, not to the table. */
void raid_miner_insert(struct raid_miner *m, struct group *g);

/* As raid_miner_find; makes room first if the signature is new, which
 * is_new tells then. */
struct group **raid_miner_place(struct raid_miner *m, uint64_t hash);

/* Templates of the groups. */
void raid_miner_render(struct raid_miner *m);

#endif
