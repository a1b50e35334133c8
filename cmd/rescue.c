/* SPDX-License-Identifier: ISC */
#include "rescue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "journal/grammar.h"
#include "prog.h"

/* The line that raid-post --import takes. */
static char *
make_line(struct store *s, const struct raid_draft *d)
{
	struct raid_post p = { .author = raid_strdup(d->author),
		.kind = raid_strdup(d->kind), .status = raid_strdup(d->status),
		.meta = raid_strdup(d->meta != NULL ? d->meta : "{}"),
		.body = raid_memdup(d->body, d->body_len),
		.body_len = d->body_len,
		.t = { .ts = raid_clock_now(), .n = 1 } };
	char tag[RAID_TAG_SIZE], *line;
	struct raid_tag reply = { 0 };
	struct raid_grammar g;
	struct raid_json *j;

	/* Behind the question, whose second it may be. */
	(void)raid_tag_parse(d->reply_to, strlen(d->reply_to), &reply);
	if (p.t.ts <= reply.ts)
		p.t = (struct raid_tag){ reply.ts, reply.n + 1 };
	raid_tag_format(p.t, p.tag);
	(void)snprintf(p.reply_to, sizeof(p.reply_to), "%s", d->reply_to);
	(void)snprintf(p.journal, sizeof(p.journal), "%s",
	    raid_db_meta(s->db, "id"));
	raid_post_uid(p.journal, p.tag, d, p.uid);
	raid_grammar_parse(p.body, p.body_len, &g);
	for (size_t i = 0; i < g.nrefs; i++) {
		raid_tag_format(g.refs[i], tag);
		raid_list_add(&p.refs, tag);
	}
	raid_grammar_free(&g);
	j = raid_post_json(&p);
	line = raid_json_print(j, 0);
	raid_json_free(j);
	raid_post_free(&p);
	return line;
}

/* A name that is free; the caller frees. */
static char *
make_name(const char *dir, const struct raid_draft *d, const char *suffix)
{
	char *name = NULL;

	for (int i = 1; name == NULL || access(name, F_OK) == 0; i++) {
		free(name);
		name = raid_strf("%s/answer-%s-%s-%ld-%d.%s", dir,
		    d->reply_to, d->author, (long)getpid(), i, suffix);
	}
	return name;
}

/* The file that it was written to, which the caller frees, or NULL. */
static char *
write_file(const struct raid_draft *d, const void *p, size_t len,
    const char *suffix, struct raid_err *err)
{
	char *journal = raid_conf_state("journal.db"), *name = NULL;
	const char *tmp = getenv("TMPDIR");

	if (journal != NULL) {
		*strrchr(journal, '/') = '\0';
		if (raid_path_mkdirs(journal, 0700, err) == 0)
			name = make_name(journal, d, suffix);
		free(journal);
	}
	if (name != NULL && raid_path_write(name, p, len, 0600, err) == 0)
		return name;
	free(name);
	name = make_name(tmp != NULL && *tmp == '/' ? tmp : "/tmp", d, suffix);
	if (raid_path_write(name, p, len, 0600, err) == 0)
		return name;
	free(name);
	return NULL;
}

static void
say(struct store *s, const struct raid_draft *d, int text, char *name)
{
	char *import[] = { (char []){ "raid-post" }, (char []){ "-J" },
		s->conf.journal, (char []){ "--import" }, name, NULL };
	char *file[] = { name, NULL };
	char *words = raid_str_shell(text ? import : file);

	if (text)
		prog_warn("the answer of %s is kept in %s; put it back: %s",
		    d->author, name, words);
	else
		prog_warn("the answer of %s, which is no text, is kept in %s; "
		    "put it back: raid-post -r %s -f - \"the answer of %s\" "
		    "<%s", d->author, name, d->reply_to, d->author, words);
	free(words);
}

void
rescue_answer(struct store *s, const struct raid_draft *d)
{
	struct raid_err err;
	int text = raid_post_check(d->body, d->body_len, &err) == 0;
	char *name, *line = text ? make_line(s, d) : NULL;

	if (text)
		name = write_file(d, line, strlen(line), "jsonl", &err);
	else
		name = write_file(d, d->body, d->body_len, "txt", &err);
	if (name != NULL)
		say(s, d, text, name);
	else
		prog_warn("the answer of %s is lost: %s", d->author, err.msg);
	free(name);
	free(line);
}
