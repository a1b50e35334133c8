/* SPDX-License-Identifier: ISC */
/*
 * The record of a write of several files: what each was and becomes, and
 * the names beside it that hold the old and the new content meanwhile.  As
 * text; a checksum ends it, so that a half-written one counts as none.
 */
#ifndef RAID_CODE_RECORD_H
#define RAID_CODE_RECORD_H

#include <sys/stat.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "raid.h"

#define RAID_RECORD_MAX ((size_t)16 << 20)	/* bytes */

/* A file before or after the write; mode 0: it is not there. */
struct raid_record_side {
	unsigned mode;			/* S_IFREG and permissions */
	char sha256[RAID_HASH_SIZE];	/* of the content; "" if not there */
};

struct raid_record_file {
	char *path;
	size_t no;
	char *fresh;		/* where the new content waits */
	char *kept;		/* where the old content stays */
	struct raid_record_side old, new;
	/* Of the process that writes alone, not in the text. */
	const struct raid_buf *after;	/* the new content, borrowed */
	struct stat was;	/* of the old file */
	int moved;		/* no longer as it was */
};

struct raid_record {
	char id[17];		/* 16 random digits, in the names */
	struct raid_record_file *v;
	size_t n;
	size_t cap;
	struct raid_list made;	/* folders, the highest first */
};

/* Begin an empty one with an id of its own.  Free it in every case. */
RAID_MUST int raid_record_init(struct raid_record *r, struct raid_err *err);
void raid_record_free(struct raid_record *r);

/* Append a file, whose sides the caller fills; borrowed until the next.  no
 * is in the names beside it, and no other's of the record. */
struct raid_record_file *raid_record_add(struct raid_record *r,
    const char *path, size_t no);

/* Sort by path; a path that goes in one file and comes in another is one. */
RAID_MUST int raid_record_join(struct raid_record *r, struct raid_err *err);

void raid_record_print(const struct raid_record *r, struct raid_buf *b);

/*
 * Read one; *r is initialised here and freed by the caller, always.  1: it
 * is whole.  0: it was never finished.  -1, RAID_EDATA: it is whole, and
 * says what this program would not have written.
 */
RAID_MUST int raid_record_parse(const void *p, size_t len,
    struct raid_record *r, struct raid_err *err);

#endif
