/* SPDX-License-Identifier: ISC */
#include "code/replica.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/diff.h"
#include "code/place.h"
#include "code/repo_shadow.h"

#define PREFIX "raid-replica."

struct source {
	struct raid_repo *repo;
	const struct raid_replica_opts *o;
};

static enum raid_place_kind
kind_of(unsigned mode)
{
	switch (mode & 0170000) {
	case 0:
		return RAID_PLACE_ABSENT;
	case 0100000:
		return RAID_PLACE_FILE;
	case 0040000:
		return RAID_PLACE_FOLDER;
	case 0120000:
		return RAID_PLACE_LINK;
	default:
		return RAID_PLACE_OTHER;
	}
}

/* Is path a folder because a file that is laid over is beneath it? */
static int
is_parent(const struct raid_overlay *o, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; o != NULL && i < o->n; i++)
		if (o->v[i].mode != 0 && strncmp(o->v[i].path, path, n) == 0 &&
		    o->v[i].path[n] == '/')
			return 1;
	return 0;
}

int
raid_replica_file(struct raid_repo *repo, const struct raid_replica_opts *o,
    const char *path, struct raid_buf *b, unsigned *mode,
    struct raid_err *err)
{
	const struct raid_repo_over *e = o->files != NULL ?
	    raid_overlay_get(o->files, path) : NULL;

	if (e != NULL && e->mode != 0) {
		raid_buf_init(b, RAID_REPO_FILE_MAX);
		raid_buf_add(b, e->p, e->len);
		*mode = e->mode;
		return 1;
	}
	if (is_parent(o->files, path)) {
		raid_buf_init(b, 0);
		*mode = 0040000;
		return 1;
	}
	if (e == NULL && o->commit != NULL)
		return raid_repo_file(repo, o->commit, path, b, mode, err);
	raid_buf_init(b, 0);
	return 0;
}

static int
base_file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	const struct source *s = arg;
	unsigned mode = 0;
	int r;

	raid_buf_free(&f->data);
	r = raid_replica_file(s->repo, s->o, path, &f->data, &mode, err);
	if (r == 1)
		f->kind = kind_of(mode);
	if (f->kind == RAID_PLACE_FILE)
		f->mode = mode & 0100 ? 0100755 : 0100644;
	else
		raid_buf_reset(&f->data);
	return r == -1 ? -1 : 0;
}

int
raid_replica_apply(struct raid_repo *repo, const struct raid_replica_opts *o,
    struct raid_overlay *out, struct raid_err *err)
{
	struct source s = { .repo = repo, .o = o };
	struct raid_place_base base = { .file = base_file, .arg = &s };
	struct raid_place pl;
	int r;

	r = raid_place_apply_clean(o->diff, o->diff_len, &base, &pl, err);
	for (size_t i = 0; r == 0 && i < pl.n; i++) {
		const struct raid_place_change *c = &pl.v[i];

		if (c->mode == 0 || c->new_path != NULL)
			raid_overlay_set(out, c->path, 0, "", 0);
		if (c->mode != 0)
			raid_overlay_set(out, c->new_path != NULL ?
			    c->new_path : c->path, c->mode, c->after.p,
			    c->after.len);
	}
	raid_place_free(&pl);
	return r == -1 ? -1 : 0;
}

/* Files first, the diff over them. */
static int
overlay(struct raid_repo *repo, const struct raid_replica_opts *o,
    struct raid_overlay *all, struct raid_err *err)
{
	for (size_t i = 0; o->files != NULL && i < o->files->n; i++)
		raid_overlay_set(all, o->files->v[i].path,
		    o->files->v[i].mode, o->files->v[i].p,
		    o->files->v[i].len);
	if (o->diff == NULL)
		return 0;
	return raid_replica_apply(repo, o, all, err);
}

/*
 * Lock a replica that nobody holds; the descriptor, or -1.  One that is just
 * being made is not locked for a moment, but has nothing in it.
 */
static int
hold_stale(int tmp, const char *name)
{
	struct stat st;
	int fd;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return -1;
	fd = openat(tmp, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (faccessat(fd, "git", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    faccessat(fd, "tree", F_OK, AT_SYMLINK_NOFOLLOW) == 0) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
sweep(const char *tmp)
{
	DIR *d = opendir(tmp);
	struct raid_err ignored;
	struct dirent *e;
	char *path;
	int fd;

	while (d != NULL && (e = readdir(d)) != NULL) {
		fd = hold_stale(dirfd(d), e->d_name);
		if (fd == -1)
			continue;
		path = raid_path_join(tmp, e->d_name);
		(void)!raid_path_remove(path, &ignored);
		free(path);
		close(fd);
	}
	if (d != NULL)
		closedir(d);
}

/* The private folder, locked as long as we live. */
static int
make_folder(struct raid_replica *r, struct raid_err *err)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || *tmp != '/')
		tmp = "/tmp";
	sweep(tmp);
	r->dir = raid_strf("%s/" PREFIX "XXXXXX", tmp);
	if (mkdtemp(r->dir) == NULL) {
		raid_fail_errno(err, "%s", r->dir);
		free(r->dir);
		r->dir = NULL;
		return -1;
	}
	r->lock = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)flock(r->lock, LOCK_EX | LOCK_NB);
	return 0;
}

int
raid_replica_make(struct raid_replica *r, struct raid_repo *repo,
    const struct raid_replica_opts *o, struct raid_err *err)
{
	struct raid_overlay all = { 0 };
	char *gitdir = NULL;
	int ret = -1;

	*r = (struct raid_replica){ .lock = -1 };
	if (overlay(repo, o, &all, err) == -1)
		goto out;
	if (make_folder(r, err) == -1)
		goto out;
	r->tree = raid_path_join(r->dir, "tree");
	gitdir = raid_path_join(r->dir, "git");
	r->shadow = raid_shadow_new(repo, gitdir, o->commit, &all, err);
	if (r->shadow != NULL)
		ret = raid_shadow_lay(r->shadow, r->tree, o->owner, err);
out:
	free(gitdir);
	raid_overlay_free(&all);
	return ret;
}

void
raid_replica_free(struct raid_replica *r)
{
	struct raid_err ignored;

	raid_shadow_free(r->shadow);
	if (r->dir != NULL)
		(void)!raid_path_remove(r->dir, &ignored);
	if (r->lock > 0)
		close(r->lock);
	free(r->dir);
	free(r->tree);
	*r = (struct raid_replica){ 0 };
}

struct collect {
	struct raid_buf *diff;
	struct raid_list *left_out;
};

static int
on_change(void *arg, const struct raid_shadow_change *c, struct raid_err *err)
{
	struct collect *all = arg;
	struct raid_diff_side a = { .path = c->path, .mode = c->old_mode,
	    .p = c->before->p, .len = c->before->len };
	struct raid_diff_side b = { .path = c->path, .mode = c->mode,
	    .p = c->after->p, .len = c->after->len };

	(void)err;
	if (memchr(a.p, '\0', a.len) != NULL ||
	    memchr(b.p, '\0', b.len) != NULL ||
	    (c->old_mode & 0170000) == 0160000)
		raid_list_add(all->left_out, c->path);
	else
		raid_diff_print(all->diff, &a, &b);
	return 0;
}

int
raid_replica_changes(struct raid_replica *r, struct raid_buf *diff,
    struct raid_list *left_out, struct raid_err *err)
{
	struct collect all = { .diff = diff, .left_out = left_out };

	return raid_shadow_changes(r->shadow, on_change, &all, err);
}
