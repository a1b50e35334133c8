/* SPDX-License-Identifier: ISC */
/* What a line may begin, told by its first byte or its last. */
#include "logs/trace_priv.h"

/* "==123==" at p: its length, 0 if it is none. */
static size_t
process_mark(const unsigned char *p, size_t len)
{
	size_t n;

	if (!begins(p, len, "=="))
		return 0;
	n = digits(p + 2, len - 2);
	return n > 0 && begins(p + 2 + n, len - 2 - n, "==") ? n + 4 : 0;
}

static unsigned
equals_class(const unsigned char *p, size_t len)
{
	size_t n = process_mark(p, len);

	if (n == 0)
		return 0;
	p += n;
	len -= n;
	if ((begins(p, len, "ERROR: ") || begins(p, len, "WARNING: ")) &&
	    find(p, len < 64 ? len : 64, "Sanitizer: ") < 64)
		return RAID_TRACE_SANITIZER;
	n = 0;
	while (n < len && p[n] == ' ')
		n++;
	if (n >= 3 && begins(p + n, len - n, "at 0x"))
		return RAID_TRACE_VALGRIND;
	return 0;
}

/* "/x.js:12", "node:fs:573", alone. */
static unsigned
excerpt_class(const unsigned char *p, size_t len)
{
	size_t i = len, n;

	while (i > 0 && is_digit(p[i - 1]))
		i--;
	if (i == len || i < 4 || p[i - 1] != ':' || len > 1024 ||
	    memchr(p, ' ', len) != NULL)
		return 0;
	n = i - 1;
	if (ends(p, n, ".js") || ends(p, n, ".ts") || ends(p, n, ".mjs") ||
	    ends(p, n, ".cjs") || ends(p, n, ".jsx") || ends(p, n, ".tsx") ||
	    begins(p, n, "node:") || ends(p, n, "<anonymous>") ||
	    ends(p, n, "[eval]") ||
	    ends(p, n, "<anonymous_script>"))
		return RAID_TRACE_EXCERPT_JS;
	return 0;
}

/* "/x.go:12 +0x1d" behind a tab. */
static unsigned
place_go_class(const unsigned char *p, size_t at, size_t len)
{
	size_t i, n;

	if (at == 0 || p[at - 1] != '\t' || len - at > 1024)
		return 0;
	p += at;
	len -= at;
	i = find(p, len, ".go:");
	if (i == len)
		return 0;
	i += 4;
	n = digits(p + i, len - i);
	i += n;
	if (n > 0 && (i == len || begins(p + i, len - i, " +0x")))
		return RAID_TRACE_PLACE_GO;
	return 0;
}

static unsigned
stars_class(const unsigned char *p, size_t len)
{
	if (!begins(p, len, "*** "))
		return 0;
	if (begins(p, len, "*** Error in `") ||
	    begins(p, len, "*** stack smashing detected ***") ||
	    begins(p, len, "*** buffer overflow detected ***") ||
	    begins(p, len, "*** Check failure stack trace: ***") ||
	    begins(p, len, "*** Aborted at ") ||
	    (begins(p, len, "*** SIG") &&
	    find(p, len, "stack trace: ***") < len))
		return RAID_TRACE_STARS;
	return 0;
}

static unsigned
s_class(const unsigned char *p, size_t len)
{
	if (len < 8)
		return 0;
	switch (p[1]) {
	case 't':
		if (begins(p, len, "Stack backtrace:"))
			return RAID_TRACE_STACK_RUST;
		return begins(p, len, "Stack trace:") && len < 16 ?
		    RAID_TRACE_STACK_PHP : 0;
	case 'I':
		return begins(p, len, "SIGSEGV: segm") ||
		    begins(p, len, "SIGABRT: abort") ||
		    begins(p, len, "SIGQUIT: quit") ||
		    begins(p, len, "SIGBUS: bus") ||
		    begins(p, len, "SIGFPE: float") ||
		    begins(p, len, "SIGILL: illegal") ?
		    RAID_TRACE_PANIC_GO : 0;
	case 'U':
		return begins(p, len, "SUMMARY: ") &&
		    find(p, len < 48 ? len : 48, "Sanitizer: ") < 48 ?
		    RAID_TRACE_SUMMARY : 0;
	}
	return 0;
}

