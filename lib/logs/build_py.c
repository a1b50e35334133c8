/* SPDX-License-Identifier: ISC */
/* pytest, unittest, and programs in Python that cannot be read. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

int
raid_build_pytest_counts(struct raid_build *b, const char *s)
{
	struct build_tally t;
	const char *end = raid_build_tally(s, &t);

	/* "no tests ran in 0.01s" says nothing. */
	if (t.n == 0 || t.total != 0 || !raid_str_starts(end, " in ") ||
	    !isdigit((unsigned char)end[4]))
		return 0;
	raid_build_said(b, T_PYTEST, &t);
	b->py.open = 0;
	b->py.entry = NULL;
	return 1;
}

/* What stands between bars of c. */
static void
between(const char *s, const char *bar, char *out)
{
	size_t n;

	s += strspn(s, bar);
	n = strlen(s);
	while (n > 0 && strchr(bar, s[n - 1]) != NULL)
		n--;
	raid_build_copy(out, BUILD_TEXT + 1, s, n);
}

void
raid_build_see_ruler(struct raid_build *b, const struct build_line *l)
{
	char text[BUILD_TEXT + 1];

	between(l->t, "= ", text);
	if (*text == '\0') {
		if (strlen(l->t) >= 60)
			b->py.ruler = l->at;
		return;
	}
	if (!raid_str_ends(l->t, "="))
		return;
	if (strcmp(text, "FAILURES") == 0 || strcmp(text, "ERRORS") == 0) {
		b->py.open = *text == 'E' ? 2 : 1;
		b->py.entry = NULL;
	} else if (!raid_build_pytest_counts(b, text)) {
		b->py.open = 0;
		b->py.entry = NULL;
	}
	if (strcmp(text, "test session starts") == 0)
		b->runner[T_PYTEST].sure = 1;
}

void
raid_build_see_pysect(struct raid_build *b, const struct build_line *l)
{
	static const char *const heads[] = { "ERROR at setup of ",
	    "ERROR at teardown of ", "ERROR collecting " };
	struct build_place place = { 0 };
	char text[BUILD_TEXT + 1];
	const char *name = text;

	if (b->py.open == 0 || !raid_str_ends(l->t, "_"))
		return;
	between(l->t, " _", text);
	if (*text == '\0')
		return;
	/* A name may itself begin with "_", but not with " ". */
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (raid_str_starts(text, heads[i])) {
			name = text + strlen(heads[i]);
			if (i == 2)
				place = (struct build_place){ .file = name,
					.len = strlen(name) };
		}
	b->py.entry = raid_build_put(b, &(struct build_new){
	    .kind = b->py.open == 2 ? RAID_FINDING_BROKEN :
	    RAID_FINDING_FAILED, .tool = T_PYTEST, .name = name,
	    .place = place, .at = l->at, .unique = 1 });
}

/* "AssertionError", "ValueError: no", with the name of a class first. */
static int
is_exception(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '.')
		n++;
	return n > 2 && (s[n] == '\0' || (s[n] == ':' && s[n + 1] == ' '));
}

/* The frames of a failure: the last one in the project counts. */
int
raid_build_pytest_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest)
{
	struct build_entry *e = b->py.entry;

	if (b->py.open == 0 || l->indent > 0 || *rest != ':')
		return 0;
	rest += 1 + strspn(rest + 1, " ");
	if (e == NULL) {
		/* One line for each failure. */
		if (!is_exception(rest) && !raid_str_starts(rest, "assert"))
			return 0;
		raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_PYTEST,
		    .place = *place, .message = rest, .at = l->at,
		    .unique = 1 });
		return 1;
	}
	if (*rest != '\0' && !raid_str_starts(rest, "in ") &&
	    (strchr(rest, ':') != NULL || !is_exception(rest)))
		return 0;
	if (e->f.line == 0 || !raid_build_is_foreign(place))
		raid_build_set_place(e, place);
	if (*e->f.message == '\0' && is_exception(rest))
		raid_build_set_message(e, rest);
	return 1;
}

