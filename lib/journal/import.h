/* SPDX-License-Identifier: ISC */
/* Posts of other journals, as JSON lines (raid-jsonl(5)), into this one. */
#ifndef RAID_JOURNAL_IMPORT_H
#define RAID_JOURNAL_IMPORT_H

#include "journal/audit.h"
#include "journal/post.h"

struct raid_import {
	struct raid_tag *added;	/* their tags here, in the order of the text */
	size_t nadded;
	size_t present;		/* were here already, by their uid */
	size_t unlinked;	/* links to posts that are not here, left out
				 * because their tag means another post here */
};

/*
 * Add the posts of a text of JSON lines, all or none, in one transaction (or
 * in the one that is open).  A line that is wrong is RAID_EDATA with its
 * number.  A post whose tag is taken gets the next one of its second; links
 * between posts of one journal follow.  Where a post was added, the entry
 * a, unless it is NULL, goes to the audit, with the number of posts before its
 * detail.  Free out in every case.
 */
RAID_MUST int raid_import_jsonl(struct raid_db *db, const void *p, size_t len,
    const struct raid_audit *a, struct raid_import *out, struct raid_err *err);
void raid_import_free(struct raid_import *out);

#endif
