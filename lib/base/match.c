/* SPDX-License-Identifier: ISC */
#include "base/match.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"

/*
 * What one try may cost.  A pattern that needs more backs out of the text it
 * is tried on: some ms, instead of the hours that a nested repeat can take.
 */
#define STEPS_MAX 1000000
#define STACK_MAX ((size_t)1 << 20)

struct raid_match {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
};

struct raid_match *
raid_match_new(const char *pattern, struct raid_err *err)
{
	struct raid_match *m = raid_calloc(1, sizeof(*m));
	PCRE2_SIZE at;
	int why;

	m->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_MULTILINE | PCRE2_USE_OFFSET_LIMIT, &why, &at, NULL);
	if (m->code == NULL) {
		PCRE2_UCHAR text[128];

		(void)pcre2_get_error_message(why, text, sizeof(text));
		raid_fail(err, RAID_EDATA, "pattern '%.100s', offset %zu: %s",
		    pattern, (size_t)at, (const char *)text);
		free(m);
		return NULL;
	}
	m->data = pcre2_match_data_create(RAID_MATCH_GROUPS, NULL);
	m->limits = pcre2_match_context_create(NULL);
	if (m->data == NULL || m->limits == NULL)
		abort();
	(void)pcre2_set_match_limit(m->limits, STEPS_MAX);
	/* Where the system forbids JIT the interpreter does the same. */
	if (pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE) == 0) {
		m->stack = pcre2_jit_stack_create(STACK_MAX / 32, STACK_MAX,
		    NULL);
		pcre2_jit_stack_assign(m->limits, NULL, m->stack);
	}
	return m;
}

void
raid_match_free(struct raid_match *m)
{
	if (m == NULL)
		return;
	pcre2_jit_stack_free(m->stack);
	pcre2_match_context_free(m->limits);
	pcre2_match_data_free(m->data);
	pcre2_code_free(m->code);
	free(m);
}

/* The groups of the match that was found; n as pcre2_match gave it. */
static void
take_groups(struct raid_match *m, int n,
    struct raid_span groups[RAID_MATCH_GROUPS])
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);

	for (int i = 0; i < RAID_MATCH_GROUPS; i++) {
		int part = (n == 0 || i < n) && o[2 * i] != PCRE2_UNSET;

		groups[i].start = part ? o[2 * i] : (size_t)-1;
		groups[i].len = part ? o[2 * i + 1] - o[2 * i] : 0;
	}
}

int
raid_match_within(struct raid_match *m, const void *p, size_t len,
    size_t from, size_t to, struct raid_span groups[RAID_MATCH_GROUPS])
{
	int n;

	if (from > len || from > to)
		return 0;
	(void)pcre2_set_offset_limit(m->limits, to);
	n = pcre2_match(m->code, p, len, from, 0, m->data, m->limits);
	if (n < 0)
		return n == PCRE2_ERROR_NOMATCH ? 0 : -1;
	take_groups(m, n, groups);
	return 1;
}

int
raid_match_next(struct raid_match *m, const void *p, size_t len, size_t *pos,
    struct raid_span groups[RAID_MATCH_GROUPS])
{
	size_t end;

	if (raid_match_within(m, p, len, *pos, len, groups) != 1)
		return 0;
	/* An empty match must not be found again. */
	end = groups[0].start + groups[0].len;
	*pos = groups[0].len > 0 ? end : end + 1;
	return 1;
}
