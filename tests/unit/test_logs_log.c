/* SPDX-License-Identifier: ISC */
/* What is learned of a log: however it is cut, by however many threads. */
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
#include "logs/state.h"

/* 2024-01-01 00:00:00 UTC */
#define DAY INT64_C(1704067200000)

static void
add(struct raid_log *l, const char *s)
{
	raid_log_add(l, s, strlen(s));
}

/* A log of so many lines with all that may happen. */
static void
make(struct raid_buf *b, int n)
{
	raid_buf_init(b, (size_t)64 << 20);
	for (int i = 0; i < n; i++) {
		raid_buf_printf(b, "2024-01-01T%02d:%02d:%02dZ ", i / 3600 % 24,
		    i / 60 % 60, i % 60);
		if (i % 997 == 5)
			raid_buf_puts(b, "ERROR cannot go on\n"
			    "java.lang.IllegalStateException: no\n"
			    "\tat com.acme.A.b(A.java:12)\n"
			    "\tat com.acme.C.d(C.java:7)\n");
		else if (i % 5 == 0)
			raid_buf_printf(b, "INFO api request %d "
			    "latency_ms=%d.5\n", i, i % 100);
		else if (i % 5 == 1)
			raid_buf_printf(b, "\033[32mINFO\033[0m user u%c%c "
			    "came\r\n", 'a' + i / 5 % 26, 'a' + i / 130 % 26);
		else if (i % 5 == 2)
			raid_buf_printf(b, "WARN status %d of host h%d\n",
			    i == 20002 ? 503 : 200, i % 9);
		else
			raid_buf_printf(b, "INFO plain %s\n",
			    i % 2 ? "one" : "two");
	}
}

static void
dump(const struct raid_log *l, struct raid_buf *b)
{
	const struct raid_log_total *t = raid_log_total(l);

	raid_buf_init(b, (size_t)16 << 20);
	raid_buf_printf(b, "%llu %llu %llu %lld %lld %d\n",
	    (unsigned long long)t->lines, (unsigned long long)t->bytes,
	    (unsigned long long)t->timed, (long long)t->first_time,
	    (long long)t->last_time, t->shift);
	for (size_t i = 0; i < raid_log_count(l); i++) {
		const struct raid_template *x = raid_log_template(l, i);

		raid_buf_printf(b, "%s %llu %llu %llu %llu %lld %lld %d %d "
		    "%s\n", x->id, (unsigned long long)x->count,
		    (unsigned long long)x->lines,
		    (unsigned long long)x->first,
		    (unsigned long long)x->last, (long long)x->first_time,
		    (long long)x->last_time, (int)x->level, x->trace,
		    x->text);
		for (size_t k = 0; k < x->series->n; k++)
			raid_buf_printf(b, " %d:%u", x->series->v[k].at,
			    x->series->v[k].n);
		for (size_t k = 0; k < x->nvalues; k++)
			if (!x->values[k].evicted)
				raid_buf_printf(b, " [%u %s=%u]",
				    x->values[k].word,
				    x->values[k].v[0].text,
				    x->values[k].v[0].count);
	}
	for (size_t i = 0; i < raid_metrics_count(raid_log_metrics(l)); i++) {
		const struct raid_metric *m =
		    raid_metrics_get(raid_log_metrics(l), i);

		raid_buf_printf(b, "%s %llu %g %g\n", m->name,
		    (unsigned long long)m->all.n,
		    raid_sketch_quantile(&m->all, 0.5), m->all.max);
	}
}

static void
learn(const struct raid_buf *text, size_t cut, size_t threads,
    struct raid_buf *out)
{
	struct raid_log_opts o = { .threads = threads, .ref = DAY };
	struct raid_log *l = raid_log_new(&o);

	for (size_t i = 0; i < text->len; i += cut)
		raid_log_add(l, text->p + i,
		    text->len - i < cut ? text->len - i : cut);
	raid_log_end_file(l);
	raid_log_finish(l);
	dump(l, out);
	raid_log_free(l);
}

static void
test_same(void **state)
{
	static const size_t cuts[] = { 1000003, 65536, 777 };
	struct raid_buf text, one, other;

	(void)state;
	make(&text, 40000);
	learn(&text, text.len, 1, &one);
	for (size_t threads = 1; threads < 5; threads++) {
		learn(&text, cuts[threads % 3], threads, &other);
		assert_string_equal(raid_buf_str(&one), raid_buf_str(&other));
		raid_buf_free(&other);
	}
	raid_buf_free(&one);
	raid_buf_free(&text);
}

static const struct raid_template *
find(const struct raid_log *l, const char *begin)
{
	for (size_t i = 0; i < raid_log_count(l); i++)
		if (strncmp(raid_log_template(l, i)->text, begin,
		    strlen(begin)) == 0)
			return raid_log_template(l, i);
	fail_msg("no template '%s'", begin);
	return NULL;
}

