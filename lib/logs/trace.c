/* SPDX-License-Identifier: ISC */
#include "logs/trace.h"

#include <stdlib.h>

#include "base/mem.h"
#include "logs/trace_priv.h"

#define FRAMES_MAX 65536	/* frames alone may go on for so long */
#define SEEN_LINES 12		/* a message is no longer, in lines */

static const char *const names[] = {
	[LANG_JAVA] = "java",
	[LANG_JS] = "javascript",
	[LANG_NET] = "dotnet",
	[LANG_PYTHON] = "python",
	[LANG_GO] = "go",
	[LANG_RUST] = "rust",
	[LANG_C] = "c",
	[LANG_VALGRIND] = "c",
	[LANG_RUBY] = "ruby",
	[LANG_PHP] = "php",
	[LANG_PERL] = "perl"
};

struct raid_tracer *
raid_tracer_new(void)
{
	return raid_calloc(1, sizeof(struct raid_tracer));
}

void
raid_tracer_free(struct raid_tracer *t)
{
	free(t);
}

void
raid_trace_open(struct raid_tracer *t, enum language lang, more_fn *more,
    const struct text *x)
{
	t->more = more;
	t->lang = lang;
	t->state = t->reversed = 0;
	t->loose = t->depth = 0;
	t->excerpt = t->group = 0;
	t->base = 0;
	t->lines = 1;
	t->frames = 0;
	t->section = SECTION_MAIN;
	for (int s = 0; s < 2; s++)
		for (int i = 0; i < TIERS; i++)
			t->stacks[s][i].n = 0;
	t->causes = 0;
	*t->type = *t->message = *t->cause = *t->function = '\0';
	/* The first line may be of the log, and only the others without. */
	t->headed = x->headed ? -1 : 0;
	t->nshape = 0;
	if (x->headed)
		raid_trace_shape(t, x, 0 - x->indent);
}

void
raid_trace_push(struct raid_tracer *t, const struct found *f)
{
	struct stack *s;
	size_t keep, hashes;

	t->frames++;
	t->loose = 0;
	if (t->section == SECTION_NONE)
		return;
	s = &t->stacks[t->section][f->tier];
	if (!t->reversed) {
		/* Recursion is one frame: how deep it went is chance. */
		if (s->n == TRACE_HASHED ||
		    (s->n > 0 && s->hash[s->n - 1] == f->hash))
			return;
		if (s->n < RAID_TRACE_OWN)
			s->v[s->n] = f->f;
		s->hash[s->n++] = f->hash;
		return;
	}
	if (s->n > 0 && s->hash[0] == f->hash) {
		s->v[0] = f->f;
		return;
	}
	hashes = s->n < TRACE_HASHED ? s->n : TRACE_HASHED - 1;
	keep = s->n < RAID_TRACE_OWN ? s->n : RAID_TRACE_OWN - 1;
	memmove(s->hash + 1, s->hash, hashes * sizeof(*s->hash));
	memmove(s->v + 1, s->v, keep * sizeof(*s->v));
	s->hash[0] = f->hash;
	s->v[0] = f->f;
	s->n = hashes + 1;
}

void
raid_trace_cause(struct raid_tracer *t, const char *type,
    const char *message)
{
	size_t n = strlen(type);

	t->causes = raid_trace_hash(t->causes, type, n);
	if (n >= sizeof(t->cause))
		n = sizeof(t->cause) - 1;
	memcpy(t->cause, type, n);
	t->cause[n] = '\0';
	if (*message != '\0' && n + 4 < sizeof(t->cause)) {
		memcpy(t->cause + n, ": ", 2);
		raid_trace_copy(t->cause + n + 2, sizeof(t->cause) - n - 2,
		    (const unsigned char *)message, strlen(message));
	}
}

int
raid_trace_log_headed(const struct raid_tracer *t)
{
	return __builtin_popcount(t->recent) >= 20;
}

int
raid_trace_loose(struct raid_tracer *t, const struct text *x, unsigned max)
{
	if (!x->same || x->len == 0 || t->loose >= max ||
	    one_of("[{<-", *x->p) || (is_digit(*x->p) && x->indent == 0))
		return 0;
	if (x->indent == 0 && (t->headed != 0 || !raid_trace_log_headed(t)))
		return 0;
	t->loose++;
	return 1;
}

