/* SPDX-License-Identifier: ISC */
/* Which checks a project has. */
#ifndef RAID_CODE_CHECKS_FIND_H
#define RAID_CODE_CHECKS_FIND_H

#include "base/conf.h"
#include "code/checks.h"
#include "code/replica.h"

/*
 * The checks for a base: its own .raid/checks.json, else the one in the
 * .raid/ of the work tree; either is obeyed only when that folder is trusted
 * (RAID_EPERM).  Where they name none, what the base's files suggest.  A diff
 * in what is never looked at: a patch does not choose its judge.  The list may
 * be empty.  Freed by the caller in every case.
 */
RAID_MUST int raid_checks_find(struct raid_checks *c, struct raid_repo *repo,
    const struct raid_replica_opts *what, const struct raid_conf *conf,
    struct raid_err *err);

#endif
