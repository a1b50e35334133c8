/* SPDX-License-Identifier: ISC */
#include "journal/import.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "journal/grammar.h"
#include "journal/jsonl.h"
#include "journal/numbers.h"

/* Of a text up to this size what was read is kept; lines of a longer one are
 * read a second time. */
#define KEEP_MAX ((size_t)64 << 20)

/* A line that holds a post. */
struct entry {
	const char *text;
	struct raid_jsonl *kept;	/* what was read, or NULL */
	size_t len, line;
	size_t journal;			/* which of those of the text */
	char uid[RAID_HASH_SIZE];
	struct raid_tag old, now;	/* its tag there and here */
	long long id;			/* 0: it is to be stored */
	size_t same;			/* an earlier line has this post: its
					 * place, counted from 1 */
};

struct import {
	struct raid_db *db;
	struct raid_import *out;
	struct entry *v;
	size_t n, cap;
	int keep;
	struct raid_list journals;	/* [0] is our own */
	size_t unnamed;			/* stands for lines that name none */
	struct raid_numbers by_uid;	/* to the place of an entry */
	struct raid_numbers by_tag;	/* its journal and tag there */
	struct raid_numbers given;	/* tags given out here */
	struct raid_numbers top;	/* the highest n given for a second */
};

void
raid_import_free(struct raid_import *out)
{
	free(out->added);
	*out = (struct raid_import){ 0 };
}

static struct raid_key
key(long long a, long long b, long long c)
{
	return (struct raid_key){ { a, b, c, 0 } };
}

/* The 64 digits as they are. */
static struct raid_key
uid_key(const char *uid)
{
	struct raid_key k;
	char part[17] = "";

	for (size_t i = 0; i < 4; i++) {
		memcpy(part, uid + 16 * i, 16);
		k.v[i] = (long long)strtoull(part, NULL, 16);
	}
	return k;
}

/* What raid_post_add would get.  A post without a uid has one that follows
 * from what it says, so that it is the same the next time. */
static struct raid_draft
make_draft(const struct raid_post *p)
{
	return (struct raid_draft){ .author = p->author, .kind = p->kind,
		.status = p->status, .reply_to = p->reply_to, .meta = p->meta,
		.body = p->body, .body_len = p->body_len,
		.hashtags = &p->hashtags };
}

static size_t
find_journal(struct import *im, const char *id)
{
	for (size_t i = 0; i < im->journals.n; i++)
		if (strcmp(im->journals.v[i], id) == 0)
			return i;
	raid_list_add(&im->journals, id);
	return im->journals.n - 1;
}

static int
read_line(struct import *im, const char *text, size_t len, size_t line,
    struct raid_err *err)
{
	struct raid_draft d;
	struct raid_jsonl l;
	struct entry *e;
	int r = raid_jsonl_read(text, len, &l, err);

	if (r == 0) {
		im->v = raid_grow(im->v, &im->cap, im->n + 1, sizeof(*im->v));
		e = &im->v[im->n++];
		*e = (struct entry){ .text = text, .len = len, .line = line,
			.old = l.post.t };
		d = make_draft(&l.post);
		memcpy(e->uid, l.post.uid, sizeof(e->uid));
		if (*e->uid == '\0')
			raid_post_uid(l.post.journal, l.post.tag, &d, e->uid);
		/* Lines that name no journal come from one that is named
		 * after the first of them. */
		if (*l.post.journal != '\0')
			e->journal = find_journal(im, l.post.journal);
		else {
			if (im->unnamed == 0)
				im->unnamed = find_journal(im, e->uid);
			e->journal = im->unnamed;
		}
	}
	if (r == 0 && im->keep) {
		e->kept = raid_memdup(&l, sizeof(l));
		return 0;
	}
	raid_jsonl_free(&l);
	return r;
}

static int
is_blank(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" \t\r", p[i]) == NULL || p[i] == '\0')
			return 0;
	return 1;
}

