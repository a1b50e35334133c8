/* SPDX-License-Identifier: ISC */
/*
 * Time zones: a list of the moments at which the offset changes.  It is read
 * from the files of the system (RFC 8536); what comes after their list is
 * told by a rule, which is written out up to the year 2100.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "logs/logtime.h"
#include "logs/logtime_priv.h"

#define FILE_MAX ((size_t)256 << 10)
#define LAST_YEAR 2100
#define SPAN_MAX 100000		/* no zone is further from UTC, in seconds */
#define BUCKET 29		/* of the index: 2^29 ms are 6 days */
#define BUCKETS ((size_t)1 << 13)	/* 139 years */

/* From at (ms) on, clocks show UTC plus offset (ms). */
struct change {
	int64_t at;
	int64_t local;		/* the same moment as a clock that is asked */
	int32_t offset;
};

struct raid_zone {
	char name[64];
	struct change *v;	/* sorted; v[0] is from the beginning on */
	size_t n, cap;
	uint16_t utc[BUCKETS], local[BUCKETS];	/* the change that counts
						 * when the bucket begins */
};

/* A rule, "CET-1CEST,M3.5.0,M10.5.0/3": all in seconds. */
struct rule {
	const char *s;
	long std, dst;		/* offsets, east is positive */
	int has_dst;
	struct date {
		int kind;	/* 'M' month.week.day, else of the year */
		int month, week, day;
		long time;
	} on, off;
};

static void
add_change(struct raid_zone *z, int64_t seconds, int64_t offset)
{
	struct change *c;

	if (z->n >= UINT16_MAX || (z->n > 0 &&
	    seconds * 1000 <= z->v[z->n - 1].at) || offset < -SPAN_MAX ||
	    offset > SPAN_MAX)
		return;
	z->v = raid_grow(z->v, &z->cap, z->n + 1, sizeof(*z->v));
	c = &z->v[z->n];
	c->offset = (int32_t)(offset * 1000);
	c->at = z->n == 0 ? INT64_MIN : seconds * 1000;
	c->local = c->at;
	if (z->n > 0)
		c->local += c->offset > c[-1].offset ? c->offset :
		    c[-1].offset;
	z->n++;
}

/* The index, which makes a look-up two steps long. */
static void
make_index(struct raid_zone *z)
{
	size_t u = 0, l = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		while (u + 1 < z->n && z->v[u + 1].at <=
		    (int64_t)i << BUCKET)
			u++;
		while (l + 1 < z->n && z->v[l + 1].local <=
		    (int64_t)i << BUCKET)
			l++;
		z->utc[i] = (uint16_t)u;
		z->local[i] = (uint16_t)l;
	}
}

int64_t
raid_zone_to_local(const struct raid_zone *z, int64_t ms)
{
	size_t i;

	if (z == NULL || ms == RAID_NO_TIME)
		return ms;
	i = ms < 0 ? 0 : z->utc[(ms >> BUCKET) < (int64_t)BUCKETS ?
	    (size_t)(ms >> BUCKET) : BUCKETS - 1];
	while (i + 1 < z->n && z->v[i + 1].at <= ms)
		i++;
	return ms + z->v[i].offset;
}

int64_t
raid_zone_to_utc(const struct raid_zone *z, int64_t ms)
{
	size_t i;

	if (z == NULL || ms == RAID_NO_TIME)
		return ms;
	i = ms < 0 ? 0 : z->local[(ms >> BUCKET) < (int64_t)BUCKETS ?
	    (size_t)(ms >> BUCKET) : BUCKETS - 1];
	while (i + 1 < z->n && z->v[i + 1].local <= ms)
		i++;
	return ms - z->v[i].offset;
}

/* A number of at most four digits. */
static int
take_int(const char **s, int *v)
{
	int n;

	for (n = 0, *v = 0; n < 4 && is_digit((unsigned char)**s); n++)
		*v = *v * 10 + (*(*s)++ - '0');
	return n > 0;
}

/* "[+-]hh[:mm[:ss]]" in seconds. */
static int
take_span(const char **s, long *v)
{
	int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;

	if (**s == '+' || **s == '-')
		(*s)++;
	if (!take_int(s, &h) || h > 167)
		return 0;
	if (**s == ':') {
		(*s)++;
		if (!take_int(s, &m))
			return 0;
	}
	if (**s == ':') {
		(*s)++;
		if (!take_int(s, &sec))
			return 0;
	}
	*v = sign * (h * 3600L + m * 60L + sec);
	return 1;
}

