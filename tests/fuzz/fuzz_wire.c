/* SPDX-License-Identifier: ISC */
/*
 * An answer of any bytes ends as some answer, the same one however it is
 * split.  The first byte picks the provider, the second one how it is fed:
 * the status, the end, headers before the body, a small limit.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "array/wire.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char key[] = "sk-secret";

/* Lines before an empty one are headers; returns where the body is. */
static size_t
headers(struct raid_wire *w, const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len && p[at] != '\n') {
		const uint8_t *end = memchr(p + at, '\n', len - at);
		size_t n = end != NULL ? (size_t)(end - p) - at : len - at;

		raid_wire_header(w, (const char *)p + at, n);
		at += n + (end != NULL);
	}
	return at < len ? at + 1 : len;
}

static struct raid_wire *
run(const uint8_t *p, size_t len, size_t piece)
{
	static const int statuses[] = { 200, 200, 200, 0, 401, 429, 500, 302 };
	struct raid_wire *w = raid_wire_new(RAID_PROVIDER_OPENAI +
	    (enum raid_provider)(p[0] % 4));
	const struct raid_reply *r = raid_wire_reply(w);
	size_t at = 2, text = 0;

	raid_wire_hide(w, key);
	if (p[1] & 0x40)
		raid_wire_max(w, 16);
	raid_wire_status(w, statuses[p[1] & 7]);
	if (p[1] & 0x10)
		at += headers(w, p + at, len - at);
	for (size_t n; at < len; at += n) {
		n = piece < len - at ? piece : len - at;
		raid_wire_feed(w, p + at, n);
		assert(r->text.len >= text);
		text = r->text.len;
	}
	raid_wire_end(w, p[1] & 0x20 ? "line broken" : NULL);
	assert(r->text.len >= text);
	return w;
}

static void
look(const struct raid_reply *r)
{
	size_t len = strlen(r->reason);

	assert(raid_utf8_check(r->text.p, r->text.len) == r->text.len);
	assert(memchr(r->text.p, '\0', r->text.len) == NULL);
	assert(raid_utf8_check((const unsigned char *)r->reason, len) == len);
	assert(strstr(r->reason, key) == NULL);
	assert((*r->reason == '\0') == (r->answer == RAID_ANSWER_COMPLETE ||
	    r->answer == RAID_ANSWER_SILENT));
	assert(r->answer != RAID_ANSWER_FAILED || r->text.len == 0 ||
	    r->retry == RAID_RETRY_NO);
	assert(r->answer != RAID_ANSWER_COMPLETE || *r->finish != '\0');
	assert(r->usage.input >= -1 && r->usage.cache_read >= -1 &&
	    r->usage.cache_write >= -1 && r->usage.output >= -1 &&
	    r->usage.reasoning >= -1);
}

static void
same(const struct raid_reply *a, const struct raid_reply *b)
{
	assert(a->answer == b->answer && a->retry == b->retry);
	assert(strcmp(a->reason, b->reason) == 0);
	assert(strcmp(a->finish, b->finish) == 0);
	assert(a->text.len == b->text.len);
	assert(memcmp(a->text.p, b->text.p, a->text.len) == 0);
	assert(a->reasoning.len == b->reasoning.len);
	assert(a->tools.len == b->tools.len);
	assert(a->usage.input == b->usage.input &&
	    a->usage.output == b->usage.output);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_wire *whole, *bytes;
	struct raid_wire_list l = { 0 };
	struct raid_err err;

	if (len < 2)
		return 0;
	whole = run(p, len, len);
	look(raid_wire_reply(whole));
	bytes = run(p, len, p[1] & 8 ? 7 : 1);
	same(raid_wire_reply(whole), raid_wire_reply(bytes));
	raid_wire_free(whole);
	raid_wire_free(bytes);
	if (raid_wire_models_read(RAID_PROVIDER_OPENAI +
	    (enum raid_provider)(p[0] % 4), 200, p + 2, len - 2, key, &l,
	    &err) == -1)
		assert(strstr(err.msg, key) == NULL);
	raid_wire_list_free(&l);
	return 0;
}
