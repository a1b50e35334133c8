/* SPDX-License-Identifier: ISC */
/* From a request to what answers it. */
#include "llmd.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define GOOD "Good day from llmd: Grüße, 世界, 🌍."

/* ---- what is asked ---- */

/* The text of a string, of a part, of a list of parts, of a message. */
static void
text_of(const struct raid_json *j, struct raid_buf *b)
{
	const struct raid_json *in;

	if (raid_json_is_string(j))
		raid_buf_puts(b, raid_json_text(j));
	if (raid_json_is_array(j)) {
		for (in = raid_json_first(j); in != NULL;
		    in = raid_json_next(in))
			text_of(in, b);
	}
	if (raid_json_is_object(j)) {
		text_of(raid_json_get(j, "text"), b);
		text_of(raid_json_get(j, "parts"), b);
		text_of(raid_json_get(j, "content"), b);
	}
}

static const struct raid_json *
messages(const struct ask *a)
{
	return raid_json_get(a->body, a->api == GEMINI ? "contents" :
	    "messages");
}

static const struct raid_json *
last_message(const struct ask *a)
{
	const struct raid_json *j = raid_json_first(messages(a)), *next;

	while (j != NULL && (next = raid_json_next(j)) != NULL)
		j = next;
	return j;
}

static const struct raid_json *
system_text(const struct ask *a)
{
	const struct raid_json *j = raid_json_first(messages(a));
	const char *role = raid_json_str(j, "role", "");

	if (a->api == ANTHROPIC)
		return raid_json_get(a->body, "system");
	if (a->api == GEMINI)
		return raid_json_get(a->body, "systemInstruction");
	return strcmp(role, "system") == 0 || strcmp(role, "developer") == 0 ?
	    j : NULL;
}

static const char *
header(const struct ask *a, const char *name)
{
	return raid_json_str(a->headers, name, "");
}

/* The key in the header where the API wants it. */
static const char *
key_of(const struct ask *a)
{
	const char *bearer = header(a, "authorization");

	if (a->api == ANTHROPIC)
		return header(a, "x-api-key");
	if (a->api == GEMINI)
		return header(a, "x-goog-api-key");
	if (is(a, W_vendor, "azure"))
		return header(a, "api-key");
	return raid_str_starts(bearer, "Bearer ") ? bearer + 7 : "";
}

/* ---- the answer ---- */

static void
read_file(struct raid_buf *b, const char *path)
{
	char p[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		raid_buf_printf(b, "llmd: no file %s", path);
		return;
	}
	while ((n = fread(p, 1, sizeof(p), f)) > 0)
		raid_buf_add(b, p, n);
	fclose(f);
}

static void
choose_text(struct ask *a)
{
	if (has(a, W_text))
		raid_buf_puts(&a->text, a->how.s[W_text]);
	else if (has(a, W_file))
		read_file(&a->text, a->how.s[W_file]);
	else if (has(a, W_echo))
		text_of(last_message(a), &a->text);
	else if (has(a, W_echosys))
		text_of(system_text(a), &a->text);
	else
		raid_buf_puts(&a->text, has(a, W_silent) ? "#silent" : GOOD);
}

/* The headers about what is left of the limits, as each vendor has them. */
static void
limit_headers(struct ask *a)
{
	long long left = num(a, W_ratelimit, 0);
	struct raid_buf *b = &a->head;

	if (a->api == OPENAI)
		raid_buf_printf(b, "x-ratelimit-limit-requests: 60\r\n"
		    "x-ratelimit-remaining-requests: %lld\r\n"
		    "x-ratelimit-reset-requests: 1m30.5s\r\n"
		    "x-ratelimit-limit-tokens: 90000\r\n"
		    "x-ratelimit-remaining-tokens: %lld\r\n"
		    "x-ratelimit-reset-tokens: 17ms\r\n", left, left * 1000);
	if (a->api == ANTHROPIC)
		raid_buf_printf(b, "anthropic-ratelimit-requests-limit: 60\r\n"
		    "anthropic-ratelimit-requests-remaining: %lld\r\n"
		    "anthropic-ratelimit-requests-reset: 2035-01-01T00:00:00Z"
		    "\r\nanthropic-ratelimit-tokens-limit: 90000\r\n"
		    "anthropic-ratelimit-tokens-remaining: %lld\r\n"
		    "anthropic-ratelimit-tokens-reset: 2035-01-01T00:00:00Z"
		    "\r\n", left, left * 1000);
}

