/* SPDX-License-Identifier: ISC */
/* Names of files as diffs write them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/edits_priv.h"

unsigned
raid_edits_octal(const unsigned char *p, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n && i < 7 && p[i] >= '0' && p[i] <= '7'; i++)
		v = v * 8 + (p[i] - '0');
	return v;
}

char *
raid_edits_name_of(const unsigned char *p, size_t n)
{
	char *s = raid_memdup(p, n);

	for (size_t i = 0; i < n; i++)
		if (s[i] == '\0')
			s[i] = '\n';
	return s;
}

/* The C-quoted name at p, behind its opening quote; *used gets its length
 * with the closing one. */
static char *
unquote(const unsigned char *p, size_t len, size_t *used)
{
	static const char named[] = "abtnvfr\"\\";
	static const char value[] = "\a\b\t\n\v\f\r\"\\";
	char *s = raid_malloc(len + 1), *out = s;
	const char *at;
	size_t i = 0;

	while (i < len && p[i] != '"') {
		if (p[i] != '\\' || i + 1 == len) {
			*out++ = p[i] != '\0' ? (char)p[i] : '\n';
			i++;
			continue;
		}
		i++;
		if (len - i >= 3 && p[i] >= '0' && p[i] <= '3') {
			*out = (char)raid_edits_octal(p + i, 3);
			*out = *out != '\0' ? *out : '\n';
			out++;
			i += 3;
			continue;
		}
		at = strchr(named, p[i]);
		*out++ = at != NULL && *at != '\0' ? value[at - named] :
		    (char)p[i];
		i++;
	}
	*out = '\0';
	*used = i < len ? i + 1 : i;
	return s;
}

/* Where an unquoted name ends: git and diff(1) end it with a tab, others
 * write a time stamp behind a blank. */
static size_t
name_end(const unsigned char *p, size_t len)
{
	const unsigned char *tab = memchr(p, '\t', len);

	if (tab != NULL)
		return (size_t)(tab - p);
	for (size_t i = 0; i + 11 < len; i++)
		if (p[i] == ' ' && p[i + 1] == '2' && p[i + 5] == '-' &&
		    p[i + 8] == '-' && p[i + 11] == ' ')
			return i;
	while (len != 0 && p[len - 1] == ' ')
		len--;
	return len;
}

char *
raid_edits_name(struct raid_line l, size_t skip)
{
	size_t used;

	l = raid_line_chomp(l);
	if (l.len < skip)
		return raid_strdup("");
	l.p += skip;
	l.len -= skip;
	if (l.len != 0 && l.p[0] == '"')
		return unquote(l.p + 1, l.len - 1, &used);
	return raid_edits_name_of(l.p, name_end(l.p, l.len));
}

void
raid_edits_git_names(struct raid_line l, char **old, char **new)
{
	size_t used;

	*old = *new = NULL;
	l.p += strlen("diff --git ");
	l.len -= strlen("diff --git ");
	if (l.len != 0 && l.p[0] == '"') {
		*old = unquote(l.p + 1, l.len - 1, &used);
		used += 2;
		if (used < l.len)
			*new = raid_edits_name(l, used);
	} else if (l.len % 2 == 1 && l.p[l.len / 2] == ' ') {
		*old = raid_edits_name_of(l.p, l.len / 2);
		*new = raid_edits_name_of(l.p + l.len / 2 + 1, l.len / 2);
	}
	if (*old == NULL)
		*old = raid_strdup("");
	if (*new == NULL)
		*new = raid_strdup("");
}

int
raid_edits_is_null(const char *name)
{
	return strcmp(name, "/dev/null") == 0;
}

/* The folder before the same name that tells old from new, "old/x". */
static const struct {
	const char *old, *new;
} prefixes[] = {
	{ "a/", "b/" }, { "i/", "w/" }, { "c/", "i/" }, { "c/", "w/" },
	{ "o/", "i/" }, { "o/", "w/" }, { "old/", "new/" },
	{ "orig/", "new/" }, { "original/", "modified/" },
	{ "original/", "updated/" }, { "before/", "after/" },
};

static void
cut(char *s, size_t n)
{
	memmove(s, s + n, strlen(s + n) + 1);
}

static void
cut_dots(char *s)
{
	while (strncmp(s, "./", 2) == 0)
		cut(s, 2);
}

void
raid_edits_strip(char *old, char *new)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t n = strlen(prefixes[i].old);
		size_t m = strlen(prefixes[i].new);
		int l = strncmp(old, prefixes[i].old, n) == 0;
		int r = strncmp(new, prefixes[i].new, m) == 0;

		/* Of the words, both must be there, before one name. */
		if (n > 2 && (!l || !r || strcmp(old + n, new + m) != 0))
			continue;
		if ((l && (r || raid_edits_is_null(new))) ||
		    (r && raid_edits_is_null(old))) {
			cut(old, l ? n : 0);
			cut(new, r ? m : 0);
			break;
		}
	}
	cut_dots(old);
	cut_dots(new);
}
