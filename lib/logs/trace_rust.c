/* SPDX-License-Identifier: ISC */
/* Traces of Rust. */
#include "logs/trace_priv.h"

enum {
	MESSAGE,		/* its first line */
	MORE,			/* further ones */
	FRAMES,
	NOTED			/* "note: run with" */
};

/* "f::h0123456789abcdef": without the hash. */
static size_t
strip_hash(const unsigned char *p, size_t len)
{
	if (len > 19 && memcmp(p + len - 19, "::h", 3) == 0 &&
	    xdigits(p + len - 16, 16) == 16)
		return len - 19;
	return len;
}

/* The function, as "std[e28293b1aa0f68bd]::rt" without what is in brackets
 * and differs from build to build. */
static void
expect_place(struct raid_tracer *t, const unsigned char *p, size_t len)
{
	uint64_t h = TRACE_HASH0;
	size_t n;

	len = strip_hash(p, len);
	raid_trace_copy(t->function, sizeof(t->function), p, len);
	for (size_t i = 0; i < len; i++) {
		n = p[i] == '[' ? xdigits(p + i + 1, len - i - 1) : 0;
		if (n > 7)
			i += n + 1;
		else
			h = raid_trace_hash(h, p + i, 1);
	}
	t->function_hash = h;
	t->function_tier = raid_trace_tier(LANG_RUST, t->function, "");
}

static void
push_function(struct raid_tracer *t, const unsigned char *place, size_t len)
{
	struct found f = { .hash = t->function_hash };

	if (*t->function == '\0')
		return;
	memcpy(f.f.function, t->function, sizeof(f.f.function));
	raid_trace_copy_end(f.f.place, sizeof(f.f.place), place, len);
	f.tier = raid_trace_tier(LANG_RUST, f.f.function, f.f.place);
	raid_trace_push(t, &f);
	*t->function = '\0';
}

/* "12: f", "12: 0x55 - f": where f begins; 0. */
static size_t
function_at(const unsigned char *p, size_t len)
{
	size_t i = digits(p, len), n;

	if (i == 0 || i > 4 || !begins(p + i, len - i, ": "))
		return 0;
	for (i++; i < len && p[i] == ' ';)
		i++;
	if (begins(p + i, len - i, "0x")) {
		n = i + 2 + xdigits(p + i + 2, len - i - 2);
		if (begins(p + n, len - n, " - "))
			i = n + 3;
	}
	return i < len ? i : 0;
}

static int
more_frames(struct raid_tracer *t, const struct text *x)
{
	size_t i;

	if (x->len == 0)
		return t->loose++ < 1;
	if (x->indent == 0 && !x->headed)
		return 0;
	i = function_at(x->p, x->len);
	if (i > 0) {
		push_function(t, x->p, 0);
		expect_place(t, x->p + i, x->len - i);
		return 1;
	}
	if (text_begins(x, "at ")) {
		push_function(t, x->p + 3, x->len - 3);
		return 1;
	}
	return text_begins(x, "[...") || text_begins(x, "- ");
}

static int
more_rust(struct raid_tracer *t, const struct text *x, unsigned class)
{
	if (class == RAID_TRACE_STACK_RUST) {
		t->state = FRAMES;
		return 1;
	}
	if (text_begins(x, "note: ")) {
		push_function(t, x->p, 0);
		t->state = NOTED;
		return 1;
	}
	if (text_begins(x, "fatal runtime error: ") ||
	    text_begins(x, "thread caused non-unwinding panic") ||
	    text_begins(x, "thread panicked while "))
		return 1;
	if (class == RAID_TRACE_PANIC_RUST || t->state == NOTED)
		return 0;
	if (t->state == FRAMES)
		return more_frames(t, x);
	if (t->state == MESSAGE) {
		t->state = MORE;
		if (!x->same)
			return 0;
		raid_trace_copy(t->message, sizeof(t->message), x->p, x->len);
		return 1;
	}
	if (text_begins(x, "left: ") || text_begins(x, "right: "))
		return 1;
	return class == 0 && raid_trace_loose(t, x, 10);
}

/* "panicked at 'why', x.rs:1:2", "panicked at x.rs:1:2:" */
static void
take_head(struct raid_tracer *t, const unsigned char *p, size_t len)
{
	struct found f = { .tier = TIER_OWN };
	size_t n;

	if (*p == '\'') {
		n = raid_trace_rfind(p, len, "', ");
		raid_trace_copy(t->message, sizeof(t->message), p + 1,
		    n > 0 ? n - 1 : 0);
		n = n < len ? n + 3 : len;
		p += n;
		len -= n;
		t->state = MORE;
	} else if (p[len - 1] == ':')
		len--;
	/* What comes of a backtrace is better: this is a library's then. */
	raid_trace_copy_end(f.f.place, sizeof(f.f.place), p, len);
	f.hash = raid_trace_hash_file(TRACE_HASH0, f.f.place);
	f.tier = TIER_RUNTIME;
	raid_trace_push(t, &f);
	t->frames = 0;
}

enum raid_trace_step
raid_trace_begin_rust(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	size_t at;

	raid_trace_open(t, LANG_RUST, more_rust, x);
	if (class == RAID_TRACE_STACK_RUST) {
		t->state = FRAMES;
		if (last != NULL && raid_trace_head(last, 0, t->type,
		    t->message))
			return RAID_TRACE_BACK;
		if (t->seen > 0) {
			memcpy(t->type, t->seen_type, sizeof(t->type));
			memcpy(t->message, t->seen_message,
			    sizeof(t->message));
		}
		return RAID_TRACE_IN;
	}
	at = find(x->p, x->len, " panicked at ");
	if (at == x->len) {
		memcpy(t->type, "stack overflow", 15);
		t->state = NOTED;
		return RAID_TRACE_IN;
	}
	memcpy(t->type, "panic", 6);
	at += 13;
	if (at < x->len)
		take_head(t, x->p + at, x->len - at);
	return RAID_TRACE_IN;
}
