/* SPDX-License-Identifier: ISC */
/*
 * A member is asked once: a child that reads and writes, or a request over
 * HTTP whose answer streams in.  Both begin, run and end alike here; nothing
 * is tried twice.
 */
#ifndef RAID_ARRAY_TALK_H
#define RAID_ARRAY_TALK_H

#include "array/exec.h"
#include "array/http.h"
#include "array/wire.h"

struct raid_talk_opts {
	const struct raid_member *member;	/* borrowed until the end */
	const char *system, *user;	/* what it is sent */
	const char *key;		/* of an API; NULL: it needs none */
	size_t answer_bytes;		/* more is a truncated answer */
	double deadline;		/* seconds it may take in all; 0: as
					 * the member has it */
	struct raid_exec_opts exec;	/* the rest of what a child is told */
	/* Called with each piece of the answer's text as it comes. */
	void (*on_text)(void *arg, const void *p, size_t len);
	void *arg;
};

struct raid_talk {
	int running;
	int child;		/* proc is one to be served */
	struct raid_proc proc;
	/* When it has ended. */
	enum raid_answer answer;
	struct raid_buf text;
	char reason[600];	/* for people, "" when complete */
	double seconds;		/* in all */
	double first;		/* to the first text; < 0: there was none */
	size_t bytes;		/* of text, so far */
	enum raid_retry retry;
	double retry_after;	/* seconds; < 0: it does not say */
	struct raid_usage usage;
	char *raw_usage;	/* the counts as the provider gave them */
	const struct raid_reply *reply;	/* NULL: a child, or not begun */
	struct raid_talk_priv *priv;
};

/*
 * Begin.  http may be NULL where the member is a child.  What goes wrong
 * before anything was sent is an error here.  *t does not move while it
 * runs, and goes to raid_talk_free in every case.
 */
RAID_MUST int raid_talk_start(struct raid_talk *t, struct raid_http *http,
    const struct raid_talk_opts *o, struct raid_err *err);

/* The text that has come so far. */
const struct raid_buf *raid_talk_text(const struct raid_talk *t);

/* After each raid_proc_wait_fd and raid_http_serve: look whether it ended. */
void raid_talk_look(struct raid_talk *t);

/* End it; what came is kept as interrupted.  A child takes its time. */
void raid_talk_stop(struct raid_talk *t, const char *why);
void raid_talk_free(struct raid_talk *t);

#endif
