/* SPDX-License-Identifier: ISC */
#include "base/json.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"

#define DEPTH_MAX 64
#define FILE_MAX ((size_t)16 << 20)
#define FEW_KEYS 16

/* What a check before cJSON reads: it takes much that is not JSON. */
struct scan {
	const unsigned char *p;
	size_t len, at;
	const char *why;
};

static int
refuse(struct scan *s, const char *why)
{
	s->why = why;
	return -1;
}

/* What stands behind a backslash; cJSON takes "\uZZZZ" for a NUL. */
static int
scan_escape(struct scan *s)
{
	const unsigned char *p = s->p + s->at;

	if (s->at == s->len)
		return refuse(s, "a string that does not end");
	if (*p != 'u')
		return memchr("\"\\/bfnrt", *p, 8) != NULL ? 0 :
		    refuse(s, "an unknown escape in a string");
	if (s->len - s->at < 5 || !isxdigit(p[1]) || !isxdigit(p[2]) ||
	    !isxdigit(p[3]) || !isxdigit(p[4]))
		return refuse(s, "\\u without four hexadecimal digits");
	if (memcmp(p, "u0000", 5) == 0)
		return refuse(s, "\\u0000 in a string");
	return 0;
}

static int
scan_string(struct scan *s)
{
	for (s->at++; s->at < s->len && s->p[s->at] != '"'; s->at++) {
		if (s->p[s->at] < ' ')
			return refuse(s, "a control character in a string");
		if (s->p[s->at] != '\\')
			continue;
		s->at++;
		if (scan_escape(s) == -1)
			return -1;
	}
	if (s->at >= s->len)
		return refuse(s, "a string that does not end");
	s->at++;
	return 0;
}

/* isdigit asks for its table at every byte. */
static int
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static size_t
scan_digits(struct scan *s)
{
	size_t from = s->at;

	while (s->at < s->len && is_digit(s->p[s->at]))
		s->at++;
	return s->at - from;
}

/* Is the next byte c, or the second one?  Then it is taken. */
static int
take(struct scan *s, char c, char or)
{
	if (s->at == s->len || (s->p[s->at] != c && s->p[s->at] != or))
		return 0;
	s->at++;
	return 1;
}

/* cJSON takes "01", "1." and "1e999". */
static int
scan_number(struct scan *s)
{
	size_t from = s->at;
	char text[64];
	int ok;

	(void)take(s, '-', '-');
	ok = take(s, '0', '0') || scan_digits(s) > 0;
	if (ok && take(s, '.', '.'))
		ok = scan_digits(s) > 0;
	if (ok && take(s, 'e', 'E')) {
		(void)take(s, '+', '-');
		ok = scan_digits(s) > 0;
	}
	if (!ok || (s->at < s->len && isalnum(s->p[s->at])))
		return refuse(s, "not a number");
	if (s->at - from >= sizeof(text))
		return refuse(s, "a number of over 63 characters");
	memcpy(text, s->p + from, s->at - from);
	text[s->at - from] = '\0';
	return isfinite(strtod(text, NULL)) ? 0 :
	    refuse(s, "a number out of range");
}

