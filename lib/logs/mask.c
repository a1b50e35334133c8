/* SPDX-License-Identifier: ISC */
#include "logs/mask.h"

#include <string.h>

enum {
	SPACE = 1, MARK = 2, DIGIT = 4, HEX = 8, LETTER = 16, UPPER = 32,
	DOT = 64, DASH = 128, SLASH = 256, AT = 512, OTHER = 1024
};

#define M MARK
#define L LETTER
#define H (LETTER | HEX)
#define U (LETTER | UPPER)
#define V (LETTER | UPPER | HEX)
static const uint16_t class[256] = {
	SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE,
	SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE,
	SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE,
	SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE, SPACE,
	SPACE, OTHER, M, OTHER, OTHER, OTHER, OTHER, M,		/* !"#$%&' */
	M, M, OTHER, OTHER, M, DASH, DOT, SLASH,		/* ()*+,-./ */
	DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
	DIGIT, DIGIT, M, M, M, M, M, OTHER,			/* 89:;<=>? */
	AT, V, V, V, V, V, V, U, U, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U, U, U, U, M, SLASH, M, OTHER, OTHER,
	M, H, H, H, H, H, H, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, M, M, M, OTHER, SPACE,
	[128] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L
};
#undef M
#undef L
#undef H
#undef U
#undef V

static const char *const slot_names[] = { "num", "ip", "host", "uuid", "hex",
    "path", "url", "email", "time", "duration", "size", "text", "id", "*",
    "*" };

const char *
raid_slot_name(unsigned slot)
{
	for (size_t i = 0; i < sizeof(slot_names) / sizeof(*slot_names); i++)
		if (slot == 1U << i)
			return slot_names[i];
	return "*";
}

uint64_t
raid_mask_mix(uint64_t hash, size_t i)
{
	uint64_t x = hash + (i + 1) * UINT64_C(0xd1b54a32d192ed03);

	x = (x ^ x >> 31) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 29;
}

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

/* The unit of a number, as its own word or behind the digits. */
static unsigned
unit(const unsigned char *p, size_t len)
{
	static const char *const spans[] = { "ns", "us", "ms", "s", "sec",
	    "secs", "second", "seconds", "msec", "msecs", "usec", "min",
	    "mins", "minute", "minutes", "hour", "hours", "milliseconds",
	    "microseconds", "nanoseconds", NULL };
	static const char *const sizes[] = { "B", "b", "byte", "bytes", "kB",
	    "KB", "K", "k", "Kbytes", "KiB", "MB", "M", "MiB", "GB", "G",
	    "GiB", "TB", "T", "TiB", "kb", "mb", "gb", NULL };

	if (len > 12)
		return 0;
	switch (*p) {
	case 'n': case 'u': case 's': case 'h':
		return is_one(spans, p, len) ? RAID_SLOT_DURATION : 0;
	case 'm':
		if (is_one(spans, p, len))
			return RAID_SLOT_DURATION;
		/* FALLTHROUGH */
	case 'B': case 'b': case 'k': case 'K': case 'M': case 'G':
	case 'T': case 'g':
		return is_one(sizes, p, len) ? RAID_SLOT_SIZE : 0;
	}
	return 0;
}

/* The zone behind a time. */
static unsigned
zone(const unsigned char *p, size_t len)
{
	static const char *const zones[] = { "UTC", "GMT", "EST", "EDT",
	    "CST", "CDT", "MST", "MDT", "PST", "PDT", "CET", "CEST", "MSK",
	    "JST", NULL };

	return is_one(zones, p, len) ? RAID_SLOT_TIME : 0;
}

static size_t
count(const unsigned char *p, size_t len, unsigned char c)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += p[i] == c;
	return n;
}

/* The kind of a word that has a digit. */
static unsigned
digits_slot(const unsigned char *p, size_t len, unsigned flags)
{
	size_t i = 0;

	if ((flags & ~(unsigned)(DIGIT | DOT)) == 0) {
		i = count(p, len, '.');
		return i == 3 && p[len - 1] != '.' ? RAID_SLOT_IP :
		    i < 3 ? RAID_SLOT_NUM : RAID_SLOT_ID;
	}
	if (flags & SLASH && (*p == '/' || *p == '\\'))
		return RAID_SLOT_PATH;
	if (flags & AT && *p != '@')
		return RAID_SLOT_EMAIL;
	if ((flags & ~(unsigned)(DIGIT | HEX | LETTER | UPPER)) == 0) {
		if (len > 2 && *p == '0' && p[1] == 'x')
			return RAID_SLOT_HEX;
		while (i < len && class[p[i]] & (DIGIT | HEX))
			i++;
		if (i == len && len >= 4)
			return RAID_SLOT_HEX;
	}
	if (len == 36 && p[8] == '-' && p[13] == '-' && p[18] == '-' &&
	    p[23] == '-')
		return RAID_SLOT_UUID;
	for (i = *p == '-' || *p == '+'; i < len && class[p[i]] &
	    (DIGIT | DOT);)
		i++;
	if (i == len || (i + 1 == len && p[i] == '%'))
		return RAID_SLOT_NUM;
	if (i > 0 && class[p[0]] & (DIGIT | DASH)) {
		unsigned u = unit(p + i, len - i);

		if (u != 0)
			return u;
	}
	if (count(p, len, '.') >= 2 && flags & LETTER)
		return RAID_SLOT_HOST;
	return RAID_SLOT_ID;
}

