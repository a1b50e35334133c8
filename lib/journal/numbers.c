/* SPDX-License-Identifier: ISC */
#include "journal/numbers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct raid_numbers_slot {
	struct raid_key key;
	size_t value;
	int used;
};

/* The place of a key: where it stands, or the free one where it belongs. */
static struct raid_numbers_slot *
slot(const struct raid_numbers *t, struct raid_key key)
{
	uint64_t h = 0;
	size_t i;

	for (size_t k = 0; k < 4; k++) {
		h = (h ^ (uint64_t)key.v[k]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	for (i = h & (t->cap - 1); t->v[i].used; i = (i + 1) & (t->cap - 1))
		if (memcmp(&t->v[i].key, &key, sizeof(key)) == 0)
			break;
	return &t->v[i];
}

static void
grow(struct raid_numbers *t)
{
	struct raid_numbers bigger = { .n = t->n,
		.cap = t->cap != 0 ? 2 * t->cap : 64 };

	bigger.v = raid_calloc(bigger.cap, sizeof(*bigger.v));
	for (size_t i = 0; i < t->cap; i++)
		if (t->v[i].used)
			*slot(&bigger, t->v[i].key) = t->v[i];
	free(t->v);
	*t = bigger;
}

void
raid_numbers_set(struct raid_numbers *t, struct raid_key key, size_t value)
{
	struct raid_numbers_slot *s;

	if (2 * t->n >= t->cap)
		grow(t);
	s = slot(t, key);
	t->n += !s->used;
	*s = (struct raid_numbers_slot){ .key = key, .value = value,
		.used = 1 };
}

int
raid_numbers_get(const struct raid_numbers *t, struct raid_key key,
    size_t *value)
{
	const struct raid_numbers_slot *s;

	if (t->cap == 0)
		return 0;
	s = slot(t, key);
	if (s->used)
		*value = s->value;
	return s->used;
}

void
raid_numbers_free(struct raid_numbers *t)
{
	free(t->v);
	*t = (struct raid_numbers){ 0 };
}
