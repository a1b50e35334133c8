/* SPDX-License-Identifier: ISC */
/* Pieces of lines: paths with line numbers, counts, what CI adds. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "logs/build_priv.h"

void
raid_build_copy(char *out, size_t size, const char *s, size_t len)
{
	if (len > size - 1) {
		len = size - 1;
		while (len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(out, s, len);
	out[len] = '\0';
}

static size_t
digits(const unsigned char *p, size_t len)
{
	size_t n = 0;

	while (n < len && isdigit(p[n]))
		n++;
	return n;
}

/* "2024-05-06T10:11:12.1234567Z " and what says the stream behind it. */
static size_t
iso_prefix(const unsigned char *p, size_t len)
{
	const unsigned char *z;
	size_t n;

	if (len < 22 || p[4] != '-' || p[10] != 'T' || p[13] != ':' ||
	    p[18] < '0' || p[18] > '9')
		return 0;
	z = memchr(p + 19, 'Z', len - 19 < 13 ? len - 19 : 13);
	if (z == NULL)
		return 0;
	n = (size_t)(z - p) + 1;
	if (n + 1 < len && p[n] == ']')
		n++;
	if (n + 1 >= len || p[n] != ' ')
		return 0;
	n++;
	if (len - n > 9 && (memcmp(p + n, "stdout F ", 9) == 0 ||
	    memcmp(p + n, "stderr F ", 9) == 0))
		return n + 9;
	if (len - n > 4 && isdigit(p[n]) && isdigit(p[n + 1]) &&
	    (p[n + 2] == 'O' || p[n + 2] == 'E') &&
	    (p[n + 3] == ' ' || p[n + 3] == '+'))
		return n + 4;
	return n;
}

size_t
raid_build_prefix(const unsigned char *p, size_t len)
{
	size_t n, m;

	if (*p == '[')
		return len > 2 && p[1] == '2' && (n = iso_prefix(p + 1,
		    len - 1)) != 0 ? n + 1 : 0;
	if (*p == '2')
		return iso_prefix(p, len);
	/* A builder of images: its step, then seconds. */
	n = 1 + digits(p + 1, len - 1);
	if (n == 1 || n + 2 > len || p[n] != ' ')
		return 0;
	m = digits(p + n + 1, len - n - 1);
	n += 1 + m;
	if (m == 0 || len - n < 6 || p[n] != '.' ||
	    digits(p + n + 1, len - n - 1) != 3 || p[n + 4] != ' ')
		return 0;
	return n + 5;
}

/* A number of at most 8 digits, not 0. */
static const char *
number(const char *s, unsigned long *out)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return NULL;
	*out = strtoul(s, &end, 10);
	return *out == 0 || end - s > 8 ? NULL : end;
}

static size_t
path_len(const char *s)
{
	size_t n = 0;

	if (isalpha((unsigned char)s[0]) && s[1] == ':' &&
	    (s[2] == '\\' || s[2] == '/'))
		n = 3;
	while (raid_build_is_path((unsigned char)s[n]))
		n++;
	return n;
}

/* A name with an ending that is no number, or of a makefile; no host. */
int
raid_build_is_file(const char *s, size_t n)
{
	const char *dot = NULL, *slash = NULL;

	if (n < 3 || n > BUILD_TEXT || strncmp(s, "//", 2) == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '/' || s[i] == '\\')
			slash = s + i;
		else if (s[i] == '.')
			dot = s + i;
	}
	if (dot != NULL && dot + 1 < s + n && (slash == NULL || dot > slash))
		return isalpha((unsigned char)dot[1]) != 0;
	return slash != NULL || (n >= 8 && memcmp(s + n - 7, "akefile", 7)
	    == 0);
}

