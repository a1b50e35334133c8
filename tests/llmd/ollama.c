/* SPDX-License-Identifier: ISC */
/* The chat of ollama, in lines. */
#include "say.h"

static void
usage(const struct ask *a, struct raid_buf *b)
{
	struct counts n = say_counts(a);

	raid_buf_printf(b, ",\"total_duration\":5000000,\"load_duration\":1000,"
	    "\"prompt_eval_count\":%lld,\"prompt_eval_duration\":2000000,"
	    "\"eval_count\":%lld,\"eval_duration\":3000000", n.in, n.out);
}

static void
open_line(struct ask *a)
{
	raid_buf_puts(&a->json, "{");
	say_odd_keys(a, &a->json);
	raid_buf_puts(&a->json, "\"model\":");
	say_quoted(a, &a->json, a->model);
	raid_buf_puts(&a->json, ",\"created_at\":\"2026-11-21T14:05:30.5Z\","
	    "\"message\":{\"role\":\"assistant\"");
}

static void
say(struct ask *a)
{
	open_line(a);
	raid_buf_puts(&a->json, a->phase == THINK ?
	    ",\"content\":\"\",\"thinking\":\"" : ",\"content\":\"");
	say_piece(a, &a->json);
	raid_buf_puts(&a->json, "\"},\"done\":false}");
	say_event(a, NULL);
}

static void
tools(struct ask *a)
{
	open_line(a);
	raid_buf_puts(&a->json, ",\"content\":\"\",\"tool_calls\":[{"
	    "\"function\":{\"name\":\"look\",\"arguments\":{\"path\":\"a b\"}}}"
	    "]},\"done\":false}");
	say_event(a, NULL);
}

static void
close_line(struct ask *a)
{
	raid_buf_puts(&a->json, "},\"done\":true");
	if (!has(a, W_nofinish)) {
		raid_buf_puts(&a->json, ",\"done_reason\":");
		say_reason(a, &a->json);
	}
	if (!is(a, W_usage, "none"))
		usage(a, &a->json);
	raid_buf_puts(&a->json, "}");
}

static void
end(struct ask *a)
{
	a->phase = OVER;
	if (has(a, W_nodone))
		return;
	open_line(a);
	raid_buf_puts(&a->json, has(a, W_nocontent) ? "" : ",\"content\":\"\"");
	close_line(a);
	say_event(a, NULL);
}

static void
broken(struct ask *a)
{
	say_event(a, NULL);
}

static void
whole(struct ask *a)
{
	open_line(a);
	if (has(a, W_reason)) {
		raid_buf_puts(&a->json, ",\"thinking\":");
		say_quoted(a, &a->json, say_thoughts[0]);
	}
	if (!has(a, W_nocontent))
		raid_buf_puts(&a->json, ",\"content\":\"");
}

static void
whole_end(struct ask *a)
{
	if (!has(a, W_nocontent))
		raid_buf_puts(&a->json, "\"");
	close_line(a);
}

const struct dialect say_ollama = {
	.say = say, .tools = tools, .end = end, .broken = broken,
	.whole = whole, .whole_end = whole_end
};