/* The frames that tell the most. */
static const struct stack *
best_stack(const struct raid_tracer *t)
{
	for (int i = 0; i < TIERS; i++)
		for (int s = SECTION_MAIN; s <= SECTION_CAUSE; s++)
			if (t->stacks[s][i].n > 0)
				return &t->stacks[s][i];
	return NULL;
}

/* Where the cause was, if not in the frames that are told anyway. */
static void
find_cause(const struct raid_tracer *t, const struct stack *told,
    struct raid_frame *at)
{
	const struct stack *c = t->stacks[SECTION_CAUSE];

	*at = (struct raid_frame){ 0 };
	if (*t->cause == '\0')
		return;
	for (int i = 0; i < TIERS; i++)
		if (c[i].n > 0) {
			if (&c[i] != told)
				*at = c[i].v[0];
			return;
		}
}

/* The words of a message before its first value: where nothing else tells
 * one failure from another. */
static size_t
constant_part(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0' && !one_of("0123456789'\"[({=",
	    (unsigned char)s[n]))
		n++;
	return n;
}

static uint64_t
fingerprint(const struct raid_tracer *t, const struct stack *s)
{
	const struct stack *c = t->stacks[SECTION_CAUSE];
	uint64_t h = raid_trace_hash(TRACE_HASH0, t->type, strlen(t->type));

	h = raid_trace_hash(h, &t->causes, sizeof(t->causes));
	if (s != NULL)
		h = raid_trace_hash(h, s->hash, s->n * sizeof(*s->hash));
	if (c->n > 0 && c != s)
		h = raid_trace_hash(h, c->hash, sizeof(*c->hash));
	if (t->frames == 0 || strncmp(t->message, "runtime error: ", 15) == 0)
		h = raid_trace_hash(h, t->message, constant_part(t->message));
	return h;
}

/* The open trace has ended. */
static void
finish(struct raid_tracer *t)
{
	struct raid_trace *d = &t->done;
	const struct stack *s;

	if (*t->function != '\0') {	/* its place did not come */
		struct found f = { .hash = t->function_hash,
		    .tier = t->function_tier };

		memcpy(f.f.function, t->function, sizeof(f.f.function));
		raid_trace_push(t, &f);
	}
	s = best_stack(t);
	if (*t->type == '\0')
		memcpy(t->type, "stack trace", 12);
	d->fingerprint = fingerprint(t, s);
	memcpy(d->type, t->type, sizeof(d->type));
	memcpy(d->message, t->message, sizeof(d->message));
	memcpy(d->cause, t->cause, sizeof(d->cause));
	find_cause(t, s, &d->cause_at);
	d->nown = s == NULL ? 0 : s->n < RAID_TRACE_OWN ? s->n :
	    RAID_TRACE_OWN;
	if (s != NULL)
		memcpy(d->own, s->v, d->nown * sizeof(*s->v));
	d->lines = t->lines;
	d->language = names[t->lang];
	t->more = NULL;
	t->have = 1;
}

/* Is the line part of the open trace?  Its class was told without knowing the
 * header of the trace. */
static int
go_on(struct raid_tracer *t, unsigned class, const unsigned char *p,
    size_t len, size_t message)
{
	struct text x;
	size_t frames = t->frames;

	if (!raid_trace_text_next(t, &x, p, len, message))
		return 0;
	if (message > 0 || x.headed || len > TRACE_LOOK)
		class = raid_trace_classify(p, (size_t)(x.p - p),
		    (size_t)(x.p - p) + x.len, 1);
	if (!t->more(t, &x, class))
		return 0;
	if (t->lines >= RAID_TRACE_LINES && (t->frames == frames ||
	    t->lines >= FRAMES_MAX))
		return 0;
	t->lines++;
	return 1;
}

/* Remember the head of a trace whose frames may follow. */
static void
see_head(struct raid_tracer *t, const struct text *x)
{
	if (raid_trace_head(x, 1, t->seen_type, t->seen_message))
		t->seen = SEEN_LINES;
}

