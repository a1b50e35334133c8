/* SPDX-License-Identifier: ISC */
/* What bytes are by their beginning: a log, or something that holds one. */
#ifndef RAID_LOGS_READER_KIND_H
#define RAID_LOGS_READER_KIND_H

#include <stddef.h>

/* So many bytes tell it, or all that there are. */
#define RAID_READER_HEAD ((size_t)512)

enum raid_reader_kind {
	RAID_READER_PLAIN,
	RAID_READER_GZIP,
	RAID_READER_BZIP2,
	RAID_READER_XZ,
	RAID_READER_ZSTD,
	RAID_READER_LZ4,
	RAID_READER_TAR,	/* from here on: archives with members */
	RAID_READER_ZIP
};

/*
 * The kind of what begins with these bytes.  Pure.  A name does not count,
 * and a text is a text, also one that begins like bzip2 or names a format.
 */
enum raid_reader_kind raid_reader_kind(const unsigned char *p, size_t len);

#endif
