/* SPDX-License-Identifier: ISC */
/* Errors of model servers, their headers, and what may be tried again. */
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
#define D(json) "data: " json "\n\n"
#define OPENAI RAID_PROVIDER_OPENAI
#define ANTHROPIC RAID_PROVIDER_ANTHROPIC
#define GEMINI RAID_PROVIDER_GEMINI
#define OLLAMA RAID_PROVIDER_OLLAMA
#define NO RAID_RETRY_NO
#define YES RAID_RETRY_YES
#define QUOTA RAID_RETRY_QUOTA
#define KEY RAID_RETRY_KEY
#define FAILED RAID_ANSWER_FAILED
#define REFUSED RAID_ANSWER_REFUSED

struct error {
	enum raid_provider p;
	int status;
	const char *headers;		/* lines */
	const char *body;
	enum raid_answer answer;
	enum raid_retry retry;
	double after;
	const char *reason;		/* the whole of it */
};

static const struct error errors[] = {
/* OpenAI */
{ OPENAI, 401, "", "{\"error\":{\"message\":\"Incorrect API key provided.\","
	"\"type\":\"invalid_request_error\",\"param\":null,\"code\":"
	"\"invalid_api_key\"}}", FAILED, KEY, -1,
	"401 invalid_api_key: Incorrect API key provided." },
{ OPENAI, 400, "", "{\"error\":{\"message\":\"Too long\",\"type\":"
	"\"invalid_request_error\",\"param\":\"messages\",\"code\":"
	"\"context_length_exceeded\"}}", FAILED, NO, -1,
	"400 context_length_exceeded: Too long" },
{ OPENAI, 404, "", "{\"error\":{\"message\":\"No such model\",\"type\":"
	"\"invalid_request_error\",\"param\":null,\"code\":"
	"\"model_not_found\"}}", FAILED, NO, -1,
	"404 model_not_found: No such model" },
{ OPENAI, 429, "retry-after: 2\nretry-after-ms: 1500\n",
	"{\"error\":{\"message\":\"Slow down\",\"type\":\"requests\",\"param\":"
	"null,\"code\":\"rate_limit_exceeded\"}}", FAILED, YES, 1.5,
	"429 rate_limit_exceeded: Slow down" },
{ OPENAI, 429, "x-should-retry: true\nretry-after: 5\n",
	"{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":"
	"\"insufficient_quota\",\"param\":null,\"code\":"
	"\"insufficient_quota\"}}", FAILED, QUOTA, 5,
	"429 insufficient_quota: You exceeded your current quota" },
{ OPENAI, 429, "", "{\"error\":{\"message\":\"x\",\"type\":"
	"\"insufficient_quota\",\"param\":null,\"code\":null}}", FAILED, QUOTA,
	-1, "429 insufficient_quota: x" },
{ OPENAI, 429, "", "{\"error\":{\"message\":\"Pay\",\"type\":"
	"\"invalid_request_error\",\"code\":\"billing_hard_limit_reached\"}}",
	FAILED, QUOTA, -1, "429 billing_hard_limit_reached: Pay" },
{ OPENAI, 500, "X-Should-Retry: false\n", "{\"error\":{\"message\":\"Oops\","
	"\"type\":\"server_error\",\"param\":null,\"code\":null}}", FAILED, NO,
	-1, "500 server_error: Oops" },
{ OPENAI, 400, "x-should-retry: true\n", "{\"error\":{\"message\":\"Oops\"}}",
	FAILED, YES, -1, "400 Oops" },
{ OPENAI, 409, "", "{\"error\":{\"message\":\"Lock\"}}", FAILED, YES, -1,
	"409 Lock" },
{ OPENAI, 408, "", "", FAILED, YES, -1, "408 no reason given" },
{ OPENAI, 503, "retry-after: 0\n", "{\"error\":{\"code\":503,\"message\":"
	"\"Loading model\",\"type\":\"unavailable_error\"}}", FAILED, YES, -1,
	"503 unavailable_error: Loading model" },
/* Bodies that are no JSON, or other JSON. */
{ OPENAI, 502, "Content-Type: text/html\n", "<!DOCTYPE html>\n<html><head>"
	"<title>502 Bad\n Gateway</title></head><body><h1>nginx</h1></body>",
	FAILED, YES, -1, "502 Bad Gateway" },
{ OPENAI, 520, "", "<html><body><p>origin\x1b[31m error</p>\xff</body>",
	FAILED, YES, -1, "520 origin [31m error" },
{ OPENAI, 504, "", "", FAILED, YES, -1, "504 no reason given" },
{ OPENAI, 500, "", "  \r\n\r\n", FAILED, YES, -1, "500 no reason given" },
{ OPENAI, 500, "", "Internal Server Error", FAILED, YES, -1,
	"500 Internal Server Error" },
{ OPENAI, 500, "", "{\"error\":", FAILED, YES, -1, "500 no reason given" },
{ OPENAI, 500, "", "[1, \"x\"]", FAILED, YES, -1, "500 [1, \"x\"]" },
{ OPENAI, 500, "", "\"just a string\"", FAILED, YES, -1,
	"500 \"just a string\"" },
{ OPENAI, 301, "location: https://x/\n", "", FAILED, NO, -1,
	"301 it sends to https://x/, and a key goes only to base_url" },
{ OPENAI, 307, "Location: http://y/\n", "{\"error\":\"x\"}", FAILED, NO, -1,
	"307 it sends to http://y/, and a key goes only to base_url" },
{ OPENAI, 304, "", "", FAILED, NO, -1, "304 no reason given" },
{ OPENAI, 200, "Content-Type: text/html; charset=UTF-8\n",
	"<html><title>Log in</title></html>", FAILED, YES, -1,
	"no answer of a model, but text/html: Log in" },
{ OPENAI, 200, "", "", FAILED, YES, -1, "no answer: it is empty" },
{ OPENAI, 200, "", "\n\n\n", FAILED, YES, -1, "no answer: it is empty" },
{ OPENAI, 200, "content-type: application/json\n",
	"{\"message\":\"no Route matched\"}", FAILED, YES, -1,
	"no answer of a model, but application/json: "
	"{\"message\":\"no Route matched\"}" },
{ OPENAI, 204, "", "", FAILED, YES, -1, "no answer: it is empty" },
/* Errors inside a 200. */
{ OPENAI, 200, "", D("{\"error\":{\"message\":\"The server had an error\","
	"\"type\":\"server_error\",\"param\":null,\"code\":null}}"), FAILED,
	YES, -1, "error in the answer: server_error: The server had an error" },
{ OPENAI, 200, "", "event: error\n" D("{\"message\":\"boom\"}"), FAILED, YES,
	-1, "error in the answer: boom" },
{ OPENAI, 200, "", "event: error\n" D("upstream died"), FAILED, YES, -1,
	"error in the answer: upstream died" },
{ OPENAI, 200, "", "error: {\"code\":500,\"message\":\"slot\",\"type\":"
	"\"server_error\"}\n\n", FAILED, YES, -1,
	"error in the answer: server_error: slot" },
{ OPENAI, 200, "", "error: no slot\n", FAILED, YES, -1,
	"error in the answer: no slot" },
{ OPENAI, 200, "", "{\"error\":{\"message\":\"m\",\"code\":\"401\"}}", FAILED,
	KEY, -1, "error in the answer: m" },
{ OPENAI, 200, "", "{\"object\":\"error\",\"message\":\"m\",\"type\":"
	"\"NotFoundError\",\"code\":404}", FAILED, NO, -1,
	"error in the answer: NotFoundError: m" },
{ OPENAI, 200, "", D("[{\"error\":{\"message\":\"in a list\"}}]"), FAILED,
	YES, -1, "error in the answer: in a list" },
/* vLLM, LiteLLM, FastAPI, Mistral, xAI, DeepSeek, OpenRouter, Azure. */
{ OPENAI, 200, "", D("{\"error\":{\"message\":\"bad\",\"type\":"
	"\"BadRequestError\",\"param\":null,\"code\":400}}"), FAILED, NO, -1,
	"error in the answer: BadRequestError: bad" },
{ OPENAI, 200, "", D("{\"error\":{\"message\":\"limit\",\"type\":"
	"\"throttling_error\",\"param\":null,\"code\":\"429\"}}"), FAILED, YES,
	-1, "error in the answer: throttling_error: limit" },
{ OPENAI, 422, "", "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],"
	"\"msg\":\"Field required\"}]}", FAILED, NO, -1, "422 Field required" },
{ OPENAI, 404, "", "{\"detail\":\"Not Found\"}", FAILED, NO, -1,
	"404 Not Found" },
{ OPENAI, 422, "", "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":"
	"\"extra_forbidden\",\"msg\":\"Extra inputs are not permitted\"}]},"
	"\"type\":\"invalid_request_error\",\"code\":null}", FAILED, NO, -1,
	"422 invalid_request_error: Extra inputs are not permitted" },
{ OPENAI, 400, "", "{\"code\":\"Client specified an invalid argument\","
	"\"error\":\"Model not found\"}", FAILED, NO, -1,
	"400 Client specified an invalid argument: Model not found" },
{ OPENAI, 402, "", "{\"error\":{\"message\":\"Insufficient Balance\","
	"\"type\":\"unknown_error\",\"param\":null,\"code\":"
	"\"invalid_request_error\"}}", FAILED, QUOTA, -1,
	"402 invalid_request_error: Insufficient Balance" },
{ OPENAI, 429, "Retry-After: 7\n", "{\"error\":{\"code\":429,\"message\":"
	"\"Provider returned error\",\"metadata\":{\"raw\":\"a/b is limited\","
	"\"provider_name\":\"X\"}}}", FAILED, YES, 7,
	"429 Provider returned error: a/b is limited" },
{ OPENAI, 403, "", "{\"error\":{\"code\":403,\"message\":\"flagged\","
	"\"metadata\":{\"reasons\":[\"violence\"],\"flagged_input\":\"x\"}}}",
	REFUSED, NO, -1, "403 flagged" },
{ OPENAI, 403, "", "{\"error\":{\"code\":403,\"message\":\"no\"}}", FAILED,
	KEY, -1, "403 no" },
{ OPENAI, 400, "", "{\"error\":{\"message\":\"filtered\",\"type\":null,"
	"\"param\":\"prompt\",\"code\":\"content_filter\",\"status\":400,"
	"\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}",
	REFUSED, NO, -1, "400 content_filter: filtered" },
/* Anthropic */
{ ANTHROPIC, 529, "", "{\"type\":\"error\",\"error\":{\"type\":"
	"\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":"
	"\"req_1\"}", FAILED, YES, -1, "529 overloaded_error: Overloaded" },
{ ANTHROPIC, 200, "", "event: error\n" D("{\"type\":\"error\",\"error\":"
	"{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"), FAILED,
	YES, -1, "error in the answer: overloaded_error: Overloaded" },
{ ANTHROPIC, 200, "", D("{\"type\":\"error\",\"error\":{\"type\":"
	"\"invalid_request_error\",\"message\":\"x\"}}"), FAILED, NO, -1,
	"error in the answer: invalid_request_error: x" },
{ ANTHROPIC, 200, "", D("{\"type\":\"error\",\"error\":{\"type\":"
	"\"authentication_error\",\"message\":\"x\"}}"), FAILED, KEY, -1,
	"error in the answer: authentication_error: x" },
{ ANTHROPIC, 429, "retry-after: 12\n", "{\"type\":\"error\",\"error\":"
	"{\"type\":\"rate_limit_error\",\"message\":\"x\"}}", FAILED, YES, 12,
	"429 rate_limit_error: x" },
{ ANTHROPIC, 429, "", "{\"type\":\"error\",\"error\":{\"type\":"
	"\"rate_limit_error\",\"message\":\"x\",\"details\":{\"error_code\":"
	"\"enforced_spend_limit_reached\"}}}", FAILED, QUOTA, -1,
	"429 rate_limit_error: x" },
{ ANTHROPIC, 402, "", "{\"type\":\"error\",\"error\":{\"type\":"
	"\"billing_error\",\"message\":\"x\"}}", FAILED, QUOTA, -1,
	"402 billing_error: x" },
{ ANTHROPIC, 400, "", "{\"type\":\"error\",\"error\":{\"type\":"
	"\"invalid_request_error\",\"message\":\"Your credit balance is too low"
	" to access the API.\"}}", FAILED, QUOTA, -1, "400 "
	"invalid_request_error: Your credit balance is too low to access the "
	"API." },
{ ANTHROPIC, 413, "content-type: text/html\n", "<html><head><title>413 "
	"Request Entity Too Large</title>", FAILED, NO, -1,
	"413 Request Entity Too Large" },
/* Gemini */
{ GEMINI, 429, "", "{\n \"error\": {\n \"code\": 429,\n \"message\": \"Quota "
	"exceeded\",\n \"status\": \"RESOURCE_EXHAUSTED\",\n \"details\": [\n"
	"{\"@type\": \"type.googleapis.com/google.rpc.QuotaFailure\","
	"\"violations\":[{\"quotaId\":\"GenerateRequestsPerMinutePerProject\","
	"\"quotaValue\":\"10\"}]},{\"@type\":"
	"\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":"
	"\"45.837906927s\"}]}}\n", FAILED, YES, 45.837906927,
	"429 RESOURCE_EXHAUSTED: Quota exceeded" },
{ GEMINI, 429, "", "[{\"error\":{\"code\":429,\"message\":\"x\",\"status\":"
	"\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
	"\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":"
	"[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel\"}]},"
	"{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
	"\"retryDelay\":\"3s\"}]}}\n]\n", FAILED, QUOTA, 3,
	"429 RESOURCE_EXHAUSTED: x" },
{ GEMINI, 429, "", "{\"error\":{\"code\":429,\"message\":\"Quota exceeded for"
	" metric, limit: 0, model: x\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
	FAILED, QUOTA, -1, "429 RESOURCE_EXHAUSTED: Quota exceeded for metric,"
	" limit: 0, model: x" },
{ GEMINI, 429, "", "{\"error\":{\"code\":429,\"message\":\"limit: 05, limit: "
	"0.5\",\"status\":\"RESOURCE_EXHAUSTED\"}}", FAILED, YES, -1,
	"429 RESOURCE_EXHAUSTED: limit: 05, limit: 0.5" },
{ GEMINI, 400, "", "[{\"error\":{\"code\":400,\"message\":\"API key not "
	"valid.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
	"\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":"
	"\"API_KEY_INVALID\"}]}}]", FAILED, KEY, -1,
	"400 INVALID_ARGUMENT: API key not valid." },
{ GEMINI, 200, "", D("{\"error\":{\"code\":503,\"message\":\"x\",\"status\":"
	"\"UNAVAILABLE\"}}"), FAILED, YES, -1,
	"error in the answer: UNAVAILABLE: x" },
{ GEMINI, 200, "", D("{\"error\":{\"message\":\"x\",\"status\":"
	"\"PERMISSION_DENIED\"}}"), FAILED, KEY, -1,
	"error in the answer: PERMISSION_DENIED: x" },
{ GEMINI, 200, "", D("{\"candidates\":[{\"finishReason\":"
	"\"MALFORMED_FUNCTION_CALL\"}]}"), FAILED, YES, -1,
	"the server gave up (MALFORMED_FUNCTION_CALL)" },
/* Ollama */
{ OLLAMA, 404, "", "{\"error\":\"model 'x' not found\"}", FAILED, NO, -1,
	"404 model 'x' not found" },
{ OLLAMA, 200, "", "{\"error\":\"llama runner terminated\"}\n", FAILED, YES,
	-1, "error in the answer: llama runner terminated" },
};

