/* SPDX-License-Identifier: ISC */
/* Traces of Go and Rust. */
#include <stdio.h>

#include "logs/trace_priv.h"

enum {
	MESSAGE,
	FRAMES,
	END,			/* "exit status 2" */
	RACE
};

/* A function whose place is in the next line. */
static void
expect_place(struct raid_tracer *t, const unsigned char *p, size_t len)
{
	raid_trace_copy(t->function, sizeof(t->function), p, len);
	t->function_hash = raid_trace_hash(TRACE_HASH0, p, len);
	t->function_tier = raid_trace_tier(t->lang, t->function, "");
}

/* The frame of that function; place may be empty. */
static void
push_function(struct raid_tracer *t, const unsigned char *place, size_t len)
{
	struct found f = { .hash = t->function_hash };

	memcpy(f.f.function, t->function, sizeof(f.f.function));
	raid_trace_copy_end(f.f.place, sizeof(f.f.place), place, len);
	f.tier = raid_trace_tier(t->lang, f.f.function, f.f.place);
	raid_trace_push(t, &f);
	*t->function = '\0';
}

/* "main.(*T).f(0x1, {0x2, 0x3})": the name without arguments; 0. */
static size_t
function_len(const unsigned char *p, size_t len)
{
	size_t i = len - 1;
	int depth = 0;

	if (len < 4 || p[len - 1] != ')' || !is_name(p[0]))
		return 0;
	for (; i > 0; i--) {	/* the last brackets are the arguments */
		depth += p[i] == ')';
		depth -= p[i] == '(';
		if (depth == 0)
			break;
	}
	if (i == 0 || memchr(p, ' ', i) != NULL)
		return 0;
	return memchr(p, '.', i) != NULL || (i == 5 && begins(p, i, "panic")) ?
	    i : 0;
}

/* "/x.go:12 +0x1d": its length without the offset; 0. */
static size_t
place_len(const unsigned char *p, size_t len)
{
	size_t n = find(p, len, " +0x"), i;

	i = raid_trace_rfind(p, n, ".go:");
	if (i == n) {
		i = raid_trace_rfind(p, n, ".s:");
		return i < n && is_digit(p[n - 1]) ? n : 0;
	}
	return is_digit(p[n - 1]) ? n : 0;
}

static int
more_routine(struct raid_tracer *t)
{
	/* The first that tells something is the one that failed. */
	if (t->stacks[SECTION_MAIN][TIER_OWN].n > 0)
		t->section = SECTION_NONE;
	t->state = FRAMES;
	t->loose = 0;
	return 1;
}

/* "rax    0xca" */
static int
is_register(const struct text *x)
{
	size_t i = 0;

	while (i < x->len && i < 7 && is_alnum(x->p[i]))
		i++;
	if (i < 2 || i == x->len || x->p[i] != ' ')
		return 0;
	while (i < x->len && x->p[i] == ' ')
		i++;
	return begins(x->p + i, x->len - i, "0x") &&
	    i + 2 + xdigits(x->p + i + 2, x->len - i - 2) == x->len;
}

/* Lines of the runtime between message and frames. */
static int
is_runtime_line(const struct text *x)
{
	static const char *const words[] = { "[signal ", "panic: ",
	    "[recovered", "[originating", "fatal error: ", "runtime: ",
	    "runtime stack:", "goroutine running on other thread", "PC=",
	    "SIGSEGV: ", "SIGABRT: ",
	    "unexpected fault address", "unexpected signal " };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_begins(x, words[i]))
			return 1;
	return text_begins(x, "...") && find(x->p, x->len, "elided") < x->len;
}

static int
more_race(struct raid_tracer *t, const struct text *x)
{
	static const char *const words[] = { "Read at ", "Write at ",
	    "Previous ", "Goroutine ", "Atomic " };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_begins(x, words[i]))
			return 1;
	if (text_begins(x, "======")) {
		t->state = END;
		return 1;
	}
	return 0;
}

