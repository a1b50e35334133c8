/* SPDX-License-Identifier: ISC */
#include "logs/mask.h"

#include "logs/bytes.h"
#include "logs/mask_priv.h"

#define SELDOM(x) __builtin_expect(x, 0)

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

/* What is masked: len bytes at p; v is where its words are. */
struct text {
	struct raid_word *v;
	const unsigned char *p;
	size_t len;
};

/* A word, before it is known what it is: n bytes at i. */
struct piece {
	size_t i, n;
	size_t dots;
	unsigned flags;
	int blank;		/* blanks stand before it */
};

static inline int
is_mark(const struct raid_word *w, unsigned char c)
{
	return w->kind == RAID_WORD_MARK && w->len == c;
}

/* A hash of the n bytes at t->p + i, as add_letters makes it, too. */
static uint64_t
hash_of(const struct text *t, size_t i, size_t n)
{
	uint64_t h = RAID_WORD_SLOT_HASH;

	for (; n >= 8; i += 8, n -= 8)
		h = raid_bytes_hash(h, raid_bytes_8(t->p + i));
	return raid_bytes_hash(h, raid_bytes_some(t->p, i, t->len) &
	    raid_bytes_low(n));
}

/* The next word; it was text. */
static inline struct raid_word *
push(struct raid_word *w, struct piece k, uint64_t hash)
{
	w->hash = hash;
	w->off = (uint32_t)k.i;
	w->len = (uint32_t)k.n;
	w->slot = 0;
	w->last_off = w->last_len = 0;
	w->kind = RAID_WORD_TEXT;
	w->blank = (uint8_t)k.blank;
	return w + 1;
}

static inline struct raid_word *
push_mark(struct raid_word *w, struct piece k, unsigned char c)
{
	k.n = c;
	w = push(w, k, c);
	w[-1].kind = RAID_WORD_MARK;
	return w;
}

static inline struct raid_word *
push_slot(struct raid_word *w, struct piece k, unsigned slot)
{
	w = push(w, k, RAID_WORD_SLOT_HASH);
	w[-1].kind = RAID_WORD_SLOT;
	w[-1].slot = (uint16_t)slot;
	return w;
}

/*
 * A slot joins the one before it when nothing but blanks, a colon or a comma
 * is between: lists of any length, and addresses with ports.
 */
static struct raid_word *
add_slot(const struct text *t, struct raid_word *w, const struct piece *k,
    unsigned slot)
{
	if (w > t->v && w[-1].kind == RAID_WORD_MARK) {
		if (w[-1].len == '<' && w[-1].blank && !k->blank &&
		    slot & (RAID_SLOT_NUM | RAID_SLOT_DURATION))
			w--;		/* "less than": part of a number */
		if (w > t->v + 1 && w[-2].kind == RAID_WORD_SLOT) {
			if (is_mark(w - 1, ',')) {
				w[-2].slot |= RAID_SLOT_MANY;
				return w - 1;
			}
			if (is_mark(w - 1, ':') && !k->blank && !w[-1].blank) {
				if (!(w[-2].slot & RAID_SLOT_IP))
					w[-2].slot |= (uint16_t)slot;
				return w - 1;
			}
		}
	}
	if (w > t->v && w[-1].kind == RAID_WORD_SLOT) {
		w[-1].slot |= RAID_SLOT_MANY;
		w[-1].last_off = (uint16_t)k->i;
		w[-1].last_len = (uint16_t)k->n;
		return w;
	}
	return push_slot(w, *k, slot);
}

/* Behind a slot and a blank, what has no digits may be its unit. */
static inline int
may_be_unit(const struct text *t, const struct raid_word *w, int blank)
{
	return blank && w > t->v && w[-1].kind == RAID_WORD_SLOT;
}

