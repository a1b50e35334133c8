/* SPDX-License-Identifier: ISC */
/* Traces of C and C++: of sanitizers, gdb, valgrind, glibc and glog. */
#include "logs/trace_priv.h"

enum {
	REPORT,			/* of a sanitizer */
	SUMMARY,		/* it was said, */
	SHADOW,			/* and the bytes around follow */
	END,
	GDB,
	SYMBOLS,
	SIGNS,			/* glog */
	WHAT			/* "terminate called": what() */
};

static int
is_equals(const struct text *x)
{
	for (size_t i = 0; i < x->len; i++)
		if (x->p[i] != '=')
			return 0;
	return x->len >= 10;
}

/* "AddressSanitizer: heap-use-after-free on address 0x55 ..." */
static void
take_sanitizer(struct raid_tracer *t, const struct text *x)
{
	static const char *const stops[] = { " on ", " (", ": (", " 0x" };
	size_t at = find(x->p, x->len, "Sanitizer: "), end, from, n;

	if (at == x->len || *t->type != '\0')
		return;
	for (from = at; from > 0 && is_alpha(x->p[from - 1]);)
		from--;
	at += 11;
	n = end = x->len - at;
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
		size_t k = find(x->p + at, end, stops[i]);

		if (k < n)
			n = k;
	}
	for (size_t i = 0; i < n; i++)
		if (is_digit(x->p[at + i]))
			n = i;
	while (n > 0 && x->p[at + n - 1] == ' ')
		n--;
	raid_trace_copy(t->type, sizeof(t->type), x->p + from, at + n - from);
	for (at += n; at < x->len && one_of(" :", x->p[at]);)
		at++;
	n = find(x->p + at, x->len - at, " at pc ");
	end = find(x->p + at, x->len - at, " (pc ");
	raid_trace_copy(t->message, sizeof(t->message), x->p + at,
	    n < end ? n : end);
}

/* Lines of a report that are not indented. */
static int
is_report(const struct text *x)
{
	static const char *const words[] = { "READ of ", "WRITE of ",
	    "ACCESS of ", "0x", "freed by ", "previously allocated ",
	    "allocated by ", "Thread T", "This frame has ", "HINT: ",
	    "Hint: ", "Address 0x", "Direct leak ", "Indirect leak ",
	    "Objects leaked ", "AddressSanitizer", "ThreadSanitizer",
	    "Shadow ", "=>0x", "SCARINESS: ", "Memory manager ",
	    "Uninitialized value ", "Uninitialized bytes ", "MemorySanitizer",
	    "Exiting", "rax = ", "rdi = ", "r8 = ", "r12 = ",
	    "Register values:", "SUMMARY: " };

	size_t n = 2;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_begins(x, words[i]))
			return 1;
	if (!text_begins(x, "=="))
		return 0;
	n += digits(x->p + n, x->len - n);
	return n + 2 < x->len && begins(x->p + n, 2, "==") &&
	    x->p[n + 2] != ' ';
}

/* UndefinedBehaviorSanitizer prints frames and nothing else. */
static int
is_undefined(const struct raid_tracer *t)
{
	return strncmp(t->type, "Undefined", 9) == 0;
}

static int
more_report(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	if (t->state == END)
		return 0;
	if (raid_trace_number(x, &f)) {
		raid_trace_push(t, &f);
		return 1;
	}
	if (x->len == 0) {
		if (t->frames > 0)
			t->section = SECTION_NONE;
		return t->depth++ < 2;
	}
	t->depth = 0;
	if (!x->same)
		return 0;
	if (class == RAID_TRACE_VALGRIND)
		return 0;
	if (is_equals(x)) {
		if (begins((const unsigned char *)t->type, 15,
		    "ThreadSanitizer") && t->frames > 0)
			t->state = END;
		return t->frames == 0 || t->state == END;
	}
	if (class == RAID_TRACE_SANITIZER && *t->type != '\0')
		return 0;
	if (class == RAID_TRACE_SANITIZER)
		take_sanitizer(t, x);
	if (class == RAID_TRACE_SUMMARY)
		t->state = SUMMARY;
	else if (t->state == SUMMARY && text_begins(x, "Shadow "))
		t->state = SHADOW;
	if (ends(x->p, x->len, "==ABORTING"))
		t->state = END;
	if (t->frames > 0)
		t->section = SECTION_NONE;
	return is_report(x) || (x->indent > 0 && t->state != SUMMARY &&
	    !is_undefined(t) && t->loose++ < 64);
}