/* Bytes that are no protocol at all, the same each time. */
static void
noise(struct ask *a)
{
	unsigned long x = 1;

	for (long long i = 0; i < a->how.n[W_nonsense]; i++) {
		x = x * 1103515245 + 12345;
		raid_buf_addc(&a->made, (unsigned char)(x >> 16));
	}
	a->frame = FIXED;
}

/* Trouble that needs no look at what is asked; 1 if there is. */
static int
refused(struct ask *a)
{
	int status = a->api == GEMINI ? 400 : 401;

	if (has(a, W_key) && strcmp(a->how.s[W_key], a->key) != 0) {
		fault(a, status, "API key not valid");
	} else if (has(a, W_redirect)) {
		fault(a, 307, "go there");
		raid_buf_printf(&a->head, "location: %s\r\n",
		    a->how.s[W_redirect]);
	} else if (has(a, W_html)) {
		fault(a, (int)num(a, W_status, 502), NULL);
	} else if (has(a, W_quota)) {
		fault(a, (int)num(a, W_status, 429),
		    "You exceeded your current quota");
	} else if (has(a, W_status) || has(a, W_empty) || has(a, W_jsonarray)) {
		fault(a, (int)num(a, W_status, 500), NULL);
	} else {
		return 0;
	}
	return 1;
}

/* What is wrong with a question, as the vendors see it; NULL: nothing. */
static const char *
wrong(const struct ask *a)
{
	if (a->body == NULL)
		return "the body is no JSON";
	if (strstr(header(a, "content-type"), "application/json") == NULL)
		return "content-type: application/json is wanted";
	if (raid_json_first(messages(a)) == NULL)
		return "messages: at least one is wanted";
	if (a->api == ANTHROPIC && *header(a, "anthropic-version") == '\0')
		return "anthropic-version: header is required";
	if (a->api == ANTHROPIC && raid_json_int(a->body, "max_tokens", 0) <= 0)
		return "max_tokens: Field required";
	if (has(a, W_strict) && (raid_json_get(a->body, "temperature") != NULL ||
	    raid_json_get(a->body, "top_p") != NULL ||
	    raid_json_get(a->body, "top_k") != NULL))
		return "`temperature` is deprecated for this model.";
	return NULL;
}

/* Answer a question; stream: how it wants the answer. */
static void
chat(struct ask *a, int stream, enum frame frame)
{
	static const char *const types[] = {
		"", "application/json", "text/event-stream; charset=utf-8",
		"application/x-ndjson", "application/json; charset=UTF-8"
	};

	a->usage = raid_json_true(raid_json_get(raid_json_get(a->body,
	    "stream_options"), "include_usage"));
	if (wrong(a) != NULL) {
		fault(a, 400, wrong(a));
		return;
	}
	if (has(a, W_asjson))
		stream = 0;
	if (has(a, W_sse))
		stream = 1;
	a->frame = stream ? frame : WHOLE;
	a->type = types[a->frame];
	if (has(a, W_nonsense))
		noise(a);
	else
		choose_text(a);
	if (is(a, W_vendor, "litellm"))
		raid_buf_printf(&a->head, "x-litellm-response-cost: %.6f\r\n",
		    (double)num(a, W_cost, 1234) / 1e6);
}

/* ---- lists of models ---- */

static const struct {
	const char *name;
	int context, output;
} models[] = {
	{ "good", 200000, 64000 },
	{ "good+reason", 1048576, 65536 },
	{ "events=3", 8192, 0 },
};
#define NMODELS 3

