/* SPDX-License-Identifier: ISC */
/*
 * Raid's own patterns over any text: masking twice changes nothing, and what
 * was there as a mask still is.  Bytes from 0x80 on stand for what patterns
 * begin with, so that the fuzzer need not spell it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/path.h"
#include "base/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct raid_redact *
load(void)
{
	struct raid_redact *r = raid_redact_new("0123456789abcdef");
	char *file = raid_conf_data("../redact.txt");
	struct raid_err err;
	struct raid_buf b;

	if (file == NULL || raid_path_read(file, 1u << 20, &b, &err) == -1 ||
	    raid_redact_add(r, RAID_REDACT_OWN, file, raid_buf_str(&b),
	    &err) == -1)
		abort();
	raid_buf_free(&b);
	free(file);
	return r;
}

static void
expand(const uint8_t *p, size_t len, struct raid_buf *b)
{
	static const char *const words[] = { "-----BEGIN ", "PRIVATE KEY-----",
		"-----END ", "AKIA", "ghp_", "github_pat_", "glpat-", "xoxb-",
		"sk-", "sk-ant-", "AIza", "hf_", "eyJ", "://", "password",
		"PASSWORD=", "_KEY=", "token", "secret", "api_key",
		"Authorization: ", "Bearer ", "Cookie: ", "export ", "value: ",
		"[masked:", "[masked:jwt:1234]", "\\\"", "\": \"", "${", "}",
		"AbC1dEf2GhI3jKl4MnO5", "0a1b2c3d4e5f6a7b", "curl -u ",
		"login a password ", "=\"", "\n", "\r\n", "\\n", "example" };

	for (size_t i = 0; i < len; i++) {
		size_t word = p[i] - 0x80u;

		if (p[i] >= 0x80 && word < sizeof(words) / sizeof(words[0]))
			raid_buf_puts(b, words[word]);
		else
			raid_buf_addc(b, p[i]);
	}
}

/* How many masks there are. */
static size_t
count(const struct raid_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += raid_redact_mask_len(b->p + i, b->len - i) > 0;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct raid_redact *r;
	struct raid_redact_found found = { 0 };
	struct raid_buf in, out, again;
	struct raid_err err;
	int ok;

	if (r == NULL)
		r = load();
	raid_buf_init(&in, 1u << 20);
	expand(p, len, &in);
	ok = raid_redact_mask(r, in.p, in.len, &out, &found, &err);
	if (ok == 1) {
		assert(found.n > 0);
		assert(count(&out) > count(&in));
		assert(raid_redact_mask(r, out.p, out.len, &again, &found,
		    &err) == 0);
		raid_buf_free(&again);
	} else {
		assert(out.len == 0);
		assert(ok == 0 || err.code == RAID_EDATA);
	}
	raid_buf_free(&out);
	raid_buf_free(&in);
	raid_redact_found_free(&found);
	return 0;
}
