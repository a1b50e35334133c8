/* SPDX-License-Identifier: ISC */
#include "journal/query.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/grammar.h"

#define COLUMNS "p.id, p.ts, p.n, p.uid, p.author, p.kind, p.status, " \
	"p.reply_ts, p.reply_n, p.meta, p.body, " \
	"EXISTS (SELECT 1 FROM imported i WHERE i.post = p.id), " \
	"EXISTS (SELECT 1 FROM post r WHERE r.reply_ts = p.ts AND " \
	"r.reply_n = p.n AND r.kind = 'retraction' AND " \
	"(r.who = p.who OR r.who = 'dev'))"

void
raid_posts_free(struct raid_posts *p)
{
	for (size_t i = 0; i < p->n; i++)
		raid_post_free(&p->v[i]);
	free(p->v);
	*p = (struct raid_posts){ 0 };
}

static char *
take_text(struct raid_stmt *st, int column)
{
	return raid_strdup(raid_stmt_text(st, column));
}

static void
read_row(struct raid_stmt *st, struct raid_post *p)
{
	size_t len;
	const void *body;

	*p = (struct raid_post){ .id = raid_stmt_int(st, 0) };
	p->t = (struct raid_tag){ raid_stmt_int(st, 1), raid_stmt_int(st, 2) };
	raid_tag_format(p->t, p->tag);
	raid_stmt_hex(st, 3, p->uid);
	p->author = take_text(st, 4);
	p->kind = take_text(st, 5);
	p->status = take_text(st, 6);
	if (!raid_stmt_isnull(st, 7))
		raid_tag_format((struct raid_tag){ raid_stmt_int(st, 7),
		    raid_stmt_int(st, 8) }, p->reply_to);
	p->meta = take_text(st, 9);
	body = raid_stmt_blob(st, 10, &len);
	p->body = raid_memdup(body, len);
	p->body_len = len;
	p->imported = raid_stmt_int(st, 11) != 0;
	p->retracted = raid_stmt_int(st, 12) != 0;
}

static int
read_list(struct raid_db *db, const char *sql, long long id,
    struct raid_list *l, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err, sql, "i", id);
	int r;

	while ((r = raid_stmt_step(st, err)) == 1)
		raid_list_add(l, raid_stmt_text(st, 0));
	raid_stmt_free(st);
	return r;
}

static int
read_files(struct raid_db *db, struct raid_post *p, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err, "SELECT path, mode, "
	    "size, sha256 FROM file WHERE post = ? ORDER BY path", "i", p->id);
	size_t cap = 0;
	int r;

	while ((r = raid_stmt_step(st, err)) == 1) {
		struct raid_file *f;

		p->files = raid_grow(p->files, &cap, p->nfiles + 1,
		    sizeof(*p->files));
		f = &p->files[p->nfiles++];
		*f = (struct raid_file){ .path = take_text(st, 0),
			.mode = (unsigned)raid_stmt_int(st, 1),
			.size = raid_stmt_int(st, 2) };
		raid_stmt_hex(st, 3, f->sha256);
	}
	raid_stmt_free(st);
	return r;
}

static int
read_links(struct raid_db *db, struct raid_post *p, struct raid_err *err)
{
	if (read_list(db, "SELECT name FROM mention WHERE post = ? "
	    "ORDER BY name", p->id, &p->mentions, err) == -1 ||
	    read_list(db, "SELECT word FROM hashtag WHERE post = ? "
	    "ORDER BY word", p->id, &p->hashtags, err) == -1 ||
	    read_list(db, "SELECT 'post_' || ts || iif(n > 1, '_' || n, '') "
	    "FROM ref WHERE post = ? ORDER BY ts, n", p->id, &p->refs,
	    err) == -1)
		return -1;
	return read_files(db, p, err);
}

/*
 * What people type, as an FTS5 query: each word a string, a part in quotes
 * a phrase, no operators.
 */
