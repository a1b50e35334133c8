/* SPDX-License-Identifier: ISC */
#include "journal/tag.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Up to 15 digits without a leading zero; how many bytes, 0 if none. */
static size_t
number(const char *s, size_t len, long long *v)
{
	size_t i;

	*v = 0;
	for (i = 0; i < len && isdigit((unsigned char)s[i]); i++) {
		if (i == 15)
			return 0;
		*v = *v * 10 + (s[i] - '0');
	}
	return i > 0 && s[0] != '0' ? i : 0;
}

int
raid_tag_parse(const char *s, size_t len, struct raid_tag *t)
{
	size_t n;

	if (len > 0 && *s == '#') {
		s++;
		len--;
	}
	if (len > 5 && memcmp(s, "post_", 5) == 0)
		n = 5;
	else if (len > 4 && memcmp(s, "ref_", 4) == 0)
		n = 4;
	else
		return -1;
	s += n;
	len -= n;
	n = number(s, len, &t->ts);
	t->n = 1;
	if (n == 0 || n == len)
		return n == 0 ? -1 : 0;
	if (s[n] != '_' || number(s + n + 1, len - n - 1, &t->n) != len - n - 1)
		return -1;
	return t->n >= 2 ? 0 : -1;
}

void
raid_tag_format(struct raid_tag t, char out[RAID_TAG_SIZE])
{
	if (t.n > 1)
		(void)snprintf(out, RAID_TAG_SIZE, "post_%lld_%lld", t.ts, t.n);
	else
		(void)snprintf(out, RAID_TAG_SIZE, "post_%lld", t.ts);
}

int
raid_tag_compare(struct raid_tag a, struct raid_tag b)
{
	if (a.ts != b.ts)
		return a.ts < b.ts ? -1 : 1;
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}
