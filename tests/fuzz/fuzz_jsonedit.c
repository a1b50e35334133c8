/* SPDX-License-Identifier: ISC */
/* An edit changes its key and nothing else. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonedit.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Both objects have the same members in the same order, but for key. */
static void
same_but(const struct raid_json *a, const struct raid_json *b,
    const char *key)
{
	char *one, *two;

	a = raid_json_first(a);
	b = raid_json_first(b);
	for (;;) {
		while (a != NULL && strcmp(raid_json_key(a), key) == 0)
			a = raid_json_next(a);
		while (b != NULL && strcmp(raid_json_key(b), key) == 0)
			b = raid_json_next(b);
		assert((a == NULL) == (b == NULL));
		if (a == NULL)
			return;
		assert(strcmp(raid_json_key(a), raid_json_key(b)) == 0);
		one = raid_json_print(a, 0);
		two = raid_json_print(b, 0);
		assert(strcmp(one, two) == 0);
		free(one);
		free(two);
		a = raid_json_next(a);
		b = raid_json_next(b);
	}
}

static void
try(const struct raid_json *before, const uint8_t *p, size_t len,
    const char *const *path, const struct raid_json *value)
{
	const struct raid_json *is;
	struct raid_json *after;
	struct raid_err err;
	struct raid_buf b;

	raid_buf_init(&b, 1 << 20);
	raid_buf_add(&b, p, len);
	if (raid_json_edit(&b, path, value, &err) == 0) {
		after = raid_json_parse(b.p, b.len, &err);
		assert(after != NULL);
		same_but(before, after, path[0]);
		is = raid_json_get(after, path[0]);
		if (path[1] != NULL) {
			same_but(raid_json_get(before, path[0]), is, path[1]);
			is = raid_json_get(is, path[1]);
		}
		assert((is != NULL) == (value != NULL));
		assert(value == NULL || raid_json_true(raid_json_get(is,
		    "t")));
		raid_json_free(after);
	} else {
		assert(err.code == RAID_EDATA);
		assert(b.len == len && memcmp(b.p, p, len) == 0);
	}
	raid_buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const char *const short_path[] = { "a", NULL };
	static const char *const long_path[] = { "a", "b", NULL };
	struct raid_err err;
	struct raid_json *j = raid_json_parse(p, len, &err), *value;

	if (j == NULL)
		return 0;
	value = raid_json_object();
	raid_json_set_bool(value, "t", 1);
	try(j, p, len, short_path, value);
	try(j, p, len, short_path, NULL);
	try(j, p, len, long_path, value);
	try(j, p, len, long_path, NULL);
	raid_json_free(value);
	raid_json_free(j);
	return 0;
}
