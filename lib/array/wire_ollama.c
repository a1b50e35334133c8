/* SPDX-License-Identifier: ISC */
/* Ollama's own /api/chat. */
#include <string.h>

#include "array/wire_priv.h"

static enum raid_wire_finish
finish_of(const char *s)
{
	if (strcmp(s, "stop") == 0)
		return RAID_FINISH_STOP;
	if (strcmp(s, "length") == 0)
		return RAID_FINISH_LENGTH;
	if (strcmp(s, "content_filter") == 0)
		return RAID_FINISH_REFUSED;
	/* A model that was loaded or put away has said nothing. */
	if (strcmp(s, "load") == 0 || strcmp(s, "unload") == 0)
		return RAID_FINISH_BROKEN;
	return RAID_FINISH_UNKNOWN;
}

static void
take_message(struct raid_wire *w, const struct raid_json *m)
{
	const struct raid_json *v = raid_json_get(m, "tool_calls"), *f;
	struct raid_wire_tool *t;

	raid_wire_reasoning(w, raid_json_str(m, "thinking", ""));
	raid_wire_text(w, raid_json_str(m, "content", ""));
	if (!raid_json_is_array(v))
		return;
	for (v = raid_json_first(v); v != NULL; v = raid_json_next(v)) {
		f = raid_json_get(v, "function");
		t = raid_wire_tool(w, (long long)w->ntools,
		    raid_json_str(v, "id", ""), raid_json_str(f, "name", ""));
		raid_wire_tool_value(w, t, raid_json_get(f, "arguments"));
	}
}

void
raid_wire_ollama(struct raid_wire *w, const struct raid_json *j)
{
	const char *finish = raid_json_str(j, "done_reason", "");

	raid_wire_model(w, raid_json_str(j, "model", ""));
	take_message(w, raid_json_get(j, "message"));
	if (!raid_json_true(raid_json_get(j, "done")))
		return;
	raid_wire_usage_ollama(w, j);
	raid_wire_finished(w, finish, finish_of(finish));
	raid_wire_terminal(w);
	if (w->terminal)
		raid_wire_stop(w);
}

struct raid_json *
raid_wire_ollama_body(const struct raid_member *m, const char *system,
    const char *user)
{
	struct raid_json *j = raid_json_object();
	struct raid_json *o = raid_json_object();

	raid_json_set_str(j, "model", m->model);
	raid_json_set(j, "messages", raid_wire_messages(system, user));
	raid_json_set_bool(j, "stream", 1);
	/* Without it the context is cut to what the server is used to, and
	 * nobody is told. */
	if (m->context > 0)
		raid_json_set_int(o, "num_ctx", m->context);
	if (m->max_output > 0)
		raid_json_set_int(o, "num_predict", m->max_output);
	if (raid_json_first(o) != NULL)
		raid_json_set(j, "options", o);
	else
		raid_json_free(o);
	return j;
}
