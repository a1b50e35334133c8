/* SPDX-License-Identifier: ISC */
/* The folder that raid-patch works on. */
#ifndef RAID_PATCH_TREE_H
#define RAID_PATCH_TREE_H

#include "code/folder.h"

/* What of the options of raid-patch matters here. */
struct patch_write_opts {
	const char *dir;	/* -C; NULL: here */
	const char *root;	/* --root; NULL: the work tree */
	int json, dry;
};

/*
 * Open the folder that paths are relative to: --root, or the root of the
 * work tree, or outside of git the folder -C.  Close it in every case.
 */
RAID_MUST int patch_tree_open(struct raid_folder *f,
    const struct patch_write_opts *o, struct raid_err *err);

/*
 * Before the tree is looked at.  For writing: wait for other writers, finish
 * what was broken off, and say so.  For reading: RAID_ETEMP if something is
 * half done.
 */
RAID_MUST int patch_tree_begin(struct raid_folder *f, int writes,
    struct raid_err *err);

/* --recover: finish what was broken off, and say what there was. */
RAID_MUST int patch_recover(const struct patch_write_opts *o,
    struct raid_err *err);

#endif