static int
is_date_word(const unsigned char *p, size_t len)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr",
	    "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon",
	    "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL };

	return len == 3 && class[*p] & UPPER && is_one(names, p, len);
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

/* The kind of slot that a word is by its looks, 0 for a literal. */
static unsigned
word_slot(const unsigned char *p, size_t len, size_t left, unsigned flags)
{
	size_t dots, i;

	if (flags & DIGIT)
		return digits_slot(p, len, flags);
	if (flags & SLASH && len > 1 && (*p == '/' || *p == '\\'))
		return RAID_SLOT_PATH;
	if (flags & AT && *p != '@' && p[len - 1] != '@' && flags & DOT)
		return RAID_SLOT_EMAIL;
	if (flags & DOT && flags & LETTER &&
	    !(flags & (UPPER | SLASH | OTHER)) && p[len - 1] != '.') {
		dots = count(p, len, '.');
		if ((dots >= 2 && is_domain(p, len)) ||
		    (left > len + 1 && p[len] == ':' &&
		    class[p[len + 1]] & DIGIT))
			return RAID_SLOT_HOST;
	}
	if (is_date_word(p, len)) {
		for (i = len; i < left && p[i] == ' ';)
			i++;
		if (i < left && (class[p[i]] & DIGIT || (left - i >= 3 &&
		    is_date_word(p + i, 3))))
			return RAID_SLOT_TIME;
	}
	return 0;
}

static int
is_mark(const struct raid_word *w, unsigned char c)
{
	return w->kind == RAID_WORD_MARK && w->len == c;
}

/*
 * A slot joins the one before it when nothing but blanks, a colon or a comma
 * is between: lists of any length, and addresses with ports.
 */
static void
add_slot(struct raid_mask *m, const struct raid_word *w)
{
	struct raid_word *last = &m->v[m->n];

	if (m->n > 0 && is_mark(last - 1, '<') && !last[-1].slot &&
	    w->slot & (RAID_SLOT_NUM | RAID_SLOT_DURATION) &&
	    last[-1].blank && !w->blank) {
		m->n--;			/* "less than": part of a number */
		last--;
	}
	if (m->n > 1 && last[-2].kind == RAID_WORD_SLOT &&
	    ((is_mark(last - 1, ':') && !w->blank && !last[-1].blank) ||
	    is_mark(last - 1, ','))) {
		if (is_mark(last - 1, ','))
			last[-2].slot |= RAID_SLOT_MANY;
		else if (!(last[-2].slot & RAID_SLOT_IP))
			last[-2].slot |= w->slot;
		m->n--;
		return;
	}
	if (m->n > 0 && last[-1].kind == RAID_WORD_SLOT) {
		last[-1].slot |= RAID_SLOT_MANY;
		return;
	}
	m->v[m->n++] = *w;
}

/* "18846 bytes (18.4 KB)": a size that is said again in brackets. */
static int
drop_again(struct raid_mask *m)
{
	struct raid_word *w = &m->v[m->n];

	if (m->n < 3 || w[-1].kind != RAID_WORD_SLOT ||
	    !(w[-1].slot & RAID_SLOT_SIZE) || !is_mark(w - 2, '(') ||
	    w[-3].kind != RAID_WORD_SLOT || !(w[-3].slot & RAID_SLOT_SIZE))
		return 0;
	m->n -= 2;
	return 1;
}

static void
add_word(struct raid_mask *m, const unsigned char *p, size_t left,
    struct raid_word *w, unsigned flags)
{
	struct raid_word *last = m->n > 0 ? &m->v[m->n - 1] : NULL;
	unsigned u;

