/* SPDX-License-Identifier: ISC */
/*
 * A message as words: what varies from line to line by its looks (numbers,
 * addresses, paths, times) is a slot, all else is literal.  Lines with the
 * same words and slots have the same signature.
 */
#ifndef RAID_LOGS_MASK_H
#define RAID_LOGS_MASK_H

#include <stddef.h>
#include <stdint.h>

/* What a slot held, one bit each; several bits: values of several kinds. */
enum raid_slot {
	RAID_SLOT_NUM = 1,
	RAID_SLOT_IP = 2,
	RAID_SLOT_HOST = 4,
	RAID_SLOT_UUID = 8,
	RAID_SLOT_HEX = 16,
	RAID_SLOT_PATH = 32,
	RAID_SLOT_URL = 64,
	RAID_SLOT_EMAIL = 128,
	RAID_SLOT_TIME = 256,
	RAID_SLOT_DURATION = 512,
	RAID_SLOT_SIZE = 1024,
	RAID_SLOT_TEXT = 2048,	/* quoted text */
	RAID_SLOT_ID = 4096,	/* letters and digits */
	RAID_SLOT_WORD = 8192,	/* any word */
	RAID_SLOT_MANY = 16384	/* several, in a row */
};

enum raid_word_kind {
	RAID_WORD_TEXT,		/* literal */
	RAID_WORD_MARK,		/* a punctuation character */
	RAID_WORD_SLOT
};

#define RAID_MASK_WORDS 80	/* what is behind them does not count */
#define RAID_MASK_BYTES 4096	/* the same in bytes */

struct raid_word {
	uint64_t hash;		/* of the text; one value for all slots */
	uint32_t off, len;	/* in the text that was masked, in bytes */
	uint16_t slot;		/* enum raid_slot */
	uint8_t kind;		/* enum raid_word_kind */
	uint8_t blank;		/* blanks stand before it */
	uint16_t last_off;	/* of several slots in a row the last one; */
	uint16_t last_len;	/* 0: there is but one */
};

struct raid_mask {
	struct raid_word *v;	/* room for RAID_MASK_WORDS */
	size_t n;
	uint64_t hash;		/* the signature */
	int cut;		/* the text had more than is looked at */
};

#define RAID_WORD_SLOT_HASH UINT64_C(0x9e3779b97f4a7c15)

/* Fill m, whose v is set, for the message p; it refers to p by offsets. */
void raid_mask(struct raid_mask *m, const unsigned char *p, size_t len);

/* What one word adds to the signature at place i. */
uint64_t raid_mask_mix(uint64_t hash, size_t i);

/* "num", "ip", ...; "*" for several kinds. */
const char *raid_slot_name(unsigned slot);

#endif
