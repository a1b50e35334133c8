/* SPDX-License-Identifier: ISC */
/* Calls, audit entries and usage: one table, printed in three ways. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "journal/report.h"
#include "prog.h"
#include "show.h"
#include "table.h"

#define PEOPLE TABLE_PEOPLE
#define DATA TABLE_DATA
#define NUMBER TABLE_NUMBER
#define FLAG TABLE_FLAG
#define NULLABLE TABLE_NULLABLE

static const struct table_column call_columns[] = {
	{ "id", DATA | NUMBER }, { "ts", DATA | NUMBER }, { "when", PEOPLE },
	{ "member", PEOPLE | DATA }, { "model", DATA },
	{ "tag", PEOPLE | DATA }, { "status", PEOPLE | DATA },
	{ "answer", PEOPLE | DATA | NULLABLE },
	{ "seconds", PEOPLE | DATA | NUMBER }, { "in", PEOPLE | NUMBER },
	{ "out", PEOPLE | NUMBER }, { "input", DATA | NUMBER },
	{ "cache_read", DATA | NUMBER }, { "cache_write", DATA | NUMBER },
	{ "cache_write_1h", DATA | NUMBER }, { "output", DATA | NUMBER },
	{ "reasoning", DATA | NUMBER }, { "cost ($)", PEOPLE | NUMBER },
	{ "cost", DATA | NUMBER }, { "estimated", DATA | FLAG },
	{ "reason", PEOPLE | DATA }
};

static const struct table_column audit_columns[] = {
	{ "id", DATA | NUMBER }, { "ts", DATA | NUMBER }, { "when", PEOPLE },
	{ "actor", PEOPLE | DATA }, { "program", PEOPLE | DATA },
	{ "action", PEOPLE | DATA }, { "tag", PEOPLE | DATA | NULLABLE },
	{ "allowed_by", PEOPLE | DATA }, { "result", PEOPLE | DATA },
	{ "detail", PEOPLE | DATA }
};

/* The first one is named after what is summed up by. */
static const struct table_column usage_columns[] = {
	{ "member", PEOPLE | DATA }, { "calls", PEOPLE | DATA | NUMBER },
	{ "complete", PEOPLE | DATA | NUMBER },
	{ "failed", PEOPLE | DATA | NUMBER },
	{ "input", PEOPLE | DATA | NUMBER },
	{ "cache_read", PEOPLE | DATA | NUMBER },
	{ "cache_write", PEOPLE | DATA | NUMBER },
	{ "cache_write_1h", PEOPLE | DATA | NUMBER },
	{ "output", PEOPLE | DATA | NUMBER },
	{ "reasoning", PEOPLE | DATA | NUMBER },
	{ "cost ($)", PEOPLE | NUMBER }, { "cost", DATA | NUMBER },
	{ "estimated", DATA | FLAG }
};

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/* --- cells */

static void
add_text(struct table *t, const char *s)
{
	raid_list_add(&t->cells, s);
}

static void
add_int(struct table *t, long long n)
{
	if (n < 0)
		add_text(t, "");
	else
		raid_list_addf(&t->cells, "%lld", n);
}

/* For people with a mark if it is an estimate, and for programs. */
static void
add_cost(struct table *t, long long micro, int estimated)
{
	if (micro < 0) {
		add_text(t, "");
		add_text(t, "");
	} else {
		raid_list_addf(&t->cells, "%s%lld.%06lld", estimated ? "~" :
		    "", micro / 1000000, micro % 1000000);
		raid_list_addf(&t->cells, "%lld.%06lld", micro / 1000000,
		    micro % 1000000);
	}
	add_text(t, estimated ? "1" : "0");
}

static void
add_when(struct table *t, long long ts)
{
	char when[32];

	raid_list_addf(&t->cells, "%lld", ts);
	raid_clock_format(ts, when, sizeof(when));
	add_text(t, when);
}

static void
add_call(struct table *t, const struct raid_call *c)
{
	const long long *n = c->tokens;
	long long in = -1;

	for (int i = 0; i <= RAID_COUNT_CACHE_WRITE; i++)
		if (n[i] >= 0)
			in = (in > 0 ? in : 0) + n[i];
	add_int(t, c->id);
	add_when(t, c->ts);
	add_text(t, c->member);
	add_text(t, c->model);
	add_text(t, c->tag);
	add_text(t, c->status);
	add_text(t, c->answer);
	if (c->seconds < 0)
		add_text(t, "");
	else
		raid_list_addf(&t->cells, "%.3f", c->seconds);
	add_int(t, in);
	add_int(t, n[RAID_COUNT_OUTPUT]);
	for (int i = 0; i < RAID_COUNTS; i++)
		add_int(t, n[i]);
	add_cost(t, c->cost, c->estimated);
	add_text(t, c->reason);
}

