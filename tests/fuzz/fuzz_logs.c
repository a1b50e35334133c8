/* SPDX-License-Identifier: ISC */
/* Words lie within their line, and every line is in one template. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/tokens.h"
#include "base/utf8.h"
#include "logs/digest.h"
#include "logs/lines.h"
#include "logs/log.h"
#include "logs/logtime.h"
#include "logs/mask.h"

#define YEARS (INT64_C(1) << 46)	/* milliseconds; over 2,000 years */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A time lies within its text and within the years that are. */
static void
look_time(const unsigned char *p, size_t len)
{
	struct raid_logtime t;
	struct raid_err err;
	char arg[64];
	int64_t ms;
	int missing;
	size_t n = raid_logtime_len(p, len, &t);

	assert(n <= len && (n > 0) == (raid_logtime(p, len, &t) == 0));
	if (n > 0) {
		assert(t.ms > -YEARS && t.ms < YEARS);
		ms = raid_logtime_settle(&t, INT64_C(1700000000000));
		assert(ms > -YEARS && ms < YEARS);
	}
	n = len < sizeof(arg) ? len : sizeof(arg) - 1;
	memcpy(arg, p, n);
	arg[n] = '\0';
	if (raid_logtime_arg(arg, 0, NULL, &ms, &missing, &err) == -1)
		assert(err.code == RAID_EUSAGE);
}

static void
look(const unsigned char *p, size_t len)
{
	static struct raid_header_memo *memo;
	struct raid_header h, again;
	struct raid_word words[RAID_MASK_WORDS];
	struct raid_mask m = { .v = words };

	if (memo == NULL)
		memo = raid_header_memo_new();
	raid_header(&h, p, len);
	raid_header_by(memo, &again, p, len);
	assert(h.end == again.end && h.time == again.time &&
	    h.time_len == again.time_len && h.level == again.level);
	assert(h.end <= len && h.time <= len && h.time_len <= len - h.time);
	assert(len == 0 || h.end < len);
	look_time(p + h.time, h.time_len);
	raid_mask(&m, p + h.end, len - h.end);
	assert(m.n <= RAID_MASK_WORDS);
	for (size_t i = 0; i < m.n; i++) {
		const struct raid_word *w = &m.v[i];

		assert(w->off <= len - h.end);
		if (w->kind != RAID_WORD_MARK)
			assert(w->len <= len - h.end - w->off);
	}
}

static void
take(void *arg, const unsigned char *p, size_t len)
{
	(void)arg;
	look(p, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_log_opts o = { .groups = 8, .assign = 1 };
	struct raid_log *log = raid_log_new(&o);
	struct raid_digest_opts d = { .tokens = 300 };
	struct raid_loglines l;
	struct raid_buf b;
	uint64_t sum = 0;

	look(p, len);
	look_time(p, len);
	raid_loglines_init(&l, take, NULL);
	raid_loglines_add(&l, p, len / 2);
	raid_loglines_add(&l, p + len / 2, len - len / 2);
	raid_loglines_end(&l);
	raid_loglines_free(&l);
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
