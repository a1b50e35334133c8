/* SPDX-License-Identifier: ISC */
/* The members that raid knows: presets.json beside the programs. */
#ifndef RAID_ARRAY_PRESET_H
#define RAID_ARRAY_PRESET_H

#include "base/conf.h"
#include "base/json.h"

/* The file; each key is a preset.  The caller frees; NULL on failure. */
struct raid_json *array_presets(struct raid_err *err);

/* A preset by its name, or by what other tools call its provider; NULL:
 * there is none. */
const struct raid_json *array_preset_find(const struct raid_json *presets,
    const char *name);

/* Is what it needs here: its program in PATH, or a key for it?  One that
 * needs neither, as a server on this machine, is not known to be. */
int array_preset_usable(const struct raid_conf *c,
    const struct raid_json *preset);

/* The array.json of all members that are usable.  The caller frees; NULL on
 * failure. */
char *array_preset_file(const struct raid_conf *c, struct raid_err *err);

#endif