/* Behind a path: ":3", ":3:5", ":3.5-9", ":3:5-7", "(3)", "(3,5)". */
static const char *
position(const char *s, struct build_place *place)
{
	const char *end, *more;

	place->line = place->column = 0;
	if (*s == '(') {
		end = number(s + 1, &place->line);
		if (end != NULL && *end == ',')
			end = number(end + 1 + (end[1] == ' '),
			    &place->column);
		return end != NULL && *end == ')' ? end + 1 : NULL;
	}
	if (*s != ':')
		return NULL;
	end = number(s + 1, &place->line);
	if (end == NULL || (*end != ':' && *end != '.'))
		return end;
	more = number(end + 1, &place->column);
	if (more == NULL) {
		place->column = 0;
		return raid_str_starts(end, ":0:") ? end + 2 : end;
	}
	if ((*more == '-' || *more == '.') && isdigit((unsigned char)more[1]))
		more += 1 + strspn(more + 1, "0123456789.-");
	return more;
}

const char *
raid_build_place_at(const char *s, struct build_place *place)
{
	*place = (struct build_place){ .file = s, .len = path_len(s) };
	if (!raid_build_is_file(s, place->len))
		return NULL;
	return position(s + place->len, place);
}

/* More shapes: "a.sh: line 3", "a.sh: 3:", "a.py", line 7", "a.pl line 3" */
static const char *
position_in_words(const char *s, struct build_place *place)
{
	static const char *const words[] = { ": line ", "\", line ",
	    " line ", ", line ", ":line ", ": " };
	const char *end;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (raid_str_starts(s, words[i])) {
			place->column = 0;
			end = number(s + strlen(words[i]), &place->line);
			/* "a.sh: 3 tests" is no place. */
			return i == 5 && end != NULL && *end != ':' ? NULL :
			    end;
		}
	return NULL;
}

int
raid_build_may_name(const unsigned char *p, size_t len)
{
	const unsigned char *end = p + len, *q = p, *r;

	while ((q = memchr(q, '.', (size_t)(end - q))) != NULL) {
		r = ++q;
		while (r < end && raid_build_is_path(*r))
			r++;
		if (r == q || end - r < 2 || !isalpha(*q))
			continue;
		if ((*r == ':' || *r == '(') && (isdigit(r[1]) ||
		    r[1] == ' ' || r[1] == 'l'))
			return 1;
		if ((*r == '"' && r[1] == ',') || (*r == ',' &&
		    r[1] == ' ') || (*r == ' ' && r[1] == 'l'))
			return 1;
	}
	return 0;
}

int
raid_build_find_place(const char *s, struct build_place *place)
{
	const char *start = s;

	for (; *s != '\0'; s += place->len != 0 ? place->len : 1) {
		*place = (struct build_place){ .file = s,
			.len = path_len(s) };
		/* A slash alone makes no file of it here. */
		if (place->len < 3 || memchr(s, '.', place->len) == NULL ||
		    !raid_build_is_file(s, place->len))
			continue;
		/* Not a URL: "http://a.b:80". */
		if (s > start && s[-1] == ':' && s[0] == '/' && s[1] == '/')
			continue;
		/* Nor a call: "l.add(1)". */
		if (s[place->len] == '(' &&
		    raid_build_tool_of(place) == T_COUNT)
			continue;
		if (position(s + place->len, place) != NULL ||
		    position_in_words(s + place->len, place) != NULL)
			return 1;
	}
	*place = (struct build_place){ 0 };
	return 0;
}

int
raid_build_is_foreign(const struct build_place *place)
{
	static const char *const parts[] = { "node_modules/",
	    "site-packages/", "dist-packages/", "/usr/lib/", "/usr/include/",
	    "/usr/share/", "/rustc/", "/gems/", "/.cargo/", "internal/",
	    "lib/python", "/go/src/", "/goroot/", "unittest/" };
	char path[BUILD_TEXT + 1];

	raid_build_copy(path, sizeof(path), place->file, place->len);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(path, parts[i]) != NULL)
			return 1;
	return raid_str_starts(path, "src/testing/");
}

int
raid_build_own_frame(const char *s, struct build_place *place)
{
	if (strstr(s, "node:") != NULL || !raid_build_find_place(s, place) ||
	    place->column == 0 || raid_build_is_foreign(place))
		return 0;
	/* file:///p/a.mjs */
	while (place->len > 1 && place->file[0] == '/' &&
	    place->file[1] == '/') {
		place->file++;
		place->len--;
	}
	return 1;
}

