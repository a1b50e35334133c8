/* SPDX-License-Identifier: ISC */
/* Stack traces of many languages, and what looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "logs/header.h"
#include "logs/trace.h"
#include "trace_samples.h"

#define NSAMPLES (sizeof(samples) / sizeof(*samples))

/* What the tracer made of a text. */
struct events {
	struct raid_trace v[64];
	size_t first[64];	/* lines before the event */
	size_t n, lines;	/* lines of the text */
	size_t out;		/* of no trace */
};

struct feed {
	struct raid_tracer *t;
	const unsigned char *last;
	size_t last_len, last_message;
	struct events *e;
	size_t open;		/* lines of the open trace */
};

static void
take_done(struct feed *f)
{
	const struct raid_trace *d = raid_tracer_done(f->t);
	struct events *e = f->e;

	if (d == NULL)
		return;
	assert_int_equal(d->lines, f->open);
	f->open = 0;
	assert_true(*d->type != '\0' && d->nown <= RAID_TRACE_OWN);
	if (e->n < 64)
		e->v[e->n] = *d;
	e->n++;
}

static void
feed_line(struct feed *f, const unsigned char *p, size_t len)
{
	struct events *e = f->e;
	struct raid_header h;
	enum raid_trace_step step;

	raid_header(&h, p, len);
	step = raid_tracer_add(f->t, raid_trace_class(p, len, h.end), p, len,
	    h.end, f->last, f->last_len, f->last_message);
	take_done(f);
	if (step != RAID_TRACE_OUT && f->open == 0 && e->n < 64)
		e->first[e->n] = e->lines - (step == RAID_TRACE_BACK);
	if (step == RAID_TRACE_BACK) {
		assert_non_null(f->last);
		assert_int_equal(f->open, 0);
		e->out--;
		f->open++;
	}
	if (step == RAID_TRACE_OUT)
		e->out++;
	else
		f->open++;
	f->last = step == RAID_TRACE_OUT ? p : NULL;
	f->last_len = len;
	f->last_message = h.end;
	e->lines++;
}

static void
run(struct events *e, const char *text, size_t len)
{
	struct feed f = { .t = raid_tracer_new(), .e = e };
	const unsigned char *p = (const unsigned char *)text, *q;
	const unsigned char *end = p + len;
	size_t sum = 0;

	e->n = e->lines = e->out = 0;
	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		feed_line(&f, p, (size_t)(q - p));
	}
	raid_tracer_end(f.t);
	take_done(&f);
	raid_tracer_free(f.t);
	/* Every line is somewhere, once. */
	for (size_t i = 0; i < e->n && i < 64; i++)
		sum += e->v[i].lines;
	if (e->n <= 64)
		assert_int_equal(sum + e->out, e->lines);
}

static void
run_string(struct events *e, const char *text)
{
	run(e, text, strlen(text));
}

static void
check_sample(const struct sample *s)
{
	const struct raid_trace *d;
	struct events e;
	char frame[300];
	size_t n = 0;

	run_string(&e, s->text);
	assert_int_equal(e.n, 1);
	d = &e.v[0];
	assert_int_equal(e.first[0], s->skip);
	assert_int_equal(d->lines, s->lines);
	assert_int_equal(e.lines, s->skip + s->lines);
	assert_string_equal(d->language, s->language);
	assert_string_equal(d->type, s->type);
	assert_string_equal(d->message, s->message);
	assert_string_equal(d->cause, s->cause);
	for (; s->own[n] != NULL; n++) {
		snprintf(frame, sizeof(frame), "%s|%s", d->own[n].function,
		    d->own[n].place);
		assert_string_equal(frame, s->own[n]);
	}
	assert_int_equal(d->nown, n);
}

static void
test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		print_message("# %s\n", samples[i].name);
		check_sample(&samples[i]);
	}
}

