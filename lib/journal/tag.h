/* SPDX-License-Identifier: ISC */
/* A post's tag: post_<seconds>, or post_<seconds>_<n> for n from 2 up. */
#ifndef RAID_JOURNAL_TAG_H
#define RAID_JOURNAL_TAG_H

#include <stddef.h>

#define RAID_TAG_SIZE 40	/* bytes, with the NUL */

/* ts 0 is no tag: what is absent. */
struct raid_tag {
	long long ts;		/* seconds since 1970 */
	long long n;		/* 1 for the first post of that second */
};

/*
 * Read "post_1720857600_2"; also with '#' before it, and with "ref_".  The
 * whole of the len bytes must be the tag.  0, or -1 if it is none.
 */
int raid_tag_parse(const char *s, size_t len, struct raid_tag *t);

void raid_tag_format(struct raid_tag t, char out[RAID_TAG_SIZE]);

/* Journal order: < 0, 0, > 0. */
int raid_tag_compare(struct raid_tag a, struct raid_tag b);

#endif
