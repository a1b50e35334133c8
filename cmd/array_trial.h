/* SPDX-License-Identifier: ISC */
/* One member on trial: a tiny real call, of an API or of a program. */
#ifndef RAID_ARRAY_TRIAL_H
#define RAID_ARRAY_TRIAL_H

#include "array.h"
#include "array/answer.h"
#include "array/http.h"
#include "base/proc.h"
#include "journal/ledger.h"

/* What all of them share. */
struct trials {
	struct array *a;
	struct raid_http *http;
	struct raid_ledger *ledger;
	long long spent;	/* reserved or used so far */
};

struct trial {
	const struct raid_member *m;
	struct raid_member asked;	/* the same, with a short answer */
	struct trials *of;
	char source[200];	/* of the key, for people */
	struct raid_wire *wire;
	struct raid_http_call *call;
	struct raid_proc proc;
	char *dir;		/* a program's working folder */
	int running;
	double start, first, end;	/* seconds; first < 0: nothing came */
	long long reservation;
	enum raid_answer answer;
	struct raid_usage usage;
	long long cost;		/* millionths; -1 unknown */
	int estimated;
	char model[128];
	char reason[600];	/* "" if it answered */
};

/* Begin; one that cannot even be asked has ended then, with a reason. */
void trial_begin(struct trial *t);

/* Has its program ended?  Then it is judged. */
void trial_look(struct trial *t);

/* End a call of an API in its middle; a program is ended by the signal. */
void trial_stop(struct trial *t);
void trial_free(struct trial *t);

#endif
