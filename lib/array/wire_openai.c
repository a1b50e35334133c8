/* SPDX-License-Identifier: ISC */
/* Chat completions: OpenAI and all who speak like it. */
#include <string.h>
#include <strings.h>

#include "array/wire_priv.h"

static enum raid_wire_finish
finish_of(const char *s)
{
	static const struct {
		const char *word;
		enum raid_wire_finish finish;
	} words[] = { { "stop", RAID_FINISH_STOP },
		{ "end_turn", RAID_FINISH_STOP },
		{ "stop_sequence", RAID_FINISH_STOP },
		{ "eos", RAID_FINISH_STOP }, { "eos_token", RAID_FINISH_STOP },
		{ "complete", RAID_FINISH_STOP },
		{ "completed", RAID_FINISH_STOP },
		{ "length", RAID_FINISH_LENGTH },
		{ "max_tokens", RAID_FINISH_LENGTH },
		{ "model_length", RAID_FINISH_LENGTH },
		{ "content_filter", RAID_FINISH_REFUSED },
		{ "refusal", RAID_FINISH_REFUSED },
		{ "tool_calls", RAID_FINISH_TOOLS },
		{ "tool_use", RAID_FINISH_TOOLS },
		{ "function_call", RAID_FINISH_TOOLS },
		{ "error", RAID_FINISH_BROKEN },
		{ "abort", RAID_FINISH_BROKEN },
		{ "insufficient_system_resource", RAID_FINISH_BROKEN } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(s, words[i].word) == 0)
			return words[i].finish;
	return RAID_FINISH_UNKNOWN;
}

/* A string, or a list of parts that have text. */
static void
take_reasoning(struct raid_wire *w, const struct raid_json *j)
{
	const struct raid_json *v;

	if (raid_json_is_string(j))
		raid_wire_reasoning(w, raid_json_text(j));
	if (raid_json_is_array(j))
		for (v = raid_json_first(j); v != NULL; v = raid_json_next(v))
			raid_wire_reasoning(w, raid_json_str(v, "text", ""));
}

static void
take_refusal(struct raid_wire *w, const char *s)
{
	if (*s == '\0')
		return;
	w->refusal = 1;
	raid_wire_text(w, s);
}

/* One part of a content that is a list, as Mistral's reasoning models have
 * it. */
static void
take_part(struct raid_wire *w, const struct raid_json *part)
{
	const char *type = raid_json_str(part, "type", "");

	if (strcmp(type, "text") == 0 || strcmp(type, "output_text") == 0)
		raid_wire_text(w, raid_json_str(part, "text", ""));
	else if (strcmp(type, "thinking") == 0)
		take_reasoning(w, raid_json_get(part, "thinking"));
	else if (strcmp(type, "refusal") == 0)
		take_refusal(w, raid_json_str(part, "refusal", ""));
}

static void
take_content(struct raid_wire *w, const struct raid_json *m)
{
	const struct raid_json *c = raid_json_get(m, "content"), *v;
	const struct raid_json *r = raid_json_get(m, "reasoning_content");
	const char *s = raid_json_text(r);

	/* Two names for the same; who has both, has the same in them. */
	if (s == NULL || *s == '\0')
		r = raid_json_get(m, "reasoning");
	take_reasoning(w, r);
	if (raid_json_is_string(c))
		raid_wire_text(w, raid_json_text(c));
	if (raid_json_is_array(c))
		for (v = raid_json_first(c); v != NULL; v = raid_json_next(v))
			take_part(w, v);
	take_refusal(w, raid_json_str(m, "refusal", ""));
}

static void
take_call(struct raid_wire *w, long long index, const struct raid_json *call,
    const struct raid_json *function)
{
	struct raid_wire_tool *t = raid_wire_tool(w, index,
	    raid_json_str(call, "id", ""), raid_json_str(function, "name",
	    ""));

	raid_wire_tool_value(w, t, raid_json_get(function, "arguments"));
}

/* Some send every call of several with index 0, or none. */
static void
take_calls(struct raid_wire *w, const struct raid_json *m)
{
	const struct raid_json *v = raid_json_get(m, "tool_calls");
	const struct raid_json *old = raid_json_get(m, "function_call");

	if (raid_json_is_array(v))
		for (v = raid_json_first(v); v != NULL; v = raid_json_next(v))
			take_call(w, raid_json_int(v, "index", -1), v,
			    raid_json_get(v, "function"));
	if (raid_json_is_object(old))
		take_call(w, 0, old, old);
}

/* In a stream a choice has a delta; a message is the whole answer, unless it
 * repeats what came in deltas. */
static void
take_choice(struct raid_wire *w, const struct raid_json *c)
{
	const struct raid_json *m = raid_json_get(c, "delta");
	const char *finish = raid_json_str(c, "finish_reason", "");
	int whole = !raid_json_is_object(m);

	if (whole)
		m = raid_json_get(c, "message");
	if (raid_json_is_object(m) && (!whole || (w->r.text.len == 0 &&
	    w->r.reasoning.len == 0 && w->ntools == 0))) {
		take_content(w, m);
		take_calls(w, m);
	}
	if (*finish == '\0')
		return;
	raid_wire_finished(w, finish, finish_of(finish));
	if (whole && raid_json_is_object(m))
		raid_wire_terminal(w);
}

void
raid_wire_openai(struct raid_wire *w, const struct raid_json *j)
{
	const struct raid_json *c = raid_json_get(j, "choices");

	raid_wire_model(w, raid_json_str(j, "model", ""));
	raid_wire_usage(w, raid_json_get(j, "usage"));
	raid_wire_timings(w, raid_json_get(j, "timings"));
	if (raid_json_is_array(c))
		for (c = raid_json_first(c); c != NULL; c = raid_json_next(c))
			if (raid_json_int(c, "index", 0) == 0)
				take_choice(w, c);
	/* A whole answer that is no event has nothing behind it. */
	if (w->bare && w->terminal)
		raid_wire_stop(w);
}

static void
add_message(struct raid_json *messages, const char *role, const char *text)
{
	struct raid_json *m = raid_json_object();

	raid_json_set_str(m, "role", role);
	raid_json_set_str(m, "content", text);
	raid_json_add(messages, m);
}

struct raid_json *
raid_wire_messages(const char *system, const char *user)
{
	struct raid_json *a = raid_json_array();

	if (*system != '\0')
		add_message(a, "system", system);
	add_message(a, "user", user);
	return a;
}

struct raid_json *
raid_wire_openai_body(const struct raid_member *m, const char *system,
    const char *user)
{
	struct raid_json *j = raid_json_object();
	struct raid_json *o = raid_json_object();

	raid_json_set_str(j, "model", m->model);
	raid_json_set(j, "messages", raid_wire_messages(system, user));
	raid_json_set_bool(j, "stream", 1);
	raid_json_set_bool(o, "include_usage", 1);
	/* Mistral tells without being asked, and refuses to be. */
	if (strstr(m->base_url, "//api.mistral.ai/") == NULL)
		raid_json_set(j, "stream_options", o);
	else
		raid_json_free(o);
	if (m->max_output > 0)
		raid_json_set_int(j, m->max_tokens_key, m->max_output);
	return j;
}
