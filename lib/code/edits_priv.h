/* SPDX-License-Identifier: ISC */
/* What the parts of code/edits share. */
#ifndef RAID_CODE_EDITS_PRIV_H
#define RAID_CODE_EDITS_PRIV_H

#include "base/fence.h"
#include "code/edits.h"
#include "code/line.h"

/* A run of lines of the answer that is, or may hold, one diff. */
struct raid_edits_span {
	const struct raid_line *v;
	size_t n;
	size_t first;		/* number of v[0] in the answer, from 1 */
	const char *path;	/* for hunks without a header; may be NULL */
	int clean;		/* counts in hunk headers are right */
	int fenced;		/* nothing but the diff should stand here */
	int cut;		/* the fence has no end, as if cut off */
};

/* Append the edits of the diff in s. */
RAID_MUST int raid_edits_diff(struct raid_edits *e,
    const struct raid_edits_span *s, struct raid_err *err);

/* Does a diff begin in the first line that is not blank? */
int raid_edits_is_diff(const struct raid_line *v, size_t n);

/* The answer while it is searched. */
struct raid_edits_search {
	const unsigned char *p;
	size_t len;
	struct raid_lines lines;	/* of the whole answer */
	struct raid_edits *e;
	struct raid_err *err;
	size_t at;			/* line that is next */
	const char *last;		/* path of the block before */
};

/* A fence as lines of the answer. */
struct raid_edits_block {
	struct raid_fence f;
	size_t open;		/* line of the opening fence */
	size_t end;		/* of the closing one, or behind the last */
	size_t indent;		/* bytes that each of its lines begins with */
};

/* Line i without up to indent bytes of what stands before its block. */
struct raid_line raid_edits_inner(const struct raid_edits_search *s, size_t i,
    size_t indent);

/* The same of all lines from..to. */
struct raid_lines raid_edits_body(const struct raid_edits_search *s,
    size_t from, size_t to, size_t indent);

/* Is this "<<<<<<< SEARCH", indent bytes in? */
int raid_edits_is_search(struct raid_line l, size_t indent);

/* Take the block that begins at line at, outside of fences. */
RAID_MUST int raid_edits_bare_block(struct raid_edits_search *s, size_t at);

/* Take all blocks of a fence; the first one begins at line at. */
RAID_MUST int raid_edits_fence_blocks(struct raid_edits_search *s,
    const struct raid_edits_block *b, size_t at);

/* The mode in "new file mode 100644". */
unsigned raid_edits_octal(const unsigned char *p, size_t n);

/* The name in "--- name" or "rename from name", skip bytes in: in C quotes,
 * or up to a tab or a time stamp. */
char *raid_edits_name(struct raid_line l, size_t skip);

/* Both names of "diff --git a/x b/x"; unquoted ones are of equal length. */
void raid_edits_git_names(struct raid_line l, char **old, char **new);

int raid_edits_is_null(const char *name);	/* is it /dev/null? */

/*
 * Take "a/" and "b/" away, and what diff.mnemonicPrefix writes instead.
 * Only as a pair: without prefixes a folder may itself be called "a".
 */
void raid_edits_strip(char *old, char *new);

/*
 * The path that a line holds alone, however it is adorned, or NULL.  When
 * sure is 0 it must look like one: prose stands above fences too.
 */
char *raid_edits_path_line(struct raid_line l, int sure);

/* The path in the info string of a fence, or NULL; *session is set when the
 * fence shows a terminal. */
char *raid_edits_path_info(const unsigned char *p, size_t len, int *session);

/* A new zeroed edit at the end of e; NULL when there are too many. */
struct raid_edit *raid_edits_add(struct raid_edits *e, size_t line,
    struct raid_err *err);

/* A new zeroed hunk of the last edit. */
struct raid_edit_hunk *raid_edits_add_hunk(struct raid_edits *e, size_t line,
    struct raid_err *err);

/* Does a hunk hold anything but context? */
int raid_edits_changes(const struct raid_edit_hunk *h);

/* "line N of the answer: ..." as RAID_NO. */
int raid_edits_bad(struct raid_err *err, size_t line, const char *fmt, ...)
    RAID_PRINTF(3, 4);

#endif
