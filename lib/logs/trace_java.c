/* SPDX-License-Identifier: ISC */
/* Traces with frames "at ...": of Java, JavaScript and .NET. */
#include "logs/trace_priv.h"

enum {
	FRAMES,
	MESSAGE,		/* of a cause; frames follow */
	BRACES,			/* "{ code: 5 }" behind the frames of node */
	END,
	SOURCE,			/* node shows the line, */
	CARET,			/* and a mark below it */
	HEADLINE,
	MORE			/* of the message */
};

static void
take_cause(struct raid_tracer *t, const unsigned char *p, size_t len)
{
	struct text x = { .p = p, .len = len };
	char type[128], message[256];
	size_t n = find(p, len, ": ");

	if (!raid_trace_head(&x, t->lang != LANG_JS, type, message)) {
		raid_trace_copy(type, sizeof(type), p, n);
		raid_trace_copy(message, sizeof(message), p + n,
		    len - n);
		if (n < len)
			raid_trace_copy(message, sizeof(message), p + n + 2,
			    len - n - 2);
	}
	raid_trace_cause(t, type, message);
}

/* "Caused by: " and others, nbefore bytes: the cause is behind it. */
static int
more_cause(struct raid_tracer *t, const struct text *x, size_t nbefore)
{
	t->state = MESSAGE;
	t->loose = 0;
	if (x->indent > t->base && t->lang == LANG_JAVA)
		return 1;	/* of a suppressed one */
	t->section = SECTION_CAUSE;
	take_cause(t, x->p + nbefore, x->len - nbefore);
	return 1;
}

/* The exceptions that wrap the first one are printed behind it. */
static int
more_wrapped(struct raid_tracer *t, const struct text *x)
{
	struct text y = *x;
	char type[128], message[256];

	y.p += 12;
	y.len -= 12;
	t->state = MESSAGE;
	t->loose = 0;
	if (raid_trace_head(&y, 1, type, message)) {
		raid_trace_cause(t, t->type, t->message);
		memcpy(t->type, type, sizeof(t->type));
		memcpy(t->message, message, sizeof(t->message));
	}
	return 1;
}

/* "---> Ns.Exception: why": its frames come before those of the outer. */
static int
more_inner(struct raid_tracer *t, const struct text *x)
{
	t->state = MESSAGE;
	t->loose = 0;
	t->depth++;
	t->section = SECTION_CAUSE;
	take_cause(t, x->p + 5, x->len - 5);
	return 1;
}

static int
more_dashes(struct raid_tracer *t, const struct text *x)
{
	if (text_begins(x, "---> "))
		return more_inner(t, x);
	if (text_begins(x, "--- End of ")) {
		t->state = FRAMES;
		if (text_begins(x, "--- End of inner") && t->depth > 0 &&
		    --t->depth == 0)
			t->section = SECTION_MAIN;
		return 1;
	}
	return t->lang == LANG_JAVA && (text_begins(x, "- locked <") ||
	    text_begins(x, "- waiting ") || text_begins(x, "- parking ") ||
	    text_begins(x, "- eliminated "));
}

/* What stands between the frames. */
static int
more_words(struct raid_tracer *t, const struct text *x)
{
	switch (x->p[0]) {
	case 'a':
		return x->indent > t->base && text_begins(x, "at ");
	case '.':
		if (x->len < 6 || !text_begins(x, "... ") ||
		    !is_digit(x->p[4]))
			return 0;
		t->state = FRAMES;
		return 1;
	case 'C':
		return text_begins(x, "Caused by: ") ?
		    more_cause(t, x, 11) : 0;
	case 'c':
		return text_begins(x, "caused by: ") ?
		    more_cause(t, x, 11) : 0;
	case 'W':
		return text_begins(x, "Wrapped by: ") ?
		    more_wrapped(t, x) : 0;
	case 'S':
		if (!text_begins(x, "Suppressed: "))
			return 0;
		t->section = SECTION_NONE;
		t->state = MESSAGE;
		return 1;
	case '-':
		return more_dashes(t, x);
	case '[':
		return text_begins(x, "[CIRCULAR REFERENCE");
	case 'E':
	case 'F':
		if (!text_begins(x, "Emitted '") &&
		    !text_begins(x, "From previous event:"))
			return 0;
		t->section = SECTION_NONE;
		return 1;
	}
	return 0;
}

/* Properties of an error, behind its frames. */
static int
more_braces(struct raid_tracer *t, const struct text *x)
{
	if (x->indent <= t->base) {
		if (*x->p != '}')
			return 0;
		t->state = END;
		return 1;
	}
	if (!x->same || t->loose++ > 60)
		return 0;
	if (text_begins(x, "[cause]: ")) {
		t->section = SECTION_CAUSE;
		take_cause(t, x->p + 9, x->len - 9);
	} else if (text_begins(x, "[errors]: [")) {
		t->section = SECTION_CAUSE;
		t->depth = 1;
	} else if (t->depth == 1) {	/* the first of them */
		t->depth = 2;
		take_cause(t, x->p, x->len);
	}
	return 1;
}

static int
is_caret_line(const struct text *x)
{
	for (size_t i = 0; i < x->len; i++)
		if (!one_of("^~ ", x->p[i]))
			return 0;
	return x->len > 0;
}