void
raid_build_see_pye(struct raid_build *b, const struct build_line *l)
{
	struct build_entry *e = b->py.entry;
	const char *s = l->t + 1 + strspn(l->t + 1, " ");
	struct build_place place;

	if (e == NULL)
		return;
	if (raid_str_starts(s, "File \"")) {
		if (raid_build_find_place(s + 6, &place))
			raid_build_set_place(e, &place);
		return;
	}
	if (*e->f.message == '\0' || (strstr(s, "Error: ") != NULL &&
	    is_exception(s) && strstr(e->f.message, "Error") == NULL &&
	    !raid_str_starts(e->f.message, "assert")))
		raid_build_set_message(e, s);
	else if (e->depth++ < 2)
		raid_build_say(e, s);
}

/* Has an entry of a section this name, or this place and message? */
static struct build_entry *
find_section(struct raid_build *b, const char *path, const char *dotted,
    const char *message)
{
	for (size_t i = 0; i < b->n; i++) {
		struct build_entry *e = b->v[i];

		if (e->tool != T_PYTEST || e->matched)
			continue;
		if (*e->f.name != '\0' ? strcmp(e->f.name, dotted) == 0 :
		    raid_str_ends(e->f.file, path) &&
		    strncmp(e->f.message, message, strlen(message) < 30 ?
		    strlen(message) : 30) == 0)
			return e;
	}
	return NULL;
}

/* "FAILED tests/a.py::TestC::test_in - ValueError: boom" */
void
raid_build_see_pysum(struct raid_build *b, const struct build_line *l)
{
	const char *id = strchr(l->t, ' ') + 1, *end = strstr(id, " - ");
	const char *message = end != NULL ? end + 3 : "";
	char node[BUILD_TEXT + 1], path[BUILD_TEXT + 1], *dots, *p;
	struct build_entry *e;

	raid_build_copy(node, sizeof(node), id, end != NULL ?
	    (size_t)(end - id) : strlen(id));
	raid_build_copy(path, sizeof(path), node, strcspn(node, ":"));
	dots = strstr(node, "::");
	if (dots == NULL ? !raid_str_ends(path, ".py") || *l->t == 'F' :
	    !raid_build_is_file(path, strlen(path)))
		return;
	if (dots != NULL) {
		char dotted[BUILD_TEXT + 1];

		raid_build_copy(dotted, sizeof(dotted), dots + 2,
		    strlen(dots + 2));
		while ((p = strstr(dotted, "::")) != NULL) {
			*p = '.';
			memmove(p + 1, p + 2, strlen(p + 2) + 1);
		}
		e = find_section(b, path, dotted, message);
	} else {
		e = find_section(b, path, path, message);
	}
	if (e == NULL)
		e = raid_build_put(b, &(struct build_new){
		    .kind = *l->t == 'E' ? RAID_FINDING_BROKEN :
		    RAID_FINDING_FAILED, .tool = T_PYTEST, .name = node,
		    .place.file = path, .place.len = strlen(path),
		    .message = message, .at = l->at });
	if (e == NULL)
		return;
	e->matched = 1;
	raid_build_set_name(e, node);
	if (strlen(e->f.message) < strlen(message))
		raid_build_set_message(e, message);
}

static int
follow_unittest(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (raid_str_starts(l->t, "-----")) {
		b->step = 1;
		return 1;
	}
	if (b->step == 0 && l->indent == 0 && *l->t != '=')
		return 1;	/* what the test says of itself */
	if (b->step == 0 || *l->t == '=')
		return 0;
	if (raid_str_starts(l->t, "File \"")) {
		if (raid_build_find_place(l->t + 6, &place) &&
		    b->cur != NULL && (b->cur->f.line == 0 ||
		    !raid_build_is_foreign(&place)))
			raid_build_set_place(b->cur, &place);
		return 1;
	}
	if (*l->t == '\0' || l->indent > 0 || !is_exception(l->t) ||
	    raid_str_starts(l->t, "Traceback"))
		return 1;
	raid_build_say(b->cur, l->t);
	b->left = 0;
	return 1;
}

