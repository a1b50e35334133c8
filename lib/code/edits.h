/* SPDX-License-Identifier: ISC */
/*
 * The edits in a model's answer: unified diffs, SEARCH/REPLACE blocks,
 * patches as Codex writes them, and whole files.  Pure functions over bytes,
 * linear in their time; what an edit does to a file is the business of
 * code/place.
 *
 * What is taken, in a fence or among prose, indented or quoted with "> ":
 * - A unified diff.  The counts in "@@ -a,b +c,d @@" are hints, the body of
 *   the hunk decides; a hunk without names takes its path from what stands
 *   above it.
 * - "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"; the path stands on the
 *   line before the marker, or before the fence that holds it.
 * - "*** Begin Patch" up to "*** End Patch".
 * - A fence that names a path in its info string, in a line above that says
 *   nothing else, or in a comment that is its first line.  A fence without a
 *   clear path is no edit.
 *
 * What stands in "<think>" is no edit.
 */
#ifndef RAID_CODE_EDITS_H
#define RAID_CODE_EDITS_H

#include <stddef.h>

#include "code/line.h"
#include "raid.h"

#define RAID_EDITS_TEXT_MAX (16u << 20)	/* bytes of one answer */
#define RAID_EDITS_LINES_MAX 1200000	/* lines of one answer */
#define RAID_EDITS_LINE_MAX (1u << 20)	/* bytes of one line */
#define RAID_EDITS_MAX 1000		/* edits in one answer */
#define RAID_EDITS_HUNKS_MAX 10000	/* hunks of all its edits */

enum raid_edit_op {
	RAID_EDIT_MODIFY,
	RAID_EDIT_CREATE,
	RAID_EDIT_DELETE,
	RAID_EDIT_RENAME	/* path to new_path, with or without hunks */
};

enum raid_edit_form {
	RAID_EDIT_DIFF,		/* hunks, in the order of the file */
	RAID_EDIT_BLOCK,	/* hunks, in any order */
	RAID_EDIT_CODEX,	/* hunks, in the order of the file */
	RAID_EDIT_WHOLE		/* content; creates or replaces (op MODIFY) */
};

/* A line of a hunk; p points into the text that the edits own. */
struct raid_edit_line {
	unsigned char kind;	/* ' ' stays, '-' goes, '+' comes */
	unsigned char no_eol;	/* "\ No newline at end of file" follows */
	unsigned short number;	/* bytes that p begins with which may be a
				 * copied line number ("  12 | "); 0: none.
				 * Set in all old lines of a hunk that are
				 * not blank, or in none; in the new ones
				 * only with the old ones. */
	const unsigned char *p;	/* without marker and newline; a '\r' that */
	size_t len;		/* belongs to the file is kept */
};

struct raid_edit_hunk {
	size_t line;		/* of the answer, from 1 */
	size_t hint;		/* line of the old file, from 1; 0: not said */
	int counted;		/* the header has counts, and they are right */
	int at_end;		/* its last old line is said to end the file */
	struct raid_line *anchors; /* what stands behind "@@ ... @@", or behind
				 * "@@ " without numbers: lines above the hunk,
				 * outermost first, perhaps cut; trimmed */
	size_t n_anchors;
	struct raid_edit_line *v;
	size_t n;
};

struct raid_edit {
	enum raid_edit_form form;
	enum raid_edit_op op;
	size_t line;		/* of the answer, from 1 */
	char *path;		/* as written, not yet judged */
	char *new_path;		/* RENAME only, else NULL */
	unsigned mode;		/* git's, as 0100755; 0: not said */
	struct raid_edit_hunk *hunks;
	size_t n_hunks;
	unsigned char *content;	/* WHOLE only */
	size_t content_len;
	struct raid_line label;	/* WHOLE only: the comment that names the
				 * path, as the fence's first line; it is not
				 * in content, but a file that begins with it
				 * keeps it.  p is NULL without one. */
};

struct raid_edits {
	struct raid_edit *v;
	size_t n;
	size_t cap;
	size_t n_hunks;		/* of all edits */
	unsigned char *text;	/* a copy of the answer */
	size_t text_len;
};

/*
 * Find the edits.  *e is initialised here and freed by the caller, on
 * failure too; without an edit n is 0.  What begins as an edit and is none
 * refuses the answer as a whole, with the line of the answer: half of what a
 * model meant is worse than nothing.  RAID_EDATA: it is malformed, or the
 * answer ends in the middle of it.  RAID_NO: it is well-formed and not taken,
 * as a binary patch, a hunk that changes nothing, or more than the limits.
 * RAID_EPERM: a control character is in the name of a file.
 */
RAID_MUST int raid_edits_find(const void *p, size_t len, struct raid_edits *e,
    struct raid_err *err);

/*
 * Read a clean diff, as raid_diff_print and git write it: the whole text is
 * a diff and its counts are right.  Else as above.
 */
RAID_MUST int raid_edits_clean(const void *p, size_t len,
    struct raid_edits *e, struct raid_err *err);

void raid_edits_free(struct raid_edits *e);

#endif
