/* SPDX-License-Identifier: ISC */
/* Which words may be names of files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "code/edits_priv.h"

/* Files without a dot that a line above a fence may name. */
static int
is_known(const char *s)
{
	static const char *const known[] = { "Makefile", "GNUmakefile",
		"Dockerfile", "Containerfile", "Justfile", "Rakefile",
		"Gemfile", "Jenkinsfile", "Vagrantfile", "Procfile", "README",
		"LICENSE", "COPYING", "NEWS", "AUTHORS", "ChangeLog" };
	const char *base = strrchr(s, '/');

	s = base != NULL ? base + 1 : s;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(s, known[i]) == 0)
			return 1;
	return 0;
}

int
raid_edits_is_word(const char *s)
{
	if (*s == '\0' || *s == '-' || strstr(s, "://") != NULL)
		return 0;
	for (size_t i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return 0;
	return s[strlen(s) - 1] != '/';
}

/* "cron.8", "curl_easy_init.3": a page of the manual, but not "v1.2". */
static int
is_page(const char *s, const char *dot)
{
	return isalpha((unsigned char)s[0]) && isalpha((unsigned char)s[1]) &&
	    dot - s > 2 && strchr(s, '.') == dot && dot[1] >= '1' &&
	    dot[1] <= '9' && (dot[2] == '\0' || isalpha((unsigned char)dot[2]))
	    && strlen(dot) <= 5;
}

int
raid_edits_is_path(const char *s)
{
	const char *dot = strrchr(s, '.');

	/* Nothing that a shell would act on: a command is no path. */
	if (!raid_edits_is_word(s) ||
	    s[strcspn(s, "<>|*?\"'{}$;&=`!,\\")] != '\0')
		return 0;
	if (strchr(s, '/') != NULL)
		return strspn(s, "/.") != strlen(s);
	if (dot != NULL && isalpha((unsigned char)dot[1]))
		return strlen(dot) <= 12 && strcasecmp(dot, ".net") != 0;
	return is_known(s) || (dot != NULL && is_page(s, dot));
}

int
raid_edits_is_file(const char *s)
{
	static const char ends[] = " c h cc cpp cxx hpp hh m mm py pyi pyx rb "
	    "rs go java kt kts scala js jsx mjs cjs ts tsx vue svelte css "
	    "scss sass less html htm xml svg json jsonc json5 yaml yml toml "
	    "ini cfg conf env md mdx rst txt adoc tex sh bash zsh fish ps1 "
	    "bat cmd pl pm t php lua sql r jl swift cs fs vb ex exs erl hs "
	    "ml mli clj cljs lisp el vim nix tf hcl proto graphql cmake mk "
	    "gradle dart zig nim d s asm v sv vhd awk sed csv tsv lock mod "
	    "in am ac po service gitignore dockerignore editorconfig 1 2 3 "
	    "4 5 6 7 8 9 ";
	const char *dot = strrchr(s, '.');
	char *end;
	int r;

	if (!raid_edits_is_path(s))
		return 0;
	if (is_known(s))
		return 1;
	if (dot == NULL || strchr(dot, '/') != NULL || strlen(dot) > 14)
		return 0;
	end = raid_strf(" %s ", dot + 1);
	for (char *p = end; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	r = strstr(ends, end) != NULL;
	free(end);
	return r;
}

int
raid_edits_is_doubtful(struct raid_line l)
{
	static const char *const known[] = { "output", "example", "result",
		"then", "and", "or", "before", "after", "becomes", "to",
		"with", "usage", "run", "e.g.", "i.e.", "where", "now", "yes",
		"no", "ok", "log", "code", "prints", "gives" };

	l = raid_line_trim(l);
	/* No prose has such characters in it. */
	for (size_t i = 0; i < l.len; i++)
		if ((l.p[i] < ' ' && l.p[i] != '\t') || l.p[i] == 0x7f)
			return memchr(l.p, '.', l.len) != NULL ||
			    memchr(l.p, '/', l.len) != NULL;
	if (l.len == 0 || l.len > 100 || isupper(l.p[0]) ||
	    !(isalpha(l.p[0]) || l.p[0] == '.') ||
	    memchr(":,!?", l.p[l.len - 1], 4) != NULL)
		return 0;
	for (size_t i = 0; i < l.len; i++)
		if (!isalnum(l.p[i]) && (l.p[i] == '\0' ||
		    strchr("._:$+-/~\\", l.p[i]) == NULL))
			return 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (l.len == strlen(known[i]) &&
		    memcmp(l.p, known[i], l.len) == 0)
			return 0;
	return 1;
}
