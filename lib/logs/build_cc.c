/* SPDX-License-Identifier: ISC */
/* Compilers and linters that write "file:line:column: error: message" or
 * "file(line,column): error CODE: message"; linkers, make, cmake. */
#include <ctype.h>
#include <string.h>

#include "logs/build_priv.h"

/* The message behind the word for how bad it is; NULL: there is none. */
static const char *
severity(const char *s, enum raid_finding_kind *kind)
{
	static const struct {
		const char *word;
		enum raid_finding_kind kind;
	} words[] = { { "error", RAID_FINDING_ERROR },
	    { "fatal error", RAID_FINDING_ERROR },
	    { "internal compiler error", RAID_FINDING_ERROR },
	    { "catastrophic error", RAID_FINDING_ERROR },
	    { "sorry, unimplemented", RAID_FINDING_ERROR },
	    { "Error", RAID_FINDING_ERROR }, { "fatal", RAID_FINDING_ERROR },
	    { "warning", RAID_FINDING_WARNING },
	    { "Warning", RAID_FINDING_WARNING },
	    { "performance", RAID_FINDING_WARNING },
	    { "portability", RAID_FINDING_WARNING },
	    { "style", RAID_FINDING_WARNING },
	    { "note", RAID_FINDING_PLACE }, { "info", RAID_FINDING_PLACE },
	    { "remark", RAID_FINDING_PLACE } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *p = s + strlen(words[i].word);

		/* Behind it stands ": message", "[E1]: m" or " TS1: m". */
		if (!raid_str_starts(s, words[i].word) ||
		    (*p != ':' && *p != '[' && *p != ' '))
			continue;
		*kind = words[i].kind;
		return p;
	}
	return NULL;
}

/* "F401", "TS1005" at s: its length. */
static size_t
code(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), m;

	m = strspn(s + n, "0123456789");
	return n > 0 && n < 8 && m >= 2 && m <= 5 ? n + m : 0;
}

/*
 * Divide "[E1]: m", " TS1: m", ": m [-Wx]", ": [x] m" into name and message;
 * 0 if it has none of these shapes.
 */
static int
divide(const char *s, char *name, char *message)
{
	const char *end;
	size_t n;

	*name = '\0';
	if (*s == ' ') {
		n = code(s + 1);
		if (n == 0 || s[1 + n] != ':')
			return 0;
		raid_build_copy(name, 64, s + 1, n);
		s += 1 + n;
	} else if (*s == '[') {
		end = strchr(s, ']');
		if (end == NULL || end[1] != ':')
			return 0;
		raid_build_copy(name, 64, s + 1, (size_t)(end - s) - 1);
		s = end + 1;
	}
	s += 1 + strspn(s + 1, " ");
	if (*name == '\0' && *s == '[' && (end = strstr(s, "] ")) != NULL &&
	    end - s < 40 && memchr(s, ' ', (size_t)(end - s)) == NULL) {
		raid_build_copy(name, 64, s + 1, (size_t)(end - s) - 1);
		s = end + 2;
	}
	if (*name == '\0' && *s == '[' && raid_str_ends(s, "]") &&
	    strchr(s, ' ') == NULL) {
		raid_build_copy(name, 64, s + 1, strlen(s) - 2);
		s = "";
	}
	n = strlen(s);
	raid_build_copy(message, BUILD_LINE, s, n);
	n = strlen(message);
	if (n < 4 || message[n - 1] != ']')
		return 1;
	end = strrchr(message, '[');
	if (end == NULL || end == message || end[-1] != ' ' ||
	    strchr(end, ' ') != NULL)
		return 1;
	/* The project of "[/p/x.csproj]" is no name. */
	if (*name == '\0' && strchr(end, '/') == NULL)
		raid_build_copy(name, 64, end + 1, strlen(end) - 2);
	while (end > message && end[-1] == ' ')
		end--;
	message[end - message] = '\0';
	return 1;
}

