/* SPDX-License-Identifier: ISC */
/* What the fields of a header may be, but for times. */
#include "logs/header_scan.h"

#include <string.h>

#define D DIGIT
#define L LOWER
#define U UPPER
#define S SEP
#define N NAME
#define O OTHER
#define B (OTHER | BLANK | ENDS)
#define H HIGH
const uint16_t raid_header_class[256] = {
	O, O, O, O, O, O, O, O, O, B, O, O, O, O, O, O,
	O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
	B, O, O, N | OPEN, N, O, O, O,				/* !"#$%&' */
	N | OPEN, N | CLOSE, N, N | ENDS,			/* ()*+ */
	O | CLOSE | ENDS | GLUED, S, S, S,			/* ,-./ */
	D, D, D, D, D, D, D, D, D, D,
	N | COLON | CLOSE | ENDS | GLUED, O, O | OPEN, O | EQUAL,
	O | CLOSE, O,						/* :;<=>? */
	N, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,		/* @ */
	U, U, U, U, U, U, U, U, U, U, U, N | OPEN, O,		/* [\ */
	N | CLOSE | ENDS | GLUED, O, S,				/* ]^_ */
	O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, O, B, O, O, O,		/* {|}~ */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
};
#undef D
#undef L
#undef U
#undef S
#undef N
#undef O
#undef B
#undef H

int
raid_header_bracket(struct scan *s, struct field *f)
{
	const unsigned char *p = s->p, *close;
	size_t i, depth = 0, from = f->from;

	close = memchr(p + from, ']', s->len - from);
	if (close == NULL) {
		raid_header_see(s, s->len);
		return 0;
	}
	i = (size_t)(close - p);
	if (memchr(p + from + 1, '[', i - from - 1) != NULL) {
		for (i = from; i < s->len; i++) {
			depth += p[i] == '[';
			if (p[i] == ']' && --depth == 0)
				break;
		}
		if (i == s->len) {
			raid_header_see(s, i);
			return 0;
		}
	}
	raid_header_see(s, ++i);
	if (i < s->len && p[i] == ':')
		i++;
	f->end = i;
	f->flags = raid_header_class['['];
	return 1;
}

/* The shape of a name: "app(module)[17]", "a.b.C$D", "x/y"; n is its length,
 * with or without a colon behind it. */
static inline int
is_ident(const struct scan *s, const struct field *f, size_t n)
{
	unsigned char c = s->p[f->from];

	return n > 0 && n <= 100 && !(f->flags & OTHER) &&
	    (is_alpha(c) || c == '_' || c == '/' || c == '$');
}

static int
take_level(struct scan *s, enum raid_level level, size_t end)
{
	if (level == RAID_LEVEL_NONE)
		return 0;
	s->h->level = level;
	s->levelled = 1;
	raid_header_commit(s, end);
	return 1;
}

/* Behind "D/Tag(" or "D/Tag" at end: "( 1702):"; where it ends, or 0. */
static size_t
pid_end(struct scan *s, size_t end)
{
	size_t i = raid_header_blanks(s, end), n;

	n = digits(s->p + i, s->len - i);
	i += n;
	raid_header_see(s, i + 1);
	return n > 0 && i + 1 < s->len && s->p[i] == ')' &&
	    s->p[i + 1] == ':' ? i + 2 : 0;
}

/* "D/Tag: ", "D/Tag( 1702): " */
static int
letter_slash(struct scan *s, const struct field *f, size_t a, int first)
{
	enum raid_level level = raid_header_level_letter(s->p[a]);
	size_t end = 0;

	if (level == RAID_LEVEL_NONE)
		return 0;
	if (s->p[f->end - 1] == '(')
		end = pid_end(s, f->end);
	if (first && !s->timed && end == 0)
		return 0;
	(void)take_level(s, level, end > 0 ? end : f->end);
	s->stop = end > 0;
	return 1;
}

/* At the beginning of a line: "INFO:root:message", "info: message". */
static int
level_colon(struct scan *s, const struct field *f)
{
	static const char low[] = "1debug 1trace 1trce 1dbug 1verbose 2info "
	    "2notice 3warn 3warning 4error 4fail 5crit 5critical ";
	const unsigned char *p = s->p;
	size_t a = f->from, b = a;
	int v;

	if (!(f->flags & (DIGIT | UPPER | SEP | HIGH | OTHER)) &&
	    p[f->end - 1] == ':') {
		v = raid_header_word(low, p + a, f->end - a - 1);
		return v != 0 && take_level(s, (enum raid_level)(v - '0'),
		    f->end);
	}
	while (b < f->end && is_upper(p[b]))
		b++;
	if (b + 1 >= f->end || p[b] != ':' || !(is_alnum(p[b + 1]) ||
	    p[b + 1] == '_') ||
	    !take_level(s, raid_header_level_word(p + a, b - a), b + 1))
		return 0;
	for (a = b + 1; a < f->end && (is_alnum(p[a]) ||
	    one_of("_.-", p[a]));)
		a++;
	if (a < f->end && p[a] == ':')
		raid_header_commit(s, a + 1);
	s->stop = 1;
	return 1;
}