/* One model of a list; the last of gemini cannot talk. */
static void
list_one(struct ask *a, size_t i)
{
	struct raid_buf *b = &a->made;
	const char *name = models[i].name;
	int context = models[i].context;

	if (a->api == GEMINI) {
		raid_buf_printf(b, "{\"name\":\"models/%s\",\"inputTokenLimit\""
		    ":%d,\"outputTokenLimit\":%d,"
		    "\"supportedGenerationMethods\":[\"%s\"]}", name, context,
		    models[i].output, i == NMODELS - 1 ? "embedContent" :
		    "generateContent");
	} else if (a->api == OLLAMA) {
		raid_buf_printf(b, "{\"name\":\"%s\",\"model\":\"%s\",\"size\":"
		    "4096,\"details\":{\"family\":\"llmd\"}}", name, name);
	} else if (a->api == ANTHROPIC) {
		raid_buf_printf(b, "{\"id\":\"%s\",\"type\":\"model\","
		    "\"display_name\":\"%s\",\"created_at\":"
		    "\"2026-01-01T00:00:00Z\",\"max_input_tokens\":%d,"
		    "\"max_tokens\":%d}", name, name, context,
		    models[i].output);
	} else {
		raid_buf_printf(b, "{\"id\":\"%s\",\"object\":\"model\","
		    "\"created\":1700000000,\"owned_by\":\"llmd\"", name);
		if (is(a, W_vendor, "vllm"))
			raid_buf_printf(b, ",\"max_model_len\":%d", context);
		if (is(a, W_vendor, "openrouter"))
			raid_buf_printf(b, ",\"context_length\":%d", context);
		if (is(a, W_vendor, "llamacpp"))
			raid_buf_printf(b, ",\"meta\":{\"n_ctx_train\":%d}",
			    context);
		raid_buf_puts(b, "}");
	}
}

/* Anthropic and gemini give two a page. */
static void
list(struct ask *a, const char *query)
{
	int paged = a->api == ANTHROPIC || a->api == GEMINI;
	int second = strstr(query, "after_id=good%2Breason") != NULL ||
	    strstr(query, "after_id=good+reason") != NULL ||
	    strstr(query, "pageToken=two") != NULL;
	size_t i = paged && second ? 2 : 0;
	size_t end = paged && !second ? 2 : NMODELS;

	raid_buf_puts(&a->made, a->api == OPENAI || a->api == ANTHROPIC ?
	    "{\"object\":\"list\",\"data\":[" : "{\"models\":[");
	for (const char *sep = ""; i < end; i++, sep = ",") {
		raid_buf_puts(&a->made, sep);
		list_one(a, i);
	}
	raid_buf_puts(&a->made, "]");
	if (a->api == ANTHROPIC)
		raid_buf_printf(&a->made, ",\"has_more\":%s,\"first_id\":\"%s\""
		    ",\"last_id\":\"%s\"", second ? "false" : "true",
		    models[second ? 2 : 0].name, models[second ? 2 : 1].name);
	if (a->api == GEMINI && !second)
		raid_buf_puts(&a->made, ",\"nextPageToken\":\"two\"");
	raid_buf_puts(&a->made, "}");
}

static void
show(struct ask *a)
{
	size_t i = 0;

	while (i < NMODELS - 1 && strcmp(models[i].name, a->model) != 0)
		i++;
	raid_buf_printf(&a->made, "{\"details\":{\"family\":\"llmd\"},"
	    "\"model_info\":{\"general.architecture\":\"llmd\","
	    "\"llmd.context_length\":%d},\"capabilities\":[\"completion\"]}",
	    models[i].context);
}

/* ---- where it goes ---- */

enum room { CHAT, LIST, SHOW, HEALTH, STATS, NOWHERE };

static const struct {
	const char *method, *end;
	enum api api;
	enum room room;
} routes[] = {
	{ "POST", "/chat/completions", OPENAI, CHAT },
	{ "POST", "/v1/messages", ANTHROPIC, CHAT },
	{ "POST", ":streamGenerateContent", GEMINI, CHAT },
	{ "POST", ":generateContent", GEMINI, CHAT },
	{ "POST", "/api/chat", OLLAMA, CHAT },
	{ "POST", "/api/show", OLLAMA, SHOW },
	{ "GET", "/v1beta/models", GEMINI, LIST },
	{ "GET", "/models", OPENAI, LIST },
	{ "GET", "/api/tags", OLLAMA, LIST },
	{ "GET", "/health", OPENAI, HEALTH },
	{ "GET", "/stats", OPENAI, STATS },
};