/* What javac says of a symbol; a message on the line behind its head. */
static int
follow_compiler(struct raid_build *b, const struct build_line *l)
{
	if (b->cur == NULL || l->indent == 0)
		return 0;
	if (*b->cur->f.message == '\0') {
		/* Behind a bullet, perhaps. */
		raid_build_say(b->cur, l->t + (raid_str_starts(l->t,
		    "\xe2\x80\xa2 ") ? 4 : 0));
		return 1;
	}
	if (raid_str_starts(l->t, "symbol: ")) {
		raid_build_say(b->cur, l->t + 8);
		return 1;
	}
	return 0;
}

static int
put_compiler(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, enum raid_finding_kind kind,
    enum build_tool tool, const char *rest)
{
	char name[64], message[BUILD_LINE];
	struct build_entry *e;

	if (!divide(rest, name, message))
		return 0;
	if (tool == T_CC && *rest == ' ')
		tool = T_MSVC;
	if (tool == T_CC && strstr(message, "\xe2\x80\x98") != NULL)
		b->gcc = 1;
	e = raid_build_put(b, &(struct build_new){ .kind = kind,
	    .tool = tool, .place = *place, .name = name, .message = message,
	    .at = l->at });
	b->runner[tool].sure = 1;
	if (*message == '\0' || tool == T_JAVAC)
		raid_build_follow(b, follow_compiler, 6, e);
	return 1;
}

/* What has no word for how bad it is, but a shape of its own. */
static int
wordless(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *s)
{
	enum build_tool tool = raid_build_tool_of(place);
	size_t n = code(s);
	char rest[BUILD_LINE + 2] = ": ";

	if (n != 0 && (s[n] == ' ' || s[n] == ':') && tool == T_MYPY) {
		memcpy(rest, " ", 2);
		raid_build_copy(rest + 1, 64, s, n);
		b->python_lint = s[n] == ':' ? "pylint" :
		    strchr(s + n, '`') != NULL ? "ruff" : b->python_lint;
		n += (size_t)(s[n] == ':');
		n += raid_str_starts(s + n, " [*]") ? 4 : 0;
		raid_build_copy(rest + strlen(rest), BUILD_LINE - 64, ":", 1);
		raid_build_copy(rest + strlen(rest), BUILD_LINE - 64, s + n,
		    strlen(s + n));
		return put_compiler(b, l, place, RAID_FINDING_ERROR,
		    T_FLAKE8, rest);
	}
	if (raid_str_starts(s, "*** ") && place->column == 0) {
		raid_build_copy(rest + 2, BUILD_LINE, s + 4, strlen(s + 4));
		return put_compiler(b, l, place, RAID_FINDING_ERROR, T_MAKE,
		    rest);
	}
	if (tool != T_GO || place->column == 0 || *s == '\0')
		return 0;
	raid_build_copy(rest + 2, BUILD_LINE, s, strlen(s));
	return put_compiler(b, l, place, RAID_FINDING_ERROR, T_GO, rest);
}

static int
is_linker(const char *s)
{
	return raid_str_starts(s, "undefined reference to ") ||
	    raid_str_starts(s, "multiple definition of ") ||
	    raid_str_starts(s, "undefined symbol");
}

int
raid_build_compiler(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest)
{
	enum raid_finding_kind kind;
	enum build_tool tool;
	const char *s, *word;

	if (raid_str_starts(rest, " - "))
		s = rest + 3;
	else if (*rest == ':')
		s = rest + 1 + strspn(rest + 1, " ");
	else
		return 0;
	if (is_linker(s)) {
		raid_build_put(b, &(struct build_new){ .tool = T_LD,
		    .place = *place, .message = s, .at = l->at });
		return 1;
	}
	word = severity(s, &kind);
	if (word == NULL)
		return wordless(b, l, place, s);
	if (kind == RAID_FINDING_PLACE)
		return 1;
	tool = raid_build_tool_of(place);
	/* "a.example:8080: error: x" is no place in a file. */
	if (tool == T_COUNT) {
		if (place->column == 0 && memchr(place->file, '/',
		    place->len) == NULL)
			return 0;
		tool = T_OTHER;
	}
	return put_compiler(b, l, place, kind, tool, word);
}