/* All lines are read before the journal is touched. */
static int
read_lines(struct import *im, const char *p, size_t len, struct raid_err *err)
{
	const char *end = p + len, *nl;

	/* A byte-order mark is no part of the text. */
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (size_t line = 1; p < end; p = nl + 1, line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		if (!is_blank(p, (size_t)(nl - p)) &&
		    read_line(im, p, (size_t)(nl - p), line, err) == -1)
			return raid_fail_at(err, "line %zu", line);
	}
	return 0;
}

/* Is it here already, by its uid?  Then that is what it is here. */
static int
find_present(struct import *im, struct entry *e, struct raid_err *err)
{
	struct raid_stmt *st = raid_db_query(im->db, err,
	    "SELECT id, ts, n FROM post WHERE uid = ?", "h", e->uid);
	int r = raid_stmt_step(st, err);

	if (r == 1) {
		e->id = raid_stmt_int(st, 0);
		e->now = (struct raid_tag){ raid_stmt_int(st, 1),
			raid_stmt_int(st, 2) };
	}
	raid_stmt_free(st);
	return r;
}

/* Does a post of ours have this tag, or get it now? */
static int
is_taken(struct import *im, struct raid_tag t, struct raid_err *err)
{
	struct raid_stmt *st;
	size_t ignored;
	int r;

	if (raid_numbers_get(&im->given, key(t.ts, t.n, 0), &ignored))
		return 1;
	st = raid_db_query(im->db, err,
	    "SELECT 1 FROM post WHERE ts = ? AND n = ?", "ii", t.ts, t.n);
	r = raid_stmt_step(st, err);
	raid_stmt_free(st);
	return r;
}

/* Its own tag if that is free, else the next one of that second. */
static int
give_tag(struct import *im, struct entry *e, struct raid_err *err)
{
	struct raid_stmt *st;
	size_t top = 0, high;
	int r;

	(void)raid_numbers_get(&im->top, key(e->old.ts, 0, 0), &top);
	st = raid_db_query(im->db, err, "SELECT max(n) FROM post WHERE ts = ?",
	    "i", e->old.ts);
	r = raid_stmt_step(st, err);
	high = r == 1 ? (size_t)raid_stmt_int(st, 0) : 0;
	raid_stmt_free(st);
	if (r == -1)
		return -1;
	if (high < top)
		high = top;
	e->now = e->old;
	r = (size_t)e->old.n > high ? 0 : is_taken(im, e->old, err);
	if (r == 1)
		e->now.n = (long long)high + 1;
	if ((size_t)e->now.n > top)
		raid_numbers_set(&im->top, key(e->now.ts, 0, 0),
		    (size_t)e->now.n);
	raid_numbers_set(&im->given, key(e->now.ts, e->now.n, 0), 1);
	return r == -1 ? -1 : 0;
}

static int
place(struct import *im, struct raid_err *err)
{
	size_t first;
	int r;

	for (size_t i = 0; i < im->n; i++) {
		struct entry *e = &im->v[i];

		if (raid_numbers_get(&im->by_uid, uid_key(e->uid), &first)) {
			e->same = first + 1;
			e->now = im->v[first].now;
		} else {
			raid_numbers_set(&im->by_uid, uid_key(e->uid), i);
			r = find_present(im, e, err);
			if (r == -1 || (r == 0 && give_tag(im, e, err) == -1))
				return -1;
		}
		raid_numbers_set(&im->by_tag, key((long long)e->journal,
		    e->old.ts, e->old.n), i);
	}
	return 0;
}

/*
 * What a tag of that journal is here.  1 found, 0 it is not here, and its tag
 * means another post: no link is better than a wrong one.
 */
static int
follow(struct import *im, size_t journal, struct raid_tag *t,
    struct raid_err *err)
{
	struct raid_stmt *st;
	size_t at;
	int r;

