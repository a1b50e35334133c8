/* SPDX-License-Identifier: ISC */
/* Strings and lists of strings. */
#ifndef RAID_BASE_STR_H
#define RAID_BASE_STR_H

#include <stddef.h>

#include "raid.h"

/* A list that owns its strings; v[n] is NULL, so v serves as an argv. */
struct raid_list {
	char **v;
	size_t n;
	size_t cap;
};

void raid_list_add(struct raid_list *l, const char *s);
void raid_list_addn(struct raid_list *l, const char *s, size_t len);
void raid_list_addf(struct raid_list *l, const char *fmt, ...)
    RAID_PRINTF(2, 3);

/* Append unless it is there already; 1 if it was added. */
int raid_list_addnew(struct raid_list *l, const char *s);
int raid_list_has(const struct raid_list *l, const char *s);
void raid_list_free(struct raid_list *l);

/* Append the parts of s between the separator; empty ones are left out. */
void raid_list_split(struct raid_list *l, const char *s, char separator);

/* A formatted string that the caller frees. */
char *raid_strf(const char *fmt, ...) RAID_PRINTF(1, 2);

int raid_str_starts(const char *s, const char *prefix);
int raid_str_ends(const char *s, const char *suffix);

/*
 * How many of the len bytes at p are an escape sequence of a terminal
 * (ECMA-48 and the charsets of ISO 2022); p begins with ESC.  A sequence
 * that is not ended goes up to the next control character.
 */
size_t raid_str_escape(const unsigned char *p, size_t len);

/*
 * Word w quoted for sh when it needs it, appended to a string; for messages
 * that name a command.  The caller frees.
 */
char *raid_str_shell(char *const *argv);

#endif
