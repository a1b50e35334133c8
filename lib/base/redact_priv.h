/* SPDX-License-Identifier: ISC */
/* What the halves of base/redact share: the rules as they were read. */
#ifndef RAID_BASE_REDACT_PRIV_H
#define RAID_BASE_REDACT_PRIV_H

#include "base/match.h"
#include "base/redact.h"
#include "base/str.h"

#define RAID_REDACT_KIND_MAX 40	/* bytes of a kind's name */

/* One line "mask" or "skip". */
struct raid_redact_rule {
	char *kind;		/* of "mask" */
	struct raid_list kinds;	/* of "skip"; "*" is all */
	char *pattern;
	char *where;		/* file:line, for messages */
	struct raid_match *m;	/* NULL until it is needed */
	size_t words;		/* 0: it is tried everywhere */
	size_t back;		/* how many bytes before one a match begins */
	size_t done;		/* no match begins before this any more */
	int off;
};

/* A word that stands in or close behind the beginning of a match. */
struct raid_redact_word {
	char *text;		/* in lower case */
	size_t len;
	size_t rule;		/* index into masks */
	unsigned next;		/* of the same first two bytes; 0: last */
};

struct raid_redact {
	char key[65];
	struct raid_redact_rule *masks, *skips;
	size_t n_masks, cap_masks, n_skips, cap_skips;
	struct raid_redact_word *words;	/* from 1 */
	size_t n_words, cap_words;
	unsigned heads[65536];	/* first word by its first two bytes */
	struct raid_list names, texts;	/* of "let" */
};

/* Compile its pattern unless that was done.  whole: it must match all of
 * what it is tried on. */
RAID_MUST int raid_redact_compile(struct raid_redact_rule *rule, int whole,
    struct raid_err *err);

#endif
