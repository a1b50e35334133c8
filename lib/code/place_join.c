/* SPDX-License-Identifier: ISC */
/* Putting placed hunks into a text.  What no hunk changes stays byte for
 * byte; what comes takes the line ends of the file. */
#include <stdlib.h>
#include <string.h>

#include "code/place_priv.h"

static int
by_start(const void *pa, const void *pb)
{
	const struct raid_place_fit *a = pa, *b = pb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return a->no < b->no ? -1 : a->no > b->no;
}

/* Do two hunks do the same to the same lines? */
static int
is_twin(const struct raid_place_fit *a, const struct raid_place_fit *b)
{
	if (a->edit == b->edit || a->start != b->start || a->end != b->end ||
	    a->to - a->from != b->to - b->from)
		return 0;
	for (size_t i = 0; i < a->to - a->from; i++) {
		const struct raid_edit_line *l = &a->hunk->v[a->from + i];
		const struct raid_edit_line *m = &b->hunk->v[b->from + i];

		if (l->kind != m->kind || l->no_eol != m->no_eol ||
		    l->len != m->len || memcmp(l->p, m->p, l->len) != 0)
			return 0;
	}
	return 1;
}

static int
overlap(const struct raid_place_fit *a, const struct raid_place_fit *b)
{
	/* Two insertions into one gap: which is first is known only within
	 * one diff. */
	if (b->start == b->end && a->start == a->end && a->start == b->start)
		return a->edit != b->edit;
	return b->start < a->end;
}

/* A text while it is put together. */
struct joint {
	const struct raid_place_text *t;
	struct raid_buf *out;
	size_t skip;		/* bytes of line 0 that stand there already */
};

/* Append a line; the one before must have ended. */
static void
put(struct joint *j, const void *p, size_t len)
{
	struct raid_buf *out = j->out;

	if (out->len > j->skip && out->p[out->len - 1] != '\n')
		raid_buf_puts(out, j->t->eol);
	raid_buf_add(out, p, len);
}

/* Lines [i, end) as they are. */
static void
put_file(struct joint *j, size_t i, size_t end)
{
	for (; i < end; i++) {
		const struct raid_line *l = &j->t->lines.v[i];
		size_t skip = i == 0 ? j->skip : 0;

		put(j, l->p + skip, l->len - skip);
	}
}

static void
put_new(struct joint *j, const struct raid_edit_line *l,
    enum raid_place_level level)
{
	struct raid_line line = raid_place_view((struct raid_line){ l->p,
	    l->len }, level > RAID_PLACE_EXACT ? RAID_PLACE_EXACT : level);

	put(j, line.p, line.len);
	if (!l->no_eol)
		raid_buf_puts(j->out, level == RAID_PLACE_CLEAN ? "\n" :
		    j->t->eol);
}

/* Nothing was said of the end of the file, and it had no newline. */
static int
keeps_bare_end(const struct raid_place_text *t, const struct raid_place_fit *f)
{
	const struct raid_line *last;

	if (f->end != t->lines.n || t->lines.n == 0 || f->to == f->from ||
	    f->hunk->v[f->to - 1].kind != '+')
		return 0;
	last = &t->lines.v[t->lines.n - 1];
	for (size_t i = 0; i < f->hunk->n; i++)
		if (f->hunk->v[i].no_eol)
			return 0;
	return last->p[last->len - 1] != '\n';
}

/*
 * A hunk that fitted byte for byte comes as it is written.  Any other has
 * the line ends of the file, its byte order mark first, and its last line
 * as it ended.
 */
static void
put_fit(struct joint *j, const struct raid_place_fit *f)
{
	int literal = f->level == RAID_PLACE_CLEAN;
	size_t i = f->start;

	if (j->t->bom && f->start == 0 && j->skip == 0 && !literal) {
		raid_buf_puts(j->out, RAID_PLACE_BOM);
		j->skip = 3;
	}
	for (size_t k = f->from; k < f->to; k++) {
		if (f->hunk->v[k].kind == '+') {
			put_new(j, &f->hunk->v[k], f->level);
			continue;
		}
		if (f->hunk->v[k].kind == ' ')
			put_file(j, i, i + 1);
		i++;
	}
	if (literal || !keeps_bare_end(j->t, f))
		return;
	j->out->len -= strlen(j->t->eol);
	j->out->p[j->out->len] = '\0';
}

int
raid_place_join(const struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, struct raid_buf *out, struct raid_err *err)
{
	const struct raid_place_fit *before = NULL;
	struct joint j = { .t = t, .out = out };
	size_t i = 0;

	qsort(v, n, sizeof(*v), by_start);
	for (size_t k = 0; k < n; k++) {
		if (before != NULL && is_twin(before, &v[k]))
			continue;
		if (before != NULL && overlap(before, &v[k]))
			return raid_place_refuse(err, &v[k],
			    "changes the same lines as hunk %zu", before->no);
		put_file(&j, i, v[k].start);
		put_fit(&j, &v[k]);
		i = v[k].end;
		before = &v[k];
	}
	put_file(&j, i, t->lines.n);
	return 0;
}
