/* SPDX-License-Identifier: ISC */
#include "code/repo_commit_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"

static void
list_touched(struct raid_making *w)
{
	const struct raid_place *pl = w->o->changes;

	w->v = raid_calloc(2 * pl->n, sizeof(*w->v));
	for (size_t i = 0; i < pl->n; i++) {
		const struct raid_place_change *c = &pl->v[i];
		struct raid_touched *t = &w->v[w->n++];

		*t = (struct raid_touched){ .path = c->path,
			.before = { c->old_mode, &c->before } };
		if (c->new_path != NULL) {
			t = &w->v[w->n++];
			t->path = c->new_path;
		}
		t->after = (struct raid_side){ c->mode, &c->after };
	}
}

static int
same(const struct raid_side *a, unsigned mode, const struct raid_buf *b)
{
	if (a->mode == 0 || mode == 0)
		return a->mode == mode;
	return a->mode == mode && a->data->len == b->len &&
	    memcmp(a->data->p, b->p, b->len) == 0;
}

/* What stands in a commit must be what the patch was made on. */
static int
is_in_commit(struct raid_making *w, const char *commit,
    const struct raid_touched *t, struct raid_err *err)
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
check_head(struct raid_making *w, struct raid_err *err)
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
check_clean(struct raid_making *w, struct raid_touched *t, struct raid_err *err)
{
	const git_index_entry *e = git_index_get_bypath(w->index, t->path, 0);
	struct raid_side before = t->before, after = t->after;
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
check_state(struct raid_making *w, struct raid_err *err)
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
check_hooks(struct raid_making *w, struct raid_err *err)
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

int
raid_commit_prepare(struct raid_making *w, struct raid_err *err)
{
	list_touched(w);
	if (check_state(w, err) == -1)
		return -1;
	/* Not beside a raid-patch that writes, nor on what one left half. */
	if (raid_folder_open(&w->folder, raid_repo_work(w->r),
	    raid_repo_gitdir(w->r), err) == -1 ||
	    raid_folder_lock(&w->folder, err) == -1 ||
	    raid_folder_ready(&w->folder, err) == -1)
		return -1;
	w->dirfd = w->folder.fd;
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

void
raid_commit_finish(struct raid_making *w)
{
	git_index_free(w->index);
	if (w->folder.record_path != NULL)
		raid_folder_close(&w->folder);
	free(w->v);
}

int
raid_repo_commit_check(struct raid_repo *r, const struct raid_commit_opts *o,
    struct raid_err *err)
{
	struct raid_making w = { .r = r, .o = o };
	char *name, *email;
	int ok = raid_commit_prepare(&w, err);

	if (ok == 0)
		ok = raid_repo_identity(r, &name, &email, err);
	if (ok == 0) {
		free(name);
		free(email);
	}
	raid_commit_finish(&w);
	return ok;
}
