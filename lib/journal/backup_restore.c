/* SPDX-License-Identifier: ISC */
#include <sys/file.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "journal/backup.h"
#include "journal/backup_priv.h"
#include "journal/db_copy.h"

#define LOCK_WAIT 1.0	/* seconds, as writers wait for each other */

/* The folder that a file lies in; the caller frees. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? raid_strdup(".") : slash == path ?
	    raid_strdup("/") : raid_strndup(path, (size_t)(slash - path));
}

static int
store(void *arg, const void *p, size_t len, struct raid_err *err)
{
	const int *fd = arg;
	const char *at = p;

	while (len > 0) {
		ssize_t n = write(*fd, at, len);

		if (n == -1)
			return raid_fail_errno(err, "the restored journal");
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The bytes of the journal, out of a backup or of a plain file. */
static int
fetch(const char *file, int to, struct raid_err *err)
{
	int from = open(file, O_RDONLY | O_CLOEXEC), r = 0;
	unsigned char head[2] = { 0 };
	char chunk[65536];
	ssize_t n;

	if (from == -1)
		return raid_fail_errno(err, "%s", file);
	n = pread(from, head, 2, 0);
	if (n == 2 && head[0] == 0x1f && head[1] == 0x8b)
		r = raid_backup_unpack(from, store, &to, err) == -1 ?
		    raid_fail_at(err, "%s", file) : 0;
	else
		while (r == 0 && (n = read(from, chunk, sizeof(chunk))) > 0)
			r = store(&to, chunk, (size_t)n, err);
	if (r == 0 && n == -1)
		r = raid_fail_errno(err, "%s", file);
	close(from);
	if (r == 0 && fsync(to) == -1)
		r = raid_fail_errno(err, "the restored journal");
	return r;
}

/* Examine it, bring it up to date, and note in it where it comes from. */
static int
prepare(const char *path, const struct raid_audit *a, struct raid_err *err)
{
	struct raid_db *db;
	long long posts;
	int r;

	if (raid_db_open(&db, path, RAID_DB_WRITE, err) == -1)
		return -1;
	r = raid_db_examine(db, &posts, err);
	/* A copy that another tool made may have lost this. */
	if (r == 0)
		r = raid_db_run(db, err, "PRAGMA journal_mode=WAL", "");
	if (r == 0)
		r = raid_audit_add(db, a, err);
	raid_db_whole(db);
	raid_db_close(db);
	return r;
}

/*
 * The writers' lock.  It is not held while the old journal is taken out of
 * use: who waits for it has the journal open.
 */
static int
lock_journal(const char *journal, struct raid_err *err)
{
	char *path = raid_strf("%s.lock", journal);
	struct timespec nap = { .tv_nsec = 5000000 };
	double end = raid_clock_mono() + LOCK_WAIT;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1)
		raid_fail_errno(err, "%s", path);
	free(path);
	while (fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (raid_clock_mono() < end) {
			(void)nanosleep(&nap, NULL);
			continue;
		}
		raid_fail(err, RAID_ETEMP, "journal %s: somebody is writing; "
		    "try again", journal);
		close(fd);
		return -1;
	}
	return fd;
}

/* A second name for what is there now: journal.db.before-TIME. */
static char *
keep_old(const char *journal, struct raid_err *err)
{
	long long t = raid_clock_now();
	char stamp[RAID_BACKUP_STAMP], *name;

	for (;; t++) {
		raid_backup_stamp(t, stamp);
		name = raid_strf("%s.before-%s", journal, stamp);
		if (link(journal, name) == 0)
			return name;
		if (errno != EEXIST)
			break;
		free(name);
	}
	raid_fail_errno(err, "%s", name);
	free(name);
	return NULL;
}

/* What belongs to a damaged journal goes with it. */
static int
move_wal(const char *journal, const char *kept, struct raid_err *err)
{
	static const char *const tails[] = { "-wal", "-journal" };
	char *from, *to;
	int r = 0;

	for (int i = 0; i < 2; i++) {
		from = raid_strf("%s%s", journal, tails[i]);
		to = raid_strf("%s%s", kept, tails[i]);
		if (rename(from, to) == -1 && errno != ENOENT)
			r = raid_fail_errno(err, "%s", from);
		free(from);
		free(to);
	}
	from = raid_strf("%s-shm", journal);
	if (unlink(from) == -1 && errno != ENOENT)
		r = raid_fail_errno(err, "%s", from);
	free(from);
	return r;
}

/*
 * Take the journal's place.  At each moment there is a whole journal of that
 * name.  A program that opened the old one and slept until now cannot write
 * into it by mistake: raid_db_begin sees that its file has moved.
 */
static int
replace(const char *tmp, const char *journal, char **kept,
    struct raid_err *err)
{
	int settled, fd, r = -1;

	if (access(journal, F_OK) == -1)
		return rename(tmp, journal) == 0 ? 0 :
		    raid_fail_errno(err, "%s", journal);
	settled = raid_db_settle(journal, 0, err) == 0;
	if (!settled && err->code != RAID_EDATA)
		return -1;
	fd = raid_db_seize(journal, err);
	if (fd != -1)
		*kept = keep_old(journal, err);
	if (*kept != NULL && move_wal(journal, *kept, err) == 0) {
		r = rename(tmp, journal);
		if (r == -1)
			raid_fail_errno(err, "%s", journal);
	}
	if (fd != -1)
		close(fd);
	/* As it was before: the first failure is the one that is told. */
	if (r == -1 && settled) {
		struct raid_err ignored;

		if (*kept != NULL)
			(void)unlink(*kept);
		(void)!raid_db_settle(journal, 1, &ignored);
	}
	return r;
}

/* A folder beside the journal: what is in it can be renamed into place. */
static int
open_work(struct raid_backup_work *w, const char *journal, const char *dir,
    struct raid_err *err)
{
	int lock, r;

	if (raid_path_mkdirs(dir, 0700, err) == -1)
		return -1;
	lock = lock_journal(journal, err);
	if (lock == -1)
		return -1;
	r = raid_backup_work(w, dir, err);
	close(lock);
	return r;
}

int
raid_backup_restore(const char *file, const char *journal,
    const struct raid_audit *a, char **kept, struct raid_err *err)
{
	struct raid_backup_work w = { .fd = -1 };
	/* A symbolic link stays one. */
	char *real = realpath(journal, NULL), *dir, *tmp = NULL;
	int fd = -1, r;

	*kept = NULL;
	if (real == NULL)
		real = raid_strdup(journal);
	dir = folder_of(real);
	r = open_work(&w, real, dir, err);
	if (r == 0) {
		tmp = raid_backup_file(&w, "journal.db", &fd, err);
		r = tmp != NULL ? fetch(file, fd, err) : -1;
		if (fd != -1)
			close(fd);
	}
	if (r == 0 && prepare(tmp, a, err) == -1)
		r = raid_fail_at(err, "%s", file);
	if (r == 0)
		r = replace(tmp, real, kept, err);
	if (r == 0)
		r = raid_backup_sync(dir, err);
	raid_backup_done(&w);
	free(tmp);
	free(dir);
	free(real);
	return r;
}
