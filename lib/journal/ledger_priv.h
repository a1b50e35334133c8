/* SPDX-License-Identifier: ISC */
/* Shared by lib/journal/ledger*.c alone. */
#ifndef RAID_JOURNAL_LEDGER_PRIV_H
#define RAID_JOURNAL_LEDGER_PRIV_H

#include "journal/ledger.h"

#define RAID_MINUTE 60000	/* milliseconds, as all times here */

struct raid_ledger {
	struct raid_db *db;	/* NULL: it could not be opened */
	struct raid_err trouble;
	int bad;
	int none;		/* there is none yet, for a reader */
};

/* What the vendor said last: so much is left, until so long after then. */
struct raid_ledger_left {
	long long left;		/* -1: nothing was said */
	long long at, span;
};

struct raid_ledger_member {
	long long id;		/* 0: it was never asked */
	long long failures;
	enum raid_health health;
	char reason[256];
	long long first;	/* of the failures in a row */
	long long at, span;	/* it rests so long from then */
	long long probe;	/* the call that finds out; 0 none */
	struct raid_ledger_left requests, tokens;
};

/*
 * The ledger's time, in milliseconds: the clock as it was when the ledger
 * first saw this start of the system, and steady from there, so that setting
 * the clock makes no rest longer.  After a start it may be less than it was:
 * what seems to come later than now is over.
 */
RAID_MUST int raid_ledger_now(struct raid_ledger *l, long long *now,
    struct raid_err *err);

/* The same at the beginning of a write transaction, which it begins. */
RAID_MUST int raid_ledger_begin(struct raid_ledger *l, long long *now,
    struct raid_err *err);

/* Milliseconds that are left of a span; 0: it is over. */
long long raid_ledger_left(long long at, long long span, long long now);

/* Columns of a member from column on, as RAID_LEDGER_COLUMNS has them. */
#define RAID_LEDGER_COLUMNS "m.id, m.failures, m.health, m.reason, m.first, " \
	"m.at, m.span, m.probe, m.requests_left, m.requests_at, " \
	"m.requests_span, m.tokens_left, m.tokens_at, m.tokens_span"
void raid_ledger_read(struct raid_stmt *st, int column,
    struct raid_ledger_member *m);

/* Is there a call of this id whose process still waits for its answer?
 * 1, 0, -1. */
RAID_MUST int raid_ledger_runs(struct raid_ledger *l, long long call,
    struct raid_err *err);

#endif
