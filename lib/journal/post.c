/* SPDX-License-Identifier: ISC */
#include "journal/post.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "journal/blob.h"
#include "journal/grammar.h"
#include "journal/query.h"

void
raid_post_free(struct raid_post *p)
{
	free(p->author);
	free(p->kind);
	free(p->status);
	free(p->meta);
	free(p->body);
	for (size_t i = 0; i < p->nfiles; i++)
		free(p->files[i].path);
	free(p->files);
	raid_list_free(&p->mentions);
	raid_list_free(&p->hashtags);
	raid_list_free(&p->refs);
	*p = (struct raid_post){ 0 };
}

int
raid_post_check(const void *body, size_t len, struct raid_err *err)
{
	const unsigned char *p = body;
	size_t bad, i = 0;

	if (len > RAID_BODY_MAX)
		return raid_fail(err, RAID_EDATA, "the body has %zu bytes; a "
		    "post takes %zu, more goes into a file with -f", len,
		    RAID_BODY_MAX);
	if (memchr(p, '\0', len) != NULL)
		return raid_fail(err, RAID_EDATA,
		    "the body has a NUL byte at offset %zu; attach it with -f",
		    (size_t)((const unsigned char *)memchr(p, '\0', len) - p));
	bad = raid_utf8_check(p, len);
	if (bad < len)
		return raid_fail(err, RAID_EDATA, "the body is not UTF-8 at "
		    "offset %zu (byte 0x%02x); attach it with -f", bad, p[bad]);
	while (i < len && isspace(p[i]))
		i++;
	if (i == len)
		return raid_fail(err, RAID_EDATA, "the body is empty");
	return 0;
}

/* The next tag: seconds are max(clock, newest), so tags rise in journal
 * order even when the clock steps back. */
static int
next_tag(struct raid_db *db, struct raid_tag *t, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT ts, n FROM post ORDER BY ts DESC, n DESC LIMIT 1", "");
	int r = raid_stmt_step(st, err);

	*t = (struct raid_tag){ .ts = raid_clock_now(), .n = 1 };
	if (t->ts < 1)
		t->ts = 1;
	if (r == 1 && raid_stmt_int(st, 0) >= t->ts) {
		t->ts = raid_stmt_int(st, 0);
		t->n = raid_stmt_int(st, 1) + 1;
	}
	raid_stmt_free(st);
	return r == -1 ? -1 : 0;
}

static int
add_links(struct raid_db *db, long long id, const struct raid_draft *d,
    struct raid_err *err)
{
	struct raid_grammar g;
	int r = 0;

	raid_grammar_parse(d->body, d->body_len, &g);
	for (size_t i = 0; d->hashtags != NULL && i < d->hashtags->n; i++) {
		char *f = raid_utf8_fold(d->hashtags->v[i],
		    strlen(d->hashtags->v[i]));

		(void)raid_list_addnew(&g.hashtags, f);
		free(f);
	}
	for (size_t i = 0; r == 0 && i < g.nrefs; i++)
		r = raid_db_run(db, err, "INSERT INTO ref VALUES (?, ?, ?)",
		    "iii", id, g.refs[i].ts, g.refs[i].n);
	for (size_t i = 0; r == 0 && i < g.mentions.n; i++)
		r = raid_db_run(db, err, "INSERT INTO mention VALUES (?, ?)",
		    "it", id, g.mentions.v[i]);
	for (size_t i = 0; r == 0 && i < g.hashtags.n; i++)
		r = raid_db_run(db, err,
		    "INSERT INTO hashtag(word, post) VALUES (?, ?)", "ti",
		    g.hashtags.v[i], id);
	raid_grammar_free(&g);
	return r;
}

static int
add_files(struct raid_db *db, long long id, const struct raid_draft *d,
    struct raid_err *err)
{
	char sha[RAID_HASH_SIZE];

	for (size_t i = 0; i < d->nfiles; i++) {
		const struct raid_attach *a = &d->files[i];

		if (raid_blob_put(db, a->p, a->len, sha, err) == -1 ||
		    raid_db_run(db, err, "INSERT INTO file VALUES "
		    "(?, ?, ?, ?, ?)", "itiih", id, a->path,
		    (long long)a->mode, (long long)a->len, sha) == -1)
			return raid_fail_at(err, "%s", a->path);
	}
	return 0;
}

static void
make_uid(struct raid_db *db, const struct raid_draft *d, const char *tag,
    const char *body, char uid[RAID_HASH_SIZE])
{
	const char *const parts[] = { raid_db_meta(db, "id"), tag, d->author,
		d->kind != NULL ? d->kind : "chat",
		d->reply_to != NULL ? d->reply_to : "", body, NULL };

	raid_hash_strings(uid, parts);
}

/* The row itself and its words in the index. */
static int
add_row(struct raid_db *db, const struct raid_draft *d, struct raid_tag t,
    struct raid_tag reply, struct raid_err *err)
{
	char *body = raid_memdup(d->body, d->body_len), *words;
	char *who = raid_utf8_fold(d->author, strlen(d->author));
	char tag[RAID_TAG_SIZE], uid[RAID_HASH_SIZE];
	int r;

