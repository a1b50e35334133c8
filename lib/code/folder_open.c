/* SPDX-License-Identifier: ISC */
/* The folder, its lock, and where its record lies. */
#include <sys/file.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/folder_priv.h"

#define WAIT_MS 10000	/* for another writer */
#define NAP_MS 10

int
raid_folder_open(struct raid_folder *f, const char *dir, const char *gitdir,
    struct raid_err *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	*f = (struct raid_folder){ .record_dir = -1 };
	f->record = gitdir != NULL ? "raid-write" : ".raid-write";
	f->record_path = raid_path_join(gitdir != NULL ? gitdir : dir,
	    f->record);
	f->fd = open(dir, flags);
	if (f->fd == -1)
		return raid_fail_errno(err, "%s", dir);
	f->record_dir = gitdir != NULL ? open(gitdir, flags) :
	    fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	if (f->record_dir == -1)
		return raid_fail_errno(err, "%s", gitdir != NULL ? gitdir :
		    dir);
	return 0;
}

void
raid_folder_close(struct raid_folder *f)
{
	if (f->fd != -1)
		close(f->fd);
	if (f->record_dir != -1)
		close(f->record_dir);
	free(f->record_path);
	*f = (struct raid_folder){ .fd = -1, .record_dir = -1 };
}

/* 1 locked, 0 another one has it still, -1. */
static int
wait_lock(int fd, int how)
{
	struct timespec nap = { .tv_nsec = NAP_MS * 1000000L };

	for (int ms = 0; ms <= WAIT_MS; ms += NAP_MS) {
		if (flock(fd, how | LOCK_NB) == 0)
			return 1;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		(void)nanosleep(&nap, NULL);
	}
	return 0;
}

int
raid_folder_lock(struct raid_folder *f, struct raid_err *err)
{
	int r = wait_lock(f->fd, LOCK_EX);

	if (r == -1)
		return raid_fail_errno(err, "locking the folder of %s",
		    f->record_path);
	if (r == 0)
		return raid_fail(err, RAID_ETEMP, "another raid-patch is "
		    "writing here; try again");
	f->locked = 1;
	return 0;
}

/* Does a record stand?  1, 0 or -1. */
static int
has_record(const struct raid_folder *f, struct raid_err *err)
{
	struct stat st;

	if (fstatat(f->record_dir, f->record, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return raid_fail_errno(err, "%s", f->record_path);
}

int
raid_folder_ready(struct raid_folder *f, struct raid_err *err)
{
	int r = has_record(f, err);

	if (r != 1)
		return r;
	if (!f->locked && wait_lock(f->fd, LOCK_SH) == 1) {
		r = has_record(f, err);
		(void)flock(f->fd, LOCK_UN);
	}
	if (r == 1)
		return raid_fail(err, RAID_ETEMP, "a write was broken off and "
		    "is half done; raid-patch --recover");
	return r;
}

/* Only what we wrote ourselves is believed. */
static int
open_record(const struct raid_folder *f, struct raid_err *err)
{
	int fd = openat(f->record_dir, f->record, O_RDONLY | O_NOFOLLOW |
	    O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd == -1 && errno == ENOENT)
		return -1;
	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 07077) == 0)
		return fd;
	if (fd == -1)
		raid_fail_errno(err, "%s", f->record_path);
	else
		raid_fail(err, RAID_ETEMP, "%s: not a record of this user's; "
		    "who made it runs raid-patch --recover", f->record_path);
	if (fd != -1)
		close(fd);
	return -2;
}

int
raid_folder_load(struct raid_folder *f, struct raid_record *r,
    struct raid_err *err)
{
	struct raid_buf b;
	int fd = open_record(f, err), ret;

	*r = (struct raid_record){ 0 };
	if (fd < 0)
		return fd == -1 ? 0 : -1;
	ret = raid_path_readfd(fd, f->record_path, RAID_RECORD_MAX, &b, err);
	close(fd);
	if (ret == 0)
		ret = raid_record_parse(b.p, b.len, r, err);
	if (ret == -1 && err->code == RAID_EDATA)
		(void)raid_fail_at(err, "%s", f->record_path);
	raid_buf_free(&b);
	/* It was not synced yet, so no file was touched. */
	if (ret == 0 && unlinkat(f->record_dir, f->record, 0) == -1)
		return raid_fail_errno(err, "%s", f->record_path);
	return ret;
}

int
raid_folder_store(struct raid_folder *f, const struct raid_record *r,
    struct raid_err *err)
{
	struct raid_buf b;
	int fd, ret = -1;

	raid_buf_init(&b, RAID_RECORD_MAX);
	raid_record_print(r, &b);
	if (b.overflow) {
		raid_buf_free(&b);
		return raid_fail(err, RAID_NO, "too many files for one write");
	}
	fd = openat(f->record_dir, f->record, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1) {
		ret = fchmod(fd, 0600);
		if (ret == 0)
			ret = raid_path_writefd(fd, b.p, b.len);
		if (ret == 0)
			ret = fsync(fd);
		if (close(fd) == -1)
			ret = -1;
		if (ret == 0)
			ret = fsync(f->record_dir);
	}
	if (ret == -1)
		raid_fail_errno(err, "%s", f->record_path);
	if (ret == -1 && fd != -1)
		(void)unlinkat(f->record_dir, f->record, 0);
	raid_buf_free(&b);
	return ret;
}
