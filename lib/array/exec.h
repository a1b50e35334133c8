/* SPDX-License-Identifier: ISC */
/*
 * Provider exec: any program is a member.  The context goes to its standard
 * input, the answer is its standard output, its working folder holds the
 * attached files.
 */
#ifndef RAID_ARRAY_EXEC_H
#define RAID_ARRAY_EXEC_H

#include "array/answer.h"
#include "array/roster.h"
#include "base/buf.h"
#include "base/proc.h"

struct raid_exec_opts {
	const struct raid_member *member;
	const char *role;		/* RAID_ROLE: its own, or "critic" */
	const char *context;		/* borrowed until the end */
	const char *dir;		/* its working folder */
	const char *root, *base;	/* RAID_ROOT, RAID_BASE; "" if none */
	const char *journal, *tag;	/* RAID_JOURNAL, RAID_TAG */
	const struct raid_list *files;	/* RAID_FILES */
	size_t answer_bytes;
	double deadline;		/* seconds it may take in all; 0: as
					 * the member has it */
	void (*on_out)(void *arg, const void *p, size_t len);
	void *arg;
};

/* Start it; serve it with raid_proc_wait. */
RAID_MUST int raid_exec_start(struct raid_proc *p,
    const struct raid_exec_opts *o, struct raid_err *err);

/*
 * What an ended member said: the text (escape sequences of terminals
 * removed) and what it counts as.  reason is for people, "" when complete.
 */
enum raid_answer raid_exec_answer(const struct raid_proc *p,
    struct raid_buf *text, char *reason, size_t size);

/* Remove terminal escape sequences, in place; returns the new length. */
size_t raid_exec_strip(unsigned char *p, size_t len);

#endif
