/* SPDX-License-Identifier: ISC */
#include "code/repo_shadow.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/repo_git.h"

#define FILES_MAX 1000000	/* a tree that contains itself many times */
#define DEPTH_MAX 200		/* folders, each of them open */

struct raid_shadow {
	git_repository *git;
	git_index *index;
	git_oid tree;
	char *gitdir, *work;
	const struct raid_repo *real;
	git_oid *ids;		/* of all objects that were laid */
	size_t n, cap;
	uid_t owner;
	struct timespec stamp;	/* every file gets this time */
};

/* Objects are looked for where the real repository looks for them. */
static int
borrow(git_odb *odb, const char *objects, int depth)
{
	char *file = raid_path_join(objects, "info/alternates"), *dir;
	struct raid_list lines = { 0 };
	struct raid_err ignored;
	struct raid_buf b;
	int g = git_odb_add_disk_alternate(odb, objects);

	if (raid_path_read(file, 65536, &b, &ignored) == 0)
		raid_list_split(&lines, raid_buf_str(&b), '\n');
	for (size_t i = 0; g == 0 && depth < 5 && i < lines.n; i++) {
		if (lines.v[i][0] == '#')
			continue;
		dir = lines.v[i][0] == '/' ? raid_strdup(lines.v[i]) :
		    raid_path_join(objects, lines.v[i]);
		g = borrow(odb, dir, depth + 1);
		free(dir);
	}
	raid_list_free(&lines);
	raid_buf_free(&b);
	free(file);
	return g;
}

static int
open_private(struct raid_shadow *s, struct raid_err *err)
{
	char *objects = raid_path_join(s->real->where.commondir, "objects");
	git_odb *odb = NULL;
	int r = 0;

	if (git_repository_init(&s->git, s->gitdir, 1) < 0 ||
	    git_repository_odb(&odb, s->git) < 0 ||
	    borrow(odb, objects, 0) < 0 ||
	    git_repository_index(&s->index, s->git) < 0)
		r = raid_repo_fail(s->real, err, "%s", s->gitdir);
	git_odb_free(odb);
	free(objects);
	return r;
}

/* What is untracked on purpose there is so here, too. */
static int
copy_exclude(const struct raid_shadow *s, struct raid_err *err)
{
	char *from = raid_path_join(s->real->where.commondir, "info/exclude");
	char *to = raid_path_join(s->gitdir, "info/exclude");
	struct raid_err ignored;
	struct raid_buf b;
	FILE *f = NULL;
	int r = 0;

	if (raid_path_read(from, (size_t)1 << 20, &b, &ignored) == 0 &&
	    ((f = fopen(to, "we")) == NULL ||
	    fwrite(b.p, 1, b.len, f) != b.len))
		r = raid_fail_errno(err, "%s", to);
	if (f != NULL && fclose(f) == EOF && r == 0)
		r = raid_fail_errno(err, "%s", to);
	raid_buf_free(&b);
	free(from);
	free(to);
	return r;
}

static int
read_commit(struct raid_shadow *s, const char *hex, struct raid_err *err)
{
	git_commit *c = NULL;
	git_tree *t = NULL;
	git_oid id;
	int r = 0;

	if (git_oid_fromstr(&id, hex) < 0 ||
	    git_commit_lookup(&c, s->git, &id) < 0 ||
	    git_commit_tree(&t, c) < 0 ||
	    git_index_read_tree(s->index, t) < 0)
		r = raid_repo_fail(s->real, err, "commit %.64s", hex);
	git_tree_free(t);
	git_commit_free(c);
	return r;
}

static int
lay_over(struct raid_shadow *s, const struct raid_repo_over *e,
    struct raid_err *err)
{
	git_index_entry entry = { .mode = e->mode, .path = e->path };

	if (e->mode == 0) {
		if (git_index_remove_bypath(s->index, e->path) < 0)
			return raid_repo_fail(s->real, err, "%s", e->path);
		return 0;
	}
	if (git_blob_create_from_buffer(&entry.id, s->git, e->p, e->len) < 0 ||
	    git_index_add(s->index, &entry) < 0)
		return raid_repo_fail(s->real, err, "%s", e->path);
	return 0;
}

struct raid_shadow *
raid_shadow_new(struct raid_repo *r, const char *gitdir, const char *commit,
    const struct raid_overlay *over, struct raid_err *err)
{
	struct raid_shadow *s = raid_calloc(1, sizeof(*s));
	int ret;

	s->real = r;
	s->gitdir = raid_strdup(gitdir);
	ret = open_private(s, err);
	if (ret == 0)
		ret = copy_exclude(s, err);
	if (ret == 0 && commit != NULL)
		ret = read_commit(s, commit, err);
	for (size_t i = 0; ret == 0 && over != NULL && i < over->n; i++)
		ret = lay_over(s, &over->v[i], err);
	if (ret == 0 && git_index_write_tree(&s->tree, s->index) < 0)
		ret = raid_repo_fail(r, err, "%s", gitdir);
	if (ret == 0)
		return s;
	raid_shadow_free(s);
	return NULL;
}

