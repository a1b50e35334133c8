/* SPDX-License-Identifier: ISC */
/* googletest, cmocka, Catch2, ctest, .NET's runner. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

/* "Expected equality of these values:", "  2", "  3": as one message. */
static int
follow_gtest(struct raid_build *b, const struct build_line *l)
{
	if (*l->t == '[' || l->class == K_PLACE || b->step++ == 4)
		return 0;
	raid_build_say(b->cur, l->t);
	return 1;
}

/* "g.cc:3: Failure", "x.cpp:14: FAILED:" */
int
raid_build_gtest_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest)
{
	struct build_entry *e;

	if (strcmp(rest, ": Failure") == 0 && *b->unit.test != '\0' &&
	    b->unit.tool == T_GTEST) {
		e = raid_build_find(b, T_GTEST, b->unit.test, b->unit.epoch);
		if (e != NULL)
			return 1;
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_GTEST,
		    .place = *place, .name = b->unit.test, .at = l->at });
		raid_build_follow(b, follow_gtest, 5, e);
		return 1;
	}
	if (strcmp(rest, ": FAILED:") == 0) {
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_CATCH2,
		    .place = *place, .at = l->at, .unique = 1 });
		raid_build_follow(b, follow_gtest, 3, e);
		return 1;
	}
	return 0;
}

/* "3 tests, listed below:", "group: 1 test(s), listed below:" */
static int
see_listing(struct raid_build *b, char what, const char *s)
{
	const char *test = strstr(s, " test"), *n = test;
	struct build_tally t = { 0 };
	uint64_t *to = what == 'F' ? &t.failed : what == 'P' ? &t.passed :
	    &t.skipped;

	if (test == NULL)
		return 0;
	while (n > s && isdigit((unsigned char)n[-1]))
		n--;
	if (n == test || (n > s && !raid_str_starts(n - 2, ": ")) ||
	    (!raid_str_ends(s, "listed below:") &&
	    !raid_str_ends(s, ".")))
		return 0;
	*to = strtoul(n, NULL, 10);
	raid_build_said(b, raid_str_starts(test, " test(s)") ? T_CMOCKA :
	    T_GTEST, &t);
	return 1;
}

static void
see_bracket_end(struct raid_build *b, const struct build_line *l,
    const char *s)
{
	enum build_tool tool = b->unit.tool == T_CMOCKA ? T_CMOCKA : T_GTEST;
	int broken = l->t[3] == 'E' || l->t[2] == 'E';
	char name[BUILD_TEXT + 1];
	struct build_place place = { 0 };

	raid_build_copy(name, sizeof(name), s, strcspn(s, tool == T_GTEST ?
	    ", " : ""));
	if (raid_build_find(b, tool, name, b->unit.epoch) == NULL) {
		const char *p = b->unit.message;

		if (b->file.at != 0 && b->file.kind == RAID_FINDING_FAILED &&
		    strcmp(name, b->unit.test) == 0)
			place = (struct build_place){ .file = b->file.file,
				.len = strlen(b->file.file),
				.line = b->file.line };
		raid_build_put(b, &(struct build_new){ .kind = broken ?
		    RAID_FINDING_BROKEN : RAID_FINDING_FAILED, .tool = tool,
		    .place = place, .name = name,
		    .message = strcmp(name, b->unit.test) == 0 ? p : NULL,
		    .at = l->at, .unique = 1 });
	}
	/* What could not be set up is in no sum of cmocka's. */
	if (broken && tool == T_CMOCKA)
		raid_build_said(b, tool, &(struct build_tally){
		    .errors = 1 });
	*b->unit.test = '\0';
}

static void
see_start(struct raid_build *b, const struct build_line *l, const char *s)
{
	if (strstr(s, "Running ") == NULL || strstr(s, " test") == NULL)
		return;
	b->unit.tool = raid_str_ends(s, "test(s).") ? T_CMOCKA : T_GTEST;
	b->unit.epoch = l->at;
}

/* "[  FAILED  ] Half.Wrong (0 ms)", "[  ERROR   ] --- 0x1 != 0x2" */
void
raid_build_see_bracket(struct raid_build *b, const struct build_line *l)
{
	const char *end = strchr(l->t, ']'), *s, *word;
	struct build_place place;

	if (end == NULL || end - l->t != 11 || end[1] != ' ')
		return;
	s = end + 2;
	word = l->t + 1 + strspn(l->t + 1, " ");
	if (raid_str_starts(word, "===")) {
		see_start(b, l, s);
	} else if (raid_str_starts(word, "RUN ")) {
		raid_build_copy(b->unit.test, sizeof(b->unit.test), s,
		    strlen(s));
		*b->unit.message = '\0';
		if (b->file.kind == RAID_FINDING_FAILED)
			b->file.at = 0;
	} else if (raid_str_starts(s, "--- ")) {
		s += 4;
		if (*word == 'L' && raid_build_place_at(s, &place) != NULL) {
			raid_build_copy(b->file.file, sizeof(b->file.file),
			    place.file, place.len);
			b->file.line = place.line;
			b->file.at = l->at;
			b->file.kind = RAID_FINDING_FAILED;
		} else if (*word == 'E' && *b->unit.message == '\0') {
			raid_build_copy(b->unit.message,
			    sizeof(b->unit.message), s, strlen(s));
		}
	} else if (raid_str_starts(word, "FAILED ") ||
	    raid_str_starts(word, "PASSED ") ||
	    raid_str_starts(word, "SKIPPED ")) {
		if (!see_listing(b, *word, s) && *word == 'F')
			see_bracket_end(b, l, s);
	} else if (raid_str_starts(word, "ERROR ")) {
		see_bracket_end(b, l, s);
	}
}

