/* SPDX-License-Identifier: ISC */
/* Every line is in one template, and a page is never longer than it may be. */
#include <assert.h>
#include <stdint.h>

#include "base/tokens.h"
#include "base/utf8.h"
#include "logs/digest.h"
#include "logs/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_log_opts o = { .groups = 8, .assign = 1 };
	struct raid_log *log = raid_log_new(&o);
	struct raid_digest_opts d = { .tokens = 300 };
	struct raid_buf b;
	uint64_t sum = 0;

	raid_log_add(log, p, len / 2);
	raid_log_add(log, p + len / 2, len - len / 2);
	raid_log_finish(log);
	for (size_t i = 0; i < raid_log_count(log); i++)
		sum += raid_log_template(log, i)->lines;
	assert(sum == raid_log_total(log)->lines);
	raid_buf_init(&b, 1 << 20);
	for (d.json = 0; d.json < 2; d.json++) {
		raid_buf_reset(&b);
		raid_digest_page(log, &d, &b);
		assert(raid_tokens(b.p, b.len) <= d.tokens);
		assert(raid_utf8_check(b.p, b.len) == b.len);
		raid_buf_reset(&b);
		raid_digest_compare(log, log, &d, &b);
		assert(raid_tokens(b.p, b.len) <= d.tokens);
		raid_buf_reset(&b);
		raid_digest_table(log, &d, &b);
	}
	raid_buf_free(&b);
	raid_log_free(log);
	return 0;
}
