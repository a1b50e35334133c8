/* SPDX-License-Identifier: ISC */
#include "code/repo.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "code/repo_git.h"

#ifdef __SANITIZE_ADDRESS__
/* libgit2 1.5 leaks a match for each line of a config that it looks through
 * for "extensions."; the stack shows no more than where it was allocated. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

const char *
__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so";
}
#endif

int
raid_repo_fail(const struct raid_repo *r, struct raid_err *err, const char *fmt,
    ...)
{
	const git_error *e = git_error_last();
	char what[300];
	enum raid_code code = RAID_EIO;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (e != NULL && e->klass == GIT_ERROR_NOMEMORY)
		code = RAID_EOS;
	if (e != NULL && e->klass == GIT_ERROR_ODB && r != NULL && r->partial)
		return raid_fail(err, RAID_ENOINPUT, "%s: an object is "
		    "missing in this partial clone; fetch it: "
		    "git -C %s archive HEAD >/dev/null", what,
		    r->where.work != NULL ? r->where.work : r->where.gitdir);
	return raid_fail(err, code, "%s: %s", what,
	    e != NULL ? e->message : "libgit2 failed");
}

/*
 * libgit2 looks at nothing of the machine; owners are checked here, since
 * its own check would need the configuration that is switched off.
 */
static void
start_git(void)
{
	static const git_config_level_t levels[] = {
		GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
		GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL
	};
	/* Neither changes what an object or a ref is. */
	static const char *ext[] = { "noop", "worktreeconfig",
	    "partialclone" };

	git_libgit2_init();
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, ext,
	    sizeof(ext) / sizeof(ext[0]));
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

static void
add_config(git_config *c, const char *path, git_config_level_t level)
{
	if (path != NULL && *path != '\0' && access(path, R_OK) == 0)
		(void)git_config_add_file_ondisk(c, path, level, NULL, 0);
}

/* The files that git itself would read for this user. */
static git_config *
user_config(void)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	const char *global = getenv("GIT_CONFIG_GLOBAL");
	const char *sys = getenv("GIT_CONFIG_SYSTEM");
	git_config *c = NULL;
	char *path;

	if (git_config_new(&c) < 0)
		return NULL;
	if (getenv("GIT_CONFIG_NOSYSTEM") == NULL)
		add_config(c, sys != NULL ? sys : "/etc/gitconfig",
		    GIT_CONFIG_LEVEL_SYSTEM);
	if (global != NULL) {
		add_config(c, global, GIT_CONFIG_LEVEL_GLOBAL);
		return c;
	}
	if (xdg != NULL && *xdg != '\0')
		path = raid_path_join(xdg, "git/config");
	else
		path = raid_strf("%s/.config/git/config",
		    home != NULL ? home : "");
	add_config(c, path, GIT_CONFIG_LEVEL_XDG);
	free(path);
	if (home != NULL) {
		path = raid_path_join(home, ".gitconfig");
		add_config(c, path, GIT_CONFIG_LEVEL_GLOBAL);
		free(path);
	}
	return c;
}

char *
raid_repo_setting(const struct raid_repo *r, const char *name)
{
	git_buf b = { 0 };
	git_config *own = NULL;
	char *s = NULL;

	/* The repository's own file wins, as with git. */
	if (r->git != NULL && git_repository_config(&own, r->git) == 0 &&
	    git_config_get_string_buf(&b, own, name) == 0)
		s = raid_strdup(b.ptr != NULL ? b.ptr : "");
	else if (r->user != NULL &&
	    git_config_get_string_buf(&b, r->user, name) == 0)
		s = raid_strdup(b.ptr != NULL ? b.ptr : "");
	git_buf_dispose(&b);
	git_config_free(own);
	return s;
}

/* What safe.directory lists; an empty value forgets those before it. */
struct safe {
	const char *dir;
	int yes;
};

static int
on_safe(const git_config_entry *e, void *arg)
{
	struct safe *s = arg;
	size_t n = strlen(e->value);

	if (n == 0)
		s->yes = 0;
	else if (strcmp(e->value, "*") == 0 || strcmp(e->value, s->dir) == 0)
		s->yes = 1;
	else if (n > 2 && strcmp(e->value + n - 2, "/*") == 0 &&
	    strncmp(e->value, s->dir, n - 1) == 0)
		s->yes = 1;
	return 0;
}

