/* SPDX-License-Identifier: ISC */
#include <limits.h>

#include "array/wire_priv.h"

/* One who counts a part apart from the whole may end below 0. */
static long long
above(long long v)
{
	return v > 0 ? v : 0;
}

/* A count that is there, or absent. */
static long long
count(const struct raid_json *j, const char *key, long long absent)
{
	long long v = raid_json_int(j, key, LLONG_MIN);

	return v == LLONG_MIN ? absent : above(v);
}

static double
cost_of(const struct raid_json *j)
{
	const struct raid_json *v = raid_json_get(j, "cost");

	if (raid_json_is_number(v) && raid_json_number(v) >= 0)
		return raid_json_number(v);
	v = raid_json_get(j, "cost_in_usd_ticks");
	if (raid_json_is_number(v) && raid_json_number(v) >= 0)
		return raid_json_number(v) / 1e10;
	return -1;
}

static void
count_openai(struct raid_usage *u, const struct raid_json *j)
{
	const struct raid_json *in = raid_json_get(j, "prompt_tokens_details");
	const struct raid_json *out = raid_json_get(j,
	    "completion_tokens_details");
	long long prompt = count(j, "prompt_tokens", -1);
	long long completion = count(j, "completion_tokens", -1);
	long long total = count(j, "total_tokens", -1);
	double usd = cost_of(j);

	if (usd >= 0)
		u->cost = usd;
	if (prompt < 0 && completion < 0)
		return;
	/* DeepSeek has names of its own for what it found in its cache. */
	u->cache_read = count(in, "cached_tokens",
	    count(j, "prompt_cache_hit_tokens", 0));
	u->cache_write = count(in, "cache_write_tokens", 0);
	u->cache_write_1h = 0;
	u->input = prompt < 0 ? -1 : count(j, "prompt_cache_miss_tokens",
	    above(prompt - u->cache_read - u->cache_write));
	u->reasoning = count(out, "reasoning_tokens", -1);
	/* xAI leaves reasoning out of completion_tokens, but not of the
	 * total. */
	u->output = completion;
	if (prompt >= 0 && total > prompt + above(completion))
		u->output = total - prompt;
}

/* llama.cpp, when its usage is not asked for. */
static void
count_timings(struct raid_usage *u, const struct raid_json *j)
{
	if (count(j, "predicted_n", -1) < 0)
		return;
	u->input = count(j, "prompt_n", -1);
	u->cache_read = count(j, "cache_n", 0);
	u->cache_write = u->cache_write_1h = 0;
	u->output = count(j, "predicted_n", -1);
}

static void
count_anthropic(struct raid_usage *u, const struct raid_json *j)
{
	const struct raid_json *made = raid_json_get(j, "cache_creation");
	const struct raid_json *out = raid_json_get(j,
	    "output_tokens_details");
	long long minutes = count(made, "ephemeral_5m_input_tokens", 0);

	u->input = count(j, "input_tokens", -1);
	u->cache_read = count(j, "cache_read_input_tokens", 0);
	u->cache_write_1h = count(made, "ephemeral_1h_input_tokens", 0);
	u->cache_write = count(j, "cache_creation_input_tokens",
	    minutes + u->cache_write_1h);
	u->output = count(j, "output_tokens", -1);
	u->reasoning = count(out, "thinking_tokens", -1);
}

/* Its JSON leaves out what is 0. */
static void
count_gemini(struct raid_usage *u, const struct raid_json *j)
{
	long long prompt = count(j, "promptTokenCount", -1);

	u->cache_read = count(j, "cachedContentTokenCount", 0);
	u->cache_write = u->cache_write_1h = 0;
	u->input = prompt < 0 ? -1 : above(prompt - u->cache_read) +
	    count(j, "toolUsePromptTokenCount", 0);
	u->reasoning = count(j, "thoughtsTokenCount", 0);
	u->output = count(j, "candidatesTokenCount", 0) + u->reasoning;
}

static void
count_ollama(struct raid_usage *u, const struct raid_json *j)
{
	u->input = count(j, "prompt_eval_count", -1);
	u->output = count(j, "eval_count", -1);
	u->cache_read = u->cache_write = u->cache_write_1h = 0;
}

/* Of running totals the last one counts.  Of an event that was cut they may
 * be half.  The event is kept for the sake of its usage. */
void
raid_wire_usage(struct raid_wire *w, const struct raid_json *usage)
{
	if (!raid_json_is_object(usage) || w->mended)
		return;
	if (w->kind == RAID_PROVIDER_GEMINI)
		count_gemini(&w->r.usage, usage);
	else
		count_openai(&w->r.usage, usage);
	w->usage = usage;
	w->keep = 1;
}

void
raid_wire_timings(struct raid_wire *w, const struct raid_json *timings)
{
	if (w->usage != NULL || !raid_json_is_object(timings) || w->mended)
		return;
	count_timings(&w->r.usage, timings);
	w->usage = timings;
	w->keep = 1;
}

/* The keys of j that say something, put over those of what came before. */
static void
lay_over(struct raid_wire *w, const struct raid_json *j)
{
	const struct raid_json *v;

	if (w->usage_event == NULL)
		w->usage_event = raid_json_object();
	for (v = raid_json_first(j); v != NULL; v = raid_json_next(v))
		if (!raid_json_is_null(v))
			raid_json_set(w->usage_event, raid_json_key(v),
			    raid_json_copy(v));
	w->usage = w->usage_event;
}

void
raid_wire_usage_anthropic(struct raid_wire *w, const struct raid_json *usage)
{
	if (!raid_json_is_object(usage) || w->mended)
		return;
	lay_over(w, usage);
	count_anthropic(&w->r.usage, w->usage);
}

void
raid_wire_usage_ollama(struct raid_wire *w, const struct raid_json *line)
{
	static const char *const keys[] = { "prompt_eval_count", "eval_count",
		"total_duration", "load_duration", "prompt_eval_duration",
		"eval_duration" };
	struct raid_json *j;

	if (w->mended)
		return;
	j = raid_json_object();
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct raid_json *v = raid_json_get(line, keys[i]);

		if (v != NULL)
			raid_json_set(j, keys[i], raid_json_copy(v));
	}
	if (raid_json_first(j) != NULL) {
		lay_over(w, j);
		count_ollama(&w->r.usage, w->usage);
	}
	raid_json_free(j);
}
