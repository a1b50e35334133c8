/* SPDX-License-Identifier: ISC */
/* Times of logs, time zones, and times as operands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logs/logtime.h"

#define BOTH 12			/* dated and yeared */
#define ALL 14			/* zoned, too */

/* flags: 2 zoned, 4 dated, 8 yeared. */
struct known {
	const char *text;
	const char *utc;	/* as it is by gmtime; NULL: no time */
	int ms, flags;
};

/* 2024-01-02 03:04:05 is 1704164645. */
static const struct known known[] = {
	{ "2024-01-02T03:04:05.123Z", "2024-01-02 03:04:05", 123, ALL },
	{ "2024-01-02T03:04:05.123456789Z", "2024-01-02 03:04:05", 123, ALL },
	{ "2024-01-02 03:04:05,1", "2024-01-02 03:04:05", 100, BOTH },
	{ "2024-01-02 03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024-01-02T03:04:05+0300", "2024-01-02 00:04:05", 0, ALL },
	{ "2024-01-02T03:04:05.5+03:00", "2024-01-02 00:04:05", 500, ALL },
	{ "2024-01-02 03:04:05 +0330", "2024-01-01 23:34:05", 0, ALL },
	{ "2024-01-02 03:04:05 -08:00", "2024-01-02 11:04:05", 0, ALL },
	{ "2024-01-02 03:04:05.123+00", "2024-01-02 03:04:05", 123, ALL },
	{ "2024-01-02 03:04:05 UTC", "2024-01-02 03:04:05", 0, ALL },
	{ "2024-01-02 03:04:05.7 CEST", "2024-01-02 01:04:05", 700, ALL },
	{ "2024-01-02 03:04:05 UTCX", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024-01-02 03:04", "2024-01-02 03:04:00", 0, BOTH },
	{ "2024-01-02T03:04Z", "2024-01-02 03:04:00", 0, ALL },
	{ "2024-01-02", "2024-01-02 00:00:00", 0, BOTH },
	{ "2024-1-2 3:4:5", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024/01/02 03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024.01.02 03:04:05.000", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024-01-02_03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "2024-01-02-03.04.05.363779", "2024-01-02 03:04:05", 363, BOTH },
	{ "20240102-3:4:5:6", "2024-01-02 03:04:05", 6, BOTH },
	{ "20240102-03:04:05:606", "2024-01-02 03:04:05", 606, BOTH },
	{ "20240102T030405", "2024-01-02 03:04:05", 0, BOTH },
	{ "20240102T030405Z", "2024-01-02 03:04:05", 0, ALL },
	{ "20240102 03:04:05.250", "2024-01-02 03:04:05", 250, BOTH },
	{ "20240102030405", "2024-01-02 03:04:05", 0, BOTH },
	{ "240102 030405", "2024-01-02 03:04:05", 0, BOTH },
	{ "240102  3:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "24/01/02 03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "01/02/2024 03:04:05 PM", "2024-01-02 15:04:05", 0, BOTH },
	{ "01/02/2024 12:04:05 AM", "2024-01-02 00:04:05", 0, BOTH },
	{ "13/01/2024 03:04:05", "2024-01-13 03:04:05", 0, BOTH },
	{ "02.01.2024 03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "01/23/24 03:04:05", "2024-01-23 03:04:05", 0, BOTH },
	{ "Tue Jan 02 03:04:05 2024", "2024-01-02 03:04:05", 0, BOTH },
	{ "Tue Jan  2 03:04:05.123456 2024", "2024-01-02 03:04:05", 123,
	    BOTH },
	{ "Tue Jan  2 03:04:05 UTC 2024", "2024-01-02 03:04:05", 0, ALL },
	{ "Tue Jan  2 03:04:05 CET 2024", "2024-01-02 02:04:05", 0, ALL },
	{ "Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02 03:04:05", 0, ALL },
	{ "Tue 2024-01-02 03:04:05 UTC", "2024-01-02 03:04:05", 0, ALL },
	{ "Jan 02, 2024 3:04:05 AM", "2024-01-02 03:04:05", 0, BOTH },
	{ "Jan 2 2024 03:04:05", "2024-01-02 03:04:05", 0, BOTH },
	{ "02 Jan 2024 03:04:05.000", "2024-01-02 03:04:05", 0, BOTH },
	{ "02-Jan-2024 03:04:05.5", "2024-01-02 03:04:05", 500, BOTH },
	{ "02/Jan/2024:03:04:05 +0000", "2024-01-02 03:04:05", 0, ALL },
	{ "02/Jan/2024:03:04:05.077", "2024-01-02 03:04:05", 77, BOTH },
	{ "1704164645", "2024-01-02 03:04:05", 0, ALL },
	{ "1704164645.25", "2024-01-02 03:04:05", 250, ALL },
	{ "1704164645123", "2024-01-02 03:04:05", 123, ALL },
	{ "1704164645123456", "2024-01-02 03:04:05", 123, ALL },
	{ "1704164645123456789", "2024-01-02 03:04:05", 123, ALL },
	{ "2024-02-29 00:00:00", "2024-02-29 00:00:00", 0, BOTH },
	{ "1900-03-01 00:00:00", "1900-03-01 00:00:00", 0, BOTH },
	{ "2016-12-31T23:59:60Z", "2017-01-01 00:00:00", 0, ALL },
	{ "Jan  2 03:04:05", "1970-01-02 03:04:05", 0, 4 },
	{ "Jan  2 03:04:05.678901", "1970-01-02 03:04:05", 678, 4 },
	{ "02 Jan 03:04:05", "1970-01-02 03:04:05", 0, 4 },
	{ "01-02 03:04:05.811", "1970-01-02 03:04:05", 811, 4 },
	{ "01.02 03:04:05", "1970-01-02 03:04:05", 0, 4 },
	{ "30.10 03:04:05", "1970-10-30 03:04:05", 0, 4 },
	{ "I0102 03:04:05.000001", "1970-01-02 03:04:05", 0, 4 },
	{ "I20240102 03:04:05.000001", "2024-01-02 03:04:05", 0, BOTH },
	{ "03:04:05", "1970-01-01 03:04:05", 0, 0 },
	{ "3:04:05.5", "1970-01-01 03:04:05", 500, 0 },
	{ "03:04:05.5+0100", "1970-01-01 02:04:05", 500, 2 },
	{ "12.345678", NULL, 0, 0 },
	{ "2005.345678", NULL, 0, 0 },
	{ "   12.345678", NULL, 0, 0 },
	{ "2024-13-02 03:04:05", NULL, 0, 0 },
	{ "2023-02-29 03:04:05", NULL, 0, 0 },
	{ "2024-01-32 03:04:05", NULL, 0, 0 },
	{ "2024-00-01 03:04:05", NULL, 0, 0 },
	{ "2024-01-02 24:04:05", NULL, 0, 0 },
	{ "2024-01-02 03:64:05", NULL, 0, 0 },
	{ "3024-01-02 03:04:05", NULL, 0, 0 },
	{ "Feb 30 03:04:05", NULL, 0, 0 },
	{ "Foo 30 03:04:05", NULL, 0, 0 },
	{ "12345", NULL, 0, 0 },
	{ "5704164645", NULL, 0, 0 },
	{ "99999999999999999999", NULL, 0, 0 },
	{ "10.0.0.1", NULL, 0, 0 },
	{ "00:11:22:33:44:55", "1970-01-01 00:11:22", 33, 0 },
	{ "", NULL, 0, 0 },
	{ "Jan", NULL, 0, 0 },
	{ "hello", NULL, 0, 0 }
};

static void
test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const struct known *k = &known[i];
		struct raid_logtime t;
		char utc[40];
		struct tm tm;
		time_t s;
		size_t len = strlen(k->text);
		/* So that a byte read behind the text is seen. */
		unsigned char *p = malloc(len + 1);
		int rc;

		assert_non_null(p);
		memcpy(p, k->text, len);
		p = realloc(p, len > 0 ? len : 1);
		rc = raid_logtime(p, len, &t);
		free(p);
		if (k->utc == NULL) {
			assert_int_equal(rc, -1);
			continue;
		}
		if (rc != 0)
			fail_msg("no time: %s", k->text);
		s = (time_t)((t.ms - k->ms) / 1000);
		assert_int_equal((t.ms - k->ms) % 1000, 0);
		(void)strftime(utc, sizeof(utc), "%F %T", gmtime_r(&s, &tm));
		if (strcmp(utc, k->utc) != 0)
			fail_msg("%s: %s", k->text, utc);
		assert_int_equal(t.zoned * 2 + t.dated * 4 + t.yeared * 8,
		    k->flags);
	}
}

static void
test_length(void **state)
{
	static const struct { const char *text; size_t len; } v[] = {
		{ "2024-01-02 03:04:05 ERROR", 19 },
		{ "2024-01-02 03:04:05 +0300 x", 25 },
		{ "2024-01-02 03:04:05 +5 x", 19 },
		{ "2024-01-02 03:04:05.1Z x", 22 },
		{ "Jan  2 03:04:05 2024 x", 20 },
		{ "Jan  2 03:04:05 20240 x", 15 },
		{ "2024-01-02 x", 10 },
		{ "Tue Jan 02 03:04:05 2024 x", 24 },
		{ "Tue Jan 02 03:04:05 2024", 24 },
		{ "1704164645.x", 10 }
	};
	struct raid_logtime t;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		assert_int_equal(raid_logtime_len((const unsigned char *)
		    v[i].text, strlen(v[i].text), &t), v[i].len);
}

static int64_t
at(const char *s)
{
	struct raid_logtime t;

	assert_int_equal(raid_logtime((const unsigned char *)s, strlen(s),
	    &t), 0);
	return t.ms;
}

static void
test_settle(void **state)
{
	static const struct { const char *text, *ref, *is; } v[] = {
		{ "Jan  2 03:04:05", "2024-03-01", "2024-01-02 03:04:05" },
		{ "Dec 31 23:59:59", "2024-01-01", "2023-12-31 23:59:59" },
		{ "Jan  1 00:00:01", "2023-12-31 23:59:59",
		    "2024-01-01 00:00:01" },
		{ "Jan  3 00:00:01", "2023-12-31 23:59:59",
		    "2023-01-03 00:00:01" },
		{ "Feb 29 12:00:00", "2023-06-01", "2020-02-29 12:00:00" },
		{ "Feb 29 12:00:00", "2024-06-01", "2024-02-29 12:00:00" },
		{ "Feb 28 12:00:00", "2024-06-01", "2024-02-28 12:00:00" },
		{ "Mar  1 12:00:00", "2023-06-01", "2023-03-01 12:00:00" },
		{ "23:59:59", "2024-01-02 00:00:01", "2024-01-01 23:59:59" },
		{ "00:00:01", "2024-01-01 23:59:59", "2024-01-02 00:00:01" },
		{ "12:00:00", "2024-01-01 23:00:00", "2024-01-01 12:00:00" },
		{ "2001-01-01 12:00:00", "2024-01-01", "2001-01-01 12:00:00" }
	};
	struct raid_logtime t;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		assert_int_equal(raid_logtime((const unsigned char *)
		    v[i].text, strlen(v[i].text), &t), 0);
		assert_int_equal(raid_logtime_settle(&t, at(v[i].ref)),
		    at(v[i].is));
	}
	assert_int_equal(raid_logtime_settle(&t, RAID_NO_TIME), t.ms);
}

