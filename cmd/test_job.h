/* SPDX-License-Identifier: ISC */
/* raid-test's work on one patch, or on the work tree: from tag to verdict. */
#ifndef RAID_TEST_JOB_H
#define RAID_TEST_JOB_H

#include "code/judge.h"
#include "patch.h"

/* What all jobs have in common. */
struct test_opts {
	struct store *s;
	struct raid_repo *repo;
	struct raid_list mounts;	/* for each check, beside its own */
	char **command;			/* NULL: the checks of the project */
	double timeout;			/* of each check; 0: its own */
	int head;			/* on HEAD, not on the patch's base */
	int off;			/* no sandbox */
	struct raid_judge_bases *bases;	/* shared by the jobs, and freed by
					 * their maker */
};

struct test_job {
	const char *operand;		/* NULL: the work tree */
	struct patch patch;		/* empty for the work tree */
	struct raid_overlay files;	/* lie over the commit */
	char commit[RAID_HASH_SIZE];	/* what it is judged on; "": unborn */
	struct raid_checks checks;
	struct raid_judge judge;
	enum { WAITING, RUNNING, JUDGED, BROKEN } state;
	struct raid_err err;		/* of one that is BROKEN */
};

/*
 * Load the patch, or what is dirty in the work tree, and start its first
 * check in the folder dir of the repository (NULL: at its top).  The state
 * is RUNNING or BROKEN then.  The job must not move until test_job_free.
 */
void test_job_start(const struct test_opts *o, struct test_job *j,
    const char *dir);

/* Its check has ended: the next one, or the state JUDGED or BROKEN. */
void test_job_step(struct test_job *j);

/* The verdict's meta as JSON; the caller frees. */
struct raid_json *test_job_meta(const struct test_opts *o,
    const struct test_job *j);

/* Append the body of the verdict. */
void test_job_digest(const struct test_job *j, const char *language,
    struct raid_buf *out);

/* The verdict, its digest and all output go into the journal at once. */
RAID_MUST int test_job_record(const struct test_opts *o, struct test_job *j,
    char tag[RAID_TAG_SIZE], struct raid_err *err);

void test_job_free(struct test_job *j);

#endif
