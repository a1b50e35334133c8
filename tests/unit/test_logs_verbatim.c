/* SPDX-License-Identifier: ISC */
/* Lines as they stand there, but for those of private keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "logs/log.h"
#include "logs/verbatim.h"

#define B64 "MC4CAQAwBQYDK2VwBCIEINz+HyOl0TjigM+nWvgEex9EjTmxVMQBkcXeDn5IgFwt"

static void
keep(void *arg, const unsigned char *p, size_t len)
{
	raid_buf_add(arg, p, len);
	raid_buf_addc(arg, '\n');
}

/* The lines of a text that is given so many bytes at a time. */
static void
split(const char *s, size_t len, size_t step, struct raid_buf *b)
{
	struct raid_verbatim v;

	raid_buf_init(b, 1 << 20);
	raid_verbatim_init(&v, keep, b);
	for (size_t i = 0, n; i < len; i += n) {
		n = len - i < step ? len - i : step;
		raid_verbatim_add(&v, s + i, n);
	}
	raid_verbatim_end(&v);
	raid_verbatim_free(&v);
}

static void
check(const char *s, const char *expected)
{
	struct raid_buf b;

	for (size_t step = 1; step < 100; step += 11) {
		split(s, strlen(s), step, &b);
		assert_string_equal(raid_buf_str(&b), expected);
		raid_buf_free(&b);
	}
}

static void
test_lines(void **state)
{
	(void)state;
	check("", "");
	check("\n", "\n");
	check("a\n\nb\r\n\033[1mc", "a\n\nb\n\033[1mc\n");
}

static void
test_keys(void **state)
{
	(void)state;
	check("x\n-----BEGIN PRIVATE KEY-----\n" B64 "\nBwE=\n"
	    "-----END PRIVATE KEY-----\n" B64 "\n",
	    "x\n-----BEGIN PRIVATE KEY-----\n" RAID_KEYLINE "\n" RAID_KEYLINE
	    "\n-----END PRIVATE KEY-----\n" B64 "\n");
	/* With headers, and other lines in between. */
	check("Jan  2 03:04:05 h x[1]: -----BEGIN RSA PRIVATE KEY-----\n"
	    "Jan  2 03:04:05 h x[1]: Proc-Type: 4,ENCRYPTED\n"
	    "Jan  2 03:04:05 h x[1]: \n"
	    "Jan  2 03:04:05 h x[1]: " B64 "\n"
	    "Jan  2 03:04:05 h y[1]: something else\n"
	    "w3 | " B64 "\n"
	    "Jan  2 03:04:05 h x[1]: BwE=\n",
	    "Jan  2 03:04:05 h x[1]: -----BEGIN RSA PRIVATE KEY-----\n"
	    "Jan  2 03:04:05 h x[1]: Proc-Type: 4,ENCRYPTED\n"
	    "Jan  2 03:04:05 h x[1]: \n"
	    RAID_KEYLINE "\n"
	    "Jan  2 03:04:05 h y[1]: something else\n"
	    RAID_KEYLINE "\n" RAID_KEYLINE "\n");
	/* In a program, and one that PuTTY has. */
	check("k = \"-----BEGIN EC PRIVATE KEY-----\" +\n  \"" B64 "\" +\n",
	    "k = \"-----BEGIN EC PRIVATE KEY-----\" +\n" RAID_KEYLINE "\n");
	check("Private-Lines: 1\n" B64 "\nPrivate-MAC: 17\n",
	    "Private-Lines: 1\n" RAID_KEYLINE "\nPrivate-MAC: 17\n");
	/* A certificate is none; nor is what only speaks of keys. */
	check("-----BEGIN CERTIFICATE-----\n" B64 "\n",
	    "-----BEGIN CERTIFICATE-----\n" B64 "\n");
	check("a PRIVATE KEY will BEGIN here --\n" B64 "\n",
	    "a PRIVATE KEY will BEGIN here --\n" RAID_KEYLINE "\n");
	check("we BEGIN with the PRIVATE KEY\n" B64 "\n",
	    "we BEGIN with the PRIVATE KEY\n" B64 "\n");
}

/* A beginning without an end does not hide a log. */
static void
test_no_end(void **state)
{
	struct raid_buf b, text;
	size_t hidden = 0;

	(void)state;
	raid_buf_init(&text, 1 << 20);
	raid_buf_puts(&text, "-----BEGIN PRIVATE KEY-----\n");
	for (int i = 0; i < 1000; i++)
		raid_buf_printf(&text, i % 3 ? "all is well %d\n" : "word\n",
		    i);
	split(raid_buf_str(&text), text.len, 1000, &b);
	for (const char *s = raid_buf_str(&b); (s = strstr(s, RAID_KEYLINE)) !=
	    NULL; s++)
		hidden++;
	assert_in_range(hidden, 0, 10);
	raid_buf_free(&b);
	raid_buf_free(&text);
}

static uint64_t lines;

static void
count(void *arg, uint32_t group, uint64_t n, int in_window)
{
	(void)arg;
	(void)group;
	(void)in_window;
	lines += n;
}

/* As many lines as a log counts, and in none of its templates a key. */
static void
test_as_log(void **state)
{
	static const char *const texts[] = {
		"a\nb", "\n\n", "a\0b\n\nc\r\n", "x\n-----BEGIN PRIVATE KEY-----\n"
		B64 "\n" B64 "\nabc=\n-----END PRIVATE KEY-----\nERROR no\n",
		"__CURSOR=s=a\n__REALTIME_TIMESTAMP=1700000000000000\n"
		"PRIORITY=3\nMESSAGE=one\n\n__CURSOR=s=b\n"
		"__REALTIME_TIMESTAMP=1700000001000000\nMESSAGE=two\n\n"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct raid_log_opts o = { .assign = 1, .on_lines = count };
		struct raid_log *l = raid_log_new(&o);
		size_t len = strlen(texts[i]), n = 0;
		struct raid_buf b;

		lines = 0;
		raid_log_add(l, texts[i], len);
		raid_log_end_file(l);
		raid_log_finish(l);
		split(texts[i], len, 1000, &b);
		for (size_t k = 0; k < b.len; k++)
			n += b.p[k] == '\n';
		assert_int_equal(n, lines);
		for (size_t k = 0; k < raid_log_count(l); k++) {
			const struct raid_template *t = raid_log_template(l,
			    k);

			assert_null(memmem(t->example, t->example_len,
			    "MC4CAQ", 6));
		}
		raid_buf_free(&b);
		raid_log_free(l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_no_end),
		cmocka_unit_test(test_as_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
