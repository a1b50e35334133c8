/* SPDX-License-Identifier: ISC */
/* "at f (x:1)": frames of Java, JavaScript and .NET. */
#include "logs/trace_priv.h"

struct at {
	const unsigned char *name, *place;
	size_t nname, nplace;
};

/* Length of ":12" or ":12:34" at the end of p; 0. */
static size_t
line_number(const unsigned char *p, size_t len, int *numbers)
{
	size_t i = len, n;

	for (*numbers = 0; *numbers < 2; ++*numbers) {
		for (n = i; n > 0 && is_digit(p[n - 1]);)
			n--;
		if (n == i || n == 0 || p[n - 1] != ':')
			break;
		i = n - 1;
	}
	return len - i;
}

/* Is it "C.java:12" or what stands in its place? */
static int
is_place_java(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "Native Method",
	    "Unknown Source", "<generated>", "<unknown>", "<Unknown>",
	    "Compiled Code", "Interpreted Code" };
	int numbers;
	size_t n;

	for (size_t i = 0; len > 0 && one_of("NU<CI", *p) &&
	    i < sizeof(words) / sizeof(*words); i++)
		if (begins(p, len, words[i]))
			return 1;
	n = line_number(p, len, &numbers);
	if (len == 0 || n == len || numbers > 1)
		return n == len && len > 0;
	for (size_t i = 0; i < len - n; i++)
		if (!is_name(p[i]) && !one_of(".-<>", p[i]))
			return 0;
	return n > 0 || ends(p, len, ".java") || ends(p, len, ".kt") ||
	    ends(p, len, ".scala") || ends(p, len, ".groovy") ||
	    ends(p, len, ".clj");
}

static int
is_place_js(const unsigned char *p, size_t len)
{
	int numbers, letter = 0, dot = 0;
	size_t n = line_number(p, len, &numbers);

	if (begins(p, len, "<anonymous>") || begins(p, len, "node:"))
		return 1;
	if (numbers < 2)
		return 0;
	for (size_t i = 0; i < len - n; i++) {
		if (p[i] == ' ')
			return 0;
		if (p[i] == '/' || p[i] == '\\')
			letter = 0;
		letter |= is_alpha(p[i]);
		dot |= p[i] == '.' || p[i] == '/';
	}
	return letter && dot;
}

static int
is_name_of(const unsigned char *p, size_t len, const char *also)
{
	int dot = 0;

	if (len < 3 || is_digit(p[0]))
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (!is_name(p[i]) && !one_of(also, p[i]))
			return 0;
		dot |= p[i] == '.';
	}
	return dot && p[0] != '.' && p[len - 1] != '.';
}

/* "f (x.js:1:2)"; inner is what stands between the brackets. */
static unsigned
spaced_class(const unsigned char *inner, size_t len,
    const unsigned char *tail, size_t ntail)
{
	if (begins(tail, ntail, " [0x"))
		return RAID_TRACE_AT_NET;	/* Mono */
	if (ntail > 0)
		return 0;
	if (is_place_js(inner, len) || begins(inner, len, "eval at ") ||
	    (begins(inner, len, "index ") && is_digit(inner[len - 1])) ||
	    (len == 6 && begins(inner, len, "native")))
		return RAID_TRACE_AT_JS;
	return 0;
}

static void
set_place_net(struct at *a, const unsigned char *tail, size_t ntail)
{
	a->place = tail;
	a->nplace = 0;
	if (begins(tail, ntail, " in ")) {
		a->place += 4;
		a->nplace = ntail - 4;
	}
}

/* "f(...)": inner, and what is behind it. */
static unsigned
called_class(struct at *a, const unsigned char *inner, size_t len,
    const unsigned char *tail, size_t ntail)
{
	if ((ntail == 0 || begins(tail, ntail, " ~[") ||
	    begins(tail, ntail, " [")) && is_place_java(inner, len) &&
	    is_name_of(a->name, a->nname, ".<>/@-+~")) {
		a->place = inner;
		a->nplace = len;
		return RAID_TRACE_AT_JAVA;
	}
	if (!is_name_of(a->name, a->nname, ".<>`|[],+&~-="))
		return 0;
	set_place_net(a, tail, ntail);
	if (a->nplace > 0)
		return find(a->place, a->nplace, ":line ") < a->nplace ?
		    RAID_TRACE_AT_NET : 0;
	for (size_t i = 0; i < len; i++)
		if (!is_name(inner[i]) && !one_of(" .,[]`<>&*?+()", inner[i]))
			return 0;
	return ntail == 0 ? RAID_TRACE_AT_WEAK : 0;
}

