/* SPDX-License-Identifier: ISC */
#include "array/key.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array/url.h"
#include "base/conf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"

#define KEY_MAX 4096
#define COMMAND_SECONDS 30

/*
 * No core file from here on: a crash would write the key, and every copy in
 * a library, to the disk.  1 and not 0, which a core_pattern that is a pipe
 * ignores.  PR_SET_DUMPABLE would do, too, but would hide the process from
 * its own user: no debugger, no leak checker, and a /proc/self that belongs
 * to root.  Who can read the memory of our processes can read the key file.
 */
static void
no_core(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_CORE, &l) == 0 && l.rlim_cur > 1) {
		l.rlim_cur = 1;
		(void)setrlimit(RLIMIT_CORE, &l);
	}
}

int
raid_key_valid(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return 0;
	return len > 0 && len <= KEY_MAX;
}

/* The key and, behind its NUL, where it is from. */
static char *
make(const char *s, size_t len, const char *source, const char **where)
{
	size_t n = strlen(source) + 1;
	char *key = raid_malloc(len + 1 + n);

	memcpy(key, s, len);
	key[len] = '\0';
	memcpy(key + len + 1, source, n);
	*where = key + len + 1;
	return key;
}

/* The first line of fd, which need not fill it; what names it in errors. */
static int
take_line(int fd, const char *what, char **key, const char **source,
    struct raid_err *err)
{
	char text[KEY_MAX + 2], *s = text;
	size_t len = 0, room = sizeof(text);
	ssize_t n;
	int r = 0;

	while (len < room && ((n = read(fd, text + len, room - len)) > 0 ||
	    (n == -1 && errno == EINTR)))
		len += n > 0 ? (size_t)n : 0;
	if (memchr(text, '\n', len) != NULL)
		len = (size_t)((char *)memchr(text, '\n', len) - text);
	while (len > 0 && strchr(" \t\r", s[len - 1]) != NULL)
		len--;
	for (; len > 0 && (*s == ' ' || *s == '\t'); len--)
		s++;
	if (raid_key_valid(s, len))
		*key = make(s, len, what, source);
	else
		r = raid_fail(err, RAID_ECONFIG, len == 0 ?
		    "%s: the first line is empty and should be a key" :
		    "%s: the first line is no key: blanks, or characters "
		    "that are not ASCII", what);
	explicit_bzero(text, sizeof(text));
	return r;
}

char *
raid_key_path(const char *user_dir, const char *name)
{
	return raid_strf("%s/keys/%s", user_dir, name);
}

static int
check_file(int fd, const char *path, struct raid_err *err)
{
	struct raid_list words = { 0 };
	struct stat st;
	char *command;

	if (fstat(fd, &st) == -1)
		return raid_fail_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return raid_fail(err, RAID_EPERM, "%s: not a regular file",
		    path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return raid_fail(err, RAID_EPERM,
		    "%s: belongs to another user, who may read it", path);
	if ((st.st_mode & 077) == 0)
		return 0;
	raid_list_add(&words, "chmod");
	raid_list_add(&words, "600");
	raid_list_add(&words, path);
	command = raid_str_shell(words.v);
	raid_fail(err, RAID_EPERM, "%s: others can read this key; run: %s",
	    path, command);
	free(command);
	raid_list_free(&words);
	return -1;
}

/* Open a key file that nobody else can read: a descriptor, or -1. */
static int
open_file(const char *path, struct raid_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd == -1)
		return raid_fail_errno(err, "%s", path);
	if (check_file(fd, path, err) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
from_file(const char *path, char **key, const char **source,
    struct raid_err *err)
{
	int fd = open_file(path, err), r;

	if (fd == -1)
		return -1;
	r = take_line(fd, path, key, source, err);
	close(fd);
	return r;
}

/*
 * Its output goes through a pipe of ours into a buffer that is wiped, not
 * through those that keep the output of children; one that writes more than
 * the pipe holds is ended by the time limit.  What it says on standard error
 * is not repeated: it could be the key.
 */
static int
from_command(const struct raid_member *m, char **key, const char **source,
    struct raid_err *err)
{
	struct raid_proc_opts o = { .argv = m->key_command.v,
		.wall = COMMAND_SECONDS };
	struct raid_proc p;
	char why[200], *what;
	int fd[2], r;

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) == -1)
		return raid_fail_errno(err, "a pipe");
	/* Only our end is not to block. */
	(void)fcntl(fd[1], F_SETFL, 0);
	o.out_fd = fd[1];
	what = raid_strf("key_command %s", m->key_command.v[0]);
	r = raid_proc_run(&p, &o, err);
	close(fd[1]);
	if (r == -1) {
		raid_fail_at(err, "%s", what);
	} else if (p.end != RAID_PROC_EXITED || p.status != 0) {
		raid_proc_describe(&p, why, sizeof(why));
		r = raid_fail(err, raid_proc_signal() != 0 ? RAID_EINTR :
		    RAID_ECONFIG, "%s: %s; run it by hand to see why", what,
		    why);
	} else {
		r = take_line(fd[0], what, key, source, err);
	}
	close(fd[0]);
	raid_proc_free(&p);
	free(what);
	return r;
}

