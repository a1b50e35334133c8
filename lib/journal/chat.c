/* SPDX-License-Identifier: ISC */
#include "journal/chat.h"

#include <ctype.h>
#include <string.h>

#include "base/fence.h"
#include "journal/grammar.h"

#define STAMP_MAX 40

static size_t
skip_blanks(const unsigned char *p, size_t end, size_t i)
{
	while (i < end && (p[i] == ' ' || p[i] == '\t'))
		i++;
	return i;
}

/* Behind "[14:05] ", "(2026-11-21 14:05) ", "14:05:30 " at i; else i. */
static size_t
skip_stamp(const unsigned char *p, size_t end, size_t i)
{
	unsigned char close = 0;
	size_t at = i, colons = 0;

	if (i < end && (p[i] == '[' || p[i] == '('))
		close = p[at++] == '[' ? ']' : ')';
	for (; at < end && at - i < STAMP_MAX; at++) {
		if (p[at] == ':')
			colons++;
		else if (close != 0 ? p[at] == close ||
		    strchr("0123456789 ,./-TZAPMapm", p[at]) == NULL :
		    !isdigit(p[at]))
			break;
	}
	if (colons == 0 || at == end || (close != 0 && p[at++] != close) ||
	    at == end || (p[at] != ' ' && p[at] != '\t'))
		return i;
	return skip_blanks(p, end, at);
}

static int
is_number(const unsigned char *p, size_t n)
{
	while (n > 0 && isdigit(p[n - 1]))
		n--;
	return n == 0;
}

static int
take_stars(const unsigned char *p, size_t end, size_t *i)
{
	if (end - *i < 2 || p[*i] != '*' || p[*i + 1] != '*')
		return 0;
	*i += 2;
	return 1;
}

/* Does the line [i, end) begin a block? */
static int
begins(const unsigned char *p, size_t i, size_t end, struct raid_chat *c)
{
	int open;
	size_t n;

	i = skip_stamp(p, end, i);
	open = take_stars(p, end, &i);
	n = raid_grammar_name(p + i, end - i);
	if (n == 0 || is_number(p + i, n))
		return 0;
	c->name = i;
	c->name_len = n;
	i += n;
	if (open)
		open = !take_stars(p, end, &i);
	if (i == end || p[i++] != ':')
		return 0;
	if (open && !take_stars(p, end, &i))
		return 0;
	if (i < end && !isspace(p[i]))
		return 0;
	c->body = skip_blanks(p, end, i);
	return 1;
}

static size_t
line_end(const unsigned char *p, size_t len, size_t i)
{
	const unsigned char *nl = memchr(p + i, '\n', len - i);

	return nl != NULL ? (size_t)(nl - p) : len;
}

/* The fence that a line opens: where it ends; else the line itself. */
static size_t
skip_fence(const unsigned char *p, size_t len, size_t i, size_t end)
{
	size_t pos = 0;
	struct raid_fence f;

	/* First the line alone, so that the text is not searched for the
	 * next fence again and again. */
	if (raid_fence_next(p + i, end - i, &pos, &f) != 1)
		return i;
	pos = i;
	if (raid_fence_next(p, len, &pos, &f) != 1 || f.start != i)
		return i;
	return f.end;
}

static void
set_body(const unsigned char *p, size_t end, struct raid_chat *c)
{
	while (c->body < end && isspace(p[c->body]))
		c->body++;
	while (end > c->body && isspace(p[end - 1]))
		end--;
	c->body_len = end - c->body;
}

int
raid_chat_next(const unsigned char *p, size_t len, size_t *pos, size_t *line,
    struct raid_chat *c)
{
	struct raid_chat next;
	size_t i = *pos, end, skipped;

	*c = (struct raid_chat){ 0 };
	for (; i < len; i = end + 1, (*line)++) {
		end = line_end(p, len, i);
		if (begins(p, i, end, c))
			break;
		for (; i < end; i++)
			if (!isspace(p[i]))
				return -1;
	}
	if (i >= len)
		return 0;
	c->line = *line;
	for (i = c->body; i < len;) {
		end = line_end(p, len, i);
		skipped = skip_fence(p, len, i, end);
		if (skipped == i && i != c->body && begins(p, i, end, &next))
			break;
		skipped = skipped > i ? skipped : end + (end < len);
		for (; i < skipped; i++)
			*line += p[i] == '\n';
	}
	set_body(p, i < len ? i : len, c);
	*pos = i;
	return 1;
}
