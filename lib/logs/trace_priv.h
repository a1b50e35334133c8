/* SPDX-License-Identifier: ISC */
/* Inside the recognizer of stack traces. */
#ifndef RAID_LOGS_TRACE_PRIV_H
#define RAID_LOGS_TRACE_PRIV_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "logs/header_priv.h"
#include "logs/trace.h"

#define TRACE_LOOK 4096		/* of a line no more is looked at, in bytes */
#define TRACE_HASHED 8		/* so many own frames are in the fingerprint */
#define TRACE_SHAPE 160		/* of a header, in bytes */

/* A line without its header, its indentation and blanks at its end. */
struct text {
	const unsigned char *p;
	size_t len;		/* TRACE_LOOK at most */
	size_t indent;		/* blanks between header and p */
	size_t header;		/* bytes before the indentation */
	int headed;
	int same;		/* the header is as that of the trace */
};

/* Whose code a frame is of. */
enum tier {
	TIER_OWN,
	TIER_LIBRARY,
	TIER_RUNTIME,
	TIERS
};

struct found {			/* a frame of a line */
	struct raid_frame f;
	uint64_t hash;		/* of the function, without numbers that the
				 * runtime gives, and where functions are named
				 * by one word, of the name of the file */
	enum tier tier;
};

struct stack {			/* frames of one tier, innermost first */
	struct raid_frame v[RAID_TRACE_OWN];
	uint64_t hash[TRACE_HASHED];
	size_t n;		/* of hash */
};

/* Where frames go. */
enum section {
	SECTION_MAIN,
	SECTION_CAUSE,
	SECTION_NONE		/* other threads, suppressed exceptions */
};

enum language {
	LANG_JAVA,
	LANG_JS,
	LANG_NET,
	LANG_PYTHON,
	LANG_GO,
	LANG_RUST,
	LANG_C,
	LANG_VALGRIND,
	LANG_RUBY,
	LANG_PHP,
	LANG_PERL
};

/* May a trace go on with this line?  It is taken then. */
typedef int more_fn(struct raid_tracer *t, const struct text *x,
    unsigned class);

struct raid_tracer {
	more_fn *more;		/* NULL: no trace is open */
	enum language lang;
	int state;		/* what it means tells the language */
	int reversed;		/* the innermost frame comes last */
	int headed;		/* do its lines have headers?  -1: not known */
	unsigned loose;		/* lines since the last that was certain */
	unsigned depth;
	int excerpt;		/* JavaScript: the source was shown */
	int group;		/* Python: of several exceptions */
	size_t base;		/* indentation of the head */
	size_t lines, frames;
	enum section section;
	struct stack stacks[2][TIERS];	/* SECTION_MAIN, SECTION_CAUSE */
	uint64_t causes;	/* hash of their types */
	char type[128], message[256], cause[256];
	char function[128];	/* of a frame whose place is still to come */
	uint64_t function_hash;
	enum tier function_tier;

	unsigned char shape[TRACE_SHAPE];	/* the header of its lines */
	size_t nshape;

	char seen_type[128], seen_message[256];	/* of a head a few lines ago */
	unsigned seen;		/* lines more that it is good for */
	unsigned weak;		/* class of this line, if it alone begins
				 * nothing, */
	unsigned was_weak;	/* and of the line before */
	int torn, was_torn;	/* this line, the line before ended a trace */
	uint32_t recent;	/* a bit for each of the last lines: headed? */

	struct raid_trace done;
	int have;		/* done holds one */
};

