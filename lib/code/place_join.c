/* SPDX-License-Identifier: ISC */
/* Putting placed hunks into a text.  What no hunk changes stays byte for
 * byte; what comes takes over how the file is written. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/place_priv.h"

/* A run of lines to replace, and the hunk it is of. */
struct piece {
	struct raid_place_fit *f;
	const struct raid_place_splice *s;
};

/* A text while it is put together. */
struct joint {
	struct raid_place_text *t;
	const struct raid_place_habit *habit;
	unsigned has;		/* classes of typography in the file */
	size_t tabs, spaced;	/* lines of the file that begin so */
	size_t spaces;		/* most blanks that a line begins with */
	size_t inner_tabs;	/* lines with tabs between words */
	int code;		/* by its name it is a program */
	struct raid_buf *out;
	struct raid_buf line;	/* that is made */
	size_t skip;		/* bytes of line 0 that stand there already */
	struct raid_err *err;
};

static int
by_start(const void *pa, const void *pb)
{
	const struct piece *a = pa, *b = pb;

	if (a->s->start != b->s->start)
		return a->s->start < b->s->start ? -1 : 1;
	if (a->s->end != b->s->end)
		return a->s->end < b->s->end ? -1 : 1;
	if (a->f->no != b->f->no)
		return a->f->no < b->f->no ? -1 : 1;
	return a->s->from < b->s->from ? -1 : a->s->from > b->s->from;
}

/* The next '+' line of a piece from *i on; NULL: there is none. */
static const struct raid_edit_line *
added(const struct piece *p, size_t *i)
{
	while (*i < p->s->to && p->f->hunk->v[*i].kind != '+')
		++*i;
	return *i < p->s->to ? &p->f->hunk->v[(*i)++] : NULL;
}

/* Do two hunks of different edits do the same to the same lines? */
static int
is_twin(const struct piece *a, const struct piece *b)
{
	const struct raid_edit_line *l, *m;
	size_t i = a->s->from, k = b->s->from;

	if (a->f->edit == b->f->edit || a->s->start != b->s->start ||
	    a->s->end != b->s->end)
		return 0;
	do {
		l = added(a, &i);
		m = added(b, &k);
		if ((l == NULL) != (m == NULL) || (l != NULL &&
		    (l->no_eol != m->no_eol || l->len != m->len ||
		    memcmp(l->p, m->p, l->len) != 0)))
			return 0;
	} while (l != NULL);
	return 1;
}

static int
overlap(const struct piece *a, const struct piece *b)
{
	/* Two insertions into one gap: which is first is known only within
	 * one diff. */
	if (b->s->start == b->s->end && a->s->start == a->s->end &&
	    a->s->start == b->s->start)
		return a->f->edit != b->f->edit;
	return b->s->start < a->s->end;
}

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

static int
is_indented(struct raid_line l)
{
	return raid_line_trim(l).len != 0 && (*l.p == ' ' || *l.p == '\t');
}

/*
 * The hunk's own lines tell how it is indented.  Where no tab of the file is
 * among them, other hunks of the answer do; without any the blanks of a new
 * line must be of the file's kind.  NULL: they are not.
 */
static const struct raid_place_indent *
indent_of(const struct joint *j, const struct raid_place_fit *f,
    struct raid_line l)
{
	size_t n = raid_line_spaces(l);

	if (f->indent.kind == RAID_PLACE_TO_TABS && f->indent.vague &&
	    j->habit->tabs != NULL)
		return j->habit->tabs;
	if (!is_indented(l) || f->indent.kind != RAID_PLACE_SAME)
		return &f->indent;
	if (j->habit->keeps_tabs)
		return &f->indent;
	if (n > 1 && j->tabs != 0 && j->habit->tabs != NULL)
		return j->habit->tabs;
	if (n > 1 && j->tabs > 4 && (n > j->spaces ||
	    (!f->indent.known && j->tabs > 10 * j->spaced)))
		return NULL;
	if (*l.p == '\t' && j->spaces > 1 && j->tabs == 0 &&
	    !f->indent.known)
		return NULL;
	return &f->indent;
}

