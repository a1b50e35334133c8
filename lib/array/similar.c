/* SPDX-License-Identifier: ISC */
#include "array/similar.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define WORDS 3		/* in a shingle */

struct shingles {
	uint64_t *v;
	size_t n, cap;
};

static void
add(struct shingles *s, uint64_t hash)
{
	s->v = raid_grow(s->v, &s->cap, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = hash;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* FNV-1a, of 8 bytes at a time. */
static uint64_t
mix(uint64_t hash, uint64_t v)
{
	return (hash ^ v) * 0x100000001b3;
}

/* The shingles of a text, sorted, each once.  One that has fewer words than
 * a shingle is one itself. */
static void
make(struct shingles *s, const char *text, size_t len)
{
	char *folded = raid_utf8_fold(text, len);
	const unsigned char *p = (const unsigned char *)folded;
	uint64_t last[WORDS] = { 0 }, word = 0, all = 0;
	size_t words = 0, left = strlen(folded), n;
	uint32_t c;

	for (;; p += n, left -= n) {
		n = raid_utf8_next(p, left, &c);
		if (n > 0 && raid_utf8_isword(c)) {
			word = mix(word, c);
			continue;
		}
		if (word != 0) {
			all = mix(all, word);
			last[words++ % WORDS] = word;
			word = 0;
			if (words >= WORDS)
				add(s, mix(mix(mix(1, last[words % WORDS]),
				    last[(words + 1) % WORDS]),
				    last[(words + 2) % WORDS]));
		}
		if (n == 0)
			break;
	}
	if (words > 0 && words < WORDS)
		add(s, all);
	free(folded);
	if (s->n > 1)
		qsort(s->v, s->n, sizeof(*s->v), compare);
	n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (i == 0 || s->v[i] != s->v[i - 1])
			s->v[n++] = s->v[i];
	s->n = n;
}

double
raid_similar(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct shingles s = { 0 }, t = { 0 };
	size_t i = 0, j = 0, both = 0, least;

	make(&s, a, a_len);
	make(&t, b, b_len);
	while (i < s.n && j < t.n) {
		if (s.v[i] == t.v[j]) {
			both++;
			i++;
			j++;
		} else if (s.v[i] < t.v[j]) {
			i++;
		} else {
			j++;
		}
	}
	least = s.n < t.n ? s.n : t.n;
	free(s.v);
	free(t.v);
	return least == 0 ? 0 : (double)both / (double)least;
}