static int
more_go(struct raid_tracer *t, const struct text *x, unsigned class)
{
	size_t n;

	if (t->state == END || (class == RAID_TRACE_PANIC_GO &&
	    t->state == FRAMES && x->indent == 0))
		return 0;
	if (x->len == 0) {
		if (t->state == RACE && t->frames > 0)
			t->section = SECTION_NONE;
		t->depth = 1;
		return t->loose++ < 2;
	}
	if (class == RAID_TRACE_ROUTINE_GO)
		return more_routine(t);
	n = x->indent > 0 || x->headed ? place_len(x->p, x->len) : 0;
	if (n > 0) {
		if (*t->function != '\0')
			push_function(t, x->p, n);
		t->loose = 0;
		return 1;
	}
	n = function_len(x->p, x->len);
	if (n > 0 && t->state != MESSAGE) {
		expect_place(t, x->p, n);
		return 1;
	}
	if (text_begins(x, "exit status ")) {
		t->state = END;
		return 1;
	}
	if (t->state == RACE && more_race(t, x))
		return 1;
	if (text_begins(x, "created by ")) {
		if (*t->function != '\0')
			push_function(t, x->p, 0);
		return 1;
	}
	if (is_runtime_line(x)) {
		if (text_begins(x, "runtime stack:"))
			t->state = FRAMES;
		return 1;
	}
	if (t->state == FRAMES)
		return is_register(x);
	return t->state == MESSAGE && class == 0 && t->depth == 0 &&
	    raid_trace_loose(t, x, 8);
}

/* "http: panic serving 10.0.0.1:99: why": the message behind the address. */
static void
head_go(struct raid_tracer *t, const struct text *last, size_t at)
{
	size_t i;

	memcpy(t->type, "panic", 6);
	at += 5;
	if (begins(last->p + at, last->len - at, " serving "))
		at += 9;
	i = at + find(last->p + at, last->len - at, ": ");
	if (i < last->len)
		raid_trace_copy(t->message, sizeof(t->message),
		    last->p + i + 2, last->len - i - 2);
}

static enum raid_trace_step
begin_routine(struct raid_tracer *t, const struct text *last)
{
	size_t at;

	t->state = FRAMES;
	memcpy(t->type, "goroutine", 10);
	if (last == NULL || last->len == 0)
		return RAID_TRACE_IN;
	at = find(last->p, last->len, "panic");
	if (at == last->len && find(last->p, last->len, "ecovered") ==
	    last->len)
		return RAID_TRACE_IN;
	if (at < last->len)
		head_go(t, last, at);
	else
		raid_trace_copy(t->message, sizeof(t->message), last->p,
		    last->len);
	return RAID_TRACE_BACK;
}

/* A function as it is written by loggers, which leave out the brackets. */
static int
is_function(const struct text *x)
{
	return x->len > 0 && x->indent == 0 && is_name(*x->p) &&
	    x->p[x->len - 1] != ':' && memchr(x->p, ' ', x->len) == NULL &&
	    memchr(x->p, '.', x->len) != NULL;
}

/* A place without a head: the line before it is its function. */
static enum raid_trace_step
begin_place(struct raid_tracer *t, const struct text *x,
    const struct text *last)
{
	size_t n = place_len(x->p, x->len), name;

	if (last == NULL || last->headed != x->headed || n == 0 ||
	    !is_function(last)) {
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	t->state = FRAMES;
	name = function_len(last->p, last->len);
	expect_place(t, last->p, name > 0 ? name : last->len);
	push_function(t, x->p, n);
	return RAID_TRACE_BACK;
}

/* The same for all frames of such a trace. */
static int
more_logged(struct raid_tracer *t, const struct text *x, unsigned class)
{
	if (class == 0 && x->same && *t->function == '\0' && is_function(x)) {
		size_t n = function_len(x->p, x->len);

		expect_place(t, x->p, n > 0 ? n : x->len);
		return 1;
	}
	if (class == RAID_TRACE_PLACE_GO)
		return more_go(t, x, class);
	return 0;
}

enum raid_trace_step
raid_trace_begin_go(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	size_t n;

	raid_trace_open(t, LANG_GO, class == RAID_TRACE_PLACE_GO ?
	    more_logged : more_go, x);
	switch (class) {
	case RAID_TRACE_ROUTINE_GO:
		return begin_routine(t, last);
	case RAID_TRACE_PLACE_GO:
		return begin_place(t, x, last);
	case RAID_TRACE_RACE_GO:
		memcpy(t->type, "data race", 10);
		t->state = RACE;
		return last != NULL && text_begins(last, "==========") ?
		    RAID_TRACE_BACK : RAID_TRACE_IN;
	}
	n = find(x->p, x->len, ": ");
	raid_trace_copy(t->type, sizeof(t->type), x->p, n);
	if (n < x->len)
		raid_trace_copy(t->message, sizeof(t->message), x->p + n + 2,
		    x->len - n - 2);
	return RAID_TRACE_IN;
}