/* Words as of a sentence may not stand before it. */
int
raid_header_try_level(struct scan *s, const struct field *f, int first)
{
	const unsigned char *p = s->p;
	size_t a = f->from, b = f->end;
	int bracket = p[a] == '[' || p[a] == '<' || p[a] == '(';

	if (s->levelled || s->plain > 1)
		return 0;
	while (a < b && raid_header_class[p[a]] & OPEN)
		a++;
	while (b > a && raid_header_class[p[b - 1]] & CLOSE)
		b--;
	if (bracket) {			/* "[INFO ]", "[core:error]" */
		while (a < b && p[a] == ' ')
			a++;
		while (b > a && p[b - 1] == ' ')
			b--;
		for (size_t i = b; i > a; i--)
			if (p[i - 1] == ':') {
				a = i;
				break;
			}
	}
	if (a == b || !is_alpha(p[a]))
		return 0;
	if (first && a == f->from && (f->flags & COLON) && level_colon(s, f))
		return 1;
	if (b - a > 2 && p[a + 1] == '/' && (s->timed || first))
		return letter_slash(s, f, a, first);
	if (b - a > 11)
		return 0;
	if (b - a == 1 && s->timed && a == f->from && b == f->end)
		return take_level(s, raid_header_level_letter(p[a]), f->end);
	if (bracket && b - a == 4 && memcmp(p + a, "Note", 4) == 0)
		return take_level(s, RAID_LEVEL_INFO, f->end);
	if (!bracket && !(s->timed && s->fields == 0))
		for (size_t i = a; i < b; i++)
			if (!is_upper(p[i]))
				return 0;
	return take_level(s, raid_header_level_word(p + a, b - a), f->end);
}

/* "production.ERROR:" names a level, too. */
static void
level_of_name(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t a = f->end - 1;
	enum raid_level level;

	while (a > f->from && is_upper(p[a - 1]))
		a--;
	if (a == f->from || p[a - 1] != '.')
		return;
	level = raid_header_level_word(p + a, f->end - 1 - a);
	if (level != RAID_LEVEL_NONE) {
		s->h->level = level;
		s->levelled = 1;
	}
}

static int
stop_at(struct scan *s, size_t end)
{
	raid_header_commit(s, end);
	s->stop = 1;
	return 1;
}

/* Between level and message: "---", "-- :", and what ends with "   : ". */
static int
try_dashes(struct scan *s, const struct field *f, size_t next)
{
	const unsigned char *p = s->p + f->from;
	size_t n = f->end - f->from;
	int colon = next + 1 < s->len && s->p[next] == ':' &&
	    s->p[next + 1] == ' ';

	if (n == 3 && s->words == 0 && memcmp(p, "---", 3) == 0) {
		raid_header_commit(s, f->end);
		s->dashed = 1;
		return 1;
	}
	if (colon && ((n == 2 && p[0] == '-' && p[1] == '-') ||
	    (s->dashed && is_ident(s, f, n))))
		return stop_at(s, next + 1);
	return 0;
}

/* Behind "file.c:123]" or "launcher[1]": a message. */
static int
try_closed(struct scan *s, const struct field *f, size_t next)
{
	const unsigned char *p = s->p;
	size_t n = f->end - f->from;
	struct field g = { .from = next };

	if (p[f->from] != '[' && (f->flags & COLON) &&
	    memchr(p + f->from, '[', n) == NULL)
		return stop_at(s, f->end);
	if (p[next] != '(')
		return 0;
	raid_header_field(s, &g);	/* "launcher[1] (its.job[7]):" */
	if (g.end - next > 3 && p[g.end - 1] == ':' && p[g.end - 2] == ')')
		return stop_at(s, g.end);
	return 0;
}

/* Behind a level: a name that is set apart from the message, or dotted. */
static int
is_apart(const struct scan *s, const struct field *f, size_t next)
{
	const unsigned char *p = s->p;
	size_t n = f->end - f->from;

	if (n <= 2 || !is_ident(s, f, n))
		return 0;
	if (f->from > 0 && p[f->from - 1] == '\t' && f->end < s->len &&
	    p[f->end] == '\t' && next < s->len && p[next] != '{')
		return 1;
	if (!is_alpha(p[f->end - 1]))
		return 0;
	if (next > f->end + 1)
		return 1;
	if (n <= 4 || !(f->flags & SEP) ||
	    memchr(p + f->from, '.', n) == NULL)
		return 0;
	for (size_t i = f->from; i < f->end; i++)
		if (one_of("/()", p[i]))
			return 0;
	return 1;
}

