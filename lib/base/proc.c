/* SPDX-License-Identifier: ISC */
#include "base/proc.h"

#include <sys/wait.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/proc_priv.h"

#define LINGER 0.2		/* seconds for what a child leaves behind */
#define LOOK 0.1		/* seconds between two looks at memory */
#define NO_PIDFD 0.02		/* the same at a child that we cannot poll */
#define PER_CHILD 4		/* descriptors to poll */

/* What a handler can reach has to be global. */
static volatile sig_atomic_t signal_last, signal_count;
static sigset_t taken;		/* signals that raid_proc_signals took */
static int taking;

static void
on_signal(int sig)
{
	signal_last = sig;
	if (signal_count < 2)
		signal_count++;
}

void
raid_proc_signals(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal }, old;

	sigemptyset(&taken);
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		/* nohup and a shell's "&" have them ignored: leave it so. */
		if (sigaction(sigs[i], NULL, &old) == -1 ||
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaddset(&taken, sigs[i]);
		(void)sigaction(sigs[i], &sa, NULL);
	}
	(void)sigprocmask(SIG_BLOCK, &taken, NULL);
	taking = 1;
}

int
raid_proc_signal(void)
{
	const struct timespec now = { 0, 0 };
	int sig;

	while (taking && (sig = sigtimedwait(&taken, NULL, &now)) > 0)
		on_signal(sig);
	return signal_last;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* Once it has been waited for, its number may be another's. */
static void
kill_all(struct raid_proc_priv *v)
{
	if (v->killed)
		return;
	v->killed = 1;
	(void)raid_proc_tree(v->pid, 1);
	(void)kill(-v->pid, SIGKILL);
}

static void
stop(struct raid_proc_priv *v, enum raid_proc_end why, double now)
{
	if (v->kill_at > 0)
		return;
	v->kill_at = now + v->o.grace;
	if (v->gone_at == 0)
		v->why = why;
	(void)kill(-v->pid, SIGTERM);
	(void)kill(-v->pid, SIGCONT);
}

void
raid_proc_stop(struct raid_proc *p)
{
	if (p->end == RAID_PROC_RUNNING)
		stop(p->priv, RAID_PROC_STOPPED, raid_clock_mono());
}

/* Take what a child wrote; of what passes its maximum nothing is kept. */
static void
take(struct raid_proc *p, int is_err, const char *s, size_t n)
{
	struct raid_proc_priv *v = p->priv;
	size_t room = v->o.out_max - v->total, fits = n < room ? n : room;

	v->heard = raid_clock_mono();
	v->total += fits;
	raid_buf_add(is_err ? &p->err : &p->out, s, fits);
	if (!is_err && v->o.on_out != NULL && fits != 0)
		v->o.on_out(v->o.arg, s, fits);
	if (fits == n)
		return;
	/* Something is lost, even if the child ended by itself with it; then
	 * there is nobody to stop, and its number may be another's. */
	if (v->gone_at == 0)
		stop(v, RAID_PROC_FLOOD, v->heard);
	else if (v->why == RAID_PROC_EXITED)
		v->why = RAID_PROC_FLOOD;
}

/* Read what is there, but leave the others their turn. */
static void
drain(struct raid_proc *p, int *fd, int is_err)
{
	char chunk[65536];
	ssize_t n;

	for (int i = 0; i < 8 && *fd != -1; i++) {
		n = read(*fd, chunk, sizeof(chunk));
		if (n > 0) {
			take(p, is_err, chunk, (size_t)n);
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			shut(fd);
		} else {
			break;
		}
	}
}

/*
 * write(2) to a child that may have closed its end.  SIGPIPE is ours to
 * swallow only if it was not pending before.
 */
static ssize_t
write_quietly(int fd, const void *p, size_t len)
{
	const struct timespec now = { 0, 0 };
	sigset_t pipe_only, old, pending;
	ssize_t n;
	int e;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	(void)sigprocmask(SIG_BLOCK, &pipe_only, &old);
	n = write(fd, p, len);
	e = errno;
	if (n == -1 && e == EPIPE && !sigismember(&pending, SIGPIPE))
		(void)sigtimedwait(&pipe_only, NULL, &now);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	errno = e;
	return n;
}

static void
feed(struct raid_proc_priv *v)
{
	const char *in = v->o.in;
	ssize_t n;

	n = write_quietly(v->in, in + v->in_off, v->o.in_len - v->in_off);
	if (n > 0)
		v->in_off += (size_t)n;
	else if (n == -1 && errno != EAGAIN && errno != EINTR)
		v->in_off = v->o.in_len;	/* it does not want more */
	if (v->in_off == v->o.in_len)
		shut(&v->in);
}

/*
 * The child has ended: end what it left in its group while its number is
 * still taken, then collect it.
 */
static void
finish(struct raid_proc *p)
{
	struct raid_proc_priv *v = p->priv;
	int status = 0;

	(void)kill(-v->pid, SIGKILL);
	while (waitpid(v->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	drain(p, &v->out, 0);
	drain(p, &v->err, 1);
	shut(&v->in);
	shut(&v->out);
	shut(&v->err);
	shut(&v->pidfd);
	v->pid = -1;
	p->end = v->why;
	p->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);
	p->seconds = v->gone_at - LINGER - v->started;
}

static void
look_for_end(struct raid_proc_priv *v, double now)
{
	siginfo_t si = { 0 };

	if (v->gone_at == 0 && waitid(P_PID, (id_t)v->pid, &si,
	    WEXITED | WNOHANG | WNOWAIT) == 0 && si.si_pid == v->pid)
		v->gone_at = now + LINGER;
}

static double
sooner(double a, double b)
{
	return b > 0 && b < a ? b : a;
}

/* Apply the limits; returns when the next of them is due. */
static double
apply_limits(struct raid_proc_priv *v, double now)
{
	const struct raid_proc_opts *o = &v->o;
	double next = INFINITY;

	if (v->kill_at > 0) {
		if (now >= v->kill_at)
			kill_all(v);
		return v->killed ? next : v->kill_at;
	}
	if (o->wall > 0 && now >= v->started + o->wall)
		stop(v, RAID_PROC_WALL, now);
	else if (o->idle > 0 && now >= v->heard + o->idle)
		stop(v, RAID_PROC_IDLE, now);
	if (o->memory != 0 && now >= v->look_at) {
		/* No grace: it would go on growing. */
		if (raid_proc_tree(v->pid, 0) > o->memory) {
			stop(v, RAID_PROC_MEMORY, now);
			kill_all(v);
		}
		v->look_at = now + LOOK;
	}
	if (v->kill_at > 0)
		return v->kill_at;
	next = sooner(next, o->wall > 0 ? v->started + o->wall : 0);
	next = sooner(next, o->idle > 0 ? v->heard + o->idle : 0);
	return sooner(next, o->memory != 0 ? v->look_at : 0);
}

/* Everything that time brings; returns when to look again. */
static double
step(struct raid_proc *p, double now)
{
	struct raid_proc_priv *v = p->priv;
	double next;

	if (signal_count > 0)
		stop(v, RAID_PROC_STOPPED, now);
	if (signal_count > 1)
		kill_all(v);
	look_for_end(v, now);
	if (v->gone_at > 0) {
		if ((v->out == -1 && v->err == -1) || now >= v->gone_at ||
		    v->kill_at > 0) {
			finish(p);
			return now;
		}
		return v->gone_at;
	}
	next = apply_limits(v, now);
	return v->pidfd == -1 ? sooner(next, now + NO_PIDFD) : next;
}

static size_t
add_fds(const struct raid_proc_priv *v, struct pollfd *f)
{
	size_t n = 0;

	if (v->out != -1)
		f[n++] = (struct pollfd){ .fd = v->out, .events = POLLIN };
	if (v->err != -1)
		f[n++] = (struct pollfd){ .fd = v->err, .events = POLLIN };
	if (v->in != -1)
		f[n++] = (struct pollfd){ .fd = v->in, .events = POLLOUT };
	if (v->pidfd != -1 && v->gone_at == 0)
		f[n++] = (struct pollfd){ .fd = v->pidfd, .events = POLLIN };
	return n;
}

/* Serve the streams of p that are among the n descriptors that are ready. */
static void
serve(struct raid_proc *p, const struct pollfd *f, size_t n)
{
	struct raid_proc_priv *v = p->priv;

	for (size_t i = 0; i < n; i++) {
		if (f[i].revents == 0)
			continue;
		if (f[i].fd == v->out)
			drain(p, &v->out, 0);
		else if (f[i].fd == v->err)
			drain(p, &v->err, 1);
		else if (f[i].fd == v->in)
			feed(v);
	}
}

/* Sleep until something is ready or the time is until. */
static void
poll_until(struct pollfd *f, size_t n, double now, double until)
{
	struct timespec ts = { 0 };
	sigset_t mask;
	double left = until - now;

	/* Past INT_MAX seconds nobody waits; it also keeps NaN out. */
	left = left > 0 ? left < 1e6 ? left : 1e6 : 0;
	ts.tv_sec = (time_t)left;
	ts.tv_nsec = (long)((left - (double)ts.tv_sec) * 1e9);
	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int s = 1; taking && s < NSIG; s++)
		if (sigismember(&taken, s) == 1)
			sigdelset(&mask, s);
	if (ppoll(f, n, &ts, &mask) <= 0)
		for (size_t i = 0; i < n; i++)
			f[i].revents = 0;
}

/* One turn of all; returns how many run, *next is when to look again. */
static size_t
step_all(struct raid_proc *const *v, size_t n, double *next)
{
	double now = raid_clock_mono(), at;
	size_t running = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i]->end != RAID_PROC_RUNNING)
			continue;
		at = step(v[i], now);
		*next = sooner(*next, at);
		running += v[i]->end == RAID_PROC_RUNNING;
	}
	return running;
}

