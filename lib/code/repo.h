/* SPDX-License-Identifier: ISC */
/*
 * A git repository, through libgit2; nobody else talks to it.
 *
 * Global, system and XDG configuration is off, and no filter runs: what a
 * commit holds is what comes out.  Read from the user's configuration are
 * only the identity and safe.directory.
 */
#ifndef RAID_CODE_REPO_H
#define RAID_CODE_REPO_H

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "raid.h"

#define RAID_REPO_HEX 41		/* digits of an object name and NUL */
#define RAID_REPO_FILE_MAX ((size_t)1 << 30)	/* bytes of one file */

struct raid_repo;

/*
 * Open the repository that holds the folder dir, looking upwards.  None is
 * RAID_ENOINPUT; one of another owner, with SHA-256 names or with an
 * extension that libgit2 does not know is refused with the command that
 * helps.
 */
struct raid_repo *raid_repo_open(const char *dir, struct raid_err *err);
void raid_repo_free(struct raid_repo *r);

/* Real paths, borrowed from r: the work tree (NULL: bare), its own git
 * folder, and the one that all worktrees share. */
const char *raid_repo_work(const struct raid_repo *r);
const char *raid_repo_gitdir(const struct raid_repo *r);
const char *raid_repo_commondir(const struct raid_repo *r);

/*
 * The full name of the commit that rev means: "HEAD", a branch, a name or a
 * unique beginning of it.  1 found, 0 HEAD is unborn, -1: RAID_ENOINPUT.
 */
RAID_MUST int raid_repo_commit(struct raid_repo *r, const char *rev,
    char hex[RAID_REPO_HEX], struct raid_err *err);

/*
 * What stands at a path in a commit.  1: there, *mode is git's (0100644,
 * 0100755, 0120000 for a symbolic link, whose content is its target,
 * 0040000 for a folder and 0160000 for a submodule, both without content).
 * 0: absent.  b is initialised here and freed by the caller, always.
 */
RAID_MUST int raid_repo_file(struct raid_repo *r, const char *commit,
    const char *path, struct raid_buf *b, unsigned *mode,
    struct raid_err *err);

/*
 * One file laid over a commit: added, replaced or, with mode 0, removed.
 * A list of them belongs to its maker.
 */
struct raid_repo_over {
	char *path;
	unsigned mode;		/* 0100644, 0100755, 0120000; 0: removed */
	unsigned char *p;
	size_t len;
};

struct raid_overlay {
	struct raid_repo_over *v;
	size_t n;
	size_t cap;
};

/* Copies what it is given; a path that is there already is replaced. */
void raid_overlay_set(struct raid_overlay *o, const char *path, unsigned mode,
    const void *p, size_t len);
const struct raid_repo_over *raid_overlay_get(const struct raid_overlay *o,
    const char *path);
void raid_overlay_free(struct raid_overlay *o);

/*
 * The difference between HEAD and the work tree as it is: modified, staged,
 * deleted and untracked, not ignored files.  Added to o.
 */
RAID_MUST int raid_repo_dirty(struct raid_repo *r, struct raid_overlay *o,
    struct raid_err *err);

/* Who commits: git's own answer, from environment and configuration.  The
 * caller frees both; missing is RAID_ECONFIG with the commands that help. */
RAID_MUST int raid_repo_identity(struct raid_repo *r, char **name,
    char **email, struct raid_err *err);

#endif
