/* SPDX-License-Identifier: ISC */
/* What is taken for a roster can be used as one. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "array/roster.h"
#include "array/url.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const struct raid_roster *r, const struct raid_member *m)
{
	struct raid_err err;
	struct raid_url u;

	assert(raid_roster_find(r, m->name) == m);
	assert(raid_roster_name(m->name, &err) == 0);
	assert(strchr(m->role, '/') == NULL && *m->role != '.');
	assert(m->price.input >= 0 && m->price.output >= 0 &&
	    m->price.cache_read >= 0 && m->price.cache_write >= 0 &&
	    m->price.cache_write_1h >= 0 && m->idle >= 0 && m->wall >= 0);
	assert(m->context >= 0 && m->max_output >= 0);
	/* What becomes a header or a part of a command is harmless. */
	for (size_t i = 0; i < m->headers.n; i++) {
		assert(strpbrk(m->headers.v[i], "\r\n") == NULL);
		assert(strstr(m->headers.v[i], ": ") != NULL);
	}
	assert(strpbrk(m->key_env, "= \r\n") == NULL);
	if (m->kind == RAID_PROVIDER_EXEC) {
		assert(m->command.n > 0 && *m->command.v[0] != '\0');
		return;
	}
	assert(*m->model != '\0' && *m->max_tokens_key != '\0');
	assert(raid_url_parse(&u, m->base_url, &err) == 0);
	assert(strpbrk(m->base_url, "@?#") == NULL || strchr(u.path, '@') !=
	    NULL);
	assert(!m->local || raid_url_loopback(&u));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_err err = { 0 };
	struct raid_json *j = raid_json_parse(p, len, &err);
	struct raid_roster r;

	if (j == NULL)
		return 0;
	if (raid_roster_parse(&r, len % 2 ? j : NULL, len % 2 ? NULL : j,
	    &err) == 0) {
		for (size_t i = 0; i < r.n; i++)
			check(&r, &r.v[i]);
		assert(r.cost_per_call >= 0 && r.cost_per_day >= 0);
		assert(len % 2 == 0 || (r.cost_per_call <= 0.5 &&
		    r.cost_per_day <= 5 && r.cost_per_day > 0));
		assert(r.answer_bytes > 0 && r.main != NULL);
	} else {
		assert(err.code == RAID_ECONFIG && err.msg[0] != '\0');
	}
	raid_roster_free(&r);
	raid_json_free(j);
	return 0;
}