/* What node prints above the frames of an error that nobody caught. */
static int
more_excerpt(struct raid_tracer *t, const struct text *x, unsigned class)
{
	if (!x->same)
		return 0;
	switch (t->state) {
	case SOURCE:
		t->state = CARET;
		return class != RAID_TRACE_EXCERPT_JS;
	case CARET:
		t->state = HEADLINE;
		return is_caret_line(x);
	case HEADLINE:
		if (x->len == 0)
			return 1;
		t->state = MORE;
		if (!raid_trace_head(x, 0, t->type, t->message))
			raid_trace_copy(t->message, sizeof(t->message), x->p,
			    x->len);
		return 1;
	}
	if (text_begins(x, "Node.js v")) {
		t->state = END;
		t->excerpt = 0;
		return 1;
	}
	return t->loose++ < (*t->type != '\0' ? 60 : 3);
}

static int
more_at(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	if (x->len > 0 && (class != RAID_TRACE_AT_WEAK || x->indent > 0) &&
	    t->state != END && raid_trace_at(x, &f)) {
		if (t->state >= SOURCE)
			t->base = 0;
		if (t->state != BRACES)
			t->state = ends(x->p, x->len, " {") &&
			    t->lang == LANG_JS ? BRACES : FRAMES;
		raid_trace_push(t, &f);
		return 1;
	}
	if (t->state >= SOURCE)
		return more_excerpt(t, x, class);
	if (x->len == 0) {
		if (!t->excerpt)
			return t->state == BRACES && t->loose++ < 60;
		t->state = END;
		return 1;
	}
	if (t->state == BRACES)
		return more_braces(t, x);
	if (t->state == END) {
		t->state = FRAMES;
		if (!t->excerpt || !text_begins(x, "Node.js v"))
			return 0;
		t->excerpt = 0;
		t->state = END;
		return 1;
	}
	if (more_words(t, x))
		return 1;
	if (t->state != MESSAGE || class != 0)
		return 0;
	/* Frames must follow a cause: what stands between is its message. */
	if (x->same && t->loose < 4 && !one_of("[{<-", *x->p) &&
	    !is_digit(*x->p)) {
		t->loose++;
		return 1;
	}
	return raid_trace_loose(t, x, x->indent > t->base ? 20 : 4);
}

/* "System.A: why ---> System.B: why": the inner ones of a line. */
static void
inner_of_line(struct raid_tracer *t, const struct text *last)
{
	static const char arrow[] = " ---> ";
	size_t at = find(last->p, last->len, arrow), from, n;
	char *s = strstr(t->message, arrow);

	if (s != NULL)
		*s = '\0';
	while (at < last->len) {
		from = at + sizeof(arrow) - 1;
		n = find(last->p + from, last->len - from, arrow);
		take_cause(t, last->p + from, n);
		t->depth++;
		t->section = SECTION_CAUSE;
		at = from + n;
	}
}

static enum language
language_of(unsigned class, const struct text *x)
{
	switch (class) {
	case RAID_TRACE_AT_JAVA: return LANG_JAVA;
	case RAID_TRACE_AT_JS: return LANG_JS;
	case RAID_TRACE_AT_WEAK:
		return memchr(x->p, '(', x->len) != NULL ? LANG_NET : LANG_JS;
	}
	return LANG_NET;
}

/* Take the head from the line before, or from one a few lines ago. */
static enum raid_trace_step
find_head(struct raid_tracer *t, const struct text *x,
    const struct text *last, int strong)
{
	struct found f;
	int dotted = t->lang != LANG_JS, was_weak = t->was_weak ==
	    RAID_TRACE_AT_WEAK;

	if (last != NULL && last->len == 0)
		last = NULL;
	if (last != NULL && !was_weak &&
	    raid_trace_head(last, dotted, t->type, t->message)) {
		t->base = last->indent;
		if (t->lang == LANG_NET)
			inner_of_line(t, last);
		return RAID_TRACE_BACK;
	}
	if (t->seen > 0) {
		memcpy(t->type, t->seen_type, sizeof(t->type));
		memcpy(t->message, t->seen_message, sizeof(t->message));
	} else if (!strong && !was_weak)
		return RAID_TRACE_OUT;
	/* What tore a trace, in which frames go on, is no head of them. */
	if (last == NULL || last->headed || x->headed || *last->p == '{' ||
	    (t->was_torn && t->seen == 0))
		return was_weak && last != NULL ? RAID_TRACE_BACK :
		    RAID_TRACE_IN;
	if (was_weak) {
		if (raid_trace_at(last, &f))
			raid_trace_push(t, &f);
	} else if (t->seen == 0)
		raid_trace_copy(t->message, sizeof(t->message), last->p,
		    last->len);
	return RAID_TRACE_BACK;
}

enum raid_trace_step
raid_trace_begin_at(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	enum raid_trace_step step;
	struct found f;

	raid_trace_open(t, language_of(class, x), more_at, x);
	if (class == RAID_TRACE_EXCERPT_JS) {
		t->lang = LANG_JS;
		t->state = SOURCE;
		t->excerpt = 1;
		return RAID_TRACE_IN;
	}
	step = find_head(t, x, last, class != RAID_TRACE_AT_WEAK &&
	    class != RAID_TRACE_INNER_NET);
	if (step == RAID_TRACE_OUT) {
		if (class == RAID_TRACE_AT_WEAK)
			t->weak = class;
		t->more = NULL;
		return step;
	}
	if (class == RAID_TRACE_INNER_NET)
		(void)more_inner(t, x);
	else if (raid_trace_at(x, &f)) {
		raid_trace_push(t, &f);
		if (t->lang == LANG_JS && ends(x->p, x->len, " {"))
			t->state = BRACES;
	}
	return step;
}
