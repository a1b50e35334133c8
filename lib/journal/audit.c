/* SPDX-License-Identifier: ISC */
#include "journal/audit.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "journal/tag.h"

int
raid_audit_add(struct raid_db *db, const struct raid_audit *a,
    struct raid_err *err)
{
	struct raid_tag t = { 0 };

	if (a->tag != NULL)
		(void)raid_tag_parse(a->tag, strlen(a->tag), &t);
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (raid_db_run(db, err, "INSERT INTO audit(ts, actor, program, "
	    "action, post, allowed_by, result, detail) VALUES (?, ?, ?, ?, "
	    "(SELECT id FROM post WHERE ts = ? AND n = ?), ?, ?, ?)",
	    "itttiittt", raid_clock_now(), a->actor, a->program, a->action,
	    t.ts, t.n, a->allowed_by, a->result, a->detail) == -1) {
		raid_db_rollback(db);
		return -1;
	}
	return raid_db_commit(db, err);
}

int
raid_audit_last(struct raid_db *db, const char *action, const char *tag,
    char **result, char **detail, struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	int r;

	*result = *detail = NULL;
	(void)raid_tag_parse(tag, strlen(tag), &t);
	st = raid_db_query(db, err, "SELECT result, detail FROM audit WHERE "
	    "action = ?1 AND post = (SELECT id FROM post WHERE ts = ?2 AND "
	    "n = ?3) ORDER BY id DESC LIMIT 1", "tii", action, t.ts, t.n);
	r = raid_stmt_step(st, err);
	if (r == 1) {
		*result = raid_strdup(raid_stmt_text(st, 0));
		*detail = raid_strdup(raid_stmt_text(st, 1));
	}
	raid_stmt_free(st);
	return r;
}
