/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "array/wire_priv.h"
#include "base/utf8.h"

#define SAID_MAX 300		/* bytes of a server's own words */
#define RAW_MAX 100		/* of what is no error of the vendor's form */
#define NESTED_MAX 4

/* What an error says of itself. */
struct said {
	const char *word;	/* its kind, as the server names it; "" */
	const char *message;	/* "" */
	char *owned;		/* what message points into, or NULL */
	int status;		/* as HTTP has it; 0 if it says none */
	double after;		/* seconds; < 0 */
	int quota, key, refused;
	int raw;
};

static int
has_key(const char *p, const char *key)
{
	size_t n = key != NULL ? strlen(key) : 0;

	/* A word this short would hide what it is not. */
	return n >= 4 && strncmp(p, key, n) == 0;
}

/* Text of anybody on one line: blanks folded, what is no UTF-8 left out, the
 * key hidden. */
static void
clean(struct raid_buf *b, const char *text, const char *key)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len = strlen(text), i = 0, n;
	uint32_t c;

	for (; i < len; i += n) {
		n = 1;
		if (has_key(text + i, key)) {
			raid_buf_puts(b, "[key]");
			n = strlen(key);
		} else if ((n = raid_utf8_next(p + i, len - i, &c)) == 0) {
			n = 1;
		} else if (c > ' ' && c != 0x7f && (c < 0x80 || c > 0x9f)) {
			raid_buf_add(b, p + i, n);
		} else if (b->len > 0 && b->p[b->len - 1] != ' ') {
			raid_buf_addc(b, ' ');
		}
	}
	while (b->len > 0 && b->p[b->len - 1] == ' ')
		b->p[--b->len] = '\0';
}

/* At most size - 1 bytes of it, whole characters. */
static void
copy_whole(char *out, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size) {
		for (n = size - 1; n > 0 && ((unsigned char)s[n] & 0xc0) ==
		    0x80; n--)
			continue;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

void
raid_wire_reason(struct raid_wire *w, const char *fmt, ...)
{
	struct raid_buf line;
	va_list ap;
	char *s = NULL;

	raid_buf_init(&line, SIZE_MAX / 4);
	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) >= 0) {
		clean(&line, s, w->key);
		copy_whole(w->r.reason, sizeof(w->r.reason),
		    raid_buf_str(&line));
		free(s);
	}
	va_end(ap);
	raid_buf_free(&line);
}

int
raid_wire_is_error(const struct raid_json *j)
{
	const struct raid_json *e = raid_json_get(j, "error");
	const char *s = raid_json_text(e);

	if (strcmp(raid_json_str(j, "object", ""), "error") == 0 ||
	    strcmp(raid_json_str(j, "type", ""), "error") == 0)
		return 1;
	if (s != NULL)
		return *s != '\0';
	/* null, false and 0 say that there is none. */
	return raid_json_is_object(e) || raid_json_is_array(e) ||
	    raid_json_true(e) || raid_json_number(e) != 0;
}

/* The words of an error, wherever they are. */
static void
find_message(struct said *s, const struct raid_json *e, int nested)
{
	static const char *const keys[] = { "message", "msg", "detail",
		"error", "errors", "error_description", "title" };

	if (raid_json_is_string(e)) {
		s->message = raid_json_text(e);
		return;
	}
	if (raid_json_is_array(e) && nested > 0) {
		find_message(s, raid_json_first(e), nested - 1);
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && nested > 0 &&
	    *s->message == '\0'; i++)
		find_message(s, raid_json_get(e, keys[i]), nested - 1);
}

/* A status of HTTP, which some write as a number and some as a string. */
static int
status_of(const struct raid_json *j)
{
	const char *s = raid_json_text(j);
	long v = s != NULL ? strtol(s, NULL, 10) : 0;
	double d = raid_json_number(j);

	if (s == NULL && d >= 100 && d < 600)
		v = (long)d;
	return v >= 100 && v < 600 && (s == NULL || strlen(s) == 3) ? (int)v :
	    0;
}

static void
find_word(struct said *s, const struct raid_json *e)
{
	static const char *const keys[] = { "code", "status", "type" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct raid_json *v = raid_json_get(e, keys[i]);
		const char *word = raid_json_text(v);
		int status = status_of(v);

		if (s->status == 0)
			s->status = status;
		if (word != NULL && *s->word == '\0' && status == 0 &&
		    strcmp(word, "error") != 0)
			s->word = word;
	}
}

static int
is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(word, *list) == 0)
			return 1;
	return 0;
}

