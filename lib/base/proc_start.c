/* SPDX-License-Identifier: ISC */
#include "base/proc_priv.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#define OUT_MAX ((size_t)8 << 20)
#define FDS_MAX 65536

/* What the child gets; every descriptor here is closed by the parent. */
struct plan {
	const struct raid_proc_opts *o;
	const char *path;	/* what is executed */
	char **argv;		/* the same behind /bin/sh, for a script that
				 * has no #! line */
	int in, out, err;	/* -1: inherited */
	int report;		/* where it writes errno when exec fails */
	pid_t parent;
};

static int
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

static char *
find_in(const char *env, const char *name)
{
	struct raid_list dirs = { 0 };
	char *path = NULL;

	if (strchr(name, '/') != NULL)
		return is_program(name) ? raid_strdup(name) : NULL;
	if (*name == '\0')
		return NULL;
	raid_list_split(&dirs, env != NULL ? env : "/usr/bin:/bin", ':');
	for (size_t i = 0; i < dirs.n && path == NULL; i++) {
		if (dirs.v[i][0] != '/')
			continue;
		path = raid_strf("%s/%s", dirs.v[i], name);
		if (!is_program(path)) {
			free(path);
			path = NULL;
		}
	}
	raid_list_free(&dirs);
	return path;
}

char *
raid_proc_find(const char *name)
{
	return find_in(getenv("PATH"), name);
}

