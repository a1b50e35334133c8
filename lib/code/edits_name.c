/* SPDX-License-Identifier: ISC */
/* Names of files as diffs, fences and prose write them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/edits_priv.h"

unsigned
raid_edits_octal(const unsigned char *p, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n && i < 7 && p[i] >= '0' && p[i] <= '7'; i++)
		v = v * 8 + (p[i] - '0');
	return v;
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
			*out++ = (char)p[i++];
			continue;
		}
		i++;
		if (len - i >= 3 && p[i] >= '0' && p[i] <= '3') {
			*out++ = (char)raid_edits_octal(p + i, 3);
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
	return raid_memdup(l.p, name_end(l.p, l.len));
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
		*old = raid_memdup(l.p, l.len / 2);
		*new = raid_memdup(l.p + l.len / 2 + 1, l.len / 2);
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

void
raid_edits_strip(char *old, char *new)
{
	static const char *const pairs[] = { "ab", "iw", "ci", "cw", "oi",
		"ow" };
	int left = strlen(old) > 2 && old[1] == '/';
	int right = strlen(new) > 2 && new[1] == '/';

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		int l = left && old[0] == pairs[i][0];
		int r = right && new[0] == pairs[i][1];

		if ((l && (r || raid_edits_is_null(new))) ||
		    (r && raid_edits_is_null(old))) {
			if (l)
				memmove(old, old + 2, strlen(old) - 1);
			if (r)
				memmove(new, new + 2, strlen(new) - 1);
			return;
		}
	}
}


/* Files without a dot that a line above a fence may name. */
static int
is_known(const char *s)
{
	static const char *const known[] = { "Makefile", "GNUmakefile",
		"Dockerfile", "Containerfile", "Justfile", "Rakefile",
		"Gemfile", "Jenkinsfile", "Vagrantfile", "Procfile", "README",
		"LICENSE", "COPYING", "NEWS", "AUTHORS", "ChangeLog" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(s, known[i]) == 0)
			return 1;
	return 0;
}

/* One word that could name a file. */
static int
is_word(const char *s)
{
	if (*s == '\0' || *s == '-' || strstr(s, "://") != NULL)
		return 0;
	for (size_t i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return 0;
	return s[strlen(s) - 1] != '/';
}

/* It has a folder or an extension, or everybody knows it. */
static int
is_path(const char *s)
{
	const char *dot = strrchr(s, '.');

	/* Nothing that a shell would act on: a command is no path. */
	if (!is_word(s) || s[strcspn(s, "<>|*?\"'{}$;&=`!,\\")] != '\0')
		return 0;
	if (strchr(s, '/') != NULL)
		return strspn(s, "/.") != strlen(s);
	if (dot != NULL && isalpha((unsigned char)dot[1]))
		return strlen(dot) <= 12 && strcasecmp(dot, ".net") != 0;
	return is_known(s);
}

/* Take what surrounds a name away: "**`x`**:", "### x", "File: x". */
static int
peel(char **s, size_t *n)
{
	static const char *const words[] = { "file:", "filename:", "path:" };
	char *p = *s;
	size_t len = *n;

	while (len != 0 && strchr(" \t#", *p) != NULL)
		p++, len--;
	while (len != 0 && strchr(" \t\r\n:", p[len - 1]) != NULL)
		len--;
	if (len > 2 && p[0] == p[len - 1] && strchr("*_`\"'", *p) != NULL)
		p++, len -= 2;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (len > strlen(words[i]) &&
		    strncasecmp(p, words[i], strlen(words[i])) == 0) {
			p += strlen(words[i]);
			len -= strlen(words[i]);
		}
	if (p == *s && len == *n)
		return 0;
	*s = p;
	*n = len;
	return 1;
}

char *
raid_edits_path_line(struct raid_line l, int sure)
{
	char *whole, *s, *path = NULL;
	size_t n;

	if (l.len > 4096 || memchr(l.p, '\0', l.len) != NULL)
		return NULL;
	s = whole = raid_memdup(l.p, l.len);
	n = l.len;
	while (peel(&s, &n))
		continue;
	s[n] = '\0';
	if (raid_str_starts(s, "./"))
		s += 2;
	if (sure ? is_word(s) : is_path(s))
		path = raid_strdup(s);
	free(whole);
	return path;
}

/* The value of "path=x" or 'path="x y"' in an info string. */
static char *
keyed(const char *info)
{
	static const char *const keys[] = { "path=", "file=", "filename=",
		"title=" };

	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		const char *v = strstr(info, keys[k]);
		char *path;
		size_t n;

		if (v == NULL || (v != info && strchr(" {", v[-1]) == NULL))
			continue;
		v += strlen(keys[k]);
		n = *v == '"' || *v == '\'' ? strcspn(v + 1, (char[]){ *v, 0 })
		    : strcspn(v, " }");
		path = raid_strndup(*v == '"' || *v == '\'' ? v + 1 : v, n);
		if (n != 0 && (*keys[k] != 't' || is_path(path)))
			return path;
		free(path);
	}
	return NULL;
}

/* What a terminal shows is no file, whatever stands above it. */
static int
is_session(const char *lang)
{
	return strcasecmp(lang, "console") == 0 ||
	    strcasecmp(lang, "terminal") == 0 ||
	    strcasecmp(lang, "output") == 0 ||
	    strcasecmp(lang, "shell-session") == 0;
}

char *
raid_edits_path_info(const unsigned char *p, size_t len, int *session)
{
	struct raid_list words = { 0 };
	char *info = raid_memdup(p, len), *path;
	const char *at = NULL;

	raid_list_split(&words, info, ' ');
	*session = words.n != 0 && is_session(words.v[0]);
	path = keyed(info);
	free(info);
	if (path == NULL && words.n == 2 && is_path(words.v[1]))
		at = words.v[1];
	else if (path == NULL && words.n == 1) {
		/* "sh:path/x.sh"; "12:15:x.sh" is a quotation of lines. */
		at = strchr(words.v[0], ':');
		if (isdigit((unsigned char)words.v[0][0]) && at != NULL)
			at = "";
		at = at != NULL ? at + (*at == ':') : words.v[0];
		if (strchr(at, ':') != NULL || !is_path(at))
			at = NULL;
	}
	if (at != NULL)
		path = raid_strdup(raid_str_starts(at, "./") ? at + 2 : at);
	raid_list_free(&words);
	return path;
}
