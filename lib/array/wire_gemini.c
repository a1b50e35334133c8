/* SPDX-License-Identifier: ISC */
/* Google's Gemini. */
#include <string.h>

#include "array/wire_priv.h"

static enum raid_wire_finish
finish_of(const char *s)
{
	static const char *const refused[] = { "SAFETY", "RECITATION",
		"LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" };
	static const char *const broken[] = { "OTHER", "CONTINUATION",
		"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
		"TOO_MANY_TOOL_CALLS" };

	if (strcmp(s, "STOP") == 0)
		return RAID_FINISH_STOP;
	if (strcmp(s, "MAX_TOKENS") == 0)
		return RAID_FINISH_LENGTH;
	if (strcmp(s, "FINISH_REASON_UNSPECIFIED") == 0)
		return RAID_FINISH_NONE;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (strcmp(s, refused[i]) == 0)
			return RAID_FINISH_REFUSED;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (strcmp(s, broken[i]) == 0)
			return RAID_FINISH_BROKEN;
	return raid_str_starts(s, "IMAGE_") ? RAID_FINISH_REFUSED :
	    RAID_FINISH_UNKNOWN;
}

static void
take_part(struct raid_wire *w, const struct raid_json *p)
{
	const struct raid_json *call = raid_json_get(p, "functionCall");
	const char *text = raid_json_str(p, "text", "");
	struct raid_wire_tool *t;

	if (raid_json_true(raid_json_get(p, "thought")))
		raid_wire_reasoning(w, text);
	else
		raid_wire_text(w, text);
	if (!raid_json_is_object(call))
		return;
	/* Calls come whole, each is one of its own. */
	t = raid_wire_tool(w, (long long)w->ntools, raid_json_str(call, "id",
	    ""), raid_json_str(call, "name", ""));
	raid_wire_tool_value(w, t, raid_json_get(call, "args"));
}

static void
take_candidate(struct raid_wire *w, const struct raid_json *c)
{
	const struct raid_json *p = raid_json_get(raid_json_get(c, "content"),
	    "parts");
	const char *finish = raid_json_str(c, "finishReason", "");

	if (raid_json_is_array(p))
		for (p = raid_json_first(p); p != NULL; p = raid_json_next(p))
			take_part(w, p);
	raid_wire_finished(w, finish, finish_of(finish));
}

void
raid_wire_gemini(struct raid_wire *w, const struct raid_json *j)
{
	const struct raid_json *c = raid_json_get(j, "candidates");
	const char *blocked = raid_json_str(raid_json_get(j,
	    "promptFeedback"), "blockReason", "");

	raid_wire_model(w, raid_json_str(j, "modelVersion", ""));
	raid_wire_usage(w, raid_json_get(j, "usageMetadata"));
	if (raid_json_is_array(c))
		for (c = raid_json_first(c); c != NULL; c = raid_json_next(c))
			if (raid_json_int(c, "index", 0) == 0)
				take_candidate(w, c);
	raid_wire_finished(w, blocked, RAID_FINISH_REFUSED);
}

static struct raid_json *
parts_of(const char *text)
{
	struct raid_json *j = raid_json_object();
	struct raid_json *a = raid_json_array();
	struct raid_json *p = raid_json_object();

	raid_json_set_str(p, "text", text);
	raid_json_add(a, p);
	raid_json_set(j, "parts", a);
	return j;
}

struct raid_json *
raid_wire_gemini_body(const struct raid_member *m, const char *system,
    const char *user)
{
	struct raid_json *j = raid_json_object();
	struct raid_json *a = raid_json_array();
	struct raid_json *u = parts_of(user);
	struct raid_json *c;

	if (*system != '\0')
		raid_json_set(j, "systemInstruction", parts_of(system));
	raid_json_set_str(u, "role", "user");
	raid_json_add(a, u);
	raid_json_set(j, "contents", a);
	if (m->max_output > 0) {
		c = raid_json_object();
		raid_json_set_int(c, "maxOutputTokens", m->max_output);
		raid_json_set(j, "generationConfig", c);
	}
	return j;
}
