/* SPDX-License-Identifier: ISC */
#include "logs/header.h"

#include <string.h>

#include "logs/header_scan.h"
#include "logs/logtime.h"

#define FIELDS 24		/* a header has fewer fields */

static void
pass_level(struct scan *s, enum raid_level level)
{
	s->h->level = level;
	s->levelled = 1;
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
	raid_header_commit(s, end);
}

/* In the brackets of a time, behind it: ": INFO/Main", " ERR". */
static void
level_behind(struct scan *s, size_t a, size_t end)
{
	const unsigned char *p = s->p;
	enum raid_level level;
	size_t b;

	while (a < end && one_of(" ,:|", p[a]))
		a++;
	for (b = a; b < end && is_upper(p[b]);)
		b++;
	level = raid_header_level_word(p + a, b - a);
	if (level != RAID_LEVEL_NONE)
		pass_level(s, level);
}

/* In brackets at the place of a field: a time, a thread, an id. */
static int
try_bracket(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t a = f->from + 1, n, end = f->end;

	if (p[end - 1] == ':' && end - f->from > 2)
		end--;
	if (p[end - 1] != ']')
		return 0;
	while (a < end && p[a] == ' ')
		a++;
	n = raid_header_time(p + a, end - 1 - a, 0);
	if (n > 0 || raid_header_web_time(p + a, end - a)) {
		if (n > 0) {
			n = raid_header_time_end(p + a, n, end - 1 - a);
			n += raid_logtime_zone_len(p + a + n,
			    end - 1 - a - n);
			if (!s->levelled && a + n + 4 < end)
				level_behind(s, a + n, end - 1);
		}
		found_time(s, a, n > 0 ? n : end - 1 - a, f->end);
		return 1;
	}
	n = digits(p + a, end - a);
	if (s->fields == 0 && !s->timed && n > 0 && p[a + n] == '.' &&
	    a + n + 1 + digits(p + a + n + 1, end - a - n - 1) == end - 1) {
		found_time(s, a, end - 1 - a, f->end);
		s->clocked = 0;		/* since the start */
		return 1;
	}
	if ((s->timed || s->levelled) && s->fields == 0) {
		raid_header_commit(s, f->end);
		return 1;
	}
	return 0;
}

/* Fields between bars behind a time: all are header, up to the message. */
static int
try_bars(struct scan *s, size_t a)
{
	struct field f;
	size_t end;
	int n;

	for (n = 0; n < 4 && a < s->len && s->p[a] == '|'; n++) {
		raid_header_commit(s, a + 1);
		f.from = a = raid_header_blanks(s, a + 1);
		if (a >= s->len)
			break;
		raid_header_field(s, &f);
		if (f.end == a || f.end - a > 64)
			break;
		end = raid_header_blanks(s, f.end);
		if (end < s->len && s->p[end] == '|')
			(void)raid_header_try_level(s, &f, 0);
		a = end;
	}
	return n > 0;
}

/* A field that says nothing by itself: what is behind it will tell. */
static void
pass_over(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t n = f->end - f->from;
	unsigned flags;

	s->at = f->end;
	if (n == 1 && !is_alnum(p[f->from])) {
		if (s->role && !s->levelled)
			pass_level(s, p[f->from] == '#' ? RAID_LEVEL_WARN :
			    p[f->from] == '*' ? RAID_LEVEL_INFO :
			    RAID_LEVEL_DEBUG);
		if (s->timed && s->fields == 0) {
			raid_header_commit(s, f->end);
			s->stop = p[f->from] == '-' && s->levelled;
		}
		return;
	}
	if (s->syslog == 1 && s->fields == 0) {	/* the host */
		s->syslog = 2;
		raid_header_commit(s, f->end);
		return;
	}
	s->fields++;
	if (f->flags == DIGIT)
		return;
	flags = f->flags;
	if (p[f->from] == '[')
		for (size_t i = f->from; i < f->end; i++)
			flags |= raid_header_class[p[i]];
	s->words++;
	if (((flags & LOWER) && !(flags & (DIGIT | SEP))) ||
	    one_of(",;)", p[f->end - 1]))
		s->plain++;
}

