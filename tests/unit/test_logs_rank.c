/* SPDX-License-Identifier: ISC */
/* What a person should see first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "logs/rank.h"

#define MAX 400

/* A log of templates that a test makes up. */
struct made {
	struct raid_template v[MAX];
	struct raid_series series[MAX];
	const struct raid_template *p[MAX];
	size_t n;
	struct raid_list texts;
	struct raid_series all;
	struct raid_rank_opts o;
	struct raid_rank *got;
	size_t ngot;
};

static struct raid_template *
add(struct made *m, const char *text, uint64_t count, enum raid_level level)
{
	struct raid_template *t = &m->v[m->n];

	raid_list_add(&m->texts, text);
	t->text = t->example = m->texts.v[m->texts.n - 1];
	t->example_len = strlen(t->text);
	t->count = t->lines = count;
	t->level = level;
	t->first = count < 30 ? 1 + m->n * 1000 % 90000 : 1 + m->n;
	t->last = 100000;
	t->series = &m->series[m->n];
	(void)snprintf(t->id, sizeof(t->id), "%08zx", m->n);
	m->p[m->n++] = t;
	return t;
}

/* What a log consists of: many templates that are all frequent. */
static void
add_bulk(struct made *m, size_t n, uint64_t least)
{
	static const char *const verbs[] = { "opened", "closed", "sent",
	    "received", "stored", "found", "joined", "parsed" };
	char s[64];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(s, sizeof(s), "%s %c%cx of item %c%c <num>",
		    verbs[i % 8], (int)('a' + i % 26),
		    (int)('a' + i / 26 % 26), (int)('a' + i % 7),
		    (int)('a' + i % 11));
		(void)add(m, s, least + i * 7 % 500, i % 9 == 0 ?
		    RAID_LEVEL_ERROR : RAID_LEVEL_INFO);
	}
}

static void
rank(struct made *m)
{
	m->o.all = &m->all;
	if (m->o.lines == 0)
		m->o.lines = 100000;
	m->ngot = raid_rank(m->p, m->n, &m->o, &m->got);
}

/* Its place in the order, from 0. */
static size_t
place(const struct made *m, const struct raid_template *t)
{
	for (size_t i = 0; i < m->ngot; i++)
		if (m->got[i].t == t && m->got[i].value == NULL)
			return i;
	return SIZE_MAX;
}

static struct made *
make(void)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	return m;
}

static void
end(struct made *m)
{
	for (size_t i = 0; i < m->n; i++)
		raid_series_free(&m->series[i]);
	raid_series_free(&m->all);
	raid_list_free(&m->texts);
	free(m->got);
	free(m);
}

static void
test_quiet(void **state)
{
	struct made *m = make();
	const struct raid_template *storm, *quiet[4];

	(void)state;
	add_bulk(m, 300, 60);
	storm = add(m, "error: cannot open <path>", 20000, RAID_LEVEL_ERROR);
	quiet[0] = add(m, "volume <path> holds 99% of its quota", 1,
	    RAID_LEVEL_INFO);
	quiet[1] = add(m, "wall clock jumped back <duration>", 2,
	    RAID_LEVEL_NONE);
	quiet[2] = add(m, "peer <ip> now owns partition <num>", 3,
	    RAID_LEVEL_INFO);
	quiet[3] = add(m, "pairing token ends tomorrow", 1, RAID_LEVEL_DEBUG);
	rank(m);
	assert_int_equal(m->ngot, m->n);
	for (size_t i = 0; i < 4; i++)
		assert_in_range(place(m, quiet[i]), 0, 9);
	assert_in_range(place(m, storm), 6, m->n);
	end(m);
}