static void
add_audit(struct table *t, const struct raid_audit_row *a)
{
	add_int(t, a->id);
	add_when(t, a->ts);
	add_text(t, a->actor);
	add_text(t, a->program);
	add_text(t, a->action);
	add_text(t, a->tag);
	add_text(t, a->allowed_by);
	add_text(t, a->result);
	add_text(t, a->detail);
}

static void
add_usage(struct table *t, const struct raid_sum *u)
{
	add_text(t, u->key);
	add_int(t, u->calls);
	add_int(t, u->complete);
	add_int(t, u->failed);
	for (int i = 0; i < RAID_COUNTS; i++)
		add_int(t, u->tokens[i]);
	add_cost(t, u->cost, u->estimated);
}

/* --- output */

static void
print_csv(const struct show *s, const struct table *t)
{
	int first = 1;

	for (size_t i = 0; i < t->ncolumns; i++)
		if (t->columns[i].what & DATA) {
			printf("%s%s", first ? "" : ",", table_name(t, i));
			first = 0;
		}
	for (size_t i = 0; i < t->cells.n; i++) {
		if (i % t->ncolumns == 0) {
			printf("\r\n");
			first = 1;
		}
		if (!(t->columns[i % t->ncolumns].what & DATA))
			continue;
		if (!first)
			putchar(',');
		first = 0;
		show_csv_field(s, t->cells.v[i], strlen(t->cells.v[i]));
	}
	printf("\r\n");
}

/* --- the three tables */

static int
fill_calls(struct table *t, struct store *st, const struct raid_report *q,
    struct raid_err *err)
{
	struct raid_calls calls;
	int r = raid_report_calls(st->db, q, &calls, err);

	t->type = "call";
	t->columns = call_columns;
	t->ncolumns = COUNT(call_columns);
	for (size_t i = 0; r == 0 && i < calls.n; i++)
		add_call(t, &calls.v[i]);
	raid_calls_free(&calls);
	return r;
}

static int
fill_audit(struct table *t, struct store *st, const struct raid_report *q,
    struct raid_err *err)
{
	struct raid_audits audits;
	int r = raid_report_audit(st->db, q, &audits, err);

	t->type = "audit";
	t->columns = audit_columns;
	t->ncolumns = COUNT(audit_columns);
	for (size_t i = 0; r == 0 && i < audits.n; i++)
		add_audit(t, &audits.v[i]);
	raid_audits_free(&audits);
	return r;
}

static enum raid_by
parse_by(const char *by)
{
	static const char *const names[] = { "member", "model", "day",
		"thread", "commit" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(by, names[i]) == 0)
			return (enum raid_by)i;
	prog_usage("--by %.20s: not one of member, model, day, thread, commit",
	    by);
}

/* People get the sum, too; programs add for themselves. */
static int
fill_usage(struct table *t, struct store *st, const struct raid_report *q,
    const struct show *s, struct raid_err *err)
{
	const char *by = s->by != NULL ? s->by : "member";
	enum raid_by kind = parse_by(by);
	struct raid_sum total = { .key = (char []){ "total" } };
	struct raid_sums usages = { 0 };
	struct raid_calls calls;
	int r = raid_report_calls(st->db, q, &calls, err);

	if (r == 0)
		r = raid_report_usage(st->db, &calls, kind, &usages, err);
	t->first = by;
	t->type = "usage";
	t->columns = usage_columns;
	t->ncolumns = COUNT(usage_columns);
	for (size_t i = 0; r == 0 && i < usages.n; i++) {
		add_usage(t, &usages.v[i]);
		raid_sum_add(&total, &usages.v[i]);
	}
	if (r == 0 && usages.n > 1 && s->format == SHOW_TEXT)
		add_usage(t, &total);
	raid_sums_free(&usages);
	raid_calls_free(&calls);
	return r;
}

int
show_tables(struct show *s, struct store *st)
{
	struct raid_report q = { .who = s->q.author, .since = s->q.since,
		.until = s->q.until, .limit = s->q.limit };
	struct table t = { 0 };
	struct raid_err err;
	size_t n;
	int r;

	if (s->shorten && q.limit == 0 && s->table != SHOW_USAGE)
		q.limit = 20;
	if (s->table == SHOW_CALLS)
		r = fill_calls(&t, st, &q, &err);
	else if (s->table == SHOW_AUDIT)
		r = fill_audit(&t, st, &q, &err);
	else
		r = fill_usage(&t, st, &q, s, &err);
	n = t.cells.n;
	if (r == 0 && s->format == SHOW_JSONL)
		table_json(&t, s->safe);
	else if (r == 0 && s->format == SHOW_CSV)
		print_csv(s, &t);
	else if (r == 0 && n > 0)
		table_text(&t, s->shorten ? s->width : 0);
	raid_list_free(&t.cells);
	return r == -1 ? prog_say(&err) : n > 0 ? RAID_OK : RAID_NO;
}
