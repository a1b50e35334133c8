/* SPDX-License-Identifier: ISC */
/*
 * Moving files between old and new.  For each there are three names: its
 * own, one beside it for the new content and one for the old.  Until all are
 * moved and synced both contents exist under one of them, so that at every
 * moment one can go on or go back.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/folder_priv.h"

/* rename(2), but never over anything. */
static int
rename_new(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* The file system does not know how; a link does not replace. */
	if (linkat(dir, from, dir, to, 0) == -1)
		return -1;
	return unlinkat(dir, from, 0);
}

/* Are links impossible, here or for this file? */
static int
no_links(int e)
{
	return e == EPERM || e == EOPNOTSUPP || e == ENOSYS || e == EMLINK;
}

static int
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The last part of a path beside f->path. */
static const char *
last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Is what we keep the file that the change was made for? */
static int
check_kept(int dir, struct raid_record_file *f, struct raid_err *err)
{
	struct stat st;

	if (f->old.mode == 0 || f->was.st_ino == 0)
		return 0;
	if (fstatat(dir, last(f->kept), &st, AT_SYMLINK_NOFOLLOW) == -1)
		return raid_fail_errno(err, "%s", f->kept);
	if (!is_same(&st, &f->was))
		return raid_fail(err, RAID_NO, "%.300s: was changed by "
		    "somebody else meanwhile", f->path);
	return 0;
}

/* Give the old content its second name: 0, or -1 with errno. */
static int
keep(int dir, struct raid_record_file *f)
{
	const char *name = last(f->path), *kept = last(f->kept);

	if (f->new.mode != 0) {
		if (linkat(dir, name, dir, kept, 0) == 0)
			return 0;
		if (!no_links(errno))
			return -1;
	}
	if (renameat(dir, name, dir, kept) == -1)
		return -1;
	f->moved = 1;
	return 0;
}

static int
move_file(int dir, struct raid_record_file *f, struct raid_err *err)
{
	const char *name = last(f->path), *fresh = last(f->fresh);
	int r;

	if (f->old.mode != 0) {
		if (keep(dir, f) == -1)
			return raid_fail_errno(err, "%s", f->path);
		if (check_kept(dir, f, err) == -1)
			return -1;
	}
	if (f->new.mode == 0)
		return 0;
	r = f->old.mode != 0 && !f->moved ?
	    renameat(dir, fresh, dir, name) : rename_new(dir, fresh, name);
	if (r == -1)
		return raid_fail_errno(err, "%s", f->path);
	f->moved = 1;
	return 0;
}

/* The folder that holds path, or the lowest one that is there.  *fd is -1 if
 * it was opened before. */
static int
open_above(int root, const char *path, struct raid_list *done, int *fd,
    struct raid_err *err)
{
	char *dir = raid_strdup(path), *slash;
	int r;

	*fd = -1;
	do {
		slash = strrchr(dir, '/');
		dir[slash != NULL ? slash - dir : 0] = '\0';
		r = 0;
		if (!raid_list_addnew(done, dir))
			break;
		*fd = slash != NULL ? raid_path_openat(root, dir, O_RDONLY |
		    O_DIRECTORY, 0, err) : fcntl(root, F_DUPFD_CLOEXEC, 0);
		if (*fd == -1 && slash == NULL)
			raid_fail_errno(err, "%s: its folder", path);
		r = *fd == -1 ? -1 : 0;
	} while (*fd == -1 && slash != NULL && errno == ENOENT);
	free(dir);
	return r;
}

static int
sync_above(int root, const char *path, struct raid_list *done,
    struct raid_err *err)
{
	int fd, r = open_above(root, path, done, &fd, err);

	if (fd == -1)
		return r;
	/* Some file systems sync folders on their own. */
	if (fsync(fd) == -1 && errno != EINVAL)
		r = raid_fail_errno(err, "%s: its folder", path);
	close(fd);
	return r;
}

int
raid_folder_sync(int fd, const struct raid_record *r, struct raid_err *err)
{
	struct raid_list done = { 0 };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++)
		ret = sync_above(fd, r->v[i].path, &done, err);
	for (size_t i = 0; ret == 0 && i < r->made.n; i++)
		ret = sync_above(fd, r->made.v[i], &done, err);
	raid_list_free(&done);
	return ret;
}

/* Do something to each file, in the folder that it is in. */
static int
each(int fd, struct raid_record *r,
    int (*act)(int, struct raid_record_file *, struct raid_err *),
    struct raid_err *err)
{
	const char *name;
	int dir, ret = 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++) {
		dir = raid_path_parent(fd, r->v[i].path, &name, err);
		if (dir == -1)
			return -1;
		ret = act(dir, &r->v[i], err);
		close(dir);
	}
	return ret;
}

int
raid_folder_move(int fd, struct raid_record *r, struct raid_err *err)
{
	if (each(fd, r, move_file, err) == -1 ||
	    raid_folder_sync(fd, r, err) == -1)
		return -1;
	/* Once more, for who writes into an old file all the time. */
	return each(fd, r, check_kept, err);
}

int
raid_folder_return(int fd, struct raid_record *r, struct raid_err *err)
{
	const char *name;
	int dir, ret = 0;

	for (size_t i = r->n; ret == 0 && i-- > 0;) {
		struct raid_record_file *f = &r->v[i];

		if (!f->moved)
			continue;
		dir = raid_path_parent(fd, f->path, &name, err);
		if (dir == -1)
			return -1;
		ret = f->old.mode != 0 ?
		    renameat(dir, last(f->kept), dir, name) :
		    unlinkat(dir, name, 0);
		if (ret == -1)
			raid_fail_errno(err, "%s", f->path);
		else
			f->moved = 0;
		close(dir);
	}
	return ret;
}

/* Take away what waits at path, if anything does. */
static int
drop(int fd, const char *path, struct raid_err *err)
{
	const char *name;
	int dir = raid_path_parent(fd, path, &name, err), r;

	if (dir == -1)
		return errno == ENOENT ? 0 : -1;
	r = unlinkat(dir, name, 0);
	if (r == -1)
		r = errno == ENOENT ? 0 : raid_fail_errno(err, "%s", path);
	close(dir);
	return r;
}

/* The folders that this leaves empty, or that were made for nothing. */
static int
drop_folders(int fd, const struct raid_record *r, int done,
    struct raid_err *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && done && i < r->n; i++)
		if (r->v[i].new.mode == 0)
			ret = raid_path_prune(fd, r->v[i].path, err);
	for (size_t i = r->made.n; ret != -1 && !done && i-- > 0;)
		ret = raid_path_rmdirat(fd, r->made.v[i], err);
	return ret == -1 ? -1 : 0;
}

int
raid_folder_clean(struct raid_folder *f, const struct raid_record *r, int done,
    struct raid_err *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++) {
		ret = drop(f->fd, r->v[i].fresh, err);
		if (ret == 0)
			ret = drop(f->fd, r->v[i].kept, err);
	}
	if (ret == 0)
		ret = drop_folders(f->fd, r, done, err);
	if (ret == 0)
		ret = raid_folder_sync(f->fd, r, err);
	if (ret == 0 && ((unlinkat(f->record_dir, f->record, 0) == -1 &&
	    errno != ENOENT) || fsync(f->record_dir) == -1))
		ret = raid_fail_errno(err, "%s", f->record_path);
	return ret;
}