/* "main.c:(.text+0x6): undefined reference to `f'", "x.obj : error LNK1: " */
static void
see_object(struct raid_build *b, const struct build_line *l, const char *t)
{
	size_t drive = *t != '\0' && t[1] == ':' ? 2 : 0;
	struct build_place place = { .file = t,
		.len = drive + strcspn(t + drive, ": (") };
	enum raid_finding_kind kind;
	const char *s = strstr(t, "): "), *word;

	if (s != NULL && is_linker(s + 3)) {
		raid_build_put(b, &(struct build_new){ .tool = T_LD,
		    .place = place, .message = s + 3, .at = l->at });
		return;
	}
	s = strstr(t, " : ");
	if (s == NULL || s != t + place.len)
		return;
	word = severity(s + 3, &kind);
	if (word != NULL && *word == ' ' && kind != RAID_FINDING_PLACE)
		(void)put_compiler(b, l, &place, kind, T_MSVC, word);
}

void
raid_build_see_place(struct raid_build *b, const struct build_line *l)
{
	const char *t = l->t, *rest;
	struct build_place place;

	if (raid_str_starts(t, "vet: "))
		t += 5;
	rest = raid_build_place_at(t, &place);
	if (rest == NULL) {
		see_object(b, l, t);
		return;
	}
	if (raid_build_pytest_place(b, l, &place, rest) ||
	    raid_build_gtest_place(b, l, &place, rest) ||
	    raid_build_go_place(b, l, &place, rest) ||
	    (l->indent <= 4 && raid_build_compiler(b, l, &place, rest)))
		return;
	/* node names the place above the code and the message. */
	if (*rest == '\0' && l->indent == 0) {
		raid_build_copy(b->file.file, sizeof(b->file.file),
		    place.file, place.len);
		b->file.line = place.line;
		b->file.at = l->at;
		b->file.kind = RAID_FINDING_PLACE;
	}
}

static void
see_make(struct raid_build *b, const struct build_line *l, const char *s)
{
	struct build_place place = { 0 };
	const char *end, *name;
	char target[BUILD_TEXT];

	if (!raid_str_starts(s, "*** "))
		return;
	s += 4;
	b->runner[T_MAKE].sure = 1;
	end = *s == '[' ? strstr(s, "] Error ") : NULL;
	if (end == NULL) {
		if (!raid_str_starts(s, "Deleting file") &&
		    !raid_str_starts(s, "Waiting for"))
			raid_build_put(b, &(struct build_new){ .tool = T_MAKE,
			    .message = s, .at = l->at });
		return;
	}
	name = raid_build_place_at(s + 1, &place);
	name = name != NULL ? name + strspn(name, ": ") : s + 1;
	if (name == s + 1)
		place.len = 0;
	raid_build_copy(target, sizeof(target), name, (size_t)(end - name));
	raid_build_put(b, &(struct build_new){ .tool = T_MAKE,
	    .place = place, .name = target, .message = end + 2, .at = l->at,
	    .weak = 1 });
}

/* The place of a missing symbol, in the words of lld. */
static int
follow_ld(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (raid_str_starts(l->t, ">>> referenced by ") && b->cur != NULL &&
	    b->cur->f.line == 0 && raid_build_find_place(l->t + 18, &place))
		raid_build_set_place(b->cur, &place);
	return raid_str_starts(l->t, ">>> ");
}

/* s stands behind "ld: ". */
static void
see_linker(struct raid_build *b, const struct build_line *l, const char *s)
{
	struct build_place place;
	const char *rest = raid_build_place_at(s, &place);
	struct build_entry *e;

	b->runner[T_LD].sure = 1;
	if (rest != NULL && raid_build_compiler(b, l, &place, rest))
		return;
	if (strstr(s, "): ") != NULL && is_linker(strstr(s, "): ") + 3)) {
		see_object(b, l, s);
		return;
	}
	if (raid_str_starts(s, "error: "))
		s += 7;
	else if (!raid_str_starts(s, "cannot find ") &&
	    !raid_str_starts(s, "library not found") &&
	    !raid_str_starts(s, "symbol(s) not found"))
		return;
	e = raid_build_put(b, &(struct build_new){ .tool = T_LD,
	    .message = s, .at = l->at,
	    .weak = raid_str_starts(s, "symbol(s)") });
	raid_build_follow(b, follow_ld, 3, e);
}

