/* SPDX-License-Identifier: ISC */
#include "code/verdict.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fence.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/str.h"
#include "base/utf8.h"

#define OUT_MAX ((size_t)256 << 20)
#define HEAD_MAX ((size_t)512 << 10)
#define TAIL_MAX ((size_t)1 << 20)
#define LAST_LINES 20
#define LINE_MAX_BYTES 300
#define PLACES_MAX 20
#define COUNTS_MAX 4

struct raid_result *
raid_results_add(struct raid_results *r)
{
	struct raid_result *e;

	r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	e = &r->v[r->n++];
	*e = (struct raid_result){ 0 };
	raid_buf_init(&e->out, OUT_MAX);
	return e;
}

void
raid_results_free(struct raid_results *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].name);
		free(r->v[i].command);
		free(r->v[i].how);
		raid_buf_free(&r->v[i].out);
	}
	free(r->v);
	*r = (struct raid_results){ 0 };
}

int
raid_results_pass(const struct raid_results *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!r->v[i].pass)
			return 0;
	return r->n != 0;
}

struct raid_json *
raid_results_json(const struct raid_results *r)
{
	struct raid_json *a = raid_json_array(), *o;

	for (size_t i = 0; i < r->n; i++) {
		const struct raid_result *e = &r->v[i];

		o = raid_json_object();
		raid_json_set_str(o, "name", e->name);
		raid_json_set_bool(o, "pass", e->pass);
		raid_json_set_int(o, "status", e->status);
		raid_json_set_num(o, "seconds",
		    (double)(long long)(e->seconds * 1000) / 1000);
		if (e->fails_on_base)
			raid_json_set_bool(o, "fails_on_base", 1);
		raid_json_add(a, o);
	}
	return a;
}

void
raid_results_output(const struct raid_results *r, struct raid_buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct raid_result *e = &r->v[i];

		raid_buf_printf(out, "$ %s\n", e->command);
		raid_buf_add(out, e->out.p, e->out.len);
		if (e->out.len != 0 && e->out.p[e->out.len - 1] != '\n')
			raid_buf_addc(out, '\n');
		raid_buf_printf(out, "# %s\n", e->how);
	}
}

/* Length of the escape sequence of a terminal at p, which is ESC. */
static size_t
escape(const unsigned char *p, size_t len)
{
	size_t i = 2;

	if (len < 2 || p[1] != '[')
		return len < 2 ? len : 2;
	while (i < len && (p[i] < 0x40 || p[i] > 0x7e))
		i++;
	return i < len ? i + 1 : len;
}

/* Add it as plain lines of valid UTF-8; what "\r" overwrote is gone. */
static void
make_plain(const unsigned char *p, size_t len, struct raid_list *lines)
{
	struct raid_buf line;
	size_t n;
	uint32_t c;

	raid_buf_init(&line, 4096);
	for (size_t i = 0; i < len; i += n) {
		n = raid_utf8_next(p + i, len - i, &c);
		if (n == 0) {
			raid_buf_addc(&line, '?');
			n = 1;
		} else if (c == '\n') {
			raid_list_add(lines, raid_buf_str(&line));
			raid_buf_reset(&line);
		} else if (c == 0x1b) {
			n = escape(p + i, len - i);
		} else if (c == '\r') {
			if (i + 1 < len && p[i + 1] != '\n')
				raid_buf_reset(&line);
		} else if (c >= ' ' || c == '\t') {
			if (n <= line.max - line.len)
				raid_buf_add(&line, p + i, n);
		}
	}
	if (line.len != 0)
		raid_list_add(lines, raid_buf_str(&line));
	raid_buf_free(&line);
}

/* Of very long output the beginning and the end: errors come early, counts
 * and the reason to stop come late. */
static void
make_lines(const struct raid_buf *in, struct raid_list *lines)
{
	const unsigned char *end;
	size_t skip = 0;

	if (in->len > HEAD_MAX + TAIL_MAX) {
		make_plain(in->p, HEAD_MAX, lines);
		skip = in->len - TAIL_MAX;
		end = memchr(in->p + skip, '\n', TAIL_MAX);
		if (end != NULL)
			skip = (size_t)(end - in->p) + 1;
	}
	make_plain(in->p + skip, in->len - skip, lines);
}

