/* SPDX-License-Identifier: ISC */
#include "journal/jsonl.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "journal/grammar.h"

#define META_MAX ((size_t)1 << 20)
#define LIST_MAX 65536		/* refs, hashtags, files of one post */
#define YEAR_9999 253402300799LL

static const char *const kinds[] = { "chat", "reply", "patch", "verdict",
	"commit", "digest", "summary", "diary", "approval", "escalation",
	"retraction", NULL };
static const char *const statuses[] = { "complete", "truncated",
	"interrupted", NULL };

void
raid_jsonl_free(struct raid_jsonl *l)
{
	raid_post_free(&l->post);
	*l = (struct raid_jsonl){ 0 };
}

/* The string of a key: NULL if it is absent. */
static int
get_str(const struct raid_json *j, const char *key, const char **s,
    struct raid_err *err)
{
	const struct raid_json *v = raid_json_get(j, key);

	*s = raid_json_text(v);
	if (v != NULL && *s == NULL)
		return raid_fail(err, RAID_EDATA, "\"%s\" is no string", key);
	return 0;
}

static int
need_str(const struct raid_json *j, const char *key, const char **s,
    struct raid_err *err)
{
	if (get_str(j, key, s, err) == -1)
		return -1;
	return *s != NULL ? 0 :
	    raid_fail(err, RAID_EDATA, "\"%s\" is missing", key);
}

/* A whole number of at least 0 that a double holds exactly. */
static int
get_count(const struct raid_json *v, const char *key, long long *n,
    struct raid_err *err)
{
	double d = raid_json_number(v);

	if (v == NULL)
		return raid_fail(err, RAID_EDATA, "\"%s\" is missing", key);
	if (!raid_json_is_number(v) || !(d >= 0 && d <= 9007199254740992.0) ||
	    floor(d) != d)
		return raid_fail(err, RAID_EDATA, "\"%s\" is no whole number",
		    key);
	*n = (long long)d;
	return 0;
}

/* A tag as the programs print it, and in no other way. */
static int
read_tag(const char *s, const char *key, char tag[RAID_TAG_SIZE],
    struct raid_tag *t, struct raid_err *err)
{
	if (s == NULL || raid_tag_parse(s, strlen(s), t) == -1)
		return raid_fail(err, RAID_EDATA, "\"%s\": '%.60s' is no tag",
		    key, s != NULL ? s : "");
	raid_tag_format(*t, tag);
	if (strcmp(s, tag) != 0)
		return raid_fail(err, RAID_EDATA, "\"%s\": '%.60s' should be "
		    "'%s'", key, s, tag);
	return 0;
}

static int
is_hash(const char *s)
{
	return strlen(s) == RAID_HASH_SIZE - 1 &&
	    s[strspn(s, "0123456789abcdef")] == '\0';
}

static int
read_hash(const struct raid_json *j, const char *key, int needed,
    char out[RAID_HASH_SIZE], struct raid_err *err)
{
	const char *s = NULL;

	*out = '\0';
	if ((needed ? need_str : get_str)(j, key, &s, err) == -1)
		return -1;
	if (s != NULL && !is_hash(s))
		return raid_fail(err, RAID_EDATA, "\"%s\" has not 64 lower-case"
		    " hexadecimal digits", key);
	if (s != NULL)
		(void)snprintf(out, RAID_HASH_SIZE, "%s", s);
	return 0;
}

/* Is it the sort of object that this is about? */
static int
read_type(const struct raid_json *j, struct raid_err *err)
{
	const struct raid_json *v = raid_json_get(j, "v");
	const char *type;

	if (!raid_json_is_object(j))
		return raid_fail(err, RAID_EDATA, "no JSON object");
	if (get_str(j, "type", &type, err) == -1)
		return -1;
	if (type != NULL && strcmp(type, "post") != 0)
		return raid_fail(err, RAID_EDATA,
		    "\"type\": '%.60s' is not 'post'", type);
	if (v != NULL && (!raid_json_is_number(v) || raid_json_number(v) != 1))
		return raid_fail(err, RAID_EDATA, "\"v\" is not 1; a newer "
		    "raid may read it");
	return 0;
}

