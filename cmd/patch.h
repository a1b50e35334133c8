/* SPDX-License-Identifier: ISC */
/* A patch as the programs of the pipe work with it: its post and its base. */
#ifndef RAID_PATCH_H
#define RAID_PATCH_H

#include "base/buf.h"
#include "code/place.h"
#include "code/repo.h"
#include "journal/post.h"
#include "store.h"

struct patch {
	struct raid_post post;		/* of kind patch */
	struct raid_post owner;		/* its files lie over the base; empty
					 * (tag "") if there are none */
	struct raid_json *meta;		/* of post */
	const char *base;		/* commit; "" outside of git */
	const char *question;		/* tag; rivals share it; "" */
	const char *sha256;		/* of the clean diff */
	struct raid_buf diff;
};

/*
 * Load the patch that an operand means: a patch, or a verdict on one.  Free
 * in every case.
 */
RAID_MUST int patch_load(struct store *s, const char *operand,
    struct patch *p, struct raid_err *err);
void patch_free(struct patch *p);

/*
 * What a patch is placed on: a commit (repo may be NULL, then nothing) with
 * files of the journal laid over it.  base.arg is this struct.
 */
struct patch_base {
	struct store *s;
	struct raid_repo *repo;
	const char *commit;
	const struct raid_post *owner;	/* NULL, or whose files lie over it */
};

/* For struct raid_place_base. */
int patch_base_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err);

#endif
