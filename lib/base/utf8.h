/* SPDX-License-Identifier: ISC */
/* UTF-8, strictly (no surrogates, no overlong forms), and Unicode classes. */
#ifndef RAID_BASE_UTF8_H
#define RAID_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character at p, of which len bytes are left: its length in bytes and
 * its code point, or 0 where the bytes are not valid UTF-8 (or len is 0).
 */
size_t raid_utf8_next(const unsigned char *p, size_t len, uint32_t *c);

/* Offset of the first byte that is not valid UTF-8; len if all are. */
size_t raid_utf8_check(const unsigned char *p, size_t len);

/* A letter, mark or number of any script. */
int raid_utf8_isword(uint32_t c);
int raid_utf8_isspace(uint32_t c);

/* An opening bracket or a quotation mark of any script. */
int raid_utf8_isopening(uint32_t c);

/*
 * Case-folded copy (Unicode full folding, NFC), which the caller frees.
 * Bytes that are not valid UTF-8 are kept as they are.
 */
char *raid_utf8_fold(const char *s, size_t len);

/* Columns that a character takes on a terminal: 0, 1 or 2. */
int raid_utf8_width(uint32_t c);

#endif
