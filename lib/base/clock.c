/* SPDX-License-Identifier: ISC */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

/* For tests: $RAID_NOW is the time. */
static int
told(long long *t)
{
	const char *s = getenv("RAID_NOW");
	struct raid_err ignored;

	return s != NULL && raid_num_parse(s, 0, 253402300799, t, "RAID_NOW",
	    &ignored) == 0;
}

static long long
ms_of(clockid_t clock)
{
	struct timespec ts;

	(void)clock_gettime(clock, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

long long
raid_clock_now(void)
{
	long long t;

	return told(&t) ? t : (long long)time(NULL);
}

long long
raid_clock_ms(void)
{
	long long t;

	return told(&t) ? t * 1000 : ms_of(CLOCK_REALTIME);
}

long long
raid_clock_steady(void)
{
	long long t;

	return told(&t) ? t * 1000 : ms_of(CLOCK_BOOTTIME);
}

void
raid_clock_boot(char out[RAID_BOOT_SIZE])
{
	FILE *f;
	long long t;

	*out = '\0';
	if (told(&t)) {
		(void)snprintf(out, RAID_BOOT_SIZE, "RAID_NOW");
		return;
	}
	f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (f == NULL)
		return;
	if (fgets(out, RAID_BOOT_SIZE, f) == NULL)
		*out = '\0';
	out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

void
raid_clock_day(long long t, char out[RAID_DAY_SIZE])
{
	time_t v = (time_t)t;
	struct tm tm = { 0 };

	(void)localtime_r(&v, &tm);
	(void)strftime(out, RAID_DAY_SIZE, "%Y-%m-%d", &tm);
}

long long
raid_clock_midnight(long long t)
{
	time_t v = (time_t)t;
	struct tm tm = { 0 };

	(void)localtime_r(&v, &tm);
	tm.tm_mday++;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (long long)mktime(&tm) - t;
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
