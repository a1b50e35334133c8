/* SPDX-License-Identifier: ISC */
/* Inside the finder of headers: the scan, field by field. */
#ifndef RAID_LOGS_HEADER_SCAN_H
#define RAID_LOGS_HEADER_SCAN_H

#include <stdint.h>

#include "logs/header_priv.h"

#define LOOK 512		/* a header is shorter, in bytes */
#define TIMES 6			/* places of a line that may be a time */

/* What the bytes of a field are, or-ed. */
enum {
	DIGIT = 1, LOWER = 2, UPPER = 4,
	SEP = 8,		/* -./_ */
	NAME = 16,		/* what else a name has: ()[]$@#:+* */
	HIGH = 32,		/* not of ASCII */
	OTHER = 64,
	COLON = 128,		/* with NAME */
	EQUAL = 256,		/* with OTHER */
	BLANK = 512,		/* a blank, a tab or a bar: a field ends */
	OPEN = 1024,		/* [<(# may stand before a level, */
	CLOSE = 2048,		/* ])>:, behind it */
	ENDS = 4096,		/* a blank, a tab, |,:]+ behind a time */
	GLUED = 8192,		/* ,:] belong to the time */
	LETTER = LOWER | UPPER
};

extern const uint16_t raid_header_class[256];

struct field {
	size_t from, end;
	unsigned flags;		/* of what begins with [ those of that only */
};

/* A place that may be a time: between from and end, which is 0 if there is
 * no bracket behind it. */
struct moment {
	uint16_t from, end;
	uint16_t n;		/* length of the time, 0 if it is none, */
	uint16_t zone;		/* and of what follows it */
	uint8_t first;		/* a line begins there */
};

struct moments {
	size_t n;
	struct moment v[TIMES];
};

/*
 * Where the scan is.  What stands before h->end is the header so far.  All
 * that was found is told by the moments and by the bytes before seen,
 * whatever their digits are.
 */
struct scan {
	const unsigned char *p;
	size_t len;		/* at most LOOK */
	size_t at;
	size_t seen;
	struct moments *times;	/* NULL: nobody wants to know */
	struct raid_header *h;
	uint8_t steps;		/* so far */
	uint16_t prefix;	/* what carries the line, "web_1  | " */
	uint8_t severity;	/* of a syslog packet: enum raid_level */
	uint8_t first;		/* the next field begins a line */
	uint8_t sure;		/* the prefix is no table */
	uint8_t role;		/* a letter behind the pid: a mark is a level */
	uint8_t timed, levelled;	/* a time, a level was seen */
	uint8_t clocked;	/* the time has an hour */
	uint8_t syslog;		/* the time was of "Jun 14 15:16:01" */
	uint8_t named;		/* a component with a dash behind it */
	uint8_t dashed;		/* "---" between pid and thread */
	uint8_t fields, words;	/* since the last thing that was certain, */
	uint8_t plain;		/* words among them as of a sentence */
	uint8_t pairs;		/* the line is of pairs, without a header */
	uint8_t stop;
};

/* A scan that found the last part of a header. */
struct raid_header_known {
	struct scan scan;
	struct raid_header h;
	struct moments times;
	size_t ntimes;		/* of them, the others came later */
};

/* That of another line whose header has the same shape; NULL: there is none.
 * Its times are yet to be compared. */
const struct raid_header_known *raid_header_memo_find(
    struct raid_header_memo *memo, const unsigned char *p, size_t len);

/* Where to put that of the line that was not found, and to keep it. */
struct raid_header_known *raid_header_memo_place(
    struct raid_header_memo *memo);
void raid_header_memo_keep(struct raid_header_memo *memo);

/* Fill in n and zone of the moment in the line p. */
void raid_header_measure(const unsigned char *p, size_t len,
    struct moment *m);

/* Everything up to at is header. */
static inline void
raid_header_commit(struct scan *s, size_t at)
{
	s->at = s->h->end = at;
	s->fields = s->words = s->plain = 0;
}

/* The byte at i, or that there is none, is part of what is known. */
static inline void
raid_header_see(struct scan *s, size_t i)
{
	if (s->seen <= i)
		s->seen = i + 1;
}

static inline size_t
raid_header_blanks(struct scan *s, size_t i)
{
	while (i < s->len && (s->p[i] == ' ' || s->p[i] == '\t'))
		i++;
	raid_header_see(s, i);
	return i;
}

/* The field from the bracket at f->from to the one that closes it; 0 if none
 * does. */
int raid_header_bracket(struct scan *s, struct field *f);

/* The end of the field at f->from, a blank or the bracket that closes it. */
static inline void
raid_header_field(struct scan *s, struct field *f)
{
	const unsigned char *p = s->p;
	unsigned flags = 0, c;
	size_t i = f->from, len = s->len;

	if (p[i] == '[' && raid_header_bracket(s, f))
		return;
	for (; i < len; i++) {
		c = raid_header_class[p[i]];
		if (c & BLANK)
			break;
		flags |= c;
	}
	f->end = i;
	f->flags = flags;
	raid_header_see(s, i);
}

/*
 * All of these take what they find, and return 1, or 0.
 * A level without what is around it; first: the field begins a line.
 */
int raid_header_try_level(struct scan *s, const struct field *f, int first);

/* A program or class before its message. */
int raid_header_try_component(struct scan *s, const struct field *f);

/* Behind a time: "stdout F ", then a line of another program. */
int raid_header_try_stream(struct scan *s, const struct field *f);

/* What carries lines of others, and lines of pairs. */
int raid_header_try_prefix(struct scan *s, const struct field *f);

/* "<34>" or "<34>1 time host program pid id [data]" of syslog's. */
void raid_header_priority(struct scan *s);

#endif
