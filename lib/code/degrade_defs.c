/* SPDX-License-Identifier: ISC */
#include "code/degrade_defs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/match.h"
#include "base/mem.h"

/* Blanks, modifiers in front, and a balanced list of parameters. */
#define B "[ \\t]+"
#define O "[ \\t]*"
#define ARGS "\\((?:[^(){};]|\\((?:[^(){};]|\\([^(){};]*\\))*\\)){0,60}+"
#define MODS "(?:(?:public|private|protected|internal|static|final|abstract|" \
    "sealed|partial|data|open|case|readonly|record|inner|virtual|override|" \
    "async|synchronized|native|default|suspend|inline|operator|mutating|" \
    "unsafe|extern|export|declare|const|implicit|lazy|fileprivate|strictfp|" \
    "annotation|companion|tailrec|infix|external|late|covariant|new)" B ")"
#define NOT_A_CALL "(?!(?:if|for|while|switch|catch|return|else|do|with|" \
    "await|new|throw|super|function|typeof|it|test|describe|expect|using|" \
    "lock|foreach|sizeof|defined)\\b)"

/* Group 1 is the name; the branches share it. */
static const char *const code[RAID_LANGS] = {
	[RAID_LANG_C] = "^(?|#" O "define" B "(\\w+)|"
	    "(?:typedef" B ")?(?:struct|union|enum(?:" B "class)?|class)" B
	    "(?:\\w+" B ")?(\\w+)" O "(?::[^;{}()\\n]*)?\\s*\\{|"
	    "\\}" O "(\\w+)" O ";|"
	    "using" B "(\\w+)" O "=|"
	    "(?!(?:if|else|for|while|switch|return|case|do|namespace|extern|"
	    "typedef)\\b)(?![A-Z0-9_]+" O "\\()"
	    "(?:[A-Za-z_][\\w*&:<>, \\t]*?[ \\t*&])?"
	    "([A-Za-z_~][\\w:~]*+)" O "\\([^;{}]{0,600}?\\)"
	    "(?:[^;{}()=\\n]|\\n(?!\\n)){0,80}\\{)",
	[RAID_LANG_CS] = "^(?|[ \\t]{0,8}" MODS "*+(?:class|interface|enum|"
	    "struct|record)" B "(\\w+)|[ \\t]{1,8}" MODS "++" NOT_A_CALL
	    "(?:[\\w<>\\[\\],.?]+" B ")*?(\\w+)" O "(?:<[^>\\n]*>)?\\()",
	[RAID_LANG_DART] = "^(?|[ \\t]{0,4}" MODS "*+(?:class|interface|enum|"
	    "mixin|trait|extension)" B "(\\w+)|[ \\t]{0,4}" MODS "*+"
	    NOT_A_CALL "(?:def|void|[A-Z]\\w*(?:<[^>\\n]*>)?|int|bool|double|"
	    "num)" B "(\\w+)" O "\\([^;\\n]*\\)[^;\\n]*\\{)",
	[RAID_LANG_ELIXIR] = "^[ \\t]{0,2}(?:def|defp|defmacro|defmodule)" B
	    "([\\w.?!]+)",
	[RAID_LANG_GO] = "^(?|func" B "(?:\\([^)\\n]*\\)" O ")?(\\w+)|"
	    "type" B "(\\w+))",
	[RAID_LANG_HASKELL] = "^(?|([a-z]\\w*'*)" O "::|(?:data|newtype|type|"
	    "class)" B "(\\w+))",
	[RAID_LANG_JAVA] = "^(?|[ \\t]{0,8}" MODS "*+(?:class|interface|enum|"
	    "record|object|trait|@interface)" B "(\\w+)|[ \\t]{0,8}" MODS
	    "*+(?:fun|def)" B "(?:<[^>\\n]*>" O ")?(?:[\\w<>?]+\\.)?(\\w+)|"
	    "[ \\t]{1,8}" MODS "++" NOT_A_CALL "(?:<[^>\\n]*>" O ")?"
	    "(?:[\\w<>\\[\\],.?]+" B ")*?(\\w+)" O "\\()",
	[RAID_LANG_JS] = "^(?|(?:export" B ")?(?:default" B ")?(?:declare" B
	    ")?(?:abstract" B ")?(?:async" B ")?(?:function\\*?|class|"
	    "interface|enum|namespace|type)" B "\\*?([\\w$]+)|"
	    "(?:export" B ")?(?:const|let|var)" B "([\\w$]+)[^=\\n]*=" O
	    "(?:async" O ")?(?:function\\b|\\([^\\n]*=>|[\\w$]+" O "=>|"
	    "class\\b)|(?:module\\.)?exports\\.([\\w$]+)" O "=[^=]|"
	    "[\\w$.]+\\.prototype\\.([\\w$]+)" O "=|"
	    "(?: {2}| {4}|\\t)(?:(?:static|async|get|set|public|private|"
	    "protected|readonly|override)" B ")*+[*#]?" NOT_A_CALL
	    "([A-Za-z_$][\\w$]*)" O "\\([^;\\n]*\\)[^;=\\n]*\\{" O "$)",
	[RAID_LANG_LISP] = "^\\((?:cl-)?def\\w*" B "\\(?([^\\s()]+)",
	[RAID_LANG_LUA] = "^(?|(?:local" B ")?function" B "([\\w.:]+)|"
	    "(?:local" B ")?([\\w.]+)" O "=" O "function\\b)",
	[RAID_LANG_ML] = "^(?:let|and|type|module)" B "(?:rec" B ")?([\\w']+)",
	[RAID_LANG_PERL] = "^(?|[ \\t]{0,4}sub" B "([\\w:']+)|package" B
	    "([\\w:]+))",
	[RAID_LANG_PHP] = "^[ \\t]{0,4}" MODS "*+(?:function" B "&?|class" B
	    "|interface" B "|trait" B "|enum" B ")(\\w+)",
	[RAID_LANG_PYTHON] = "^(?: {4}|\\t)?(?:(?:async" B ")?def|class)" B
	    "(\\w+)",
	[RAID_LANG_R] = "^([\\w.]+)" O "(?:<-|=)" O "function\\b",
	[RAID_LANG_RUBY] = "^[ \\t]{0,6}(?:def" B "(?:self\\.)?|class" B
	    "|module" B ")([\\w:]+[?!=]?)",
	[RAID_LANG_RUST] = "^(?: {4}|\\t)?(?:pub(?:\\([^)\\n]*\\))?" B ")?"
	    "(?:(?:async|const|unsafe|extern(?:" B "\"[^\"\\n]*\")?|default)"
	    B ")*+(?:fn|struct|enum|trait|type|union|mod|macro_rules!)" B
	    "(\\w+)",
	[RAID_LANG_SH] = "^(?|(?:function" B ")?([\\w:.-]+)" O "\\(\\)|"
	    "function" B "([\\w:.-]+))",
	[RAID_LANG_SQL] = "^(?i:create" B "(?:or" B "replace" B ")?(?:unique"
	    B ")?(?:table|function|view|procedure|trigger|index|type)" B
	    "(?:if" B "not" B "exists" B ")?)([\\w.\"`]+)",
	[RAID_LANG_SWIFT] = "^[ \\t]{0,4}" MODS "*+(?:func|class|struct|enum|"
	    "protocol|extension|actor)" B "(\\w+)",
	[RAID_LANG_VIM] = "^(?:function|fu|func|def)!?" B "([\\w:#<>]+)",
};