static void
feed_headers(struct raid_wire *w, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		raid_wire_header(w, s, n);
		s += n + 1;
	}
}

static void
look(const struct error *e, const struct raid_reply *r)
{
	if (strcmp(r->reason, e->reason) != 0)
		fail_msg("%d %s: reason '%s'", e->status, e->body, r->reason);
	if (r->answer != e->answer || r->retry != e->retry)
		fail_msg("%d %s: %s, retry %d", e->status, e->body,
		    raid_answer_name(r->answer), (int)r->retry);
	if (r->retry_after < e->after - 1e-9 ||
	    r->retry_after > e->after + 1e-9)
		fail_msg("%d %s: after %g", e->status, e->body,
		    r->retry_after);
	assert_int_equal(r->status, e->status);
	assert_int_equal(r->text.len, 0);
}

static void
test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(errors); i++) {
		const struct error *e = &errors[i];
		size_t len = strlen(e->body);
		struct raid_wire *w;

		for (size_t k = 0; k <= len; k++) {
			w = raid_wire_new(e->p);
			raid_wire_status(w, e->status);
			feed_headers(w, e->headers);
			raid_wire_feed(w, e->body, k);
			raid_wire_feed(w, e->body + k, len - k);
			raid_wire_end(w, NULL);
			look(e, raid_wire_reply(w));
			raid_wire_free(w);
		}
		/* Whatever is left of a body, an error is an error. */
		for (size_t k = 0; k < len; k++) {
			w = raid_wire_new(e->p);
			raid_wire_status(w, e->status);
			feed_headers(w, e->headers);
			raid_wire_feed(w, e->body, k);
			raid_wire_end(w, "connection reset");
			assert_true(raid_wire_reply(w)->answer == FAILED ||
			    raid_wire_reply(w)->answer == REFUSED);
			assert_true(*raid_wire_reply(w)->reason != '\0');
			raid_wire_free(w);
		}
	}
}

