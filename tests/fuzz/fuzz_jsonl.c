/* SPDX-License-Identifier: ISC */
/*
 * A post as a line of JSON: what is taken is a post that a journal takes,
 * and comes back the same when it is printed and read again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "journal/jsonl.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char *
print(const struct raid_post *p)
{
	struct raid_json *j = raid_post_json(p);
	char *s = raid_json_print(j, 0);

	raid_json_free(j);
	return s;
}

/* A line that raid-show prints has a uid and a journal. */
static void
complete(struct raid_post *p)
{
	if (*p->uid == '\0')
		memset(p->uid, 'a', sizeof(p->uid) - 1);
	if (*p->journal == '\0')
		p->journal[0] = '0';
}

static void
check(struct raid_post *p)
{
	struct raid_jsonl again;
	struct raid_err err;
	char *first, *second;

	assert(raid_post_check(p->body, p->body_len, &err) == 0);
	assert(p->t.ts > 0 && p->t.n > 0);
	complete(p);
	first = print(p);
	if (raid_jsonl_read(first, strlen(first), &again, &err) == -1)
		abort();
	assert(again.has_refs);
	second = print(&again.post);
	assert(strcmp(first, second) == 0);
	raid_jsonl_free(&again);
	free(first);
	free(second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct raid_jsonl l;
	struct raid_err err = { 0 };

	if (raid_jsonl_read(p, len, &l, &err) == 0)
		check(&l.post);
	else
		assert(err.code == RAID_EDATA && err.msg[0] != '\0');
	raid_jsonl_free(&l);
	return 0;
}
