/* SPDX-License-Identifier: ISC */
/* jest, vitest, node's own runner; eslint. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

/* jest: the message, what was expected, code, frames. */
static int
follow_jest(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;
	const char *end;

	if (*l->t == '\0')
		return 1;
	if (l->indent < 4 && (l->class == K_MARK || l->class == K_FAILED ||
	    l->class == K_JEST)) {
		b->left = 0;
		return 0;
	}
	if (raid_str_starts(l->t, "at ")) {
		if (raid_build_own_frame(l->t, &place)) {
			if (b->cur->f.line == 0)
				raid_build_set_place(b->cur, &place);
			b->left = 0;
		}
		return 1;
	}
	/* "SyntaxError: /p/a.js: Missing semicolon. (1:33)" */
	if (raid_str_starts(l->t, "SyntaxError: ") &&
	    b->cur->f.kind == RAID_FINDING_BROKEN) {
		raid_build_set_message(b->cur, l->t);
		end = strrchr(l->t, '(');
		if (end != NULL && isdigit((unsigned char)end[1]))
			b->cur->f.line = strtoul(end + 1, NULL, 10);
		return 1;
	}
	if (raid_build_is_open(b->cur) ||
	    raid_str_starts(l->t, "Expected: ") ||
	    raid_str_starts(l->t, "Received: "))
		raid_build_say(b->cur, l->t);
	return 1;
}

/* node's runner: the message stands on the next line. */
static int
follow_node(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == '\0')
		return 1;
	if (l->indent > 0)
		raid_build_say(b->cur, l->t);
	if (l->indent == 0 || !raid_build_is_open(b->cur))
		b->left = 0;
	return l->indent > 0;
}

/* "test at nt/a.test.mjs:2:25" */
void
raid_build_see_node(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (raid_build_place_at(l->t + 8, &place) == NULL)
		return;
	raid_build_copy(b->path.file, sizeof(b->path.file), place.file,
	    place.len);
	b->path.line = place.line;
	b->path.at = l->at;
}

/* A cross and the name: only behind "test at", which says where. */
static void
see_cross(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 4, *end = strrchr(s, '(');
	struct build_place place = { .file = b->path.file,
		.len = strlen(b->path.file), .line = b->path.line };
	char name[BUILD_TEXT + 1];

	if (b->path.line == 0 || b->path.at + 1 != l->at || end == NULL)
		return;
	raid_build_copy(name, sizeof(name), s, (size_t)(end - s));
	while (raid_str_ends(name, " "))
		name[strlen(name) - 1] = '\0';
	raid_build_follow(b, follow_node, 5, raid_build_put(b,
	    &(struct build_new){ .kind = RAID_FINDING_FAILED,
	    .tool = T_NODETEST, .place = place, .name = name,
	    .at = l->at }));
	b->path.line = 0;
}

/* An i: "tests 5", "pass 1", "fail 3", "skipped 1". */
static void
see_info(struct raid_build *b, const char *s)
{
	struct build_tally t = { 0 };
	uint64_t *to = raid_str_starts(s, "pass ") ? &t.passed :
	    raid_str_starts(s, "fail ") ? &t.failed :
	    raid_str_starts(s, "skipped ") ? &t.skipped :
	    raid_str_starts(s, "cancelled ") ? &t.errors : NULL;

	if (to == NULL || !isdigit((unsigned char)strchr(s, ' ')[1]))
		return;
	*to = strtoul(strchr(s, ' '), NULL, 10);
	raid_build_said(b, T_NODETEST, &t);
}

void
raid_build_see_mark(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 4;
	struct build_entry *e;
	int suite;

	if ((unsigned char)l->t[1] == 0x84) {
		see_info(b, s);
		return;
	}
	if ((unsigned char)l->t[1] == 0x9c) {
		see_cross(b, l);
		return;
	}
	if (*b->js.file == '\0' || l->indent != 2 ||
	    strcmp(s, "Console") == 0)
		return;
	suite = strcmp(s, "Test suite failed to run") == 0;
	e = raid_build_put(b, &(struct build_new){ .kind = suite ?
	    RAID_FINDING_BROKEN : RAID_FINDING_FAILED, .tool = T_JEST,
	    .place.file = b->js.file, .place.len = strlen(b->js.file),
	    .name = suite ? b->js.file : s, .at = l->at });
	if (e != NULL && e->f.n > 1)
		e->f.n = 1;	/* jest says all failures twice */
	else if (e != NULL)
		raid_build_follow(b, follow_jest, 80, e);
}

/* "Tests:  3 failed, 1 passed, 4 total", "Tests  2 failed | 1 passed (4)",
 * "Tests: 3, Assertions: 5, Errors: 1, Failures: 1, Skipped: 1." */
