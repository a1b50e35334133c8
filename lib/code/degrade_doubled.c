/* SPDX-License-Identifier: ISC */
/* A block of lines that follows upon itself, and did not before. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "code/degrade_priv.h"

#define LEAST 4		/* different lines that say something */
#define LEAST_DATA 6	/* of them where it is no program */
#define BACK 4096	/* lines that are compared backwards at a time */

struct row {
	struct raid_line l;
	uint32_t hash, prev;	/* prev: the last equal hash, from 1 */
};

struct rows {
	struct row *v;
	size_t n, cap;
};

/* The lines that are not empty, each with its last look-alike. */
static void
read_rows(struct rows *r, struct raid_line text)
{
	uint32_t *last;
	struct raid_line l;
	size_t size = 64;

	while (raid_degrade_line(&text, &l)) {
		l = raid_line_trim(l);
		if (l.len == 0)
			continue;
		r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
		r->v[r->n++] = (struct row){ .l = l,
			.hash = (uint32_t)raid_line_hash(&l) };
	}
	while (size < 2 * r->n)
		size *= 2;
	last = raid_calloc(size, sizeof(*last));
	for (size_t i = 0; i < r->n; i++) {
		uint32_t at = r->v[i].hash & (uint32_t)(size - 1);

		while (last[at] != 0 &&
		    r->v[last[at] - 1].hash != r->v[i].hash)
			at = (at + 1) & (uint32_t)(size - 1);
		r->v[i].prev = last[at];
		last[at] = (uint32_t)i + 1;
	}
	free(last);
}

static int
same(const struct rows *r, size_t a, size_t b)
{
	return r->v[a].hash == r->v[b].hash &&
	    raid_line_equal(&r->v[a].l, &r->v[b].l);
}

/* Letters and digits enough to tell it from others? */
static int
says_something(struct raid_line l)
{
	size_t n = 0;

	for (size_t i = 0; i < l.len && n < 3; i++)
		n += isalnum(l.p[i]) || l.p[i] >= 0x80;
	return n == 3;
}

/* Are that many different lines among n from here? */
static int
is_varied(const struct rows *r, size_t from, size_t n, size_t least)
{
	uint32_t seen[LEAST_DATA];
	size_t k, found = 0;

	for (size_t i = from; i < from + n && found < least; i++) {
		if (!says_something(r->v[i].l))
			continue;
		for (k = 0; k < found && seen[k] != r->v[i].hash; k++)
			;
		if (k == found)
			seen[found++] = r->v[i].hash;
	}
	return found == least;
}

/* The n lines from a on, as they stand in the file. */
static struct raid_line
stretch(const struct rows *r, size_t a, size_t n)
{
	const struct raid_line *first = &r->v[a].l, *last = &r->v[a + n - 1].l;

	return (struct raid_line){ first->p,
		(size_t)(last->p - first->p) + last->len };
}

static int
had(const struct raid_degrade_file *f, struct raid_line part)
{
	const struct raid_buf *b = &f->c->before;

	return b->len != 0 && memmem(b->p, b->len, part.p, part.len) != NULL;
}

/* Lines [at, at + n) and the n behind them are equal: is that new? */
static int
check(struct raid_degrade_work *w, const struct raid_degrade_file *f,
    const struct rows *r, size_t at, size_t n)
{
	struct raid_line twice = stretch(r, at, 2 * n);
	struct raid_line once = stretch(r, at, n);
	int program = f->lang > RAID_LANG_DATA && f->lang != RAID_LANG_JSON &&
	    f->lang != RAID_LANG_PROSE;
	size_t least = program ? LEAST : LEAST_DATA;
	char text[100];

	if (twice.p >= f->now.p + f->now.len ||
	    twice.p + twice.len <= f->now.p || !is_varied(r, at, n, least) ||
	    !had(f, once) || had(f, twice))
		return 0;
	raid_degrade_note(w, f, RAID_DEGRADE_DOUBLED, raid_degrade_line_at(
	    &f->c->after, (size_t)(r->v[at + n].l.p - f->c->after.p)),
	    "\"%s\" and %zu lines behind it stand there twice in a row",
	    raid_line_shown(raid_line_strip(r->v[at + n].l), text), n - 1);
	return 1;
}

/*
 * One walk: while each line equals the one d above it the run grows; a run
 * as long as d is a block that follows upon itself.  Where a run breaks, the
 * last look-alike of the line gives the next d.
 */
static void
walk(struct raid_degrade_work *w, const struct raid_degrade_file *f,
    const struct rows *r)
{
	size_t d = 0, run = 0, work = 0, checks = 0;

	for (size_t i = 0; i < r->n && checks < 100; i++) {
		if (d != 0 && i >= d && same(r, i, i - d)) {
			run++;
		} else if (r->v[i].prev != 0) {
			d = i - (r->v[i].prev - 1);
			for (run = 1; run < d && run < BACK && work <
			    64 * r->n && i >= run + d &&
			    same(r, i - run, i - run - d); work++)
				run++;
		} else {
			d = run = 0;
		}
		if (d == 0 || run < d)
			continue;
		if (d >= LEAST) {
			checks++;
			if (check(w, f, r, i + 1 - 2 * d, d))
				return;
		}
		d = run = 0;
	}
}

/* What changed, and as much again on both sides. */
static struct raid_line
surroundings(const struct raid_degrade_file *f)
{
	const unsigned char *start = f->c->after.p;
	const unsigned char *end = start + f->c->after.len;
	size_t reach = f->now.len + 200;
	const unsigned char *a = f->now.p, *b = a + f->now.len;

	a = (size_t)(a - start) > reach ? a - reach : start;
	b = (size_t)(end - b) > reach ? b + reach : end;
	while (a > start && a[-1] != '\n')
		a--;
	while (b < end && b[-1] != '\n')
		b++;
	return (struct raid_line){ a, (size_t)(b - a) };
}

void
raid_degrade_doubled(struct raid_degrade_work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct raid_degrade_file *f = &w->v[i];
		struct rows r = { 0 };

		if (!f->before || !f->after || f->now.len == 0)
			continue;
		read_rows(&r, surroundings(f));
		walk(w, f, &r);
		free(r.v);
	}
}