/* PATH as the child will see it. */
static const char *
path_of(char *const *env)
{
	if (env == NULL)
		return getenv("PATH");
	for (; *env != NULL; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	return NULL;
}

int
raid_proc_pipe(int fd[2], int mine, struct raid_err *err)
{
	if (pipe2(fd, O_CLOEXEC) == -1) {
		fd[0] = fd[1] = -1;
		return raid_fail_errno(err, "a pipe");
	}
	/* The ends are two open files: the child's stays as it expects it. */
	if (mine >= 0)
		(void)fcntl(fd[mine], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/*
 * Child: nothing of ours may leak into it.  Descriptors that carry
 * FD_CLOEXEC here are closed by exec.
 */
static void
set_fds(const struct plan *c)
{
	const int *keep = c->o->keep_fds;

	if (c->in != -1)
		(void)dup2(c->in, STDIN_FILENO);
	if (c->out != -1)
		(void)dup2(c->out, STDOUT_FILENO);
	if (c->o->merge)
		(void)dup2(STDOUT_FILENO, STDERR_FILENO);
	else if (c->err != -1)
		(void)dup2(c->err, STDERR_FILENO);
	if (syscall(SYS_close_range, 3U, ~0U, 1U << 2) == -1)
		for (int fd = 3; fd < FDS_MAX; fd++)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	for (; keep != NULL && *keep != -1; keep++)
		(void)fcntl(*keep, F_SETFD, 0);
}

static void
set_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &sa, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Child, between fork and exec: async-signal-safe calls only. */
static void
become(const struct plan *c)
{
	char *const *env = c->o->env != NULL ? c->o->env : environ;
	int e;

	(void)setpgid(0, 0);
	set_fds(c);
	set_signals();
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != c->parent)
		_exit(RAID_EINTR);
	if (c->o->dir == NULL || chdir(c->o->dir) == 0) {
		(void)execve(c->path, c->o->argv, env);
		if (errno == ENOEXEC)
			(void)execve("/bin/sh", c->argv, env);
	}
	e = errno;
	(void)!write(c->report, &e, sizeof(e));
	_exit(127);
}

/* Fork; returns once the child has executed its program. */
static int
launch(struct raid_proc_priv *v, struct plan *c, struct raid_err *err)
{
	int fd[2], e = 0;
	ssize_t n;

	if (raid_proc_pipe(fd, -1, err) == -1)
		return -1;
	c->report = fd[1];
	c->parent = getpid();
	v->pid = fork();
	if (v->pid == 0)
		become(c);
	close(fd[1]);
	if (v->pid == -1) {
		close(fd[0]);
		return raid_fail_errno(err, "a new process");
	}
	/* Both sides do it, so that it is done for whoever comes first. */
	(void)setpgid(v->pid, v->pid);
	do {
		n = read(fd[0], &e, sizeof(e));
	} while (n == -1 && errno == EINTR);
	close(fd[0]);
	if (n != (ssize_t)sizeof(e)) {
		v->pidfd = (int)syscall(SYS_pidfd_open, v->pid, 0);
		return 0;
	}
	(void)waitpid(v->pid, NULL, 0);
	v->pid = -1;
	errno = e;
	return raid_fail_errno(err, "%s", c->o->argv[0]);
}

static int
open_streams(struct raid_proc_priv *v, struct plan *c, struct raid_err *err)
{
	const struct raid_proc_opts *o = c->o;
	int fd[2];

	if (!o->in_inherit && o->in_fd > 0) {
		c->in = fcntl(o->in_fd, F_DUPFD_CLOEXEC, 3);
	} else if (!o->in_inherit && o->in_len != 0) {
		if (raid_proc_pipe(fd, 1, err) == -1)
			return -1;
		c->in = fd[0];
		v->in = fd[1];
	} else if (!o->in_inherit) {
		c->in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	if (!o->in_inherit && c->in == -1)
		return raid_fail_errno(err, "standard input of %s",
		    o->argv[0]);
	if (o->out_fd > 0) {
		c->out = fcntl(o->out_fd, F_DUPFD_CLOEXEC, 3);
		if (c->out == -1)
			return raid_fail_errno(err, "standard output of %s",
			    o->argv[0]);
	} else if (!o->out_inherit) {
		if (raid_proc_pipe(fd, 0, err) == -1)
			return -1;
		v->out = fd[0];
		c->out = fd[1];
	}
	if (!o->err_inherit && !o->merge) {
		if (raid_proc_pipe(fd, 0, err) == -1)
			return -1;
		v->err = fd[0];
		c->err = fd[1];
	}
	return 0;
}

/* argv behind /bin/sh; the strings are borrowed. */
static char **
shell_argv(const char *path, char *const *argv)
{
	char **v;
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	v = raid_calloc(n + 2, sizeof(*v));
	v[0] = (char *)(uintptr_t)"sh";
	v[1] = (char *)(uintptr_t)path;
	for (size_t i = 1; i < n; i++)
		v[i + 1] = argv[i];
	return v;
}

static void
prepare(struct raid_proc *p, const struct raid_proc_opts *o)
{
	struct raid_proc_priv *v = raid_calloc(1, sizeof(*v));

	v->o = *o;
	v->o.argv = v->o.env = NULL;
	v->o.dir = NULL;
	v->o.keep_fds = NULL;
	if (v->o.out_max == 0)
		v->o.out_max = OUT_MAX;
	if (v->o.grace <= 0)
		v->o.grace = 2;
	v->pid = -1;
	v->pidfd = v->in = v->out = v->err = -1;
	v->why = RAID_PROC_EXITED;
	v->started = v->heard = v->look_at = raid_clock_mono();
	*p = (struct raid_proc){ .end = RAID_PROC_RUNNING, .priv = v };
	raid_buf_init(&p->out, v->o.out_max);
	raid_buf_init(&p->err, v->o.out_max);
}

int
raid_proc_start(struct raid_proc *p, const struct raid_proc_opts *o,
    struct raid_err *err)
{
	struct plan c = { .o = o, .in = -1, .out = -1, .err = -1 };
	char *path;
	int r = -1;

	prepare(p, o);
	path = strchr(o->argv[0], '/') != NULL ? raid_strdup(o->argv[0]) :
	    find_in(path_of(o->env), o->argv[0]);
	if (path == NULL) {
		raid_fail(err, RAID_ENOINPUT, "%s: not found in PATH",
		    o->argv[0]);
		goto out;
	}
	c.path = path;
	c.argv = shell_argv(path, o->argv);
	if (open_streams(p->priv, &c, err) == 0)
		r = launch(p->priv, &c, err);
out:
	shut(&c.in);
	shut(&c.out);
	shut(&c.err);
	free(c.argv);
	free(path);
	if (r == -1) {
		p->end = RAID_PROC_EXITED;
		p->status = 127;
	}
	return r;
}
