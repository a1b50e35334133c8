/* SPDX-License-Identifier: ISC */
#include "journal/ledger_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alive.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/schema.h"

/*
 * A call is open until it is settled.  day has the estimates of open calls in
 * its sums, so that those of processes that died stay there.  An id is never
 * used twice: member.probe may name a call that is gone.
 */
static const char *const migrations[] = {
	"CREATE TABLE clock("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" boot TEXT NOT NULL, ahead INTEGER NOT NULL);"

	"CREATE TABLE member("
	" id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
	" name TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,"
	" failures INTEGER NOT NULL DEFAULT 0,"
	" health INTEGER NOT NULL DEFAULT 1,"
	" reason TEXT NOT NULL DEFAULT '',"
	" first INTEGER NOT NULL DEFAULT 0,"
	" at INTEGER NOT NULL DEFAULT 0, span INTEGER NOT NULL DEFAULT 0,"
	" probe INTEGER NOT NULL DEFAULT 0,"
	" requests_left INTEGER NOT NULL DEFAULT -1,"
	" requests_at INTEGER NOT NULL DEFAULT 0,"
	" requests_span INTEGER NOT NULL DEFAULT 0,"
	" tokens_left INTEGER NOT NULL DEFAULT -1,"
	" tokens_at INTEGER NOT NULL DEFAULT 0,"
	" tokens_span INTEGER NOT NULL DEFAULT 0);"

	"CREATE TABLE call("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" member INTEGER NOT NULL REFERENCES member,"
	" t INTEGER NOT NULL, day TEXT NOT NULL,"
	" pid INTEGER NOT NULL, pid_start INTEGER NOT NULL,"
	" open INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	" est_input INTEGER NOT NULL, est_output INTEGER NOT NULL,"
	" est_cost INTEGER NOT NULL);"
	"CREATE INDEX call_member ON call(member, t, tokens);"
	"CREATE INDEX call_open ON call(id) WHERE open = 1;"

	"CREATE TABLE day("
	" day TEXT NOT NULL, member INTEGER NOT NULL REFERENCES member,"
	" requests INTEGER NOT NULL,"
	" input INTEGER NOT NULL, cache_read INTEGER NOT NULL DEFAULT 0,"
	" cache_write INTEGER NOT NULL DEFAULT 0,"
	" cache_write_1h INTEGER NOT NULL DEFAULT 0,"
	" output INTEGER NOT NULL, reasoning INTEGER NOT NULL DEFAULT 0,"
	" cost INTEGER NOT NULL, guessed INTEGER NOT NULL,"
	" PRIMARY KEY(day, member)) WITHOUT ROWID;",
	NULL
};

static const char *const append_only[] = { NULL };

static const struct raid_schema schema = {
	.what = "ledger",
	.id = 0x5241494c,	/* "RAIL" */
	.migrations = migrations,
	.append_only = append_only,
	.fresh = "INSERT INTO clock VALUES (1, '', 0)",
	.absent = "the first call of a member makes it",
	.foreign = "move it away, and a new one is made",
	.outdated = "the next call of a member updates it"
};

/* RAID_DB_CREATE brings the log home when it is closed, which takes three
 * syncs: that is for the first time alone. */
static int
open_db(struct raid_ledger *l, const char *path, enum raid_db_mode mode)
{
	enum raid_db_mode first = mode == RAID_DB_CREATE ? RAID_DB_WRITE : mode;

	if (raid_db_open_as(&l->db, &schema, path, first, &l->trouble) == 0)
		return 0;
	/* One that another process is just making seems to be none. */
	if (mode == first || (l->trouble.code != RAID_ENOINPUT &&
	    l->trouble.code != RAID_EDATA))
		return -1;
	return raid_db_open_as(&l->db, &schema, path, mode, &l->trouble);
}

struct raid_ledger *
raid_ledger_open(const char *path, enum raid_db_mode mode)
{
	struct raid_ledger *l = raid_calloc(1, sizeof(*l));
	char *own = path == NULL ? raid_conf_state("ledger.db") : NULL;

	if (path == NULL)
		path = own;
	if (path == NULL)
		l->bad = raid_fail(&l->trouble, RAID_ECONFIG, "ledger: there "
		    "is no place for it; set HOME or XDG_STATE_HOME") != 0;
	else
		l->bad = open_db(l, path, mode) == -1;
	l->none = l->bad && mode == RAID_DB_READ &&
	    l->trouble.code == RAID_ENOINPUT;
	free(own);
	return l;
}

