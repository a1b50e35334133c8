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

#include "logs/header.h"

struct raid_miner_opts {
	size_t groups;		/* at most so many; 0: 12000 */
	size_t bytes;		/* and so many bytes for them; 0: 24 MiB */
	int assign;		/* raid_miner_template_of will be asked */
};

#define RAID_TEMPLATE_ID 9	/* eight hexadecimal digits and the NUL */

struct raid_template {
	char id[RAID_TEMPLATE_ID];	/* a hash of the text: it is the same
					 * in every run */
	const char *text;	/* NUL-terminated, valid UTF-8 not sure */
	const char *example;	/* its first line, cut to 400 bytes */
	size_t example_len;
	uint64_t count;		/* lines */
	uint64_t first, last;	/* line numbers from 1, over all files */
	enum raid_level level;	/* the highest that a line named; else what
				 * the words tell */
};

struct raid_miner;

struct raid_miner *raid_miner_new(const struct raid_miner_opts *o);
void raid_miner_free(struct raid_miner *m);

/* Take one line without its newline; the number of its group. */
uint32_t raid_miner_add(struct raid_miner *m, const unsigned char *p,
    size_t len);

/* No line will come any more. */
void raid_miner_finish(struct raid_miner *m);

/* After raid_miner_finish.  The templates belong to the miner; the most
 * frequent is first. */
uint64_t raid_miner_lines(const struct raid_miner *m);
size_t raid_miner_count(const struct raid_miner *m);
const struct raid_template *raid_miner_template(const struct raid_miner *m,
    size_t i);

/* The template of a line whose group had this number. */
const struct raid_template *raid_miner_template_of(const struct raid_miner *m,
    uint32_t number);

#endif
