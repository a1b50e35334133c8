/* SPDX-License-Identifier: ISC */
#include "base/path.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

char *
raid_path_join(const char *dir, const char *name)
{
	return raid_strf("%s%s%s", dir, raid_str_ends(dir, "/") ? "" : "/",
	    name);
}

int
raid_path_readfd(int fd, const char *name, size_t max, struct raid_buf *b,
    struct raid_err *err)
{
	unsigned char chunk[65536];
	ssize_t n;

	raid_buf_init(b, max);
	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return raid_fail_errno(err, "%s", name);
		if (n == 0)
			return 0;
		raid_buf_add(b, chunk, (size_t)n);
		if (b->overflow)
			return raid_fail(err, RAID_EDATA,
			    "%s: more than %zu bytes", name, max);
	}
}

int
raid_path_read(const char *path, size_t max, struct raid_buf *b,
    struct raid_err *err)
{
	struct stat st;
	int fd, r = -1;

	raid_buf_init(b, max);
	/* O_NONBLOCK: a FIFO without a writer must not hang us. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1)
		return raid_fail_errno(err, "%s", path);
	if (fstat(fd, &st) == -1)
		raid_fail_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		raid_fail(err, RAID_EDATA, "%s: not a regular file", path);
	else {
		raid_buf_free(b);
		r = raid_path_readfd(fd, path, max, b, err);
	}
	close(fd);
	return r;
}

int
raid_path_writefd(int fd, const void *p, size_t len)
{
	const unsigned char *at = p;

	while (len != 0) {
		ssize_t n = write(fd, at, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int
raid_path_write(const char *path, const void *p, size_t len, unsigned mode,
    struct raid_err *err)
{
	char *tmp = raid_strf("%s.XXXXXX", path);
	int fd = mkostemp(tmp, O_CLOEXEC), r = 0;

	if (fd == -1) {
		raid_fail_errno(err, "%s", path);
		free(tmp);
		return -1;
	}
	if (raid_path_writefd(fd, p, len) == -1 || fchmod(fd, mode) == -1 ||
	    fsync(fd) == -1)
		r = raid_fail_errno(err, "%s", path);
	if (close(fd) == -1 && r == 0)
		r = raid_fail_errno(err, "%s", path);
	if (r == 0 && rename(tmp, path) == -1)
		r = raid_fail_errno(err, "%s", path);
	if (r == -1)
		(void)unlink(tmp);
	free(tmp);
	return r;
}

int
raid_path_mkdirs(const char *path, unsigned mode, struct raid_err *err)
{
	char *p = raid_strdup(path), *s = p;
	int r = 0;

	do {
		s = strchr(s + 1, '/');
		if (s != NULL)
			*s = '\0';
		if (mkdir(p, mode) == -1 && errno != EEXIST)
			r = raid_fail_errno(err, "%s", p);
		if (s != NULL)
			*s = '/';
	} while (r == 0 && s != NULL);
	free(p);
	return r;
}

char *
raid_path_mktemp(struct raid_err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *p;

	p = raid_path_join(tmp != NULL && *tmp == '/' ? tmp : "/tmp",
	    "raid.XXXXXX");
	if (mkdtemp(p) != NULL)
		return p;
	raid_fail_errno(err, "%s", p);
	free(p);
	return NULL;
}

/* What the emptying of one tree has in common. */
struct sweep {
	int root;		/* the folder it began with */
	unsigned moved;		/* folders moved up to it, so far */
};

#define SWEEP_DEPTH 64

static int empty(struct sweep *s, int fd, int depth);

/*
 * Remove the folder name in fd.  One that lies too deep is moved up to the
 * root first, for a later turn: a hostile tree of any depth takes 64
 * descriptors and no more stack.
 */
static int
empty_sub(struct sweep *s, int fd, const char *name, int depth)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char up[64];
	int sub;

