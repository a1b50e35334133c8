/* SPDX-License-Identifier: ISC */
#include "logs/header.h"

#include <string.h>

#include "logs/header_priv.h"
#include "logs/logtime.h"

#define LOOK 512		/* a header is shorter, in bytes */
#define FIELDS 24		/* and has fewer fields */

/* Where the scan is.  What stands before end is the header so far. */
struct scan {
	const unsigned char *p;
	size_t len;		/* at most LOOK */
	size_t at;
	struct raid_header *h;
	int timed, levelled;	/* a time, a level was seen */
	int clocked;		/* the time has an hour */
	int syslog;		/* the time was of "Jun 14 15:16:01" */
	int named;		/* a component with a dash behind it */
	int fields, words;	/* since the last thing that was certain, */
	int plain;		/* words among them as of a sentence */
	int stop;
};

const char *
raid_level_name(enum raid_level level)
{
	static const char *const names[] = { "", "debug", "info", "warn",
	    "error", "fatal" };

	return names[level];
}

/* Does a level begin with the letter? */
static inline int
maybe_level(unsigned char c)
{
	/* a c d e f i n p s t v w */
	return is_alpha(c) && 0x00d9427aU >> (c & 31) & 1;
}

static enum raid_level
level_word(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "trace", "debug", "verbose",
	    "fine", NULL, "info", "notice", "information", "success", NULL,
	    "warn", "warning", NULL, "error", "err", "severe", "failure",
	    NULL, "crit", "alert", "critical", "fatal", "emerg", "panic",
	    NULL };
	int level = RAID_LEVEL_DEBUG;
	size_t k;

	if (len < 3 || len > 11 || !maybe_level(*p))
		return RAID_LEVEL_NONE;
	for (size_t i = 0; level <= RAID_LEVEL_FATAL; i++) {
		if (words[i] == NULL) {
			level++;
			continue;
		}
		for (k = 0; k < len && words[i][k] == (char)(p[k] | 0x20);)
			k++;
		if (k == len && words[i][k] == '\0')
			return (enum raid_level)level;
	}
	return RAID_LEVEL_NONE;
}

static enum raid_level
level_letter(unsigned char c)
{
	switch (c) {
	case 'V': case 'D': return RAID_LEVEL_DEBUG;
	case 'I': return RAID_LEVEL_INFO;
	case 'W': return RAID_LEVEL_WARN;
	case 'E': return RAID_LEVEL_ERROR;
	case 'F': return RAID_LEVEL_FATAL;
	}
	return RAID_LEVEL_NONE;
}

/* Everything up to at is header. */
static void
commit(struct scan *s, size_t at)
{
	s->at = s->h->end = at;
	s->fields = s->words = s->plain = 0;
}

/* A time; one that has an hour is better than one without. */
static void
found_time(struct scan *s, size_t from, size_t n, size_t end)
{
	int clocked = n > 10 || memchr(s->p + from, ':', n) != NULL ||
	    digits(s->p + from, n) == n;

	if (s->h->time_len == 0 || (clocked && !s->clocked)) {
		s->h->time = from;
		s->h->time_len = n;
		s->clocked = clocked;
	}
	s->timed = 1;
	commit(s, end);
}

/* The end of the field at from: a blank, or the bracket that closes it. */
static size_t
field_end(const struct scan *s, size_t from)
{
	size_t i = from;
	int depth = 0;

	if (s->p[i] == '[') {
		for (; i < s->len; i++) {
			depth += s->p[i] == '[';
			depth -= s->p[i] == ']';
			if (depth == 0)
				break;
		}
		if (i < s->len) {
			i++;
			if (i < s->len && s->p[i] == ':')
				i++;
			return i;
		}
		i = from;
	}
	while (i < s->len && s->p[i] != ' ' && s->p[i] != '\t' &&
	    s->p[i] != '|')
		i++;
	return i;
}

/* A level at this field?  Words as of a sentence may not stand before it. */
static int
try_level(struct scan *s, size_t from, size_t end)
{
	const unsigned char *p = s->p;
	size_t a = from, b = end;
	enum raid_level level = RAID_LEVEL_NONE;
	int bracket = one_of("[<(", p[a]), upper = 1;

	if (s->levelled || s->plain > 1)
		return 0;
	while (a < b && one_of("[<(#", p[a]))
		a++;
	while (b > a && one_of("])>:,", p[b - 1]))
		b--;
	if (a == b || (b - a > 11 && p[a + 1] != '/') ||
	    !maybe_level(p[a] | 0x20))
		return 0;
	for (size_t i = a; i < b; i++)
		upper &= is_upper(p[i]) != 0;
	if (b - a == 1 && s->timed && a == from && b == end)
		level = level_letter(p[a]);
	else if (b - a > 2 && s->timed && p[a + 1] == '/')
		level = level_letter(p[a]);
	else if (upper || bracket || (s->timed && s->fields == 0))
		level = level_word(p + a, b - a);
	if (level == RAID_LEVEL_NONE)
		return 0;
	s->h->level = level;
	s->levelled = 1;
	commit(s, end);
	return 1;
}

