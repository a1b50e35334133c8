/* SPDX-License-Identifier: ISC */
/* A point in time as an operand. */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "logs/logtime.h"
#include "logs/logtime_priv.h"

static int
bad(const char *s, struct raid_err *err)
{
	return raid_fail(err, RAID_EUSAGE, "'%.60s' is not a time such as "
	    "14:05, 2025-12-01 14:05, @1764576000 or 10m ago", s);
}

/* "10m ago", "10m": 1, 0 if it is no span, -1 if it is a bad one. */
static int
span_ago(const char *s, int64_t ref, int64_t *out, struct raid_err *err)
{
	const char *ago = strstr(s, " ago");
	struct raid_err ignored;
	double seconds;
	char span[32];
	size_t len;

	if (ago == NULL || strcmp(ago, " ago") != 0)
		return 0;
	len = (size_t)(ago - s);
	if (len >= sizeof(span))
		return bad(s, err);
	memcpy(span, s, len);
	span[len] = '\0';
	if (raid_num_span(span, &seconds, "ago", &ignored) == -1 ||
	    seconds > 1e10)
		return bad(s, err);
	*out = ref - (int64_t)(seconds * 1000);
	return 1;
}

/* "14:05", which no log has but an operand may. */
static size_t
short_clock(const char *s, struct raid_logtime *t)
{
	int h, m;
	size_t n = 0;

	while (n < 5 && (is_digit((unsigned char)s[n]) || s[n] == ':'))
		n++;
	if (n < 4 || s[n] != '\0' || s[n - 3] != ':' || s[n - 1] == ':' ||
	    s[n - 2] == ':' || s[0] == ':' || s[1] == (n == 4 ? 0 : ':'))
		return 0;
	h = n == 4 ? s[0] - '0' : (s[0] - '0') * 10 + s[1] - '0';
	m = (s[n - 2] - '0') * 10 + s[n - 1] - '0';
	if (h > 23 || m > 59)
		return 0;
	memset(t, 0, sizeof(*t));
	t->ms = (h * 60 + m) * INT64_C(60000);
	t->clocked = 1;
	return n;
}

/* The day or year that is missing is that of ref, both as in UTC. */
static int64_t
complete(const struct raid_logtime *t, int64_t ref)
{
	int year;

	if (t->dated && t->yeared)
		return t->ms;
	if (!t->dated)
		return floor_day(ref) * DAY_MS + t->ms;
	year = year_of(floor_day(ref));
	return t->ms + (days_of(year, t->month, t->day) -
	    days_of(1970, t->month, t->day)) * DAY_MS;
}

int
raid_logtime_arg(const char *s, int64_t ref, const struct raid_zone *z,
    int64_t *out, int *day_missing, struct raid_err *err)
{
	struct raid_logtime t;
	size_t len = strlen(s);
	long long v;
	int n;

	*day_missing = 0;
	if (*s == '@') {
		struct raid_err ignored;

		if (raid_num_parse(s + 1, -99999999999, 99999999999, &v, "@",
		    &ignored) == -1)
			return bad(s, err);
		*out = v * 1000;
		return 0;
	}
	n = span_ago(s, ref, out, err);
	if (n != 0)
		return n == 1 ? 0 : -1;
	if (len == 0 || (short_clock(s, &t) == 0 && raid_logtime_len(
	    (const unsigned char *)s, len, &t) != len))
		return bad(s, err);
	*day_missing = !t.dated;
	if (t.zoned)
		*out = complete(&t, ref);
	else
		*out = raid_zone_to_utc(z, complete(&t,
		    raid_zone_to_local(z, ref)));
	return 0;
}
