/* SPDX-License-Identifier: ISC */
/* What the parts of code/place share. */
#ifndef RAID_CODE_PLACE_PRIV_H
#define RAID_CODE_PLACE_PRIV_H

#include <stdint.h>

#include "code/line.h"
#include "code/place.h"

#define RAID_PLACE_DEPTHS 12	/* of indentation that are remembered */
#define RAID_PLACE_LEVELS (RAID_PLACE_ALIGNED + 1)
#define RAID_PLACE_TIES 5	/* places that a message names */
#define RAID_PLACE_SEEN 64	/* places of a hunk that are remembered */

#define RAID_PLACE_NONE UINT32_MAX

/* What lines look like at a level, and where a look occurs. */
struct raid_place_index {
	uint32_t *hash;		/* of each line */
	uint32_t *next;		/* line with the same slot behind it, or NONE */
	uint32_t *head;		/* the first of each slot */
	uint32_t mask;		/* of hashes, for the slot */
};

/* What the lines of a file that begin in a column have before them. */
struct raid_place_column {
	long width, column;	/* width 0: not looked at */
	struct raid_line often;
	int agreed;		/* as raid_place_indent_apply finds it */
};

/* A file as lines. */
struct raid_place_text {
	struct raid_lines lines;
	struct raid_place_index at[RAID_PLACE_LEVELS];	/* if looked at; of
				 * a large file one only */
	struct raid_place_column column[RAID_PLACE_DEPTHS];
	const uint32_t *hash;	/* those of level */
	enum raid_place_level level;
	const char *eol;	/* "\n" or "\r\n": as the first line ends */
	int bom;		/* a UTF-8 byte order mark begins it */
	size_t work;		/* comparisons spent on it */
};

/* How the indentation of a hunk becomes that of the file. */
struct raid_place_indent {
	enum raid_place_shift {
		RAID_PLACE_SAME,
		RAID_PLACE_ADD,		/* prefix comes before each line */
		RAID_PLACE_REMOVE,	/* and is taken away */
		RAID_PLACE_TO_TABS,	/* columns become tabs */
		RAID_PLACE_TO_SPACES,
		RAID_PLACE_SCALE	/* columns times num / den */
	} kind;
	const unsigned char *prefix;
	size_t prefix_len;
	long width;		/* columns of a tab */
	long shift, num, den;
	int known;		/* a line with blanks before it said so */
	int tabs;		/* such a line of the file had a tab */
	int vague;		/* another width of tabs would do as well */
	long only;		/* the one depth that was seen; -1: several */
	struct raid_place_depth {
		long column;	/* of a line of the hunk */
		struct raid_line file;	/* which stands for it */
		int bad;	/* others have other blanks */
	} depth[RAID_PLACE_DEPTHS];
	size_t n_depths;
};

/* Classes of characters that programs which show text exchange. */
enum raid_place_fold {
	RAID_PLACE_DOUBLE,	/* quotes */
	RAID_PLACE_SINGLE,
	RAID_PLACE_DASH,
	RAID_PLACE_BLANK,	/* no-break space and the like */
	RAID_PLACE_DOTS,
	RAID_PLACE_HTML,
	RAID_PLACE_FOLDS,
	RAID_PLACE_PLAIN = RAID_PLACE_FOLDS
};

/* What lines that are the same told of the folding. */
struct raid_place_folds {
	unsigned lost;		/* bits: plain in the file, not in the hunk */
	unsigned kept;		/* bits: the file has it, too */
	unsigned plain;		/* bits: plain in both */
	int long_dash;		/* a dash stands for "--" */
	int tabs;		/* a tab in a line became blanks */
};

/* Lines [start, end) of the file give way to the '+' lines of [from, to) of
 * the hunk. */
struct raid_place_splice {
	size_t start, end, from, to;
};

/* What all hunks of an answer told of how it was shown. */
struct raid_place_habit {
	struct raid_place_folds folds;
	const struct raid_place_indent *tabs;	/* that became blanks; NULL */
	int keeps_tabs;		/* there are some in it */
};

