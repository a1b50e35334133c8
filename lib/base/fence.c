/* SPDX-License-Identifier: ISC */
#include "base/fence.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* End of the line at pos, behind its newline. */
static size_t
line_end(const unsigned char *p, size_t len, size_t pos)
{
	const unsigned char *nl = memchr(p + pos, '\n', len - pos);

	return nl != NULL ? (size_t)(nl - p) + 1 : len;
}

static size_t
run_of(const unsigned char *p, size_t len, size_t pos)
{
	size_t i = pos;

	while (i < len && p[i] == p[pos])
		i++;
	return i - pos;
}

static size_t
skip_blanks(const unsigned char *p, size_t end, size_t pos)
{
	while (pos < end && (p[pos] == ' ' || p[pos] == '\t'))
		pos++;
	return pos;
}

/* Does the line [pos, end) open a fence?  A backtick fence has none in its
 * info string: that would be a code span. */
static int
opens(const unsigned char *p, size_t pos, size_t end, struct raid_fence *f)
{
	size_t at = skip_blanks(p, end, pos), n, stop;

	while (at < end && p[at] == '>')
		at = skip_blanks(p, end, at + 1);
	if (at == end || (p[at] != '`' && p[at] != '~'))
		return 0;
	n = run_of(p, end, at);
	if (n < 3)
		return 0;
	if (p[at] == '`' && memchr(p + at + n, '`', end - at - n) != NULL)
		return 0;
	*f = (struct raid_fence){ .start = pos, .indent = at - pos,
		.ticks = n, .ch = p[at], .body = end };
	f->info = skip_blanks(p, end, at + n);
	for (stop = end; stop > f->info && isspace(p[stop - 1]); stop--)
		continue;
	f->info_len = stop - f->info;
	return 1;
}

/* Does the line [pos, end) close f?  The same character, at least as many,
 * nothing behind, and not indented by four more: that is content, such as a
 * fence within a list that is quoted.  "> " is content, too, unless the
 * block began so. */
static int
closes(const unsigned char *p, size_t pos, size_t end,
    const struct raid_fence *f)
{
	int quoted = memchr(p + f->start, '>', f->indent) != NULL;
	size_t at = skip_blanks(p, end, pos), n;

	while (quoted && at < end && p[at] == '>')
		at = skip_blanks(p, end, at + 1);
	if (at == end || p[at] != f->ch ||
	    (!quoted && at - pos >= f->indent + 4))
		return 0;
	n = run_of(p, end, at);
	if (n < f->ticks)
		return 0;
	for (at += n; at < end; at++)
		if (!isspace(p[at]))
			return 0;
	return 1;
}

int
raid_fence_next(const unsigned char *p, size_t len, size_t *pos,
    struct raid_fence *f)
{
	size_t at = *pos, end;

	for (; at < len; at = end) {
		end = line_end(p, len, at);
		if (opens(p, at, end, f))
			break;
	}
	if (at >= len) {
		*pos = len;
		return 0;
	}
	for (at = f->body; at < len; at = end) {
		end = line_end(p, len, at);
		if (closes(p, at, end, f)) {
			f->closed = 1;
			f->end = end;
			break;
		}
	}
	if (!f->closed)
		f->end = at = len;
	f->body_len = at - f->body;
	*pos = f->end;
	return 1;
}

static int
is_url_byte(unsigned char c)
{
	return c > ' ' && c != '<' && c != '>' && c != '"' && c != '`' &&
	    c != 0x7f;
}

#define SCHEME_MAX 32

/* Length of the URL at pos, 0 if none: a scheme of letters, then "://".  The
 * scheme is bounded, or "a.a.a..." would cost a look at all for each a. */
static size_t
url_at(const unsigned char *p, size_t len, size_t pos)
{
	size_t i = pos;

	if (!isalpha(p[i]) || (pos > 0 && isalnum(p[pos - 1])))
		return 0;
	while (i < len && i - pos < SCHEME_MAX && (isalnum(p[i]) ||
	    p[i] == '+' || p[i] == '-' || p[i] == '.'))
		i++;
	if (len - i < 4 || memcmp(p + i, "://", 3) != 0)
		return 0;
	for (i += 3; i < len && is_url_byte(p[i]); i++)
		continue;
	return i - pos;
}

/*
 * Code spans and URLs in the text [pos, end), which holds no fence.  A span
 * is a run of backticks up to the next run of the same length; none is
 * looked for beyond a blank line, which ends a paragraph.
 */
static void
mask_inline(const unsigned char *p, size_t pos, size_t end, unsigned char *mask)
{
	/* absent[n]: no closing run of n before this offset of a paragraph's
	 * end, so that hostile text costs one look for each length. */
	size_t absent[64] = { 0 };
	size_t i = pos, n, m, j, para = pos;

	/* Most texts have neither. */
	if (memchr(p + pos, '`', end - pos) == NULL &&
	    memmem(p + pos, end - pos, "://", 3) == NULL) {
		memset(mask + pos, 0, end - pos);
		return;
	}
	while (i < end) {
		if (p[i] != '`') {
			n = url_at(p, end, i);
			memset(mask + i, n != 0, n != 0 ? n : 1);
			i += n != 0 ? n : 1;
			continue;
		}
		n = run_of(p, end, i);
		if (i >= para) {
			for (para = i; para < end; para++)
				if (p[para] == '\n' && para + 1 < end &&
				    p[para + 1] == '\n')
					break;
		}
		m = 0;
		j = n < 64 && absent[n] == para + 1 ? para : i + n;
		for (; j < para; j += m != 0 ? m : 1) {
			m = p[j] == '`' ? run_of(p, end, j) : 0;
			if (m == n)
				break;
		}
		if (j < para) {
			memset(mask + i, 1, j + n - i);
			i = j + n;
		} else {
			if (n < 64)
				absent[n] = para + 1;
			memset(mask + i, 0, n);
			i += n;
		}
	}
}

void
raid_fence_mask(const unsigned char *p, size_t len, unsigned char *mask)
{
	struct raid_fence f;
	size_t pos = 0, from = 0;

	while (raid_fence_next(p, len, &pos, &f)) {
		mask_inline(p, from, f.start, mask);
		memset(mask + f.start, 1, f.end - f.start);
		from = f.end;
	}
	mask_inline(p, from, len, mask);
}

size_t
raid_fence_ticks(const unsigned char *p, size_t len)
{
	size_t most = 2;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '`') {
			size_t n = run_of(p, len, i);

			if (n > most)
				most = n;
			i += n;
		}
	}
	return most + 1;
}