/* Which count a word means; NULL: none that we keep. */
static uint64_t *
counter(struct build_tally *t, const char *s, size_t len)
{
	static const struct {
		const char *word;
		int where;
	} words[] = { { "failed", 0 }, { "failing", 0 }, { "failures", 0 },
	    { "failure", 0 }, { "error", 1 }, { "errors", 1 },
	    { "passed", 2 }, { "passing", 2 }, { "xpassed", 2 },
	    { "skipped", 3 }, { "pending", 3 }, { "ignored", 3 },
	    { "xfailed", 3 }, { "todo", 3 }, { "disabled", 3 },
	    { "total", 4 }, { "examples", 4 }, { "example", 4 },
	    { "tests", 4 }, { "test", 4 } };
	uint64_t *v[] = { &t->failed, &t->errors, &t->passed, &t->skipped,
	    &t->total };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == len &&
		    memcmp(words[i].word, s, len) == 0)
			return v[words[i].where];
	return NULL;
}

/* Numbers with a word behind them, and commas, bars, "and" between. */
const char *
raid_build_tally(const char *s, struct build_tally *t)
{
	*t = (struct build_tally){ 0 };
	for (;;) {
		const char *start = s;
		unsigned long n;
		uint64_t *c;
		char *end;
		size_t len;

		s += strspn(s, " ,;|.");
		if (!isdigit((unsigned char)*s))
			return start;
		n = strtoul(s, &end, 10);
		s = end + strspn(end, " ");
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz");
		if (len == 0 || n > 100000000)
			return start;
		c = counter(t, s, len);
		if (c == NULL && strncmp(s, "warning", 7) != 0 &&
		    strncmp(s, "deselected", 10) != 0 &&
		    strncmp(s, "rerun", 5) != 0 &&
		    strncmp(s, "measured", 8) != 0 &&
		    strncmp(s, "filtered", 8) != 0 &&
		    strncmp(s, "expected", 8) != 0)
			return start;
		if (c != NULL) {
			*c += n;
			t->n++;
		}
		s += len;
		if (raid_str_starts(s, " out") && c == NULL)
			s += 4;
	}
}

void
raid_build_said(struct raid_build *b, enum build_tool tool,
    const struct build_tally *t)
{
	struct build_runner *r = &b->runner[tool];
	struct build_tally *s = &r->said;

	s->failed += t->failed;
	s->errors += t->errors;
	s->passed += t->passed;
	s->skipped += t->skipped;
	r->said_any = r->sure = 1;
}

enum build_tool
raid_build_tool_of(const struct build_place *place)
{
	static const struct {
		const char *ends;	/* with a blank around each */
		enum build_tool tool;
	} of[] = {
		{ " c h cc cpp cxx c++ hpp hh hxx inc inl ipp m mm cu s S C ",
		    T_CC },
		{ " rs ", T_RUSTC }, { " go ", T_GO }, { " java ", T_JAVAC },
		{ " kt kts ", T_KOTLINC }, { " scala sc ", T_SCALAC },
		{ " swift ", T_SWIFTC }, { " cs ", T_CSC },
		{ " ts tsx mts cts ", T_TSC }, { " hs lhs ", T_GHC },
		{ " py pyi ", T_MYPY },
		{ " js jsx mjs cjs vue svelte ", T_ESLINT },
		{ " sh bash ksh zsh bats ", T_SHELLCHECK },
		{ " zig d pas f f90 y yy l ll proto vb fs asm nim cr dart v "
		    "sv vhd rb pl pm php lua ml mli ex exs erl adb ads css "
		    "scss html tex ld mk cmake tf groovy gradle vala idl asl "
		    "glsl hlsl r R jl md ", T_OTHER }
	};
	char end[16] = " ";
	size_t n = 0;

	while (n < place->len && place->file[place->len - n - 1] != '.')
		n++;
	if (n == place->len && n > 8)	/* a header without an ending */
		return strstr(place->file, "/include") != NULL ? T_CC :
		    T_COUNT;
	if (n == 0 || n > 8)
		return T_COUNT;
	memcpy(end + 1, place->file + place->len - n, n);
	memcpy(end + 1 + n, " ", 2);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (strstr(of[i].ends, end) != NULL)
			return of[i].tool;
	return T_COUNT;
}
