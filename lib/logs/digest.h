/* SPDX-License-Identifier: ISC */
/*
 * What is printed of a log: a page that fits a budget, the same as JSON, a
 * table of all templates, and what two logs differ in.
 *
 * All bytes that come from the log are made valid UTF-8 on one line, after
 * the caller's mask has seen them.  The same log gives the same bytes.
 */
#ifndef RAID_LOGS_DIGEST_H
#define RAID_LOGS_DIGEST_H

#include <stddef.h>

#include "base/buf.h"
#include "logs/log.h"

struct raid_digest_opts {
	size_t tokens;		/* the page has at most so many (see
				 * base/tokens.h; nor more by four bytes or
				 * by 3/4 of a word each); 100 or more */
	int json;
	const struct raid_zone *zone;	/* times are shown in it; borrowed,
					 * NULL: UTC */
	/* Append to out one text of the log, its secrets masked; NULL: they
	 * are not. */
	void (*mask)(void *arg, const void *p, size_t len,
	    struct raid_buf *out);
	void *arg;
};

/*
 * A page in Markdown, or one line of JSON.  What stands on it and what is
 * left out adds up to the lines of the log.
 */
void raid_digest_page(const struct raid_log *l,
    const struct raid_digest_opts *o, struct raid_buf *b);

/* The same of what is new, gone and changed between two logs. */
void raid_digest_compare(const struct raid_log *old,
    const struct raid_log *new, const struct raid_digest_opts *o,
    struct raid_buf *b);

/* Has the new one a template that the old one has not? */
int raid_digest_is_new(const struct raid_log *old,
    const struct raid_log *new);

/* All templates, the most frequent first: id, count, template between tabs,
 * or JSON Lines; o->tokens does not matter. */
void raid_digest_table(const struct raid_log *l,
    const struct raid_digest_opts *o, struct raid_buf *b);

#endif
