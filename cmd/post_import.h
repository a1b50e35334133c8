/* SPDX-License-Identifier: ISC */
/* raid-post --import and --import-chat. */
#ifndef RAID_POST_IMPORT_H
#define RAID_POST_IMPORT_H

#include "store.h"

/*
 * Add the posts of a file ("-": standard input) and print their tags, or
 * with json the posts.  A person does this: members speak for themselves.
 */
RAID_MUST int post_import(struct store *s, const char *file, int json,
    struct raid_err *err);

/* The same for a pasted chat. */
RAID_MUST int post_import_chat(struct store *s, const char *file, int json,
    struct raid_err *err);

#endif
