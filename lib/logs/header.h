/* SPDX-License-Identifier: ISC */
/*
 * What a program puts before its message: time, host, pid, thread, level,
 * component.  It is told by its shape, line by line, so that logs of many
 * programs may be mixed.
 */
#ifndef RAID_LOGS_HEADER_H
#define RAID_LOGS_HEADER_H

#include <stddef.h>

enum raid_level {
	RAID_LEVEL_NONE,	/* the line names none */
	RAID_LEVEL_DEBUG,
	RAID_LEVEL_INFO,
	RAID_LEVEL_WARN,
	RAID_LEVEL_ERROR,
	RAID_LEVEL_FATAL
};

struct raid_header {
	size_t end;		/* the message begins here, len at most */
	size_t time, time_len;	/* the first time, if time_len is not 0 */
	enum raid_level level;
};

void raid_header(struct raid_header *h, const unsigned char *p, size_t len);

/*
 * The same, and quicker where lines are like others before them: what was
 * found in one is found in those that differ in nothing but digits.  A memo
 * serves one thread at a time.
 */
struct raid_header_memo;

struct raid_header_memo *raid_header_memo_new(void);
void raid_header_memo_free(struct raid_header_memo *memo);
void raid_header_by(struct raid_header_memo *memo, struct raid_header *h,
    const unsigned char *p, size_t len);

/* "", "debug", "info", "warn", "error", "fatal". */
const char *raid_level_name(enum raid_level level);

#endif