/* "	  2 - bad (Failed)" */
static int
follow_ctest(struct raid_build *b, const struct build_line *l)
{
	const char *name = strstr(l->t, " - "), *end;
	char text[BUILD_TEXT + 1], why[BUILD_TEXT + 1] = "";

	if (!isdigit((unsigned char)*l->t) || name == NULL) {
		b->left = 0;
		return 0;
	}
	b->left++;
	name += 3;
	end = strstr(name, " (");
	raid_build_copy(text, sizeof(text), name, end != NULL ?
	    (size_t)(end - name) : strlen(name));
	if (end != NULL && !raid_str_starts(end, " (Failed)"))
		raid_build_copy(why, sizeof(why), end + 2,
		    strcspn(end + 2, ")"));
	raid_build_put(b, &(struct build_new){ .kind = RAID_FINDING_FAILED,
	    .tool = T_CTEST, .name = text, .at = l->at, .message = why });
	return 1;
}

/* " 2/7 Test #2: bad ...***Failed 0.1 sec", and the sum. */
void
raid_build_see_ctest(struct raid_build *b, const struct build_line *l)
{
	struct build_runner *r = &b->runner[T_CTEST];
	struct build_tally t = { 0 };
	const char *s;
	unsigned long total;

	if (*l->t == 'T') {
		raid_build_follow(b, follow_ctest, 2, NULL);
	} else if ((s = strstr(l->t, "% tests passed, ")) != NULL) {
		t.failed = strtoul(s + 16, NULL, 10);
		s = strstr(s, " out of ");
		total = s != NULL ? strtoul(s + 8, NULL, 10) : 0;
		t.skipped = r->seen.skipped;
		if (total > t.failed + t.skipped)
			t.passed = total - t.failed - t.skipped;
		raid_build_said(b, T_CTEST, &t);
		r->seen.skipped = 0;
	} else if (strstr(l->t, " Test ") != NULL &&
	    strchr(l->t, '#') != NULL) {
		r->sure = 1;
		if (strstr(l->t, "***Skipped") != NULL ||
		    strstr(l->t, "***Not Run (Disabled)") != NULL)
			r->seen.skipped++;
		else if (strstr(l->t, "***") != NULL)
			r->seen.failed++;
		else
			r->seen.passed++;
	}
}

/* "  Error Message:" and the line below it; "in /p/x.cs:line 12" */
static int
follow_dotnet(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (l->indent < 2 || l->class == K_DOTNET)
		return 0;
	if (b->step == 1) {
		raid_build_say(b->cur, l->t);
		b->step = 2;
	} else if (strcmp(l->t, "Error Message:") == 0) {
		b->step = 1;
	} else if (raid_str_starts(l->t, "at ") &&
	    raid_build_find_place(l->t, &place)) {
		raid_build_set_place(b->cur, &place);
		b->left = 0;
	}
	return 1;
}

/* "Failed!  - Failed:  1, Passed:  2, Skipped:  0, Total:  3, ..." */
void
raid_build_see_dotnet(struct raid_build *b, const struct build_line *l)
{
	static const char *const keys[] = { "- Failed:", "Passed:",
	    "Skipped:" };
	uint64_t n[3];
	struct build_tally t;
	char name[BUILD_TEXT + 1];
	const char *s;

	if (raid_str_starts(l->t, "Failed ")) {
		s = strrchr(l->t, '[');
		if (l->indent != 2 || s == NULL ||
		    !raid_str_ends(l->t, "s]"))
			return;
		raid_build_copy(name, sizeof(name), l->t + 7,
		    (size_t)(s - l->t) - 8);
		raid_build_follow(b, follow_dotnet, 20, raid_build_put(b,
		    &(struct build_new){ .kind = RAID_FINDING_FAILED,
		    .tool = T_DOTNET, .name = name, .at = l->at }));
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		s = strstr(l->t, keys[i]);
		if (s == NULL)
			return;
		n[i] = strtoul(s + strlen(keys[i]), NULL, 10);
	}
	t = (struct build_tally){ .failed = n[0], .passed = n[1],
		.skipped = n[2] };
	raid_build_said(b, T_DOTNET, &t);
}

/* "test cases: 2 | 1 passed | 1 failed" */
void
raid_build_see_catch2(struct raid_build *b, const struct build_line *l)
{
	const char *s = strchr(l->t, '|');
	struct build_tally t;

	if (s == NULL)
		return;
	(void)raid_build_tally(s, &t);
	if (t.n > 0)
		raid_build_said(b, T_CATCH2, &t);
}