	if (depth >= SWEEP_DEPTH) {
		(void)snprintf(up, sizeof(up), ".raid-%d-%u", (int)getpid(),
		    s->moved);
		if (renameat(fd, name, s->root, up) == -1)
			return -1;
		s->moved++;
		return 0;
	}
	sub = openat(fd, name, flags);
	if (sub == -1 && errno == EACCES && fchmodat(fd, name, 0700, 0) == 0)
		sub = openat(fd, name, flags);
	if (sub == -1 || empty(s, sub, depth + 1) == -1)
		return -1;
	return unlinkat(fd, name, AT_REMOVEDIR);
}

/* Empty the folder fd, which this closes. */
static int
empty(struct sweep *s, int fd, int depth)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;
	int r = 0;

	if (d == NULL) {
		close(fd);
		return -1;
	}
	(void)fchmod(fd, 0700);
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0 ||
		    unlinkat(fd, e->d_name, 0) == 0)
			continue;
		if ((errno != EISDIR && errno != EPERM) ||
		    empty_sub(s, fd, e->d_name, depth) == -1)
			r = -1;
	}
	closedir(d);
	return r;
}

int
raid_path_remove(const char *path, struct raid_err *err)
{
	struct sweep s = { 0 };
	unsigned moved;
	int r;

	if (unlink(path) == 0 || errno == ENOENT)
		return 0;
	s.root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s.root == -1)
		return raid_fail_errno(err, "%s", path);
	/* What was moved up in one turn is met in the next one. */
	do {
		moved = s.moved;
		r = empty(&s, openat(s.root, ".", O_RDONLY | O_DIRECTORY |
		    O_CLOEXEC), 0);
	} while (r == 0 && s.moved > moved);
	if (r == -1 || rmdir(path) == -1)
		r = raid_fail_errno(err, "%s", path);
	close(s.root);
	return r;
}

/* A folder on the way; a link says so. */
static int
step_into(int at, const char *part)
{
	struct stat st;
	int fd = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);

	if (fd == -1 && errno == ENOTDIR) {
		errno = fstatat(at, part, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
	}
	return fd;
}

/* openat2 may be missing or forbidden; then walk part by part. */
static int
walk(int dirfd, const char *rel, int flags, unsigned mode)
{
	char part[256];
	int at = dup(dirfd), next = -1;
	size_t n;

	while (at != -1) {
		n = strcspn(rel, "/");
		if (n >= sizeof(part)) {
			errno = ENAMETOOLONG;
			break;
		}
		memcpy(part, rel, n);
		part[n] = '\0';
		if (rel[n] == '\0') {
			next = openat(at, part, flags | O_NOFOLLOW | O_CLOEXEC,
			    (mode_t)mode);
			break;
		}
		next = step_into(at, part);
		close(at);
		at = next;
		next = -1;
		rel += n + 1;
	}
	if (at != -1) {
		int e = errno;

		close(at);
		errno = e;
	}
	return next;
}

static int
open_beneath(int dirfd, const char *rel, int flags, unsigned mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		    RESOLVE_NO_MAGICLINKS
	};
	long fd = syscall(SYS_openat2, dirfd, rel, &how, sizeof(how));

	if (fd == -1 && (errno == ENOSYS || errno == EPERM ||
	    errno == EAGAIN))
		return walk(dirfd, rel, flags, mode);
	return (int)fd;
}

int
raid_path_openat(int dirfd, const char *rel, int flags, unsigned mode,
    struct raid_err *err)
{
	int fd, e;

	if (raid_path_safe(rel, err) == -1) {
		errno = EPERM;
		return -1;
	}
	fd = open_beneath(dirfd, rel, flags, mode);
	if (fd != -1)
		return fd;
	e = errno;
	if (e == ELOOP || e == EXDEV)
		raid_fail(err, RAID_EPERM,
		    "%s: leads through a symbolic link", rel);
	else
		raid_fail_errno(err, "%s", rel);
	errno = e;
	return -1;
}

int
raid_path_mkdirat(int dirfd, const char *rel, struct raid_err *err)
{
	const char *name;
	int parent = raid_path_parent(dirfd, rel, &name, err), r;

	if (parent == -1)
		return -1;
	r = mkdirat(parent, name, 0777);
	if (r == -1 && errno != EEXIST)
		r = raid_fail_errno(err, "%s", rel);
	else
		r = r == 0;
	close(parent);
	return r;
}

