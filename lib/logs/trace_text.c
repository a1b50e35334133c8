/* SPDX-License-Identifier: ISC */
/* Lines without their headers, and copies of what stands in them. */
#include "logs/trace_priv.h"

size_t
raid_trace_rfind(const unsigned char *p, size_t len, const char *s)
{
	size_t n = strlen(s);

	for (size_t i = len >= n ? len - n + 1 : 0; i > 0; i--)
		if (p[i - 1] == (unsigned char)*s &&
		    memcmp(p + i - 1, s, n) == 0)
			return i - 1;
	return len;
}

/* Is it "Error: ", which begins a trace as well as a line of a log?  In a
 * header that is one there is a number. */
static int
is_level_only(const unsigned char *p, size_t at)
{
	if (at > 40 || !is_alpha(p[0]))
		return 0;
	for (size_t i = 0; i < at; i++)
		if (is_digit(p[i]))
			return 0;
	return 1;
}

/* Is the word p, with its colon, part of a trace, which goes on at p + n? */
static int
is_of_trace(const unsigned char *p, size_t n, size_t len)
{
	const unsigned char *q = p + n + 1;
	size_t left = len - n - 1;

	if (ends(p, n, "Exception:") || ends(p, n, "Error:") ||
	    ends(p, n, "panic:") || ends(p, n, "Sanitizer:") ||
	    begins(p, n, "SIG") || begins(p, n, "SUMMARY:"))
		return 1;
	if (begins(p, n, "=="))
		return find(q, left < 64 ? left : 64, "Sanitizer: ") < left;
	return begins(p, n, "WARNING:") && (begins(q, left, "DATA RACE") ||
	    begins(q, left, "ThreadSanitizer: "));
}

/* Where the word before at begins; a blank is before at. */
static size_t
word_before(const unsigned char *p, size_t at)
{
	size_t a = at - 1;

	while (a > 0 && !is_blank(p[a - 1]))
		a--;
	return a;
}

size_t
raid_trace_start(const unsigned char *p, size_t len, size_t message)
{
	size_t a, b;

	if (p[message - 2] == ':' && is_level_only(p, message))
		return 0;
	a = word_before(p, message);
	if (begins(p + a, len - a, "error: ") && a > 5 &&
	    memcmp(p + a - 6, "fatal ", 6) == 0)
		return a - 6;
	if (begins(p + a, len - a, "fatal error: "))
		return a;
	if (message > 6 && memcmp(p + message - 6, "Fatal ", 6) == 0 &&
	    begins(p + message, len - message, "Python error: "))
		return message - 6;
	if (!is_of_trace(p + a, message - 1 - a, len - a))
		return message;
	if (a > 4 && p[a - 1] == ' ') {
		b = word_before(p, a);
		if (is_of_trace(p + b, a - 1 - b, len - b) ||
		    begins(p + b, a - b, "---> "))
			return b;
	}
	return a;
}

/* What is between header and the end of the line. */
static void
set_text(struct text *x, const unsigned char *p, size_t len, size_t header)
{
	size_t at = header;

	x->header = header;
	x->headed = header > 0;
	x->same = 0;
	while (at < len && is_blank(p[at]))
		at++;
	x->indent = at - header;
	x->p = p + at;
	len -= at;
	if (len > TRACE_LOOK)
		len = TRACE_LOOK;
	while (len > 0 && is_blank(x->p[len - 1]))
		len--;
	x->len = len;
}

void
raid_trace_text(struct text *x, const unsigned char *p, size_t len,
    size_t message)
{
	size_t at = trace_start(p, len, message), header = at;

	/* One of the blanks is of the header. */
	if (at > 0) {
		while (header > 0 && is_blank(p[header - 1]))
			header--;
		if (header < at)
			header++;
	}
	set_text(x, p, len, header);
}

void
raid_trace_shape(struct raid_tracer *t, const struct text *x, size_t at)
{
	const unsigned char *line = x->p - x->indent - x->header;

	at += (size_t)(x->p - line);
	t->nshape = at <= TRACE_SHAPE ? at : 0;
	memcpy(t->shape, line, t->nshape);
}

/* Has p a header like s, of n bytes? */
static int
has_shape(const unsigned char *s, size_t n, const unsigned char *p,
    size_t len)
{
	if (n == 0 || len + 1 < n)
		return 0;
	for (size_t i = 0; i < n && i < len; i++) {
		if (s[i] == p[i])
			continue;
		if (!is_alnum(s[i]) || !is_alnum(p[i]))
			return 0;
		if (is_digit(s[i]) != is_digit(p[i]) && !(is_xdigit(s[i]) &&
		    is_xdigit(p[i])))
			return 0;
	}
	return 1;
}

void
raid_trace_text_last(struct text *x, const unsigned char *p, size_t len,
    size_t message, const struct text *next)
{
	const unsigned char *s = next->p - next->indent - next->header;

	if (has_shape(s, next->header, p, len))
		set_text(x, p, len, next->header < len ? next->header : len);
	else
		raid_trace_text(x, p, len, message);
}

int
raid_trace_text_next(struct raid_tracer *t, struct text *x,
    const unsigned char *p, size_t len, size_t message)
{
	if (t->headed != 0 && has_shape(t->shape, t->nshape, p, len)) {
		set_text(x, p, len, t->nshape < len ? t->nshape : len);
		x->same = 1;
		t->headed = 1;
		return 1;
	}
	raid_trace_text(x, p, len, message);
	if (t->headed < 0)
		t->headed = x->headed;
	if (x->headed)
		return t->headed && x->header + 4 > t->nshape &&
		    x->header < t->nshape + 4;
	x->same = 1;
	return !t->headed;
}

void
raid_trace_copy(char *to, size_t size, const unsigned char *p, size_t len)
{
	if (len > size - 1) {
		len = size - 1;
		while (len > 0 && (p[len] & 0xc0) == 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = p[i] < ' ' || p[i] == 0x7f ? ' ' : (char)p[i];
	to[len] = '\0';
}

void
raid_trace_copy_end(char *to, size_t size, const unsigned char *p,
    size_t len)
{
	if (len > size - 1) {
		p += len - (size - 4);
		len = size - 4;
		while (len > 0 && (*p & 0xc0) == 0x80) {
			p++;
			len--;
		}
		memcpy(to, "...", 3);
		to += 3;
		size -= 3;
	}
	raid_trace_copy(to, size, p, len);
}

uint64_t
raid_trace_hash_file(uint64_t h, const char *place)
{
	size_t end = strlen(place), from;

	while (end > 0 && (is_digit((unsigned char)place[end - 1]) ||
	    place[end - 1] == ':'))
		end--;
	for (from = end; from > 0 && place[from - 1] != '/' &&
	    place[from - 1] != '\\';)
		from--;
	for (; from < end; from++)
		if (from == 0 || place[from - 1] != ':' ||
		    !is_digit((unsigned char)place[from]))
			h = raid_trace_hash(h, place + from, 1);
		else
			while (from + 1 < end && is_digit((unsigned char)
			    place[from + 1]))
				from++;
	return h;
}

uint64_t
raid_trace_hash(uint64_t h, const void *p, size_t len)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < len; i++)
		h = (h ^ s[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}