/* "x.c:12:3: runtime error: why" */
static int
take_undefined(struct raid_tracer *t, const struct text *x)
{
	struct found f = { .tier = TIER_RUNTIME };
	size_t i = find(x->p, x->len, ": runtime error: ");

	if (i == x->len)
		return 0;
	memcpy(t->type, "UndefinedBehaviorSanitizer", 27);
	raid_trace_copy(t->message, sizeof(t->message), x->p + i + 17,
	    x->len - i - 17);
	/* Only where no frames tell more. */
	raid_trace_copy_end(f.f.place, sizeof(f.f.place), x->p, i);
	f.hash = raid_trace_hash_file(TRACE_HASH0, f.f.place);
	if (t->frames == 0) {
		raid_trace_push(t, &f);
		t->frames = 0;
	}
	return 1;
}

enum raid_trace_step
raid_trace_begin_sanitizer(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	raid_trace_open(t, LANG_C, more_report, x);
	if (class == RAID_TRACE_SUMMARY) {
		t->state = END;
		if (last != NULL && take_undefined(t, last))
			return RAID_TRACE_BACK;
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	take_sanitizer(t, x);
	return last != NULL && is_equals(last) ? RAID_TRACE_BACK :
	    RAID_TRACE_IN;
}

/* Lines that gdb prints between frames. */
static int
is_gdb(struct raid_tracer *t, const struct text *x)
{
	static const char *const words[] = { "(gdb)", "[Current thread is ",
	    "[Switching to ", "Backtrace stopped: ",
	    "(More stack frames follow", "--Type <RET>",
	    "Stack trace of thread " };
	size_t n;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_begins(x, words[i]))
			return 1;
	if (x->indent >= 4 && t->frames > 0)
		return text_begins(x, "at ") || text_begins(x, "from /");
	/* Where it stopped, and the source there. */
	n = digits(x->p, x->len);
	if (n > 0 && n < 7 && begins(x->p + n, x->len - n, "\t"))
		return t->frames < 2;
	if (text_begins(x, "0x"))
		return t->frames == 0 && find(x->p, x->len, " in ") < x->len;
	return t->frames == 0 && find(x->p, x->len, " (") < x->len &&
	    find(x->p, x->len, ") at ") < x->len;
}

static int
more_gdb(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	(void)class;
	if (raid_trace_number(x, &f)) {
		/* Another thread begins with 0 again; where the program was
		 * stopped has been said before all threads are shown. */
		if (t->frames == 0)
			t->function_hash = f.hash;
		else if (text_begins(x, "#0 ") || text_begins(x, "#0\t"))
			t->section = f.hash == t->function_hash ?
			    SECTION_MAIN : SECTION_NONE;
		raid_trace_push(t, &f);
		return 1;
	}
	if (x->len == 0)
		return t->loose++ < 2;
	if (!x->same)
		return 0;
	if (text_begins(x, "Thread ") && x->p[x->len - 1] == ':')
		return 1;
	if (!is_gdb(t, x))
		return 0;
	t->loose = 0;
	return 1;
}

static int
more_symbols(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;

	if (class == RAID_TRACE_SYMBOL && raid_trace_symbol(x, &f)) {
		raid_trace_push(t, &f);
		return 1;
	}
	return t->frames == 0 && x->same &&
	    text_begins(x, "======= Backtrace");
}

