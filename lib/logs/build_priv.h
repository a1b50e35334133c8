/* SPDX-License-Identifier: ISC */
/* The parts of the recogniser of build output, by families of tools. */
#ifndef RAID_LOGS_BUILD_PRIV_H
#define RAID_LOGS_BUILD_PRIV_H

#include "base/str.h"
#include "logs/build.h"

#define BUILD_LINE 1000		/* bytes of a line that are looked at */
#define BUILD_TEXT 300		/* bytes of a message, name, path */
#define BUILD_SEEN 4096		/* findings that are known again; 2^n */
#define BUILD_MAX 600		/* findings that are kept, */
#define BUILD_MAX_TOOL 200	/* of one tool and kind, */
#define BUILD_MAX_WEAK 100	/* warnings and places */
#define BUILD_RING 16		/* places before their test is known */

/* In the order in which their counts are shown. */
enum build_tool {
	T_CC, T_MSVC, T_LD, T_CMAKE, T_RUSTC, T_GO, T_JAVAC, T_KOTLINC,
	T_SCALAC, T_SWIFTC, T_CSC, T_TSC, T_GHC, T_PYTHON, T_NODE, T_MYPY,
	T_FLAKE8, T_ESLINT, T_SHELLCHECK, T_OTHER, T_MAKE, T_MVN, T_GRADLE,
	T_TAP, T_PROVE, T_AUTOMAKE, T_PYTEST, T_UNITTEST, T_CARGO, T_NEXTEST,
	T_GOTEST, T_GOPKG, T_JEST, T_VITEST, T_MOCHA, T_NODETEST, T_JUNIT,
	T_GRADLETEST, T_PHPUNIT, T_DOTNET, T_CTEST, T_GTEST, T_CMOCKA,
	T_CATCH2, T_RSPEC, T_TESTS, T_COUNT
};

/* What a line may be; 0 is ordinary.  The same order as the handlers. */
enum build_class {
	K_NONE, K_PLACE, K_TOOL, K_PATH, K_CODE, K_DIAG, K_ARROW, K_CMAKE,
	K_LD, K_SYNTAX, K_FILE, K_TAP, K_HASH, K_PROVE, K_AUTOMAKE, K_FAIL,
	K_RULER, K_PYSECT, K_PYE, K_PYSUM, K_UNITTEST, K_NUM, K_CARGO, K_GO,
	K_GOJSON, K_FAILED, K_JEST, K_MARK, K_ESLINT, K_NODE, K_MVN, K_JUNIT,
	K_GRADLE, K_KOTLIN, K_XML, K_CTEST, K_BRACKET, K_NUMBERED, K_RSPEC,
	K_DOTNET, K_CATCH2, K_COUNT
};

/* A line as text: valid UTF-8, without tabs and blanks at its end. */
struct build_line {
	const char *s;		/* without what CI puts before it */
	const char *t;		/* without blanks before it */
	size_t indent;
	uint64_t at;
	unsigned class;
};

struct build_place {
	const char *file;	/* not terminated */
	size_t len;		/* 0: no place */
	unsigned long line, column;
};

struct build_entry {
	struct raid_finding f;
	char *file, *name, *message;
	enum build_tool tool;
	unsigned depth;		/* of a TAP subtest */
	int weak;		/* a consequence of others: "Error 2" */
	int hidden;		/* said better by another */
	int matched;		/* its second mention was seen */
};

struct build_tally {
	uint64_t failed, errors, passed, skipped, total;
	size_t n;		/* so many numbers were understood */
};

struct build_runner {
	struct build_tally seen, said;
	uint64_t errors, warnings;	/* findings of a compiler */
	int said_any;
	int sure;		/* a line was seen that no other says */
};

/* The place of a go test that has not ended. */
struct build_pending {
	char *test, *message;
	char *file;
	unsigned long line;
};

/* Takes the lines that follow a finding; 0: this one is not of it. */
typedef int build_follow_fn(struct raid_build *b,
    const struct build_line *l);

struct raid_build {
	int known;
	uint64_t at;			/* of a text in memory */
	struct build_entry *v[BUILD_MAX];
	size_t n;
	uint64_t *seen;			/* hash table of keys, */
	uint16_t *seen_entry;		/* and their entries + 1 */
	size_t nseen;
	uint16_t kept[T_COUNT][RAID_FINDING_PLACE + 1];
	uint64_t dropped;
	struct build_runner runner[T_COUNT];
	unsigned char clean[BUILD_LINE + 8];

