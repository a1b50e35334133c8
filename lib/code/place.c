/* SPDX-License-Identifier: ISC */
#include "code/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "code/place_priv.h"

/* One file of the answer, with all edits that name it. */
struct target {
	const struct raid_edit **edits;
	size_t n, cap;
	struct raid_place_file file;	/* as it is */
	struct raid_buf after;
	unsigned mode;			/* as it becomes; 0: deleted */
	int done;			/* it is so already */
	struct raid_place_text text;	/* of file, while hunks are placed */
	struct raid_place_fit *fits;
	size_t n_fits;
};

/* All files of the answer. */
struct work {
	const struct raid_place_base *base;
	enum raid_place_level level;
	enum raid_place_level used;
	struct target *v;
	size_t n, cap;
	struct raid_place_habit habit;
	struct raid_place *out;
	struct raid_err *err;
};

static const char *
path_of(const struct target *t)
{
	return t->edits[0]->path;
}

static int
refuse(const struct work *w, const struct raid_edit *ed, const char *what)
{
	return raid_fail(w->err, RAID_NO, "%.300s (line %zu of the answer): %s",
	    ed->path, ed->line, what);
}

static int
forbid(const struct work *w, const char *path, const char *what)
{
	return raid_fail(w->err, RAID_EPERM, "%.300s: %s", path, what);
}

static int
ask(const struct work *w, const char *path, struct raid_place_file *f)
{
	*f = (struct raid_place_file){ .kind = RAID_PLACE_ABSENT };
	raid_buf_init(&f->data, RAID_PLACE_FILE_MAX);
	if (w->base->file(w->base->arg, path, f, w->err) == -1)
		return -1;
	if (f->kind == RAID_PLACE_LINK)
		return forbid(w, path, "is a symbolic link");
	if (f->kind == RAID_PLACE_OTHER)
		return forbid(w, path, "is neither a file nor a folder");
	if (f->data.overflow)
		return raid_fail(w->err, RAID_NO, "%.300s: more than %u MiB",
		    path, RAID_PLACE_FILE_MAX >> 20);
	return 0;
}

/* The path itself, and each folder on the way to it. */
static int
check_path(const struct work *w, const struct raid_edit *ed, const char *path)
{
	struct raid_place_file f;
	char *part = raid_strdup(path);
	int r = raid_path_edit(path, w->err);

	for (char *s = strchr(part, '/'); r == 0 && s != NULL;
	    s = strchr(s + 1, '/')) {
		*s = '\0';
		r = ask(w, part, &f);
		if (r == 0 && f.kind == RAID_PLACE_FILE)
			r = refuse(w, ed, "a part of the path is a file");
		raid_buf_free(&f.data);
		*s = '/';
	}
	free(part);
	return r;
}

/* The mode of a file that comes; links and submodules may not. */
static int
check_mode(const struct work *w, const struct raid_edit *ed, unsigned *mode)
{
	unsigned kind = ed->mode & 0170000;

	if (kind == 0120000)
		return forbid(w, ed->path, "would be a symbolic link");
	if (kind == 0160000)
		return forbid(w, ed->path, "would be a submodule");
	if (ed->mode != 0 && kind != 0100000)
		return refuse(w, ed, "has no mode of a file");
	if (ed->mode != 0)
		*mode = (ed->mode & 0100) != 0 ? 0100755 : 0100644;
	return 0;
}

/* Whether a hunk with a new file's only kind of line may make one. */
static int
is_addition(const struct raid_edit *ed)
{
	if (ed->op != RAID_EDIT_MODIFY || ed->n_hunks != 1 ||
	    ed->hunks[0].hint > 1)
		return 0;
	for (size_t i = 0; i < ed->hunks[0].n; i++)
		if (ed->hunks[0].v[i].kind != '+')
			return 0;
	return 1;
}

static int
same_bytes(const struct raid_buf *b, const void *p, size_t len)
{
	return b->len == len && (len == 0 || memcmp(b->p, p, len) == 0);
}

/* What a file that the edit makes holds. */
static void
new_content(const struct raid_edit *ed, struct raid_buf *out)
{
	raid_buf_reset(out);
	if (ed->form == RAID_EDIT_WHOLE)
		raid_buf_add(out, ed->content, ed->content_len);
	for (size_t i = 0; i < ed->n_hunks; i++)
		for (size_t k = 0; k < ed->hunks[i].n; k++) {
			const struct raid_edit_line *l = &ed->hunks[i].v[k];

			raid_buf_add(out, l->p, l->len);
			if (!l->no_eol)
				raid_buf_addc(out, '\n');
		}
}

