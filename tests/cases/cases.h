/* SPDX-License-Identifier: ISC */
/*
 * Cases for raid-patch, made from pairs of trees (before and after a change):
 * a tree, a reply as a model writes it, and what must become of the tree.
 *
 * All storage is of two ages: what is read once stays, what a case needs goes
 * with it (mem_reset).
 */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;		/* not terminated */
	size_t n;
};

struct out {			/* text that grows */
	char *p;		/* terminated */
	size_t n, cap;
};

struct node {			/* of a tree */
	const char *path;
	unsigned mode;		/* git's; 0120000: data is the target,
				 * 0160000: a folder with .git, 040000 */
	struct str data;
};

struct tree {
	struct node *v;
	size_t n;
};

struct file {			/* changed by the reply */
	const char *path, *new_path;	/* the same string: not renamed */
	unsigned old_mode, mode;	/* 0: is not there, goes */
	struct str old, new;
};

struct pair {			/* a change, from a folder */
	const char *name;
	struct file *v;
	size_t n;
	struct tree rest;	/* files that the change leaves alone */
	struct pair *next;
};

struct lines {
	struct str *v;		/* without line ends */
	size_t n;
	int no_eol, crlf;
};

struct line {			/* of a hunk */
	char kind;		/* ' ', '-', '+' */
	char bent;		/* is not as in the file */
	char no_eol;
	struct str s;
};

struct hunk {
	struct line *v;
	size_t n;
	size_t old_at, old_n, new_at, new_n;	/* in truth, from 0 */
	struct str section;	/* as git finds it, may be empty */
};

struct memo {			/* what is worked out once of a change */
	uint64_t *old;		/* of each old line, loosely; NULL: not yet */
	struct str new;		/* the new text, loosely */
};

struct change {
	struct file *f;
	struct lines old;
	struct memo *memo;
	struct hunk *v;
	size_t n;
};

enum klass { CLEAR, HARD, EITHER, HOSTILE, KLASSES };
enum want { PLACED, REFUSED, ALREADY, PLACED_OR_REFUSED };
enum form { ANY, DIFF, BLOCK, CODEX, WHOLE };

enum head {			/* how "@@" lines are written */
	HEAD_FULL, HEAD_WRONG, HEAD_COUNTS, HEAD_DOTS, HEAD_EMPTY, HEAD_SHORT,
	HEAD_NAME, HEAD_NEAR, HEAD_SECTION, HEAD_HUGE
};

enum names {			/* how a diff names its file */
	NAMES_GIT, NAMES_PLAIN, NAMES_BARE, NAMES_DOT, NAMES_TIME, NAMES_INDEX,
	NAMES_SVN
};

struct make {
	const struct kind *kind;
	const struct pair *pair;
	uint64_t rnd;
	struct file *f;		/* copies of the pair's */
	size_t nf;
	struct tree rest;
	struct change *c;	/* one a file, once they are found */
	int context;
	enum form form;
	enum want want;
	/* How the reply is written. */
	enum head head;
	enum names names;
	char fence;		/* '`', '~', 0: none */
	int fence_len;
	const char *info;	/* behind the fence */
	const char *margin;	/* before each line of a segment */
	int one_fence;		/* all files in one */
	int fence_hunks;	/* each hunk in one of its own */
	int backwards;		/* the last hunk first */
	int crlf;		/* line ends of the reply */
	int bare_blank;		/* blank context lines without their space */
	int no_marker;		/* no "\ No newline at end of file" */
	int mail;		/* as git format-patch writes it */
	int path_inside;	/* blocks: the path stands in the fence */
	int path_dress;		/* blocks, whole: the path is dressed up */
	int numbered;		/* blocks: lines have their numbers */
	int anchors;		/* codex: 0 none, 1 a line above, 2 and the
				 * end of the file, 3 the section */
	int no_prose;
	int lang;
	size_t margin_need;	/* how clearly the place must be the best */
	int noise;		/* fences that are no edits */
	int inherit;		/* blocks: the path stands over the first */
	int prefix;		/* the reply breaks off somewhere */
	int mixed;		/* line ends differ where nothing changes */
	size_t twin_at;		/* where the hunk stands as well; 0: nowhere */
	struct out o;
	struct tree before, after;
	int git;		/* a repository, not a bare folder */
	int fatal;		/* cannot be made here */
};

