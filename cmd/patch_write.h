/* SPDX-License-Identifier: ISC */
/* Patches of the journal: writing them to the work tree, and taking back. */
#ifndef RAID_PATCH_WRITE_H
#define RAID_PATCH_WRITE_H

#include "patch_tree.h"
#include "store.h"

/* -w: write a patch, or the patch of a verdict; it must have passed. */
RAID_MUST int patch_write(struct store *s, const struct patch_write_opts *o,
    const char *tag, struct raid_err *err);

/* --undo: take back what was written of a patch. */
RAID_MUST int patch_undo(struct store *s, const struct patch_write_opts *o,
    const char *tag, struct raid_err *err);

#endif