/* Is it the unit or zone of the slot before it? */
static int
is_unit(const struct text *t, struct raid_word *last, const struct piece *k)
{
	const unsigned char *p = t->p + k->i;
	unsigned slot;

	slot = last->slot == RAID_SLOT_NUM ?
	    raid_mask_unit(p, k->n, t->len - k->i) :
	    k->n < 5 ? raid_mask_zone(p, k->n) : 0;
	if (slot == 0)
		return 0;
	last->slot = (uint16_t)slot;
	return 1;
}

/* "18846 bytes (18.4 KB)": a size that is said again in brackets. */
static int
is_again(const struct raid_word *w, size_t n)
{
	return n > 2 && w[-1].kind == RAID_WORD_SLOT &&
	    w[-1].slot & RAID_SLOT_SIZE && is_mark(w - 2, '(') &&
	    w[-3].kind == RAID_WORD_SLOT && w[-3].slot & RAID_SLOT_SIZE;
}

/* A mark that may mean more: what it takes is k->n. */
static struct raid_word *
add_mark(const struct text *t, struct raid_word *w, struct piece *k)
{
	const unsigned char *p = t->p + k->i;
	size_t left = t->len - k->i, n = (size_t)(w - t->v);

	k->n = 1;
	if (*p == ':' && left > 3 && p[1] == '/' && p[2] == '/' && n > 0 &&
	    !k->blank && w[-1].kind == RAID_WORD_TEXT) {
		w[-1].kind = RAID_WORD_SLOT;
		w[-1].slot = RAID_SLOT_URL;
		w[-1].hash = RAID_WORD_SLOT_HASH;
		k->n = raid_mask_url(p, left);
		return w;
	}
	if (*p == '.')			/* a leader is one mark */
		while (k->n < left && p[k->n] == '.')
			k->n++;
	if (*p == ')') {
		if (is_again(w, n))
			return w - 2;
		/* "10.0.0.7 ()": a value that is empty. */
		if (n > 1 && n < RAID_MASK_WORDS - 1 && !k->blank &&
		    is_mark(w - 1, '(') && w[-1].blank &&
		    w[-2].kind == RAID_WORD_SLOT)
			w = push_slot(w, (struct piece){ .i = k->i }, 0);
	}
	return push_mark(w, *k, *p);
}

/* Six pairs of digits and more, of which the first is at k, are one word. */
static struct raid_word *
add_pairs(const struct text *t, struct raid_word *w, struct piece *k)
{
	const unsigned char *p = t->p + k->i;
	size_t n = raid_mask_pairs(p, t->len - k->i);

	if (n == 0)
		return w;
	k->n = n;
	return add_slot(t, w, k, p[0] <= '9' && p[1] <= '9' ?
	    RAID_SLOT_NUM : RAID_SLOT_ID);
}

/* A word whose flags and length are known. */
static struct raid_word *
add_known(const struct text *t, struct raid_word *w, struct piece *k)
{
	unsigned slot;

	if (SELDOM(k->n == 2) && k->i + 2 < t->len &&
	    t->p[k->i + 2] == ':') {
		w = add_pairs(t, w, k);
		if (k->n > 2)
			return w;
	}
	if (!(k->flags & W_DIGIT) && may_be_unit(t, w, k->blank) &&
	    is_unit(t, w - 1, k))
		return w;
	slot = raid_mask_slot(t->p + k->i, k->n, t->len - k->i, k->flags,
	    k->dots);
	return slot != 0 ? add_slot(t, w, k, slot) :
	    push(w, *k, hash_of(t, k->i, k->n));
}

/* A word of any bytes; two dots in a row end it. */
static struct raid_word *
add_any(const struct text *t, struct raid_word *w, struct piece *k)
{
	const unsigned char *p = t->p;
	size_t i = k->i, len = t->len;
	unsigned c, flags = 0;

	for (k->dots = 0; i < len; i++) {
		c = raid_mask_class[p[i]];
		if (c & (W_SPACE | W_STOP | W_DOT)) {
			if (!(c & W_DOT) || (i + 1 < len && p[i + 1] == '.'))
				break;
			k->dots++;
		}
		flags |= c;
	}
	k->n = i - k->i;
	if (k->n == 0)
		return add_mark(t, w, k);
	k->flags = flags;
	return add_known(t, w, k);
}

