/* SPDX-License-Identifier: ISC */
/*
 * journals make FILE N: a journal of N posts, for measurements: 600 bytes
 * each, two hashtags, now and then a ref, threads of ten, the word "common"
 * in every post and "rareword" in one.
 * journals write FILE PROCESSES POSTS: processes that post at once.  Prints
 * posts a second and the longest wait in milliseconds.
 * journals follow FILE FOLLOWERS POSTS: how long after its commit a post comes
 * out of the last of so many raid-show -F: median and longest, milliseconds.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/post.h"

#define BATCH 10000	/* posts in one transaction */

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
add(struct raid_db *db, long i, char root[RAID_TAG_SIZE], struct raid_err *err)
{
	char body[1024], tag[RAID_TAG_SIZE];
	struct raid_draft d = { .author = i % 3 == 0 ? "dev" : "grok",
		.kind = i % 10 == 0 ? "chat" : "reply", .body = body };
	int n = snprintf(body, sizeof(body), "post %ld common #bench #t%ld %s",
	    i, i % 100, i == 7 ? "rareword " : "");

	if (i % 10 != 0)
		d.reply_to = root;
	if (i % 4 == 1)
		n += snprintf(body + n, sizeof(body) - (size_t)n, "#%s ", root);
	for (long k = 0; n < 590; k++)
		n += snprintf(body + n, sizeof(body) - (size_t)n, "w%ld ",
		    (i * 7919 + k * 104729) % 20011);
	d.body_len = (size_t)n;
	if (raid_post_add(db, &d, tag, err) == -1)
		return -1;
	if (i % 10 == 0)
		(void)snprintf(root, RAID_TAG_SIZE, "%s", tag);
	return 0;
}

static int
make(const char *file, long n, struct raid_err *err)
{
	char root[RAID_TAG_SIZE] = "", clock[32];
	struct raid_db *db;
	int r = raid_db_open(&db, file, RAID_DB_CREATE, err);

	for (long i = 0; r == 0 && i < n; i++) {
		/* One a second, so that tags are as they are in real life. */
		(void)snprintf(clock, sizeof(clock), "%ld", 1700000000 + i);
		(void)setenv("RAID_NOW", clock, 1);
		if (i % BATCH == 0)
			r = raid_db_begin(db, err);
		if (r == 0)
			r = add(db, i, root, err);
		if (r == 0 && (i % BATCH == BATCH - 1 || i == n - 1))
			r = raid_db_commit(db, err);
	}
	raid_db_close(db);
	return r;
}

/* One of the writers; its longest wait goes to *longest. */
static int
write_posts(const char *file, long n, double *longest)
{
	struct raid_draft d = { .author = "w", .body = "hello #t @x",
		.body_len = 11 };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	struct raid_db *db;

	if (raid_db_open(&db, file, RAID_DB_WRITE, &err) == -1)
		goto bad;
	for (long i = 0; i < n; i++) {
		double t = now();

		if (raid_post_add(db, &d, tag, &err) == -1)
			goto bad;
		t = now() - t;
		if (t > *longest)
			*longest = t;
	}
	raid_db_close(db);
	return 0;
bad:
	fprintf(stderr, "journals: %s\n", err.msg);
	return 1;
}

static int
write_all(const char *file, long processes, long posts)
{
	double *waits = mmap(NULL, (size_t)processes * sizeof(*waits),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double start = now(), longest = 0;
	int status, bad = 0;

	if (waits == MAP_FAILED)
		return 1;
	for (long i = 0; i < processes; i++)
		if (fork() == 0)
			_exit(write_posts(file, posts, &waits[i]));
	for (long i = 0; i < processes; i++)
		bad |= wait(&status) == -1 || status != 0;
	start = now() - start;
	for (long i = 0; i < processes; i++)
		if (waits[i] > longest)
			longest = waits[i];
	printf("%.0f %.0f\n", (double)(processes * posts) / start,
	    longest * 1000);
	return bad;
}

/* Wait until each has printed the line of a post. */
static int
wait_lines(struct pollfd *fds, long n)
{
	char line[65536];

	for (long left = n; left > 0;) {
		if (poll(fds, (nfds_t)n, 10000) <= 0)
			return -1;
		for (long i = 0; i < n; i++) {
			ssize_t got = fds[i].revents == 0 ? 0 :
			    read(fds[i].fd, line, sizeof(line));

			if (got < 0)
				return -1;
			if (got > 0 && line[got - 1] == '\n')
				left--;
		}
	}
	return 0;
}

static pid_t
start_follower(const char *file, struct pollfd *p)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds) == -1)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		(void)execlp("raid-show", "raid-show", "-J", file, "-j", "-F",
		    "-l", "1", (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	return pid;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
follow(const char *file, long followers, long posts)
{
	struct pollfd *fds = calloc((size_t)followers, sizeof(*fds));
	pid_t *pids = calloc((size_t)followers, sizeof(*pids));
	double *v = calloc((size_t)posts, sizeof(*v));
	struct raid_draft d = { .author = "w", .body = "hello", .body_len = 5 };
	struct timespec nap = { .tv_nsec = 20000000 };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	struct raid_db *db;
	int bad = 0;

	if (fds == NULL || pids == NULL || v == NULL || posts < 1 ||
	    raid_db_open(&db, file, RAID_DB_WRITE, &err) == -1 ||
	    raid_post_add(db, &d, tag, &err) == -1)
		return 1;
	for (long i = 0; i < followers; i++)
		pids[i] = start_follower(file, &fds[i]);
	bad = wait_lines(fds, followers);
	for (long i = 0; bad == 0 && i < posts; i++) {
		(void)nanosleep(&nap, NULL);
		bad = raid_post_add(db, &d, tag, &err);
		v[i] = now();
		if (bad == 0)
			bad = wait_lines(fds, followers);
		v[i] = (now() - v[i]) * 1000;
	}
	for (long i = 0; i < followers; i++) {
		(void)kill(pids[i], SIGTERM);
		(void)waitpid(pids[i], NULL, 0);
	}
	qsort(v, (size_t)posts, sizeof(*v), compare);
	printf("%.2f %.2f\n", v[posts / 2], v[posts - 1]);
	raid_db_close(db);
	return bad != 0;
}

int
main(int argc, char **argv)
{
	struct raid_err err;

	if (argc == 5 && strcmp(argv[1], "write") == 0)
		return write_all(argv[2], strtol(argv[3], NULL, 10),
		    strtol(argv[4], NULL, 10));
	if (argc == 5 && strcmp(argv[1], "follow") == 0)
		return follow(argv[2], strtol(argv[3], NULL, 10),
		    strtol(argv[4], NULL, 10));
	if (argc != 4 || strcmp(argv[1], "make") != 0)
		return 64;
	if (make(argv[2], strtol(argv[3], NULL, 10), &err) == -1) {
		fprintf(stderr, "journals: %s\n", err.msg);
		return 1;
	}
	return 0;
}
