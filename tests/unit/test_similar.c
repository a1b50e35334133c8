/* SPDX-License-Identifier: ISC */
/* Who repeats what was said, and who only speaks of the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "array/similar.h"

static double
similar(const char *a, const char *b)
{
	double s = raid_similar(a, strlen(a), b, strlen(b));

	assert_true(s >= 0 && s <= 1);
	/* It goes both ways. */
	assert_true(s == raid_similar(b, strlen(b), a, strlen(a)));
	return s;
}

static void
test_same(void **state)
{
	(void)state;
	assert_true(similar("one", "One!") == 1);
	assert_true(similar("two words", "TWO -- words.") == 1);
	assert_true(similar("The loop reads one byte past the end.",
	    "the loop reads ONE byte, past the end") == 1);
	assert_true(similar("Цикл читает за концом буфера",
	    "ЦИКЛ ЧИТАЕТ ЗА КОНЦОМ БУФЕРА!") == 1);
	/* One that is part of a longer one. */
	assert_true(similar("the loop reads past the end", "I think that the "
	    "loop reads past the end when the file is empty") == 1);
}

static void
test_repeats(void **state)
{
	(void)state;
	assert_true(similar("The loop in line 12 reads one byte past the end "
	    "of buf, which crashes when the file is empty.",
	    "In line 12 the loop in line 12 reads one byte past the end of "
	    "buf; with an empty file it crashes.") >= RAID_SIMILAR_REPEATS);
}

static void
test_others(void **state)
{
	(void)state;
	assert_true(similar("", "") == 0);
	assert_true(similar("", "something") == 0);
	assert_true(similar("... !?", "--") == 0);
	assert_true(similar("one", "two") == 0);
	assert_true(similar("one two three", "three two one") == 0);
	assert_true(similar("The loop in line 12 reads one byte past the end "
	    "of buf, which crashes when the file is empty.",
	    "Nothing in the loop checks whether the disk is full, and the "
	    "file is then cut off.") < RAID_SIMILAR_REPEATS);
}

static void
test_lengths(void **state)
{
	const char *text = "a b c d e f g h i j k l m n o p";

	(void)state;
	/* Nothing behind the length is read. */
	for (size_t n = 0; n <= strlen(text); n++)
		assert_true(raid_similar(text, n, text, n) ==
		    (n == 0 ? 0.0 : 1.0));
	assert_true(raid_similar("a b c d", 5, "a b c x", 5) == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
