/* SPDX-License-Identifier: ISC */
/* Writing to the work tree: which folder it is, patches, and taking back. */
#ifndef RAID_PATCH_WRITE_H
#define RAID_PATCH_WRITE_H

#include "code/folder.h"
#include "store.h"

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

/* -w: write a patch, or the patch of a verdict; it must have passed. */
RAID_MUST int patch_write(struct store *s, const struct patch_write_opts *o,
    const char *tag, struct raid_err *err);

/* --undo: take back what was written of a patch. */
RAID_MUST int patch_undo(struct store *s, const struct patch_write_opts *o,
    const char *tag, struct raid_err *err);

#endif