static void
test_learned(void **state)
{
	struct raid_log_opts o = { .threads = 2, .ref = DAY };
	struct raid_log *l = raid_log_new(&o);
	const struct raid_template *t;
	const struct raid_metric *m = NULL;
	struct raid_buf text;
	uint64_t sum = 0, n = 0;

	(void)state;
	make(&text, 40000);
	raid_log_add(l, text.p, text.len);
	raid_log_finish(l);
	for (size_t i = 0; i < raid_log_count(l); i++)
		sum += raid_log_template(l, i)->lines;
	assert_int_equal(sum, raid_log_total(l)->lines);
	assert_int_equal(raid_log_total(l)->first_time, DAY);
	assert_int_equal(raid_log_total(l)->last_time, DAY + 39999 * 1000);
	assert_int_equal(raid_log_total(l)->zoneless, 0);
	t = find(l, "user ");
	assert_string_equal(t->text, "user <*> came");
	t = find(l, "status ");
	assert_int_equal(t->level, RAID_LEVEL_WARN);
	/* The one that is unlike the others is quoted. */
	assert_int_equal(t->values[0].n, 2);
	assert_string_equal(t->values[0].v[1].text, "503");
	assert_non_null(t->values[0].v[1].quote);
	assert_non_null(strstr(t->values[0].v[1].quote, "status 503 of"));
	for (size_t i = 0; i < raid_metrics_count(raid_log_metrics(l)); i++)
		if (strcmp(raid_metrics_get(raid_log_metrics(l), i)->name,
		    "latency_ms") == 0)
			m = raid_metrics_get(raid_log_metrics(l), i);
	assert_non_null(m);
	for (int i = 0; i < 40000; i++)
		n += i % 5 == 0 && i % 997 != 5;
	assert_int_equal(m->all.n, n);
	raid_buf_free(&text);
	raid_log_free(l);
}

static void
test_window(void **state)
{
	struct raid_log_opts o = { .ref = DAY, .has_window = 1,
	    .window = { 3600 * 1000, 7200 * 1000, 1 } };
	struct raid_log *l = raid_log_new(&o);
	struct raid_buf text;

	(void)state;
	make(&text, 40000);
	raid_log_add(l, text.p, text.len);
	raid_log_finish(l);
	assert_int_equal(raid_log_total(l)->window_from, DAY + 3600 * 1000);
	/* Four more lines for each of the traces in it. */
	assert_in_range(raid_log_total(l)->window_lines, 3600, 3616);
	raid_buf_free(&text);
	raid_log_free(l);
}

/* A window of the night, of a log that begins in the evening. */
static void
test_window_of_next_day(void **state)
{
	struct raid_log_opts o = { .ref = DAY, .has_window = 1,
	    .window = { 3600 * 1000, 7200 * 1000, 1 } };
	struct raid_log *l = raid_log_new(&o);

	(void)state;
	add(l, "2024-01-01T22:00:00Z one\n2024-01-02T01:30:00Z two\n"
	    "2024-01-03T01:30:00Z three\n");
	raid_log_finish(l);
	assert_int_equal(raid_log_total(l)->window_from,
	    DAY + 25 * 3600 * 1000);
	assert_int_equal(raid_log_total(l)->window_lines, 1);
	raid_log_free(l);
}

static void
count_new(void *arg, uint64_t line, const unsigned char *p, size_t len,
    enum raid_level level)
{
	(void)line;
	(void)p;
	(void)len;
	(void)level;
	++*(int *)arg;
}

/* The last line may be the head of a trace, until the log pauses. */
static void
test_settle(void **state)
{
	int n = 0;
	struct raid_log_opts o = { .on_new = count_new, .arg = &n };
	struct raid_log *l = raid_log_new(&o);

	(void)state;
	add(l, "one thing\nanother one\nno end");
	raid_log_settle(l);
	assert_int_equal(n, 2);
	raid_log_settle(l);
	add(l, " yet\n");
	raid_log_settle(l);
	assert_int_equal(n, 3);
	raid_log_set_files(l, 1);
	raid_log_finish(l);
	assert_int_equal(raid_log_total(l)->lines, 3);
	assert_int_equal(raid_log_total(l)->files, 1);
	raid_log_free(l);
}

/* Long lines, no newline at the end, NULs; a line for a line. */
static void
test_long(void **state)
{
	struct raid_log_opts o = { .threads = 2, .ref = DAY };
	struct raid_log *l = raid_log_new(&o);
	static char big[3000000];

	(void)state;
	memset(big, 'x', sizeof(big));
	for (size_t i = 0; i < 5; i++) {
		add(l, "before\n");
		raid_log_add(l, big, sizeof(big) - i * 599999);
		add(l, " tail\nafter\n");
	}
	raid_log_add(l, "a\0b\n\n\nlast", 10);
	raid_log_end_file(l);
	raid_log_end_file(l);
	add(l, "next\n");
	raid_log_flush(l);
	raid_log_finish(l);
	assert_int_equal(raid_log_total(l)->lines, 20);
	assert_int_equal(find(l, "after")->count, 5);
	assert_int_equal(find(l, "last")->first, 19);
	raid_log_free(l);
}

