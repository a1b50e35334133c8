/* SPDX-License-Identifier: ISC */
/*
 * What stood in a slot: its most frequent values, and how many there were.
 * In fixed memory: a new value takes the place of the rarest (Metwally et
 * al., Space-Saving, 2005), distinct ones are counted by a bitmap (Whang et
 * al., linear counting, 1990).
 */
#ifndef RAID_LOGS_VALUES_H
#define RAID_LOGS_VALUES_H

#include <stddef.h>
#include <stdint.h>

#define RAID_VALUES 6		/* that are kept of a slot */
#define RAID_VALUE_MAX 31	/* bytes of one that are kept */
#define RAID_VALUES_LAST 0x80
#define RAID_VALUES_MANY 1000	/* so many distinct ones, or more */

struct raid_value {
	uint32_t count;		/* after raid_values_sort */
	uint64_t line;		/* number of the line where it stood first */
	char *quote;		/* that line where it came late, or NULL */
	char text[RAID_VALUE_MAX + 1];
};

struct raid_values {
	uint32_t total;		/* values in all */
	uint16_t word;		/* the place of the slot in the message, with
				 * RAID_VALUES_LAST for the last of several
				 * that stand there in a row */
	uint8_t n;
	uint8_t evicted;	/* some are no longer here: counts are upper
				 * bounds */
	uint32_t hash[RAID_VALUES];	/* what is looked at for each line, */
	uint32_t count[RAID_VALUES];	/* close together */
	uint64_t seen[4];
	struct raid_value v[RAID_VALUES];
};

/* A value of len bytes, on the line with this number, which is quote. */
struct raid_value_at {
	uint64_t line;
	const unsigned char *quote;
	size_t quote_len;
};
void raid_values_add(struct raid_values *s, const unsigned char *p,
    size_t len, uint64_t times, const struct raid_value_at *at);

/* b is added to a; the quotes of b move to a or are freed. */
void raid_values_join(struct raid_values *a, struct raid_values *b);
void raid_values_clear(struct raid_values *s);

/* The most frequent first, with its count; nothing may be added then. */
void raid_values_sort(struct raid_values *s);

/* About how many different ones; RAID_VALUES_MANY at most. */
size_t raid_values_distinct(const struct raid_values *s);

#endif
