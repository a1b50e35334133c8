/* SPDX-License-Identifier: ISC */
/* What the parts of code/edits share. */
#ifndef RAID_CODE_EDITS_PRIV_H
#define RAID_CODE_EDITS_PRIV_H

#include "code/edits.h"
#include "code/line.h"

/* The answer while it is searched. */
struct raid_edits_search {
	const unsigned char *p;
	size_t len;
	struct raid_lines lines;	/* of the whole answer */
	struct raid_edits *e;
	struct raid_err *err;
	size_t at;			/* line that is next */
	const char *last;		/* path of the edit before, or NULL */
	size_t work;			/* lines that looks ahead may cost */
};

/* Lines [from, to) of the answer; what stands before them in a list or a
 * quotation, indent bytes of each, is not part of them. */
struct raid_edits_view {
	struct raid_edits_search *s;
	size_t from, to;
	size_t indent;
};

/* A fence as lines of the answer. */
struct raid_edits_fence {
	size_t open;		/* line that opens it */
	size_t end;		/* that closes it, or behind the last */
	size_t indent;		/* bytes before the fence itself */
	size_t ticks;		/* its length */
	unsigned char ch;	/* '`' or '~' */
	int closed;
	const unsigned char *info;	/* trimmed */
	size_t info_len;
};

/* A run of lines that is, or begins with, a diff. */
struct raid_edits_span {
	struct raid_edits_view v;
	const char *path;	/* for hunks without a header; may be NULL */
	int clean;		/* counts in hunk headers are right */
	int alone;		/* every line must belong to the diff */
	int fenced;		/* all lines of v should be the diff's */
	int drifted;		/* some hunk had wrong counts */
};

/* ---- edits.c: what is found is kept */

/* A new zeroed edit at the end of e; NULL when there are too many. */
struct raid_edit *raid_edits_add(struct raid_edits *e, size_t line,
    struct raid_err *err);

/* A new zeroed hunk of the last edit. */
struct raid_edit_hunk *raid_edits_add_hunk(struct raid_edits *e, size_t line,
    struct raid_err *err);

/* A trimmed copy of an anchor at the end of those of h; dots say nothing. */
void raid_edits_add_anchor(struct raid_edit_hunk *h, struct raid_line l);

/* Does a hunk hold anything but context? */
int raid_edits_changes(const struct raid_edit_hunk *h);

/* "line N of the answer: ..." as RAID_EDATA: malformed. */
int raid_edits_bad(struct raid_err *err, size_t line, const char *fmt, ...)
    RAID_PRINTF(3, 4);

/* The same as RAID_NO: well-formed, but not taken. */
int raid_edits_refuse(struct raid_err *err, size_t line, const char *fmt,
    ...) RAID_PRINTF(3, 4);

/* "... the answer ends in the middle of WHAT" as RAID_EDATA. */
int raid_edits_cut(struct raid_err *err, size_t line, const char *what);

/* ---- edits_line.c: lines, margins, fences */

int raid_edits_starts(struct raid_line l, const char *prefix);

/* Bytes of blanks and "> " that line l begins with. */
size_t raid_edits_margin(struct raid_line l);

/* Line i without its margin and end; empty when there is none. */
struct raid_line raid_edits_bare(const struct raid_edits_search *s, size_t i);

/* Line i of the view with its newline, and without; empty outside of it. */
struct raid_line raid_edits_line(const struct raid_edits_view *v, size_t i);
struct raid_line raid_edits_text(const struct raid_edits_view *v, size_t i);

/* Does line i of the answer begin with the n bytes that line like does, or
 * is it blank? */
int raid_edits_alike(const struct raid_edits_search *s, size_t i, size_t like,
    size_t n);

/* Do all lines from..to? */
int raid_edits_all_alike(struct raid_edits_search *s, size_t from, size_t to,
    size_t like, size_t n);

/* The view of what begins in line i behind its margin: up to where lines
 * have another one. */
