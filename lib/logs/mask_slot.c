/* SPDX-License-Identifier: ISC */
/* What a word is by its looks. */
#include <string.h>

#include "logs/bytes.h"
#include "logs/mask_priv.h"

#define S W_SPACE
#define M W_STOP
#define D W_DIGIT
#define O W_OTHER
#define L (W_LETTER | W_NOHEX)
#define H (W_LETTER | W_HEX)
#define U (W_LETTER | W_UPPER | W_NOHEX)
#define V (W_LETTER | W_UPPER | W_HEX)
const uint16_t raid_mask_class[256] = {
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, O, M, O, O, O, O, M,				/* !"#$%&' */
	M, M | W_MORE, O, O, M, W_DASH, W_DOT, W_SLASH,		/* ()*+,-./ */
	D, D, D, D, D, D, D, D, D, D, M | W_MORE, M, M, M, M, O,
	W_AT, V, V, V, V, V, V, U, U, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U, U, U, U, M, W_SLASH, M, O, O,
	M, H, H, H, H, H, H, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, M, M, M, O, S,
	[128] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L
};
#undef S
#undef M
#undef D
#undef O
#undef L
#undef H
#undef U
#undef V

/* Is p one of the words of the list, which ends with NULL? */
static int
is_one(const char *const *list, const unsigned char *p, size_t len)
{
	size_t k;

	for (; *list != NULL; list++) {
		for (k = 0; k < len && (*list)[k] == (char)p[k];)
			k++;
		if (k == len && (*list)[k] == '\0')
			return 1;
	}
	return 0;
}

/* The names of units, up to 8 bytes, by their first letter. */
struct unit {
	unsigned char text[8];
	unsigned slot;
};

#define SPAN(text) { text, RAID_SLOT_DURATION }
#define SIZE(text) { text, RAID_SLOT_SIZE }
#define UNITS(...) (const struct unit[]){ __VA_ARGS__, { "", 0 } }

static const struct unit *const units[128] = {
	['B'] = UNITS(SIZE("B")),
	['G'] = UNITS(SIZE("GB"), SIZE("G"), SIZE("GiB")),
	['K'] = UNITS(SIZE("KB"), SIZE("K"), SIZE("KiB"), SIZE("Kbytes")),
	['M'] = UNITS(SIZE("MB"), SIZE("M"), SIZE("MiB")),
	['T'] = UNITS(SIZE("TB"), SIZE("T"), SIZE("TiB")),
	['b'] = UNITS(SIZE("bytes"), SIZE("byte"), SIZE("b")),
	['g'] = UNITS(SIZE("gb")),
	['h'] = UNITS(SPAN("hours"), SPAN("hour")),
	['k'] = UNITS(SIZE("kB"), SIZE("kb"), SIZE("k")),
	['m'] = UNITS(SPAN("ms"), SPAN("msec"), SPAN("msecs"), SPAN("min"),
	    SPAN("mins"), SPAN("minute"), SPAN("minutes"), SIZE("mb")),
	['n'] = UNITS(SPAN("ns")),
	['s'] = UNITS(SPAN("s"), SPAN("sec"), SPAN("secs"), SPAN("second"),
	    SPAN("seconds")),
	['u'] = UNITS(SPAN("us"), SPAN("usec"))
};

unsigned
raid_mask_unit(const unsigned char *p, size_t len, size_t left)
{
	static const char *const spans[] = { "milliseconds", "microseconds",
	    "nanoseconds", NULL };
	const struct unit *u = *p < 128 ? units[*p] : NULL;
	uint64_t x;

	if (u == NULL)
		return 0;
	if (len >= 8)
		return is_one(spans, p, len) ? RAID_SLOT_DURATION : 0;
	x = raid_bytes_some(p, 0, left) & raid_bytes_low(len);
	for (; u->slot != 0; u++)
		if (raid_bytes_8(u->text) == x)
			return u->slot;
	return 0;
}

unsigned
raid_mask_zone(const unsigned char *p, size_t len)
{
	static const char *const zones[] = { "UTC", "GMT", "EST", "EDT",
	    "CST", "CDT", "MST", "MDT", "PST", "PDT", "CET", "CEST", "MSK",
	    "JST", NULL };

	return len > 2 && raid_mask_class[*p] & W_UPPER &&
	    is_one(zones, p, len) ? RAID_SLOT_TIME : 0;
}