/* Each line of text behind a header; the caller frees. */
static char *
with_headers(const char *text, const char *format)
{
	struct raid_buf b;
	char *s;
	unsigned i = 7;

	raid_buf_init(&b, SIZE_MAX / 4);
	for (const char *p = text, *q; *p != '\0'; p = q + 1, i++) {
		q = strchr(p, '\n');
		raid_buf_printf(&b, "2024-01-02%c03:04:%02u%s%03u%s", *format,
		    i % 60, format[1] == ',' ? "," : ".", i * 7919 % 1000,
		    format + 2);
		raid_buf_add(&b, p, (size_t)(q + 1 - p));
	}
	s = raid_buf_take(&b);
	raid_buf_free(&b);
	return s;
}

static void
test_headers(void **state)
{
	static const char *const formats[] = { "T.Z ", "T.456789Z stderr F ",
	    " , ERROR [worker-1] " };
	struct events plain, e;
	char *s;

	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		run_string(&plain, samples[i].text);
		for (size_t k = 0; k < 3; k++) {
			/* Here the header takes "#0 /x.php(12):" with it. */
			if (k > 0 && strcmp(samples[i].name,
			    "php_monolog") == 0)
				continue;
			print_message("# %s %s\n", samples[i].name,
			    formats[k]);
			s = with_headers(samples[i].text, formats[k]);
			run_string(&e, s);
			assert_int_equal(e.n, 1);
			assert_int_equal(e.v[0].lines, plain.v[0].lines);
			assert_true(e.v[0].fingerprint ==
			    plain.v[0].fingerprint);
			assert_string_equal(e.v[0].type, plain.v[0].type);
			free(s);
		}
	}
}

static const char before[] =
    "2024-01-02 03:04:05,123 INFO [main] a.b.Cart: cart 17 is open\n"
    "2024-01-02 03:04:05,124 WARN [main] a.b.Cart: slow, 80 ms\n";
static const char after[] =
    "2024-01-02 03:04:06,100 INFO [main] a.b.Cart: cart 18 is open\n"
    "2024-01-02 03:04:06,101 ERROR [pool-1] a.b.Pay: card was declined\n";
static const char bare_before[] =
    "cart 17 is open\n"
    "found 3 lines, #1 is dear\n";
static const char bare_after[] =
    "cart 18 is open\n"
    "at 10:15 the shop closes (as usual)\n";

static void
check_within(const struct sample *s, const char *a, const char *b)
{
	struct events plain, e;
	char *text;
	size_t size = strlen(a) + strlen(s->text) + strlen(b) + 1;

	run_string(&plain, s->text);
	text = raid_malloc(size);
	snprintf(text, size, "%s%s%s", a, s->text, b);
	run_string(&e, text);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.first[0], 2 + s->skip);
	assert_int_equal(e.v[0].lines, s->lines);
	assert_int_equal(e.out, 4 + s->skip);
	assert_true(e.v[0].fingerprint == plain.v[0].fingerprint);
	free(text);
}

static void
test_within(void **state)
{
	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		print_message("# %s\n", samples[i].name);
		check_within(&samples[i], before, after);
		/* Whatever follows may be what was thrown. */
		if (strcmp(samples[i].name, "node_throw") != 0)
			check_within(&samples[i], bare_before, bare_after);
	}
}