	raid_tag_format(t, tag);
	make_uid(db, d, tag, body, uid);
	r = raid_db_run(db, err, "INSERT INTO post(ts, n, uid, author, who, "
	    "kind, status, reply_ts, reply_n, meta, body) VALUES "
	    "(?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?)",
	    "iihttttiits", t.ts, t.n, uid, d->author, who,
	    d->kind != NULL ? d->kind : "chat",
	    d->status != NULL ? d->status : "complete", reply.ts, reply.n,
	    d->meta != NULL ? d->meta : "{}", body, d->body_len);
	free(body);
	free(who);
	if (r == -1)
		return -1;
	words = raid_grammar_index(d->body, d->body_len);
	r = raid_db_run(db, err, "INSERT INTO post_text(rowid, words) "
	    "VALUES (last_insert_rowid(), ?)", "t", words);
	free(words);
	return r;
}

int
raid_post_add(struct raid_db *db, const struct raid_draft *d,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_tag t, reply = { 0 };
	long long id;

	if (raid_post_check(d->body, d->body_len, err) == -1)
		return -1;
	if (d->reply_to != NULL && raid_tag_parse(d->reply_to,
	    strlen(d->reply_to), &reply) == -1)
		return raid_fail(err, RAID_EDATA, "%s: no tag", d->reply_to);
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (next_tag(db, &t, err) == -1 || add_row(db, d, t, reply, err) == -1)
		goto bad;
	id = raid_db_last_id(db);
	if (add_links(db, id, d, err) == -1 || add_files(db, id, d, err) == -1)
		goto bad;
	raid_tag_format(t, tag);
	return raid_db_commit(db, err);
bad:
	raid_db_rollback(db);
	return -1;
}

int
raid_post_get(struct raid_db *db, const char *tag, struct raid_post *p,
    struct raid_err *err)
{
	struct raid_posts posts = { 0 };
	struct raid_tag t;
	int r;

	*p = (struct raid_post){ 0 };
	if (raid_tag_parse(tag, strlen(tag), &t) == -1)
		return raid_fail(err, RAID_EDATA, "%.80s: no tag", tag);
	r = raid_query_run(db, &(struct raid_query){ .tag = &t }, &posts, err);
	if (r == 0 && posts.n == 0)
		r = raid_fail(err, RAID_ENOINPUT, "%s: no such post in %s",
		    tag, raid_db_path(db));
	if (r == 0) {
		*p = posts.v[0];
		posts.n = 0;
	}
	raid_posts_free(&posts);
	return r;
}

/* "last", "last~2", "last@grok", "last@grok~1". */
static int
resolve_last(struct raid_db *db, const char *operand, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	const char *s = operand + 4, *tilde = strchr(s, '~');
	char *author = NULL;
	struct raid_stmt *st;
	long long back = 0;
	int r;

	if (tilde != NULL && raid_num_parse(tilde + 1, 0, 1000000000, &back,
	    operand, err) == -1)
		return -1;
	if (*s == '@')
		author = raid_utf8_fold(s + 1, tilde != NULL ?
		    (size_t)(tilde - s - 1) : strlen(s + 1));
	else if (*s != '\0' && *s != '~')
		return raid_fail(err, RAID_EDATA, "%.80s: no tag", operand);
	st = raid_db_query(db, err, "SELECT ts, n FROM post WHERE ?1 IS NULL "
	    "OR who = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2", "ti", author,
	    back);
	r = raid_stmt_step(st, err);
	if (r == 1)
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 0),
		    raid_stmt_int(st, 1) }, tag);
	else if (r == 0)
		raid_fail(err, RAID_ENOINPUT, "%.80s: the journal %s has no "
		    "such post", operand, raid_db_path(db));
	raid_stmt_free(st);
	free(author);
	return r == 1 ? 0 : -1;
}

/* A tail of digits, or of digits and _n; newest first, so that the usual
 * case is found at once. */
static int
resolve_tail(struct raid_db *db, const char *tail, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_stmt *st;
	int r, n = 0;

	if (tail[strspn(tail, "0123456789_")] != '\0' || *tail == '\0' ||
	    strlen(tail) >= RAID_TAG_SIZE)
		return raid_fail(err, RAID_EDATA, "'%.80s' is no tag", tail);
	st = raid_db_query(db, err, "SELECT ts, n FROM post WHERE "
	    "substr('_' || ts || iif(n > 1, '_' || n, ''), -length(?1)) = ?1 "
	    "ORDER BY id DESC LIMIT 2", "t", tail);
	while ((r = raid_stmt_step(st, err)) == 1)
		if (n++ == 0)
			raid_tag_format((struct raid_tag){
			    raid_stmt_int(st, 0), raid_stmt_int(st, 1) }, tag);
	raid_stmt_free(st);
	if (r == -1)
		return -1;
	if (n == 0)
		return raid_fail(err, RAID_ENOINPUT, "%s: no post with this "
		    "tag in %s", tail, raid_db_path(db));
	if (n > 1)
		return raid_fail(err, RAID_EUSAGE, "%s: several posts end so; "
		    "%s is the newest", tail, tag);
	return 0;
}