#define CASE "^[ \\t]*(?:it|test|describe|context|specify|suite|scenario|" \
    "feature|should)(?:\\.(?:only|concurrent|sequential))?[ \\t(]+" \
    "(\"[^\"\\n]*\"|'[^'\\n]*'|`[^`\\n]*`)"

static const char *const tests[RAID_LANGS] = {
	[RAID_LANG_C] = "^(?|[ \\t]*(?:TYPED_)?(?:TEST|TEST_[A-Z]+|SCENARIO|"
	    "BOOST_(?:AUTO|FIXTURE|PARAM)_TEST_CASE|START_TEST|ATF_TC|CTEST|"
	    "Test|Ensure)" O "\\((\\s*[^)\\n]+)\\)\\s*\\{|"
	    "(?:[\\w*]+[ \\t*]+)*(test_\\w+|test[A-Z]\\w*)\\s*"
	    "\\([^;{}]{0,300}\\)\\s*\\{)",
	[RAID_LANG_CS] = "\\[(?:Test|Fact|Theory|TestMethod|TestCase)\\b"
	    "[^\\]\\n]*\\](?:\\s*\\[[^\\]\\n]*\\])*\\s*(?:[\\w<>]+\\s+)+"
	    "(\\w+)\\s*\\(",
	[RAID_LANG_DART] = CASE,
	[RAID_LANG_ELIXIR] = CASE,
	[RAID_LANG_GO] = "^(?|func" B "((?:Test|Benchmark|Fuzz|Example)\\w*)" O
	    "\\(|" O "t\\.Run\\(" O "(\"[^\"\\n]*\"))",
	[RAID_LANG_JAVA] = "(?|@(?:Test|ParameterizedTest|RepeatedTest|"
	    "TestFactory)\\b(?:\\([^)\\n]*\\))?\\s*(?:@\\w+(?:\\([^)\\n]*\\))?"
	    "\\s*)*(?:[\\w<>\\[\\],.]+\\s+)*?(\\w+|`[^`\\n]+`)\\s*\\(|"
	    "^[ \\t]+public" B "void" B "(test\\w*)" O "\\()",
	[RAID_LANG_JS] = CASE,
	[RAID_LANG_LUA] = CASE,
	[RAID_LANG_PERL] = "^[ \\t]*subtest[ \\t(]+(\"[^\"\\n]*\"|"
	    "'[^'\\n]*')",
	[RAID_LANG_PHP] = "(?|^[ \\t]*(?:(?:public|final|static)" B ")*"
	    "function" B "(test\\w*)" O "\\(|" CASE ")",
	[RAID_LANG_PYTHON] = "^(?|[ \\t]*(?:async" B ")?def" B "(test\\w*)|"
	    "class" B "(Test\\w*|\\w+Tests?|\\w+TestCase)\\b)",
	[RAID_LANG_RUBY] = "(?|" CASE "|^[ \\t]*def" B "(test_\\w+))",
	[RAID_LANG_RUST] = "#\\[(?:\\w+::)*(?:test|rstest|test_case|"
	    "quickcheck|wasm_bindgen_test)\\b[^\\]\\n]*\\](?:\\s*(?:"
	    "#\\[[^\\]\\n]*\\]|//[^\\n]*))*\\s*(?:pub\\s+)?(?:async\\s+)?fn"
	    "\\s+(\\w+)",
	[RAID_LANG_SH] = "^(?|[ \\t]*test_expect_(?:success|failure)[^'\"\\n]*"
	    "('[^'\\n]*'|\"[^\"\\n]*\")|@test" B "(\"[^\"\\n]*\"|'[^'\\n]*')|"
	    "(?:function" B ")?(test_?\\w+)" O "\\(\\))",
	[RAID_LANG_SWIFT] = "^(?|[ \\t]*(?:" MODS ")*func" B "(test\\w*)|" O
	    "@Test\\b[^{\\n]*\\s*func" B "(\\w+))",
};