/* Where the second of two without a line between goes on as the first. */
static int
is_one(const char *a, const char *b)
{
	static const char *const pairs[][2] = {
		{ "py_fatal", "py_syntax_alone" },
		{ "py_stack", "py_syntax_alone" },
		{ "zap", "zap" },
		{ "backtrace", "backtrace" },
		{ "glibc_error", "backtrace" },
		{ "ruby_new", "ruby_old" },
		{ "ruby_old", "ruby_new" }
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (strcmp(a, pairs[i][0]) == 0 && strcmp(b, pairs[i][1]) == 0)
			return 1;
	return 0;
}

/* Any two of them, without a line between. */
static void
test_pairs(void **state)
{
	struct events a, b, e;
	struct raid_buf text;

	(void)state;
	raid_buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < NSAMPLES; i++)
		for (size_t k = 0; k < NSAMPLES; k++) {
			if (is_one(samples[i].name, samples[k].name))
				continue;
			run_string(&a, samples[i].text);
			run_string(&b, samples[k].text);
			raid_buf_reset(&text);
			raid_buf_puts(&text, samples[i].text);
			raid_buf_puts(&text, samples[k].text);
			run(&e, raid_buf_str(&text), text.len);
			if (e.n != 2 || e.v[0].lines != a.v[0].lines)
				print_message("# %s %s\n", samples[i].name,
				    samples[k].name);
			assert_int_equal(e.n, 2);
			assert_true(e.v[0].fingerprint == a.v[0].fingerprint);
			assert_true(e.v[1].fingerprint == b.v[0].fingerprint);
			assert_int_equal(e.v[0].lines, a.v[0].lines);
			assert_int_equal(e.v[1].lines, b.v[0].lines);
		}
	raid_buf_free(&text);
}

/* Cut behind each line, and the log goes on: none of its lines is eaten. */
static void
test_truncated(void **state)
{
	struct events e;
	struct raid_buf text;

	(void)state;
	raid_buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < NSAMPLES; i++) {
		const char *p = samples[i].text, *q = p;
		size_t lines = 0;

		while (*q != '\0') {
			q = strchr(q, '\n') + 1;
			lines++;
			raid_buf_reset(&text);
			raid_buf_puts(&text, before);
			raid_buf_add(&text, p, (size_t)(q - p));
			raid_buf_puts(&text, after);
			run(&e, raid_buf_str(&text), text.len);
			assert_true(e.out >= 4);
			for (size_t k = 0; k < e.n; k++)
				assert_true(e.first[k] >= 2 && e.first[k] +
				    e.v[k].lines <= 2 + lines);
		}
	}
	raid_buf_free(&text);
}

/* Other line numbers, addresses and goroutines. */
static void
renumber(char *s)
{
	for (char *p = s; *p != '\0'; p++) {
		int hex = p > s + 1 && p[-1] == 'x' && p[-2] == '0';

		if (!hex && !(p > s && *p >= '1' && *p <= '8' &&
		    (p[-1] == ':' || (p > s + 5 &&
		    memcmp(p - 5, "line ", 5) == 0) || (p > s + 10 &&
		    memcmp(p - 10, "goroutine ", 10) == 0))))
			continue;
		for (; (*p >= '0' && *p <= '9') || (hex && *p >= 'a' &&
		    *p <= 'f'); p++)
			*p = *p == '9' ? '1' : *p == 'f' ? 'a' :
			    (char)(*p + 1);
		p--;
	}
}

/* In all places where the function of the frame is named, another one. */
static int
rename_function(char *s, const char *frame)
{
	size_t n = strcspn(frame, "|");
	int found = 0;

	while (n > 0 && (frame[n - 1] < 'a' || frame[n - 1] > 'z'))
		n--;
	if (n == 0)
		return 0;
	for (char *p = s; *p != '\0'; p++)
		if (strncmp(p, frame, n) == 0) {
			p[n - 1] = p[n - 1] == 'z' ? 'y' : 'z';
			found = 1;
		}
	return found;
}

static void
test_fingerprint(void **state)
{
	struct events a, b;

	(void)state;
	for (size_t i = 0; i < NSAMPLES; i++) {
		char *s = raid_strdup(samples[i].text);

		print_message("# %s\n", samples[i].name);
		run_string(&a, s);
		renumber(s);
		run_string(&b, s);
		assert_int_equal(b.n, 1);
		assert_true(a.v[0].fingerprint == b.v[0].fingerprint);
		if (samples[i].own[0] != NULL &&
		    rename_function(s, samples[i].own[0])) {
			run_string(&b, s);
			assert_int_equal(b.n, 1);
			assert_true(a.v[0].fingerprint !=
			    b.v[0].fingerprint);
		}
		free(s);
		/* No two samples are the same failure, but these. */
		for (size_t k = 0; k < i; k++) {
			run_string(&b, samples[k].text);
			assert_true(a.v[0].fingerprint !=
			    b.v[0].fingerprint);
		}
	}
}

