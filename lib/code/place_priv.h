/* SPDX-License-Identifier: ISC */
/* What the parts of code/place share. */
#ifndef RAID_CODE_PLACE_PRIV_H
#define RAID_CODE_PLACE_PRIV_H

#include "code/line.h"
#include "code/place.h"

#define RAID_PLACE_LEVELS (RAID_PLACE_BLANKS + 1)
#define RAID_PLACE_TIES 5	/* places that a message names */

/* A file as lines, with what they look like at each level. */
struct raid_place_text {
	struct raid_lines lines;
	uint64_t *hash[RAID_PLACE_LEVELS];	/* NULL until needed */
	const char *eol;	/* "\n" or "\r\n": as the first line ends */
	int bom;		/* a UTF-8 byte order mark begins it */
	size_t work;		/* comparisons spent on it */
};

/* A hunk that has its place: lines [start, end) of the file become lines
 * [from, to) of the hunk.  Context around the change is not part of it. */
struct raid_place_fit {
	const struct raid_edit *edit;
	const struct raid_edit_hunk *hunk;
	size_t no;		/* number in the file, from 1, for messages */
	size_t at;		/* line of the file where the hunk begins */
	enum raid_place_level level;
	size_t start, end, from, to;
	int fixed;
	int already;		/* the file is as the hunk wants it */
};

void raid_place_text_init(struct raid_place_text *t, const void *p,
    size_t len);
void raid_place_text_free(struct raid_place_text *t);

/*
 * Find the places of n hunks of one edit, v[i].hunk being the i-th.  Which
 * of them are there already is told, not refused.
 */
RAID_MUST int raid_place_find(struct raid_place_text *t,
    struct raid_place_fit *v, size_t n, enum raid_place_level level,
    struct raid_err *err);

/* The text with the hunks in it, appended; v gets sorted. */
RAID_MUST int raid_place_join(const struct raid_place_text *t,
    struct raid_place_fit *v, size_t n, struct raid_buf *out,
    struct raid_err *err);

/* "path: hunk 2 (line 14 of the answer) ..." as RAID_NO. */
int raid_place_refuse(struct raid_err *err, const struct raid_place_fit *f,
    const char *fmt, ...) RAID_PRINTF(3, 4);

/* A line for a message: short, printable, in one piece. */
const char *raid_place_shown(struct raid_line l, char out[100]);

/*
 * "... rest of the code unchanged ..." must never reach a file, nor the mask
 * of a secret take its place: refuse a line that only says so, or holds one,
 * unless the file had it before.
 */
RAID_MUST int raid_place_check_elision(const struct raid_buf *before,
    const struct raid_buf *after, const struct raid_edit *ed,
    struct raid_err *err);

#define RAID_PLACE_BOM "\xef\xbb\xbf"

/* A line as it is compared at a level. */
struct raid_line raid_place_view(struct raid_line l,
    enum raid_place_level level);

#endif
