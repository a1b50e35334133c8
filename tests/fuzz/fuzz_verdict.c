/* SPDX-License-Identifier: ISC */
/* The digest of any output is valid UTF-8, short, and its fences close. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fence.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "code/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* A brief may hold anything that a line may. */
static void
brief(const struct raid_result *e, struct raid_buf *out)
{
	if (raid_utf8_check(e->out.p, e->out.len) == e->out.len &&
	    memchr(e->out.p, '\0', e->out.len) == NULL &&
	    e->out.len < 4096) {
		raid_buf_add(out, e->out.p, e->out.len);
		raid_buf_addc(out, '\n');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_results r = { 0 };
	struct raid_result *e = raid_results_add(&r);
	struct raid_fence f;
	struct raid_buf b;
	size_t pos = 0, n;
	uint32_t c;

	/* The command comes from a file, too. */
	e->name = raid_strdup("fuzz");
	e->command = raid_strndup((const char *)p, len < 40 ? len : 40);
	e->how = raid_strdup("exit status 1");
	e->pass = len % 2 == 0;
	raid_buf_add(&e->out, p, len);
	raid_buf_init(&b, (size_t)1 << 20);
	raid_results_digest(&r, "ru", brief, &b);
	assert(!b.overflow && b.len < 64000);
	for (size_t i = 0; i < b.len; i += n) {
		n = raid_utf8_next(b.p + i, b.len - i, &c);
		assert(n != 0 && c != 0);
	}
	while (raid_fence_next(b.p, b.len, &pos, &f))
		assert(f.closed);
	raid_buf_free(&b);
	raid_results_free(&r);
	return 0;
}
