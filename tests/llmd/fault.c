/* SPDX-License-Identifier: ISC */
/* Errors, in the words of each API. */
#include "llmd.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct fault {
	int status;
	const char *name, *openai, *code, *anthropic, *gemini;
} faults[] = {
	{ 200, "OK", "server_error", NULL, "api_error", "INTERNAL" },
	{ 307, "Temporary Redirect", "server_error", NULL, "api_error",
	  "INTERNAL" },
	{ 400, "Bad Request", "invalid_request_error", NULL,
	  "invalid_request_error", "INVALID_ARGUMENT" },
	{ 401, "Unauthorized", "invalid_request_error", "invalid_api_key",
	  "authentication_error", "UNAUTHENTICATED" },
	{ 402, "Payment Required", "invalid_request_error",
	  "insufficient_balance", "billing_error", "FAILED_PRECONDITION" },
	{ 403, "Forbidden", "invalid_request_error", "forbidden",
	  "permission_error", "PERMISSION_DENIED" },
	{ 404, "Not Found", "invalid_request_error", "model_not_found",
	  "not_found_error", "NOT_FOUND" },
	{ 408, "Request Timeout", "server_error", NULL, "timeout_error",
	  "DEADLINE_EXCEEDED" },
	{ 409, "Conflict", "server_error", NULL, "conflict_error", "ABORTED" },
	{ 413, "Content Too Large", "invalid_request_error",
	  "context_length_exceeded", "request_too_large", "INVALID_ARGUMENT" },
	{ 422, "Unprocessable Content", "invalid_request_error", NULL,
	  "invalid_request_error", "INVALID_ARGUMENT" },
	{ 429, "Too Many Requests", "requests", "rate_limit_exceeded",
	  "rate_limit_error", "RESOURCE_EXHAUSTED" },
	{ 500, "Internal Server Error", "server_error", NULL, "api_error",
	  "INTERNAL" },
	{ 502, "Bad Gateway", "server_error", NULL, "api_error", "INTERNAL" },
	{ 503, "Service Unavailable", "server_error", NULL, "overloaded_error",
	  "UNAVAILABLE" },
	{ 504, "Gateway Timeout", "server_error", NULL, "timeout_error",
	  "DEADLINE_EXCEEDED" },
	{ 529, "Overloaded", "server_error", NULL, "overloaded_error",
	  "UNAVAILABLE" },
};

/* Of a status that the table does not have, the one below it. */
static const struct fault *
find(int status)
{
	size_t i = sizeof(faults) / sizeof(*faults) - 1;

	while (i > 0 && faults[i].status > status)
		i--;
	return &faults[i];
}

const char *
fault_name(int status)
{
	return find(status)->name;
}

static void
openai(const struct ask *a, struct raid_buf *b, const struct fault *f)
{
	if (is(a, W_vendor, "openrouter")) {
		raid_buf_printf(b, ",\"code\":%d,\"metadata\":{}", f->status);
		return;
	}
	if (has(a, W_quota)) {
		raid_buf_puts(b, ",\"type\":\"insufficient_quota\",\"param\":"
		    "null,\"code\":\"insufficient_quota\"");
		return;
	}
	raid_buf_printf(b, ",\"type\":\"%s\",\"param\":null,\"code\":",
	    f->openai);
	if (is(a, W_vendor, "vllm"))
		raid_buf_printf(b, "%d", f->status);
	else if (is(a, W_vendor, "litellm"))
		raid_buf_printf(b, "\"%d\"", f->status);
	else if (f->code != NULL)
		raid_buf_printf(b, "\"%s\"", f->code);
	else
		raid_buf_puts(b, "null");
}

