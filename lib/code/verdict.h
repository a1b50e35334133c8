/* SPDX-License-Identifier: ISC */
/*
 * What checks said, made short enough for a post: how they ended, what the
 * caller finds in their output, last lines.  A pure function over bytes.
 */
#ifndef RAID_CODE_VERDICT_H
#define RAID_CODE_VERDICT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/json.h"
#include "raid.h"

/* How one check ended. */
struct raid_result {
	char *name, *command;	/* as people write it */
	char *how;		/* "exit status 2", "killed: ran for 5 s" */
	int status;
	int pass;
	int fails_on_base;	/* it fails without the patch, too */
	double seconds;
	struct raid_buf out;	/* all that it printed */
};

struct raid_results {
	struct raid_result *v;
	size_t n;
	size_t cap;
};

/* Initialised; freed with the list. */
struct raid_result *raid_results_add(struct raid_results *r);
void raid_results_free(struct raid_results *r);

/* Did all pass?  Of none: no. */
int raid_results_pass(const struct raid_results *r);

/* Append what is worth knowing of the output: lines of valid UTF-8. */
typedef void raid_brief_fn(const struct raid_result *e, struct raid_buf *out);

/* Append the digest: Markdown in valid UTF-8, output in fences only.  brief
 * may be NULL. */
void raid_results_digest(const struct raid_results *r, const char *language,
    raid_brief_fn *brief, struct raid_buf *out);

/* [{"name":"make","pass":false,"status":2,"seconds":0.3,...}], which the
 * caller frees. */
struct raid_json *raid_results_json(const struct raid_results *r);

/* All output with a line of its command above each. */
void raid_results_output(const struct raid_results *r, struct raid_buf *out);

#endif
