/* SPDX-License-Identifier: ISC */
/* The messages of anthropic. */
#include "say.h"

static void
usage(const struct ask *a, struct raid_buf *b)
{
	struct counts n = say_counts(a);

	raid_buf_printf(b, ",\"usage\":{\"input_tokens\":%lld,"
	    "\"cache_read_input_tokens\":%lld,"
	    "\"cache_creation_input_tokens\":%lld,\"cache_creation\":{"
	    "\"ephemeral_5m_input_tokens\":%lld,"
	    "\"ephemeral_1h_input_tokens\":%lld},\"output_tokens\":%lld,"
	    "\"output_tokens_details\":{\"thinking_tokens\":%lld}}",
	    n.in - n.cached - n.written - n.written1h, n.cached,
	    n.written + n.written1h, n.written, n.written1h,
	    n.out + n.thought > 0 ? n.out + n.thought : 1, n.thought);
}

static void
message(struct ask *a)
{
	raid_buf_printf(&a->json, "\"id\":\"msg_%06lld\",\"type\":\"message\","
	    "\"role\":\"assistant\",\"model\":", a->id);
	say_quoted(a, &a->json, a->model);
}

/* The kinds of blocks, which begin one after the other. */
enum block { NONE, THINKING, SPOKEN, CALL };

static void
block(struct ask *a, enum block kind)
{
	static const char *const begin[] = {
		"", "\"thinking\",\"thinking\":\"\",\"signature\":\"\"",
		"\"text\",\"text\":\"\"",
		"\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{}"
	};

	if (a->block == (int)kind)
		return;
	if (a->block == THINKING) {
		raid_buf_printf(&a->json, "{\"type\":\"content_block_delta\","
		    "\"index\":%d,\"delta\":{\"type\":\"signature_delta\","
		    "\"signature\":\"c2ln\"}}", a->blocks);
		say_event(a, "content_block_delta");
	}
	if (a->block != NONE) {
		raid_buf_printf(&a->json, "{\"type\":\"content_block_stop\","
		    "\"index\":%d}", a->blocks++);
		say_event(a, "content_block_stop");
	}
	a->block = (int)kind;
	if (kind != NONE) {
		raid_buf_printf(&a->json, "{\"type\":\"content_block_start\","
		    "\"index\":%d,\"content_block\":{\"type\":%s}}", a->blocks,
		    begin[kind]);
		say_event(a, "content_block_start");
	}
}

static void
start(struct ask *a)
{
	raid_buf_puts(&a->json, "{");
	say_odd_keys(a, &a->json);
	raid_buf_puts(&a->json, "\"type\":\"message_start\",\"message\":{");
	message(a);
	raid_buf_puts(&a->json, ",\"content\":[],\"stop_reason\":null,"
	    "\"stop_sequence\":null");
	if (!is(a, W_usage, "none"))
		usage(a, &a->json);
	raid_buf_puts(&a->json, "}}");
	say_event(a, "message_start");
}

static void
say(struct ask *a)
{
	int think = a->phase == THINK;

	block(a, think ? THINKING : SPOKEN);
	raid_buf_printf(&a->json, "{\"type\":\"content_block_delta\",\"index\":"
	    "%d,\"delta\":{\"type\":\"%s\",\"%s\":\"", a->blocks,
	    think ? "thinking_delta" : "text_delta",
	    think ? "thinking" : "text");
	say_piece(a, &a->json);
	raid_buf_puts(&a->json, "\"}}");
	say_event(a, "content_block_delta");
}

static void
tools(struct ask *a)
{
	static const char *const part[] = {
		"", "{\\\"path\\\"", ":\\\"a b\\\"}"
	};

	block(a, CALL);
	for (size_t i = 0; i < 3; i++) {
		raid_buf_printf(&a->json, "{\"type\":\"content_block_delta\","
		    "\"index\":%d,\"delta\":{\"type\":\"input_json_delta\","
		    "\"partial_json\":\"%s\"}}", a->blocks, part[i]);
		say_event(a, "content_block_delta");
	}
}

static void
end(struct ask *a)
{
	block(a, NONE);
	raid_buf_puts(&a->json, "{\"type\":\"message_delta\",\"delta\":{"
	    "\"stop_reason\":");
	say_reason(a, &a->json);
	raid_buf_puts(&a->json, ",\"stop_sequence\":null}");
	if (!is(a, W_usage, "none") && !is(a, W_usage, "early"))
		usage(a, &a->json);
	raid_buf_puts(&a->json, "}");
	say_event(a, "message_delta");
	a->phase = OVER;
	if (!has(a, W_nodone)) {
		raid_buf_puts(&a->json, "{\"type\":\"message_stop\"}");
		say_event(a, "message_stop");
	}
}

static void
broken(struct ask *a)
{
	say_event(a, "error");
}

static void
whole(struct ask *a)
{
	raid_buf_puts(&a->json, "{");
	say_odd_keys(a, &a->json);
	message(a);
	raid_buf_puts(&a->json, ",\"content\":[");
	if (has(a, W_reason)) {
		raid_buf_puts(&a->json, "{\"type\":\"thinking\",\"thinking\":");
		say_quoted(a, &a->json, say_thoughts[0]);
		raid_buf_puts(&a->json, ",\"signature\":\"c2ln\"}");
		if (!has(a, W_nocontent))
			raid_buf_puts(&a->json, ",");
	}
	if (!has(a, W_nocontent))
		raid_buf_puts(&a->json, "{\"type\":\"text\",\"text\":\"");
}

static void
whole_end(struct ask *a)
{
	if (!has(a, W_nocontent))
		raid_buf_puts(&a->json, "\"}");
	raid_buf_puts(&a->json, "],\"stop_sequence\":null,\"stop_reason\":");
	say_reason(a, &a->json);
	if (!is(a, W_usage, "none"))
		usage(a, &a->json);
	raid_buf_puts(&a->json, "}");
}

const struct dialect say_anthropic = {
	.say = say, .tools = tools, .end = end, .broken = broken,
	.whole = whole, .whole_end = whole_end, .start = start
};