static enum room
find_room(struct ask *a, const char *method, const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		if (strcmp(routes[i].method, method) != 0 ||
		    !raid_str_ends(path, routes[i].end))
			continue;
		a->api = routes[i].api;
		if (a->api == OPENAI && routes[i].room == LIST &&
		    *header(a, "x-api-key") != '\0')
			a->api = ANTHROPIC;
		return routes[i].room;
	}
	return NOWHERE;
}

/* The model: of the body, or for gemini of the path. */
static char *
find_model(const struct ask *a, const char *path)
{
	const char *s = strstr(path, "/models/");
	char *model;

	if (a->api != GEMINI)
		return raid_strdup(raid_json_str(a->body, "model", ""));
	if (s == NULL)
		return raid_strdup("");
	s += strlen("/models/");
	model = raid_strndup(s, strcspn(s, ":"));
	percent_decode(model);
	return model;
}

static int
wants_stream(const struct ask *a, const char *path)
{
	const struct raid_json *j = raid_json_get(a->body, "stream");

	if (a->api == GEMINI)
		return strstr(path, ":stream") != NULL;
	return (a->api == OLLAMA && j == NULL) || raid_json_true(j);
}

static enum frame
stream_frame(const struct ask *a, const char *query)
{
	if (a->api == OLLAMA)
		return LINES;
	return a->api == GEMINI && strstr(query, "alt=sse") == NULL ? ARRAY :
	    EVENTS;
}

static void
answer(struct ask *a, enum room room, const char *path, const char *query)
{
	switch (room) {
	case CHAT:
		chat(a, wants_stream(a, path), stream_frame(a, query));
		break;
	case LIST:
		list(a, query);
		break;
	case SHOW:
		show(a);
		break;
	case HEALTH:
		raid_buf_puts(&a->made, "{\"status\":\"ok\"}\n");
		break;
	case STATS:
		raid_buf_printf(&a->made, "{\"requests\":%lld,\"busy\":%lld,"
		    "\"most\":%lld}\n", stats.requests, stats.busy,
		    stats.most);
		break;
	case NOWHERE:
		fault(a, 404, "no such path");
		break;
	}
}

/* Words that are none are a model that is not there. */
static void
route(struct ask *a, const char *method, const char *path, const char *query)
{
	const char *words = NULL, *rest = path;
	char *own = NULL, *bad = NULL;
	enum room room;

	if (raid_str_starts(path, "/@")) {
		rest = path + strcspn(path + 1, "/") + 1;
		own = raid_strndup(path + 2, (size_t)(rest - path - 2));
	}
	room = find_room(a, method, rest);
	a->model = find_model(a, rest);
	words = own != NULL ? own : room == CHAT ? a->model : "";
	if (words_parse(&a->how, words, &bad) != 0) {
		words_free(&a->how);
		fault(a, 404, bad);
	} else {
		words_turn(&a->how, words);
		a->key = raid_strdup(key_of(a));
		if (has(a, W_ratelimit))
			limit_headers(a);
		if (!refused(a))
			answer(a, room, rest, query);
	}
	free(own);
	free(bad);
}

void
ask_begin(struct ask *a, const char *method, const char *target,
    struct raid_json *headers, const void *body, size_t len)
{
	struct raid_err err;
	const char *query = strchr(target, '?');
	char *path = raid_strndup(target, strcspn(target, "?"));

	*a = (struct ask){ .id = a->id, .headers = headers, .status = 200,
	    .type = "application/json", .frame = FIXED };
	raid_buf_init(&a->head, BIG);
	raid_buf_init(&a->made, BIG);
	raid_buf_init(&a->text, BIG);
	raid_buf_init(&a->json, BIG);
	words_free(&a->how);
	a->body = raid_json_parse(body, len, &err);
	route(a, method, path, query != NULL ? query : "");
	if (has(a, W_wrongtype))
		a->type = "text/html";
	if (has(a, W_type))
		a->type = a->how.s[W_type];
	say_begin(a);
	free(path);
}

void
ask_free(struct ask *a)
{
	raid_json_free(a->headers);
	raid_json_free(a->body);
	words_free(&a->how);
	free(a->model);
	free(a->key);
	raid_buf_free(&a->head);
	raid_buf_free(&a->made);
	raid_buf_free(&a->text);
	raid_buf_free(&a->json);
}
