/* SPDX-License-Identifier: ISC */
/*
 * What was learned, as text: decimal numbers and words with blanks between,
 * strings of bytes as "5:hello".  Reading never goes beyond the end; what is
 * malformed sets bad, and all that is read after it is 0.
 */
#ifndef RAID_LOGS_STATE_H
#define RAID_LOGS_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "logs/log.h"

#define RAID_STATE_MAX ((size_t)256 << 20)

struct raid_state {
	const unsigned char *p;
	size_t left;
	int bad;
};

/* The next word has to be this one. */
void raid_state_word(struct raid_state *s, const char *word);

/* A number of at most max. */
uint64_t raid_state_num(struct raid_state *s, uint64_t max);
int64_t raid_state_signed(struct raid_state *s);

/* Bytes, at most max; borrowed from the text.  NULL if they are malformed. */
const unsigned char *raid_state_take(struct raid_state *s, size_t max,
    size_t *len);

/* A series is added to another one. */
void raid_state_series(struct raid_state *s, struct raid_series *to);

void raid_state_bytes(struct raid_buf *b, const void *p, size_t len);

/* Before raid_log_finish, behind the end of the last file: the state of a
 * log. */
void raid_log_write(struct raid_log *l, struct raid_buf *b);

/*
 * Add a state to a log, as if its lines came now.  RAID_EDATA for what is no
 * state; the log is not to be used then.  name is for the message.
 */
RAID_MUST int raid_log_read(struct raid_log *l, const void *p, size_t len,
    const char *name, struct raid_err *err);

#endif
