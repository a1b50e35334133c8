/* SPDX-License-Identifier: ISC */
/*
 * The bytes of logs: of a plain file as they are; decompressed where it is
 * gzip, bzip2, xz, zstd or lz4; of a tar or zip those of each regular member,
 * which is a log of its own and may be compressed, too.  What a file is, its
 * bytes tell, not its name.
 */
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

/* The same of an open descriptor, read from where it stands and not closed. */
struct raid_reader *raid_reader_openfd(int fd, const char *name,
    struct raid_err *err);
void raid_reader_close(struct raid_reader *r);

enum {
	RAID_READER_END,	/* of all */
	RAID_READER_BYTES,	/* some bytes */
	RAID_READER_LOG		/* a log begins: the file, or a member */
};

/*
 * What comes next; bytes are borrowed until the next call, and are at least
 * one.  -1: something is damaged (RAID_EDATA) or cannot be read (RAID_EIO);
 * err names file and member.  Call again then: a member that is damaged in
 * itself does not end the archive.
 */
RAID_MUST int raid_reader_next(struct raid_reader *r, const void **p,
    size_t *len, struct raid_err *err);

/* The file, and of an archive the member: "old.tar: var/log/syslog".
 * Borrowed until the next call of raid_reader_next. */
const char *raid_reader_name(const struct raid_reader *r);

/* Bytes of the file that were read so far, compressed as they are, and how
 * many there are from where it was opened; 0: unknown. */
long long raid_reader_position(const struct raid_reader *r);
long long raid_reader_size(const struct raid_reader *r);

#endif
