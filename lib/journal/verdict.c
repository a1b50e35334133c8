/* SPDX-License-Identifier: ISC */
#include "journal/verdict.h"

#include <stdio.h>
#include <string.h>

static int
add_row(struct raid_db *db, const struct raid_verdict *v, const char *tag,
    struct raid_err *err)
{
	struct raid_tag post = { 0 }, patch = { 0 };

	(void)raid_tag_parse(tag, strlen(tag), &post);
	(void)raid_tag_parse(v->patch, strlen(v->patch), &patch);
	return raid_db_run(db, err, "INSERT INTO verdict(post, patch, diff, "
	    "base, files, checks, sandboxed, pass, output) VALUES ("
	    "(SELECT id FROM post WHERE ts = ? AND n = ?), "
	    "(SELECT id FROM post WHERE ts = ? AND n = ?), "
	    "?, ?, ?, ?, ?, ?, ?)", "iiiihtttiih", post.ts, post.n, patch.ts,
	    patch.n, v->diff, v->base, v->files, v->checks,
	    (long long)v->sandboxed, (long long)v->pass,
	    *v->output != '\0' ? v->output : NULL);
}

int
raid_verdict_add(struct raid_db *db, const struct raid_verdict *v,
    const struct raid_draft *d, char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (raid_post_add(db, d, tag, err) == -1 ||
	    add_row(db, v, tag, err) == -1) {
		raid_db_rollback(db);
		return -1;
	}
	return raid_db_commit(db, err);
}

#define SELECT "SELECT o.ts, o.n, p.ts, p.n, v.diff, v.base, v.files, " \
	"v.checks, v.sandboxed, v.pass, v.output FROM verdict v " \
	"JOIN post o ON o.id = v.post JOIN post p ON p.id = v.patch "

static void
copy(char out[RAID_HASH_SIZE], struct raid_stmt *st, int column)
{
	(void)snprintf(out, RAID_HASH_SIZE, "%s", raid_stmt_text(st, column));
}

/* Read the only row, and free the statement. */
static int
read_one(struct raid_stmt *st, struct raid_verdict *v, struct raid_err *err)
{
	int r = raid_stmt_step(st, err);

	*v = (struct raid_verdict){ 0 };
	if (r == 1) {
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 0),
		    raid_stmt_int(st, 1) }, v->post);
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 2),
		    raid_stmt_int(st, 3) }, v->patch);
		raid_stmt_hex(st, 4, v->diff);
		copy(v->base, st, 5);
		copy(v->files, st, 6);
		copy(v->checks, st, 7);
		v->sandboxed = raid_stmt_int(st, 8) != 0;
		v->pass = raid_stmt_int(st, 9) != 0;
		raid_stmt_hex(st, 10, v->output);
	}
	raid_stmt_free(st);
	return r;
}

int
raid_verdict_find(struct raid_db *db, const char *diff, const char *base,
    const char *files, struct raid_verdict *v, struct raid_err *err)
{
	return read_one(raid_db_query(db, err, SELECT "WHERE v.diff = ? AND "
	    "v.base = ? AND v.files = ? ORDER BY v.id DESC LIMIT 1", "htt",
	    diff, base, files), v, err);
}

int
raid_verdict_get(struct raid_db *db, const char *tag, struct raid_verdict *v,
    struct raid_err *err)
{
	struct raid_tag t = { 0 };

	(void)raid_tag_parse(tag, strlen(tag), &t);
	return read_one(raid_db_query(db, err, SELECT
	    "WHERE o.ts = ? AND o.n = ?", "ii", t.ts, t.n), v, err);
}