	if (raid_numbers_get(&im->by_tag, key((long long)journal, t->ts, t->n),
	    &at)) {
		*t = im->v[at].now;
		return 1;
	}
	/* Who names no journal may mean what is here. */
	if (journal == 0 || journal == im->unnamed)
		return 1;
	st = raid_db_query(im->db, err, "SELECT p.ts, p.n FROM alias a JOIN "
	    "post p ON p.id = a.post WHERE a.ts = ? AND a.n = ? AND "
	    "a.journal = ?", "iit", t->ts, t->n, im->journals.v[journal]);
	r = raid_stmt_step(st, err);
	if (r == 1)
		*t = (struct raid_tag){ raid_stmt_int(st, 0),
			raid_stmt_int(st, 1) };
	raid_stmt_free(st);
	if (r != 0)
		return r;
	/* It may come later, and have this tag then. */
	r = is_taken(im, *t, err);
	if (r == 1)
		im->out->unlinked++;
	return r == -1 ? -1 : !r;
}

/* The refs of a post as its body has them, or as its line does. */
static void
list_refs(const struct raid_jsonl *l, struct raid_tag **refs, size_t *n)
{
	struct raid_grammar g;

	if (!l->has_refs) {
		raid_grammar_parse(l->post.body, l->post.body_len, &g);
		*refs = g.refs;
		*n = g.nrefs;
		g.refs = NULL;
		raid_grammar_free(&g);
		return;
	}
	*n = l->post.refs.n;
	*refs = raid_calloc(*n + 1, sizeof(**refs));
	for (size_t i = 0; i < *n; i++)
		(void)raid_tag_parse(l->post.refs.v[i],
		    strlen(l->post.refs.v[i]), &(*refs)[i]);
}

static int
follow_all(struct import *im, const struct entry *e,
    const struct raid_jsonl *l, struct raid_post_as *as, struct raid_tag *refs,
    struct raid_err *err)
{
	size_t n = as->nrefs;
	int r = 1;

	as->refs = refs;
	as->nrefs = 0;
	for (size_t i = 0; r != -1 && i < n; i++) {
		struct raid_tag t = refs[i];

		r = follow(im, e->journal, &t, err);
		if (r == 1)
			refs[as->nrefs++] = t;
	}
	if (r == -1 || *l->post.reply_to == '\0')
		return r == -1 ? -1 : 0;
	(void)raid_tag_parse(l->post.reply_to, strlen(l->post.reply_to),
	    &as->reply);
	r = follow(im, e->journal, &as->reply, err);
	if (r == 0)
		as->reply = (struct raid_tag){ 0 };
	return r == -1 ? -1 : 0;
}

static int
store(struct import *im, struct entry *e, struct raid_err *err)
{
	struct raid_post_as as = { .t = e->now, .uid = e->uid,
		.given_refs = 1 };
	struct raid_tag *refs = NULL;
	struct raid_draft d;
	struct raid_jsonl l;
	int r = 0;

	if (e->kept == NULL) {
		r = raid_jsonl_read(e->text, e->len, &l, err);
	} else {
		l = *e->kept;
		free(e->kept);
		e->kept = NULL;
	}
	if (r == 0) {
		list_refs(&l, &refs, &as.nrefs);
		as.files = l.post.files;
		as.nfiles = l.post.nfiles;
		d = make_draft(&l.post);
		r = follow_all(im, e, &l, &as, refs, err);
	}
	if (r == 0)
		r = raid_post_insert(im->db, &d, &as, &e->id, err);
	if (r == 0)
		r = raid_db_run(im->db, err, "INSERT INTO imported VALUES "
		    "(?, ?)", "ii", e->id, raid_clock_now());
	free(refs);
	raid_jsonl_free(&l);
	return r;
}

/*
 * What it was called there, also if it was here already: whoever refers to it
 * does so by that tag.  (An upsert would open a savepoint, for which the
 * full-text index writes out what it gathers, post by post.)
 */