/* Lines that are no trace, each of them, and all of them. */
static const char *const ordinary[] = {
	"at 10:15:30 the job began",
	"at 2024/01/01T10:15:30 the job began",
	"at least 3 of 5 (60%)",
	"at foo.bar (see below)",
	"  at the end (of the day)",
	"    at com.acme.Cart we pay",
	"at java.lang.Object the end",
	"#1 item",
	"#0 in prose",
	"#12 /etc/passwd is no frame",
	"#0  nothing (at all)",
	"# comment",
	"Caused by: the weather",
	"... 12 more items",
	"panic",
	"Panic: none",
	"fatal: not a git repository",
	"goroutine pool has 12 workers",
	"thread 'main' started",
	"stack: nginx",
	"from: a@b.c",
	"from cart.rb",
	"From: Ann <ann@b.c>",
	"Subject: Error in the shop",
	"File \"cart.csv\" was read",
	"  File \"cart.csv\", 12 lines",
	"SUMMARY: 12 passed",
	"== header ==",
	"==12== Command: ./a.out",
	"==12==    still reachable: 0 bytes",
	"==========================",
	"*** Error: no such file ***",
	"*** 12 warnings ***",
	"@ 12 items",
	"a: 1",
	"  b:",
	"    - c",
	"    - d: [1, 2]",
	"SELECT a,",
	"       b",
	"  FROM t",
	" WHERE a = 'x:in `y''",
	"| a | b |",
	"+---+---+",
	"\tindented by a tab",
	"\t/usr/src/x.go is a file",
	"/usr/src/x.c:12: error: no ;",
	"fatal error: no such file",
	"x.c:12:3: runtime error: overflow",
	"x.rb:12: warning: unused",
	"./a.out(1) [12]",
	"[0x12]",
	"call (f) [0x7f001122]",
	"java.lang.Object is a class",
	"java.io.IOException: Connection reset by peer",
	"Error: no such file",
	"ValueError: bad",
	"Exception in thread main",
	"^",
	"    ^~~~",
	"Traceback",
	"terminated",
	"---> 12 items",
	"--- a/x.c",
	"+++ b/x.c",
	"@@ -1,2 +1,3 @@",
	"Stack trace:",
	"Program received 12 bytes",
	"WARNING: data races are bad",
	"\tmain::f was called at noon",
	"{\"at\": \"x (y.js:1:2)\"}",
	"",
	" "
};

static void
test_ordinary(void **state)
{
	static const char *const headers[] = { "", "2024-01-02 03:04:05 ",
	    "2024-01-02 03:04:05,123 ERROR [main] a.b.C: ",
	    "Jan  2 03:04:05 web3 app[12]: " };
	struct events e;
	struct raid_buf all;

	(void)state;
	raid_buf_init(&all, SIZE_MAX / 4);
	for (size_t k = 0; k < sizeof(headers) / sizeof(*headers); k++) {
		raid_buf_reset(&all);
		for (size_t i = 0; i < sizeof(ordinary) / sizeof(*ordinary);
		    i++) {
			size_t from = all.len;

			raid_buf_printf(&all, "%s%s\n", headers[k],
			    ordinary[i]);
			run(&e, raid_buf_str(&all) + from, all.len - from);
			if (e.n != 0)
				print_message("# %s%s\n", headers[k],
				    ordinary[i]);
			assert_int_equal(e.n, 0);
		}
		run(&e, raid_buf_str(&all), all.len);
		if (e.n != 0)
			print_message("# %s at %zu\n", e.v[0].type,
			    e.first[0]);
		assert_int_equal(e.n, 0);
	}
	raid_buf_free(&all);
}

