/* SPDX-License-Identifier: ISC */
/*
 * What all programs do alike: --help and --version, messages, tags from
 * operands or standard input, the final flush, the end.
 */
#ifndef RAID_PROG_H
#define RAID_PROG_H

#include <getopt.h>
#include <stdio.h>

#include "base/str.h"
#include "raid.h"

/* What a program says of itself; name is "raid-post". */
struct raid_prog {
	const char *name;
	const char *usage;	/* "[-a author] [text...]"; each line one way
				 * to call it, or with a blank first the rest
				 * of the line before */
	const char *help;	/* what it does and its options */
};

/*
 * First call of main: remembers the program, keeps the C locale, makes sure
 * that descriptors 0 to 2 are open.
 */
void prog_start(const struct raid_prog *p);

/*
 * getopt_long with a leading '+', where -h, --help, -V and --version are
 * known and an unknown option ends with usage and 64.  -C is carried out
 * here: the program finds itself in that folder, and "." as the argument.
 * Returns the next option or -1.
 */
int prog_option(int argc, char **argv, const char *shorts,
    const struct option *longs);

/* Long options every program has; put it last in a table of its own. */
#define PROG_LONGS \
	{ "help", no_argument, NULL, 'h' }, \
	{ "version", no_argument, NULL, 'V' }, \
	{ NULL, 0, NULL, 0 }
#define PROG_SHORTS ":hV"

/* Its name. */
const char *prog_name(void);

/* "raid-post: ..." on stderr. */
void prog_warn(const char *fmt, ...) RAID_PRINTF(1, 2);

/* Say what is in err; returns its code. */
int prog_say(const struct raid_err *err);

/* Say it and end with its code, after closing nothing: for main only. */
void prog_die(const struct raid_err *err) RAID_NORETURN;
void prog_usage(const char *fmt, ...) RAID_PRINTF(1, 2) RAID_NORETURN;

/*
 * The end of main: flush and check standard output, return the status; an
 * output that could not be written is RAID_EIO, whatever status was.
 */
int prog_end(int status);

/*
 * The tags to work on: operands if there are any, else lines of standard
 * input, also for the operand "-".  A line that is a JSON object gives its
 * "tag".  On a terminal without operand: usage, 64.  Returns 0, or -1 with a
 * line that is no tag.  No tag at all gives an empty list.
 */
RAID_MUST int prog_tags(int argc, char **argv, struct raid_list *tags,
    struct raid_err *err);

/*
 * Ask a person on /dev/tty.  1 yes, 0 no, -1 nobody can be asked
 * (RAID_ETEMP).
 */
int prog_ask(const char *question, struct raid_err *err);

#endif
