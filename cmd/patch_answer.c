/* SPDX-License-Identifier: ISC */
#include "patch_answer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "code/degrade.h"
#include "journal/blob.h"
#include "journal/query.h"
#include "patch.h"
#include "patch_tell.h"
#include "plan.h"
#include "prog.h"

#define BODY_DIFF_MAX (64u << 10)	/* a longer diff is only a blob */
#define SUBJECT_MAX 72

/* What an answer was written for. */
struct base {
	struct store *s;
	struct raid_base at;
	struct raid_post owner;	/* its files lie over the commit */
	struct raid_repo *repo;	/* NULL outside of git */
};

/* An answer stands on what its question stood on; whoever posted it by hand
 * may have had another HEAD since. */
static int
base_open(struct base *b, struct store *s, const struct raid_post *p,
    struct raid_err *err)
{
	*b = (struct base){ .s = s };
	if (raid_post_base(s->db, *p->reply_to != '\0' ? p->reply_to : p->tag,
	    &b->at, err) == -1)
		return -1;
	if (*b->at.owner != '\0' &&
	    raid_post_get(s->db, b->at.owner, &b->owner, err) == -1)
		return -1;
	if (*b->at.commit == '\0')
		return 0;
	b->repo = raid_repo_open(s->conf.root != NULL ? s->conf.root : ".",
	    err);
	return b->repo != NULL ? 0 : -1;
}

static void
base_close(struct base *b)
{
	raid_post_free(&b->owner);
	raid_repo_free(b->repo);
}

/* The patch that was made of this answer before: 1 found, 0 none. */
static int
find_patch(struct store *s, const char *answer, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_posts posts = { 0 };
	struct raid_query q = { .kind = "patch", .reply_to = answer,
		.limit = 1 };
	int r = raid_query_run(s->db, &q, &posts, err);

	if (r == 0 && posts.n != 0) {
		memcpy(tag, posts.v[0].tag, RAID_TAG_SIZE);
		r = 1;
	}
	raid_posts_free(&posts);
	return r;
}

/*
 * What the commit will be called: the first line of the answer, when it is
 * a short sentence before the edits, else the name of the file.
 */
static char *
make_subject(const struct raid_post *p, const struct raid_edits *e,
    const struct raid_place *pl)
{
	const char *s = p->body + strspn(p->body, " \t\r\n#*_");
	size_t n = strcspn(s, "\r\n"), first = 1;

	for (const char *c = p->body; c < s; c++)
		first += *c == '\n';
	while (n > 0 && strchr(" \t*_.", s[n - 1]) != NULL)
		n--;
	if (first < e->v[0].line && n > 0 && n <= SUBJECT_MAX &&
	    s[n - 1] != ':' && memchr(s, ' ', n) != NULL && *s != '@' &&
	    memchr(s, '`', 1) == NULL)
		return raid_strndup(s, n);
	if (pl->n == 1)
		return raid_strf("change %s", pl->v[0].path);
	return raid_strf("change %s and %zu more", pl->v[0].path, pl->n - 1);
}

static char *
make_meta(const struct base *b, const struct raid_post *p, const char *diff,
    const char *subject)
{
	struct raid_json *j = raid_json_object();
	char *s;

	if (*b->at.commit != '\0')
		raid_json_set_str(j, "base", b->at.commit);
	raid_json_set_str(j, "question", *p->reply_to != '\0' ?
	    p->reply_to : p->tag);
	if (*b->at.owner != '\0')
		raid_json_set_str(j, "files", b->at.owner);
	raid_json_set_str(j, "diff", diff);
	raid_json_set_str(j, "subject", subject);
	s = raid_json_print(j, 0);
	raid_json_free(j);
	return s;
}

/* The audit says which rules were waived for it. */
static int
audit(struct store *s, const char *tag, const char *sha, unsigned waived,
    struct raid_err *err)
{
	char *names = raid_degrade_names(waived);
	char *detail = raid_strf("%s%s%s", sha, waived != 0 ? " allowed " : "",
	    names);
	int r = store_audit(s, "patch", tag, "policy", "done", detail, err);

	free(detail);
	free(names);
	return r;
}

/* Blob, post and audit entry in one transaction. */
static int
post_patch(struct base *b, const struct raid_post *p, const char *subject,
    const struct raid_buf *diff, unsigned waived, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_db *db = b->s->db;
	struct raid_draft d = { .author = p->author, .kind = "patch",
		.reply_to = p->tag, .body = raid_buf_str(diff),
		.body_len = diff->len };
	char sha[RAID_HASH_SIZE], *meta = NULL, *note = NULL;
	struct raid_err why;
	int r = -1;

	if (store_author(b->s, b->s->member ? p->author : NULL, err) == NULL ||
	    raid_db_begin(db, err) == -1)
		return -1;
	/* Another process may have been faster. */
	r = find_patch(b->s, p->tag, tag, err);
	if (r != 0) {
		raid_db_rollback(db);
		return r == 1 ? 0 : -1;
	}
	r = -1;
	if (raid_blob_put(db, diff->p, diff->len, sha, err) == -1)
		goto out;
	if (diff->len >= BODY_DIFF_MAX ||
	    raid_post_check(d.body, d.body_len, &why) == -1) {
		note = raid_strf("%s%zu bytes, sha256 %s",
		    raid_msg(raid_db_meta(db, "language"),
		    RAID_MSG_PATCH_TOO_LONG), diff->len, sha);
		d.body = note;
		d.body_len = strlen(note);
	}
	d.meta = meta = make_meta(b, p, sha, subject);
	if (raid_post_add(db, &d, tag, err) == 0)
		r = audit(b->s, tag, sha, waived, err);
out:
	if (r == 0)
		r = raid_db_commit(db, err);
	else
		raid_db_rollback(db);
	free(meta);
	free(note);
	return r;
}

