/* SPDX-License-Identifier: ISC */
/* Inside of the ranking. */
#ifndef RAID_LOGS_RANK_PRIV_H
#define RAID_LOGS_RANK_PRIV_H

#include "logs/rank.h"

/*
 * Give each of the n templates the number of its family: those that differ
 * in one word and are about as frequent and as bad.
 */
void raid_rank_families(struct raid_rank *v, size_t n);

/* Bits for words that stand in no other family, and for those that tell of
 * a change; minus for what has hardly a word. */
void raid_rank_words(struct raid_rank *v, size_t n);

#endif
