/* SPDX-License-Identifier: ISC */
/* The bytes of a log, decompressed where it is gzip, bzip2, xz or zstd. */
#ifndef RAID_LOGS_READER_H
#define RAID_LOGS_READER_H

#include <stddef.h>

#include "raid.h"

struct raid_reader;

/*
 * Open a file, or standard input for "-".  name is borrowed, for messages.
 * NULL and RAID_ENOINPUT, RAID_EPERM or RAID_EIO on failure.
 */
struct raid_reader *raid_reader_open(const char *name, struct raid_err *err);
void raid_reader_close(struct raid_reader *r);

/*
 * The next bytes, borrowed until the next call.  1 there are some, 0 the
 * end, -1 RAID_EDATA (damaged) or RAID_EIO.
 */
RAID_MUST int raid_reader_next(struct raid_reader *r, const void **p,
    size_t *len, struct raid_err *err);

#endif
