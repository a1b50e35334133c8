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
#include "logs/logtime.h"

struct line {
	const char *header, *message;
	enum raid_level level;
	const char *time;	/* NULL: not looked at; "": none */
};

#define DEBUG RAID_LEVEL_DEBUG
#define INFO RAID_LEVEL_INFO
#define WARN RAID_LEVEL_WARN
#define ERROR RAID_LEVEL_ERROR
#define FATAL RAID_LEVEL_FATAL

static void
check(const struct line *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char text[512];
		struct raid_header h;
		struct raid_logtime t;

		snprintf(text, sizeof(text), "%s%s", v[i].header,
		    v[i].message);
		raid_header(&h, (unsigned char *)text, strlen(text));
		assert_string_equal(text + h.end, v[i].message);
		assert_int_equal(h.level, v[i].level);
		if (v[i].time == NULL)
			continue;
		assert_int_equal(h.time_len, strlen(v[i].time));
		assert_memory_equal(text + h.time, v[i].time, h.time_len);
		if (h.time_len > 0)
			assert_int_equal(raid_logtime_len((unsigned char *)
			    text + h.time, h.time_len, &t), h.time_len);
	}
}

#include "header_lines.h"

static void
test_forms(void **state)
{
	(void)state;
	check(forms, sizeof(forms) / sizeof(*forms));
}

/* No pairs, or broken ones: whatever is found, it must end. */
static void
test_pairs(void **state)
{
	static const struct line v[] = {
		{ "", "{", 0, "" },
		{ "", "{\"", 0, "" },
		{ "", "{\"ts", 0, "" },
		{ "", "{\"ts\"", 0, "" },
		{ "", "{\"ts\":", 0, "" },
		{ "", "{\"ts\":\"", 0, "" },
		{ "", "{\"ts\":\"2024-01-01T00:00:00Z", 0,
		    "2024-01-01T00:00:00Z" },
		{ "", "{\"ts\":\"2024-13-01T00:00:00Z\",\"level\":", 0, "" },
		{ "", "{\"time\":0.25,\"level\":true}", 0, "" },
		{ "", "{\"a\":{\"level\":\"error\"}}", 0, "" },
		{ "", "{\"a\":[{\"level\":1}],\"level\":\"eRRor\"}", ERROR,
		    "" },
		{ "", "{\"m\":\"\\\"level\\\":1\",\"level\":7}", DEBUG, "" },
		{ "", "{\"priority\":30,\"level\":99}", 0, "" },
		{ "", "{\"level\":10}", DEBUG, "" },
		{ "", "{\"level\":60}", FATAL, "" },
		{ "", "{\"level\":\"W\"}", WARN, "" },
		{ "", "{name} is not here", 0, "" },
		{ "", "{'level': 'error'}", 0, "" },
		{ "", "level=", 0, "" },
		{ "", "level=\"", 0, "" },
		{ "", "time=\"2024-01-01", 0, "2024-01-01" },
		{ "", "x=1 and level=error", ERROR, "" },
		{ "", "time=2024-01-01 00:00:00 level=error", ERROR,
		    "2024-01-01 00:00:00" },
		{ "", "time=5 ms", 0, "" },
		{ "name | ", "level=error", ERROR, "" },
		{ "", "name | other", 0, "" },
		{ "Jan  2 03:04:05 box app[1]: ", "level=warn msg=x", WARN,
		    "Jan  2 03:04:05" },
		{ "Jan  2 03:04:05 box app[1]: ", "{\"level\":\"warn\"}",
		    WARN, "Jan  2 03:04:05" }
	};
	static const char *const open[] = { "{\"a\":", "[", "\"", "{\"a\":[",
	    "a=\"", "\\", "[a", "<1" };
	unsigned char big[70000];
	struct raid_header h;

	(void)state;
	check(v + 7, sizeof(v) / sizeof(*v) - 7);
	for (size_t i = 0; i < 7; i++)
		raid_header(&h, (const unsigned char *)v[i].message,
		    strlen(v[i].message));
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		size_t n = strlen(open[i]);

		for (size_t k = 0; k + n <= sizeof(big); k += n)
			memcpy(big + k, open[i], n);
		raid_header(&h, big, sizeof(big));
		big[0] = '{';
		raid_header(&h, big, sizeof(big));
		assert_true(h.end < sizeof(big));
		assert_int_equal(h.level, 0);
	}
}

