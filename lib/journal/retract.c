/* SPDX-License-Identifier: ISC */
#include "journal/retract.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* The retraction of a post that counts.  1 found, 0 none. */
static int
find_retraction(struct raid_db *db, const struct raid_post *p,
    char out[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_stmt *st;
	int r;

	if (!p->retracted)
		return 0;
	st = raid_db_query(db, err, "SELECT r.ts, r.n FROM post p JOIN post r "
	    "ON r.reply_ts = p.ts AND r.reply_n = p.n WHERE p.id = ? AND "
	    "r.kind = 'retraction' AND (r.who = p.who OR r.who = 'dev') "
	    "ORDER BY r.id LIMIT 1", "i", p->id);
	r = raid_stmt_step(st, err);
	if (r == 1)
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 0),
		    raid_stmt_int(st, 1) }, out);
	raid_stmt_free(st);
	return r;
}

static int
may_retract(const struct raid_post *p, const char *author,
    struct raid_err *err)
{
	char *who = raid_utf8_fold(author, strlen(author));
	char *whose = raid_utf8_fold(p->author, strlen(p->author));
	int yes = strcmp(who, whose) == 0 || strcmp(who, "dev") == 0;

	free(who);
	free(whose);
	if (strcmp(p->kind, "retraction") == 0)
		return raid_fail(err, RAID_EDATA, "%s is a retraction itself; "
		    "post again what is to stand", p->tag);
	if (!yes)
		return raid_fail(err, RAID_EPERM, "%s is by %s; only %s or dev "
		    "may take it back", p->tag, p->author, p->author);
	return 0;
}

static int
add_retraction(struct raid_db *db, const struct raid_post *p,
    const char *author, const char *why, char out[RAID_TAG_SIZE],
    struct raid_err *err)
{
	char *body = why != NULL ? raid_strdup(why) :
	    raid_strf("(takes back #%s)", p->tag);
	struct raid_draft d = { .author = author, .kind = "retraction",
		.reply_to = p->tag, .body = body, .body_len = strlen(body) };
	int r = raid_post_add(db, &d, out, err);

	free(body);
	return r;
}

int
raid_retract(struct raid_db *db, const char *tag, const char *author,
    const char *why, char out[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_post p = { 0 };
	int r;

	if (raid_db_begin(db, err) == -1)
		return -1;
	r = raid_post_get(db, tag, &p, err);
	if (r == 0)
		r = may_retract(&p, author, err);
	if (r == 0)
		r = find_retraction(db, &p, out, err);
	if (r == 0)
		r = add_retraction(db, &p, author, why, out, err);
	raid_post_free(&p);
	if (r != -1)
		return raid_db_commit(db, err);
	raid_db_rollback(db);
	return -1;
}
