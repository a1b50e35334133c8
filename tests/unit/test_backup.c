/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/backup.h"

#define DAY 86400LL
#define NOON 1795262400LL	/* 2026-11-21 12:00 UTC, a Saturday */

static void
test_names(void **state)
{
	static const char *const none[] = { "", "journal.db", "journal-.db.gz",
		"journal-20261121-093000.db", "journal-20261121-093000.db.gz.x",
		"xjournal-20261121-093000.db.gz", "journal-20260230-093000.db.gz",
		"journal-20261121-246000.db.gz", "journal-20261121-09300x.db.gz",
		"journal-2026 121-093000.db.gz", "journal-+2611121-093000.db.gz",
		"Journal-20261121-093000.db.gz", "journal-20261121-093060.db.gz" };
	static const long long times[] = { 0, 1, NOON, 951782400, 4102444799 };
	char name[RAID_BACKUP_NAME];
	long long t;

	(void)state;
	raid_backup_name(NOON, name);
	assert_string_equal(name, "journal-20261121-120000.db.gz");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		raid_backup_name(times[i], name);
		assert_int_equal(raid_backup_parse(name, &t), 1);
		assert_true(t == times[i]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(raid_backup_parse(none[i], &t), 0);
}

/* Times as offsets from NOON, in the order given; what is kept as a string
 * of 1 and 0. */
static const struct {
	const char *what;
	struct raid_backup_keep k;
	size_t n;
	long long t[12];
	const char *want;
} table[] = {
	{ "nothing", { 7, 4, 12 }, 0, { 0 }, "" },
	{ "the only one, though nothing is to be kept", { 0, 0, 0 }, 1,
	    { -999 * DAY }, "1" },
	{ "the newest, whatever the order", { 0, 0, 0 }, 3,
	    { -DAY, 0, -2 * DAY }, "010" },
	{ "one of the future is the newest", { 0, 0, 0 }, 2,
	    { 400 * DAY, 0 }, "10" },
	{ "of a day the last", { 7, 0, 0 }, 5,
	    { -7200, 0, -DAY, -DAY - 60, -2 * DAY }, "01101" },
	{ "midnight parts days", { 2, 0, 0 }, 3,
	    { 0, -12 * 3600, -12 * 3600 - 1 }, "101" },
	{ "days without a backup do not count", { 3, 0, 0 }, 4,
	    { 0, -30 * DAY, -60 * DAY, -90 * DAY }, "1110" },
	{ "weeks begin on Monday", { 0, 2, 0 }, 5,
	    { 0, -5 * DAY, -6 * DAY, -12 * DAY, -13 * DAY }, "10100" },
	{ "months by the calendar", { 0, 0, 3 }, 6,
	    { 0, -20 * DAY, -21 * DAY, -51 * DAY, -52 * DAY, -82 * DAY },
	    "101010" },
	{ "December is not January", { 0, 0, 2 }, 3,
	    { 41 * DAY, 40 * DAY, 0 }, "110" },
	{ "one may be kept for two reasons", { 1, 1, 1 }, 3,
	    { 0, -DAY, -40 * DAY }, "100" },
	{ "all reasons together", { 2, 2, 2 }, 7,
	    { 0, -DAY, -2 * DAY, -6 * DAY, -7 * DAY, -30 * DAY, -70 * DAY },
	    "1101010" },
};

static void
test_rotate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		unsigned char keep[12];
		char got[13] = "";
		long long t[12];

		for (size_t j = 0; j < table[i].n; j++)
			t[j] = NOON + table[i].t[j];
		raid_backup_rotate(t, table[i].n, &table[i].k, keep);
		for (size_t j = 0; j < table[i].n; j++)
			got[j] = keep[j] ? '1' : '0';
		if (strcmp(got, table[i].want) != 0)
			fail_msg("%s: %s instead of %s", table[i].what, got,
			    table[i].want);
	}
}

/* A backup a day for two years, thinned out each day. */
static void
test_years(void **state)
{
	const struct raid_backup_keep k = { 7, 4, 12 };
	long long t[64];
	unsigned char keep[64];
	size_t n = 0, m;

	(void)state;
	for (int day = 0; day < 730; day++) {
		t[n++] = NOON + day * DAY;
		raid_backup_rotate(t, n, &k, keep);
		m = n;
		n = 0;
		for (size_t i = 0; i < m; i++)
			if (keep[i])
				t[n++] = t[i];
		assert_in_range(n, 1, 7 + 4 + 12);
	}
	assert_true(n >= 7 + 3 + 11 - 2);
	assert_true(t[n - 1] == NOON + 729 * DAY);
	/* The oldest is the last one of a month, eleven months ago. */
	assert_in_range((NOON + 729 * DAY - t[0]) / DAY, 300, 366);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rotate),
		cmocka_unit_test(test_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
