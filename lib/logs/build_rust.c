/* SPDX-License-Identifier: ISC */
/* rustc and those who write like it ("error[E1]: message" above "--> place"),
 * cargo test, cargo nextest. */
#include <stdlib.h>
#include <string.h>

#include "logs/build_priv.h"

/* Sums of cargo, which say nothing that is not said before. */
static int
is_sum(const char *s)
{
	static const char *const sums[] = { "error: could not compile",
	    "error: aborting due to", "error: test failed",
	    "error: doctest failed", "error: build failed", "warning: `" };

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (raid_str_starts(s, sums[i]))
			return 1;
	return 0;
}

void
raid_build_see_diag(struct raid_build *b, const struct build_line *l)
{
	const char *s = l->t + strcspn(l->t, ":["), *end;

	b->head.at = 0;
	*b->head.name = '\0';
	if (is_sum(l->t))
		return;
	b->head.kind = *l->t == 'e' ? RAID_FINDING_ERROR :
	    RAID_FINDING_WARNING;
	if (*s == '[') {
		end = strchr(s, ']');
		if (end == NULL || end[1] != ':' || end - s > 30)
			return;
		raid_build_copy(b->head.name, sizeof(b->head.name), s + 1,
		    (size_t)(end - s) - 1);
		s = end + 1;
	}
	s += 1 + strspn(s + 1, " ");
	raid_build_copy(b->head.text, sizeof(b->head.text), s, strlen(s));
	b->head.at = l->at;
	/* Of a linker, and of programs of all kinds, there is no place. */
	if (raid_str_starts(s, "linking with `") || (b->known &&
	    b->head.kind == RAID_FINDING_ERROR && *b->head.name == '\0'))
		raid_build_put(b, &(struct build_new){
		    .tool = b->known ? T_OTHER : T_RUSTC, .message = s,
		    .at = l->at, .weak = b->known });
}

/* "F401 [*] `os` imported but unused", if a place follows. */
void
raid_build_see_code(struct raid_build *b, const struct build_line *l)
{
	size_t n = strcspn(l->t, " ");
	const char *s = l->t + n + 1;

	if (raid_str_starts(s, "[*] "))
		s += 4;
	raid_build_copy(b->head.name, sizeof(b->head.name), l->t, n);
	raid_build_copy(b->head.text, sizeof(b->head.text), s, strlen(s));
	b->head.kind = RAID_FINDING_ERROR;
	b->head.at = l->at;
}

/* "  |     ^^^^ expected `u32`, found `String`": the reason. */
static int
follow_arrow(struct raid_build *b, const struct build_line *l)
{
	const char *bar = strchr(l->t, '|'), *caret;

	if (bar == NULL || bar - l->t > 8) {
		b->left = 0;
		return 0;
	}
	caret = strrchr(bar, '^');
	if (bar != l->t || caret == NULL || caret[1] != ' ')
		return 1;
	raid_build_say(b->cur, caret + 2);
	b->left = 0;
	return 1;
}

void
raid_build_see_arrow(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;
	struct build_entry *e;
	enum build_tool tool;

	if (b->head.at == 0 || l->at - b->head.at > 2 ||
	    raid_build_place_at(l->t + 4, &place) == NULL)
		return;
	tool = raid_build_tool_of(&place);
	if (tool == T_MYPY) {
		tool = T_FLAKE8;
		b->python_lint = "ruff";
	}
	else if (tool == T_COUNT)
		tool = T_OTHER;
	/* It was taken for one without a place. */
	if (b->n > 0 && b->v[b->n - 1]->f.at == b->head.at)
		b->v[b->n - 1]->hidden = 1;
	e = raid_build_put(b, &(struct build_new){ .kind = b->head.kind,
	    .tool = tool, .place = place, .name = b->head.name,
	    .message = b->head.text, .at = b->head.at });
	b->runner[tool].sure = 1;
	b->head.at = 0;
	raid_build_follow(b, follow_arrow, 8, e);
}

/* "thread 'a' panicked at src/a.rs:7:60:", or "at 'why', src/a.rs:7:60" */
static void
see_panic(struct raid_build *b, const struct build_line *l)
{
	const char *at = strstr(l->t, " panicked at "), *end;
	struct build_place place;

	if (at == NULL || b->cur == NULL)
		return;
	at += 13;
	if (raid_build_place_at(at, &place) != NULL) {
		raid_build_set_place(b->cur, &place);
		return;
	}
	end = strstr(at, "', ");
	if (*at != '\'' || end == NULL)
		return;
	if (raid_build_place_at(end + 3, &place) != NULL)
		raid_build_set_place(b->cur, &place);
	if (*b->cur->f.message == '\0') {
		char text[BUILD_LINE + 1];

		raid_build_copy(text, sizeof(text), at + 1,
		    (size_t)(end - at) - 1);
		raid_build_set_message(b->cur, text);
	}
}