/* The kind of a word that has a digit. */
static unsigned
digits_slot(const unsigned char *p, size_t len, size_t left, unsigned flags,
    size_t dots)
{
	size_t i;

	if ((flags & ~(unsigned)(W_DIGIT | W_DOT)) == 0)
		return dots < 3 ? RAID_SLOT_NUM : dots == 3 &&
		    p[len - 1] != '.' ? RAID_SLOT_IP : RAID_SLOT_ID;
	if (flags & W_SLASH && (*p == '/' || *p == '\\'))
		return RAID_SLOT_PATH;
	if (flags & W_AT && *p != '@')
		return RAID_SLOT_EMAIL;
	if ((flags & ~(unsigned)(W_DIGIT | W_LETTERS | W_NOHEX)) == 0 &&
	    (flags & W_NOHEX ? len > 2 && *p == '0' && p[1] == 'x' :
	    len >= 4))
		return RAID_SLOT_HEX;
	if (len == 36 && p[8] == '-' && p[13] == '-' && p[18] == '-' &&
	    p[23] == '-')
		return RAID_SLOT_UUID;
	for (i = *p == '-' || *p == '+'; i < len && raid_mask_class[p[i]] &
	    (W_DIGIT | W_DOT);)
		i++;
	if (i == len || (i + 1 == len && p[i] == '%'))
		return RAID_SLOT_NUM;
	if (i > 0 && raid_mask_class[p[0]] & (W_DIGIT | W_DASH)) {
		unsigned u = raid_mask_unit(p + i, len - i, left - i);

		if (u != 0)
			return u;
	}
	if (dots >= 2 && flags & W_LETTER)
		return RAID_SLOT_HOST;
	return RAID_SLOT_ID;
}

static int
is_date_word(const unsigned char *p, size_t len)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr",
	    "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon",
	    "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL };

	return len == 3 && raid_mask_class[*p] & W_UPPER &&
	    is_one(names, p, len);
}

/* Does a name with dots end as those of hosts do?  Others may be keys. */
static int
is_domain(const unsigned char *p, size_t len)
{
	static const char *const tops[] = { "com", "org", "net", "edu", "gov",
	    "mil", "int", "dev", "app", "arpa", "local", "localdomain",
	    "internal", "intern", "intranet", "lan", "home", "corp",
	    "example", "test", NULL };
	size_t n = 0;

	while (n < len && p[len - 1 - n] != '.')
		n++;
	return n == 2 || is_one(tops, p + len - n, n);
}

unsigned
raid_mask_slot(const unsigned char *p, size_t len, size_t left,
    unsigned flags, size_t dots)
{
	size_t i;

	if (flags & W_DIGIT)
		return digits_slot(p, len, left, flags, dots);
	if (flags & W_SLASH && len > 1 && (*p == '/' || *p == '\\'))
		return RAID_SLOT_PATH;
	if (flags & W_AT && *p != '@' && p[len - 1] != '@' &&
	    flags & W_DOT)
		return RAID_SLOT_EMAIL;
	if (dots > 0 && flags & W_LETTER &&
	    !(flags & (W_UPPER | W_SLASH | W_OTHER)) && p[len - 1] != '.' &&
	    ((dots >= 2 && is_domain(p, len)) || (left > len + 1 &&
	    p[len] == ':' && raid_mask_class[p[len + 1]] & W_DIGIT)))
		return RAID_SLOT_HOST;
	if (is_date_word(p, len)) {
		for (i = len; i < left && p[i] == ' ';)
			i++;
		if (i < left && (raid_mask_class[p[i]] & W_DIGIT ||
		    (left - i >= 3 && is_date_word(p + i, 3))))
			return RAID_SLOT_TIME;
	}
	return 0;
}

size_t
raid_mask_pairs(const unsigned char *p, size_t left)
{
	size_t i = 0, n = 0;

	while (i + 2 <= left && raid_mask_class[p[i]] & (W_DIGIT | W_HEX) &&
	    raid_mask_class[p[i + 1]] & (W_DIGIT | W_HEX)) {
		n++;
		i += 2;
		if (i == left || p[i] != ':')
			break;
		i++;
	}
	return n >= 6 && (i == left ||
	    raid_mask_class[p[i]] & (W_SPACE | W_STOP)) ? i : 0;
}

size_t
raid_mask_url(const unsigned char *p, size_t left)
{
	size_t i = 3;

	while (i < left && !(raid_mask_class[p[i]] & W_SPACE) &&
	    memchr("\"'<>)],", p[i], 7) == NULL)
		i++;
	return i;
}
