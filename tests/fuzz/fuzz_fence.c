/* SPDX-License-Identifier: ISC */
/* Blocks lie within the text, one behind the other; the mask covers them. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/fence.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	unsigned char *mask = malloc(len + 1);
	struct raid_fence f;
	size_t pos = 0, last = 0;

	raid_fence_mask(p, len, mask);
	while (raid_fence_next(p, len, &pos, &f)) {
		assert(f.start >= last && f.start <= f.info);
		assert(f.info + f.info_len <= f.body);
		assert(f.body + f.body_len <= f.end && f.end <= len);
		assert(f.ticks >= 3 && pos == f.end && pos > last);
		assert(p[f.start + f.indent] == f.ch);
		for (size_t i = f.start; i < f.end; i++)
			assert(mask[i] == 1);
		last = pos;
	}
	assert(pos == len);
	for (size_t i = 0; i < len; i++)
		assert(mask[i] <= 1);
	/* A fence of that many around the text is not closed within it. */
	assert(raid_fence_ticks(p, len) >= 3);
	free(mask);
	return 0;
}
