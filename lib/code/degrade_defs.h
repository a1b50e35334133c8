/* SPDX-License-Identifier: ISC */
/* Definitions and tests in a source text, by their shape. */
#ifndef RAID_CODE_DEGRADE_DEFS_H
#define RAID_CODE_DEGRADE_DEFS_H

#include "code/degrade_priv.h"

enum raid_degrade_kind {
	RAID_DEFS_CODE,		/* functions, types, macros */
	RAID_DEFS_TESTS,	/* test functions and cases */
	RAID_DEFS_KINDS
};

/* One of them; it reaches to the next one. */
struct raid_degrade_def {
	struct raid_line name;
	struct raid_line body;	/* from its first line on */
	uint64_t hash;		/* of the name */
};

struct raid_degrade_defs {
	struct raid_degrade_def *v;
	size_t n, cap;
};

/* Append those of the text, in its order; bodies borrow from it. */
void raid_degrade_defs(struct raid_degrade_defs *d,
    enum raid_degrade_kind kind, enum raid_degrade_lang lang,
    struct raid_line text);
void raid_degrade_defs_free(struct raid_degrade_defs *d);

/* Are two bodies mostly the same, whatever their names? */
int raid_degrade_alike(const struct raid_degrade_def *a,
    const struct raid_degrade_def *b);

#endif
