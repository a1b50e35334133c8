/* SPDX-License-Identifier: ISC */
/* The parts of raid-show: what to select, and how a post is printed. */
#ifndef RAID_SHOW_H
#define RAID_SHOW_H

#include <sys/types.h>
#include <stdio.h>

#include "journal/query.h"
#include "store.h"

enum show_format {
	SHOW_TEXT,
	SHOW_JSONL,
	SHOW_MD,
	SHOW_CSV,
	SHOW_HTML,
	SHOW_DOT
};

enum show_table {
	SHOW_POSTS,
	SHOW_CALLS,
	SHOW_AUDIT,
	SHOW_USAGE
};

struct show {
	struct raid_query q;
	enum show_table table;	/* instead of posts */
	const char *by;		/* how usage is summed up, or NULL */
	const char *dir, *journal;
	const char *thread, *side;	/* operands, or NULL */
	enum show_format format;
	int follow, no_pager;
	int safe;		/* a terminal: make harmless */
	int shorten, colour, paged;
	size_t width;
	size_t shown;		/* posts so far */
	int gather;		/* keep posts until all are known */
	struct raid_posts all;	/* those kept */
};

/* The name of a format; -1 if it is none. */
int show_format_parse(const char *name);

/* A post that was selected: print it, or keep it. */
RAID_MUST int show_post(struct raid_post *p, void *show, struct raid_err *err);

/* Print a post so many levels deep; -1 stands for no tree. */
RAID_MUST int show_print(struct show *s, const struct raid_post *p, int depth,
    struct raid_err *err);

/* As text: the head line with the files, the body. */
void show_text(struct show *s, const struct raid_post *p, int depth);

/* The first line of a body with something in it, at most so many columns. */
void show_excerpt(FILE *f, const struct raid_post *p, size_t columns);

/* "2026-11-21T14:05:30Z". */
void show_utc(long long ts, char out[32]);

/*
 * The order in which a tree of replies is read, and the depth of each post:
 * two arrays of p->n items that the caller frees.
 */
void show_order(const struct raid_posts *p, size_t **order, int **depth);

/* The index of a tag among posts, by a list that show_index made and the
 * caller frees; (size_t)-1 if it is not there. */
size_t *show_index(const struct raid_posts *p);
size_t show_find(const struct raid_posts *p, const size_t *index,
    const char *tag);

/* What was kept, as a tree, in columns, as a page, as a graph. */
RAID_MUST int show_tree(struct show *s, struct store *st,
    struct raid_err *err);
void show_side(struct show *s);
void show_html(struct show *s, const char *language);
void show_dot(struct show *s);

/* One post each. */
void show_md(struct show *s, const struct raid_post *p, int depth);
void show_csv(struct show *s, const struct raid_post *p);

/* A field of CSV (RFC 4180), in quotes where it needs them. */
void show_csv_field(const struct show *s, const char *p, size_t len);

/* Calls, audit entries or sums over calls as a table; the exit status. */
int show_tables(struct show *s, struct store *st);

/* Print what is there and then what comes; the exit status. */
int show_follow(struct show *s, struct store *st);

/*
 * Put a pager between us and the terminal.  less is told to end at once when
 * all fits on a screen; its absence is no failure.  -1: there is none.
 */
pid_t show_pager_start(void);

/* Who leaves the pager early has seen enough: that is no failure. */
void show_pager_wait(pid_t pid);

#endif
