/* SPDX-License-Identifier: ISC */
/* Frames of Python, Ruby, PHP, and of machine code. */
#include <stdio.h>

#include "logs/trace_priv.h"

static void
set(struct found *f, enum language lang, const unsigned char *function,
    size_t nfunction, const unsigned char *place, size_t nplace)
{
	raid_trace_copy(f->f.function, sizeof(f->f.function), function,
	    nfunction);
	raid_trace_copy_end(f->f.place, sizeof(f->f.place), place, nplace);
	f->hash = raid_trace_hash(TRACE_HASH0, function, nfunction);
	f->hash = raid_trace_hash_file(f->hash, f->f.place);
	f->tier = raid_trace_tier(lang, f->f.function, f->f.place);
}

/* File "x.py", line 12, in f */
int
raid_trace_python(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t len = x->len, file, i, n;
	char place[TRACE_LOOK + 32];

	if (!begins(p, len, "File \""))
		return 0;
	p += 6;
	len -= 6;
	file = find(p, len, "\", line ");
	if (file == len)
		return 0;
	i = file + 8;
	n = digits(p + i, len - i);
	snprintf(place, sizeof(place), "%.*s:%.*s", (int)file,
	    (const char *)p, (int)(n < 20 ? n : 20), (const char *)p + i);
	i += n;
	if (begins(p + i, len - i, ", in "))
		i += 5;
	else if (begins(p + i, len - i, " in "))
		i += 4;
	else
		i = len;
	set(f, LANG_PYTHON, p + i, len - i, (const unsigned char *)place,
	    strlen(place));
	return 1;
}

/* [from ]x.rb:12:in `m'[: why (Type)] */
int
raid_trace_ruby(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t len = x->len, at, end;

	if (begins(p, len, "from ")) {
		p += 5;
		len -= 5;
	}
	at = find(p, len, ":in ");
	if (at + 5 >= len || at == 0 || !is_digit(p[at - 1]) ||
	    !one_of("`'", p[at + 4]))
		return 0;
	end = at + 5;
	while (end < len && p[end] != '\'')
		end++;
	set(f, LANG_RUBY, p + at + 5, end - at - 5, p, at);
	return 1;
}

/* Behind "#12" and its blanks; len if there is no such thing. */
static size_t
behind_number(const unsigned char *p, size_t len)
{
	size_t i, n;

	if (len < 4 || *p != '#')
		return len;
	n = digits(p + 1, len - 1);
	i = n + 1;
	if (n == 0 || n > 4 || i == len || !is_blank(p[i]))
		return len;
	while (i < len && is_blank(p[i]))
		i++;
	return i;
}

/* Where "(12): " of "/x.php(12): f()" is; len. */
static size_t
line_php(const unsigned char *p, size_t len)
{
	size_t i, k;

	if (!(*p == '/' || (len > 2 && is_alpha(*p) && p[1] == ':' &&
	    p[2] == '\\') || find(p, len, ".php(") < len))
		return len;
	i = find(p, len, "): ");
	k = i;
	while (k > 0 && is_digit(p[k - 1]))
		k--;
	return i < len && k < i && k > 0 && p[k - 1] == '(' ? k - 1 : len;
}

/* "f (x=1) at x.c:12", "f () from /lib/x.so" */
static int
is_gdb(const unsigned char *p, size_t len)
{
	size_t i = raid_trace_rfind(p, len, ") from /");

	if (find(p, len, " (") == len)
		return 0;
	if (i < len)
		return memchr(p + i + 7, ' ', len - i - 7) == NULL;
	i = raid_trace_rfind(p, len, ") at ");
	return i < len && is_digit(p[len - 1]) &&
	    memchr(p + i + 5, ' ', len - i - 5) == NULL;
}

unsigned
raid_trace_number_class(const unsigned char *p, size_t len)
{
	size_t i, n;

	if (len > TRACE_LOOK)
		len = TRACE_LOOK;
	i = behind_number(p, len);
	if (i == len)
		return 0;
	p += i;
	len -= i;
	if (begins(p, len, "0x")) {
		n = xdigits(p + 2, len - 2);
		return n > 3 && 2 + n < len && p[2 + n] == ' ' ?
		    RAID_TRACE_NUMBER : 0;
	}
	if (begins(p, len, "[internal function]: ") ||
	    (len == 6 && begins(p, len, "{main}")) || line_php(p, len) < len)
		return RAID_TRACE_NUMBER_PHP;
	if (is_gdb(p, len) || (p[len - 1] == ')' &&
	    (find(p, len, "+0x") < len || find(p, len, "(BuildId: ") < len)))
		return RAID_TRACE_NUMBER;
	return 0;
}

