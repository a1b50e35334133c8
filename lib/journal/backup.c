/* SPDX-License-Identifier: ISC */
#include "journal/backup.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <dirent.h>
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
#include "base/proc.h"
#include "journal/backup_priv.h"
#include "journal/db_copy.h"

#define OWNER ".raid-backup"	/* whose backups a folder holds; the lock */
#define DAY 86400

void
raid_backup_stamp(long long t, char out[RAID_BACKUP_STAMP])
{
	time_t when = (time_t)t;
	struct tm tm = { 0 };

	(void)gmtime_r(&when, &tm);
	(void)strftime(out, RAID_BACKUP_STAMP, "%Y%m%d-%H%M%S", &tm);
}

void
raid_backup_name(long long t, char out[RAID_BACKUP_NAME])
{
	char stamp[RAID_BACKUP_STAMP];

	raid_backup_stamp(t, stamp);
	(void)snprintf(out, RAID_BACKUP_NAME, "journal-%s.db.gz", stamp);
}

int
raid_backup_parse(const char *name, long long *t)
{
	char again[RAID_BACKUP_NAME];
	struct tm tm = { 0 };

	if (strlen(name) != strlen("journal-20261121-093000.db.gz") ||
	    strptime(name, "journal-%Y%m%d-%H%M%S.db.gz", &tm) == NULL)
		return 0;
	*t = (long long)timegm(&tm);
	/* strptime takes blanks and 30 February: what we would not write. */
	raid_backup_name(*t, again);
	return strcmp(name, again) == 0;
}

/* Which day, week or month a time is in, counted from some beginning. */
static long long
period(long long t, int kind)
{
	time_t when = (time_t)t;
	struct tm tm = { 0 };
	long long day = t / DAY - (t % DAY < 0);

	(void)gmtime_r(&when, &tm);
	switch (kind) {
	case 0:
		return day;
	case 1:
		/* 1970-01-01 was a Thursday; far from 0, so that the division
		 * rounds down. */
		return (day + 3 + 7000000000) / 7;
	default:
		return tm.tm_year * 12LL + tm.tm_mon;
	}
}

struct aged {
	long long t;
	size_t i;
};

static int
newest_first(const void *a, const void *b)
{
	const struct aged *x = a, *y = b;

	return (x->t < y->t) - (x->t > y->t);
}

void
raid_backup_rotate(const long long *t, size_t n,
    const struct raid_backup_keep *k, unsigned char *keep)
{
	const int count[] = { k->days, k->weeks, k->months };
	struct aged *v = raid_calloc(n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct aged){ t[i], i };
	qsort(v, n, sizeof(*v), newest_first);
	for (size_t i = 0; i < n; i++)
		keep[v[i].i] = i == 0;
	for (int kind = 0; kind < 3; kind++) {
		int left = count[kind];

		/* The first one of a period, coming from the newest. */
		for (size_t i = 0; i < n && left > 0; i++)
			if (i == 0 || period(v[i].t, kind) !=
			    period(v[i - 1].t, kind)) {
				keep[v[i].i] = 1;
				left--;
			}
	}
	free(v);
}

/* --- the folder */

/*
 * Lock dir and see whose backups it holds: those of two journals would thin
 * each other out.  A descriptor to close, or -1.  id NULL: whosoever.
 */
static int
lock_folder(const char *dir, const char *id, struct raid_err *err)
{
	char *path = raid_path_join(dir, OWNER), owner[64] = "";
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n;

	if (fd == -1 || flock(fd, LOCK_EX) == -1 ||
	    (n = read(fd, owner, sizeof(owner) - 1)) == -1) {
		raid_fail_errno(err, "%s", path);
		goto bad;
	}
	owner[strcspn(owner, "\n")] = '\0';
	if (id != NULL && n == 0 && dprintf(fd, "%s\n", id) < 0) {
		raid_fail_errno(err, "%s", path);
		(void)unlink(path);
		goto bad;
	}
	if (id != NULL && n > 0 && strcmp(owner, id) != 0) {
		raid_fail(err, RAID_ECONFIG, "%s: holds backups of another "
		    "journal; give each journal a folder of its own", dir);
		goto bad;
	}
	free(path);
	return fd;
bad:
	if (fd != -1)
		close(fd);
	free(path);
	return -1;
}

/* --- one backup */

static int
copy(struct raid_db *db, const char *to, struct raid_backup *b,
    struct raid_err *err)
{
	struct raid_db *out;
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT count(*) FROM post", "");
	int r = raid_stmt_step(st, err);
	long long before = r == 1 ? raid_stmt_int(st, 0) : 0;

	raid_stmt_free(st);
	if (r == -1 || raid_db_copy(db, to, err) == -1 ||
	    raid_db_open(&out, to, RAID_DB_READ, err) == -1)
		return -1;
	r = raid_db_examine(out, &b->posts, err);
	raid_db_close(out);
	if (r == 0 && b->posts < before)
		r = raid_fail(err, RAID_EDATA,
		    "the copy has %lld posts of %lld", b->posts, before);
	if (r == 0 && raid_proc_signal() != 0)
		r = raid_fail(err, RAID_EINTR, "interrupted");
	return r;
}