/* Descriptors of all that run behind f[0], which is the caller's own. */
static size_t
add_all(struct raid_proc *const *v, size_t n, struct pollfd *f)
{
	size_t nf = 1;

	for (size_t i = 0; i < n; i++)
		if (v[i]->end == RAID_PROC_RUNNING)
			nf += add_fds(v[i]->priv, f + nf);
	return nf;
}

/* Until a child ends or the time is until.  With others != 0 also until fd
 * is readable or a signal comes, and then it waits without a child, too. */
static size_t
wait_until(struct raid_proc *const *v, size_t n, int fd, int others,
    double until)
{
	struct pollfd *f = raid_calloc(n * PER_CHILD + 1, sizeof(*f));
	int signals = signal_count;
	size_t running, before = 0, nf;
	double next;

	for (size_t i = 0; i < n; i++)
		before += v[i]->end == RAID_PROC_RUNNING;
	for (;;) {
		next = until;
		running = step_all(v, n, &next);
		if (running < before || (running == 0 && !others))
			break;
		f[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
		nf = add_all(v, n, f);
		poll_until(f, nf, raid_clock_mono(), next);
		for (size_t i = 0; i < n; i++)
			if (v[i]->end == RAID_PROC_RUNNING)
				serve(v[i], f + 1, nf - 1);
		if (raid_clock_mono() >= until || (others &&
		    (f[0].revents != 0 || signal_count != signals))) {
			running = step_all(v, n, &next);
			break;
		}
	}
	free(f);
	return running;
}

static double
end_of(int timeout_ms)
{
	return timeout_ms < 0 ? INFINITY :
	    raid_clock_mono() + timeout_ms / 1e3;
}

int
raid_proc_wait(struct raid_proc *const *v, size_t n, int timeout_ms)
{
	return (int)wait_until(v, n, -1, 0, end_of(timeout_ms));
}

int
raid_proc_wait_fd(struct raid_proc *const *v, size_t n, int fd,
    int timeout_ms)
{
	return (int)wait_until(v, n, fd, 1, end_of(timeout_ms));
}

int
raid_proc_run(struct raid_proc *p, const struct raid_proc_opts *o,
    struct raid_err *err)
{
	struct raid_proc *const v[1] = { p };

	if (raid_proc_start(p, o, err) == -1)
		return -1;
	while (raid_proc_wait(v, 1, -1) > 0)
		continue;
	return 0;
}

void
raid_proc_free(struct raid_proc *p)
{
	struct raid_proc_priv *v = p->priv;

	if (v != NULL && v->pid > 0) {
		kill_all(v);
		v->why = RAID_PROC_STOPPED;
		v->gone_at = raid_clock_mono() + LINGER;
		finish(p);
	}
	if (v != NULL) {
		shut(&v->in);
		shut(&v->out);
		shut(&v->err);
	}
	free(v);
	raid_buf_free(&p->out);
	raid_buf_free(&p->err);
	*p = (struct raid_proc){ 0 };
}

void
raid_proc_describe(const struct raid_proc *p, char *out, size_t size)
{
	const struct raid_proc_opts *o = p->priv != NULL ? &p->priv->o : NULL;

	switch (o == NULL ? RAID_PROC_RUNNING : p->end) {
	case RAID_PROC_RUNNING:
		(void)snprintf(out, size, "still running");
		break;
	case RAID_PROC_EXITED:
		if (p->status > 128 && p->status < 128 + NSIG)
			(void)snprintf(out, size, "exit status %d (%s)",
			    p->status, strsignal(p->status - 128));
		else
			(void)snprintf(out, size, "exit status %d", p->status);
		break;
	case RAID_PROC_IDLE:
		(void)snprintf(out, size, "killed: no output for %g s",
		    o->idle);
		break;
	case RAID_PROC_WALL:
		(void)snprintf(out, size, "killed: ran for %g s", o->wall);
		break;
	case RAID_PROC_FLOOD:
		(void)snprintf(out, size, "killed: more than %zu bytes of "
		    "output", o->out_max);
		break;
	case RAID_PROC_MEMORY:
		(void)snprintf(out, size, "killed: more than %zu MiB of "
		    "memory", o->memory >> 20);
		break;
	case RAID_PROC_STOPPED:
		(void)snprintf(out, size, "stopped");
		break;
	}
}