/* Which post it is: its tag, its time, its hash, whose tags these are. */
static int
read_name(const struct raid_json *j, struct raid_post *p, struct raid_err *err)
{
	const char *s;
	long long ts;

	if (need_str(j, "tag", &s, err) == -1 ||
	    read_tag(s, "tag", p->tag, &p->t, err) == -1 ||
	    get_count(raid_json_get(j, "ts"), "ts", &ts, err) == -1 ||
	    read_hash(j, "uid", 0, p->uid, err) == -1 ||
	    get_str(j, "journal", &s, err) == -1)
		return -1;
	if (ts != p->t.ts)
		return raid_fail(err, RAID_EDATA, "\"ts\" is %lld, but the tag "
		    "is %s", ts, p->tag);
	if (ts > YEAR_9999)
		return raid_fail(err, RAID_EDATA, "\"ts\": %lld lies beyond the"
		    " year 9999", ts);
	if (s == NULL)
		return 0;
	for (size_t i = 0; s[i] != '\0'; i++)
		if (!isalnum((unsigned char)s[i]) || i >= RAID_HASH_SIZE - 1)
			return raid_fail(err, RAID_EDATA, "\"journal\": '%.70s'"
			    " is none: up to 64 letters and digits", s);
	(void)snprintf(p->journal, sizeof(p->journal), "%s", s);
	return 0;
}

/* One of the words of a list; absent stands for its first one. */
static int
read_word(const struct raid_json *j, const char *key,
    const char *const *words, char **out, struct raid_err *err)
{
	const char *s;

	if (get_str(j, key, &s, err) == -1)
		return -1;
	for (size_t i = 0; words[i] != NULL; i++)
		if (s == NULL || strcmp(s, words[i]) == 0) {
			*out = raid_strdup(words[i]);
			return 0;
		}
	return raid_fail(err, RAID_EDATA, "\"%s\": '%.60s' is none that raid "
	    "knows", key, s);
}

/* An array of strings, each given to fn. */
static int
each_str(const struct raid_json *j, const char *key,
    int (*fn)(const char *, struct raid_post *, struct raid_err *),
    struct raid_post *p, struct raid_err *err)
{
	const struct raid_json *a = raid_json_get(j, key);
	size_t n = 0;

	if (a != NULL && !raid_json_is_array(a))
		return raid_fail(err, RAID_EDATA, "\"%s\" is no array", key);
	for (const struct raid_json *v = raid_json_first(a); v != NULL;
	    v = raid_json_next(v)) {
		if (!raid_json_is_string(v))
			return raid_fail(err, RAID_EDATA,
			    "\"%s\" holds what is no string", key);
		if (++n > LIST_MAX)
			return raid_fail(err, RAID_EDATA,
			    "\"%s\" holds more than %d", key, LIST_MAX);
		if (fn(raid_json_text(v), p, err) == -1)
			return -1;
	}
	return 0;
}

static int
add_ref(const char *s, struct raid_post *p, struct raid_err *err)
{
	char tag[RAID_TAG_SIZE];
	struct raid_tag t;

	if (read_tag(s, "refs", tag, &t, err) == -1)
		return -1;
	raid_list_add(&p->refs, tag);
	return 0;
}

/* Names that are mentioned follow from the body. */
static int
pass_over(const char *s, struct raid_post *p, struct raid_err *err)
{
	(void)s;
	(void)p;
	(void)err;
	return 0;
}

static int
add_hashtag(const char *s, struct raid_post *p, struct raid_err *err)
{
	size_t n = strlen(s);

	if (n == 0 || raid_grammar_word((const unsigned char *)s, n) != n)
		return raid_fail(err, RAID_EDATA, "\"hashtags\": '%.60s' is "
		    "none", s);
	raid_list_add(&p->hashtags, s);
	return 0;
}

static int
read_mode(const struct raid_json *j, unsigned *mode, struct raid_err *err)
{
	const char *s;

	if (need_str(j, "mode", &s, err) == -1)
		return -1;
	if (strcmp(s, "100644") == 0)
		*mode = 0100644;
	else if (strcmp(s, "100755") == 0)
		*mode = 0100755;
	else
		return raid_fail(err, RAID_EDATA, "\"mode\": '%.20s' is "
		    "neither 100644 nor 100755", s);
	return 0;
}

static int
read_file(const struct raid_json *j, struct raid_file *f, struct raid_err *err)
{
	const char *path;

	if (!raid_json_is_object(j))
		return raid_fail(err, RAID_EDATA, "no object");
	if (need_str(j, "path", &path, err) == -1 ||
	    raid_path_safe(path, err) == -1)
		return -1;
	f->path = raid_strdup(path);
	if (read_mode(j, &f->mode, err) == -1 ||
	    get_count(raid_json_get(j, "size"), "size", &f->size, err) == -1)
		return -1;
	return read_hash(j, "sha256", 1, f->sha256, err);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct raid_file *)a)->path,
	    ((const struct raid_file *)b)->path);
}