/* In brackets at the place of a field: a time, a thread, an id. */
static int
try_bracket(struct scan *s, size_t from, size_t end)
{
	const unsigned char *p = s->p;
	size_t a = from + 1, n;

	if (p[from] != '[' || p[end - 1] != ']')
		return 0;
	while (a < end && p[a] == ' ')
		a++;
	n = raid_header_time(p + a, end - 1 - a, 0);
	if (n > 0 || raid_header_web_time(p + a, end - a)) {
		if (n > 0) {
			n = raid_header_time_end(p + a, n, end - 1 - a);
			n += raid_logtime_zone_len(p + a + n,
			    end - 1 - a - n);
		}
		found_time(s, a, n > 0 ? n : end - 1 - a, end);
		return 1;
	}
	n = digits(p + a, end - a);
	if (s->fields == 0 && !s->timed && n > 0 && p[a + n] == '.' &&
	    a + n + 1 + digits(p + a + n + 1, end - a - n - 1) == end - 1) {
		found_time(s, a, end - 1 - a, end);
		s->clocked = 0;		/* since the start */
		return 1;
	}
	if ((s->timed || s->levelled) && s->fields == 0) {
		commit(s, end);
		return 1;
	}
	return 0;
}

/* The shape of a name: "app(module)[17]", "a.b.C$D", "x/y". */
static int
is_ident(const unsigned char *p, size_t len)
{
	if (len == 0 || len > 100 || !(is_alpha(*p) || one_of("_/$", *p)))
		return 0;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(p[i]) && p[i] < 0x80 &&
		    !one_of("._-$/()[]@#:+*", p[i]))
			return 0;
	return 1;
}

static int
has_any(const unsigned char *p, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (one_of(set, p[i]))
			return 1;
	return 0;
}

static size_t
skip_blanks(const struct scan *s, size_t i)
{
	while (i < s->len && (s->p[i] == ' ' || s->p[i] == '\t'))
		i++;
	return i;
}

/* A program or class before its message. */
static int
try_component(struct scan *s, size_t from, size_t end)
{
	const unsigned char *p = s->p;
	size_t n = end - from, next = skip_blanks(s, end), b;

	if (s->named)
		return 0;
	if (n > 1 && p[end - 1] == ':' && is_ident(p + from, n - 1) &&
	    (s->plain == 0 || s->syslog || p[end - 2] == ']')) {
		commit(s, end);
		s->stop = 1;
		return 1;
	}
	if (n > 2 && p[end - 1] == ']' && s->timed && next < s->len) {
		if (p[from] != '[' && memchr(p + from, ':', n) != NULL &&
		    memchr(p + from, '[', n) == NULL) {
			commit(s, end);	/* "file.c:123]" */
			s->stop = 1;
			return 1;
		}
		b = field_end(s, next);
		if (p[next] == '(' && b - next > 3 && p[b - 1] == ':' &&
		    p[b - 2] == ')') {
			commit(s, b);	/* "launcher[1] (its.job[7]):" */
			s->stop = 1;
			return 1;
		}
	}
	if (s->fields <= 1 && s->plain <= 1 && next + 1 < s->len &&
	    p[next] == '-' && p[next + 1] == ' ' && next > end) {
		commit(s, next + 1);
		s->named = 1;
		s->stop = s->levelled;
		return 1;
	}
	if (s->levelled && s->fields == 0 && is_ident(p + from, n) && n > 2 &&
	    is_alpha(p[end - 1]) && (next > end + 1 ||
	    (n > 4 && memchr(p + from, '.', n) != NULL &&
	    !has_any(p + from, n, "/()")))) {
		commit(s, end);
		return 1;
	}
	return 0;
}

/* Fields between bars behind a time: all are header, up to the message. */
static int
try_bars(struct scan *s)
{
	size_t a = skip_blanks(s, s->at), b, end;
	int n;

	for (n = 0; n < 4 && a < s->len && s->p[a] == '|'; n++) {
		commit(s, a + 1);
		a = skip_blanks(s, a + 1);
		if (a >= s->len)
			break;
		b = field_end(s, a);
		if (b == a || b - a > 64)
			break;
		end = skip_blanks(s, b);
		if (end < s->len && s->p[end] == '|')
			(void)try_level(s, a, b);
		a = end;
	}
	return n > 0;
}