static int
create(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];

	new_content(ed, &t->after);
	if (t->file.kind == RAID_PLACE_FILE) {
		t->done = w->level != RAID_PLACE_CLEAN &&
		    same_bytes(&t->file.data, t->after.p, t->after.len);
		return t->done ? 0 :
		    refuse(w, ed, "is there already, with other content");
	}
	/* A script that nobody gave a mode is meant to run. */
	t->mode = t->after.len > 2 && memcmp(t->after.p, "#!", 2) == 0 &&
	    ed->mode == 0 ? 0100755 : 0100644;
	return check_mode(w, ed, &t->mode);
}

/*
 * A whole file over an old one: the answer says nothing of byte order mark,
 * kind of line end and the end of the last line, so the old ones stay.
 */
static int
replace(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];
	struct raid_place_text old;
	struct raid_lines lines = { 0 };
	struct raid_line l;

	if (ed->content_len == 0 && t->file.data.len != 0)
		return refuse(w, ed, "would lose all it holds");
	raid_place_text_init(&old, t->file.data.p, t->file.data.len);
	raid_lines_split(&lines, ed->content, ed->content_len);
	if (old.bom)
		raid_buf_puts(&t->after, RAID_PLACE_BOM);
	/* The comment that names the path is the file's if it was. */
	if (ed->label.p != NULL && old.lines.n != 0) {
		l = raid_place_view(old.lines.v[0], RAID_PLACE_EXACT);
		if (raid_line_equal(&l, &ed->label)) {
			raid_buf_add(&t->after, l.p, l.len);
			raid_buf_puts(&t->after, old.eol);
		}
	}
	for (size_t i = 0; i < lines.n; i++) {
		l = raid_place_view(lines.v[i], RAID_PLACE_EXACT);
		raid_buf_add(&t->after, l.p, l.len);
		if (i + 1 == lines.n && old.lines.n != 0 &&
		    t->file.data.p[t->file.data.len - 1] != '\n')
			break;
		raid_buf_puts(&t->after, old.eol);
	}
	raid_lines_free(&lines);
	raid_place_text_free(&old);
	return 0;
}

/* How many hunks all edits of the file have. */
static size_t
count_hunks(const struct target *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->edits[i]->n_hunks;
	return n;
}

/* Either all hunks are in the file already, or none. */
static int
check_already(struct work *w, struct target *t, struct raid_place_fit *fits,
    size_t n)
{
	size_t already = 0, which = 0;

	for (size_t i = 0; i < n; i++)
		if (fits[i].already) {
			already++;
			which = i;
		} else if (fits[i].level > w->used)
			w->used = fits[i].level;
	t->done = n != 0 && already == n;
	if (already != 0 && !t->done)
		return raid_place_refuse(w->err, &fits[which],
		    "is in the file already, another one is not");
	return 0;
}

/* Find the places of the hunks of all edits of the file. */
static int
find(struct work *w, struct target *t)
{
	struct raid_place_fit *fits;
	size_t k = 0, first;
	int r = 0;

	if (t->file.kind != RAID_PLACE_FILE)
		return 0;
	t->n_fits = count_hunks(t);
	t->fits = fits = raid_calloc(t->n_fits, sizeof(*fits));
	raid_place_text_init(&t->text, t->file.data.p, t->file.data.len);
	for (size_t i = 0; r == 0 && i < t->n; i++) {
		const struct raid_edit *ed = t->edits[i];

		for (first = k; k < first + ed->n_hunks; k++) {
			fits[k].edit = ed;
			fits[k].hunk = &ed->hunks[k - first];
			fits[k].no = k + 1;
		}
		r = raid_place_find(&t->text, fits + first, ed->n_hunks,
		    w->level, w->err);
	}
	t->n_fits = r == 0 ? t->n_fits : k;
	raid_place_habit(&w->habit, fits, t->n_fits);
	return r == 0 ? check_already(w, t, fits, t->n_fits) : -1;
}

/* The file with the hunks in it. */
static int
merge(struct work *w, struct target *t)
{
	return t->done ? 0 : raid_place_join(&t->text, t->fits, t->n_fits,
	    &w->habit, &t->after, w->err);
}

