/* SPDX-License-Identifier: ISC */
/* What the words of templates tell: which are alike, which are strange. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "logs/rank_priv.h"

#define WORDS 24		/* of a template that are compared */
#define LIKE_MIN 4		/* words of those that may be alike */
#define TABLE (1u << 16)	/* counters of words */

struct word {
	const char *p;
	size_t len;
};

struct key {
	uint64_t hash;
	uint32_t i;		/* which template */
};

static uint64_t
hash_of(const char *p, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

/* The next run between blanks; 0 at the end. */
static int
next_run(const char **p, struct word *w)
{
	const char *s = *p + strspn(*p, " \t");

	w->p = s;
	w->len = strcspn(s, " \t");
	*p = s + w->len;
	return w->len > 0;
}

static uint32_t
root(struct raid_rank *v, uint32_t i)
{
	while (v[i].family != i) {
		v[i].family = v[v[i].family].family;
		i = v[i].family;
	}
	return i;
}

/* A word is worth comparing if it has letters and is no slot. */
static int
is_literal(const struct word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->p[i] == '<')
			return 0;
	for (size_t i = 0; i < w->len; i++)
		if ((w->p[i] | 0x20) >= 'a' && (w->p[i] | 0x20) <= 'z')
			return w->len > 1;
	return 0;
}

/* A key for each word: the hash of all the others. */
static size_t
add_keys(struct key *k, uint32_t index, const struct raid_rank *r)
{
	uint64_t hash[WORDS], all = 0;
	struct word w;
	const char *p = r->t->text;
	size_t n = 0, literal = 0;

	while (n < WORDS && next_run(&p, &w)) {
		hash[n] = (hash_of(w.p, w.len) ^ n) *
		    UINT64_C(0x9e3779b97f4a7c15);
		all += hash[n++];
		literal += is_literal(&w) != 0;
	}
	if (n < LIKE_MIN || literal < LIKE_MIN - 1)
		return 0;
	all += hash_of(p, strlen(p)) + ((uint64_t)r->t->level << 56);
	for (size_t i = 0; i < n; i++)
		k[i] = (struct key){ (all - hash[i]) * 64 + i * 2 + n,
		    index };
	return n;
}

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static int
as_frequent(const struct raid_rank *a, const struct raid_rank *b)
{
	return a->count / 8 <= b->count && b->count / 8 <= a->count;
}

void
raid_rank_families(struct raid_rank *v, size_t n)
{
	struct key *k = raid_calloc(n * WORDS + 1, sizeof(*k));
	size_t nkey = 0;

	for (size_t i = 0; i < n; i++) {
		v[i].family = (uint32_t)i;
		if (!v[i].t->trace)
			nkey += add_keys(k + nkey, (uint32_t)i, &v[i]);
	}
	qsort(k, nkey, sizeof(*k), by_key);
	for (size_t i = 1; i < nkey; i++) {
		uint32_t a = k[i - 1].i, b = k[i].i;

		if (k[i].hash != k[i - 1].hash || !as_frequent(&v[a], &v[b]))
			continue;
		a = root(v, a);
		b = root(v, b);
		v[a > b ? a : b].family = a > b ? b : a;
	}
	for (size_t i = 0; i < n; i++)
		v[i].family = root(v, (uint32_t)i);
	free(k);
}

