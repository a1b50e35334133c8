/* SPDX-License-Identifier: ISC */
/* maven, gradle, JUnit as surefire tells it and as XML. */
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

/* "Tests run: 3, Failures: 1, Errors: 1, Skipped: 0" and perhaps the time. */
static int
see_run(struct raid_build *b, const char *s)
{
	static const char *const keys[] = { "Tests run: ", "Failures: ",
	    "Errors: ", "Skipped: " };
	unsigned long n[4] = { 0 };
	struct build_tally t;
	const char *p;

	for (size_t i = 0; i < 4; i++) {
		p = strstr(s, keys[i]);
		n[i] = p == NULL ? 0 : strtoul(p + strlen(keys[i]), NULL, 10);
	}
	if (!raid_str_starts(s, keys[0]) ||
	    strstr(s, keys[1]) == NULL)
		return 0;
	t = (struct build_tally){ .failed = n[1], .errors = n[2],
		.skipped = n[3] };
	if (n[0] > n[1] + n[2] + n[3])
		t.passed = n[0] - n[1] - n[2] - n[3];
	/* One class; the sum comes in the end, or does not. */
	if (strstr(s, "Time elapsed") != NULL) {
		struct build_tally *seen = &b->runner[T_JUNIT].seen;

		seen->failed += t.failed;
		seen->errors += t.errors;
		seen->skipped += t.skipped;
		seen->passed += t.passed;
		b->runner[T_JUNIT].sure = 1;
	} else {
		raid_build_said(b, T_JUNIT, &t);
	}
	return 1;
}

void
raid_build_see_junit(struct raid_build *b, const struct build_line *l)
{
	(void)see_run(b, l->t);
}

/* The frame of the test itself; the message stands on the first line. */
static int
follow_test(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (l->indent == 0 && *l->t != '\0' && *l->t != '[') {
		if (b->step++ == 0 && b->cur != NULL &&
		    *b->cur->f.message == '\0')
			raid_build_say(b->cur, l->t);
		return 1;
	}
	if (!raid_str_starts(l->t, "at "))
		return 0;
	if (strstr(l->t, b->cause) != NULL && *b->cause != '\0' &&
	    raid_build_find_place(l->t, &place)) {
		raid_build_set_place(b->cur, &place);
		b->left = 0;
	}
	return 1;
}

/*
 * "testA(com.foo.BarTest)" or "com.foo.BarTest.testA" as "BarTest.testA",
 * and the class as frames name it.
 */
static void
java_name(const char *s, size_t len, char *name, char *class)
{
	char text[BUILD_TEXT + 1], *dot, *open;

	raid_build_copy(text, sizeof(text), s, len);
	open = strchr(text, '(');
	*class = '\0';
	if (open != NULL && open[1] != ')' && open[1] != '\0') {
		*open++ = '\0';
		open[strcspn(open, ")")] = '\0';
		raid_build_copy(class, BUILD_TEXT + 1, open, strlen(open));
		dot = strrchr(open, '.');
		open = dot != NULL ? dot + 1 : open;
		raid_build_copy(name, BUILD_TEXT + 1, open, strlen(open));
		if (strlen(name) + strlen(text) + 2 <= BUILD_TEXT) {
			memcpy(name + strlen(name), ".", 2);
			memcpy(name + strlen(name), text, strlen(text) + 1);
		}
		return;
	}
	dot = strrchr(text, '.');
	if (dot != NULL) {
		raid_build_copy(class, BUILD_TEXT + 1, text,
		    (size_t)(dot - text));
		while (dot > text && dot[-1] != '.')
			dot--;
	}
	dot = dot != NULL ? dot : text;
	raid_build_copy(name, BUILD_TEXT + 1, dot, strlen(dot));
}

