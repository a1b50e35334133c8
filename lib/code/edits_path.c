/* SPDX-License-Identifier: ISC */
/* Paths that stand alone: in a line, a comment, or an info string. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/edits_priv.h"

/* A label before a name, as "File: "; 0 or its length. */
static size_t
label_of(const char *p, size_t len)
{
	static const char *const words[] = { "file:", "filename:", "path:",
		"file name:", "file path:", "filepath:", "new file:",
		"updated file:", "modified file:", "create file:",
		"Файл:", "файл:", "Новый файл:", "Путь:", "путь:",
		"文件:", "文件：", "文件名:", "文件名：", "路径:", "路径：",
		"新文件:", "新文件：", "Datei:", "Fichier:", "Fichier :",
		"Archivo:" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		if (len > n && strncasecmp(p, words[i], n) == 0)
			return n;
	}
	return 0;
}

/* What a comment begins with before it names a file. */
static size_t
comment_of(const char *p, size_t len)
{
	static const char *const marks[] = { "//", "/*", "<!--", "--", ";;",
		"%" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = strlen(marks[i]);

		if (len > n + 1 && memcmp(p, marks[i], n) == 0 &&
		    p[n] == ' ')
			return n;
	}
	return 0;
}

/* "1. " and "2) " of a list. */
static size_t
item_of(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && n < 3 && isdigit((unsigned char)p[n]))
		n++;
	if (n == 0)
		return len > 2 && (p[0] == '-' || p[0] == '*') &&
		    p[1] == ' ' ? 2 : 0;
	return len > n + 2 && (p[n] == '.' || p[n] == ')') &&
	    p[n + 1] == ' ' ? n + 2 : 0;
}

/* The remark in brackets that ends the line; *n is cut before it. */
static char *
remark_of(const char *p, size_t *n)
{
	static const char *const pairs[][2] = { { "(", ")" },
		{ "（", "）" } };

	for (size_t k = 0; k < 2; k++) {
		size_t l = strlen(pairs[k][1]);

		if (*n < l || memcmp(p + *n - l, pairs[k][1], l) != 0)
			continue;
		for (size_t i = *n - l; i > 0 && *n - i < 80; i--)
			if (memcmp(p + i, pairs[k][0], l) == 0) {
				char *s = raid_strndup(p + i, *n - i);

				*n = i;
				return s;
			}
	}
	return NULL;
}

/* Take what surrounds a name away: "**`x`**:", "### x", "File: x". */
static int
peel(char **s, size_t *n)
{
	static const char wide[] = "：";
	char *p = *s;
	size_t len = *n, k;

	while (len != 0 && memchr(" \t#", *p, 3) != NULL)
		p++, len--;
	while (len != 0 && memchr(" \t\r\n:", p[len - 1], 5) != NULL)
		len--;
	if (len > 3 && memcmp(p + len - 3, wide, 3) == 0)
		len -= 3;
	for (k = 0; k < 2; k++)
		if (len > 3 && memcmp(p + len - 3, k ? "-->" : " */", 3) == 0)
			len -= 3;
	if (len > 2 && p[0] == p[len - 1] &&
	    memchr("*_`\"'", *p, 5) != NULL)
		p++, len -= 2;
	if ((k = label_of(p, len)) != 0 || (k = comment_of(p, len)) != 0 ||
	    (k = item_of(p, len)) != 0)
		p += k, len -= k;
	if (p == *s && len == *n)
		return 0;
	*s = p;
	*n = len;
	return 1;
}

/* Is the line a heading, bold, a label, or does it end in a colon? */
static int
is_adorned(struct raid_line l)
{
	l = raid_line_trim(l);
	while (l.len != 0 && *l.p == ' ')
		l.p++, l.len--;
	return l.len > 2 && (*l.p == '#' || l.p[l.len - 1] == ':' ||
	    memcmp(l.p, "**", 2) == 0 ||
	    memcmp(l.p + l.len - 3, "：", 3) == 0 ||
	    label_of((const char *)l.p, l.len) != 0);
}

/* A word that says what follows, "Then:", is not the name of a file. */
static int
is_hunk_name(const char *s, struct raid_line l)
{
	l = raid_line_trim(l);
	return raid_edits_is_path(s) || (raid_edits_is_word(s) && l.len != 0 &&
	    memchr(":.,!?", l.p[l.len - 1], 5) == NULL);
}

/* Has the line anything that a name could be made of? */
static int
has_letters(struct raid_line l)
{
	for (size_t i = 0; i < l.len; i++)
		if (isalnum(l.p[i]) || l.p[i] >= 0x80)
			return 1;
	return 0;
}

char *
raid_edits_path_line(struct raid_line l, enum raid_edits_label what)
{
	char *whole, *s, *remark = NULL, *path = NULL;
	size_t n;

	if (l.len > 4096 || memchr(l.p, '\0', l.len) != NULL ||
	    !has_letters(l) || (what == RAID_EDITS_WHOLE_FAR && !is_adorned(l)))
		return NULL;
	s = whole = raid_memdup(l.p, l.len);
	n = l.len;
	for (;;) {
		while (peel(&s, &n))
			continue;
		if (remark != NULL || (remark = remark_of(s, &n)) == NULL)
			break;
	}
	s[n] = '\0';
	while (raid_str_starts(s, "./"))
		s += 2;
	if (what == RAID_EDITS_HUNK ? is_hunk_name(s, l) :
	    raid_edits_is_path(s) &&
	    (remark == NULL || raid_edits_is_remark(remark)))
		path = raid_strdup(s);
	free(remark);
	free(whole);
	return path;
}

