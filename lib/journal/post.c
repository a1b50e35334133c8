/* SPDX-License-Identifier: ISC */
#include "journal/post.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
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

/* How many rows (ts, n) there are; tag is that of the first.  Frees st. */
static int
count_tags(struct raid_stmt *st, char tag[RAID_TAG_SIZE], struct raid_err *err)
{
	int r, n = 0;

	while ((r = raid_stmt_step(st, err)) == 1)
		if (n++ == 0)
			raid_tag_format((struct raid_tag){
			    raid_stmt_int(st, 0), raid_stmt_int(st, 1) }, tag);
	raid_stmt_free(st);
	return r == -1 ? -1 : n;
}

/*
 * A tail of digits, or of digits and _n.  The index of tags is walked, newest
 * first, and its last number compared before the whole is spelled out.
 */
static int
resolve_tail(struct raid_db *db, const char *tail, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	const char *number = strrchr(tail, '_');
	long long unit = 1;
	struct raid_stmt *st;
	int n;

	if (tail[strspn(tail, "0123456789_")] != '\0' || *tail == '\0' ||
	    strlen(tail) >= RAID_TAG_SIZE)
		return raid_fail(err, RAID_EDATA, "'%.80s' is no tag", tail);
	number = number != NULL ? number + 1 : tail;
	for (size_t i = 0; i < 18 && number[i] != '\0'; i++)
		unit *= 10;
	st = raid_db_query(db, err, "SELECT ts, n FROM post WHERE "
	    "iif(n > 1, n, ts) % ?2 = ?3 AND "
	    "substr('_' || ts || iif(n > 1, '_' || n, ''), -length(?1)) = ?1 "
	    "ORDER BY ts DESC, n DESC LIMIT 2", "tii", tail, unit,
	    strtoll(number, NULL, 10) % unit);
	n = count_tags(st, tag, err);
	if (n == -1)
		return -1;
	if (n == 0)
		return raid_fail(err, RAID_ENOINPUT, "%s: no post with this "
		    "tag in %s", tail, raid_db_path(db));
	if (n > 1)
		return raid_fail(err, RAID_EUSAGE, "%s: several posts end so; "
		    "%s is the newest", tail, tag);
	return 0;
}

/* A tag that posts had in the journals they were imported from. */
static int
resolve_alias(struct raid_db *db, struct raid_tag t, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	char old[RAID_TAG_SIZE];
	struct raid_stmt *st;
	int n;

	raid_tag_format(t, old);
	st = raid_db_query(db, err, "SELECT DISTINCT p.ts, p.n FROM alias a "
	    "JOIN post p ON p.id = a.post WHERE a.ts = ? AND a.n = ? "
	    "ORDER BY p.id DESC LIMIT 2", "ii", t.ts, t.n);
	n = count_tags(st, tag, err);
	if (n == -1)
		return -1;
	if (n == 0)
		return raid_fail(err, RAID_ENOINPUT, "%s: no such post in %s",
		    old, raid_db_path(db));
	if (n > 1)
		return raid_fail(err, RAID_EUSAGE, "%s: several journals had "
		    "this tag; %s is the newest of these posts", old, tag);
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
	if (r == 0)
		return resolve_alias(db, t, tag, err);
	raid_tag_format(t, tag);
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
	raid_json_set_str(j, "journal", p->journal);
	raid_json_set_int(j, "ts", p->t.ts);
	raid_json_set_str(j, "author", p->author);
	raid_json_set_str(j, "kind", p->kind);
	raid_json_set_str(j, "status", p->status);
	raid_json_set_bool(j, "retracted", p->retracted);
	if (*p->reply_to != '\0')
		raid_json_set_str(j, "reply_to", p->reply_to);
	else
		raid_json_set_null(j, "reply_to");
	raid_json_set_list(j, "refs", &p->refs);
	raid_json_set_list(j, "mentions", &p->mentions);
	raid_json_set_list(j, "hashtags", &p->hashtags);
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
