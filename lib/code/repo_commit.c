/* SPDX-License-Identifier: ISC */
#include "code/repo_commit_priv.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/path.h"

/* The tree of HEAD with the touched paths changed, by an index in memory. */
static int
write_tree(struct raid_making *w, git_commit *head, git_oid *out,
    struct raid_err *err)
{
	git_index *index = NULL;
	git_tree *tree = NULL;
	int e = git_commit_tree(&tree, head);

	if (e == 0)
		e = git_index_new(&index);
	if (e == 0)
		e = git_index_read_tree(index, tree);
	for (size_t i = 0; e == 0 && i < w->n; i++) {
		const struct raid_touched *t = &w->v[i];
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
sign(git_signature **s, const struct raid_making *w, const char *name,
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
write_commit(struct raid_making *w, struct raid_err *err)
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
write_side(struct raid_making *w, const char *path, const struct raid_side *to,
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
set_entry(struct raid_making *w, const struct raid_touched *t)
{
	git_index_entry e = { .mode = t->after.mode, .path = t->path };
	struct stat st;

	if (t->after.mode == 0)
		return git_index_remove(w->index, t->path, 0);
	if (fstatat(w->dirfd, t->path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	raid_repo_entry_stat(&e, &st);
	if (git_odb_hash(&e.id, t->after.data->p, t->after.data->len,
	    GIT_OBJECT_BLOB) < 0)
		return -1;
	return git_index_add(w->index, &e);
}

static int
write_index(struct raid_making *w, struct raid_err *err)
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
move_head(struct raid_making *w, struct raid_err *err)
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
undo(struct raid_making *w, size_t n, int index)
{
	struct raid_err ignored;

	for (size_t i = 0; i < w->n; i++) {
		struct raid_touched *t = &w->v[i];

		if (i < n && !t->done &&
		    write_side(w, t->path, &t->before, &ignored) == -1)
			continue;
		t->after = t->before;
	}
	if (index)
		(void)write_index(w, &ignored);
}

static int
write_all(struct raid_making *w, struct raid_err *err)
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
	struct raid_making w = { .r = r, .o = o };
	int ok = raid_commit_prepare(&w, err);

	if (ok == 0)
		ok = write_commit(&w, err);
	if (ok == 0)
		ok = write_all(&w, err);
	if (ok == 0)
		(void)git_oid_tostr(hex, RAID_REPO_HEX, &w.commit);
	raid_commit_finish(&w);
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