static int
add_alias(struct import *im, const struct entry *e, struct raid_err *err)
{
	const char *journal = im->journals.v[e->journal];
	struct raid_stmt *st;
	long long known = 0;
	int r;

	if (e->journal == 0)
		return 0;
	st = raid_db_query(im->db, err, "SELECT post FROM alias WHERE ts = ? "
	    "AND n = ? AND journal = ?", "iit", e->old.ts, e->old.n, journal);
	r = raid_stmt_step(st, err);
	if (r == 1)
		known = raid_stmt_int(st, 0);
	raid_stmt_free(st);
	if (r == 0)
		return raid_db_run(im->db, err, "INSERT INTO alias VALUES "
		    "(?, ?, ?, ?)", "iiti", e->old.ts, e->old.n, journal,
		    e->id);
	if (r == -1 || known == e->id)
		return r == -1 ? -1 : 0;
	return raid_db_run(im->db, err, "UPDATE alias SET post = ? WHERE "
	    "ts = ? AND n = ? AND journal = ?", "iiit", e->id, e->old.ts,
	    e->old.n, journal);
}

static int
store_all(struct import *im, struct raid_err *err)
{
	size_t cap = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < im->n; i++) {
		struct entry *e = &im->v[i];

		if (e->same != 0)
			e->id = im->v[e->same - 1].id;
		if (e->id != 0) {
			im->out->present++;
		} else {
			r = store(im, e, err);
			im->out->added = raid_grow(im->out->added, &cap,
			    im->out->nadded + 1, sizeof(*im->out->added));
			im->out->added[im->out->nadded++] = e->now;
		}
		if (r == 0)
			r = add_alias(im, e, err);
		if (r == -1)
			return raid_fail_at(err, "line %zu", e->line);
	}
	return 0;
}

/* Many posts at once: the index gathers more before it writes, and pages stay
 * in memory until the end. */
#define MANY 1000

static int
store_many(struct import *im, struct raid_err *err)
{
	int many = im->n >= MANY;

	if (many && (raid_db_run(im->db, err, "PRAGMA cache_size=-65536", "")
	    == -1 || raid_db_run(im->db, err, "INSERT INTO "
	    "post_text(post_text, rank) VALUES ('hashsize', 8388608)", "")
	    == -1))
		return -1;
	if (store_all(im, err) == -1)
		return -1;
	/* Back to what SQLite has without being asked. */
	return !many ? 0 : raid_db_run(im->db, err, "INSERT INTO "
	    "post_text(post_text, rank) VALUES ('hashsize', 1048576)", "");
}

static int
add_audit(struct import *im, const struct raid_audit *a, struct raid_err *err)
{
	struct raid_audit entry;
	char *detail;
	int r;

	if (a == NULL || im->out->nadded == 0)
		return 0;
	detail = raid_strf("%zu posts from %s", im->out->nadded, a->detail);
	entry = *a;
	entry.detail = detail;
	r = raid_audit_add(im->db, &entry, err);
	free(detail);
	return r;
}

int
raid_import_jsonl(struct raid_db *db, const void *p, size_t len,
    const struct raid_audit *a, struct raid_import *out, struct raid_err *err)
{
	struct import im = { .db = db, .out = out, .keep = len <= KEEP_MAX };
	int r;

	*out = (struct raid_import){ 0 };
	raid_list_add(&im.journals, raid_db_meta(db, "id"));
	r = read_lines(&im, p, len, err);
	if (r == 0 && (r = raid_db_begin(db, err)) == 0) {
		r = place(&im, err);
		if (r == 0)
			r = store_many(&im, err);
		if (r == 0)
			r = add_audit(&im, a, err);
		if (r == 0)
			r = raid_db_commit(db, err);
		else
			raid_db_rollback(db);
	}
	for (size_t i = 0; i < im.n; i++) {
		if (im.v[i].kept != NULL)
			raid_jsonl_free(im.v[i].kept);
		free(im.v[i].kept);
	}
	free(im.v);
	raid_list_free(&im.journals);
	raid_numbers_free(&im.by_uid);
	raid_numbers_free(&im.by_tag);
	raid_numbers_free(&im.given);
	raid_numbers_free(&im.top);
	return r;
}
