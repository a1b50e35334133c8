/* SPDX-License-Identifier: ISC */
#include "array/wire_priv.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define DEPTH_MAX 64

/* The four hexadecimal digits behind \u at p, or -1. */
static long
unit(const unsigned char *p, size_t len)
{
	long v = 0;

	if (len < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		if (!isxdigit(p[i]))
			return -1;
		v = v * 16 + (isdigit(p[i]) ? p[i] - '0' :
		    tolower(p[i]) - 'a' + 10);
	}
	return v;
}

static int
is_high(long u)
{
	return u >= 0xd800 && u <= 0xdbff;
}

static int
is_low(long u)
{
	return u >= 0xdc00 && u <= 0xdfff;
}

/* The escape at p; returns its length.  One that is no JSON stays. */
static size_t
repair_escape(struct raid_buf *b, const unsigned char *p, size_t len)
{
	long u = unit(p, len);
	size_t n = u >= 0 ? 6 : len < 2 ? len : 2;

	if (is_high(u) && is_low(unit(p + 6, len - 6)))
		n = 12;
	if (u == 0 || is_low(u) || (is_high(u) && n == 6))
		raid_buf_puts(b, REPLACEMENT);
	else
		raid_buf_add(b, p, n);
	return n;
}

/* One character of a string; returns its length. */
static size_t
repair_char(struct raid_buf *b, const unsigned char *p, size_t len)
{
	uint32_t c;
	size_t n;

	if (*p == '\\')
		return repair_escape(b, p, len);
	if (*p < ' ') {
		raid_buf_printf(b, *p == 0 ? REPLACEMENT : "\\u%04x", *p);
		return 1;
	}
	n = raid_utf8_next(p, len, &c);
	if (n == 0)
		raid_buf_puts(b, REPLACEMENT);
	else
		raid_buf_add(b, p, n);
	return n > 0 ? n : 1;
}

/* Make the strings of a JSON text valid; the rest stays as it is. */
static void
repair(struct raid_buf *b, const unsigned char *p, size_t len)
{
	int string = 0;

	for (size_t i = 0; i < len;) {
		if (p[i] == '"')
			string = !string;
		if (p[i] != '"' && string)
			i += repair_char(b, p + i, len - i);
		else
			raid_buf_addc(b, p[i++]);
	}
}

/* What mend knows of the text up to a point. */
struct mend {
	const unsigned char *p;
	size_t len, at;
	char open[DEPTH_MAX];	/* the brackets that would close it */
	size_t depth;
	int value;		/* the next string is a value, not a key */
	size_t good;		/* up to here it needs only the brackets */
};

/* The character of a string at p: its length, 0 if it was cut. */
static size_t
char_len(const unsigned char *p, size_t len)
{
	size_t n = 1, i;

	if (*p == '\\') {
		n = len > 1 && p[1] == 'u' ? 6 : 2;
		/* Both halves of a pair, or none. */
		if (is_high(unit(p, len)) && (len == 6 || (p[6] == '\\' &&
		    (len == 7 || p[7] == 'u'))))
			n = 12;
		return n <= len ? n : 0;
	}
	if (*p >= 0xc2)
		n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	if (n <= len)
		return 1;
	for (i = 1; i < len && (p[i] & 0xc0) == 0x80; i++)
		continue;
	return i == len ? 0 : 1;
}

/* Length of what is whole of the string from p on, behind its quote, and
 * whether its end is there. */
static size_t
string_len(const unsigned char *p, size_t len, int *closed)
{
	size_t i = 0, n = 1;

	while (i < len && p[i] != '"' && n > 0) {
		n = char_len(p + i, len - i);
		i += n;
	}
	*closed = i < len && p[i] == '"' && n > 0;
	return i;
}

/* A string; returns 1 when it is a value that was cut. */
static int
mend_string(struct mend *m)
{
	int closed;
	size_t n = string_len(m->p + m->at + 1, m->len - m->at - 1, &closed);

	if (!closed) {
		if (m->value)
			m->good = m->at + 1 + n;
		m->at = m->len;
		return m->value;
	}
	m->at += n + 2;
	if (m->value)
		m->good = m->at;
	return 0;
}

/* A number or a word, which is whole only if something stands behind it. */
static void
mend_word(struct mend *m)
{
	static const char ends[] = { ',', ':', ']', '}', '{', '[', '"', ' ',
		'\t', '\r', '\n' };

	while (m->at < m->len &&
	    memchr(ends, m->p[m->at], sizeof(ends)) == NULL)
		m->at++;
	if (m->at < m->len)
		m->good = m->at;
}

static int
mend_bracket(struct mend *m, unsigned char c)
{
	if (c == '{' || c == '[') {
		if (m->depth == DEPTH_MAX)
			return -1;
		m->open[m->depth++] = c == '{' ? '}' : ']';
		m->value = c == '[';
	} else if (m->depth == 0 || m->open[--m->depth] != (char)c) {
		return -1;
	}
	m->good = ++m->at;
	return 0;
}

/*
 * The beginning of a JSON text, made whole: cut back to where a value ends
 * (or within a string that is one), and what is open is closed.
 */
static int
mend(struct raid_buf *b, const unsigned char *p, size_t len)
{
	struct mend m = { .p = p, .len = len, .value = 1 };
	int inside = 0;

	while (m.at < len && !inside) {
		switch (p[m.at]) {
		case '{':
		case '[':
		case '}':
		case ']':
			if (mend_bracket(&m, p[m.at]) == -1)
				return -1;
			break;
		case '"':
			inside = mend_string(&m);
			break;
		case ':':
		case ',':
			m.value = p[m.at++] == ':' ||
			    (m.depth > 0 && m.open[m.depth - 1] == ']');
			break;
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			m.at++;
			break;
		default:
			mend_word(&m);
		}
	}
	raid_buf_add(b, p, m.good);
	if (inside)
		raid_buf_addc(b, '"');
	while (m.depth > 0)
		raid_buf_addc(b, (unsigned char)m.open[--m.depth]);
	return 0;
}

struct raid_json *
raid_wire_json(const void *p, size_t len, int *mended, struct raid_err *err)
{
	struct raid_json *j = raid_json_parse(p, len, err);
	struct raid_err ignored;
	struct raid_buf whole, b;

	if (j != NULL)
		return j;
	raid_buf_init(&whole, SIZE_MAX / 4);
	raid_buf_init(&b, SIZE_MAX / 4);
	repair(&b, p, len);
	j = raid_json_parse(b.p, b.len, &ignored);
	if (j == NULL && mended != NULL && mend(&whole, p, len) == 0) {
		raid_buf_reset(&b);
		repair(&b, whole.p, whole.len);
		j = raid_json_parse(b.p, b.len, &ignored);
		*mended = j != NULL;
	}
	raid_buf_free(&b);
	raid_buf_free(&whole);
	return j;
}