/* "testA(com.foo.BarTest)  Time elapsed: 0.004 s  <<< FAILURE!" */
static int
see_test(struct raid_build *b, const struct build_line *l, const char *s)
{
	const char *mark = strstr(s, "<<< "), *end;
	char name[BUILD_TEXT + 1], class[BUILD_TEXT + 1];
	struct build_entry *e;

	if (mark == NULL || (!raid_str_starts(mark + 4, "FAILURE!") &&
	    !raid_str_starts(mark + 4, "ERROR!")))
		return 0;
	if (see_run(b, s))
		return 1;
	end = strstr(s, " -- Time elapsed");
	if (end == NULL)
		end = strstr(s, "  Time elapsed");
	if (end == NULL)
		return 0;
	java_name(s, (size_t)(end - s), name, class);
	e = raid_build_put(b, &(struct build_new){
	    .kind = mark[4] == 'E' ? RAID_FINDING_BROKEN :
	    RAID_FINDING_FAILED, .tool = T_JUNIT, .name = name,
	    .at = l->at });
	raid_build_follow(b, follow_test, 60, e);
	raid_build_copy(b->cause, sizeof(b->cause), class, strlen(class));
	return 1;
}

/* "  BarTest.testA:12 why", "  BarTest.testB:17->help:30 » Illegal why" */
static int
see_listed(struct raid_build *b, const struct build_line *l, const char *s)
{
	struct build_entry *e;
	char name[BUILD_TEXT + 1], class[BUILD_TEXT + 1], file[BUILD_TEXT + 8];
	size_t n;

	s += strspn(s, " ");
	n = strcspn(s, ": ");
	if (n == 0 || memchr(s, '.', n) == NULL)
		return 0;
	java_name(s, n, name, class);
	e = raid_build_find(b, T_JUNIT, name, 0);
	if (e == NULL)
		e = raid_build_put(b, &(struct build_new){
		    .kind = b->mvn.open == 2 ? RAID_FINDING_BROKEN :
		    RAID_FINDING_FAILED, .tool = T_JUNIT, .name = name,
		    .at = l->at });
	if (e == NULL || e->f.line != 0)
		return 1;
	raid_build_copy(file, BUILD_TEXT + 1, name, strcspn(name, ".$"));
	memcpy(file + strlen(file), ".java", 6);
	if (s[n] == ':')
		raid_build_set_place(e, &(struct build_place){ .file = file,
		    .len = strlen(file), .line = strtoul(s + n + 1, NULL,
		    10) });
	s += n + strcspn(s + n, " ");
	if (*e->f.message == '\0')
		raid_build_say(e, s);
	return 1;
}

/* "/p/A.java:[3,14] cannot find symbol", and other compilers below maven. */
static void
see_maven_place(struct raid_build *b, const struct build_line *l,
    const char *s, enum raid_finding_kind kind)
{
	struct build_place place = { .file = s, .len = strcspn(s, " :[(") };
	const char *rest = s + place.len;
	char *end, text[BUILD_LINE + 16];
	enum build_tool tool;
	size_t n;

	rest += raid_str_starts(rest, ": (") ? 1 : 0;
	rest += *rest == ':' && rest[1] == '[' ? 1 : 0;
	rest += *rest == ' ' ? 1 : 0;
	if (rest > s + place.len && (*rest == '[' || *rest == '(')) {
		place.line = strtoul(rest + 1, &end, 10);
		if (*end != ',' || place.line == 0)
			return;
		place.column = strtoul(end + 1 + (end[1] == ' '), &end, 10);
		rest = end + 1;
	} else if ((rest = raid_build_place_at(s, &place)) == NULL) {
		return;
	}
	tool = raid_build_tool_of(&place);
	if (tool != T_JAVAC && tool != T_KOTLINC && tool != T_SCALAC)
		return;
	rest += strspn(rest, ": ");
	if (raid_str_starts(rest, "error: "))
		rest += 7;
	n = kind == RAID_FINDING_ERROR ? 9 : 11;
	memcpy(text, kind == RAID_FINDING_ERROR ? ": error: " :
	    ": warning: ", n);
	raid_build_copy(text + n, sizeof(text) - n, rest, strlen(rest));
	if (raid_build_is_file(place.file, place.len) && place.line != 0)
		(void)raid_build_compiler(b, l, &place, text);
}

