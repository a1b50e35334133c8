/* SPDX-License-Identifier: ISC */
/* What the parts of code/degrade share. */
#ifndef RAID_CODE_DEGRADE_PRIV_H
#define RAID_CODE_DEGRADE_PRIV_H

#include <stdint.h>

#include "code/degrade.h"
#include "code/line.h"

/* Languages, as far as the rules tell them apart. */
enum raid_degrade_lang {
	RAID_LANG_NONE,		/* not known */
	RAID_LANG_PROSE,	/* text for people */
	RAID_LANG_DATA,		/* neither: YAML, INI, XML */
	RAID_LANG_C, RAID_LANG_CS, RAID_LANG_CSS, RAID_LANG_DART,
	RAID_LANG_ELIXIR, RAID_LANG_GO, RAID_LANG_HASKELL, RAID_LANG_JAVA,
	RAID_LANG_JS, RAID_LANG_JSON, RAID_LANG_LISP, RAID_LANG_LUA,
	RAID_LANG_ML, RAID_LANG_PERL, RAID_LANG_PHP, RAID_LANG_PYTHON,
	RAID_LANG_R, RAID_LANG_RUBY, RAID_LANG_RUST, RAID_LANG_SH,
	RAID_LANG_SQL, RAID_LANG_SWIFT, RAID_LANG_VIM, RAID_LANGS
};

enum raid_degrade_lang raid_degrade_lang(const char *path, const void *p,
    size_t len);

/* A step over source text: one bracket or other byte of code, or a whole
 * comment or string. */
enum raid_degrade_token {
	RAID_TOKEN_END, RAID_TOKEN_CODE, RAID_TOKEN_COMMENT, RAID_TOKEN_STRING
};

struct raid_degrade_lex {
	const unsigned char *p;
	size_t len, at;		/* at: the byte behind the token */
	enum raid_degrade_lang lang;
	unsigned char last;	/* byte of code that is no blank */
	int php;		/* inside of <?php ... ?> */
};

void raid_degrade_lex_start(struct raid_degrade_lex *x,
    enum raid_degrade_lang lang, const void *p, size_t len);
enum raid_degrade_token raid_degrade_lex_next(struct raid_degrade_lex *x);

/* Is there a notion of brackets that match in this language? */
int raid_degrade_lex_known(enum raid_degrade_lang lang);

/* A file that changes, and what is needed to judge it. */
struct raid_degrade_file {
	const struct raid_place_change *c;
	const char *path;	/* its name afterwards */
	enum raid_degrade_lang lang;
	int whole;		/* the answer gives it as a whole */
	int before, after;	/* it is there before, afterwards */
	/* Without the lines that old and new text both begin and end with. */
	struct raid_line was, now;
	size_t skipped;		/* lines that both begin with */
};

/* What the answer says beside its edits. */
struct raid_degrade_speech {
	struct raid_buf words;	/* in lower case where that is ASCII */
	struct raid_buf raw;	/* as written */
	int removal;		/* they speak of removing something */
	int tests;		/* they speak of removing tests */
};

struct raid_degrade_work {
	const struct raid_place *pl;
	struct raid_degrade_file *v;
	size_t n;
	struct raid_degrade_speech speech;
	struct raid_degrade_list *out;
};

void raid_degrade_listen(struct raid_degrade_speech *s, const void *p,
    size_t len);

/* Does the answer name this, as a word of its own? */
int raid_degrade_speaks(const struct raid_degrade_speech *s, const void *name,
    size_t len);

/* Note a finding, unless the file has one of this rule.  line: of the text
 * that at points into. */
void raid_degrade_note(struct raid_degrade_work *w,
    const struct raid_degrade_file *f, enum raid_degrade rule, size_t line,
    const char *fmt, ...) RAID_PRINTF(5, 6);

/* Take the next line off the text: 1, or 0 at its end. */
int raid_degrade_line(struct raid_line *text, struct raid_line *l);

size_t raid_degrade_count_lines(const void *p, size_t len);

/* The line number, from 1, of the byte at offset. */
size_t raid_degrade_line_at(const struct raid_buf *b, size_t offset);

/* Is the line nothing but a placeholder?  See degrade_phrase.c. */
enum raid_degrade_dots {
	RAID_DOTS_NONE,
	RAID_DOTS_SAID,		/* "... rest of the code ..." */
	RAID_DOTS_WORDS,	/* a comment says it without dots */
	RAID_DOTS_NAKED,	/* "..." and nothing else */
	RAID_DOTS_COMMENT	/* the same in a comment */
};
enum raid_degrade_dots raid_degrade_dots(struct raid_line l,
    enum raid_degrade_lang lang);

/* The rules. */
void raid_degrade_lines(struct raid_degrade_work *w);
void raid_degrade_braces(struct raid_degrade_work *w);
void raid_degrade_doubled(struct raid_degrade_work *w);
void raid_degrade_shrunk(struct raid_degrade_work *w);
void raid_degrade_lost(struct raid_degrade_work *w);
void raid_degrade_tests(struct raid_degrade_work *w);

#endif
