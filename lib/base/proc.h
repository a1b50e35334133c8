/* SPDX-License-Identifier: ISC */
/*
 * Children: each in a process group of its own, fed and read without a
 * deadlock, capped in output, timed, and ended with everything they started.
 *
 * Several run at once; one loop (raid_proc_wait) serves them all.  The
 * programs that use it call raid_proc_signals() first, so that SIGINT,
 * SIGTERM and SIGHUP end the children in order instead of the parent alone.
 * A child whose parent is killed gets SIGTERM.
 */
#ifndef RAID_BASE_PROC_H
#define RAID_BASE_PROC_H

#include <stddef.h>

#include "base/buf.h"
#include "raid.h"

enum raid_proc_end {
	RAID_PROC_RUNNING,
	RAID_PROC_EXITED,	/* by itself: status or signal */
	RAID_PROC_IDLE,		/* killed: no output for opts.idle seconds */
	RAID_PROC_WALL,		/* killed: ran for opts.wall seconds */
	RAID_PROC_FLOOD,	/* killed: more output than opts.out_max */
	RAID_PROC_MEMORY,	/* killed: its tree grew too big */
	RAID_PROC_STOPPED	/* killed: raid_proc_stop, or a signal to us */
};

struct raid_proc_opts {
	char *const *argv;	/* argv[0] is looked for in the PATH of env;
				 * with a slash it is relative to dir */
	char *const *env;	/* NULL: ours */
	const char *dir;	/* working folder; NULL: ours */
	const void *in;		/* standard input, closed when written; */
	size_t in_len;		/* borrowed until the child has ended.  NULL:
				 * standard input is empty */
	int in_fd;		/* instead of in when > 0: given to the child */
	int in_inherit;		/* instead of both: standard input is ours */
	const int *keep_fds;	/* descriptors above 2 that it inherits under
				 * the same number, ended by -1; NULL: none */
	size_t out_max;		/* bytes of stdout and stderr together; more */
				/* is RAID_PROC_FLOOD.  0: 8 MiB */
	double idle, wall;	/* seconds, 0: no limit; idle counts from the
				 * last byte of output that comes to us */
	size_t memory;		/* resident bytes of the tree, looked at ten
				 * times a second; 0: no limit */
	double grace;		/* seconds from TERM to KILL, 0: 2 */
	int merge;		/* stderr goes where stdout goes */
	int err_inherit;	/* stderr is ours; nothing of it is kept */
	int out_inherit;	/* the same for stdout */
	int out_fd;		/* where stdout goes when > 0; nothing of it
				 * is kept */
	/* Called with each piece of stdout as it comes; may be NULL. */
	void (*on_out)(void *arg, const void *p, size_t len);
	void *arg;
};

struct raid_proc {
	enum raid_proc_end end;
	int status;		/* exit status; 128 + n for signal n */
	double seconds;		/* wall time */
	struct raid_buf out, err;
	struct raid_proc_priv *priv;
};

/*
 * Start a child.  A program that cannot be executed is an error here
 * (RAID_ENOINPUT when it is not there), never an exit status of the child.
 * *p is filled in every case and goes to raid_proc_free; o and what it points
 * to, but for in, may go when this returns.  *p must not move while it runs.
 */
RAID_MUST int raid_proc_start(struct raid_proc *p,
    const struct raid_proc_opts *o, struct raid_err *err);

/*
 * Serve the running ones among n children until one of them ends or
 * timeout_ms have passed (-1: no limit).  Returns how many are still running.
 * What a child leaves behind in its process group when it ends has 0.2 s to
 * close its output, then it is killed.
 */
int raid_proc_wait(struct raid_proc *const *v, size_t n, int timeout_ms);

/*
 * The same, and it returns also when the descriptor fd is readable (-1: there
 * is none) or a signal comes that raid_proc_signals took.  Without a running
 * child it waits for these two alone.
 */
int raid_proc_wait_fd(struct raid_proc *const *v, size_t n, int fd,
    int timeout_ms);

/* Begin to end it: TERM to its group, KILL after the grace.  Then wait. */
void raid_proc_stop(struct raid_proc *p);

/* Release; one that still runs is killed. */
void raid_proc_free(struct raid_proc *p);

/* Start and wait for the end. */
RAID_MUST int raid_proc_run(struct raid_proc *p,
    const struct raid_proc_opts *o, struct raid_err *err);

/*
 * Take SIGINT, SIGTERM and SIGHUP, but for those that are ignored: they stay
 * blocked except in raid_proc_wait and raid_proc_wait_fd, which then stop all
 * children as RAID_PROC_STOPPED; a second signal kills them at once.
 * raid_proc_signal() is the signal that came, or 0, and looks at those that
 * wait, too: ask it between long steps.
 */
void raid_proc_signals(void);
int raid_proc_signal(void);

/* Full path of a program in PATH, which the caller frees; NULL: not there.
 * Relative folders in PATH are passed over. */
char *raid_proc_find(const char *name);

/* One line for people about how it ended: "exit status 2", "killed: no
 * output for 120 s". */
void raid_proc_describe(const struct raid_proc *p, char *out, size_t size);

#endif
