/* SPDX-License-Identifier: ISC */
/* The members of the array, as raid-array(5) has them. */
#ifndef RAID_ARRAY_ROSTER_H
#define RAID_ARRAY_ROSTER_H

#include "base/json.h"
#include "base/price.h"
#include "base/str.h"
#include "raid.h"

enum raid_provider {
	RAID_PROVIDER_EXEC,
	RAID_PROVIDER_OPENAI,
	RAID_PROVIDER_ANTHROPIC,
	RAID_PROVIDER_GEMINI,
	RAID_PROVIDER_OLLAMA
};

/* "exec", "openai", ... as array.json has them. */
const char *raid_provider_name(enum raid_provider p);

enum raid_origin {
	RAID_ORIGIN_PROJECT,	/* .raid/array.json */
	RAID_ORIGIN_USER	/* ~/.config/raid/array.json */
};

/* 0: no limit of the member's own. */
struct raid_limits {
	long long requests_per_minute, requests_per_day;
	long long tokens_per_minute;
	double cost_per_call, cost_per_day;	/* USD */
};

struct raid_member {
	char *name;		/* as it is written in the file */
	char *folded;		/* case-folded, as mentions are */
	enum raid_provider kind;
	enum raid_origin from;	/* the file that defines it */
	char *role, *model;	/* "" if not given; an API has a model */
	char *email;		/* of its commits; "" if not given */
	int local;		/* nothing leaves the machine */
	double idle, wall;	/* seconds without output, and in all; 0: no
				 * limit */
	struct raid_list spares;	/* who answers instead, in this order;
				 * may name who is no member */
	struct raid_price price;
	struct raid_limits limits;

	struct raid_list command;	/* of exec */

	/* Of the others. */
	char *base_url;		/* http(s), without a slash at the end */
	int own_url;		/* the user's own file has it, too: keys/NAME
				 * may go there */
	int plain_http;		/* a key may go over http */
	char *key_env;		/* "" if not given */
	struct raid_list key_command;	/* empty if not given */
	struct raid_list headers;	/* "Name: value", added to a request */
	struct raid_json *options;	/* merged into the body of a request as
					 * it stands; NULL if not given */
	char *max_tokens_key;	/* openai: how the body names max_output */
	long long context;	/* tokens that the model takes; 0 unknown */
	long long max_output;	/* tokens that an answer may have, asked for
				 * in each request; 0: nothing is asked for */
};

struct raid_roster {
	struct raid_member *v;
	size_t n, cap;
	char *main;		/* who answers for all; "" if not given */
	struct raid_list fallback;	/* the last spares of every member */
	size_t answer_bytes;	/* most that an answer may have */
	long long rounds;	/* how often members answer members; 0: never */
	/* USD, 0: no limit.  Over all projects of the user. */
	double cost_per_call, cost_per_day, cost_per_run;
	int refuse;		/* at a limit of requests or tokens: refuse
				 * instead of waiting */
};

/*
 * Build it from the project's array.json over the user's (either may be
 * NULL).  A member of both is the project's.  A mistake is RAID_ECONFIG and
 * names file, member and key.  Nothing of the two is borrowed.  Free in
 * every case.
 */
RAID_MUST int raid_roster_parse(struct raid_roster *r,
    const struct raid_json *project, const struct raid_json *user,
    struct raid_err *err);
void raid_roster_free(struct raid_roster *r);

/* By name, in any case; NULL if there is none. */
const struct raid_member *raid_roster_find(const struct raid_roster *r,
    const char *name);

/* May a member be named so?  0, or RAID_ECONFIG and why not. */
RAID_MUST int raid_roster_name(const char *name, struct raid_err *err);

#endif
