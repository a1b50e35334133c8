/* SPDX-License-Identifier: ISC */
/*
 * Reading back what was written as text: decimal numbers with one blank or
 * newline behind each.  The bytes may be hostile.  Each function takes from
 * *p, of which *left bytes are there, and returns 0, or -1 when something
 * else stands there; then nothing is promised about *p.
 */
#ifndef RAID_LOGS_SCAN_H
#define RAID_LOGS_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* An integer from min to max. */
int raid_scan_int(const unsigned char **p, size_t *left, int64_t min,
    int64_t max, int64_t *out);

/* A finite number. */
int raid_scan_double(const unsigned char **p, size_t *left, double *out);

/* A length up to max, a blank, so many bytes, a blank.  *out is borrowed. */
int raid_scan_bytes(const unsigned char **p, size_t *left, size_t max,
    const unsigned char **out, size_t *len);

#endif