/* What a failing test printed: "---- a::b stdout ----" and on. */
static int
follow_stdout(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;

	if (raid_str_starts(l->t, "thread '")) {
		see_panic(b, l);
		return 1;
	}
	if (raid_str_starts(l->t, "---- ") ||
	    raid_str_starts(l->t, "failures:") ||
	    raid_str_starts(l->t, "stack backtrace:")) {
		b->left = 0;
		return 0;
	}
	if (raid_str_starts(l->t, "note: test did not panic")) {
		raid_build_say(b->cur, l->t + 6);
		if (raid_build_find_place(l->t, &place))
			raid_build_set_place(b->cur, &place);
		return 1;
	}
	if (*l->t == '\0' || raid_str_starts(l->t, "note: ") ||
	    raid_str_starts(l->t, "running ") ||
	    raid_str_starts(l->t, "test ") ||
	    raid_str_starts(l->t, "stderr:") ||
	    raid_str_starts(l->t, "Test executable failed"))
		return 1;
	if (b->cur != NULL && (*b->cur->f.message == '\0' ||
	    raid_str_starts(l->t, "left:") ||
	    raid_str_starts(l->t, "right:")))
		raid_build_say(b->cur, l->t);
	return 1;
}

static struct build_entry *
test_named(struct raid_build *b, enum build_tool tool, const char *s,
    size_t len, uint64_t at)
{
	char name[BUILD_TEXT + 1];
	struct build_entry *e;

	raid_build_copy(name, sizeof(name), s, len);
	if (raid_str_ends(name, " - should panic"))
		name[strlen(name) - 15] = '\0';
	e = raid_build_find(b, tool, name, tool == T_CARGO ? b->cargo.epoch :
	    0);
	if (e != NULL)
		return e;
	return raid_build_put(b, &(struct build_new){
	    .kind = RAID_FINDING_FAILED, .tool = tool, .name = name,
	    .at = at, .unique = 1 });
}

/* "        FAIL [   0.005s] r tests::one" */
static void
see_nextest(struct raid_build *b, const struct build_line *l)
{
	const char *s = strstr(l->t, "] ");
	struct build_tally t;

	if (s == NULL)
		return;
	s += 2;
	if (*l->t == 'F') {
		s += strspn(s, " ");
		if (*s == '(' && strstr(s, ") ") != NULL)
			s = strstr(s, ") ") + 2;
		(void)test_named(b, T_NEXTEST, s, strlen(s), l->at);
		b->runner[T_NEXTEST].sure = 1;
		return;
	}
	/* "5 tests run: 3 passed, 2 failed, 1 skipped" */
	s = strstr(s, " run: ");
	if (s == NULL)
		return;
	(void)raid_build_tally(s + 6, &t);
	if (t.n > 0)
		raid_build_said(b, T_NEXTEST, &t);
}

void
raid_build_see_cargo(struct raid_build *b, const struct build_line *l)
{
	struct build_tally t;
	const char *end, *s;

	if (*l->t == 'S' || raid_str_starts(l->t, "FAIL [")) {
		see_nextest(b, l);
	} else if (raid_str_starts(l->t, "running ")) {
		if (strstr(l->t, " test") != NULL)
			b->cargo.epoch = l->at;
	} else if (raid_str_starts(l->t, "test result: ")) {
		end = strstr(l->t, ". ");
		if (end == NULL)
			return;
		(void)raid_build_tally(end + 2, &t);
		if (t.n > 0)
			raid_build_said(b, T_CARGO, &t);
	} else if (raid_str_starts(l->t, "--- STD")) {
		end = strstr(l->t, " ---");
		s = l->t + strcspn(l->t, ":") + 1;
		s += strspn(s, " ");
		if (end > s && b->runner[T_NEXTEST].sure)
			raid_build_follow(b, follow_stdout, 60, test_named(b,
			    T_NEXTEST, s, (size_t)(end - s), l->at));
	} else if (raid_str_starts(l->t, "---- ")) {
		end = strstr(l->t, " stdout ----");
		if (end != NULL)
			raid_build_follow(b, follow_stdout, 60, test_named(b,
			    T_CARGO, l->t + 5, (size_t)(end - l->t) - 5,
			    l->at));
	} else if (raid_str_ends(l->t, " ... FAILED")) {
		(void)test_named(b, T_CARGO, l->t + 5, strlen(l->t) - 16,
		    l->at);
	} else if (raid_str_ends(l->t, " --- FAILED")) {
		(void)test_named(b, T_CARGO, l->t, strlen(l->t) - 11, l->at);
	}
}