static char *
search_terms(const char *words)
{
	struct raid_list parts = { 0 };
	struct raid_buf b;
	char *s, *folded;

	raid_list_split(&parts, words, '"');
	raid_buf_init(&b, SIZE_MAX / 4);
	/* Odd parts stand between quotes, unless the text begins with one. */
	for (size_t i = 0; i < parts.n; i++) {
		int phrase = (i % 2 == 1) != (*words == '"');
		struct raid_list w = { 0 };

		folded = raid_grammar_index(parts.v[i], strlen(parts.v[i]));
		if (phrase)
			raid_list_add(&w, folded);
		else
			raid_list_split(&w, folded, ' ');
		for (size_t k = 0; k < w.n; k++)
			raid_buf_printf(&b, "\"%s\" ", w.v[k]);
		raid_list_free(&w);
		free(folded);
	}
	raid_list_free(&parts);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

/* The top of the tree of replies that tag stands in. */
static int
thread_root(struct raid_db *db, const char *tag, long long *id,
    struct raid_err *err)
{
	struct raid_tag t = { 0 };
	struct raid_stmt *st;
	int r;

	if (raid_tag_parse(tag, strlen(tag), &t) == -1)
		return raid_fail(err, RAID_EDATA, "%.80s: no tag", tag);
	st = raid_db_query(db, err, "WITH RECURSIVE up(id, rts, rn) AS ("
	    "SELECT id, reply_ts, reply_n FROM post WHERE ts = ? AND n = ? "
	    "UNION SELECT p.id, p.reply_ts, p.reply_n FROM up JOIN post p "
	    "ON p.ts = up.rts AND p.n = up.rn LIMIT 10000) "
	    "SELECT min(id) FROM up", "ii", t.ts, t.n);
	r = raid_stmt_step(st, err);
	if (r == 1)
		*id = raid_stmt_int(st, 0);
	raid_stmt_free(st);
	return r == 1 ? 0 : -1;
}

/* Every condition has its parameter, so that one statement serves all. */
static struct raid_stmt *
make_stmt(struct raid_db *db, const struct raid_query *q, struct raid_list *own,
    struct raid_err *err)
{
	struct raid_tag reply = { 0 }, tag = q->tag != NULL ? *q->tag : reply;
	struct raid_tag upto = q->upto != NULL ? *q->upto : reply;
	long long root = 0;
	struct raid_buf sql;
	struct raid_stmt *st;

	if (q->reply_to != NULL && raid_tag_parse(q->reply_to,
	    strlen(q->reply_to), &reply) == -1) {
		raid_fail(err, RAID_EDATA, "%.80s: no tag", q->reply_to);
		return NULL;
	}
	if (q->thread != NULL && thread_root(db, q->thread, &root, err) == -1)
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		const char *s = i == 0 ? q->author : q->hashtag;
		char *f = raid_utf8_fold(s != NULL ? s : "",
		    s != NULL ? strlen(s) : 0);

		raid_list_add(own, f);
		free(f);
	}
	raid_buf_init(&sql, 4096);
	raid_buf_puts(&sql, "SELECT * FROM (");
	if (q->thread != NULL)
		raid_buf_puts(&sql, "WITH RECURSIVE t(id, ts, n) AS ("
		    "SELECT id, ts, n FROM post WHERE id = ?11 UNION "
		    "SELECT c.id, c.ts, c.n FROM t JOIN post c ON "
		    "c.reply_ts = t.ts AND c.reply_n = t.n LIMIT 10000) ");
	raid_buf_puts(&sql, "SELECT " COLUMNS " FROM post p WHERE 1");
	if (q->tag != NULL)
		raid_buf_puts(&sql, " AND p.ts = ?1 AND p.n = ?2");
	if (q->author != NULL)
		raid_buf_puts(&sql, " AND p.who = ?3");
	if (q->hashtag != NULL)
		raid_buf_puts(&sql, " AND p.id IN "
		    "(SELECT post FROM hashtag WHERE word = ?4)");
	if (q->kind != NULL)
		raid_buf_puts(&sql, " AND p.kind = ?5");
	if (q->words != NULL)
		raid_buf_puts(&sql, " AND p.id IN (SELECT rowid FROM "
		    "post_text WHERE post_text MATCH ?6)");
	if (q->reply_to != NULL)
		raid_buf_puts(&sql, " AND p.reply_ts = ?7 AND p.reply_n = ?8");
	if (q->since != 0)
		raid_buf_puts(&sql, " AND p.ts >= ?9");
	if (q->until != 0)
		raid_buf_puts(&sql, " AND p.ts <= ?10");
	if (q->thread != NULL)
		raid_buf_puts(&sql, " AND p.id IN (SELECT id FROM t)");
	if (q->upto != NULL)
		raid_buf_puts(&sql, " AND (p.ts, p.n) <= (?12, ?13)");
	/* What is imported may be older than what was there: the window of a
	 * post is made of those before it in time. */
	raid_buf_printf(&sql, " ORDER BY %s LIMIT ?14) ORDER BY 1",
	    q->upto != NULL ? "p.ts DESC, p.n DESC" : "p.id DESC");
	if (q->words != NULL) {
		char *terms = search_terms(q->words);

		raid_list_add(own, terms);
		free(terms);
		if (*own->v[2] == '\0') {
			raid_fail(err, RAID_EUSAGE, "no word to search for");
			raid_buf_free(&sql);
			return NULL;
		}
	}
	st = raid_db_query(db, err, raid_buf_str(&sql), "iittttiiiiiiii",
	    tag.ts, tag.n, own->v[0], own->v[1], q->kind,
	    q->words != NULL ? own->v[2] : NULL, reply.ts, reply.n, q->since,
	    q->until, root, upto.ts, upto.n,
	    q->limit != 0 ? (long long)q->limit : -1LL);
	raid_buf_free(&sql);
	return st;
}