/* What the words of an error mean where its status does not tell. */
static void
judge_word(struct said *s, const char *word)
{
	static const char *const quota[] = { "insufficient_quota",
		"billing_error", "insufficient_balance", NULL };
	static const char *const key[] = { "authentication_error",
		"permission_error", "invalid_api_key", "UNAUTHENTICATED",
		"PERMISSION_DENIED", "API_KEY_INVALID", NULL };
	static const char *const refused[] = { "content_filter",
		"content_policy_violation", "ResponsibleAIPolicyViolation",
		NULL };
	static const struct {
		const char *word;
		int status;
	} as[] = { { "overloaded_error", 529 }, { "overloaded", 529 },
		{ "rate_limit_error", 429 }, { "rate_limit_exceeded", 429 },
		{ "RESOURCE_EXHAUSTED", 429 }, { "UNAVAILABLE", 503 },
		{ "timeout_error", 504 }, { "api_error", 500 },
		{ "server_error", 500 }, { "INTERNAL", 500 },
		{ "invalid_request_error", 400 }, { "INVALID_ARGUMENT", 400 },
		{ "FAILED_PRECONDITION", 400 }, { "BadRequestError", 400 },
		{ "context_length_exceeded", 400 },
		{ "not_found_error", 404 }, { "NOT_FOUND", 404 },
		{ "NotFoundError", 404 }, { "model_not_found", 404 },
		{ "request_too_large", 413 } };

	if (is_one_of(word, quota) || strncasecmp(word, "billing_", 8) == 0 ||
	    strstr(word, "spend_limit") != NULL)
		s->quota = 1;
	s->key |= is_one_of(word, key);
	s->refused |= is_one_of(word, refused);
	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]) && s->status == 0;
	    i++)
		if (strcasecmp(word, as[i].word) == 0)
			s->status = as[i].status;
}

/* "limit: 0" of Gemini: this project has no quota at all. */
static int
limit_is_zero(const char *s)
{
	const char *at = s;

	while ((at = strstr(at, "limit: 0")) != NULL) {
		at += 8;
		if (!isdigit((unsigned char)*at) && *at != '.')
			return 1;
	}
	return 0;
}

/* One of the details of google.rpc.Status. */
static void
read_detail(struct said *s, const struct raid_json *d)
{
	const char *type = raid_json_str(d, "@type", "");
	const char *delay = raid_json_str(d, "retryDelay", "");
	const struct raid_json *v = raid_json_first(raid_json_get(d,
	    "violations"));
	char *end;
	double after = strtod(delay, &end);

	if (strstr(type, "RetryInfo") != NULL && after > 0 && after < 1e9 &&
	    strcmp(end, "s") == 0)
		s->after = after;
	judge_word(s, raid_json_str(d, "reason", ""));
	for (; v != NULL; v = raid_json_next(v))
		if (strstr(raid_json_str(v, "quotaId", ""), "PerDay") !=
		    NULL || strcmp(raid_json_str(v, "quotaValue", ""), "0") ==
		    0)
			s->quota = 1;
}

static void
read_details(struct said *s, const struct raid_json *e)
{
	const struct raid_json *d = raid_json_get(e, "details");
	const struct raid_json *meta = raid_json_get(e, "metadata");
	const struct raid_json *inner = raid_json_get(e, "innererror");

	if (raid_json_is_array(d))
		for (d = raid_json_first(d); d != NULL; d = raid_json_next(d))
			read_detail(s, d);
	else
		judge_word(s, raid_json_str(d, "error_code", ""));
	judge_word(s, raid_json_str(inner, "code", ""));
	/* OpenRouter: who moderated, or what the one behind it said. */
	if (raid_json_get(meta, "flagged_input") != NULL)
		s->refused = 1;
	if (raid_json_text(raid_json_get(meta, "raw")) != NULL) {
		free(s->owned);
		s->owned = raid_strf("%s: %s", s->message,
		    raid_json_str(meta, "raw", ""));
		s->message = s->owned;
	}
}

static void
read_error(struct said *s, const struct raid_json *j)
{
	const struct raid_json *e = raid_json_get(j, "error");

	*s = (struct said){ .word = "", .message = "", .after = -1 };
	if (!raid_json_is_object(e))
		e = j;
	find_message(s, e, NESTED_MAX);
	find_word(s, e);
	if (e != j && *s->word == '\0')
		find_word(s, j);
	judge_word(s, s->word);
	judge_word(s, raid_json_str(e, "type", ""));
	judge_word(s, raid_json_str(e, "status", ""));
	read_details(s, e);
	if (limit_is_zero(s->message) ||
	    strstr(s->message, "credit balance is too low") != NULL)
		s->quota = 1;
}

