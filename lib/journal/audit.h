/* SPDX-License-Identifier: ISC */
/* Who did what, on which post, allowed by what, with which result. */
#ifndef RAID_JOURNAL_AUDIT_H
#define RAID_JOURNAL_AUDIT_H

#include "journal/db.h"

struct raid_audit {
	const char *actor;		/* dev, a member */
	const char *program;		/* raid-commit */
	const char *action;		/* commit */
	const char *tag;		/* the post, or NULL */
	const char *allowed_by;		/* "policy", "person", "-y" */
	const char *result;		/* "done", "refused: ..." */
	const char *detail;		/* a commit's hash, a command */
};

RAID_MUST int raid_audit_add(struct raid_db *db, const struct raid_audit *a,
    struct raid_err *err);

/*
 * The newest entry on the post tag with that action.  1 found, 0 none;
 * *result and *detail are the caller's to free, NULL if there is none.
 */
RAID_MUST int raid_audit_last(struct raid_db *db, const char *action,
    const char *tag, char **result, char **detail, struct raid_err *err);

#endif