void
raid_ledger_close(struct raid_ledger *l)
{
	if (l == NULL)
		return;
	raid_db_close(l->db);
	free(l);
}

const struct raid_err *
raid_ledger_trouble(const struct raid_ledger *l)
{
	return l->bad ? &l->trouble : NULL;
}

void
raid_ledger_key(const struct raid_ledger_who *w, char key[RAID_HASH_SIZE])
{
	char *name = raid_utf8_fold(w->name, strlen(w->name));
	const char *const v[] = { w->provider, w->place, w->model, name,
		NULL };

	raid_hash_strings(key, v);
	free(name);
}

/* How far the ledger's time is ahead of the steady clock.  *fresh: it has
 * not been noted for this start of the system. */
static int
read_clock(struct raid_ledger *l, const char *boot, long long *ahead,
    int *fresh, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(l->db, err,
	    "SELECT boot, ahead FROM clock", "");
	int r = raid_stmt_step(st, err);

	*fresh = r == 0 || *boot == '\0' ||
	    (r == 1 && strcmp(raid_stmt_text(st, 0), boot) != 0);
	*ahead = *fresh ? raid_clock_ms() - raid_clock_steady() :
	    r == 1 ? raid_stmt_int(st, 1) : 0;
	raid_stmt_free(st);
	return r == -1 ? -1 : 0;
}

int
raid_ledger_now(struct raid_ledger *l, long long *now, struct raid_err *err)
{
	char boot[RAID_BOOT_SIZE];
	long long ahead;
	int fresh;

	raid_clock_boot(boot);
	if (read_clock(l, boot, &ahead, &fresh, err) == -1)
		return -1;
	*now = raid_clock_steady() + ahead;
	return 0;
}

int
raid_ledger_begin(struct raid_ledger *l, long long *now, struct raid_err *err)
{
	char boot[RAID_BOOT_SIZE];
	long long ahead;
	int fresh;

	raid_clock_boot(boot);
	if (raid_db_begin(l->db, err) == -1)
		return -1;
	if (read_clock(l, boot, &ahead, &fresh, err) == -1 || (fresh &&
	    raid_db_run(l->db, err, "INSERT OR REPLACE INTO clock VALUES "
	    "(1, ?, ?)", "ti", boot, ahead) == -1)) {
		raid_db_rollback(l->db);
		return -1;
	}
	*now = raid_clock_steady() + ahead;
	return 0;
}

long long
raid_ledger_left(long long at, long long span, long long now)
{
	return now >= at && now - at < span ? span - (now - at) : 0;
}

static struct raid_ledger_left
read_left(struct raid_stmt *st, int column)
{
	return (struct raid_ledger_left){ .left = raid_stmt_int(st, column),
		.at = raid_stmt_int(st, column + 1),
		.span = raid_stmt_int(st, column + 2) };
}

void
raid_ledger_read(struct raid_stmt *st, int c, struct raid_ledger_member *m)
{
	*m = (struct raid_ledger_member){ .id = raid_stmt_int(st, c),
		.failures = raid_stmt_int(st, c + 1),
		.health = (enum raid_health)raid_stmt_int(st, c + 2),
		.first = raid_stmt_int(st, c + 4),
		.at = raid_stmt_int(st, c + 5),
		.span = raid_stmt_int(st, c + 6),
		.probe = raid_stmt_int(st, c + 7),
		.requests = read_left(st, c + 8),
		.tokens = read_left(st, c + 11) };
	(void)snprintf(m->reason, sizeof(m->reason), "%s",
	    raid_stmt_text(st, c + 3));
}

int
raid_ledger_runs(struct raid_ledger *l, long long call, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(l->db, err, "SELECT pid, "
	    "pid_start FROM call WHERE id = ? AND open = 1", "i", call);
	int r = raid_stmt_step(st, err);

	if (r == 1)
		r = raid_alive(raid_stmt_int(st, 0), raid_stmt_int(st, 1));
	raid_stmt_free(st);
	return r;
}
