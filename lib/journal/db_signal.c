/* SPDX-License-Identifier: ISC */
#include "journal/db_priv.h"

#include <sys/file.h>
#include <sys/time.h>
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "base/clock.h"

#define PATIENCE 1.0	/* seconds that a signal to end waits for a commit */
#define NAP 3000000	/* nanoseconds between two looks at a lock */
#define NAPPING 0.05	/* seconds of naps before one stands in line */

/* How often they are held, and the mask from before: both belong to the
 * process, whatever number of journals it has open. */
static int held;
static sigset_t before;

/* Those that stop it, and those that end it in good order.  SIGQUIT is left
 * for who cannot wait: a journal stands that, as it stands SIGKILL. */
static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

static void
block(sigset_t *old)
{
	sigset_t set;

	(void)sigemptyset(&set);
	for (int i = 0; i < 3; i++) {
		(void)sigaddset(&set, stops[i]);
		(void)sigaddset(&set, ends[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &set, old);
}

void
raid_db_hold(void)
{
	if (held++ == 0)
		block(&before);
}

void
raid_db_let(void)
{
	if (--held == 0)
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

void
raid_db_nap(long ns)
{
	struct timespec t = { .tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000 };

	if (held > 0)
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)nanosleep(&t, NULL);
	if (held > 0)
		block(NULL);
}

static void
on_tick(int sig)
{
	(void)sig;
}

/* With its own timer, because flock knows no time-out. */
static void
wait_in_line(int fd, double end)
{
	struct sigaction act = { .sa_handler = on_tick }, old;
	struct itimerval tick = { .it_interval.tv_usec = 10000 }, was;
	double left = end - raid_clock_mono();
	sigset_t open = before, mask;

	if (left <= 0 || sigaction(SIGALRM, &act, &old) == -1)
		return;
	tick.it_value.tv_sec = (time_t)left;
	tick.it_value.tv_usec = 1 + (suseconds_t)((left - (time_t)left) * 1e6);
	(void)sigdelset(&open, SIGALRM);
	(void)setitimer(ITIMER_REAL, &tick, &was);
	(void)sigprocmask(SIG_SETMASK, &open, &mask);
	while (flock(fd, LOCK_EX) == -1 && errno == EINTR &&
	    raid_clock_mono() < end)
		continue;
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	(void)setitimer(ITIMER_REAL, &was, NULL);
	(void)sigaction(SIGALRM, &old, NULL);
}

/*
 * The kernel wakes all that wait for a lock at each release, so most of them
 * nap; who has napped long enough stands in line, where nobody is passed over.
 */
void
raid_db_flock(int fd, double wait)
{
	double start = raid_clock_mono();

	while (flock(fd, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK) {
		if (raid_clock_mono() - start > NAPPING) {
			wait_in_line(fd, start + wait);
			return;
		}
		raid_db_nap(NAP);
	}
}

/* Has one come that ends the process, and that it did not hold itself? */
static int
is_ending(void)
{
	struct sigaction act;
	sigset_t set;

	if (sigpending(&set) == -1)
		return 0;
	for (int i = 0; i < 3; i++)
		if (sigismember(&set, ends[i]) == 1 &&
		    sigismember(&before, ends[i]) == 0 &&
		    sigaction(ends[i], NULL, &act) == 0 &&
		    act.sa_handler != SIG_IGN)
			return 1;
	return 0;
}

int
raid_db_hurry(void *arg)
{
	struct raid_db *db = arg;

	return held > 0 && db->depth > 0 &&
	    raid_clock_mono() - db->since > PATIENCE && is_ending();
}

int
raid_db_busy(void *arg, int count)
{
	struct raid_db *db = arg;
	long ms = count < 20 ? 1 + count : 20;

	if (count == 0)
		db->busy_since = raid_clock_mono();
	if (raid_clock_mono() - db->busy_since > RAID_DB_BUSY_MS / 1000.0)
		return 0;
	raid_db_nap(ms * 1000000);
	return 1;
}
