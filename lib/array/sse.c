/* SPDX-License-Identifier: ISC */
#include "array/sse.h"

#include <string.h>

void
raid_sse_init(struct raid_sse *s, size_t max,
    void (*on_event)(void *arg, const struct raid_sse_event *e), void *arg)
{
	*s = (struct raid_sse){ .on_event = on_event, .arg = arg };
	raid_buf_init(&s->line, max);
	raid_buf_init(&s->data, max);
}

void
raid_sse_free(struct raid_sse *s)
{
	raid_buf_free(&s->line);
	raid_buf_free(&s->data);
}

void
raid_sse_stop(struct raid_sse *s)
{
	s->stopped = 1;
}

static void
emit(struct raid_sse *s, enum raid_sse_kind kind, const void *p, size_t len,
    int cut)
{
	struct raid_sse_event e = { .kind = kind, .name = s->name, .p = p,
		.len = len, .cut = cut };

	if (s->stopped)
		return;
	/* Behind an event that was cut there is nothing to hold on to. */
	s->stopped = cut;
	s->on_event(s->arg, &e);
}

/* The event of data: lines is over. */
static void
flush(struct raid_sse *s, int cut)
{
	if (s->any)
		emit(s, RAID_SSE_DATA, s->data.p, s->data.len, cut);
	raid_buf_reset(&s->data);
	s->name[0] = '\0';
	s->any = 0;
}

static void
add_data(struct raid_sse *s, const unsigned char *p, size_t len)
{
	if (s->any)
		raid_buf_addc(&s->data, '\n');
	s->any = 1;
	raid_buf_add(&s->data, p, len);
	if (s->data.overflow) {
		s->flood = 1;
		flush(s, 1);
	}
}

static void
set_name(struct raid_sse *s, const unsigned char *p, size_t len)
{
	if (len >= sizeof(s->name))
		len = sizeof(s->name) - 1;
	memcpy(s->name, p, len);
	s->name[len] = '\0';
}

/* A line without its end.  What begins with a colon is a comment: a sign of
 * life, nothing else; id:, retry: and what nobody knows do not matter. */
static void
take_line(struct raid_sse *s, const unsigned char *p, size_t len)
{
	const unsigned char *colon = memchr(p, ':', len), *value;
	size_t n = colon != NULL ? (size_t)(colon - p) : len, left;

	if (len == 0) {
		flush(s, 0);
		return;
	}
	value = colon != NULL ? colon + 1 : p + len;
	left = len - (size_t)(value - p);
	if (left > 0 && *value == ' ') {
		value++;
		left--;
	}
	if (n == 4 && memcmp(p, "data", 4) == 0)
		add_data(s, value, left);
	else if (n == 5 && memcmp(p, "event", 5) == 0)
		set_name(s, value, left);
	else if (n == 5 && memcmp(p, "error", 5) == 0)
		emit(s, RAID_SSE_ERROR, value, left, 0);
}

/* Hand out the bare value. */
static void
end_value(struct raid_sse *s, int cut)
{
	if (s->line.len > 0)
		emit(s, RAID_SSE_BARE, s->line.p, s->line.len, cut);
	raid_buf_reset(&s->line);
}

/* One byte inside a value.  Returns 1 when it closed the value. */
static int
value_byte(struct raid_sse *s, unsigned char c)
{
	if (s->escape) {
		s->escape = 0;
	} else if (s->string) {
		if (c == '\\')
			s->escape = 1;
		else if (c == '"')
			s->string = 0;
	} else if (c == '"') {
		s->string = 1;
	} else if (c == '{' || c == '[') {
		s->depth++;
	} else if (c == '}' || c == ']') {
		return --s->depth == 0;
	}
	return 0;
}

/* Between the objects of an array; what is no object is passed over. */
static void
between(struct raid_sse *s, unsigned char c)
{
	if (s->escape || s->string || c == '"') {
		(void)value_byte(s, c);
	} else if (c == ']') {
		s->array = 0;
		s->bare = 0;
	} else if (c == '{' || c == '[') {
		raid_buf_addc(&s->line, c);
		s->depth = 1;
	}
}