static inline int
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static inline int
is_xdigit(unsigned char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static inline size_t
xdigits(const unsigned char *p, size_t len)
{
	size_t n = 0;

	while (n < len && is_xdigit(p[n]))
		n++;
	return n;
}

/* Of names in programs, in any language; bytes of UTF-8, too. */
static inline int
is_name(unsigned char c)
{
	return is_alnum(c) || c == '_' || c == '$' || c >= 0x80;
}

/* Inlined, so that words known to the compiler cost a compare or two. */
#define TRACE_INLINE static inline __attribute__((always_inline))

TRACE_INLINE int
begins(const unsigned char *p, size_t len, const char *s)
{
	size_t n = strlen(s);

	return len >= n && memcmp(p, s, n) == 0;
}

TRACE_INLINE int
ends(const unsigned char *p, size_t len, const char *s)
{
	size_t n = strlen(s);

	return len >= n && memcmp(p + len - n, s, n) == 0;
}

/* Where s is in p; len if it is not. */
static inline size_t
find(const unsigned char *p, size_t len, const char *s)
{
	const unsigned char *q = len == 0 ? NULL :
	    memmem(p, len, s, strlen(s));

	return q != NULL ? (size_t)(q - p) : len;
}

/* The same for the last one. */
size_t raid_trace_rfind(const unsigned char *p, size_t len, const char *s);

TRACE_INLINE int
text_begins(const struct text *x, const char *s)
{
	return begins(x->p, x->len, s);
}

/* trace_text.c */

/* Where the text of a trace may begin, for a message behind ": " or "l ". */
size_t raid_trace_start(const unsigned char *p, size_t len, size_t message);

static inline size_t
trace_start(const unsigned char *p, size_t len, size_t message)
{
	/* Ends of "SIGSEGV", "WARNING", "==1==ERROR" and others. */
	const uint32_t upper = 1 << ('E' - '@') | 1 << ('G' - '@') |
	    1 << ('L' - '@') | 1 << ('R' - '@') | 1 << ('S' - '@') |
	    1 << ('T' - '@') | 1 << ('V' - '@') | 1 << ('Y' - '@');
	unsigned char c, d;
	int yes;

	if (message < 5 || message >= len)
		return 0;
	c = p[message - 3];
	d = p[message - 4];
	/* "Error", "Exception", "panic", "Sanitizer" */
	yes = ((c == 'r') & (d == 'o')) | ((c == 'n') & (d == 'o')) |
	    ((c == 'c') & (d == 'i')) |
	    ((c == 'r') & (d == 'e') & (p[message - 5] == 'z')) |
	    ((c >> 5 == 2) & (upper >> (c & 31)));
	/* "fatal " */
	yes = (yes & (p[message - 2] == ':')) |
	    ((p[message - 2] == 'l') & (c == 'a'));
	if (yes & (p[message - 1] == ' '))
		return raid_trace_start(p, len, message);
	return message;
}

/* The text of a line whose message begins at message. */
void raid_trace_text(struct text *x, const unsigned char *p, size_t len,
    size_t message);

/* The same for the line before next, which may have the same header. */
void raid_trace_text_last(struct text *x, const unsigned char *p, size_t len,
    size_t message, const struct text *next);

/* The same for a line behind others of the trace; 0: by its header it is
 * none of them. */
int raid_trace_text_next(struct raid_tracer *t, struct text *x,
    const unsigned char *p, size_t len, size_t message);

/* The header of the lines of t is what stands before x->p + at. */
void raid_trace_shape(struct raid_tracer *t, const struct text *x, size_t at);

/* A NUL-terminated copy, cut to size; control characters are blanks. */
void raid_trace_copy(char *to, size_t size, const unsigned char *p,
    size_t len);

/* The same, but of a long text the end is kept. */
void raid_trace_copy_end(char *to, size_t size, const unsigned char *p,
    size_t len);

uint64_t raid_trace_hash(uint64_t h, const void *p, size_t len);

/* The name of the file of a place, without its folder and line. */
uint64_t raid_trace_hash_file(uint64_t h, const char *place);

#define TRACE_HASH0 UINT64_C(0xcbf29ce484222325)

/* trace_head.c */

/*
 * The type of an exception that is said in a text, and its message.  dotted:
 * types with dots are preferred.  0: none is.
 */
int raid_trace_head(const struct text *x, int dotted, char type[128],
    char message[256]);

/* Length of "a.b.Exception" at p if ":" or the end is behind it; else 0. */
size_t raid_trace_type_len(const unsigned char *p, size_t len);

/* trace_class.c */

/* The class of p + at; head: it may be RAID_TRACE_HEAD. */
unsigned raid_trace_classify(const unsigned char *p, size_t at, size_t len,
    int head);

/* trace_at.c, trace_frame.c: each tells 0 when the text is no such frame. */
unsigned raid_trace_at_class(const unsigned char *p, size_t len,
    size_t indent);
int raid_trace_at(const struct text *x, struct found *f);
int raid_trace_python(const struct text *x, struct found *f);
int raid_trace_ruby(const struct text *x, struct found *f);
unsigned raid_trace_number_class(const unsigned char *p, size_t len);
int raid_trace_number(const struct text *x, struct found *f);
int raid_trace_number_php(const struct text *x, struct found *f);
int raid_trace_symbol(const struct text *x, struct found *f);
int raid_trace_valgrind(const struct text *x, struct found *f);

/* trace_own.c */
enum tier raid_trace_tier(enum language lang, const char *function,
    const char *place);

/* trace.c */

/* Forget all of the last trace; the next one begins with x. */
void raid_trace_open(struct raid_tracer *t, enum language lang,
    more_fn *more, const struct text *x);
void raid_trace_push(struct raid_tracer *t, const struct found *f);

/* The head of a cause. */
void raid_trace_cause(struct raid_tracer *t, const char *type,
    const char *message);

/* Do the lines of this log have headers as a rule? */
int raid_trace_log_headed(const struct raid_tracer *t);

/* May an ordinary line that is not known be part, as that of a message? */
int raid_trace_loose(struct raid_tracer *t, const struct text *x,
    unsigned max);

/*
 * Begin a trace with x, a line of the class; last is the line before it or
 * NULL.  Each is for the classes of its language.
 */
typedef enum raid_trace_step begin_fn(struct raid_tracer *t, unsigned class,
    const struct text *x, const struct text *last);
begin_fn raid_trace_begin_at, raid_trace_begin_python, raid_trace_begin_go,
    raid_trace_begin_rust, raid_trace_begin_sanitizer, raid_trace_begin_c,
    raid_trace_begin_script;

#endif
