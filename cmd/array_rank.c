/* SPDX-License-Identifier: ISC */
/* raid-array rank: what the members are worth. */
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "base/price.h"
#include "journal/rank.h"
#include "prog.h"
#include "table.h"

static const struct table_column columns[] = {
	{ "member", TABLE_PEOPLE | TABLE_DATA },
	{ "tasks", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
	{ "first", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
	{ "passed", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
	{ "share", TABLE_PEOPLE | TABLE_NUMBER },
	{ "calls", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
	{ "seconds", TABLE_PEOPLE | TABLE_DATA | TABLE_NUMBER },
	{ "$/passed", TABLE_PEOPLE | TABLE_NUMBER },
	{ "cost", TABLE_DATA | TABLE_NUMBER },
	{ "cost_per_passed", TABLE_DATA | TABLE_NUMBER },
	{ "estimated", TABLE_DATA | TABLE_FLAG }
};

static void
add(struct array *a, struct table *t, const struct raid_rank *r)
{
	const struct raid_member *m = raid_roster_find(&a->roster, r->member);
	char money[RAID_PRICE_SIZE] = "";

	raid_list_add(&t->cells, m != NULL ? m->name : r->member);
	raid_list_addf(&t->cells, "%lld", r->tasks);
	raid_list_addf(&t->cells, "%lld", r->first);
	raid_list_addf(&t->cells, "%lld", r->passed);
	if (r->tasks > 0)
		raid_list_addf(&t->cells, "%.0f%%", 100.0 * (double)r->first /
		    (double)r->tasks);
	else
		raid_list_add(&t->cells, "");
	raid_list_addf(&t->cells, "%lld", r->calls);
	if (r->seconds >= 0)
		raid_list_addf(&t->cells, "%.3f", r->seconds);
	else
		raid_list_add(&t->cells, "");
	if (r->passed > 0)
		raid_price_format(r->cost / r->passed, money);
	raid_list_addf(&t->cells, "%s%s", r->passed > 0 && r->estimated ?
	    "~" : "", money);
	raid_list_addf(&t->cells, "%lld.%06lld", r->cost / RAID_MICRO,
	    r->cost % RAID_MICRO);
	raid_list_add(&t->cells, money);
	raid_list_add(&t->cells, r->estimated ? "1" : "0");
}

int
array_rank(struct array *a, struct raid_err *err)
{
	struct table t = { .type = "rank", .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };
	struct raid_ranks ranks;
	int r;

	if (store_db(&a->s, RAID_DB_READ, err) == -1)
		return -1;
	r = raid_rank_make(a->s.db, 0, &ranks, err);
	for (size_t i = 0; r == 0 && i < ranks.n; i++)
		add(a, &t, &ranks.v[i]);
	if (r == 0 && ranks.n == 0)
		r = raid_fail(err, RAID_NO, "no member was asked yet");
	else if (r == 0 && a->json)
		table_json(&t, a->safe);
	else if (r == 0)
		table_text(&t, a->width);
	raid_list_free(&t.cells);
	raid_ranks_free(&ranks);
	return r;
}
