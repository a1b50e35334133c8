/* SPDX-License-Identifier: ISC */
#include "logs/lines.h"

#include <string.h>

#include "base/str.h"
#include "logs/bytes.h"

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

/* The high bit of the first byte below 0x20 is set; of others it may be.  All
 * bytes go into *any. */
static inline uint64_t
low_bytes(const unsigned char *p, uint64_t *any)
{
	uint64_t w = raid_bytes_8(p);

	*any |= w;
	return (w - RAID_BYTES(0x20)) & ~w & RAID_BYTES(0x80);
}

/* Where the first control character is, or len.  *ascii: none before it is
 * of another script; 0 may mean one behind it. */
static inline size_t
text_len(const unsigned char *p, size_t len, int *ascii)
{
	uint64_t low = 0, any = 0;
	size_t i = 0;

	while (i + 32 <= len && (low_bytes(p + i, &any) |
	    low_bytes(p + i + 8, &any) | low_bytes(p + i + 16, &any) |
	    low_bytes(p + i + 24, &any)) == 0)
		i += 32;
	while (i + 8 <= len && (low = low_bytes(p + i, &any)) == 0)
		i += 8;
	if (low != 0)
		i += (size_t)__builtin_ctzll(low) >> 3;
	else
		for (; i < len && p[i] >= 0x20; i++)
			any |= p[i];
	*ascii = (any & RAID_BYTES(0x80)) == 0;
	return i;
}

/* Length of the newline that ends a text of n bytes, 0 if it goes on. */
static inline size_t
newline_len(const unsigned char *p, size_t n, size_t len)
{
	if (n < len && p[n] == '\n')
		return 1;
	return n + 1 < len && p[n] == '\r' && p[n + 1] == '\n' ? 2 : 0;
}

/* A line with control characters, perhaps. */
static void
give_line(struct raid_loglines *l, const unsigned char *p, size_t len)
{
	size_t from = 0, n;

	if (len > RAID_LOGLINE_MAX)
		len = RAID_LOGLINE_MAX;
	while (len > 0 && p[len - 1] == '\r')
		len--;
	for (size_t i = len; i > 0; i--)
		if (p[i - 1] == '\r') {
			from = i;
			break;
		}
	raid_buf_reset(&l->clean);
	for (size_t i = from; i < len;) {
		if (p[i] == 0x1b) {
			i += raid_str_escape(p + i, len - i);
			continue;
		}
		n = text_len(p + i, len - i, &l->ascii);
		raid_buf_add(&l->clean, p + i, n);
		i += n;
		if (i < len && p[i] != 0x1b) {
			raid_buf_addc(&l->clean, ' ');
			i++;
		}
	}
	l->ascii = 0;
	l->fn(l->arg, l->clean.p, l->clean.len);
}

void
raid_loglines_add(struct raid_loglines *l, const void *data, size_t len)
{
	const unsigned char *p = data, *nl;
	size_t n, end;

	while (len > 0) {
		n = end = 0;
		if (!l->open) {
			n = text_len(p, len, &l->ascii);
			end = newline_len(p, n, len);
		}
		if (end > 0 && n <= RAID_LOGLINE_MAX) {
			l->fn(l->arg, p, n);
			p += n + end;
			len -= n + end;
			continue;
		}
		nl = memchr(p + n, '\n', len - n);
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
