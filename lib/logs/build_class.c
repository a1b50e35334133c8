/* SPDX-License-Identifier: ISC */
/* What a line may be, by its first bytes: most lines of most logs are none
 * of it and leave after a look or two. */
#include <string.h>

#include "logs/build_priv.h"

struct start {
	const char *s;
	unsigned char len;
	unsigned char class;
	unsigned char deep;	/* also behind blanks */
};

#define ROW(s, class, deep) { s, sizeof(s) - 1, class, deep }
#define ROWS (const struct start[])
#define END { NULL, 0, 0, 0 }

static const struct start *const starts[256] = {
	['('] = ROWS{ ROW("(.text", K_LD, 0), END },
	['*'] = ROWS{ ROW("* What went wrong", K_GRADLE, 0), END },
	['-'] = ROWS{ ROW("--- FAIL: ", K_GO, 1), ROW("--- PASS: ", K_GO, 1),
	    ROW("--- SKIP: ", K_GO, 1), ROW("---- ", K_CARGO, 0),
	    ROW("--- STD", K_CARGO, 0), ROW("--> ", K_ARROW, 1), END },
	['='] = ROWS{ ROW("=== RUN ", K_GO, 1), ROW("=== CONT ", K_GO, 1),
	    ROW("=== NAME ", K_GO, 1), ROW("==", K_RULER, 0),
	    ROW("= ", K_RULER, 0), END },
	['_'] = ROWS{ ROW("__", K_PYSECT, 0), ROW("_ ", K_PYSECT, 0), END },
	['<'] = ROWS{ ROW("<testcase", K_XML, 1), ROW("<failure", K_XML, 1),
	    ROW("<error", K_XML, 1), ROW("<skipped", K_XML, 1), END },
	['>'] = ROWS{ ROW("> Task :", K_GRADLE, 0),
	    ROW(">>> referenced by ", K_LD, 0), END },
	['{'] = ROWS{ ROW("{\"Time\":\"", K_GOJSON, 0), END },
	['#'] = ROWS{ ROW("# ", K_HASH, 1), END },
	['['] = ROWS{ ROW("[ERROR] ", K_MVN, 0), ROW("[WARNING] ", K_MVN, 0),
	    ROW("[INFO] T", K_MVN, 0), ROW("[INFO] R", K_MVN, 0),
	    ROW("[INFO] BUILD FAILURE", K_MVN, 0),
	    ROW("[error] ", K_MVN, 0), ROW("[doctest] test ", K_CATCH2, 0),
	    ROW("[  ", K_BRACKET, 0), ROW("[ RUN ", K_BRACKET, 0),
	    ROW("[ ERROR ", K_BRACKET, 0), ROW("[     ", K_BRACKET, 0),
	    ROW("[=====", K_BRACKET, 0), END },
	['C'] = ROWS{ ROW("CMake Error", K_CMAKE, 0),
	    ROW("CMake Warning", K_CMAKE, 0), END },
	['E'] = ROWS{ ROW("E   ", K_PYE, 0), ROW("ERROR ", K_PYSUM, 0),
	    ROW("ERROR: ", K_FAIL, 0), END },
	['F'] = ROWS{ ROW("FAILED (", K_UNITTEST, 0),
	    ROW("FAILED ", K_PYSUM, 0), ROW("FAIL: ", K_FAIL, 0),
	    ROW("FAIL ", K_FAILED, 1), ROW("FAIL\t", K_FAILED, 0),
	    ROW("Failures:", K_NUMBERED, 0), ROW("Files=", K_PROVE, 0),
	    ROW("Failed!  - Failed:", K_DOTNET, 0),
	    ROW("Failed ", K_DOTNET, 2), ROW("File \"", K_FILE, 1), END },
	['I'] = ROWS{ ROW("IndentationError: ", K_SYNTAX, 0), END },
	['O'] = ROWS{ ROW("OK", K_UNITTEST, 0), END },
	['P'] = ROWS{ ROW("Passed!  - Failed:", K_DOTNET, 0), END },
	['R'] = ROWS{ ROW("Ran ", K_UNITTEST, 0), ROW("Result: ", K_PROVE, 0),
	    END },
	['S'] = ROWS{ ROW("SyntaxError: ", K_SYNTAX, 0),
	    ROW("Summary [", K_CARGO, 2), END },
	['T'] = ROWS{ ROW("Tests run: ", K_JUNIT, 0), ROW("Tests:", K_JEST, 0),
	    ROW("Tests  ", K_JEST, 2), ROW("Test Suites:", K_JEST, 0),
	    ROW("TAP version ", K_TAP, 0), ROW("TabError: ", K_SYNTAX, 0),
	    ROW("Testsuite summary", K_AUTOMAKE, 0),
	    ROW("The following tests FAILED", K_CTEST, 0),
	    ROW("There was 1 ", K_NUMBERED, 0),
	    ROW("There were ", K_NUMBERED, 0), END },
	['U'] = ROWS{ ROW("Undefined symbols for ", K_LD, 0), END },
	['X'] = ROWS{ ROW("XPASS: ", K_FAIL, 0), END },
	['e'] = ROWS{ ROW("error: ", K_DIAG, 0), ROW("error[", K_DIAG, 0),
	    ROW("e: ", K_KOTLIN, 0), END },
	['n'] = ROWS{ ROW("not ok", K_TAP, 1), END },
	['o'] = ROWS{ ROW("ok ", K_TAP, 1), ROW("ok\t", K_TAP, 0), END },
	['p'] = ROWS{ ROW("panic: ", K_GO, 0), END },
	['r'] = ROWS{ ROW("rspec ", K_RSPEC, 0), ROW("running ", K_CARGO, 0),
	    END },
	['t'] = ROWS{ ROW("test result: ", K_CARGO, 0),
	    ROW("test cases: ", K_CATCH2, 0), ROW("test at ", K_NODE, 0),
	    ROW("test ", K_CARGO, 0), ROW("thread '", K_CARGO, 0), END },
	['v'] = ROWS{ ROW("vet: ", K_PLACE, 0), END },
	['w'] = ROWS{ ROW("warning: ", K_DIAG, 0), ROW("warning[", K_DIAG, 0),
	    ROW("w: ", K_KOTLIN, 0), END },
	[0xe2] = ROWS{ ROW("\xe2\x97\x8f ", K_MARK, 1),	/* jest's bullet */
	    ROW("\xe2\x9c\x96 ", K_MARK, 1),		/* a heavy cross */
	    ROW("\xe2\x84\xb9 ", K_MARK, 1), END }	/* an i */
};

