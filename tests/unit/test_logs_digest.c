/* SPDX-License-Identifier: ISC */
/* The page of a log, whole, in its budget. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "logs/digest.h"

static const struct raid_log_opts plain;

static void
put(struct raid_log *l, const char *fmt, ...)
{
	char s[2048];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	raid_log_add(l, s, strlen(s));
}

/* A line at second i of a day. */
static void
put_at(struct raid_log *l, int i, const char *rest)
{
	put(l, "2025-03-04 %02d:%02d:%02d %s\n", i / 3600 % 24, i / 60 % 60,
	    i % 60, rest);
}

/* Six hours of a service: it answers, slowly for some minutes. */
static struct raid_log *
service(const struct raid_log_opts *o)
{
	struct raid_log *l = raid_log_new(o);
	static const char *const jobs[] = { "mail", "index", "thumbs", "feed",
	    "report", "sync", "vacuum", "backup", "audit", "quota" };
	char s[256];

	for (int i = 0; i < 21600; i += 2) {
		int slow = i >= 12000 && i < 13200;

		(void)snprintf(s, sizeof(s), "INFO api GET /item/%d took_ms=%d",
		    i * 7 % 9973, (20 + i % 17) * (slow ? 9 : 1));
		put_at(l, i, s);
		(void)snprintf(s, sizeof(s), "INFO cron job %s number %d done",
		    jobs[i / 2 % 10], i);
		put_at(l, i, s);
		if (slow && i % 20 == 0)
			put_at(l, i, "ERROR api pool has no free worker");
		if (i == 5000)
			put_at(l, i, "INFO ring token moved to site beta");
		if (i == 9000)
			put_at(l, i, "ERROR api cannot write /var/x: full");
	}
	raid_log_end_file(l);
	raid_log_finish(l);
	return l;
}

