/* SPDX-License-Identifier: ISC */
#include "journal/follow.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/* A writer may pass the lock by, and there are folders without a bell. */
#define POLL_MS 1000
#define POLL_MS_NO_BELL 100

struct raid_follow {
	struct raid_db **db;
	int bell;		/* inotify, or -1 */
	char *lock;		/* name of the lock file in its folder */
	char *dir;
	dev_t dev;		/* the file that is followed */
	ino_t ino;
	long long version;	/* PRAGMA data_version */
	int frozen;		/* opened as if nobody wrote */
};

static int
read_version(struct raid_follow *f, long long *v, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(*f->db, err,
	    "PRAGMA data_version", "");
	int r = raid_stmt_step(st, err);

	if (r == 1)
		*v = raid_stmt_int(st, 0);
	raid_stmt_free(st);
	return r == 1 ? 0 : -1;
}

/*
 * The folder is watched, not the lock file itself, which may be made later;
 * what happens to the journal's own name is heard at once, too.
 */
static void
hang_bell(struct raid_follow *f)
{
	f->bell = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (f->bell != -1 && inotify_add_watch(f->bell, f->dir,
	    IN_CLOSE_WRITE | IN_MOVE | IN_DELETE) == -1) {
		close(f->bell);
		f->bell = -1;
	}
}

int
raid_follow_open(struct raid_follow **out, struct raid_db **db,
    struct raid_err *err)
{
	const char *path = raid_db_file(*db), *slash = strrchr(path, '/');
	struct raid_follow *f = raid_calloc(1, sizeof(*f));
	struct stat st;

	f->db = db;
	f->bell = -1;
	f->lock = raid_strf("%s.lock", slash != NULL ? slash + 1 : path);
	f->dir = slash == NULL ? raid_strdup(".") : slash == path ?
	    raid_strdup("/") : raid_strndup(path, (size_t)(slash - path));
	f->frozen = access(f->dir, W_OK) == -1;
	hang_bell(f);
	*out = f;
	if (stat(path, &st) == -1) {
		raid_fail_errno(err, "journal %s", path);
		goto bad;
	}
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	if (read_version(f, &f->version, err) == 0)
		return 0;
bad:
	raid_follow_close(f);
	*out = NULL;
	return -1;
}

void
raid_follow_close(struct raid_follow *f)
{
	if (f == NULL)
		return;
	if (f->bell != -1)
		close(f->bell);
	free(f->lock);
	free(f->dir);
	free(f);
}

static int
check_file(struct raid_follow *f, struct raid_err *err)
{
	const char *path = raid_db_path(*f->db);
	struct stat st;

	if (stat(path, &st) == -1)
		return errno == ENOENT || errno == ENOTDIR ?
		    raid_fail(err, RAID_ENOINPUT, "journal %s: it was removed "
		    "while it was followed; raid-init makes a new one", path) :
		    raid_fail_errno(err, "journal %s", path);
	if (st.st_dev != f->dev || st.st_ino != f->ino)
		return raid_fail(err, RAID_ENOINPUT, "journal %s: it was "
		    "replaced by another file while it was followed; "
		    "raid-show -F follows the new one", path);
	return 0;
}

/* Take all events; 1 if one is about the journal: its lock was closed, or
 * its name means something else now.  An overflow has lost such a one. */
static int
take_events(struct raid_follow *f)
{
	_Alignas(struct inotify_event) char buf[16384];
	const struct inotify_event *e;
	size_t base = strlen(f->lock) - strlen(".lock");
	int rang = 0;
	ssize_t n;

	while ((n = read(f->bell, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; p += sizeof(*e) + e->len) {
			e = (const struct inotify_event *)(void *)p;
			if ((e->mask & (IN_Q_OVERFLOW | IN_IGNORED)) != 0 ||
			    (e->len > 0 &&
			    (strcmp(e->name, f->lock) == 0 ||
			    (strncmp(e->name, f->lock, base) == 0 &&
			    e->name[base] == '\0'))))
				rang = 1;
		}
	return rang;
}

/*
 * Until the bell rings or the time is over.  Other files of the folder may be
 * written all the time: they must not put off the poll.
 */
static int
listen_bell(struct raid_follow *f, int out, const sigset_t *mask)
{
	struct pollfd fds[2] = { { .fd = f->bell, .events = POLLIN },
		{ .fd = out } };
	long ms = f->bell != -1 ? POLL_MS : POLL_MS_NO_BELL;
	struct timespec t, end;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	do {
		t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
		if (ppoll(fds, 2, &t, mask) <= 0)
			return RAID_FOLLOW_QUIET;
		if ((fds[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
			return RAID_FOLLOW_GONE;
		if (take_events(f))
			return RAID_FOLLOW_NEWS;
		(void)clock_gettime(CLOCK_MONOTONIC, &t);
		ms = POLL_MS - (t.tv_sec - end.tv_sec) * 1000 -
		    (t.tv_nsec - end.tv_nsec) / 1000000;
	} while (ms > 0);
	return RAID_FOLLOW_QUIET;
}

static int
open_again(struct raid_follow *f, struct raid_err *err)
{
	struct raid_db *db;

	if (raid_db_open(&db, raid_db_path(*f->db), RAID_DB_READ, err) == -1)
		return -1;
	raid_db_close(*f->db);
	*f->db = db;
	return 0;
}

int
raid_follow_wait(struct raid_follow *f, int out, const sigset_t *mask,
    struct raid_err *err)
{
	int event = listen_bell(f, out, mask);
	long long v = f->version;
	struct raid_err why;

	if (event == RAID_FOLLOW_GONE)
		return event;
	if (check_file(f, err) == -1)
		return -1;
	if (f->frozen)
		return open_again(f, err) == -1 ? -1 : RAID_FOLLOW_NEWS;
	if (read_version(f, &v, &why) == -1) {
		/* A file that was replaced just now gives odd errors. */
		if (check_file(f, err) == 0)
			*err = why;
		return -1;
	}
	event = v != f->version ? RAID_FOLLOW_NEWS : RAID_FOLLOW_QUIET;
	f->version = v;
	return event;
}
