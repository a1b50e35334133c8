/* SPDX-License-Identifier: ISC */
/* Runners that number their failures in a list: rspec, mocha, JUnit on a
 * terminal, PHPUnit; and lines that begin with a count. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

/* " 2) name": the name; NULL: none. */
static const char *
numbered(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n < 6 && s[n] == ')' && s[n + 1] == ' ' ? s + n + 2 :
	    NULL;
}

/* A frame of the test, as each of the runners writes it. */
static int
frame(struct raid_build *b, const struct build_line *l,
    struct build_place *place)
{
	const char *s = l->t;

	switch (b->list) {
	case T_RSPEC:
		if (!raid_str_starts(s, "# ") ||
		    raid_str_starts(s, "# /"))
			return 0;
		break;
	case T_PHPUNIT:
		if (raid_build_place_at(s, place) == NULL ||
		    l->indent != 0)
			return 0;
		break;
	case T_JUNIT:
		if (!raid_str_starts(s, "at ") || *b->cause == '\0' ||
		    strstr(s, b->cause) == NULL)
			return 0;
		break;
	default:
		if (!raid_str_starts(s, "at ") ||
		    strstr(s, "node:") != NULL)
			return 0;
		break;
	}
	return raid_build_find_place(s, place) &&
	    !raid_build_is_foreign(place);
}

/* "err(T)": the class is sought in the frames. */
static void
start(struct raid_build *b, const struct build_line *l, const char *name)
{
	const char *open = strchr(name, '(');

	if (b->list == T_JUNIT && strstr(name, "::") != NULL)
		b->list = T_PHPUNIT;
	*b->cause = '\0';
	if (b->list == T_JUNIT && open != NULL)
		raid_build_copy(b->cause, sizeof(b->cause), open + 1,
		    strcspn(open + 1, ")"));
	b->cur = raid_build_put(b, &(struct build_new){
	    .kind = RAID_FINDING_FAILED, .tool = b->list, .name = name,
	    .at = l->at, .unique = 1 });
	b->step = b->list == T_MOCHA ? 1 : 2;
	b->left = 100;
}

/* mocha's names go over several lines, the last of which ends with ":". */
static void
more_name(struct raid_build *b, const struct build_line *l)
{
	char all[2 * BUILD_TEXT + 8];
	size_t n;

	if (*l->t == '\0') {
		b->step = 2;
		return;
	}
	if (b->cur == NULL)
		return;
	n = strlen(b->cur->f.name);
	memcpy(all, b->cur->f.name, n);
	memcpy(all + n, " ", 2);
	raid_build_copy(all + n + 1, BUILD_TEXT, l->t, strlen(l->t));
	if (raid_str_ends(all, ":")) {
		all[strlen(all) - 1] = '\0';
		b->step = 2;
	}
	raid_build_set_name(b->cur, all);
}

/* Steps: 0 before the first, 1 in a name, 2 before or in the message, 3
 * behind it. */
static int
follow_list(struct raid_build *b, const struct build_line *l)
{
	const char *name = numbered(l->t);
	struct build_place place;

	if (name != NULL && l->indent <= 4 && (b->list != T_RSPEC ||
	    l->indent == 2)) {
		start(b, l, name);
		return 1;
	}
	if (b->step == 0)
		return 0;
	if (l->indent == 0 && (l->class == K_JUNIT || l->class == K_JEST ||
	    l->class == K_NUM || l->class == K_RSPEC)) {
		b->left = 0;
		return 0;
	}
	if (b->step == 1) {
		more_name(b, l);
		return 1;
	}
	if (frame(b, l, &place)) {
		if (b->cur != NULL && b->cur->f.line == 0)
			raid_build_set_place(b->cur, &place);
		b->step = 3;
		return 1;
	}
	if (*l->t == '\0' || b->step == 3 || raid_str_starts(l->t, "at ") ||
	    raid_str_starts(l->t, "# ") ||
	    raid_str_starts(l->t, "Failure/Error:"))
		return 1;
	if (b->cur != NULL && strlen(b->cur->f.message) < BUILD_TEXT / 3 &&
	    (b->list == T_RSPEC || raid_build_is_open(b->cur)))
		raid_build_say(b->cur, l->t);
	return 1;
}

void
raid_build_numbered(struct raid_build *b, enum build_tool tool)
{
	b->list = tool;
	raid_build_follow(b, follow_list, 20, NULL);
}

/* PHPUnit says what it counted behind its list, JUnit, too. */
void
raid_build_see_numbered(struct raid_build *b, const struct build_line *l)
{
	if (strcmp(l->t, "Failures:") == 0) {
		raid_build_numbered(b, T_RSPEC);
	} else if (raid_str_ends(l->t, " failures:") ||
	    raid_str_ends(l->t, " failure:") ||
	    raid_str_ends(l->t, " errors:") ||
	    raid_str_ends(l->t, " error:")) {
		raid_build_numbered(b, T_JUNIT);
	}
}