static char *
page(const struct raid_log *l, const struct raid_digest_opts *o)
{
	struct raid_buf b;
	char *s;

	raid_buf_init(&b, (size_t)64 << 20);
	raid_digest_page(l, o, &b);
	assert_int_equal(raid_utf8_check(b.p, b.len), b.len);
	assert_true(raid_tokens(b.p, b.len) <= o->tokens);
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

/* What is shown and left out is all; the counts of the page are what is
 * shown.  No template of the log is a trace. */
static void
check_sum(const char *s, uint64_t lines)
{
	const char *end = strstr(s, "\nLeft out: ");
	uint64_t shown, left, all, sum = 0, n;

	assert_non_null(end);
	assert_int_equal(sscanf(strstr(end, "Sum: "), "Sum: %" SCNu64 " + %"
	    SCNu64 " = %" SCNu64, &shown, &left, &all), 3);
	assert_int_equal(shown + left, lines);
	assert_int_equal(all, lines);
	for (; s != NULL && s < end; s = strchr(s + 1, '\n'))
		if (sscanf(s, "\nx%" SCNu64 " ", &n) == 1)
			sum += n;
		else if (sscanf(s, "\n    + %*u like it, %" SCNu64, &n) == 1)
			sum += n;
	assert_int_equal(sum, shown);
}

static void
test_page(void **state)
{
	struct raid_log *l = service(&plain);
	struct raid_digest_opts o = { .tokens = 2000 };
	char *s = page(l, &o), *again = page(l, &o);

	(void)state;
	assert_string_equal(s, again);
	free(again);
	check_sum(s, raid_log_total(l)->lines);
	assert_non_null(strstr(s, "2025-03-04 00:00:00 to 05:59:58 UTC"));
	assert_non_null(strstr(s, "\nx1 info 01:23:20 line "));
	assert_non_null(strstr(s, "\n    INFO ring token moved to site beta\n"));
	assert_non_null(strstr(s, "cannot write /var/x: full\n"));
	assert_non_null(strstr(s, "\nx60 error 03:20:00..03:39:40 line "));
	assert_non_null(strstr(s, "\ntook_ms  "));
	assert_non_null(strstr(s, "\n## Frequent\n"));
	free(s);
	raid_log_free(l);
}

static void
test_incident(void **state)
{
	struct raid_log *l = service(&plain);
	struct raid_digest_opts o = { .tokens = 2000 };
	char *s = page(l, &o), *p;

	(void)state;
	p = strstr(s, "## Incident 03:");
	assert_non_null(p);
	assert_non_null(strstr(p, "took_ms: "));
	p = strstr(p, "pool has no free worker");
	assert_non_null(p);
	assert_true(p < strstr(s, "## Rare and bad"));
	free(s);
	raid_log_free(l);
}

static void
test_budget(void **state)
{
	struct raid_log *l = service(&plain);
	struct raid_digest_opts o = { 0 };
	struct raid_err err;
	struct raid_json *j;
	char *s;

	(void)state;
	for (o.tokens = 100; o.tokens < 3000; o.tokens += 23) {
		o.json = 0;
		s = page(l, &o);
		check_sum(s, raid_log_total(l)->lines);
		free(s);
		o.json = 1;
		s = page(l, &o);
		j = raid_json_parse(s, strlen(s), &err);
		assert_non_null(j);
		assert_int_equal(strncmp(s, "{\"type\":\"log_digest\",\"v\":1,"
		    "\"lines\":", 35), 0);
		assert_int_equal(raid_json_int(j, "shown_lines", -1) +
		    raid_json_int(j, "left_out_lines", -1),
		    raid_log_total(l)->lines);
		raid_json_free(j);
		free(s);
	}
	raid_log_free(l);
}

static void
test_window(void **state)
{
	struct raid_log_opts lo = plain;
	struct raid_digest_opts o = { .tokens = 3000 };
	struct raid_log *l;
	char *s, *p;

	(void)state;
	lo.has_window = 1;
	lo.window.from = INT64_C(1741046400000) + 12000000;
	lo.window.to = lo.window.from + 600000;
	l = service(&lo);
	s = page(l, &o);
	check_sum(s, raid_log_total(l)->lines);
	assert_non_null(strstr(s, "\nWindow 03:20:00..03:30:00: "));
	p = strstr(s, "## More often in the window\n");
	assert_non_null(p);
	assert_non_null(strstr(p, "pool has no free worker"));
	assert_null(strstr(s, "ring token"));
	assert_non_null(strstr(s, " window n 300 p50 "));
	free(s);
	raid_log_free(l);
}

/* A mask of the caller sees each text before it is cut or counted. */
static void
mask(void *arg, const void *p, size_t len, struct raid_buf *out)
{
	const char *s = memmem(p, len, "hunter2", 7);
	size_t at;

	(*(size_t *)arg)++;
	if (s == NULL) {
		raid_buf_add(out, p, len);
		return;
	}
	at = (size_t)(s - (const char *)p);
	raid_buf_add(out, p, at);
	raid_buf_puts(out, "[masked]");
	raid_buf_add(out, s + 7, len - at - 7);
}

static void
test_mask(void **state)
{
	struct raid_log *l = raid_log_new(&plain);
	size_t calls = 0;
	struct raid_digest_opts o = { .tokens = 2000, .mask = mask,
	    .arg = &calls };
	char *s;

	(void)state;
	put(l, "ERROR login with password hunter2 refused\n");
	raid_log_end_file(l);
	raid_log_finish(l);
	for (o.json = 0; o.json < 2; o.json++) {
		s = page(l, &o);
		assert_null(strstr(s, "hunter2"));
		assert_non_null(strstr(s, "password [masked] refused"));
		free(s);
	}
	assert_true(calls > 1);
	raid_log_free(l);
}

/* What a log may not do to a page. */
static void
test_hostile(void **state)
{
	struct raid_log *l = raid_log_new(&plain);
	struct raid_digest_opts o = { .tokens = 4000 };
	char *s, *p;

	(void)state;
	put(l, "```\n");
	put(l, "# a heading\n");
	put(l, "bad \xff\xfe bytes \xe2\x80\xae and \x1b[31mcolours\n");
	for (int i = 0; i < 60; i++)
		put(l, "%s", "\xd0\xb6\xd0\xb6 ");
	for (int i = 0; i < 900; i++)
		put(l, "%s", "long ");
	put(l, "\n");
	raid_log_end_file(l);
	raid_log_finish(l);
	s = page(l, &o);
	check_sum(s, 4);
	assert_null(strstr(s, "\xe2\x80\xae"));
	assert_null(strchr(s, '\x1b'));
	assert_null(strstr(s, "\n# a heading"));
	/* Each fence that opens is closed, and none is made by a line. */
	size_t fences = 0;
	for (p = s; (p = strstr(p, "\n```")) != NULL; p += 4)
		fences++;
	assert_int_equal(fences % 2, 0);
	assert_non_null(strstr(s, "..."));
	free(s);
	raid_log_free(l);
}

static void
test_empty(void **state)
{
	struct raid_log *l = raid_log_new(&plain);
	struct raid_digest_opts o = { .tokens = 100 };
	struct raid_err err;
	struct raid_json *j;
	char *s;

	(void)state;
	raid_log_finish(l);
	s = page(l, &o);
	assert_non_null(strstr(s, "# Log: 0 lines, 0 templates\n"));
	free(s);
	o.json = 1;
	s = page(l, &o);
	j = raid_json_parse(s, strlen(s), &err);
	assert_non_null(j);
	raid_json_free(j);
	free(s);
	raid_log_free(l);
}

static struct raid_log *
build(int new)
{
	struct raid_log *l = raid_log_new(&plain);

	for (int i = 0; i < (new ? 600 : 500); i++) {
		put(l, "INFO unit %d compiled in %d ms\n", i * 31 % 997,
		    (30 + i % 9) * (new ? 3 : 1));
		put(l, "INFO cache asked for %x\n", 0x10000000 + i * 7919);
		put(l, "INFO worker %d is idle\n", i % 8);
		if (i % (new ? 4 : 100) == 0)
			put(l, "WARN had to wait for the lock\n");
	}
	put(l, new ? "ERROR link step found no symbol main\n" :
	    "INFO the old linker is used here\n");
	raid_log_end_file(l);
	raid_log_finish(l);
	return l;
}

static void
test_compare(void **state)
{
	struct raid_log *old = build(0), *new = build(1);
	struct raid_digest_opts o = { .tokens = 2000 };
	struct raid_buf b;
	struct raid_err err;
	struct raid_json *j;
	const char *p, *s;

	(void)state;
	raid_buf_init(&b, 1 << 20);
	raid_digest_compare(old, new, &o, &b);
	s = raid_buf_str(&b);
	assert_true(raid_tokens(b.p, b.len) <= o.tokens);
	p = strstr(s, "## New\n");
	assert_non_null(p);
	assert_non_null(strstr(p, "no symbol main"));
	p = strstr(p, "## More or less often\n");
	assert_non_null(p);
	assert_non_null(strstr(p, "x150 was 5 warn "));
	assert_null(strstr(p, "worker"));
	p = strstr(p, "## Gone\n");
	assert_non_null(p);
	assert_non_null(strstr(p, "the old linker"));
	raid_buf_reset(&b);
	o.json = 1;
	for (o.tokens = 100; o.tokens < 1500; o.tokens += 50) {
		raid_buf_reset(&b);
		raid_digest_compare(old, new, &o, &b);
		assert_true(raid_tokens(b.p, b.len) <= o.tokens);
		j = raid_json_parse(b.p, b.len, &err);
		assert_non_null(j);
		assert_int_equal(raid_json_int(j, "shown_lines", -1) +
		    raid_json_int(j, "left_out_lines", -1),
		    raid_log_total(old)->lines + raid_log_total(new)->lines);
		raid_json_free(j);
	}
	raid_buf_free(&b);
	assert_true(raid_digest_is_new(old, new));
	raid_log_free(old);
	raid_log_free(new);
}

/* A log compared with itself has no news. */
static void
test_same(void **state)
{
	struct raid_log *l = build(0);
	struct raid_digest_opts o = { .tokens = 2000 };
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, 1 << 20);
	raid_digest_compare(l, l, &o, &b);
	assert_null(strstr(raid_buf_str(&b), "## "));
	assert_false(raid_digest_is_new(l, l));
	raid_buf_free(&b);
	raid_log_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page), cmocka_unit_test(test_incident),
		cmocka_unit_test(test_budget), cmocka_unit_test(test_window),
		cmocka_unit_test(test_mask), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_empty), cmocka_unit_test(test_compare),
		cmocka_unit_test(test_same)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
