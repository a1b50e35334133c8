/* SPDX-License-Identifier: ISC */
/* What is printed of the templates that a miner found. */
#ifndef RAID_LOGS_DIGEST_H
#define RAID_LOGS_DIGEST_H

#include <stddef.h>

#include "base/buf.h"
#include "logs/log.h"

/*
 * A page in Markdown of at most so many tokens (see base/tokens.h; 100 or
 * more): templates in the order of their rank, and what is left out.  The
 * counts of both add up to the lines.
 */
void raid_digest_page(const struct raid_log *m, size_t tokens,
    struct raid_buf *b);

/* The same as one line of JSON. */
void raid_digest_json(const struct raid_log *m, size_t tokens,
    struct raid_buf *b);

/* All templates, the most frequent first: id, count, template between tabs,
 * or JSON Lines. */
void raid_digest_table(const struct raid_log *m, int json,
    struct raid_buf *b);

#endif
