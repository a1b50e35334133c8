/* SPDX-License-Identifier: ISC */
/* The record of a write: what is printed is read, anything else is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "code/record.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void
fill(struct raid_record_side *s, unsigned mode, const char *sum)
{
	s->mode = mode;
	memcpy(s->sha256, sum, RAID_HASH_SIZE);
}

static void
make(struct raid_buf *b)
{
	struct raid_record_file *f;
	struct raid_record r;
	struct raid_err err;

	assert_int_equal(raid_record_init(&r, &err), 0);
	raid_list_add(&r.made, "n");
	raid_list_add(&r.made, "n/m o");
	f = raid_record_add(&r, "z", 0);
	fill(&f->old, 0100644, A);
	f = raid_record_add(&r, "n/m o/\xff\"y", 1);
	fill(&f->new, 0100600, B);
	/* One path goes and comes: it is one file. */
	f = raid_record_add(&r, "z", 2);
	fill(&f->new, 0100755, B);
	assert_int_equal(raid_record_join(&r, &err), 0);
	assert_int_equal(r.n, 2);
	raid_buf_init(b, RAID_RECORD_MAX);
	raid_record_print(&r, b);
	raid_record_free(&r);
}

static void
test_round(void **state)
{
	struct raid_record r;
	struct raid_buf b, again;
	struct raid_err err;

	(void)state;
	make(&b);
	assert_int_equal(raid_record_parse(b.p, b.len, &r, &err), 1);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.v[1].path, "z");
	assert_int_equal(r.v[1].old.mode, 0100644);
	assert_string_equal(r.v[1].old.sha256, A);
	assert_int_equal(r.v[1].new.mode, 0100755);
	assert_int_equal(r.v[0].old.mode, 0);
	assert_memory_equal(r.v[0].fresh, "n/m o/.raid-", 12);
	assert_non_null(strstr(r.v[0].fresh, "-1.new"));
	assert_string_equal(r.made.v[1], "n/m o");
	raid_buf_init(&again, RAID_RECORD_MAX);
	raid_record_print(&r, &again);
	assert_string_equal(raid_buf_str(&again), raid_buf_str(&b));
	raid_record_free(&r);
	raid_buf_free(&again);
	raid_buf_free(&b);
}

/* Each prefix counts as none, and so does any byte that is another one. */
static void
test_cut(void **state)
{
	struct raid_record r;
	struct raid_err err;
	struct raid_buf b;

	(void)state;
	make(&b);
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(raid_record_parse(b.p, n, &r, &err), 0);
		raid_record_free(&r);
		b.p[n] ^= 1;
		assert_int_equal(raid_record_parse(b.p, b.len, &r, &err), 0);
		raid_record_free(&r);
		b.p[n] ^= 1;
	}
	raid_buf_free(&b);
}

/* What is whole but leads out, or is of a later version, is refused. */
static void
test_odd(void **state)
{
	static const char *const odd[] = { "raid-write 2 0123456789abcdef\n",
		"raid-write 1 0123456789abcdeg\n",
		"raid-write 1 0123456789abcdef\nfolder ../x\n",
		"raid-write 1 0123456789abcdef\nfolder .git\n",
		"raid-write 1 0123456789abcdef\nfile 0 - 100644 " A
		" 0 .git/x\n",
		"raid-write 1 0123456789abcdef\nfile 0 - 120777 " A " 0 x\n",
		"raid-write 1 0123456789abcdef\nfile 0 - 100644 - 0 x\n",
		"raid-write 1 0123456789abcdef\nfile 0 - 100644 " A " x\n",
		"raid-write 1 0123456789abcdef\nwhat\n" };
	char sum[RAID_HASH_SIZE];
	struct raid_record r;
	struct raid_err err;
	struct raid_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		raid_buf_init(&b, RAID_RECORD_MAX);
		raid_buf_puts(&b, odd[i]);
		raid_hash(b.p, b.len, sum);
		raid_buf_printf(&b, "end %s\n", sum);
		assert_int_equal(raid_record_parse(b.p, b.len, &r, &err), -1);
		assert_int_equal(err.code, RAID_EDATA);
		raid_record_free(&r);
		raid_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
