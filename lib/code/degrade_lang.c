/* SPDX-License-Identifier: ISC */
/* The language of a file, by its name or its first line. */
#include <string.h>
#include <strings.h>

#include "code/degrade_priv.h"

static const struct { enum raid_degrade_lang lang; const char *names; }
by_name[] = {
	{ RAID_LANG_C, " c h cc cpp cxx hpp hh hxx ino m mm cu cuh inl proto "
	    "glsl vala " },
	{ RAID_LANG_CS, " cs " },
	{ RAID_LANG_CSS, " css scss less " },
	{ RAID_LANG_DART, " dart groovy gradle " },
	{ RAID_LANG_ELIXIR, " ex exs " },
	{ RAID_LANG_GO, " go " },
	{ RAID_LANG_HASKELL, " hs elm " },
	{ RAID_LANG_JAVA, " java kt kts scala " },
	{ RAID_LANG_JS, " js jsx ts tsx mjs cjs mts cts " },
	{ RAID_LANG_JSON, " json jsonc json5 " },
	{ RAID_LANG_LISP, " el lisp clj cljs scm rkt " },
	{ RAID_LANG_LUA, " lua " },
	{ RAID_LANG_ML, " ml mli fs " },
	{ RAID_LANG_PERL, " pl pm t " },
	{ RAID_LANG_PHP, " php phpt inc " },
	{ RAID_LANG_PYTHON, " py pyi pyx pxd bzl " },
	{ RAID_LANG_R, " r " },
	{ RAID_LANG_RUBY, " rb rake gemspec gemfile rakefile " },
	{ RAID_LANG_RUST, " rs " },
	{ RAID_LANG_SH, " sh bash zsh ksh bats ebuild " },
	{ RAID_LANG_SQL, " sql " },
	{ RAID_LANG_SWIFT, " swift " },
	{ RAID_LANG_VIM, " vim vimrc " },
	{ RAID_LANG_PROSE, " md markdown rst txt adoc asciidoc tex texi html "
	    "htm xhtml org pod po pot readme news changelog changes authors "
	    "todo 1 2 3 4 5 6 7 8 man xml docbook sgml diff patch in out "
	    "log expected ipynb svg license copying " },
	{ RAID_LANG_DATA, " yaml yml toml ini conf cfg csv tsv lock env " },
};

static enum raid_degrade_lang
find(const char *name, size_t len)
{
	char word[32];

	if (len + 3 > sizeof(word))
		return RAID_LANG_NONE;
	word[0] = ' ';
	memcpy(word + 1, name, len);
	memcpy(word + 1 + len, " ", 2);
	for (size_t i = 0; i < sizeof(by_name) / sizeof(*by_name); i++)
		if (strcasestr(by_name[i].names, word) != NULL)
			return by_name[i].lang;
	return RAID_LANG_NONE;
}

/* "#!/usr/bin/env python3" */
static enum raid_degrade_lang
by_first_line(const char *p, size_t len)
{
	static const struct { const char *word; enum raid_degrade_lang lang; }
	words[] = {
		{ "python", RAID_LANG_PYTHON }, { "perl", RAID_LANG_PERL },
		{ "ruby", RAID_LANG_RUBY }, { "node", RAID_LANG_JS },
		{ "php", RAID_LANG_PHP }, { "lua", RAID_LANG_LUA },
		{ "sh", RAID_LANG_SH },
	};
	const char *end = len > 2 && memcmp(p, "#!", 2) == 0 ?
	    memchr(p, '\n', len) : NULL;

	if (end == NULL)
		return RAID_LANG_NONE;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(p, (size_t)(end - p), words[i].word,
		    strlen(words[i].word)) != NULL)
			return words[i].lang;
	return RAID_LANG_NONE;
}

/* A script that a program in C stands in, to be cut out of it. */
static int
holds_c(const void *p, size_t len)
{
	return memmem(p, len, "\n#include <", 11) != NULL &&
	    memmem(p, len, "\n{\n", 3) != NULL &&
	    memmem(p, len, ";\n}\n", 4) != NULL;
}

enum raid_degrade_lang
raid_degrade_lang(const char *path, const void *p, size_t len)
{
	const char *name = strrchr(path, '/'), *dot;
	enum raid_degrade_lang lang = by_first_line(p, len);

	name = name != NULL ? name + 1 : path;
	if (strcmp(name, "configure") == 0)
		return RAID_LANG_NONE;	/* a program wrote it */
	if (lang != RAID_LANG_NONE)
		return lang == RAID_LANG_SH && holds_c(p, len) ?
		    RAID_LANG_C : lang;
	dot = strrchr(name, '.');
	name = dot != NULL ? dot + 1 : name;
	return find(name, strlen(name));
}