void
raid_build_see_mvn(struct raid_build *b, const struct build_line *l)
{
	const char *s = strchr(l->t, ']') + 1;
	int error = l->t[1] == 'E' || l->t[1] == 'e';

	s += *s == ' ';
	if (see_run(b, s) || see_test(b, l, s))
		return;
	if (raid_str_starts(s, "Results:")) {
		b->mvn.open = 1;
	} else if (raid_str_starts(s, "BUILD FAILURE")) {
		b->mvn.failed = 1;
		b->mvn.open = 0;
	} else if (!error) {
		if (l->t[1] == 'W')
			see_maven_place(b, l, s, RAID_FINDING_WARNING);
	} else if (raid_str_starts(s, "Failures:") ||
	    raid_str_starts(s, "Errors:")) {
		b->mvn.open = *s == 'E' ? 2 : 1;
	} else if (b->mvn.open != 0 && raid_str_starts(s, "  ")) {
		(void)see_listed(b, l, s);
	} else if (b->mvn.failed == 1) {
		b->mvn.failed = 2;
		raid_build_put(b, &(struct build_new){ .tool = T_MVN,
		    .message = s, .at = l->at, .weak = 1 });
	} else if (*s != ' ' && *s != '\0') {
		see_maven_place(b, l, s, RAID_FINDING_ERROR);
	}
}

/* "    java.lang.AssertionError: why at BarTest.java:12" */
static int
follow_gradle(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;
	const char *at = NULL;
	char text[BUILD_LINE + 1];

	if (l->indent < 4)
		return 0;
	for (const char *p = l->s; (p = strstr(p, " at ")) != NULL; p++)
		at = p;
	if (at == NULL || at > l->t) {
		raid_build_copy(text, sizeof(text), l->t, at != NULL ?
		    (size_t)(at - l->t) : strlen(l->t));
		raid_build_say(b->cur, text);
	}
	if (at != NULL && raid_build_place_at(at + 4, &place) != NULL) {
		raid_build_set_place(b->cur, &place);
		b->runner[T_GRADLETEST].sure = 1;
		b->left = 0;
	}
	return 1;
}

static int
follow_wrong(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == '\0')
		return 0;
	raid_build_put(b, &(struct build_new){ .tool = T_GRADLE,
	    .message = l->t, .at = l->at, .weak = 1 });
	b->left = 0;
	return 1;
}

/* "BarTest > testA FAILED", "> Task :test FAILED", "* What went wrong:" */
void
raid_build_see_gradle(struct raid_build *b, const struct build_line *l)
{
	char name[BUILD_TEXT + 1];

	if (*l->t == '>') {
		if (strchr(l->t, ':') != NULL)
			b->runner[T_GRADLE].sure = 1;
	} else if (*l->t == '*') {
		b->runner[T_GRADLE].sure = 1;
		raid_build_follow(b, follow_wrong, 3, NULL);
	} else if (l->indent == 0) {
		raid_build_copy(name, sizeof(name), l->t, strlen(l->t) - 7);
		raid_build_follow(b, follow_gradle, 4, raid_build_put(b,
		    &(struct build_new){ .kind = RAID_FINDING_FAILED,
		    .tool = T_GRADLETEST, .name = name, .at = l->at }));
	}
}

/* "e: file:///p/a.kt:3:5 message", "w: /p/a.kt: (3, 5): message" */
void
raid_build_see_kotlin(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 3;

	if (raid_str_starts(s, "file://"))
		s += 7;
	see_maven_place(b, l, s, *l->t == 'e' ? RAID_FINDING_ERROR :
	    RAID_FINDING_WARNING);
}

