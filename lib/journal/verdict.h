/* SPDX-License-Identifier: ISC */
/*
 * Verdicts: what the checks said of a diff on a base.  Only raid-test writes
 * them; the newest one for that diff on that base decides.
 */
#ifndef RAID_JOURNAL_VERDICT_H
#define RAID_JOURNAL_VERDICT_H

#include "journal/post.h"

struct raid_verdict {
	char post[RAID_TAG_SIZE];	/* its post; set by raid_verdict_find */
	char patch[RAID_TAG_SIZE];
	char diff[RAID_HASH_SIZE];	/* SHA-256 of the clean diff */
	char base[RAID_HASH_SIZE];	/* commit; "" outside of git */
	char files[RAID_HASH_SIZE];	/* raid_post_files_hash of what lies
					 * over the base */
	char checks[RAID_HASH_SIZE];	/* hash of the list of checks */
	int sandboxed, pass;
	char output[RAID_HASH_SIZE];	/* blob with all output, or "" */
};

/* Post the digest d (kind verdict) and its row in one transaction; tag
 * receives the post's. */
RAID_MUST int raid_verdict_add(struct raid_db *db, const struct raid_verdict *v,
    const struct raid_draft *d, char tag[RAID_TAG_SIZE], struct raid_err *err);

/* The newest one for this diff, base and files.  1 found, 0 none. */
RAID_MUST int raid_verdict_find(struct raid_db *db, const char *diff,
    const char *base, const char *files, struct raid_verdict *v,
    struct raid_err *err);

/* The one that a post of kind verdict announces.  1 found, 0 none (a post
 * that was imported, say). */
RAID_MUST int raid_verdict_get(struct raid_db *db, const char *tag,
    struct raid_verdict *v, struct raid_err *err);

#endif
