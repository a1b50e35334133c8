/* SPDX-License-Identifier: ISC */
#include "logs/reader_kind.h"

#include <string.h>

static int
begins(const unsigned char *p, size_t len, const char *magic, size_t n)
{
	return len >= n && memcmp(p, magic, n) == 0;
}

#define BEGINS(p, len, magic) begins(p, len, magic, sizeof(magic) - 1)

/* All of it may stand in a text of ASCII. */
static int
is_ascii(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len && i < RAID_READER_HEAD; i++)
		if (p[i] >= 0x7f || (p[i] < ' ' && p[i] != '\t' &&
		    p[i] != '\n' && p[i] != '\r'))
			return 0;
	return 1;
}

/* The magic of bzip2 is printable; what follows it is not. */
static int
is_bzip2(const unsigned char *p, size_t len)
{
	return len >= 10 && memcmp(p, "BZh", 3) == 0 && p[3] >= '1' &&
	    p[3] <= '9' && (memcmp(p + 4, "1AY&SY", 6) == 0 ||
	    memcmp(p + 4, "\x17rE8P\x90", 6) == 0) && !is_ascii(p, len);
}

/* A frame, or one to skip, which pzstd begins with. */
static int
is_zstd(const unsigned char *p, size_t len)
{
	return BEGINS(p, len, "\x28\xb5\x2f\xfd") || (len >= 8 &&
	    (p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0);
}

/* The header of a member of a tar has the sum of its own bytes in it.  Zeros,
 * as a file has them that a crash has cut, are none. */
static int
is_tar(const unsigned char *p, size_t len)
{
	unsigned long sum = 0, told = 0;
	size_t i = 148;

	if (len < RAID_READER_HEAD || p[0] == '\0' ||
	    memchr(p, '\0', RAID_READER_HEAD) == NULL)
		return 0;
	for (size_t k = 0; k < RAID_READER_HEAD; k++)
		sum += k >= 148 && k < 156 ? ' ' : p[k];
	while (i < 156 && p[i] == ' ')
		i++;
	for (; i < 156 && p[i] >= '0' && p[i] <= '7'; i++)
		told = told * 8 + (p[i] - '0');
	return told == sum;
}

enum raid_reader_kind
raid_reader_kind(const unsigned char *p, size_t len)
{
	if (BEGINS(p, len, "\x1f\x8b\x08"))
		return RAID_READER_GZIP;
	if (is_bzip2(p, len))
		return RAID_READER_BZIP2;
	if (BEGINS(p, len, "\xfd" "7zXZ\0"))
		return RAID_READER_XZ;
	if (is_zstd(p, len))
		return RAID_READER_ZSTD;
	if (BEGINS(p, len, "\x04\x22\x4d\x18"))
		return RAID_READER_LZ4;
	if (BEGINS(p, len, "PK\3\4"))
		return RAID_READER_ZIP;
	if (is_tar(p, len))
		return RAID_READER_TAR;
	return RAID_READER_PLAIN;
}
