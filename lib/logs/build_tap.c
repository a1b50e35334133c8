/* SPDX-License-Identifier: ISC */
/* TAP with subtests and what is said of its points, prove's and automake's
 * sums. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

#define DEPTH 7

static size_t
depth_of(const struct build_line *l)
{
	return l->indent / 4 < DEPTH ? l->indent / 4 : DEPTH;
}

/* " # SKIP why", or the word for what is to be done: 1 or 2; it is cut
 * off. */
static int
directive(char *s)
{
	for (char *p = s; (p = strchr(p, '#')) != NULL; p++) {
		const char *w = p + 1 + strspn(p + 1, " ");
		int skip = strncasecmp(w, "skip", 4) == 0;

		if (!skip && strncasecmp(w, "todo", 4) != 0)
			continue;
		while (p > s && p[-1] == ' ')
			p--;
		*p = '\0';
		return skip ? 1 : 2;
	}
	return 0;
}

/* Subtests below a point get its name before theirs; was there one? */
static int
adopt(struct raid_build *b, size_t depth, const char *name)
{
	char all[2 * BUILD_TEXT + 8];
	int any = 0;

	for (size_t i = b->tap.mark[depth]; i < b->n; i++) {
		struct build_entry *e = b->v[i];

		if (e->tool != T_TAP || e->depth <= depth)
			continue;
		any = 1;
		raid_build_copy(all, sizeof(all), name, strlen(name));
		if (*all != '\0')
			memcpy(all + strlen(all), " > ", 4);
		raid_build_copy(all + strlen(all), BUILD_TEXT, e->f.name,
		    strlen(e->f.name));
		raid_build_set_name(e, all);
		e->depth = (unsigned)depth;
	}
	return any;
}

/* Did subtests get this name already? */
static int
is_adopted(struct raid_build *b, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = b->n; i > 0 && i + 50 > b->n; i--) {
		const struct build_entry *e = b->v[i - 1];

		if (e->tool == T_TAP && n > 0 &&
		    strncmp(e->f.name, name, n) == 0 &&
		    raid_str_starts(e->f.name + n, " > "))
			return 1;
	}
	return 0;
}

static void
set_marks(struct raid_build *b, size_t depth)
{
	for (size_t i = depth; i <= DEPTH; i++)
		b->tap.mark[i] = b->n;
}

/* One that its comments told of before. */
static struct build_entry *
announced(struct raid_build *b, const char *name)
{
	for (size_t i = b->n; i > 0 && i + 50 > b->n; i--) {
		struct build_entry *e = b->v[i - 1];

		size_t n = strlen(e->f.name), m = strlen(name);

		if (e->tool == T_TAP && !e->matched && (n == m || (m > 0 &&
		    n > m + 3 && raid_str_starts(e->f.name + n - m - 3,
		    " > "))) && strcmp(e->f.name + n - m, name) == 0)
			return e;
	}
	return NULL;
}

static void
failed_point(struct raid_build *b, const struct build_line *l,
    const char *name, unsigned long number)
{
	size_t depth = depth_of(l);
	struct build_entry *e = announced(b, name);
	char text[32] = "test ";

	if (e == NULL && (adopt(b, depth, name) || is_adopted(b, name)))
		return;
	if (*name == '\0' && number < 100000000) {
		char digits[12];
		size_t n = sizeof(digits) - 1;

		digits[n] = '\0';
		do
			digits[--n] = (char)('0' + number % 10);
		while ((number /= 10) != 0);
		memcpy(text + 5, digits + n, sizeof(digits) - n);
		name = text;
	}
	if (e == NULL)
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_TAP, .name = name,
		    .at = l->at, .unique = 1 });
	if (e == NULL)
		return;
	e->depth = (unsigned)depth;
	e->matched = 1;
	b->tap.entry = e;
}

/* A string of YAML, without its quotes. */
static void
say_yaml(struct raid_build *b, const char *s)
{
	char text[BUILD_TEXT + 1];
	size_t n = strlen(s);

	if (n >= 2 && (*s == '\'' || *s == '"') && s[n - 1] == *s) {
		s++;
		n -= 2;
	}
	raid_build_copy(text, sizeof(text), s, n);
	raid_build_say(b->cur, text);
}

/* Steps: 0 the line behind the point, 1 YAML, 2 the text of its error, 3
 * what mocha says without YAML. */
