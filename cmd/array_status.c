/* SPDX-License-Identifier: ISC */
/* raid-array status: the array the way mdadm(8) shows one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/out.h"
#include "prog.h"
#include "table.h"
#include "team.h"

struct health {
	const struct raid_member *m;
	const struct raid_ledger_row *row;	/* NULL: never asked */
	char *trouble;		/* NULL: it can be asked */
	int up;
};

struct status {
	struct array *a;
	struct raid_ledger_list list;
	struct health *v;
	size_t up;
};

static const char *const states[] = { "well", "rests", "probed", "due" };

static const char *
state_of(const struct health *h)
{
	if (h->trouble != NULL)
		return "missing";
	return h->row != NULL ? states[h->row->state] : "well";
}

static void
look(struct status *s, size_t i)
{
	struct health *h = &s->v[i];
	struct raid_ledger_who who;
	struct raid_buf place;

	h->m = &s->a->roster.v[i];
	team_who(h->m, &place, &who);
	h->row = raid_ledger_find(&s->list, &who);
	raid_buf_free(&place);
	h->trouble = array_trouble(s->a, h->m);
	h->up = h->trouble == NULL &&
	    (h->row == NULL || h->row->state == RAID_STATE_WELL);
	s->up += (size_t)h->up;
}

static struct health *
health_of(const struct status *s, const char *name)
{
	const struct raid_member *m = raid_roster_find(&s->a->roster, name);

	return m != NULL ? &s->v[m - s->a->roster.v] : NULL;
}

/* Who answers in its place; NULL: nobody. */
static const char *
spare_of(const struct status *s, const struct health *h)
{
	const struct raid_list *lists[] = { &h->m->spares,
		&s->a->roster.fallback };

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->n; i++) {
			const struct health *o = health_of(s, lists[k]->v[i]);

			if (o != NULL && o != h && o->up)
				return o->m->name;
		}
	return NULL;
}

/* "14:05" today, else with the date. */
static void
add_since(struct raid_buf *b, long long since)
{
	char when[32], today[32];

	raid_clock_format(since, when, sizeof(when));
	raid_clock_format(raid_clock_now(), today, sizeof(today));
	when[16] = '\0';
	raid_buf_printf(b, "since %s", strncmp(when, today, 10) == 0 ?
	    when + 11 : when);
}

/* Why it does not answer, since when and until when, who does instead. */
static void
add_note(const struct status *s, const struct health *h, struct raid_buf *b)
{
	const char *spare = h->up ? NULL : spare_of(s, h);
	const struct raid_ledger_row *row = h->row;

	if (h->up) {
		if (row != NULL && row->vendor >= 1)
			raid_buf_printf(b, "its vendor takes the next "
			    "request in %.0f s", row->vendor);
		return;
	}
	if (spare != NULL)
		raid_buf_printf(b, "%s answers; ", spare);
	if (h->trouble != NULL) {
		raid_buf_puts(b, h->trouble);
		return;
	}
	add_since(b, row->since);
	if (row->state == RAID_STATE_RESTS)
		raid_buf_printf(b, ", for %.0f s more", row->rest);
	else
		raid_buf_puts(b, row->state == RAID_STATE_DUE ?
		    ", the next call finds out" :
		    ", a call is finding out");
	raid_buf_printf(b, ": %s", row->reason);
}

static void
add_row(const struct status *s, const struct health *h, struct table *t)
{
	char money[RAID_PRICE_SIZE] = "";
	struct raid_buf note;

	if (h->row != NULL)
		raid_price_format(h->row->cost, money);
	raid_buf_init(&note, 2000);
	add_note(s, h, &note);
	raid_list_add(&t->cells, h->up ? "U" : "_");
	raid_list_add(&t->cells, h->m->name);
	raid_list_add(&t->cells, state_of(h));
	raid_list_addf(&t->cells, "%lld", h->row != NULL ? h->row->requests :
	    0);
	raid_list_add(&t->cells, money);
	raid_list_add(&t->cells, raid_buf_str(&note));
	raid_buf_free(&note);
}

static void
print_line(const struct status *s, struct raid_json *j)
{
	char *line = raid_json_print(j, 0);

	raid_out_text(stdout, line, strlen(line), s->a->safe);
	putchar('\n');
	free(line);
	raid_json_free(j);
}

static double
dollars(long long micro)
{
	return (double)micro / (double)RAID_MICRO;
}