/* An error without an end. */
static void
test_long_error(void **state)
{
	struct raid_wire *w = raid_wire_new(OPENAI);
	const struct raid_reply *r = raid_wire_reply(w);
	char page[4096] = "<title>Sorry</title>";
	int n = 0;

	(void)state;
	memset(page + strlen(page), 'x', sizeof(page) - strlen(page));
	raid_wire_status(w, 503);
	for (; n < 1000 && !r->done; n++)
		raid_wire_feed(w, page, sizeof(page));
	assert_true(n < 1000);
	raid_wire_end(w, NULL);
	assert_int_equal(r->answer, FAILED);
	assert_string_equal(r->reason, "503 Sorry");
	raid_wire_free(w);
}

/* What looks like one and is none. */
static void
test_no_error(void **state)
{
	static const char *const none[] = { "null", "false", "\"\"", "0" };

	(void)state;
	for (size_t i = 0; i < LEN(none); i++) {
		struct raid_wire *w = raid_wire_new(OPENAI);
		char *s = raid_strf(D("{\"error\":%s,\"choices\":[{\"delta\":"
		    "{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}")
		    "data: [DONE]\n\n", none[i]);

		raid_wire_status(w, 200);
		raid_wire_feed(w, s, strlen(s));
		raid_wire_end(w, NULL);
		assert_int_equal(raid_wire_reply(w)->answer,
		    RAID_ANSWER_COMPLETE);
		raid_wire_free(w);
		free(s);
	}
}