void
raid_shadow_free(struct raid_shadow *s)
{
	if (s == NULL)
		return;
	git_index_free(s->index);
	git_repository_free(s->git);
	free(s->ids);
	free(s->gitdir);
	free(s->work);
	free(s);
}

static int lay_tree(struct raid_shadow *s, int dirfd, const git_oid *id,
    int depth, struct raid_err *err);

static void
note_object(struct raid_shadow *s, const git_oid *id)
{
	s->ids = raid_grow(s->ids, &s->cap, s->n + 2, sizeof(*s->ids));
	s->ids[s->n++] = *id;
}

/* Names come from objects that anybody may have made. */
static int
is_bad_name(const char *name)
{
	return *name == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || strchr(name, '/') != NULL ||
	    strcasecmp(name, ".git") == 0;
}

static int
write_file(int dirfd, const char *name, mode_t mode, const git_blob *b)
{
	const unsigned char *p = git_blob_rawcontent(b);
	size_t len = (size_t)git_blob_rawsize(b);
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, mode);
	ssize_t n = 0;

	while (fd != -1 && len != 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		p += n;
		len -= (size_t)n;
	}
	if (fd == -1 || close(fd) == -1 || len != 0)
		return -1;
	return 0;
}

static int
lay_blob(struct raid_shadow *s, int dirfd, const git_tree_entry *e,
    struct raid_err *err)
{
	const struct timespec times[2] = { s->stamp, s->stamp };
	const char *name = git_tree_entry_name(e);
	git_blob *b = NULL;
	char *target;
	int r;

	note_object(s, git_tree_entry_id(e));
	if (git_blob_lookup(&b, s->git, git_tree_entry_id(e)) < 0)
		return raid_repo_fail(s->real, err, "%s", name);
	if (git_tree_entry_filemode(e) == GIT_FILEMODE_LINK) {
		target = raid_memdup(git_blob_rawcontent(b),
		    (size_t)git_blob_rawsize(b));
		r = symlinkat(target, dirfd, name);
		free(target);
	} else {
		r = write_file(dirfd, name, git_tree_entry_filemode(e) ==
		    GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644, b);
	}
	if (r == 0 && s->owner != geteuid())
		r = fchownat(dirfd, name, s->owner, s->owner,
		    AT_SYMLINK_NOFOLLOW);
	if (r == 0)
		r = utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW);
	git_blob_free(b);
	return r == 0 ? 0 : raid_fail_errno(err, "replica: %s", name);
}

static int
lay_folder(struct raid_shadow *s, int dirfd, const git_tree_entry *e,
    int depth, struct raid_err *err)
{
	const char *name = git_tree_entry_name(e);
	int fd, r = 0;

	if (mkdirat(dirfd, name, 0755) == -1 ||
	    (fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC)) == -1)
		return raid_fail_errno(err, "replica: %s", name);
	if (s->owner != geteuid() && fchown(fd, s->owner, s->owner) == -1)
		r = raid_fail_errno(err, "replica: %s", name);
	if (r == 0 && git_tree_entry_type(e) == GIT_OBJECT_TREE)
		r = lay_tree(s, fd, git_tree_entry_id(e), depth + 1, err);
	close(fd);
	return r;
}

static int
lay_tree(struct raid_shadow *s, int dirfd, const git_oid *id, int depth,
    struct raid_err *err)
{
	git_tree *t = NULL;
	int r = 0;

	note_object(s, id);
	if (git_tree_lookup(&t, s->git, id) < 0)
		return raid_repo_fail(s->real, err, "a folder of the base");
	if (depth > DEPTH_MAX)
		r = raid_fail(err, RAID_EDATA, "the base: folders too deep");
	for (size_t i = 0; r == 0 && i < git_tree_entrycount(t); i++) {
		const git_tree_entry *e = git_tree_entry_byindex(t, i);

		if (is_bad_name(git_tree_entry_name(e)))
			r = raid_fail(err, RAID_EDATA, "the base: a file "
			    "named \"%.100s\"", git_tree_entry_name(e));
		else if (s->n > FILES_MAX)
			r = raid_fail(err, RAID_EDATA, "the base: over %d "
			    "files", FILES_MAX);
		else if (git_tree_entry_type(e) == GIT_OBJECT_BLOB)
			r = lay_blob(s, dirfd, e, err);
		else
			r = lay_folder(s, dirfd, e, depth, err);
	}
	git_tree_free(t);
	return r;
}

