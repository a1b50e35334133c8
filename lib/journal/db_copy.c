/* SPDX-License-Identifier: ISC */
#include "journal/db_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "journal/db_priv.h"

/* Where SQLite locks a file: PENDING, RESERVED and 510 bytes of SHARED
 * (sqlite.org/fileformat2.html, "lock-byte page"). */
#define LOCK_AT 0x40000000
#define LOCK_BYTES 512

#define SETTLE_WAIT 2.0	/* seconds */

int
raid_db_copy(struct raid_db *db, const char *to, struct raid_err *err)
{
	struct raid_db out = { .path = (char *)(uintptr_t)to,
		.schema = db->schema };
	sqlite3_backup *b;
	int r = 0;

	if (sqlite3_open_v2(to, &out.sql, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		r = raid_db_fail(&out, err);
		(void)sqlite3_close(out.sql);
		return r;
	}
	/* All in one step: one that writers interrupt begins anew. */
	b = sqlite3_backup_init(out.sql, "main", db->sql, "main");
	if (b == NULL)
		r = raid_db_fail(&out, err);
	else if (sqlite3_backup_step(b, -1) != SQLITE_DONE)
		r = -1;
	if (b != NULL && sqlite3_backup_finish(b) != SQLITE_OK)
		r = raid_db_fail(&out, err);
	else if (b != NULL && r == -1)
		r = raid_db_fail(db, err);
	(void)sqlite3_close(out.sql);
	return r;
}

int
raid_db_examine(struct raid_db *db, long long *posts, struct raid_err *err)
{
	struct raid_stmt *st;
	int r;

	st = raid_db_query(db, err, "PRAGMA integrity_check(1)", "");
	r = raid_stmt_step(st, err);
	if (r == 1 && strcmp(raid_stmt_text(st, 0), "ok") != 0)
		r = raid_fail(err, RAID_EDATA, "%s: damaged: %.200s",
		    raid_db_path(db), raid_stmt_text(st, 0));
	raid_stmt_free(st);
	if (r == -1)
		return -1;
	st = raid_db_query(db, err, "SELECT count(*) FROM post", "");
	r = raid_stmt_step(st, err);
	*posts = r == 1 ? raid_stmt_int(st, 0) : 0;
	raid_stmt_free(st);
	return r == -1 ? -1 : 0;
}

static int
in_use(const char *path, struct raid_err *err)
{
	return raid_fail(err, RAID_ETEMP, "journal %s: a program has it open; "
	    "try again when it has ended", path);
}

/* 1 done, 0 another process has it open. */
static int
set_mode(struct raid_db *db, int wal, struct raid_err *err)
{
	struct raid_stmt *st;
	int r;

	st = raid_db_query(db, err, wal ? "PRAGMA journal_mode=WAL" :
	    "PRAGMA journal_mode=DELETE", "");
	r = raid_stmt_step(st, err);
	if (r == 1)
		r = strcmp(raid_stmt_text(st, 0), wal ? "wal" : "delete") == 0;
	else if (r == -1 && err->code == RAID_ETEMP)
		r = 0;
	raid_stmt_free(st);
	return r;
}

/* SQLite itself does not wait for this lock. */
int
raid_db_settle(const char *path, int back, struct raid_err *err)
{
	struct raid_db db = { .path = (char *)(uintptr_t)path,
		.schema = &raid_schema_journal };
	double end = raid_clock_mono() + SETTLE_WAIT;
	int r = -1;

	if (sqlite3_open_v2(path, &db.sql, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		raid_db_fail(&db, err);
	else
		while ((r = set_mode(&db, back, err)) == 0 &&
		    raid_clock_mono() < end)
			raid_db_nap(2000000);
	raid_db_forget(&db);
	(void)sqlite3_close(db.sql);
	return r == 1 ? 0 : r == 0 ? in_use(path, err) : -1;
}

int
raid_db_seize(const char *path, struct raid_err *err)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_start = LOCK_AT, .l_len = LOCK_BYTES };
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd == -1)
		return raid_fail_errno(err, "journal %s", path);
	if (fcntl(fd, F_OFD_SETLK, &l) == 0)
		return fd;
	if (errno == EAGAIN || errno == EACCES)
		in_use(path, err);
	else
		raid_fail_errno(err, "journal %s: lock", path);
	close(fd);
	return -1;
}
