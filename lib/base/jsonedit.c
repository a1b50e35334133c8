/* SPDX-License-Identifier: ISC */
#include "base/jsonedit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The text was parsed before, so no scan here looks for mistakes. */
struct text {
	const char *p;
	size_t len;
};

/* A member of an object, by offsets into the text. */
struct place {
	size_t brace;		/* of the object */
	size_t before;		/* behind the value before it, or the brace */
	size_t gap;		/* behind the comma before it, or the brace */
	size_t key, colon;	/* the first quote; behind the last one */
	size_t value, end;	/* end 0: the object is empty */
	size_t next;		/* the key after it; 0: it is the last */
};

static size_t
skip_blanks(const struct text *t, size_t at)
{
	while (at < t->len && memchr(" \t\r\n", t->p[at], 4) != NULL)
		at++;
	return at;
}

/* From the opening quote to behind the closing one. */
static size_t
skip_string(const struct text *t, size_t at)
{
	for (at++; at < t->len && t->p[at] != '"'; at++)
		if (t->p[at] == '\\')
			at++;
	return at + 1;
}

static size_t
skip_value(const struct text *t, size_t at)
{
	int depth = 0;

	do {
		if (t->p[at] == '"') {
			at = skip_string(t, at);
			continue;
		}
		if (t->p[at] == '{' || t->p[at] == '[')
			depth++;
		else if (t->p[at] == '}' || t->p[at] == ']')
			depth--;
		else if (depth == 0)
			/* A number or a word. */
			while (at + 1 < t->len &&
			    memchr(",]} \t\r\n", t->p[at + 1], 7) == NULL)
				at++;
		at++;
	} while (depth > 0 && at < t->len);
	return at;
}

/* Is the string at that place this key, however it is written? */
static int
is_key(const struct text *t, const struct place *m, const char *key)
{
	struct raid_err ignored;
	struct raid_json *j;
	int same;

	j = raid_json_parse(t->p + m->key, m->colon - m->key, &ignored);
	same = j != NULL && strcmp(raid_json_text(j), key) == 0;
	raid_json_free(j);
	return same;
}

/* 1 and the member of the object at that brace, or 0 and its last one. */
static int
find(const struct text *t, size_t brace, const char *key, struct place *m)
{
	size_t at;

	*m = (struct place){ .brace = brace, .before = brace + 1,
		.gap = brace + 1 };
	at = skip_blanks(t, m->gap);
	while (at < t->len && t->p[at] == '"') {
		if (m->end != 0) {
			m->before = m->end;
			m->gap = skip_blanks(t, m->end) + 1;
		}
		m->key = at;
		m->colon = skip_string(t, at);
		m->value = skip_blanks(t, skip_blanks(t, m->colon) + 1);
		m->end = skip_value(t, m->value);
		at = skip_blanks(t, m->end);
		at = t->p[at] == ',' ? skip_blanks(t, at + 1) : t->len;
		m->next = at < t->len ? at : 0;
		if (is_key(t, m, key))
			return 1;
	}
	return 0;
}

/* What a key on a line of its own is indented by; NULL: it is on none. */
static const char *
indent(const struct text *t, const struct place *m, size_t *len)
{
	size_t at = m->key;

	while (at > m->gap && t->p[at - 1] != '\n')
		at--;
	*len = m->key - at;
	return at > m->gap ? t->p + at : NULL;
}

/* A value; in is what begins its further lines, NULL: there are none. */
static void
add_value(struct raid_buf *b, const struct raid_json *v, const char *in,
    size_t len)
{
	char *s = raid_json_print(v, in != NULL), *line = s, *nl;

	/* A printed value of several lines ends with a newline. */
	for (; (nl = strchr(line, '\n')) != NULL && nl[1] != '\0';
	    line = nl + 1) {
		raid_buf_add(b, line, (size_t)(nl - line) + 1);
		raid_buf_add(b, in, len);
	}
	raid_buf_add(b, line, strcspn(line, "\n"));
	free(s);
}

static void
add_key(struct raid_buf *b, const char *key)
{
	struct raid_json *a = raid_json_array();
	char *s;

	raid_json_add_str(a, key);
	s = raid_json_print(a, 0);
	raid_buf_add(b, s + 1, strlen(s) - 2);
	free(s);
	raid_json_free(a);
}