/* Where half of all stand but once, that is no news; what is bad is. */
static void
test_small(void **state)
{
	struct made *m = make();
	const struct raid_template *bad, *worse;
	size_t first;
	char s[64];

	(void)state;
	for (size_t i = 0; i < 120; i++) {
		(void)snprintf(s, sizeof(s), "part %c%c%c begins with %c%c%c",
		    (int)('a' + i % 26), (int)('a' + i % 5),
		    (int)('b' + i / 26), (int)('c' + i % 3),
		    (int)('a' + i % 23), (int)('d' + i / 23));
		(void)add(m, s, i < 60 ? 1 : 2 + i % 40, RAID_LEVEL_INFO);
	}
	bad = add(m, "request <num> failed after all", 12, RAID_LEVEL_ERROR);
	worse = add(m, "store is gone: giving up", 1, RAID_LEVEL_FATAL);
	m->o.lines = 2000;
	rank(m);
	first = place(m, worse);
	assert_int_equal(first, 0);
	assert_in_range(place(m, bad), 1, 3);
	end(m);
}

static void
test_time(void **state)
{
	struct made *m = make();
	const struct raid_template *even, *burst, *late;

	(void)state;
	add_bulk(m, 100, 100);
	for (int i = 0; i < 100; i++)
		raid_series_add(&m->all, 1000 + i, 1000);
	even = add(m, "alpha beta gamma <num>", 40, RAID_LEVEL_INFO);
	burst = add(m, "delta epsilon zeta <num>", 40, RAID_LEVEL_INFO);
	late = add(m, "eta theta iota <num>", 40, RAID_LEVEL_INFO);
	for (int i = 0; i < 40; i++) {
		raid_series_add(&m->series[m->n - 3], 1000 + 5 * i / 2, 1);
		raid_series_add(&m->series[m->n - 2], 1060 + i % 4, 1);
		raid_series_add(&m->series[m->n - 1], 1059 + i, 1);
	}
	rank(m);
	assert_true(place(m, burst) < place(m, even));
	assert_true(place(m, late) < place(m, even));
	assert_true(m->got[place(m, burst)].when > 3);
	assert_true(m->got[place(m, late)].when > 2);
	assert_true(m->got[place(m, even)].when < 1);
	end(m);
}

static void
test_incident(void **state)
{
	static const struct raid_incident c = { .from = 1050, .to = 1055,
	    .metric = -1 };
	struct made *m = make();
	const struct raid_template *in, *out;

	(void)state;
	add_bulk(m, 50, 100);
	for (int i = 0; i < 100; i++)
		raid_series_add(&m->all, 1000 + i, 1000);
	in = add(m, "alpha beta gamma", 1, RAID_LEVEL_INFO);
	raid_series_add(&m->series[m->n - 1], 1049, 1);
	out = add(m, "delta epsilon zeta", 1, RAID_LEVEL_INFO);
	raid_series_add(&m->series[m->n - 1], 1030, 1);
	m->o.incidents = &c;
	m->o.nincident = 1;
	rank(m);
	assert_int_equal(place(m, in), 0);
	assert_int_equal(place(m, out), 1);
	end(m);
}

static void
test_families(void **state)
{
	static const char *const users[] = { "ann", "ben", "cid", "dan",
	    "eve", "fay", "gus", "hal", "ida", "joe", "kim", "lee" };
	struct made *m = make();
	const struct raid_template *other;
	size_t heads = 0, like = 0;
	char s[64];

	(void)state;
	add_bulk(m, 100, 100);
	for (size_t i = 0; i < 12; i++) {
		(void)snprintf(s, sizeof(s), "badge of %s was not read", users[i]);
		(void)add(m, s, 1, RAID_LEVEL_INFO);
	}
	/* As frequent as the bulk: not one of them. */
	other = add(m, "badge of all was not read", 500, RAID_LEVEL_INFO);
	rank(m);
	for (size_t i = 0; i < m->ngot; i++) {
		const struct raid_rank *r = &m->got[i];

		if (strncmp(r->t->text, "badge", 5) != 0 || r->t == other)
			continue;
		heads += !r->member;
		like += r->like;
	}
	assert_int_equal(heads, 1);
	assert_int_equal(like, 11);
	assert_int_equal(m->got[place(m, other)].member, 0);
	assert_int_equal(m->got[place(m, other)].like, 0);
	end(m);
}

