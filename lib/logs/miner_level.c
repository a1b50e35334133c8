/* SPDX-License-Identifier: ISC */
/* How bad a line is, by its words, where it names no level. */
#include <string.h>

#include "logs/miner_priv.h"

struct sign {
	const char *word;	/* the beginning of one, in small letters */
	enum raid_level level;
};

/* By the first letter; NULL ends each list. */
#define LIST(...) (const struct sign[]){ __VA_ARGS__, { NULL, 0 } }
static const struct sign *const signs[26] = {
	['a' - 'a'] = LIST({ "abort", RAID_LEVEL_ERROR }),
	['c' - 'a'] = LIST({ "cannot", RAID_LEVEL_ERROR },
	    { "corrupt", RAID_LEVEL_ERROR }, { "crash", RAID_LEVEL_ERROR },
	    { "critical", RAID_LEVEL_FATAL }),
	['d' - 'a'] = LIST({ "deadlock", RAID_LEVEL_ERROR },
	    { "denied", RAID_LEVEL_ERROR }),
	['e' - 'a'] = LIST({ "err", RAID_LEVEL_ERROR },
	    { "exception", RAID_LEVEL_ERROR },
	    { "exhaust", RAID_LEVEL_ERROR }, { "expire", RAID_LEVEL_WARN }),
	['f' - 'a'] = LIST({ "fail", RAID_LEVEL_ERROR },
	    { "fatal", RAID_LEVEL_FATAL }),
	['i' - 'a'] = LIST({ "invalid", RAID_LEVEL_WARN }),
	['p' - 'a'] = LIST({ "panic", RAID_LEVEL_FATAL }),
	['r' - 'a'] = LIST({ "refused", RAID_LEVEL_ERROR },
	    { "retry", RAID_LEVEL_WARN }),
	['s' - 'a'] = LIST({ "segfault", RAID_LEVEL_FATAL }),
	['t' - 'a'] = LIST({ "timeout", RAID_LEVEL_WARN },
	    { "traceback", RAID_LEVEL_ERROR }),
	['u' - 'a'] = LIST({ "unable", RAID_LEVEL_WARN }),
	['w' - 'a'] = LIST({ "warn", RAID_LEVEL_WARN })
};

/* Three words in a row, "" for any or none. */
static const struct {
	const char *words[3];
	enum raid_level level;
} phrases[] = {
	{ { "", "could", "not" }, RAID_LEVEL_ERROR },
	{ { "out", "of", "memory" }, RAID_LEVEL_FATAL },
	{ { "", "timed", "out" }, RAID_LEVEL_WARN }
};

static int
begins(const unsigned char *p, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len && word[i] != '\0'; i++)
		if ((p[i] | 0x20) != word[i])
			return 0;
	return word[i] == '\0';
}

/* As a whole. */
static int
is_word(const struct group *g, const struct raid_word *w, const char *word)
{
	size_t i = 0;

	if (w->kind != RAID_WORD_TEXT)
		return 0;
	while (i < w->len && word[i] != '\0' &&
	    (g->text[w->off + i] | 0x20) == word[i])
		i++;
	return i == w->len && word[i] == '\0';
}

/* A name such as "NullPointerException" says it at its end. */
static int
ends_badly(const unsigned char *p, size_t len)
{
	switch (p[len - 1]) {
	case 'n':
		return len > 9 && memcmp(p + len - 9, "Exception", 9) == 0;
	case 'e':
		return len > 7 && memcmp(p + len - 7, "Failure", 7) == 0;
	case 'r':
		return len > 5 && memcmp(p + len - 4, "rror", 4) == 0;
	}
	return 0;
}

static enum raid_level
word_tells(const unsigned char *p, size_t len)
{
	unsigned char c = *p | 0x20;
	const struct sign *s = c >= 'a' && c <= 'z' ? signs[c - 'a'] : NULL;

	for (; s != NULL && s->word != NULL; s++)
		if (begins(p, len, s->word))
			return s->level;
	return ends_badly(p, len) ? RAID_LEVEL_ERROR : RAID_LEVEL_NONE;
}

/* The phrase that ends with the word at i. */
static enum raid_level
phrase_tells(const struct group *g, size_t i)
{
	const struct raid_word *w = &g->words[i];
	unsigned char c = g->text[w->off] | 0x20;

	if (i == 0 || (c != 'n' && c != 'm' && c != 'o'))
		return RAID_LEVEL_NONE;
	for (size_t k = 0; k < sizeof(phrases) / sizeof(*phrases); k++) {
		const char *const *v = phrases[k].words;

		if (is_word(g, w, v[2]) && is_word(g, w - 1, v[1]) &&
		    (*v[0] == '\0' || (i > 1 && is_word(g, w - 2, v[0]))))
			return phrases[k].level;
	}
	return RAID_LEVEL_NONE;
}

enum raid_level
raid_miner_told(const struct group *g)
{
	enum raid_level worst = RAID_LEVEL_NONE, level;

	for (size_t i = 0; i < g->nword; i++) {
		const struct raid_word *w = &g->words[i];

		if (w->kind != RAID_WORD_TEXT || w->len < 3)
			continue;
		level = word_tells(g->text + w->off, w->len);
		if (level == RAID_LEVEL_NONE)
			level = phrase_tells(g, i);
		if (level > worst)
			worst = level;
	}
	return worst;
}

enum raid_level
raid_miner_level_of(const struct group *g)
{
	/* What says of itself that all is well is believed by half. */
	if (g->named == RAID_LEVEL_DEBUG || g->named == RAID_LEVEL_INFO)
		return g->told > RAID_LEVEL_WARN ? RAID_LEVEL_WARN :
		    g->told > g->named ? g->told : g->named;
	return g->named != RAID_LEVEL_NONE ? g->named : g->told;
}
