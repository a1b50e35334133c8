/* SPDX-License-Identifier: ISC */
#include "logs/keyline.h"

#include <stdint.h>
#include <string.h>

#define LINES_MAX 300		/* of a key; what comes then is none of it */
#define OTHERS_MAX 8		/* its own heads, and lines of others */
#define LONG_WORD 32		/* what is so long and base64 is of a key */

static int
has(const unsigned char *p, size_t len, const char *what)
{
	return memmem(p, len, what, strlen(what)) != NULL;
}

/* "-----BEGIN RSA PRIVATE KEY-----" ends so, but for a quote or the like: a
 * dash beside a dash among the last eight bytes. */
static int
ends_with_dashes(const unsigned char *p, size_t len)
{
	uint64_t w;

	memcpy(&w, p + len - 8, 8);
	w ^= UINT64_C(0x2d2d2d2d2d2d2d2d);
	/* The high bit of a byte is set where it was a dash. */
	w = (w - UINT64_C(0x0101010101010101)) & ~w &
	    UINT64_C(0x8080808080808080);
	return (w & w >> 8) != 0;
}

int
raid_keyline_begins(const unsigned char *p, size_t len)
{
	static const char putty[] = "Private-Lines: ";

	if (len < 16)
		return 0;
	if (*p == 'P' && memcmp(p, putty, sizeof(putty) - 1) == 0)
		return 1;
	return ends_with_dashes(p, len) && has(p, len, "PRIVATE KEY") &&
	    has(p, len, "BEGIN ") && !has(p, len, "END ");
}

static int
is_base64(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=' ||
	    c == '-' || c == '_';
}

/* It has a long word of base64, or is but one such word. */
static int
is_body(const unsigned char *p, size_t len, size_t message)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		run = is_base64(p[i]) ? run + 1 : 0;
		if (run >= LONG_WORD)
			return 1;
	}
	if (message >= len)
		message = 0;
	while (message < len && p[message] <= ' ')
		message++;
	while (len > message && p[len - 1] <= ' ')
		len--;
	for (size_t i = message; i < len; i++)
		if (!is_base64(p[i]))
			return 0;
	return message < len;
}

int
raid_keylines_hides(struct raid_keylines *k, const unsigned char *p,
    size_t len, size_t message, int begins)
{
	if (begins) {
		k->left = LINES_MAX;
		k->others = 0;
		return 0;
	}
	if (k->left == 0)
		return 0;
	k->left--;
	if (has(p, len, "END ") && has(p, len, "PRIVATE KEY")) {
		k->left = 0;
		return 0;
	}
	if (is_body(p, len, message))
		return 1;
	if (++k->others > OTHERS_MAX)
		k->left = 0;
	return 0;
}
