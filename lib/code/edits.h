/* SPDX-License-Identifier: ISC */
/*
 * The edits in a model's answer: unified diffs, SEARCH/REPLACE blocks and
 * whole files.  Pure functions over bytes; what an edit does to a file is
 * the business of code/place.
 *
 * What is taken:
 * - A unified diff in a fence, or a text that is a diff as a whole.  The
 *   counts in "@@ -a,b +c,d @@" are hints, the body of the hunk decides.
 * - "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"; the path stands on the
 *   line before the marker, or before the fence that holds it.
 * - A fence that names a path in its info string, or stands directly under
 *   a line that holds nothing but a path.  A fence without a clear path is
 *   no edit.
 */
#ifndef RAID_CODE_EDITS_H
#define RAID_CODE_EDITS_H

#include <stddef.h>

#include "code/line.h"
#include "raid.h"

#define RAID_EDITS_TEXT_MAX (16u << 20)	/* bytes of one answer */
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
				 * Set in all lines of a hunk or in none. */
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
 * (a block without its end, a hunk without a file, a binary patch) is
 * refused as a whole, RAID_NO with the line of the answer: half of what a
 * model meant is worse than nothing.
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