struct kind {
	const char *name;
	enum klass klass;
	enum form form;
	int (*op[6])(struct make *m);	/* in this order; 0: not possible */
};

/* mem.c */
void *mem(size_t n);
void mem_reset(void);
void mem_lasting(int on);
void put(struct out *o, const void *p, size_t n);
void puts_(struct out *o, const char *s);
void putf(struct out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct str str(const char *s);
struct str strf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
struct str out_str(const struct out *o);
char *dup_(const char *s);
int same(struct str a, struct str b);
int has(struct str s, const char *what);
int starts(struct str s, const char *what);
struct str replace(struct str s, const char *from, const char *to);
uint64_t rnd(struct make *m);
size_t upto(struct make *m, size_t n);
uint64_t hash(const char *s, uint64_t seed);

/* pair.c */
struct pair *pairs_load(const char *folder, struct pair **list);

/* hunk.c */
struct lines lines(struct str s);
struct str join(const struct lines *l);
int change_make(struct change *c, struct file *f, int context);
int changes_make(struct make *m);
struct line line_new(char kind, struct str s);
void hunk_insert(struct hunk *h, size_t at, struct line l);
void hunk_drop(struct hunk *h, size_t at);
struct str hunk_apply(const struct change *c, const struct hunk *h, size_t at);
int pure_insert_beside(const struct hunk *h, size_t at);

/* unique.c */
struct str loose(struct str s);
int decidable(const struct change *c, const struct hunk *h, size_t margin);
uint64_t str_hash(struct str s);
const uint64_t *loose_lines(const struct change *c);
int stands(const struct change *c, const struct hunk *h);
int may_bend(struct make *m, size_t margin);
int all_decidable(const struct make *m);
int tame(const struct file *f);
int plain_text(const struct make *m);

/* show.c */
void show(struct make *m);
void show_form(struct make *m, enum form form, const struct change *c);
void show_new(struct make *m, enum form form, const char *path,
    const char *content);
void seg_open(struct make *m, const char *info);
void seg_close(struct make *m);
void seg_line(struct make *m, char prefix, struct str s);
void prose(struct make *m, int where, const char *path);
void show_diff_names(struct make *m, const struct file *f);
void show_hunk(struct make *m, const struct change *c, const struct hunk *h);

/* bend*.c, hostile*.c: steps of kinds; see kinds.c */
#define STEP(x) int x(struct make *m)
#include "steps.h"
#undef STEP

/* kinds.c */
extern const struct kind kinds[];
extern const size_t n_kinds;
int kind_build(struct make *m);
int finish_trees(struct make *m);

int hostile_begin(struct make *m, int honest);

/* disk.c: trees in folders */
struct shot {			/* of all that is in a folder */
	struct node *v;		/* folders too; sorted by path */
	size_t n;
};
void disk_put(const char *dir, const struct tree *t);
void disk_write(const char *path, struct str s, unsigned mode);
void disk_shot(const char *dir, struct shot *s);
int shot_same(const struct shot *a, const struct shot *b, const char *but);
int shot_is(const struct shot *s, const char *under, const struct tree *t);

/* run.c */
enum verdict {
	GOOD, NOT_PLACED, WRONG, HALF, BAD_DIFF, BROKEN,
	ONCE,			/* good, but its own diff changes it again */
	VERDICTS
};
struct score {
	size_t kind;
	enum verdict v;
};
struct run_opts {
	const char *program, *scratch, *keep;
	int keep_all;
};
enum verdict run_case(const struct make *m, const struct run_opts *o);

#endif