static unsigned
p_class(const unsigned char *p, size_t len)
{
	if (begins(p, len, "Program received signal ") ||
	    begins(p, len, "Program terminated with signal "))
		return RAID_TRACE_SIGNAL_GDB;
	if (begins(p, len, "PHP Fatal error:  Uncaught "))
		return RAID_TRACE_FATAL_PHP;
	if (begins(p, len, "PHP Stack trace:"))
		return RAID_TRACE_STACK_PHP;
	return 0;
}

static unsigned
t_class(const unsigned char *p, size_t len)
{
	if (begins(p, len, "thread '"))
		return find(p, len < 512 ? len : 512, " panicked at ") < len ||
		    find(p, len, " has overflowed its stack") < len ?
		    RAID_TRACE_PANIC_RUST : 0;
	if (begins(p, len, "terminate called "))
		return RAID_TRACE_TERMINATE;
	return 0;
}

static unsigned
upper_t_class(const unsigned char *p, size_t len)
{
	if (begins(p, len, "ThreadSanitizer: "))
		return begins(p + 17, len - 17, "reported ") ? 0 :
		    RAID_TRACE_SANITIZER;
	if (begins(p, len, "Thread ") &&
	    find(p, len < 128 ? len : 128, " received signal ") < len)
		return RAID_TRACE_SIGNAL_GDB;
	return 0;
}

/* "fatal error: " is said by others, too: the messages of the runtime. */
static unsigned
fatal_go_class(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "all goroutines are asleep",
	    "concurrent map ", "stack overflow", "unexpected signal",
	    "fault", "sync: ", "runtime: ", "found bad pointer", "malloc ",
	    "bad ", "no goroutines", "goroutine " };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (begins(p, len, words[i]))
			return RAID_TRACE_PANIC_GO;
	return 0;
}

static unsigned
f_class(const unsigned char *p, size_t len)
{
	if (begins(p, len, "File \""))
		return find(p, len, "\", line ") < len ?
		    RAID_TRACE_FILE_PYTHON : 0;
	if (begins(p, len, "Fatal Python error: "))
		return RAID_TRACE_FATAL_PYTHON;
	if (begins(p, len, "Fatal error: Uncaught "))
		return RAID_TRACE_FATAL_PHP;
	if (begins(p, len, "fatal error: "))
		return fatal_go_class(p + 13, len - 13);
	if (begins(p, len, "file://"))
		return excerpt_class(p, len);
	if (begins(p, len, "from ")) {
		size_t i = find(p, len, ":in ");

		return i + 5 < len && is_digit(p[i - 1]) &&
		    one_of("`'", p[i + 4]) ? RAID_TRACE_FROM_RUBY : 0;
	}
	return 0;
}

static unsigned
w_class(const unsigned char *p, size_t len)
{
	if (begins(p, len, "WARNING: ThreadSanitizer: "))
		return RAID_TRACE_SANITIZER;
	return begins(p, len, "WARNING: DATA RACE") ? RAID_TRACE_RACE_GO : 0;
}

static unsigned
routine_class(const unsigned char *p, size_t len)
{
	size_t n;

	if (!begins(p, len, "goroutine ") || p[len - 1] != ':')
		return 0;
	n = digits(p + 10, len - 10);
	return n > 0 && begins(p + 10 + n, len - 10 - n, " ") &&
	    find(p, len, "[") < len ? RAID_TRACE_ROUTINE_GO : 0;
}

