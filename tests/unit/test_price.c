/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alive.h"
#include "base/price.h"

static const struct raid_price claude = { 1, 3, 0.3, 3.75, 6, 15 };

static void
test_micro(void **state)
{
	(void)state;
	assert_int_equal(raid_price_micro(0), 0);
	assert_int_equal(raid_price_micro(0.31), 310000);
	assert_int_equal(raid_price_micro(0.0000004), 0);
	assert_int_equal(raid_price_micro(0.0000005), 1);
	assert_int_equal(raid_price_micro(-0.01), -1);
	assert_int_equal(raid_price_micro(NAN), -1);
	assert_int_equal(raid_price_micro(-INFINITY), -1);
	assert_int_equal(raid_price_micro(INFINITY), 1000000000000000);
	assert_int_equal(raid_price_micro(1e300), 1000000000000000);
}

static void
test_cost(void **state)
{
	static const struct raid_price unknown = { 0 }, tiny = { 1, 0.1, 0.1,
		0.1, 0.1, 0.1 };
	struct raid_usage u = { 1000, 2000, 300, 100, 400, 350, -1 };

	(void)state;
	/* 3000 + 600 + 200 x 3.75 + 100 x 6 + 6000; reasoning is in it. */
	assert_int_equal(raid_price_cost(&claude, &u), 10950);
	assert_int_equal(raid_price_cost(&unknown, &u), -1);
	/* What the provider says comes first; nothing is nothing. */
	u.cost = 0.5;
	assert_int_equal(raid_price_cost(&claude, &u), 500000);
	assert_int_equal(raid_price_cost(&unknown, &u), 500000);
	u.cost = 0;
	assert_int_equal(raid_price_cost(&claude, &u), 0);
	u = (struct raid_usage){ -1, -1, -1, -1, -1, -1, -1 };
	assert_int_equal(raid_price_cost(&claude, &u), -1);
	u.output = 10;
	assert_int_equal(raid_price_cost(&claude, &u), 150);
	/* More for an hour than at all; negative; absurd. */
	u = (struct raid_usage){ -7, 0, 10, 100, 0, 0, -1 };
	assert_int_equal(raid_price_cost(&claude, &u), 600);
	u = (struct raid_usage){ 9000000000000000000, 0, 0, 0,
		9000000000000000000, 0, -1 };
	assert_int_equal(raid_price_cost(&claude, &u), 1000000000000000);
	/* Each call to the nearest millionth. */
	u = (struct raid_usage){ 4, 0, 0, 0, 0, 0, -1 };
	assert_int_equal(raid_price_cost(&tiny, &u), 0);
	u.input = 5;
	assert_int_equal(raid_price_cost(&tiny, &u), 1);
}

/* No call of so many tokens costs more than what was said before it. */
static void
test_most(void **state)
{
	static const struct raid_price unknown = { 0 };
	struct raid_price p = { .known = 1 };
	unsigned seed = 1;

	(void)state;
	assert_int_equal(raid_price_most(&claude, 1000, 1000), 21000);
	assert_int_equal(raid_price_most(&claude, 0, 0), 0);
	assert_int_equal(raid_price_most(&unknown, 1000, 1000), -1);
	for (int i = 0; i < 20000; i++) {
		long long n[4], sum = 0;
		struct raid_usage u = { .cost = -1 };

		for (int k = 0; k < 4; k++) {
			seed = seed * 1103515245 + 12345;
			n[k] = seed >> 16 & 0xfff;
			sum += k < 3 ? n[k] : 0;
		}
		p.input = (double)(seed % 701) / 100;
		p.cache_read = (double)(seed % 307) / 100;
		p.cache_write = (double)(seed % 809) / 100;
		p.cache_write_1h = (double)(seed % 907) / 100;
		p.output = (double)(seed % 997) / 100;
		u.input = n[0];
		u.cache_read = n[1];
		u.cache_write = n[2];
		u.cache_write_1h = n[2] / 2;
		u.output = n[3];
		assert_true(raid_price_cost(&p, &u) <=
		    raid_price_most(&p, sum, n[3]));
	}
}

static void
test_fill(void **state)
{
	struct raid_usage u = { 10, 0, 0, 0, 20, 0, -1 };

	(void)state;
	assert_int_equal(raid_price_fill(&u, 7, 8), 0);
	assert_int_equal(u.input, 10);
	assert_int_equal(u.output, 20);
	/* A stream that broke off: the input was counted, the output not. */
	u.output = -1;
	assert_int_equal(raid_price_fill(&u, 7, 8), 1);
	assert_int_equal(u.input, 10);
	assert_int_equal(u.output, 8);
	u = (struct raid_usage){ -1, 5, -1, -1, 20, -1, -1 };
	assert_int_equal(raid_price_fill(&u, 7, 8), 0);
	assert_int_equal(u.input, -1);
	/* The cost is not estimated if the provider says it. */
	u = (struct raid_usage){ -1, -1, -1, -1, -1, -1, 0.25 };
	assert_int_equal(raid_price_fill(&u, 7, 8), 0);
	assert_int_equal(u.input, 7);
	assert_int_equal(u.output, 8);
}

static void
test_format(void **state)
{
	static const struct {
		long long micro;
		const char *text;
	} v[] = { { 0, "0.00" }, { 1, "0.000001" }, { 99, "0.000099" },
	    { 100, "0.0001" }, { 101, "0.0002" }, { 12500, "0.0125" },
	    { 12501, "0.0126" }, { 90000, "0.09" }, { 100000, "0.10" },
	    { 999999, "1.00" }, { 1000000, "1.00" }, { 1000001, "1.01" },
	    { 4970000, "4.97" }, { 5000000, "5.00" }, { 120500000, "120.50" },
	    { 1000000000000000, "1000000000.00" } };
	char out[RAID_PRICE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		raid_price_format(v[i].micro, out);
		assert_string_equal(out, v[i].text);
	}
}

static void
test_alive(void **state)
{
	long long since = raid_alive_since(getpid());
	int fds[2], status;
	char c;
	pid_t pid;

	(void)state;
	assert_true(since > 0);
	assert_true(raid_alive(getpid(), since));
	assert_false(raid_alive(getpid(), since + 1));
	assert_true(raid_alive(getpid(), 0));
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		(void)!read(fds[0], &c, 1);
		_exit(0);
	}
	since = raid_alive_since(pid);
	assert_true(raid_alive(pid, since));
	close(fds[1]);
	close(fds[0]);
	/* Ended, though nobody has fetched it: the pid is still there. */
	while (raid_alive_since(pid) != 0)
		(void)usleep(1000);
	assert_int_equal(kill(pid, 0), 0);
	assert_false(raid_alive(pid, since));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(raid_alive(pid, since));
	assert_false(raid_alive(pid, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_micro), cmocka_unit_test(test_cost),
		cmocka_unit_test(test_most), cmocka_unit_test(test_fill),
		cmocka_unit_test(test_format), cmocka_unit_test(test_alive)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
