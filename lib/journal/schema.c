/* SPDX-License-Identifier: ISC */
#include "journal/schema.h"

#include <stdio.h>

/*
 * A tag is the pair (ts, n): #post_<ts> is n = 1, #post_<ts>_2 is n = 2.
 * Links are kept as such pairs, because a post may name one that comes later.
 */
static const char *const migrations[] = {
	"CREATE TABLE meta("
	" key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"

	"CREATE TABLE post("
	" id INTEGER PRIMARY KEY,"
	" ts INTEGER NOT NULL, n INTEGER NOT NULL,"
	" uid BLOB NOT NULL UNIQUE,"
	" author TEXT NOT NULL, who TEXT NOT NULL,"	/* who: folded */
	" kind TEXT NOT NULL, status TEXT NOT NULL,"
	" reply_ts INTEGER, reply_n INTEGER,"
	" meta TEXT NOT NULL, body TEXT NOT NULL,"
	" UNIQUE(ts, n));"
	"CREATE INDEX post_reply ON post(reply_ts, reply_n)"
	" WHERE reply_ts IS NOT NULL;"
	"CREATE INDEX post_who ON post(who, id);"
	"CREATE INDEX post_kind ON post(kind, id) WHERE kind <> 'chat';"
	"CREATE VIRTUAL TABLE post_text USING fts5("
	" words, content='', columnsize=0, tokenize='unicode61');"

	"CREATE TABLE alias("
	" ts INTEGER NOT NULL, n INTEGER NOT NULL, journal TEXT NOT NULL,"
	" post INTEGER NOT NULL REFERENCES post,"
	" PRIMARY KEY(ts, n, journal)) WITHOUT ROWID;"
	"CREATE TABLE ref("
	" post INTEGER NOT NULL REFERENCES post,"
	" ts INTEGER NOT NULL, n INTEGER NOT NULL,"
	" PRIMARY KEY(post, ts, n)) WITHOUT ROWID;"
	"CREATE INDEX ref_target ON ref(ts, n);"
	"CREATE TABLE mention("
	" post INTEGER NOT NULL REFERENCES post, name TEXT NOT NULL,"
	" PRIMARY KEY(post, name)) WITHOUT ROWID;"
	"CREATE TABLE hashtag("
	" word TEXT NOT NULL, post INTEGER NOT NULL REFERENCES post,"
	" PRIMARY KEY(word, post)) WITHOUT ROWID;"
	"CREATE INDEX hashtag_post ON hashtag(post);"

	"CREATE TABLE blob("
	" id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE,"
	" data BLOB NOT NULL);"
	"CREATE TABLE file("
	" post INTEGER NOT NULL REFERENCES post, path TEXT NOT NULL,"
	" mode INTEGER NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL,"
	" PRIMARY KEY(post, path)) WITHOUT ROWID;"

	/* A call without its end counts with its estimate. */
	"CREATE TABLE call("
	" id INTEGER PRIMARY KEY,"
	" post INTEGER NOT NULL REFERENCES post,"
	" member TEXT NOT NULL, model TEXT NOT NULL, ts INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, pid_start INTEGER NOT NULL,"
	" est_input INTEGER NOT NULL, est_output INTEGER NOT NULL,"
	" est_cost REAL NOT NULL);"
	"CREATE INDEX call_post ON call(post, member);"
	"CREATE INDEX call_member ON call(member, ts);"
	"CREATE TABLE call_end("
	" call INTEGER PRIMARY KEY REFERENCES call, ts INTEGER NOT NULL,"
	" status TEXT NOT NULL, answer INTEGER REFERENCES post,"
	" reason TEXT NOT NULL,"
	" input INTEGER, cache_read INTEGER, cache_write INTEGER,"
	" cache_write_1h INTEGER, output INTEGER, reasoning INTEGER,"
	" cost REAL, estimated INTEGER NOT NULL,"
	" first_ms INTEGER, total_ms INTEGER NOT NULL,"
	" raw TEXT);"
	"CREATE TABLE call_part("
	" call INTEGER NOT NULL REFERENCES call, seq INTEGER NOT NULL,"
	" text BLOB NOT NULL, PRIMARY KEY(call, seq)) WITHOUT ROWID;"
	"CREATE TABLE health("
	" member TEXT PRIMARY KEY, failures INTEGER NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER NOT NULL,"
	" reason TEXT NOT NULL) WITHOUT ROWID;"

	"CREATE TABLE verdict("
	" id INTEGER PRIMARY KEY,"
	" post INTEGER NOT NULL REFERENCES post,"
	" patch INTEGER NOT NULL REFERENCES post,"
	" diff BLOB NOT NULL, base TEXT NOT NULL, files TEXT NOT NULL,"
	" checks TEXT NOT NULL, sandboxed INTEGER NOT NULL,"
	" pass INTEGER NOT NULL, output BLOB);"
	"CREATE INDEX verdict_diff ON verdict(diff, base, id);"

	"CREATE TABLE approval("
	" id INTEGER PRIMARY KEY, ts INTEGER NOT NULL,"
	" actor TEXT NOT NULL, action TEXT NOT NULL,"
	" post INTEGER REFERENCES post, question TEXT NOT NULL,"
	" expires INTEGER);"
	"CREATE TABLE approval_end("
	" approval INTEGER PRIMARY KEY REFERENCES approval,"
	" ts INTEGER NOT NULL, actor TEXT NOT NULL, answer TEXT NOT NULL,"
	" reason TEXT NOT NULL);"

	"CREATE TABLE audit("
	" id INTEGER PRIMARY KEY, ts INTEGER NOT NULL,"
	" actor TEXT NOT NULL, program TEXT NOT NULL, action TEXT NOT NULL,"
	" post INTEGER REFERENCES post, allowed_by TEXT NOT NULL,"
	" result TEXT NOT NULL, detail TEXT NOT NULL);"
	"CREATE INDEX audit_ts ON audit(ts);",

	/* Posts that came by import: whatever their kind, they are text. */
	"CREATE TABLE imported("
	" post INTEGER PRIMARY KEY REFERENCES post, ts INTEGER NOT NULL);"
	"CREATE TRIGGER imported_no_UPDATE BEFORE UPDATE ON imported"
	" BEGIN SELECT RAISE(ABORT, 'imported is append-only'); END;"
	"CREATE TRIGGER imported_no_DELETE BEFORE DELETE ON imported"
	" BEGIN SELECT RAISE(ABORT, 'imported is append-only'); END;",

	/* The provider's own counts; what rests is in the user's ledger. */
	"ALTER TABLE call_end ADD COLUMN usage TEXT;"
	"DROP TABLE health;",
	NULL
};

