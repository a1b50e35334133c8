/* SPDX-License-Identifier: ISC */
/* Inside the finder of headers: times, levels, and letters of ASCII. */
#ifndef RAID_LOGS_HEADER_PRIV_H
#define RAID_LOGS_HEADER_PRIV_H

#include <stddef.h>

#include "logs/header.h"

/*
 * The time that begins at p: its length in bytes, 0 if there is none.
 * first: it is the beginning of a line, where numbers may be a time.
 */
size_t raid_header_time(const unsigned char *p, size_t len, int first);

/* Is "10/Oct/2000:13:55:36" of web servers at p? */
int raid_header_web_time(const unsigned char *p, size_t len);

/* The level that a word names, in any case. */
enum raid_level raid_header_level_word(const unsigned char *p, size_t len);

/* That of D, I, W, E, F, V. */
enum raid_level raid_header_level_letter(unsigned char c);

/* That of 0 (emergency) to 7 (debug). */
enum raid_level raid_header_severity(unsigned v);

/* The character before the word p, in any case, in a list of such pairs,
 * "1debug 2info "; 0 if it is not there. */
int raid_header_word(const char *list, const unsigned char *p, size_t len);

/*
 * Take a time and a level that h lacks from the pairs that begin at "at":
 * an object of JSON, or logfmt, where 1 says that something was found.
 */
void raid_header_json(struct raid_header *h, const unsigned char *p,
    size_t len, size_t at);
int raid_header_logfmt(struct raid_header *h, const unsigned char *p,
    size_t len, size_t at);

static inline int
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline int
is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline int
is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static inline int
is_alpha(unsigned char c)
{
	return is_lower(c | 0x20);
}

static inline int
is_alnum(unsigned char c)
{
	return is_digit(c) || is_alpha(c);
}

/* As strchr for so few characters, without the call and without the NUL. */
static inline int
one_of(const char *set, unsigned char c)
{
	for (; *set != '\0'; set++)
		if ((unsigned char)*set == c)
			return 1;
	return 0;
}

static inline size_t
digits(const unsigned char *p, size_t len)
{
	size_t n = 0;

	while (n < len && is_digit(p[n]))
		n++;
	return n;
}

#endif