/* In the zone, and what that is in UTC. */
static void
check_zone(const char *name, const char *local, const char *utc, int back)
{
	struct raid_err err;
	struct raid_zone *z = raid_zone_open(name, &err);

	assert_non_null(z);
	assert_string_equal(raid_zone_name(z), name);
	assert_int_equal(raid_zone_to_utc(z, at(local)), at(utc));
	if (back)
		assert_int_equal(raid_zone_to_local(z, at(utc)), at(local));
	raid_zone_close(z);
}

static void
test_zone(void **state)
{
	struct raid_err err;

	(void)state;
	check_zone("UTC", "2024-01-02 03:04:05", "2024-01-02 03:04:05", 1);
	check_zone("+03:00", "2024-01-02 03:04:05", "2024-01-02 00:04:05", 1);
	check_zone("-0330", "2024-01-02 03:04:05", "2024-01-02 06:34:05", 1);
	check_zone("UTC+3", "1960-01-02 03:04:05", "1960-01-02 00:04:05", 1);
	assert_null(raid_zone_open("No/Where", &err));
	assert_int_equal(err.code, RAID_EUSAGE);
	assert_null(raid_zone_open("../zoneinfo/UTC", &err));
	assert_null(raid_zone_open("/etc/localtime", &err));
	assert_null(raid_zone_open("+25", &err));
	assert_int_equal(raid_zone_to_utc(NULL, 5), 5);
	raid_zone_close(NULL);
}