static int
modify(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];

	if (t->file.kind != RAID_PLACE_FILE) {
		if (t->n == 1 && (ed->form == RAID_EDIT_WHOLE ||
		    (w->level != RAID_PLACE_CLEAN && is_addition(ed))))
			return create(w, t);
		return refuse(w, ed, "there is no such file");
	}
	t->mode = t->file.mode;
	for (size_t i = 0; i < t->n; i++)
		if (check_mode(w, t->edits[i], &t->mode) == -1)
			return -1;
	if (ed->form == RAID_EDIT_WHOLE)
		return replace(w, t);
	return merge(w, t);
}

static int
delete(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];

	if (t->file.kind != RAID_PLACE_FILE)
		return refuse(w, ed, "cannot be deleted: no such file");
	if (ed->n_hunks == 0 && w->level != RAID_PLACE_CLEAN)
		return 0;
	if (merge(w, t) == -1)
		return -1;
	if (t->done || t->after.len != 0)
		return refuse(w, ed, "holds more than the diff deletes");
	return 0;
}

static int
rename_to(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];
	struct raid_place_file to;
	int r = check_path(w, ed, ed->new_path);

	if (r == -1)
		return -1;
	r = ask(w, ed->new_path, &to);
	raid_buf_free(&to.data);
	if (r == -1)
		return -1;
	if (t->file.kind == RAID_PLACE_ABSENT && to.kind == RAID_PLACE_FILE &&
	    ed->n_hunks == 0 && w->level != RAID_PLACE_CLEAN) {
		t->done = 1;
		return 0;
	}
	if (to.kind != RAID_PLACE_ABSENT)
		return refuse(w, ed, "the new name is taken");
	r = modify(w, t);
	if (r == 0 && t->done)
		return refuse(w, ed, "is changed already, but not renamed");
	return r;
}

/* What there is at the path, and where its hunks go. */
static int
look(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];

	if (check_path(w, ed, ed->path) == -1 ||
	    ask(w, ed->path, &t->file) == -1)
		return -1;
	if (t->file.kind == RAID_PLACE_FOLDER)
		return refuse(w, ed, "is a folder");
	return ed->op == RAID_EDIT_CREATE ? 0 : find(w, t);
}

/* What the file becomes. */
static int
change(struct work *w, struct target *t)
{
	const struct raid_edit *ed = t->edits[0];
	int r;

	if (ed->op == RAID_EDIT_CREATE)
		r = create(w, t);
	else if (ed->op == RAID_EDIT_DELETE)
		r = delete(w, t);
	else if (ed->op == RAID_EDIT_RENAME)
		r = rename_to(w, t);
	else
		r = modify(w, t);
	if (t->n_fits == 0)
		raid_place_report_edit(w->out, ed, r == -1 ?
		    RAID_PLACE_REFUSED : t->done ? RAID_PLACE_ALREADY :
		    RAID_PLACE_PLACED);
	if (r == 0 && t->after.overflow)
		return refuse(w, ed, "would grow too large");
	return r;
}

static void
target_free(struct target *t)
{
	for (size_t i = 0; i < t->n_fits; i++)
		raid_place_fit_free(&t->fits[i]);
	free(t->fits);
	raid_place_text_free(&t->text);
	free(t->edits);
	raid_buf_free(&t->file.data);
	raid_buf_free(&t->after);
}

/* Do two edits say the same of one file, so that one is enough? */
static int
is_repeated(const struct raid_edit *a, const struct raid_edit *b)
{
	struct raid_buf x, y;
	int r = 0;

	if (a->op != b->op || a->form != b->form || a->mode != b->mode)
		return 0;
	if (a->form != RAID_EDIT_WHOLE && a->op != RAID_EDIT_CREATE)
		return 0;
	raid_buf_init(&x, RAID_EDITS_TEXT_MAX);
	raid_buf_init(&y, RAID_EDITS_TEXT_MAX);
	new_content(a, &x);
	new_content(b, &y);
	r = same_bytes(&x, y.p, y.len);
	raid_buf_free(&x);
	raid_buf_free(&y);
	return r;
}

static int
has_hunks(const struct raid_edit *ed)
{
	return ed->op == RAID_EDIT_MODIFY && ed->form != RAID_EDIT_WHOLE;
}

