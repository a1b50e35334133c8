/* SPDX-License-Identifier: ISC */
/* What the APIs have in common: text, events, and the order of them. */
#include "say.h"

#include <string.h>

#include "base/utf8.h"

const char *const say_thoughts[] = { "Let me think. ", "It is \"so\"." };

static const struct dialect *const apis[] = {
	&say_openai, &say_anthropic, &say_gemini, &say_ollama
};

static void
escape(const struct ask *a, struct raid_buf *b, const unsigned char *p,
    size_t len)
{
	uint32_t u;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = raid_utf8_next(p + i, len - i, &u);
		if (n == 0) {
			n = 1;
			raid_buf_addc(b, p[i]);
		} else if (u == '"' || u == '\\') {
			raid_buf_printf(b, "\\%c", (int)u);
		} else if (u == '\n') {
			raid_buf_puts(b, "\\n");
		} else if (u < 32 || (u > 126 && u < 0x10000 && has(a, W_ascii))) {
			raid_buf_printf(b, "\\u%04x", (unsigned int)u);
		} else if (u > 126 && has(a, W_ascii)) {
			raid_buf_printf(b, "\\u%04x\\u%04x",
			    (unsigned int)(0xd7c0 + (u >> 10)),
			    (unsigned int)(0xdc00 + (u & 0x3ff)));
		} else {
			raid_buf_add(b, p + i, n);
		}
	}
}

void
say_quoted(const struct ask *a, struct raid_buf *b, const char *s)
{
	raid_buf_addc(b, '"');
	escape(a, b, (const unsigned char *)s, strlen(s));
	raid_buf_addc(b, '"');
}

/* Where piece i of the text begins: never within a character. */
static size_t
border(const struct ask *a, long long i)
{
	size_t at = (size_t)(i * num(a, W_piece, 7));

	while (at < a->text.len && (a->text.p[at] & 0xc0) == 0x80)
		at++;
	return at < a->text.len ? at : a->text.len;
}

/* The piece of text or of thought that it is the turn of, escaped. */
void
say_piece(const struct ask *a, struct raid_buf *b)
{
	static const char flood[] =
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	long long size = num(a, W_piece, 4096), left;

	if (a->phase == THINK) {
		escape(a, b, (const unsigned char *)say_thoughts[a->i],
		    strlen(say_thoughts[a->i]));
		return;
	}
	if (has(a, W_flood)) {
		left = a->how.n[W_flood] - a->i * size;
		for (size = size < left ? size : left; size > 64; size -= 64)
			raid_buf_add(b, flood, 64);
		raid_buf_add(b, flood, (size_t)size);
	} else if (has(a, W_events)) {
		raid_buf_printf(b, "%sw%lld", a->i > 0 ? " " : "", a->i + 1);
	} else {
		escape(a, b, a->text.p + border(a, a->i),
		    border(a, a->i + 1) - border(a, a->i));
	}
	if (a->i == a->pieces / 2) {
		if (has(a, W_nul))
			raid_buf_puts(b, "\\u0000");
		if (has(a, W_surrogate))
			raid_buf_puts(b, "\\ud83d");
		if (has(a, W_utf8bad))
			raid_buf_puts(b, "\xc3(\xff");
	}
}

/* Keys that nobody knows, at the beginning of an object. */
void
say_odd_keys(const struct ask *a, struct raid_buf *b)
{
	if (has(a, W_dupkeys))
		raid_buf_puts(b, "\"twice\":1,\"twice\":2,");
	if (has(a, W_ids))
		raid_buf_puts(b, "\"obfuscation\":\"x7Q\",\"new\":{\"a\":[1]},");
	if (has(a, W_deep)) {
		raid_buf_puts(b, "\"deep\":");
		for (long long i = 0; i < a->how.n[W_deep]; i++)
			raid_buf_addc(b, '[');
		for (long long i = 0; i < a->how.n[W_deep]; i++)
			raid_buf_addc(b, ']');
		raid_buf_addc(b, ',');
	}
}

