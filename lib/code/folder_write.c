/* SPDX-License-Identifier: ISC */
/* A write: look, note, lay the new content beside the files, move. */
#include <sys/stat.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "code/folder_priv.h"

static mode_t
get_umask(void)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return mask;
}

/* Permissions for git's mode: those that are there, but for execution. */
static unsigned
permissions(unsigned old, unsigned mode)
{
	mode_t mask = get_umask();

	if (old == 0)
		old = 0666 & ~mask;
	if ((mode & 0100) == 0)
		return old & ~0111u;
	return (old & 0100) != 0 ? old : old | (0111 & ~mask);
}

static int
is_changed(const char *path, struct raid_err *err)
{
	return raid_fail(err, RAID_NO, "%.300s: is not as the patch found it",
	    path);
}

/* The file that is there now must be the one that was patched. */
static int
look_old(int fd, const struct raid_place_change *c,
    struct raid_record_file *f, struct raid_err *err)
{
	int at = raid_path_openat(fd, c->path, O_RDONLY | O_NONBLOCK, 0, err);
	struct raid_buf b = { 0 };
	int r = -1;

	if (at == -1)
		return -1;
	if (fstat(at, &f->was) == -1) {
		raid_fail_errno(err, "%s", c->path);
	} else if (!S_ISREG(f->was.st_mode)) {
		is_changed(c->path, err);
	} else if (raid_path_readfd(at, c->path, RAID_PLACE_FILE_MAX, &b,
	    err) == 0) {
		r = b.len == c->before.len && (b.len == 0 ||
		    memcmp(b.p, c->before.p, b.len) == 0) &&
		    ((f->was.st_mode & 0100) != 0) ==
		    ((c->old_mode & 0100) != 0) ? 0 : is_changed(c->path, err);
	}
	if (r == 0) {
		f->old.mode = f->was.st_mode;
		raid_hash(b.p, b.len, f->old.sha256);
	}
	raid_buf_free(&b);
	close(at);
	return r;
}

/* Nothing may be there. */
static int
look_free(int fd, const char *path, struct raid_err *err)
{
	const char *name;
	int dir = raid_path_parent(fd, path, &name, err), r;
	struct stat st;

	if (dir == -1)
		return errno == ENOENT ? 0 : -1;
	r = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
	if (r == 0)
		r = is_changed(path, err);
	else
		r = errno == ENOENT ? 0 : raid_fail_errno(err, "%s", path);
	close(dir);
	return r;
}

/* The folders on the way to path that have to be made. */
static int
plan_folders(int fd, const char *path, struct raid_list *made,
    struct raid_err *err)
{
	char *dir = raid_strdup(path);
	int at = 0;

	for (char *s = strchr(dir, '/'); s != NULL; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (!raid_list_has(made, dir)) {
			at = raid_path_openat(fd, dir, O_PATH | O_DIRECTORY, 0,
			    err);
			if (at != -1)
				close(at);
			else if (errno == ENOENT)
				raid_list_add(made, dir);
			else
				break;
			at = 0;
		}
		*s = '/';
	}
	free(dir);
	return at;
}

/* What path becomes. */
static int
plan_new(int fd, struct raid_record *r, struct raid_record_file *f,
    const struct raid_place_change *c, unsigned perm, struct raid_err *err)
{
	f->after = &c->after;
	f->new.mode = S_IFREG | perm;
	raid_hash(c->after.p, c->after.len, f->new.sha256);
	return plan_folders(fd, f->path, &r->made, err);
}

static int
plan_change(int fd, struct raid_record *r, const struct raid_place_change *c,
    unsigned perm, struct raid_err *err)
{
	const char *to = c->new_path != NULL ? c->new_path : c->path;
	struct raid_record_file *f = NULL;
	struct stat was = { 0 };

	if (raid_folder_check_parents(fd, c->path, err) == -1 ||
	    raid_folder_check_parents(fd, to, err) == -1)
		return -1;
	if (c->old_mode != 0) {
		f = raid_record_add(r, c->path, r->n);
		if (look_old(fd, c, f, err) == -1)
			return -1;
		was = f->was;
	}
	if (c->mode != 0 && (c->old_mode == 0 || c->new_path != NULL)) {
		f = raid_record_add(r, to, r->n);
		f->was = was;
	}
	if (perm == 0)
		perm = permissions(was.st_mode & 0777, c->mode);
	return c->mode == 0 ? 0 : plan_new(fd, r, f, c, perm, err);
}

