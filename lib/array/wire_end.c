/* SPDX-License-Identifier: ISC */
/* What an answer counts as, once it has ended. */
#include <stdlib.h>
#include <string.h>

#include "array/wire_priv.h"
#include "base/clock.h"

static int
said_something(const struct raid_wire *w)
{
	return !raid_answer_is_silent(w->r.text.p, w->r.text.len);
}

static void
settle(struct raid_wire *w, enum raid_answer a, enum raid_retry retry)
{
	w->r.answer = a;
	w->r.retry = retry;
}

/* It did not come to its end: what there is of it is kept. */
static void
broken(struct raid_wire *w, enum raid_answer with_text)
{
	settle(w, w->r.text.len > 0 ? with_text : RAID_ANSWER_FAILED,
	    RAID_RETRY_YES);
}

/* An error was read, and its kind of retry is known. */
static void
end_failed(struct raid_wire *w)
{
	if (w->finish == RAID_FINISH_REFUSED)
		w->r.answer = RAID_ANSWER_REFUSED;
	else
		w->r.answer = w->r.text.len > 0 ? RAID_ANSWER_INTERRUPTED :
		    RAID_ANSWER_FAILED;
}

static void
end_flood(struct raid_wire *w)
{
	settle(w, RAID_ANSWER_TRUNCATED, RAID_RETRY_NO);
	raid_wire_reason(w, "over the limit of %zu bytes for an answer",
	    w->max);
}

/* A tool was asked for, though none was offered, and nothing was said. */
static void
end_tools(struct raid_wire *w)
{
	const struct raid_wire_tool *t = w->ntools > 0 ? w->tools : NULL;
	struct raid_err ignored;
	struct raid_json *j = NULL;
	int whole = t == NULL || t->input.len == 0;

	if (!whole)
		j = raid_json_parse(t->input.p, t->input.len, &ignored);
	settle(w, RAID_ANSWER_FAILED, RAID_RETRY_NO);
	raid_wire_reason(w, "it asks for the tool '%.60s'%s instead of "
	    "answering", t != NULL ? t->name : "", whole || j != NULL ? "" :
	    " (and what it gives to it is cut)");
	raid_json_free(j);
}

/* The stream ended, and has the marker that nothing is missing. */
static void
end_whole(struct raid_wire *w)
{
	if (w->refusal) {
		settle(w, RAID_ANSWER_REFUSED, RAID_RETRY_NO);
		raid_wire_reason(w, "refused: %.200s",
		    raid_buf_str(&w->r.text));
	} else if (!said_something(w) && (w->ntools > 0 ||
	    w->finish == RAID_FINISH_TOOLS)) {
		end_tools(w);
	} else if (w->finish == RAID_FINISH_UNKNOWN) {
		broken(w, RAID_ANSWER_TRUNCATED);
		raid_wire_reason(w, "it ended for a reason that is not known: "
		    "%s", w->r.finish);
	} else {
		settle(w, said_something(w) ? RAID_ANSWER_COMPLETE :
		    RAID_ANSWER_SILENT, RAID_RETRY_NO);
		w->r.reason[0] = '\0';
	}
}

static int
came_anything(const struct raid_wire *w)
{
	return w->r.text.len > 0 || w->r.reasoning.len > 0 || w->ntools > 0 ||
	    w->finish != RAID_FINISH_NONE || w->r.model[0] != '\0' ||
	    w->stopped || w->half;
}

/* The body ended, but the answer in it did not. */
static void
end_short(struct raid_wire *w)
{
	if (!came_anything(w)) {
		raid_wire_error_body(w);
		w->r.answer = RAID_ANSWER_FAILED;
		return;
	}
	broken(w, RAID_ANSWER_TRUNCATED);
	if (w->r.reason[0] != '\0')
		return;
	if (w->finish == RAID_FINISH_NONE)
		raid_wire_reason(w, "the stream ended before the answer did");
	else
		raid_wire_reason(w, "the stream ended without its last mark, "
		    "though the answer had (%s)", w->r.finish);
}

/* The order matters: the first that is true says most. */
static void
decide(struct raid_wire *w, const char *transport)
{
	if (!raid_wire_ok(w) && !w->failed)
		raid_wire_error_body(w);
	if (w->r.status >= 300 && w->r.status <= 399 &&
	    *w->h.location != '\0')
		raid_wire_reason(w, "%d it sends to %s, and a key goes only "
		    "to base_url", w->r.status, w->h.location);
	if (w->failed) {
		end_failed(w);
	} else if (w->flood || w->sse.flood) {
		end_flood(w);
	} else if (w->finish == RAID_FINISH_LENGTH) {
		settle(w, RAID_ANSWER_TRUNCATED, RAID_RETRY_NO);
		raid_wire_reason(w, "over the limit of tokens for an answer "
		    "(%s)", w->r.finish);
	} else if (w->finish == RAID_FINISH_REFUSED) {
		settle(w, RAID_ANSWER_REFUSED, RAID_RETRY_NO);
		raid_wire_reason(w, "refused (%s)", w->r.finish);
	} else if (w->finish == RAID_FINISH_BROKEN) {
		broken(w, RAID_ANSWER_INTERRUPTED);
		raid_wire_reason(w, "the server gave up (%s)", w->r.finish);
	} else if (transport != NULL && !w->terminal &&
	    w->r.reason[0] == '\0') {
		broken(w, RAID_ANSWER_INTERRUPTED);
		raid_wire_reason(w, "%s", transport);
	} else if (w->fault || !w->terminal ||
	    w->finish == RAID_FINISH_NONE) {
		end_short(w);
	} else {
		end_whole(w);
	}
}

/* What was left when the headers came; it has grown since. */
static void
set_limits(struct raid_wire *w)
{
	double passed = w->began > 0 ? raid_clock_mono() - w->began : 0;
	struct raid_wire_limits *l = &w->r.limits;

	raid_wire_headers_limits(&w->h, w->r.status, l);
	if (l->requests_reset >= 0)
		l->requests_reset = l->requests_reset > passed ?
		    l->requests_reset - passed : 0;
	if (l->tokens_reset >= 0)
		l->tokens_reset = l->tokens_reset > passed ?
		    l->tokens_reset - passed : 0;
}

void
raid_wire_end(struct raid_wire *w, const char *transport)
{
	if (w->ended)
		return;
	if (!w->r.done)
		raid_sse_end(&w->sse);
	/* Gemini has no marker: a body that ends well is it. */
	if (w->kind == RAID_PROVIDER_GEMINI && transport == NULL)
		w->terminal = 1;
	w->ended = 1;
	w->r.done = 1;
	raid_wire_tools_end(w);
	decide(w, transport);
	set_limits(w);
	if (w->usage != NULL)
		w->r.raw_usage = raid_json_print(w->usage, 0);
	if (w->r.usage.cost < 0)
		w->r.usage.cost = w->h.cost;
}
