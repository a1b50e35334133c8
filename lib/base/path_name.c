/* SPDX-License-Identifier: ISC */
/* Which paths may be named at all. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "base/utf8.h"

/*
 * Code points that some file system ignores in names: those of HFS+ (git's
 * utf8.c has the same list), and others that nobody can see either.
 */
static int
is_ignorable(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	    (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff;
}

/* What a letter may be taken for: small, narrow, with its dot. */
static char
plain_letter(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xff01 - '!';
	if (c == 0x130 || c == 0x131)
		return 'i';
	return c < 0x80 ? (char)tolower((int)c) : '?';
}

/*
 * The name that a part of a path may be taken for, cut to what fits: without
 * what is ignored, without the blanks and dots at its end and the name of a
 * stream, both of NTFS.
 */
static void
plain_name(const unsigned char *p, size_t len, char *out, size_t size)
{
	size_t n = 0, last = 0, step;
	uint32_t c;

	for (size_t i = 0; i < len; i += step) {
		step = raid_utf8_next(p + i, len - i, &c);
		if (step == 0) {
			step = 1;
			c = '?';
		}
		if (c == ':' && n > 0)
			break;
		if (is_ignorable(c))
			continue;
		if (n < size - 1)
			out[n] = plain_letter(c);
		n++;
		if (c != ' ' && c != '.')
			last = n;
	}
	out[last < size - 1 ? last : size - 1] = '\0';
}

/* Would some file system take this part for ".git"? */
static int
is_dot_git(const unsigned char *p, size_t len)
{
	char plain[16];

	plain_name(p, len, plain, sizeof(plain));
	return strcmp(plain, ".git") == 0 || strcmp(plain, "git~1") == 0;
}

/* The same between backslashes, which are slashes elsewhere. */
static int
is_dot_git_part(const unsigned char *p, size_t len)
{
	size_t n = 0;

	for (size_t at = 0; at <= len; at += n + 1) {
		for (n = 0; at + n < len && p[at + n] != '\\'; n++)
			;
		if (is_dot_git(p + at, n) || (n < len && n == 2 &&
		    p[at] == '.' && p[at + 1] == '.'))
			return 1;
	}
	return 0;
}

int
raid_path_safe(const char *rel, struct raid_err *err)
{
	const unsigned char *p = (const unsigned char *)rel;
	size_t n;

	if (*p == '\0')
		return raid_fail(err, RAID_EPERM, "an empty path");
	if (strlen(rel) > 4000)
		return raid_fail(err, RAID_EPERM, "a path of over 4000 bytes");
	for (size_t i = 0; p[i] != '\0'; i++)
		if (p[i] < ' ' || p[i] == 0x7f)
			return raid_fail(err, RAID_EPERM,
			    "a path with a control character");
	if (*p == '/')
		return raid_fail(err, RAID_EPERM, "%.200s: an absolute path",
		    rel);
	for (;; p += n + 1) {
		n = strcspn((const char *)p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return raid_fail(err, RAID_EPERM, "%.200s: a path "
			    "with an empty, '.' or '..' part", rel);
		if (is_dot_git_part(p, n))
			return raid_fail(err, RAID_EPERM,
			    "%.200s: leads into .git", rel);
		if (p[n] == '\0')
			return 0;
	}
}

int
raid_path_edit(const char *rel, struct raid_err *err)
{
	const unsigned char *p = (const unsigned char *)rel;
	char plain[16];
	size_t n;

	if (raid_path_safe(rel, err) == -1)
		return -1;
	for (;; p += n + 1) {
		n = strcspn((const char *)p, "/");
		plain_name(p, n, plain, sizeof(plain));
		if (strcmp(plain, ".raid") == 0 ||
		    raid_str_starts(plain, ".raid-"))
			return raid_fail(err, RAID_EPERM, "%.200s: .raid is a "
			    "person's to change", rel);
		if (p[n] == '\0')
			return 0;
	}
}