/* A log may be that of a build. */
static void
test_build(void **state)
{
	struct raid_log_opts o = { .threads = 2, .ref = DAY };
	struct raid_log *l = raid_log_new(&o);
	const struct raid_finding *f;

	(void)state;
	add(l, "cc -c a.c\na.c:12:5: error: 'x' undeclared\n");
	raid_log_finish(l);
	assert_true(raid_build_any(raid_log_build(l)));
	f = raid_build_finding(raid_log_build(l), 0);
	assert_non_null(f);
	assert_string_equal(f->file, "a.c");
	assert_int_equal(f->line, 12);
	assert_int_equal(f->at, 2);
	raid_log_free(l);
}

/* The journal of systemd, cut anywhere. */
static void
test_journal(void **state)
{
	static const char text[] = "__CURSOR=s=6fe;i=1\n"
	    "__REALTIME_TIMESTAMP=1704067200123456\n_HOSTNAME=box\n"
	    "PRIORITY=3\nSYSLOG_IDENTIFIER=app\n_PID=17\n"
	    "MESSAGE=cannot open 5\n\n"
	    "__CURSOR=s=6fe;i=2\n__REALTIME_TIMESTAMP=1704067201000000\n"
	    "_COMM=sh\nMESSAGE\n\x0b\0\0\0\0\0\0\0one\ntwo two\n"
	    "OTHER\n\2\0\0\0\0\0\0\0\n\n\n_HOSTNAME=box\n\n"
	    "MESSAGE=last";
	struct raid_log_opts o = { .ref = DAY };

	(void)state;
	for (size_t cut = 11; cut < sizeof(text); cut++) {
		struct raid_log *l = raid_log_new(&o);

		raid_log_add(l, text, cut);
		for (size_t i = cut; i < sizeof(text) - 1; i++)
			raid_log_add(l, text + i, 1);
		raid_log_finish(l);
		assert_int_equal(raid_log_total(l)->lines, 4);
		assert_int_equal(raid_log_total(l)->bytes, sizeof(text) - 1);
		assert_int_equal(raid_log_total(l)->first_time, DAY + 123);
		assert_int_equal(find(l, "cannot open <num>")->level,
		    RAID_LEVEL_ERROR);
		assert_int_equal(find(l, "one")->first_time, DAY + 1000);
		assert_int_equal(find(l, "two two")->first, 3);
		assert_int_equal(find(l, "<<num>>localhost journal: last")->first, 4);
		raid_log_free(l);
	}
}

/* Two halves by their states are the whole. */
static void
test_state(void **state)
{
	struct raid_log_opts o = { .ref = DAY };
	struct raid_buf text, states[2], one, other;
	struct raid_log *l;
	struct raid_err err;
	size_t half, cut[3];

	(void)state;
	make(&text, 30000);
	for (half = text.len / 3; text.p[half - 1] != '\n' ||
	    text.p[half] != '2'; half++)
		;
	cut[0] = 0;
	cut[1] = half;
	cut[2] = text.len;
	learn(&text, text.len, 1, &one);
	for (size_t i = 0; i < 2; i++) {
		l = raid_log_new(&o);
		raid_log_add(l, text.p + cut[i], cut[i + 1] - cut[i]);
		raid_log_end_file(l);
		raid_buf_init(&states[i], RAID_STATE_MAX);
		raid_log_write(l, &states[i]);
		raid_log_free(l);
	}
	l = raid_log_new(&o);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(raid_log_read(l, states[i].p, states[i].len,
		    "half", &err), 0);
	raid_log_finish(l);
	dump(l, &other);
	assert_string_equal(raid_buf_str(&one), raid_buf_str(&other));
	raid_log_free(l);
	raid_buf_free(&other);
	/* Cut or changed anywhere, it is refused or read, never worse. */
	srand(3);
	for (size_t i = 0; i < 300; i++) {
		size_t n = (size_t)rand() % states[0].len;

		l = raid_log_new(&o);
		if (i % 2 == 0)
			assert_int_equal(raid_log_read(l, states[0].p, n, "x",
			    &err), -1);
		else {
			unsigned char c = states[0].p[n];

			states[0].p[n] = (unsigned char)("9 -:x\n"[i / 2 % 6]);
			if (raid_log_read(l, states[0].p, states[0].len, "x",
			    &err) == 0)
				raid_log_finish(l);
			states[0].p[n] = c;
		}
		raid_log_free(l);
	}
	for (size_t i = 0; i < 2; i++)
		raid_buf_free(&states[i]);
	raid_buf_free(&one);
	raid_buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_learned),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_of_next_day),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_state)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
