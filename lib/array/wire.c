/* SPDX-License-Identifier: ISC */
#include "array/wire.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "array/wire_priv.h"
#include "base/clock.h"
#include "base/mem.h"

#define MAX_DEFAULT ((size_t)8 << 20)
#define HEAD_MAX 2048
#define ERROR_MAX ((size_t)1 << 20)

/* JSON may write a character of two bytes as six. */
#define EVENT_MAX(max) ((max) / 2 * 6 + ((size_t)1 << 20))

static void on_event(void *, const struct raid_sse_event *);

static void
set_max(struct raid_wire *w, size_t max)
{
	if (max > SIZE_MAX / 64)
		max = SIZE_MAX / 64;
	w->max = max;
	w->r.text.max = w->r.reasoning.max = max;
	/* Its quotes are escaped, and there are names around. */
	w->r.tools.max = EVENT_MAX(max);
	w->sse.line.max = w->sse.data.max = EVENT_MAX(max);
}

struct raid_wire *
raid_wire_new(enum raid_provider p)
{
	struct raid_wire *w = raid_calloc(1, sizeof(*w));

	w->kind = p;
	raid_buf_init(&w->r.text, MAX_DEFAULT);
	raid_buf_init(&w->r.reasoning, MAX_DEFAULT);
	raid_buf_init(&w->r.tools, MAX_DEFAULT);
	raid_buf_init(&w->head, HEAD_MAX);
	raid_sse_init(&w->sse, MAX_DEFAULT, on_event, w);
	raid_wire_headers_init(&w->h);
	set_max(w, MAX_DEFAULT);
	w->r.usage = (struct raid_usage){ -1, -1, -1, -1, -1, -1, -1 };
	w->r.limits = (struct raid_wire_limits){ -1, -1, -1, -1 };
	w->r.retry_after = -1;
	w->r.answer = RAID_ANSWER_FAILED;
	return w;
}

static void
hide_free(struct raid_wire *w)
{
	if (w->key != NULL)
		explicit_bzero(w->key, strlen(w->key));
	free(w->key);
}

void
raid_wire_free(struct raid_wire *w)
{
	if (w == NULL)
		return;
	hide_free(w);
	raid_buf_free(&w->r.text);
	raid_buf_free(&w->r.reasoning);
	raid_buf_free(&w->r.tools);
	raid_buf_free(&w->head);
	free(w->r.raw_usage);
	raid_json_free(w->usage_event);
	raid_wire_tools_free(w);
	raid_sse_free(&w->sse);
	free(w);
}

void
raid_wire_max(struct raid_wire *w, size_t bytes)
{
	set_max(w, bytes);
}

void
raid_wire_hide(struct raid_wire *w, const char *key)
{
	hide_free(w);
	w->key = key != NULL ? raid_strdup(key) : NULL;
}

void
raid_wire_status(struct raid_wire *w, int http_status)
{
	w->r.status = http_status;
	raid_wire_headers_init(&w->h);
}

void
raid_wire_header(struct raid_wire *w, const char *line, size_t len)
{
	raid_wire_headers_line(&w->h, line, len);
}

const struct raid_reply *
raid_wire_reply(const struct raid_wire *w)
{
	return &w->r;
}

void
raid_wire_stop(struct raid_wire *w)
{
	w->stopped = 1;
	w->r.done = 1;
	raid_sse_stop(&w->sse);
}

/* Append as much as fits, in whole characters. */
static void
append(struct raid_wire *w, struct raid_buf *b, const char *s)
{
	size_t len = strlen(s), room = b->max - b->len;

	if (len > room) {
		for (len = room; len > 0 && ((unsigned char)s[len] & 0xc0) ==
		    0x80; len--)
			continue;
		w->flood = 1;
		raid_wire_stop(w);
	}
	raid_buf_add(b, s, len);
}

void
raid_wire_text(struct raid_wire *w, const char *s)
{
	append(w, &w->r.text, s);
}

void
raid_wire_reasoning(struct raid_wire *w, const char *s)
{
	append(w, &w->r.reasoning, s);
}

/* A name for people, which stands in lines of theirs. */
static void
set_name(char *out, size_t size, const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < size; s++)
		if (*s > ' ' && *s <= '~')
			out[n++] = *s;
	out[n] = '\0';
}

void
raid_wire_model(struct raid_wire *w, const char *model)
{
	if (*model != '\0' && !w->mended)
		set_name(w->r.model, sizeof(w->r.model), model);
}

