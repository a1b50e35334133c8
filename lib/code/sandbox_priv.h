/* SPDX-License-Identifier: ISC */
/* Shared by the files of code/sandbox alone. */
#ifndef RAID_CODE_SANDBOX_PRIV_H
#define RAID_CODE_SANDBOX_PRIV_H

#include <stddef.h>

/* A seccomp program for bubblewrap; NULL: none for this kind of machine. */
const void *raid_sandbox_filter(size_t *len);

#endif
