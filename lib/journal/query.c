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

/* One string of the FTS5 query, if it has a word at all.  It knows no quotes
 * and FTS5 no operators inside. */
static void
add_term(struct raid_buf *b, const char *s, size_t len)
{
	char *folded = raid_grammar_index(s, len);

	if (folded[strspn(folded, " ")] != '\0')
		raid_buf_printf(b, "\"%s\" ", folded);
	free(folded);
}

/*
 * What people type, as an FTS5 query: each word a string, a part in quotes
 * one, too.  Characters of a script without blanks that are typed as one
 * word are a phrase by that.
 */
static char *
search_terms(const char *words)
{
	struct raid_buf b;
	size_t n;
	char *s;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (; *words != '\0'; words += n) {
		if (*words == '"') {
			n = strcspn(++words, "\"");
			add_term(&b, words, n);
			words += words[n] != '\0';
		} else {
			n = strcspn(words, "\" \t\r\n");
			add_term(&b, words, n);
			words += n;
			n = strspn(words, " \t\r\n");
		}
	}
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

/* What the parameters of every statement are made from. */
struct values {
	struct raid_tag tag, upto, reply;
	long long root;			/* of the thread */
	char *who, *word, *terms;	/* folded */
};

static char *
fold(const char *s)
{
	return s != NULL ? raid_utf8_fold(s, strlen(s)) : NULL;
}

static int
make_values(struct raid_db *db, const struct raid_query *q, struct values *v,
    struct raid_err *err)
{
	*v = (struct values){ .who = fold(q->author),
		.word = fold(q->hashtag) };
	if (q->tag != NULL)
		v->tag = *q->tag;
	if (q->upto != NULL)
		v->upto = *q->upto;
	if (q->reply_to != NULL && raid_tag_parse(q->reply_to,
	    strlen(q->reply_to), &v->reply) == -1)
		return raid_fail(err, RAID_EDATA, "%.80s: no tag", q->reply_to);
	if (q->words != NULL) {
		v->terms = search_terms(q->words);
		if (*v->terms == '\0')
			return raid_fail(err, RAID_EUSAGE,
			    "no word to search for");
	}
	return q->thread == NULL ? 0 :
	    thread_root(db, q->thread, &v->root, err);
}

static void
free_values(struct values *v)
{
	free(v->who);
	free(v->word);
	free(v->terms);
}

#define HAS_WORD \
	"EXISTS (SELECT 1 FROM hashtag WHERE word = ?4 AND post = p.id)"
#define UNANSWERED \
	"p.kind = 'chat' AND EXISTS (SELECT 1 FROM mention m WHERE " \
	"m.post = p.id AND m.name NOT IN (p.who, 'dev', 'agent')) " \
	"AND NOT EXISTS (SELECT 1 FROM post a WHERE a.reply_ts = p.ts AND " \
	"a.reply_n = p.n AND ((a.kind = 'retraction' AND " \
	"(a.who = p.who OR a.who = 'dev')) OR " \
	"(a.status = 'complete' AND a.who <> p.who AND " \
	"EXISTS (SELECT 1 FROM mention m WHERE m.post = p.id AND " \
	"m.name IN (a.who, 'all')))))"

/*
 * The table that leads, with the column that orders.  It is walked from its
 * end and only as far as the limit wants, so that a word or a hashtag that
 * is everywhere costs no more than a rare one: CROSS JOIN keeps the order of
 * the tables.
 */
static const char *
lead(const struct raid_query *q, struct raid_buf *sql)
{
	raid_buf_puts(sql, "SELECT " COLUMNS " FROM ");
	if (q->words != NULL) {
		raid_buf_puts(sql, "post_text CROSS JOIN post p "
		    "ON p.id = post_text.rowid WHERE post_text MATCH ?6");
		return "post_text.rowid";
	}
	if (q->hashtag != NULL && q->tag == NULL && q->thread == NULL) {
		raid_buf_puts(sql, "hashtag h CROSS JOIN post p "
		    "ON p.id = h.post WHERE h.word = ?4");
		return "h.post";
	}
	raid_buf_puts(sql, "post p WHERE 1");
	return "p.id";
}

/* Every condition has its parameter, so that one binding serves all. */
static void
make_sql(const struct raid_query *q, struct raid_buf *sql)
{
	const char *id;

	if (!q->newest_first)
		raid_buf_puts(sql, "SELECT * FROM (");
	if (q->thread != NULL)
		raid_buf_puts(sql, "WITH RECURSIVE t(id, ts, n) AS ("
		    "SELECT id, ts, n FROM post WHERE id = ?11 UNION "
		    "SELECT c.id, c.ts, c.n FROM t JOIN post c ON "
		    "c.reply_ts = t.ts AND c.reply_n = t.n LIMIT 10000) ");
	id = lead(q, sql);
	if (q->tag != NULL)
		raid_buf_puts(sql, " AND p.ts = ?1 AND p.n = ?2");
	if (q->author != NULL)
		raid_buf_puts(sql, " AND p.who = ?3");
	if (q->hashtag != NULL)
		raid_buf_puts(sql, " AND " HAS_WORD);
	if (q->kind != NULL)
		raid_buf_puts(sql, " AND p.kind = ?5");
	if (q->reply_to != NULL)
		raid_buf_puts(sql, " AND p.reply_ts = ?7 AND p.reply_n = ?8");
	if (q->since != 0)
		raid_buf_puts(sql, " AND p.ts >= ?9");
	if (q->until != 0)
		raid_buf_puts(sql, " AND p.ts <= ?10");
	if (q->thread != NULL)
		raid_buf_puts(sql, " AND p.id IN (SELECT id FROM t)");
	if (q->upto != NULL)
		raid_buf_puts(sql, " AND (p.ts, p.n) <= (?12, ?13)");
	if (q->after != 0)
		raid_buf_printf(sql, " AND %s > ?15", id);
	if (q->until_id != 0)
		raid_buf_printf(sql, " AND %s <= ?16", id);
	if (q->unanswered)
		raid_buf_puts(sql, " AND " UNANSWERED);
	/* What is imported may be older than what was there: the window of a
	 * post is made of those before it in time. */
	raid_buf_printf(sql, " ORDER BY %s DESC LIMIT ?14",
	    q->upto != NULL ? "p.ts DESC, p.n" : id);
	if (!q->newest_first)
		raid_buf_puts(sql, ") ORDER BY 1");
}

static struct raid_stmt *
make_stmt(struct raid_db *db, const struct raid_query *q,
    const struct values *v, struct raid_err *err)
{
	struct raid_buf sql;
	struct raid_stmt *st;

	raid_buf_init(&sql, 8192);
	make_sql(q, &sql);
	st = raid_db_query(db, err, raid_buf_str(&sql), "iittttiiiiiiiiii",
	    v->tag.ts, v->tag.n, v->who, v->word, q->kind, v->terms,
	    v->reply.ts, v->reply.n, q->since, q->until, v->root, v->upto.ts,
	    v->upto.n, q->limit != 0 ? (long long)q->limit : -1LL, q->after,
	    q->until_id);
	raid_buf_free(&sql);
	return st;
}

int
raid_query_each(struct raid_db *db, const struct raid_query *q,
    int (*fn)(struct raid_post *, void *, struct raid_err *), void *arg,
    struct raid_err *err)
{
	struct raid_stmt *st = NULL;
	struct raid_post p;
	struct values v;
	int r = make_values(db, q, &v, err);

	if (r == 0)
		st = make_stmt(db, q, &v, err);
	r = st == NULL ? -1 : 0;
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
	free_values(&v);
	return r;
}

int
raid_query_newest(struct raid_db *db, long long *id, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(db, err,
	    "SELECT ifnull(max(id), 0) FROM post", "");
	int r = raid_stmt_step(st, err);

	if (r == 1)
		*id = raid_stmt_int(st, 0);
	raid_stmt_free(st);
	return r == 1 ? 0 : -1;
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