void
raid_wire_finished(struct raid_wire *w, const char *word,
    enum raid_wire_finish f)
{
	if (*word == '\0' || w->mended)
		return;
	set_name(w->r.finish, sizeof(w->r.finish), word);
	w->finish = f;
}

void
raid_wire_terminal(struct raid_wire *w)
{
	if (!w->mended)
		w->terminal = 1;
}

int
raid_wire_ok(const struct raid_wire *w)
{
	return w->r.status == 0 || (w->r.status >= 200 && w->r.status < 300);
}

static void
take_object(struct raid_wire *w, const struct raid_json *j, const char *name)
{
	if (!raid_wire_ok(w) || raid_wire_is_error(j) ||
	    strcmp(name, "error") == 0) {
		raid_wire_error(w, j);
		return;
	}
	switch (w->kind) {
	case RAID_PROVIDER_ANTHROPIC:
		raid_wire_anthropic(w, j);
		break;
	case RAID_PROVIDER_GEMINI:
		raid_wire_gemini(w, j);
		break;
	case RAID_PROVIDER_OLLAMA:
		raid_wire_ollama(w, j);
		break;
	default:
		raid_wire_openai(w, j);
	}
}

/* An event that nobody can read may have been text: what follows would not
 * fit to what came. */
static void
set_fault(struct raid_wire *w, const struct raid_err *err)
{
	w->fault = 1;
	raid_wire_reason(w, "an event of the answer cannot be read: %s",
	    err->msg);
	raid_wire_stop(w);
}

static void
take_json(struct raid_wire *w, const struct raid_sse_event *e,
    const unsigned char *p, size_t len)
{
	/* Parts of gemini say only behind their text whether they are
	 * thoughts: half of one that streams is of no use.  Of a whole answer
	 * it may be all the text there is. */
	int may_mend = e->cut && (w->kind != RAID_PROVIDER_GEMINI ||
	    e->kind == RAID_SSE_BARE);
	struct raid_err err;
	struct raid_json *j;
	const struct raid_json *v;

	w->bare = e->kind == RAID_SSE_BARE;
	w->mended = w->keep = 0;
	j = raid_wire_json(p, len, may_mend ? &w->mended : NULL, &err);
	w->half |= w->mended;
	if (raid_json_is_object(j)) {
		take_object(w, j, e->name);
	} else if (raid_json_is_array(j)) {
		for (v = raid_json_first(j); v != NULL && !w->r.done;
		    v = raid_json_next(v))
			if (raid_json_is_object(v))
				take_object(w, v, e->name);
	} else if (strcmp(e->name, "error") == 0) {
		raid_wire_error_text(w, p, len);
	} else if (e->cut) {
		w->half = w->fault = 1;
	} else if (raid_wire_ok(w)) {
		if (j != NULL)
			(void)raid_fail(&err, RAID_EDATA, "no object");
		set_fault(w, &err);
	}
	if (!w->keep) {
		raid_json_free(j);
		return;
	}
	raid_json_free(w->usage_event);
	w->usage_event = j;
}

static void
on_event(void *arg, const struct raid_sse_event *e)
{
	struct raid_wire *w = arg;
	const unsigned char *p = e->p;
	size_t len = e->len;

	while (len > 0 && isspace(*p)) {
		p++;
		len--;
	}
	if (len == 0) {
		/* An array that was not closed. */
		w->fault |= e->cut && e->kind == RAID_SSE_BARE;
		return;
	}
	if (e->kind == RAID_SSE_ERROR) {
		struct raid_sse_event error = *e;

		error.name = "error";
		take_json(w, &error, p, len);
	} else if (e->kind == RAID_SSE_DATA && len >= 6 &&
	    memcmp(p, "[DONE]", 6) == 0) {
		/* Whoever sends it says that nothing will follow. */
		w->terminal |= w->kind == RAID_PROVIDER_OPENAI;
		if (raid_wire_ok(w))
			raid_wire_stop(w);
	} else if (strcmp(e->name, "ping") != 0) {
		take_json(w, e, p, len);
	}
}

void
raid_wire_feed(struct raid_wire *w, const void *p, size_t len)
{
	if (w->ended || w->r.done || len == 0)
		return;
	if (w->began <= 0)
		w->began = raid_clock_mono();
	if (w->head.len < HEAD_MAX)
		raid_buf_add(&w->head, p, len);
	/* What is no answer has said all that it has to say by then. */
	if (!raid_wire_ok(w) && w->fed > ERROR_MAX)
		raid_wire_stop(w);
	w->fed += len;
	raid_sse_feed(&w->sse, p, len);
	w->r.done |= w->sse.stopped;
}
