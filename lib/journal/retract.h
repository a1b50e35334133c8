/* SPDX-License-Identifier: ISC */
/* Posts that are taken back, and posts whose text must go. */
#ifndef RAID_JOURNAL_RETRACT_H
#define RAID_JOURNAL_RETRACT_H

#include "journal/audit.h"
#include "journal/post.h"

#define RAID_PURGED "(purged)"	/* the body that is left */

/*
 * Take back the post tag, in the name of author: its author or dev, else
 * RAID_EPERM.  A post of kind retraction says so (with why as its body, which
 * may be NULL); the text stays in the journal.  out receives the tag of that
 * post, or of the one that was there already.
 */
RAID_MUST int raid_retract(struct raid_db *db, const char *tag,
    const char *author, const char *why, char out[RAID_TAG_SIZE],
    struct raid_err *err);

/*
 * Remove the text of a post: its body, metadata, links, words in the index,
 * and blobs that no other post needs.  What is left is who posted it and when,
 * of which kind, with RAID_PURGED as its body.  The entry a goes to the audit
 * in the same transaction.  Then the file is written anew, so that the bytes
 * are gone from it; if only that fails, as when another program is reading,
 * the same call does it later.
 */
RAID_MUST int raid_purge(struct raid_db *db, const char *tag,
    const struct raid_audit *a, struct raid_err *err);

#endif
