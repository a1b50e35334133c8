/* SPDX-License-Identifier: ISC */
/*
 * Stack traces: several lines of a log that tell one event.  Known are those
 * of Java (Kotlin, Scala), JavaScript, .NET, Python, Go, Rust, C and C++
 * (sanitizers, gdb, valgrind, glibc, glog), Ruby, PHP and Perl.
 *
 * What a line is (its class) is told by the line alone and may be found out
 * by several threads; the tracer then takes the lines in their order.
 */
#ifndef RAID_LOGS_TRACE_H
#define RAID_LOGS_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define RAID_TRACE_LINES 1000	/* a trace is no longer, but for frames */

/* What a line may begin; 0 is an ordinary line. */
enum raid_trace_class {
	RAID_TRACE_ORDINARY,
	RAID_TRACE_HEAD,	/* "a.b.Exception: why": frames may follow */
	RAID_TRACE_AT_JAVA,	/* "at a.b.C.m(C.java:12)" */
	RAID_TRACE_AT_JS,	/* "at f (/x.js:1:2)" */
	RAID_TRACE_AT_NET,	/* "at Ns.C.M(Type arg) in /x.cs:line 12" */
	RAID_TRACE_AT_WEAK,	/* one of them, or something else */
	RAID_TRACE_INNER_NET,	/* "---> Ns.Exception: why" */
	RAID_TRACE_EXCERPT_JS,	/* "/x.js:12" alone in its line */
	RAID_TRACE_PYTHON,	/* "Traceback (most recent call last):" */
	RAID_TRACE_FILE_PYTHON,	/* "File "x.py", line 12, in f" */
	RAID_TRACE_FATAL_PYTHON,
	RAID_TRACE_PANIC_GO,	/* "panic: ", "fatal error: ", "SIGSEGV: " */
	RAID_TRACE_ROUTINE_GO,	/* "goroutine 1 [running]:" */
	RAID_TRACE_PLACE_GO,	/* "\t/x.go:12 +0x1d" */
	RAID_TRACE_RACE_GO,
	RAID_TRACE_PANIC_RUST,	/* "thread 'main' panicked at x.rs:1:2:" */
	RAID_TRACE_STACK_RUST,	/* "stack backtrace:" */
	RAID_TRACE_SANITIZER,	/* "==1==ERROR: AddressSanitizer: " */
	RAID_TRACE_SUMMARY,	/* "SUMMARY: UndefinedBehaviorSanitizer: " */
	RAID_TRACE_SIGNAL_GDB,	/* "Program received signal SIGSEGV" */
	RAID_TRACE_NUMBER,	/* "#0  0x55 in f () at x.c:12" */
	RAID_TRACE_NUMBER_PHP,	/* "#0 /x.php(12): f()" */
	RAID_TRACE_SYMBOL,	/* "./a.out(main+0x1d) [0x55]" */
	RAID_TRACE_STARS,	/* "*** stack smashing detected ***" */
	RAID_TRACE_AT_SIGN,	/* "@ 0x55 main" */
	RAID_TRACE_TERMINATE,	/* "terminate called" */
	RAID_TRACE_VALGRIND,	/* "==1==    at 0x55: main (x.c:12)" */
	RAID_TRACE_FROM_RUBY,	/* "from x.rb:12:in `m'" */
	RAID_TRACE_IN_RUBY,	/* "x.rb:12:in `m'" */
	RAID_TRACE_FATAL_PHP,	/* "PHP Fatal error:  Uncaught" */
	RAID_TRACE_STACK_PHP,	/* "Stack trace:" */
	RAID_TRACE_CALLED_PERL	/* "main::f(1) called at x.pl line 2" */
};

enum raid_trace_step {
	RAID_TRACE_OUT,		/* not part of a trace; what was open before
				 * has ended */
	RAID_TRACE_IN,		/* part of the open one, or begins one */
	RAID_TRACE_BACK		/* begins one, and the line before it is its
				 * head */
};

struct raid_frame {
	char function[128];	/* as written, cut; "" where none is said */
	char place[128];	/* file:line as written, or ""; of a long one
				 * the end */
};

#define RAID_TRACE_OWN 4

/* All texts are NUL-terminated; that they are UTF-8 is not sure. */
struct raid_trace {
	uint64_t fingerprint;	/* of type, own functions and causes; without
				 * line numbers, addresses and messages */
	char type[128];		/* "java.lang.NullPointerException", "panic",
				 * "AddressSanitizer: heap-use-after-free",
				 * "SIGSEGV"; never empty */
	char message[256];	/* its first line, cut */
	char cause[256];	/* the first cause: "type: message"; or "" */
	struct raid_frame cause_at;	/* its innermost own frame; function
					 * and place are "" where none is
					 * known */
	struct raid_frame own[RAID_TRACE_OWN];	/* innermost first; frames
				 * of libraries only if all are */
	size_t nown;
	size_t lines;		/* all that belong to it */
	const char *language;	/* "java", "javascript", "dotnet", "python",
				 * "go", "rust", "c", "ruby", "php", "perl" */
};

/*
 * The class of a line whose message begins at message, behind the header
 * (0: there is none).  Pure; of an ordinary line a few bytes are looked at.
 */
unsigned raid_trace_class(const unsigned char *p, size_t len, size_t message);

struct raid_tracer;

struct raid_tracer *raid_tracer_new(void);
void raid_tracer_free(struct raid_tracer *t);

/*
 * Take the next line; every line of a log, also the ordinary ones.  last is
 * the line before it, NULL when that belonged to a trace or there is none.
 */
enum raid_trace_step raid_tracer_add(struct raid_tracer *t, unsigned class,
    const unsigned char *p, size_t len, size_t message,
    const unsigned char *last, size_t last_len, size_t last_message);

/*
 * The trace that was ended by the last call of raid_tracer_add or
 * raid_tracer_end, borrowed until the next call of one; else NULL.  It may
 * have ended with any step: IN and BACK may begin the next one.
 */
const struct raid_trace *raid_tracer_done(struct raid_tracer *t);

/* No line will come any more, or some lines were left out. */
void raid_tracer_end(struct raid_tracer *t);

#endif
