/* SPDX-License-Identifier: ISC */
/* Chat completions, as openai and those that are compatible have them. */
#include "say.h"

static void
usage(const struct ask *a, struct raid_buf *b)
{
	struct counts n = say_counts(a);
	long long out = n.out + n.thought, cost = num(a, W_cost, 1234);

	if (is(a, W_vendor, "xai"))
		out = n.out;
	raid_buf_printf(b, ",\"usage\":{\"prompt_tokens\":%lld,"
	    "\"completion_tokens\":%lld,\"total_tokens\":%lld",
	    n.in, out, n.in + n.out + n.thought);
	if (is(a, W_vendor, "deepseek"))
		raid_buf_printf(b, ",\"prompt_cache_hit_tokens\":%lld,"
		    "\"prompt_cache_miss_tokens\":%lld", n.cached,
		    n.in - n.cached);
	else if (!is(a, W_vendor, "ollama"))
		raid_buf_printf(b, ",\"prompt_tokens_details\":{"
		    "\"cached_tokens\":%lld,\"cache_write_tokens\":%lld}",
		    n.cached, n.written);
	if (!is(a, W_vendor, "ollama"))
		raid_buf_printf(b, ",\"completion_tokens_details\":"
		    "{\"reasoning_tokens\":%lld}", n.thought);
	if (is(a, W_vendor, "openrouter"))
		raid_buf_printf(b, ",\"cost\":%.6f", (double)cost / 1e6);
	if (is(a, W_vendor, "xai"))
		raid_buf_printf(b, ",\"cost_in_usd_ticks\":%lld", cost * 10000);
	raid_buf_puts(b, "}");
	if (is(a, W_vendor, "llamacpp"))
		raid_buf_printf(b, ",\"timings\":{\"cache_n\":%lld,\"prompt_n\""
		    ":%lld,\"predicted_n\":%lld}", n.cached, n.in - n.cached,
		    out);
}

/* The name of the key that has reasoning. */
static const char *
thinks(const struct ask *a)
{
	return is(a, W_vendor, "vllm") || is(a, W_vendor, "openrouter") ?
	    "reasoning" : "reasoning_content";
}

static void
open_chunk(struct ask *a, const char *object)
{
	raid_buf_puts(&a->json, "{");
	say_odd_keys(a, &a->json);
	raid_buf_printf(&a->json, "\"id\":\"chatcmpl-%06lld\",\"object\":\"%s\","
	    "\"created\":1700000000,\"model\":", a->id, object);
	say_quoted(a, &a->json, a->model);
	raid_buf_puts(&a->json, ",\"choices\":[");
}

/* A chunk with one choice, as far as into its delta. */
static void
open_delta(struct ask *a)
{
	open_chunk(a, "chat.completion.chunk");
	raid_buf_puts(&a->json, "{\"index\":0,\"delta\":{");
}

static void
send_delta(struct ask *a, int last)
{
	raid_buf_puts(&a->json, "},\"finish_reason\":");
	if (last)
		say_reason(a, &a->json);
	else
		raid_buf_puts(&a->json, "null");
	raid_buf_puts(&a->json, "}]");
	if (is(a, W_usage, "running") || (last && (is(a, W_usage, "early") ||
	    is(a, W_vendor, "llamacpp"))))
		usage(a, &a->json);
	else
		raid_buf_puts(&a->json, ",\"usage\":null");
	raid_buf_puts(&a->json, "}");
	say_event(a, NULL);
}

static void
start(struct ask *a)
{
	if (is(a, W_vendor, "azure")) {
		open_chunk(a, "");
		raid_buf_puts(&a->json, "],\"prompt_filter_results\":[{"
		    "\"prompt_index\":0,\"content_filter_results\":{}}]}");
		say_event(a, NULL);
	}
	open_delta(a);
	raid_buf_printf(&a->json, "\"role\":\"assistant\",\"content\":%s",
	    has(a, W_nocontent) || has(a, W_reason) ? "null" : "\"\"");
	send_delta(a, 0);
}

static void
say(struct ask *a)
{
	struct raid_buf *b = &a->json;

	open_delta(a);
	if (has(a, W_arraycontent)) {
		raid_buf_puts(b, a->phase == THINK ? "\"content\":[{\"type\":"
		    "\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"" :
		    "\"content\":[{\"type\":\"text\",\"text\":\"");
		say_piece(a, b);
		raid_buf_puts(b, a->phase == THINK ? "\"}]}]" : "\"}]");
	} else {
		raid_buf_printf(b, "\"%s\":\"", a->phase == THINK ? thinks(a) :
		    "content");
		say_piece(a, b);
		raid_buf_puts(b, a->phase == THINK ? "\",\"content\":null" :
		    "\"");
	}
	send_delta(a, 0);
}

