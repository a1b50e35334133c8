/* SPDX-License-Identifier: ISC */
/* Inside the finder of headers: the scan, field by field. */
#ifndef RAID_LOGS_HEADER_SCAN_H
#define RAID_LOGS_HEADER_SCAN_H

#include <stdint.h>

#include "logs/header_priv.h"

#define LOOK 512		/* a header is shorter, in bytes */

/* What the bytes of a field are, or-ed. */
enum {
	DIGIT = 1, LOWER = 2, UPPER = 4,
	SEP = 8,		/* -./_ */
	NAME = 16,		/* what else a name has: ()[]$@#:+* */
	HIGH = 32,		/* not of ASCII */
	OTHER = 64,
	COLON = 128,		/* with NAME */
	EQUAL = 256,		/* with OTHER */
	BLANK = 512		/* a blank, a tab or a bar: a field ends */
};

struct field {
	size_t from, end;
	unsigned flags;
};

/* Where the scan is.  What stands before h->end is the header so far. */
struct scan {
	const unsigned char *p;
	size_t len;		/* at most LOOK */
	size_t at;
	struct raid_header *h;
	size_t prefix;		/* what carries the line, "web_1  | " */
	int sure;		/* is that no table? */
	int role;		/* a letter behind the pid: a mark is a level */
	enum raid_level severity;	/* of a syslog packet */
	int first;		/* the next field begins a line */
	int timed, levelled;	/* a time, a level was seen */
	int clocked;		/* the time has an hour */
	int syslog;		/* the time was of "Jun 14 15:16:01" */
	int named;		/* a component with a dash behind it */
	int dashed;		/* "---" between pid and thread */
	int fields, words;	/* since the last thing that was certain, */
	int plain;		/* words among them as of a sentence */
	int pairs;		/* the line is of pairs, without a header */
	int stop;
};

/* Everything up to at is header. */
static inline void
raid_header_commit(struct scan *s, size_t at)
{
	s->at = s->h->end = at;
	s->fields = s->words = s->plain = 0;
}

static inline size_t
raid_header_blanks(const struct scan *s, size_t i)
{
	while (i < s->len && (s->p[i] == ' ' || s->p[i] == '\t'))
		i++;
	return i;
}

/* The end of the field at f->from, a blank or the bracket that closes it. */
void raid_header_field(const struct scan *s, struct field *f);

/* All of these take what they find, and return 1, or 0.
 * first: the field begins a line. */
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
