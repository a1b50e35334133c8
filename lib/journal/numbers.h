/* SPDX-License-Identifier: ISC */
/* A table from four numbers to one, in memory. */
#ifndef RAID_JOURNAL_NUMBERS_H
#define RAID_JOURNAL_NUMBERS_H

#include <stddef.h>

struct raid_key {
	long long v[4];
};

struct raid_numbers {		/* all zero: empty */
	struct raid_numbers_slot *v;
	size_t n, cap;
};

/* What stands there is replaced. */
void raid_numbers_set(struct raid_numbers *t, struct raid_key key,
    size_t value);

/* 1 and the value, or 0 and *value as it was. */
int raid_numbers_get(const struct raid_numbers *t, struct raid_key key,
    size_t *value);

void raid_numbers_free(struct raid_numbers *t);

#endif
