/* SPDX-License-Identifier: ISC */
/*
 * Private keys that stand in a log, line by line: each line of one looks
 * like any word, so that only the lines together tell that it is a secret.
 */
#ifndef RAID_LOGS_KEYLINE_H
#define RAID_LOGS_KEYLINE_H

#include <stddef.h>

/* What stands for a line of a key. */
#define RAID_KEYLINE "[a line of a private key]"

/* Begins a private key behind this line?  Pure, and a nanosecond or two for
 * most lines. */
int raid_keyline_begins(const unsigned char *p, size_t len);

/* One log; begin with { 0 }, and again for each file. */
struct raid_keylines {
	unsigned left;		/* lines that may still be of the key */
	unsigned others;	/* lines in between that are none of it */
};

/*
 * Is this line, the next one of the log, one of a key?  begins is what
 * raid_keyline_begins says of it, and message where its message begins.
 * While left is 0 only a line that begins a key needs to be given.
 */
int raid_keylines_hides(struct raid_keylines *k, const unsigned char *p,
    size_t len, size_t message, int begins);

#endif