static int
read_files(const struct raid_json *j, struct raid_post *p,
    struct raid_err *err)
{
	const struct raid_json *a = raid_json_get(j, "files");
	size_t cap = 0;

	if (a != NULL && !raid_json_is_array(a))
		return raid_fail(err, RAID_EDATA, "\"files\" is no array");
	for (const struct raid_json *v = raid_json_first(a); v != NULL;
	    v = raid_json_next(v)) {
		if (p->nfiles == LIST_MAX)
			return raid_fail(err, RAID_EDATA,
			    "\"files\" holds more than %d", LIST_MAX);
		p->files = raid_grow(p->files, &cap, p->nfiles + 1,
		    sizeof(*p->files));
		p->files[p->nfiles] = (struct raid_file){ 0 };
		if (read_file(v, &p->files[p->nfiles++], err) == -1) {
			/* What it was refused for is not an access. */
			err->code = RAID_EDATA;
			return raid_fail_at(err, "\"files\"");
		}
	}
	if (p->nfiles > 1)
		qsort(p->files, p->nfiles, sizeof(*p->files), by_path);
	for (size_t i = 1; i < p->nfiles; i++)
		if (by_path(&p->files[i - 1], &p->files[i]) == 0)
			return raid_fail(err, RAID_EDATA, "\"files\": %.200s "
			    "stands there twice", p->files[i].path);
	return 0;
}

static int
read_meta(const struct raid_json *j, struct raid_post *p, struct raid_err *err)
{
	const struct raid_json *meta = raid_json_get(j, "meta");

	if (meta != NULL && !raid_json_is_object(meta))
		return raid_fail(err, RAID_EDATA, "\"meta\" is no object");
	p->meta = meta != NULL ? raid_json_print(meta, 0) : raid_strdup("{}");
	if (strlen(p->meta) > META_MAX)
		return raid_fail(err, RAID_EDATA, "\"meta\" has more than 1 "
		    "MiB");
	return 0;
}

static int
read_author(const struct raid_json *j, struct raid_post *p,
    struct raid_err *err)
{
	const char *s;
	size_t n;

	if (need_str(j, "author", &s, err) == -1)
		return -1;
	n = strlen(s);
	if (n == 0 || raid_grammar_name((const unsigned char *)s, n) != n)
		return raid_fail(err, RAID_EDATA, "\"author\": '%.60s' is no "
		    "name", s);
	p->author = raid_strdup(s);
	return 0;
}

static int
read_reply(const struct raid_json *j, struct raid_post *p,
    struct raid_err *err)
{
	const struct raid_json *v = raid_json_get(j, "reply_to");
	struct raid_tag t;

	if (v == NULL || raid_json_is_null(v))
		return 0;
	if (!raid_json_is_string(v))
		return raid_fail(err, RAID_EDATA,
		    "\"reply_to\" is neither a tag nor null");
	if (read_tag(raid_json_text(v), "reply_to", p->reply_to, &t, err) == -1)
		return -1;
	return strcmp(p->reply_to, p->tag) != 0 ? 0 :
	    raid_fail(err, RAID_EDATA, "\"reply_to\": %s is the post itself",
	    p->tag);
}

static int
read_body(const struct raid_json *j, struct raid_post *p, struct raid_err *err)
{
	const char *s;

	if (need_str(j, "body", &s, err) == -1)
		return -1;
	p->body_len = strlen(s);
	p->body = raid_memdup(s, p->body_len);
	return raid_post_check(p->body, p->body_len, err);
}

int
raid_jsonl_read(const void *line, size_t len, struct raid_jsonl *out,
    struct raid_err *err)
{
	struct raid_json *j = raid_json_parse(line, len, err);
	struct raid_post *p = &out->post;
	int r = -1;

	*out = (struct raid_jsonl){ 0 };
	if (j != NULL && read_type(j, err) == 0 &&
	    read_name(j, p, err) == 0 && read_author(j, p, err) == 0 &&
	    read_word(j, "kind", kinds, &p->kind, err) == 0 &&
	    read_word(j, "status", statuses, &p->status, err) == 0 &&
	    read_reply(j, p, err) == 0 &&
	    each_str(j, "refs", add_ref, p, err) == 0 &&
	    each_str(j, "mentions", pass_over, p, err) == 0 &&
	    each_str(j, "hashtags", add_hashtag, p, err) == 0 &&
	    read_files(j, p, err) == 0 && read_meta(j, p, err) == 0)
		r = read_body(j, p, err);
	out->has_refs = raid_json_get(j, "refs") != NULL;
	raid_json_free(j);
	return r;
}