	build_follow_fn *follow;
	unsigned left;			/* lines that it may still see */
	struct build_entry *cur;	/* that it writes to */
	int step;			/* its own */
	char cause[BUILD_TEXT + 1];	/* a class in whose frames we look */
	enum build_tool list;		/* whose failures are numbered */

	int clang, gcc;			/* which of them was heard */
	const char *python_lint;	/* its name, or NULL */
	unsigned plain;			/* places that nobody complains of */
	struct {			/* a message before its place */
		char text[BUILD_TEXT + 1], name[32], file[BUILD_TEXT + 1];
		enum raid_finding_kind kind;
		unsigned long line;
		uint64_t at;
	} head, file, path;
	struct {
		uint64_t plan, last;
		struct build_entry *entry;	/* of the last point */
		char subtest[BUILD_TEXT + 1];
		size_t mark[8];
		int failed_file;
		uint64_t files_failed, tests_failed;
	} tap;
	uint64_t automake;		/* line of the head of its sum */
	struct {
		int open;		/* 1: failures, 2: errors */
		struct build_entry *entry;
		uint64_t ruler, ran, ran_at;
	} py;
	struct {
		uint64_t epoch;		/* line of the last start */
	} cargo;
	struct {
		char run[BUILD_TEXT + 1];
		struct build_pending ring[BUILD_RING];
		size_t at;
		struct build_entry *entry;
		uint64_t entry_at;
	} go;
	struct {
		char file[BUILD_TEXT + 1];
		uint64_t passing;
	} js;
	struct {
		enum build_tool tool;
		char test[BUILD_TEXT + 1], message[BUILD_TEXT + 1];
		struct build_entry *entry;
		uint64_t epoch;
	} unit;
	struct {
		int open;		/* 1: failures, 2: errors */
		int failed;
	} mvn;

	/* The result. */
	struct raid_build_count count[T_COUNT];
	size_t ncount;
	const struct build_entry **order;
	size_t norder;
	int strong;			/* some are not weak */
};

/* build.c: findings. */

struct build_new {
	enum raid_finding_kind kind;
	enum build_tool tool;
	struct build_place place;
	const char *name, *message;	/* or NULL */
	uint64_t at;
	int weak;
	int unique;	/* do not compare it with earlier ones */
};

/* The entry, new or known; NULL when there is no room (setters take that). */
struct build_entry *raid_build_put(struct raid_build *b,
    const struct build_new *w);
/* An entry of a test with this name, not before line since; or NULL. */
struct build_entry *raid_build_find(struct raid_build *b,
    enum build_tool tool, const char *name, uint64_t since);
void raid_build_set_place(struct build_entry *e,
    const struct build_place *place);
void raid_build_set_name(struct build_entry *e, const char *name);
void raid_build_set_message(struct build_entry *e, const char *s);
/* Add to the message, behind "; ". */
void raid_build_say(struct build_entry *e, const char *s);
/* Is its message empty, or does it end with ":"? */
int raid_build_is_open(const struct build_entry *e);
void raid_build_follow(struct raid_build *b, build_follow_fn *fn,
    unsigned lines, struct build_entry *e);
void raid_build_dispatch(struct raid_build *b, const struct build_line *l);
/* Line p as text in buf, which has room for BUILD_LINE + 8. */
void raid_build_clean(const unsigned char *p, size_t len,
    struct build_line *l, unsigned char *buf);

/* build_class.c: the class of a line without its prefix. */
unsigned raid_build_class_of(const unsigned char *p, size_t len);

/* build_text.c: pieces of lines. */

/* What may stand in a path: letters, digits, some marks, other scripts. */
static inline int
raid_build_is_path(unsigned char c)
{
	static const uint32_t set[8] = {
		0x00000000,	/* none below blank */
		0x03ffe810,	/* $ + - . / 0-9 */
		0x97ffffff,	/* @ A-Z \ _ */
		0x47fffffe,	/* a-z ~ */
		0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff
	};

	return set[c >> 5] >> (c & 31) & 1;
}