/* Append at most LINE_MAX_BYTES of a line, whole characters, and "\n". */
static void
put_line(struct raid_buf *out, const char *s)
{
	size_t n = strlen(s);

	if (n > LINE_MAX_BYTES) {
		n = LINE_MAX_BYTES;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	raid_buf_add(out, s, n);
	raid_buf_puts(out, s[n] != '\0' ? "...\n" : "\n");
}

/* Lines in which well-known tools count their tests. */
static int
is_count(const char *s)
{
	static const char *const starts[] = { "test result: ", "Files=",
	    "Result: ", "# TOTAL: ", "# PASS: ", "# FAIL: ", "# tests ",
	    "# pass ", "# fail ", "FAILED (", "Tests: ", "Ran " };
	static const char *const holds[] = { " tests passed, ", " passed in ",
	    " failed in ", " passed, ", " failed, ", "error in " };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(s, starts[i], strlen(starts[i])) == 0)
			return 1;
	for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++)
		if (strstr(s, holds[i]) != NULL &&
		    strpbrk(s, "0123456789") != NULL && strlen(s) < 120)
			return 1;
	return 0;
}

/* What TAP and go say line by line. */
struct tally {
	size_t ok, not_ok, skipped, packages, broken;
};

static void
count(struct tally *t, const char *s)
{
	while (*s == ' ')
		s++;
	if (strncmp(s, "ok ", 3) == 0 && isdigit((unsigned char)s[3])) {
		t->ok++;
		t->skipped += strcasestr(s, "# skip") != NULL;
	} else if (strncmp(s, "not ok ", 7) == 0) {
		t->not_ok += strcasestr(s, "# todo") == NULL;
	} else if (strncmp(s, "ok  \t", 5) == 0) {
		t->packages++;
	} else if (strncmp(s, "FAIL\t", 5) == 0) {
		t->broken++;
	}
}

static void
put_counts(const struct raid_list *lines, struct raid_buf *out)
{
	struct tally t = { 0 };
	size_t shown = 0, at;

	for (size_t i = 0; i < lines->n; i++)
		count(&t, lines->v[i]);
	if (t.ok + t.not_ok != 0)
		raid_buf_printf(out, "TAP: %zu ok, %zu not ok, %zu skipped\n",
		    t.ok, t.not_ok, t.skipped);
	if (t.packages + t.broken != 0)
		raid_buf_printf(out, "go: %zu packages ok, %zu failed\n",
		    t.packages, t.broken);
	for (at = lines->n; at > 0 && shown < COUNTS_MAX; at--)
		shown += (size_t)is_count(lines->v[at - 1]);
	for (; at < lines->n; at++)
		if (is_count(lines->v[at]))
			put_line(out, lines->v[at]);
}

static int
is_name_byte(char c)
{
	return isalnum((unsigned char)c) || strchr("_./+@-", c) != NULL;
}

/*
 * "src/x.c:12", "x.sh: line 3", "x.sh: 3:", "x.py\", line 7": the place at
 * s, whose name is n bytes long; its length, or 0.
 */
static size_t
place_at(const char *s, size_t n, unsigned long *line)
{
	static const char *const seps[] = { ":", ": line ", ": ",
	    "\", line ", "(" };
	char *end;

	for (size_t i = 0; i < sizeof(seps) / sizeof(seps[0]); i++) {
		const char *p = s + n;

		if (strncmp(p, seps[i], strlen(seps[i])) != 0)
			continue;
		p += strlen(seps[i]);
		if (!isdigit((unsigned char)*p))
			continue;
		*line = strtoul(p, &end, 10);
		/* "x.sh: 3 tests" is no place. */
		if (*line == 0 || *line > 10000000 || (i == 2 && *end != ':') ||
		    (i == 4 && *end != ')' && *end != ','))
			continue;
		return (size_t)(end - s);
	}
	return 0;
}

/* A name with an ending that is no number, of a file and not of a host. */
static int
is_file_name(const char *s, size_t n)
{
	const char *dot = NULL;

	if (n < 3 || n > 200 || strncmp(s, "//", 2) == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '.')
			dot = s + i;
	return dot != NULL && dot + 1 < s + n &&
	    isalpha((unsigned char)dot[1]) && memchr(dot, '/',
	    (size_t)(s + n - dot)) == NULL;
}

/* The first place that a line names, as "file:line" in out. */
static int
find_place(const char *s, char *out, size_t size)
{
	unsigned long line = 0;
	size_t n;

	while (*s != '\0') {
		for (n = 0; s[n] != '\0' && is_name_byte(s[n]); n++)
			continue;
		if (is_file_name(s, n) && place_at(s, n, &line) != 0) {
			(void)snprintf(out, size, "%.*s:%lu", (int)n, s, line);
			return 1;
		}
		s += n != 0 ? n : 1;
	}
	return 0;
}