/* "I0102 15:04:05.1": how long the letter and the date are. */
static size_t
letter_date(const struct scan *s, size_t from)
{
	size_t n;

	if (raid_header_level_letter(s->p[from]) == RAID_LEVEL_NONE)
		return 0;
	n = digits(s->p + from + 1, s->len - from - 1);
	return (n == 4 || n == 8) && from + n + 2 < s->len &&
	    s->p[from + n + 1] == ' ' ? n + 2 : 0;
}

/* The time behind from and its level: how long; 0 if there is none. */
static size_t
time_len(struct scan *s, const struct field *f, int first)
{
	const unsigned char *p = s->p + f->from;
	size_t n, left = s->len - f->from, more;

	n = raid_header_time(p, left, first);
	if (n > 0 || !first || !is_upper(*p))
		return n;
	more = letter_date(s, f->from);
	if (more == 0)
		return 0;
	n = raid_header_time(p + more, left - more, 0);
	if (n == 0)
		return 0;
	pass_level(s, raid_header_level_letter(*p));
	return more + n;
}

/* Can a zone stand behind a time, of which the blank is at p? */
static inline int
maybe_zone(const unsigned char *p, size_t len)
{
	unsigned char c;

	if (len < 3)
		return 0;
	c = p[1];
	if (c == '+' || c == '-')
		return is_digit(p[2]);
	if ((p[2] | 0x20) == 'm' && ((c | 0x20) == 'p' || (c | 0x20) == 'a'))
		return 1;
	/* C, E, G, J, M, P, U begin the names that are known. */
	return c == ' ' || (len > 5 && is_upper(c) &&
	    0x109254 >> (c - 'A') & 1 && is_upper(p[3]) &&
	    !(is_alnum(p[4]) && is_alnum(p[5])));
}

static int
try_time(struct scan *s, const struct field *f, int first)
{
	const unsigned char *p = s->p;
	size_t from = f->from, n, z, zone;

	if (s->plain > (s->timed ? 0 : 1) ||
	    (s->levelled && s->timed && s->fields > 0))
		return 0;
	n = time_len(s, f, first);
	z = from + n;
	if (n == 0 || (z < s->len && !(raid_header_class[p[z]] & ENDS)))
		return 0;
	/* A number alone is a time only where no sentence begins, and none is
	 * needed behind time and level. */
	if (n >= 10 && (s->plain > 0 || (s->timed && s->levelled)) &&
	    digits(p + from, n) == n)
		return 0;
	n = raid_header_time_end(p + from, n, s->len - from);
	z = from + n;
	if (p[from] >= 'A' && p[from] <= 'S')
		s->syslog = !is_digit(p[from + 1]) && p[z - 3] == ':' &&
		    memchr(p + from, ',', n) == NULL;
	if (s->severity != RAID_LEVEL_NONE && !s->timed)
		s->syslog = 1;		/* "<34>" stands before it */
	if (z < s->len && (p[z] != ' ' ? p[z] == '+' :
	    maybe_zone(p + z, s->len - z))) {
		zone = raid_logtime_zone_len(p + z, s->len - z);
		n += zone;
		z += zone;
	}
	while (z < s->len && raid_header_class[p[z]] & GLUED)
		z++;
	/* One program's lines carried by another: the inner level counts. */
	if (s->timed && s->levelled) {
		s->levelled = 0;
		s->h->level = RAID_LEVEL_NONE;
	}
	found_time(s, from, n, z);
	return 1;
}

/* Can a time begin with the field?  Most fields are told by this. */
static inline int
maybe_time(const struct field *f, const unsigned char *p, unsigned c)
{
	size_t n = f->end - f->from;

	if (c & DIGIT)
		return n < 3 || f->flags != DIGIT || n == 6 || n == 8 ||
		    n == 10 || n == 13 || n == 16;
	return c & UPPER && (n == 3 || (n > 3 && !is_alpha(p[3])));
}

/* The same for a level, where one may be. */
static inline int
maybe_level(const struct scan *s, const struct field *f,
    const unsigned char *p, unsigned c, int first)
{
	if (!(c & LETTER))
		return c & OPEN;
	return first || s->fields == 0 || !(f->flags & LOWER) ||
	    (f->end - f->from > 2 && p[1] == '/');
}