/* A hunk on its way to its place. */
struct raid_place_fit {
	const struct raid_edit *edit;
	const struct raid_edit_hunk *hunk;
	size_t no;		/* number in the file, from 1, for messages */
	enum raid_place_level level;
	size_t seen[RAID_PLACE_SEEN];	/* where it fits at that level */
	size_t count;		/* how often; not all of them are seen */
	size_t at;		/* line of the file where the hunk begins */
	size_t runner_up;	/* another such line from 1, or 0 */
	struct raid_place_splice *splice;
	size_t n_splices;
	struct raid_place_indent indent;
	struct raid_place_folds folds;
	size_t best;		/* where it nearly fits, from 0 */
	int refused;		/* because of this one */
	int numbered;		/* its copied line numbers are taken away */
	struct raid_line *washed; /* its lines without blanks of other kinds,
				 * or NULL */
	unsigned char *washed_text;
	int bare;		/* it has no old lines */
	int strict;		/* a clean diff: all is meant as it is */
	int fixed;
	int already;		/* the file is as the hunk wants it */
};

/* The old or the new lines of a hunk. */
struct raid_place_side {
	struct raid_line *v;	/* without line ends and line numbers */
	unsigned char *no_eol;
	unsigned char *minus;	/* is it to go? */
	size_t *line;		/* its number in the hunk */
	uint32_t *hash;		/* at the level of the search */
	size_t *fail;		/* the failure function */
	size_t n;
};

/* --- place_text.c */

/* The lines of a text that outlives t. */
void raid_place_text_init(struct raid_place_text *t, const void *p,
    size_t len);
void raid_place_text_free(struct raid_place_text *t);

/* Line k of the hunk without its line end, and without a copied number. */
struct raid_line raid_place_line(const struct raid_place_fit *f, size_t k);

/* Give the hunk plain blanks where it has no-break spaces; 0: it has none, or
 * the file has them as well. */
int raid_place_wash(const struct raid_place_text *t, struct raid_place_fit *f);

void raid_place_fit_free(struct raid_place_fit *f);

/* A line as it is compared at a level up to INDENT. */
struct raid_line raid_place_view(struct raid_line l,
    enum raid_place_level level);

/* Are two lines the same at a level? */
int raid_place_same(struct raid_line a, struct raid_line b,
    enum raid_place_level level);

uint32_t raid_place_hash(struct raid_line l, enum raid_place_level level);

/* Have the lines of the text hashed for a level. */
void raid_place_rehash(struct raid_place_text *t, enum raid_place_level level);

/* The first line with that hash, and the next one after line i; NONE: no
 * more. */
uint32_t raid_place_first(const struct raid_place_text *t, uint32_t hash);
uint32_t raid_place_next(const struct raid_place_text *t, uint32_t i);

/* "path: hunk 2 (line 14 of the answer) ..." as RAID_NO; f is marked. */
int raid_place_refuse(struct raid_err *err, struct raid_place_fit *f,
    const char *fmt, ...) RAID_PRINTF(3, 4);

/* --- place_fold.c */

/* The line without typography, HTML and repeated blanks, in out, which has
 * room for as many bytes; their number. */
size_t raid_place_fold(struct raid_line l, unsigned char *out);

/* Learn from a line of the hunk that is the same as one of the file. */
void raid_place_folds_learn(struct raid_place_folds *f, struct raid_line hunk,
    struct raid_line file);

/* The line as the file would have it, appended.  -1: the file has both ways,
 * so that nobody can tell. */
int raid_place_unfold(const struct raid_place_folds *f, struct raid_line l,
    struct raid_buf *out);

/* The classes that occur in a text, as bits. */
unsigned raid_place_folds_in(const void *p, size_t len);

/* --- place_indent.c */

/*
 * The one change that makes the blanks before each hunk[i] those before
 * file[i]; n lines, blank ones do not count.  1 found, 0 there is none.
 */
int raid_place_indent_learn(struct raid_place_indent *t,
    const struct raid_line *hunk, const struct raid_line *file, size_t n);

/* A line of the hunk as it is indented in the file, appended; -1: it cannot
 * be said. */
int raid_place_indent_apply(const struct raid_place_indent *t,
    struct raid_place_text *file, struct raid_line l, struct raid_buf *out);

/* --- place_look.c */

void raid_place_side_init(struct raid_place_side *s,
    const struct raid_place_fit *f, unsigned char without);
void raid_place_side_free(struct raid_place_side *s);

/*
 * All places where the side, which has lines, stands at the level up to
 * FOLDED for which the text is hashed: seen and count of f are set.
 */
void raid_place_look(struct raid_place_text *t, struct raid_place_side *s,
    struct raid_place_fit *f);

/* Look at one level after the other until one has a place. */
void raid_place_look_up(struct raid_place_text *t, struct raid_place_fit *f,
    struct raid_place_side *s, enum raid_place_level most);