/* "5 examples, 3 failures, 1 pending" */
static int
see_rspec_sum(struct raid_build *b, const char *s)
{
	struct build_tally t;

	if (strstr(s, " example") == NULL || strstr(s, " failure") == NULL)
		return 0;
	(void)raid_build_tally(s, &t);
	if (t.n < 2)
		return 0;
	if (t.total > t.failed + t.skipped)
		t.passed = t.total - t.failed - t.skipped;
	raid_build_said(b, T_RSPEC, &t);
	return 1;
}

/* "3 tests, 1 failure, 1 skipped", "5 runs, 9 assertions, 1 failures" */
static int
see_tests(struct raid_build *b, const char *s)
{
	const char *failures = strstr(s, " failure"), *p;
	struct build_tally t = { .passed = strtoul(s, NULL, 10) };
	const char *word = strchr(s, ' ') + 1;

	if (failures == NULL || !isdigit((unsigned char)failures[-1]) ||
	    (!raid_str_starts(word, "test, ") &&
	    !raid_str_starts(word, "tests, ") &&
	    !raid_str_starts(word, "run, ") &&
	    !raid_str_starts(word, "runs, ")))
		return 0;
	for (p = failures; p > s && isdigit((unsigned char)p[-1]); p--)
		continue;
	t.failed = strtoul(p, NULL, 10);
	p = strstr(s, " error");
	while (p != NULL && p > s && isdigit((unsigned char)p[-1]))
		p--;
	t.errors = p != NULL ? strtoul(p, NULL, 10) : 0;
	p = strstr(s, " skip");
	while (p != NULL && p > s && isdigit((unsigned char)p[-1]))
		p--;
	t.skipped = p != NULL ? strtoul(p, NULL, 10) : 0;
	t.passed -= t.failed + t.errors + t.skipped < t.passed ?
	    t.failed + t.errors + t.skipped : t.passed;
	raid_build_said(b, T_TESTS, &t);
	return 1;
}

/* "  1 passing (9ms)", "  1 pending", "  3 failing" */
static int
see_mocha(struct raid_build *b, const struct build_line *l)
{
	struct build_tally t;
	const char *end = raid_build_tally(l->t, &t);

	if (l->indent < 2 || t.n != 1 || (*end != '\0' && *end != ' '))
		return 0;
	if (strstr(l->t, " passing (") != NULL && raid_str_ends(l->t, ")"))
		b->js.passing = l->at;
	else if (*end != '\0' || b->js.passing == 0 ||
	    l->at - b->js.passing > 3)
		return 0;
	raid_build_said(b, T_MOCHA, &t);
	if (t.failed > 0)
		raid_build_numbered(b, T_MOCHA);
	return 1;
}

/* "12 tests completed, 1 failed, 2 skipped" */
static int
see_gradle_sum(struct raid_build *b, const char *s)
{
	const char *end = strstr(s, " completed");
	struct build_tally t;
	unsigned long total = strtoul(s, NULL, 10);

	if (end == NULL || strstr(s, " test") == NULL ||
	    strstr(s, " test") > end || end[10] != ',')
		return 0;
	(void)raid_build_tally(end + 10, &t);
	if (t.n == 0)
		return 0;
	if (total > t.failed + t.skipped)
		t.passed = total - t.failed - t.skipped;
	raid_build_said(b, T_GRADLETEST, &t);
	return 1;
}

void
raid_build_see_num(struct raid_build *b, const struct build_line *l)
{
	/* "1 warning and 4 errors generated." */
	if (raid_str_ends(l->t, " generated.")) {
		b->clang |= strstr(l->t, " error") != NULL ||
		    strstr(l->t, " warning") != NULL;
		return;
	}
	if (l->indent == 0 && (raid_build_pytest_counts(b, l->t) ||
	    see_rspec_sum(b, l->t) || see_gradle_sum(b, l->t) ||
	    see_tests(b, l->t)))
		return;
	(void)see_mocha(b, l);
}

/* "rspec ./a_spec.rb:3 # half is odd": where the test itself stands. */
void
raid_build_see_rspec(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;
	const char *name = strstr(l->t, " # ");
	struct build_entry *e;

	if (name == NULL || raid_build_place_at(l->t + 6, &place) == NULL)
		return;
	name += 3;
	e = raid_build_find(b, T_RSPEC, name, 0);
	if (e == NULL)
		e = raid_build_put(b, &(struct build_new){
		    .kind = RAID_FINDING_FAILED, .tool = T_RSPEC,
		    .name = name, .at = l->at });
	raid_build_set_place(e, &place);
}