static void
test_headers(void **state)
{
	static const struct line v[] = {
		{ "Jun 14 15:16:01 box sshd[199]: ", "check pass", 0, NULL },
		{ "Jun 14 15:16:01 box kernel: ", "usb 1-1: gone", 0, NULL },
		{ "Jun  4 15:16:01 box-7 init[1] (its.job[7]): ", "over",
		    0, NULL },
		{ "2024-01-02T03:04:05.123Z host1 app[12]: ", "hello",
		    0, NULL },
		{ "2024-01-02 03:04:05,123 INFO [main] a.b.C: ", "hello",
		    RAID_LEVEL_INFO, NULL },
		{ "2024-01-02 03:04:05,123 - WARN  [x:1:a$b@9] - ", "hello",
		    RAID_LEVEL_WARN, NULL },
		{ "2024-01-01 00:00:00,123 - my.logger - ERROR - ", "hello",
		    RAID_LEVEL_ERROR, NULL },
		{ "2024-01-01 00:00:00.123 | INFO     | mod:func:12 - ",
		    "hello", RAID_LEVEL_INFO, NULL },
		{ "24/06/09 20:10:40 INFO a.Worker: ", "Got it",
		    RAID_LEVEL_INFO, NULL },
		{ "03-17 16:13:38.811  1702  2395 D Tag: ", "go",
		    RAID_LEVEL_DEBUG, NULL },
		{ "20231223-22:15:29:606|Some_Part|30002312|", "on 3",
		    0, NULL },
		{ "[Sun Dec 04 04:47:44 2005] [notice] ", "init ok",
		    RAID_LEVEL_INFO, NULL },
		{ "[10.30 16:49:06] prog.exe - ", "open it", 0, NULL },
		{ "I0102 15:04:05.000000 1234 file.cc:123] ", "hello",
		    RAID_LEVEL_INFO, NULL },
		{ "[   12.345678] ", "usb 1-1: new", 0, NULL },
		{ "10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] ", "\"GET /\"",
		    0, NULL },
		{ "081109 203615 148 INFO a.B$C: ", "hello",
		    RAID_LEVEL_INFO, NULL },
		{ "2024-01-01T00:00:00.1Z stdout F 2024-01-01 00:00:00 WARN ",
		    "hello there", RAID_LEVEL_WARN, NULL },
		{ "2024-01-01 00:00:00 +0200 ERROR ", "it",
		    RAID_LEVEL_ERROR, NULL },
		{ "ERROR: ", "it failed", RAID_LEVEL_ERROR, NULL },
		{ "#INFO ", "hello there", RAID_LEVEL_INFO, NULL },
		{ "[DEBUG] ", "hello there", RAID_LEVEL_DEBUG, NULL },
		{ "15:04:05 ", "hello", 0, NULL }
	};

	(void)state;
	check(v, sizeof(v) / sizeof(*v));
}

static void
test_none(void **state)
{
	static const struct line v[] = {
		{ "", "", 0, NULL },
		{ "", "hello world", 0, NULL },
		{ "", "block 1073741825 deleted", 0, NULL },
		{ "", "User root logged in ERROR here", 0, NULL },
		{ "", "\tat a.b.C.d(C.java:12)", 0, NULL },
		{ "", "{\"ts\":\"2024-01-01T00:00:00Z\"}", 0, NULL },
		{ "", "10.251.73.220 is up", 0, NULL },
		{ "", "00:11:22:33:44:55 is up", 0, NULL }
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

/* Other digits, now and then another letter or a shorter line. */
static size_t
alter(char *text, size_t len, unsigned long long *seed)
{
	for (size_t i = 0; i < len; i++) {
		*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
		if (text[i] >= '0' && text[i] <= '9' && *seed >> 62 == 0)
			text[i] = (char)('0' + (*seed >> 33) % 10);
		if (*seed >> 52 == 0)
			text[i] = (char)(' ' + (*seed >> 33) % 95);
	}
	return *seed >> 60 == 0 ? (*seed >> 33) % (len + 1) : len;
}

/* What is found by other lines is what the line itself tells. */
static void
test_memo(void **state)
{
	struct raid_header_memo *memo = raid_header_memo_new();
	const size_t n = sizeof(forms) / sizeof(*forms);
	unsigned long long seed = 1;

	(void)state;
	for (size_t i = 0; i < 100 * n; i++) {
		const struct line *l = &forms[i % n];
		struct raid_header a, b;
		char text[512];
		size_t len;

		snprintf(text, sizeof(text), "%s%s", l->header, l->message);
		len = strlen(text);
		if (i >= n)
			len = alter(text, len, &seed);
		raid_header(&a, (unsigned char *)text, len);
		raid_header_by(memo, &b, (unsigned char *)text, len);
		if (a.end != b.end || a.time != b.time || a.level != b.level ||
		    a.time_len != b.time_len)
			fail_msg("%.*s", (int)len, text);
	}
	raid_header_memo_free(memo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_only_header),
		cmocka_unit_test(test_memo)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