/* "CET" or "<+03>" */
static int
skip_name(const char **s)
{
	const char *from = *s;

	if (**s == '<') {
		while (**s != '\0' && **s != '>')
			(*s)++;
		return *(*s)++ == '>';
	}
	while (is_alpha((unsigned char)**s))
		(*s)++;
	return *s - from >= 3;
}

static int
take_date(const char **s, struct date *d)
{
	if (*(*s)++ != ',')
		return 0;
	d->kind = **s == 'M' || **s == 'J' ? *(*s)++ : 'D';
	d->time = 7200;
	if (d->kind == 'M') {
		if (!take_int(s, &d->month) || *(*s)++ != '.' ||
		    !take_int(s, &d->week) || *(*s)++ != '.' ||
		    !take_int(s, &d->day) || d->month < 1 ||
		    d->month > 12 || d->week < 1 || d->week > 5 || d->day > 6)
			return 0;
	} else if (!take_int(s, &d->day) || d->day > 366)
		return 0;
	if (**s != '/')
		return 1;
	(*s)++;
	return take_span(s, &d->time);
}

/* Read a rule; 0 if it is none. */
static int
take_rule(const char *s, struct rule *r)
{
	memset(r, 0, sizeof(*r));
	if (!skip_name(&s) || !take_span(&s, &r->std))
		return 0;
	r->std = -r->std;
	if (*s == '\0')
		return 1;
	r->has_dst = 1;
	r->dst = r->std + 3600;
	if (!skip_name(&s))
		return 0;
	if (*s != ',' && *s != '\0') {
		if (!take_span(&s, &r->dst))
			return 0;
		r->dst = -r->dst;
	}
	if (*s == '\0')		/* as POSIX leaves it to the system */
		s = ",M3.2.0,M11.1.0";
	return take_date(&s, &r->on) && take_date(&s, &r->off) && *s == '\0';
}

/* Seconds since 1970, of a clock, of a date in a year. */
static int64_t
date_in(const struct date *d, int year)
{
	int64_t day;
	int to_go;

	if (d->kind == 'M') {
		/* 1970-01-01 was a Thursday, day 4. */
		day = days_of(year, d->month, 1);
		to_go = (int)((d->day - (day + 4) % 7 + 7) % 7);
		day += to_go + (d->week - 1) * 7;
		if (day >= (d->month == 12 ? days_of(year + 1, 1, 1) :
		    days_of(year, d->month + 1, 1)))
			day -= 7;
	} else {
		day = days_of(year, 1, 1) + d->day;
		if (d->kind == 'J' && !(is_leap(year) && d->day >= 60))
			day--;
	}
	return day * 86400 + d->time;
}

static void
add_rule(struct raid_zone *z, const struct rule *r)
{
	int from = 1970;
	int64_t on, off;

	if (z->n == 0)
		add_change(z, 0, r->std);
	else if (z->n > 1)
		from = year_of(floor_day(z->v[z->n - 1].at));
	for (int year = from; r->has_dst && year <= LAST_YEAR; year++) {
		on = date_in(&r->on, year) - r->std;
		off = date_in(&r->off, year) - r->dst;
		if (on < off)
			add_change(z, on, r->dst);
		add_change(z, off, r->std);
		if (on > off)
			add_change(z, on, r->dst);
	}
}

