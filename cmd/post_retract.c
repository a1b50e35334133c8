/* SPDX-License-Identifier: ISC */
#include "post_retract.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "journal/retract.h"
#include "prog.h"

int
post_retract(struct store *s, const char *operand, const char *author,
    const char *why, int json, struct raid_err *err)
{
	const char *who = store_author(s, author, err);
	char tag[RAID_TAG_SIZE], out[RAID_TAG_SIZE];

	if (who == NULL ||
	    raid_post_resolve(s->db, operand, tag, err) == -1 ||
	    (why != NULL && raid_post_check(why, strlen(why), err) == -1) ||
	    raid_db_begin(s->db, err) == -1)
		return -1;
	if (raid_retract(s->db, tag, who, why, out, err) == -1 ||
	    store_audit(s, "retract", tag, s->member ? "author" : "person",
	    "done", out, err) == -1) {
		raid_db_rollback(s->db);
		return -1;
	}
	if (raid_db_commit(s->db, err) == -1)
		return -1;
	return store_print(s, out, json, err);
}

#define SHOWN 300

/* What is about to go, so that it is the right one. */
static int
ask(const struct raid_post *p, struct raid_err *err)
{
	size_t n = p->body_len;
	struct raid_buf b;
	int yes;

	if (n > SHOWN)
		for (n = SHOWN; n > 0 && (p->body[n] & 0xc0) == 0x80;)
			n--;
	raid_buf_init(&b, 65536);
	raid_buf_printf(&b, "#%s by %s, %zu bytes, %zu files:\n", p->tag,
	    p->author, p->body_len, p->nfiles);
	raid_buf_add(&b, p->body, n);
	raid_buf_printf(&b, "%s\nRemove this text for good?",
	    n < p->body_len ? "..." : "");
	yes = prog_ask(raid_buf_str(&b), err);
	raid_buf_free(&b);
	if (yes == 0)
		return raid_fail(err, RAID_NO, "%s stays as it is", p->tag);
	return yes == -1 ? raid_fail_at(err, "only a person may purge") : 0;
}

int
post_purge(struct store *s, const char *operand, struct raid_err *err)
{
	struct raid_audit a = { .actor = s->actor, .program = prog_name(),
		.action = "purge", .allowed_by = "person", .result = "done",
		.detail = "" };
	char tag[RAID_TAG_SIZE];
	struct raid_post p = { 0 };
	int r;

	if (s->member)
		return raid_fail(err, RAID_EPERM, "%s may not purge; a person "
		    "does that, without RAID_ACTOR", s->actor);
	r = raid_post_resolve(s->db, operand, tag, err);
	if (r == 0)
		r = raid_post_get(s->db, tag, &p, err);
	if (r == 0)
		r = ask(&p, err);
	raid_post_free(&p);
	a.tag = tag;
	return r == -1 ? -1 : raid_purge(s->db, tag, &a, err);
}
