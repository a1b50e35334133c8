/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "array/wire_priv.h"
#include "base/clock.h"

void
raid_wire_headers_init(struct raid_wire_headers *h)
{
	*h = (struct raid_wire_headers){ .should_retry = -1, .retry_ms = -1,
		.retry_s = -1, .retry_date = -1, .date = -1, .cost = -1 };
	for (int i = 0; i < RAID_BUCKETS; i++)
		h->bucket[i] = (struct raid_wire_bucket){ .remaining = -1,
			.reset = -1 };
}

/* A number of at least 0 that is all of s, or -1. */
static double
number(const char *s)
{
	char *end;
	double v;

	if (!isdigit((unsigned char)*s) && *s != '.')
		return -1;
	v = strtod(s, &end);
	return *end == '\0' && isfinite(v) ? v : -1;
}

/* As Go prints a duration: 6m0s, 1h2m3s, 7.66s, 17ms; a number alone is
 * seconds.  -1 if it is none. */
static double
duration(const char *s)
{
	static const struct {
		const char *name;
		double factor;
	} units[] = { { "ms", 1e-3 }, { "us", 1e-6 }, { "\xc2\xb5s", 1e-6 },
		{ "ns", 1e-9 }, { "h", 3600 }, { "m", 60 }, { "s", 1 },
		{ "d", 86400 } };
	const size_t n = sizeof(units) / sizeof(units[0]);
	double sum = 0, v = number(s);
	char *end;

	if (v >= 0)
		return v;
	while (*s != '\0') {
		size_t i = 0;

		if (!isdigit((unsigned char)*s))
			return -1;
		v = strtod(s, &end);
		while (i < n && strncmp(end, units[i].name,
		    strlen(units[i].name)) != 0)
			i++;
		if (i == n)
			return -1;
		sum += v * units[i].factor;
		s = end + strlen(units[i].name);
	}
	return isfinite(sum) && sum > 0 ? sum : -1;
}

static double
seconds_of(struct tm *tm)
{
	return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_year >= 70 &&
	    tm->tm_year < 8100 ? (double)timegm(tm) : -1;
}

static int
month(const char *s)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *at = strlen(s) == 3 ? strstr(names, s) : NULL;

	return at != NULL && (at - names) % 3 == 0 ? (int)(at - names) / 3 :
	    -1;
}