/* Note size and times of each file, so that nobody has to hash it again. */
static int
stamp_index(struct raid_shadow *s, int dirfd, struct raid_err *err)
{
	size_t n = git_index_entrycount(s->index);
	git_index_entry e;
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		e = *git_index_get_byindex(s->index, i);
		if (e.mode == GIT_FILEMODE_COMMIT)
			continue;
		if (fstatat(dirfd, e.path, &st, AT_SYMLINK_NOFOLLOW) == -1)
			return raid_fail_errno(err, "replica: %s", e.path);
		raid_repo_entry_stat(&e, &st);
		if (git_index_add(s->index, &e) < 0)
			return raid_repo_fail(s->real, err, "%s", e.path);
	}
	if (git_index_write(s->index) < 0)
		return raid_repo_fail(s->real, err, "the index of the replica");
	return 0;
}

int
raid_shadow_lay(struct raid_shadow *s, const char *work, uid_t owner,
    struct raid_err *err)
{
	struct raid_repo_dotgit d = { .git = s->git, .tree = &s->tree,
	    .work = work, .owner = owner };
	char *index;
	int fd, r;

	s->owner = owner;
	s->work = raid_strdup(work);
	/* One time for all, so that make finds no file older than another,
	 * and an old one, so that git need not look at contents. */
	(void)clock_gettime(CLOCK_REALTIME, &s->stamp);
	s->stamp.tv_sec -= 10;
	if (mkdir(work, 0755) == -1 || (fd = open(work, O_RDONLY |
	    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return raid_fail_errno(err, "%s", work);
	r = owner != geteuid() ? fchown(fd, owner, owner) : 0;
	if (r == -1)
		raid_fail_errno(err, "%s", work);
	if (r == 0)
		r = lay_tree(s, fd, &s->tree, 0, err);
	if (r == 0)
		r = stamp_index(s, fd, err);
	close(fd);
	if (r == 0) {
		d.ids = s->ids;
		d.n = s->n;
		d.index = index = raid_path_join(s->gitdir, "index");
		r = raid_repo_dotgit(&d, err);
		free(index);
	}
	return r;
}

/* What was laid at a path; mode 0 if nothing was. */
static int
read_laid(struct raid_shadow *s, const char *path, struct raid_buf *b,
    unsigned *mode, struct raid_err *err)
{
	const git_index_entry *e = git_index_get_bypath(s->index, path, 0);
	git_blob *blob = NULL;

	raid_buf_init(b, RAID_REPO_FILE_MAX);
	*mode = e != NULL ? e->mode : 0;
	if (e == NULL || e->mode == GIT_FILEMODE_COMMIT)
		return 0;
	if (git_blob_lookup(&blob, s->git, &e->id) < 0)
		return raid_repo_fail(s->real, err, "%s", path);
	raid_buf_add(b, git_blob_rawcontent(blob),
	    (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	return 0;
}

struct visit {
	int (*fn)(void *arg, const struct raid_shadow_change *c,
	    struct raid_err *err);
	void *arg;
	int dirfd;
};

static int
visit_one(struct raid_shadow *s, const struct visit *v, const char *path,
    struct raid_err *err)
{
	struct raid_buf before, after;
	struct raid_shadow_change c = { .path = path, .before = &before,
	    .after = &after };
	int r;

	r = read_laid(s, path, &before, &c.old_mode, err);
	if (r == 0)
		r = raid_repo_read_work(v->dirfd, path, &after, &c.mode, err);
	else
		raid_buf_init(&after, 0);
	if (r != -1 && (c.old_mode != c.mode || before.len != after.len ||
	    memcmp(before.p, after.p, before.len) != 0))
		r = v->fn(v->arg, &c, err);
	raid_buf_free(&before);
	raid_buf_free(&after);
	return r == -1 ? -1 : 0;
}

int
raid_shadow_changes(struct raid_shadow *s,
    int (*fn)(void *arg, const struct raid_shadow_change *c,
    struct raid_err *err), void *arg, struct raid_err *err)
{
	struct visit v = { .fn = fn, .arg = arg };
	git_status_options so;
	git_status_list *list = NULL;
	int r = 0;

	git_status_options_init(&so, GIT_STATUS_OPTIONS_VERSION);
	so.show = GIT_STATUS_SHOW_WORKDIR_ONLY;
	so.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
	    GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
	    GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
	if (git_repository_set_workdir(s->git, s->work, 0) < 0 ||
	    git_status_list_new(&list, s->git, &so) < 0)
		return raid_repo_fail(s->real, err,
		    "what changed in the replica");
	v.dirfd = open(s->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v.dirfd == -1)
		r = raid_fail_errno(err, "%s", s->work);
	for (size_t i = 0; r == 0 && i < git_status_list_entrycount(list);
	    i++) {
		const char *path = git_status_byindex(list,
		    i)->index_to_workdir->new_file.path;

		/* A repository of its own that was made there. */
		if (!raid_str_ends(path, "/"))
			r = visit_one(s, &v, path, err);
	}
	if (v.dirfd != -1)
		close(v.dirfd);
	git_status_list_free(list);
	return r;
}