/* Answer the answer: why it was refused, and how the file is there. */
static int
post_reject(struct store *s, const struct patch_opts *o,
    const struct raid_post *p, const struct raid_place *pl,
    const struct raid_err *why, struct raid_err *err)
{
	char *body = patch_tell_reject(raid_db_meta(s->db, "language"),
	    p->author, pl, why), tag[RAID_TAG_SIZE];
	struct raid_draft d = { .reply_to = p->tag, .body = body,
		.body_len = strlen(body) };
	int r = -1;

	d.author = store_author(s, NULL, err);
	if (d.author != NULL)
		r = store_post(s, &d, "patch", "policy", "rejected", tag, err);
	free(body);
	return r == 0 ? store_print(s, tag, o->json, err) : -1;
}

/* An answer whose edits were found: place, then post or say so. */
static int
place_answer(const struct patch_opts *o, struct base *b,
    const struct raid_post *p, const struct raid_edits *e,
    struct raid_err *err)
{
	struct patch_base on = { b->s, b->repo, b->at.commit, &b->owner };
	struct raid_place_base base = { patch_base_file, &on };
	char tag[RAID_TAG_SIZE], *subject;
	struct raid_place pl;
	struct raid_buf diff;
	struct raid_err why;
	unsigned waived = 0;
	int r;

	raid_buf_init(&diff, SIZE_MAX / 4);
	r = patch_place(o, e, &base, &pl, err);
	if (r == 0)
		r = raid_degrade_check(&pl, e, o->allow, &waived, err);
	if (r == 0)
		r = raid_place_print(&pl, &diff, err);
	if (r == -1 && o->reject && !o->dry && pl.n_hunks != 0 &&
	    post_reject(b->s, o, p, &pl, err, &why) == -1)
		*err = why;
	if (r == 1) {
		prog_warn("%s by %s: applied already", p->tag, p->author);
		r = 0;
	} else if (r == 0 && o->dry) {
		plan_print(&pl, p->tag, o->json);
	} else if (r == 0) {
		subject = make_subject(p, e, &pl);
		r = post_patch(b, p, subject, &diff, waived, tag, err);
		free(subject);
		if (r == 0)
			r = store_print(b->s, tag, o->json, err);
	}
	raid_buf_free(&diff);
	raid_place_free(&pl);
	return r;
}

/* A refusal ends with the command that helps: to ask once more. */
static void
refuse(const struct raid_post *p, struct raid_err *err)
{
	struct raid_err why = *err;

	if (why.code == RAID_NO || why.code == RAID_EPERM)
		raid_fail(err, why.code, "%.330s; to ask again: raid-post -r "
		    "%s '@%s ...'", why.msg, p->tag, p->author);
}

/* The edits of an answer: of its body, or of the blob that it became. */
static int
find_edits(struct store *s, const struct raid_post *p, struct raid_edits *e,
    struct raid_err *err)
{
	struct raid_json *meta = raid_json_parse(p->meta, strlen(p->meta), err);
	const char *blob = raid_json_str(meta, "blob", NULL);
	struct raid_buf b = { 0 };
	int r = 0;

	*e = (struct raid_edits){ 0 };
	if (blob != NULL)
		r = raid_blob_get(s->db, blob, &b, err);
	if (r == 0)
		r = blob != NULL ? raid_edits_find(b.p, b.len, e, err) :
		    raid_edits_find(p->body, p->body_len, e, err);
	raid_buf_free(&b);
	raid_json_free(meta);
	return r;
}

int
patch_answer(struct store *s, const struct patch_opts *o,
    const struct raid_post *p, struct raid_err *err)
{
	struct raid_edits e;
	struct base b;
	char tag[RAID_TAG_SIZE];
	int r;

	if (strcmp(p->status, "complete") != 0 && !o->partial)
		return raid_fail(err, RAID_NO, "%s, so not taken without "
		    "--partial; to ask again: raid-broadcast --again %s",
		    p->status,
		    *p->reply_to != '\0' ? p->reply_to : p->tag);
	r = find_patch(s, p->tag, tag, err);
	if (r != 0)
		return r == -1 ? -1 : store_print(s, tag, o->json, err);
	r = find_edits(s, p, &e, err);
	if (r == 0 && e.n != 0) {
		r = base_open(&b, s, p, err);
		if (r == 0)
			r = place_answer(o, &b, p, &e, err);
		base_close(&b);
	}
	if (r == -1)
		refuse(p, err);
	else if (e.n == 0)
		r = raid_fail(err, RAID_NO, "no edit in it");
	raid_edits_free(&e);
	return r;
}
