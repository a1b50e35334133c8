/* SPDX-License-Identifier: ISC */
#include "code/folder.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

/* A change while it is written. */
struct step {
	const struct raid_place_change *c;
	const char *to;		/* where the new content goes */
	char *tmp;		/* where it waits; NULL: nowhere */
	unsigned perm;		/* of the new content */
	unsigned old_perm;	/* of what stood at c->path */
	int done;
};

static int
is_repository(int dirfd, const char *path)
{
	char *git = raid_path_join(path, ".git");
	struct stat st;
	int r = fstatat(dirfd, git, &st, AT_SYMLINK_NOFOLLOW);

	free(git);
	return r == 0;
}

int
raid_folder_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	int dirfd = *(int *)arg, fd, r;
	struct stat st;

	if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		return raid_fail_errno(err, "%s", path);
	}
	f->kind = S_ISREG(st.st_mode) ? RAID_PLACE_FILE :
	    S_ISLNK(st.st_mode) ? RAID_PLACE_LINK :
	    S_ISDIR(st.st_mode) && !is_repository(dirfd, path) ?
	    RAID_PLACE_FOLDER : RAID_PLACE_OTHER;
	if (f->kind != RAID_PLACE_FILE)
		return 0;
	f->mode = (st.st_mode & 0100) != 0 ? 0100755 : 0100644;
	fd = raid_path_openat(dirfd, path, O_RDONLY | O_NONBLOCK, 0, err);
	if (fd == -1)
		return -1;
	raid_buf_free(&f->data);
	r = raid_path_readfd(fd, path, RAID_PLACE_FILE_MAX, &f->data, err);
	close(fd);
	return r;
}

/* Permissions for git's mode: those that are there, but for execution. */
static unsigned
permissions(unsigned old, unsigned mode)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	if (old == 0)
		old = 0666 & ~mask;
	if ((mode & 0100) == 0)
		return old & ~0111u;
	return (old & 0100) != 0 ? old : old | (0111 & ~mask);
}

/* Write the new content beside its place. */
static int
stage(int dirfd, struct step *s, size_t no, struct raid_err *err)
{
	const struct raid_place_change *c = s->c;
	const char *slash;
	struct stat st;

	s->to = c->new_path != NULL ? c->new_path : c->path;
	slash = strrchr(s->to, '/');
	if (c->old_mode != 0) {
		if (fstatat(dirfd, c->path, &st, AT_SYMLINK_NOFOLLOW) == -1)
			return raid_fail_errno(err, "%s", c->path);
		s->old_perm = st.st_mode & 0777;
	}
	if (c->mode == 0)
		return 0;
	s->perm = permissions(s->old_perm, c->mode);
	s->tmp = raid_strf("%.*s.raid-%d-%zu.new",
	    slash != NULL ? (int)(slash - s->to) + 1 : 0, s->to,
	    (int)getpid(), no);
	return raid_path_put(dirfd, s->tmp, c->after.p, c->after.len, s->perm,
	    err);
}

/* Put it into its place, and take the old one away. */
static int
finish(int dirfd, struct step *s, struct raid_err *err)
{
	if (s->tmp != NULL) {
		if (renameat(dirfd, s->tmp, dirfd, s->to) == -1)
			return raid_fail_errno(err, "%s", s->to);
		free(s->tmp);
		s->tmp = NULL;
		s->done = 1;
		if (s->c->new_path == NULL)
			return 0;
	}
	s->done = 1;
	return raid_path_drop(dirfd, s->c->path, err);
}

/* Back to what was; the error that brought us here is the one to tell. */
static void
undo(int dirfd, const struct step *s)
{
	struct raid_err ignored;
	int r = 0;

	if (s->tmp != NULL)
		r = raid_path_drop(dirfd, s->tmp, &ignored);
	if (s->done && s->c->mode != 0 &&
	    (s->c->old_mode == 0 || s->c->new_path != NULL))
		r = raid_path_drop(dirfd, s->to, &ignored);
	if (s->done && s->c->old_mode != 0)
		r = raid_path_put(dirfd, s->c->path, s->c->before.p,
		    s->c->before.len, s->old_perm, &ignored);
	(void)r;
}

int
raid_folder_write(int dirfd, const struct raid_place *pl, struct raid_err *err)
{
	struct step *v = raid_calloc(pl->n, sizeof(*v));
	int r = 0;

	for (size_t i = 0; i < pl->n; i++)
		v[i].c = &pl->v[i];
	for (size_t i = 0; r == 0 && i < pl->n; i++)
		r = stage(dirfd, &v[i], i, err);
	for (size_t i = 0; r == 0 && i < pl->n; i++)
		r = finish(dirfd, &v[i], err);
	for (size_t i = pl->n; i-- > 0;) {
		if (r == -1)
			undo(dirfd, &v[i]);
		free(v[i].tmp);
	}
	free(v);
	return r;
}

/* Is what stands there this content?  mode 0: nothing. */
static int
is_this(const struct raid_place_file *f, unsigned mode,
    const struct raid_buf *b)
{
	if (mode == 0)
		return f->kind == RAID_PLACE_ABSENT;
	return f->kind == RAID_PLACE_FILE && f->mode == mode &&
	    f->data.len == b->len && (b->len == 0 ||
	    memcmp(f->data.p, b->p, b->len) == 0);
}

/* No folder on the way to path may be a link, or another repository. */
static int
check_parents(int dirfd, const char *path, struct raid_err *err)
{
	struct raid_place_file f = { .kind = RAID_PLACE_ABSENT };
	char *part = raid_strdup(path);
	int r = 0;

	for (char *s = strchr(part, '/'); r == 0 && s != NULL;
	    s = strchr(s + 1, '/')) {
		*s = '\0';
		raid_buf_init(&f.data, 0);
		r = raid_folder_file(&dirfd, part, &f, err);
		raid_buf_free(&f.data);
		if (r == 0 && (f.kind == RAID_PLACE_LINK ||
		    f.kind == RAID_PLACE_OTHER))
			r = raid_fail(err, RAID_EPERM, "%.300s: leads through "
			    "a link or into another repository", path);
		*s = '/';
	}
	free(part);
	return r;
}

/* One path of a change: *found and *done stay 1 if it is as the change found
 * it, and as the change wants it. */
static int
check_path(int dirfd, const struct raid_place_change *c, int is_new, int *found,
    int *done, struct raid_err *err)
{
	const char *path = is_new ? c->new_path : c->path;
	struct raid_place_file f = { .kind = RAID_PLACE_ABSENT };
	int r;

	if (check_parents(dirfd, path, err) == -1)
		return -1;
	raid_buf_init(&f.data, 0);
	r = raid_folder_file(&dirfd, path, &f, err);
	if (r == 0) {
		*found &= is_this(&f, is_new ? 0 : c->old_mode, &c->before);
		*done &= is_this(&f, c->new_path != NULL && !is_new ? 0 :
		    c->mode, &c->after);
		if (!*found && !*done)
			r = raid_fail(err, RAID_NO, "%.300s: is not as the "
			    "patch found it", path);
	}
	raid_buf_free(&f.data);
	return r;
}

int
raid_folder_check(int dirfd, const struct raid_place *pl, struct raid_err *err)
{
	int found = 1, done = 1, r = 0;

	for (size_t i = 0; r == 0 && i < pl->n; i++) {
		r = check_path(dirfd, &pl->v[i], 0, &found, &done, err);
		if (r == 0 && pl->v[i].new_path != NULL)
			r = check_path(dirfd, &pl->v[i], 1, &found, &done,
			    err);
	}
	return r == -1 ? -1 : !found;
}
