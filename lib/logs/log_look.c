/* SPDX-License-Identifier: ISC */
/* What lines are, each by its own bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "logs/log_priv.h"

#define JUNK_LOOK 512		/* bytes of a line that tell that it is text */

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

/*
 * Is it no text?  More than a fifth of its bytes, of which there are at
 * least a few, are no UTF-8.
 */
static int
is_junk(const unsigned char *p, size_t len)
{
	size_t bad = 0, n;
	uint32_t c;

	if (len > JUNK_LOOK)
		len = JUNK_LOOK;
	if (len < 8)
		return 0;
	for (size_t i = 0; i < len; i += n > 0 ? n : 1) {
		n = raid_utf8_next(p + i, len - i, &c);
		bad += n == 0;
	}
	return bad > len / 5;
}

static void
take_line(void *arg, const unsigned char *p, size_t len)
{
	struct block *b = arg;
	struct raid_header h;
	struct raid_mask m;
	struct record *r;
	int junk;

	if (b->n == b->cap)
		b->v = raid_grow(b->v, &b->cap, b->n + 1, sizeof(*b->v));
	if (b->word_cap - b->nword < RAID_MASK_WORDS)
		b->words = raid_grow(b->words, &b->word_cap,
		    b->nword + RAID_MASK_WORDS, sizeof(*b->words));
	r = &b->v[b->n++];
	p = place(b, p, len);
	raid_header_by(b->headers, &h, p, len);
	junk = !b->lines.ascii && is_junk(p, len);
	if (junk)
		h.end = len;
	m.v = b->words + b->nword;
	raid_mask(&m, p + h.end, len - h.end);
	r->p = p;
	r->len = (uint32_t)len;
	r->message = (uint32_t)h.end;
	r->level = (uint8_t)h.level;
	r->hash = m.hash;
	r->cut = junk || m.cut;
	r->timed = h.time_len > 0 &&
	    raid_logtime(p + h.time, h.time_len, &r->time) == 0;
	r->trace = raid_trace_class(p, len, h.end);
	/* What begins with a time is none but behind the stamps of CI. */
	r->build = h.time_len > 0 && h.time == 0 && *p != '2' ? 0 :
	    raid_build_class(p, len);
	r->key = raid_keyline_begins(p, len) != 0;
	r->words = b->nword;
	r->nword = (uint16_t)m.n;
	b->nword += m.n;
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
	b->headers = raid_header_memo_new();
	raid_loglines_init(&b->lines, take_line, b);
}

void
raid_log_block_free(struct block *b)
{
	raid_loglines_free(&b->lines);
	raid_header_memo_free(b->headers);
	free(b->p);
	free(b->clean);
	free(b->v);
	free(b->words);
}