/* Has it blanks within that may have been a tab? */
static int
has_wide_blank(struct raid_line l)
{
	size_t i = 0;

	l = raid_line_trim(l);
	while (i < l.len && (l.p[i] == ' ' || l.p[i] == '\t'))
		i++;
	for (; i + 1 < l.len; i++)
		if (l.p[i] == ' ' && l.p[i + 1] == ' ')
			return 1;
	return 0;
}

/* Has the line lost tabs between its words?  It has if others of the answer
 * lost theirs, or if the file has nothing but tabs there. */
static int
lost_tabs(const struct joint *j, struct raid_line l)
{
	const struct raid_lines *all = &j->t->lines;

	if (j->inner_tabs < 3 || j->habit->keeps_tabs || !has_wide_blank(l))
		return 0;
	for (size_t i = 0; j->habit->tabs == NULL && i < all->n; i++)
		if (has_wide_blank(all->v[i]))
			return 0;
	return 1;
}

/* A new line as the file would have it, in j->line. */
static int
make_line(struct joint *j, struct raid_place_fit *f, struct raid_line l)
{
	const struct raid_place_indent *indent = indent_of(j, f, l);
	struct raid_buf b;
	unsigned strange;
	int r = 0;

	raid_buf_reset(&j->line);
	if (indent == NULL)
		return raid_place_refuse(j->err, f, "is indented as the file "
		    "never is, and no line tells what is meant");
	raid_buf_init(&b, SIZE_MAX / 4);
	if (raid_place_indent_apply(indent, j->t, l, &b) == -1)
		r = raid_place_refuse(j->err, f, "is indented in another way "
		    "than the file, and no line tells how a new one would be");
	else if (raid_place_unfold(&j->habit->folds, (struct raid_line){ b.p,
	    b.len }, &j->line) == -1 || lost_tabs(j, l))
		r = raid_place_refuse(j->err, f, "was changed by what showed "
		    "it (quotes, dashes, tabs), and nobody can tell back");
	strange = raid_place_folds_in(j->line.p, j->line.len) & ~j->has &
	    (1u << RAID_PLACE_DOUBLE | 1u << RAID_PLACE_SINGLE |
	    1u << RAID_PLACE_BLANK |
	    (~j->habit->folds.plain & 1u << RAID_PLACE_HTML));
	if (r == 0 && strange != 0 && j->code)
		r = raid_place_refuse(j->err, f, "brings typography into a "
		    "program that has none: quotes, blanks or HTML");
	raid_buf_free(&b);
	return r;
}

static int
put_new(struct joint *j, struct raid_place_fit *f, size_t k)
{
	const struct raid_edit_line *l = &f->hunk->v[k];
	struct raid_line line = raid_place_view(raid_place_line(f, k),
	    f->level > RAID_PLACE_EXACT ? RAID_PLACE_EXACT : f->level);

	if (f->strict) {
		put(j, line.p, line.len);
	} else {
		if (make_line(j, f, line) == -1)
			return -1;
		put(j, j->line.p, j->line.len);
	}
	if (!l->no_eol)
		raid_buf_puts(j->out, f->level == RAID_PLACE_CLEAN ? "\n" :
		    j->t->eol);
	return 0;
}

/* Nothing was said of the end of the file, and it had no newline. */
static int
keeps_bare_end(const struct raid_place_text *t, const struct piece *p)
{
	const struct raid_edit_hunk *h = p->f->hunk;
	const struct raid_line *last;

	if (p->s->end != t->lines.n || t->lines.n == 0 ||
	    p->s->to == p->s->from || h->v[p->s->to - 1].kind != '+')
		return 0;
	last = &t->lines.v[t->lines.n - 1];
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].no_eol)
			return 0;
	return last->p[last->len - 1] != '\n';
}

/*
 * A hunk that fitted byte for byte comes as it is written.  Any other has
 * the line ends of the file, its byte order mark first, and its last line
 * as it ended.
 */
static int
put_piece(struct joint *j, const struct piece *p)
{
	int literal = p->f->level == RAID_PLACE_CLEAN;

	if (j->t->bom && p->s->start == 0 && j->skip == 0 && !literal) {
		raid_buf_puts(j->out, RAID_PLACE_BOM);
		j->skip = 3;
	}
	for (size_t k = p->s->from; k < p->s->to; k++)
		if (p->f->hunk->v[k].kind == '+' && put_new(j, p->f, k) == -1)
			return -1;
	if (literal || !keeps_bare_end(j->t, p))
		return 0;
	j->out->len -= strlen(j->t->eol);
	j->out->p[j->out->len] = '\0';
	return 0;
}

