/* SPDX-License-Identifier: ISC */
#include "post_import.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "journal/audit.h"
#include "journal/chat.h"
#include "journal/import.h"
#include "prog.h"

#define JSONL_MAX ((size_t)4 << 30)
#define CHAT_MAX ((size_t)64 << 20)

static const char *
name_of(const char *file)
{
	return strcmp(file, "-") == 0 ? "standard input" : file;
}

static int
read_text(struct store *s, const char *file, size_t max, struct raid_buf *b,
    struct raid_err *err)
{
	if (s->member) {
		raid_buf_init(b, 0);
		return raid_fail(err, RAID_EPERM, "%s may not post what others "
		    "said; a person imports, without RAID_ACTOR", s->actor);
	}
	return strcmp(file, "-") == 0 ? raid_path_readfd(STDIN_FILENO,
	    "standard input", max, b, err) : raid_path_read(file, max, b, err);
}

static int
print_tags(struct store *s, const struct raid_tag *v, size_t n, int json,
    struct raid_err *err)
{
	char tag[RAID_TAG_SIZE];

	for (size_t i = 0; i < n; i++) {
		raid_tag_format(v[i], tag);
		if (!json)
			puts(tag);
		else if (store_print(s, tag, 1, err) == -1)
			return -1;
	}
	return 0;
}

int
post_import(struct store *s, const char *file, int json, struct raid_err *err)
{
	struct raid_audit a = { .actor = s->actor, .program = prog_name(),
		.action = "import", .allowed_by = "person", .result = "done",
		.detail = name_of(file) };
	struct raid_import im = { 0 };
	struct raid_buf b;
	int r = read_text(s, file, JSONL_MAX, &b, err);

	if (r == 0) {
		r = raid_import_jsonl(s->db, b.p, b.len, &a, &im, err);
		if (r == -1)
			(void)raid_fail_at(err, "%s", name_of(file));
	}
	raid_buf_free(&b);
	if (r == 0 && im.unlinked > 0)
		prog_warn("%s: %zu links are left out: their posts are not "
		    "here, and other posts have their tags", name_of(file),
		    im.unlinked);
	if (r == 0)
		r = print_tags(s, im.added, im.nadded, json, err);
	raid_import_free(&im);
	return r;
}

static int
add_block(struct store *s, const struct raid_buf *b,
    const struct raid_chat *c, struct raid_tag *t, struct raid_err *err)
{
	char *author = raid_strndup((char *)b->p + c->name, c->name_len);
	struct raid_draft d = { .author = author,
		.body = (char *)b->p + c->body, .body_len = c->body_len };
	char tag[RAID_TAG_SIZE];
	int r = raid_post_add(s->db, &d, tag, err);

	if (r == 0)
		(void)raid_tag_parse(tag, strlen(tag), t);
	else
		(void)raid_fail_at(err, "line %zu", c->line);
	free(author);
	return r;
}

/* All blocks of a chat; within the transaction that is open. */
static int
add_chat(struct store *s, const struct raid_buf *b, struct raid_tag **v,
    size_t *n, struct raid_err *err)
{
	size_t pos = 0, line = 1, cap = 0;
	struct raid_chat c;
	int r;

	while ((r = raid_chat_next(b->p, b->len, &pos, &line, &c)) == 1) {
		if (c.body_len == 0) {
			prog_warn("line %zu: %.*s says nothing", c.line,
			    (int)c.name_len, (char *)b->p + c.name);
			continue;
		}
		*v = raid_grow(*v, &cap, *n + 1, sizeof(**v));
		if (add_block(s, b, &c, &(*v)[*n], err) == -1)
			return -1;
		(*n)++;
	}
	if (r == -1)
		return raid_fail(err, RAID_EDATA, "line %zu: no 'name: text' "
		    "stands there", line);
	return 0;
}

int
post_import_chat(struct store *s, const char *file, int json,
    struct raid_err *err)
{
	struct raid_tag *v = NULL;
	struct raid_buf b;
	size_t n = 0;
	int r = read_text(s, file, CHAT_MAX, &b, err);

	if (r == 0 && (r = raid_db_begin(s->db, err)) == 0) {
		r = add_chat(s, &b, &v, &n, err);
		if (r == 0 && n > 0)
			r = store_audit(s, "import-chat", NULL, "person",
			    "done", name_of(file), err);
		if (r == 0) {
			r = raid_db_commit(s->db, err);
		} else {
			raid_db_rollback(s->db);
			(void)raid_fail_at(err, "%s", name_of(file));
		}
	}
	raid_buf_free(&b);
	if (r == 0)
		r = print_tags(s, v, n, json, err);
	free(v);
	return r;
}
