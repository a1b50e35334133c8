/* SPDX-License-Identifier: ISC */
/* Inside the masking of messages: kinds of words. */
#ifndef RAID_LOGS_MASK_PRIV_H
#define RAID_LOGS_MASK_PRIV_H

#include "logs/mask.h"

/* What bytes are, or-ed over a word. */
enum {
	W_SPACE = 1, W_STOP = 2, W_DIGIT = 4, W_HEX = 8, W_LETTER = 16,
	W_UPPER = 32, W_DOT = 64, W_DASH = 128, W_SLASH = 256, W_AT = 512,
	W_OTHER = 1024,
	W_MORE = 2048,		/* a stop that may mean more than itself */
	W_NOHEX = 4096,		/* a letter that is no digit, either */
	W_LETTERS = W_LETTER | W_HEX | W_UPPER
};

extern const uint16_t raid_mask_class[256];

/* The kind of slot that a word is by its looks, 0 for a literal; left is the
 * length of all that is at p, dots how many the word has. */
unsigned raid_mask_slot(const unsigned char *p, size_t len, size_t left,
    unsigned flags, size_t dots);

/* The kind of a number with this unit, as its own word or behind the digits;
 * 0 if it is no unit.  left: how much is at p. */
unsigned raid_mask_unit(const unsigned char *p, size_t len, size_t left);

/* RAID_SLOT_TIME for the zone behind a time, else 0. */
unsigned raid_mask_zone(const unsigned char *p, size_t len);

/* Length of the pairs of digits, "00:0d:60:e9:23:6a", at p; else 0. */
size_t raid_mask_pairs(const unsigned char *p, size_t left);

/* Length of the address that begins at "://". */
size_t raid_mask_url(const unsigned char *p, size_t left);

#endif
