/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "code/checks.h"
#include "code/verdict.h"

/* Files of a base: pairs of path and content, ended by NULL. */
static int
on_file(void *arg, const char *path, struct raid_buf *b, struct raid_err *err)
{
	const char *const *v = arg;

	(void)err;
	for (; *v != NULL; v += 2)
		if (strcmp(v[0], path) == 0) {
			raid_buf_puts(b, v[1]);
			return 1;
		}
	return 0;
}

/* What is detected, as names with commands: "make: make check;". */
static void
detects(const char *const *files, const char *expected)
{
	struct raid_checks_source src = { on_file,
	    (void *)(uintptr_t)files };
	struct raid_checks c;
	struct raid_err err;
	struct raid_buf b;

	raid_buf_init(&b, 10000);
	assert_int_equal(raid_checks_detect(&c, &src, &err), 0);
	for (size_t i = 0; i < c.n; i++) {
		raid_buf_printf(&b, "%s:", c.v[i].name);
		for (size_t k = 0; k < c.v[i].command.n &&
		    strlen(c.v[i].command.v[k]) < 20; k++)
			raid_buf_printf(&b, " %s", c.v[i].command.v[k]);
		for (size_t k = 0; k < c.v[i].mounts.n; k++)
			raid_buf_printf(&b, " <%s>", c.v[i].mounts.v[k]);
		raid_buf_puts(&b, ";");
	}
	assert_string_equal(raid_buf_str(&b), expected);
	raid_buf_free(&b);
	raid_checks_free(&c);
}
#define FILES(...) (const char *const[]){ __VA_ARGS__, NULL }

static void
test_detect(void **state)
{
	(void)state;
	detects(FILES("README", "x"), "");
	detects(FILES("Makefile", "all check:\n\ttrue\n"), "make: make check;");
	detects(FILES("Makefile", "test : all\n"), "make: make test;");
	detects(FILES("Makefile", "check := 1\ncheck ::= 2\n.PHONY: check\n"
	    "x = a: check\n#check:\n\tcheck: x\nchecks:\n"), "");
	/* make takes the first of them. */
	detects(FILES("Makefile", "check:\n", "GNUmakefile", "all:\n"), "");
	detects(FILES("Makefile", "check:\n", "Cargo.toml", ""),
	    "make: make check;");
	detects(FILES("Makefile", "all:\n", "Cargo.toml", "", "go.mod", ""),
	    "cargo: cargo test --offline <?~/.cargo> <?~/.rustup>;"
	    "go: go test ./... <?~/go/pkg/mod>;");
	detects(FILES("package.json", "{\"scripts\":{\"test\":\"jest\"}}"),
	    "npm: npm test <?node_modules>;");
	detects(FILES("package.json", "{\"scripts\":{\"test\":\"echo \\\"Error:"
	    " no test specified\\\" && exit 1\"}}"), "");
	detects(FILES("package.json", "{broken"), "");
	detects(FILES("pyproject.toml", "", "CMakeLists.txt", ""),
	    "pytest: python3 -m pytest <?.venv>;ctest: sh -ec;");
}

/* Parse; the code of the failure, or 0. */
static int
parse(struct raid_checks *c, const char *text)
{
	struct raid_err err = { 0 };
	struct raid_json *j = raid_json_parse(text, strlen(text), &err);

	assert_non_null(j);
	if (raid_checks_parse(c, j, &err) == 0)
		assert_int_equal(err.code, 0);
	raid_json_free(j);
	return err.code;
}

