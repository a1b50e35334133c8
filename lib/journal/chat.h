/* SPDX-License-Identifier: ISC */
/*
 * A pasted chat: blocks that begin with "name: ".  A pure function over
 * bytes.
 */
#ifndef RAID_JOURNAL_CHAT_H
#define RAID_JOURNAL_CHAT_H

#include <stddef.h>

/* One block; offsets into the text. */
struct raid_chat {
	size_t name, name_len;
	size_t body, body_len;	/* without blanks around it; may be empty */
	size_t line;		/* of the name, counted from 1 */
};

/*
 * The block that begins at *pos, which is 0 or where the last one ended (with
 * *line at that place, 1 at first).  1 found, 0 no more, -1 what stands at
 * *line is not blank and begins no block: at the start of the text alone.
 *
 * A block begins with a line "name: text", "**name:** text" or "**name**:
 * text", where name is one as raid-tags(7) has it, not digits alone; a time
 * in brackets or a bare one ("14:05") may stand before it.  Lines inside of
 * fenced code begin none.
 */
int raid_chat_next(const unsigned char *p, size_t len, size_t *pos,
    size_t *line, struct raid_chat *c);

#endif
