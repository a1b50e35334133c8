/* SPDX-License-Identifier: ISC */
/*
 * What a model may do to files by negligence: rules over the changes that
 * an answer would make.  Pure, and by shape: nothing here parses a language.
 * Each rule can be waived by its name.
 *
 * What an answer removes on purpose is no finding: the lines that it lists
 * as removed, and names that its words speak of.  An answer that gives a
 * file as a whole lists nothing, so there the rules look closer.
 */
#ifndef RAID_CODE_DEGRADE_H
#define RAID_CODE_DEGRADE_H

#include <stddef.h>

#include "code/edits.h"
#include "code/place.h"
#include "raid.h"

enum raid_degrade {
	RAID_DEGRADE_PLACEHOLDER = 1 << 0, /* a line stands for others */
	RAID_DEGRADE_MASK = 1 << 1,	/* a mask stands for a secret */
	RAID_DEGRADE_CONFLICT = 1 << 2,	/* a conflict marker came */
	RAID_DEGRADE_SHRUNK = 1 << 3,	/* less than half a file is left */
	RAID_DEGRADE_LOST = 1 << 4,	/* a definition is gone, unsaid */
	RAID_DEGRADE_TESTS = 1 << 5,	/* a test is gone, unsaid */
	RAID_DEGRADE_BRACES = 1 << 6,	/* brackets do not match any more */
	RAID_DEGRADE_DOUBLED = 1 << 7	/* a block stands there twice */
};

struct raid_degrade_finding {
	enum raid_degrade rule;
	const char *path;	/* borrowed from the change */
	size_t line;		/* of the new file, from 1; of the old one for
				 * what is gone */
	char what[200];		/* "placeholder: ..." */
};

/* At most one finding for each rule and file. */
struct raid_degrade_list {
	struct raid_degrade_finding *v;
	size_t n;
	size_t cap;
};

/* Append what the rules find; e are the edits that became the changes. */
void raid_degrade_find(const struct raid_place *pl, const struct raid_edits *e,
    struct raid_degrade_list *out);
void raid_degrade_free(struct raid_degrade_list *l);

/*
 * The same as a verdict: 0 fine, or every finding is of a rule in allowed,
 * a set of enum raid_degrade; those go to *waived.  -1: RAID_NO with
 * "path:line: placeholder: \"// ...\"; --allow placeholder takes it".
 */
RAID_MUST int raid_degrade_check(const struct raid_place *pl,
    const struct raid_edits *e, unsigned allowed, unsigned *waived,
    struct raid_err *err);

/* "placeholder" for its bit; NULL for none or several. */
const char *raid_degrade_name(unsigned rule);

/* Add the rules of a list such as "shrunk,braces" to *set.  RAID_EUSAGE with
 * all the names for an unknown one. */
RAID_MUST int raid_degrade_parse(const char *list, unsigned *set,
    struct raid_err *err);

/* "placeholder,shrunk", which the caller frees. */
char *raid_degrade_names(unsigned set);

#endif
