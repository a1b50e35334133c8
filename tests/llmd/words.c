/* SPDX-License-Identifier: ISC */
/* The words that say how a request is answered. */
#include "llmd.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

static const struct {
	const char *name;
	int kind;
	long long bare;
	int trouble;
	const char *what;
} words[] = {
#define X(name, kind, bare, trouble, what) \
	{ #name, kind, bare, trouble == 't', what },
	WORDS(X)
#undef X
};

void
words_print(void)
{
	for (int w = 0; w < NWORDS; w++)
		printf("%-12s %c %s\n", words[w].name,
		    words[w].trouble ? '!' : ' ', words[w].what);
}

void
percent_decode(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '%' && isxdigit((unsigned char)s[1]) &&
		    isxdigit((unsigned char)s[2])) {
			const char hex[] = { s[1], s[2], '\0' };

			*to++ = (char)strtol(hex, NULL, 16);
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

void
words_free(struct how *h)
{
	for (int w = 0; w < NWORDS; w++) {
		free(h->s[w]);
		h->s[w] = NULL;
		h->n[w] = -1;
	}
}

/* One word; -1 if it is none. */
static int
one(struct how *h, char *word)
{
	struct raid_err err;
	char *value = strchr(word, '=');
	int w = 0;

	if (value != NULL)
		*value++ = '\0';
	while (w < NWORDS && strcmp(words[w].name, word) != 0)
		w++;
	if (w == NWORDS || (words[w].kind == 's' && value == NULL))
		return -1;
	h->n[w] = words[w].bare;
	if (value == NULL)
		return 0;
	percent_decode(value);
	if (words[w].kind == 'n')
		return raid_num_size(value, &h->n[w], word, &err);
	free(h->s[w]);
	h->s[w] = raid_strdup(value);
	return 0;
}

/* Words joined by '+'; -1 tells a bad one, which the caller frees. */
int
words_parse(struct how *h, const char *s, char **bad)
{
	struct raid_list l = { 0 };
	int r = 0;

	words_free(h);
	raid_list_split(&l, s, '+');
	for (size_t i = 0; i < l.n && r == 0; i++) {
		r = one(h, l.v[i]);
		if (r != 0)
			*bad = raid_strdup(l.v[i]);
	}
	raid_list_free(&l);
	return r;
}

/* How often it was asked for before. */
static long long
times(const char *name)
{
	static struct {
		char *name;
		long long n;
	} *seen;
	static size_t n, cap;
	size_t i = 0;

	while (i < n && strcmp(seen[i].name, name) != 0)
		i++;
	if (i == n) {
		seen = raid_grow(seen, &cap, n + 1, sizeof(*seen));
		seen[n].name = raid_strdup(name);
		seen[n++].n = 0;
	}
	return seen[i].n++;
}

/* fail=N and after=N: no trouble when it is not its time. */
void
words_turn(struct how *h, const char *name)
{
	int trouble = 0, now;

	if (h->n[W_fail] >= 0)
		now = times(name) < h->n[W_fail];
	else if (h->n[W_after] >= 0)
		now = times(name) >= h->n[W_after];
	else
		return;
	for (int w = 0; w < NWORDS; w++) {
		if (!words[w].trouble || h->n[w] < 0)
			continue;
		trouble = 1;
		if (!now) {
			h->n[w] = -1;
			free(h->s[w]);
			h->s[w] = NULL;
		}
	}
	if (now && !trouble)
		h->n[W_status] = words[W_status].bare;
}

int
has(const struct ask *a, enum word w)
{
	return a->how.n[w] >= 0;
}

long long
num(const struct ask *a, enum word w, long long absent)
{
	return has(a, w) ? a->how.n[w] : absent;
}

int
is(const struct ask *a, enum word w, const char *s)
{
	return a->how.s[w] != NULL && strcmp(a->how.s[w], s) == 0;
}