void
raid_build_see_fail(struct raid_build *b, const struct build_line *l)
{
	const char *name = strchr(l->t, ' ') + 1;
	struct build_entry *e;

	if (b->py.ruler != 0 && b->py.ruler + 1 == l->at && *l->t != 'X') {
		e = raid_build_put(b, &(struct build_new){
		    .kind = *l->t == 'E' ? RAID_FINDING_BROKEN :
		    RAID_FINDING_FAILED, .tool = T_UNITTEST, .name = name,
		    .at = l->at });
		raid_build_follow(b, follow_unittest, 200, e);
		b->runner[T_UNITTEST].sure = 1;
		return;
	}
	if (b->known && *l->t == 'E') {
		raid_build_put(b, &(struct build_new){ .tool = T_OTHER,
		    .message = name, .at = l->at, .weak = 1 });
		return;
	}
	/* Automake's, if it sums up in the end. */
	raid_build_put(b, &(struct build_new){ .kind = *l->t == 'E' ?
	    RAID_FINDING_BROKEN : RAID_FINDING_FAILED, .tool = T_AUTOMAKE,
	    .name = name, .message = *l->t == 'X' ?
	    "passed, though it was expected to fail" : NULL,
	    .at = l->at });
}

/* The number behind "failures=" in s, or 0. */
static uint64_t
value(const char *s, const char *key)
{
	const char *p = strstr(s, key);

	return p == NULL ? 0 : strtoul(p + strlen(key), NULL, 10);
}

/* "Ran 5 tests in 0.1s", "", "FAILED (failures=3, errors=1, skipped=1)" */
void
raid_build_see_unittest(struct raid_build *b, const struct build_line *l)
{
	struct build_tally t = { 0 };
	const char *end;

	if (*l->t == 'R') {
		t.total = strtoul(l->t + 4, NULL, 10);
		end = strstr(l->t, " test");
		if (end == NULL || strstr(end, " in ") == NULL)
			return;
		b->py.ran = t.total;
		b->py.ran_at = l->at;
		return;
	}
	if (raid_str_starts(l->t, "OK (") && strstr(l->t, " test") != NULL) {
		t.passed = strtoul(l->t + 4, NULL, 10);
		raid_build_said(b, strstr(l->t, "assertion") != NULL ?
		    T_PHPUNIT : T_JUNIT, &t);
		return;
	}
	if (b->py.ran_at == 0 || l->at - b->py.ran_at > 3 ||
	    (*l->t == 'O' && l->t[2] != '\0' && l->t[3] != '('))
		return;
	t.failed = value(l->t, "(failures=") + value(l->t, " failures=") -
	    value(l->t, "expected failures=") +
	    value(l->t, "unexpected successes=");
	t.errors = value(l->t, "errors=");
	t.skipped = value(l->t, "skipped=") +
	    value(l->t, "expected failures=");
	if (t.failed > 1000000000)
		t.failed = 0;
	if (b->py.ran > t.failed + t.errors + t.skipped)
		t.passed = b->py.ran - t.failed - t.errors - t.skipped;
	b->py.ran_at = 0;
	raid_build_said(b, T_UNITTEST, &t);
}

/* Python's frames; the last one in the project is kept. */
void
raid_build_see_file(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (!raid_build_find_place(l->t + 6, &place))
		return;
	if (b->file.at == 0 || l->at - b->file.at > 3 ||
	    b->file.kind != RAID_FINDING_ERROR ||
	    !raid_build_is_foreign(&place)) {
		raid_build_copy(b->file.file, sizeof(b->file.file),
		    place.file, place.len);
		b->file.line = place.line;
	}
	b->file.at = l->at;
	b->file.kind = RAID_FINDING_ERROR;
}

/* Where the program stops being one; also node says it so. */
void
raid_build_see_syntax(struct raid_build *b, const struct build_line *l)
{
	struct build_place place = { .file = b->file.file,
		.len = strlen(b->file.file), .line = b->file.line };
	enum build_tool tool = b->file.kind == RAID_FINDING_ERROR ?
	    T_PYTHON : T_NODE;

	if (b->file.at == 0 || l->at - b->file.at > 6)
		return;
	raid_build_put(b, &(struct build_new){ .tool = tool, .place = place,
	    .message = l->t, .at = l->at });
	b->runner[tool].sure = 1;
	b->file.at = 0;
}
