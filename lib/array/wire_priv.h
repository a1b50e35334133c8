/* SPDX-License-Identifier: ISC */
/* What the files of array/wire share. */
#ifndef RAID_ARRAY_WIRE_PRIV_H
#define RAID_ARRAY_WIRE_PRIV_H

#include "array/sse.h"
#include "array/wire.h"
#include "base/json.h"

/* Why an answer ended, whatever the provider calls it. */
enum raid_wire_finish {
	RAID_FINISH_NONE,	/* it does not say */
	RAID_FINISH_STOP,
	RAID_FINISH_LENGTH,
	RAID_FINISH_REFUSED,
	RAID_FINISH_TOOLS,
	RAID_FINISH_BROKEN,	/* the server gave up */
	RAID_FINISH_UNKNOWN
};

/* A tool that the model asks for. */
struct raid_wire_tool {
	long long index;
	char *id, *name;
	struct raid_buf input;
};

/* One of the vendor's limits. */
struct raid_wire_bucket {
	long long remaining;	/* -1 unknown */
	double reset;		/* in seconds, or at seconds since 1970; < 0
				 * unknown */
	int absolute;
};

enum { RAID_BUCKET_REQUESTS, RAID_BUCKET_TOKENS, RAID_BUCKET_INPUT,
	RAID_BUCKET_OUTPUT, RAID_BUCKETS };

/* What the headers of an answer say. */
struct raid_wire_headers {
	char type[64];		/* Content-Type without parameters */
	char location[160];	/* where a redirection goes */
	int should_retry;	/* -1: it does not say */
	double retry_ms, retry_s;	/* seconds; < 0: not there */
	double retry_date, date;	/* seconds since 1970; < 0: not there */
	double cost;		/* USD; < 0: not there */
	struct raid_wire_bucket bucket[RAID_BUCKETS];
};

struct raid_wire {
	enum raid_provider kind;
	struct raid_reply r;
	struct raid_wire_headers h;
	double began;		/* raid_clock_mono of the first byte */
	struct raid_sse sse;
	size_t max, fed;
	char *key;
	struct raid_buf head;	/* the body's first bytes, for a reason */

	struct raid_wire_tool *tools;
	size_t ntools, tools_cap;
	struct raid_json *usage_event;	/* owns usage below, if not NULL */
	const struct raid_json *usage;	/* as it came last */

	enum raid_wire_finish finish;
	int terminal;		/* the marker was there */
	int refusal;		/* what it said is a refusal */
	int failed;		/* an error came, reason and retry are set */
	int half;		/* its last event was cut */
	int fault;		/* an event that nobody can read */
	int flood;		/* something is over its limit */
	int stopped;		/* by an event, not by its end */
	int ended;

	/* Of the event that is being read: */
	int bare;		/* it is no event of a stream */
	int mended;		/* it was cut; only text may be taken */
	int keep;		/* usage points into it */
};

/*
 * Parse an event.  Text that base/json refuses, because a model or a server
 * cut a character in two, is no reason to lose an answer: in strings, bytes
 * that are no UTF-8, \u0000 and lone surrogates become U+FFFD, and control
 * characters are escaped.  If the event was cut, *mended is set when its end
 * was made up: strings and brackets that are open are closed where they
 * stand.  mend == NULL: that is not wanted.  NULL when nothing helps.
 */
struct raid_json *raid_wire_json(const void *p, size_t len, int *mended,
    struct raid_err *err);

/* Parts of an answer, which the parsers of the providers hand in. */
void raid_wire_text(struct raid_wire *w, const char *s);
void raid_wire_reasoning(struct raid_wire *w, const char *s);
void raid_wire_model(struct raid_wire *w, const char *model);

/* Counts, as each provider has them: of openai and gemini; of llama.cpp that
 * sends no usage; the others. */
void raid_wire_usage(struct raid_wire *w, const struct raid_json *usage);
void raid_wire_timings(struct raid_wire *w, const struct raid_json *timings);
void raid_wire_usage_anthropic(struct raid_wire *w,
    const struct raid_json *usage);
void raid_wire_usage_ollama(struct raid_wire *w,
    const struct raid_json *line);

/* Why it ended, in the provider's word; "" is none.  Its terminal marker. */
void raid_wire_finished(struct raid_wire *w, const char *word,
    enum raid_wire_finish f);
void raid_wire_terminal(struct raid_wire *w);

/* Nothing that follows matters. */
void raid_wire_stop(struct raid_wire *w);

/* Is its status a good one, or none? */
int raid_wire_ok(const struct raid_wire *w);

/* A tool: the one of this index, or a new one if id is another; index -1:
 * the last one.  Then what is given to it, a piece or a value. */
struct raid_wire_tool *raid_wire_tool(struct raid_wire *w, long long index,
    const char *id, const char *name);
void raid_wire_tool_piece(struct raid_wire *w, struct raid_wire_tool *t,
    const char *s);
void raid_wire_tool_value(struct raid_wire *w, struct raid_wire_tool *t,
    const struct raid_json *v);
void raid_wire_tools_end(struct raid_wire *w);
void raid_wire_tools_free(struct raid_wire *w);

/* One event of each provider. */
void raid_wire_openai(struct raid_wire *w, const struct raid_json *j);
void raid_wire_anthropic(struct raid_wire *w, const struct raid_json *j);
void raid_wire_gemini(struct raid_wire *w, const struct raid_json *j);
void raid_wire_ollama(struct raid_wire *w, const struct raid_json *j);

/* [{"role":"system",...},{"role":"user",...}] of openai and ollama. */
struct raid_json *raid_wire_messages(const char *system, const char *user);

/* Their bodies, without options. */
struct raid_json *raid_wire_openai_body(const struct raid_member *m,
    const char *system, const char *user);
struct raid_json *raid_wire_anthropic_body(const struct raid_member *m,
    const char *system, const char *user);
struct raid_json *raid_wire_gemini_body(const struct raid_member *m,
    const char *system, const char *user);
struct raid_json *raid_wire_ollama_body(const struct raid_member *m,
    const char *system, const char *user);

/* Headers. */
void raid_wire_headers_init(struct raid_wire_headers *h);
void raid_wire_headers_line(struct raid_wire_headers *h, const char *line,
    size_t len);
double raid_wire_headers_after(const struct raid_wire_headers *h);
void raid_wire_headers_limits(const struct raid_wire_headers *h, int status,
    struct raid_wire_limits *l);

/* Errors.  What was said becomes reason and kind of retry: an object; text
 * that is none; the body as a whole, when it is no answer at all. */
int raid_wire_is_error(const struct raid_json *j);
void raid_wire_error(struct raid_wire *w, const struct raid_json *j);
void raid_wire_error_text(struct raid_wire *w, const void *p, size_t len);
void raid_wire_error_body(struct raid_wire *w);

/* Set reason from text of anybody: one line, no control character, no key,
 * valid UTF-8. */
void raid_wire_reason(struct raid_wire *w, const char *fmt, ...)
    RAID_PRINTF(2, 3);

#endif
