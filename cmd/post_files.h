/* SPDX-License-Identifier: ISC */
/* The files that raid-post attaches, with their content. */
#ifndef RAID_POST_FILES_H
#define RAID_POST_FILES_H

#include "base/conf.h"
#include "journal/post.h"

struct post_files {
	struct raid_attach *v;
	struct raid_list paths;		/* what v[i].path points to */
	struct raid_buf *content;	/* what v[i].p points to */
	size_t n, cap, bufcap;
};

void post_files_free(struct post_files *a);

/* A file of the project as it is now; "-" is standard input. */
RAID_MUST int post_file(struct post_files *a, const struct raid_conf *c,
    const char *file, struct raid_err *err);

/* All that git shows as modified, staged or untracked. */
RAID_MUST int post_dirty(struct post_files *a, const struct raid_conf *c,
    struct raid_err *err);

#endif
