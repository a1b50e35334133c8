/* SPDX-License-Identifier: ISC */
/*
 * Preloaded into a program: the system call number $FAULT_AT of those below
 * fails with errno $FAULT_ERRNO, and the file $FAULT_HIT is made.  What is
 * written to standard output and standard error does not count.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Is it this call's turn to fail? */
static int
fails(void)
{
	static int calls;
	static __thread int within;
	const char *at = getenv("FAULT_AT"), *e = getenv("FAULT_ERRNO");
	int fd;

	if (within || at == NULL || e == NULL || ++calls != strtol(at, NULL, 10))
		return 0;
	within = 1;
	fd = open(getenv("FAULT_HIT"), O_WRONLY | O_CREAT, 0600);
	if (fd != -1)
		close(fd);
	within = 0;
	errno = (int)strtol(e, NULL, 10);
	return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name) \
	int \
	name(const char *path, int flags, ...) \
	{ \
		va_list ap; \
		mode_t mode; \
		va_start(ap, flags); \
		mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0; \
		va_end(ap); \
		return fails() ? -1 : REAL(name)(path, flags, mode); \
	}
OPEN(open)
OPEN(open64)

#define WRITE(name, off) \
	ssize_t \
	name(int fd, const void *p, size_t n, off at) \
	{ \
		return fails() ? -1 : REAL(name)(fd, p, n, at); \
	}
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t
write(int fd, const void *p, size_t n)
{
	return fd > 2 && fails() ? -1 : REAL(write)(fd, p, n);
}

ssize_t
read(int fd, void *p, size_t n)
{
	return fails() ? -1 : REAL(read)(fd, p, n);
}

#define SYNC(name) \
	int \
	name(int fd) \
	{ \
		return fails() ? -1 : REAL(name)(fd); \
	}
SYNC(fsync)
SYNC(fdatasync)

int
ftruncate64(int fd, off64_t n)
{
	return fails() ? -1 : REAL(ftruncate64)(fd, n);
}

int
rename(const char *from, const char *to)
{
	return fails() ? -1 : REAL(rename)(from, to);
}

int
mkdir(const char *path, mode_t mode)
{
	return fails() ? -1 : REAL(mkdir)(path, mode);
}
