/* SPDX-License-Identifier: ISC */
/*
 * Comments and strings, by family of language.  Good enough to count
 * brackets: where it goes wrong it does so before and after alike, and the
 * rule looks at the difference only.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "code/degrade_priv.h"

enum {
	SLASH = 1 << 0,		/* // comment */
	HASH = 1 << 1,		/* # comment */
	DASH = 1 << 2,		/* -- comment */
	SEMI = 1 << 3,		/* ; comment */
	BLOCK = 1 << 4,		/* slash star */
	DQ = 1 << 5,		/* "string", ends with its line */
	DQM = 1 << 6,		/* "string" over several lines */
	SQ = 1 << 7,
	SQM = 1 << 8,
	CHAR = 1 << 9,		/* 'c', while 'a alone is none */
	TICK = 1 << 10,		/* `string`, with ${} inside */
	TICKRAW = 1 << 11,	/* `string` without escapes */
	TRIPLE = 1 << 12,	/* """string""" */
	TRIPLE_SQ = 1 << 13,
	REGEX = 1 << 14,	/* /regex/ where a value may stand */
	HERE = 1 << 15,		/* << END */
	HASHWORD = 1 << 16	/* # only comments behind a blank */
};

static const unsigned family[RAID_LANGS] = {
	[RAID_LANG_C] = SLASH | BLOCK | DQ | CHAR,
	[RAID_LANG_CS] = SLASH | BLOCK | DQ | CHAR | TRIPLE,
	[RAID_LANG_CSS] = SLASH | BLOCK | DQ | SQ,
	[RAID_LANG_DART] = SLASH | BLOCK | DQ | SQ | TRIPLE | TRIPLE_SQ,
	[RAID_LANG_GO] = SLASH | BLOCK | DQ | CHAR | TICKRAW,
	[RAID_LANG_JAVA] = SLASH | BLOCK | DQ | CHAR | TRIPLE,
	[RAID_LANG_JS] = SLASH | BLOCK | DQ | SQ | TICK | REGEX,
	[RAID_LANG_JSON] = SLASH | BLOCK | DQ,
	[RAID_LANG_LUA] = DASH | DQ | SQ,
	[RAID_LANG_PERL] = HASHWORD | DQM | SQM | REGEX | HERE,
	[RAID_LANG_PHP] = SLASH | HASH | BLOCK | DQM | SQM | HERE,
	[RAID_LANG_PYTHON] = HASH | DQ | SQ | TRIPLE | TRIPLE_SQ,
	[RAID_LANG_R] = HASH | DQM | SQM,
	[RAID_LANG_RUBY] = HASHWORD | DQM | SQM | TICK | REGEX | HERE,
	[RAID_LANG_RUST] = SLASH | BLOCK | DQM | CHAR,
	[RAID_LANG_SH] = HASHWORD | DQM | SQM | HERE,
	[RAID_LANG_SWIFT] = SLASH | BLOCK | DQ | TRIPLE,
};

int
raid_degrade_lex_known(enum raid_degrade_lang lang)
{
	return family[lang] != 0;
}

void
raid_degrade_lex_start(struct raid_degrade_lex *x, enum raid_degrade_lang lang,
    const void *p, size_t len)
{
	*x = (struct raid_degrade_lex){ .p = p, .len = len, .lang = lang,
		.last = ';', .php = lang != RAID_LANG_PHP };
}

static int
looks_at(const struct raid_degrade_lex *x, size_t at, const char *s)
{
	size_t n = strlen(s);

	return n <= x->len - at && memcmp(x->p + at, s, n) == 0;
}

/* Behind the next s, or the end of the text. */
static size_t
behind(const struct raid_degrade_lex *x, size_t at, const char *s)
{
	const unsigned char *q = at < x->len ? memmem(x->p + at, x->len - at,
	    s, strlen(s)) : NULL;

	return q != NULL ? (size_t)(q - x->p) + strlen(s) : x->len;
}

static size_t
line_end(const struct raid_degrade_lex *x, size_t at)
{
	const unsigned char *q = memchr(x->p + at, '\n', x->len - at);

	return q != NULL ? (size_t)(q - x->p) : x->len;
}

/*
 * Behind the string whose quote stands at x->at - 1; 0 when it is none, as
 * the line ends first and the quote may not run over it.
 */
static size_t
string_end(const struct raid_degrade_lex *x, unsigned char quote, int lines,
    int escapes)
{
	for (size_t i = x->at; i < x->len; i++)
		if (x->p[i] == quote)
			return i + 1;
		else if (x->p[i] == '\\' && escapes)
			i++;
		else if (x->p[i] == '\n' && !lines)
			return 0;
	return lines ? x->len : 0;
}

