/* SPDX-License-Identifier: ISC */
/*
 * What compilers, linters and test runners say in a log: errors, warnings
 * and failing tests with their places, and the counts of each runner.  It is
 * fed line by line, keeps a bounded number of findings (counts go on), and
 * takes only what has the shape of a known tool: "error: x" in the prose of
 * a server is no finding.
 */
#ifndef RAID_LOGS_BUILD_H
#define RAID_LOGS_BUILD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

enum raid_finding_kind {
	RAID_FINDING_ERROR,	/* of a compiler, linker, linter */
	RAID_FINDING_WARNING,
	RAID_FINDING_FAILED,	/* a test that failed */
	RAID_FINDING_BROKEN,	/* a test that could not be run to its end */
	RAID_FINDING_PLACE	/* a line that names a place in a file */
};

/* Texts are valid UTF-8 without control characters, "" for none; borrowed
 * until the next line. */
struct raid_finding {
	enum raid_finding_kind kind;
	const char *tool;	/* "gcc", "pytest" */
	const char *file;
	unsigned long line, column;	/* 0: not known */
	const char *name;	/* of the test; E0308, -Wunused-variable */
	const char *message;
	uint64_t at;		/* its line in the log */
	uint64_t n;		/* so many times, such as once for each file
				 * that includes the header */
};

/* What one tool counted: its own sum where it gives one. */
struct raid_build_count {
	const char *tool;
	uint64_t failed, errors, passed, skipped;
	uint64_t warnings;
	int said;		/* by the tool itself */
};

struct raid_build;

/*
 * known: the text is known to be the output of a build or a test.  Then all
 * lines that name a place in a file are looked at, and weak shapes count.
 */
struct raid_build *raid_build_new(int known);
void raid_build_free(struct raid_build *b);

/*
 * What may this line be?  0: it is an ordinary one.  Pure, and a few
 * nanoseconds for those.  p is a line as logs/lines.h gives it.
 */
unsigned raid_build_class(const unsigned char *p, size_t len);

/*
 * The next line: its class, its text, its number.  All are to be given, but
 * those of class 0 behind a call that returned 0.
 */
int raid_build_add(struct raid_build *b, unsigned class,
    const unsigned char *p, size_t len, uint64_t at);

/* All lines of a text that is in memory. */
void raid_build_text(struct raid_build *b, const void *p, size_t len);

/* Call it behind the last line, once, before what follows. */
void raid_build_end(struct raid_build *b);

/* Is there a count or a finding? */
int raid_build_any(const struct raid_build *b);

size_t raid_build_counts(const struct raid_build *b);
const struct raid_build_count *raid_build_count(const struct raid_build *b,
    size_t i);

/* The findings: errors, failed tests, then warnings or places; NULL for one
 * beyond the last.  dropped: how many more there were. */
const struct raid_finding *raid_build_finding(const struct raid_build *b,
    size_t i);
uint64_t raid_build_dropped(const struct raid_build *b);

enum {
	RAID_BUILD_BRIEF = 1,	/* the counts only */
	RAID_BUILD_LINES = 2	/* name the lines of the log */
};

/*
 * Append a few terse lines of at most so many tokens (see base/tokens.h):
 * counts, then findings; what is left out is said.
 */
void raid_build_digest(const struct raid_build *b, size_t tokens, int flags,
    struct raid_buf *out);

/* {"counts":[...],"findings":[...],"left_out":0} with at most max findings;
 * the caller frees. */
struct raid_json *raid_build_json(const struct raid_build *b, size_t max);

#endif
