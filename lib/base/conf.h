/* SPDX-License-Identifier: ISC */
/*
 * Where configuration and the journal lie, and whether a project's own
 * configuration may be obeyed.
 */
#ifndef RAID_BASE_CONF_H
#define RAID_BASE_CONF_H

#include "base/json.h"
#include "raid.h"

/* Where we stand, seen from a folder. */
struct raid_conf {
	char *root;		/* work tree root, or the folder that holds
				 * .raid/; NULL: neither */
	char *dir;		/* real path of the .raid/ to obey; NULL: none.
				 * A linked worktree without one uses that of
				 * the main work tree */
	char *journal;		/* where the journal is; NULL: there is none */
	char *journal_new;	/* where raid-init would make it; NULL: only
				 * --user is left */
	char *user;		/* ~/.config/raid; NULL without HOME */
	int git;		/* root is a git work tree */
};

/*
 * Look around from the folder dir.  journal (option -J, may be NULL) wins
 * over $RAID_JOURNAL, which wins over the places of raid-journal(5).
 */
RAID_MUST int raid_conf_find(struct raid_conf *c, const char *dir,
    const char *journal, struct raid_err *err);
void raid_conf_free(struct raid_conf *c);

/* Where a file of the user's own state lies, there or not, as "journal.db":
 * ~/.local/state/raid/; NULL without HOME.  The caller frees. */
char *raid_conf_state(const char *name);

/*
 * May c->dir be obeyed?  Its real path must stand in the user's file
 * "trusted".  0, or RAID_EPERM with the command that helps.  No .raid/ at
 * all is fine.
 */
RAID_MUST int raid_conf_trusted(const struct raid_conf *c,
    struct raid_err *err);

/* Add a .raid/ folder to that file.  1 added, 0 it stood there already. */
RAID_MUST int raid_conf_trust(const struct raid_conf *c, const char *dir,
    struct raid_err *err);

/*
 * Read a file of the two configurations, such as "array.json".  *project is
 * NULL where the project has none, *user where the user has none.  The
 * project must be trusted.  The caller frees both.
 */
RAID_MUST int raid_conf_read(const struct raid_conf *c, const char *name,
    struct raid_json **project, struct raid_json **user, struct raid_err *err);

/* The folder that holds a file of raid's own data, such as "prompts":
 * beside the program, or in share/raid beside its bin.  The caller frees. */
char *raid_conf_data(const char *name);

#endif
