/* SPDX-License-Identifier: ISC */
/* Bytes that are no body: attachments, diffs, full outputs; by SHA-256. */
#ifndef RAID_JOURNAL_BLOB_H
#define RAID_JOURNAL_BLOB_H

#include "base/buf.h"
#include "base/hash.h"
#include "journal/db.h"

#define RAID_BLOB_MAX ((size_t)512 << 20)

/* Store; what is there already is not stored again. */
RAID_MUST int raid_blob_put(struct raid_db *db, const void *p, size_t len,
    char sha256[RAID_HASH_SIZE], struct raid_err *err);

/* Read into b, which is initialised here and freed by the caller in every
 * case.  RAID_ENOINPUT if it is not there, RAID_EDATA if it is damaged. */
RAID_MUST int raid_blob_get(struct raid_db *db, const char *sha256,
    struct raid_buf *b, struct raid_err *err);

#endif
