/* SPDX-License-Identifier: ISC */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "journal/audit.h"
#include "journal/blob.h"
#include "journal/grammar.h"
#include "prog.h"

static const char *
env(const char *name)
{
	const char *s = getenv(name);

	return s != NULL && *s != '\0' ? s : NULL;
}

int
store_conf(struct store *s, const char *dir, const char *journal,
    struct raid_err *err)
{
	*s = (struct store){ .actor = env("RAID_ACTOR") };
	s->member = s->actor != NULL;
	if (s->actor == NULL)
		s->actor = env("RAID_AUTHOR");
	if (s->actor == NULL)
		s->actor = "dev";
	return raid_conf_find(&s->conf, dir != NULL ? dir : ".", journal, err);
}

int
store_open(struct store *s, const char *dir, const char *journal,
    enum raid_db_mode mode, struct raid_err *err)
{
	return store_conf(s, dir, journal, err) == -1 ? -1 :
	    store_db(s, mode, err);
}

int
store_db(struct store *s, enum raid_db_mode mode, struct raid_err *err)
{
	if (s->conf.journal == NULL)
		return raid_fail(err, RAID_ENOINPUT,
		    "no journal here; run raid-init");
	return raid_db_open(&s->db, s->conf.journal, mode, err);
}

void
store_close(struct store *s)
{
	raid_db_close(s->db);
	raid_conf_free(&s->conf);
	s->db = NULL;
}

const char *
store_author(const struct store *s, const char *wanted, struct raid_err *err)
{
	const char *name = wanted != NULL ? wanted : s->actor;
	size_t n = strlen(name);

	if (n == 0 ||
	    raid_grammar_name((const unsigned char *)name, n) != n) {
		raid_fail(err, RAID_EUSAGE, "'%.60s' is no name: letters, "
		    "digits, '.', '_' and '-', ending in a letter or digit",
		    name);
		return NULL;
	}
	if (s->member && strcmp(name, s->actor) != 0) {
		raid_fail(err, RAID_EPERM, "%s is a member and posts as "
		    "itself alone, not as %s: raid-post -a %s", s->actor,
		    name, s->actor);
		return NULL;
	}
	return name;
}

int
store_file(struct store *s, const struct raid_file *f, struct raid_buf *b,
    struct raid_err *err)
{
	if (raid_blob_get(s->db, f->sha256, b, err) == -1)
		return raid_fail_at(err, "%s", f->path);
	return 0;
}

int
store_audit(struct store *s, const char *action, const char *tag,
    const char *allowed_by, const char *result, const char *detail,
    struct raid_err *err)
{
	struct raid_audit a = { .actor = s->actor, .program = prog_name(),
		.action = action, .tag = tag, .allowed_by = allowed_by,
		.result = result, .detail = detail != NULL ? detail : "" };

	return raid_audit_add(s->db, &a, err);
}

int
store_note(const struct store *s, const char *journal, const char *action,
    const char *detail, struct raid_err *err)
{
	struct raid_audit a = { .actor = s->actor, .program = prog_name(),
		.action = action, .allowed_by = s->member ? "policy" :
		"person", .result = "done", .detail = detail };
	struct raid_db *db;
	int r;

	if (journal == NULL || access(journal, W_OK) == -1)
		return 0;
	if (raid_db_open(&db, journal, RAID_DB_WRITE, err) == -1)
		return -1;
	r = raid_audit_add(db, &a, err);
	raid_db_close(db);
	return r;
}

int
store_post(struct store *s, const struct raid_draft *d, const char *action,
    const char *allowed_by, const char *detail, char tag[RAID_TAG_SIZE],
    struct raid_err *err)
{
	if (allowed_by == NULL)
		allowed_by = s->member ? "policy" : "person";
	if (raid_db_begin(s->db, err) == -1)
		return -1;
	if (raid_post_add(s->db, d, tag, err) == -1 || store_audit(s, action,
	    tag, allowed_by, "done", detail, err) == -1) {
		raid_db_rollback(s->db);
		return -1;
	}
	return raid_db_commit(s->db, err);
}

int
store_print(struct store *s, const char *tag, int json, struct raid_err *err)
{
	struct raid_post p;
	struct raid_json *j;
	char *line;

	if (json) {
		if (raid_post_get(s->db, tag, &p, err) == -1) {
			raid_post_free(&p);
			return -1;
		}
		j = raid_post_json(&p);
		line = raid_json_print(j, 0);
		puts(line);
		free(line);
		raid_json_free(j);
		raid_post_free(&p);
	} else {
		puts(tag);
	}
	if (fflush(stdout) == EOF)
		return raid_fail_errno(err, "standard output");
	return 0;
}
