/* SPDX-License-Identifier: ISC */
/* The journal and the configuration that a program works with. */
#ifndef RAID_STORE_H
#define RAID_STORE_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/policy.h"
#include "journal/db.h"
#include "journal/post.h"

struct store {
	struct raid_conf conf;
	struct raid_db *db;
	const char *actor;	/* who runs us: RAID_ACTOR, RAID_AUTHOR, dev */
	int member;		/* RAID_ACTOR is set: a member's process */
};

/*
 * Find and open the journal as seen from dir (option -C; NULL: here).
 * journal is option -J or NULL.  None: RAID_ENOINPUT, "run raid-init".
 */
RAID_MUST int store_open(struct store *s, const char *dir, const char *journal,
    enum raid_db_mode mode, struct raid_err *err);
void store_close(struct store *s);

/* Only the configuration, for what needs no journal; then that journal. */
RAID_MUST int store_conf(struct store *s, const char *dir,
    const char *journal, struct raid_err *err);
RAID_MUST int store_db(struct store *s, enum raid_db_mode mode,
    struct raid_err *err);

/*
 * The author of a new post: -a, else the actor.  A member's process posts
 * as itself alone: RAID_EPERM.
 */
const char *store_author(const struct store *s, const char *wanted,
    struct raid_err *err);

/* Read the content of an attached file. */
RAID_MUST int store_file(struct store *s, const struct raid_file *f,
    struct raid_buf *b, struct raid_err *err);

/* An entry of the audit table by this program; failing to write it is a
 * failure of the action. */
RAID_MUST int store_audit(struct store *s, const char *action, const char *tag,
    const char *allowed_by, const char *result, const char *detail,
    struct raid_err *err);

/* The same in a journal that is not open; where it cannot be written, or
 * there is none (NULL), nothing is noted. */
RAID_MUST int store_note(const struct store *s, const char *journal,
    const char *action, const char *detail, struct raid_err *err);

/*
 * Append a post together with its entry in the audit: one transaction, one
 * sync.  allowed_by NULL: the person who runs us, or the policy for a
 * member.
 */
RAID_MUST int store_post(struct store *s, const struct raid_draft *d,
    const char *action, const char *allowed_by, const char *detail,
    char tag[RAID_TAG_SIZE], struct raid_err *err);

/* Print a post's tag, or with json its JSON line, and flush: the next stage
 * of the pipe may start with it. */
RAID_MUST int store_print(struct store *s, const char *tag, int json,
    struct raid_err *err);

#endif