/* The next word of letters outside of slots; 0 at the end. */
static int
next_word(const char **p, struct word *w)
{
	const char *s = *p;
	int slot = 0;

	for (;; s++) {
		unsigned char c = (unsigned char)*s | 0x20;

		if (*s == '\0')
			return 0;
		if (*s == '<')
			slot = 1;
		else if (*s == '>')
			slot = 0;
		else if (!slot && ((c >= 'a' && c <= 'z') ||
		    (unsigned char)*s >= 0x80))
			break;
	}
	w->p = s;
	while (((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z') ||
	    (unsigned char)*s >= 0x80)
		s++;
	w->len = (size_t)(s - w->p);
	*p = s;
	return 1;
}

/* The places of its words among the counters, each once. */
static size_t
places(const struct raid_rank *r, uint16_t at[WORDS])
{
	const char *p = r->t->text;
	struct word w;
	size_t n = 0, k;

	while (n < WORDS && next_word(&p, &w)) {
		if (w.len < 3)
			continue;
		at[n] = (uint16_t)(hash_of(w.p, w.len) >> 13);
		for (k = 0; at[k] != at[n]; k++)
			;
		n += k == n;
	}
	return n;
}

/* Words that tell of a state that changed or of a bound that is near; their
 * beginnings. */
static const char *const signs[] = {
	"chang", "degrad", "demot", "deprecat", "disable", "disappear",
	"diverg", "drift", "drop", "elect", "evict", "exceed", "expir",
	"failover", "fallback", "flap", "full", "leader", "leak", "limit",
	"lost", "mismatch", "missing", "overflow", "overload", "preempt",
	"promot", "reboot", "reload", "restart", "revok", "rollback", "rotate",
	"rotation", "saturat", "skew", "slow", "stale", "stall", "step",
	"suspect", "suspicious", "switch", "takeover", "tamper", "throttl",
	"truncate", "unexpected", "unknown", "unreachable"
};

/* What may be full to so many percent. */
static const char *const stores[] = {
	"capacity", "cpu", "disk", "filesystem", "full", "heap", "load",
	"memory", "occup", "quota", "space", "usage", "used", "util", "volume"
};

static int
begins(const struct word *w, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len;

		if ((*w->p | 0x20) != *v[i])
			continue;
		len = strlen(v[i]);
		if (w->len >= len && strncasecmp(w->p, v[i], len) == 0)
			return 1;
	}
	return 0;
}

/* "97%", "100 %" */
static int
is_near_full(const struct raid_template *t)
{
	const char *p = t->example;

	for (size_t i = 0; i + 2 < t->example_len; i++) {
		size_t k = i + (memcmp(p + i, "100", 3) == 0);

		if (i > 0 && ((p[i - 1] >= '0' && p[i - 1] <= '9') ||
		    p[i - 1] == '.'))
			continue;
		if (k == i && (p[i] != '9' || p[i + 1] < '5' ||
		    p[i + 1] > '9'))
			continue;
		k += 2;
		if (k < t->example_len && p[k] == ' ')
			k++;
		if (k < t->example_len && p[k] == '%')
			return 1;
	}
	return 0;
}

static double
tell(const struct raid_rank *r)
{
	const char *p = r->t->text;
	int sign = 0, store = 0;
	struct word w;

	while (next_word(&p, &w)) {
		sign |= begins(&w, signs, sizeof(signs) / sizeof(*signs));
		store |= begins(&w, stores, sizeof(stores) / sizeof(*stores));
	}
	return store && is_near_full(r->t) ? 2 : sign;
}

/* How many families have each word: nothing remembers the words. */
static uint16_t *
count_words(const struct raid_rank *v, size_t n)
{
	uint16_t *df = raid_calloc(TABLE, sizeof(*df)), at[WORDS];

	for (size_t i = 0; i < n; i++) {
		size_t k = v[i].family == i ? places(&v[i], at) : 0;

		while (k-- > 0)
			df[at[k]] += df[at[k]] < UINT16_MAX;
	}
	return df;
}

void
raid_rank_words(struct raid_rank *v, size_t n)
{
	uint16_t *df = count_words(v, n), at[WORDS];

	for (size_t i = 0; i < n; i++) {
		size_t k = places(&v[i], at), own = 0;

		for (size_t m = 0; m < k; m++)
			own += df[at[m]] <= 1;
		v[i].words = tell(&v[i]);
		if (k < 2)
			v[i].words -= k == 0 ? 4 : 2;
		else
			v[i].words += 2.5 * (double)own / (double)k;
	}
	free(df);
}
