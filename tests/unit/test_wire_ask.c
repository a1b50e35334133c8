/* SPDX-License-Identifier: ISC */
/* What model servers are asked, and their lists of models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/wire.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The only member of an array.json. */
static const struct raid_member *
member(struct raid_roster *r, const char *fields)
{
	char *s = raid_strf("{\"members\":{\"m\":{%s}}}", fields);
	struct raid_json *j;
	struct raid_err err;

	j = raid_json_parse(s, strlen(s), &err);
	if (j == NULL || raid_roster_parse(r, NULL, j, &err) == -1)
		fail_msg("%s: %s", fields, err.msg);
	raid_json_free(j);
	free(s);
	return &r->v[0];
}

struct ask {
	const char *member, *key, *system;
	const char *url, *headers;	/* without User-Agent; lines */
	const char *body;
};

#define JSON "Content-Type: application/json\n"

static const struct ask asks[] = {
{ "\"provider\":\"openai\",\"base_url\":\"https://api.openai.com/v1\","
	"\"model\":\"gpt-5.4\",\"max_output\":1024", "K", "S",
	"https://api.openai.com/v1/chat/completions",
	JSON "Authorization: Bearer K\n",
	"{\"model\":\"gpt-5.4\",\"messages\":[{\"role\":\"system\",\"content\":"
	"\"S\"},{\"role\":\"user\",\"content\":\"U\\\"\\nя\"}],\"stream\":true,"
	"\"stream_options\":{\"include_usage\":true},"
	"\"max_completion_tokens\":1024}" },
{ "\"provider\":\"openai\",\"base_url\":\"http://127.0.0.1:8080/v1/\","
	"\"model\":\"l\"", NULL, "",
	"http://127.0.0.1:8080/v1/chat/completions", JSON,
	"{\"model\":\"l\",\"messages\":[{\"role\":\"user\",\"content\":"
	"\"U\\\"\\nя\"}],\"stream\":true,\"stream_options\":"
	"{\"include_usage\":true}}" },
{ "\"provider\":\"openai\",\"base_url\":\"https://api.deepseek.com\","
	"\"model\":\"d\",\"max_output\":5,\"options\":{\"temperature\":0.2,"
	"\"stream_options\":{\"x\":1},\"max_tokens\":null,\"stop\":null,"
	"\"list\":[1]},\"headers\":{\"X-Title\":\"raid\",\"user-agent\":"
	"\"me\"}", "K", "S", "https://api.deepseek.com/chat/completions",
	JSON "Authorization: Bearer K\nX-Title: raid\nuser-agent: me\n",
	"{\"model\":\"d\",\"messages\":[{\"role\":\"system\",\"content\":\"S\"},"
	"{\"role\":\"user\",\"content\":\"U\\\"\\nя\"}],\"stream\":true,"
	"\"temperature\":0.2,\"stream_options\":{\"include_usage\":true,"
	"\"x\":1},\"stop\":null,\"list\":[1]}" },
{ "\"provider\":\"openai\",\"base_url\":\"https://api.mistral.ai/v1\","
	"\"model\":\"m\",\"max_output\":5", "K", "S",
	"https://api.mistral.ai/v1/chat/completions",
	JSON "Authorization: Bearer K\n",
	"{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"S\"},"
	"{\"role\":\"user\",\"content\":\"U\\\"\\nя\"}],\"stream\":true,"
	"\"max_tokens\":5}" },
{ "\"provider\":\"openai\",\"base_url\":"
	"\"https://r.openai.azure.com/openai/v1\",\"model\":\"m\","
	"\"max_output\":5,\"max_tokens_key\":\"max_completion_tokens\"", "K",
	"", "https://r.openai.azure.com/openai/v1/chat/completions",
	JSON "api-key: K\n",
	"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
	"\"U\\\"\\nя\"}],\"stream\":true,\"stream_options\":"
	"{\"include_usage\":true},\"max_completion_tokens\":5}" },
{ "\"provider\":\"anthropic\",\"model\":\"claude-sonnet-5-5\"", "K", "S",
	"https://api.anthropic.com/v1/messages",
	JSON "anthropic-version: 2023-06-01\nx-api-key: K\n",
	"{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":8192,\"system\":"
	"[{\"type\":\"text\",\"text\":\"S\",\"cache_control\":{\"type\":"
	"\"ephemeral\"}}],\"messages\":[{\"role\":\"user\",\"content\":"
	"\"U\\\"\\nя\"}],\"stream\":true}" },
{ "\"provider\":\"anthropic\",\"model\":\"c\",\"max_output\":64000,"
	"\"options\":{\"thinking\":{\"type\":\"adaptive\"}},\"headers\":"
	"{\"Anthropic-Version\":\"2099-01-01\",\"anthropic-beta\":\"x\"}",
	"sk-ant-oat01-x", "", "https://api.anthropic.com/v1/messages",
	JSON "Authorization: Bearer sk-ant-oat01-x\n"
	"Anthropic-Version: 2099-01-01\nanthropic-beta: x\n",
	"{\"model\":\"c\",\"max_tokens\":64000,\"messages\":[{\"role\":"
	"\"user\",\"content\":\"U\\\"\\nя\"}],\"stream\":true,\"thinking\":"
	"{\"type\":\"adaptive\"}}" },
{ "\"provider\":\"gemini\",\"model\":\"models/gemini-3 pro\"", "K", "S",
	"https://generativelanguage.googleapis.com/v1beta/models/"
	"gemini-3%20pro:streamGenerateContent?alt=sse",
	JSON "x-goog-api-key: K\n",
	"{\"systemInstruction\":{\"parts\":[{\"text\":\"S\"}]},\"contents\":"
	"[{\"parts\":[{\"text\":\"U\\\"\\nя\"}],\"role\":\"user\"}]}" },
{ "\"provider\":\"gemini\",\"model\":\"g\",\"max_output\":9,\"options\":"
	"{\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":"
	"\"LOW\"}}}", "K", "", "https://generativelanguage.googleapis.com/"
	"v1beta/models/g:streamGenerateContent?alt=sse",
	JSON "x-goog-api-key: K\n",
	"{\"contents\":[{\"parts\":[{\"text\":\"U\\\"\\nя\"}],\"role\":"
	"\"user\"}],\"generationConfig\":{\"maxOutputTokens\":9,"
	"\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"}}}" },
{ "\"provider\":\"ollama\",\"model\":\"q:7b\",\"local\":true", NULL, "S",
	"http://127.0.0.1:11434/api/chat", JSON,
	"{\"model\":\"q:7b\",\"messages\":[{\"role\":\"system\",\"content\":"
	"\"S\"},{\"role\":\"user\",\"content\":\"U\\\"\\nя\"}],\"stream\":true}" },
{ "\"provider\":\"ollama\",\"model\":\"q\",\"context\":16384,"
	"\"max_output\":256,\"options\":{\"think\":true,\"options\":"
	"{\"temperature\":0}}", "", "", "http://127.0.0.1:11434/api/chat",
	JSON, "{\"model\":\"q\",\"messages\":[{\"role\":\"user\",\"content\":"
	"\"U\\\"\\nя\"}],\"stream\":true,\"think\":true,\"options\":"
	"{\"num_ctx\":16384,\"num_predict\":256,\"temperature\":0}}" },
};

