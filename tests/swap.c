/* SPDX-License-Identifier: ISC */
/*
 * swap A B COMMAND...: exchange the names A and B all the time that COMMAND
 * runs, and leave them as they were.  The status is that of the command; 1
 * if names cannot be exchanged.
 */
#include <sys/wait.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int
exchange(const char *a, const char *b)
{
	return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

int
main(int argc, char **argv)
{
	int status = 0, swapped = 0;
	pid_t pid;

	if (argc < 4)
		return 64;
	if (exchange(argv[1], argv[2]) == -1 ||
	    exchange(argv[1], argv[2]) == -1)
		return 1;
	pid = fork();
	if (pid == 0) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	while (pid != -1 && waitpid(pid, &status, WNOHANG) == 0) {
		swapped ^= exchange(argv[1], argv[2]) == 0;
		usleep(20);
	}
	if (swapped)
		(void)exchange(argv[1], argv[2]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