static int
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* A program that speaks for itself: "ld: ", "clang: ". */
static int
is_tool(const unsigned char *p, size_t len)
{
	static const char *const names[] = { "ld", "ld.lld", "ld.gold",
	    "ld.bfd", "ld64.lld", "lld", "mold", "collect2", "cc1", "cc1plus",
	    "gcc", "g++", "cc", "c++", "clang", "clang++", "make", "gmake" };
	size_t n = len;

	while (n > 0 && p[n - 1] != '/' && (p[n - 1] != '-' || n == len))
		n--;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len - n &&
		    memcmp(names[i], p + n, len - n) == 0)
			return 1;
	return 0;
}

/* "F401 ", "TS1005 ": letters, then digits, then no number. */
static int
is_code(const unsigned char *p, size_t len)
{
	size_t i = 0, digits;

	while (i < len && p[i] >= 'A' && p[i] <= 'Z')
		i++;
	digits = i;
	while (i < len && is_digit(p[i]))
		i++;
	return digits > 0 && digits < 8 && i - digits >= 3 &&
	    i - digits <= 5 && i + 1 < len && p[i] == ' ' &&
	    !is_digit(p[i + 1]);
}

static int
has(const unsigned char *p, size_t len, const char *s)
{
	size_t n = strlen(s);

	return len >= n && memcmp(p, s, n) == 0;
}