static void
same_headers(const struct raid_wire_request *r, const char *want,
    const char *what)
{
	struct raid_buf b;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (size_t i = 0; i < r->headers.n; i++)
		if (!raid_str_starts(r->headers.v[i], "User-Agent: raid/"))
			raid_buf_printf(&b, "%s\n", r->headers.v[i]);
	if (strcmp(raid_buf_str(&b), want) != 0)
		fail_msg("%s: headers\n%s", what, raid_buf_str(&b));
	raid_buf_free(&b);
}

static void
test_ask(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(asks); i++) {
		const struct ask *a = &asks[i];
		struct raid_roster roster = { 0 };
		struct raid_wire_request r;
		struct raid_err err;

		if (raid_wire_ask(member(&roster, a->member), a->key,
		    a->system, "U\"\nя", &r, &err) == -1)
			fail_msg("%s: %s", a->member, err.msg);
		if (strcmp(r.url, a->url) != 0)
			fail_msg("%s: %s", a->member, r.url);
		if (strcmp(r.body, a->body) != 0)
			fail_msg("%s:\n%s", a->member, r.body);
		same_headers(&r, a->headers, a->member);
		raid_wire_request_free(&r);
		raid_wire_request_free(&r);
		raid_roster_free(&roster);
	}
}

static void
test_bad(void **state)
{
	static const char *const keys[] = { "a\nHost: evil", "q w", "q\r",
		"ключ", "\t" };
	struct raid_roster roster = { 0 };
	struct raid_wire_request r;
	const struct raid_member *m = member(&roster, asks[0].member);
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(keys); i++) {
		assert_int_equal(raid_wire_ask(m, keys[i], "", "U", &r, &err),
		    -1);
		assert_int_equal(err.code, RAID_ECONFIG);
		assert_null(strstr(err.msg, keys[i]));
		assert_non_null(strstr(err.msg, "member m"));
		raid_wire_request_free(&r);
		assert_int_equal(raid_wire_models(m, keys[i], NULL, &r, &err),
		    -1);
		raid_wire_request_free(&r);
	}
	assert_int_equal(raid_wire_ask(m, "K", "", "a\xff", &r, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	raid_wire_request_free(&r);
	raid_roster_free(&roster);
}

struct models {
	const char *member, *after, *url, *headers;
	const char *body;
	const char *found;	/* "id context max_output\n"... */
	const char *next;
};

static const struct models lists[] = {
{ "\"provider\":\"openai\",\"base_url\":\"https://api.openai.com/v1\","
	"\"model\":\"m\"", NULL, "https://api.openai.com/v1/models",
	"Authorization: Bearer K\n",
	"{\"object\":\"list\",\"data\":[{\"id\":\"gpt-5.4\",\"object\":\"model\","
	"\"created\":1,\"owned_by\":\"o\"},{\"id\":\"\"},7,{\"id\":\"a/b\","
	"\"context_length\":200000,\"top_provider\":{\"max_completion_tokens\":"
	"64000}},{\"id\":\"v\",\"max_model_len\":4096},{\"id\":\"mi\","
	"\"max_context_length\":32768},{\"id\":\"ll\",\"meta\":{\"n_ctx_train\":"
	"8192}},{\"id\":\"gr\",\"context_window\":131072,"
	"\"max_completion_tokens\":32768}]}",
	"gpt-5.4 0 0\na/b 200000 64000\nv 4096 0\nmi 32768 0\nll 8192 0\n"
	"gr 131072 32768\n", NULL },
{ "\"provider\":\"openai\",\"base_url\":\"http://127.0.0.1:1/v1\","
	"\"model\":\"m\"", NULL, "http://127.0.0.1:1/v1/models",
	"Authorization: Bearer K\n", "[{\"id\":\"bare\"}]", "bare 0 0\n",
	NULL },
{ "\"provider\":\"anthropic\",\"model\":\"m\"", "claude/4",
	"https://api.anthropic.com/v1/models?limit=1000&after_id=claude%2F4",
	"anthropic-version: 2023-06-01\nx-api-key: K\n",
	"{\"data\":[{\"id\":\"claude-sonnet-5-5\",\"type\":\"model\","
	"\"max_input_tokens\":1000000,\"max_tokens\":64000}],\"has_more\":true,"
	"\"first_id\":\"x\",\"last_id\":\"claude-sonnet-5-5\"}",
	"claude-sonnet-5-5 1000000 64000\n", "claude-sonnet-5-5" },
{ "\"provider\":\"gemini\",\"model\":\"m\"", "t+k",
	"https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000"
	"&pageToken=t%2Bk", "x-goog-api-key: K\n",
	"{\"models\":[{\"name\":\"models/gemini-3-pro\",\"inputTokenLimit\":"
	"1048576,\"outputTokenLimit\":65536,\"supportedGenerationMethods\":"
	"[\"generateContent\",\"countTokens\"]},{\"name\":\"models/embed\","
	"\"supportedGenerationMethods\":[\"embedContent\"]}],"
	"\"nextPageToken\":\"abc\"}",
	"gemini-3-pro 1048576 65536\n", "abc" },
{ "\"provider\":\"ollama\",\"model\":\"m\"", NULL,
	"http://127.0.0.1:11434/api/tags", "Authorization: Bearer K\n",
	"{\"models\":[{\"name\":\"qwen2.5-coder:7b\",\"model\":"
	"\"qwen2.5-coder:7b\",\"size\":4683087332,\"details\":{}}]}",
	"qwen2.5-coder:7b 0 0\n", NULL },
};

static void
test_models(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(lists); i++) {
		const struct models *c = &lists[i];
		struct raid_roster roster = { 0 };
		const struct raid_member *m = member(&roster, c->member);
		struct raid_wire_list l = { 0 };
		struct raid_wire_request r;
		struct raid_buf b;
		struct raid_err err;

		assert_int_equal(raid_wire_models(m, "K", c->after, &r, &err),
		    0);
		assert_string_equal(r.url, c->url);
		assert_null(r.body);
		same_headers(&r, c->headers, c->member);
		raid_wire_request_free(&r);
		if (raid_wire_models_read(m->kind, 200, c->body,
		    strlen(c->body), "K", &l, &err) == -1)
			fail_msg("%s: %s", c->member, err.msg);
		raid_buf_init(&b, SIZE_MAX / 4);
		for (size_t k = 0; k < l.n; k++)
			raid_buf_printf(&b, "%s %lld %lld\n", l.v[k].id,
			    l.v[k].context, l.v[k].max_output);
		assert_string_equal(raid_buf_str(&b), c->found);
		if (c->next != NULL)
			assert_string_equal(l.next, c->next);
		else
			assert_null(l.next);
		/* A page is added to those before it. */
		assert_int_equal(raid_wire_models_read(m->kind, 200,
		    "{\"data\":[]}", 11, "K", &l, &err), 0);
		assert_null(l.next);
		assert_true(l.n > 0);
		raid_buf_free(&b);
		raid_wire_list_free(&l);
		raid_roster_free(&roster);
	}
}

