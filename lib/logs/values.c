/* SPDX-License-Identifier: ISC */
#include "logs/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LATE 100	/* values before one that is quoted */
#define QUOTE_MAX 300	/* bytes */

static uint32_t
hash_of(const unsigned char *p, size_t len)
{
	uint64_t h = len * UINT64_C(0x9e3779b97f4a7c15), w;
	uint32_t part;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * UINT64_C(0xd1b54a32d192ed03);
		h ^= h >> 32;
	}
	w = 0;
	if (len & 4) {
		memcpy(&part, p, 4);
		w = part;
		p += 4;
	}
	for (len &= 3; len > 0; p++, len--)
		w = w << 8 | *p;
	h = (h ^ w) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(h >> 32);
}

static size_t
rarest(const struct raid_values *s)
{
	size_t at = 0;

	for (size_t i = 1; i < s->n; i++)
		if (s->count[i] < s->count[at])
			at = i;
	return at;
}

/* The place of a value, or n. */
static size_t
find(const struct raid_values *s, uint32_t hash)
{
	size_t i = 0;

	while (i < s->n && s->hash[i] != hash)
		i++;
	return i;
}

/* Room for a new value: its count says how often it may have been before. */
static size_t
make_room(struct raid_values *s)
{
	size_t at;

	if (s->n < RAID_VALUES)
		return s->n++;
	at = rarest(s);
	free(s->v[at].quote);
	s->v[at].quote = NULL;
	s->evicted = 1;
	return at;
}

void
raid_values_add(struct raid_values *s, const unsigned char *p, size_t len,
    uint64_t times, const struct raid_value_at *where)
{
	uint32_t hash = hash_of(p, len), n;
	struct raid_value *v;
	size_t at = find(s, hash);

	n = times > UINT32_MAX - s->total ? UINT32_MAX - s->total :
	    (uint32_t)times;
	s->total += n;
	if (at < s->n) {
		s->count[at] += n;
		return;
	}
	s->seen[hash >> 6 & 3] |= UINT64_C(1) << (hash & 63);
	/* Where nearly each is another one, none is frequent. */
	if (s->evicted && s->total > 64 && (hash >> 8 & 7) != 0)
		return;
	at = make_room(s);
	s->hash[at] = hash;
	s->count[at] += n;
	v = &s->v[at];
	v->line = where->line;
	if (len > RAID_VALUE_MAX)
		len = RAID_VALUE_MAX;
	memcpy(v->text, p, len);
	v->text[len] = '\0';
	if (s->total > LATE && !s->evicted)
		v->quote = raid_strndup((const char *)where->quote,
		    where->quote_len < QUOTE_MAX ? where->quote_len :
		    QUOTE_MAX);
}

void
raid_values_join(struct raid_values *a, struct raid_values *b)
{
	a->total = a->total > UINT32_MAX - b->total ? UINT32_MAX :
	    a->total + b->total;
	a->evicted |= b->evicted;
	for (size_t i = 0; i < 4; i++)
		a->seen[i] |= b->seen[i];
	for (size_t i = 0; i < b->n; i++) {
		size_t at = find(a, b->hash[i]);

		if (at < a->n) {
			a->count[at] += b->count[i];
			if (b->v[i].line < a->v[at].line)
				a->v[at].line = b->v[i].line;
			continue;
		}
		if (a->n == RAID_VALUES &&
		    a->count[rarest(a)] >= b->count[i]) {
			a->evicted = 1;
			continue;
		}
		at = make_room(a);
		a->hash[at] = b->hash[i];
		a->count[at] = b->count[i];
		a->v[at] = b->v[i];
		b->v[i].quote = NULL;
	}
	raid_values_clear(b);
}

void
raid_values_clear(struct raid_values *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].quote);
	*s = (struct raid_values){ .word = s->word };
}

static int
by_count(const void *a, const void *b)
{
	const struct raid_value *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void
raid_values_sort(struct raid_values *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->v[i].count = s->count[i];
	qsort(s->v, s->n, sizeof(*s->v), by_count);
}

size_t
raid_values_distinct(const struct raid_values *s)
{
	double zero = 0, n;

	if (!s->evicted)
		return s->n;
	for (size_t i = 0; i < 256; i++)
		zero += !(s->seen[i >> 6] >> (i & 63) & 1);
	if (zero == 0)
		return RAID_VALUES_MANY;
	n = -256 * log(zero / 256);
	return n > RAID_VALUES_MANY ? RAID_VALUES_MANY : (size_t)(n + 0.5);
}
