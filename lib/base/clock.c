/* SPDX-License-Identifier: ISC */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

long long
raid_clock_now(void)
{
	const char *s = getenv("RAID_NOW");
	struct raid_err ignored;
	long long t;

	if (s != NULL && raid_num_parse(s, 0, 253402300799, &t, "RAID_NOW",
	    &ignored) == 0)
		return t;
	return (long long)time(NULL);
}

double
raid_clock_mono(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* The whole of s in one of the calendar forms; -1 if it is none of them. */
static int
calendar(const char *s, long long *t)
{
	static const char *forms[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M",
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
		"%H:%M", "%H:%M:%S" };
	time_t now = (time_t)raid_clock_now();

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end;
		time_t v;

		if (forms[i][1] == 'H') {
			(void)localtime_r(&now, &tm);
			tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		}
		end = strptime(s, forms[i], &tm);
		if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
			continue;
		tm.tm_isdst = -1;
		v = *end == 'Z' ? timegm(&tm) : mktime(&tm);
		if (v == (time_t)-1)
			continue;
		*t = (long long)v;
		return 0;
	}
	return -1;
}

int
raid_clock_parse(const char *s, long long *t, const char *what,
    struct raid_err *err)
{
	struct raid_err ignored;
	double span;

	if (*s == '@')
		return raid_num_parse(s + 1, 0, 253402300799, t, what, err);
	if (calendar(s, t) == 0)
		return 0;
	if (raid_num_span(s, &span, what, &ignored) == 0 && span < 1e11) {
		*t = raid_clock_now() - (long long)span;
		return 0;
	}
	return raid_fail(err, RAID_EUSAGE, "%s: '%.40s' is no time; write "
	    "2026-11-21, '2026-11-21 14:05', 14:05, 2h or @1720857600", what,
	    s);
}

void
raid_clock_format(long long t, char *out, size_t size)
{
	time_t v = (time_t)t;
	struct tm tm;

	if (localtime_r(&v, &tm) == NULL ||
	    strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		(void)snprintf(out, size, "@%lld", t);
}
