/* SPDX-License-Identifier: ISC */
/* Traces of Python. */
#include "logs/trace_priv.h"

enum {
	FRAMES,
	DONE,			/* the exception was said */
	GAP,			/* and a blank line came: a chain? */
	CHAIN,			/* yes: another trace follows */
	STACK,			/* only a stack, no exception */
	FATAL,			/* "Fatal Python error" */
	RUBY,			/* "Traceback" of Ruby 2.5 to 2.7 */
	END
};

/* "a.b.Error" before a colon or alone; also names that end otherwise, but
 * neither "note: " nor "ERROR: ". */
static size_t
exception_len(const struct text *x)
{
	size_t n = 0;
	int dot = 0, lower = 0;

	if (x->len == 0 || !(is_alpha(*x->p) || *x->p == '_' || *x->p >= 0x80))
		return 0;
	for (; n < x->len && (is_name(x->p[n]) || one_of(".<>", x->p[n]));
	    n++) {
		dot |= x->p[n] == '.';
		lower |= !is_upper(x->p[n]);
	}
	if (!dot && (is_lower(*x->p) || !lower))
		return 0;
	if (n == x->len || (x->p[n] == ':' && (n + 1 == x->len ||
	    x->p[n + 1] == ' ')))
		return n;
	return 0;
}

/* The lines of a group of exceptions stand behind "  | ". */
static void
strip_group(struct text *x)
{
	size_t i = 0;

	while (i < x->len && one_of("|+ ", x->p[i]))
		i++;
	x->p += i;
	x->len -= i;
	x->indent = i > 2 ? i - 2 : 0;
}

static int
take_exception(struct raid_tracer *t, const struct text *x, size_t n)
{
	char type[128], message[256];
	size_t at = n;

	while (at < x->len && one_of(": ", x->p[at]))
		at++;
	raid_trace_copy(type, sizeof(type), x->p, n);
	raid_trace_copy(message, sizeof(message), x->p + at, x->len - at);
	t->state = DONE;
	t->loose = 0;
	if (t->group && *t->type != '\0') {
		if (*t->cause == '\0')
			raid_trace_cause(t, type, message);
		return 1;
	}
	memcpy(t->type, type, sizeof(t->type));
	memcpy(t->message, message, sizeof(t->message));
	return 1;
}

/* x.rb:2:in `f': why (Type) */
static int
take_ruby(struct raid_tracer *t, const struct text *x)
{
	struct found f;
	size_t open = raid_trace_rfind(x->p, x->len, " ("), at;

	if (!raid_trace_ruby(x, &f))
		return 0;
	raid_trace_push(t, &f);
	if (text_begins(x, "from "))
		return 1;
	at = find(x->p, x->len, "': ") + 3;
	if (open < x->len && x->p[x->len - 1] == ')' && at < open) {
		raid_trace_copy(t->type, sizeof(t->type), x->p + open + 2,
		    x->len - open - 3);
		raid_trace_copy(t->message, sizeof(t->message), x->p + at,
		    open - at);
	}
	t->state = END;
	return 1;
}

/* "2: from x.rb:9:in `f'", "x.rb:2:in `f': why (Type)" */
static int
more_ruby(struct raid_tracer *t, const struct text *line)
{
	struct text x = *line;
	size_t n = digits(x.p, x.len);

	if (n > 0 && begins(x.p + n, x.len - n, ": from ")) {
		x.p += n + 2;
		x.len -= n + 2;
	}
	t->lang = LANG_RUBY;
	t->state = RUBY;
	return take_ruby(t, &x);
}

/* What stands between the frames. */
static int
more_source(struct raid_tracer *t, const struct text *x)
{
	size_t n = digits(x->p, x->len);

	if (t->frames == 0 && n > 0 &&
	    begins(x->p + n, x->len - n, ": from "))
		return more_ruby(t, x);
	return x->same && (x->indent >= t->base + 4 ||
	    text_begins(x, "[Previous line repeated")) && t->loose++ < 40;
}

static int
more_frames(struct raid_tracer *t, const struct text *line)
{
	struct text x = *line;
	struct found f;
	size_t n;

	if (t->state == RUBY)
		return more_ruby(t, &x);
	/* Loguru: blank lines, and a mark where it was caught. */
	if (x.len == 0) {
		if (t->frames == 0 && t->state == FRAMES)
			t->excerpt = 1;
		return t->excerpt && t->loose++ < 40;
	}
	if (t->excerpt && text_begins(&x, "> File ")) {
		x.p += 2;
		x.len -= 2;
	}
	if (raid_trace_python(&x, &f)) {
		raid_trace_push(t, &f);
		return 1;
	}
	if (x.indent > t->base)
		return more_source(t, &x);
	if (x.len == 3 && text_begins(&x, "..."))
		return x.same && t->loose++ < 2;
	n = exception_len(&x);
	if (n == 0 || !x.same || t->state == STACK)
		return 0;
	return take_exception(t, &x, n);
}

/* What databases and others print below the exception. */
static int
more_done(struct raid_tracer *t, const struct text *x)
{
	size_t n = 0;

	if (!x->same)
		return 0;
	if (x->len == 0) {
		t->state = GAP;
		return 1;
	}
	if (x->indent > 0)
		return t->headed == 0 && raid_trace_log_headed(t) &&
		    raid_trace_loose(t, x, 8);
	if (text_begins(x, "\"\"\"") || text_begins(x, "[SQL: ") ||
	    text_begins(x, "[parameters: ") ||
	    text_begins(x, "(Background on this error at"))
		return 1;
	while (n < x->len && is_upper(x->p[n]))
		n++;
	if (n > 3 && begins(x->p + n, x->len - n, ":  "))
		return t->loose++ < 8;	/* "DETAIL:  " */
	return n == 4 && t->loose++ < 8 && text_begins(x, "LINE ");
}

