/* SPDX-License-Identifier: ISC */
/* Findings of any text are bounded valid UTF-8 on one line each, and their
 * digest keeps to its budget. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/tokens.h"
#include "base/utf8.h"
#include "logs/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
check_text(const char *s)
{
	size_t len = strlen(s);

	assert(len < 400);
	assert(raid_utf8_check((const unsigned char *)s, len) == len);
	for (size_t i = 0; i < len; i++)
		assert((unsigned char)s[i] >= ' ');
}

static void
run(const uint8_t *p, size_t len, int known, size_t tokens, int flags)
{
	struct raid_build *b = raid_build_new(known);
	const struct raid_finding *f;
	struct raid_buf out;
	size_t n;

	raid_build_text(b, p, len);
	raid_build_end(b);
	for (n = 0; (f = raid_build_finding(b, n)) != NULL; n++) {
		check_text(f->file);
		check_text(f->name);
		check_text(f->message);
		assert(f->n >= 1 && f->at >= 1 && *f->tool != '\0');
	}
	assert(n <= 600);
	assert(raid_build_any(b) == (n + raid_build_counts(b) != 0));
	raid_buf_init(&out, 1 << 20);
	raid_build_digest(b, tokens, flags, &out);
	assert(raid_tokens(out.p, out.len) <= tokens);
	assert(raid_utf8_check(out.p, out.len) == out.len);
	raid_buf_free(&out);
	raid_json_free(raid_build_json(b, 10));
	raid_build_free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	run(p, len, 0, 500, 0);
	run(p, len, 1, len < 100 ? len : 100, RAID_BUILD_LINES);
	return 0;
}
