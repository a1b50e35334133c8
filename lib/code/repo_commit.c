/* SPDX-License-Identifier: ISC */
#include "code/repo_commit.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/repo_git.h"

/* One side of a touched path; mode 0: not there. */
struct side {
	unsigned mode;
	const struct raid_buf *data;
};

/* A rename touches two paths; all else one. */
struct touched {
	const char *path;
	struct side before, after;
	int done;		/* the file is as it shall be already */
};

struct work {
	struct raid_repo *r;
	const struct raid_commit_opts *o;
	char head[RAID_REPO_HEX];
	struct touched *v;
	size_t n;
	int dirfd;		/* of the work tree */
	int trust_mode;		/* core.filemode */
	git_index *index;
	git_oid commit;
};

static void
list_touched(struct work *w)
{
	const struct raid_place *pl = w->o->changes;

	w->v = raid_calloc(2 * pl->n, sizeof(*w->v));
	for (size_t i = 0; i < pl->n; i++) {
		const struct raid_place_change *c = &pl->v[i];
		struct touched *t = &w->v[w->n++];

		*t = (struct touched){ .path = c->path,
			.before = { c->old_mode, &c->before } };
		if (c->new_path != NULL) {
			t = &w->v[w->n++];
			t->path = c->new_path;
		}
		t->after = (struct side){ c->mode, &c->after };
	}
}

static int
same(const struct side *a, unsigned mode, const struct raid_buf *b)
{
	if (a->mode == 0 || mode == 0)
		return a->mode == mode;
	return a->mode == mode && a->data->len == b->len &&
	    memcmp(a->data->p, b->p, b->len) == 0;
}

/* What stands in a commit must be what the patch was made on. */
static int
is_in_commit(struct work *w, const char *commit, const struct touched *t,
    struct raid_err *err)
{
	struct raid_buf b;
	unsigned mode = 0;
	int r = raid_repo_file(w->r, commit, t->path, &b, &mode, err);

	if (r != -1)
		r = same(&t->before, r == 1 ? mode : 0, &b);
	raid_buf_free(&b);
	return r;
}

static int
check_head(struct work *w, struct raid_err *err)
{
	for (size_t i = 0; i < w->n; i++) {
		const char *path = w->v[i].path;
		int r = is_in_commit(w, w->head, &w->v[i], err);

		if (r == -1)
			return -1;
		if (r == 1)
			continue;
		if (strcmp(w->head, w->o->base) == 0)
			return raid_fail(err, RAID_NO, "%s: the patch stands "
			    "on changes that are not committed; write it to "
			    "the work tree: raid-patch -w", path);
		return raid_fail(err, RAID_NO, "HEAD has moved since %.12s "
		    "and %s differs; ask again on HEAD: raid-post -f %s",
		    w->o->base, path, path);
	}
	return 0;
}

/* The index entry must be HEAD's, and the file too, or be done already. */
static int
check_clean(struct work *w, struct touched *t, struct raid_err *err)
{
	const git_index_entry *e = git_index_get_bypath(w->index, t->path, 0);
	struct side before = t->before, after = t->after;
	struct raid_buf b;
	unsigned mode = 0;
	git_oid id;
	int r;

	r = raid_repo_read_work(w->dirfd, t->path, &b, &mode, err);
	if (r == 0 && faccessat(w->dirfd, t->path, F_OK,
	    AT_SYMLINK_NOFOLLOW) == 0)
		r = raid_fail(err, RAID_NO, "%s: no plain file in the work "
		    "tree; move it away", t->path);
	if (r == 1 && !w->trust_mode) {
		before.mode = before.mode != 0 ? mode : 0;
		after.mode = after.mode != 0 ? mode : 0;
	}
	if (r != -1) {
		t->done = same(&after, mode, &b);
		r = t->done || same(&before, mode, &b);
	}
	raid_buf_free(&b);
	if (r == 1) {
		r = (e != NULL) == (t->before.mode != 0);
		if (r == 1 && e != NULL)
			r = e->mode == t->before.mode &&
			    git_odb_hash(&id, t->before.data->p,
			    t->before.data->len, GIT_OBJECT_BLOB) == 0 &&
			    git_oid_equal(&id, &e->id);
	}
	if (r == 0)
		return raid_fail(err, RAID_NO, "%s has changes that are not "
		    "committed; write the patch over them: raid-patch -w",
		    t->path);
	return r == 1 ? 0 : -1;
}

