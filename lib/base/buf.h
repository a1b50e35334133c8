/* SPDX-License-Identifier: ISC */
/*
 * A growing run of bytes with a maximum.  What does not fit is dropped and
 * the overflow flag stays set, so a caller may add many pieces and look
 * once.  p is always NUL-terminated behind len.
 */
#ifndef RAID_BASE_BUF_H
#define RAID_BASE_BUF_H

#include <stddef.h>

#include "raid.h"

struct raid_buf {
	unsigned char *p;	/* never NULL after raid_buf_init */
	size_t len;		/* bytes in use */
	size_t cap;		/* bytes allocated, without the NUL */
	size_t max;		/* len never exceeds this */
	int overflow;		/* something did not fit */
};

void raid_buf_init(struct raid_buf *b, size_t max);
void raid_buf_free(struct raid_buf *b);

/* Forget the content and the overflow, keep the storage. */
void raid_buf_reset(struct raid_buf *b);

/* Append len bytes; of a piece that is too long, what fits. */
void raid_buf_add(struct raid_buf *b, const void *p, size_t len);
void raid_buf_addc(struct raid_buf *b, unsigned char c);
void raid_buf_puts(struct raid_buf *b, const char *s);
void raid_buf_printf(struct raid_buf *b, const char *fmt, ...)
    RAID_PRINTF(2, 3);

/* The content as a string, borrowed until the next change. */
const char *raid_buf_str(const struct raid_buf *b);

/* The content as a string that the caller frees; the buffer is empty then. */
char *raid_buf_take(struct raid_buf *b);

#endif
