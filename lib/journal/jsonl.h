/* SPDX-License-Identifier: ISC */
/*
 * A post as a line of JSON (raid-jsonl(5)), on its way in.  A pure function
 * over bytes.
 */
#ifndef RAID_JOURNAL_JSONL_H
#define RAID_JOURNAL_JSONL_H

#include "journal/post.h"

struct raid_jsonl {
	struct raid_post post;	/* uid and journal are "" where the line has
				 * none; id, mentions and retracted stay 0 */
	int has_refs;		/* the line says what it refers to; else its
				 * body does */
};

/*
 * Read one line, with or without its newline.  What is not needed may be
 * absent and then is what raid_post_add takes for absent; a key that is
 * there must have its type and a value that a journal takes; keys that are
 * not known are passed over.  RAID_EDATA with the reason.  Free in every
 * case.
 */
RAID_MUST int raid_jsonl_read(const void *line, size_t len,
    struct raid_jsonl *out, struct raid_err *err);
void raid_jsonl_free(struct raid_jsonl *l);

#endif
