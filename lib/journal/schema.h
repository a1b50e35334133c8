/* SPDX-License-Identifier: ISC */
/* The tables of a journal, as numbered migrations. */
#ifndef RAID_JOURNAL_SCHEMA_H
#define RAID_JOURNAL_SCHEMA_H

#include "journal/db.h"

/* What PRAGMA user_version is after the last migration. */
int raid_schema_version(void);

/* Bring a journal from a version up to the last one; within a transaction. */
RAID_MUST int raid_schema_migrate(struct raid_db *db, int from,
    struct raid_err *err);

#endif
