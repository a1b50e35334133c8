/* SPDX-License-Identifier: ISC */
/* Mentions, hashtags and refs of a body; tags; the words of the index. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/tokens.h"
#include "base/utf8.h"
#include "journal/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_lists(const struct raid_grammar *g)
{
	char tag[RAID_TAG_SIZE];
	struct raid_tag t;

	for (size_t i = 0; i < g->mentions.n; i++) {
		assert(g->mentions.v[i][0] != '\0');
		for (size_t k = 0; k < i; k++)
			assert(strcmp(g->mentions.v[i], g->mentions.v[k]) != 0);
	}
	for (size_t i = 0; i < g->hashtags.n; i++)
		assert(g->hashtags.v[i][0] != '\0');
	for (size_t i = 0; i < g->nrefs; i++) {
		raid_tag_format(g->refs[i], tag);
		assert(raid_tag_parse(tag, strlen(tag), &t) == 0);
		assert(raid_tag_compare(t, g->refs[i]) == 0);
	}
}

static void
check_command(const uint8_t *p, size_t len)
{
	struct raid_command c;

	if (raid_grammar_command(p, len, &c) == 1) {
		assert(c.verb[0] != '\0' && c.rest != NULL);
		assert(c.keys.n == c.values.n);
		for (size_t i = 0; i < c.keys.n; i++)
			assert(c.keys.v[i][0] != '\0');
	}
	raid_command_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_grammar g;
	struct raid_tag t;
	char *s;

	raid_grammar_parse(p, len, &g);
	check_lists(&g);
	raid_grammar_free(&g);
	check_command(p, len);
	s = raid_grammar_index(p, len);
	/* Folding may lengthen a character, but not without bound. */
	assert(strlen(s) <= 12 * len + 16);
	if (raid_utf8_check(p, len) == len)
		assert(raid_utf8_check((unsigned char *)s, strlen(s)) ==
		    strlen(s));
	free(s);
	(void)raid_tag_parse((const char *)p, len, &t);
	assert(raid_tokens(p, len) <= 2 * len + 2);
	return 0;
}
