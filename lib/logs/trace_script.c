/* SPDX-License-Identifier: ISC */
/* Traces of Ruby, PHP and Perl. */
#include "logs/trace_priv.h"

enum {
	HEAD,			/* PHP: before "Stack trace:" */
	FRAMES,
	NEXT,			/* PHP: a blank line; "Next ..."? */
	END
};

/* "x.rb:2:in `f': why (Type)", "why (Type)" */
static int
head_ruby(struct raid_tracer *t, const struct text *last)
{
	size_t open = raid_trace_rfind(last->p, last->len, " ("), at, n;

	if (open == last->len || last->p[last->len - 1] != ')')
		return raid_trace_head(last, 0, t->type, t->message);
	n = last->len - open - 3;
	if (n == 0 || !is_upper(last->p[open + 2]) ||
	    memchr(last->p + open + 2, ' ', n) != NULL)
		return 0;
	at = find(last->p, open, "': ");
	at = at < open ? at + 3 : 0;
	raid_trace_copy(t->type, sizeof(t->type), last->p + open + 2, n);
	raid_trace_copy(t->message, sizeof(t->message), last->p + at,
	    open - at);
	return 1;
}

/* "x.rb:2:in `f': why (Type)" below the frames: the cause. */
static int
more_cause_ruby(struct raid_tracer *t, const struct text *x)
{
	struct found f;
	char type[128], message[256];
	size_t at = find(x->p, x->len, "': ") + 3;
	size_t open = raid_trace_rfind(x->p, x->len, " (");

	if (t->frames == 0 || open == x->len || at > open ||
	    x->p[x->len - 1] != ')' || !raid_trace_ruby(x, &f))
		return 0;
	raid_trace_copy(type, sizeof(type), x->p + open + 2,
	    x->len - open - 3);
	/* The same once more is no cause. */
	if (f.hash == t->function_hash && strcmp(type, t->type) == 0)
		return 0;
	t->section = SECTION_CAUSE;
	raid_trace_push(t, &f);
	raid_trace_copy(message, sizeof(message), x->p + at, open - at);
	raid_trace_cause(t, type, message);
	return 1;
}

static int
more_ruby(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	if (class != RAID_TRACE_FROM_RUBY && class != RAID_TRACE_IN_RUBY)
		return (text_begins(x, "... ") &&
		    ends(x->p, x->len, "levels...")) || more_cause_ruby(t, x);
	if (!raid_trace_ruby(x, &f))
		return 0;
	raid_trace_push(t, &f);
	return 1;
}