/* Does a word end at t->p + i? */
static inline int
is_end(const struct text *t, size_t i)
{
	return i >= t->len ||
	    raid_mask_class[t->p[i]] & (W_SPACE | W_STOP);
}

/* First letters of units and zones: BCEGJKMPTU bghkmnsu. */
#define UNITS UINT64_C(0x0028698400312cac)

/* May the letters at k->i be more than a word: a unit, a date, pairs? */
static inline int
is_special(const struct text *t, const struct raid_word *w,
    const struct piece *k)
{
	const unsigned char *p = t->p + k->i;

	if (UNITS >> (*p & 63) & 1 && may_be_unit(t, w, k->blank))
		return 1;
	return k->n < 4 && (k->n == 3 ? *p < 'a' : k->n == 2 &&
	    k->i + 2 < t->len && p[2] == ':');
}

/* The word of letters that begins at k->i, if it is no more than that. */
static inline struct raid_word *
add_letters(const struct text *t, struct raid_word *w, struct piece *k)
{
	uint64_t h = RAID_WORD_SLOT_HASH, x;
	size_t i = k->i, n;

	for (;; i += 8) {
		x = raid_bytes_some(t->p, i, t->len);
		n = raid_bytes_run(raid_bytes_between(x | RAID_BYTES(0x20),
		    'a', 'z'));
		if (n < 8)
			break;
		h = raid_bytes_hash(h, x);
	}
	i += n;
	if (SELDOM(!is_end(t, i)))
		return add_any(t, w, k);
	k->n = i - k->i;
	if (SELDOM(is_special(t, w, k))) {
		k->flags = W_LETTER;
		k->dots = 0;
		return add_known(t, w, k);
	}
	return push(w, *k, raid_bytes_hash(h, x & raid_bytes_low(n)));
}

/* The same for digits. */
static inline struct raid_word *
add_digits(const struct text *t, struct raid_word *w, struct piece *k)
{
	size_t i = k->i, n;

	do {
		n = raid_bytes_run(raid_bytes_between(
		    raid_bytes_some(t->p, i, t->len), '0', '9'));
		i += n;
	} while (n == 8);
	if (SELDOM(!is_end(t, i)))
		return add_any(t, w, k);
	k->n = i - k->i;
	k->flags = W_DIGIT;
	k->dots = 0;
	return k->n == 2 ? add_known(t, w, k) :
	    add_slot(t, w, k, RAID_SLOT_NUM);
}

void
raid_mask(struct raid_mask *m, const unsigned char *p, size_t len)
{
	struct text t = { m->v, p, len < RAID_MASK_BYTES ? len :
	    RAID_MASK_BYTES };
	struct raid_word *w = m->v;
	struct piece k = { 0, 0, 0, 0, 0 };
	unsigned c;

	while (k.i < t.len && w < m->v + RAID_MASK_WORDS) {
		c = raid_mask_class[p[k.i]];
		if (c & W_SPACE) {
			k.blank = 1;
			k.i++;
			continue;
		}
		if (c & W_LETTER)
			w = add_letters(&t, w, &k);
		else if (c & W_DIGIT)
			w = add_digits(&t, w, &k);
		else if ((c & (W_STOP | W_MORE)) == W_STOP) {
			w = push_mark(w, k, p[k.i]);
			k.n = 1;
		} else if (c & W_STOP)
			w = add_mark(&t, w, &k);
		else
			w = add_any(&t, w, &k);
		k.i += k.n;
		k.blank = 0;
	}
	m->cut = k.i < len;
	m->n = (size_t)(w - m->v);
	m->hash = m->n;
	for (size_t i = 0; i < m->n; i++)
		m->hash += raid_mask_mix(m->v[i].hash, i);
}