	if (last != NULL && last->kind == RAID_WORD_SLOT && w->blank &&
	    !(flags & DIGIT)) {
		u = last->slot == RAID_SLOT_NUM ? unit(p, w->len) :
		    w->len < 5 ? zone(p, w->len) : 0;
		if (u != 0) {
			last->slot = (uint16_t)u;
			return;
		}
	}
	w->slot = (uint16_t)word_slot(p, w->len, left, flags);
	if (w->slot == 0) {
		w->kind = RAID_WORD_TEXT;
		m->v[m->n++] = *w;
		return;
	}
	w->kind = RAID_WORD_SLOT;
	w->hash = RAID_WORD_SLOT_HASH;
	add_slot(m, w);
}

/* Length of the pairs of digits, "00:0d:60:e9:23:6a", at p; else 0. */
static size_t
pairs_len(const unsigned char *p, size_t left)
{
	size_t i = 0, n = 0;

	while (i + 2 <= left && class[p[i]] & (DIGIT | HEX) &&
	    class[p[i + 1]] & (DIGIT | HEX)) {
		n++;
		i += 2;
		if (i == left || p[i] != ':')
			break;
		i++;
	}
	return n >= 6 && (i == left || class[p[i]] & (SPACE | MARK)) ? i : 0;
}

/* Length of the address that begins at "://". */
static size_t
url_len(const unsigned char *p, size_t left)
{
	size_t i = 3;

	while (i < left && !(class[p[i]] & SPACE) &&
	    memchr("\"'<>)],", p[i], 7) == NULL)
		i++;
	return i;
}

static size_t
add_mark(struct raid_mask *m, const unsigned char *p, size_t left,
    struct raid_word *w)
{
	struct raid_word *last = m->n > 0 ? &m->v[m->n - 1] : NULL;

	if (left > 3 && p[0] == ':' && p[1] == '/' && p[2] == '/' &&
	    last != NULL && last->kind == RAID_WORD_TEXT && !w->blank) {
		last->kind = RAID_WORD_SLOT;
		last->slot = RAID_SLOT_URL;
		last->hash = RAID_WORD_SLOT_HASH;
		return url_len(p, left);
	}
	if (*p == ')' && drop_again(m))
		return 1;
	/* "10.0.0.7 ()": a value that is empty. */
	if (*p == ')' && m->n > 1 && !w->blank && is_mark(last, '(') &&
	    last->blank && last[-1].kind == RAID_WORD_SLOT &&
	    m->n < RAID_MASK_WORDS - 1) {
		last[1] = *w;
		last[1].kind = RAID_WORD_SLOT;
		last[1].hash = RAID_WORD_SLOT_HASH;
		last[1].slot = 0;
		last[1].len = 0;
		m->n++;
	}
	w->kind = RAID_WORD_MARK;
	w->len = *p;
	w->hash = *p;
	m->v[m->n++] = *w;
	return 1;
}

/* The end of the word at i; two dots in a row are a leader and end it. */
static size_t
word_end(const unsigned char *p, size_t i, size_t len, uint64_t *hash,
    unsigned *flags)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	unsigned f = 0, c;

	for (; i < len; i++) {
		c = class[p[i]];
		if (c & (SPACE | MARK))
			break;
		if (c & DOT && i + 1 < len && p[i + 1] == '.')
			break;
		f |= c;
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	}
	*hash = h;
	*flags = f;
	return i;
}

void
raid_mask(struct raid_mask *m, const unsigned char *p, size_t len)
{
	struct raid_word w = { 0 };
	size_t i = 0, end;
	unsigned flags;

	m->n = 0;
	m->hash = 0;
	m->cut = len > RAID_MASK_BYTES;
	if (m->cut)
		len = RAID_MASK_BYTES;
	while (i < len && m->n < RAID_MASK_WORDS) {
		if (class[p[i]] & SPACE) {
			w.blank = 1;
			i++;
			continue;
		}
		w.off = (uint32_t)i;
		w.slot = 0;
		end = word_end(p, i, len, &w.hash, &flags);
		if (end > i) {
			if (end - i == 2 && end < len && p[end] == ':' &&
			    pairs_len(p + i, len - i) > 0) {
				end = i + pairs_len(p + i, len - i);
				flags |= DIGIT;
			}
			w.len = (uint32_t)(end - i);
			add_word(m, p + i, len - i, &w, flags);
			i = end;
		} else if (p[i] == '.') {
			add_mark(m, p + i, len - i, &w);
			while (i < len && p[i] == '.')
				i++;
		} else
			i += add_mark(m, p + i, len - i, &w);
		w.blank = 0;
	}
	m->cut |= i < len;
	for (i = 0; i < m->n; i++)
		m->hash += raid_mask_mix(m->v[i].hash, i);
	m->hash += m->n;
}