/* No answer came at all. */
static void
test_transport(void **state)
{
	struct raid_wire *w = raid_wire_new(OPENAI);
	const struct raid_reply *r = raid_wire_reply(w);

	(void)state;
	raid_wire_end(w, "could not connect to 127.0.0.1 port 1");
	assert_int_equal(r->answer, FAILED);
	assert_int_equal(r->retry, YES);
	assert_int_equal(r->status, 0);
	assert_string_equal(r->reason, "could not connect to 127.0.0.1 port "
	    "1");
	raid_wire_free(w);
}

/* A server that quotes the key is not quoted. */
static void
test_hide(void **state)
{
	static const char *const bodies[] = {
		"{\"error\":{\"message\":\"bad key sk-secret-1234!\"}}",
		"{\"error\":{\"message\":\"x\",\"code\":\"sk-secret-1234\"}}",
		"{\"error\":{\"message\":\"\\u0073k-secret-1234\"}}",
		"<html><title>sk-secret-1234</title>", "sk-secret-1234" };
	char longer[1200] = "{\"error\":{\"message\":\"";

	(void)state;
	/* At every place, so that a cut cannot leave half of it. */
	for (size_t pad = 0; pad < 600 + LEN(bodies); pad++) {
		struct raid_wire *w = raid_wire_new(OPENAI);
		const char *body = longer;

		if (pad < LEN(bodies)) {
			body = bodies[pad];
		} else {
			memset(longer + 21, 'x', pad - LEN(bodies));
			memcpy(longer + 21 + pad - LEN(bodies),
			    "sk-secret-1234\"}}", 18);
		}
		raid_wire_hide(w, "sk-secret-1234");
		raid_wire_status(w, 401);
		raid_wire_feed(w, body, strlen(body));
		raid_wire_end(w, NULL);
		if (strstr(raid_wire_reply(w)->reason, "sk-") != NULL ||
		    strstr(raid_wire_reply(w)->reason, "1234") != NULL ||
		    strncmp(raid_wire_reply(w)->reason, "401 ", 4) != 0)
			fail_msg("%s: %s", body, raid_wire_reply(w)->reason);
		raid_wire_free(w);
	}
}