/* "clang: error: ...", "collect2: error: ld returned 1 exit status" */
static void
see_driver(struct raid_build *b, const struct build_line *l, const char *s)
{
	enum raid_finding_kind kind;
	const char *word = severity(s, &kind);
	int weak;

	if (word == NULL || *word != ':' || kind == RAID_FINDING_PLACE)
		return;
	weak = strstr(word, "ld returned") != NULL ||
	    strstr(word, "linker command failed") != NULL;
	raid_build_put(b, &(struct build_new){ .kind = kind,
	    .tool = weak ? T_LD : T_CC, .message = word + 2, .at = l->at,
	    .weak = weak });
}

void
raid_build_see_tool(struct raid_build *b, const struct build_line *l)
{
	const char *s = strstr(l->t, ": "), *name = l->t, *dash;
	size_t n;

	if (s == NULL)
		return;
	n = (size_t)(s - l->t);
	for (const char *p = l->t; p < s; p++)
		if (*p == '/')
			name = p + 1;
	n = (size_t)(s - name);
	s += 2;
	dash = n > 3 ? s - 5 : NULL;
	if (raid_str_starts(name, "make") ||
	    raid_str_starts(name, "gmake")) {
		see_make(b, l, s);
	} else if (strstr(name, "ld") == name || strstr(name, "lld") == name ||
	    raid_str_starts(name, "mold") || (dash != NULL &&
	    raid_str_starts(dash, "-ld: "))) {
		see_linker(b, l, s);
	} else {
		if (raid_str_starts(name, "clang"))
			b->clang = 1;
		else if (raid_str_starts(name, "collect2") ||
		    raid_str_starts(name, "cc1"))
			b->gcc = 1;
		see_driver(b, l, s);
	}
}

static int
follow_undefined(struct raid_build *b, const struct build_line *l)
{
	char text[BUILD_TEXT];
	const char *end;

	if (l->indent == 0)
		return 0;
	end = strstr(l->t, ", referenced from:");
	if (end != NULL) {
		memcpy(text, "undefined symbol ", 17);
		raid_build_copy(text + 17, sizeof(text) - 17, l->t,
		    (size_t)(end - l->t));
		raid_build_put(b, &(struct build_new){ .tool = T_LD,
		    .message = text, .at = l->at });
		b->left = 20;
	}
	return 1;
}

void
raid_build_see_ld(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == 'U')
		raid_build_follow(b, follow_undefined, 5, NULL);
	else if (*l->t == '(')
		see_object(b, l, l->t);
}

/* Two lines of what it says. */
static int
follow_cmake(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == '\0')
		return 1;
	if (l->indent < 2 || b->step == 3)
		return 0;
	b->step++;
	if (b->cur != NULL) {
		char text[BUILD_LINE + BUILD_TEXT + 8] = "";

		raid_build_copy(text, BUILD_TEXT + 4, b->cur->f.message,
		    strlen(b->cur->f.message));
		if (*text != '\0')
			memcpy(text + strlen(text), " ", 2);
		raid_build_copy(text + strlen(text), BUILD_LINE, l->t,
		    strlen(l->t));
		raid_build_set_message(b->cur, text);
	}
	return 1;
}

void
raid_build_see_cmake(struct raid_build *b, const struct build_line *l)
{
	struct build_place place = { 0 };
	const char *s = strstr(l->t, " at "), *rest = NULL;
	enum raid_finding_kind kind = l->t[6] == 'E' ? RAID_FINDING_ERROR :
	    RAID_FINDING_WARNING;
	struct build_entry *e;

	b->runner[T_CMAKE].sure = 1;
	if (s != NULL && s < l->t + 24)
		rest = raid_build_place_at(s + 4, &place);
	if (rest == NULL) {
		place.len = 0;
		rest = strstr(l->t, ": ");
	}
	if (rest == NULL)
		return;
	e = raid_build_put(b, &(struct build_new){ .kind = kind,
	    .tool = T_CMAKE, .place = place,
	    .message = place.len == 0 ? rest + 2 : NULL, .at = l->at });
	if (place.len != 0)
		raid_build_follow(b, follow_cmake, 6, e);
}