static int
is_ours(const char *path)
{
	const char *sudo = getenv("SUDO_UID");
	struct raid_err ignored;
	struct stat st;
	long long uid;

	if (lstat(path, &st) == -1 || st.st_uid == geteuid())
		return 1;
	/* git has the same rule: root by sudo trusts who called it. */
	return geteuid() == 0 && sudo != NULL && raid_num_parse(sudo, 0,
	    (1LL << 32) - 1, &uid, "SUDO_UID", &ignored) == 0 &&
	    (uid_t)uid == st.st_uid;
}

/* A foreign repository's configuration could run programs as us. */
static int
check_owner(const struct raid_repo *r, struct raid_err *err)
{
	const char *dir = r->where.work != NULL ? r->where.work :
	    r->where.gitdir;
	struct safe s = { .dir = dir };

	if (is_ours(dir) && is_ours(r->where.gitdir))
		return 0;
	if (r->user != NULL)
		(void)git_config_get_multivar_foreach(r->user,
		    "safe.directory", NULL, on_safe, &s);
	if (s.yes)
		return 0;
	return raid_fail(err, RAID_EPERM, "%s belongs to another user; if you "
	    "trust it: git config --global --add safe.directory %s", dir,
	    dir);
}

/*
 * Does a remote promise objects that are not here?  Looked for without a
 * pattern: libgit2 1.5 leaks at each name that does not match one.
 */
static int
is_partial(git_config *c)
{
	git_config_iterator *it = NULL;
	git_config_entry *e;
	int yes = 0;

	if (git_config_iterator_new(&it, c) < 0)
		return 0;
	while (!yes && git_config_next(&e, it) == 0)
		yes = strcmp(e->name, "extensions.partialclone") == 0 ||
		    (raid_str_starts(e->name, "remote.") &&
		    raid_str_ends(e->name, ".promisor"));
	git_config_iterator_free(it);
	return yes;
}

/* What the repository says of itself, before libgit2 judges it. */
static int
check_format(struct raid_repo *r, struct raid_err *err)
{
	char *path = raid_path_join(r->where.commondir, "config");
	git_config *c = NULL;
	git_buf b = { 0 };
	int ret = 0;

	if (git_config_open_ondisk(&c, path) < 0) {
		ret = raid_repo_fail(r, err, "%s", path);
	} else if (git_config_get_string_buf(&b, c,
	    "extensions.objectformat") == 0 && strcmp(b.ptr, "sha1") != 0) {
		ret = raid_fail(err, RAID_ECONFIG, "%s: objects have %.20s "
		    "names, which libgit2 does not know; a copy that works: "
		    "git init ../copy && git fast-export --all | "
		    "git -C ../copy fast-import", r->where.commondir, b.ptr);
	} else {
		r->partial = is_partial(c);
	}
	git_buf_dispose(&b);
	git_config_free(c);
	free(path);
	return ret;
}

struct raid_repo *
raid_repo_open(const char *dir, struct raid_err *err)
{
	struct raid_repo *r = raid_calloc(1, sizeof(*r));
	int found = raid_git_find(dir, &r->where, err);

	start_git();
	if (found == 0)
		raid_fail(err, RAID_ENOINPUT, "%s: not in a git repository; "
		    "make one: git init", dir);
	if (found != 1)
		goto fail;
	r->user = user_config();
	if (check_owner(r, err) == -1 || check_format(r, err) == -1)
		goto fail;
	if (git_repository_open(&r->git, r->where.work != NULL ?
	    r->where.work : r->where.gitdir) == 0)
		return r;
	raid_repo_fail(r, err, "%s", dir);
fail:
	raid_repo_free(r);
	return NULL;
}

void
raid_repo_free(struct raid_repo *r)
{
	if (r == NULL)
		return;
	git_repository_free(r->git);
	git_config_free(r->user);
	raid_git_free(&r->where);
	free(r);
	git_libgit2_shutdown();
}

const char *
raid_repo_work(const struct raid_repo *r)
{
	return r->where.work;
}

const char *
raid_repo_gitdir(const struct raid_repo *r)
{
	return r->where.gitdir;
}

const char *
raid_repo_commondir(const struct raid_repo *r)
{
	return r->where.commondir;
}