static void
test_models_bad(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum raid_code code;
		const char *msg;
	} cases[] = {
	{ 401, "{\"error\":{\"message\":\"bad key sk-secret\",\"code\":"
		"\"invalid_api_key\"}}", RAID_EPERM,
		"401 invalid_api_key: bad key [key]" },
	{ 404, "<html><title>404 Not Found</title>", RAID_EUNAVAIL,
		"404 Not Found" },
	{ 500, "{\"data\":[]}", RAID_EUNAVAIL, "500" },
	{ 200, "{\"data\":{}}", RAID_EPROTO, "no answer of a model" },
	{ 200, "", RAID_EPROTO, "empty" },
	{ 200, "{\"data\":[{\"id\":", RAID_EPROTO,
		"ended before" } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire_list l = { 0 };
		struct raid_err err = { 0 };
		long long context;

		assert_int_equal(raid_wire_models_read(RAID_PROVIDER_OPENAI,
		    cases[i].status, cases[i].body, strlen(cases[i].body),
		    "sk-secret", &l, &err), -1);
		if (err.code != cases[i].code ||
		    strstr(err.msg, cases[i].msg) == NULL)
			fail_msg("%s: %d %s", cases[i].body, (int)err.code,
			    err.msg);
		raid_wire_list_free(&l);
		if (cases[i].status == 200 && *cases[i].body == '{')
			continue;
		assert_int_equal(raid_wire_show_read(cases[i].status,
		    cases[i].body, strlen(cases[i].body), "sk-secret",
		    &context, &err), -1);
	}
}

static void
test_show(void **state)
{
	static const char answer[] = "{\"license\":\"x\",\"model_info\":"
	    "{\"general.architecture\":\"qwen2\",\"qwen2.context_length\":"
	    "32768,\"qwen2.embedding_length\":3584}}";
	struct raid_roster roster = { 0 };
	const struct raid_member *m = member(&roster,
	    "\"provider\":\"ollama\",\"model\":\"m\"");
	struct raid_wire_request r;
	struct raid_err err;
	long long context = -1;

	(void)state;
	assert_int_equal(raid_wire_show(m, NULL, "q:7b", &r, &err), 0);
	assert_string_equal(r.url, "http://127.0.0.1:11434/api/show");
	assert_string_equal(r.body, "{\"model\":\"q:7b\"}");
	same_headers(&r, JSON, "show");
	raid_wire_request_free(&r);
	assert_int_equal(raid_wire_show_read(200, answer, strlen(answer), NULL,
	    &context, &err), 0);
	assert_int_equal(context, 32768);
	assert_int_equal(raid_wire_show_read(200, "{}", 2, NULL, &context,
	    &err), 0);
	assert_int_equal(context, 0);
	raid_roster_free(&roster);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_models_bad),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