/* Depth, strings, numbers; the rest of the grammar is cJSON's business. */
static int
scan_text(struct scan *s)
{
	int depth = 0;

	s->at = raid_utf8_check(s->p, s->len);
	if (s->at < s->len)
		return refuse(s, "invalid UTF-8");
	for (s->at = 0; s->at < s->len;) {
		unsigned char c = s->p[s->at];

		if (c == '-' || is_digit(c)) {
			if (scan_number(s) == -1)
				return -1;
			continue;
		}
		switch (c) {
		case '"':
			if (scan_string(s) == -1)
				return -1;
			continue;
		case '[':
		case '{':
			if (++depth > DEPTH_MAX)
				return refuse(s, "nested deeper than 64");
			break;
		case ']':
		case '}':
			depth--;
			break;
		default:
			if (c < ' ' && memchr("\t\r\n", c, 3) == NULL)
				return refuse(s, "a control character");
		}
		s->at++;
	}
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each with each: no storage, and faster than to sort them. */
static const char *
duplicate_of_few(const cJSON *j)
{
	for (const cJSON *a = j->child; a != NULL; a = a->next)
		for (const cJSON *b = a->next; b != NULL; b = b->next)
			if (a->string[0] == b->string[0] &&
			    strcmp(a->string, b->string) == 0)
				return a->string;
	return NULL;
}

/* A key that an object has twice, or NULL.  Depth is bounded by the scan. */
static const char *
duplicate(const cJSON *j)
{
	const cJSON *c;
	const char **keys, *twice = NULL;
	size_t n = 0, i = 0;

	for (c = j->child; c != NULL; c = c->next, n++)
		if (c->child != NULL && (twice = duplicate(c)) != NULL)
			return twice;
	if (!cJSON_IsObject(j) || n < 2)
		return NULL;
	if (n <= FEW_KEYS)
		return duplicate_of_few(j);
	keys = raid_calloc(n, sizeof(*keys));
	for (c = j->child; c != NULL; c = c->next)
		keys[i++] = c->string;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n && twice == NULL; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			twice = keys[i];
	free(keys);
	return twice;
}

static int
fail_here(const struct scan *s, struct raid_err *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < s->at && i < s->len; i++) {
		column++;
		if (s->p[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return raid_fail(err, RAID_EDATA, "JSON: line %zu column %zu: %s", line,
	    column, s->why);
}

struct raid_json *
raid_json_parse(const void *p, size_t len, struct raid_err *err)
{
	struct scan s = { .p = p, .len = len, .why = "not JSON" };
	const char *end = NULL, *twice;
	cJSON *j;

	if (scan_text(&s) == -1) {
		fail_here(&s, err);
		return NULL;
	}
	j = cJSON_ParseWithLengthOpts(p, len, &end, 0);
	if (end != NULL)
		s.at = (size_t)(end - (const char *)p);
	if (j != NULL) {
		while (s.at < len && memchr(" \t\r\n", s.p[s.at], 4) != NULL)
			s.at++;
		if (s.at < len)
			s.why = "more text behind the value";
		else if ((twice = duplicate(j)) == NULL)
			return (struct raid_json *)j;
		else
			s.why = "a key that stands twice in an object";
	}
	cJSON_Delete(j);
	fail_here(&s, err);
	return NULL;
}

void
raid_json_free(struct raid_json *j)
{
	cJSON_Delete((cJSON *)j);
}

struct raid_json *
raid_json_read(const char *path, struct raid_err *err)
{
	struct raid_json *j = NULL;
	struct raid_buf b;

	if (raid_path_read(path, FILE_MAX, &b, err) == 0) {
		j = raid_json_parse(b.p, b.len, err);
		if (j == NULL)
			raid_fail_at(err, "%s", path);
	}
	raid_buf_free(&b);
	return j;
}

static const cJSON *
in(const struct raid_json *j)
{
	return (const cJSON *)j;
}

const struct raid_json *
raid_json_get(const struct raid_json *j, const char *key)
{
	return (const struct raid_json *)
	    cJSON_GetObjectItemCaseSensitive(in(j), key);
}

const struct raid_json *
raid_json_first(const struct raid_json *j)
{
	return j != NULL ? (const struct raid_json *)in(j)->child : NULL;
}

const struct raid_json *
raid_json_next(const struct raid_json *item)
{
	return item != NULL ? (const struct raid_json *)in(item)->next : NULL;
}

const char *
raid_json_key(const struct raid_json *item)
{
	return item != NULL ? in(item)->string : NULL;
}

int
raid_json_is_object(const struct raid_json *j)
{
	return cJSON_IsObject(in(j));
}

int
raid_json_is_array(const struct raid_json *j)
{
	return cJSON_IsArray(in(j));
}

int
raid_json_is_string(const struct raid_json *j)
{
	return cJSON_IsString(in(j));
}

int
raid_json_is_number(const struct raid_json *j)
{
	return cJSON_IsNumber(in(j));
}

int
raid_json_is_bool(const struct raid_json *j)
{
	return cJSON_IsBool(in(j));
}

int
raid_json_is_null(const struct raid_json *j)
{
	return cJSON_IsNull(in(j));
}

const char *
raid_json_text(const struct raid_json *j)
{
	return cJSON_IsString(in(j)) ? in(j)->valuestring : NULL;
}

double
raid_json_number(const struct raid_json *j)
{
	return cJSON_IsNumber(in(j)) ? in(j)->valuedouble : 0;
}

int
raid_json_true(const struct raid_json *j)
{
	return cJSON_IsTrue(in(j));
}

const char *
raid_json_str(const struct raid_json *j, const char *key, const char *absent)
{
	const char *s = raid_json_text(raid_json_get(j, key));

	return s != NULL ? s : absent;
}

long long
raid_json_int(const struct raid_json *j, const char *key, long long absent)
{
	const struct raid_json *v = raid_json_get(j, key);
	double d = raid_json_number(v);

	if (!raid_json_is_number(v) || !(fabs(d) <= 9007199254740992.0))
		return absent;
	return (long long)d;
}

struct raid_json *
raid_json_object(void)
{
	return (struct raid_json *)cJSON_CreateObject();
}

struct raid_json *
raid_json_array(void)
{
	return (struct raid_json *)cJSON_CreateArray();
}

void
raid_json_set(struct raid_json *j, const char *key, struct raid_json *v)
{
	cJSON_DeleteItemFromObjectCaseSensitive((cJSON *)j, key);
	cJSON_AddItemToObject((cJSON *)j, key, (cJSON *)v);
}

void
raid_json_unset(struct raid_json *j, const char *key)
{
	cJSON_DeleteItemFromObjectCaseSensitive((cJSON *)j, key);
}

static void
set(struct raid_json *j, const char *key, cJSON *v)
{
	raid_json_set(j, key, (struct raid_json *)v);
}

void
raid_json_set_str(struct raid_json *j, const char *key, const char *s)
{
	set(j, key, s != NULL ? cJSON_CreateString(s) : cJSON_CreateNull());
}

void
raid_json_set_int(struct raid_json *j, const char *key, long long v)
{
	char digits[32];

	/* cJSON prints 15 digits where it takes that to be near enough. */
	if (v > -1000000000000000 && v < 1000000000000000) {
		set(j, key, cJSON_CreateNumber((double)v));
		return;
	}
	(void)snprintf(digits, sizeof(digits), "%lld", v);
	raid_json_set_str(j, key, digits);
}

void
raid_json_set_num(struct raid_json *j, const char *key, double v)
{
	set(j, key, cJSON_CreateNumber(v));
}

void
raid_json_set_bool(struct raid_json *j, const char *key, int v)
{
	set(j, key, cJSON_CreateBool(v));
}

void
raid_json_set_list(struct raid_json *j, const char *key,
    const struct raid_list *l)
{
	struct raid_json *a = raid_json_array();

	for (size_t i = 0; i < l->n; i++)
		raid_json_add_str(a, l->v[i]);
	raid_json_set(j, key, a);
}

void
raid_json_set_null(struct raid_json *j, const char *key)
{
	set(j, key, cJSON_CreateNull());
}

void
raid_json_add(struct raid_json *array, struct raid_json *v)
{
	cJSON_AddItemToArray((cJSON *)array, (cJSON *)v);
}

void
raid_json_add_str(struct raid_json *array, const char *s)
{
	cJSON_AddItemToArray((cJSON *)array, cJSON_CreateString(s));
}

struct raid_json *
raid_json_copy(const struct raid_json *j)
{
	return (struct raid_json *)cJSON_Duplicate(in(j), 1);
}

char *
raid_json_print(const struct raid_json *j, int pretty)
{
	char *s = pretty ? cJSON_Print(in(j)) : cJSON_PrintUnformatted(in(j));
	struct raid_buf b;
	char *copy, *tab;

	/* cJSON indents with tabs, which is fine, and has one behind each
	 * colon; within a string a tab is printed as \t. */
	tab = pretty && s != NULL ? strstr(s, ":\t") : NULL;
	for (; tab != NULL; tab = strstr(tab, ":\t"))
		tab[1] = ' ';
	raid_buf_init(&b, SIZE_MAX / 4);
	raid_buf_puts(&b, s != NULL ? s : "null");
	if (pretty)
		raid_buf_addc(&b, '\n');
	copy = raid_buf_take(&b);
	raid_buf_free(&b);
	free(s);
	return copy;
}
