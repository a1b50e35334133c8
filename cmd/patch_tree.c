/* SPDX-License-Identifier: ISC */
#include "patch_tree.h"

#include "base/githead.h"
#include "prog.h"

int
patch_tree_open(struct raid_folder *f, const struct patch_write_opts *o,
    struct raid_err *err)
{
	const char *dir = o->dir != NULL ? o->dir : ".";
	struct raid_git g;
	int r;

	*f = (struct raid_folder){ .fd = -1, .record_dir = -1 };
	if (o->root != NULL)
		return raid_folder_open(f, o->root, NULL, err);
	r = raid_git_find(dir, &g, err);
	if (r == 1 && g.work == NULL)
		r = raid_fail(err, RAID_ENOINPUT, "%s: a bare repository, "
		    "without files; --base COMMIT names some", g.gitdir);
	else if (r != -1)
		r = raid_folder_open(f, r == 1 ? g.work : dir, g.gitdir, err);
	raid_git_free(&g);
	return r;
}

/* Finish what was broken off.  0 there was nothing, 1 there was, -1. */
static int
recover(struct raid_folder *f, struct raid_err *err)
{
	enum raid_folder_end end;

	if (raid_folder_lock(f, err) == -1 ||
	    raid_folder_recover(f, &end, err) == -1)
		return -1;
	if (end == RAID_FOLDER_DONE)
		prog_warn("a write was broken off; it is finished now");
	else if (end == RAID_FOLDER_BACK)
		prog_warn("a write was broken off; it is taken back now");
	return end != RAID_FOLDER_NONE;
}

int
patch_tree_begin(struct raid_folder *f, int writes, struct raid_err *err)
{
	if (!writes)
		return raid_folder_ready(f, err);
	return recover(f, err) == -1 ? -1 : 0;
}

int
patch_recover(const struct patch_write_opts *o, struct raid_err *err)
{
	struct raid_folder f;
	int r = patch_tree_open(&f, o, err);

	if (r == 0)
		r = recover(&f, err);
	if (r == 0)
		prog_warn("no write was broken off");
	raid_folder_close(&f);
	return r == -1 ? -1 : 0;
}