static void
test_zone_files(void **state)
{
	struct raid_err err;
	struct raid_zone *z = raid_zone_open("Europe/Berlin", &err);

	(void)state;
	if (z == NULL)
		skip();
	raid_zone_close(z);
	check_zone("Europe/Berlin", "2024-07-01 12:00:00",
	    "2024-07-01 10:00:00", 1);
	check_zone("Europe/Berlin", "2024-12-01 12:00:00",
	    "2024-12-01 11:00:00", 1);
	/* Beyond the list of the file. */
	check_zone("Europe/Berlin", "2060-07-01 12:00:00",
	    "2060-07-01 10:00:00", 1);
	check_zone("America/New_York", "2055-01-01 12:00:00",
	    "2055-01-01 17:00:00", 1);
	check_zone("Australia/Sydney", "2055-01-01 12:00:00",
	    "2055-01-01 01:00:00", 1);
	/* Twice there: the first; not there: counted on. */
	check_zone("Europe/Berlin", "2024-10-27 02:30:00",
	    "2024-10-27 00:30:00", 1);
	check_zone("Europe/Berlin", "2024-10-27 03:00:00",
	    "2024-10-27 02:00:00", 1);
	check_zone("Europe/Berlin", "2024-03-31 02:30:00",
	    "2024-03-31 01:30:00", 0);
	check_zone("Europe/Moscow", "2009-07-01 12:00:00",
	    "2009-07-01 08:00:00", 1);
	check_zone("Asia/Kolkata", "2024-07-01 12:00:00",
	    "2024-07-01 06:30:00", 1);
}

