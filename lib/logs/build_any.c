/* SPDX-License-Identifier: ISC */
/* Text that is known to be of a build or a test: lines that name a place
 * count, whoever wrote them, and what ends a program. */
#include <ctype.h>
#include <string.h>

#include "logs/build_priv.h"

#define PLAIN_MAX 20	/* places without a complaint */

static int
is_complaint(const char *s)
{
	static const char *const words[] = { "error", "fail", "assert",
	    "panic", "exception", "undefined", "not found", "not ok",
	    "unexpected" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(s, words[i]) != NULL)
			return 1;
	return 0;
}

/* "KeyError: 'k'", "AssertionError", and of Python also "foo.Bar: why". */
static int
is_exception(const char *s, int python)
{
	const char *name = s;
	size_t n = 0;

	for (; isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '.'; n++)
		if (s[n] == '.')
			name = s + n + 1;
	if (n < 4 || !isupper((unsigned char)*name) ||
	    (s[n] != '\0' && (s[n] != ':' || s[n + 1] != ' ')))
		return 0;
	return python || strstr(s, "Error") != NULL ||
	    strstr(s, "Exception") != NULL;
}

/* An exception that nobody caught, below the place of its last frame. */
static int
see_exception(struct raid_build *b, const struct build_line *l)
{
	struct build_place place = { .file = b->file.file,
		.len = strlen(b->file.file), .line = b->file.line };
	int python = b->file.kind == RAID_FINDING_ERROR;

	if (b->file.at == 0 || l->indent > 0 || l->at - b->file.at >
	    (python ? 4 : 8) || l->at == b->file.at || !is_exception(l->t,
	    python))
		return 0;
	raid_build_put(b, &(struct build_new){
	    .tool = python ? T_PYTHON : T_NODE, .place = place,
	    .message = l->t, .at = l->at });
	b->file.at = 0;
	return 1;
}

void
raid_build_see_any(struct raid_build *b, const struct build_line *l)
{
	struct build_place place;
	int bad;

	/* maven's list was read elsewhere. */
	if (b->mvn.open != 0 && l->class == K_MVN)
		return;
	if ((b->n > 0 && b->v[b->n - 1]->f.at == l->at) ||
	    see_exception(b, l) || !raid_build_find_place(l->t, &place))
		return;
	bad = is_complaint(l->t) && !raid_build_is_foreign(&place) &&
	    strstr(l->t, ": note: ") == NULL;
	if (!bad && b->plain >= PLAIN_MAX)
		return;
	b->plain += !bad;
	raid_build_put(b, &(struct build_new){ .kind = RAID_FINDING_PLACE,
	    .tool = T_OTHER, .place = place, .message = l->t, .at = l->at,
	    .weak = !bad });
}
