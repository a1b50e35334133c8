/* SPDX-License-Identifier: ISC */
/*
 * jobs SECONDS PROGRAM [ARG...]: eight jobs run PROGRAM over and over, each in
 * a process group of its own as under a shell.  Those of the first four are
 * stopped at random moments (SIGTSTP, as by ^Z) and go on 2.5 seconds later.
 * Prints how many ended well, how many were stopped, how many failed, and the
 * longest time in milliseconds that one which was not stopped took.
 */
#include <sys/wait.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JOBS 8
#define STOPPED 4	/* the first ones, which are stopped */
#define REST 2.5	/* seconds that they stay so */

struct job {
	pid_t pid;
	double start, stop, go;	/* when it began, is to stop, to go on */
};

static int good, stops, bad;
static double longest;

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
begin(struct job *j, int stop, char **argv)
{
	*j = (struct job){ .start = now() };
	if (stop)
		j->stop = j->start + (double)(rand() % 12000) / 1e6;
	j->pid = fork();
	if (j->pid == 0) {
		(void)setpgid(0, 0);
		(void)execvp(*argv, argv);
		_exit(127);
	}
	(void)setpgid(j->pid, j->pid);
}

/* Look after a job; 1 when it has ended. */
static int
tend(struct job *j, double t)
{
	int status;
	pid_t r = waitpid(j->pid, &status, WNOHANG | WUNTRACED);

	if (r == j->pid && WIFSTOPPED(status)) {
		stops++;
		j->go = t + REST;
	} else if (r == j->pid) {
		if (status == 0)
			good++;
		else
			bad++;
		if (j->stop == 0 && t - j->start > longest)
			longest = t - j->start;
		return 1;
	}
	if (j->stop > 0 && t > j->stop) {
		(void)kill(-j->pid, SIGTSTP);
		j->stop = -1;
	}
	if (j->go > 0 && t > j->go) {
		(void)kill(-j->pid, SIGCONT);
		j->go = 0;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct timespec nap = { .tv_nsec = 200000 };
	struct job jobs[JOBS];
	double end;
	int left = JOBS;

	if (argc < 3)
		return 64;
	end = now() + strtod(argv[1], NULL);
	for (int i = 0; i < JOBS; i++)
		begin(&jobs[i], i < STOPPED, argv + 2);
	while (left > 0) {
		double t = now();

		for (int i = 0; i < JOBS; i++) {
			if (jobs[i].pid == 0 || !tend(&jobs[i], t))
				continue;
			jobs[i].pid = 0;
			if (t < end)
				begin(&jobs[i], i < STOPPED, argv + 2);
			else
				left--;
		}
		(void)nanosleep(&nap, NULL);
	}
	printf("%d %d %d %.0f\n", good, stops, bad, longest * 1000);
	return bad != 0;
}
