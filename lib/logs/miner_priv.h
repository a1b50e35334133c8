/* SPDX-License-Identifier: ISC */
/* Inside the miner: groups, and how they are merged. */
#ifndef RAID_LOGS_MINER_PRIV_H
#define RAID_LOGS_MINER_PRIV_H

#include "logs/mask.h"
#include "logs/miner.h"

#define EXAMPLE_MAX 400

struct group {
	uint64_t hash;		/* signature */
	uint64_t count, first, last;
	enum raid_level level;
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
	uint64_t lines;
	uint32_t next;		/* number for the next group */
	uint32_t *parent;	/* with opts.assign: number to number */
	size_t parent_cap;
	struct raid_template *templates;
	size_t ntemplates;
	uint32_t *by_number;	/* number to index of templates */
	struct raid_mask mask;	/* of the line in work */
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

/* Make room by force. */
void raid_miner_fold(struct raid_miner *m);

/* Templates of the groups. */
void raid_miner_render(struct raid_miner *m);

#endif
