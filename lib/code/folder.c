/* SPDX-License-Identifier: ISC */
#include "code/folder_priv.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

static int
has(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Has the folder name in dir a .git, or is it one, by another name? */
static int
is_repository(int dir, const char *name)
{
	int at = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC), yes;

	if (at == -1)
		return 0;
	yes = has(at, ".git") ||
	    (has(at, "HEAD") && has(at, "objects") && has(at, "refs"));
	close(at);
	return yes;
}

#define MODULES_MAX (1u << 20)	/* bytes of .gitmodules */

static void
skip(struct raid_line *l, const char *set)
{
	while (l->len != 0 && *l->p != '\0' && strchr(set, *l->p) != NULL) {
		l->p++;
		l->len--;
	}
}

/* What stands behind "path =" in a line of .gitmodules; else of length 0. */
static struct raid_line
module_of(struct raid_line l)
{
	static const struct raid_line none = { (const unsigned char *)"", 0 };

	l = raid_line_trim(l);
	skip(&l, " \t");
	if (l.len < 4 || memcmp(l.p, "path", 4) != 0)
		return none;
	l.p += 4;
	l.len -= 4;
	skip(&l, " \t");
	if (l.len == 0 || *l.p != '=')
		return none;
	skip(&l, "= \t\"");
	while (l.len != 0 && (l.p[l.len - 1] == '"' || l.p[l.len - 1] == '/'))
		l.len--;
	return l;
}

static int
names_module(const struct raid_buf *b, const char *path)
{
	struct raid_lines lines = { 0 };
	struct raid_line l;
	int yes = 0;

	raid_lines_split(&lines, b->p, b->len);
	for (size_t i = 0; i < lines.n && !yes; i++) {
		l = module_of(lines.v[i]);
		yes = l.len != 0 && l.len == strlen(path) &&
		    memcmp(l.p, path, l.len) == 0;
	}
	raid_lines_free(&lines);
	return yes;
}

/* A submodule that was not fetched is an empty folder, or none. */
static int
is_module(int dirfd, const char *path)
{
	int fd = openat(dirfd, ".gitmodules", O_RDONLY | O_NONBLOCK |
	    O_NOFOLLOW | O_NOCTTY | O_CLOEXEC), yes;
	struct raid_err ignored;
	struct raid_buf b;

	if (fd == -1)
		return 0;
	/* One that cannot be read may name any folder. */
	yes = raid_path_readfd(fd, path, MODULES_MAX, &b, &ignored) == -1 ||
	    names_module(&b, path);
	raid_buf_free(&b);
	close(fd);
	return yes;
}

/* Read the file name in dir, if it is one still. */
static int
read_file(int dir, const char *name, const char *path,
    struct raid_place_file *f, struct raid_err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW |
	    O_NOCTTY | O_CLOEXEC), r = -1;
	struct stat st;

	if (fd == -1)
		return raid_fail_errno(err, "%s", path);
	if (fstat(fd, &st) == -1) {
		raid_fail_errno(err, "%s", path);
	} else if (!S_ISREG(st.st_mode)) {
		f->kind = RAID_PLACE_OTHER;
		r = 0;
	} else {
		f->mode = (st.st_mode & 0100) != 0 ? 0100755 : 0100644;
		raid_buf_free(&f->data);
		r = raid_path_readfd(fd, path, RAID_PLACE_FILE_MAX, &f->data,
		    err);
	}
	close(fd);
	return r;
}

int
raid_folder_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	int root = *(int *)arg, dir, r = 0;
	const char *name;
	struct stat st;

	dir = raid_path_parent(root, path, &name, err);
	if (dir == -1)
		return err->code == RAID_ENOINPUT ? 0 : -1;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno != ENOENT)
			r = raid_fail_errno(err, "%s", path);
	} else {
		f->kind = S_ISREG(st.st_mode) ? RAID_PLACE_FILE :
		    S_ISLNK(st.st_mode) ? RAID_PLACE_LINK :
		    S_ISDIR(st.st_mode) && !is_repository(dir, name) &&
		    !is_module(root, path) ?
		    RAID_PLACE_FOLDER : RAID_PLACE_OTHER;
		if (f->kind == RAID_PLACE_FILE)
			r = read_file(dir, name, path, f, err);
	}
	close(dir);
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

int
raid_folder_check_parents(int dirfd, const char *path, struct raid_err *err)
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

	if (raid_folder_check_parents(dirfd, path, err) == -1)
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

int
raid_folder_perms(int dirfd, const struct raid_place *pl, unsigned *had,
    struct raid_err *err)
{
	const char *name;
	struct stat st;
	int dir, r = 0;

	for (size_t i = 0; r == 0 && i < pl->n; i++) {
		had[i] = 0;
		if (pl->v[i].old_mode == 0)
			continue;
		dir = raid_path_parent(dirfd, pl->v[i].path, &name, err);
		if (dir == -1)
			return -1;
		r = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
		if (r == -1)
			raid_fail_errno(err, "%s", pl->v[i].path);
		else
			had[i] = st.st_mode & 0777;
		close(dir);
	}
	return r;
}
