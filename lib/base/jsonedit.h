/* SPDX-License-Identifier: ISC */
/*
 * Change one value in a JSON text that a person may have written, and leave
 * every other byte as it is: the order of keys, blanks, numbers of any
 * length, keys that nobody here knows.
 */
#ifndef RAID_BASE_JSONEDIT_H
#define RAID_BASE_JSONEDIT_H

#include "base/buf.h"
#include "base/json.h"

/*
 * Put value where the keys of path, ended by NULL, lead from the object that
 * the text is.  Objects on the way are made where there are none; something
 * else on the way is RAID_EDATA.  value NULL takes the key away; that it is
 * not there is no error.  What is new is laid out as what stands beside it.
 * On failure the text is as it was.
 */
RAID_MUST int raid_json_edit(struct raid_buf *text, const char *const *path,
    const struct raid_json *value, struct raid_err *err);

#endif