/* The hunk, whose old lines stand at line at, gets its splices, and what its
 * lines tell of indentation and folding. */
void raid_place_fix(const struct raid_place_text *t, struct raid_place_fit *f,
    const struct raid_place_side *old, size_t at);

/* --- place_align.c */

/*
 * The place where the old lines stand when lines of context are missing,
 * added or reworded.  1 and the hunk is fixed, or already there; 0 there is
 * none: f->best is where it is the least bad, and *differs the line of the
 * side that differs first; -1 refused.  Without align only that is found out.
 */
int raid_place_align(struct raid_place_text *t, struct raid_place_fit *f,
    const struct raid_place_side *old, int align, size_t *differs,
    struct raid_err *err);

/* --- place_split.c */

/*
 * Two hunks that were written as one, without what stands between them: each
 * part must have one place.  1 and the hunk is fixed; 0: it is not so.
 */
int raid_place_split(struct raid_place_text *t, struct raid_place_fit *f,
    enum raid_place_level most);

/* --- place_tie.c */

/* Of the places seen in [lo, hi] the one that numbers, anchors or the end of
 * the file single out: 1 and *at; 0: none of them does. */
int raid_place_untie(const struct raid_place_text *t,
    const struct raid_place_fit *f, size_t old_n, size_t want, size_t lo,
    size_t hi, size_t *at);

/*
 * The hunk fits in places (old), and its new lines stand in others (new): do
 * numbers, anchors or the end of the file say that it is one of these that is
 * meant, so that the hunk is in the file already?  moved: lines that the
 * hunks before it have made more.
 */
int raid_place_means_done(const struct raid_place_text *t,
    const struct raid_place_fit *old, size_t old_n,
    const struct raid_place_fit *new, size_t new_n, size_t want,
    size_t moved);

/* --- place_done.c */

/* The lines [from, to) of a hunk that are not new. */
size_t raid_place_old_lines(const struct raid_edit_hunk *h, size_t from,
    size_t to);

/* Has it neither a place, nor several, nor is it there already? */
int raid_place_is_open(const struct raid_place_fit *f);

/* Does the whole side stand at line at? */
int raid_place_stands(struct raid_place_text *t,
    const struct raid_place_side *s, size_t at, enum raid_place_level level);

/*
 * A placed hunk is there already when its new lines stand there around the
 * old ones, of which there are old_n, as after an insertion that is asked for
 * again.
 */
int raid_place_is_done(struct raid_place_text *t,
    const struct raid_place_fit *fit, size_t old_n);

/* Mark which of the open hunks are in the file already. */
void raid_place_look_for_done(struct raid_place_text *t,
    struct raid_place_fit *v, size_t n, enum raid_place_level most);

/*
 * A hunk that was placed among several like it leaves the others: done once
 * more, it would go to one of them.  Mark hunk i if that is so.
 */
void raid_place_look_for_twin(struct raid_place_text *t,
    struct raid_place_fit *v, size_t i);

/* --- place_settle.c */

/* The line, from 0, that hunk i is said to begin at, moved as far as the one
 * before it was; SIZE_MAX: nothing is said. */
size_t raid_place_wanted(const struct raid_place_fit *v, size_t i);

/* Fix the hunks that have several places. */
int raid_place_settle(struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, struct raid_err *err);

/* --- place_find.c */

/*
 * Find the places of n hunks of one edit, v[i].hunk being the i-th.  Which
 * of them are there already is told, not refused.
 */
int raid_place_find(struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, enum raid_place_level level, struct raid_err *err);

/* --- place_join.c */

/* Add to the habit what the hunks of a file tell. */
void raid_place_habit(struct raid_place_habit *h,
    const struct raid_place_fit *v, size_t n);

/* The text with the hunks in it, appended. */
int raid_place_join(struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, const struct raid_place_habit *habit, struct raid_buf *out,
    struct raid_err *err);

/* --- place_report.c */

/* Append what became of the hunks of a file; of the first that was refused
 * also the lines around. */
void raid_place_report(struct raid_place *out, const struct raid_place_fit *v,
    size_t n, const struct raid_place_text *text);

/* The same of an edit that has no hunks. */
void raid_place_report_edit(struct raid_place *out,
    const struct raid_edit *ed, enum raid_place_verdict verdict);

#define RAID_PLACE_BOM "\xef\xbb\xbf"

#endif
