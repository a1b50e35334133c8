/* SPDX-License-Identifier: ISC */
/* Headers that were found, by the shapes of their lines. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/bytes.h"
#include "logs/header_scan.h"

#define CHUNK 16		/* bytes that are looked at together */
#define SHAPE 128		/* bytes of a shape, some chunks */
#define SETS 64			/* a power of two */
#define WAYS 24			/* entries of a set */

struct entry {
	unsigned char shape[SHAPE];
	struct raid_header_known known;
};

/* Shapes that begin alike. */
struct set {
	size_t n;		/* of the entries */
	size_t next;		/* of them that goes where there is no room */
	uint64_t last[WAYS];	/* the last 8 bytes that were seen: they differ
				 * most */
	size_t seen[WAYS];
	struct entry *v[WAYS];
};

struct raid_header_memo {
	struct set brief[SETS];	/* by one chunk, */
	struct set sets[SETS];	/* and by two, where as much was seen */

	/* The line that was asked for, and what is found in it. */
	unsigned char shape[SHAPE];
	size_t len;		/* of its shape */
	uint64_t hash[2];	/* of one and two chunks */
	struct raid_header_known found;
};

struct raid_header_memo *
raid_header_memo_new(void)
{
	return raid_calloc(1, sizeof(struct raid_header_memo));
}

static void
free_sets(struct set *v)
{
	for (size_t i = 0; i < SETS; i++)
		for (size_t k = 0; k < v[i].n; k++)
			free(v[i].v[k]);
}

void
raid_header_memo_free(struct raid_header_memo *memo)
{
	if (memo == NULL)
		return;
	free_sets(memo->brief);
	free_sets(memo->sets);
	free(memo);
}

/* The shape of a line: all digits are one. */
static void
find_shape(struct raid_header_memo *m, const unsigned char *p, size_t len)
{
	unsigned char v[CHUNK];

	for (m->len = 0; m->len < SHAPE && m->len + CHUNK <= len;
	    m->len += CHUNK) {
		memcpy(v, p + m->len, CHUNK);
		for (size_t i = 0; i < CHUNK; i++)
			v[i] = (unsigned char)(v[i] - '0') < 10 ? '0' : v[i];
		memcpy(m->shape + m->len, v, CHUNK);
	}
}

static uint64_t
hash_chunk(uint64_t h, const unsigned char *p)
{
	for (size_t i = 0; i < CHUNK; i += 8)
		h = raid_bytes_hash(h, raid_bytes_8(p + i));
	return h;
}

static const struct raid_header_known *
find_in(const struct raid_header_memo *m, const struct set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		size_t seen = set->seen[i];

		if (seen <= m->len &&
		    set->last[i] == raid_bytes_8(m->shape + seen - 8) &&
		    memcmp(set->v[i]->shape, m->shape, seen) == 0)
			return &set->v[i]->known;
	}
	return NULL;
}

const struct raid_header_known *
raid_header_memo_find(struct raid_header_memo *m, const unsigned char *p,
    size_t len)
{
	const struct raid_header_known *k;

	find_shape(m, p, len);
	if (m->len < 2 * CHUNK)
		return NULL;
	m->hash[0] = hash_chunk(0, m->shape);
	m->hash[1] = hash_chunk(m->hash[0], m->shape + CHUNK);
	k = find_in(m, &m->sets[m->hash[1] & (SETS - 1)]);
	return k != NULL ? k : find_in(m, &m->brief[m->hash[0] & (SETS - 1)]);
}

struct raid_header_known *
raid_header_memo_place(struct raid_header_memo *m)
{
	return &m->found;
}

void
raid_header_memo_keep(struct raid_header_memo *m)
{
	size_t seen = m->found.scan.seen, i;
	struct set *set;

	if (m->len < 2 * CHUNK || seen > m->len || seen < 8)
		return;
	set = seen < 2 * CHUNK ? &m->brief[m->hash[0] & (SETS - 1)] :
	    &m->sets[m->hash[1] & (SETS - 1)];
	i = set->next;
	if (set->n < WAYS) {
		i = set->n++;
		set->v[i] = raid_malloc(sizeof(*set->v[i]));
	} else
		set->next = (set->next + 1) % WAYS;
	set->last[i] = raid_bytes_8(m->shape + seen - 8);
	set->seen[i] = seen;
	memcpy(set->v[i]->shape, m->shape, m->len);
	set->v[i]->known = m->found;
}
