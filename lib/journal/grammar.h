/* SPDX-License-Identifier: ISC */
/*
 * What a body says (raid-tags(7)): mentions, hashtags and refs, outside of
 * code and URLs.  A pure function over bytes.
 */
#ifndef RAID_JOURNAL_GRAMMAR_H
#define RAID_JOURNAL_GRAMMAR_H

#include <stddef.h>

#include "base/str.h"
#include "journal/tag.h"

struct raid_grammar {
	struct raid_list mentions;	/* folded names without '@' */
	struct raid_list hashtags;	/* folded words without '#' */
	struct raid_tag *refs;
	size_t nrefs, refcap;
};

/* Each name, word and ref stands once, in the order of its first use. */
void raid_grammar_parse(const void *body, size_t len, struct raid_grammar *g);
void raid_grammar_free(struct raid_grammar *g);

/*
 * Length of the name at the start of p ('@' is not part of it): letters,
 * digits, '.', '_', '-' in any script, not ending in one of the three.
 */
size_t raid_grammar_name(const unsigned char *p, size_t len);

/* The same for a hashtag's word: letters, digits, '_', '-' between digits;
 * 0 for digits alone. */
size_t raid_grammar_word(const unsigned char *p, size_t len);

/*
 * A command: a body that begins with "@agent VERB", and goes on with
 * [SUBVERB] [#metadata] [key=value]... [payload].
 */
struct raid_command {
	char *verb, *subverb;		/* folded; subverb may be NULL */
	struct raid_list metadata;	/* folded, without '#' */
	struct raid_list keys, values;	/* as written, in pairs */
	char *payload;			/* in brackets or a fence, or NULL */
	char *rest;			/* what is none of these, or "" */
};

/* 1 it is one, 0 it is none.  Free in every case. */
int raid_grammar_command(const void *body, size_t len,
    struct raid_command *c);
void raid_command_free(struct raid_command *c);

/*
 * The words of a body as the full-text index keeps them: folded, with "yo"
 * as "ye", and each character of a script without blanks on its own.  Also
 * for what people search.  The caller frees.
 */
char *raid_grammar_index(const void *text, size_t len);

#endif
