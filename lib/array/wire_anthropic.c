/* SPDX-License-Identifier: ISC */
/* Anthropic's Messages. */
#include <string.h>

#include "array/wire_priv.h"

/* It wants a limit; all its models of today take this one. */
#define MAX_TOKENS_DEFAULT 8192

static enum raid_wire_finish
finish_of(const char *s)
{
	static const struct {
		const char *word;
		enum raid_wire_finish finish;
	} words[] = { { "end_turn", RAID_FINISH_STOP },
		{ "stop_sequence", RAID_FINISH_STOP },
		{ "max_tokens", RAID_FINISH_LENGTH },
		{ "model_context_window_exceeded", RAID_FINISH_LENGTH },
		{ "refusal", RAID_FINISH_REFUSED },
		{ "tool_use", RAID_FINISH_TOOLS },
		{ "pause_turn", RAID_FINISH_BROKEN } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i].word) == 0)
			return words[i].finish;
	return RAID_FINISH_UNKNOWN;
}

static int
is_tool(const char *type)
{
	return strcmp(type, "tool_use") == 0 ||
	    strcmp(type, "server_tool_use") == 0;
}

/* A block as it begins, or the whole of it. */
static void
take_block(struct raid_wire *w, long long index, const struct raid_json *b)
{
	const char *type = raid_json_str(b, "type", "");
	const struct raid_json *input = raid_json_get(b, "input");
	struct raid_wire_tool *t;

	if (strcmp(type, "text") == 0) {
		raid_wire_text(w, raid_json_str(b, "text", ""));
	} else if (strcmp(type, "thinking") == 0) {
		raid_wire_reasoning(w, raid_json_str(b, "thinking", ""));
	} else if (is_tool(type)) {
		t = raid_wire_tool(w, index, raid_json_str(b, "id", ""),
		    raid_json_str(b, "name", ""));
		/* What streams begins as an empty object. */
		if (raid_json_first(input) != NULL)
			raid_wire_tool_value(w, t, input);
	}
}

static void
take_delta(struct raid_wire *w, long long index, const struct raid_json *d)
{
	const char *type = raid_json_str(d, "type", "");

	if (strcmp(type, "text_delta") == 0)
		raid_wire_text(w, raid_json_str(d, "text", ""));
	else if (strcmp(type, "thinking_delta") == 0)
		raid_wire_reasoning(w, raid_json_str(d, "thinking", ""));
	else if (strcmp(type, "input_json_delta") == 0)
		raid_wire_tool_piece(w, raid_wire_tool(w, index, "", ""),
		    raid_json_str(d, "partial_json", ""));
}

static void
take_stop(struct raid_wire *w, const struct raid_json *j)
{
	const char *s = raid_json_str(j, "stop_reason", "");

	raid_wire_finished(w, s, finish_of(s));
}

/* A message: of a stream, as it begins, or the whole answer. */
static void
take_message(struct raid_wire *w, const struct raid_json *m)
{
	const struct raid_json *b = raid_json_get(m, "content");
	long long index = 0;

	raid_wire_model(w, raid_json_str(m, "model", ""));
	raid_wire_usage_anthropic(w, raid_json_get(m, "usage"));
	if (raid_json_is_array(b))
		for (b = raid_json_first(b); b != NULL; b = raid_json_next(b))
			take_block(w, index++, b);
	take_stop(w, m);
}

void
raid_wire_anthropic(struct raid_wire *w, const struct raid_json *j)
{
	const char *type = raid_json_str(j, "type", "");
	long long index = raid_json_int(j, "index", 0);

	if (strcmp(type, "content_block_delta") == 0) {
		take_delta(w, index, raid_json_get(j, "delta"));
	} else if (strcmp(type, "content_block_start") == 0) {
		take_block(w, index, raid_json_get(j, "content_block"));
	} else if (strcmp(type, "message_start") == 0) {
		take_message(w, raid_json_get(j, "message"));
	} else if (strcmp(type, "message_delta") == 0) {
		raid_wire_usage_anthropic(w, raid_json_get(j, "usage"));
		take_stop(w, raid_json_get(j, "delta"));
	} else if (strcmp(type, "message_stop") == 0) {
		raid_wire_terminal(w);
		raid_wire_stop(w);
	} else if (strcmp(type, "message") == 0) {
		take_message(w, j);
		raid_wire_terminal(w);
		raid_wire_stop(w);
	}
}

/* The system text is the same from call to call: it is worth caching. */
static struct raid_json *
system_block(const char *system)
{
	struct raid_json *a = raid_json_array();
	struct raid_json *b = raid_json_object();
	struct raid_json *c = raid_json_object();

	raid_json_set_str(c, "type", "ephemeral");
	raid_json_set_str(b, "type", "text");
	raid_json_set_str(b, "text", system);
	raid_json_set(b, "cache_control", c);
	raid_json_add(a, b);
	return a;
}

struct raid_json *
raid_wire_anthropic_body(const struct raid_member *m, const char *system,
    const char *user)
{
	struct raid_json *j = raid_json_object();
	struct raid_json *a = raid_json_array();
	struct raid_json *u = raid_json_object();

	raid_json_set_str(j, "model", m->model);
	raid_json_set_int(j, "max_tokens", m->max_output > 0 ? m->max_output :
	    MAX_TOKENS_DEFAULT);
	if (*system != '\0')
		raid_json_set(j, "system", system_block(system));
	raid_json_set_str(u, "role", "user");
	raid_json_set_str(u, "content", user);
	raid_json_add(a, u);
	raid_json_set(j, "messages", a);
	raid_json_set_bool(j, "stream", 1);
	return j;
}