/* A line of another thread in the midst of a trace stays what it is. */
static void
test_torn(void **state)
{
	static const char text[] =
	    "java.lang.IllegalStateException: cart 17\n"
	    "\tat com.acme.Cart.add(Cart.java:31)\n"
	    "cart 18 is open\n"
	    "\tat com.acme.Cart.post(Cart.java:88)\n"
	    "\tat com.acme.Cart.run(Cart.java:12)\n"
	    "java.lang.IllegalStateException: cart 19\n"
	    "\tat com.acme.Cart.add(Cart.java:31)\n";
	struct events e;

	(void)state;
	run_string(&e, text);
	assert_int_equal(e.n, 3);
	assert_int_equal(e.out, 1);
	assert_int_equal(e.v[0].lines, 2);
	assert_int_equal(e.v[1].lines, 2);
	assert_true(e.v[0].fingerprint == e.v[2].fingerprint);
}

/* The exception did not come: what does is not taken for one. */
static void
test_python_cut(void **state)
{
	static const char *const next[] = { "done\n", "note: it is late\n",
	    "ERROR: cart 17\n", "cart: 17\n", "Cart 17 is open\n" };
	struct events e;
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(next) / sizeof(*next); i++) {
		snprintf(text, sizeof(text), "Traceback (most recent call "
		    "last):\n  File \"x.py\", line 12, in f\n    g()\n%s",
		    next[i]);
		run_string(&e, text);
		assert_int_equal(e.n, 1);
		assert_int_equal(e.out, 1);
	}
}

/* The message has several lines: the first of them tells the type. */
static void
test_long_message(void **state)
{
	static const char text[] =
	    "2024-01-02 03:04:05 ERROR [main] it failed\n"
	    "java.lang.IllegalStateException: there are\n"
	    "three carts\n"
	    "too many\n"
	    "\tat com.acme.Cart.add(Cart.java:31)\n";
	struct events e;

	(void)state;
	run_string(&e, text);
	assert_int_equal(e.n, 1);
	assert_string_equal(e.v[0].type, "java.lang.IllegalStateException");
	assert_string_equal(e.v[0].message, "there are");
	assert_int_equal(e.v[0].lines, 2);
}

static void
test_many_lines(void **state)
{
	struct events plain, e;
	struct raid_buf b;

	(void)state;
	run_string(&plain, samples[0].text);
	raid_buf_init(&b, SIZE_MAX / 4);
	for (unsigned i = 0; i < 100000; i++) {
		raid_buf_printf(&b, "2024-01-02 03:%02u:%02u INFO cart %u is "
		    "open\n", i / 60 % 60, i % 60, i);
		if (i == 71234)
			raid_buf_puts(&b, samples[0].text);
	}
	run(&e, raid_buf_str(&b), b.len);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.out, 100000);
	assert_int_equal(e.first[0], 71235);
	assert_true(e.v[0].fingerprint == plain.v[0].fingerprint);
	raid_buf_free(&b);
}

/* How deep it went is nothing that tells one failure from another. */
/* Where the cause was is told besides. */
static void
test_cause(void **state)
{
	struct events e;

	(void)state;
	run_string(&e, "java.lang.A: a\n\tat com.acme.B.c(B.java:1)\n"
	    "Caused by: java.lang.D: d\n\tat java.util.E.f(E.java:2)\n"
	    "\tat com.acme.G.h(G.java:3)\n\t... 2 more\n");
	assert_int_equal(e.n, 1);
	assert_string_equal(e.v[0].cause, "java.lang.D: d");
	assert_string_equal(e.v[0].cause_at.function, "com.acme.G.h");
	assert_string_equal(e.v[0].cause_at.place, "G.java:3");
	run_string(&e, "java.lang.A: a\n\tat com.acme.B.c(B.java:1)\n");
	assert_string_equal(e.v[0].cause_at.function, "");
}