/* "f (args) at x.c:12": function and place. */
static void
set_gdb(struct found *f, const unsigned char *p, size_t len)
{
	size_t name = find(p, len, " ("), at = raid_trace_rfind(p, len,
	    ") at "), n = 5;

	if (at == len) {
		at = raid_trace_rfind(p, len, ") from ");
		n = 7;
	}
	if (at == len)
		n = 0;
	set(f, LANG_C, p, name, p + at + n, len - at - n);
}

/* "f /x.c:12:3 (a.out+0x1d) (BuildId: 12)" */
static void
set_sanitizer(struct found *f, const unsigned char *p, size_t len)
{
	size_t i = raid_trace_rfind(p, len, " (BuildId: "), module, nmodule;

	len = i;
	module = raid_trace_rfind(p, len, "(");
	nmodule = 0;
	i = module < len ? find(p + module, len - module, "+0x") : 0;
	if (module < len && i < len - module && p[len - 1] == ')') {
		nmodule = i - 1;
		len = module;
		while (len > 0 && is_blank(p[len - 1]))
			len--;
	}
	if (ends(p, len, " <null>"))
		len -= 7;
	i = raid_trace_rfind(p, len, " ");
	if (i < len && (p[i + 1] == '/' || (is_digit(p[len - 1]) &&
	    memchr(p + i, ':', len - i) != NULL)))
		set(f, LANG_C, p, i, p + i + 1, len - i - 1);
	else
		set(f, LANG_C, p, len, p + module + 1, nmodule);
}

int
raid_trace_number(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t len = x->len, i, n;

	if (raid_trace_number_class(p, len) != RAID_TRACE_NUMBER)
		return 0;
	i = behind_number(p, len);
	if (begins(p + i, len - i, "0x"))
		i += 3 + xdigits(p + i + 2, len - i - 2);
	if (begins(p + i, len - i, "in "))
		i += 3;
	p += i;
	len -= i;
	n = raid_trace_rfind(p, len, " + 0x");
	if (n < len && p[len - 1] == ')') {	/* "f (libc.so.6 + 0x8d)" */
		i = raid_trace_rfind(p, n, " (");
		if (i < n) {
			set(f, LANG_C, p, i, p + i + 2, n - i - 2);
			return 1;
		}
	}
	if (is_gdb(p, len) || ends(p, len, " ()"))
		set_gdb(f, p, len);
	else
		set_sanitizer(f, p, len);
	return 1;
}

int
raid_trace_number_php(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t i, len = x->len, place, name;
	char s[128];

	if (raid_trace_number_class(p, len) != RAID_TRACE_NUMBER_PHP)
		return 0;
	i = behind_number(p, len);
	p += i;
	len -= i;
	place = line_php(p, len);
	i = find(p, len, ": ");
	if (i == len || (place == len && *p != '[')) {
		set(f, LANG_PHP, p, len, p, 0);
		f->tier = TIER_RUNTIME;
		return 1;
	}
	if (place < len) {	/* as "/x.php:12" */
		raid_trace_copy_end(s, sizeof(s), p, find(p, len, "): "));
		for (size_t k = strlen(s); k > 0; k--)
			if (s[k - 1] == '(') {
				s[k - 1] = ':';
				break;
			}
		i = find(p, len, "): ") + 1;
	} else
		raid_trace_copy(s, sizeof(s), p, i);
	i += 2;
	name = find(p + i, len - i, "(");
	set(f, LANG_PHP, p + i, name, (unsigned char *)s, strlen(s));
	return 1;
}

/* ./a.out(main+0x1d) [0x55] */
int
raid_trace_symbol(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t open = find(p, x->len, "("), end;

	if (open == x->len)
		return 0;
	end = raid_trace_rfind(p, x->len, ")");
	if (end == x->len || end < open)
		return 0;
	end = open + 1 + find(p + open + 1, end - open - 1, "+0x");
	set(f, LANG_C, p + open + 1, end - open - 1, p, open);
	return 1;
}

/* ==1==    at 0x1091E8: use (c.c:8) */
int
raid_trace_valgrind(const struct text *x, struct found *f)
{
	const unsigned char *p = x->p;
	size_t i = 0, len = x->len, n, open;

	while (i < len && (one_of("= \t", p[i]) || is_digit(p[i])))
		i++;
	p += i;
	len -= i;
	if (!begins(p, len, "at 0x") && !begins(p, len, "by 0x"))
		return 0;
	n = 5 + xdigits(p + 5, len - 5);
	if (!begins(p + n, len - n, ": "))
		return 0;
	p += n + 2;
	len -= n + 2;
	open = raid_trace_rfind(p, len, " (");
	n = open < len ? len - open - 2 : 0;
	if (n > 0 && p[len - 1] == ')')
		n--;
	i = open < len ? open + 2 : 0;
	if (begins(p + i, n, "in ")) {
		i += 3;
		n -= 3;
	}
	set(f, LANG_C, p, open, p + i, n);
	return 1;
}