static enum raid_retry
judge(const struct raid_wire *w, const struct said *s)
{
	int status = !raid_wire_ok(w) ? w->r.status : s->status;

	if (s->quota)
		return RAID_RETRY_QUOTA;
	if (s->refused)
		return RAID_RETRY_NO;
	if (w->h.should_retry >= 0 && !raid_wire_ok(w))
		return w->h.should_retry ? RAID_RETRY_YES :
		    raid_retry_status(status) == RAID_RETRY_YES ?
		    RAID_RETRY_NO : raid_retry_status(status);
	if (s->key)
		return RAID_RETRY_KEY;
	/* Amid a stream it is the server that is at fault, unless it says
	 * something else: 0 stands for that. */
	return raid_retry_status(status);
}

static void
set_failed(struct raid_wire *w, const struct said *s)
{
	w->failed = 1;
	w->r.retry = judge(w, s);
	w->r.retry_after = raid_wire_headers_after(&w->h);
	if (w->r.retry_after < 0)
		w->r.retry_after = s->after;
	if (s->refused)
		w->finish = RAID_FINISH_REFUSED;
	raid_wire_stop(w);
}

/* "429 rate_limit_error: Slow down", "error in the answer: Overloaded". */
static void
set_reason(struct raid_wire *w, const char *where, const struct said *s)
{
	struct raid_buf said;
	char begin[160];

	/* The key goes first: a cut might leave half of it. */
	raid_buf_init(&said, SIZE_MAX / 4);
	clean(&said, s->message, w->key);
	if (said.len == 0 && *s->word == '\0')
		raid_buf_puts(&said, "no reason given");
	(void)snprintf(begin, sizeof(begin), "%d ", w->r.status);
	if (raid_wire_ok(w))
		(void)snprintf(begin, sizeof(begin), "%s: ", where);
	else if (raid_str_starts(raid_buf_str(&said), begin))
		/* "502 Bad Gateway", as pages have it in their titles. */
		begin[0] = '\0';
	raid_wire_reason(w, "%s%s%s%.*s", begin, s->word, *s->word != '\0' &&
	    said.len > 0 ? ": " : "", s->raw ? RAW_MAX : SAID_MAX,
	    raid_buf_str(&said));
	raid_buf_free(&said);
}

void
raid_wire_error(struct raid_wire *w, const struct raid_json *j)
{
	struct said s;

	if (w->failed)
		return;
	read_error(&s, j);
	set_failed(w, &s);
	set_reason(w, "error in the answer", &s);
	free(s.owned);
}

/* The title of a page, or what stands between its tags. */
static void
page_text(struct raid_buf *b, const char *s)
{
	const char *title = strcasestr(s, "<title"), *end;

	title = title != NULL ? strchr(title, '>') : NULL;
	end = title != NULL ? strchr(title, '<') : NULL;
	if (end != NULL && end - title > 1) {
		raid_buf_add(b, title + 1, (size_t)(end - title - 1));
		return;
	}
	while (*s != '\0') {
		size_t n = strcspn(s, "<");

		raid_buf_add(b, s, n);
		raid_buf_addc(b, ' ');
		s += n;
		s += strcspn(s, ">");
		s += *s != '\0';
	}
}

static void
fail_by_text(struct raid_wire *w, const char *where, const void *p, size_t len)
{
	struct said s = { .word = "", .after = -1, .raw = 1 };
	struct raid_buf raw, text;
	const char *t;

	raid_buf_init(&raw, SIZE_MAX / 4);
	raid_buf_init(&text, SIZE_MAX / 4);
	raid_buf_add(&raw, p, len);
	t = raid_buf_str(&raw);
	if (t[strspn(t, " \t\r\n")] == '<') {
		page_text(&text, t);
		t = raid_buf_str(&text);
	}
	s.message = t;
	set_failed(w, &s);
	set_reason(w, where, &s);
	raid_buf_free(&text);
	raid_buf_free(&raw);
}

void
raid_wire_error_text(struct raid_wire *w, const void *p, size_t len)
{
	if (!w->failed)
		fail_by_text(w, "error in the answer", p, len);
}

void
raid_wire_error_body(struct raid_wire *w)
{
	const char *s = raid_buf_str(&w->head);
	char where[128];

	if (w->failed)
		return;
	if (s[strspn(s, " \t\r\n")] == '\0') {
		fail_by_text(w, "no answer", !raid_wire_ok(w) ? "" :
		    "it is empty", !raid_wire_ok(w) ? 0 : 11);
		return;
	}
	if (raid_str_starts(w->h.type, "text/event-stream"))
		(void)snprintf(where, sizeof(where), "no event came whole");
	else
		(void)snprintf(where, sizeof(where), "no answer of a model, "
		    "but %s", *w->h.type != '\0' ? w->h.type :
		    "something else");
	fail_by_text(w, where, w->head.p, w->head.len);
}