/* Two calls; both have the index 0, as some servers do. */
static void
tools(struct ask *a)
{
	static const char *const part[] = {
		"\"id\":\"call_1\",\"type\":\"function\",\"function\":"
		    "{\"name\":\"look\",\"arguments\":\"\"}",
		"\"function\":{\"arguments\":\"{\\\"path\\\"\"}",
		"\"function\":{\"arguments\":\":\\\"a b\\\"}\"}",
		"\"id\":\"call_2\",\"type\":\"function\",\"function\":"
		    "{\"name\":\"list\",\"arguments\":\"{}\"}"
	};

	for (size_t i = 0; i < 4; i++) {
		open_delta(a);
		raid_buf_printf(&a->json, "\"tool_calls\":[{\"index\":0,%s}]",
		    part[i]);
		send_delta(a, 0);
	}
}

static void
end(struct ask *a)
{
	if (!has(a, W_nofinish)) {
		open_delta(a);
		send_delta(a, 1);
	}
	if ((a->usage || is(a, W_usage, "always")) && !is(a, W_usage, "none") &&
	    !is(a, W_usage, "early") && !is(a, W_vendor, "llamacpp")) {
		open_chunk(a, "chat.completion.chunk");
		raid_buf_puts(&a->json, "]");
		usage(a, &a->json);
		raid_buf_puts(&a->json, "}");
		say_event(a, NULL);
	}
	a->phase = OVER;
	if (!has(a, W_nodone)) {
		raid_buf_puts(&a->json, "[DONE]");
		say_event(a, NULL);
	}
}

static void
broken(struct ask *a)
{
	if (is(a, W_vendor, "openrouter")) {
		raid_buf_reset(&a->json);
		open_delta(a);
		raid_buf_puts(&a->json, "\"content\":\"\"},\"finish_reason\":"
		    "\"error\"}],\"error\":{\"code\":502,\"message\":"
		    "\"Provider disconnected\"}}");
	}
	if (is(a, W_vendor, "llamacpp"))
		raid_buf_printf(&a->made, "error: %s\n\n",
		    raid_buf_str(&a->json));
	else
		say_event(a, NULL);
}

static void
whole(struct ask *a)
{
	struct raid_buf *b = &a->json;
	int array = has(a, W_arraycontent);

	open_chunk(a, "chat.completion");
	raid_buf_puts(b, "{\"index\":0,\"message\":{\"role\":\"assistant\","
	    "\"refusal\":null");
	if (has(a, W_reason) && !array) {
		raid_buf_printf(b, ",\"%s\":", thinks(a));
		say_quoted(a, b, say_thoughts[0]);
	}
	raid_buf_puts(b, array ? ",\"content\":[" : ",\"content\":");
	if (has(a, W_reason) && array) {
		raid_buf_puts(b, "{\"type\":\"thinking\",\"thinking\":"
		    "[{\"type\":\"text\",\"text\":");
		say_quoted(a, b, say_thoughts[0]);
		raid_buf_puts(b, "}]},");
	}
	raid_buf_puts(b, array ? "{\"type\":\"text\",\"text\":\"" :
	    has(a, W_nocontent) ? "null" : "\"");
}

static void
whole_end(struct ask *a)
{
	struct raid_buf *b = &a->json;

	raid_buf_puts(b, has(a, W_arraycontent) ? "\"}]" :
	    has(a, W_nocontent) ? "" : "\"");
	if (has(a, W_tools))
		raid_buf_puts(b, ",\"tool_calls\":[{\"id\":\"call_1\",\"type\":"
		    "\"function\",\"function\":{\"name\":\"look\","
		    "\"arguments\":\"{\\\"path\\\":\\\"a b\\\"}\"}}]");
	raid_buf_puts(b, "},\"logprobs\":null,\"finish_reason\":");
	say_reason(a, b);
	raid_buf_puts(b, "}]");
	if (!is(a, W_usage, "none"))
		usage(a, b);
	raid_buf_puts(b, "}");
}

const struct dialect say_openai = {
	.say = say, .tools = tools, .end = end, .broken = broken,
	.whole = whole, .whole_end = whole_end, .start = start
};