static void
gemini(const struct ask *a, struct raid_buf *b, const struct fault *f)
{
	const char *type = "\"@type\": \"type.googleapis.com/google.rpc.";
	const char *wait = a->how.s[W_retryafter];

	raid_buf_printf(b, ",\n    \"code\": %d,\n    \"status\": \"%s\",\n"
	    "    \"details\": [", f->status, f->gemini);
	if (f->status == 429)
		raid_buf_printf(b, "{%sQuotaFailure\", \"violations\": [{"
		    "\"quotaId\": \"GenerateRequestsPer%sPerProjectPerModel\""
		    "}]}", type, has(a, W_quota) ? "Day" : "Minute");
	if (f->status == 429 && wait != NULL)
		raid_buf_printf(b, ", {%sRetryInfo\", \"retryDelay\": \"%ss\"}",
		    type, wait);
	if (f->status == 400 && has(a, W_key))
		raid_buf_printf(b, "{%sErrorInfo\", \"reason\": "
		    "\"API_KEY_INVALID\"}", type);
	raid_buf_puts(b, "]");
}

static void
say_fault(const struct ask *a, struct raid_buf *b, int status,
    const char *message)
{
	struct fault f = *find(status);
	struct raid_buf text;

	f.status = status;
	raid_buf_init(&text, BIG);
	raid_buf_puts(&text, a->how.s[W_says] != NULL ? a->how.s[W_says] :
	    message != NULL ? message : f.name);
	if (has(a, W_leak))
		raid_buf_printf(&text, ": the key %s", a->key);
	if (a->api == OLLAMA) {
		raid_buf_puts(b, "{\"error\":");
		say_quoted(a, b, raid_buf_str(&text));
		raid_buf_puts(b, "}");
	} else if (a->api == ANTHROPIC) {
		raid_buf_printf(b, "{\"type\":\"error\",\"error\":{\"type\":"
		    "\"%s\",\"message\":", f.anthropic);
		say_quoted(a, b, raid_buf_str(&text));
		if (has(a, W_quota))
			raid_buf_puts(b, ",\"details\":{\"error_code\":"
			    "\"enforced_spend_limit_reached\"}");
		raid_buf_printf(b, "},\"request_id\":\"req_%06lld\"}", a->id);
	} else {
		raid_buf_puts(b, a->api == GEMINI ?
		    "{\n  \"error\": {\n    \"message\": " :
		    "{\"error\":{\"message\":");
		say_quoted(a, b, raid_buf_str(&text));
		if (a->api == GEMINI)
			gemini(a, b, &f);
		else
			openai(a, b, &f);
		raid_buf_puts(b, a->api == GEMINI ? "\n  }\n}\n" : "}}");
	}
	raid_buf_free(&text);
}

void
fault_json(const struct ask *a, struct raid_buf *b, int status)
{
	say_fault(a, b, status, NULL);
}

/* When to come again, in headers; the gemini API has none. */
static void
retry_headers(struct ask *a)
{
	char date[64];
	time_t t = time(NULL) + (time_t)num(a, W_retrydate, 0);
	struct tm tm;

	if (has(a, W_retryafter) && a->api != GEMINI)
		raid_buf_printf(&a->head, "retry-after: %s\r\n",
		    a->how.s[W_retryafter]);
	if (has(a, W_retryafterms))
		raid_buf_printf(&a->head, "retry-after-ms: %s\r\n",
		    a->how.s[W_retryafterms]);
	if (has(a, W_retrydate) && gmtime_r(&t, &tm) != NULL && strftime(date,
	    sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm) > 0)
		raid_buf_printf(&a->head, "retry-after: %s\r\n", date);
	if (has(a, W_shouldretry))
		raid_buf_printf(&a->head, "x-should-retry: %s\r\n",
		    a->how.s[W_shouldretry]);
}

void
fault(struct ask *a, int status, const char *message)
{
	a->status = status;
	a->frame = FIXED;
	a->phase = START;
	a->type = "application/json";
	raid_buf_reset(&a->made);
	retry_headers(a);
	if (has(a, W_html)) {
		a->type = "text/html; charset=utf-8";
		raid_buf_printf(&a->made, "<!DOCTYPE html>\n<html><head><title>"
		    "%d %s</title></head>\n<body><center><h1>%d %s</h1>"
		    "</center><hr>cloud</body></html>\n", status,
		    fault_name(status), status, fault_name(status));
		return;
	}
	if (has(a, W_empty))
		return;
	if (has(a, W_jsonarray))
		raid_buf_puts(&a->made, "[");
	say_fault(a, &a->made, status, message);
	if (has(a, W_jsonarray))
		raid_buf_puts(&a->made, "]\n");
}
