/* SPDX-License-Identifier: ISC */
/* raid-array test: a tiny real call of each member, all at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "array_trial.h"
#include "base/mem.h"
#include "base/policy.h"
#include "prog.h"
#include "table.h"

struct tests {
	struct trials of;
	struct trial *v;
	size_t n;
};

/* Until the last one has ended, or a signal ends them all. */
static void
serve(struct tests *s)
{
	struct raid_proc **procs = raid_calloc(s->n + 1, sizeof(*procs));
	size_t running, n;

	do {
		running = n = 0;
		for (size_t i = 0; i < s->n; i++) {
			struct trial *t = &s->v[i];

			if (raid_proc_signal() != 0)
				trial_stop(t);
			trial_look(t);
			if (t->running && t->call == NULL)
				procs[n++] = &t->proc;
			running += (size_t)t->running;
		}
		if (running == 0)
			break;
		(void)raid_proc_wait_fd(procs, n, raid_http_fd(s->of.http),
		    1000);
		raid_http_serve(s->of.http);
	} while (running > 0);
	free(procs);
}

static void
release(struct tests *s)
{
	for (size_t i = 0; i < s->n; i++)
		trial_free(&s->v[i]);
	free(s->v);
	raid_http_free(s->of.http);
	raid_ledger_close(s->of.ledger);
}

/* --- what is printed */

static void
add_seconds(struct table *t, double from, double to)
{
	if (to < 0 || to < from)
		raid_list_add(&t->cells, "");
	else
		raid_list_addf(&t->cells, "%.3f", to - from);
}

static void
add_tokens(struct table *t, long long n)
{
	if (n < 0)
		raid_list_add(&t->cells, "");
	else
		raid_list_addf(&t->cells, "%lld", n);
}

static const char *
source_word(const char *source)
{
	if (*source == '\0')
		return "";
	return *source == '$' ? "env" : *source == '/' ? "file" : "command";
}

static long long
input_of(const struct raid_usage *u)
{
	long long n = u->input;

	if (n < 0)
		return -1;
	n += u->cache_read > 0 ? u->cache_read : 0;
	return n + (u->cache_write > 0 ? u->cache_write : 0);
}

static void
add_row(struct table *t, const struct trial *v)
{
	const char *said = *v->model != '\0' ? v->model : v->m->model;
	char money[RAID_PRICE_SIZE] = "";

	if (v->cost >= 0)
		raid_price_format(v->cost, money);
	raid_list_add(&t->cells, v->m->name);
	raid_list_add(&t->cells, *v->reason == '\0' ? "1" : "0");
	raid_list_add(&t->cells, *v->reason == '\0' ? "ok" : "failed");
	raid_list_add(&t->cells, raid_answer_name(v->answer));
	raid_list_add(&t->cells, source_word(v->source));
	raid_list_add(&t->cells, v->source);
	add_seconds(t, v->start, v->first);
	add_seconds(t, v->start, v->end > 0 ? v->end : -1);
	add_tokens(t, input_of(&v->usage));
	add_tokens(t, v->usage.output);
	raid_list_addf(&t->cells, "%s%s", *money != '\0' && v->estimated ?
	    "~" : "", money);
	raid_list_add(&t->cells, money);
	raid_list_add(&t->cells, v->estimated ? "1" : "0");
	raid_list_add(&t->cells, said);
	raid_list_add(&t->cells, v->reason);
	raid_list_add(&t->cells, *v->reason == '\0' || v->of->a->width > 0 ?
	    said : v->reason);
}

static void
print(const struct tests *s)
{
	size_t width = s->of.a->width;
	const struct table_column columns[] = {
		{ "member", TABLE_PEOPLE | TABLE_DATA },
		{ "ok", TABLE_DATA | TABLE_FLAG },
		{ "state", TABLE_PEOPLE }, { "answer", TABLE_DATA },
		{ "key", TABLE_PEOPLE }, { "key", TABLE_DATA },
		{ "first", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "seconds", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "input", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "output", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
		{ "$", TABLE_PEOPLE | TABLE_NUMBER },
		{ "cost", TABLE_DATA | TABLE_NUMBER },
		{ "estimated", TABLE_DATA | TABLE_FLAG },
		{ "model", TABLE_DATA }, { "reason", TABLE_DATA },
		{ "note", TABLE_PEOPLE }
	};
	struct table t = { .type = "test", .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };

	for (size_t i = 0; i < s->n; i++)
		add_row(&t, &s->v[i]);
	if (s->of.a->json)
		table_json(&t, s->of.a->safe);
	else
		table_text(&t, width);
	/* Why it failed is longer than what a terminal has left. */
	for (size_t i = 0; i < s->n && width > 0 && !s->of.a->json; i++)
		if (*s->v[i].reason != '\0')
			table_note(s->v[i].m->name, s->v[i].reason, width);
	raid_list_free(&t.cells);
}

/* Whom to try: the operands, or everybody. */
static int
choose(struct tests *s, struct raid_err *err)
{
	struct array *a = s->of.a;

	s->n = a->argc > 0 ? (size_t)a->argc : a->roster.n;
	s->v = raid_calloc(s->n + 1, sizeof(*s->v));
	for (size_t i = 0; i < s->n; i++) {
		s->v[i].of = &s->of;
		s->v[i].m = a->argc > 0 ? array_member(a, a->argv[i], err) :
		    &a->roster.v[i];
		if (s->v[i].m == NULL) {
			s->n = i;
			return -1;
		}
	}
	return s->n > 0 ? 0 : raid_fail(err, RAID_NO, "no member yet; run "
	    "raid-array setup, or raid-array add NAME");
}

static int
run(struct tests *s, struct raid_err *err)
{
	size_t well = 0;

	if (choose(s, err) == -1)
		return -1;
	s->of.http = raid_http_new(err);
	if (s->of.http == NULL)
		return -1;
	s->of.ledger = raid_ledger_open(NULL, RAID_DB_CREATE);
	raid_proc_signals();
	for (size_t i = 0; i < s->n && raid_proc_signal() == 0; i++)
		trial_begin(&s->v[i]);
	serve(s);
	print(s);
	for (size_t i = 0; i < s->n; i++)
		well += *s->v[i].reason == '\0' && s->v[i].end > 0;
	if (raid_proc_signal() != 0)
		return 128 + raid_proc_signal();
	return well == s->n ? RAID_OK : well > 0 ? RAID_NO : RAID_EUNAVAIL;
}

int
array_test(struct array *a, struct raid_err *err)
{
	struct raid_policy policy = { 0 };
	struct tests s = { .of = { .a = a } };
	int r = raid_policy_load(&policy, &a->s.conf, err);

	/* A person who says so need not be asked. */
	if (r == 0 && (a->s.member ||
	    raid_policy_get(&policy, "exec") == RAID_POLICY_DENY))
		r = raid_policy_check(&policy, "exec", err);
	if (r == 0)
		r = run(&s, err);
	release(&s);
	raid_policy_free(&policy);
	return r;
}
