/* SPDX-License-Identifier: ISC */
#include "journal/blob.h"

#include <string.h>

int
raid_blob_put(struct raid_db *db, const void *p, size_t len,
    char sha256[RAID_HASH_SIZE], struct raid_err *err)
{
	if (len > RAID_BLOB_MAX)
		return raid_fail(err, RAID_EDATA, "%zu bytes are more than a "
		    "journal takes in one piece (%zu)", len, RAID_BLOB_MAX);
	raid_hash(p, len, sha256);
	return raid_db_run(db, err, "INSERT OR IGNORE INTO blob(sha256, data) "
	    "VALUES (?, ?)", "hb", sha256, p, len);
}

int
raid_blob_get(struct raid_db *db, const char *sha256, struct raid_buf *b,
    struct raid_err *err)
{
	char now[RAID_HASH_SIZE];
	struct raid_stmt *st;
	const void *p;
	size_t len;
	int r;

	raid_buf_init(b, RAID_BLOB_MAX);
	st = raid_db_query(db, err,
	    "SELECT data FROM blob WHERE sha256 = ?", "h", sha256);
	r = raid_stmt_step(st, err);
	if (r == 1) {
		p = raid_stmt_blob(st, 0, &len);
		raid_buf_add(b, p, len);
		raid_hash(b->p, b->len, now);
	}
	raid_stmt_free(st);
	if (r == 0)
		return raid_fail(err, RAID_ENOINPUT, "blob %.16s...: not in the"
		    " journal; posts that come by import bring no contents",
		    sha256);
	if (r == 1 && strcmp(now, sha256) != 0)
		return raid_fail(err, RAID_EDATA,
		    "blob %.16s...: its bytes are not the ones stored", sha256);
	return r == 1 ? 0 : -1;
}
