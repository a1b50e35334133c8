/* SPDX-License-Identifier: ISC */
#include "patch_far.h"

#include <string.h>

#include "patch.h"
#include "patch_answer.h"
#include "patch_write.h"
#include "prog.h"
#include "store.h"

/* One operand; returns a status. */
static int
take(struct store *s, const struct patch_tags_opts *o, const char *operand)
{
	struct raid_post p = { 0 };
	char tag[RAID_TAG_SIZE];
	struct raid_err err;
	int r = raid_post_resolve(s->db, operand, tag, &err);

	if (r == 0)
		r = raid_post_get(s->db, tag, &p, &err);
	if (r == 0) {
		r = o->undo ? patch_undo(s, &o->w, tag, &err) :
		    o->write ? patch_write(s, &o->w, tag, &err) :
		    strcmp(p.kind, "patch") == 0 ?
		    store_print(s, p.tag, o->p.json, &err) :
		    patch_answer(s, &o->p, &p, &err);
		if (r == -1)
			(void)raid_fail_at(&err, "%s by %s", p.tag, p.author);
	}
	raid_post_free(&p);
	return r == -1 ? prog_say(&err) : RAID_OK;
}

/* All tags, in order; a bad one does not stop the others. */
static int
take_all(const struct patch_tags_opts *o, const struct raid_list *tags)
{
	struct raid_policy policy = { 0 };
	int status = RAID_NO;
	struct raid_err err;
	struct store s;

	if (store_open(&s, o->w.dir, o->journal, RAID_DB_WRITE, &err) == -1 ||
	    raid_policy_load(&policy, &s.conf, &err) == -1 ||
	    raid_policy_check(&policy, "patch", &err) == -1)
		prog_die(&err);
	for (size_t i = 0; i < tags->n; i++)
		status = raid_status_merge(status, take(&s, o, tags->v[i]));
	raid_policy_free(&policy);
	store_close(&s);
	return status;
}

int
patch_tags(const struct patch_tags_opts *o, int argc, char **argv)
{
	struct raid_list tags = { 0 };
	struct raid_err err;
	int status;

	if (prog_tags(argc, argv, &tags, &err) == -1)
		prog_die(&err);
	status = tags.n == 0 ? RAID_NO : take_all(o, &tags);
	raid_list_free(&tags);
	return status;
}

void
patch_remember(char **argv)
{
	(void)argv;
}
