/* SPDX-License-Identifier: ISC */
/* "a.b.Exception: why", alone or at the end of a line of a log. */
#include "logs/trace_priv.h"

enum kind {
	NOTHING,
	CAPITAL,		/* "Declined" */
	DOTTED,			/* "a.b.Declined", "a::Declined" */
	NAMED			/* "Error", "a.b.SomeException" */
};

static int
has_suffix(const unsigned char *p, size_t len)
{
	switch (p[len - 1]) {
	case 'n': return ends(p, len, "Exception");
	case 'r': return ends(p, len, "Error");
	case 'e': return ends(p, len, "Throwable") || ends(p, len, "Failure");
	case 't': return ends(p, len, "Fault") || ends(p, len, "Interrupt") ||
	    ends(p, len, "Exit") || ends(p, len, "Timeout");
	case 'd': return ends(p, len, "Interrupted");
	case 'g': return ends(p, len, "Warning");
	case 'p': return ends(p, len, "Group");
	}
	return 0;
}

static enum kind
type_kind(const unsigned char *p, size_t len)
{
	size_t last = len, dots = 0;

	if (len == 0 || len > 200 || is_digit(p[0]) || !is_name(p[len - 1]))
		return NOTHING;
	while (last > 0 && is_name(p[last - 1]))
		last--;
	for (size_t i = 0; i < last; i++)
		dots += !is_name(p[i]);
	if (p[last] != '_' && !is_upper(p[last]))
		return NOTHING;
	if (has_suffix(p, len))
		return NAMED;
	return dots > 0 ? DOTTED : is_upper(p[last]) ? CAPITAL : NOTHING;
}

static int
is_joint(const unsigned char *p, size_t i, size_t len)
{
	if (p[i] == ':')
		return i + 2 < len && p[i + 1] == ':' && is_name(p[i + 2]);
	return one_of(".\\`+", p[i]);
}

/* The end of the name that begins at i. */
static size_t
name_end(const unsigned char *p, size_t i, size_t len)
{
	while (i < len && (is_name(p[i]) || is_joint(p, i, len)))
		i += p[i] == ':' ? 2 : 1;
	return i;
}

/* Behind the type, " [ERR_CODE]" or " (0x80004005)" skipped: at its colon or
 * the end; 0. */
static size_t
colon_behind(const unsigned char *p, size_t i, size_t len)
{
	size_t k = i;

	if (i + 2 < len && p[i] == ' ' && ((p[i + 1] == '[' &&
	    is_upper(p[i + 2])) || (p[i + 1] == '(' && is_digit(p[i + 2])))) {
		while (k < len && p[k] != ']' && p[k] != ')')
			k++;
		if (k + 1 < len && p[k + 1] == ':')
			i = k + 1;
	}
	if (i == len || (p[i] == ':' && (i + 1 == len || p[i + 1] == ' ')))
		return i;
	return 0;
}

size_t
raid_trace_type_len(const unsigned char *p, size_t len)
{
	size_t n = 0, max = len < 200 ? len : 200;

	while (n < max && p[n] > ' ')
		n++;
	if (n < 5 || (n == max && n < len))
		return 0;
	if (p[n - 1] == ':')
		n--;
	else if (n + 1 < len && p[n + 1] != '[' && p[n + 1] != '(')
		return 0;
	if (!has_suffix(p, n) || name_end(p, 0, n) != n)
		return 0;
	return colon_behind(p, n, len) > 0 && type_kind(p, n) == NAMED ?
	    n : 0;
}

struct scan {
	const unsigned char *p;
	size_t len;
	size_t from, end;	/* the type */
	size_t colon;		/* behind it */
};

/* The first type of the kind; anywhere: no colon needs to be behind it. */
static int
look(struct scan *s, enum kind want, int dotted, int anywhere)
{
	size_t end, colon;

	for (size_t i = 0; i < s->len; i = end + 1) {
		enum kind k;

		end = name_end(s->p, i, s->len);
		k = type_kind(s->p + i, end - i);
		if (k < want && !(k == CAPITAL && i == 0 && !dotted))
			continue;
		if (dotted && memchr(s->p + i, '.', end - i) == NULL)
			continue;
		colon = colon_behind(s->p, end, s->len);
		if (colon == 0 && !anywhere)
			continue;
		if (k == CAPITAL && colon == s->len)
			continue;
		s->from = i;
		s->end = end;
		s->colon = colon > 0 ? colon : end;
		return 1;
	}
	return 0;
}

int
raid_trace_head(const struct text *x, int dotted, char type[128],
    char message[256])
{
	struct scan s = { x->p, x->len < 2048 ? x->len : 2048, 0, 0, 0 };
	size_t i;

	if (text_begins(x, "UnhandledPromiseRejectionWarning: ")) {
		s.p += 34;
		s.len -= 34;
	}
	if (!(dotted && look(&s, DOTTED, 1, 0)) && !look(&s, NAMED, 0, 0) &&
	    !look(&s, NAMED, 1, 1))
		return 0;
	raid_trace_copy(type, 128, s.p + s.from, s.end - s.from);
	i = s.colon;
	while (i < s.len && one_of(": -", s.p[i]))
		i++;
	raid_trace_copy(message, 256, s.p + i, s.len - i);
	return 1;
}