/* The first member of an empty object, on a line of its own. */
static void
add_first(const struct text *t, const struct place *m, const char *key,
    const struct raid_json *v, struct raid_buf *b)
{
	size_t line = m->brace, n = 0;
	struct raid_buf in;

	while (line > 0 && t->p[line - 1] != '\n')
		line--;
	while (memchr(" \t", t->p[line + n], 2) != NULL)
		n++;
	raid_buf_init(&in, SIZE_MAX / 4);
	raid_buf_add(&in, t->p + line, n);
	raid_buf_addc(&in, '\t');
	raid_buf_addc(b, '\n');
	raid_buf_add(b, in.p, in.len);
	add_key(b, key);
	raid_buf_puts(b, ": ");
	add_value(b, v, raid_buf_str(&in), in.len);
	raid_buf_addc(b, '\n');
	raid_buf_add(b, in.p, n);
	raid_buf_free(&in);
}

/* A member behind the last one, and laid out like it. */
static void
add_last(const struct text *t, const struct place *m, const char *key,
    const struct raid_json *v, struct raid_buf *b)
{
	int only = m->before == m->brace + 1;
	const char *in;
	size_t n;

	in = indent(t, m, &n);
	raid_buf_add(b, t->p, m->end);
	raid_buf_addc(b, ',');
	/* "{"a": 1}" has no blank before its only key. */
	if (only && m->gap == m->key && m->value > m->colon + 1)
		raid_buf_addc(b, ' ');
	raid_buf_add(b, t->p + m->gap, m->key - m->gap);
	add_key(b, key);
	raid_buf_add(b, t->p + m->colon, m->value - m->colon);
	add_value(b, v, in, n);
	raid_buf_add(b, t->p + m->end, t->len - m->end);
}

static void
add(const struct text *t, const struct place *m, const char *key,
    const struct raid_json *v, struct raid_buf *b)
{
	size_t close;

	if (m->end != 0) {
		add_last(t, m, key, v, b);
		return;
	}
	close = skip_blanks(t, m->brace + 1);
	raid_buf_add(b, t->p, m->brace + 1);
	add_first(t, m, key, v, b);
	raid_buf_add(b, t->p + close, t->len - close);
}

static void
replace(const struct text *t, const struct place *m, const struct raid_json *v,
    struct raid_buf *b)
{
	const char *in;
	size_t n;

	in = indent(t, m, &n);
	raid_buf_add(b, t->p, m->value);
	add_value(b, v, in, n);
	raid_buf_add(b, t->p + m->end, t->len - m->end);
}

/* Without its comma, which is before the last and behind the others. */
static void
take_away(const struct text *t, const struct place *m, struct raid_buf *b)
{
	size_t from = m->next != 0 ? m->key : m->before;
	size_t to = m->next != 0 ? m->next : m->end;

	if (m->next == 0 && m->before == m->brace + 1)
		to = skip_blanks(t, to);
	raid_buf_add(b, t->p, from);
	raid_buf_add(b, t->p + to, t->len - to);
}

/* The value within the objects of path that are not there. */
static struct raid_json *
wrap(const char *const *path, const struct raid_json *value)
{
	struct raid_json *o, *v = raid_json_copy(value);
	size_t n = 0;

	while (path[n] != NULL)
		n++;
	while (n-- > 0) {
		o = raid_json_object();
		raid_json_set(o, path[n], v);
		v = o;
	}
	return v;
}

static int
edit(const struct text *t, const char *const *path,
    const struct raid_json *value, struct raid_buf *b, struct raid_err *err)
{
	struct raid_json *whole;
	struct place m = { 0 };
	size_t brace;
	int found;

	/* An editor may have put a byte order mark before it. */
	brace = skip_blanks(t, t->len > 3 &&
	    memcmp(t->p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
	for (;; path++, brace = m.value) {
		if (t->p[brace] != '{')
			return raid_fail(err, RAID_EDATA,
			    "what should hold \"%s\" is no object", *path);
		found = find(t, brace, *path, &m);
		if (!found || path[1] == NULL)
			break;
	}
	if (found && value != NULL) {
		replace(t, &m, value, b);
	} else if (found) {
		take_away(t, &m, b);
	} else if (value != NULL) {
		whole = wrap(path + 1, value);
		add(t, &m, *path, whole, b);
		raid_json_free(whole);
	} else {
		raid_buf_add(b, t->p, t->len);
	}
	return 0;
}

int
raid_json_edit(struct raid_buf *text, const char *const *path,
    const struct raid_json *value, struct raid_err *err)
{
	struct raid_json *j = raid_json_parse(text->p, text->len, err);
	const struct text t = { (const char *)text->p, text->len };
	struct raid_buf b;
	int r;

	if (j == NULL)
		return -1;
	raid_json_free(j);
	raid_buf_init(&b, text->max);
	r = edit(&t, path, value, &b, err);
	if (r == 0 && b.overflow)
		r = raid_fail(err, RAID_EDATA, "over %zu bytes", b.max);
	if (r == 0) {
		raid_buf_reset(text);
		raid_buf_add(text, b.p, b.len);
	}
	raid_buf_free(&b);
	return r;
}