/* Everything that is known before the first byte is written. */
static int
plan(int fd, struct raid_record *r, const struct raid_place *pl,
    const unsigned *want, struct raid_err *err)
{
	for (size_t i = 0; i < pl->n; i++) {
		unsigned perm = want != NULL ? want[i] & 0777 : 0;

		if (plan_change(fd, r, &pl->v[i], perm, err) == -1)
			return -1;
	}
	if (raid_record_join(r, err) == -1)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].old.mode == 0 &&
		    look_free(fd, r->v[i].path, err) == -1)
			return -1;
	return 0;
}

/* The owner of the old file, where we may give files away; no failure. */
static void
keep_owner(int fd, const struct raid_record_file *f)
{
	struct stat st;

	if (f->was.st_ino == 0 || fstat(fd, &st) == -1)
		return;
	if (st.st_uid != f->was.st_uid &&
	    fchown(fd, f->was.st_uid, (gid_t)-1) == -1)
		return;
	if (st.st_gid != f->was.st_gid &&
	    fchown(fd, (uid_t)-1, f->was.st_gid) == -1)
		return;
}

/* Lay the new content beside its place, synced. */
static int
stage(int root, const struct raid_record_file *f, struct raid_err *err)
{
	int fd = raid_path_openat(root, f->fresh, O_WRONLY | O_CREAT | O_EXCL,
	    0600, err), r = 0;

	if (fd == -1)
		return raid_fail_at(err, "%s: its new content", f->path);
	keep_owner(fd, f);
	if (raid_path_writefd(fd, f->after->p, f->after->len) == -1 ||
	    fchmod(fd, f->new.mode & 0777) == -1 || fsync(fd) == -1)
		r = raid_fail_errno(err, "%s", f->path);
	if (close(fd) == -1 && r == 0)
		r = raid_fail_errno(err, "%s", f->path);
	return r;
}

static int
stage_all(int root, const struct raid_record *r, struct raid_err *err)
{
	int ret = 0;

	for (size_t i = 0; ret != -1 && i < r->made.n; i++)
		ret = raid_path_mkdirat(root, r->made.v[i], err);
	for (size_t i = 0; ret != -1 && i < r->n; i++)
		if (r->v[i].new.mode != 0)
			ret = stage(root, &r->v[i], err);
	return ret == -1 ? -1 : 0;
}

/* As before; a second time, for what failed may have been passing. */
static int
go_back(struct raid_folder *f, struct raid_record *r, struct raid_err *err)
{
	int ret = -1;

	for (int i = 0; i < 2 && ret == -1; i++) {
		ret = raid_folder_return(f->fd, r, err);
		if (ret == 0)
			ret = raid_folder_clean(f, r, 0, err);
	}
	return ret;
}

/* After a failure: as before, and the first error stays. */
static void
take_back(struct raid_folder *f, struct raid_record *r, struct raid_err *err)
{
	struct raid_err why, first = *err;

	if (go_back(f, r, &why) == 0)
		return;
	(void)raid_fail(err, first.code, "%.200s; and it could not be taken "
	    "back: %.200s; raid-patch --recover", first.msg, why.msg);
}

int
raid_folder_write(struct raid_folder *f, const struct raid_place *pl,
    const unsigned *want, struct raid_err *err)
{
	struct raid_record r;
	int ret;

	assert(f->locked);
	ret = raid_record_init(&r, err);
	if (ret == 0)
		ret = plan(f->fd, &r, pl, want, err);
	if (ret == 0)
		ret = raid_folder_store(f, &r, err);
	if (ret == 0) {
		ret = stage_all(f->fd, &r, err);
		if (ret == 0)
			ret = raid_folder_move(f->fd, &r, err);
		if (ret == -1)
			take_back(f, &r, err);
		else if (raid_folder_clean(f, &r, 1, err) == -1 &&
		    raid_folder_clean(f, &r, 1, err) == -1)
			ret = raid_fail_at(err, "written, but not cleaned up; "
			    "raid-patch --recover does");
	}
	raid_record_free(&r);
	return ret;
}