static int
resolve(struct raid_db *db, const char *operand, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	struct raid_stmt *st;
	struct raid_tag t;
	int r;

	if (raid_str_starts(operand, "last"))
		return resolve_last(db, operand, tag, err);
	if (raid_tag_parse(operand, strlen(operand), &t) == -1)
		return resolve_tail(db, operand, tag, err);
	st = raid_db_query(db, err, "SELECT 1 FROM post WHERE ts = ? AND n = ?",
	    "ii", t.ts, t.n);
	r = raid_stmt_step(st, err);
	raid_stmt_free(st);
	raid_tag_format(t, tag);
	if (r == 0)
		return raid_fail(err, RAID_ENOINPUT, "%s: no such post in %s",
		    tag, raid_db_path(db));
	return r == 1 ? 0 : -1;
}

int
raid_post_resolve(struct raid_db *db, const char *operand,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	size_t n = strlen(operand);
	char *trimmed;
	int r;

	while (isspace((unsigned char)*operand)) {
		operand++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)operand[n - 1]))
		n--;
	trimmed = raid_strndup(operand, n);
	r = resolve(db, trimmed, tag, err);
	free(trimmed);
	return r;
}

/* A cycle of replies cannot be made by raid, but by an import. */
#define CHAIN_MAX 10000

int
raid_post_base(struct raid_db *db, const char *tag, struct raid_base *base,
    struct raid_err *err)
{
	char at[RAID_TAG_SIZE];
	struct raid_post p;

	*base = (struct raid_base){ 0 };
	(void)snprintf(at, sizeof(at), "%s", tag);
	for (int i = 0; i < CHAIN_MAX && *at != '\0'; i++) {
		struct raid_json *meta;
		const char *commit;
		int owns;

		if (raid_post_get(db, at, &p, err) == -1) {
			raid_post_free(&p);
			return -1;
		}
		meta = raid_json_parse(p.meta, strlen(p.meta), err);
		commit = raid_json_str(meta, "base", "");
		owns = p.nfiles != 0 && *base->owner == '\0';
		/* Files were attached over the commit of their own post. */
		if (*commit != '\0' && (owns || *base->commit == '\0'))
			(void)snprintf(base->commit, sizeof(base->commit), "%s",
			    commit);
		raid_json_free(meta);
		if (owns)
			(void)snprintf(base->owner, sizeof(base->owner), "%s",
			    p.tag);
		(void)snprintf(at, sizeof(at), "%s", p.reply_to);
		raid_post_free(&p);
		if (*base->commit != '\0' && *base->owner != '\0')
			break;
	}
	return 0;
}

void
raid_post_files_hash(const struct raid_post *p, char out[RAID_HASH_SIZE])
{
	struct raid_list l = { 0 };

	for (size_t i = 0; i < p->nfiles; i++)
		raid_list_addf(&l, "%s %o %s", p->files[i].sha256,
		    p->files[i].mode, p->files[i].path);
	raid_hash_strings(out, l.n != 0 ? (const char *const *)l.v :
	    (const char *const[]){ NULL });
	raid_list_free(&l);
}

static void
set_list(struct raid_json *j, const char *key, const struct raid_list *l)
{
	struct raid_json *a = raid_json_array();

	for (size_t i = 0; i < l->n; i++)
		raid_json_add_str(a, l->v[i]);
	raid_json_set(j, key, a);
}

struct raid_json *
raid_post_json(const struct raid_post *p)
{
	struct raid_json *j = raid_json_object(), *files = raid_json_array();
	struct raid_json *meta;
	struct raid_err ignored;
	char mode[16];

	raid_json_set_str(j, "type", "post");
	raid_json_set_int(j, "v", 1);
	raid_json_set_str(j, "tag", p->tag);
	raid_json_set_str(j, "uid", p->uid);
	raid_json_set_int(j, "ts", p->t.ts);
	raid_json_set_str(j, "author", p->author);
	raid_json_set_str(j, "kind", p->kind);
	raid_json_set_str(j, "status", p->status);
	if (*p->reply_to != '\0')
		raid_json_set_str(j, "reply_to", p->reply_to);
	else
		raid_json_set_null(j, "reply_to");
	set_list(j, "refs", &p->refs);
	set_list(j, "mentions", &p->mentions);
	set_list(j, "hashtags", &p->hashtags);
	for (size_t i = 0; i < p->nfiles; i++) {
		struct raid_json *f = raid_json_object();

		(void)snprintf(mode, sizeof(mode), "%06o", p->files[i].mode);
		raid_json_set_str(f, "path", p->files[i].path);
		raid_json_set_str(f, "mode", mode);
		raid_json_set_int(f, "size", p->files[i].size);
		raid_json_set_str(f, "sha256", p->files[i].sha256);
		raid_json_add(files, f);
	}
	raid_json_set(j, "files", files);
	raid_json_set_str(j, "body", p->body);
	meta = raid_json_parse(p->meta, strlen(p->meta), &ignored);
	raid_json_set(j, "meta", meta != NULL ? meta : raid_json_object());
	return j;
}