static void
test_parse(void **state)
{
	static const char *const wrong[] = { "{}", "{\"checks\": {}}",
	    "{\"checks\": [1]}", "{\"checks\": [{}]}",
	    "{\"checks\": [{\"command\": []}]}",
	    "{\"checks\": [{\"command\": \"make\"}]}",
	    "{\"checks\": [{\"command\": [\"\"]}]}",
	    "{\"checks\": [{\"command\": [\"a\"], \"timeout\": \"x\"}]}",
	    "{\"checks\": [{\"command\": [\"a\"], \"timeout\": -1}]}",
	    "{\"checks\": [{\"command\": [\"a\"], \"memory\": []}]}",
	    "{\"checks\": [{\"command\": [\"a\"], \"mounts\": [3]}]}" };
	struct raid_checks c, again;
	char a[RAID_HASH_SIZE], b[RAID_HASH_SIZE];
	struct raid_json *j;
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(&c, wrong[i]), RAID_ECONFIG);
		raid_checks_free(&c);
	}
	assert_int_equal(parse(&c, "{\"checks\": []}"), 0);
	assert_int_equal(c.n, 0);
	raid_checks_free(&c);
	assert_int_equal(parse(&c, "{\"checks\": [{\"command\": [\"a\", \"b\"]}"
	    ", {\"name\": \"n\", \"command\": [\"c\"], \"timeout\": \"2m\", "
	    "\"idle\": 1.5, \"memory\": \"2M\", \"network\": true, "
	    "\"mounts\": [\"~/x:rw\"]}]}"), 0);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.v[0].name, "a");
	assert_true(c.v[0].timeout == RAID_CHECK_TIMEOUT);
	assert_int_equal(c.v[0].memory, RAID_CHECK_MEMORY);
	assert_int_equal(c.v[0].network, 0);
	assert_string_equal(c.v[1].name, "n");
	assert_true(c.v[1].timeout == 120 && c.v[1].idle == 1.5);
	assert_int_equal(c.v[1].memory, 2 << 20);
	assert_int_equal(c.v[1].network, 1);
	assert_string_equal(c.v[1].mounts.v[0], "~/x:rw");
	/* Written and read again it is the same list. */
	j = raid_checks_json(&c);
	assert_int_equal(raid_checks_parse(&again, j, &err), 0);
	raid_checks_hash(&c, a);
	raid_checks_hash(&again, b);
	assert_string_equal(a, b);
	again.v[0].timeout++;
	raid_checks_hash(&again, b);
	assert_string_not_equal(a, b);
	raid_json_free(j);
	raid_checks_free(&c);
	raid_checks_free(&again);
}

/* What is said of the output. */
static void
brief(const struct raid_result *e, struct raid_buf *out)
{
	if (!e->pass)
		raid_buf_puts(out, "tool: 1 failed\n");
}

/* The digest of one check with this output; the caller frees. */
static char *
digest(const char *out, size_t len, int pass)
{
	struct raid_results r = { 0 };
	struct raid_result *e = raid_results_add(&r);
	struct raid_buf b;
	uint32_t c;
	char *s;
	size_t n;

	e->name = raid_strdup("n");
	e->command = raid_strdup("make check");
	e->how = raid_strdup(pass ? "exit status 0" : "exit status 2");
	e->pass = pass;
	raid_buf_add(&e->out, out, len);
	raid_buf_init(&b, (size_t)1 << 20);
	raid_results_digest(&r, "en", brief, &b);
	assert_int_equal(raid_results_pass(&r), pass);
	for (size_t i = 0; i < b.len; i += n) {
		n = raid_utf8_next(b.p + i, b.len - i, &c);
		assert_int_not_equal(n, 0);
		assert_int_not_equal(c, 0);
	}
	raid_results_free(&r);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

static void
test_digest(void **state)
{
	size_t n = (size_t)4 << 20;
	char *big = raid_malloc(n), *s;

	(void)state;
	s = digest("", 0, 1);
	assert_string_equal(s, "passed: `make check` (exit status 0, 0.0 s)\n");
	free(s);
	s = digest("", 0, 0);
	assert_string_equal(s, "failed: `make check` (exit status 2, 0.0 s)\n"
	    "```\ntool: 1 failed\n```\n");
	free(s);
	/* Bytes that no body may hold, and a fence. */
	s = digest("a\0b\xff\xc3(\n\x1b[31mred\x1b[0m\n10%\r100%\r\n```\n@x",
	    sizeof("a\0b\xff\xc3(\n\x1b[31mred\x1b[0m\n10%\r100%\r\n```\n@x") -
	    1, 0);
	assert_non_null(strstr(s, "````\nab?\?(\nred\n100%\n```\n@x\n````\n"));
	free(s);
	/* A flood stays short, with its end. */
	memset(big, 'x', n);
	for (size_t i = 999; i < n; i += 1000)
		big[i] = '\n';
	memcpy(big + n - 10, "\nthe end\n\n", 10);
	s = digest(big, n, 0);
	assert_true(strlen(s) < 20000);
	assert_non_null(strstr(s, "\nthe end\n"));
	free(s);
	free(big);
}

static void
test_none(void **state)
{
	struct raid_results r = { 0 };

	(void)state;
	assert_false(raid_results_pass(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
