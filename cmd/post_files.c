/* SPDX-License-Identifier: ISC */
#include "post_files.h"

#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"

/*
 * The path of a file as the repository knows it: that of the real file, so
 * that a symbolic link stands for what it points to, and cannot lead out.
 */
static char *
repo_path(const struct raid_conf *c, const char *file, struct raid_err *err)
{
	char *real = realpath(file, NULL), *rel = NULL;
	const char *root = c->root;
	size_t n;

	if (real == NULL) {
		raid_fail_errno(err, "%s", file);
		return NULL;
	}
	n = root == NULL ? (size_t)(strrchr(real, '/') - real) :
	    root[1] == '\0' ? 0 : strlen(root);
	if (root != NULL && (strncmp(real, root, n) != 0 || real[n] != '/'))
		raid_fail(err, RAID_EDATA, "%s: outside of %s; only files of "
		    "the project can be attached", file, root);
	else if (raid_path_safe(real + n + 1, err) == 0)
		rel = raid_strdup(real + n + 1);
	free(real);
	return rel;
}

static void
attach(struct post_files *a, const char *path, unsigned mode,
    struct raid_buf *content)
{
	raid_list_add(&a->paths, path);
	a->v = raid_grow(a->v, &a->cap, a->n + 1, sizeof(*a->v));
	a->content = raid_grow(a->content, &a->bufcap, a->n + 1,
	    sizeof(*a->content));
	a->content[a->n] = *content;
	a->v[a->n] = (struct raid_attach){ .path = a->paths.v[a->n],
		.mode = mode, .p = content->p, .len = content->len };
	a->n++;
}

#define FILE_MAX ((size_t)256 << 20)

int
post_file(struct post_files *a, const struct raid_conf *c, const char *file,
    struct raid_err *err)
{
	struct raid_buf b;
	struct stat st = { .st_mode = 0644 };
	char *path;
	int r;

	if (strcmp(file, "-") == 0) {
		r = raid_path_readfd(STDIN_FILENO, "standard input", FILE_MAX,
		    &b, err);
		path = raid_strdup("stdin");
	} else {
		path = repo_path(c, file, err);
		if (path == NULL)
			return -1;
		r = raid_path_read(file, FILE_MAX, &b, err);
		if (r == 0 && stat(file, &st) == -1)
			r = raid_fail_errno(err, "%s", file);
	}
	/* -f x --dirty names x twice: once is enough. */
	if (r == 0 && !raid_list_has(&a->paths, path))
		attach(a, path, st.st_mode & 0111 ? 0100755 : 0100644, &b);
	else
		raid_buf_free(&b);
	free(path);
	return r;
}

/*
 * Run git in the work tree for what it alone knows: its ignore rules.
 * (libgit2 would slow down every start.)  The repository is the one that we
 * found, not the one that a hook's environment may name; it is not named on
 * the command line either, or git would not ask whose it is before it obeys
 * its configuration.
 */
static int
ask_git(struct raid_proc *p, const char *root, struct raid_err *err)
{
	static const char *const names[] = { "GIT_DIR", "GIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY" };
	static const char *const argv[] = { "git", "--no-optional-locks", "-c",
		"core.fsmonitor=false", "status", "-z", "--no-renames",
		"-uall", "--ignore-submodules=all", NULL };
	struct raid_proc_opts o = { .argv = (char *const *)argv, .dir = root,
		.out_max = FILE_MAX };
	int r;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	r = raid_proc_run(p, &o, err);
	if (r == 0 && (p->end != RAID_PROC_EXITED || p->status != 0))
		r = raid_fail(err, RAID_EUNAVAIL, "git status: %.400s",
		    raid_buf_str(&p->err));
	return r;
}

/* What git would show as modified, staged or untracked: "XY path", NUL. */
int
post_dirty(struct post_files *a, const struct raid_conf *c,
    struct raid_err *err)
{
	struct raid_proc p;
	struct stat st;
	int r;

	if (!c->git || c->root == NULL)
		return raid_fail(err, RAID_ENOINPUT,
		    "--dirty: there is no git work tree; name files with -f");
	r = ask_git(&p, c->root, err);
	for (size_t at = 0, n; r == 0 && at < p.out.len; at += n + 1) {
		char *full;

		n = strlen((char *)p.out.p + at);
		if (n < 4)
			continue;
		full = raid_path_join(c->root, (char *)p.out.p + at + 3);
		/* A deleted file has no content; a symbolic link is none;
		 * a folder is a repository of its own. */
		if (lstat(full, &st) == 0 && S_ISREG(st.st_mode))
			r = post_file(a, c, full, err);
		free(full);
	}
	raid_proc_free(&p);
	return r;
}

void
post_files_free(struct post_files *a)
{
	for (size_t i = 0; i < a->n; i++)
		raid_buf_free(&a->content[i]);
	raid_list_free(&a->paths);
	free(a->v);
	free(a->content);
	*a = (struct post_files){ 0 };
}