/* "@     0x7f3b  f" */
static int
more_signs(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f = { .tier = TIER_OWN };
	size_t i = 1;

	if (class == RAID_TRACE_STARS && t->frames == 0)
		return text_begins(x, "*** SIG") ||
		    text_begins(x, "*** Check");
	if (class != RAID_TRACE_AT_SIGN)
		return text_begins(x, "@ ") && ends(x->p, x->len,
		    "(nil)  (unknown)");
	while (i < x->len && is_blank(x->p[i]))
		i++;
	for (i += 2; i < x->len && is_xdigit(x->p[i]);)
		i++;
	while (i < x->len && is_blank(x->p[i]))
		i++;
	raid_trace_copy(f.f.function, sizeof(f.f.function), x->p + i,
	    x->len - i);
	f.hash = raid_trace_hash(TRACE_HASH0, x->p + i, x->len - i);
	f.tier = raid_trace_tier(LANG_C, f.f.function, "");
	raid_trace_push(t, &f);
	return 1;
}

static int
more_what(struct raid_tracer *t, const struct text *x, unsigned class)
{
	(void)class;
	if (t->lines > 1 || !text_begins(x, "what():"))
		return 0;
	for (size_t i = 7; i <= x->len; i++)
		if (i == x->len || x->p[i] != ' ') {
			raid_trace_copy(t->message, sizeof(t->message),
			    x->p + i, x->len - i);
			break;
		}
	return 1;
}

static int
more_valgrind(struct raid_tracer *t, const struct text *x, unsigned class)
{
	struct found f;
	size_t n = 2;

	(void)class;
	if (raid_trace_valgrind(x, &f)) {
		raid_trace_push(t, &f);
		return 1;
	}
	if (!text_begins(x, "=="))
		return 0;
	n += digits(x->p + n, x->len - n);
	if (!begins(x->p + n, x->len - n, "==  "))
		return 0;
	t->section = SECTION_NONE;
	return 1;
}

/* "terminate called after throwing an instance of 'T'" */
static void
begin_terminate(struct raid_tracer *t, const struct text *x)
{
	size_t a = find(x->p, x->len, "'") + 1;

	t->more = more_what;
	memcpy(t->type, "terminate", 10);
	if (a < x->len)
		raid_trace_copy(t->type, sizeof(t->type), x->p + a,
		    find(x->p + a, x->len - a, "'"));
	else
		raid_trace_copy(t->message, sizeof(t->message), x->p + 17,
		    x->len - 17);
}

/* "... signal SIGSEGV, Segmentation fault." */
static void
begin_signal(struct raid_tracer *t, const struct text *x)
{
	size_t a = find(x->p, x->len, " signal ") + 8, n;

	if (a >= x->len)
		return;
	n = find(x->p + a, x->len - a, ",");
	raid_trace_copy(t->type, sizeof(t->type), x->p + a, n);
	a += n + 2;
	if (a < x->len)
		raid_trace_copy(t->message, sizeof(t->message), x->p + a,
		    x->len - a - (x->p[x->len - 1] == '.'));
}

/* "*** SIGSEGV (@0x0) received by ...", "*** Error in `x': why: 0x5 ***" */
static void
begin_stars(struct raid_tracer *t, const struct text *x)
{
	size_t a = 4, n = find(x->p + a, x->len - a, " *");

	if (text_begins(x, "*** Error in `")) {
		n = find(x->p, x->len, "': ");
		if (n < x->len) {
			a = n + 3;
			n = find(x->p + a, x->len - a, ": 0x");
		}
		t->more = more_symbols;
	} else if (text_begins(x, "*** SIG"))
		n = find(x->p + a, x->len - a, " (");
	else if (text_begins(x, "*** Aborted at "))
		n = 7;
	if (a + n <= x->len)
		raid_trace_copy(t->type, sizeof(t->type), x->p + a, n);
}

