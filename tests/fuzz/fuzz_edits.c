/* SPDX-License-Identifier: ISC */
/*
 * An answer, a NUL, and a file "x" (there is also "d/y"): whatever the
 * answer is, what is placed can be printed, and the diff applied gives the
 * same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "code/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct text {
	const uint8_t *p;
	size_t len;
};

static int
file(void *arg, const char *path, struct raid_place_file *f,
    struct raid_err *err)
{
	const struct text *t = arg;

	(void)err;
	if (strcmp(path, "x") == 0 || strcmp(path, "d/y") == 0) {
		f->kind = RAID_PLACE_FILE;
		f->mode = 0100644;
		raid_buf_add(&f->data, t->p, t->len);
	} else if (strcmp(path, "d") == 0)
		f->kind = RAID_PLACE_FOLDER;
	return 0;
}

static void
check(const struct raid_place *pl, const struct raid_place_base *base)
{
	struct raid_place again;
	struct raid_buf diff;
	struct raid_err err;

	raid_buf_init(&diff, SIZE_MAX / 4);
	if (raid_place_print(pl, &diff, &err) == 0) {
		if (raid_place_apply_clean(diff.p, diff.len, base, &again,
		    &err) != 0 || again.n != pl->n)
			abort();
		for (size_t i = 0; i < pl->n; i++)
			if (again.v[i].after.len != pl->v[i].after.len ||
			    memcmp(again.v[i].after.p, pl->v[i].after.p,
			    pl->v[i].after.len) != 0)
				abort();
		raid_place_free(&again);
	}
	raid_buf_free(&diff);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	const uint8_t *nul = memchr(p, '\0', len);
	size_t n = nul != NULL ? (size_t)(nul - p) : len;
	struct text t = { p + n, len - n };
	struct raid_place_base base = { file, &t };
	struct raid_place pl;
	struct raid_edits e;
	struct raid_err err;

	if (nul != NULL) {
		t.p++;
		t.len--;
	}
	if (raid_edits_find(p, n, &e, &err) == 0) {
		if (raid_place(&e, &base, RAID_PLACE_ALIGNED, &pl, &err) == 0)
			check(&pl, &base);
		raid_place_free(&pl);
	}
	raid_edits_free(&e);
	if (raid_place_apply_clean(p, n, &base, &pl, &err) == 0)
		check(&pl, &base);
	raid_place_free(&pl);
	return 0;
}
