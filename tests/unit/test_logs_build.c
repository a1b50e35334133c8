/* SPDX-License-Identifier: ISC */
/* Findings in the output of compilers and tests; see also tests/build. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/tokens.h"
#include "logs/build.h"

static struct raid_build *
look(const char *text, int known)
{
	struct raid_build *b = raid_build_new(known);

	raid_build_text(b, text, strlen(text));
	raid_build_end(b);
	return b;
}

/* The digest of a text is this. */
static void
says(const char *text, int known, int flags, const char *want)
{
	struct raid_build *b = look(text, known);
	struct raid_buf out;

	raid_buf_init(&out, 1 << 16);
	raid_build_digest(b, 4000, flags, &out);
	assert_string_equal(raid_buf_str(&out), want);
	assert_int_equal(raid_build_any(b), *want != '\0');
	raid_buf_free(&out);
	raid_build_free(b);
}

static void
test_finding(void **state)
{
	struct raid_build *b = look("cc -c a.c\n"
	    "src/a.h:1:57: error: expected ';' before '}' token\n"
	    "a.c:3:1: warning: unused variable 'x' [-Wunused-variable]\n"
	    "src/a.h:1:57: error: expected ';' before '}' token\n", 0);
	const struct raid_finding *f = raid_build_finding(b, 0);
	const struct raid_build_count *c = raid_build_count(b, 0);

	(void)state;
	assert_int_equal(f->kind, RAID_FINDING_ERROR);
	assert_string_equal(f->tool, "gcc");
	assert_string_equal(f->file, "src/a.h");
	assert_int_equal(f->line, 1);
	assert_int_equal(f->column, 57);
	assert_string_equal(f->name, "");
	assert_string_equal(f->message, "expected ';' before '}' token");
	assert_int_equal(f->at, 2);
	assert_int_equal(f->n, 2);
	f = raid_build_finding(b, 1);
	assert_int_equal(f->kind, RAID_FINDING_WARNING);
	assert_string_equal(f->name, "-Wunused-variable");
	assert_string_equal(f->message, "unused variable 'x'");
	assert_int_equal(f->n, 1);
	assert_null(raid_build_finding(b, 2));
	assert_int_equal(raid_build_counts(b), 1);
	assert_int_equal(c->errors, 1);
	assert_int_equal(c->warnings, 1);
	assert_null(raid_build_count(b, 1));
	assert_int_equal(raid_build_dropped(b), 0);
	raid_build_free(b);
}

static void
test_json(void **state)
{
	struct raid_build *b = look("FAILED a.py::t - assert 1 == 2\n"
	    "FAILED a.py::u - no\n=== 2 failed, 3 passed in 0.1s ===\n", 0);
	struct raid_json *j = raid_build_json(b, 1);
	char *s = raid_json_print(j, 0);

	(void)state;
	assert_string_equal(s, "{\"counts\":[{\"tool\":\"pytest\","
	    "\"failed\":2,\"errors\":0,\"passed\":3,\"skipped\":0,"
	    "\"warnings\":0}],\"findings\":[{\"kind\":\"failed\","
	    "\"tool\":\"pytest\",\"file\":\"a.py\",\"name\":\"a.py::t\","
	    "\"message\":\"assert 1 == 2\",\"at\":1,\"n\":1}],"
	    "\"left_out\":1}");
	free(s);
	raid_json_free(j);
	raid_build_free(b);
}

/* What one line of a runner gives. */
static void
test_counts(void **state)
{
	(void)state;
	says("ok 1 - a\nnot ok 2 - b\nok 3 # SKIP c\n1..3\n", 0, 0,
	    "TAP: 1 failed, 1 passed, 1 skipped\nfailed: b\n");
	says("1..2\nok 1\nnot ok 2 - later # TODO soon\n", 0, 0,
	    "TAP: 2 passed\n");
	says("ok  \ta/b\t0.1s\nFAIL\ta/c\t0.2s\nFAIL\n", 0, 0,
	    "go packages: 1 failed, 1 passed\n");
	says("===== 1 failed, 3 passed in 0.12s =====\n", 0, 0,
	    "pytest: 1 failed, 3 passed\n");
	says("95% tests passed, 1 tests failed out of 20\n", 0, 0,
	    "ctest: 1 failed, 19 passed\n");
	says("test result: ok. 3 passed; 0 failed; 1 ignored\n", 0, 0,
	    "cargo test: 3 passed, 1 skipped\n");
	says("Ran 3 tests in 0.1s\n\nOK (skipped=1)\n", 0, 0,
	    "unittest: 2 passed, 1 skipped\n");
	says("all went well\n", 1, 0, "");
}

