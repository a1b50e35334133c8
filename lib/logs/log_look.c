/* SPDX-License-Identifier: ISC */
/* What lines are, each by its own bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/log_priv.h"

/* Where the bytes of a line stay: in the block, or those that were made. */
static const unsigned char *
place(struct block *b, const unsigned char *p, size_t len)
{
	unsigned char *at;

	if (p >= b->p && p <= b->p + b->len)
		return p;
	/* What is cleaned gets no longer: all of a block have room. */
	if (b->clean == NULL)
		b->clean = raid_malloc(BLOCK + RAID_LOGLINE_MAX + 1);
	at = b->clean + b->nclean;
	memcpy(at, p, len);
	b->nclean += len;
	return at;
}

static void
take_line(void *arg, const unsigned char *p, size_t len)
{
	struct block *b = arg;
	struct raid_header h;
	struct record *r;

	b->v = raid_grow(b->v, &b->cap, b->n + 1, sizeof(*b->v));
	r = &b->v[b->n++];
	p = place(b, p, len);
	raid_header(&h, p, len);
	raid_mask(&b->mask, p + h.end, len - h.end);
	r->p = p;
	r->len = (uint32_t)len;
	r->message = (uint32_t)h.end;
	r->level = (uint8_t)h.level;
	r->hash = b->mask.hash;
	r->cut = b->mask.cut != 0;
	r->timed = h.time_len > 0 &&
	    raid_logtime(p + h.time, h.time_len, &r->time) == 0;
	r->trace = raid_trace_class(p, len, h.end);
	r->words = b->nword;
	r->nword = (uint16_t)b->mask.n;
	b->words = raid_grow(b->words, &b->word_cap, b->nword + b->mask.n,
	    sizeof(*b->words));
	memcpy(b->words + b->nword, b->mask.v,
	    b->mask.n * sizeof(*b->words));
	b->nword += b->mask.n;
}

void
raid_log_look(struct block *b)
{
	b->n = b->nword = b->nclean = 0;
	raid_loglines_add(&b->lines, b->p, b->len);
}

void
raid_log_block_init(struct block *b)
{
	*b = (struct block){ 0 };
	b->p = raid_malloc(BLOCK + RAID_LOGLINE_MAX + 1);
	raid_loglines_init(&b->lines, take_line, b);
}

void
raid_log_block_free(struct block *b)
{
	raid_loglines_free(&b->lines);
	free(b->p);
	free(b->clean);
	free(b->v);
	free(b->words);
}
