/* SPDX-License-Identifier: ISC */
/*
 * Unified diffs in git's form, which a strict "git apply" takes without an
 * offset.  The index line is left out: it names objects, and nothing that
 * applies a text diff needs it.
 */
#ifndef RAID_CODE_DIFF_H
#define RAID_CODE_DIFF_H

#include <stddef.h>

#include "base/buf.h"
#include "code/line.h"

/*
 * Mark the lines of a that go and of b that come, with 1 in del[a->n] and
 * ins[b->n]; the others, 0, are common in order.  The result is shortest
 * but for very different texts, where it is only right: the work is
 * bounded.
 */
void raid_diff_lines(const struct raid_lines *a, const struct raid_lines *b,
    unsigned char *del, unsigned char *ins);

/* One side of a file; mode 0: it is not there. */
struct raid_diff_side {
	const char *path;
	unsigned mode;
	const void *p;
	size_t len;
};

/* Append the diff of one file; nothing when both sides are the same. */
void raid_diff_print(struct raid_buf *out, const struct raid_diff_side *a,
    const struct raid_diff_side *b);

#endif