void
raid_build_see_jest(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 5;
	struct build_tally t = { 0 };
	char *end;

	if (raid_str_starts(s, "Suites:") || raid_str_starts(s, " Suites"))
		return;
	if (*s == ' ') {
		(void)raid_build_tally(s, &t);
		if (t.n > 0)
			raid_build_said(b, T_VITEST, &t);
		return;
	}
	s += 1 + strspn(s + 1, " ");
	t.passed = strtoul(s, &end, 10);
	if (!raid_str_starts(end, ", Assertions: ")) {
		(void)raid_build_tally(s, &t);
		if (t.n > 0)
			raid_build_said(b, T_JEST, &t);
		return;
	}
	s = strstr(end, "Failures: ");
	t.failed = s != NULL ? strtoul(s + 10, NULL, 10) : 0;
	s = strstr(end, "Errors: ");
	t.errors = s != NULL ? strtoul(s + 8, NULL, 10) : 0;
	s = strstr(end, "Skipped: ");
	t.skipped = s != NULL ? strtoul(s + 9, NULL, 10) : 0;
	t.passed -= t.failed + t.errors + t.skipped < t.passed ?
	    t.failed + t.errors + t.skipped : t.passed;
	raid_build_said(b, T_PHPUNIT, &t);
}

/* vitest: the message, then an arrow and the place. */
static int
follow_vitest(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (*l->t == '\0')
		return 1;
	if (l->class == K_FAILED)
		return 0;
	if (raid_str_starts(l->t, "\xe2\x9d\xaf ")) {
		if (raid_build_own_frame(l->t + 4, &place)) {
			raid_build_set_place(b->cur, &place);
			b->left = 0;
		}
		return 1;
	}
	if (raid_build_is_open(b->cur))
		raid_build_say(b->cur, l->t);
	return 1;
}

/* "FAIL  a.test.ts > half > odd" and "FAIL jt/a.test.js" */
int
raid_build_js_failed(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + 4 + strspn(l->t + 4, " "), *name;
	char file[BUILD_TEXT + 1];
	struct build_entry *e;
	size_t n;
	int suite;

	/* The name of a project may stand before it. */
	if (*s == '|' && strchr(s + 1, '|') != NULL) {
		s = strchr(s + 1, '|') + 1;
		s += strspn(s, " ");
	}
	n = strcspn(s, " ");
	if (!raid_build_is_file(s, n))
		return 0;
	raid_build_copy(file, sizeof(file), s, n);
	name = s + n + strspn(s + n, " ");
	suite = *name == '[';
	if (l->indent == 1 && (*name == '>' || suite)) {
		name += suite ? 0 : 1 + strspn(name + 1, " ");
		e = raid_build_put(b, &(struct build_new){ .kind = suite ?
		    RAID_FINDING_BROKEN : RAID_FINDING_FAILED,
		    .tool = T_VITEST, .place.file = file, .place.len = n,
		    .name = suite ? file : name, .at = l->at });
		if (e != NULL)
			raid_build_follow(b, follow_vitest, 40, e);
		return 1;
	}
	if (*name != '\0' && *name != '(')
		return 0;
	memcpy(b->js.file, file, sizeof(file));
	return 1;
}

/* go's "FAIL  pkg  0.1s", jest's and vitest's "FAIL path", nextest's. */
void
raid_build_see_failed(struct raid_build *b, const struct build_line *l)
{
	if (raid_str_starts(l->t, "FAIL ["))
		raid_build_see_cargo(b, l);
	else if (!raid_build_go_package(b, l))
		(void)raid_build_js_failed(b, l);
}

/* A path alone: eslint's findings may stand below it. */
void
raid_build_see_path(struct raid_build *b, const struct build_line *l)
{
	if (!raid_build_is_file(l->t, strlen(l->t)))
		return;
	raid_build_copy(b->path.file, sizeof(b->path.file), l->t,
	    strlen(l->t));
	b->path.at = l->at;
	b->path.line = 0;
}

/* "  1:5   error    'x' is never used  no-unused-vars" */
void
raid_build_see_eslint(struct raid_build *b, const struct build_line *l)
{
	struct build_place place = { .file = b->path.file,
		.len = strlen(b->path.file) };
	enum raid_finding_kind kind = RAID_FINDING_ERROR;
	char message[BUILD_LINE + 1], *name, *end;
	const char *s;

	if (b->path.at == 0 || b->path.at + 1 != l->at)
		return;
	place.line = strtoul(l->t, &end, 10);
	place.column = strtoul(end + 1, &end, 10);
	s = end + strspn(end, " ");
	if (raid_str_starts(s, "warning  "))
		kind = RAID_FINDING_WARNING;
	else if (!raid_str_starts(s, "error  "))
		return;
	s += kind == RAID_FINDING_WARNING ? 9 : 7;
	s += strspn(s, " ");
	raid_build_copy(message, sizeof(message), s, strlen(s));
	name = strrchr(message, ' ');
	if (name != NULL && name > message && name[-1] == ' ' &&
	    name[1] != '\0') {
		for (end = name; end > message && end[-1] == ' '; end--)
			continue;
		*end = '\0';
		name++;
	} else {
		name = NULL;
	}
	raid_build_put(b, &(struct build_new){ .kind = kind,
	    .tool = T_ESLINT, .place = place, .name = name,
	    .message = message, .at = l->at });
	b->runner[T_ESLINT].sure = 1;
	b->path.at = l->at;
}