/* Behind the first word of a line, which could be a path. */
static unsigned
class_behind(const unsigned char *p, size_t len, size_t n)
{
	const unsigned char *q = p + n;
	size_t left = len - n;

	switch (*q) {
	case ':':
		if (left > 1 && (is_digit(q[1]) || q[1] == '('))
			return raid_build_is_file((const char *)p, n) ?
			    K_PLACE : K_NONE;
		if (left > 1 && q[1] == ' ' && is_tool(p, n))
			return K_TOOL;
		return K_NONE;
	case '(':
		return left > 1 && is_digit(q[1]) &&
		    raid_build_is_file((const char *)p, n) ? K_PLACE : K_NONE;
	case '[':
		return n >= 4 && memcmp(q - 4, "make", 4) == 0 ? K_TOOL :
		    K_NONE;
	case ' ':
		if (left > 3 && q[1] == ':' && (has(q, left, " : error ") ||
		    has(q, left, " : fatal ") || has(q, left, " : warning ")))
			return K_PLACE;
		for (size_t i = 1; i < left && i < 80; i++)
			if (q[i] != ' ') {
				if (q[i] == '(' &&
				    has(q + i, left - i, "(Wstat: "))
					return K_PROVE;
				break;
			}
		return is_code(p, len) ? K_CODE : K_NONE;
	}
	return K_NONE;
}

static unsigned
class_word(const unsigned char *p, size_t len, size_t indent)
{
	size_t n = 0, max = len < 300 ? len : 300;
	unsigned class;

	/* A drive is part of a path. */
	if (len > 3 && p[1] == ':' && (p[2] == '\\' || p[2] == '/'))
		n = 3;
	while (n < max && raid_build_is_path(p[n]))
		n++;
	if (n < 2 || n == max)
		return n > 3 && n == len && indent == 0 &&
		    memchr(p, '/', n) != NULL ? K_PATH : K_NONE;
	class = class_behind(p, len, n);
	if (class != K_NONE || len < 16)
		return class;
	/* "ATest > one FAILED", "tests::one --- FAILED" */
	if (memcmp(p + len - 7, " FAILED", 7) != 0)
		return K_NONE;
	if (memcmp(p + len - 11, " --- ", 4) == 0)
		return K_CARGO;
	return p[n] == ' ' && has(p + n, len - n, " > ") ? K_GRADLE : K_NONE;
}

static unsigned
class_number(const unsigned char *p, size_t len, size_t indent)
{
	size_t n = 0;

	while (n < len && n < 8 && is_digit(p[n]))
		n++;
	if (n == len || n == 8)
		return K_NONE;
	switch (p[n]) {
	case ' ':
		return n + 1 < len && strchr("efpst", p[n + 1]) != NULL ?
		    K_NUM : K_NONE;
	case '.':
		return indent % 4 == 0 && has(p + n, len - n, "..") ? K_TAP :
		    K_NONE;
	case '%':
		return has(p + n, len - n, "% tests passed") ? K_CTEST :
		    K_NONE;
	case '/':
		while (++n < len && is_digit(p[n]))
			continue;
		return has(p + n, len - n, " Test ") ? K_CTEST : K_NONE;
	case ':':
		while (++n < len && is_digit(p[n]))
			continue;
		return indent > 0 && n + 2 < len && p[n] == ' ' &&
		    p[n + 1] == ' ' ? K_ESLINT : K_NONE;
	case '-':
		if (n + 1 < len && is_digit(p[n + 1]))
			return K_NONE;
		break;
	}
	return class_word(p, len, indent);
}

unsigned
raid_build_class(const unsigned char *p, size_t len)
{
	size_t n;

	if (len == 0)
		return K_NONE;
	if ((*p == '2' && len > 22 && p[10] == 'T') || *p == '[' ||
	    *p == '#') {
		n = raid_build_prefix(p, len);
		p += n;
		len -= n;
	}
	return raid_build_class_of(p, len);
}

unsigned
raid_build_class_of(const unsigned char *p, size_t len)
{
	const struct start *s;
	size_t i = 0;

	while (i < len && i < 64 && (p[i] == ' ' || p[i] == '\t'))
		i++;
	p += i;
	len -= i;
	if (len < 2)
		return K_NONE;
	for (s = starts[*p]; s != NULL && s->s != NULL; s++)
		if (p[1] == (unsigned char)s->s[1] && len >= s->len &&
		    (s->deep == 1 || (s->deep == 0) == (i == 0)) &&
		    memcmp(p, s->s, s->len) == 0)
			return s->class;
	if (is_digit(*p))
		return class_number(p, len, i);
	return raid_build_is_path(*p) ? class_word(p, len, i) : K_NONE;
}