static void
test_recursion(void **state)
{
	struct events e;
	struct raid_buf b;
	uint64_t fingerprint = 0;

	(void)state;
	raid_buf_init(&b, SIZE_MAX / 4);
	for (unsigned depth = 900; depth < 3000; depth += 1000) {
		raid_buf_reset(&b);
		raid_buf_puts(&b, "java.lang.StackOverflowError\n");
		for (unsigned i = 0; i < depth; i++)
			raid_buf_puts(&b,
			    "\tat com.acme.Cart.sum(Cart.java:12)\n");
		run(&e, raid_buf_str(&b), b.len);
		assert_int_equal(e.n, 1);
		assert_int_equal(e.v[0].nown, 1);
		if (fingerprint != 0)
			assert_true(e.v[0].fingerprint == fingerprint);
		fingerprint = e.v[0].fingerprint;
	}
	raid_buf_free(&b);
}

/* What could be part of a trace for ever ends it. */
static void
test_bounded(void **state)
{
	static const char *const heads[] = {
		"Traceback (most recent call last):\n  File \"x\", line 1\n",
		"/x.js:12\nx\n^\n\nError: x\n",
		"Error: x\n    at f (/x.js:1:2) {\n",
		"==1==ERROR: AddressSanitizer: x\n",
		"panic: x\n",
		"thread 'x' panicked at x.rs:1:2:\n",
		"Program received signal SIGSEGV, x\n",
		"java.lang.X: y\n\tat a.b.C.d(E.java:1)\nCaused by: a.b.C: x\n"
	};
	static const char *const lines[] = { "    x\n", "\n", "x y\n",
	    "  0x1: y\n" };
	struct events e;
	struct raid_buf b;

	(void)state;
	raid_buf_init(&b, SIZE_MAX / 4);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		for (size_t k = 0; k < 4; k++) {
			raid_buf_reset(&b);
			raid_buf_puts(&b, heads[i]);
			for (int n = 0; n < 3000; n++)
				raid_buf_puts(&b, lines[k]);
			run(&e, raid_buf_str(&b), b.len);
			assert_int_equal(e.n, 1);
			assert_true(e.v[0].lines < 100 ||
			    (k == 3 && e.v[0].lines <= RAID_TRACE_LINES));
		}
	raid_buf_free(&b);
}

/* Lines of 64 KB, and bytes of any kind. */
static void
test_hostile(void **state)
{
	static const char *const heads[] = { "\tat ", "at a.b.C(", "#0 0x1234 ",
	    "Traceback ", "  File \"", "thread '", "==1==ERROR: ", "@ 0x12345",
	    "goroutine 1 [", "\t/x.go:1", "from x:1:in `", "panic: ", "(", ":",
	    "PHP Fatal error:  Uncaught ", "[stacktrace]", "*** SIG" };
	static const char fills[] = "a.(): {}\t/'\"0\x80\xff[]`";
	struct events e;
	char *s = raid_malloc(65536 * 3);
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		for (size_t k = 0; k < sizeof(fills); k++) {
			size_t n = strlen(heads[i]);

			memset(s, fills[k], 65536 * 3);
			for (int line = 0; line < 3; line++) {
				memcpy(s + 65536 * line, heads[i], n);
				s[65536 * line + 65535] = '\n';
			}
			run(&e, s, 65536 * 3);
		}
	for (int n = 0; n < 200; n++) {
		for (size_t i = 0; i < 4096; i++) {
			seed = seed * 1103515245 + 12345;
			s[i] = fills[(seed >> 16) % sizeof(fills)];
			if ((seed >> 24) % 16 == 0)
				s[i] = '\n';
		}
		run(&e, s, 4096);
	}
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_python_cut),
		cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_cause),
		cmocka_unit_test(test_recursion),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_hostile)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