static void
test_after(void **state)
{
	static const struct {
		const char *headers;
		double after;
	} cases[] = { { "", -1 }, { "Retry-After: 30\r\n", 30 },
		{ "retry-after: 0.25\n", 0.25 }, { "retry-after:7\n", 7 },
		{ "retry-after: -5\n", -1 }, { "retry-after: soon\n", -1 },
		{ "retry-after: nan\n", -1 }, { "retry-after: 1e999\n", -1 },
		{ "retry-after: \n", -1 },
		{ "retry-after-ms: 250\nretry-after: 9\n", 0.25 },
		{ "retry-after-ms: x\nretry-after: 9\n", 9 },
		{ "Date: Wed, 21 Oct 2026 07:28:00 GMT\n"
		    "Retry-After: Wed, 21 Oct 2026 07:29:30 GMT\n", 90 },
		{ "Retry-After: Wednesday, 21-Oct-26 07:29:30 GMT\n"
		    "Date: Wed Oct 21 07:28:00 2026\n", 90 },
		{ "Date: Wed, 21 Oct 2026 07:28:00 GMT\n"
		    "Retry-After: Wed, 21 Oct 2026 07:27:00 GMT\n", -1 },
		{ "Retry-After: Wed, 21 Foo 2026 07:27:00 GMT\n", -1 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\n", -1 } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire *w = raid_wire_new(OPENAI);
		double after;

		raid_wire_status(w, 503);
		feed_headers(w, cases[i].headers);
		raid_wire_end(w, NULL);
		after = raid_wire_reply(w)->retry_after;
		if (after != cases[i].after)
			fail_msg("%s: %g", cases[i].headers, after);
		raid_wire_free(w);
	}
}

static void
test_limits(void **state)
{
	static const struct {
		const char *headers;
		int status;
		struct raid_wire_limits l;
	} cases[] = { { "", 200, { -1, -1, -1, -1 } },
		{ "x-ratelimit-remaining-requests: 59\n"
		    "x-ratelimit-reset-requests: 1h2m3.5s\n"
		    "x-ratelimit-remaining-tokens: 149984\n"
		    "x-ratelimit-reset-tokens: 17ms\n", 200,
		    { 59, 149984, 3723.5, 0.017 } },
		{ "X-RateLimit-Remaining-Requests: 1\n"
		    "X-RateLimit-Reset-Requests: 6m0s\n"
		    "x-ratelimit-remaining-tokens: 5\n"
		    "x-ratelimit-reset-tokens: 12\n", 429,
		    { 1, 5, 360, 12 } },
		/* Azure, which does not know. */
		{ "x-ratelimit-remaining-requests: -1\n"
		    "x-ratelimit-remaining-tokens: 0\n", 200,
		    { -1, -1, -1, -1 } },
		{ "x-ratelimit-remaining-requests: 0\n", 429,
		    { 0, -1, -1, -1 } },
		{ "x-ratelimit-remaining-tokens: 3\n"
		    "x-ratelimit-reset-tokens: 5parsecs\n", 200,
		    { -1, 3, -1, -1 } },
		{ "date: Sat, 21 Nov 2026 14:05:30 GMT\n"
		    "anthropic-ratelimit-requests-remaining: 999\n"
		    "anthropic-ratelimit-requests-reset: 2026-11-21T14:05:31Z\n"
		    "anthropic-ratelimit-input-tokens-remaining: 50000\n"
		    "anthropic-ratelimit-input-tokens-reset: "
		    "2026-11-21T14:06:30.5Z\n"
		    "anthropic-ratelimit-output-tokens-remaining: 400\n"
		    "anthropic-ratelimit-output-tokens-reset: "
		    "2026-11-21T15:07:30+01:00\n"
		    "anthropic-ratelimit-tokens-remaining: 60000\n"
		    "anthropic-ratelimit-tokens-reset: "
		    "2026-11-21T14:05:30Z\n", 200, { 999, 400, 1, 120 } } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire *w = raid_wire_new(OPENAI);
		const struct raid_wire_limits *a, *b = &cases[i].l;

		raid_wire_status(w, cases[i].status);
		feed_headers(w, cases[i].headers);
		raid_wire_end(w, NULL);
		a = &raid_wire_reply(w)->limits;
		if (a->requests != b->requests || a->tokens != b->tokens ||
		    a->requests_reset != b->requests_reset ||
		    a->tokens_reset != b->tokens_reset)
			fail_msg("%s: %lld %lld %g %g", cases[i].headers,
			    a->requests, a->tokens, a->requests_reset,
			    a->tokens_reset);
		raid_wire_free(w);
	}
}

/* What the answer says of its cost counts more than a header. */
static void
test_cost(void **state)
{
	static const struct {
		const char *headers, *usage;
		double cost;
	} cases[] = { { "", "", -1 },
		{ "x-litellm-response-cost: 1.25e-05\n", "", 1.25e-05 },
		{ "x-litellm-response-cost: 0.0\n", "", -1 },
		{ "x-litellm-response-cost: 0.5\n", ",\"cost\":0.25", 0.25 },
		{ "", ",\"cost\":0", 0 }, { "", ",\"cost\":-1", -1 },
		{ "", ",\"cost\":\"1\"", -1 },
		{ "", ",\"cost_in_usd_ticks\":20000000000", 2 } };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire *w = raid_wire_new(OPENAI);
		char *s = raid_strf("{\"choices\":[{\"message\":{\"content\":"
		    "\"x\"},\"finish_reason\":\"stop\"}],\"usage\":"
		    "{\"prompt_tokens\":1,\"completion_tokens\":1%s}}",
		    cases[i].usage);
		double cost;

		raid_wire_status(w, 200);
		feed_headers(w, cases[i].headers);
		raid_wire_feed(w, s, strlen(s));
		raid_wire_end(w, NULL);
		cost = raid_wire_reply(w)->usage.cost;
		if (cost < cases[i].cost - 1e-15 ||
		    cost > cases[i].cost + 1e-15)
			fail_msg("%s%s: %g", cases[i].headers, cases[i].usage,
			    cost);
		raid_wire_free(w);
		free(s);
	}
}

