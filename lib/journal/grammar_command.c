/* SPDX-License-Identifier: ISC */
#include "journal/grammar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fence.h"
#include "base/mem.h"
#include "base/utf8.h"

/* Where the reader of a command stands. */
struct scan {
	const unsigned char *p;
	size_t len, i;
	size_t line;		/* start of the line that i is in */
};

void
raid_command_free(struct raid_command *c)
{
	free(c->verb);
	free(c->subverb);
	free(c->payload);
	free(c->rest);
	raid_list_free(&c->metadata);
	raid_list_free(&c->keys);
	raid_list_free(&c->values);
	*c = (struct raid_command){ 0 };
}

static void
skip_blanks(struct scan *s)
{
	for (; s->i < s->len && isspace(s->p[s->i]); s->i++)
		if (s->p[s->i] == '\n')
			s->line = s->i + 1;
}

/* Does a word end at i? */
static int
ends(const struct scan *s, size_t i)
{
	return i == s->len || isspace(s->p[i]) || s->p[i] == '[';
}

static char *
folded(const struct scan *s, size_t n)
{
	return raid_utf8_fold((const char *)s->p + s->i, n);
}

static char *
copied(const struct scan *s, size_t from, size_t to)
{
	while (from < to && isspace(s->p[from]))
		from++;
	while (to > from && isspace(s->p[to - 1]))
		to--;
	return raid_strndup((const char *)s->p + from, to - from);
}

/* The next word if it is a plain one, folded; else NULL. */
static char *
plain(struct scan *s)
{
	char *word = NULL;
	size_t n;

	skip_blanks(s);
	n = raid_grammar_name(s->p + s->i, s->len - s->i);
	if (n != 0 && ends(s, s->i + n)) {
		word = folded(s, n);
		s->i += n;
	}
	return word;
}

/* "@agent" at the beginning, perhaps with a comma or a colon behind. */
static int
is_addressed(struct scan *s)
{
	char *name;
	size_t n;
	int yes;

	skip_blanks(s);
	if (s->i == s->len || s->p[s->i++] != '@')
		return 0;
	n = raid_grammar_name(s->p + s->i, s->len - s->i);
	name = folded(s, n);
	yes = strcmp(name, "agent") == 0;
	free(name);
	s->i += n;
	if (yes && s->i < s->len && (s->p[s->i] == ',' || s->p[s->i] == ':'))
		s->i++;
	return yes && s->i < s->len && isspace(s->p[s->i]);
}

static int
take_metadata(struct scan *s, struct raid_command *c)
{
	size_t n = raid_grammar_word(s->p + s->i + 1, s->len - s->i - 1);
	char *word;

	if (n == 0 || !ends(s, s->i + 1 + n))
		return 0;
	s->i++;
	word = folded(s, n);
	(void)raid_list_addnew(&c->metadata, word);
	free(word);
	s->i += n;
	return 1;
}

/* key=value, or key="a value with blanks". */
static int
take_key(struct scan *s, struct raid_command *c)
{
	size_t n = raid_grammar_name(s->p + s->i, s->len - s->i);
	size_t from = s->i + n + 1, to = from;
	const unsigned char *quote;

	if (n == 0 || s->i + n >= s->len || s->p[s->i + n] != '=')
		return 0;
	if (from < s->len && s->p[from] == '"') {
		from++;
		quote = memchr(s->p + from, '"', s->len - from);
		if (quote == NULL || !ends(s, (size_t)(quote - s->p) + 1))
			return 0;
		to = (size_t)(quote - s->p);
	} else {
		while (to < s->len && !isspace(s->p[to]))
			to++;
	}
	raid_list_addn(&c->keys, (const char *)s->p + s->i, n);
	raid_list_addn(&c->values, (const char *)s->p + from, to - from);
	s->i = to + (to < s->len && s->p[to] == '"');
	return 1;
}

/* Brackets inside nest; where they do not match, the last one ends it. */
static int
take_brackets(struct scan *s, struct raid_command *c)
{
	size_t depth = 0, last = 0, end = s->i;

	for (; end < s->len; end++) {
		if (s->p[end] == '[')
			depth++;
		if (s->p[end] == ']')
			last = end;
		if (s->p[end] == ']' && --depth == 0)
			break;
	}
	if (last == 0)
		return 0;
	c->payload = copied(s, s->i + 1, last);
	s->i = last + 1;
	return 1;
}

static int
take_fence(struct scan *s, struct raid_command *c)
{
	size_t pos = s->line;
	struct raid_fence f;

	if (raid_fence_next(s->p, s->len, &pos, &f) != 1 || f.start != s->line)
		return 0;
	c->payload = raid_strndup((const char *)s->p + f.body, f.body_len);
	s->i = f.end;
	return 1;
}

/* One part behind the verbs.  0: what follows is no part. */
static int
take_part(struct scan *s, struct raid_command *c)
{
	switch (s->p[s->i]) {
	case '#':
		return take_metadata(s, c);
	case '[':
		return take_brackets(s, c);
	case '`':
	case '~':
		return take_fence(s, c);
	default:
		return take_key(s, c);
	}
}

int
raid_grammar_command(const void *body, size_t len, struct raid_command *c)
{
	struct scan s = { .p = body, .len = len };

	*c = (struct raid_command){ 0 };
	if (!is_addressed(&s))
		return 0;
	c->verb = plain(&s);
	if (c->verb == NULL)
		return 0;
	c->subverb = plain(&s);
	for (skip_blanks(&s); s.i < len && c->payload == NULL &&
	    take_part(&s, c) == 1;)
		skip_blanks(&s);
	c->rest = copied(&s, s.i, len);
	return 1;
}