static int
is_complaint(const char *s)
{
	static const char *const words[] = { "error", "fail", "assert",
	    "panic", "exception", "undefined", "not found", "not ok",
	    "unexpected" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(s, words[i]) != NULL)
			return 1;
	return 0;
}

/* Lines that name a place, each place once: complaints first. */
static void
put_places(const struct raid_list *lines, struct raid_buf *out)
{
	struct raid_list seen = { 0 };
	char place[256];

	for (int complaints = 1; complaints >= 0; complaints--)
		for (size_t i = 0; i < lines->n && seen.n < PLACES_MAX; i++)
			if (is_complaint(lines->v[i]) == complaints &&
			    find_place(lines->v[i], place, sizeof(place)) &&
			    raid_list_addnew(&seen, place))
				put_line(out, lines->v[i]);
	raid_list_free(&seen);
}

/* A heading and text in a fence; nothing for no text. */
static void
put_block(struct raid_buf *out, const char *heading, struct raid_buf *text)
{
	size_t ticks = raid_fence_ticks(text->p, text->len);

	if (text->len != 0) {
		if (heading != NULL)
			raid_buf_printf(out, "\n%s:\n", heading);
		for (size_t i = 0; i < ticks; i++)
			raid_buf_addc(out, '`');
		raid_buf_addc(out, '\n');
		raid_buf_add(out, text->p, text->len);
		for (size_t i = 0; i < ticks; i++)
			raid_buf_addc(out, '`');
		raid_buf_addc(out, '\n');
	}
	raid_buf_reset(text);
}

/* A command in a code span, whatever it holds. */
static void
put_code(struct raid_buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len = strlen(s), n = 1, step;
	uint32_t c;

	if (strchr(s, '`') != NULL)
		n = raid_fence_ticks(p, len);
	for (size_t i = 0; i < n; i++)
		raid_buf_addc(out, '`');
	if (n > 1)
		raid_buf_addc(out, ' ');
	for (size_t i = 0; i < len && i < 200; i += step) {
		step = raid_utf8_next(p + i, len - i, &c);
		if (step != 0 && c >= ' ')
			raid_buf_add(out, p + i, step);
		else
			raid_buf_addc(out, step != 0 ? ' ' : '?');
		step += step == 0;
	}
	if (n > 1)
		raid_buf_addc(out, ' ');
	for (size_t i = 0; i < n; i++)
		raid_buf_addc(out, '`');
}

/* How it ended, as raid_proc_describe says it, in the journal's language. */
static void
put_how(struct raid_buf *out, const char *how, const char *language)
{
	static const enum raid_msg known[] = { RAID_MSG_EXIT_STATUS,
		RAID_MSG_KILLED };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (raid_str_starts(how, raid_msg(NULL, known[i]))) {
			raid_buf_puts(out, raid_msg(language, known[i]));
			how += strlen(raid_msg(NULL, known[i]));
			break;
		}
	raid_buf_puts(out, how);
}

static void
digest_one(const struct raid_result *e, const char *language,
    struct raid_buf *out)
{
	struct raid_list lines = { 0 };
	struct raid_buf text;

	raid_buf_init(&text, 65536);
	make_lines(&e->out, &lines);
	raid_buf_printf(out, "%s: ", raid_msg(language, e->pass ?
	    RAID_MSG_PASS : RAID_MSG_FAIL));
	put_code(out, e->command);
	raid_buf_puts(out, " (");
	put_how(out, e->how, language);
	raid_buf_printf(out, ", %.1f s)\n", e->seconds);
	if (e->fails_on_base)
		raid_buf_printf(out, "%s\n", raid_msg(language,
		    RAID_MSG_FAILS_ON_BASE));
	put_counts(&lines, &text);
	put_block(out, NULL, &text);
	if (!e->pass) {
		put_places(&lines, &text);
		put_block(out, raid_msg(language, RAID_MSG_PLACES), &text);
		for (size_t i = lines.n > LAST_LINES ? lines.n - LAST_LINES :
		    0; i < lines.n; i++)
			put_line(&text, lines.v[i]);
		put_block(out, raid_msg(language, RAID_MSG_LAST_LINES), &text);
	}
	raid_buf_free(&text);
	raid_list_free(&lines);
}

void
raid_results_digest(const struct raid_results *r, const char *language,
    struct raid_buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		if (i != 0)
			raid_buf_addc(out, '\n');
		digest_one(&r->v[i], language, out);
	}
}