static unsigned
bare_class(struct at *a, size_t indent)
{
	if (!is_place_js(a->name, a->nname))
		return 0;
	a->place = a->name;
	a->nplace = a->nname;
	a->nname = 0;
	return indent > 1 ? RAID_TRACE_AT_JS : RAID_TRACE_AT_WEAK;
}

/* p begins with "at ". */
static unsigned
parse(struct at *a, const unsigned char *p, size_t len, size_t indent)
{
	const unsigned char *open, *inner, *tail;
	size_t close, n;
	unsigned class;

	if (len > TRACE_LOOK)
		return 0;
	p += 3;
	len -= 3;
	while (len > 0 && is_blank(*p)) {
		p++;
		len--;
	}
	if (ends(p, len, " {"))
		len -= 2;
	else if (ends(p, len, ","))
		len--;
	if (begins(p, len, "async ")) {
		p += 6;
		len -= 6;
	}
	a->name = p;
	a->nname = len;
	open = len > 3 ? memchr(p, '(', len) : NULL;
	if (open == NULL || open == p)
		return bare_class(a, indent);
	a->nname = (size_t)(open - p);
	inner = open + 1;
	len -= a->nname + 1;
	close = find(inner, len, ") in ");
	if (close == len)
		close = raid_trace_rfind(inner, len, ")");
	if (close == len)
		return 0;
	tail = inner + close + 1;
	n = len - close - 1;
	if (open[-1] != ' ')
		return called_class(a, inner, close, tail, n);
	a->nname--;
	class = spaced_class(inner, close, tail, n);
	a->place = inner;
	a->nplace = close;
	if (class == RAID_TRACE_AT_NET)
		set_place_net(a, tail + (find(tail, n, " in ") < n ?
		    find(tail, n, " in ") : 0), n - find(tail, n, " in "));
	return class;
}

unsigned
raid_trace_at_class(const unsigned char *p, size_t len, size_t indent)
{
	struct at a;

	return parse(&a, p, len, indent);
}

/* The name without its module, "java.base/" or "app//". */
static void
strip_module(struct at *a)
{
	for (size_t i = a->nname; i > 0; i--)
		if (a->name[i - 1] == '/' && i < a->nname &&
		    !is_digit(a->name[i])) {
			a->name += i;
			a->nname -= i;
			return;
		}
}

/* Numbers behind a dollar are of classes that the runtime made. */
static uint64_t
hash_java(const unsigned char *p, size_t len)
{
	uint64_t h = TRACE_HASH0;
	int dollar = 0;
	size_t n;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '$' && i > 0 && p[i - 1] == '$') {
			n = xdigits(p + i + 1, len - i - 1);
			if (n >= 6)
				i += n;
		}
		dollar |= p[i] == '$';
		if (dollar && p[i] == '/')	/* "Lambda$14/0x00007f" */
			while (i + 1 < len && p[i + 1] != '.')
				i++;
		else if (!is_digit(p[i]) || !(dollar ||
		    ends(p, i, "Accessor")))
			h = raid_trace_hash(h, p + i, 1);
		else if (!dollar)
			i += digits(p + i, len - i) - 1;
	}
	return h;
}

int
raid_trace_at(const struct text *x, struct found *f)
{
	struct at a;
	unsigned class;

	if (x->len < 7 || !text_begins(x, "at "))
		return 0;
	class = parse(&a, x->p, x->len, 2);
	if (class == 0)
		return 0;
	if (class == RAID_TRACE_AT_JAVA) {
		strip_module(&a);
		f->hash = hash_java(a.name, a.nname);
	} else {
		if (class == RAID_TRACE_AT_JS)
			a.nname = find(a.name, a.nname, " [as ");
		f->hash = raid_trace_hash(TRACE_HASH0, a.name, a.nname);
	}
	raid_trace_copy(f->f.function, sizeof(f->f.function), a.name, a.nname);
	raid_trace_copy_end(f->f.place, sizeof(f->f.place), a.place, a.nplace);
	if (class == RAID_TRACE_AT_JS || a.nname == 0)
		f->hash = raid_trace_hash_file(f->hash, f->f.place);
	f->tier = raid_trace_tier(class == RAID_TRACE_AT_JAVA ? LANG_JAVA :
	    class == RAID_TRACE_AT_JS || a.nname == 0 ? LANG_JS : LANG_NET,
	    f->f.function, f->f.place);
	return 1;
}