/* A template: what stands in ${} may hold templates again. */
static size_t
template_end(const struct raid_degrade_lex *x)
{
	size_t depth = 0;

	for (size_t i = x->at; i < x->len; i++) {
		unsigned char c = x->p[i];

		if (c == '\\')
			i++;
		else if (c == '`' && depth == 0)
			return i + 1;
		else if (c == '{' && (depth != 0 || x->p[i - 1] == '$'))
			depth++;
		else if (c == '}' && depth != 0)
			depth--;
	}
	return x->len;
}

/* A regular expression ends on its line; a slash in [] does not end it. */
static size_t
regex_end(const struct raid_degrade_lex *x)
{
	int set = 0;

	for (size_t i = x->at; i < x->len && x->p[i] != '\n'; i++)
		if (x->p[i] == '\\')
			i++;
		else if (x->p[i] == '[')
			set = 1;
		else if (x->p[i] == ']')
			set = 0;
		else if (x->p[i] == '/' && !set)
			return i + 1;
	return 0;
}

/* 'c', '\n' or '\u{1f600}': a lifetime or a digit separator is none. */
static size_t
char_end(const struct raid_degrade_lex *x)
{
	size_t i = x->at;

	if (x->at > 1 && isalnum(x->p[x->at - 2]))
		return 0;
	if (i < x->len && x->p[i] == '\\')
		return string_end(x, '\'', 0, 1);
	while (i < x->len && i < x->at + 4 && x->p[i] != '\n')
		if (x->p[++i - 1] == '\'')
			return i > x->at + 1 ? i : 0;
	return i < x->len && x->p[i] == '\'' ? i + 1 : 0;
}

/* Behind a document from here on, whose mark stands behind "<<"; 0: none. */
static size_t
here_end(const struct raid_degrade_lex *x, size_t at)
{
	const unsigned char *mark;
	size_t n = 0, i;

	if (at < x->len && x->p[at] == '<' && x->lang == RAID_LANG_PHP)
		at++;
	while (at < x->len && strchr("-~ '\"\\", x->p[at]) != NULL &&
	    x->p[at] != '\0')
		at++;
	mark = x->p + at;
	while (at + n < x->len && (isalnum(mark[n]) || mark[n] == '_'))
		n++;
	if (n == 0 || isdigit(*mark) ||
	    (x->lang != RAID_LANG_SH && !isupper(*mark)))
		return 0;
	for (i = line_end(x, at + n); i < x->len; i = line_end(x, i)) {
		i++;
		while (i < x->len && (x->p[i] == '\t' || x->p[i] == ' '))
			i++;
		if (x->len - i >= n && memcmp(x->p + i, mark, n) == 0 &&
		    (i + n == x->len || !isalnum(x->p[i + n])))
			return i + n;
	}
	return x->len;
}

static size_t
comment(const struct raid_degrade_lex *x, unsigned f)
{
	size_t at = x->at, end, php;

	if (((f & SLASH) && looks_at(x, at, "//") &&
	    !(x->lang == RAID_LANG_CSS && at > 0 && x->p[at - 1] == ':')) ||
	    ((f & HASH) && x->p[at] == '#' && !looks_at(x, at, "#[")) ||
	    ((f & HASHWORD) && x->p[at] == '#' &&
	    (at == 0 || isspace(x->p[at - 1]) || x->p[at - 1] == ';')) ||
	    ((f & DASH) && looks_at(x, at, "--") && !looks_at(x, at, "--["))) {
		end = line_end(x, at);
		if (x->lang == RAID_LANG_PHP) {
			php = behind(x, at, "?>");
			if (looks_at(x, php - 2, "?>") && php - 2 < end)
				end = php - 2;
		}
		return end;
	}
	if ((f & BLOCK) && looks_at(x, at, "/*"))
		return behind(x, at + 2, "*/");
	if ((f & DASH) && looks_at(x, at, "--["))
		return looks_at(x, at, "--[[") ? behind(x, at, "]]") :
		    looks_at(x, at, "--[=") ? behind(x, at, "=]") :
		    line_end(x, at);
	if (x->lang == RAID_LANG_PERL && x->p[at] == '=' && at > 0 &&
	    x->p[at - 1] == '\n' && at + 1 < x->len && isalpha(x->p[at + 1]))
		return behind(x, at, "\n=cut");
	if (x->lang == RAID_LANG_RUBY && at > 0 && x->p[at - 1] == '\n' &&
	    looks_at(x, at, "=begin"))
		return behind(x, at, "\n=end");
	return 0;
}