/* One field.  first: it begins a line. */
static void
step(struct scan *s, int first)
{
	struct field f = { .from = raid_header_blanks(s, s->at) };
	const unsigned char *p = s->p + f.from;
	unsigned c;

	if (f.from >= s->len) {
		s->stop = 1;
		return;
	}
	if (*p == '|') {
		if (!s->timed || s->levelled || !try_bars(s, f.from))
			s->stop = 1;
		return;
	}
	raid_header_field(s, &f);
	s->first = 0;
	if (*p == '*' && !s->timed && f.end - f.from == 4) {
		f.from++;		/* "*Jul 24 10:22:33" */
		p++;
	}
	c = raid_header_class[*p];
	if (maybe_time(&f, p, c) && try_time(s, &f, first))
		return;
	if (!s->levelled && s->plain < 2 && (first || s->timed) &&
	    maybe_level(s, &f, p, c, first) &&
	    raid_header_try_level(s, &f, first))
		return;
	if (*p == '[' && try_bracket(s, &f))
		return;
	if (s->timed || s->levelled) {
		if ((*p == 's' && raid_header_try_stream(s, &f)) ||
		    raid_header_try_component(s, &f))
			return;
	} else if (first && raid_header_try_prefix(s, &f))
		return;
	if (s->named || s->plain > 1 || s->fields > 5 ||
	    (s->levelled && (s->words > 0 || !s->timed)))
		s->stop = 1;
	else
		pass_over(s, &f);
}

/* Where the message is, if the header ends at i. */
static size_t
message_at(const struct raid_header *h, const unsigned char *p, size_t len,
    size_t i)
{
	size_t after;

	while (i < len && (p[i] == ' ' || p[i] == '\t' || p[i] == '|'))
		i++;
	if (i > 0 && i + 1 < len && (p[i] == '-' || p[i] == ':') &&
	    p[i + 1] == ' ')
		for (i++; i < len && p[i] == ' ';)
			i++;
	if (i < len)
		return i;
	/* Nothing left: the message is what stands behind the time. */
	after = h->time + h->time_len;
	while (after < len && one_of(" ]|", p[after]))
		after++;
	return after < len ? after : 0;
}

/* Does a key and "=" stand at i? */
static inline int
is_pair(const unsigned char *p, size_t len, size_t i)
{
	while (i < len && raid_header_class[p[i]] & (LETTER | DIGIT | SEP))
		i++;
	return i < len && p[i] == '=';
}

/* What the message tells: pairs of a time and a level. */
static void
finish(struct scan *s, size_t len)
{
	struct raid_header *h = s->h;

	if (!s->timed && !s->levelled)
		h->end = s->prefix;
	h->end = message_at(h, s->p, len, h->end);
	if (h->end >= len)
		return;
	if (s->p[h->end] == '{')
		raid_header_json(h, s->p, len, h->end);
	else if (!s->levelled && is_pair(s->p, len, h->end))
		(void)raid_header_logfmt(h, s->p, len, h->end);
	if (!s->timed && !s->levelled && !s->sure && h->time_len == 0 &&
	    h->level == RAID_LEVEL_NONE)
		h->end = 0;		/* a table, not a line of another */
}

void
raid_header(struct raid_header *h, const unsigned char *p, size_t len)
{
	struct scan s = { .p = p, .len = len < LOOK ? len : LOOK, .h = h,
	    .first = 1 };

	memset(h, 0, sizeof(*h));
	if (len == 0)
		return;
	if (*p == '{') {
		raid_header_json(h, p, len, 0);
		return;
	}
	if (*p == '<')
		raid_header_priority(&s);
	if ((*p == ' ' || *p == '\t') && (s.len < 20 || !is_digit(p[1]) ||
	    raid_header_time(p + 1, s.len - 1, 0) <= 10))
		return;
	for (int k = 0; k < FIELDS && !s.stop; k++)
		step(&s, s.first);
	if (s.pairs) {
		h->end = s.prefix;
		return;
	}
	finish(&s, len);
	if (h->level == RAID_LEVEL_NONE)
		h->level = (enum raid_level)s.severity;
}
