/* SPDX-License-Identifier: ISC */
#include "base/githead.h"

#include <sys/stat.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

#define REF_FILE_MAX 4096
#define PACKED_MAX ((size_t)256 << 20)

/* The first line of a small file; NULL if there is none, and then why. */
static char *
first_line(const char *dir, const char *name, struct raid_err *why)
{
	char *path = raid_path_join(dir, name), *s = NULL;
	struct raid_buf b;

	if (raid_path_read(path, REF_FILE_MAX, &b, why) == 0)
		s = raid_strndup(raid_buf_str(&b),
		    strcspn(raid_buf_str(&b), "\r\n"));
	raid_buf_free(&b);
	free(path);
	return s;
}

static int
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Does this folder look like git's own: HEAD and objects (or commondir)? */
static int
is_gitdir(const char *path)
{
	char *head = raid_path_join(path, "HEAD");
	char *objects = raid_path_join(path, "objects");
	char *common = raid_path_join(path, "commondir");
	struct stat st;
	int yes;

	yes = lstat(head, &st) == 0 &&
	    (is_dir(objects) || access(common, F_OK) == 0);
	free(head);
	free(objects);
	free(common);
	return yes;
}

/* A path from a file of git's, relative to dir; resolved, or NULL. */
static char *
resolve(const char *dir, const char *path)
{
	char *joined = *path == '/' ? raid_strdup(path) :
	    raid_path_join(dir, path);
	char *real = realpath(joined, NULL);

	free(joined);
	return real;
}

static int
finish(struct raid_git *g, struct raid_err *err)
{
	struct raid_err why;
	char *line = first_line(g->gitdir, "commondir", &why);

	if (line == NULL && why.code == RAID_EIO) {
		*err = why;
		return -1;
	}
	if (line == NULL) {
		g->commondir = raid_strdup(g->gitdir);
		return 1;
	}
	g->commondir = resolve(g->gitdir, line);
	free(line);
	if (g->commondir == NULL)
		return raid_fail(err, RAID_EDATA,
		    "%s/commondir: names no folder", g->gitdir);
	return 1;
}

/*
 * .git of the folder dir: a folder, a file "gitdir: ...", or nothing.  A file
 * that leads nowhere is a failure: the repository around it is another one.
 */
static int
gitdir_of(const char *dir, char **found, struct raid_err *err)
{
	char *dot = raid_path_join(dir, ".git"), *line = NULL;
	struct raid_err why;
	int r = 0;

	*found = NULL;
	if (is_dir(dot) && is_gitdir(dot)) {
		*found = realpath(dot, NULL);
	} else if ((line = first_line(dir, ".git", &why)) == NULL) {
		if (why.code == RAID_EIO) {
			*err = why;
			r = -1;
		}
	} else if (raid_str_starts(line, "gitdir: ")) {
		*found = resolve(dir, line + 8);
		if (*found == NULL)
			r = raid_fail(err, RAID_EDATA, "%s: names no "
			    "repository; git worktree repair", dot);
	}
	free(line);
	free(dot);
	return r;
}

int
raid_git_find(const char *dir, struct raid_git *g, struct raid_err *err)
{
	char *at = realpath(dir, NULL), *slash;

	*g = (struct raid_git){ 0 };
	if (at == NULL)
		return raid_fail_errno(err, "%s", dir);
	for (;;) {
		if (gitdir_of(at, &g->gitdir, err) == -1) {
			free(at);
			return -1;
		}
		if (g->gitdir != NULL) {
			g->work = at;
			return finish(g, err);
		}
		if (is_gitdir(at)) {
			g->gitdir = at;
			return finish(g, err);
		}
		slash = strrchr(at, '/');
		if (slash == NULL || at[1] == '\0')
			break;
		slash[slash == at] = '\0';
	}
	free(at);
	return 0;
}

void
raid_git_free(struct raid_git *g)
{
	free(g->work);
	free(g->gitdir);
	free(g->commondir);
	*g = (struct raid_git){ 0 };
}

static int
is_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return s[n] == '\0' && (n == 40 || n == 64);
}

/* Look a ref up in packed-refs: lines "<hex> <ref>".  NULL: not there. */
static char *
packed(const struct raid_git *g, const char *ref, struct raid_err *why)
{
	char *path = raid_path_join(g->commondir, "packed-refs"), *hex = NULL;
	struct raid_buf b;
	const char *s, *nl;
	size_t n = strlen(ref);

	if (raid_path_read(path, PACKED_MAX, &b, why) == 0) {
		for (s = raid_buf_str(&b); *s != '\0'; s = nl + 1) {
			nl = s + strcspn(s, "\n");
			if ((nl - s == (ptrdiff_t)(41 + n) ||
			    nl - s == (ptrdiff_t)(65 + n)) &&
			    memcmp(nl - n, ref, n) == 0 && nl[-1 - (ptrdiff_t)n]
			    == ' ') {
				hex = raid_strndup(s, (size_t)(nl - s) - n - 1);
				break;
			}
			if (*nl == '\0')
				break;
		}
	}
	raid_buf_free(&b);
	free(path);
	return hex;
}

static int
is_file(const char *dir, const char *name)
{
	char *path = raid_path_join(dir, name);
	struct stat st;
	int yes = stat(path, &st) == 0 && S_ISREG(st.st_mode);

	free(path);
	return yes;
}

/* What a ref holds: HEAD and per-worktree refs beside HEAD, others shared.
 * What cannot be read is not looked for elsewhere. */
static char *
read_ref(const struct raid_git *g, const char *ref, struct raid_err *why)
{
	char *line = first_line(g->gitdir, ref, why);

	if (line == NULL && why->code != RAID_EIO &&
	    strcmp(g->gitdir, g->commondir) != 0)
		line = first_line(g->commondir, ref, why);
	if (line == NULL && why->code != RAID_EIO)
		line = packed(g, ref, why);
	return line;
}

#define HOPS_MAX 6	/* git itself follows at most five symbolic refs */

int
raid_git_head(const struct raid_git *g, char hex[RAID_GIT_HEX],
    struct raid_err *err)
{
	char *ref = raid_strdup("HEAD"), *line = NULL;
	struct raid_err why = { 0 };
	int r = -1, hops;

	for (hops = 0; hops < HOPS_MAX; hops++) {
		line = read_ref(g, ref, &why);
		if (line == NULL || !raid_str_starts(line, "ref: "))
			break;
		free(ref);
		ref = raid_strdup(line + 5 + strspn(line + 5, " "));
		free(line);
		line = NULL;
		if (strstr(ref, "..") != NULL || *ref == '/')
			hops = HOPS_MAX;
	}
	if (line == NULL && why.code == RAID_EIO) {
		*err = why;
	} else if (strcmp(ref, "refs/heads/.invalid") == 0) {
		raid_fail(err, RAID_ECONFIG, "%s: its refs are in the format "
		    "reftable, which raid cannot read; git refs migrate "
		    "--ref-format=files", g->gitdir);
	} else if (line == NULL && hops > 0 && hops < HOPS_MAX &&
	    raid_str_starts(ref, "refs/") && !is_file(g->commondir, ref) &&
	    !is_file(g->gitdir, ref)) {
		r = 0;
	} else if (line == NULL || !is_hex(line)) {
		raid_fail(err, RAID_EDATA, "%s: the ref %s is damaged",
		    g->gitdir, ref);
	} else {
		memcpy(hex, line, strlen(line) + 1);
		r = 1;
	}
	free(line);
	free(ref);
	return r;
}