int
raid_header_try_component(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t n = f->end - f->from, next, end = f->end;
	unsigned char last = p[end - 1];

	if (s->named)
		return 0;
	if (n > 1 && last == ':' && is_ident(s, f, n - 1) &&
	    (s->plain == 0 || s->syslog || p[end - 2] == ']')) {
		if (!s->levelled && (f->flags & SEP))
			level_of_name(s, f);
		return stop_at(s, end);
	}
	next = raid_header_blanks(s, end);
	if (next >= s->len)
		return 0;
	raid_header_see(s, next + 1);
	if (s->levelled && (s->dashed || *(p + f->from) == '-') &&
	    try_dashes(s, f, next))
		return 1;
	if (n > 2 && last == ']' && s->timed && try_closed(s, f, next))
		return 1;
	if (s->fields <= 1 && s->plain <= 1 && next + 1 < s->len &&
	    p[next] == '-' && p[next + 1] == ' ' && next > end) {
		raid_header_commit(s, next + 1);
		s->named = 1;
		s->stop = s->levelled;
		return 1;
	}
	if (s->levelled && s->fields == 0 && is_apart(s, f, next)) {
		raid_header_commit(s, end);
		return 1;
	}
	return 0;
}

int
raid_header_try_stream(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p + f->from;

	if (!s->timed || s->fields > 0 || f->end - f->from != 6)
		return 0;
	raid_header_see(s, f->from + 8);
	if (f->from + 9 > s->len || p[6] != ' ' ||
	    p[8] != ' ' || (p[7] != 'F' && p[7] != 'P') ||
	    (memcmp(p, "stdout", 6) != 0 && memcmp(p, "stderr", 6) != 0))
		return 0;
	raid_header_commit(s, f->from + 9);
	s->first = 1;
	return 1;
}

int
raid_header_try_prefix(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t i = f->end, next;

	if (is_digit(p[f->from]) && f->flags & COLON && i - f->from > 2) {
		/* "12:M" */
		s->role = p[i - 2] == ':' && one_of("MSCX", p[i - 1]) &&
		    digits(p + f->from, i) == i - 2 - f->from;
		return 0;
	}
	if (!is_alpha(p[f->from]))
		return 0;
	if (f->flags & EQUAL) {
		raid_header_see(s, s->len);
		s->pairs = raid_header_logfmt(s->h, p, s->len, f->from);
		s->stop |= s->pairs;
		return s->pairs;
	}
	next = raid_header_blanks(s, i);
	raid_header_see(s, next + 2);
	if (next == i || next + 2 >= s->len || p[next] != '|' ||
	    p[next + 1] != ' ' || s->prefix > 0 ||
	    (f->flags & (NAME | HIGH | OTHER)))
		return 0;
	while (i > f->from && is_digit(p[i - 1]))
		i--;
	s->sure = i < f->end && i > f->from && one_of("-_", p[i - 1]);
	raid_header_commit(s, next + 1);
	s->prefix = (uint16_t)raid_header_blanks(s, next + 1);
	s->stop = s->prefix < s->len && p[s->prefix] == '{';
	s->first = 1;
	return 1;
}

/* What a message of syslog's says by itself; where it ends, or 0. */
static size_t
data_end(const struct scan *s, size_t i)
{
	int quoted = 0;

	if (i < s->len && s->p[i] == '-')
		return i + 1;
	if (i >= s->len || s->p[i] != '[')
		return 0;
	for (; i < s->len; i++) {
		if (s->p[i] == '\\')
			i++;
		else if (s->p[i] == '"')
			quoted = !quoted;
		else if (s->p[i] == ']' && !quoted &&
		    (i + 1 == s->len || s->p[i + 1] != '['))
			return i + 1;
	}
	return 0;
}

/* "1 time host program pid id [data] message" */
static void
new_syslog(struct scan *s)
{
	const unsigned char *p = s->p;
	size_t from = s->at + 2, i = from, n;

	n = raid_header_time(p + i, s->len - i, 0);
	if (n < 19 && (p[i] != '-' || p[i + 1] != ' '))
		return;
	for (int k = 0; k < 5; k++) {
		while (i < s->len && p[i] != ' ')
			i++;
		while (i < s->len && p[i] == ' ')
			i++;
	}
	i = data_end(s, i);
	if (i == 0)
		return;
	s->h->time = n < 19 ? 0 : from;
	s->h->time_len = n < 19 ? 0 : n;
	s->timed = 1;
	i = raid_header_blanks(s, i);
	if (i + 3 <= s->len && memcmp(p + i, "\xef\xbb\xbf", 3) == 0)
		i += 3;
	(void)stop_at(s, i);
}

void
raid_header_priority(struct scan *s)
{
	size_t n = digits(s->p + 1, s->len - 1);
	unsigned v = 0;

	if (n < 1 || n > 3 || n + 1 >= s->len || s->p[n + 1] != '>')
		return;
	for (size_t i = 1; i <= n; i++)
		v = v * 10 + s->p[i] - '0';
	s->severity = (uint8_t)raid_header_severity(v);
	s->at = n + 2;
	if (s->at + 24 < s->len && is_digit(s->p[s->at]) &&
	    s->p[s->at + 1] == ' ')
		new_syslog(s);
}