static void
test_brief(void **state)
{
	static const char text[] = "not ok 1 - a\n1..1\n"
	    "make: *** [Makefile:3: check] Error 1\n";

	(void)state;
	says(text, 0, RAID_BUILD_BRIEF, "TAP: 1 failed\n");
	/* What make says follows from that. */
	says(text, 0, RAID_BUILD_LINES, "TAP: 1 failed\n"
	    "failed: a (line 1)\n");
	says("make: *** [Makefile:3: check] Error 1\n", 0, 0,
	    "Makefile:3: error: Error 1 [check]\n");
}

/* Lines with a place: of no tool that we know, they count where the text is
 * known to be of a build. */
static void
test_places(void **state)
{
	static const char *const places[] = {
	    "./a.sh: line 3: foo: not found", "a.sh: 3: foo: not found",
	    "at f (lib/a.js:10:3)", "FAIL at t.go:9",
	    "as: as.c:2: main: Assertion `1 == 2' failed.",
	    "Died at x.pl line 3." };
	static const char *const none[] = { "http://host.com:80 failed",
	    "at 12:30:15 it failed", "1.2.3:80 error", "a.sh: 3 tests failed",
	    "version 1.2: 3", "see a.b for more" };
	char want[200];

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(want, sizeof(want), "%s\n", places[i]);
		says(places[i], 1, 0, want);
		says(places[i], 0, 0, "");
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		says(none[i], 1, 0, "");
	/* Complaints come first, each place once. */
	says("a.c:1: look\nb.c:1: look\na.c:1: x failed\n", 1, 0,
	    "a.c:1: x failed\nb.c:1: look\n");
	says("a.c:1: look\nb.c:1: look\n", 1, 0, "a.c:1: look\n"
	    "b.c:1: look\n");
	says("Traceback (most recent call last):\n"
	    "  File \"t/x.py\", line 7, in f\n    g()\nKeyError: 'a'\n", 1, 0,
	    "python: 1 error\nt/x.py:7: error: KeyError: 'a'\n");
	says("error: no such branch\n", 1, 0,
	    "build: error: no such branch\n");
}

/* A million findings: few are kept, all are counted. */
static void
test_flood(void **state)
{
	struct raid_build *b = raid_build_new(0);
	char line[80];
	struct raid_buf out;
	size_t n = 0;

	(void)state;
	for (unsigned i = 1; i <= 1000000; i++) {
		int len = snprintf(line, sizeof(line), "a.c:%u:1: %s: no %u",
		    i, i % 2 == 0 ? "error" : "warning", i);

		(void)raid_build_add(b, raid_build_class((unsigned char *)line,
		    (size_t)len), (unsigned char *)line, (size_t)len, i);
	}
	raid_build_end(b);
	while (raid_build_finding(b, n) != NULL)
		n++;
	assert_int_equal(n, 300);
	assert_int_equal(raid_build_dropped(b), 1000000 - 300);
	assert_int_equal(raid_build_count(b, 0)->errors, 500000);
	raid_buf_init(&out, 1 << 16);
	raid_build_digest(b, 100, 0, &out);
	assert_true(raid_tokens(out.p, out.len) <= 100);
	assert_memory_equal(out.p, "gcc: 500000 errors, 500000 warnings\n"
	    "a.c:2:1: error: no 2\n", 57);
	assert_non_null(strstr(raid_buf_str(&out), "\nand 9999"));
	raid_buf_reset(&out);
	raid_build_digest(b, 3, 0, &out);
	assert_int_equal(out.len, 0);
	raid_buf_free(&out);
	raid_build_free(b);
}

static void
test_bytes(void **state)
{
	static const char hostile[] = "a.c:1:1: error: \xff\xc3(\0\x07 x\n"
	    "not ok 1 - \x1b[31mred\x1b[0m\xf0\x9f\n";
	struct raid_build *b = raid_build_new(0);
	char *big = raid_malloc(1 << 20);

	(void)state;
	raid_build_text(b, hostile, sizeof(hostile) - 1);
	raid_build_end(b);
	assert_string_equal(raid_build_finding(b, 0)->message, "?\?(   x");
	assert_string_equal(raid_build_finding(b, 1)->name, "red??");
	raid_build_free(b);
	memset(big, 'a', 1 << 20);
	memcpy(big, "a.c:1:1: error: ", 16);
	b = raid_build_new(1);
	raid_build_text(b, big, 1 << 20);
	raid_build_end(b);
	assert_int_equal(strlen(raid_build_finding(b, 0)->message), 303);
	raid_build_free(b);
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_brief),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