char *
raid_edits_path_comment(struct raid_line l)
{
	char *path = NULL;
	size_t n;

	l = raid_line_trim(l);
	n = comment_of((const char *)l.p, l.len);
	if (n == 0 && l.len > 2 && (l.p[0] == '#' || l.p[0] == ';') &&
	    l.p[1] == ' ')
		n = 1;
	if (n == 0)
		return NULL;
	path = raid_edits_path_line(l, RAID_EDITS_WHOLE);
	if (path != NULL && strchr(path, '/') == NULL &&
	    !raid_edits_is_file(path)) {
		free(path);
		path = NULL;
	}
	return path;
}

/* The value of "path=x" or 'path="x y"' in an info string. */
static char *
keyed(const char *info)
{
	static const char *const keys[] = { "path=", "file=", "filename=",
		"title=", "name=", "path:", "file:", "filename:" };

	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		const char *v = strstr(info, keys[k]);
		char *path;
		size_t n;
		int quoted;

		if (v == NULL || (v != info && strchr(" {,", v[-1]) == NULL))
			continue;
		v += strlen(keys[k]);
		v += strspn(v, " ");
		quoted = *v == '"' || *v == '\'';
		n = quoted ? strcspn(v + 1, (char[]){ *v, 0 }) :
		    strcspn(v, " },");
		path = raid_strndup(quoted ? v + 1 : v, n);
		if (n != 0 && (k < 3 || raid_edits_is_path(path)))
			return path;
		free(path);
	}
	return NULL;
}

static int
is_among(const unsigned char *p, size_t len, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);

		if (len >= n && strncasecmp((const char *)p, *words, n) == 0 &&
		    (len == n || p[n] == ' '))
			return 1;
	}
	return 0;
}

int
raid_edits_is_shell(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "sh", "bash", "zsh", "shell",
		"fish", "powershell", "pwsh", "ps1", "cmd", "bat", "text",
		"txt", "plaintext", NULL };

	return is_among(p, len, words);
}

/* What a terminal shows is no file, whatever stands above it. */
static int
is_session(const unsigned char *p, size_t len)
{
	static const char *const words[] = { "console", "terminal", "output",
		"shell-session", "shellsession", "log", "stdout", NULL };

	return is_among(p, len, words);
}

/* Does it say that only some lines of the file follow? */
static int
is_part(const char *info)
{
	return strcasestr(info, "line") != NULL ||
	    strcasestr(info, "#L") != NULL || strcasestr(info, "excerpt") !=
	    NULL || strcasestr(info, "snippet") != NULL;
}

/* A path, or one that is refused later and not overlooked: as Windows writes
 * it, or with a control character. */
static int
is_info_path(const char *s)
{
	char *t = raid_strdup(s);
	int r;

	for (char *p = t; *p != '\0'; p++)
		if (*p == '\\' || (unsigned char)*p < ' ')
			*p = '/';
	r = raid_edits_is_path(t);
	free(t);
	return r;
}

int
raid_edits_is_doubtful_info(const unsigned char *p, size_t len)
{
	const unsigned char *word = memchr(p, ' ', len);
	size_t n;

	if (word == NULL)
		return 0;
	word++;
	n = len - (size_t)(word - p);
	for (size_t i = 0; i < n; i++)
		if (strchr(" {}=[]#\"'(,", word[i]) != NULL)
			return 0;
	return n != 0 && (memchr(word, '\\', n) != NULL ||
	    memchr(word, '/', n) != NULL || *word == '.' ||
	    memchr(word, '$', n) != NULL);
}

char *
raid_edits_path_info(const unsigned char *p, size_t len, int *session)
{
	struct raid_list words = { 0 };
	char *info, *path;
	const char *at = NULL;

	*session = is_session(p, len);
	if (len == 0 || len > 4096 || memchr(p, '\0', len) != NULL)
		return NULL;
	info = raid_memdup(p, len);
	raid_list_split(&words, info, ' ');
	path = keyed(info);
	if (path == NULL && words.n == 2 && is_info_path(words.v[1]))
		at = words.v[1];
	else if (path == NULL && words.n == 1) {
		/* "sh:path/x.sh"; "12:15:x.sh" is a quotation of lines. */
		at = strchr(words.v[0], ':');
		if (isdigit((unsigned char)words.v[0][0]) && at != NULL)
			at = "";
		at = at != NULL ? at + (*at == ':') : words.v[0];
		if (strchr(at, ':') != NULL || !is_info_path(at))
			at = NULL;
	}
	if (at != NULL && !is_part(info))
		path = raid_strdup(raid_str_starts(at, "./") ? at + 2 : at);
	if (path != NULL && at == NULL && is_part(strchr(info, ' ') != NULL ?
	    strchr(info, ' ') : "") && !is_part(path)) {
		free(path);
		path = NULL;
	}
	free(info);
	raid_list_free(&words);
	return path;
}