/* "@     0x7f3b  name" of glog. */
static unsigned
at_sign_class(const unsigned char *p, size_t len)
{
	size_t i = 1;

	while (i < len && is_blank(p[i]))
		i++;
	return i > 1 && begins(p + i, len - i, "0x") &&
	    xdigits(p + i + 2, len - i - 2) > 3 ? RAID_TRACE_AT_SIGN : 0;
}

/* What the first byte tells; len > at. */
static unsigned
first_class(const unsigned char *line, size_t at, size_t len)
{
	const unsigned char *p = line + at;
	size_t n = len - at;

	switch (*p) {
	case 'a':
		return n > 6 && p[1] == 't' && p[2] == ' ' ?
		    raid_trace_at_class(p, n, at > 0 && is_blank(p[-1]) ?
		    1 + (at > 1 && is_blank(p[-2])) : 0) : 0;
	case '#': return raid_trace_number_class(p, n);
	case '=': return equals_class(p, n);
	case '*': return stars_class(p, n);
	case '@': return at_sign_class(p, n);
	case '-': return n > 6 && begins(p, n, "---> ") &&
	    (is_alpha(p[5]) || p[5] == '(') ? RAID_TRACE_INNER_NET : 0;
	case '/':
		return p[n - 1] >= '0' && p[n - 1] <= '9' &&
		    excerpt_class(p, n) ? RAID_TRACE_EXCERPT_JS :
		    place_go_class(line, at, len);
	case '<':
	case 'n': return n > 6 ? excerpt_class(p, n) : 0;
	case '[':
		if (begins(p, n, "[eval]:"))
			return excerpt_class(p, n);
		return begins(p, n, "[stacktrace]") ? RAID_TRACE_STACK_PHP : 0;
	case 'A': return begins(p, n, "AddressSanitizer:DEADLYSIGNAL") ?
	    RAID_TRACE_SANITIZER : 0;
	case 'D': return n == 9 && begins(p, n, "DATA RACE") ?
	    RAID_TRACE_RACE_GO : 0;
	case 'E': return begins(p, n, "Exception in thread ") ?
	    RAID_TRACE_HEAD : 0;
	case 'P': return p_class(p, n);
	case 'S': return s_class(p, n);
	case 'T': return upper_t_class(p, n);
	case 'W': return w_class(p, n);
	case 'F':
	case 'f': return f_class(p, n);
	case 'g': return routine_class(p, n);
	case 'p': return begins(p, n, "panic: ") ? RAID_TRACE_PANIC_GO : 0;
	case 's': return begins(p, n, "stack backtrace:") ?
	    RAID_TRACE_STACK_RUST : 0;
	case 't': return t_class(p, n);
	}
	return 0;
}

/* "x.rb:12:in `m'", and no word before it. */
static unsigned
ruby_class(const unsigned char *p, size_t len)
{
	size_t i = find(p, len, ":in ");

	if (i + 5 >= len || i == 0 || !is_digit(p[i - 1]) ||
	    !one_of("`'", p[i + 4]) || memchr(p, ' ', i) != NULL)
		return 0;
	return RAID_TRACE_IN_RUBY;
}

/* "./a.out(main+0x1d) [0x55]" */
static unsigned
symbol_class(const unsigned char *p, size_t len)
{
	size_t i = len - 1, n = 0;

	while (i > 0 && is_xdigit(p[i - 1]) && n < 17) {
		i--;
		n++;
	}
	if (n < 3 || i < 6 || memcmp(p + i - 3, "[0x", 3) != 0)
		return 0;
	i -= 3;
	if (p[i - 1] == ' ')
		i--;
	return p[i - 1] == ')' && memchr(p, ' ', i) == NULL &&
	    memchr(p, '(', i) != NULL ? RAID_TRACE_SYMBOL : 0;
}

/* "main::f(1) called at x.pl line 2" */
static unsigned
called_perl_class(const unsigned char *p, size_t len)
{
	size_t i = find(p, len, " called at "), n;

	if (i == len || !(is_name(*p)) || memchr(p, '\0', i) != NULL)
		return 0;
	i = raid_trace_rfind(p, len, " line ");
	n = i < len ? digits(p + i + 6, len - i - 6) : 0;
	return n > 0 && i + 7 + n >= len ? RAID_TRACE_CALLED_PERL : 0;
}

