/* SPDX-License-Identifier: ISC */
/*
 * Header, pairs, time and words of lines, each of which has its own storage,
 * so that a byte read behind it is seen.  Another line of the same shape
 * leads to the same header.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "logs/header.h"
#include "logs/lines.h"
#include "logs/logtime.h"
#include "logs/mask.h"

#define YEARS (INT64_C(1) << 46)	/* milliseconds; over 2,000 years */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A time lies within its text and within the years that are. */
static void
look_time(const unsigned char *p, size_t len)
{
	struct raid_logtime t;
	struct raid_err err;
	char arg[64];
	int64_t ms;
	int missing;
	size_t n = raid_logtime_len(p, len, &t);

	assert(n <= len && (n > 0) == (raid_logtime(p, len, &t) == 0));
	if (n > 0) {
		assert(t.ms > -YEARS && t.ms < YEARS);
		ms = raid_logtime_settle(&t, INT64_C(1700000000000));
		assert(ms > -YEARS && ms < YEARS);
	}
	n = len < sizeof(arg) ? len : sizeof(arg) - 1;
	memcpy(arg, p, n);
	arg[n] = '\0';
	if (raid_logtime_arg(arg, 0, NULL, &ms, &missing, &err) == -1)
		assert(err.code == RAID_EUSAGE);
}

static void
look_words(const unsigned char *p, size_t len)
{
	struct raid_word words[RAID_MASK_WORDS];
	struct raid_mask m = { .v = words };
	uint64_t hash;

	raid_mask(&m, p, len);
	assert(m.n <= RAID_MASK_WORDS);
	hash = m.n;
	for (size_t i = 0; i < m.n; i++) {
		const struct raid_word *w = &m.v[i];

		assert(w->off <= len && w->blank < 2);
		if (w->kind != RAID_WORD_MARK)
			assert(w->len <= len - w->off);
		else
			assert(w->len == p[w->off]);
		hash += raid_mask_mix(w->hash, i);
	}
	assert(hash == m.hash);
}

/* The hash of a word is of its bytes, wherever it stands. */
static void
look_hash(const unsigned char *p, size_t len)
{
	struct raid_word words[RAID_MASK_WORDS], own[RAID_MASK_WORDS];
	struct raid_mask m = { .v = words }, one = { .v = own };
	unsigned char *copy;

	raid_mask(&m, p, len);
	for (size_t i = 0; i < m.n; i++) {
		const struct raid_word *w = &m.v[i];

		if (w->kind != RAID_WORD_TEXT)
			continue;
		copy = malloc(w->len);
		assert(copy != NULL);
		memcpy(copy, p + w->off, w->len);
		raid_mask(&one, copy, w->len);
		if (one.n == 1 && one.v[0].kind == RAID_WORD_TEXT)
			assert(one.v[0].hash == w->hash);
		free(copy);
	}
}

static int
same(const struct raid_header *a, const struct raid_header *b)
{
	return a->end == b->end && a->time == b->time &&
	    a->time_len == b->time_len && a->level == b->level;
}

/* Whatever lines were before, and whatever its digits are. */
static void
look_header(const unsigned char *line, size_t len)
{
	static struct raid_header_memo *memo;
	struct raid_header h, by;
	unsigned char *p = malloc(len > 0 ? len : 1);
	uint32_t seed = 1;

	assert(p != NULL);
	if (len > 0)
		memcpy(p, line, len);
	if (memo == NULL)
		memo = raid_header_memo_new();
	for (int k = 0; k < 4; k++) {
		raid_header(&h, p, len);
		raid_header_by(memo, &by, p, len);
		assert(same(&h, &by));
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			if (p[i] >= '0' && p[i] <= '9' && seed >> 30 == 0)
				p[i] = (unsigned char)('0' + (seed >> 8) % 10);
		}
	}
	free(p);
}

static void
look(void *arg, const unsigned char *line, size_t len)
{
	struct raid_header h;
	unsigned char *p = malloc(len > 0 ? len : 1);

	(void)arg;
	assert(p != NULL);
	if (len > 0)
		memcpy(p, line, len);
	raid_header(&h, p, len);
	assert(h.end <= len && h.time <= len && h.time_len <= len - h.time);
	assert(len == 0 || h.end < len);
	assert((int)h.level >= 0 && h.level <= RAID_LEVEL_FATAL);
	look_header(p, len);
	look_time(p + h.time, h.time_len);
	look_time(p, len);
	look_words(p + h.end, len - h.end);
	look_hash(p + h.end, len - h.end);
	free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_loglines l;

	look(NULL, p, len);
	raid_loglines_init(&l, look, NULL);
	raid_loglines_add(&l, p, len / 2);
	raid_loglines_add(&l, p + len / 2, len - len / 2);
	raid_loglines_end(&l);
	raid_loglines_free(&l);
	return 0;
}
