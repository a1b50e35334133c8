/* SPDX-License-Identifier: ISC */
/* Does one text say what another has said? */
#ifndef RAID_ARRAY_SIMILAR_H
#define RAID_ARRAY_SIMILAR_H

#include <stddef.h>

/*
 * How much of the shorter text stands in the other one, 0 to 1: the share of
 * its shingles, three words in a row whatever their case and punctuation,
 * that both have (A. Broder, "On the resemblance and containment of
 * documents", 1997).  UTF-8; 0 where one has no word.
 */
double raid_similar(const char *a, size_t a_len, const char *b, size_t b_len);

/* From here on it is a repetition. */
#define RAID_SIMILAR_REPEATS 0.5

#endif
