/* SPDX-License-Identifier: ISC */
/* Shared by the files of base/proc alone. */
#ifndef RAID_BASE_PROC_PRIV_H
#define RAID_BASE_PROC_PRIV_H

#include <sys/types.h>
#include <stddef.h>

#include "base/proc.h"

struct raid_proc_priv {
	struct raid_proc_opts o;	/* argv, env, dir and keep_fds: gone */
	pid_t pid;
	int pidfd;		/* -1: the kernel has none; we look often */
	int in, out, err;	/* our ends, -1: closed */
	size_t in_off;		/* bytes of o.in that were written */
	size_t total;		/* bytes of output that came */
	double started;
	double heard;		/* when output came last */
	double look_at;		/* when memory is looked at next */
	double kill_at;		/* end of the grace; 0: it may go on */
	double gone_at;		/* end of the wait for what it left behind;
				 * 0: it has not ended */
	int killed;
	enum raid_proc_end why;
};

/*
 * Resident bytes of process root and its descendants.  With kill != 0 each
 * of them is sent SIGKILL as well.
 */
size_t raid_proc_tree(pid_t root, int kill);

/* A pipe whose end mine (0 or 1) does not block. */
RAID_MUST int raid_proc_pipe(int fd[2], int mine, struct raid_err *err);

#endif
