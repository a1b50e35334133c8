/* SPDX-License-Identifier: ISC */
/* raid-array key: a key from a terminal or a pipe into its file. */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "array.h"
#include "array/key.h"
#include "base/path.h"
#include "base/proc.h"
#include "prog.h"

#define LINE_MAX_BYTES 4098

/* A line whose keys are not shown, and not kept by the terminal. */
struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
};

/* Take a byte as a terminal does; 1: the line is whole, -1: given up. */
static int
take(struct line *l, char c)
{
	switch (c) {
	case '\r':
	case '\n':
	case 4:		/* ^D */
		return 1;
	case 3:		/* ^C */
		return -1;
	case 8:
	case 0x7f:
		l->len -= l->len > 0;
		return 0;
	case 21:	/* ^U */
		l->len = 0;
		return 0;
	}
	if (l->len < sizeof(l->text))
		l->text[l->len++] = c;
	return 0;
}

/*
 * Read it byte by byte, without echo and without the terminal's own signals:
 * whatever happens, the terminal is as before when this ends.
 */
static int
read_hidden(int fd, struct line *l)
{
	struct termios was, raw;
	int r = 0;
	char c;

	if (tcgetattr(fd, &was) == -1)
		return -1;
	raw = was;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSAFLUSH, &raw) == -1)
		return -1;
	while (r == 0) {
		ssize_t n = read(fd, &c, 1);

		if (n == -1 && errno == EINTR && raid_proc_signal() == 0)
			continue;
		r = n == 1 ? take(l, c) : -1;
	}
	(void)tcsetattr(fd, TCSAFLUSH, &was);
	return r == 1 ? 0 : -1;
}

static int
store(struct array *a, const struct raid_member *m, struct line *l,
    struct raid_err *err)
{
	char *dir, *path;
	int r;

	while (l->len > 0 && strchr(" \t\r\n", l->text[l->len - 1]) != NULL)
		l->len--;
	if (!raid_key_valid(l->text, l->len) || l->len == sizeof(l->text))
		return raid_fail(err, RAID_EDATA, "that is no key: blanks, "
		    "or characters that are not ASCII, or nothing at all");
	l->text[l->len++] = '\n';
	dir = raid_path_join(a->s.conf.user, "keys");
	path = raid_key_path(a->s.conf.user, m->name);
	r = raid_path_mkdirs(dir, 0700, err);
	if (r == 0)
		r = raid_path_write(path, l->text, l->len, 0600, err);
	if (r == 0)
		r = store_note(&a->s, a->s.conf.journal, "key", m->name, err);
	if (r == 0)
		prog_warn("%s: the key is in %s", m->name, path);
	free(dir);
	free(path);
	return r;
}

/* May there be a key file for it at all, and would it be used? */
static int
check(struct array *a, const struct raid_member *m, struct raid_err *err)
{
	if (a->s.member)
		return raid_fail(err, RAID_EPERM,
		    "a member may not store keys; a person may");
	if (a->s.conf.user == NULL)
		return raid_fail(err, RAID_ECONFIG,
		    "HOME is not set: nowhere to keep a key");
	if (m->kind == RAID_PROVIDER_EXEC)
		return raid_fail(err, RAID_EUSAGE, "%s is a program, which "
		    "has a key of its own", m->name);
	if (!raid_key_file_used(m))
		return raid_fail(err, RAID_EPERM, "%s: a key of yours is not "
		    "sent to %s, which only the project's file names; if it "
		    "is right, name it for %s in your own array.json", m->name,
		    m->base_url, m->name);
	return 0;
}

int
array_ask_key(struct array *a, const struct raid_member *m,
    struct raid_err *err)
{
	struct line l = { .len = 0 };
	int fd, r;

	if (check(a, m, err) == -1)
		return -1;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd == -1)
		return raid_fail(err, RAID_ETEMP, "there is no terminal to "
		    "ask on; raid-array key %s reads a pipe", m->name);
	(void)fflush(stdout);
	dprintf(fd, "Key of %s for %s (nothing is shown): ", m->name,
	    m->base_url);
	raid_proc_signals();
	r = read_hidden(fd, &l);
	dprintf(fd, "\n");
	if (r == -1)
		r = raid_fail(err, RAID_EINTR, "interrupted");
	else if (l.len == 0)
		r = 0;
	else
		r = store(a, m, &l, err) == -1 ? -1 : 1;
	explicit_bzero(&l, sizeof(l));
	close(fd);
	return r;
}

/* The first line of a pipe, such as of a password manager. */
static int
from_pipe(struct array *a, const struct raid_member *m, struct raid_err *err)
{
	struct line l = { .len = 0 };
	char *nl;
	ssize_t n;
	int r;

	while (l.len < sizeof(l.text) && ((n = read(STDIN_FILENO, l.text +
	    l.len, sizeof(l.text) - l.len)) > 0 || (n == -1 &&
	    errno == EINTR)))
		l.len += n > 0 ? (size_t)n : 0;
	nl = memchr(l.text, '\n', l.len);
	if (nl != NULL)
		l.len = (size_t)(nl - l.text);
	r = store(a, m, &l, err);
	explicit_bzero(&l, sizeof(l));
	return r;
}

int
array_key(struct array *a, struct raid_err *err)
{
	const struct raid_member *m = array_member(a, a->argv[0], err);
	int r;

	if (m == NULL || check(a, m, err) == -1)
		return -1;
	if (!isatty(STDIN_FILENO))
		return from_pipe(a, m, err);
	r = array_ask_key(a, m, err);
	if (r == 0)
		return raid_fail(err, RAID_NO, "nothing was typed, nothing "
		    "is stored");
	return r == 1 ? RAID_OK : -1;
}
