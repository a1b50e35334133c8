/* SPDX-License-Identifier: ISC */
/* What goes to people: a terminal's width and colours, text made harmless. */
#ifndef RAID_BASE_OUT_H
#define RAID_BASE_OUT_H

#include <stddef.h>
#include <stdio.h>

/* Is it a terminal that may be coloured?  NO_COLOR and TERM=dumb say no. */
int raid_out_colour(FILE *f);

/* Columns of the terminal on stdout; $COLUMNS, else 80. */
size_t raid_out_width(void);

/*
 * Write text.  With safe != 0, as for a terminal, control characters that
 * a body could steer it with (ESC, C1, CR, bidirectional marks) come out
 * as visible escapes such as \x1b or \u202e.
 */
void raid_out_text(FILE *f, const void *p, size_t len, int safe);

/* Write a string safely as part of one line: newlines and tabs are visible
 * escapes, too. */
void raid_out_line(FILE *f, const char *s);

#endif
