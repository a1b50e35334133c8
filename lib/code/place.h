/* SPDX-License-Identifier: ISC */
/*
 * Placing edits: from what the files are to what they become.  Pure: files
 * are read through a callback and nothing is written.
 *
 * A hunk is looked for at one level of tolerance after the other.  At the
 * first level where it fits anywhere it must fit exactly one place; a line
 * number decides between several only when one is clearly nearer.  All
 * edits of an answer are placed, or none.
 */
#ifndef RAID_CODE_PLACE_H
#define RAID_CODE_PLACE_H

#include <stddef.h>

#include "base/buf.h"
#include "code/edits.h"
#include "raid.h"

#define RAID_PLACE_FILE_MAX (64u << 20)	/* bytes of one file */

enum raid_place_kind {
	RAID_PLACE_ABSENT,
	RAID_PLACE_FILE,
	RAID_PLACE_FOLDER,
	RAID_PLACE_LINK,	/* a symbolic link */
	RAID_PLACE_OTHER	/* a submodule, a device */
};

struct raid_place_file {
	enum raid_place_kind kind;
	unsigned mode;		/* of a FILE: 0100644 or 0100755 */
	struct raid_buf data;	/* of a FILE */
};

/* What the edits are placed on. */
struct raid_place_base {
	/*
	 * Say what stands at a safe relative path.  f->data is initialised
	 * and empty; f->kind is ABSENT.  A link in the middle of the path
	 * need not be noticed: the parts are asked for one by one.
	 */
	int (*file)(void *arg, const char *path, struct raid_place_file *f,
	    struct raid_err *err);
	void *arg;
};

/* How tolerant the comparison of lines may be. */
enum raid_place_level {
	RAID_PLACE_CLEAN,	/* every byte, and at the line that is said */
	RAID_PLACE_EXACT,	/* but for the kind of line end */
	RAID_PLACE_BLANKS,	/* and for blanks at the end of a line */
	RAID_PLACE_INDENT,	/* and for one change of all indentation */
	RAID_PLACE_FOLDED,	/* and for typography, HTML, repeated blanks */
	RAID_PLACE_ALIGNED	/* and context lines that are not there */
};

struct raid_place_change {
	char *path;		/* where the file was, else where it comes */
	char *new_path;		/* renamed to; else NULL */
	unsigned old_mode;	/* 0: the file is created */
	unsigned mode;		/* 0: the file is deleted */
	struct raid_buf before, after;
};

enum raid_place_verdict {
	RAID_PLACE_OPEN,	/* another one was refused before */
	RAID_PLACE_PLACED,
	RAID_PLACE_ALREADY,	/* the file is as it wants it */
	RAID_PLACE_REFUSED
};

/* What did not fit and was made to, as bits. */
#define RAID_PLACE_MEND_NUMBER 1u	/* of the line */
#define RAID_PLACE_MEND_COUNTS 2u	/* in the header of the hunk */
#define RAID_PLACE_MEND_BLANKS 4u	/* at the ends of lines */
#define RAID_PLACE_MEND_INDENT 8u
#define RAID_PLACE_MEND_TYPOGRAPHY 16u
#define RAID_PLACE_MEND_HTML 32u
#define RAID_PLACE_MEND_NUMBERS 64u	/* copied before the lines */
#define RAID_PLACE_MEND_CONTEXT 128u
#define RAID_PLACE_MENDS 8

/* What became of a hunk, or of an edit that has none. */
struct raid_place_hunk {
	enum raid_edit_form form;
	size_t reply;		/* line of the answer, from 1 */
	char *path;
	size_t no;		/* of the hunk in the file, from 1; 0: none */
	enum raid_place_level level;
	size_t line;		/* of the file, from 1; 0: nowhere */
	size_t hint;		/* as the answer says it; 0: it does not */
	unsigned mended;
	size_t runner_up;	/* line where it would fit as well; 0: none */
	enum raid_place_verdict verdict;
};

/* The changes of an answer, sorted by path, each path once. */
struct raid_place {
	struct raid_place_change *v;
	size_t n;
	size_t cap;
	enum raid_place_level level;	/* the most tolerant one needed */
	struct raid_place_hunk *hunks;	/* in the order of files and lines; */
	size_t n_hunks;			/* after a refusal, too */
	size_t hunks_cap;
	struct raid_buf excerpt;	/* after a refusal: lines of the file
					 * around the best place, if any */
	size_t excerpt_line;		/* number of the first, from 1 */
	char *excerpt_path;
};

/* "exact", "blanks", ... */
const char *raid_place_level_name(enum raid_place_level level);

/* "trailing blanks", ...: the name of bit 1 << i. */
const char *raid_place_mend_name(unsigned i);

const char *raid_place_verdict_name(enum raid_place_verdict v);
const char *raid_place_form_name(enum raid_edit_form form);

/*
 * Place the edits.  0: done, *out holds the changes.  1: every file is
 * already as the edits want it, *out is empty.  -1: refused; RAID_NO with
 * file, hunk, and the first line that differs or the places that tie (at
 * most five); RAID_EPERM for a path that may not be touched; or what the
 * callback said.  *out is initialised here and freed by the caller, always;
 * it tells what became of each hunk.
 */
RAID_MUST int raid_place(const struct raid_edits *e,
    const struct raid_place_base *base, enum raid_place_level level,
    struct raid_place *out, struct raid_err *err);

/* Read a clean diff and place it at level CLEAN: returns as above. */
RAID_MUST int raid_place_apply_clean(const void *diff, size_t len,
    const struct raid_place_base *base, struct raid_place *out,
    struct raid_err *err);

/*
 * The changes as a clean diff, appended.  A file that is not text (it holds
 * a NUL) is RAID_NO.
 */
RAID_MUST int raid_place_print(const struct raid_place *pl,
    struct raid_buf *diff, struct raid_err *err);

void raid_place_free(struct raid_place *pl);

#endif