struct raid_edits_view raid_edits_view_from(struct raid_edits_search *s,
    size_t i);

/* A look ahead costs so many lines; 0 once too much was looked at. */
int raid_edits_spend(struct raid_edits_search *s, size_t lines);

/* Does a fence open in line i?  Its end is not looked for. */
int raid_edits_fence_opens(const struct raid_edits_search *s, size_t i,
    struct raid_edits_fence *f);

/* Is line i a fence of the kind of f, and at least as long?  1 with nothing
 * behind it, 2 with an info string, else 0; *margin is what it begins with. */
int raid_edits_fence_like(const struct raid_edits_search *s, size_t i,
    const struct raid_edits_fence *f, size_t *margin);

/* Find the end of f as CommonMark has it. */
void raid_edits_fence_end(struct raid_edits_search *s,
    struct raid_edits_fence *f);

/* ---- edits_diff.c, edits_head.c, edits_hunk.c, edits_margin.c: diffs */

/*
 * Append the edits of the diff that begins in line *at, up to the end of the
 * view or, without a fence, to where no line can belong to it; *at is behind
 * it then.
 */
RAID_MUST int raid_edits_diff(struct raid_edits_span *s, size_t *at);

/* Does a diff begin in line i of the view, by more than a hunk? */
int raid_edits_diff_begins(const struct raid_edits_view *v, size_t i);

/* Names of a file: 2 for "--- x" and "+++ y", 1 for one of them with a hunk
 * below it, else 0. */
int raid_edits_names(const struct raid_edits_view *v, size_t i);

/* Does the header of another file begin here, seen from within a hunk? */
int raid_edits_file_begins(const struct raid_edits_view *v, size_t i);

/* Is it a hunk's header, "@@ -1,2 +1,2 @@" or just "@@"? */
int raid_edits_is_hunk(struct raid_line l);

/* Take the hunk whose header is line *at, for the last edit. */
RAID_MUST int raid_edits_hunk(struct raid_edits_span *s, size_t *at);

/* Take all lines of the view as a hunk that has lost its header. */
RAID_MUST int raid_edits_headless(struct raid_edits_span *s);

/* Is it "\ No newline at end of file", in any spelling? */
int raid_edits_is_no_eol(struct raid_line l);

/* What a hunk's header says, and how many lines its body has. */
struct raid_edits_counts {
	int given;
	size_t old_want, new_want;
	size_t old_n, new_n;
};

/* Read "@@ -a,b +c,d @@"; "@@" alone is a hunk without a hint.  Returns
 * where the anchor begins. */
size_t raid_edits_hunk_counts(struct raid_line l, size_t *hint,
    struct raid_edits_counts *c);

/* The line number of a hunk's header, and the anchor behind it, to h. */
void raid_edits_hunk_head(struct raid_edit_hunk *h, struct raid_line l);

/* The body of a hunk as lines of the answer. */
struct raid_edits_body {
	size_t from, to;	/* lines of the answer */
	int naked;		/* some line begins with no sign */
	size_t first_naked;
	int agree;		/* the header has counts, and they are right */
};

/*
 * How are lines with a leading blank to be read when others have no sign at
 * all?  1 with the blank as their own, 0 with it as the sign, -1 refused.
 */
RAID_MUST int raid_edits_naked(const struct raid_edits_span *s,
    const struct raid_edits_body *b);

/* Take one blank away from context that has one too many. */
void raid_edits_unpad(struct raid_edit_hunk *h);

/* ---- edits_block.c, edits_codex.c, edits_whole.c, edits_number.c */

/* Is line i of the answer "<<<<<<< SEARCH"? */
int raid_edits_is_search(const struct raid_edits_search *s, size_t i);
/* Is it ">>>>>>> REPLACE"? */
int raid_edits_is_replace(const struct raid_edits_search *s, size_t i);

/* Take the block that begins at line s->at, outside of fences. */
RAID_MUST int raid_edits_bare_block(struct raid_edits_search *s);