/* Is what comes out of the backup the copy, byte by byte? */
static int
same(void *arg, const void *p, size_t len, struct raid_err *err)
{
	const int *fd = arg;
	const char *want = p;
	char have[65536];

	while (len > 0) {
		ssize_t n = read(*fd, have, len < sizeof(have) ? len :
		    sizeof(have));

		if (n == -1)
			return raid_fail_errno(err, "the copy");
		if (n == 0 || memcmp(have, want, (size_t)n) != 0)
			return raid_fail(err, RAID_EIO, "what was written "
			    "comes back different; look after this disk");
		want += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
compress(int from, int to, struct raid_backup *b, struct raid_err *err)
{
	struct stat st, packed;

	if (raid_backup_pack(from, to, err) == -1)
		return -1;
	if (lseek(from, 0, SEEK_SET) == -1 || fstat(from, &st) == -1 ||
	    fstat(to, &packed) == -1)
		return raid_fail_errno(err, "the copy");
	if (raid_backup_unpack(to, same, &from, err) == -1) {
		/* Bad data that we wrote ourselves is a bad disk. */
		if (err->code == RAID_EDATA)
			err->code = RAID_EIO;
		return raid_fail_at(err, "reading back");
	}
	b->bytes = (long long)st.st_size;
	b->packed = (long long)packed.st_size;
	if (lseek(from, 0, SEEK_CUR) != st.st_size)
		return raid_fail(err, RAID_EIO, "reading back: it ends early");
	return 0;
}

/* Give it its name; a second in which there is one already is passed over.
 * The folder is locked. */
static char *
publish(const char *tmp, const char *dir, long long t, struct raid_err *err)
{
	char name[RAID_BACKUP_NAME], *path;

	for (;; t++) {
		raid_backup_name(t, name);
		path = raid_path_join(dir, name);
		if (access(path, F_OK) == -1)
			break;
		free(path);
	}
	if (rename(tmp, path) == 0 && raid_backup_sync(dir, err) == 0)
		return path;
	raid_fail_errno(err, "%s", path);
	free(path);
	return NULL;
}

static int
make(struct raid_db *db, const char *dir, struct raid_backup_work *w,
    struct raid_backup *b, struct raid_err *err)
{
	long long t = raid_clock_now();
	int raw = -1, out = -1, lock = -1, r = -1;
	char *from = NULL, *to = NULL;

	from = raid_backup_file(w, "journal.db", &raw, err);
	if (from == NULL || copy(db, from, b, err) == -1)
		goto out;
	to = raid_backup_file(w, "journal.db.gz", &out, err);
	if (to == NULL || compress(raw, out, b, err) == -1)
		goto out;
	lock = lock_folder(dir, raid_db_meta(db, "id"), err);
	if (lock == -1)
		goto out;
	b->path = publish(to, dir, t, err);
	r = b->path != NULL ? 0 : -1;
out:
	if (raw != -1)
		close(raw);
	if (out != -1)
		close(out);
	if (lock != -1)
		close(lock);
	free(from);
	free(to);
	return r;
}

int
raid_backup_make(struct raid_db *db, const char *dir, struct raid_backup *b,
    struct raid_err *err)
{
	struct raid_backup_work w = { .fd = -1 };
	int lock, r;

	*b = (struct raid_backup){ 0 };
	lock = lock_folder(dir, raid_db_meta(db, "id"), err);
	if (lock == -1)
		return -1;
	r = raid_backup_work(&w, dir, err);
	close(lock);
	if (r == 0)
		r = make(db, dir, &w, b, err);
	raid_backup_done(&w);
	return r;
}

/* --- rotation */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
list(const char *dir, struct raid_list *names, struct raid_err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	long long t;

	if (d == NULL)
		return raid_fail_errno(err, "%s", dir);
	while ((e = readdir(d)) != NULL)
		if (raid_backup_parse(e->d_name, &t))
			raid_list_add(names, e->d_name);
	closedir(d);
	if (names->n > 1)
		qsort(names->v, names->n, sizeof(*names->v), by_name);
	return 0;
}

int
raid_backup_prune(const char *dir, const struct raid_backup_keep *k,
    long long now, struct raid_list *gone, struct raid_err *err)
{
	struct raid_list names = { 0 };
	unsigned char *keep = NULL;
	long long *t = NULL;
	int lock = now != 0 ? -1 : lock_folder(dir, NULL, err), r = -1;

	if ((now == 0 && lock == -1) || list(dir, &names, err) == -1)
		goto out;
	t = raid_calloc(names.n + 1, sizeof(*t));
	keep = raid_calloc(names.n + 1, 1);
	for (size_t i = 0; i < names.n; i++)
		(void)raid_backup_parse(names.v[i], &t[i]);
	t[names.n] = now;
	raid_backup_rotate(t, names.n + (now != 0), k, keep);
	r = 0;
	for (size_t i = 0; i < names.n && r == 0; i++) {
		char *path = raid_path_join(dir, names.v[i]);

		if (!keep[i] && now == 0 && unlink(path) == -1)
			r = raid_fail_errno(err, "%s", path);
		else if (!keep[i])
			raid_list_add(gone, names.v[i]);
		free(path);
	}
out:
	if (lock != -1)
		close(lock);
	raid_list_free(&names);
	free(keep);
	free(t);
	return r;
}