/* What is counted so far: at the end it is what the words say. */
struct counts
say_counts(const struct ask *a)
{
	struct counts n = {
		num(a, W_in, 1000), num(a, W_cached, 200),
		num(a, W_written, 100), num(a, W_written1h, 0),
		num(a, W_out, 50),
		num(a, W_thought, has(a, W_reason) ? 30 : 0)
	};

	if (a->phase < TOOLS && a->frame != WHOLE) {
		n.thought = a->phase < TEXT ? 0 : n.thought;
		n.out = a->phase < TEXT ? 0 : n.out * a->i / (a->pieces + 1);
	}
	return n;
}

const char *
say_eol(const struct ask *a)
{
	if (has(a, W_cr))
		return "\r";
	return has(a, W_crlf) || (a->api == GEMINI && !has(a, W_lf)) ?
	    "\r\n" : "\n";
}

/* What keeps a connection alive and says nothing. */
static void
comment(struct ask *a)
{
	struct raid_buf *b = &a->made;
	const char *s = ": keep-alive", *end = say_eol(a);

	if (is(a, W_vendor, "openrouter"))
		s = ": OPENROUTER PROCESSING";
	else if (is(a, W_vendor, "llamacpp"))
		s = ":";
	if (a->frame == LINES)
		s = "";
	raid_buf_printf(b, "%s%s%s", s, end, end);
	if (a->frame == EVENTS && a->api == ANTHROPIC)
		raid_buf_printf(b, "event: ping%sdata: {\"type\": \"ping\"}%s%s",
		    end, end, end);
}

/* One field of an event; in two lines if so wanted. */
static void
data(struct ask *a)
{
	const char *sp = has(a, W_nospace) ? "" : " ";
	size_t first = has(a, W_multi) && a->json.p[0] == '{';

	if (first > 0)
		raid_buf_printf(&a->made, "data:%s{%s", sp, say_eol(a));
	raid_buf_printf(&a->made, "data:%s", sp);
	raid_buf_add(&a->made, a->json.p + first, a->json.len - first);
}

/* Make an event of a->json; name is for the API that names events. */
void
say_event(struct ask *a, const char *name)
{
	struct raid_buf *b = &a->made;
	const char *end = say_eol(a);

	if (has(a, W_comments) && a->frame != ARRAY)
		comment(a);
	if (a->frame == EVENTS) {
		if (has(a, W_ids))
			raid_buf_printf(b, "id: %lld%sretry: 3000%snew%sevent: "
			    "new_event%sdata: {\"type\":\"new_event\"}%s%s",
			    a->events, end, end, end, end, end, end);
		if (name != NULL)
			raid_buf_printf(b, "event:%s%s%s",
			    has(a, W_nospace) ? "" : " ", name, end);
		data(a);
	} else {
		if (a->frame == ARRAY)
			raid_buf_puts(b, a->events == 0 ? "[" : ",\r\n");
		raid_buf_add(b, a->json.p, a->json.len);
	}
	if (a->frame != ARRAY && !(a->phase == OVER && has(a, W_noeol)))
		raid_buf_printf(b, "%s%s", end, a->frame == EVENTS ? end : "");
	raid_buf_reset(&a->json);
	if (a->events++ == 0 && has(a, W_badjson)) {
		raid_buf_puts(&a->json, "{\"choices\":[{\"delta\":{\"cont");
		say_event(a, name);
	}
}

