/* SPDX-License-Identifier: ISC */
#include "array/answer.h"

#include <ctype.h>
#include <string.h>

const char *
raid_answer_name(enum raid_answer a)
{
	static const char *const names[] = { "complete", "truncated",
		"interrupted", "refused", "silent", "failed" };

	return names[a];
}

int
raid_answer_is_silent(const void *p, size_t len)
{
	static const char silent[] = "#silent";
	const unsigned char *s = p;

	while (len > 0 && isspace(s[len - 1]))
		len--;
	for (; len > 0 && isspace(*s); len--)
		s++;
	return len == 0 || (len == sizeof(silent) - 1 &&
	    memcmp(s, silent, len) == 0);
}