static int64_t
big(const unsigned char *p, size_t n)
{
	uint64_t v = n == 4 && *p & 0x80 ? UINT32_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* The counts of a header: the order is of the file. */
enum { ISUT, ISSTD, LEAPS, TIMES, TYPES, CHARS, COUNTS };
#define HEAD 44

/* One block of a file: length of what is behind the header; 0 if it lies. */
static size_t
block_len(const unsigned char *p, size_t left, size_t width,
    size_t count[COUNTS])
{
	size_t len;

	if (left < HEAD || memcmp(p, "TZif", 4) != 0)
		return 0;
	for (size_t i = 0; i < COUNTS; i++) {
		count[i] = (size_t)big(p + 20 + 4 * i, 4);
		if (count[i] > FILE_MAX)
			return 0;
	}
	len = count[TIMES] * (width + 1) + count[TYPES] * 6 + count[CHARS] +
	    count[LEAPS] * (width + 4) + count[ISSTD] + count[ISUT];
	return count[TYPES] > 0 && len <= left - HEAD ? len : 0;
}

/* The changes of a block, whose header is at p. */
static void
add_block(struct raid_zone *z, const unsigned char *p, size_t width,
    const size_t count[COUNTS])
{
	const unsigned char *times = p + HEAD;
	const unsigned char *kinds = times + count[TIMES] * width;
	const unsigned char *types = kinds + count[TIMES];
	int64_t at, limit = INT64_C(1) << 36;

	add_change(z, 0, big(types, 4));
	for (size_t i = 0; i < count[TIMES]; i++) {
		at = big(times + i * width, width);
		if (kinds[i] < count[TYPES] && at > -limit && at < limit)
			add_change(z, at, big(types + 6 * kinds[i], 4));
	}
}

/* All of a file; 0 if it is none of a zone. */
static int
read_zone(struct raid_zone *z, const unsigned char *p, size_t len)
{
	size_t count[COUNTS], n = block_len(p, len, 4, count), width = 4;
	struct rule r;
	char *s;

	if (n == 0)
		return 0;
	if (p[4] >= '2') {	/* the second block has wider times */
		p += HEAD + n;
		len -= HEAD + n;
		width = 8;
		n = block_len(p, len, width, count);
		if (n == 0)
			return 0;
	}
	add_block(z, p, width, count);
	p += HEAD + n;
	len -= HEAD + n;
	if (width == 4 || len < 3 || p[0] != '\n' || p[len - 1] != '\n')
		return 1;
	s = raid_strndup((const char *)p + 1, len - 2);
	if (take_rule(s, &r))
		add_rule(z, &r);
	free(s);
	return 1;
}

static int
from_file(struct raid_zone *z, const char *path)
{
	struct raid_buf b;
	struct raid_err ignored;
	int found;

	found = raid_path_read(path, FILE_MAX, &b, &ignored) == 0 &&
	    read_zone(z, b.p, b.len);
	raid_buf_free(&b);
	return found;
}

/* A file among those of the system. */
static int
from_name(struct raid_zone *z, const char *name)
{
	const char *dir = getenv("TZDIR");
	char *path;
	int found;

	if (*name == '\0' || *name == '/' || strstr(name, "..") != NULL ||
	    strlen(name) >= sizeof(z->name))
		return 0;
	path = raid_path_join(dir != NULL && *dir != '\0' ? dir :
	    "/usr/share/zoneinfo", name);
	found = from_file(z, path);
	free(path);
	return found;
}

/* "Z", "+03:00", "-0330", "UTC+3" */
static int
from_offset(struct raid_zone *z, const char *s)
{
	int sign, h, m = 0;

	if (strcmp(s, "Z") == 0 || strcmp(s, "UTC") == 0 ||
	    strcmp(s, "GMT") == 0) {
		add_change(z, 0, 0);
		return 1;
	}
	if (strncmp(s, "UTC", 3) == 0 || strncmp(s, "GMT", 3) == 0)
		s += 3;
	if (*s != '+' && *s != '-')
		return 0;
	sign = *s++ == '-' ? -1 : 1;
	if (!take_int(&s, &h))
		return 0;
	if (*s == ':') {
		s++;
		if (!take_int(&s, &m))
			return 0;
	} else if (h > 99) {
		m = h % 100;
		h /= 100;
	}
	if (*s != '\0' || h > 14 || m > 59)
		return 0;
	add_change(z, 0, sign * (h * 3600 + m * 60));
	return 1;
}

/* The zone of this machine; where nothing tells it, UTC. */
static void
from_machine(struct raid_zone *z)
{
	const char *s = getenv("TZ");
	struct rule r;

	(void)snprintf(z->name, sizeof(z->name), "%s", "local");
	if (s == NULL)
		(void)from_file(z, "/etc/localtime");
	else {
		s += *s == ':';
		if (*s == '/' ? from_file(z, s) : from_name(z, s))
			(void)snprintf(z->name, sizeof(z->name), "%s", s);
		else if (take_rule(s, &r))
			add_rule(z, &r);
	}
	if (z->n == 0) {
		(void)snprintf(z->name, sizeof(z->name), "%s", "UTC");
		add_change(z, 0, 0);
	}
}

struct raid_zone *
raid_zone_open(const char *name, struct raid_err *err)
{
	struct raid_zone *z = raid_calloc(1, sizeof(*z));

	if (name == NULL || *name == '\0')
		from_machine(z);
	else {
		if (!from_offset(z, name) && !from_name(z, name)) {
			(void)raid_fail(err, RAID_EUSAGE, "%s: no such time "
			    "zone; say UTC, +03:00 or Europe/Moscow", name);
			raid_zone_close(z);
			return NULL;
		}
		(void)snprintf(z->name, sizeof(z->name), "%s", name);
	}
	if (z->n == 0)
		add_change(z, 0, 0);
	make_index(z);
	return z;
}

void
raid_zone_close(struct raid_zone *z)
{
	if (z == NULL)
		return;
	free(z->v);
	free(z);
}

const char *
raid_zone_name(const struct raid_zone *z)
{
	return z == NULL ? "UTC" : z->name;
}
