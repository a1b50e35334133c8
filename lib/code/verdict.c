/* SPDX-License-Identifier: ISC */
#include "code/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fence.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/str.h"
#include "base/utf8.h"

#define OUT_MAX ((size_t)256 << 20)
#define TAIL_MAX ((size_t)128 << 10)
#define LAST_LINES 20
#define LINE_MAX_BYTES 300

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
			n = raid_str_escape(p + i, len - i);
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

/* The end of it: what counts is the reason to stop. */
static void
last_lines(const struct raid_buf *in, struct raid_list *lines)
{
	const unsigned char *end;
	size_t skip = 0;

	if (in->len > TAIL_MAX) {
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
put_last(const struct raid_result *e, struct raid_buf *text)
{
	struct raid_list lines = { 0 };

	last_lines(&e->out, &lines);
	for (size_t i = lines.n > LAST_LINES ? lines.n - LAST_LINES : 0;
	    i < lines.n; i++)
		put_line(text, lines.v[i]);
	raid_list_free(&lines);
}

static void
digest_one(const struct raid_result *e, const char *language,
    raid_brief_fn *brief, struct raid_buf *out)
{
	struct raid_buf text;

	raid_buf_init(&text, 65536);
	raid_buf_printf(out, "%s: ", raid_msg(language, e->pass ?
	    RAID_MSG_PASS : RAID_MSG_FAIL));
	put_code(out, e->command);
	raid_buf_puts(out, " (");
	put_how(out, e->how, language);
	raid_buf_printf(out, ", %.1f s)\n", e->seconds);
	if (e->fails_on_base)
		raid_buf_printf(out, "%s\n", raid_msg(language,
		    RAID_MSG_FAILS_ON_BASE));
	if (brief != NULL)
		brief(e, &text);
	put_block(out, NULL, &text);
	if (!e->pass) {
		put_last(e, &text);
		put_block(out, raid_msg(language, RAID_MSG_LAST_LINES), &text);
	}
	raid_buf_free(&text);
}

void
raid_results_digest(const struct raid_results *r, const char *language,
    raid_brief_fn *brief, struct raid_buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		if (i != 0)
			raid_buf_addc(out, '\n');
		digest_one(&r->v[i], language, brief, out);
	}
}