/* A field that says nothing by itself: what is behind it will tell. */
static void
pass_over(struct scan *s, size_t from, size_t end)
{
	const unsigned char *p = s->p;
	size_t n = end - from;
	int upper = 1;

	s->at = end;
	if (n == 1 && !is_alnum(p[from])) {
		if (s->timed && s->fields == 0) {
			commit(s, end);
			s->stop = p[from] == '-' && s->levelled;
		}
		return;
	}
	if (s->syslog == 1 && s->fields == 0) {	/* the host */
		s->syslog = 2;
		commit(s, end);
		return;
	}
	for (size_t i = from; i < end; i++)
		upper &= !is_lower(p[i]);
	s->fields++;
	if (digits(p + from, n) == n)
		return;
	s->words++;
	if (!upper && !has_any(p + from, n, "0123456789-._/"))
		s->plain++;
	else if (one_of(",;)", p[end - 1]))
		s->plain++;
}

static int
try_time(struct scan *s, size_t from, int first)
{
	size_t n, z, zone;

	if (s->plain > (s->timed ? 0 : 1) ||
	    (s->levelled && s->timed && s->fields > 0))
		return 0;
	n = raid_header_time(s->p + from, s->len - from, first);
	if (n == 0 && first && s->len > 6 && level_letter(s->p[0]) !=
	    RAID_LEVEL_NONE && digits(s->p + 1, 5) == 4 && s->p[5] == ' ') {
		/* I0102 15:04:05.1 */
		n = raid_header_time(s->p + 6, s->len - 6, 0);
		if (n > 0) {
			s->h->level = level_letter(s->p[0]);
			s->levelled = 1;
			n += 6;
		}
	}
	z = from + n;
	if (n == 0 || (z < s->len && !one_of(" \t|,:]", s->p[z]) &&
	    s->p[z] != '+'))
		return 0;
	/* A number alone is a time only where no sentence begins. */
	if (digits(s->p + from, n) == n && n >= 10 && s->plain > 0)
		return 0;
	n = raid_header_time_end(s->p + from, n, s->len - from);
	z = from + n;
	if (s->p[from] >= 'A' && s->p[from] <= 'S')
		s->syslog = !is_digit(s->p[from + 1]) && s->p[z - 3] == ':';
	zone = raid_logtime_zone_len(s->p + z, s->len - z);
	n += zone;
	z += zone;
	while (z < s->len && one_of(",:]", s->p[z]))
		z++;
	/* One program's lines carried by another: the inner level counts. */
	if (s->timed && s->levelled) {
		s->levelled = 0;
		s->h->level = RAID_LEVEL_NONE;
	}
	found_time(s, from, n, z);
	return 1;
}

static void
step(struct scan *s, int k)
{
	size_t from = skip_blanks(s, s->at), end;

	if (s->timed && !s->levelled && try_bars(s))
		return;
	if (from >= s->len) {
		s->stop = 1;
		return;
	}
	end = field_end(s, from);
	if (end == from) {
		s->stop = 1;
		return;
	}
	if (try_time(s, from, k == 0))
		return;
	if ((k == 0 || s->timed) && try_level(s, from, end))
		return;
	if (try_bracket(s, from, end))
		return;
	if ((s->timed || s->levelled) && try_component(s, from, end))
		return;
	if (s->named || s->plain > 1 || s->fields > 5 ||
	    (s->levelled && s->words > 0) ||
	    (s->levelled && !s->timed))
		s->stop = 1;
	else
		pass_over(s, from, end);
}

void
raid_header(struct raid_header *h, const unsigned char *p, size_t len)
{
	struct scan s = { p, len < LOOK ? len : LOOK, 0, h, 0, 0, 0, 0, 0, 0,
	    0, 0, 0 };
	size_t i, after;

	memset(h, 0, sizeof(*h));
	if (s.len > 2 && p[0] == '<' && is_digit(p[1])) {	/* <34> */
		i = 1 + digits(p + 1, s.len - 1);
		if (i < 5 && i < s.len && p[i] == '>')
			s.at = i + 1;
	}
	if (s.len == 0 || p[0] == '{' || p[0] == ' ' || p[0] == '\t')
		return;
	for (int k = 0; k < FIELDS && !s.stop; k++)
		step(&s, k);
	if (!s.timed && !s.levelled)
		h->end = 0;
	i = h->end;
	while (i < len && (p[i] == ' ' || p[i] == '\t' || p[i] == '|'))
		i++;
	if (i > 0 && i + 1 < len && (p[i] == '-' || p[i] == ':') &&
	    p[i + 1] == ' ')
		for (i++; i < len && p[i] == ' ';)
			i++;
	/* Nothing left: the message is what stands behind the time. */
	if (i >= len) {
		after = h->time + h->time_len;
		while (after < len && one_of(" ]|", p[after]))
			after++;
		i = after < len ? after : 0;
	}
	h->end = i;
}