static begin_fn *const begin_fns[] = {
	[RAID_TRACE_AT_JAVA] = raid_trace_begin_at,
	[RAID_TRACE_AT_JS] = raid_trace_begin_at,
	[RAID_TRACE_AT_NET] = raid_trace_begin_at,
	[RAID_TRACE_AT_WEAK] = raid_trace_begin_at,
	[RAID_TRACE_INNER_NET] = raid_trace_begin_at,
	[RAID_TRACE_EXCERPT_JS] = raid_trace_begin_at,
	[RAID_TRACE_PYTHON] = raid_trace_begin_python,
	[RAID_TRACE_FILE_PYTHON] = raid_trace_begin_python,
	[RAID_TRACE_FATAL_PYTHON] = raid_trace_begin_python,
	[RAID_TRACE_PANIC_GO] = raid_trace_begin_go,
	[RAID_TRACE_ROUTINE_GO] = raid_trace_begin_go,
	[RAID_TRACE_PLACE_GO] = raid_trace_begin_go,
	[RAID_TRACE_RACE_GO] = raid_trace_begin_go,
	[RAID_TRACE_PANIC_RUST] = raid_trace_begin_rust,
	[RAID_TRACE_STACK_RUST] = raid_trace_begin_rust,
	[RAID_TRACE_SANITIZER] = raid_trace_begin_sanitizer,
	[RAID_TRACE_SUMMARY] = raid_trace_begin_sanitizer,
	[RAID_TRACE_SIGNAL_GDB] = raid_trace_begin_c,
	[RAID_TRACE_NUMBER] = raid_trace_begin_c,
	[RAID_TRACE_NUMBER_PHP] = raid_trace_begin_script,
	[RAID_TRACE_SYMBOL] = raid_trace_begin_c,
	[RAID_TRACE_STARS] = raid_trace_begin_c,
	[RAID_TRACE_AT_SIGN] = raid_trace_begin_c,
	[RAID_TRACE_TERMINATE] = raid_trace_begin_c,
	[RAID_TRACE_VALGRIND] = raid_trace_begin_c,
	[RAID_TRACE_FROM_RUBY] = raid_trace_begin_script,
	[RAID_TRACE_IN_RUBY] = raid_trace_begin_script,
	[RAID_TRACE_FATAL_PHP] = raid_trace_begin_script,
	[RAID_TRACE_STACK_PHP] = raid_trace_begin_script,
	[RAID_TRACE_CALLED_PERL] = raid_trace_begin_script
};

static enum raid_trace_step
begin(struct raid_tracer *t, unsigned class, const struct text *x,
    const struct text *last)
{
	enum raid_trace_step step = RAID_TRACE_OUT;

	t->was_weak = t->weak;
	t->was_torn = t->torn;
	t->weak = 0;
	t->torn = t->have;
	if (class < sizeof(begin_fns) / sizeof(*begin_fns) &&
	    begin_fns[class] != NULL)
		step = begin_fns[class](t, class, x, last);
	if (step == RAID_TRACE_OUT) {
		if (t->seen > 0)
			t->seen--;
		if (x->headed)
			t->seen = 0;
		if (class == RAID_TRACE_HEAD)
			see_head(t, x);
		return step;
	}
	if (step == RAID_TRACE_BACK) {
		t->lines++;
		if (x->headed)
			t->headed = 1;	/* its head has its own */
	}
	t->seen = t->weak = 0;
	t->torn = 0;
	return step;
}

/* A line that may be one of a trace. */
static enum raid_trace_step
look(struct raid_tracer *t, unsigned class, const unsigned char *p,
    size_t len, size_t message, const unsigned char *last, size_t last_len,
    size_t last_message)
{
	struct text x, before;

	if (t->more != NULL) {
		if (go_on(t, class, p, len, message))
			return RAID_TRACE_IN;
		finish(t);
	}
	if (class == 0 && (t->seen | t->weak | (unsigned)t->torn |
	    (unsigned)t->have) == 0)
		return RAID_TRACE_OUT;
	raid_trace_text(&x, p, len, message);
	if (last != NULL)
		raid_trace_text_last(&before, last, last_len, last_message,
		    &x);
	return begin(t, class, &x, last != NULL ? &before : NULL);
}

enum raid_trace_step
raid_tracer_add(struct raid_tracer *t, unsigned class, const unsigned char *p,
    size_t len, size_t message, const unsigned char *last, size_t last_len,
    size_t last_message)
{
	t->have = 0;
	t->recent = t->recent << 1 | (message > 0);
	/* Most lines are nothing. */
	if (class == 0 && t->more == NULL &&
	    (t->seen | t->weak | (unsigned)t->torn) == 0)
		return RAID_TRACE_OUT;
	return look(t, class, p, len, message, last, last_len, last_message);
}

const struct raid_trace *
raid_tracer_done(struct raid_tracer *t)
{
	return t->have ? &t->done : NULL;
}

void
raid_tracer_end(struct raid_tracer *t)
{
	t->have = 0;
	if (t->more != NULL)
		finish(t);
	t->seen = t->weak = 0;
	t->torn = 0;
}
