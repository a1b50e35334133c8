/* SPDX-License-Identifier: ISC */
#include "journal/post.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/blob.h"
#include "journal/grammar.h"

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

/* What the body says; as->refs is what it refers to. */
static int
add_links(struct raid_db *db, long long id, const struct raid_draft *d,
    const struct raid_post_as *as, struct raid_err *err)
{
	const struct raid_tag *refs;
	struct raid_grammar g;
	size_t nrefs;
	int r = 0;

	raid_grammar_parse(d->body, d->body_len, &g);
	refs = as->given_refs ? as->refs : g.refs;
	nrefs = as->given_refs ? as->nrefs : g.nrefs;
	for (size_t i = 0; d->hashtags != NULL && i < d->hashtags->n; i++) {
		char *f = raid_utf8_fold(d->hashtags->v[i],
		    strlen(d->hashtags->v[i]));

		(void)raid_list_addnew(&g.hashtags, f);
		free(f);
	}
	for (size_t i = 0; r == 0 && i < nrefs; i++)
		r = raid_db_run(db, err, "INSERT OR IGNORE INTO ref "
		    "VALUES (?, ?, ?)", "iii", id, refs[i].ts, refs[i].n);
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

/* A file's row; its content may be a blob or not. */
static int
add_file(struct raid_db *db, long long id, const char *path, unsigned mode,
    long long size, const char *sha, struct raid_err *err)
{
	return raid_db_run(db, err, "INSERT INTO file VALUES "
	    "(?, ?, ?, ?, ?)", "itiih", id, path, (long long)mode, size, sha);
}

static int
add_files(struct raid_db *db, long long id, const struct raid_draft *d,
    const struct raid_post_as *as, struct raid_err *err)
{
	char sha[RAID_HASH_SIZE];

	for (size_t i = 0; i < d->nfiles; i++) {
		const struct raid_attach *a = &d->files[i];

		if (raid_blob_put(db, a->p, a->len, sha, err) == -1 ||
		    add_file(db, id, a->path, a->mode, (long long)a->len, sha,
		    err) == -1)
			return raid_fail_at(err, "%s", a->path);
	}
	for (size_t i = 0; i < as->nfiles; i++) {
		const struct raid_file *f = &as->files[i];

		if (add_file(db, id, f->path, f->mode, f->size, f->sha256,
		    err) == -1)
			return raid_fail_at(err, "%s", f->path);
	}
	return 0;
}

void
raid_post_uid(const char *journal, const char *tag, const struct raid_draft *d,
    char uid[RAID_HASH_SIZE])
{
	const char *const parts[] = { journal, tag, d->author,
		d->kind != NULL ? d->kind : "chat",
		d->reply_to != NULL ? d->reply_to : "", d->body, NULL };

	raid_hash_strings(uid, parts);
}

/* The row itself and its words in the index. */
static int
add_row(struct raid_db *db, const struct raid_draft *d,
    const struct raid_post_as *as, struct raid_err *err)
{
	char *who = raid_utf8_fold(d->author, strlen(d->author)), *words;
	int r;

	r = raid_db_run(db, err, "INSERT INTO post(ts, n, uid, author, who, "
	    "kind, status, reply_ts, reply_n, meta, body) VALUES "
	    "(?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?)",
	    "iihttttiits", as->t.ts, as->t.n, as->uid, d->author, who,
	    d->kind != NULL ? d->kind : "chat",
	    d->status != NULL ? d->status : "complete", as->reply.ts,
	    as->reply.n, d->meta != NULL ? d->meta : "{}", d->body,
	    d->body_len);
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
raid_post_insert(struct raid_db *db, const struct raid_draft *d,
    const struct raid_post_as *as, long long *id, struct raid_err *err)
{
	if (add_row(db, d, as, err) == -1)
		return -1;
	*id = raid_db_last_id(db);
	if (add_links(db, *id, d, as, err) == -1)
		return -1;
	return add_files(db, *id, d, as, err);
}

/* The draft with a NUL behind its body, for its hash. */
static void
make_uid(struct raid_db *db, const struct raid_draft *d, const char *tag,
    char uid[RAID_HASH_SIZE])
{
	char *body = raid_memdup(d->body, d->body_len);
	struct raid_draft whole = *d;

	whole.body = body;
	raid_post_uid(raid_db_meta(db, "id"), tag, &whole, uid);
	free(body);
}

int
raid_post_add(struct raid_db *db, const struct raid_draft *d,
    char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	struct raid_post_as as = { 0 };
	char uid[RAID_HASH_SIZE];
	long long id;

	if (raid_post_check(d->body, d->body_len, err) == -1)
		return -1;
	if (d->reply_to != NULL && raid_tag_parse(d->reply_to,
	    strlen(d->reply_to), &as.reply) == -1)
		return raid_fail(err, RAID_EDATA, "%s: no tag", d->reply_to);
	if (raid_db_begin(db, err) == -1)
		return -1;
	if (next_tag(db, &as.t, err) == -1)
		goto bad;
	raid_tag_format(as.t, tag);
	make_uid(db, d, tag, uid);
	as.uid = uid;
	if (raid_post_insert(db, d, &as, &id, err) == -1)
		goto bad;
	return raid_db_commit(db, err);
bad:
	raid_db_rollback(db);
	return -1;
}
