/* SPDX-License-Identifier: ISC */
#include "logs/verbatim.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "logs/header.h"

void
raid_verbatim_init(struct raid_verbatim *v, raid_logline_fn *fn, void *arg)
{
	*v = (struct raid_verbatim){ .fn = fn, .arg = arg };
	raid_buf_init(&v->line, RAID_LOGLINE_MAX);
}

void
raid_verbatim_free(struct raid_verbatim *v)
{
	raid_buf_free(&v->line);
	if (v->journal != NULL)
		raid_journald_free(v->journal);
	free(v->journal);
}

static void
give_line(struct raid_verbatim *v, const unsigned char *p, size_t len)
{
	struct raid_header h;
	int begins;

	if (len > RAID_LOGLINE_MAX)
		len = RAID_LOGLINE_MAX;
	while (len > 0 && p[len - 1] == '\r')
		len--;
	begins = raid_keyline_begins(p, len);
	if (begins || v->keys.left > 0) {
		raid_header(&h, p, len);
		if (raid_keylines_hides(&v->keys, p, len, h.end, begins)) {
			p = (const unsigned char *)RAID_KEYLINE;
			len = sizeof(RAID_KEYLINE) - 1;
		}
	}
	v->fn(v->arg, p, len);
}

static void
add_bytes(struct raid_verbatim *v, const unsigned char *p, size_t len)
{
	const unsigned char *nl;

	while (len > 0) {
		size_t n;

		nl = memchr(p, '\n', len);
		n = nl != NULL ? (size_t)(nl - p) : len;
		if (nl == NULL || v->open)
			raid_buf_add(&v->line, p, n);
		if (nl == NULL) {
			v->open = 1;
			return;
		}
		if (v->open)
			give_line(v, v->line.p, v->line.len);
		else
			give_line(v, p, n);
		raid_buf_reset(&v->line);
		v->open = 0;
		p += n + 1;
		len -= n + 1;
	}
}

void
raid_verbatim_add(struct raid_verbatim *v, const void *p, size_t len)
{
	struct raid_buf b;

	if (!v->begun && raid_journald_is(p, len)) {
		v->journal = raid_malloc(sizeof(*v->journal));
		raid_journald_init(v->journal);
	}
	v->begun |= len > 0;
	if (v->journal == NULL) {
		add_bytes(v, p, len);
		return;
	}
	raid_buf_init(&b, SIZE_MAX / 2);
	raid_journald_add(v->journal, p, len, &b);
	add_bytes(v, b.p, b.len);
	raid_buf_free(&b);
}

void
raid_verbatim_end(struct raid_verbatim *v)
{
	struct raid_buf b;

	if (v->journal != NULL) {
		raid_buf_init(&b, SIZE_MAX / 2);
		raid_journald_end(v->journal, &b);
		add_bytes(v, b.p, b.len);
		raid_buf_free(&b);
		raid_journald_free(v->journal);
		free(v->journal);
		v->journal = NULL;
	}
	if (v->open)
		give_line(v, v->line.p, v->line.len);
	raid_buf_reset(&v->line);
	v->open = v->begun = 0;
	v->keys = (struct raid_keylines){ 0 };
}
