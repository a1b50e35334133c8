/* SPDX-License-Identifier: ISC */
/* Headers of many kinds of logs, and lines that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "logs/header.h"

struct line {
	const char *header, *message;
	enum raid_level level;
};

static void
check(const struct line *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char text[512];
		struct raid_header h;

		snprintf(text, sizeof(text), "%s%s", v[i].header,
		    v[i].message);
		raid_header(&h, (unsigned char *)text, strlen(text));
		assert_string_equal(text + h.end, v[i].message);
		assert_int_equal(h.level, v[i].level);
	}
}

static void
test_headers(void **state)
{
	static const struct line v[] = {
		{ "Jun 14 15:16:01 box sshd[199]: ", "check pass", 0 },
		{ "Jun 14 15:16:01 box kernel: ", "usb 1-1: gone", 0 },
		{ "Jun  4 15:16:01 box-7 init[1] (its.job[7]): ", "over", 0 },
		{ "2024-01-02T03:04:05.123Z host1 app[12]: ", "hello", 0 },
		{ "2024-01-02 03:04:05,123 INFO [main] a.b.C: ", "hello",
		    RAID_LEVEL_INFO },
		{ "2024-01-02 03:04:05,123 - WARN  [x:1:a$b@9] - ", "hello",
		    RAID_LEVEL_WARN },
		{ "2024-01-01 00:00:00,123 - my.logger - ERROR - ", "hello",
		    RAID_LEVEL_ERROR },
		{ "2024-01-01 00:00:00.123 | INFO     | mod:func:12 - ",
		    "hello", RAID_LEVEL_INFO },
		{ "24/06/09 20:10:40 INFO a.Worker: ", "Got it",
		    RAID_LEVEL_INFO },
		{ "03-17 16:13:38.811  1702  2395 D Tag: ", "go",
		    RAID_LEVEL_DEBUG },
		{ "20231223-22:15:29:606|Some_Part|30002312|", "on 3", 0 },
		{ "[Sun Dec 04 04:47:44 2005] [notice] ", "init ok",
		    RAID_LEVEL_INFO },
		{ "[10.30 16:49:06] prog.exe - ", "open it", 0 },
		{ "I0102 15:04:05.000000 1234 file.cc:123] ", "hello",
		    RAID_LEVEL_INFO },
		{ "[   12.345678] ", "usb 1-1: new", 0 },
		{ "10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] ", "\"GET /\"",
		    0 },
		{ "081109 203615 148 INFO a.B$C: ", "hello",
		    RAID_LEVEL_INFO },
		{ "2024-01-01T00:00:00.1Z stdout F 2024-01-01 00:00:00 WARN ",
		    "hello there", RAID_LEVEL_WARN },
		{ "2024-01-01 00:00:00 +0200 ERROR ", "it", RAID_LEVEL_ERROR },
		{ "ERROR: ", "it failed", RAID_LEVEL_ERROR },
		{ "#INFO ", "hello there", RAID_LEVEL_INFO },
		{ "[DEBUG] ", "hello there", RAID_LEVEL_DEBUG },
		{ "15:04:05 ", "hello", 0 }
	};

	(void)state;
	check(v, sizeof(v) / sizeof(*v));
}

static void
test_none(void **state)
{
	static const struct line v[] = {
		{ "", "", 0 },
		{ "", "hello world", 0 },
		{ "", "block 1073741825 deleted", 0 },
		{ "", "User root logged in ERROR here", 0 },
		{ "", "\tat a.b.C.d(C.java:12)", 0 },
		{ "", "{\"ts\":\"2024-01-01T00:00:00Z\"}", 0 },
		{ "", "10.251.73.220 is up", 0 },
		{ "", "00:11:22:33:44:55 is up", 0 }
	};

	(void)state;
	check(v, sizeof(v) / sizeof(*v));
}

/* Where the header takes all, what is behind the time is the message. */
static void
test_only_header(void **state)
{
	static const char line[] = "2024-01-02 03:04:05 ERROR";
	struct raid_header h;

	(void)state;
	raid_header(&h, (const unsigned char *)line, strlen(line));
	assert_true(h.end < strlen(line));
	assert_int_equal(h.level, RAID_LEVEL_ERROR);
	assert_string_equal(raid_level_name(h.level), "error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_only_header)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
