/* SPDX-License-Identifier: ISC */
/* The array as a program needs it: its members and what they are told. */
#ifndef RAID_TEAM_H
#define RAID_TEAM_H

#include "array/roster.h"
#include "base/redact.h"
#include "context/window.h"
#include "journal/ledger.h"
#include "store.h"

/* Read both array.json.  Free the roster in every case. */
RAID_MUST int team_roster(const struct store *s, struct raid_roster *r,
    struct raid_err *err);

/* The member that a name means; none is RAID_EUSAGE and lists them. */
const struct raid_member *team_find(const struct raid_roster *r,
    const char *name, struct raid_err *err);

/* The names of all members, for a message; b is initialised here. */
void team_names(const struct raid_roster *r, struct raid_buf *b);

/* Tokens that an answer of m may have; and those that the posts and files of
 * its context may have, 0: no limit. */
long long team_output(const struct raid_member *m);
size_t team_room(const struct raid_member *m);

/*
 * The prompt of a role: common.txt and ROLE.txt of .raid/prompts/, else of
 * raid's own.  A role without a file has common.txt alone.  The caller
 * frees; NULL on failure.
 */
char *team_prompt(const struct store *s, const char *role,
    struct raid_err *err);

/*
 * What stands between the journal and members that are not local: what they
 * are sent holds masks in place of secrets.  Begin with { 0 }; one serves
 * any number of members and posts.
 */
struct team_guard {
	struct raid_redact *patterns;	/* NULL until they are needed */
	struct raid_redact_found found;	/* what was masked, added up */
};

void team_guard_free(struct team_guard *g);

/*
 * raid_window_make for a member, with the bodies and the files masked unless
 * it is local; g NULL: not masked either.  Free w in every case.
 */
RAID_MUST int team_window(struct store *s, struct team_guard *g,
    const struct raid_member *m, const struct raid_window_opts *o,
    struct raid_window *w, struct raid_err *err);

/*
 * What a member is sent, the prompt masked likewise: the prompt and who it
 * is, then the posts and files of w, as team_window made it, and what is
 * asked.  The caller frees both, which are NULL on failure.
 */
RAID_MUST int team_texts(struct store *s, struct team_guard *g,
    const struct raid_member *m, const char *role,
    const struct raid_window *w, char **system, char **user,
    struct raid_err *err);

/*
 * What the ledger calls a member; place is initialised here, holds what who
 * borrows, and is freed by the caller.
 */
void team_who(const struct raid_member *m, struct raid_buf *place,
    struct raid_ledger_who *who);

/* The limits that hold for its calls: its own and those of the array. */
struct raid_ledger_limits team_limits(const struct raid_member *m,
    const struct raid_roster *r);

#endif
