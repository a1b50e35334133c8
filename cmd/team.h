/* SPDX-License-Identifier: ISC */
/* The array as a program needs it: its members and what they are told. */
#ifndef RAID_TEAM_H
#define RAID_TEAM_H

#include "array/roster.h"
#include "context/window.h"
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
 * What a member is sent: the prompt and who it is, then the posts, the files
 * and what is asked.  The caller frees both, which are NULL on failure.
 */
RAID_MUST int team_texts(struct store *s, const struct raid_member *m,
    const char *role, const struct raid_window *w, char **system, char **user,
    struct raid_err *err);

/* What a member is sent as one text.  The caller frees; NULL on failure. */
char *team_context(struct store *s, const struct raid_member *m,
    const char *role, const struct raid_window *w, struct raid_err *err);

#endif
