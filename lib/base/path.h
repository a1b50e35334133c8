/* SPDX-License-Identifier: ISC */
/* Files and paths: whole reads, atomic writes, and staying beneath a root. */
#ifndef RAID_BASE_PATH_H
#define RAID_BASE_PATH_H

#include <stddef.h>

#include "base/buf.h"
#include "raid.h"

/* dir/name, which the caller frees. */
char *raid_path_join(const char *dir, const char *name);

/*
 * Read a whole file, at most max bytes; more is RAID_EDATA.  The buffer is
 * initialised here and freed by the caller, on failure too.
 */
RAID_MUST int raid_path_read(const char *path, size_t max, struct raid_buf *b,
    struct raid_err *err);
RAID_MUST int raid_path_readfd(int fd, const char *name, size_t max,
    struct raid_buf *b, struct raid_err *err);

/* Write all of it; 0, or -1 with errno. */
RAID_MUST int raid_path_writefd(int fd, const void *p, size_t len);

/*
 * Write a file whole or not at all: a temporary beside it, synced, renamed.
 */
RAID_MUST int raid_path_write(const char *path, const void *p, size_t len,
    unsigned mode, struct raid_err *err);

/* mkdir -p, each new folder with mode. */
RAID_MUST int raid_path_mkdirs(const char *path, unsigned mode,
    struct raid_err *err);

/* A new empty folder, 0700, beneath $TMPDIR or /tmp; the caller frees. */
char *raid_path_mktemp(struct raid_err *err);

/* rm -rf, never through a symbolic link; made to work on folders without
 * write permission.  What is not there is no error. */
RAID_MUST int raid_path_remove(const char *path, struct raid_err *err);

/*
 * Is this a path that a member may name?  Relative, no empty, "." or ".."
 * part, no part that a file system may take for ".git" (any case, trailing
 * blanks or dots, "git~1", a stream, between backslashes, ignorable
 * Unicode), no control character.  0 or RAID_EPERM with the reason.
 */
RAID_MUST int raid_path_safe(const char *rel, struct raid_err *err);

/*
 * The same for a path that a member's edit may change: no part that may be
 * taken for ".raid", or begins with ".raid-" as the temporaries of writing.
 */
RAID_MUST int raid_path_edit(const char *rel, struct raid_err *err);

/*
 * Open a path beneath the folder dirfd without following a symbolic link
 * anywhere.  flags and mode as for openat(2).  A descriptor, or -1 with
 * errno, too: ENOTDIR may be a link that was in the way.
 */
int raid_path_openat(int dirfd, const char *rel, int flags, unsigned mode,
    struct raid_err *err);

/*
 * Open the folder that holds rel, without following a link; *name is the
 * last part of rel, borrowed from it.  Returns as raid_path_openat.
 */
int raid_path_parent(int dirfd, const char *rel, const char **name,
    struct raid_err *err);

/* Make one folder beneath dirfd.  1 made, 0 something is there already. */
RAID_MUST int raid_path_mkdirat(int dirfd, const char *rel,
    struct raid_err *err);

/*
 * Remove one folder beneath dirfd if it is empty.  1 it is gone, 0 it stays
 * (it is not empty, or may not be removed), -1 the disk failed.
 */
RAID_MUST int raid_path_rmdirat(int dirfd, const char *rel,
    struct raid_err *err);

/* The folders on the way to rel that are empty, the lowest first. */
RAID_MUST int raid_path_prune(int dirfd, const char *rel,
    struct raid_err *err);

/*
 * Write a file beneath dirfd, making its folders; mode 0120000 makes a
 * symbolic link to the content.  What was there is replaced by a rename.
 */
RAID_MUST int raid_path_put(int dirfd, const char *rel, const void *p,
    size_t len, unsigned mode, struct raid_err *err);

/* Remove a file beneath dirfd, and the folders that this leaves empty. */
RAID_MUST int raid_path_drop(int dirfd, const char *rel, struct raid_err *err);

#endif
