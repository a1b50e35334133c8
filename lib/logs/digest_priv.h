/* SPDX-License-Identifier: ISC */
/*
 * A page in work: sections of items, each rendered to text or JSON when it
 * is tried, and kept if it fits.
 */
#ifndef RAID_LOGS_DIGEST_PRIV_H
#define RAID_LOGS_DIGEST_PRIV_H

#include "base/json.h"
#include "logs/digest.h"
#include "logs/rank.h"

#define RAID_PAGE_INCIDENTS 3
#define RAID_PAGE_SECTIONS 16
#define RAID_PAGE_SLOTS 2	/* of a template, whose values are shown */
#define RAID_PAGE_VALUES 3
#define RAID_PAGE_TEXT 200	/* bytes of a template */
#define RAID_PAGE_QUOTE 240	/* bytes of a line that is quoted */

/* Lines of the head, each an item. */
enum raid_note {
	RAID_NOTE_TIME,
	RAID_NOTE_WINDOW,
	RAID_NOTE_LEVELS,
	RAID_NOTE_ODD,
	RAID_NOTE_BOTH,		/* of two logs */
	RAID_NOTE_SCALE,
	RAID_NOTES
};

#define RAID_BEGAN 1		/* late */
#define RAID_ENDED 2		/* early */

enum raid_item_kind {
	RAID_ITEM_NOTE,		/* a line of the head, by number */
	RAID_ITEM_INCIDENT,
	RAID_ITEM_BUILD,	/* what compilers and tests said */
	RAID_ITEM_QUOTE,	/* a template, by a line of it */
	RAID_ITEM_MOVED,	/* the same, more or less often somewhere */
	RAID_ITEM_PLAIN,	/* a template and its course */
	RAID_ITEM_SINCE,	/* one that began late or ended early */
	RAID_ITEM_METRIC,
	RAID_ITEM_PAIR,		/* a template of two logs */
	RAID_ITEM_METRIC_PAIR
};

/* A number that the log has often. */
struct raid_page_metric {
	const struct raid_metric *m;
	double score;
	double drift;		/* log2 of its end over its beginning; 0: it
				 * has no trend */
	double at_first, at_last;	/* of the trend */
	double inside, outside;	/* geometric means, of an incident and else;
				 * 0: not shown */
	double times;		/* the median in the window, over that of all */
	const struct raid_metric *old;	/* of the log compared with */
};

struct raid_item {
	enum raid_item_kind kind;
	const struct raid_rank *rank;
	const struct raid_incident *incident;
	const struct raid_page_metric *metric;
	int note;		/* enum raid_note; RAID_BEGAN, RAID_ENDED */
	const struct raid_template *was;	/* in the old log */
	double n, expected;	/* of what has moved: events there, and how
				 * many elsewhere tell to expect */
	double weight;		/* for the order */
	char *text;		/* it is taken: what is printed */
	uint64_t lines;		/* that are counted here */
	size_t templates;
};

struct raid_section {
	char title[96];
	const char *name;	/* of its items, in JSON */
	double share;		/* of the budget */
	struct raid_item *v;
	size_t n, cap;
	size_t taken;
	int is_head;		/* no heading, no fence */
};

struct raid_page {
	const struct raid_digest_opts *o;
	const struct raid_log *log, *old;
	const struct raid_log_total *total;
	struct raid_rank_opts rank_opts;
	struct raid_rank *ranks;
	size_t nrank;
	int has_window;		/* one was chosen */
	double window;		/* its share of the time; 0: none, or it has
				 * no line */
	struct raid_incident incidents[RAID_PAGE_INCIDENTS];
	size_t nincident;
	struct raid_page_metric *metrics;
	size_t nmetric;
	struct raid_section sections[RAID_PAGE_SECTIONS];
	size_t nsection;
	unsigned char *counted;	/* by index of a template */
	unsigned char *quoted;	/* one of its values is shown */
	uint64_t lines;		/* of the log, or of both */
	size_t templates;
	double scale;		/* how many times the old log the new one is */
	int one_day;		/* times need no date */
	int years;		/* times need a year */
};

/* digest.c */
void raid_page_open(struct raid_page *p, const struct raid_log *l,
    const struct raid_digest_opts *o);
void raid_page_close(struct raid_page *p);

/* The day of a time, in the zone of the page. */
int64_t raid_page_day(const struct raid_page *p, int64_t ms);