/* Add an edit to those of its file, or begin one. */
static int
add_edit(struct work *w, const struct raid_edit *ed)
{
	struct target *t = NULL;

	for (size_t i = 0; i < w->n && t == NULL; i++)
		if (strcmp(path_of(&w->v[i]), ed->path) == 0)
			t = &w->v[i];
	if (t == NULL) {
		w->v = raid_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
		t = &w->v[w->n++];
		*t = (struct target){ 0 };
		raid_buf_init(&t->after, RAID_PLACE_FILE_MAX);
	} else if (is_repeated(t->edits[0], ed)) {
		return 0;
	} else if (!has_hunks(t->edits[0]) || !has_hunks(ed))
		return refuse(w, ed, "the answer has two versions of it");
	t->edits = raid_grow(t->edits, &t->cap, t->n + 1, sizeof(*t->edits));
	t->edits[t->n++] = ed;
	return 0;
}

/* Is path a, or a folder that holds a? */
static int
covers(const char *path, const char *a)
{
	size_t n = strlen(path);

	return strncmp(path, a, n) == 0 && (a[n] == '\0' || a[n] == '/');
}

/* Files that the answer makes may not stand in each other's way. */
static int
check_names(const struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct raid_edit *a = w->v[i].edits[0];
		const char *name = a->new_path != NULL ? a->new_path : a->path;

		for (size_t k = 0; k < w->n; k++) {
			const struct raid_edit *b = w->v[k].edits[0];

			if (k != i && (covers(name, b->path) ||
			    (b->new_path != NULL && covers(name, b->new_path))))
				return refuse(w, b, "stands in the way of "
				    "another file of the answer");
		}
	}
	return 0;
}

static int
by_path(const void *pa, const void *pb)
{
	const struct raid_place_change *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

/* Does anything change? */
static int
is_change(const struct target *t)
{
	return !t->done && (t->edits[0]->new_path != NULL ||
	    t->mode != t->file.mode ||
	    !same_bytes(&t->file.data, t->after.p, t->after.len));
}

/* Hand the changes over. */
static void
collect(struct work *w, struct raid_place *out)
{
	out->v = raid_calloc(w->n, sizeof(*out->v));
	out->level = w->used;
	for (size_t i = 0; i < w->n; i++) {
		struct target *t = &w->v[i];
		const char *to = t->edits[0]->new_path;

		if (!is_change(t))
			continue;
		out->v[out->n++] = (struct raid_place_change){
			.path = raid_strdup(path_of(t)),
			.new_path = to != NULL ? raid_strdup(to) : NULL,
			.old_mode = t->file.mode, .mode = t->mode,
			.before = t->file.data, .after = t->after };
		t->file.data = t->after = (struct raid_buf){ 0 };
	}
	qsort(out->v, out->n, sizeof(*out->v), by_path);
}

int
raid_place(const struct raid_edits *e, const struct raid_place_base *base,
    enum raid_place_level level, struct raid_place *out, struct raid_err *err)
{
	struct work w = { .base = base, .level = level, .out = out,
		.err = err };
	int r = 0;

	*out = (struct raid_place){ 0 };
	for (size_t i = 0; r == 0 && i < e->n; i++)
		r = add_edit(&w, &e->v[i]);
	if (r == 0)
		r = check_names(&w);
	for (size_t i = 0; r == 0 && i < w.n; i++)
		r = look(&w, &w.v[i]);
	for (size_t i = 0; r == 0 && i < w.n; i++)
		r = change(&w, &w.v[i]);
	for (size_t i = 0; i < w.n; i++)
		raid_place_report(out, w.v[i].fits, w.v[i].n_fits,
		    &w.v[i].text);
	if (r == 0) {
		collect(&w, out);
		r = out->n == 0;
	}
	for (size_t i = 0; i < w.n; i++)
		target_free(&w.v[i]);
	free(w.v);
	return r;
}

void
raid_place_free(struct raid_place *pl)
{
	for (size_t i = 0; i < pl->n; i++) {
		free(pl->v[i].path);
		free(pl->v[i].new_path);
		raid_buf_free(&pl->v[i].before);
		raid_buf_free(&pl->v[i].after);
	}
	for (size_t i = 0; i < pl->n_hunks; i++)
		free(pl->hunks[i].path);
	free(pl->hunks);
	free(pl->v);
	free(pl->excerpt_path);
	raid_buf_free(&pl->excerpt);
	*pl = (struct raid_place){ 0 };
}
