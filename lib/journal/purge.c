/* SPDX-License-Identifier: ISC */
#include "journal/retract.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/grammar.h"

#define PURGED_META "{\"purged\":true}"

/* The tables whose triggers stand in the way. */
#define TABLES "('post', 'ref', 'mention', 'hashtag', 'file')"

/*
 * Take down the triggers that keep posts from being changed; how they are
 * made again goes to made.  It all happens inside of one transaction: nobody
 * else ever sees the tables without them.
 */
static int
drop_triggers(struct raid_db *db, struct raid_list *made, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err, "SELECT sql, "
	    "'DROP TRIGGER \"' || name || '\"' FROM sqlite_schema WHERE "
	    "type = 'trigger' AND tbl_name IN " TABLES, "");
	struct raid_list drops = { 0 };
	int r;

	while ((r = raid_stmt_step(st, err)) == 1) {
		raid_list_add(made, raid_stmt_text(st, 0));
		raid_list_add(&drops, raid_stmt_text(st, 1));
	}
	raid_stmt_free(st);
	for (size_t i = 0; r == 0 && i < drops.n; i++)
		r = raid_db_run(db, err, drops.v[i], "");
	raid_list_free(&drops);
	return r;
}

static void
add_hashes(const struct raid_json *j, struct raid_list *l)
{
	const char *s = raid_json_text(j);

	if (s != NULL && strlen(s) == RAID_HASH_SIZE - 1 &&
	    s[strspn(s, "0123456789abcdef")] == '\0')
		(void)raid_list_addnew(l, s);
	for (const struct raid_json *v = raid_json_first(j); v != NULL;
	    v = raid_json_next(v))
		add_hashes(v, l);
}

/* The blobs that a post may need: its files, what its metadata names (a diff,
 * an answer that was no text), the whole output of its verdict. */
static int
list_blobs(struct raid_db *db, const struct raid_post *p, struct raid_list *l,
    struct raid_err *err)
{
	struct raid_json *meta;
	struct raid_stmt *st;
	int r;

	for (size_t i = 0; i < p->nfiles; i++)
		(void)raid_list_addnew(l, p->files[i].sha256);
	meta = raid_json_parse(p->meta, strlen(p->meta), err);
	add_hashes(meta, l);
	raid_json_free(meta);
	st = raid_db_query(db, err, "SELECT output FROM verdict "
	    "WHERE post = ? AND output IS NOT NULL", "i", p->id);
	while ((r = raid_stmt_step(st, err)) == 1) {
		char hex[RAID_HASH_SIZE];

		raid_stmt_hex(st, 0, hex);
		(void)raid_list_addnew(l, hex);
	}
	raid_stmt_free(st);
	return r;
}

/* Remove the blobs that nothing else names. */
static int
drop_blobs(struct raid_db *db, const struct raid_post *p,
    const struct raid_list *l, struct raid_err *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (raid_db_run(db, err, "DELETE FROM blob WHERE sha256 = ?1 "
		    "AND NOT EXISTS (SELECT 1 FROM file WHERE sha256 = ?1) "
		    "AND NOT EXISTS (SELECT 1 FROM verdict WHERE output = ?1 "
		    "AND post <> ?2) AND NOT EXISTS (SELECT 1 FROM post WHERE "
		    "instr(meta, ?3) > 0)", "hit", l->v[i], p->id,
		    l->v[i]) == -1)
			return -1;
	return 0;
}

/* The index has no text of its own: it is told what to forget. */
static int
change_words(struct raid_db *db, const struct raid_post *p,
    struct raid_err *err)
{
	char *words = raid_grammar_index(p->body, p->body_len);
	int r = raid_db_run(db, err, "INSERT INTO post_text(post_text, rowid, "
	    "words) VALUES ('delete', ?, ?)", "it", p->id, words);

	free(words);
	if (r == -1)
		return -1;
	words = raid_grammar_index(RAID_PURGED, strlen(RAID_PURGED));
	r = raid_db_run(db, err, "INSERT INTO post_text(rowid, words) "
	    "VALUES (?, ?)", "it", p->id, words);
	free(words);
	return r;
}

static int
empty(struct raid_db *db, const struct raid_post *p, struct raid_err *err)
{
	static const char *const deletes[] = {
		"DELETE FROM ref WHERE post = ?",
		"DELETE FROM mention WHERE post = ?",
		"DELETE FROM hashtag WHERE post = ?",
		"DELETE FROM file WHERE post = ?"
	};

	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]); i++)
		if (raid_db_run(db, err, deletes[i], "i", p->id) == -1)
			return -1;
	if (change_words(db, p, err) == -1)
		return -1;
	return raid_db_run(db, err, "UPDATE post SET body = ?, meta = ? "
	    "WHERE id = ?", "tti", RAID_PURGED, PURGED_META, p->id);
}

static int
purge(struct raid_db *db, const struct raid_post *p, struct raid_err *err)
{
	struct raid_list made = { 0 }, blobs = { 0 };
	int r = list_blobs(db, p, &blobs, err);

	if (r == 0)
		r = drop_triggers(db, &made, err);
	if (r == 0)
		r = empty(db, p, err);
	if (r == 0)
		r = drop_blobs(db, p, &blobs, err);
	for (size_t i = 0; r == 0 && i < made.n; i++)
		r = raid_db_run(db, err, made.v[i], "");
	/* What the index forgot is still there until it is merged. */
	if (r == 0)
		r = raid_db_run(db, err, "INSERT INTO post_text(post_text) "
		    "VALUES ('optimize')", "");
	raid_list_free(&made);
	raid_list_free(&blobs);
	return r;
}

/*
 * Write the file anew and empty the log: the bytes may stand in pages that
 * were freed long ago, when the index was merged or an answer was stored.
 */
static int
sweep(struct raid_db *db, struct raid_err *err)
{
	struct raid_stmt *st;
	long long busy = 0;
	int r = raid_db_run(db, err, "VACUUM", "");

	if (r == 0) {
		st = raid_db_query(db, err,
		    "PRAGMA wal_checkpoint(TRUNCATE)", "");
		r = raid_stmt_step(st, err);
		busy = r == 1 ? raid_stmt_int(st, 0) : 0;
		raid_stmt_free(st);
	}
	if (r != -1 && busy != 0)
		r = raid_fail(err, RAID_ETEMP, "another program is reading; "
		    "its old pages are still in the file");
	return r == -1 ? raid_fail_at(err, "the text is purged, but its bytes "
	    "may remain until this is run again") : 0;
}

int
raid_purge(struct raid_db *db, const char *tag, const struct raid_audit *a,
    struct raid_err *err)
{
	struct raid_post p = { 0 };
	int r;

	if (raid_db_run(db, err, "PRAGMA secure_delete=ON", "") == -1 ||
	    raid_db_begin(db, err) == -1)
		return -1;
	r = raid_post_get(db, tag, &p, err);
	if (r == 0 && strcmp(p.meta, PURGED_META) != 0) {
		r = purge(db, &p, err);
		if (r == 0)
			r = raid_audit_add(db, a, err);
	}
	raid_post_free(&p);
	if (r == -1) {
		raid_db_rollback(db);
		return -1;
	}
	if (raid_db_commit(db, err) == -1)
		return -1;
	return sweep(db, err);
}
