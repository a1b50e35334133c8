/* SPDX-License-Identifier: ISC */
/*
 * A command in a sandbox (bubblewrap): one writable folder, a read-only
 * system, nothing of home, of the journal or of any key, no network unless
 * it is granted, limits, and an end that takes all descendants along.
 *
 * Run by root the command becomes an unprivileged user without a capability,
 * and a filter refuses new user namespaces; run by anybody else it lives in a
 * user namespace that cannot make another one.
 */
#ifndef RAID_CODE_SANDBOX_H
#define RAID_CODE_SANDBOX_H

#include <sys/types.h>
#include <stddef.h>

#include "base/proc.h"
#include "base/str.h"
#include "raid.h"

struct raid_sandbox_opts {
	const char *root;	/* the folder that may be written, a real
				 * path; its owner is raid_sandbox_uid() */
	const char *at;		/* the path it has inside */
	const struct raid_list *mounts;	/* "path" or "path:rw", which have
				 * the same path inside; "~/" is HOME,
				 * another relative path lies in at; a "?"
				 * before it: only if it is there; NULL:
				 * none */
	const struct raid_list *env;	/* "NAME=value" beside our own; NULL */
	int network;
	unsigned processes;	/* 0: 1024, threads included */
	long long file_size;	/* bytes, 0: 4 GiB */
	long long tmp_size;	/* bytes of /tmp and the like, 0: 1 GiB */
	int off;		/* no sandbox: a clean environment and the
				 * limits of raid_proc_opts are all */
};

struct raid_sandbox {
	struct raid_proc proc;	/* for raid_proc_wait and the result */
	int status_fd;		/* what bubblewrap says of its child */
};

/*
 * Can a sandbox be had here?  0, or RAID_EUNAVAIL with the cause and the
 * command that helps.
 */
RAID_MUST int raid_sandbox_probe(struct raid_err *err);

/* Who owns what the sandbox may write: ourselves, or a user of its own when
 * we are root. */
uid_t raid_sandbox_uid(void);

/*
 * Start po->argv in the folder po->dir (relative to o->at; NULL: at itself).
 * po->env and po->keep_fds are ignored.  The sandbox must not move until
 * raid_sandbox_free.
 */
RAID_MUST int raid_sandbox_start(struct raid_sandbox *s,
    const struct raid_sandbox_opts *o, const struct raid_proc_opts *po,
    struct raid_err *err);

/*
 * When s->proc has ended: 0, and its end and status are those of the
 * command; 126 and 127 mean that it could not be started.  -1 and
 * RAID_EUNAVAIL: the sandbox could not be made, the command did not run.
 */
RAID_MUST int raid_sandbox_result(struct raid_sandbox *s,
    struct raid_err *err);
void raid_sandbox_free(struct raid_sandbox *s);

/*
 * Has the user switched the sandbox off for this host, by "sandbox": "off"
 * in policy.json of the folder user (~/.config/raid; NULL: none)?  1 or 0;
 * -1 if that file is damaged.
 */
RAID_MUST int raid_sandbox_is_off(const char *user, struct raid_err *err);

/* "~/x" as a path beneath HOME; the caller frees. */
char *raid_sandbox_expand(const char *path);

#endif
