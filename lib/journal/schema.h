/* SPDX-License-Identifier: ISC */
/* What tables a database of raid's has, as numbered migrations. */
#ifndef RAID_JOURNAL_SCHEMA_H
#define RAID_JOURNAL_SCHEMA_H

#include "journal/db.h"

/* A kind of database.  Its words stand in messages. */
struct raid_schema {
	const char *what;	/* "journal" */
	int id;			/* PRAGMA application_id */
	/* Migration n brings a database of version n to n + 1; one that has
	 * been released never changes.  Ended by NULL. */
	const char *const *migrations;
	const char *const *append_only;	/* tables whose rows stay; ended by
					 * NULL */
	const char *fresh;	/* run once in a new one */
	int durable;		/* a commit is on the disk when it returns;
				 * else a power failure may take the last, and
				 * SQLite alone brings the log home */
	const char *absent, *foreign;	/* the help when there is none, when
					 * it is something else */
	const char *outdated;	/* and when a reader meets an old one */
};

extern const struct raid_schema raid_schema_journal;

/* What PRAGMA user_version is after the last migration. */
int raid_schema_version(const struct raid_schema *s);

/* Bring a database from a version up to the last one; within a
 * transaction. */
RAID_MUST int raid_schema_migrate(struct raid_db *db,
    const struct raid_schema *s, int from, struct raid_err *err);

#endif
