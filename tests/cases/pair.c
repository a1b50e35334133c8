/* SPDX-License-Identifier: ISC */
/* Read pairs of trees: FOLDER/NAME/before/... and FOLDER/NAME/after/... */
#include <sys/stat.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "cases.h"

#define FILE_MAX_BYTES (300u << 10)

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted. */
static char **
names_in(const char *folder, size_t *n)
{
	DIR *d = opendir(folder);
	char **v = mem(4096 * sizeof(*v));
	struct dirent *e;

	*n = 0;
	while (d != NULL && (e = readdir(d)) != NULL && *n < 4096)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			v[(*n)++] = dup_(e->d_name);
	if (d != NULL)
		(void)closedir(d);
	qsort(v, *n, sizeof(*v), by_name);
	return v;
}

/* The files beneath a folder, sorted.  0, or -1: one that is none for us. */
static int
walk(const char *top, const char *rel, struct tree *t)
{
	size_t n;
	struct str at = *rel == '\0' ? str(top) : strf("%s/%s", top, rel);
	char **v = names_in(at.p, &n);
	struct raid_err err;
	struct raid_buf b;
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		struct str r = *rel == '\0' ? str(v[i]) :
		    strf("%s/%s", rel, v[i]);
		struct str p = strf("%s/%s", top, r.p);
		struct node *d;

		if (lstat(p.p, &st) == -1 || t->n >= 64)
			return -1;
		if (S_ISDIR(st.st_mode)) {
			if (walk(top, r.p, t) == -1)
				return -1;
			continue;
		}
		if (!S_ISREG(st.st_mode))
			return -1;
		if (raid_path_read(p.p, FILE_MAX_BYTES, &b, &err) == -1) {
			raid_buf_free(&b);
			return -1;
		}
		d = &t->v[t->n++];
		d->path = r.p;
		d->mode = st.st_mode & 0100 ? 0100755 : 0100644;
		d->data.p = memcpy(mem(b.len + 1), b.p, b.len);
		d->data.n = b.len;
		raid_buf_free(&b);
	}
	return 0;
}

static const struct node *
find(const struct tree *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].path, path) == 0)
			return &t->v[i];
	return NULL;
}

static void
add(struct pair *p, const char *path, const struct node *a,
    const struct node *b)
{
	struct file *f;

	if (a != NULL && b != NULL && a->mode == b->mode &&
	    same(a->data, b->data)) {
		p->rest.v[p->rest.n++] = *a;
		return;
	}
	f = &p->v[p->n++];
	f->path = f->new_path = path;
	if (a != NULL) {
		f->old_mode = a->mode;
		f->old = a->data;
	}
	if (b != NULL) {
		f->mode = b->mode;
		f->new = b->data;
	}
}

/* The pair in a folder, or NULL: there is none, or it is not of text. */
static struct pair *
load(const char *dir, const char *name)
{
	struct tree a = { mem(64 * sizeof(*a.v)), 0 };
	struct tree b = { mem(64 * sizeof(*b.v)), 0 };
	struct pair *p = mem(sizeof(*p));

	if (walk(strf("%s/%s/before", dir, name).p, "", &a) == -1 ||
	    walk(strf("%s/%s/after", dir, name).p, "", &b) == -1)
		return NULL;
	p->name = dup_(name);
	p->v = mem((a.n + b.n) * sizeof(*p->v) + 1);
	p->rest.v = mem(a.n * sizeof(*p->rest.v) + 1);
	for (size_t i = 0; i < a.n; i++)
		add(p, a.v[i].path, &a.v[i], find(&b, a.v[i].path));
	for (size_t i = 0; i < b.n; i++)
		if (find(&a, b.v[i].path) == NULL)
			add(p, b.v[i].path, NULL, &b.v[i]);
	return p->n == 0 || p->n > 8 ? NULL : p;
}

/* All pairs of a folder, before those of *list. */
struct pair *
pairs_load(const char *folder, struct pair **list)
{
	size_t n;
	char **v = names_in(folder, &n);

	for (size_t i = n; i-- > 0;) {
		struct pair *p = load(folder, v[i]);

		if (p != NULL) {
			p->next = *list;
			*list = p;
		}
	}
	return *list;
}
