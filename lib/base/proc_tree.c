/* SPDX-License-Identifier: ISC */
#include "base/proc_priv.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct entry {
	pid_t pid, ppid;
	size_t rss;		/* bytes */
	int in;			/* belongs to the tree */
};

/* The n-th blank-separated word of s, counted from 1, as a number. */
static long long
word(const char *s, int n)
{
	while (n-- > 1) {
		s = strchr(s, ' ');
		if (s == NULL)
			return 0;
		s++;
	}
	return strtoll(s, NULL, 10);
}

/* proc(5): after the name, which may hold anything, state is word 1. */
static int
read_stat(int proc, const char *pid, struct entry *e)
{
	char path[32], text[1024], *p;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "%.20s/stat", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	p = strrchr(text, ')');
	if (p == NULL || p[1] != ' ')
		return 0;
	e->pid = (pid_t)strtol(pid, NULL, 10);
	e->ppid = (pid_t)word(p + 2, 2);
	e->rss = (size_t)word(p + 2, 22) * (size_t)sysconf(_SC_PAGESIZE);
	e->in = 0;
	return 1;
}

static struct entry *
read_all(size_t *n)
{
	DIR *d = opendir("/proc");
	struct entry *v = NULL;
	struct dirent *e;
	size_t cap = 0;

	*n = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		v = raid_grow(v, &cap, *n + 1, sizeof(*v));
		if (read_stat(dirfd(d), e->d_name, &v[*n]))
			++*n;
	}
	if (d != NULL)
		closedir(d);
	return v;
}

/* Does the parent of e belong to the tree already? */
static int
has_parent_in(const struct entry *e, const struct entry *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].in && v[i].pid == e->ppid)
			return 1;
	return 0;
}

size_t
raid_proc_tree(pid_t root, int do_kill)
{
	size_t n, sum = 0;
	struct entry *v = read_all(&n);
	int more;

	do {
		more = 0;
		for (size_t i = 0; i < n; i++) {
			if (v[i].in || (v[i].pid != root &&
			    !has_parent_in(&v[i], v, n)))
				continue;
			v[i].in = more = 1;
			sum += v[i].rss;
			if (do_kill)
				(void)kill(v[i].pid, SIGKILL);
		}
	} while (more);
	free(v);
	return sum;
}