int
raid_query_each(struct raid_db *db, const struct raid_query *q,
    int (*fn)(struct raid_post *, void *, struct raid_err *), void *arg,
    struct raid_err *err)
{
	struct raid_list own = { 0 };
	struct raid_stmt *st = make_stmt(db, q, &own, err);
	struct raid_post p;
	int r = st == NULL ? -1 : 0;

	while (r == 0 && (r = raid_stmt_step(st, err)) == 1) {
		read_row(st, &p);
		(void)snprintf(p.journal, sizeof(p.journal), "%s",
		    raid_db_meta(db, "id"));
		r = read_links(db, &p, err);
		if (r == 0)
			r = fn(&p, arg, err);
		raid_post_free(&p);
		if (r == -1)
			break;
	}
	raid_stmt_free(st);
	raid_list_free(&own);
	return r;
}

static int
keep(struct raid_post *p, void *arg, struct raid_err *err)
{
	struct raid_posts *out = arg;

	(void)err;
	out->v = raid_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = *p;
	*p = (struct raid_post){ 0 };
	return 0;
}

int
raid_query_run(struct raid_db *db, const struct raid_query *q,
    struct raid_posts *out, struct raid_err *err)
{
	*out = (struct raid_posts){ 0 };
	return raid_query_each(db, q, keep, out, err);
}

static int
has(const struct raid_posts *p, struct raid_tag t)
{
	for (size_t i = 0; i < p->n; i++)
		if (raid_tag_compare(p->v[i].t, t) == 0)
			return 1;
	return 0;
}

/* Add the post of a tag if it is there and not yet in the set. */
static int
add_linked(struct raid_db *db, const char *tag, struct raid_posts *set,
    struct raid_err *err)
{
	struct raid_tag t;
	struct raid_posts one;
	int r;

	if (raid_tag_parse(tag, strlen(tag), &t) == -1 || has(set, t))
		return 0;
	r = raid_query_run(db, &(struct raid_query){ .tag = &t }, &one, err);
	if (r == 0 && one.n == 1) {
		(void)keep(&one.v[0], set, err);
		one.n = 0;
	}
	raid_posts_free(&one);
	return r;
}

static int
by_tag(const void *a, const void *b)
{
	return raid_tag_compare(((const struct raid_post *)a)->t,
	    ((const struct raid_post *)b)->t);
}

int
raid_query_cascade(struct raid_db *db, const char *tag, size_t window,
    size_t max, struct raid_posts *out, struct raid_err *err)
{
	struct raid_query q = { .limit = window };
	struct raid_tag upto;
	int r;

	*out = (struct raid_posts){ 0 };
	if (raid_tag_parse(tag, strlen(tag), &upto) == -1)
		return raid_fail(err, RAID_EDATA, "%.80s: no tag", tag);
	q.upto = &upto;
	r = raid_query_run(db, &q, out, err);
	/* The set grows behind i: breadth first, so what is near comes first
	 * and cycles end by themselves. */
	for (size_t i = 0; r == 0 && i < out->n && out->n < max; i++) {
		struct raid_list links = { 0 };

		for (size_t k = 0; k < out->v[i].refs.n; k++)
			raid_list_add(&links, out->v[i].refs.v[k]);
		if (*out->v[i].reply_to != '\0')
			raid_list_add(&links, out->v[i].reply_to);
		for (size_t k = 0; r == 0 && k < links.n && out->n < max; k++)
			r = add_linked(db, links.v[k], out, err);
		raid_list_free(&links);
	}
	if (r == 0 && out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_tag);
	return r;
}