/* A copy of at most size - 1 bytes, whole characters. */
void raid_build_copy(char *out, size_t size, const char *s, size_t len);
/* What CI puts before each line: its length. */
size_t raid_build_prefix(const unsigned char *p, size_t len);
/* "a.c:3:5", "a.ts(3,5)" at s: what is behind it, or NULL. */
const char *raid_build_place_at(const char *s, struct build_place *place);
/* May it name one?  Cheap; the line as it came. */
int raid_build_may_name(const unsigned char *p, size_t len);
/* The first place that a line names in any shape. */
int raid_build_find_place(const char *s, struct build_place *place);
int raid_build_is_file(const char *s, size_t len);
/* Of a library, not of the project? */
int raid_build_is_foreign(const struct build_place *place);
/* "at f (a.js:4:39)": a frame in the project. */
int raid_build_own_frame(const char *s, struct build_place *place);
/* "4 failed, 2 passed, 1 error in 0.03s": what is behind the numbers. */
const char *raid_build_tally(const char *s, struct build_tally *t);
void raid_build_said(struct raid_build *b, enum build_tool tool,
    const struct build_tally *t);
enum build_tool raid_build_tool_of(const struct build_place *place);

/* One for each family. */
void raid_build_see_place(struct raid_build *b, const struct build_line *l);
void raid_build_see_tool(struct raid_build *b, const struct build_line *l);
void raid_build_see_cmake(struct raid_build *b, const struct build_line *l);
void raid_build_see_ld(struct raid_build *b, const struct build_line *l);
int raid_build_compiler(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest);
void raid_build_see_diag(struct raid_build *b, const struct build_line *l);
void raid_build_see_code(struct raid_build *b, const struct build_line *l);
void raid_build_see_arrow(struct raid_build *b, const struct build_line *l);
void raid_build_see_cargo(struct raid_build *b, const struct build_line *l);
void raid_build_see_tap(struct raid_build *b, const struct build_line *l);
void raid_build_see_hash(struct raid_build *b, const struct build_line *l);
void raid_build_see_prove(struct raid_build *b, const struct build_line *l);
void raid_build_see_automake(struct raid_build *b,
    const struct build_line *l);
void raid_build_see_fail(struct raid_build *b, const struct build_line *l);
void raid_build_see_ruler(struct raid_build *b, const struct build_line *l);
void raid_build_see_pysect(struct raid_build *b, const struct build_line *l);
void raid_build_see_pye(struct raid_build *b, const struct build_line *l);
void raid_build_see_pysum(struct raid_build *b, const struct build_line *l);
void raid_build_see_unittest(struct raid_build *b,
    const struct build_line *l);
void raid_build_see_file(struct raid_build *b, const struct build_line *l);
void raid_build_see_syntax(struct raid_build *b, const struct build_line *l);
int raid_build_pytest_counts(struct raid_build *b, const char *s);
int raid_build_pytest_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest);
void raid_build_see_go(struct raid_build *b, const struct build_line *l);
void raid_build_see_gojson(struct raid_build *b, const struct build_line *l);
void raid_build_see_failed(struct raid_build *b, const struct build_line *l);
int raid_build_go_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest);
int raid_build_go_package(struct raid_build *b, const struct build_line *l);
void raid_build_see_jest(struct raid_build *b, const struct build_line *l);
void raid_build_see_mark(struct raid_build *b, const struct build_line *l);
void raid_build_see_path(struct raid_build *b, const struct build_line *l);
void raid_build_see_eslint(struct raid_build *b, const struct build_line *l);
void raid_build_see_node(struct raid_build *b, const struct build_line *l);
int raid_build_js_failed(struct raid_build *b, const struct build_line *l);
void raid_build_see_mvn(struct raid_build *b, const struct build_line *l);
void raid_build_see_junit(struct raid_build *b, const struct build_line *l);
void raid_build_see_gradle(struct raid_build *b, const struct build_line *l);
void raid_build_see_kotlin(struct raid_build *b, const struct build_line *l);
void raid_build_see_xml(struct raid_build *b, const struct build_line *l);
void raid_build_see_ctest(struct raid_build *b, const struct build_line *l);
void raid_build_see_bracket(struct raid_build *b,
    const struct build_line *l);
int raid_build_gtest_place(struct raid_build *b, const struct build_line *l,
    const struct build_place *place, const char *rest);
void raid_build_see_numbered(struct raid_build *b,
    const struct build_line *l);
void raid_build_see_num(struct raid_build *b, const struct build_line *l);
void raid_build_see_rspec(struct raid_build *b, const struct build_line *l);
void raid_build_see_dotnet(struct raid_build *b, const struct build_line *l);
void raid_build_see_catch2(struct raid_build *b, const struct build_line *l);
void raid_build_numbered(struct raid_build *b, enum build_tool tool);
/* In text that is known to be of a build: any place. */
void raid_build_see_any(struct raid_build *b, const struct build_line *l);

#endif
