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

/* Is a time there?  What is told by it may not be told by the shape. */
static struct moment
moment_at(struct scan *s, size_t from, size_t end, int first)
{
	struct moment m = { .from = (uint16_t)from, .end = (uint16_t)end,
	    .first = first != 0 };

	raid_header_measure(s->p, s->len, &m);
	if (s->times == NULL)
		return m;
	if (s->times->n < TIMES)
		s->times->v[s->times->n++] = m;
	else
		raid_header_see(s, s->len);
	return m;
}

/* In brackets at the place of a field: a time, a thread, an id. */
static int
try_bracket(struct scan *s, const struct field *f)
{
	const unsigned char *p = s->p;
	size_t a = f->from + 1, n, end = f->end;
	struct moment m;

	if (p[end - 1] == ':' && end - f->from > 2)
		end--;
	if (p[end - 1] != ']')
		return 0;
	while (a < end && p[a] == ' ')
		a++;
	m = moment_at(s, a, end - 1, 0);
	if (m.n > 0 || raid_header_web_time(p + a, end - a)) {
		n = (size_t)m.n + m.zone;
		if (m.n > 0 && !s->levelled && a + n + 4 < end)
			level_behind(s, a + n, end - 1);
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
	if (((flags & LOWER) && !(flags & (DIGIT | SEP)) &&
	    memchr(p + f->from, '@', n) == NULL) ||
	    one_of(",;)", p[f->end - 1]))
		s->plain++;
}

static int
try_time(struct scan *s, const struct field *f, int first)
{
	const unsigned char *p = s->p;
	size_t from = f->from, z;
	struct moment m;

	if (s->plain > (s->timed ? 0 : 1) ||
	    (s->levelled && s->timed && s->fields > 0))
		return 0;
	m = moment_at(s, from, 0, first);
	if (m.n == 0)
		return 0;
	/* A number alone is a time only where no sentence begins, and none is
	 * needed behind time and level. */
	if (m.n >= 10 && (s->plain > 0 || (s->timed && s->levelled)) &&
	    digits(p + from, m.n) == m.n)
		return 0;
	z = from + m.n;
	if (is_upper(p[from]) && is_digit(p[from + 1])) {
		pass_level(s, raid_header_level_letter(p[from]));
		s->syslog = 0;
	} else if (p[from] >= 'A' && p[from] <= 'S')
		s->syslog = p[z - 3] == ':' &&
		    memchr(p + from, ',', m.n) == NULL;
	if (s->severity != RAID_LEVEL_NONE && !s->timed)
		s->syslog = 1;		/* "<34>" stands before it */
	z += m.zone;
	while (z < s->len && raid_header_class[p[z]] & GLUED)
		z++;
	raid_header_see(s, z);
	/* One program's lines carried by another: the inner level counts. */
	if (s->timed && s->levelled) {
		s->levelled = 0;
		s->h->level = RAID_LEVEL_NONE;
	}
	found_time(s, from, (size_t)m.n + m.zone, z);
	return 1;
}

/* Can a time begin with the field?  Most fields are told by this. */
static inline int
maybe_time(const struct field *f, const unsigned char *p, unsigned c,
    int first)
{
	/* A, D, F, J, M, N, O, S, T, W begin names of months and days. */
	const uint32_t names = 0x4c7229;
	size_t n = f->end - f->from;

	if (c & DIGIT)
		return n < 3 || f->flags != DIGIT || n == 6 || n == 8 ||
		    n == 10 || n == 13 || n == 16;
	return c & UPPER && (n == 3 || (n > 3 && !is_alpha(p[3]))) &&
	    (names >> (*p - 'A') & 1 || (first && is_digit(p[1])));
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
	if (maybe_time(&f, p, c, first) && try_time(s, &f, first))
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

/* Field by field, up to the message. */
static void
scan_fields(struct scan *s)
{
	while (s->steps++ < FIELDS && !s->stop)
		step(s, s->first);
}

/* The same, which others shall not need to do for the like of it. */
static void
scan_and_keep(struct scan *s, struct raid_header_memo *memo)
{
	struct raid_header_known *k = raid_header_memo_place(memo);
	size_t end = 0;

	k->times.n = 0;
	s->times = &k->times;
	while (s->steps++ < FIELDS && !s->stop) {
		step(s, s->first);
		if (s->h->end == end)
			continue;
		end = s->h->end;
		k->scan = *s;
		k->h = *s->h;
		k->ntimes = k->times.n;
	}
	if (end > 0)
		raid_header_memo_keep(memo);
}

/* Does the line have the times of the one that it looks like? */
static int
has_times(const unsigned char *p, size_t len,
    const struct raid_header_known *k)
{
	for (size_t i = 0; i < k->ntimes; i++) {
		const struct moment *was = &k->times.v[i];
		struct moment m = *was;

		raid_header_measure(p, len, &m);
		if (m.n != was->n || m.zone != was->zone)
			return 0;
	}
	return 1;
}

/* Go on where a line of the same shape has the end of its header. */
static void
go_on(struct scan *s, const struct raid_header_known *k, struct raid_header *h,
    const unsigned char *p, size_t len)
{
	*h = k->h;
	*s = k->scan;
	s->p = p;
	s->len = len;
	s->h = h;
	s->times = NULL;
	scan_fields(s);
}

/* From the beginning; 0: there is no header. */
static int
scan_all(struct scan *s, struct raid_header_memo *memo)
{
	const unsigned char *p = s->p;

	if ((*p == ' ' || *p == '\t') && (s->len < 20 || !is_digit(p[1]) ||
	    raid_header_time(p + 1, s->len - 1, 0) <= 10))
		return 0;
	if (*p == '<')
		raid_header_priority(s);
	if (memo != NULL)
		scan_and_keep(s, memo);
	else
		scan_fields(s);
	return 1;
}

void
raid_header_by(struct raid_header_memo *memo, struct raid_header *h,
    const unsigned char *p, size_t len)
{
	const struct raid_header_known *k = NULL;
	size_t look = len < LOOK ? len : LOOK;
	struct scan s;

	*h = (struct raid_header){ 0 };
	if (len == 0)
		return;
	if (*p == '{') {
		raid_header_json(h, p, len, 0);
		return;
	}
	if (one_of("< \t", *p))
		memo = NULL;
	if (memo != NULL)
		k = raid_header_memo_find(memo, p, look);
	if (k != NULL && has_times(p, look, k))
		go_on(&s, k, h, p, look);
	else {
		s = (struct scan){ .p = p, .len = look, .h = h, .first = 1 };
		if (!scan_all(&s, k == NULL ? memo : NULL))
			return;
	}
	if (s.pairs) {
		h->end = s.prefix;
		return;
	}
	finish(&s, len);
	if (h->level == RAID_LEVEL_NONE)
		h->level = (enum raid_level)s.severity;
}

void
raid_header(struct raid_header *h, const unsigned char *p, size_t len)
{
	raid_header_by(NULL, h, p, len);
}