static enum raid_trace_step
begin_ruby(struct raid_tracer *t, unsigned class, const struct text *x,
    const struct text *last)
{
	struct found f;
	enum raid_trace_step step = RAID_TRACE_IN;

	raid_trace_open(t, LANG_RUBY, more_ruby, x);
	if (last != NULL && last->len > 0) {
		if (head_ruby(t, last))
			step = RAID_TRACE_BACK;
		if (raid_trace_ruby(last, &f)) {
			raid_trace_push(t, &f);
			t->function_hash = f.hash;
			step = RAID_TRACE_BACK;
		}
	}
	/* Alone it may be a message like any other. */
	if (step == RAID_TRACE_IN && class == RAID_TRACE_IN_RUBY) {
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	(void)more_ruby(t, x, class);
	return step;
}

/* "Exception: why in /x.php:3", behind "Uncaught " or "Next ". */
static void
take_php(struct raid_tracer *t, const unsigned char *p, size_t len)
{
	size_t n = find(p, len, ": "), end = raid_trace_rfind(p, len, " in ");
	size_t in = find(p, len, " in ");

	if (n > in)
		n = in;
	raid_trace_copy(t->type, sizeof(t->type), p, n);
	*t->message = '\0';
	if (n + 2 < end && n < in)
		raid_trace_copy(t->message, sizeof(t->message), p + n + 2,
		    end - n - 2);
}

/* The line of "PHP   1. f() /x.php:12" */
static int
more_numbered(struct raid_tracer *t, const struct text *x)
{
	struct found f = { .tier = TIER_OWN };
	size_t i = 3, n, at;

	if (!text_begins(x, "PHP "))
		return 0;
	while (i < x->len && x->p[i] == ' ')
		i++;
	n = digits(x->p + i, x->len - i);
	i += n;
	if (n == 0 || !begins(x->p + i, x->len - i, ". "))
		return 0;
	i += 2;
	at = raid_trace_rfind(x->p, x->len, " ");
	n = find(x->p + i, x->len - i, "(");
	raid_trace_copy(f.f.function, sizeof(f.f.function), x->p + i, n);
	f.hash = raid_trace_hash(TRACE_HASH0, x->p + i, n);
	if (at < x->len)
		raid_trace_copy_end(f.f.place, sizeof(f.f.place),
		    x->p + at + 1, x->len - at - 1);
	f.tier = raid_trace_tier(LANG_PHP, f.f.function, f.f.place);
	t->reversed = 1;
	raid_trace_push(t, &f);
	return 1;
}

/* An exception that has the one before it as its cause. */
static int
more_next(struct raid_tracer *t, const struct text *x)
{
	if (!text_begins(x, "Next "))
		return 0;
	if (*t->cause == '\0')
		raid_trace_cause(t, t->type, t->message);
	memcpy(t->stacks[SECTION_CAUSE], t->stacks[SECTION_MAIN],
	    sizeof(t->stacks[SECTION_CAUSE]));
	for (int i = 0; i < TIERS; i++)
		t->stacks[SECTION_MAIN][i].n = 0;
	take_php(t, x->p + 5, x->len - 5);
	t->state = HEAD;
	return 1;
}

static int
more_php(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	if (t->state == END)
		return 0;
	if (class == RAID_TRACE_STACK_PHP) {
		t->state = FRAMES;
		return 1;
	}
	if (raid_trace_number_php(x, &f)) {
		raid_trace_push(t, &f);
		t->state = FRAMES;
		return 1;
	}
	if (x->len == 0) {
		if (t->state != FRAMES)
			return 0;
		t->state = NEXT;
		return 1;
	}
	if (text_begins(x, "thrown in ")) {
		t->state = END;
		return 1;
	}
	if (text_begins(x, "\"}")) {
		t->state = END;
		return t->frames > 0;
	}
	if (text_begins(x, "PHP "))
		return more_numbered(t, x);
	if (more_next(t, x))
		return 1;
	return t->state == HEAD && class == 0 && raid_trace_loose(t, x, 5);
}

/* Type and message as each writer of logs puts them; 0: there is none. */
static int
head_php(struct raid_tracer *t, const struct text *x)
{
	static const char uncaught[] = "Uncaught ", object[] = "[object] (";
	size_t at = find(x->p, x->len, uncaught), n;

	if (at < x->len) {
		at += sizeof(uncaught) - 1;
		take_php(t, x->p + at, x->len - at);
		return 1;
	}
	at = find(x->p, x->len, object);
	if (at < x->len) {	/* "[object] (Type(code: 0): why at /x.php" */
		at += sizeof(object) - 1;
		n = find(x->p + at, x->len - at, "(");
		raid_trace_copy(t->type, sizeof(t->type), x->p + at, n);
		at += find(x->p + at, x->len - at, "): ") + 3;
		if (at < x->len)
			raid_trace_copy(t->message, sizeof(t->message),
			    x->p + at, raid_trace_rfind(x->p + at,
			    x->len - at, " at "));
		return 1;
	}
	at = find(x->p, x->len, ":  ");
	if (at < x->len && find(x->p, at, "PHP ") < at) {
		take_php(t, x->p + at + 3, x->len - at - 3);
		memcpy(t->type, "PHP error", 10);
		return 1;
	}
	return raid_trace_head(x, 0, t->type, t->message);
}

static enum raid_trace_step
begin_php(struct raid_tracer *t, unsigned class, const struct text *x,
    const struct text *last)
{
	int head;

	raid_trace_open(t, LANG_PHP, more_php, x);
	t->state = FRAMES;
	if (class == RAID_TRACE_FATAL_PHP) {
		t->state = HEAD;
		(void)head_php(t, x);
		return RAID_TRACE_IN;
	}
	head = last != NULL && last->len > 0 && head_php(t, last);
	if (class == RAID_TRACE_NUMBER_PHP)
		(void)more_php(t, x, class);
	else if (!head) {
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	return head ? RAID_TRACE_BACK : RAID_TRACE_IN;
}

/* main::f(1) called at x.pl line 2 */
static int
more_perl(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f = { .tier = TIER_OWN };
	size_t at = find(x->p, x->len, " called at "), line, n;
	char place[128];

	if (class != RAID_TRACE_CALLED_PERL || at == x->len)
		return 0;
	n = find(x->p, at, "(");
	raid_trace_copy(f.f.function, sizeof(f.f.function), x->p, n);
	f.hash = raid_trace_hash(TRACE_HASH0, x->p, n);
	at += 11;
	raid_trace_copy_end(place, sizeof(place), x->p + at, x->len - at);
	line = raid_trace_rfind((unsigned char *)place, strlen(place),
	    " line ");
	memcpy(f.f.place, place, sizeof(place));
	if (place[line] != '\0') {
		f.f.place[line] = ':';
		memcpy(f.f.place + line + 1, place + line + 6,
		    strlen(place + line + 6) + 1);
		n = strlen(f.f.place);
		if (f.f.place[n - 1] == '.')
			f.f.place[n - 1] = '\0';
	}
	f.tier = raid_trace_tier(LANG_PERL, f.f.function, f.f.place);
	raid_trace_push(t, &f);
	return 1;
}

static enum raid_trace_step
begin_perl(struct raid_tracer *t, const struct text *x,
    const struct text *last)
{
	size_t at, end;

	raid_trace_open(t, LANG_PERL, more_perl, x);
	if (!more_perl(t, x, RAID_TRACE_CALLED_PERL)) {
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	if (last == NULL)
		return RAID_TRACE_IN;
	end = raid_trace_rfind(last->p, last->len, " line ");
	at = raid_trace_rfind(last->p, end, " at ");
	if (end == last->len || at == end)
		return RAID_TRACE_IN;
	memcpy(t->type, "die", 4);
	raid_trace_copy(t->message, sizeof(t->message), last->p, at);
	return RAID_TRACE_BACK;
}

enum raid_trace_step
raid_trace_begin_script(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	switch (class) {
	case RAID_TRACE_FROM_RUBY:
	case RAID_TRACE_IN_RUBY:
		return begin_ruby(t, class, x, last);
	case RAID_TRACE_CALLED_PERL:
		return begin_perl(t, x, last);
	}
	return begin_php(t, class, x, last);
}