/* The reason of the end, quoted, in the words of the API; null if none. */
void
say_reason(const struct ask *a, struct raid_buf *b)
{
	static const char *const all[][4] = {
		{ "stop", "length", "content_filter", "tool_calls" },
		{ "end_turn", "max_tokens", "refusal", "tool_use" },
		{ "STOP", "MAX_TOKENS", "SAFETY", "STOP" },
		{ "stop", "length", "content_filter", "stop" }
	};
	int which = has(a, W_tools) ? 3 : 0;

	if (has(a, W_length))
		which = 1;
	else if (has(a, W_refuse))
		which = 2;
	if (has(a, W_nofinish))
		raid_buf_puts(b, "null");
	else
		say_quoted(a, b, a->how.s[W_finish] != NULL ?
		    a->how.s[W_finish] : all[a->api][which]);
}

/* An error within a stream that began well. */
static void
break_off(struct ask *a)
{
	a->phase = OVER;
	fault_json(a, &a->json, a->api == ANTHROPIC ? 529 : 503);
	apis[a->api]->broken(a);
	raid_buf_reset(&a->json);
}

void
say_begin(struct ask *a)
{
	long long size = num(a, W_piece, has(a, W_flood) ? 4096 : 7);
	size_t len = a->text.len;

	a->phase = START;
	a->i = a->events = 0;
	a->block = a->blocks = 0;
	if (has(a, W_nocontent) || has(a, W_blocked))
		a->pieces = 0;
	else if (has(a, W_flood))
		a->pieces = (a->how.n[W_flood] + size - 1) / size;
	else if (has(a, W_events))
		a->pieces = a->how.n[W_events];
	else
		a->pieces = ((long long)len + size - 1) / size;
}

/* One more piece of the one object. */
static void
whole_next(struct ask *a)
{
	if (a->phase == START) {
		apis[a->api]->whole(a);
		a->phase = TEXT;
	} else if (a->i < a->pieces) {
		say_piece(a, &a->json);
		a->i++;
	} else {
		a->phase = OVER;
		apis[a->api]->whole_end(a);
		raid_buf_puts(&a->json, say_eol(a));
	}
	raid_buf_add(&a->made, a->json.p, a->json.len);
	raid_buf_reset(&a->json);
}

/* One more event; a START that has none falls through to the next. */
static void
event_next(struct ask *a)
{
	if (a->phase == START) {
		a->phase = has(a, W_reason) ? THINK : TEXT;
		if (apis[a->api]->start != NULL && num(a, W_error200, 1) > 0) {
			enum phase next = a->phase;

			a->phase = START;
			apis[a->api]->start(a);
			a->phase = next;
			return;
		}
	}
	if (a->phase == THINK && a->i == NTHOUGHTS) {
		a->phase = TEXT;
		a->i = 0;
	}
	if (a->phase == TEXT && num(a, W_error200, -1) == a->i) {
		break_off(a);
	} else if (a->phase == THINK || (a->phase == TEXT && a->i < a->pieces)) {
		apis[a->api]->say(a);
		a->i++;
	} else if (a->phase == TEXT && has(a, W_tools)) {
		a->phase = TOOLS;
		apis[a->api]->tools(a);
	} else if (a->phase != OVER) {
		a->phase = TAIL;
		apis[a->api]->end(a);
		if (has(a, W_more)) {
			a->i = 0;
			a->phase = TEXT;
			apis[a->api]->say(a);
			a->phase = OVER;
		}
	}
}

int
say_next(struct ask *a)
{
	if (a->phase == OVER)
		return 0;
	if (a->frame == FIXED) {
		a->phase = OVER;
		return 1;
	}
	if (a->phase == START) {
		if (has(a, W_bom))
			raid_buf_puts(&a->made, "\xef\xbb\xbf");
		for (long long i = 0; i < num(a, W_blanks, 0); i++)
			raid_buf_puts(&a->made, say_eol(a));
	}
	if (a->frame == WHOLE)
		whole_next(a);
	else
		event_next(a);
	return 1;
}

long long
say_length(struct ask *a)
{
	long long n = 0;

	if (a->frame == FIXED)
		return (long long)a->made.len;
	while (say_next(a)) {
		n += (long long)a->made.len;
		raid_buf_reset(&a->made);
	}
	say_begin(a);
	return n;
}
