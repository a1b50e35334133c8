/* SPDX-License-Identifier: ISC */
/* A table of rows, printed for people or as JSON lines. */
#ifndef RAID_TABLE_H
#define RAID_TABLE_H

#include <stddef.h>

#include "base/str.h"

/* A column is for people, for programs, or for both. */
#define TABLE_PEOPLE 1
#define TABLE_DATA 2
#define TABLE_NUMBER 4		/* to the right; in JSON null if empty */
#define TABLE_FLAG 8		/* "1" or "0"; true or false in JSON */
#define TABLE_NULLABLE 16	/* a string that is null when it is empty */

struct table_column {
	const char *name;
	int what;
};

struct table {
	const char *type;		/* in JSON */
	const struct table_column *columns;
	size_t ncolumns;
	const char *first;		/* name of the first column; NULL: its
					 * own */
	struct raid_list cells;		/* row after row */
};

/* The name of a column. */
const char *table_name(const struct table *t, size_t column);

/*
 * A line of names and one a row, each column as wide as its widest cell;
 * control characters come out as escapes, an empty cell as "-".  The last
 * column ends with width; 0: nothing is cut.
 */
void table_text(const struct table *t, size_t width);

/* "name: text" on as many lines as it takes, none wider than width unless a
 * word is; with control characters as escapes. */
void table_note(const char *name, const char *text, size_t width);

/* A JSON line a row; with safe as raid_out_text has it. */
void table_json(const struct table *t, int safe);

#endif