static int
follow_point(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t;
	struct build_place place;

	if (b->step == 0)
		b->step = strcmp(s, "---") == 0 ? 1 : 3;
	if (l->class == K_TAP || l->class == K_HASH || l->indent < 2) {
		b->left = *s == '\0' ? b->left : 0;
		return 0;
	}
	if (strcmp(s, "...") == 0) {
		b->left = 0;
	} else if (raid_str_starts(s, "location: ")) {
		if (raid_build_find_place(s + 10, &place))
			raid_build_set_place(b->cur, &place);
	} else if (b->step == 1 && (raid_str_starts(s, "error: ") ||
	    raid_str_starts(s, "message: "))) {
		s = strchr(s, ' ') + 1;
		if (*s == '|' || *s == '>')
			b->step = 2;
		else if (raid_build_is_open(b->cur))
			say_yaml(b, s);
	} else if (raid_str_starts(s, "at ")) {
		if (b->cur->f.line == 0 && raid_build_own_frame(s, &place))
			raid_build_set_place(b->cur, &place);
	} else if (b->step >= 2 && raid_build_is_open(b->cur)) {
		raid_build_say(b->cur, s);
		if (b->step == 2 && !raid_build_is_open(b->cur))
			b->step = 1;
	}
	return 1;
}

/* "ok 3 - name # SKIP why" */
static void
see_point(struct raid_build *b, const struct build_line *l)
{
	struct build_tally *t = &b->runner[T_TAP].seen;
	int bad = *l->t == 'n', what;
	const char *s = l->t + (bad ? 6 : 2);
	unsigned long number = 0;
	char name[BUILD_TEXT + 1], *end;
	size_t depth = depth_of(l);

	s += strspn(s, " ");
	if (isdigit((unsigned char)*s)) {
		number = strtoul(s, &end, 10);
		/* "ok 17.5 ms" is no point. */
		if (*end != '\0' && *end != ' ')
			return;
		s = end + strspn(end, " ");
		if (depth == 0 && (number == b->tap.last + 1 || bad))
			b->runner[T_TAP].sure |= bad || number > 1;
	} else if (!bad || (*s != '\0' && *s != '-')) {
		return;
	}
	if (depth == 0)
		b->tap.last = number;
	if (raid_str_starts(s, "- "))
		s += 2;
	raid_build_copy(name, sizeof(name), s, strlen(s));
	what = directive(name);
	if (depth == 0) {
		t->failed += bad && what == 0;
		t->passed += what == 0 && !bad;
		t->skipped += what == 1;
		t->passed += what == 2;
	}
	b->tap.entry = NULL;
	if (bad && what == 0)
		failed_point(b, l, name, number);
	raid_build_follow(b, follow_point, b->tap.entry != NULL ? 20 : 0,
	    b->tap.entry);
	set_marks(b, depth);
}

void
raid_build_see_tap(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == 'T' || isdigit((unsigned char)*l->t)) {
		/* A plan: "1..4", "1..0 # SKIP why". */
		if (*l->t != 'T' && (!raid_str_starts(l->t, "1..") ||
		    !isdigit((unsigned char)l->t[3])))
			return;
		if (l->indent == 0) {
			b->runner[T_TAP].sure = 1;
			b->tap.last = b->tap.last != 0 && b->tap.plan == 0 ?
			    b->tap.last : 0;
		}
		return;
	}
	if (*l->t == 'o' && raid_build_go_package(b, l))
		return;
	see_point(b, l);
}

/* "Failed test 'name'", then "at F line N." */
static int
see_perl(struct raid_build *b, const struct build_line *l, const char *s)
{
	struct build_place place;
	struct build_entry *e;
	char name[BUILD_TEXT + 1];
	const char *end;

	if (!raid_str_starts(s, "Failed test"))
		return 0;
	s += 11;
	s += strspn(s, " ");
	end = *s == '\'' ? strrchr(s, '\'') : NULL;
	*name = '\0';
	if (end != NULL && end > s)
		raid_build_copy(name, sizeof(name), s + 1,
		    (size_t)(end - s) - 1);
	e = b->tap.entry;
	b->runner[T_TAP].sure = 1;
	if (e == NULL || strcmp(e->f.name, name) != 0) {
		/* The whole fails because its parts did. */
		if (adopt(b, depth_of(l), name) || is_adopted(b, name)) {
			b->tap.entry = NULL;
			set_marks(b, depth_of(l));
			return 1;
		}
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_TAP, .name = name,
		    .at = l->at, .unique = 1 });
		if (e != NULL)
			e->depth = (unsigned)depth_of(l);
		set_marks(b, depth_of(l));
	}
	b->tap.entry = e;
	if (*name == '\0' && raid_build_find_place(s, &place))
		raid_build_set_place(e, &place);
	return 1;
}