static const char *const *const patterns[RAID_DEFS_KINDS] = {
	[RAID_DEFS_CODE] = code,
	[RAID_DEFS_TESTS] = tests,
};

/* Without one of these there is no test, and no pattern to compile. */
static int
may_hold_tests(struct raid_line text)
{
	static const char *const words[] = {
		"est", "EST", "it(", "it ", "spec", "cribe", "context",
		"scenario", "Scenario", "SCENARIO", "feature", "suite",
		"should", "Fact", "Theory", "ATF", "Ensure", "Fuzz",
		"Example", "Benchmark", "t.Run", "quickcheck"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(text.p, text.len, words[i], strlen(words[i])) !=
		    NULL)
			return 1;
	return 0;
}

void
raid_degrade_defs_free(struct raid_degrade_defs *d)
{
	free(d->v);
	*d = (struct raid_degrade_defs){ 0 };
}

static size_t
indent(const struct raid_line *l)
{
	size_t n = 0;

	while (n < l->len && (l->p[n] == ' ' || l->p[n] == '\t'))
		n++;
	return n;
}

/*
 * Cut the text down to the definition that it begins with: what is indented
 * further, and a line that opens or closes its block.
 */
static void
cut(struct raid_line *body)
{
	struct raid_line text = *body, l, s;
	size_t depth = 0, end = 0, n = 0;

	for (; raid_degrade_line(&text, &l); n++) {
		s = raid_line_strip(l);
		if (n == 0)
			depth = indent(&l);
		else if (s.len != 0 && indent(&l) <= depth &&
		    strchr("{)#", *s.p) == NULL) {
			if (*s.p == '}' || (s.len >= 3 &&
			    memcmp(s.p, "end", 3) == 0))
				end = (size_t)(text.p - body->p);
			break;
		}
		end = (size_t)(text.p - body->p);
	}
	body->len = end;
}