static int
check_state(struct work *w, struct raid_err *err)
{
	int r;

	if (raid_repo_work(w->r) == NULL)
		return raid_fail(err, RAID_NO, "%s is a bare repository; "
		    "commit from a work tree: git worktree add",
		    raid_repo_gitdir(w->r));
	r = raid_repo_commit(w->r, "HEAD", w->head, err);
	if (r == 0)
		return raid_fail(err, RAID_NO, "the branch has no commit yet; "
		    "make the first one: git commit");
	if (r == -1)
		return -1;
	switch (git_repository_state(w->r->git)) {
	case GIT_REPOSITORY_STATE_NONE:
	case GIT_REPOSITORY_STATE_BISECT:
		return 0;
	default:
		return raid_fail(err, RAID_NO, "a merge, rebase, cherry-pick "
		    "or revert is going on; finish it or give it up: "
		    "git status says how");
	}
}

static int
is_true(struct raid_repo *r, const char *name, int absent)
{
	char *s = raid_repo_setting(r, name);
	int v = absent;

	if (s != NULL && git_config_parse_bool(&v, s) < 0)
		v = absent;
	free(s);
	return v;
}

/* git would sign, or run these; we do neither. */
static int
check_hooks(struct work *w, struct raid_err *err)
{
	static const char *const names[] = { "pre-commit",
		"prepare-commit-msg", "commit-msg", "post-commit" };
	char *dir;

	if (w->o->no_verify)
		return 0;
	if (is_true(w->r, "commit.gpgsign", 0))
		return raid_fail(err, RAID_ECONFIG, "commit.gpgsign is set and "
		    "raid does not sign; commit unsigned: "
		    "raid-commit --no-verify");
	dir = raid_repo_setting(w->r, "core.hookspath");
	if (dir == NULL)
		dir = raid_path_join(raid_repo_commondir(w->r), "hooks");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *rel = raid_path_join(dir, names[i]);
		int there = faccessat(w->dirfd, rel, X_OK, 0) == 0;

		free(rel);
		if (there) {
			free(dir);
			return raid_fail(err, RAID_ECONFIG, "the hook %s would "
			    "run with git commit and raid runs none; commit "
			    "without it: raid-commit --no-verify", names[i]);
		}
	}
	free(dir);
	return 0;
}