/* Every zone of a few agrees with the C library at many moments. */
static void
test_zone_libc(void **state)
{
	static const char *const names[] = { "Europe/Berlin",
	    "America/New_York", "Europe/Moscow", "Asia/Tehran",
	    "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca",
	    "America/St_Johns" };
	struct raid_err err;
	char *old = getenv("TZ");

	(void)state;
	old = old == NULL ? NULL : strdup(old);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct raid_zone *z = raid_zone_open(names[i], &err);

		if (z == NULL)
			continue;
		setenv("TZ", names[i], 1);
		tzset();
		for (time_t t = 0; t < 4000000000; t += 500009) {
			struct tm tm;

			localtime_r(&t, &tm);
			assert_int_equal(raid_zone_to_local(z,
			    (int64_t)t * 1000), (t + tm.tm_gmtoff) * 1000);
		}
		raid_zone_close(z);
	}
	setenv("TZ", "EST5EDT4,M3.2.0,M11.1.0", 1);
	{
		struct raid_zone *z = raid_zone_open(NULL, &err);

		assert_int_equal(raid_zone_to_utc(z,
		    at("2024-07-01 12:00:00")), at("2024-07-01 16:00:00"));
		raid_zone_close(z);
	}
	if (old == NULL)
		unsetenv("TZ");
	else
		setenv("TZ", old, 1);
	free(old);
	tzset();
}

static void
test_arg(void **state)
{
	static const struct { const char *s, *is; int day_missing; } v[] = {
		{ "14:05", "2024-06-07 14:05:00", 1 },
		{ "4:05", "2024-06-07 04:05:00", 1 },
		{ "14:05:30", "2024-06-07 14:05:30", 1 },
		{ "14:05:30.5", "2024-06-07 14:05:30.5", 1 },
		{ "2025-12-01 14:05", "2025-12-01 14:05:00", 0 },
		{ "2025-12-01", "2025-12-01 00:00:00", 0 },
		{ "2025-12-01T14:05:00+02:00", "2025-12-01 12:05:00", 0 },
		{ "Dec  1 14:05:00", "2024-12-01 14:05:00", 0 },
		{ "@1764576000", "2025-12-01 08:00:00", 0 },
		{ "10m ago", "2024-06-07 07:58:09", 0 },
		{ "2h ago", "2024-06-07 06:08:09", 0 }
	};
	static const char *const wrong[] = { "", "noon", "14", "14:", "25:00",
	    "14:60", "14:05x", "2025-13-01", "@", "@x", "10q ago", "ago",
	    " ago", "14:05:30 ERROR", ":05", "1:5:", "::::" };
	struct raid_err err;
	int64_t ref = at("2024-06-07 08:08:09"), out;
	int missing;
	struct raid_zone *z = raid_zone_open("+03:00", &err);

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		assert_int_equal(raid_logtime_arg(v[i].s, ref, NULL, &out,
		    &missing, &err), 0);
		assert_int_equal(out, at(v[i].is));
		assert_int_equal(missing, v[i].day_missing);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (raid_logtime_arg(wrong[i], ref, NULL, &out, &missing,
		    &err) != -1)
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(err.code, RAID_EUSAGE);
	}
	assert_int_equal(raid_logtime_arg("02:05", at("2024-06-07 23:00:00"),
	    z, &out, &missing, &err), 0);
	assert_int_equal(out, at("2024-06-07 23:05:00"));
	raid_zone_close(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_zone_files),
		cmocka_unit_test(test_zone_libc),
		cmocka_unit_test(test_arg)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