/* R"x(...)x", r#"..."#, @"...": strings without escapes. */
static size_t
raw_string(const struct raid_degrade_lex *x)
{
	size_t at = x->at, n = 0;
	char mark[24] = ")";

	if (at > 0 && (isalnum(x->p[at - 1]) || x->p[at - 1] == '_'))
		return 0;
	if (x->lang == RAID_LANG_C && looks_at(x, at, "R\"")) {
		for (at += 2; at < x->len && n < 16 && x->p[at] != '('; at++)
			mark[++n] = (char)x->p[at];
		mark[n + 1] = '"';
		return behind(x, at, mark);
	}
	if (x->lang == RAID_LANG_RUST && x->p[at] == 'r') {
		*mark = '"';
		while (n < 16 && at + 1 + n < x->len && x->p[at + 1 + n] == '#')
			mark[++n] = '#';
		if (at + 1 + n < x->len && x->p[at + 1 + n] == '"')
			return behind(x, at + n + 2, mark);
	}
	if (x->lang == RAID_LANG_CS && looks_at(x, at, "@\""))
		return behind(x, at + 2, "\"");
	if (x->lang == RAID_LANG_LUA && looks_at(x, at, "[["))
		return behind(x, at, "]]");
	return 0;
}

/* May a value begin here, so that a slash opens a regular expression? */
static int
wants_value(const struct raid_degrade_lex *x)
{
	size_t i = x->at - 1, n = 0;

	if (strchr("(,=:[!&|?{};~<>+-*%^", x->last) != NULL)
		return 1;
	while (i > 0 && (x->p[i - 1] == ' ' || x->p[i - 1] == '\t'))
		i--;
	while (i > 0 && islower(x->p[i - 1]) && n < 8)
		i--, n++;
	return (n == 6 && memcmp(x->p + i, "return", 6) == 0) ||
	    (n == 4 && memcmp(x->p + i, "case", 4) == 0) ||
	    (n == 6 && memcmp(x->p + i, "typeof", 6) == 0) ||
	    (n == 2 && memcmp(x->p + i, "if", 2) == 0) ||
	    (n == 6 && memcmp(x->p + i, "unless", 6) == 0) ||
	    (n == 4 && memcmp(x->p + i, "when", 4) == 0);
}

/* The string that the byte c, before x->at, opens; 0 for none. */
static size_t
string(const struct raid_degrade_lex *x, unsigned f, unsigned char c)
{
	if (c == '"' && (f & TRIPLE) && looks_at(x, x->at, "\"\""))
		return behind(x, x->at + 2, "\"\"\"");
	if (c == '\'' && (f & TRIPLE_SQ) && looks_at(x, x->at, "''"))
		return behind(x, x->at + 2, "'''");
	if (c == '"' && (f & (DQ | DQM)))
		return string_end(x, c, (f & DQM) != 0, 1);
	if (c == '\'' && (f & (SQ | SQM)))
		return string_end(x, c, (f & SQM) != 0,
		    x->lang != RAID_LANG_SH);
	if (c == '\'' && (f & CHAR))
		return char_end(x);
	if (c == '`' && (f & TICK))
		return template_end(x);
	if (c == '`' && (f & TICKRAW))
		return string_end(x, c, 1, 0);
	if (c == '/' && (f & REGEX) && wants_value(x))
		return regex_end(x);
	if (c == '<' && (f & HERE) && looks_at(x, x->at, "<"))
		return here_end(x, x->at + 1);
	return 0;
}

/* PHP outside of its tags is text. */
static enum raid_degrade_token
outside(struct raid_degrade_lex *x)
{
	x->at = behind(x, x->at, "<?");
	x->php = 1;
	return RAID_TOKEN_COMMENT;
}

enum raid_degrade_token
raid_degrade_lex_next(struct raid_degrade_lex *x)
{
	unsigned f = family[x->lang];
	size_t end;
	unsigned char c;

	if (x->at >= x->len)
		return RAID_TOKEN_END;
	if (!x->php)
		return outside(x);
	c = x->p[x->at];
	if (x->lang == RAID_LANG_PHP && looks_at(x, x->at, "?>")) {
		x->at += 2;
		x->php = 0;
		return RAID_TOKEN_COMMENT;
	}
	if (strchr("/#-=;", c) != NULL && c != '\0' &&
	    (end = comment(x, f)) != 0) {
		x->at = end;
		return RAID_TOKEN_COMMENT;
	}
	if (strchr("Rr@[", c) != NULL && c != '\0' &&
	    (end = raw_string(x)) != 0) {
		x->at = end;
		x->last = '"';
		return RAID_TOKEN_STRING;
	}
	if (c == '\\' && (f & (HERE | REGEX)) != 0 && x->at + 1 < x->len) {
		x->at += 2;
		return RAID_TOKEN_CODE;
	}
	x->at++;
	if (isalnum(c) || c == '_') {
		x->last = c;
		while (x->at < x->len && (isalnum(x->p[x->at]) ||
		    x->p[x->at] == '_'))
			x->last = x->p[x->at++];
		return RAID_TOKEN_CODE;
	}
	if (strchr("\"'`/<", c) != NULL && c != '\0' &&
	    (end = string(x, f, c)) != 0) {
		x->at = end;
		x->last = '"';
		return RAID_TOKEN_STRING;
	}
	if (!isspace(c))
		x->last = c;
	return RAID_TOKEN_CODE;
}