/* Bare JSON from p on; returns how much of it was taken. */
static size_t
take_bare(struct raid_sse *s, const unsigned char *p, size_t len)
{
	size_t i = 0, from;

	while (i < len && s->bare && !s->stopped) {
		if (s->depth == 0) {
			between(s, p[i++]);
			continue;
		}
		for (from = i; i < len && !value_byte(s, p[i]); i++)
			continue;
		if (i < len)
			i++;
		raid_buf_add(&s->line, p + from, i - from);
		if (s->line.overflow) {
			s->flood = 1;
			end_value(s, 1);
		} else if (s->depth == 0) {
			end_value(s, 0);
			s->bare = s->array;
		}
	}
	return i;
}

/* A line begins, which may be bare JSON: 1 if it is. */
static int
begin_bare(struct raid_sse *s, unsigned char c)
{
	if (c != '{' && c != '[')
		return 0;
	/* An event that lacks its blank line is over all the same. */
	flush(s, 0);
	raid_buf_reset(&s->line);
	s->bare = 1;
	s->string = s->escape = 0;
	s->array = c == '[';
	s->depth = !s->array;
	if (!s->array)
		raid_buf_addc(&s->line, c);
	return 1;
}

/* A line of the limit's length: what there is of it is the last event. */
static void
end_flood(struct raid_sse *s)
{
	s->flood = 1;
	take_line(s, s->line.p, s->line.len);
	flush(s, 1);
	s->stopped = 1;
}

/* Up to the end of a line; returns how much was taken. */
static size_t
take_text(struct raid_sse *s, const unsigned char *p, size_t len)
{
	size_t i = 0, from;
	int lf = s->cr && p[0] == '\n';

	s->cr = 0;
	if (lf)
		return 1;
	/* Blanks before a line are not kept, so that only the first byte of
	 * one has to be looked at. */
	if (s->line.len == 0) {
		while (i < len && (p[i] == ' ' || p[i] == '\t'))
			i++;
		if (i < len && begin_bare(s, p[i]))
			return i + 1;
	}
	for (from = i; i < len && p[i] != '\n' && p[i] != '\r'; i++)
		continue;
	if (i < len && s->line.len == 0) {
		take_line(s, p + from, i - from);
	} else {
		raid_buf_add(&s->line, p + from, i - from);
		if (s->line.overflow)
			end_flood(s);
		if (i == len || s->stopped)
			return i;
		take_line(s, s->line.p, s->line.len);
		raid_buf_reset(&s->line);
	}
	s->cr = p[i] == '\r';
	return i + 1;
}

/* Leave out a byte order mark at the very beginning; returns its part. */
static size_t
take_bom(struct raid_sse *s, const unsigned char *p, size_t len)
{
	static const unsigned char bom[] = { 0xef, 0xbb, 0xbf };
	size_t i = 0;

	while (i < len && s->started < 3 && p[i] == bom[s->started]) {
		s->started++;
		i++;
	}
	if (i == len && s->started < 3)
		return i;
	/* It was none: what was held back is text. */
	if (s->started < 3)
		raid_buf_add(&s->line, bom, (size_t)s->started);
	s->started = 3;
	return i;
}

void
raid_sse_feed(struct raid_sse *s, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i = 0;

	if (s->started < 3 && len > 0)
		i = take_bom(s, p, len);
	while (i < len && !s->stopped)
		i += s->bare ? take_bare(s, p + i, len - i) :
		    take_text(s, p + i, len - i);
}

void
raid_sse_end(struct raid_sse *s)
{
	int array = s->array;

	if (s->bare) {
		end_value(s, 1);
		if (array)
			emit(s, RAID_SSE_BARE, "", 0, 1);
	} else {
		if (s->line.len > 0)
			take_line(s, s->line.p, s->line.len);
		flush(s, 1);
	}
	s->stopped = 1;
}
