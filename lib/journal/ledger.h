/* SPDX-License-Identifier: ISC */
/*
 * The user's ledger, over all projects and processes: which member rests
 * because it failed, what may still be asked of it, and what was spent.
 *
 * Each request goes through raid_ledger_reserve before it is sent, and
 * through raid_ledger_settle after it, or raid_ledger_release if it never
 * was sent.  A second try is a second request.  Nothing is ever granted over
 * a limit, however many ask at once.  What a process that died has reserved
 * counts as spent.
 *
 * Money is millionths of a dollar (base/price.h).
 */
#ifndef RAID_JOURNAL_LEDGER_H
#define RAID_JOURNAL_LEDGER_H

#include <stddef.h>

#include "base/hash.h"
#include "base/price.h"
#include "journal/db.h"

struct raid_ledger;

/*
 * Open the ledger; path NULL means the user's own,
 * $XDG_STATE_HOME/raid/ledger.db.  RAID_DB_CREATE makes it, RAID_DB_READ is
 * enough for raid_ledger_list.  Never NULL: one that cannot be used says why,
 * and then refuses what may cost something.  Close in every case.
 */
struct raid_ledger *raid_ledger_open(const char *path,
    enum raid_db_mode mode);
void raid_ledger_close(struct raid_ledger *l);

/* Why it cannot be used; NULL: it can. */
const struct raid_err *raid_ledger_trouble(const struct raid_ledger *l);

/*
 * What a member really is: two projects' members of the same four share
 * their health and limits.  Only the name (in any case) and the model are
 * kept as they stand, of all four a hash.
 */
struct raid_ledger_who {
	const char *provider;	/* "openai", "exec", ... */
	const char *place;	/* its base_url; of exec its command */
	const char *model, *name;
};

void raid_ledger_key(const struct raid_ledger_who *w,
    char key[RAID_HASH_SIZE]);

/* 0: no such limit. */
struct raid_ledger_limits {
	long long requests_per_minute, tokens_per_minute, requests_per_day;
	long long cost_per_call;
	long long cost_per_day;		/* of this member */
	long long all_per_day;		/* of all members of the user */
	long long cost_per_run;
};

struct raid_ledger_ask {
	struct raid_ledger_who who;
	struct raid_ledger_limits limits;
	long long input, output;	/* tokens: an estimate, and at most */
	long long cost;		/* at most; 0: it costs nothing; -1: its price
				 * is not known, and no limit of cost holds */
	long long run;		/* spent or reserved in this run so far */
	int anyway;		/* even if it rests: a person wants to know */
};

enum raid_ledger_word {
	RAID_LEDGER_GO,
	RAID_LEDGER_WAIT,	/* ask again in so many seconds */
	RAID_LEDGER_REFUSED,	/* by a limit that waiting does not mend */
	RAID_LEDGER_RESTS	/* it failed of late: its spare is next */
};

enum raid_ledger_limit {
	RAID_LIMIT_NONE,
	RAID_LIMIT_VENDOR,	/* the vendor's own, by its headers */
	RAID_LIMIT_REQUESTS_PER_MINUTE,
	RAID_LIMIT_TOKENS_PER_MINUTE,
	RAID_LIMIT_REQUESTS_PER_DAY,
	RAID_LIMIT_COST_PER_CALL,
	RAID_LIMIT_COST_PER_DAY,	/* of the member */
	RAID_LIMIT_ALL_PER_DAY,
	RAID_LIMIT_COST_PER_RUN
};

struct raid_ledger_grant {
	enum raid_ledger_word word;
	enum raid_ledger_limit limit;	/* that said no */
	long long id;		/* GO: for raid_ledger_settle; 0: nothing is
				 * noted, because the ledger cannot be used */
	int probe;		/* GO: the one that finds out whether a member
				 * that failed answers again */
	double wait;		/* seconds: of WAIT; of RESTS until its time is
				 * over, 0 while another one probes; of a
				 * limit of the day until midnight */
	char why[512];		/* for people, beginning with the name; "" for
				 * GO, unless id is 0 */
};

