/* SPDX-License-Identifier: ISC */
/*
 * What raid-broadcast is made of.  A post is put before its members in a
 * round; each of them has a seat in it, where it, or a spare in its place,
 * is asked until there is an answer or nobody is left.
 */
#ifndef RAID_BROADCAST_H
#define RAID_BROADCAST_H

#include "array/route.h"
#include "array/talk.h"
#include "journal/call.h"
#include "journal/ledger.h"
#include "team.h"

#define ROUNDS_MAX 5

struct cast_opts {
	const char *dir, *journal;
	struct raid_list members;
	int again, json, dry, first, stripe, no_spare;
	double deadline;	/* seconds; 0: none */
	long long quorum;	/* answers that are enough; 0: all */
	long long rounds;	/* -1: as array.json has it */
};

/* One run of the program. */
struct cast {
	const struct cast_opts *o;
	struct store *s;
	struct raid_roster roster;
	struct team_guard guard;
	struct raid_http *http;		/* made when first needed */
	struct screen *screen;
	char *journal;			/* absolute, for the members */
	struct round **v;		/* those that are not over */
	size_t n, cap;
	struct raid_list todo;		/* tags, of which a stripe goes on
					 * from next */
	size_t next;
	struct raid_ledger *ledger;	/* opened when first needed */
	long long spent, reserved;	/* millionths of a dollar, this run */
	int quiet;			/* nothing is told: it is tried out */
	int closed;			/* nobody reads our output any more */
};

/* What asking m would take at most. */
struct estimate {
	long long input, output;	/* tokens */
	long long cost;			/* millionths of a dollar; -1: no
					 * price is known */
};

enum seat_state {
	SEAT_READY,		/* somebody is to be asked */
	SEAT_WAITING,		/* until wake */
	SEAT_RUNNING,
	SEAT_DONE
};

struct seat {
	struct round *r;
	const struct raid_member *asked;	/* whom the post addresses */
	const struct raid_member *m;	/* who is asked: it or a spare */
	int critic;
	enum seat_state state;
	size_t spare;			/* the next of its spares */
	int tries;			/* how often m was asked */
	double wake;			/* monotonic seconds */
	char why[900];			/* why asked itself has not answered */
	char source[300];		/* where its key is from */
	struct raid_window w;
	char *dir;
	struct estimate e;		/* of the call */
	struct raid_usage usage;	/* what it took; counted says whether */
	long long cost;			/* anybody knows.  -1: no price */
	int counted, estimated;
	int stopped;			/* by us */
	long long call;			/* row of the journal */
	long long reservation;		/* of the ledger; 0: none */
	struct raid_talk talk;
	struct raid_buf part;		/* came since it was last stored */
	double stored;			/* when that was */
	double began;			/* when m was asked */
	int complete;
};

/* All that belongs to one post. */
struct round {
	struct cast *c;
	struct cascade *cascade;
	struct raid_post post;
	struct raid_base base;
	struct seat **v;	/* each stays where it is */
	size_t n;
	const struct raid_member **pool;	/* of a stripe */
	size_t npool;
	double end;		/* monotonic seconds; 0: no deadline */
	size_t repeated;	/* doubts that were dropped */
	int over;		/* enough have answered: nobody else is asked */
	int status;
};

/* A post, the answers to it, the answers to these. */
struct cascade {
	struct raid_list asked;	/* folded names */
	char *author;		/* folded; of the first post */
	int left;		/* rounds that may still begin */
	size_t rounds;		/* that are not over */
	struct raid_list said;	/* the complete answers, */
	struct raid_list tags;	/* and their tags */
};

/* --- broadcast_round.c */

/* Put a post before its members; c->v gets the round.  cascade NULL begins
 * one.  An error is told and is the status. */
int round_open(struct cast *c, const char *tag, struct cascade *cascade);

/* Forget all rounds, as if nobody had been asked. */
void round_drop(struct cast *c);

/* A seat has a complete answer, which may begin a further round. */
void round_answered(struct seat *s, const char *tag);

/* Let all rounds of c go on until they are over; returns their status. */
int round_serve(struct cast *c);

/* --- broadcast_seat.c */

struct seat *seat_new(struct round *r, const struct raid_member *m,
    int critic);
void seat_free(struct seat *s);

/* What m would be sent, which the caller frees, and what that would take;
 * the guard has counted what is masked in it. */
RAID_MUST int seat_texts(struct seat *s, char **system, char **user,
    struct estimate *e, struct raid_err *err);

/* Do what can be done now. */
void seat_step(struct seat *s);

/* Stop what runs; what came is kept.  why is for people. */
void seat_stop(struct seat *s, const char *why);

/* --- broadcast_answer.c */

/*
 * The end of a call into the journal and, when it is an answer, its tag to
 * standard output.  Returns a status; tag is "" when there is no post.
 */
int answer_store(struct seat *s, enum raid_answer *kind,
    char tag[RAID_TAG_SIZE]);

/* Keep what has come, so that kill -9 of this process loses a second. */
void answer_part(struct seat *s);
void answer_text(void *seat, const void *p, size_t len);

/* --- broadcast_stripe.c: many posts, each to one member */

/* Take up what there are free members for.  Returns a status. */
int stripe_refill(struct cast *c);
int stripe_left(const struct cast *c);

/* Who of r->pool has least to do, or has answered already. */
const struct raid_member *stripe_pick(const struct round *r);

/* --- broadcast_cost.c */

void cost_estimate(const struct raid_member *m, const char *system,
    const char *user, struct estimate *e);

/*
 * Reserve what a call may take at most: 0 go, 1 wait so many seconds, -1 it
 * is not made: m rests (RAID_EUNAVAIL), a limit forbids it (RAID_ETEMP).
 */
RAID_MUST int cost_reserve(struct seat *s, const struct estimate *e,
    double *wait, struct raid_err *err);

/* The call was never made. */
void cost_release(struct seat *s);

/* The call has ended: count what it took, and note how m is.  again: it is
 * tried once more. */
void cost_settle(struct seat *s, int again);

/* -n: who would be asked, and for how much.  Returns a status. */
int cost_print(struct cast *c);

/* On a terminal: the same in a line before, and what it was after. */
void cost_announce(struct cast *c);
void cost_close(struct cast *c);

/* --- broadcast_screen.c: lines that show on a terminal who does what */

struct screen *screen_new(void);
void screen_free(struct screen *s);
void screen_draw(struct screen *s, const struct cast *c);

/* A line for people on standard error, above the status lines. */
void screen_say(struct screen *s, const char *fmt, ...) RAID_PRINTF(2, 3);

/* Before anything else writes to the terminal. */
void screen_clear(struct screen *s);

#endif
