/* SPDX-License-Identifier: ISC */
/*
 * What the model servers are asked and what they answer, byte for byte, for
 * the providers openai (chat completions, and all who speak like it),
 * anthropic, gemini and ollama.  No descriptor is touched here: a request is
 * a URL, headers and a body; an answer is fed in as it comes.
 *
 * An answer is complete only when its stream had both its terminal marker
 * ([DONE], message_stop, "done": true; of gemini, which has none, the clean
 * end) and a reason why it ended that is known to be a good one.
 */
#ifndef RAID_ARRAY_WIRE_H
#define RAID_ARRAY_WIRE_H

#include <stddef.h>

#include "array/answer.h"
#include "array/retry.h"
#include "array/roster.h"
#include "base/buf.h"
#include "base/str.h"

/* How much of the vendor's limits is left, as its headers say; -1: they say
 * nothing. */
struct raid_wire_limits {
	long long requests, tokens;
	double requests_reset, tokens_reset;	/* seconds until it is all
						 * there again */
};

struct raid_reply {
	/* While it is fed.  All are UTF-8 without NUL, and only grow. */
	struct raid_buf text;
	struct raid_buf reasoning;
	int status;			/* of HTTP; 0: none yet */
	int done;			/* nothing that follows matters: the
					 * connection may be closed */

	/* Valid after raid_wire_end. */
	struct raid_buf tools;		/* a line for each tool that it asked
					 * for: {"id","name","arguments"},
					 * arguments being JSON in a string */
	enum raid_answer answer;
	char reason[512];		/* for people, on one line, without a
					 * key; "" when complete or silent */
	char model[128], finish[64];	/* as the provider wrote them */
	struct raid_usage usage;
	char *raw_usage;		/* JSON as it came; NULL: none came */
	enum raid_retry retry;		/* may the same request do better?
					 * What text there is, is the
					 * caller's to mark as abandoned */
	double retry_after;		/* seconds; < 0: the server does not
					 * say */
	struct raid_wire_limits limits;
};

struct raid_wire;

/* Of every provider but exec. */
struct raid_wire *raid_wire_new(enum raid_provider p);
void raid_wire_free(struct raid_wire *w);

/* Before the first byte: most bytes of text, of reasoning and of what tools
 * are given; an answer that goes over one is truncated (8 MiB).  It must be
 * above 0. */
void raid_wire_max(struct raid_wire *w, size_t bytes);

/* Servers quote keys in errors; this one will not stand in reason.  A copy
 * is kept, and wiped by raid_wire_free. */
void raid_wire_hide(struct raid_wire *w, const char *key);

/*
 * The answer, as it comes: the status, the header lines (with or without
 * their line ends), the body in pieces of any size.  Another status begins
 * the headers anew.
 */
void raid_wire_status(struct raid_wire *w, int http_status);
void raid_wire_header(struct raid_wire *w, const char *line, size_t len);
void raid_wire_feed(struct raid_wire *w, const void *p, size_t len);

/* The end.  transport is NULL when the body ended as HTTP has it, or the
 * caller closed after done; else what broke it, for people.  Once. */
void raid_wire_end(struct raid_wire *w, const char *transport);

/* Borrowed until raid_wire_free. */
const struct raid_reply *raid_wire_reply(const struct raid_wire *w);

struct raid_wire_request {
	char *url;
	struct raid_list headers;	/* "Name: value"; the key is in one */
	char *body;			/* NULL: GET */
};

/* Wipes what it frees; a zeroed one is fine. */
void raid_wire_request_free(struct raid_wire_request *r);

/*
 * Ask a member: system (may be "") and user are UTF-8; key is NULL or "" if
 * it needs none.  Streaming, and nothing but what the member has configured:
 * max_output as the limit of tokens, context as num_ctx of ollama, headers,
 * and options, which are merged into the body: an object into an object,
 * null removes what raid itself would send, all else replaces.  Free in
 * every case.
 */
RAID_MUST int raid_wire_ask(const struct raid_member *m, const char *key,
    const char *system, const char *user, struct raid_wire_request *out,
    struct raid_err *err);

/* What the vendor offers; after is the next of the page before, or NULL. */
RAID_MUST int raid_wire_models(const struct raid_member *m, const char *key,
    const char *after, struct raid_wire_request *out, struct raid_err *err);

struct raid_wire_model {
	char *id;			/* as member->model would have it */
	long long context, max_output;	/* tokens; 0 unknown */
};

struct raid_wire_list {
	struct raid_wire_model *v;
	size_t n, cap;
	char *next;			/* NULL: this was the last page */
};

/*
 * Append the models of an answer with this status to a list (zeroed at
 * first) and set its next.  key is hidden in errors, NULL if there is none.
 */
RAID_MUST int raid_wire_models_read(enum raid_provider p, int status,
    const void *body, size_t len, const char *key, struct raid_wire_list *l,
    struct raid_err *err);
void raid_wire_list_free(struct raid_wire_list *l);

/* Ollama lists its models without sizes: ask for one, read the answer. */
RAID_MUST int raid_wire_show(const struct raid_member *m, const char *key,
    const char *model, struct raid_wire_request *out, struct raid_err *err);
RAID_MUST int raid_wire_show_read(int status, const void *body, size_t len,
    const char *key, long long *context, struct raid_err *err);

#endif
