/* SPDX-License-Identifier: ISC */
#include "post_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/out.h"
#include "base/utf8.h"
#include "journal/grammar.h"

static struct raid_json *
command_json(const struct raid_command *c)
{
	struct raid_json *j = raid_json_object(), *keys = raid_json_object();

	raid_json_set_str(j, "verb", c->verb);
	raid_json_set_str(j, "subverb", c->subverb);
	raid_json_set_list(j, "metadata", &c->metadata);
	for (size_t i = 0; i < c->keys.n; i++)
		raid_json_set_str(keys, c->keys.v[i], c->values.v[i]);
	raid_json_set(j, "keys", keys);
	raid_json_set_str(j, "payload", c->payload);
	raid_json_set_str(j, "rest", c->rest);
	return j;
}

static void
print_json(const struct raid_grammar *g, const struct raid_list *refs,
    const struct raid_command *c)
{
	struct raid_json *j = raid_json_object();
	char *line;

	raid_json_set_str(j, "type", "parse");
	raid_json_set_int(j, "v", 1);
	raid_json_set_list(j, "refs", refs);
	raid_json_set_list(j, "mentions", &g->mentions);
	raid_json_set_list(j, "hashtags", &g->hashtags);
	if (c != NULL)
		raid_json_set(j, "command", command_json(c));
	else
		raid_json_set_null(j, "command");
	line = raid_json_print(j, 0);
	puts(line);
	free(line);
	raid_json_free(j);
}

static void
print_line(const char *what, const char *s)
{
	if (s == NULL)
		return;
	printf("%s ", what);
	raid_out_line(stdout, s);
	putchar('\n');
}

static void
print_list(const char *what, const struct raid_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		print_line(what, l->v[i]);
}

static void
print_command(const struct raid_command *c)
{
	print_line("verb", c->verb);
	print_line("subverb", c->subverb);
	print_list("metadata", &c->metadata);
	for (size_t i = 0; i < c->keys.n; i++) {
		char *s = raid_strf("%s=%s", c->keys.v[i], c->values.v[i]);

		print_line("key", s);
		free(s);
	}
	print_line("payload", c->payload);
	if (*c->rest != '\0')
		print_line("rest", c->rest);
}

void
post_parse(const struct raid_buf *body, const struct raid_list *hashtags,
    int json)
{
	struct raid_list refs = { 0 };
	struct raid_command c;
	struct raid_grammar g;
	char tag[RAID_TAG_SIZE];
	int command;

	raid_grammar_parse(body->p, body->len, &g);
	command = raid_grammar_command(body->p, body->len, &c);
	for (size_t i = 0; i < hashtags->n; i++) {
		char *f = raid_utf8_fold(hashtags->v[i],
		    strlen(hashtags->v[i]));

		(void)raid_list_addnew(&g.hashtags, f);
		free(f);
	}
	for (size_t i = 0; i < g.nrefs; i++) {
		raid_tag_format(g.refs[i], tag);
		raid_list_add(&refs, tag);
	}
	if (json) {
		print_json(&g, &refs, command ? &c : NULL);
	} else {
		print_list("mention", &g.mentions);
		print_list("hashtag", &g.hashtags);
		print_list("ref", &refs);
		if (command)
			print_command(&c);
	}
	raid_list_free(&refs);
	raid_command_free(&c);
	raid_grammar_free(&g);
}
