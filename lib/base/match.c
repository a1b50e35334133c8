/* SPDX-License-Identifier: ISC */
#include "base/match.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"

struct raid_match {
	pcre2_code *code;
	pcre2_match_data *data;
};

struct raid_match *
raid_match_new(const char *pattern, struct raid_err *err)
{
	struct raid_match *m = raid_calloc(1, sizeof(*m));
	PCRE2_SIZE at;
	int why;

	m->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_MULTILINE, &why, &at, NULL);
	if (m->code == NULL) {
		PCRE2_UCHAR text[128];

		(void)pcre2_get_error_message(why, text, sizeof(text));
		raid_fail(err, RAID_EDATA, "pattern '%.100s', offset %zu: %s",
		    pattern, (size_t)at, (const char *)text);
		free(m);
		return NULL;
	}
	/* Where the system forbids JIT the interpreter does the same. */
	(void)pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE);
	m->data = pcre2_match_data_create(RAID_MATCH_GROUPS, NULL);
	if (m->data == NULL)
		abort();
	return m;
}

void
raid_match_free(struct raid_match *m)
{
	if (m == NULL)
		return;
	pcre2_match_data_free(m->data);
	pcre2_code_free(m->code);
	free(m);
}

int
raid_match_next(struct raid_match *m, const void *p, size_t len, size_t *pos,
    struct raid_span groups[RAID_MATCH_GROUPS])
{
	PCRE2_SIZE *o;
	int n;

	if (*pos > len)
		return 0;
	n = pcre2_match(m->code, p, len, *pos, 0, m->data, NULL);
	if (n < 0)
		return 0;
	o = pcre2_get_ovector_pointer(m->data);
	for (int i = 0; i < RAID_MATCH_GROUPS; i++) {
		int part = (n == 0 || i < n) && o[2 * i] != PCRE2_UNSET;

		groups[i].start = part ? o[2 * i] : (size_t)-1;
		groups[i].len = part ? o[2 * i + 1] - o[2 * i] : 0;
	}
	/* An empty match must not be found again. */
	*pos = o[1] > o[0] ? o[1] : o[1] + 1;
	return 1;
}