/* The value of an attribute, without its entities; "" if it has none. */
static void
attribute(const char *s, const char *key, char *out, size_t size)
{
	static const char *const names[] = { "&lt;<", "&gt;>", "&amp;&",
	    "&quot;\"", "&apos;'", "&#10; ", "&#xA; " };
	const char *p = s;
	size_t n = 0, len = strlen(key);

	while ((p = strstr(p, key)) != NULL && (p[-1] != ' ' ||
	    p[len] != '=' || p[len + 1] != '"'))
		p++;
	p = p == NULL ? "" : p + len + 2;
	while (*p != '\0' && *p != '"' && n + 2 < size) {
		size_t skip = 1;

		out[n] = *p;
		for (size_t i = 0; *p == '&' &&
		    i < sizeof(names) / sizeof(names[0]); i++) {
			size_t m = strlen(names[i]) - 1;

			if (strncmp(p, names[i], m) == 0) {
				out[n] = names[i][m];
				skip = m;
				break;
			}
		}
		n++;
		p += skip;
	}
	out[n] = '\0';
	while (n > 0 && ((unsigned char)out[n - 1] & 0xc0) == 0x80 &&
	    *p != '"' && *p != '\0')
		out[--n] = '\0';
}

/* What stands in <failure>: a trace, or a place. */
static int
follow_xml(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (b->cur != NULL && b->cur->f.line == 0 &&
	    raid_build_find_place(l->t, &place) &&
	    !raid_build_is_foreign(&place))
		raid_build_set_place(b->cur, &place);
	if (strstr(l->t, "</failure>") != NULL ||
	    strstr(l->t, "</error>") != NULL)
		b->left = 0;
	return 1;
}

/* <testcase name= classname=>, <failure message=>, <error>, <skipped/> */
void
raid_build_see_xml(struct raid_build *b, const struct build_line *l)
{
	struct build_tally *t = &b->runner[T_JUNIT].seen;
	char text[BUILD_TEXT + 8], class[BUILD_TEXT + 8];
	struct build_place place;
	struct build_entry *e;
	const char *in = l->t;
	int error;

	if (raid_str_starts(in, "<testcase")) {
		attribute(in, "classname", class, BUILD_TEXT);
		attribute(in, "name", text, BUILD_TEXT);
		raid_build_copy(b->unit.test, sizeof(b->unit.test), class,
		    strlen(class) < BUILD_TEXT / 2 ? strlen(class) : 0);
		if (*b->unit.test != '\0')
			memcpy(b->unit.test + strlen(b->unit.test), ".", 2);
		raid_build_copy(b->unit.test + strlen(b->unit.test),
		    BUILD_TEXT / 2, text, strlen(text));
		b->unit.tool = T_JUNIT;
		t->passed++;
		b->runner[T_JUNIT].sure = 1;
		in = strstr(in, "><");
		if (in == NULL)
			return;
		in++;
	}
	if (b->unit.tool != T_JUNIT || *b->unit.test == '\0' ||
	    raid_str_starts(in, "</") || t->passed == 0)
		return;
	t->passed--;
	error = in[1] == 'e';
	if (raid_str_starts(in, "<skipped")) {
		t->skipped++;
		return;
	}
	attribute(in, "message", text, BUILD_TEXT);
	if (*text == '\0' && strchr(in, '>') != NULL) {
		in = strchr(in, '>') + 1;
		in += raid_str_starts(in, "<![CDATA[") ? 9 : 0;
		raid_build_copy(text, BUILD_TEXT, in, strcspn(in, "<"));
		if (strstr(text, "]]>") != NULL)
			*strstr(text, "]]>") = '\0';
	}
	t->failed += !error;
	t->errors += error;
	if (!raid_build_find_place(text, &place))
		(void)raid_build_find_place(in, &place);
	e = raid_build_put(b, &(struct build_new){ .kind = error ?
	    RAID_FINDING_BROKEN : RAID_FINDING_FAILED, .tool = T_JUNIT,
	    .place = place, .name = b->unit.test, .message = text,
	    .at = l->at });
	if (strstr(in, "</") == NULL && strstr(in, "/>") == NULL)
		raid_build_follow(b, follow_xml, 100, e);
	*b->unit.test = '\0';
}
