/* SPDX-License-Identifier: ISC */
/* Finishing a write that was broken off, or taking it back: what there is
 * under the names of each file decides, not how far somebody remembers. */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "code/folder_priv.h"

enum content { NOTHING, OLD, NEW, OTHER };

/* Where the contents of a file are. */
struct found {
	enum content at;	/* under its own name */
	int fresh, kept;	/* the new one, the old one: beside it */
};

static int
is_side(const struct stat *st, const char *sum,
    const struct raid_record_side *s)
{
	return s->mode == st->st_mode && strcmp(sum, s->sha256) == 0;
}

/* What stands under a name beside or of the file f. */
static int
look(int fd, const char *path, const struct raid_record_file *f,
    enum content *c, struct raid_err *err)
{
	char sum[RAID_HASH_SIZE];
	struct raid_buf b = { 0 };
	struct stat st;
	const char *name;
	int dir = raid_path_parent(fd, path, &name, err), at, r;

	*c = NOTHING;
	if (dir == -1)
		return errno == ENOENT ? 0 : -1;
	at = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	r = at != -1 || errno == ENOENT ? 0 :
	    errno == ELOOP || errno == ENXIO ? 1 :
	    raid_fail_errno(err, "%s", path);
	close(dir);
	if (at == -1) {
		*c = r == 1 ? OTHER : NOTHING;
		return r == -1 ? -1 : 0;
	}
	*c = OTHER;
	if (fstat(at, &st) == -1) {
		r = raid_fail_errno(err, "%s", path);
	} else if (S_ISREG(st.st_mode) && st.st_size <= RAID_PLACE_FILE_MAX) {
		r = raid_path_readfd(at, path, RAID_PLACE_FILE_MAX, &b, err);
		raid_hash(b.p, b.len, sum);
		*c = is_side(&st, sum, &f->old) ? OLD :
		    is_side(&st, sum, &f->new) ? NEW : OTHER;
	}
	raid_buf_free(&b);
	close(at);
	return r;
}

static int
find(int fd, const struct raid_record_file *f, struct found *o,
    struct raid_err *err)
{
	enum content fresh, kept;

	if (look(fd, f->path, f, &o->at, err) == -1 ||
	    look(fd, f->fresh, f, &fresh, err) == -1 ||
	    look(fd, f->kept, f, &kept, err) == -1)
		return -1;
	o->fresh = fresh == NEW;
	o->kept = kept == OLD;
	if (o->at == OTHER)
		return raid_fail(err, RAID_ETEMP, "%.300s: a write of it was "
		    "broken off and somebody has changed it since; move it "
		    "away, then raid-patch --recover", f->path);
	return 0;
}

/* Can it become as it was to be; can it become as it was? */
static int
can_finish(const struct raid_record_file *f, const struct found *o)
{
	return f->new.mode == 0 || o->at == NEW || o->fresh;
}

static int
can_return(const struct raid_record_file *f, const struct found *o)
{
	return f->old.mode == 0 || o->at == OLD || o->kept;
}

/* Move a file to a name beside it; to NULL: take it away. */
static int
rename_in(int fd, const char *from, const char *to, struct raid_err *err)
{
	const char *a, *b = to != NULL ? strrchr(to, '/') : NULL;
	int dir = raid_path_parent(fd, from, &a, err), r;

	if (dir == -1)
		return -1;
	r = to == NULL ? unlinkat(dir, a, 0) :
	    renameat(dir, a, dir, b != NULL ? b + 1 : to);
	if (r == -1)
		raid_fail_errno(err, "%s", from);
	close(dir);
	return r;
}

/* To the new content; the old one keeps a name until all files are there. */
static int
finish(int fd, const struct raid_record_file *f, const struct found *o,
    struct raid_err *err)
{
	if (o->at == NEW || (o->at == NOTHING && f->new.mode == 0))
		return 0;
	if (o->at == OLD && rename_in(fd, f->path, o->kept ? NULL : f->kept,
	    err) == -1)
		return -1;
	return f->new.mode != 0 ? rename_in(fd, f->fresh, f->path, err) : 0;
}

/* To the old content, where not every new one can be had. */
static int
go_back(int fd, const struct raid_record_file *f, const struct found *o,
    struct raid_err *err)
{
	if (o->at == OLD || (o->at == NOTHING && f->old.mode == 0))
		return 0;
	return f->old.mode != 0 ? rename_in(fd, f->kept, f->path, err) :
	    rename_in(fd, f->path, NULL, err);
}

/* Which way is open for all files: 1 on, 0 back, -1. */
static int
choose(int fd, const struct raid_record *r, struct found *v,
    struct raid_err *err)
{
	size_t on = 0, back = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (find(fd, &r->v[i], &v[i], err) == -1)
			return -1;
		on += can_finish(&r->v[i], &v[i]);
		back += can_return(&r->v[i], &v[i]);
	}
	if (on == r->n || back == r->n)
		return on == r->n;
	for (size_t i = 0; i < r->n; i++)
		if (!can_finish(&r->v[i], &v[i]))
			return raid_fail(err, RAID_ETEMP, "%.300s: a write of "
			    "it was broken off, and its new content is gone",
			    r->v[i].path);
	return raid_fail(err, RAID_EBUG, "a write without files");
}

static int
recover(struct raid_folder *f, const struct raid_record *r,
    enum raid_folder_end *end, struct raid_err *err)
{
	struct found *v = raid_calloc(r->n + 1, sizeof(*v));
	int on = choose(f->fd, r, v, err), ret = on == -1 ? -1 : 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++)
		ret = on ? finish(f->fd, &r->v[i], &v[i], err) :
		    go_back(f->fd, &r->v[i], &v[i], err);
	if (ret == 0)
		ret = raid_folder_sync(f->fd, r, err);
	if (ret == 0)
		ret = raid_folder_clean(f, r, on, err);
	*end = on ? RAID_FOLDER_DONE : RAID_FOLDER_BACK;
	free(v);
	return ret;
}

int
raid_folder_recover(struct raid_folder *f, enum raid_folder_end *end,
    struct raid_err *err)
{
	struct raid_record r;
	int ret = raid_folder_load(f, &r, err);

	*end = RAID_FOLDER_NONE;
	if (ret == 1)
		ret = recover(f, &r, end, err);
	/* Whoever waits for a link to go has the same to wait for. */
	if (ret == -1 && err->code != RAID_EIO)
		err->code = RAID_ETEMP;
	if (ret == -1)
		(void)raid_fail_at(err, "%s", f->record_path);
	raid_record_free(&r);
	return ret;
}
