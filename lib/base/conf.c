/* SPDX-License-Identifier: ISC */
#include "base/conf.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/githead.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

static int
is_dir(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* dir/.raid if it is there, as a real path. */
static char *
raid_dir(const char *dir)
{
	char *path = raid_path_join(dir, ".raid"), *real = NULL;

	if (is_dir(path))
		real = realpath(path, NULL);
	free(path);
	return real;
}

static char *
user_dir(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && *xdg == '/')
		return raid_path_join(xdg, "raid");
	if (home != NULL && *home == '/')
		return raid_path_join(home, ".config/raid");
	return NULL;
}

/* Beside other state, after the XDG base folders. */
char *
raid_conf_state(const char *name)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && *xdg == '/')
		return raid_strf("%s/raid/%s", xdg, name);
	if (home != NULL && *home == '/')
		return raid_strf("%s/.local/state/raid/%s", home, name);
	return NULL;
}

static void
look_in_git(struct raid_conf *c, const struct raid_git *g)
{
	char *main_tree;

	c->git = 1;
	c->journal_new = raid_path_join(g->commondir, "raid/journal.db");
	if (g->work == NULL)
		return;
	c->root = raid_strdup(g->work);
	c->dir = raid_dir(g->work);
	if (c->dir == NULL && raid_str_ends(g->commondir, "/.git")) {
		main_tree = raid_strndup(g->commondir,
		    strlen(g->commondir) - 5);
		c->dir = raid_dir(main_tree);
		free(main_tree);
	}
}

/* Outside git: the nearest .raid/ upwards. */
static int
look_upwards(struct raid_conf *c, const char *dir, struct raid_err *err)
{
	char *at = realpath(dir, NULL), *slash;

	if (at == NULL)
		return raid_fail_errno(err, "%s", dir);
	c->journal_new = raid_path_join(at, ".raid/journal.db");
	while ((c->dir = raid_dir(at)) == NULL) {
		slash = strrchr(at, '/');
		if (slash == NULL || at[1] == '\0')
			break;
		slash[slash == at] = '\0';
	}
	if (c->dir != NULL) {
		c->root = at;
		free(c->journal_new);
		c->journal_new = raid_path_join(c->dir, "journal.db");
	} else {
		free(at);
	}
	return 0;
}

int
raid_conf_find(struct raid_conf *c, const char *dir, const char *journal,
    struct raid_err *err)
{
	const char *env = getenv("RAID_JOURNAL");
	struct raid_git g;
	int r;

	*c = (struct raid_conf){ .user = user_dir() };
	r = raid_git_find(dir, &g, err);
	if (r == 1)
		look_in_git(c, &g);
	else if (r == 0)
		r = look_upwards(c, dir, err);
	raid_git_free(&g);
	if (r == -1)
		return -1;
	if (journal == NULL && env != NULL && *env != '\0')
		journal = env;
	if (journal != NULL) {
		c->journal = raid_strdup(journal);
		free(c->journal_new);
		c->journal_new = raid_strdup(journal);
	} else if (c->journal_new != NULL &&
	    access(c->journal_new, F_OK) == 0) {
		c->journal = raid_strdup(c->journal_new);
	} else if ((c->journal = raid_conf_state("journal.db")) != NULL &&
	    access(c->journal, F_OK) == -1) {
		free(c->journal);
		c->journal = NULL;
	}
	return 0;
}

void
raid_conf_free(struct raid_conf *c)
{
	free(c->root);
	free(c->dir);
	free(c->journal);
	free(c->journal_new);
	free(c->user);
	*c = (struct raid_conf){ 0 };
}

#define TRUSTED_MAX ((size_t)4 << 20)

/* 1: dir is a line of the file, 0: not; what is there goes into *b. */
static int
stands_in(const char *file, const char *dir, struct raid_buf *b,
    struct raid_err *err)
{
	struct raid_list lines = { 0 };
	int found;

	if (raid_path_read(file, TRUSTED_MAX, b, err) == -1)
		return err->code == RAID_ENOINPUT ? 0 : -1;
	raid_list_split(&lines, raid_buf_str(b), '\n');
	found = raid_list_has(&lines, dir);
	raid_list_free(&lines);
	return found;
}

