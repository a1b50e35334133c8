/* SPDX-License-Identifier: ISC */
/*
 * Checks: commands that judge a replica.  A list of them is what
 * .raid/checks.json says, or what the files of a base suggest.
 */
#ifndef RAID_CODE_CHECKS_H
#define RAID_CODE_CHECKS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"
#include "raid.h"

#define RAID_CHECK_TIMEOUT 600.0		/* seconds */
#define RAID_CHECK_MEMORY (4LL << 30)		/* bytes */

struct raid_check {
	char *name;
	struct raid_list command;
	struct raid_list mounts;	/* as in code/sandbox */
	double timeout, idle;		/* seconds; idle 0: no limit */
	long long memory;		/* bytes */
	int network;
};

struct raid_checks {
	struct raid_check *v;
	size_t n;
	size_t cap;
};

void raid_checks_free(struct raid_checks *c);

/*
 * Read a checks.json: {"checks": [{"name": "make", "command": ["make",
 * "check"], "mounts": ["~/.cache/x"], "timeout": 600, "idle": 60,
 * "memory": "4G", "network": false}]}; only command must be there.  Times
 * are seconds or spans such as "10m".  RAID_ECONFIG when it is wrong.
 * Freed by the caller in every case.
 */
RAID_MUST int raid_checks_parse(struct raid_checks *c,
    const struct raid_json *file, struct raid_err *err);

/* The same list as such an object, which the caller frees. */
struct raid_json *raid_checks_json(const struct raid_checks *c);

/* What identifies the list in a verdict. */
void raid_checks_hash(const struct raid_checks *c, char out[RAID_HASH_SIZE]);

/* One check of this command (argv, ended by NULL). */
void raid_checks_add(struct raid_checks *c, const char *name,
    char *const *argv);

/*
 * The checks that the files of a base suggest.  file reads a path: 1 there
 * (b is initialised and empty), 0 absent, -1 failed.  A Makefile with a
 * target check or test decides alone; else each of Cargo.toml, go.mod,
 * package.json with a test script, pyproject.toml and CMakeLists.txt adds
 * one.  The list may be empty.
 */
struct raid_checks_source {
	int (*file)(void *arg, const char *path, struct raid_buf *b,
	    struct raid_err *err);
	void *arg;
};

RAID_MUST int raid_checks_detect(struct raid_checks *c,
    const struct raid_checks_source *src, struct raid_err *err);

#endif