static void
print_json(const struct status *s, const struct health *h)
{
	static const struct raid_ledger_row none = { .name = NULL };
	const struct raid_ledger_row *row = h->row != NULL ? h->row : &none;
	struct raid_json *j = raid_json_object();

	raid_json_set_str(j, "type", "status");
	raid_json_set_int(j, "v", 1);
	raid_json_set_str(j, "member", h->m->name);
	raid_json_set_bool(j, "up", h->up);
	raid_json_set_str(j, "state", state_of(h));
	raid_json_set_str(j, "reason", h->trouble != NULL ? h->trouble :
	    row->reason != NULL ? row->reason : "");
	raid_json_set_str(j, "spare", h->up ? NULL : spare_of(s, h));
	if (row->state != RAID_STATE_WELL)
		raid_json_set_int(j, "since", row->since);
	else
		raid_json_set_null(j, "since");
	raid_json_set_num(j, "rest", row->rest > 0 ? row->rest : 0);
	raid_json_set_int(j, "failures", row->failures);
	raid_json_set_int(j, "requests", row->requests);
	raid_json_set_int(j, "tokens", row->tokens);
	raid_json_set_num(j, "cost", dollars(row->cost));
	raid_json_set_num(j, "month", dollars(row->month));
	raid_json_set_int(j, "running", row->running);
	print_line(s, j);
}

static const char *
word(const struct status *s)
{
	if (s->up == s->a->roster.n)
		return "whole";
	return s->up > 0 ? "degraded" : "down";
}

/* "[UU_U]": a letter for each member. */
static char *
map(const struct status *s)
{
	struct raid_buf b;
	char *text;

	raid_buf_init(&b, SIZE_MAX / 4);
	raid_buf_addc(&b, '[');
	for (size_t i = 0; i < s->a->roster.n; i++)
		raid_buf_addc(&b, s->v[i].up ? 'U' : '_');
	raid_buf_addc(&b, ']');
	text = raid_buf_take(&b);
	raid_buf_free(&b);
	return text;
}

static void
print_sum(const struct status *s)
{
	char today[RAID_PRICE_SIZE], month[RAID_PRICE_SIZE];
	double limit = s->a->roster.cost_per_day;
	struct raid_json *j;
	char *letters = map(s);

	raid_price_format(s->list.cost, today);
	raid_price_format(s->list.month, month);
	if (s->a->json) {
		j = raid_json_object();
		raid_json_set_str(j, "type", "array");
		raid_json_set_int(j, "v", 1);
		raid_json_set_str(j, "map", letters);
		raid_json_set_str(j, "state", word(s));
		raid_json_set_int(j, "up", (long long)s->up);
		raid_json_set_int(j, "members", (long long)s->a->roster.n);
		raid_json_set_num(j, "cost", dollars(s->list.cost));
		raid_json_set_num(j, "month", dollars(s->list.month));
		raid_json_set_num(j, "cost_per_day", limit);
		print_line(s, j);
	} else {
		printf("%s %s, %zu of %zu can answer\n", letters, word(s),
		    s->up, s->a->roster.n);
		printf("today $%s", today);
		if (limit > 0)
			printf(" of $%.2f", limit);
		printf(", this month $%s\n\n", month);
	}
	free(letters);
}

static void
print(const struct status *s)
{
	/* On a terminal the notes, which are long, stand below. */
	const struct table_column columns[] = {
		{ "up", TABLE_PEOPLE }, { "member", TABLE_PEOPLE },
		{ "state", TABLE_PEOPLE },
		{ "today", TABLE_PEOPLE | TABLE_NUMBER },
		{ "$", TABLE_PEOPLE | TABLE_NUMBER },
		{ "note", s->a->width == 0 ? TABLE_PEOPLE : 0 }
	};
	struct table t = { .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };

	print_sum(s);
	for (size_t i = 0; i < s->a->roster.n; i++) {
		if (s->a->json)
			print_json(s, &s->v[i]);
		else
			add_row(s, &s->v[i], &t);
	}
	if (!s->a->json)
		table_text(&t, s->a->width);
	for (size_t i = 0; s->a->width > 0 && i < t.cells.n;
	    i += t.ncolumns)
		if (*t.cells.v[i + t.ncolumns - 1] != '\0')
			table_note(t.cells.v[i + 1],
			    t.cells.v[i + t.ncolumns - 1], s->a->width);
	raid_list_free(&t.cells);
}

int
array_status(struct array *a, struct raid_err *err)
{
	struct raid_ledger *ledger = raid_ledger_open(NULL, RAID_DB_READ);
	const struct raid_err *trouble = raid_ledger_trouble(ledger);
	struct status s = { .a = a };
	size_t n = a->roster.n;
	int r = 0;

	if (trouble == NULL)
		r = raid_ledger_list(ledger, &s.list, err);
	else if (trouble->code != RAID_ENOINPUT)
		prog_warn("%s", trouble->msg);
	if (r == 0 && n == 0)
		r = raid_fail(err, RAID_NO, "no member yet; run raid-array "
		    "setup, or raid-array add NAME");
	s.v = raid_calloc(n + 1, sizeof(*s.v));
	for (size_t i = 0; r == 0 && i < n; i++)
		look(&s, i);
	if (r == 0) {
		print(&s);
		r = s.up == n ? RAID_OK : s.up > 0 ? RAID_NO : RAID_EUNAVAIL;
	}
	for (size_t i = 0; i < n; i++)
		free(s.v[i].trouble);
	free(s.v);
	raid_ledger_list_free(&s.list);
	raid_ledger_close(ledger);
	return r;
}
