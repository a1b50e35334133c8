/* SPDX-License-Identifier: ISC */
/*
 * stopwatch [-m] [-s STATUS] ROUNDS IN COMMAND...: the median of the
 * milliseconds that a command takes from its start to its end, with the file
 * IN as its standard input and its output thrown away; with -m the most
 * megabytes that it had in memory.  A command that does not end with STATUS
 * (0) ends it with 1.
 */
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	posix_spawn_file_actions_t files;
	int status, c, memory = 0;
	long rounds, want = 0;
	struct rusage used;
	double *v;
	pid_t p;

	while ((c = getopt(argc, argv, "+ms:")) != -1) {
		memory |= c == 'm';
		if (c == 's')
			want = strtol(optarg, NULL, 10);
	}
	argc -= optind - 1;
	argv += optind - 1;
	rounds = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
	v = calloc((size_t)rounds + 1, sizeof(*v));
	if (rounds < 1 || v == NULL)
		return 64;
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(&files, 0, argv[2], O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(&files, 1, "/dev/null",
	    O_WRONLY, 0);
	for (long i = 0; i < rounds; i++) {
		v[i] = now();
		status = posix_spawnp(&p, argv[3], &files, NULL, argv + 3,
		    environ);
		if (status != 0 || waitpid(p, &status, 0) != p ||
		    !WIFEXITED(status) || WEXITSTATUS(status) != want) {
			fprintf(stderr, "stopwatch: %s failed\n", argv[3]);
			return 1;
		}
		v[i] = now() - v[i];
	}
	qsort(v, (size_t)rounds, sizeof(*v), compare);
	if (memory && getrusage(RUSAGE_CHILDREN, &used) == 0)
		printf("%.1f\n", (double)used.ru_maxrss / 1024);
	else
		printf("%.2f\n", v[rounds / 2]);
	return 0;
}