/*
 * May this request be sent?  0, and *g says.  -1: the ledger cannot be used,
 * and the call may cost something: RAID_EIO, or RAID_ETEMP if it is busy.
 * What costs nothing goes on without a ledger.
 */
RAID_MUST int raid_ledger_reserve(struct raid_ledger *l,
    const struct raid_ledger_ask *a, struct raid_ledger_grant *g,
    struct raid_err *err);

/* What a call says of the health of its member.  Ledgers have the numbers. */
enum raid_health {
	RAID_HEALTH_NOTHING,	/* it was interrupted, or will be tried again */
	RAID_HEALTH_WELL,
	RAID_HEALTH_FAILED,	/* no line, 5xx, nonsense, time-out, 429 */
	RAID_HEALTH_QUOTA,	/* the account is empty */
	RAID_HEALTH_KEY		/* the key is rejected */
};

/*
 * How long a member rests after so many failures in a row, in milliseconds:
 * 30 s, twice as long each time, up to 15 min; without quota an hour; with a
 * rejected key 10 min.  At least what the vendor asks for (seconds, <= 0:
 * nothing), but not for that more than an hour.
 */
long long raid_ledger_rest(enum raid_health h, long long failures,
    double retry_after);

struct raid_ledger_end {
	const struct raid_usage *usage;	/* NULL: the estimate stands */
	long long cost;		/* < 0: the estimate stands */
	int estimated;		/* the cost rests on an estimate */
	enum raid_health health;
	const char *reason;	/* of a failure, for people; may be NULL */
	double retry_after;	/* the vendor's headers; seconds, <= 0: it does
				 * not say */
	long long requests_left, tokens_left;	/* -1: it does not say */
	double requests_reset, tokens_reset;	/* in so many seconds; <= 0: it
						 * does not say */
};

RAID_MUST int raid_ledger_settle(struct raid_ledger *l, long long id,
    const struct raid_ledger_end *e, struct raid_err *err);

/* It was never sent: it costs nothing and counts nowhere. */
RAID_MUST int raid_ledger_release(struct raid_ledger *l, long long id,
    struct raid_err *err);

enum raid_ledger_state {
	RAID_STATE_WELL,
	RAID_STATE_RESTS,
	RAID_STATE_PROBED,	/* its rest is over, and one call finds out */
	RAID_STATE_DUE		/* its rest is over; the next call finds out */
};

/* A member, and what it did; days and months are those of local time. */
struct raid_ledger_row {
	char key[RAID_HASH_SIZE];
	char *name, *provider, *model;
	enum raid_ledger_state state;
	long long failures;	/* in a row */
	enum raid_health health;	/* the last one; of WELL, WELL */
	char *reason;		/* of the last failure; "" if it is well */
	long long since;	/* of the first failure in that row; seconds */
	double rest;		/* seconds that it will still rest */
	long long minute, minute_tokens;	/* requests, tokens of the last
						 * 60 s */
	long long requests, tokens, cost;	/* today */
	long long guessed;	/* how much of cost rests on estimates */
	long long reserved;	/* how much of it is of calls that still run */
	long long running;	/* calls */
	long long month;	/* cost of this month */
	double vendor;		/* seconds until the vendor takes the next
				 * request; 0: now */
};

struct raid_ledger_list {
	struct raid_ledger_row *v;
	size_t n, cap;
	long long cost, guessed, reserved, month;	/* of all */
};

/* All members that were ever asked, by name.  No ledger yet: none.  The
 * caller frees, on failure too. */
RAID_MUST int raid_ledger_list(struct raid_ledger *l,
    struct raid_ledger_list *out, struct raid_err *err);
void raid_ledger_list_free(struct raid_ledger_list *list);

/* NULL: it was never asked. */
const struct raid_ledger_row *raid_ledger_find(
    const struct raid_ledger_list *list, const struct raid_ledger_who *w);

#endif