int
raid_repo_commit(struct raid_repo *r, const char *rev,
    char hex[RAID_REPO_HEX], struct raid_err *err)
{
	git_object *o = NULL, *c = NULL;
	int ret = 1;

	if (strcmp(rev, "HEAD") == 0 && git_repository_head_unborn(r->git) == 1)
		return 0;
	if (git_revparse_single(&o, r->git, rev) < 0 ||
	    git_object_peel(&c, o, GIT_OBJECT_COMMIT) < 0) {
		raid_repo_fail(r, err, "commit %.100s", rev);
		if (!r->partial)
			err->code = RAID_ENOINPUT;
		ret = -1;
	} else {
		git_oid_tostr(hex, RAID_REPO_HEX, git_object_id(c));
	}
	git_object_free(o);
	git_object_free(c);
	return ret;
}

int
raid_repo_lookup(struct raid_repo *r, const char *hex, git_commit **commit,
    struct raid_err *err)
{
	git_oid id;

	if (strlen(hex) != RAID_REPO_HEX - 1 || git_oid_fromstr(&id, hex) < 0)
		return raid_fail(err, RAID_EDATA, "%.80s: no name of a commit",
		    hex);
	if (git_commit_lookup(commit, r->git, &id) == 0)
		return 0;
	raid_repo_fail(r, err, "commit %s", hex);
	if (!r->partial)
		err->code = RAID_ENOINPUT;
	return -1;
}

/* The entry at path; 1 there, 0 absent. */
static int
find_entry(struct raid_repo *r, const char *commit, const char *path,
    git_tree_entry **e, struct raid_err *err)
{
	git_commit *c = NULL;
	git_tree *t = NULL;
	int ret = -1, g;

	if (raid_repo_lookup(r, commit, &c, err) == -1)
		return -1;
	g = git_commit_tree(&t, c);
	if (g == 0)
		g = git_tree_entry_bypath(e, t, path);
	if (g == 0)
		ret = 1;
	else if (g == GIT_ENOTFOUND && t != NULL)
		ret = 0;
	else
		raid_repo_fail(r, err, "%s in %.12s", path, commit);
	git_tree_free(t);
	git_commit_free(c);
	return ret;
}

int
raid_repo_file(struct raid_repo *r, const char *commit, const char *path,
    struct raid_buf *b, unsigned *mode, struct raid_err *err)
{
	git_tree_entry *e = NULL;
	git_blob *blob = NULL;
	int ret;

	raid_buf_init(b, RAID_REPO_FILE_MAX);
	ret = find_entry(r, commit, path, &e, err);
	if (ret == 1) {
		*mode = git_tree_entry_filemode(e);
		if (git_tree_entry_type(e) != GIT_OBJECT_BLOB)
			;
		else if (git_blob_lookup(&blob, r->git,
		    git_tree_entry_id(e)) < 0)
			ret = raid_repo_fail(r, err, "%s in %.12s", path,
			    commit);
		else
			raid_buf_add(b, git_blob_rawcontent(blob),
			    (size_t)git_blob_rawsize(blob));
	}
	if (ret == 1 && b->overflow)
		ret = raid_fail(err, RAID_EDATA, "%s: too big", path);
	git_blob_free(blob);
	git_tree_entry_free(e);
	return ret;
}

/* The first of: an environment variable, settings; the caller frees. */
static char *
first_of(const struct raid_repo *r, const char *env, const char *a,
    const char *b)
{
	const char *s = getenv(env);
	char *v;

	if (s != NULL && *s != '\0')
		return raid_strdup(s);
	v = raid_repo_setting(r, a);
	if (v == NULL || *v == '\0') {
		free(v);
		v = raid_repo_setting(r, b);
	}
	return v;
}

int
raid_repo_identity(struct raid_repo *r, char **name, char **email,
    struct raid_err *err)
{
	const char *s = getenv("EMAIL");

	*name = first_of(r, "GIT_COMMITTER_NAME", "committer.name",
	    "user.name");
	*email = first_of(r, "GIT_COMMITTER_EMAIL", "committer.email",
	    "user.email");
	if (*email == NULL && s != NULL && *s != '\0')
		*email = raid_strdup(s);
	if (*name != NULL && **name != '\0' && *email != NULL)
		return 0;
	free(*name);
	free(*email);
	*name = *email = NULL;
	return raid_fail(err, RAID_ECONFIG, "git does not know who commits: "
	    "git config --global user.name NAME; "
	    "git config --global user.email ADDRESS");
}
