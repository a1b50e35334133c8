/* SPDX-License-Identifier: ISC */
/* SHA-256, as lower-case hexadecimal; and SHA-1 for files of git's. */
#ifndef RAID_BASE_HASH_H
#define RAID_BASE_HASH_H

#include <stddef.h>

#define RAID_HASH_SIZE 65	/* 64 digits and the NUL */

void raid_hash(const void *p, size_t len, char out[RAID_HASH_SIZE]);

/*
 * The hash of several strings as one: each is preceded by its length, so
 * that ("ab", "c") and ("a", "bc") differ.  The list ends with NULL.
 */
void raid_hash_strings(char out[RAID_HASH_SIZE], const char *const *v);

/* SHA-1 of a stream; raid_sha1_end gives the 20 bytes and frees it. */
struct raid_sha1;

struct raid_sha1 *raid_sha1_new(void);
void raid_sha1_add(struct raid_sha1 *s, const void *p, size_t len);
void raid_sha1_end(struct raid_sha1 *s, unsigned char out[20]);

#endif