void
raid_degrade_defs(struct raid_degrade_defs *d, enum raid_degrade_kind kind,
    enum raid_degrade_lang lang, struct raid_line text)
{
	const char *pattern = patterns[kind][lang];
	struct raid_span g[RAID_MATCH_GROUPS];
	struct raid_match *m;
	struct raid_err err;
	size_t pos = 0, first = d->n, at;

	m = pattern != NULL && text.len != 0 && (kind != RAID_DEFS_TESTS ||
	    may_hold_tests(text)) ? raid_match_new(pattern, &err) : NULL;
	while (m != NULL && raid_match_next(m, text.p, text.len, &pos, g)) {
		struct raid_degrade_def *v;

		if (g[1].start == (size_t)-1)
			continue;
		d->v = raid_grow(d->v, &d->cap, d->n + 1, sizeof(*d->v));
		v = &d->v[d->n++];
		v->name = (struct raid_line){ text.p + g[1].start, g[1].len };
		for (at = g[0].start; at > 0 && text.p[at - 1] != '\n';)
			at--;
		v->body = (struct raid_line){ text.p + at, text.len - at };
		v->hash = raid_line_hash(&v->name);
		if (d->n - 1 > first)
			v[-1].body.len = (size_t)(v->body.p - v[-1].body.p);
	}
	for (size_t i = first; i < d->n; i++)
		cut(&d->v[i].body);
	raid_match_free(m);
}

/* The hashes of the lines that say something, up to a limit. */
static size_t
hashes(const struct raid_degrade_def *d, uint64_t *v, size_t max)
{
	struct raid_line text = d->body, l;
	size_t n = 0, words;

	(void)raid_degrade_line(&text, &l);
	while (n < max && raid_degrade_line(&text, &l)) {
		l = raid_line_strip(l);
		words = 0;
		for (size_t i = 0; i < l.len; i++)
			words += isalnum(l.p[i]) != 0;
		if (words >= 2)
			v[n++] = raid_line_hash(&l);
	}
	return n;
}

int
raid_degrade_alike(const struct raid_degrade_def *a,
    const struct raid_degrade_def *b)
{
	uint64_t x[200], y[200];
	size_t n = hashes(a, x, 200), m = hashes(b, y, 200), both = 0, k;

	for (size_t i = 0; i < n; i++) {
		for (k = 0; k < m && y[k] != x[i]; k++)
			;
		both += k < m;
	}
	if (n == 0 || m == 0)
		return n == m;
	return 2 * both >= (n < m ? n : m);
}