/* A date of HTTP, in the three forms of RFC 9110; -1 if it is none. */
static double
http_date(const char *s)
{
	struct tm tm = { 0 };
	char mon[4] = "";

	if (sscanf(s, "%*[A-Za-z], %2d %3s %4d %2d:%2d:%2d", &tm.tm_mday, mon,
	    &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 &&
	    sscanf(s, "%*[A-Za-z], %2d-%3[A-Za-z]-%4d %2d:%2d:%2d",
	    &tm.tm_mday, mon, &tm.tm_year, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec) != 6 &&
	    sscanf(s, "%*[A-Za-z] %3s %2d %2d:%2d:%2d %4d", mon, &tm.tm_mday,
	    &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &tm.tm_year) != 6)
		return -1;
	tm.tm_mon = month(mon);
	if (tm.tm_year < 100)
		tm.tm_year += tm.tm_year < 70 ? 2000 : 1900;
	tm.tm_year -= 1900;
	return seconds_of(&tm);
}

/* A date of RFC 3339, or -1. */
static double
rfc_date(const char *s)
{
	struct tm tm = { 0 };
	int n = 0, hours = 0, minutes = 0;
	double t, fraction = 0;
	char *end;

	if (sscanf(s, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &tm.tm_year,
	    &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec,
	    &n) != 6 || n == 0)
		return -1;
	s += n;
	if (*s == '.' && isdigit((unsigned char)s[1])) {
		fraction = strtod(s, &end);
		s = end;
	}
	if ((*s == '+' || *s == '-') && sscanf(s + 1, "%2d:%2d", &hours,
	    &minutes) != 2)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	t = seconds_of(&tm);
	if (t < 0)
		return -1;
	return t + fraction - (*s == '-' ? -1 : 1) * (hours * 3600.0 +
	    minutes * 60.0);
}

/* The limit that a header is about, and what of it: 1 what remains, 2 when
 * it is reset; 0 for another header. */
static int
which_limit(const char *name, int *bucket)
{
	static const char *const of[RAID_BUCKETS] = { "requests", "tokens",
		"input-tokens", "output-tokens" };
	char want[64];

	for (int i = 0; i < RAID_BUCKETS; i++)
		for (int what = 1; what <= 2; what++) {
			const char *word = what == 1 ? "remaining" : "reset";

			*bucket = i;
			(void)snprintf(want, sizeof(want),
			    "x-ratelimit-%s-%s", word, of[i]);
			if (strcasecmp(name, want) == 0)
				return what;
			(void)snprintf(want, sizeof(want),
			    "anthropic-ratelimit-%s-%s", of[i], word);
			if (strcasecmp(name, want) == 0)
				return what;
		}
	return 0;
}

static void
set_limit(struct raid_wire_headers *h, const char *name, const char *value)
{
	struct raid_wire_bucket *b;
	int i, what = which_limit(name, &i);
	double v;

	if (what == 0)
		return;
	b = &h->bucket[i];
	if (what == 1) {
		v = number(value);
		b->remaining = v >= 0 && v < 1e15 ? (long long)v : -1;
		return;
	}
	b->reset = duration(value);
	b->absolute = b->reset < 0;
	if (b->absolute)
		b->reset = rfc_date(value);
}

static void
set_header(struct raid_wire_headers *h, const char *name, const char *value)
{
	double v;

	if (strcasecmp(name, "content-type") == 0) {
		(void)snprintf(h->type, sizeof(h->type), "%.*s",
		    (int)strcspn(value, "; \t"), value);
	} else if (strcasecmp(name, "location") == 0) {
		(void)snprintf(h->location, sizeof(h->location), "%.150s",
		    value);
	} else if (strcasecmp(name, "x-should-retry") == 0) {
		h->should_retry = strcasecmp(value, "true") == 0 ? 1 :
		    strcasecmp(value, "false") == 0 ? 0 : -1;
	} else if (strcasecmp(name, "retry-after-ms") == 0) {
		v = number(value);
		h->retry_ms = v > 0 ? v / 1000 : -1;
	} else if (strcasecmp(name, "retry-after") == 0) {
		h->retry_s = number(value);
		h->retry_date = http_date(value);
	} else if (strcasecmp(name, "date") == 0) {
		h->date = http_date(value);
	} else if (strcasecmp(name, "x-litellm-response-cost") == 0) {
		/* It is sent before a stream has cost anything. */
		v = number(value);
		h->cost = v > 0 ? v : -1;
	} else {
		set_limit(h, name, value);
	}
}

void
raid_wire_headers_line(struct raid_wire_headers *h, const char *line,
    size_t len)
{
	const char *colon = memchr(line, ':', len);
	char name[64], value[256];
	size_t n, from;

	/* One that does not fit is none of ours. */
	if (colon == NULL || (n = (size_t)(colon - line)) >= sizeof(name))
		return;
	memcpy(name, line, n);
	name[n] = '\0';
	for (from = n + 1; from < len && strchr(" \t", line[from]) != NULL &&
	    line[from] != '\0'; from++)
		continue;
	while (len > from && isspace((unsigned char)line[len - 1]))
		len--;
	if (len - from >= sizeof(value))
		return;
	memcpy(value, line + from, len - from);
	value[len - from] = '\0';
	set_header(h, name, value);
}

/* Seconds since 1970 where the server is: its clock may be another. */
static double
now(const struct raid_wire_headers *h)
{
	return h->date >= 0 ? h->date : (double)raid_clock_now();
}

double
raid_wire_headers_after(const struct raid_wire_headers *h)
{
	if (h->retry_ms > 0)
		return h->retry_ms;
	if (h->retry_s > 0)
		return h->retry_s;
	if (h->retry_date >= 0 && h->retry_date > now(h))
		return h->retry_date - now(h);
	return -1;
}

static void
take_limit(const struct raid_wire_headers *h, int i, int status,
    long long *remaining, double *reset)
{
	const struct raid_wire_bucket *b = &h->bucket[i];
	double in = b->reset;

	if (in >= 0 && b->absolute)
		in = in > now(h) ? in - now(h) : 0;
	/* Azure says 0 where it does not know. */
	if (b->remaining < 0 || (b->remaining == 0 && in < 0 &&
	    status < 400))
		return;
	if (*remaining >= 0 && *remaining <= b->remaining)
		return;
	*remaining = b->remaining;
	*reset = in;
}

void
raid_wire_headers_limits(const struct raid_wire_headers *h, int status,
    struct raid_wire_limits *l)
{
	*l = (struct raid_wire_limits){ -1, -1, -1, -1 };
	take_limit(h, RAID_BUCKET_REQUESTS, status, &l->requests,
	    &l->requests_reset);
	/* Of several limits on tokens the one that is nearest. */
	for (int i = RAID_BUCKET_TOKENS; i < RAID_BUCKETS; i++)
		take_limit(h, i, status, &l->tokens, &l->tokens_reset);
}