/* Counts that no server should send. */
static void
test_counts(void **state)
{
	static const struct {
		enum raid_provider p;
		const char *usage;
		struct raid_usage u;
	} cases[] = {
	{ OPENAI, "{\"prompt_tokens\":5,\"completion_tokens\":-7,"
		"\"prompt_tokens_details\":{\"cached_tokens\":9}}",
		{ 0, 9, 0, 0, 0, -1, -1 } },
	{ OPENAI, "{\"prompt_tokens\":1e300,\"completion_tokens\":\"3\"}",
		{ -1, -1, -1, -1, -1, -1, -1 } },
	{ OPENAI, "{\"prompt_tokens\":null,\"completion_tokens\":3,"
		"\"prompt_tokens_details\":null}", { -1, 0, 0, 0, 3, -1, -1 } },
	{ OPENAI, "{\"prompt_tokens\":7,\"total_tokens\":10}",
		{ 7, 0, 0, 0, 3, -1, -1 } },
	{ OPENAI, "[]", { -1, -1, -1, -1, -1, -1, -1 } },
	{ GEMINI, "{\"promptTokenCount\":3,\"cachedContentTokenCount\":8}",
		{ 0, 8, 0, 0, 0, 0, -1 } },
	{ ANTHROPIC, "{\"input_tokens\":-1,\"output_tokens\":2,"
		"\"cache_creation\":{\"ephemeral_5m_input_tokens\":4,"
		"\"ephemeral_1h_input_tokens\":5}}", { 0, 0, 9, 5, 2, -1, -1 } }
	};
	static const char *const around[] = { "{\"choices\":[],\"usage\":%s}",
		"{\"type\":\"message\",\"content\":[],\"usage\":%s}",
		"{\"usageMetadata\":%s}" };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_wire *w = raid_wire_new(cases[i].p);
		const struct raid_usage *a = &raid_wire_reply(w)->usage;
		const struct raid_usage *b = &cases[i].u;
		const char *frame = around[cases[i].p - OPENAI];
		char *s = raid_strf("%.*s%s}", (int)strcspn(frame, "%"),
		    frame, cases[i].usage);

		raid_wire_feed(w, s, strlen(s));
		raid_wire_end(w, NULL);
		if (a->input != b->input || a->cache_read != b->cache_read ||
		    a->cache_write != b->cache_write ||
		    a->cache_write_1h != b->cache_write_1h ||
		    a->output != b->output || a->reasoning != b->reasoning)
			fail_msg("%s: %lld %lld %lld %lld %lld %lld",
			    cases[i].usage, a->input, a->cache_read,
			    a->cache_write, a->cache_write_1h, a->output,
			    a->reasoning);
		raid_wire_free(w);
		free(s);
	}
}