int
raid_path_parent(int dirfd, const char *rel, const char **name,
    struct raid_err *err)
{
	char *dir;
	int fd, e;

	if (raid_path_safe(rel, err) == -1) {
		errno = EPERM;
		return -1;
	}
	*name = strrchr(rel, '/') != NULL ? strrchr(rel, '/') + 1 : rel;
	if (*name == rel) {
		fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
		return fd != -1 ? fd : raid_fail_errno(err, "%s", rel);
	}
	dir = raid_strndup(rel, (size_t)(*name - rel) - 1);
	fd = raid_path_openat(dirfd, dir, O_RDONLY | O_DIRECTORY, 0, err);
	e = errno;
	free(dir);
	errno = e;
	return fd;
}

/* The folder that holds rel, made if need be; *name is rel's last part. */
static int
make_parent(int dirfd, const char *rel, const char **name,
    struct raid_err *err)
{
	char *dir = raid_strdup(rel);
	int r = raid_path_safe(rel, err);

	for (char *slash = strchr(dir, '/'); r != -1 && slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		r = raid_path_mkdirat(dirfd, dir, err);
		*slash = '/';
	}
	free(dir);
	return r == -1 ? -1 : raid_path_parent(dirfd, rel, name, err);
}

int
raid_path_put(int dirfd, const char *rel, const void *p, size_t len,
    unsigned mode, struct raid_err *err)
{
	const char *name;
	char *tmp = NULL, *target;
	int parent, fd, r = -1;

	parent = make_parent(dirfd, rel, &name, err);
	if (parent == -1)
		return -1;
	tmp = raid_strf(".raid-%d-%.200s", (int)getpid(), name);
	(void)unlinkat(parent, tmp, 0);
	if ((mode & S_IFMT) == S_IFLNK) {
		target = raid_memdup(p, len);
		r = symlinkat(target, parent, tmp);
		free(target);
	} else {
		fd = openat(parent, tmp, O_WRONLY | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd != -1) {
			r = raid_path_writefd(fd, p, len);
			if (r == 0)
				r = fchmod(fd, mode & 0777);
			if (close(fd) == -1)
				r = -1;
		}
	}
	if (r == 0)
		r = renameat(parent, tmp, parent, name);
	if (r == -1) {
		raid_fail_errno(err, "%s", rel);
		(void)unlinkat(parent, tmp, 0);
	}
	free(tmp);
	close(parent);
	return r;
}

int
raid_path_rmdirat(int dirfd, const char *rel, struct raid_err *err)
{
	const char *name;
	int parent = raid_path_parent(dirfd, rel, &name, err), r = 1;

	if (parent == -1)
		return errno == ENOENT ? 1 : -1;
	if (unlinkat(parent, name, AT_REMOVEDIR) == -1 && errno != ENOENT)
		r = errno == EIO || errno == ENOSPC || errno == EDQUOT ?
		    raid_fail_errno(err, "%s", rel) : 0;
	close(parent);
	return r;
}

int
raid_path_prune(int dirfd, const char *rel, struct raid_err *err)
{
	char *dir = raid_strdup(rel), *slash;
	int r = 1;

	while (r == 1 && (slash = strrchr(dir, '/')) != NULL) {
		*slash = '\0';
		r = raid_path_rmdirat(dirfd, dir, err);
	}
	free(dir);
	return r == -1 ? -1 : 0;
}

int
raid_path_drop(int dirfd, const char *rel, struct raid_err *err)
{
	const char *name;
	int parent = raid_path_parent(dirfd, rel, &name, err), r;

	if (parent == -1)
		return -1;
	r = unlinkat(parent, name, 0);
	if (r == -1)
		raid_fail_errno(err, "%s", rel);
	close(parent);
	return r == 0 ? raid_path_prune(dirfd, rel, err) : -1;
}