/* Take all blocks of a fence; the first one begins at line at. */
RAID_MUST int raid_edits_fence_blocks(struct raid_edits_search *s,
    struct raid_edits_fence *f, size_t at);

int raid_edits_is_codex(const struct raid_edits_search *s, size_t i);

/* Take the Codex patch that begins in line *at, and set that behind it. */
RAID_MUST int raid_edits_codex(struct raid_edits_search *s, size_t *at);

/* Take the fence as a whole file; path is owned from here on. */
RAID_MUST int raid_edits_whole(struct raid_edits_search *s,
    struct raid_edits_fence *f, char *path, int labelled);

/* Set line.number where all old lines of h begin with line numbers. */
void raid_edits_number(struct raid_edit_hunk *h);

/* ---- edits_name.c: names in diffs */

/* The mode in "new file mode 100644". */
unsigned raid_edits_octal(const unsigned char *p, size_t n);

/* The n bytes as a name; a NUL, which none can hold, becomes a newline,
 * which is refused in the end. */
char *raid_edits_name_of(const unsigned char *p, size_t n);

/* The name in "--- name" or "rename from name", skip bytes in: in C quotes,
 * or up to a tab or a time stamp. */
char *raid_edits_name(struct raid_line l, size_t skip);

/* Both names of "diff --git a/x b/x"; unquoted ones are of equal length. */
void raid_edits_git_names(struct raid_line l, char **old, char **new);

int raid_edits_is_null(const char *name);	/* is it /dev/null? */

/*
 * Take "a/" and "b/" away, what diff.mnemonicPrefix writes instead, "old/"
 * and "new/", and "./".  Only as a pair: without prefixes a folder may itself
 * be called "a".
 */
void raid_edits_strip(char *old, char *new);

/* ---- edits_file.c, edits_path.c, edits_prose.c: names in fences and
 * prose */

/* One word that could name a file. */
int raid_edits_is_word(const char *s);

/* It has a folder or an extension, or everybody knows it. */
int raid_edits_is_path(const char *s);

/* The same, with an extension that is known to be one: for names in prose. */
int raid_edits_is_file(const char *s);

enum raid_edits_label {
	RAID_EDITS_WHOLE,	/* is this a file as a whole? */
	RAID_EDITS_WHOLE_FAR,	/* the same, a blank line lies between */
	RAID_EDITS_HUNK		/* it holds an edit, but of which file? */
};

/*
 * The path that a line holds alone, however it is adorned, or NULL.  For a
 * hunk it may be any word.
 */
char *raid_edits_path_line(struct raid_line l, enum raid_edits_label what);

/* Is the line one word that might be the name of a file, or might not? */
int raid_edits_is_doubtful(struct raid_line l);

/* Has the info string a second word that might be a path, and is none? */
int raid_edits_is_doubtful_info(const unsigned char *p, size_t len);

/* The path in a comment that says nothing else, or NULL. */
char *raid_edits_path_comment(struct raid_line l);

/* The path in the info string of a fence, or NULL; *session is set when the
 * fence shows a terminal. */
char *raid_edits_path_info(const unsigned char *p, size_t len, int *session);

/* Does an info string name a language of shells? */
int raid_edits_is_shell(const unsigned char *p, size_t len);

/* How many code spans of a line name a file; *path gets the one, if it is
 * one, else NULL. */
size_t raid_edits_path_spans(struct raid_line l, char **path);

/* Does the line announce a whole file ("Here is the new `x.c`:")? */
int raid_edits_says_whole(struct raid_line l);

/* Do words say that something is new or complete, and none that it is not? */
int raid_edits_is_remark(const char *s);

/*
 * The path of an edit that begins below line at, on the nearest line that is
 * not blank, up to three lines away and not above line stop; or that of the
 * edit before, or NULL.
 */
char *raid_edits_path_above(const struct raid_edits_search *s, size_t at,
    size_t stop);

#endif