/* What the file is like: blanks, typography, its kind. */
static void
look_at_file(struct joint *j, const char *path)
{
	static const char *const ends[] = { ".c", ".h", ".cc", ".cpp", ".cxx",
		".hpp", ".py", ".js", ".ts", ".jsx", ".tsx", ".go", ".rs",
		".java", ".kt", ".cs", ".rb", ".php", ".pl", ".pm", ".lua",
		".sh", ".swift", ".scala", ".sql", ".css", ".t" };
	const struct raid_lines *l = &j->t->lines;
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; i < l->n; i++) {
		size_t n = raid_line_spaces(l->v[i]);

		if (raid_line_trim(l->v[i]).len == 0)
			continue;
		j->tabs += *l->v[i].p == '\t';
		j->spaced += n > 1;
		j->spaces = n > j->spaces ? n : j->spaces;
		while (n < l->v[i].len && l->v[i].p[n] == '\t')
			n++;
		j->inner_tabs += memchr(l->v[i].p + n, '\t',
		    raid_line_trim(l->v[i]).len - n) != NULL;
	}
	if (l->n != 0)
		j->has = raid_place_folds_in(l->v[0].p,
		    (size_t)(l->v[l->n - 1].p - l->v[0].p) +
		    l->v[l->n - 1].len);
	for (size_t i = 0; dot != NULL && i < sizeof(ends) / sizeof(*ends);
	    i++)
		j->code |= strcmp(dot, ends[i]) == 0;
}

void
raid_place_habit(struct raid_place_habit *h, const struct raid_place_fit *v,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < v[i].hunk->n && !h->keeps_tabs; k++) {
			struct raid_line l = raid_place_line(&v[i], k);

			h->keeps_tabs = l.len != 0 &&
			    memchr(l.p, '\t', l.len) != NULL;
		}
		h->folds.lost |= v[i].folds.lost;
		h->folds.kept |= v[i].folds.kept;
		h->folds.plain |= v[i].folds.plain;
		h->folds.long_dash |= v[i].folds.long_dash;
		h->folds.tabs |= v[i].folds.tabs;
		if (v[i].fixed && v[i].indent.kind == RAID_PLACE_TO_TABS &&
		    (h->tabs == NULL || h->tabs->vague))
			h->tabs = &v[i].indent;
	}
}

/* The pieces of all hunks, in the order of the file. */
static struct piece *
all_pieces(struct raid_place_fit *v, size_t n, size_t *count)
{
	struct piece *p;

	*count = 0;
	for (size_t i = 0; i < n; i++)
		*count += v[i].n_splices;
	p = raid_realloc(NULL, *count + 1, sizeof(*p));
	*count = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < v[i].n_splices; k++)
			p[(*count)++] = (struct piece){ &v[i],
				&v[i].splice[k] };
	qsort(p, *count, sizeof(*p), by_start);
	return p;
}

int
raid_place_join(struct raid_place_text *t, struct raid_place_fit *v,
    size_t n, const struct raid_place_habit *habit, struct raid_buf *out,
    struct raid_err *err)
{
	struct joint j = { .t = t, .habit = habit, .out = out, .err = err };
	const struct piece *before = NULL;
	size_t i = 0, count;
	struct piece *p = all_pieces(v, n, &count);
	int r = 0;

	raid_buf_init(&j.line, SIZE_MAX / 4);
	if (n != 0 && !v[0].strict)
		look_at_file(&j, v[0].edit->path);
	for (size_t k = 0; r == 0 && k < count; k++) {
		if (before != NULL && is_twin(before, &p[k]))
			continue;
		if (before != NULL && overlap(before, &p[k])) {
			r = raid_place_refuse(err, p[k].f, "changes the same "
			    "lines as hunk %zu", before->f->no);
			break;
		}
		put_file(&j, i, p[k].s->start);
		r = put_piece(&j, &p[k]);
		i = p[k].s->end;
		before = &p[k];
	}
	if (r == 0)
		put_file(&j, i, t->lines.n);
	raid_buf_free(&j.line);
	free(p);
	return r;
}
