/* SPDX-License-Identifier: ISC */
/* Eight bytes at a time, as a number whose lowest byte is the first. */
#ifndef RAID_LOGS_BYTES_H
#define RAID_LOGS_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The byte c in all places. */
#define RAID_BYTES(c) ((c) * UINT64_C(0x0101010101010101))

static inline uint64_t
raid_bytes_8(const unsigned char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* Those from p + i on, of len; what is behind len is 0. */
static inline uint64_t
raid_bytes_some(const unsigned char *p, size_t i, size_t len)
{
	uint64_t x = 0;

	if (__builtin_expect(i + 8 <= len, 1))
		return raid_bytes_8(p + i);
	if (i >= len)
		return 0;
	if (len >= 8)
		return raid_bytes_8(p + len - 8) >> 8 * (i + 8 - len);
	while (len-- > i)
		x = x << 8 | p[len];
	return x;
}

/* The n lowest bytes, n < 8. */
static inline uint64_t
raid_bytes_low(size_t n)
{
	return (UINT64_C(1) << 8 * n) - 1;
}

/* Where are the bytes from a to b?  Their high bits; a, b < 0x80. */
static inline uint64_t
raid_bytes_between(uint64_t x, unsigned a, unsigned b)
{
	uint64_t low = x & RAID_BYTES(0x7f);

	return (low + RAID_BYTES(0x80 - a)) & ~(low + RAID_BYTES(0x7f - b)) &
	    ~x & RAID_BYTES(0x80);
}

/* How many bytes from the first on have their high bit here? */
static inline size_t
raid_bytes_run(uint64_t high)
{
	high = ~high & RAID_BYTES(0x80);
	return high == 0 ? 8 : (size_t)__builtin_ctzll(high) >> 3;
}

/* The hash h with eight bytes more. */
static inline uint64_t
raid_bytes_hash(uint64_t h, uint64_t x)
{
	h = (h ^ x) * UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/*
 * The form of eight bytes.  Of a digit mask has the upper half, which is 3
 * in "is", and carry is 6, so that what is over 9 changes that half; of
 * other characters they have all, and no carry.
 */
struct raid_bytes_form {
	uint64_t mask, is, carry;
};

static inline int
raid_bytes_has_form(uint64_t x, const struct raid_bytes_form *f)
{
	return (((x & f->mask) ^ f->is) |
	    (((x + f->carry) & f->mask) ^ f->is)) == 0;
}

#endif
