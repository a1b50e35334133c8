/* SPDX-License-Identifier: ISC */
/* How many tokens a text will be, before a model counts them. */
#ifndef RAID_BASE_TOKENS_H
#define RAID_BASE_TOKENS_H

#include <stddef.h>

/*
 * An estimate by one pass over runs of characters, fitted to the o200k
 * vocabulary: within 7 % for a class of text as a whole (English, Russian,
 * C, JSON, logs), 25 % for the worst chunk of 8 KB.  Han, Kana and emoji are
 * hardly fitted.
 */
size_t raid_tokens(const void *p, size_t len);

#endif
