/* SPDX-License-Identifier: ISC */
/* What a member said becomes a post, or a row of the calls. */
#include "broadcast.h"

#include <stdlib.h>
#include <string.h>

#include "array/similar.h"
#include "base/clock.h"
#include "journal/blob.h"
#include "prog.h"
#include "rescue.h"

#define PART_SECONDS 1.0
#define PART_BYTES 16384

void
answer_part(struct seat *s)
{
	struct raid_err err;

	if (s->part.len > 0 && raid_call_part(s->r->c->s->db, s->call,
	    s->part.p, s->part.len, &err) == -1)
		screen_say(s->r->c->screen, "%s: %s", s->m->name, err.msg);
	raid_buf_reset(&s->part);
	s->stored = raid_clock_mono();
}

void
answer_text(void *arg, const void *p, size_t len)
{
	struct seat *s = arg;

	raid_buf_add(&s->part, p, len);
	if (s->part.len >= PART_BYTES ||
	    raid_clock_mono() - s->stored >= PART_SECONDS)
		answer_part(s);
}

/*
 * The answer as a post.  What is no valid body is kept as a blob, and the
 * post says so: nothing that was paid for is lost.
 */
static int
make_body(struct seat *s, struct raid_buf *text, char **meta,
    struct raid_err *err)
{
	struct raid_json *j = raid_json_object();
	char sha[RAID_HASH_SIZE];
	struct raid_err why;

	if (raid_post_check(text->p, text->len, &why) == -1) {
		if (raid_blob_put(s->r->c->s->db, text->p, text->len, sha,
		    err) == -1) {
			raid_json_free(j);
			return -1;
		}
		raid_buf_reset(text);
		raid_buf_printf(text, "The answer is no text for a post (%s) "
		    "and is kept as blob %s.", why.msg, sha);
		raid_json_set_str(j, "blob", sha);
	}
	if (s->m != s->asked)
		raid_json_set_str(j, "spare_for", s->asked->name);
	*meta = raid_json_print(j, 0);
	raid_json_free(j);
	return 0;
}

/* The posts that lead to the one which is asked, by their tags. */
static void
add_thread(const struct raid_window *w, struct raid_list *tags)
{
	const struct raid_posts *p = &w->posts;

	raid_list_add(tags, p->v[w->asked].tag);
	for (size_t i = w->asked; i-- > 0;)
		for (size_t k = i + 1; k <= w->asked; k++)
			if (strcmp(p->v[k].reply_to, p->v[i].tag) == 0 &&
			    raid_list_has(tags, p->v[k].tag))
				(void)raid_list_addnew(tags, p->v[i].tag);
}

/* A doubt that somebody in the thread has had before; who is that post. */
static int
repeats(struct seat *s, const struct raid_buf *text, const char **who)
{
	const struct cascade *c = s->r->cascade;
	const struct raid_posts *p = &s->w.posts;
	struct raid_list thread = { 0 };

	for (size_t i = 0; i < c->said.n; i++)
		if (raid_similar((const char *)text->p, text->len,
		    c->said.v[i], strlen(c->said.v[i])) >=
		    RAID_SIMILAR_REPEATS) {
			*who = c->tags.v[i];
			return 1;
		}
	*who = NULL;
	add_thread(&s->w, &thread);
	for (size_t i = 0; *who == NULL && i < p->n; i++)
		if ((raid_list_has(&thread, p->v[i].tag) ||
		    raid_list_has(&thread, p->v[i].reply_to)) &&
		    i != s->w.asked && raid_similar((const char *)text->p,
		    text->len, p->v[i].body, strlen(p->v[i].body)) >=
		    RAID_SIMILAR_REPEATS)
			*who = p->v[i].tag;
	raid_list_free(&thread);
	return *who != NULL;
}

static int
is_post(enum raid_answer kind, size_t len)
{
	return kind == RAID_ANSWER_COMPLETE || (len > 0 &&
	    (kind == RAID_ANSWER_TRUNCATED || kind == RAID_ANSWER_REFUSED ||
	    kind == RAID_ANSWER_INTERRUPTED));
}

static int
status_of(enum raid_answer kind)
{
	return kind == RAID_ANSWER_COMPLETE ? RAID_OK :
	    kind == RAID_ANSWER_SILENT || kind == RAID_ANSWER_REFUSED ?
	    RAID_NO : RAID_EUNAVAIL;
}

static int
print_answer(struct seat *s, const char *tag)
{
	struct cast *c = s->r->c;
	struct raid_err err;

	screen_clear(c->screen);
	if (store_print(c->s, tag, c->o->json, &err) == -1) {
		c->closed = 1;
		return prog_say(&err);
	}
	return RAID_OK;
}

int
answer_store(struct seat *s, enum raid_answer *kind, char tag[RAID_TAG_SIZE])
{
	struct raid_buf *text = &s->talk.text;
	struct raid_draft d = { .author = s->m->name, .kind = "reply",
		.reply_to = s->r->post.tag };
	struct raid_call_end e = { .reason = s->talk.reason,
		.seconds = s->talk.seconds, .first = s->talk.first,
		.usage = s->counted ? &s->usage : NULL, .cost = s->cost,
		.estimated = s->estimated, .raw_usage = s->talk.raw_usage };
	struct cascade *c = s->r->cascade;
	const char *who = "";
	char *meta = NULL, why[80];
	struct raid_err err;
	int ok = 0;


	if (*kind == RAID_ANSWER_COMPLETE && s->critic &&
	    repeats(s, text, &who)) {
		*kind = RAID_ANSWER_SILENT;
		s->r->repeated++;
		(void)snprintf(why, sizeof(why), "repeats %s", who);
		e.reason = why;
	}
	e.status = d.status = raid_answer_name(*kind);
	if (is_post(*kind, text->len)) {
		ok = make_body(s, text, &meta, &err);
		d.meta = meta;
		d.body = raid_buf_str(text);
		d.body_len = text->len;
		e.answer = &d;
	} else if (text->len > 0) {
		e.raw = raid_buf_str(text);
	}
	if (ok == 0)
		ok = raid_call_end(s->r->c->s->db, s->call, &e, tag, &err);
	if (ok == -1) {
		(void)prog_say(&err);
		if (e.answer != NULL)
			rescue_answer(s->r->c->s, &d);
		free(meta);
		return RAID_EIO;
	}
	free(meta);
	if (*kind == RAID_ANSWER_COMPLETE) {
		raid_list_add(&c->said, raid_buf_str(text));
		raid_list_add(&c->tags, tag);
		s->complete = 1;
		ok = print_answer(s, tag);
		return ok != RAID_OK ? ok : status_of(*kind);
	}
	return status_of(*kind);
}
