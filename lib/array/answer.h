/* SPDX-License-Identifier: ISC */
/* What an answer of a member counts as, whatever the provider. */
#ifndef RAID_ARRAY_ANSWER_H
#define RAID_ARRAY_ANSWER_H

#include <stddef.h>

#include "base/price.h"

enum raid_answer {
	RAID_ANSWER_COMPLETE,	/* it ended by itself, and said so */
	RAID_ANSWER_TRUNCATED,	/* over a limit, or it just stopped */
	RAID_ANSWER_INTERRUPTED,	/* a time-out, a signal to us, a line
					 * that broke, an error amid it */
	RAID_ANSWER_REFUSED,	/* a filter or the model will not */
	RAID_ANSWER_SILENT,	/* complete, with nothing said */
	RAID_ANSWER_FAILED
};

/* "complete", ... as posts and calls have it. */
const char *raid_answer_name(enum raid_answer a);

/* Does the text of a complete answer say nothing: blank, or only #silent? */
int raid_answer_is_silent(const void *p, size_t len);

#endif
