/* SPDX-License-Identifier: ISC */
/* Shared by the files of code/sandbox alone. */
#ifndef RAID_CODE_SANDBOX_PRIV_H
#define RAID_CODE_SANDBOX_PRIV_H

#include <stddef.h>

#include "raid.h"

/* A seccomp program for bubblewrap; NULL: none for this kind of machine. */
const void *raid_sandbox_filter(size_t *len);

/* Are we root who can become somebody else?  In a user namespace there may
 * be no number but ours. */
int raid_sandbox_is_root(void);

/* Is there somebody harmless to be?  0 or RAID_EUNAVAIL. */
RAID_MUST int raid_sandbox_who(struct raid_err *err);

#endif
