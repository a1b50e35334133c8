/* SPDX-License-Identifier: ISC */
/* The names of levels, and what level they are. */
#include <stdint.h>

#include "logs/header_priv.h"

#define DEBUG RAID_LEVEL_DEBUG
#define INFO RAID_LEVEL_INFO
#define WARN RAID_LEVEL_WARN
#define ERROR RAID_LEVEL_ERROR
#define FATAL RAID_LEVEL_FATAL

/* Words by their first letter; an empty one ends each list. */
struct word {
	char text[12];
	uint8_t len, level;
};

#define W(text, level) { text, sizeof(text) - 1, level }
#define LIST(...) (const struct word[]){ __VA_ARGS__, { "", 0, 0 } }

static const struct word *const words[26] = {
	['a' - 'a'] = LIST(W("alert", FATAL)),
	['c' - 'a'] = LIST(W("crit", FATAL), W("critical", FATAL)),
	['d' - 'a'] = LIST(W("debug", DEBUG), W("dbg", DEBUG),
	    W("dbug", DEBUG)),
	['e' - 'a'] = LIST(W("error", ERROR), W("err", ERROR),
	    W("er" "or", ERROR), W("emerg", FATAL), W("emergency", FATAL)),
	['f' - 'a'] = LIST(W("fatal", FATAL), W("ftl", FATAL),
	    W("fine", DEBUG), W("finer", DEBUG), W("finest", DEBUG),
	    W("failure", ERROR)),
	['i' - 'a'] = LIST(W("info", INFO), W("inf", INFO),
	    W("information", INFO)),
	['n' - 'a'] = LIST(W("notice", INFO)),
	['p' - 'a'] = LIST(W("panic", FATAL)),
	['s' - 'a'] = LIST(W("severe", ERROR), W("success", INFO)),
	['t' - 'a'] = LIST(W("trace", DEBUG), W("trce", DEBUG)),
	['v' - 'a'] = LIST(W("verbose", DEBUG), W("vrb", DEBUG)),
	['w' - 'a'] = LIST(W("warn", WARN), W("warning", WARN),
	    W("wrn", WARN))
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
	const struct word *w;
	size_t k;

	if (len < 3 || len > 11 || !is_alpha(*p))
		return RAID_LEVEL_NONE;
	w = words[(*p | 0x20) - 'a'];
	for (; w != NULL && w->len != 0; w++) {
		if (w->len != len)
			continue;
		for (k = 1; k < len && w->text[k] == (char)(p[k] | 0x20);)
			k++;
		if (k == len)
			return (enum raid_level)w->level;
	}
	return RAID_LEVEL_NONE;
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