/* What is written once and never changed. */
static const char *const append_only[] = { "post", "ref", "mention",
	"hashtag", "file", "call", "call_end", "verdict", "approval",
	"approval_end", "audit", NULL };

/* A new journal's identity makes the uid of its posts its own. */
const struct raid_schema raid_schema_journal = {
	.what = "journal",
	.id = 0x52414944,	/* "RAID" */
	.migrations = migrations,
	.append_only = append_only,
	.fresh = "INSERT INTO meta VALUES"
	    " ('id', lower(hex(randomblob(16)))), ('language', 'en')",
	.durable = 1,
	.absent = "run raid-init",
	.foreign = "with -J or RAID_JOURNAL another one can be named",
	.outdated = "a program that writes updates it, such as raid-init"
};

int
raid_schema_version(const struct raid_schema *s)
{
	int n = 0;

	while (s->migrations[n] != NULL)
		n++;
	return n;
}

static int
guard(struct raid_db *db, const char *table, const char *verb,
    struct raid_err *err)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql), "CREATE TRIGGER %s_no_%s BEFORE %s ON "
	    "%s BEGIN SELECT RAISE(ABORT, '%s is append-only'); END", table,
	    verb, verb, table, table);
	return raid_db_run(db, err, sql, "");
}

int
raid_schema_migrate(struct raid_db *db, const struct raid_schema *s, int from,
    struct raid_err *err)
{
	char sql[64];

	for (int v = from; s->migrations[v] != NULL; v++)
		if (raid_db_run(db, err, s->migrations[v], "") == -1)
			return raid_fail_at(err, "migration %d", v);
	for (size_t i = 0; from == 0 && s->append_only[i] != NULL; i++)
		if (guard(db, s->append_only[i], "UPDATE", err) == -1 ||
		    guard(db, s->append_only[i], "DELETE", err) == -1)
			return -1;
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d",
	    raid_schema_version(s));
	return raid_db_run(db, err, sql, "");
}
