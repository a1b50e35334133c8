/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/jsonedit.h"
#include "base/str.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct raid_json *
parse(const char *s, struct raid_err *err)
{
	return raid_json_parse(s, strlen(s), err);
}

static void
test_good(void **state)
{
	/* What is printed again, on one line. */
	static const struct {
		const char *text, *printed;
	} cases[] = { { "{}", "{}" }, { " [ 1 , -2.5e3 ,0 ] \r\n\t",
		"[1,-2500,0]" }, { "\"a\\u0410\\n\"", "\"aА\\n\"" },
		{ "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
		{ "{\"a\":{\"b\":1},\"A\":{\"b\":2}}",
		    "{\"a\":{\"b\":1},\"A\":{\"b\":2}}" },
		{ "true", "true" }, { "null", "null" },
		{ "999999999999999", "999999999999999" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" } };
	struct raid_err err;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct raid_json *j = parse(cases[i].text, &err);
		char *s;

		if (j == NULL)
			fail_msg("%s: %s", cases[i].text, err.msg);
		s = raid_json_print(j, 0);
		assert_string_equal(s, cases[i].printed);
		free(s);
		raid_json_free(j);
	}
}

static void
test_bad(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = { { "", "column 1" }, { " ", "JSON" }, { "{", "not JSON" },
		{ "{}x", "behind the value" }, { "{} {}", "behind" },
		{ "{\"a\":1,\"a\":2}", "twice" },
		{ "[{\"x\":[{\"b\":1,\"c\":2,\"b\":1}]}]", "twice" },
		{ "\"a\\u0000b\"", "\\u0000" }, { "\"\\uZZZZ\"", "hexa" },
		{ "\"\\u12\"", "hexa" }, { "\"\\x41\"", "escape" },
		{ "\"\\", "end" }, { "\"a", "end" }, { "\"a\nb\"", "control" },
		{ "\"\\ud800\"", "not JSON" }, { "\"\\udc00\"", "not JSON" },
		{ "\"\\ud800\\u0041\"", "not JSON" }, { "\"\xff\"", "UTF-8" },
		{ "\"\xed\xa0\x80\"", "UTF-8" }, { "01", "number" },
		{ "-", "number" }, { "1.", "number" }, { ".5", "JSON" },
		{ "+1", "JSON" }, { "1e", "number" }, { "1e999", "range" },
		{ "0x1", "number" }, { "[1,]", "JSON" }, { "{\"a\":1,}", "JSON" },
		{ "{a:1}", "JSON" }, { "'a'", "JSON" }, { "NaN", "JSON" },
		{ "[1\f]", "control" }, { "tru", "JSON" }, { "[1}", "JSON" },
		{ "// x\n1", "JSON" }, { "{\"a\" 1}", "JSON" } };
	char deep[200];
	struct raid_err err;
	struct raid_json *j;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		j = parse(cases[i].text, &err);
		if (j != NULL)
			fail_msg("taken: %s", cases[i].text);
		assert_int_equal(err.code, RAID_EDATA);
		if (strstr(err.msg, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].text, err.msg);
	}
	assert_null(raid_json_parse("[1\0]", 4, &err));
	assert_null(raid_json_parse("\"a\0b\"", 5, &err));
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	assert_null(raid_json_parse(deep, 130, &err));
	j = raid_json_parse(deep + 1, 128, &err);
	assert_non_null(j);
	raid_json_free(j);
	assert_null(parse("{\n  \"a\": x}", &err));
	assert_non_null(strstr(err.msg, "line 2 column 8"));
	assert_null(raid_json_read("/nonexistent/x", &err));
	assert_int_equal(err.code, RAID_ENOINPUT);
}

static void
test_read(void **state)
{
	struct raid_err err;
	struct raid_json *j = parse("{\"s\":\"x\",\"n\":5,\"big\":1e300,"
	    "\"t\":true,\"one\":1,\"a\":[1,\"b\",null],\"z\":null}", &err);
	const struct raid_json *a = raid_json_get(j, "a"), *v;

	(void)state;
	assert_non_null(j);
	assert_string_equal(raid_json_str(j, "s", "-"), "x");
	assert_string_equal(raid_json_str(j, "n", "-"), "-");
	assert_string_equal(raid_json_str(j, "S", "-"), "-");
	assert_string_equal(raid_json_str(NULL, "s", "-"), "-");
	assert_int_equal(raid_json_int(j, "n", -1), 5);
	assert_int_equal(raid_json_int(j, "big", -1), -1);
	assert_int_equal(raid_json_int(j, "s", -1), -1);
	assert_true(raid_json_true(raid_json_get(j, "t")));
	assert_false(raid_json_true(raid_json_get(j, "one")) ||
	    raid_json_true(NULL));
	assert_true(raid_json_is_array(a) && raid_json_is_object(j));
	assert_false(raid_json_is_array(NULL) || raid_json_is_string(a));
	v = raid_json_next(raid_json_first(a));
	assert_string_equal(raid_json_text(v), "b");
	assert_null(raid_json_next(raid_json_next(v)));
	assert_null(raid_json_text(raid_json_get(j, "z")));
	assert_string_equal(raid_json_key(raid_json_first(j)), "s");
	assert_null(raid_json_first(NULL));
	raid_json_free(j);
	raid_json_free(NULL);
}

static void
test_make(void **state)
{
	struct raid_json *j = raid_json_object(), *a = raid_json_array(), *c;
	char *s;

	(void)state;
	raid_json_set_str(j, "s", "a\"\n");
	raid_json_set_str(j, "s", "b");
	raid_json_set_str(j, "none", NULL);
	raid_json_set_int(j, "i", 9007199254740992);
	raid_json_set_int(j, "m", -999999999999999);
	raid_json_set_num(j, "d", 0.1);
	raid_json_set_bool(j, "t", 5);
	raid_json_add_str(a, "x");
	raid_json_add(a, raid_json_object());
	raid_json_set(j, "a", a);
	c = raid_json_copy(j);
	raid_json_free(j);
	s = raid_json_print(c, 0);
	assert_string_equal(s, "{\"s\":\"b\",\"none\":null,"
	    "\"i\":\"9007199254740992\",\"m\":-999999999999999,\"d\":0.1,"
	    "\"t\":true,\"a\":[\"x\",{}]}");
	free(s);
	s = raid_json_print(c, 1);
	assert_true(raid_str_ends(s, "}\n"));
	free(s);
	raid_json_free(c);
}

/* One edit of a text: path "a/b", value "" takes it away. */
static void
edits(const char *before, const char *path, const char *value,
    const char *after)
{
	struct raid_json *v = NULL;
	struct raid_list keys = { 0 };
	struct raid_err err;
	struct raid_buf b;

	raid_buf_init(&b, 10000);
	raid_buf_puts(&b, before);
	raid_list_split(&keys, path, '/');
	if (*value != '\0')
		assert_non_null(v = parse(value, &err));
	if (raid_json_edit(&b, (const char *const *)keys.v, v, &err) == -1)
		fail_msg("%s: %s", before, err.msg);
	assert_string_equal(raid_buf_str(&b), after);
	raid_json_free(v);
	raid_list_free(&keys);
	raid_buf_free(&b);
}

static void
test_edit(void **state)
{
	static const char *const path[] = { "a", "b", NULL };
	struct raid_json *one;
	struct raid_err err;
	struct raid_buf b;

	(void)state;
	/* In its place, and nothing else is touched. */
	edits("{\"a\": 1.50, \"b\" :[ 1,{}],\"c\":12345678901234567890}\n",
	    "b", "\"x\"",
	    "{\"a\": 1.50, \"b\" :\"x\",\"c\":12345678901234567890}\n");
	edits("{\"a\":{\"b\":\"}\\\"{\",\"c\":2}}", "a/c", "true",
	    "{\"a\":{\"b\":\"}\\\"{\",\"c\":true}}");
	edits("{\"\\u0061\":1}", "a", "2", "{\"\\u0061\":2}");
	edits("\xef\xbb\xbf {\"a\":-1e5}", "a", "null",
	    "\xef\xbb\xbf {\"a\":null}");
	/* New: like what stands before it. */
	edits("{\"a\": 1}", "b", "2", "{\"a\": 1, \"b\": 2}");
	edits("{\"a\":1}", "b", "2", "{\"a\":1,\"b\":2}");
	edits("{\n  \"a\": 1\n}\n", "b", "{\"c\": [2, 3]}",
	    "{\n  \"a\": 1,\n  \"b\": {\n  \t\"c\": [2, 3]\n  }\n}\n");
	edits("{\n\t\"a\":\t{\n\t\t\"x\":\t1\n\t}\n}\n", "a/y", "2",
	    "{\n\t\"a\":\t{\n\t\t\"x\":\t1,\n\t\t\"y\":\t2\n\t}\n}\n");
	edits("{}", "a", "1", "{\n\t\"a\": 1\n}");
	edits("{ \n}\n", "a", "1", "{\n\t\"a\": 1\n}\n");
	edits("{\n  \"m\": {}\n}\n", "m/x/\"y", "1",
	    "{\n  \"m\": {\n  \t\"x\": {\n  \t\t\"\\\"y\": 1\n  \t}\n  }\n}\n");
	/* Taken away, with the comma that is too much. */
	edits("{\"a\":1, \"b\":2, \"c\":3}", "a", "", "{\"b\":2, \"c\":3}");
	edits("{\"a\":1, \"b\":2, \"c\":3}", "b", "", "{\"a\":1, \"c\":3}");
	edits("{\"a\":1, \"b\":2, \"c\":3 }", "c", "", "{\"a\":1, \"b\":2 }");
	edits("{ \"a\":1 }", "a", "", "{}");
	edits("{\n\t\"a\": 1,\n\t\"b\": 2\n}\n", "b", "",
	    "{\n\t\"a\": 1\n}\n");
	edits("{\"a\":1}", "b/c", "", "{\"a\":1}");

	raid_buf_init(&b, 12);
	raid_buf_puts(&b, "{\"a\":1}");
	one = parse("1", &err);
	assert_int_equal(raid_json_edit(&b, path, one, &err), -1);
	assert_int_equal(err.code, RAID_EDATA);
	assert_string_equal(err.msg, "what should hold \"b\" is no object");
	assert_int_equal(raid_json_edit(&b, path + 1, one, &err), -1);
	assert_string_equal(err.msg, "over 12 bytes");
	assert_string_equal(raid_buf_str(&b), "{\"a\":1}");
	raid_buf_reset(&b);
	raid_buf_puts(&b, "{\"a\":");
	assert_int_equal(raid_json_edit(&b, path, one, &err), -1);
	raid_json_free(one);
	raid_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_read), cmocka_unit_test(test_make),
		cmocka_unit_test(test_edit)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
