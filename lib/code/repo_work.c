/* SPDX-License-Identifier: ISC */
/* The work tree as it is, and files laid over a commit. */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/repo_git.h"

void
raid_overlay_set(struct raid_overlay *o, const char *path, unsigned mode,
    const void *p, size_t len)
{
	struct raid_repo_over *e = NULL;

	for (size_t i = 0; i < o->n && e == NULL; i++)
		if (strcmp(o->v[i].path, path) == 0)
			e = &o->v[i];
	if (e == NULL) {
		o->v = raid_grow(o->v, &o->cap, o->n + 1, sizeof(*o->v));
		e = &o->v[o->n++];
		*e = (struct raid_repo_over){ .path = raid_strdup(path) };
	}
	free(e->p);
	e->p = raid_memdup(p, len);
	e->len = len;
	e->mode = mode;
}

const struct raid_repo_over *
raid_overlay_get(const struct raid_overlay *o, const char *path)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->v[i].path, path) == 0)
			return &o->v[i];
	return NULL;
}

void
raid_overlay_free(struct raid_overlay *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->v[i].path);
		free(o->v[i].p);
	}
	free(o->v);
	*o = (struct raid_overlay){ 0 };
}

/* Open without following a link anywhere; the repository's own names need
 * not be the tame ones that a member may use. */
static int
open_nofollow(int dirfd, const char *path, int flags)
{
	char part[256];
	int at = fcntl(dirfd, F_DUPFD_CLOEXEC, 3), next;
	size_t n;

	while (at != -1 && path[n = strcspn(path, "/")] != '\0') {
		if (n >= sizeof(part)) {
			close(at);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, n);
		part[n] = '\0';
		next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
		close(at);
		at = next;
		path += n + 1;
	}
	if (at == -1)
		return -1;
	next = openat(at, path, flags | O_NOFOLLOW | O_CLOEXEC);
	close(at);
	return next;
}

static int
read_link(int fd, const char *path, struct raid_buf *b, struct raid_err *err)
{
	char target[4097];
	ssize_t n = readlinkat(fd, "", target, sizeof(target));

	if (n == -1)
		return raid_fail_errno(err, "%s", path);
	raid_buf_add(b, target, (size_t)n);
	return 1;
}

static int
read_regular(int dirfd, const char *path, struct raid_buf *b,
    struct raid_err *err)
{
	int fd = open_nofollow(dirfd, path, O_RDONLY | O_NONBLOCK), r;

	if (fd == -1)
		return raid_fail_errno(err, "%s", path);
	raid_buf_free(b);
	r = raid_path_readfd(fd, path, RAID_REPO_FILE_MAX, b, err);
	close(fd);
	return r == 0 ? 1 : -1;
}

int
raid_repo_read_work(int dirfd, const char *path, struct raid_buf *b,
    unsigned *mode, struct raid_err *err)
{
	int fd = open_nofollow(dirfd, path, O_PATH), r = 0;
	struct stat st;

	raid_buf_init(b, RAID_REPO_FILE_MAX);
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR ||
	    errno == ELOOP))
		return 0;
	if (fd == -1 || fstat(fd, &st) == -1) {
		r = raid_fail_errno(err, "%s", path);
	} else if (S_ISLNK(st.st_mode)) {
		*mode = 0120000;
		r = read_link(fd, path, b, err);
	} else if (S_ISREG(st.st_mode)) {
		*mode = st.st_mode & 0100 ? 0100755 : 0100644;
		r = read_regular(dirfd, path, b, err);
	}
	if (fd != -1)
		close(fd);
	return r;
}

#define DIRTY_MAX ((size_t)1 << 30)

static int
add_dirty(int dirfd, const char *path, struct raid_overlay *o, size_t *sum,
    struct raid_err *err)
{
	struct raid_buf b;
	unsigned mode = 0;
	int r = raid_repo_read_work(dirfd, path, &b, &mode, err);

	if (r == 1 && (*sum += b.len) > DIRTY_MAX)
		r = raid_fail(err, RAID_EDATA, "%s: the changed and untracked "
		    "files are too big; name what does not matter in "
		    ".git/info/exclude", path);
	if (r != -1)
		raid_overlay_set(o, path, r == 1 ? mode : 0, b.p, b.len);
	raid_buf_free(&b);
	return r == -1 ? -1 : 0;
}

int
raid_repo_dirty(struct raid_repo *r, struct raid_overlay *o,
    struct raid_err *err)
{
	git_status_options so;
	git_status_list *list = NULL;
	size_t sum = 0;
	int fd = -1, ret = 0;

	if (r->where.work == NULL)
		return raid_fail(err, RAID_EUSAGE, "%s: a bare repository",
		    r->where.gitdir);
	git_status_options_init(&so, GIT_STATUS_OPTIONS_VERSION);
	so.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	so.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
	    GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
	    GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
	if (git_status_list_new(&list, r->git, &so) < 0)
		return raid_repo_fail(r, err, "the state of %s", r->where.work);
	fd = open(r->where.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		ret = raid_fail_errno(err, "%s", r->where.work);
	for (size_t i = 0; ret == 0 && i < git_status_list_entrycount(list);
	    i++) {
		const git_status_entry *e = git_status_byindex(list, i);
		const git_diff_delta *d = e->index_to_workdir != NULL ?
		    e->index_to_workdir : e->head_to_index;
		size_t n = strlen(d->new_file.path);

		/* A repository inside ours, untracked: not ours. */
		if (n != 0 && d->new_file.path[n - 1] == '/')
			continue;
		ret = add_dirty(fd, d->new_file.path, o, &sum, err);
	}
	if (fd != -1)
		close(fd);
	git_status_list_free(list);
	return ret;
}

void
raid_repo_entry_stat(git_index_entry *e, const struct stat *st)
{
	e->ctime.seconds = (int32_t)st->st_ctim.tv_sec;
	e->ctime.nanoseconds = (uint32_t)st->st_ctim.tv_nsec;
	e->mtime.seconds = (int32_t)st->st_mtim.tv_sec;
	e->mtime.nanoseconds = (uint32_t)st->st_mtim.tv_nsec;
	e->dev = (uint32_t)st->st_dev;
	e->ino = (uint32_t)st->st_ino;
	e->uid = st->st_uid;
	e->gid = st->st_gid;
	e->file_size = (uint32_t)st->st_size;
}