/* Of forty lines that came at once the first few say enough. */
static void
test_crowd(void **state)
{
	struct made *m = make();
	const struct raid_template *alone;
	struct raid_template *t;
	char s[64];

	(void)state;
	add_bulk(m, 200, 100);
	for (size_t i = 0; i < 40; i++) {
		(void)snprintf(s, sizeof(s), "%c%chale %c%cstart %c%cmodule",
		    (int)('a' + i % 26), (int)('a' + i / 26),
		    (int)('f' + i % 19), (int)('a' + i / 19),
		    (int)('k' + i % 13), (int)('b' + i / 13));
		t = add(m, s, 1, RAID_LEVEL_INFO);
		t->first = 30000 + i;
	}
	t = add(m, "the seal was broken", 1, RAID_LEVEL_INFO);
	t->first = 70000;
	alone = t;
	rank(m);
	assert_in_range(place(m, alone), 0, 3);
	end(m);
}

/* A slot that had three values had another one, once. */
static void
test_values(void **state)
{
	static char quote[] = "node 7 is now asleep";
	struct made *m = make();
	struct raid_values slot = { .total = 9001, .n = 3 };
	struct raid_template *t;
	size_t at = SIZE_MAX;

	(void)state;
	add_bulk(m, 200, 100);
	t = add(m, "node <num> is now <*>", 9001, RAID_LEVEL_INFO);
	slot.v[0] = (struct raid_value){ .count = 5000, .text = "up" };
	slot.v[1] = (struct raid_value){ .count = 4000, .text = "busy" };
	slot.v[2] = (struct raid_value){ .count = 1, .text = "asleep",
	    .line = 777, .quote = quote };
	t->values = &slot;
	t->nvalues = 1;
	rank(m);
	assert_int_equal(m->ngot, m->n + 1);
	for (size_t i = 0; i < m->ngot; i++)
		if (m->got[i].value == &slot.v[2])
			at = i;
	assert_in_range(at, 0, 3);
	assert_int_equal(m->got[at].count, 1);
	assert_int_equal(m->got[at].line, 777);
	assert_ptr_equal(m->got[at].t, t);
	end(m);
}

static void
test_surprise(void **state)
{
	(void)state;
	assert_true(raid_rank_surprise(10, 10) < 0.1);
	assert_true(raid_rank_surprise(20, 10) > 3);
	assert_true(raid_rank_surprise(0, 10) > 10);
	assert_true(raid_rank_surprise(0, 0) < 0.1);
	assert_true(raid_rank_surprise(40, 2) > raid_rank_surprise(30, 2));
	assert_true(raid_rank_surprise(1e18, 1) > 1e18);
}

/* Hostile texts and numbers, and none at all. */
static void
test_edges(void **state)
{
	struct made *m = make();
	char *text = malloc(100001);

	(void)state;
	rank(m);
	assert_int_equal(m->ngot, 0);
	free(m->got);
	assert_non_null(text);
	for (size_t i = 0; i < 100000; i++)
		text[i] = "x <\xff>"[i % 5];
	text[100000] = '\0';
	(void)add(m, text, UINT64_MAX, RAID_LEVEL_FATAL);
	(void)add(m, "", 1, RAID_LEVEL_NONE);
	(void)add(m, "<<<", 0, RAID_LEVEL_NONE);
	(void)add(m, "a > b", 1, RAID_LEVEL_NONE);
	m->v[1].first = UINT64_MAX;
	m->v[2].last = 0;
	raid_series_add(&m->all, INT32_MAX, 1);
	raid_series_add(&m->all, -INT32_MAX, 1);
	raid_series_add(&m->series[0], INT32_MAX, 5);
	raid_series_add(&m->series[0], -INT32_MAX, 5);
	rank(m);
	assert_int_equal(m->ngot, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(m->got[i].bits == m->got[i].bits);
	free(text);
	end(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet), cmocka_unit_test(test_small),
		cmocka_unit_test(test_time), cmocka_unit_test(test_incident),
		cmocka_unit_test(test_families), cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_values), cmocka_unit_test(test_surprise),
		cmocka_unit_test(test_edges)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