static int
more_gap(struct raid_tracer *t, const struct text *x)
{
	if (!x->same || (!text_begins(x, "During handling of the above") &&
	    !text_begins(x, "The above exception was the direct cause")))
		return 0;
	t->state = CHAIN;
	return 1;
}

/* The exception so far was the cause of the one that follows. */
static int
more_chain(struct raid_tracer *t, const struct text *x, unsigned class)
{
	if (x->len == 0)
		return t->loose++ < 3;
	if (class != RAID_TRACE_PYTHON)
		return 0;
	if (*t->cause == '\0' || t->group)
		raid_trace_cause(t, t->type, t->message);
	else	/* the first one stays */
		t->causes = raid_trace_hash(t->causes, t->type,
		    strlen(t->type));
	memcpy(t->stacks[SECTION_CAUSE], t->stacks[SECTION_MAIN],
	    sizeof(t->stacks[SECTION_CAUSE]));
	for (int i = 0; i < TIERS; i++)
		t->stacks[SECTION_MAIN][i].n = 0;
	*t->type = *t->message = '\0';
	t->state = FRAMES;
	t->loose = 0;
	return 1;
}

static int
more_fatal(struct raid_tracer *t, const struct text *x)
{
	struct found f;

	if (raid_trace_python(x, &f)) {
		raid_trace_push(t, &f);
		return 1;
	}
	if (x->len == 0)
		return t->loose++ < 2;
	if (ends(x->p, x->len, "(most recent call first):")) {
		if (t->frames > 0)
			t->section = SECTION_NONE;
		return 1;
	}
	return text_begins(x, "<no Python frame>") ||
	    text_begins(x, "Python runtime state: ") ||
	    text_begins(x, "Extension modules: ");
}

/* A line of a group; one that has no "|" is behind it. */
static int
more_group(struct raid_tracer *t, struct text *x, unsigned *class)
{
	if (!x->same || x->len == 0 || !one_of("|+", *x->p)) {
		t->group = 0;
		return t->state == DONE ? -1 : 0;
	}
	if (text_begins(x, "+ Exception Group Traceback") &&
	    t->state != CHAIN)
		return 0;
	if (text_begins(x, "+-")) {
		t->section = t->section == SECTION_MAIN ? SECTION_CAUSE :
		    SECTION_NONE;
		t->state = DONE;
		return 1;
	}
	strip_group(x);
	*class = 0;
	if (ends(x->p, x->len, "(most recent call last):")) {
		*class = RAID_TRACE_PYTHON;
		if (t->state == DONE)
			t->state = FRAMES;
		return t->state == CHAIN ? -1 : 1;
	}
	return t->state == DONE && !text_begins(x, "During handling") &&
	    !text_begins(x, "The above") && x->len > 0 ? 1 : -1;
}

static int
more_python(struct raid_tracer *t, const struct text *line, unsigned class)
{
	struct text x = *line;
	int yes = -1;

	if (t->group)
		yes = more_group(t, &x, &class);
	if (yes >= 0)
		return yes;
	switch (t->state) {
	case DONE: return more_done(t, &x);
	case GAP: return more_gap(t, &x);
	case CHAIN: return more_chain(t, &x, class);
	case FATAL: return more_fatal(t, &x);
	case END: return 0;
	}
	return class == RAID_TRACE_PYTHON ? 0 : more_frames(t, &x);
}

/* What stands before "Traceback" may be the header of the other lines. */
static void
begin_shape(struct raid_tracer *t, const struct text *x)
{
	const unsigned char *line = x->p - x->indent - x->header;
	size_t len = x->len + (size_t)(x->p - line), at;

	at = find(line, len, "  + Exception Group Traceback (");
	t->group = at < len;
	if (at == len)
		at = raid_trace_rfind(line, len, t->state == STACK ?
		    "Stack (" : "Traceback (");
	if (x->headed)
		raid_trace_shape(t, x, at - (size_t)(x->p - line));
}

enum raid_trace_step
raid_trace_begin_python(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	struct found f;

	if (class == RAID_TRACE_FILE_PYTHON && x->indent == 0 && !x->headed)
		return RAID_TRACE_OUT;
	raid_trace_open(t, LANG_PYTHON, more_python, x);
	t->reversed = 1;
	if (class == RAID_TRACE_FATAL_PYTHON) {
		t->reversed = 0;
		t->state = FATAL;
		memcpy(t->type, "Fatal Python error", 19);
		raid_trace_copy(t->message, sizeof(t->message), x->p + 20,
		    x->len - 20);
		return RAID_TRACE_IN;
	}
	if (class == RAID_TRACE_FILE_PYTHON) {
		if (raid_trace_python(x, &f))
			raid_trace_push(t, &f);
		return RAID_TRACE_IN;
	}
	if (ends(x->p, x->len, "Stack (most recent call last):")) {
		t->state = STACK;
		memcpy(t->type, "stack", 6);
	}
	begin_shape(t, x);
	t->base = x->headed || t->group ? 0 : x->indent;
	if (last != NULL && (text_begins(last, "Exception in thread ") ||
	    text_begins(last, "Exception ignored in") ||
	    text_begins(last, "\"\"\"")))
		return RAID_TRACE_BACK;
	return RAID_TRACE_IN;
}
