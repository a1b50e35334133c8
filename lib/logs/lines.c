/* SPDX-License-Identifier: ISC */
#include "logs/lines.h"

#include <stdint.h>
#include <string.h>

void
raid_loglines_init(struct raid_loglines *l, raid_logline_fn *fn, void *arg)
{
	memset(l, 0, sizeof(*l));
	l->fn = fn;
	l->arg = arg;
	raid_buf_init(&l->carry, RAID_LOGLINE_MAX);
	raid_buf_init(&l->clean, RAID_LOGLINE_MAX);
}

void
raid_loglines_free(struct raid_loglines *l)
{
	raid_buf_free(&l->carry);
	raid_buf_free(&l->clean);
}

/* The high bit of a byte is set where it is below 0x20. */
static inline uint64_t
low_bytes(const unsigned char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return (w - UINT64_C(0x2020202020202020)) & ~w;
}

/* Has it no control character?  Eight bytes at a time. */
static int
is_clean(const unsigned char *p, size_t len)
{
	uint64_t bad = 0;
	size_t i = 0;

	for (; i + 32 <= len; i += 32)
		bad |= low_bytes(p + i) | low_bytes(p + i + 8) |
		    low_bytes(p + i + 16) | low_bytes(p + i + 24);
	for (; i + 8 <= len; i += 8)
		bad |= low_bytes(p + i);
	if (len >= 8)
		bad |= low_bytes(p + len - 8);
	else
		for (; i < len; i++)
			bad |= p[i] < 0x20 ? 0x80 : 0;
	return (bad & UINT64_C(0x8080808080808080)) == 0;
}

/* Length of the escape sequence at p, which begins with ESC. */
static size_t
escape_len(const unsigned char *p, size_t len)
{
	size_t i = 2;

	if (len < 2)
		return len;
	if (p[1] == '[') {
		while (i < len && (p[i] < 0x40 || p[i] > 0x7e))
			i++;
		return i < len ? i + 1 : len;
	}
	if (p[1] == ']') {
		while (i < len && p[i] != 7 && p[i] != 0x1b)
			i++;
		return i < len && p[i] == 7 ? i + 1 : i;
	}
	return 2;
}

static void
give_line(struct raid_loglines *l, const unsigned char *p, size_t len)
{
	size_t from = 0, end;

	if (len > RAID_LOGLINE_MAX)
		len = RAID_LOGLINE_MAX;
	while (len > 0 && p[len - 1] == '\r')
		len--;
	if (is_clean(p, len)) {
		l->fn(l->arg, p, len);
		return;
	}
	for (size_t i = len; i > 0; i--)
		if (p[i - 1] == '\r') {
			from = i;
			break;
		}
	raid_buf_reset(&l->clean);
	for (size_t i = from; i < len;) {
		if (p[i] == 0x1b) {
			i += escape_len(p + i, len - i);
			continue;
		}
		for (end = i; end < len && p[end] >= 0x20;)
			end++;
		raid_buf_add(&l->clean, p + i, end - i);
		if (end < len && p[end] != 0x1b)
			raid_buf_addc(&l->clean, ' ');
		i = end < len && p[end] != 0x1b ? end + 1 : end;
	}
	l->fn(l->arg, l->clean.p, l->clean.len);
}

void
raid_loglines_add(struct raid_loglines *l, const void *data, size_t len)
{
	const unsigned char *p = data, *nl;

	while (len > 0) {
		nl = memchr(p, '\n', len);
		if (nl == NULL) {
			raid_buf_add(&l->carry, p, len);
			l->open = 1;
			return;
		}
		if (l->open) {
			raid_buf_add(&l->carry, p, (size_t)(nl - p));
			give_line(l, l->carry.p, l->carry.len);
			raid_buf_reset(&l->carry);
			l->open = 0;
		} else
			give_line(l, p, (size_t)(nl - p));
		len -= (size_t)(nl - p) + 1;
		p = nl + 1;
	}
}

void
raid_loglines_end(struct raid_loglines *l)
{
	if (l->open)
		give_line(l, l->carry.p, l->carry.len);
	raid_buf_reset(&l->carry);
	l->open = 0;
}