static void
test_retry(void **state)
{
	static const struct {
		int status;
		enum raid_retry retry;
	} statuses[] = { { 0, YES }, { 400, NO }, { 401, KEY }, { 402, QUOTA },
		{ 403, KEY }, { 404, NO }, { 408, YES }, { 409, YES },
		{ 413, NO }, { 422, NO }, { 429, YES }, { 500, YES },
		{ 502, YES }, { 503, YES }, { 529, YES } };

	(void)state;
	for (size_t i = 0; i < LEN(statuses); i++)
		assert_int_equal(raid_retry_status(statuses[i].status),
		    statuses[i].retry);
	assert_true(raid_retry_again(YES, 1) && raid_retry_again(YES, 2));
	assert_false(raid_retry_again(YES, 3));
	assert_false(raid_retry_again(NO, 1) || raid_retry_again(KEY, 1) ||
	    raid_retry_again(QUOTA, 1));
	assert_true(raid_retry_delay(1, -1, 0) == 0.5);
	assert_true(raid_retry_delay(1, -1, 1) == 0.375);
	assert_true(raid_retry_delay(2, -1, 0) == 1);
	assert_true(raid_retry_delay(4, 0, 0) == 4);
	assert_true(raid_retry_delay(5, -1, 0) == 8);
	assert_true(raid_retry_delay(1000000, -1, 0) == 8);
	assert_true(raid_retry_delay(3, 17, 1) == 17);
	assert_true(raid_retry_delay(1, 60, 1) == 60);
	assert_true(raid_retry_delay(1, 60.1, 0) == 0.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_long_error),
		cmocka_unit_test(test_no_error),
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_hide),
		cmocka_unit_test(test_after),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_retry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
