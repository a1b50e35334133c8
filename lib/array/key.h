/* SPDX-License-Identifier: ISC */
/*
 * The key of a member, from the first of: the file keys/NAME of the user's
 * configuration, the member's key_command, the environment variable that its
 * key_env names.  It is in no message, and no core file can hold it.
 */
#ifndef RAID_ARRAY_KEY_H
#define RAID_ARRAY_KEY_H

#include "array/roster.h"

/*
 * Get the key of m.  user_dir is ~/.config/raid, NULL if there is none.
 * *key is NULL for a member that needs none: it names no key and has no
 * file, or it is on this machine and what it names is not there.  *source
 * says for people where the key is from, "" without one; it lives as long
 * as the key.  A file that others can read is RAID_EPERM with the chmod that
 * helps; so is a key that would go where it must not.  A key that is nowhere
 * is RAID_ECONFIG.  key_command is waited for, up to half a minute.
 */
RAID_MUST int raid_key_get(const struct raid_member *m, const char *user_dir,
    char **key, const char **source, struct raid_err *err);

/*
 * Where the key would be from, without looking at it or running anything:
 * as *source above, "" if none is needed.  The caller frees; NULL on failure,
 * as above.
 */
char *raid_key_source(const struct raid_member *m, const char *user_dir,
    struct raid_err *err);

/* Wipe and free; NULL is fine. */
void raid_key_free(char *key);

/* Would a file keys/NAME be used for it?  Only where its address is the
 * user's own, or the vendor's. */
int raid_key_file_used(const struct raid_member *m);

/* Where keys/NAME is; the caller frees. */
char *raid_key_path(const char *user_dir, const char *name);

/* May this be a key?  Printable ASCII without a blank, up to 4096 bytes, for
 * it becomes a part of a header. */
int raid_key_valid(const char *s, size_t len);

#endif
