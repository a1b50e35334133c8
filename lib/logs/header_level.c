/* SPDX-License-Identifier: ISC */
/* The names of levels, and what level they are. */
#include "logs/header_priv.h"

/* Words by their first letter, each behind its level. */
static const char *const words[26] = {
	['a' - 'a'] = "5alert ",
	['c' - 'a'] = "5crit 5critical ",
	['d' - 'a'] = "1debug 1dbg 1dbug ",
	['e' - 'a'] = "4error 4err 4eror 5emerg 5emergency ",
	['f' - 'a'] = "5fatal 5ftl 1fine 1finer 1finest 4failure ",
	['i' - 'a'] = "2info 2inf 2information ",
	['n' - 'a'] = "2notice ",
	['p' - 'a'] = "5panic ",
	['s' - 'a'] = "4severe 2success ",
	['t' - 'a'] = "1trace 1trce ",
	['v' - 'a'] = "1verbose 1vrb ",
	['w' - 'a'] = "3warn 3warning 3wrn "
};

const char *
raid_level_name(enum raid_level level)
{
	static const char *const names[] = { "", "debug", "info", "warn",
	    "error", "fatal" };

	return names[level];
}

int
raid_header_word(const char *s, const unsigned char *p, size_t len)
{
	size_t k;
	char v;

	while (*s != '\0') {
		v = *s++;
		for (k = 0; k < len && s[k] == (char)(p[k] | 0x20);)
			k++;
		if (k == len && s[k] == ' ')
			return v;
		while (*s++ != ' ')
			;
	}
	return 0;
}

enum raid_level
raid_header_level_word(const unsigned char *p, size_t len)
{
	int v;

	if (len < 3 || len > 11 || !is_alpha(*p) ||
	    words[(*p | 0x20) - 'a'] == NULL)
		return RAID_LEVEL_NONE;
	v = raid_header_word(words[(*p | 0x20) - 'a'], p, len);
	return v == 0 ? RAID_LEVEL_NONE : (enum raid_level)(v - '0');
}

enum raid_level
raid_header_level_letter(unsigned char c)
{
	switch (c) {
	case 'V': case 'D': return RAID_LEVEL_DEBUG;
	case 'I': return RAID_LEVEL_INFO;
	case 'W': return RAID_LEVEL_WARN;
	case 'E': return RAID_LEVEL_ERROR;
	case 'F': return RAID_LEVEL_FATAL;
	}
	return RAID_LEVEL_NONE;
}

enum raid_level
raid_header_severity(unsigned v)
{
	static const enum raid_level levels[] = { RAID_LEVEL_FATAL,
	    RAID_LEVEL_FATAL, RAID_LEVEL_FATAL, RAID_LEVEL_ERROR,
	    RAID_LEVEL_WARN, RAID_LEVEL_INFO, RAID_LEVEL_INFO,
	    RAID_LEVEL_DEBUG };

	return levels[v & 7];
}
