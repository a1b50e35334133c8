/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/mem.h"
#include "patch.h"
#include "patch_far.h"

struct patch_commit {
	struct patch_base on;
	char hex[RAID_REPO_HEX];
};

struct patch_commit *
patch_commit_open(const char *dir, const char *rev,
    struct raid_place_base *base, struct raid_err *err)
{
	struct patch_commit *c = raid_calloc(1, sizeof(*c));

	*base = (struct raid_place_base){ patch_base_file, &c->on };
	c->on.commit = c->hex;
	c->on.repo = raid_repo_open(dir != NULL ? dir : ".", err);
	if (c->on.repo != NULL &&
	    raid_repo_commit(c->on.repo, rev, c->hex, err) != -1)
		return c;
	patch_commit_close(c);
	return NULL;
}

void
patch_commit_close(struct patch_commit *c)
{
	if (c == NULL)
		return;
	raid_repo_free(c->on.repo);
	free(c);
}