static int
from_env(const struct raid_member *m, char **key, const char **source,
    struct raid_err *err)
{
	const char *s = getenv(m->key_env);
	char *what = raid_strf("$%s", m->key_env);
	int r = 0;

	if (s != NULL && raid_key_valid(s, strlen(s)))
		*key = make(s, strlen(s), what, source);
	else
		r = raid_fail(err, RAID_ECONFIG, "%s: is no key: blanks, or "
		    "characters that are not ASCII", what);
	free(what);
	return r;
}

/* Has the preset of the same name, which comes with raid, this address? */
static int
is_vendors(const struct raid_member *m)
{
	char *file = raid_conf_data("presets.json");
	struct raid_json *presets = NULL;
	struct raid_err ignored;
	const char *url;
	int yes = 0;

	if (file != NULL)
		presets = raid_json_read(file, &ignored);
	url = raid_json_str(raid_json_get(raid_json_get(presets, m->folded),
	    "member"), "base_url", NULL);
	if (url != NULL)
		yes = strcmp(url, m->base_url) == 0;
	raid_json_free(presets);
	free(file);
	return yes;
}

int
raid_key_file_used(const struct raid_member *m)
{
	return m->own_url || is_vendors(m);
}

/* Unencrypted only where nobody can listen, or where the file says so. */
static int
check_way(const struct raid_member *m, struct raid_err *err)
{
	struct raid_url u;

	if (raid_url_parse(&u, m->base_url, err) == -1)
		return -1;
	if (u.tls || m->plain_http || raid_url_loopback(&u))
		return 0;
	return raid_fail(err, RAID_EPERM, "a key would go unencrypted to %s; "
	    "use https, or set \"plain_http\": true", u.host);
}

static int
fail_missing(const struct raid_member *m, const char *path, int foreign,
    struct raid_err *err)
{
	if (foreign)
		return raid_fail(err, RAID_EPERM, "%s is not sent to %s, which "
		    "only the project's file names; if it is right, name it "
		    "for %s in your own array.json", path, m->base_url,
		    m->name);
	if (path == NULL)
		return raid_fail(err, RAID_ECONFIG, "no key: $%s is not set",
		    m->key_env);
	return raid_fail(err, RAID_ECONFIG, "no key: $%s is not set and there "
	    "is no %s; run raid-array key %s", m->key_env, path, m->name);
}

enum place {
	NOWHERE,		/* and that is fine */
	IN_FILE,
	BY_COMMAND,
	IN_ENV
};

/* Where the key is, without looking at it; -1: it is nowhere, others can read
 * it, or it would go where it must not. */
static int
look(const struct raid_member *m, const char *path, struct raid_err *err)
{
	const char *env = *m->key_env != '\0' ? getenv(m->key_env) : NULL;
	int there = path != NULL && access(path, F_OK) == 0;
	enum place p = NOWHERE;
	struct raid_url u;
	int fd;

	if (there && raid_key_file_used(m)) {
		p = IN_FILE;
		fd = open_file(path, err);
		if (fd == -1)
			return -1;
		close(fd);
	} else if (m->key_command.n > 0) {
		p = BY_COMMAND;
	} else if (env != NULL && *env != '\0') {
		p = IN_ENV;
	}
	if (p != NOWHERE)
		return check_way(m, err) == 0 ? (int)p : -1;
	if (!there && (*m->key_env == '\0' ||
	    (raid_url_parse(&u, m->base_url, err) == 0 &&
	    raid_url_loopback(&u))))
		return NOWHERE;
	return fail_missing(m, path, there, err);
}

static char *
path_of(const struct raid_member *m, const char *user_dir)
{
	return user_dir != NULL ? raid_key_path(user_dir, m->name) : NULL;
}

int
raid_key_get(const struct raid_member *m, const char *user_dir, char **key,
    const char **source, struct raid_err *err)
{
	char *path;
	int r;

	*key = NULL;
	*source = "";
	if (m->kind == RAID_PROVIDER_EXEC)
		return 0;
	no_core();
	path = path_of(m, user_dir);
	r = look(m, path, err);
	if (r == IN_FILE)
		r = from_file(path, key, source, err);
	else if (r == BY_COMMAND)
		r = from_command(m, key, source, err);
	else if (r == IN_ENV)
		r = from_env(m, key, source, err);
	free(path);
	return r;
}

char *
raid_key_source(const struct raid_member *m, const char *user_dir,
    struct raid_err *err)
{
	char *path = path_of(m, user_dir), *text = NULL;

	switch (m->kind == RAID_PROVIDER_EXEC ? NOWHERE :
	    look(m, path, err)) {
	case NOWHERE:
		text = raid_strdup("");
		break;
	case IN_FILE:
		text = raid_strdup(path);
		break;
	case BY_COMMAND:
		text = raid_strf("key_command %s", m->key_command.v[0]);
		break;
	case IN_ENV:
		text = raid_strf("$%s", m->key_env);
		break;
	}
	free(path);
	return text;
}

void
raid_key_free(char *key)
{
	if (key != NULL)
		explicit_bzero(key, strlen(key));
	free(key);
}
