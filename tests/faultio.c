/* SPDX-License-Identifier: ISC */
/*
 * faultio.so, for LD_PRELOAD: makes one call of the program FAULT_PROG go
 * wrong.  FAULT_AT is which one, counted from 1 over all its reads, writes,
 * syncs, truncations and renames of files (a pipe has no disk behind it);
 * FAULT_HOW is
 *	eio	it fails with EIO;
 *	full	it and all later writes fail with ENOSPC;
 *	short	a read or write moves half of what it was asked for.
 * The file FAULT_HIT receives the name of the call if it came to that.
 */
#include <sys/stat.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum call { READ, WRITE, OTHER };

static long calls, at = -1;
static int full;	/* the disk, from here on */
static char how;

static long
find_at(void)
{
	const char *prog = getenv("FAULT_PROG"), *n = getenv("FAULT_AT");
	const char *s = getenv("FAULT_HOW");

	if (prog == NULL || n == NULL || s == NULL ||
	    strcmp(prog, program_invocation_short_name) != 0)
		return 0;
	how = *s;
	return strtol(n, NULL, 10);
}

static void *
next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static void
tell(const char *name)
{
	const char *hit = getenv("FAULT_HIT");
	ssize_t (*out)(int, const void *, size_t);
	int fd = hit != NULL ? open(hit, O_WRONLY | O_CREAT | O_TRUNC, 0600) :
	    -1;

	*(void **)&out = next("write");
	if (fd != -1) {
		if (out(fd, name, strlen(name)) == -1)
			abort();
		close(fd);
	}
}

/* Is this the one?  -1: it fails, errno is set; 1: it is cut short. */
static int
fault(const char *name, enum call kind)
{
	if (at == -1)
		at = find_at();
	if (at == 0)
		return 0;
	if (full && kind == WRITE) {
		errno = ENOSPC;
		return -1;
	}
	if (++calls != at)
		return 0;
	tell(name);
	if (how == 's')
		return kind != OTHER;
	if (how == 'f') {
		full = 1;
		errno = ENOSPC;
		return kind == WRITE ? -1 : 0;
	}
	errno = EIO;
	return -1;
}

static int
is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

#define HALF(n) ((n) > 1 ? (n) / 2 : (n))

/* A call that moves bytes: "more" is what comes behind the count. */
#define MOVES(name, kind, type, more_params, more) \
ssize_t name(int fd, type p, size_t n more_params); \
ssize_t \
name(int fd, type p, size_t n more_params) \
{ \
	ssize_t (*f)(int, type, size_t more_params); \
	int r = is_pipe(fd) ? 0 : fault(#name, kind); \
\
	*(void **)&f = next(#name); \
	return r == -1 ? -1 : f(fd, p, r == 1 ? HALF(n) : n more); \
}
#define COMMA_OFF , off_t off
#define COMMA_O , off
MOVES(read, READ, void *, , )
MOVES(write, WRITE, const void *, , )
MOVES(pread, READ, void *, COMMA_OFF, COMMA_O)
MOVES(pwrite, WRITE, const void *, COMMA_OFF, COMMA_O)
MOVES(pread64, READ, void *, COMMA_OFF, COMMA_O)
MOVES(pwrite64, WRITE, const void *, COMMA_OFF, COMMA_O)

#define DOES(name, params, args, kind) \
int name params; \
int \
name params \
{ \
	int (*f)params; \
\
	*(void **)&f = next(#name); \
	return fault(#name, kind) == -1 ? -1 : f args; \
}
DOES(fsync, (int fd), (fd), OTHER)
DOES(fdatasync, (int fd), (fd), OTHER)
DOES(ftruncate, (int fd, off_t n), (fd, n), WRITE)
DOES(ftruncate64, (int fd, off_t n), (fd, n), WRITE)
DOES(rename, (const char *a, const char *b), (a, b), OTHER)
