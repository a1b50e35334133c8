/* SPDX-License-Identifier: ISC */
/* The generateContent of gemini. */
#include "say.h"

static void
usage(const struct ask *a, struct raid_buf *b)
{
	struct counts n = say_counts(a);

	raid_buf_printf(b, ",\"usageMetadata\":{\"promptTokenCount\":%lld,"
	    "\"cachedContentTokenCount\":%lld,\"candidatesTokenCount\":%lld,"
	    "\"thoughtsTokenCount\":%lld,\"totalTokenCount\":%lld}", n.in,
	    n.cached, n.out, n.thought, n.in + n.out + n.thought);
}

static void
open_chunk(struct ask *a)
{
	raid_buf_puts(&a->json, "{");
	say_odd_keys(a, &a->json);
	raid_buf_puts(&a->json, "\"candidates\":[{\"index\":0");
}

static void
close_chunk(struct ask *a, int last)
{
	if (last && !has(a, W_nofinish)) {
		raid_buf_puts(&a->json, ",\"finishReason\":");
		say_reason(a, &a->json);
	}
	raid_buf_puts(&a->json, "}]");
	if (!is(a, W_usage, "none") && (!last || !is(a, W_usage, "early")))
		usage(a, &a->json);
	raid_buf_puts(&a->json, ",\"modelVersion\":");
	say_quoted(a, &a->json, a->model);
	raid_buf_printf(&a->json, ",\"responseId\":\"r%06lld\"}", a->id);
}

static void
say(struct ask *a)
{
	open_chunk(a);
	raid_buf_printf(&a->json, ",\"content\":{\"role\":\"model\",\"parts\":"
	    "[{%s\"text\":\"", a->phase == THINK ? "\"thought\":true," : "");
	say_piece(a, &a->json);
	raid_buf_puts(&a->json, "\"}]}");
	close_chunk(a, 0);
	say_event(a, NULL);
}

static void
tools(struct ask *a)
{
	open_chunk(a);
	raid_buf_puts(&a->json, ",\"content\":{\"role\":\"model\",\"parts\":["
	    "{\"functionCall\":{\"name\":\"look\",\"args\":{\"path\":\"a b\"}},"
	    "\"thoughtSignature\":\"c2ln\"},"
	    "{\"functionCall\":{\"name\":\"list\",\"args\":{}}}]}");
	close_chunk(a, 0);
	say_event(a, NULL);
}

static void
end(struct ask *a)
{
	a->phase = OVER;
	if (has(a, W_blocked)) {
		raid_buf_puts(&a->json, "{\"promptFeedback\":{\"blockReason\":"
		    "\"PROHIBITED_CONTENT\"}");
		usage(a, &a->json);
		raid_buf_puts(&a->json, "}");
	} else {
		open_chunk(a);
		if (!has(a, W_nocontent))
			raid_buf_puts(&a->json, ",\"content\":{\"role\":"
			    "\"model\",\"parts\":[{\"text\":\"\"}]}");
		close_chunk(a, 1);
	}
	say_event(a, NULL);
	if (a->frame == ARRAY)
		raid_buf_puts(&a->made, "]\r\n");
}

/* Without "data:", in the middle of the body. */
static void
broken(struct ask *a)
{
	if (a->frame == ARRAY && a->events > 0)
		raid_buf_puts(&a->made, ",");
	raid_buf_printf(&a->made, "%s%s", raid_buf_str(&a->json), say_eol(a));
}

static void
whole(struct ask *a)
{
	open_chunk(a);
	if (has(a, W_nocontent))
		return;
	raid_buf_puts(&a->json, ",\"content\":{\"role\":\"model\",\"parts\":[");
	if (has(a, W_reason)) {
		raid_buf_puts(&a->json, "{\"thought\":true,\"text\":");
		say_quoted(a, &a->json, say_thoughts[0]);
		raid_buf_puts(&a->json, "},");
	}
	raid_buf_puts(&a->json, "{\"text\":\"");
}

static void
whole_end(struct ask *a)
{
	if (!has(a, W_nocontent))
		raid_buf_puts(&a->json, "\"}]}");
	close_chunk(a, 1);
}

const struct dialect say_gemini = {
	.say = say, .tools = tools, .end = end, .broken = broken,
	.whole = whole, .whole_end = whole_end
};