int
raid_conf_trusted(const struct raid_conf *c, struct raid_err *err)
{
	struct raid_buf b;
	char *file;
	int r = 0;

	if (c->dir == NULL)
		return 0;
	if (c->user != NULL) {
		file = raid_path_join(c->user, "trusted");
		r = stands_in(file, c->dir, &b, err);
		raid_buf_free(&b);
		free(file);
	}
	if (r == 0)
		raid_fail(err, RAID_EPERM, "%s is not trusted, so nothing in "
		    "it is run; look at it, then: raid-init --trust", c->dir);
	return r == 1 ? 0 : -1;
}

/* Append a line in one write, so that none of two writers is lost. */
static int
append_line(const char *file, const char *line, int newline_first,
    struct raid_err *err)
{
	char *s = raid_strf("%s%s\n", newline_first ? "\n" : "", line);
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	int r = 0;

	if (fd == -1 || write(fd, s, strlen(s)) != (ssize_t)strlen(s) ||
	    fsync(fd) == -1)
		r = raid_fail_errno(err, "%s", file);
	if (fd != -1 && close(fd) == -1 && r == 0)
		r = raid_fail_errno(err, "%s", file);
	free(s);
	return r;
}

int
raid_conf_trust(const struct raid_conf *c, const char *dir,
    struct raid_err *err)
{
	struct raid_buf b;
	char *file;
	int r;

	if (c->user == NULL)
		return raid_fail(err, RAID_ECONFIG,
		    "HOME is not set: nowhere to note that %s is trusted", dir);
	/* A line of the file is a folder; this would be two of them. */
	if (strchr(dir, '\n') != NULL)
		return raid_fail(err, RAID_EPERM,
		    "a folder with a newline in its name cannot be trusted");
	file = raid_path_join(c->user, "trusted");
	r = stands_in(file, dir, &b, err);
	if (r == 0) {
		r = raid_path_mkdirs(c->user, 0700, err);
		if (r == 0)
			r = append_line(file, dir, b.len != 0 &&
			    b.p[b.len - 1] != '\n', err);
		r = r == 0 ? 1 : -1;
	} else if (r == 1) {
		r = 0;
	}
	raid_buf_free(&b);
	free(file);
	return r;
}

/* One file of one folder; absent is no failure. */
static int
read_one(const char *dir, const char *name, struct raid_json **j,
    struct raid_err *err)
{
	char *path;

	*j = NULL;
	if (dir == NULL)
		return 0;
	path = raid_path_join(dir, name);
	*j = raid_json_read(path, err);
	free(path);
	if (*j == NULL && err->code == RAID_ENOINPUT)
		return 0;
	if (*j == NULL) {
		err->code = RAID_ECONFIG;
		return -1;
	}
	if (!raid_json_is_object(*j))
		return raid_fail(err, RAID_ECONFIG, "%s/%s: not an object",
		    dir, name);
	return 0;
}

int
raid_conf_read(const struct raid_conf *c, const char *name,
    struct raid_json **project, struct raid_json **user, struct raid_err *err)
{
	*project = *user = NULL;
	if (raid_conf_trusted(c, err) == 0 &&
	    read_one(c->dir, name, project, err) == 0 &&
	    read_one(c->user, name, user, err) == 0)
		return 0;
	raid_json_free(*project);
	raid_json_free(*user);
	*project = *user = NULL;
	return -1;
}

char *
raid_conf_data(const char *name)
{
	char *exe = realpath("/proc/self/exe", NULL), *slash, *dir, *found;

	if (exe == NULL || (slash = strrchr(exe, '/')) == NULL) {
		free(exe);
		return NULL;
	}
	*slash = '\0';
	found = raid_path_join(exe, name);
	if (access(found, R_OK) == -1) {
		free(found);
		dir = raid_path_join(exe, "../share/raid");
		found = raid_path_join(dir, name);
		free(dir);
	}
	free(exe);
	return found;
}