/* How many templates like this one are not counted yet, and their lines. */
size_t raid_page_like(const struct raid_page *p, const struct raid_rank *r,
    uint64_t *lines);

/* digest_plan.c: fill the budget. */
struct raid_section *raid_page_section(struct raid_page *p,
    const char *name, double share);
struct raid_item *raid_page_item(struct raid_section *s,
    enum raid_item_kind kind);
void raid_page_print(struct raid_page *p, struct raid_buf *b);

/* digest_find.c: what may stand on it. */
void raid_page_find(struct raid_page *p);

/* The heading of a section; as much of the text as fits. */
void raid_page_title(struct raid_section *s, const char *text);

/* digest_metric.c: numbers, those that matter first. */
void raid_page_find_metrics(struct raid_page *p);

/* What is printed of an item, and around items. */
void raid_page_text_item(const struct raid_page *p,
    const struct raid_item *it, struct raid_buf *b);
void raid_page_text_head(const struct raid_page *p, struct raid_buf *b);
void raid_page_text_open(const struct raid_section *s, struct raid_buf *b);
void raid_page_text_end(const struct raid_page *p, size_t templates,
    uint64_t lines, struct raid_buf *b);
void raid_page_json_item(const struct raid_page *p,
    const struct raid_section *s, const struct raid_item *it,
    struct raid_buf *b);
void raid_page_json_head(const struct raid_page *p, struct raid_buf *b);
void raid_page_json_end(const struct raid_page *p, size_t templates,
    uint64_t lines, struct raid_buf *b);

/* digest_pair.c: what belongs to two logs. */
void raid_page_text_pair(const struct raid_page *p,
    const struct raid_item *it, struct raid_buf *b);
void raid_page_text_both(const struct raid_page *p, int note,
    struct raid_buf *b);
void raid_page_json_pair(const struct raid_page *p, struct raid_json *j,
    const struct raid_item *it);
void raid_page_json_both(const struct raid_page *p, int note,
    struct raid_json *j);

/*
 * digest_values.c: the values that a slot has most, by index, and how many;
 * 0: none stands out.  And how often one stood there at least, though values
 * were thrown away.
 */
size_t raid_page_top(const struct raid_values *s,
    size_t top[RAID_PAGE_VALUES]);
uint32_t raid_page_sure(const struct raid_values *s, size_t i);

/* Draw the course of a template; 0: the log has none. */
int raid_page_spark(const struct raid_page *p,
    const struct raid_template *t, struct raid_buf *b);

/* digest_build.c */
void raid_page_find_build(struct raid_page *p);
void raid_page_text_build(const struct raid_page *p, struct raid_buf *b);
struct raid_json *raid_page_json_build(const struct raid_page *p);

/* digest_bytes.c: small things of both. */

/* Bytes of the log: masked, one line of valid UTF-8, cut behind max. */
void raid_page_bytes(const struct raid_page *p, const char *s, size_t len,
    size_t max, struct raid_buf *b);

/* A line without the time that it begins with, or without its header if
 * that is long. */
void raid_page_quote(const struct raid_page *p, const char *s, size_t len,
    struct raid_buf *b);

/* A time (ms); with its date unless the page is of one day, or where full is
 * asked for.  Nothing for RAID_NO_TIME. */
void raid_page_time(const struct raid_page *p, int64_t ms, int full,
    struct raid_buf *b);
int64_t raid_page_time_of(const struct raid_page *p, int32_t at);

/* "14:00:00..14:10:00"; one of both where they are the same second. */
void raid_page_times(const struct raid_page *p, int64_t from, int64_t to,
    struct raid_buf *b);

/* A time, or "line 12" where there is none. */
void raid_page_when(const struct raid_page *p, int64_t ms, uint64_t line,
    struct raid_buf *b);

/* Behind the last interval of the log. */
int32_t raid_page_end(const struct raid_page *p);

/* "14:00:00..14:10:00 (10m)" of intervals. */
void raid_page_span(const struct raid_page *p, int32_t from, int32_t to,
    struct raid_buf *b);

/* Three digits, or more before the point. */
void raid_page_number(double v, struct raid_buf *b);
void raid_page_set_number(struct raid_json *j, const char *key, double v);

/* "2025-12-01T08:00:00Z" */
void raid_page_set_time(struct raid_json *j, const char *key, int64_t ms);
void raid_page_share(double part, double whole, struct raid_buf *b);

#endif