/* "# tests 5", "# pass 1", "# fail 3", "# skipped 1" */
static int
see_sum(struct raid_build *b, const char *s)
{
	struct build_tally t = { 0 };
	uint64_t *to = raid_str_starts(s, "pass ") ? &t.passed :
	    raid_str_starts(s, "fail ") ? &t.failed :
	    raid_str_starts(s, "skipped ") ? &t.skipped : NULL;

	if (raid_str_starts(s, "tests ") && isdigit((unsigned char)s[6])) {
		b->tap.entry = NULL;
		return 1;
	}
	if (to == NULL || !isdigit((unsigned char)*(s = strchr(s, ' ') + 1)))
		return 0;
	*to = strtoul(s, NULL, 10);
	raid_build_said(b, T_TAP, &t);
	return 1;
}

static int
see_automake_sum(struct raid_build *b, const struct build_line *l,
    const char *s)
{
	struct build_tally t = { 0 };
	uint64_t *to = raid_str_starts(s, "PASS: ") ? &t.passed :
	    raid_str_starts(s, "FAIL: ") ||
	    raid_str_starts(s, "XPASS: ") ? &t.failed :
	    raid_str_starts(s, "SKIP: ") ||
	    raid_str_starts(s, "XFAIL: ") ? &t.skipped :
	    raid_str_starts(s, "ERROR: ") ? &t.errors : NULL;

	if (to == NULL || b->automake == 0 || l->at - b->automake > 12)
		return 0;
	*to = strtoul(strchr(s, ' '), NULL, 10);
	raid_build_said(b, T_AUTOMAKE, &t);
	return 1;
}

void
raid_build_see_automake(struct raid_build *b, const struct build_line *l)
{
	b->automake = l->at;
}

/* A comment of TAP, or a sum of automake. */
void
raid_build_see_hash(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 1 + strspn(l->t + 1, " ");
	struct build_entry *e = b->tap.entry;
	struct build_place place;
	uint64_t since;

	if (see_perl(b, l, s) || see_automake_sum(b, l, s) || see_sum(b, s))
		return;
	since = e == NULL ? 0 : e->f.at;
	if (e == NULL || l->at - since > 30 || *s == '\0' ||
	    raid_str_starts(s, "Looks like you ") ||
	    raid_str_starts(s, "not ok ") || raid_str_starts(s, "ok ") ||
	    raid_str_starts(s, "Subtest: "))
		return;
	if (e->f.line == 0 && raid_build_find_place(s, &place)) {
		raid_build_set_place(e, &place);
		if (raid_str_starts(s, "at ") || *s == '(' ||
		    raid_str_ends(s, "error: Failure!"))
			return;
	}
	raid_build_say(e, s);
}

/* What is wrong with a file, in prove's sum. */
static int
follow_prove(struct raid_build *b, const struct build_line *l)
{
	if (l->indent != 2)
		return 0;
	/* That is no failure. */
	if (raid_str_starts(l->t + strcspn(l->t, " "), " passed: ") &&
	    b->cur != NULL &&
	    b->cur->f.kind == RAID_FINDING_BROKEN && b->step == 0 &&
	    b->tap.files_failed > 0) {
		b->cur->hidden = 1;
		b->tap.files_failed--;
	}
	b->step = 1;
	raid_build_say(b->cur, l->t);
	return 1;
}

/* "a.t (Wstat: 768 (exited 3) Tests: 4 Failed: 1)" */
static void
see_file(struct raid_build *b, const struct build_line *l)
{
	const char *end = strstr(l->t, " (Wstat: "), *failed;
	char name[BUILD_TEXT + 1];
	unsigned long n;

	failed = end == NULL ? NULL : strstr(end, " Failed: ");
	if (failed == NULL)
		return;
	n = strtoul(failed + 9, NULL, 10);
	b->tap.tests_failed += n;
	b->tap.files_failed += n == 0;
	while (end > l->t && end[-1] == ' ')
		end--;
	raid_build_copy(name, sizeof(name), l->t, (size_t)(end - l->t));
	raid_build_follow(b, follow_prove, 4, raid_build_put(b,
	    &(struct build_new){ .kind = n == 0 ? RAID_FINDING_BROKEN :
	    RAID_FINDING_FAILED, .tool = T_PROVE, .name = name,
	    .at = l->at }));
}

void
raid_build_see_prove(struct raid_build *b, const struct build_line *l)
{
	struct build_tally t = { 0 };
	const char *s;

	if (raid_str_starts(l->t, "Files=")) {
		s = strstr(l->t, ", Tests=");
		if (s == NULL)
			return;
		t.passed = strtoul(s + 8, NULL, 10);
		t.failed = b->tap.tests_failed;
		t.errors = b->tap.files_failed;
		t.passed -= t.failed < t.passed ? t.failed : t.passed;
		b->tap.tests_failed = b->tap.files_failed = 0;
		raid_build_said(b, T_PROVE, &t);
	} else if (*l->t != 'R') {
		see_file(b, l);
	}
}
