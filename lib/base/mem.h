/* SPDX-License-Identifier: ISC */
/*
 * Memory that is there: each function returns storage or ends the process
 * with RAID_EOS.  Every lasting step of raid is a transaction or a rename,
 * so nothing is left half done.  Free with free(3).
 */
#ifndef RAID_BASE_MEM_H
#define RAID_BASE_MEM_H

#include <stddef.h>

void *raid_malloc(size_t size);
void *raid_calloc(size_t n, size_t size);

/* Room for n items of size bytes; the product is checked. */
void *raid_realloc(void *p, size_t n, size_t size);

/*
 * Grow the array p of *cap items of size bytes until it holds need items;
 * the capacity at least doubles.
 */
void *raid_grow(void *p, size_t *cap, size_t need, size_t size);

char *raid_strdup(const char *s);
char *raid_strndup(const char *s, size_t n);

/* A NUL-terminated copy of len bytes, which may themselves hold NULs. */
void *raid_memdup(const void *p, size_t len);

#endif