/* Words above a stack that is printed by the program itself. */
static int
is_head(const struct text *x)
{
	static const char *const words[] = { "acktrace", "tack trace",
	    "tack frames", "CALL STACK", "Call stack", "signal ", "SIG",
	    "*** ", "all trace" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (find(x->p, x->len, words[i]) < x->len)
			return 1;
	return 0;
}

static enum raid_trace_step
begin_symbols(struct raid_tracer *t, const struct text *x,
    const struct text *last)
{
	struct found f;
	int head = last != NULL && last->len > 0 && is_head(last);

	if (!head && t->was_weak != RAID_TRACE_SYMBOL) {
		t->weak = RAID_TRACE_SYMBOL;
		t->more = NULL;
		return RAID_TRACE_OUT;
	}
	t->more = more_symbols;
	if (head)
		raid_trace_copy(t->message, sizeof(t->message), last->p,
		    last->len);
	else if (last != NULL && raid_trace_symbol(last, &f))
		raid_trace_push(t, &f);
	if (raid_trace_symbol(x, &f))
		raid_trace_push(t, &f);
	return last != NULL ? RAID_TRACE_BACK : RAID_TRACE_IN;
}

/* "#0 ..." of gdb or a sanitizer whose head was not seen. */
static enum raid_trace_step
begin_number(struct raid_tracer *t, const struct text *x,
    const struct text *last)
{
	t->more = more_gdb;
	(void)more_gdb(t, x, RAID_TRACE_NUMBER);
	if (last == NULL || last->len == 0)
		return RAID_TRACE_IN;
	if (take_undefined(t, last)) {
		t->more = more_report;
		return RAID_TRACE_BACK;
	}
	if (raid_trace_head(last, 0, t->type, t->message))
		return RAID_TRACE_BACK;
	if (!is_head(last))
		return RAID_TRACE_IN;
	if (text_begins(last, "Stack trace of thread "))
		memcpy(t->type, "core dump", 10);
	raid_trace_copy(t->message, sizeof(t->message), last->p, last->len);
	return RAID_TRACE_BACK;
}

static enum raid_trace_step
begin_valgrind(struct raid_tracer *t, const struct text *x,
    const struct text *last)
{
	static const char *const stops[] = { " of size ", " at address ",
	    " in loss record " };
	struct found f;
	size_t i = 2, n;

	t->lang = LANG_VALGRIND;
	t->more = more_valgrind;
	if (raid_trace_valgrind(x, &f))
		raid_trace_push(t, &f);
	if (last == NULL || !text_begins(last, "=="))
		return RAID_TRACE_IN;
	i += digits(last->p + i, last->len - i);
	while (i < last->len && one_of("= ", last->p[i]))
		i++;
	raid_trace_copy(t->message, sizeof(t->message), last->p + i,
	    last->len - i);
	/* "40 bytes in 1 blocks are definitely lost in loss record 1 of 2" */
	n = find(last->p, last->len, " are ");
	if (n < last->len && find(last->p, last->len, " lost in ") <
	    last->len)
		i = n + 5;
	for (n = i; n < last->len && !one_of("0123456789(", last->p[n]);)
		n++;
	for (size_t k = 0; k < sizeof(stops) / sizeof(*stops); k++)
		n = i + find(last->p + i, n - i, stops[k]);
	while (n > i && last->p[n - 1] == ' ')
		n--;
	raid_trace_copy(t->type, sizeof(t->type), last->p + i, n - i);
	return n > i ? RAID_TRACE_BACK : RAID_TRACE_IN;
}

enum raid_trace_step
raid_trace_begin_c(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last)
{
	raid_trace_open(t, LANG_C, more_gdb, x);
	switch (class) {
	case RAID_TRACE_SIGNAL_GDB:
		begin_signal(t, x);
		return RAID_TRACE_IN;
	case RAID_TRACE_TERMINATE:
		begin_terminate(t, x);
		return RAID_TRACE_IN;
	case RAID_TRACE_STARS:
		t->more = more_signs;
		begin_stars(t, x);
		/* What failed stands in the line before. */
		if (text_begins(x, "*** Check failure") && last != NULL) {
			size_t at = find(last->p, last->len, "Check failed");

			memcpy(t->type, "Check failed", 13);
			if (at == last->len)
				return RAID_TRACE_IN;
			raid_trace_copy(t->message, sizeof(t->message),
			    last->p + at, last->len - at);
			return RAID_TRACE_BACK;
		}
		return RAID_TRACE_IN;
	case RAID_TRACE_AT_SIGN:
		t->more = more_signs;
		(void)more_signs(t, x, class);
		return RAID_TRACE_IN;
	case RAID_TRACE_SYMBOL:
		return begin_symbols(t, x, last);
	case RAID_TRACE_VALGRIND:
		return begin_valgrind(t, x, last);
	}
	return begin_number(t, x, last);
}
