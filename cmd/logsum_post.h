/* SPDX-License-Identifier: ISC */
/* The page of a log in the journal, by the programs whose job that is. */
#ifndef RAID_LOGSUM_POST_H
#define RAID_LOGSUM_POST_H

#include <stddef.h>

/*
 * Post a page as #log_summary, and print its tag.  journal may be NULL.
 * Returns the status of raid-post.
 */
int logsum_post(const char *journal, const char *page, size_t len);

/*
 * Ask members for the page in prose, print what they answer.  Returns the
 * status of raid-ask.
 */
int logsum_ask(const char *journal, const char *members, const char *page,
    size_t len);

#endif