static int
prepare(struct work *w, struct raid_err *err)
{
	list_touched(w);
	if (check_state(w, err) == -1)
		return -1;
	w->dirfd = open(raid_repo_work(w->r), O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	if (w->dirfd == -1)
		return raid_fail_errno(err, "%s", raid_repo_work(w->r));
	w->trust_mode = is_true(w->r, "core.filemode", 1);
	if (check_hooks(w, err) == -1 || check_head(w, err) == -1)
		return -1;
	if (git_repository_index(&w->index, w->r->git) < 0 ||
	    git_index_read(w->index, 0) < 0)
		return raid_repo_fail(w->r, err, "the index");
	for (size_t i = 0; i < w->n; i++)
		if (check_clean(w, &w->v[i], err) == -1)
			return -1;
	return 0;
}

static void
finish(struct work *w)
{
	git_index_free(w->index);
	if (w->dirfd > 0)
		close(w->dirfd);
	free(w->v);
}

int
raid_repo_commit_check(struct raid_repo *r, const struct raid_commit_opts *o,
    struct raid_err *err)
{
	struct work w = { .r = r, .o = o };
	char *name, *email;
	int ok = prepare(&w, err);

	if (ok == 0)
		ok = raid_repo_identity(r, &name, &email, err);
	if (ok == 0) {
		free(name);
		free(email);
	}
	finish(&w);
	return ok;
}

/* The tree of HEAD with the touched paths changed, by an index in memory. */
static int
write_tree(struct work *w, git_commit *head, git_oid *out, struct raid_err *err)
{
	git_index *index = NULL;
	git_tree *tree = NULL;
	int e = git_commit_tree(&tree, head);

	if (e == 0)
		e = git_index_new(&index);
	if (e == 0)
		e = git_index_read_tree(index, tree);
	for (size_t i = 0; e == 0 && i < w->n; i++) {
		const struct touched *t = &w->v[i];
		git_index_entry entry = { .mode = t->after.mode,
			.path = t->path };

		if (t->after.mode == 0) {
			e = git_index_remove(index, t->path, 0);
			continue;
		}
		e = git_blob_create_from_buffer(&entry.id, w->r->git,
		    t->after.data->p, t->after.data->len);
		if (e == 0)
			e = git_index_add(index, &entry);
	}
	if (e == 0)
		e = git_index_write_tree_to(out, index, w->r->git);
	git_index_free(index);
	git_tree_free(tree);
	return e == 0 ? 0 : raid_repo_fail(w->r, err, "writing the tree");
}

static int
sign(git_signature **s, const struct work *w, const char *name,
    const char *email, struct raid_err *err)
{
	time_t now = (time_t)w->o->now;
	struct tm tm = { 0 };

	(void)localtime_r(&now, &tm);
	if (git_signature_new(s, name, email, (git_time_t)now,
	    (int)(tm.tm_gmtoff / 60)) < 0)
		return raid_repo_fail(w->r, err, "%s <%s>", name, email);
	return 0;
}

static int
write_commit(struct work *w, struct raid_err *err)
{
	git_signature *author = NULL, *committer = NULL;
	git_commit *head = NULL;
	git_tree *tree = NULL;
	char *name, *email;
	git_oid id;
	int r = -1;

	if (raid_repo_identity(w->r, &name, &email, err) == -1)
		return -1;
	if (raid_repo_lookup(w->r, w->head, &head, err) == -1 ||
	    write_tree(w, head, &id, err) == -1 ||
	    sign(&committer, w, name, email, err) == -1 ||
	    sign(&author, w, w->o->author != NULL ? w->o->author : name,
	    w->o->author != NULL ? w->o->email : email, err) == -1)
		goto out;
	if (git_tree_lookup(&tree, w->r->git, &id) == 0 &&
	    git_commit_create(&w->commit, w->r->git, NULL, author, committer,
	    NULL, w->o->message, tree, 1, (const git_commit *[]){ head }) == 0
	    && git_repository_set_ident(w->r->git, name, email) == 0)
		r = 0;
	else
		raid_repo_fail(w->r, err, "writing the commit");
out:
	git_tree_free(tree);
	git_commit_free(head);
	git_signature_free(author);
	git_signature_free(committer);
	free(name);
	free(email);
	return r;
}

static int
write_side(struct work *w, const char *path, const struct side *to,
    struct raid_err *err)
{
	unsigned mode = to->mode;
	struct stat st;

	if (mode == 0) {
		if (faccessat(w->dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == -1)
			return 0;
		return raid_path_drop(w->dirfd, path, err);
	}
	/* A file keeps the permissions it has beyond git's one bit. */
	if (fstatat(w->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) &&
	    ((st.st_mode & 0100) != 0) == ((mode & 0100) != 0)) {
		mode = st.st_mode;
	} else {
		mode_t mask = umask(0);

		(void)umask(mask);
		mode = (mode & 0100 ? 0777 : 0666) & ~mask;
	}
	return raid_path_put(w->dirfd, path, to->data->p, to->data->len, mode,
	    err);
}

/* The entry as git itself would write it, so that status need not look. */
static int
set_entry(struct work *w, const struct touched *t)
{
	git_index_entry e = { .mode = t->after.mode, .path = t->path };
	struct stat st;

	if (t->after.mode == 0)
		return git_index_remove(w->index, t->path, 0);
	if (fstatat(w->dirfd, t->path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	e.ctime.seconds = (int32_t)st.st_ctim.tv_sec;
	e.ctime.nanoseconds = (uint32_t)st.st_ctim.tv_nsec;
	e.mtime.seconds = (int32_t)st.st_mtim.tv_sec;
	e.mtime.nanoseconds = (uint32_t)st.st_mtim.tv_nsec;
	e.dev = (uint32_t)st.st_dev;
	e.ino = (uint32_t)st.st_ino;
	e.uid = st.st_uid;
	e.gid = st.st_gid;
	e.file_size = (uint32_t)st.st_size;
	if (git_odb_hash(&e.id, t->after.data->p, t->after.data->len,
	    GIT_OBJECT_BLOB) < 0)
		return -1;
	return git_index_add(w->index, &e);
}

static int
write_index(struct work *w, struct raid_err *err)
{
	for (size_t i = 0; i < w->n; i++)
		if (set_entry(w, &w->v[i]) < 0)
			return raid_repo_fail(w->r, err, "index entry of %s",
			    w->v[i].path);
	if (git_index_write(w->index) < 0)
		return raid_repo_fail(w->r, err, "writing the index");
	return 0;
}

/* The branch that HEAD names, or HEAD itself when it is detached. */
static int
move_head(struct work *w, struct raid_err *err)
{
	git_reference *head = NULL, *moved = NULL;
	const char *name = "HEAD";
	char *log;
	git_oid was;
	int e;

	if (git_reference_lookup(&head, w->r->git, "HEAD") < 0)
		return raid_repo_fail(w->r, err, "HEAD");
	if (git_reference_type(head) == GIT_REFERENCE_SYMBOLIC)
		name = git_reference_symbolic_target(head);
	(void)git_oid_fromstr(&was, w->head);
	log = raid_strf("commit: %.*s", (int)strcspn(w->o->message, "\n"),
	    w->o->message);
	e = git_reference_create_matching(&moved, w->r->git, name, &w->commit,
	    1, &was, log);
	free(log);
	if (e == GIT_EMODIFIED)
		raid_fail(err, RAID_ETEMP,
		    "HEAD moved meanwhile; nothing is changed, try again");
	else if (e < 0)
		raid_repo_fail(w->r, err, "moving %s", name);
	git_reference_free(head);
	git_reference_free(moved);
	return e == 0 ? 0 : -1;
}

/* Files first n of them, index and HEAD stay or go back as they were. */
static void
undo(struct work *w, size_t n, int index)
{
	struct raid_err ignored;

	for (size_t i = 0; i < w->n; i++) {
		struct touched *t = &w->v[i];

		if (i < n && !t->done &&
		    write_side(w, t->path, &t->before, &ignored) == -1)
			continue;
		t->after = t->before;
	}
	if (index)
		(void)write_index(w, &ignored);
}

static int
write_all(struct work *w, struct raid_err *err)
{
	size_t n = 0;
	int index = 0, r = 0;

	while (r == 0 && n < w->n) {
		if (!w->v[n].done)
			r = write_side(w, w->v[n].path, &w->v[n].after, err);
		n++;
	}
	if (r == 0) {
		index = 1;
		r = write_index(w, err);
	}
	if (r == 0)
		r = move_head(w, err);
	if (r == -1)
		undo(w, n, index);
	return r;
}

int
raid_repo_commit_make(struct raid_repo *r, const struct raid_commit_opts *o,
    char hex[RAID_REPO_HEX], struct raid_err *err)
{
	struct work w = { .r = r, .o = o };
	int ok = prepare(&w, err);

	if (ok == 0)
		ok = write_commit(&w, err);
	if (ok == 0)
		ok = write_all(&w, err);
	if (ok == 0)
		(void)git_oid_tostr(hex, RAID_REPO_HEX, &w.commit);
	finish(&w);
	return ok;
}

int
raid_repo_head_says(struct raid_repo *r, const char *line,
    char hex[RAID_REPO_HEX], struct raid_err *err)
{
	struct raid_list lines = { 0 };
	git_commit *c = NULL;
	int found = raid_repo_commit(r, "HEAD", hex, err);

	if (found != 1)
		return found;
	if (raid_repo_lookup(r, hex, &c, err) == -1)
		return -1;
	raid_list_split(&lines, git_commit_message(c), '\n');
	found = raid_list_has(&lines, line);
	raid_list_free(&lines);
	git_commit_free(c);
	return found;
}