/* What the last byte tells; len > 8. */
static unsigned
last_class(const unsigned char *p, size_t at, size_t len)
{
	switch (p[len - 1]) {
	case ':':
		if (ends(p, len, "(most recent call last):") &&
		    (ends(p, len - 24, "Traceback ") ||
		    ends(p, len - 24, "Stack ")))
			return RAID_TRACE_PYTHON;
		break;
	case ']':
		if (is_xdigit(p[len - 2]))
			return symbol_class(p + at, len - at);
		break;
	case '\'':
		return ruby_class(p + at, len - at);
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
	case '.':
		if (at > 0 && p[at - 1] == '\t')
			return called_perl_class(p + at, len - at);
		break;
	}
	return 0;
}

/*
 * Bit (b & 31) for each second byte b of what begins with the first; and for
 * each byte before the last.  Ordinary lines are told by these two, without
 * a branch for each.
 */
#define B(c) (UINT32_C(1) << ((c) & 31))
#define DIGITS UINT32_C(0x03ff0000)
#define ANY UINT32_C(0xffffffff)
static const uint32_t first_bits[256] = {
	['a'] = B('t'), ['f'] = B('a') | B('i') | B('r'), ['g'] = B('o'),
	['n'] = B('o'), ['p'] = B('a'), ['s'] = B('t'),
	['t'] = B('h') | B('e'), ['A'] = B('d'), ['D'] = B('A'),
	['E'] = B('x'), ['F'] = B('i') | B('a'), ['P'] = B('r') | B('H'),
	['S'] = B('t') | B('I') | B('U'), ['T'] = B('h'), ['W'] = B('A'),
	['#'] = DIGITS, ['='] = B('='), ['*'] = B('*'),
	['@'] = B(' ') | B('\t'), ['-'] = B('-'), ['/'] = ANY, ['<'] = B('a'),
	['['] = B('s') | B('e')
};
static const uint32_t last_bits[256] = {
	[':'] = B(')'), ['\''] = ANY, ['n'] = B('o'), ['r'] = B('o'),
	[']'] = DIGITS | B('a') | B('b') | B('c') | B('d') | B('e') | B('f')
};

/* "a.b.Error: why", "a.b.Error [CODE]: why", "a.b.Error" */
static int
is_head(const unsigned char *p, size_t len)
{
	const unsigned char *q = memchr(p, ':', len < 128 ? len : 128);

	if (q == NULL)
		q = p + len;
	if (q - p < 5 || !((q[-2] == 'o' && (q[-1] == 'n' || q[-1] == 'r')) ||
	    q[-1] == ']'))
		return 0;
	return raid_trace_type_len(p, len) > 0;
}

unsigned
raid_trace_classify(const unsigned char *p, size_t at, size_t len, int head)
{
	const unsigned char *q = p + at;
	unsigned class = 0;

	if (len < at + 6)
		return 0;
	if (first_bits[q[0]] >> (q[1] & 31) & 1)
		class = first_class(p, at, len);
	if (class == 0 && ((last_bits[p[len - 1]] >> (p[len - 2] & 31) & 1) |
	    (at > 0 && q[-1] == '\t')) && len - at > 8)
		class = last_class(p, at, len);
	if (head && class == 0 && is_head(q, len - at))
		class = RAID_TRACE_HEAD;
	return class;
}

unsigned
raid_trace_class(const unsigned char *p, size_t len, size_t message)
{
	size_t at = trace_start(p, len, message);
	int head = at == 0 || at < message;

	while (len > 0 && is_blank(p[len - 1]))
		len--;
	while (at < len && is_blank(p[at]))
		at++;
	/* Behind a header they are not looked for: that would be dear, and
	 * those that the header has swallowed are most. */
	return raid_trace_classify(p, at, len, head);
}
