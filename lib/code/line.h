/* SPDX-License-Identifier: ISC */
/* Text as lines.  A line keeps its newline; the last one may have none. */
#ifndef RAID_CODE_LINE_H
#define RAID_CODE_LINE_H

#include <stddef.h>
#include <stdint.h>

struct raid_line {
	const unsigned char *p;	/* borrowed */
	size_t len;
};

struct raid_lines {
	struct raid_line *v;
	size_t n;
	size_t cap;
};

/* Append the lines of a text that outlives the list. */
void raid_lines_split(struct raid_lines *l, const void *p, size_t len);
void raid_lines_free(struct raid_lines *l);

int raid_line_equal(const struct raid_line *a, const struct raid_line *b);
uint64_t raid_line_hash(const struct raid_line *a);

/* The line without its "\n" or "\r\n". */
struct raid_line raid_line_chomp(struct raid_line a);

/* The line without its end and the blanks before it. */
struct raid_line raid_line_trim(struct raid_line a);

/* How many blanks, and how many blanks and tabs, it begins with. */
size_t raid_line_spaces(struct raid_line a);
size_t raid_line_lead(struct raid_line a);

/* The line without blanks at both ends. */
struct raid_line raid_line_strip(struct raid_line a);

/* A line for a message, in out: short, printable, in one piece. */
const char *raid_line_shown(struct raid_line a, char out[100]);

#endif
