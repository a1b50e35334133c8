/* SPDX-License-Identifier: ISC */
/*
 * The Markdown that matters to raid, after CommonMark 0.31: fenced code
 * blocks, code spans and URLs.  Pure functions over bytes.
 */
#ifndef RAID_BASE_FENCE_H
#define RAID_BASE_FENCE_H

#include <stddef.h>

/* One fenced block; offsets into the text. */
struct raid_fence {
	size_t start;		/* first byte of the line that opens it */
	size_t info, info_len;	/* info string, blanks trimmed */
	size_t body, body_len;	/* what stands between, with its last newline */
	size_t end;		/* behind the line that closes it */
	size_t indent;		/* blanks before the opening fence */
	size_t ticks;		/* length of the opening fence */
	unsigned char ch;	/* '`' or '~' */
	int closed;		/* 0: it runs to the end of the text */
};

/*
 * Find the next fenced block at or after *pos, which is the start of a line
 * outside a block, and set *pos behind it.  1 found, 0 no more.  A block may
 * be indented by any amount (lists nest), and may stand behind "> ".  What
 * closes it is indented by at most three more.
 */
int raid_fence_next(const unsigned char *p, size_t len, size_t *pos,
    struct raid_fence *f);

/*
 * Set mask[i] to 1 for every byte i inside a fenced block, a code span or
 * a URL, else to 0.  An unclosed fence runs to the end; an unclosed backtick
 * is text.  mask holds len bytes.
 */
void raid_fence_mask(const unsigned char *p, size_t len, unsigned char *mask);

/* How many backticks a fence around these bytes needs: at least 3. */
size_t raid_fence_ticks(const unsigned char *p, size_t len);

#endif
