/* SPDX-License-Identifier: ISC */
/* Trees as folders on disk, and what is there afterwards. */
#include <sys/stat.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "cases.h"

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(2);
}

static void
parents(const char *path)
{
	struct raid_err err;
	char *p = dup_(path), *slash = strrchr(p, '/');

	if (slash == NULL)
		return;
	*slash = '\0';
	must(raid_path_mkdirs(p, 0755, &err) == 0, p);
}

void
disk_write(const char *path, struct str s, unsigned mode)
{
	int fd;

	parents(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 0777);
	must(fd != -1, path);
	must(write(fd, s.p, s.n) == (ssize_t)s.n, path);
	must(fchmod(fd, mode & 0777) == 0, path);
	(void)close(fd);
}

void
disk_put(const char *dir, const struct tree *t)
{
	struct raid_err err;

	must(raid_path_mkdirs(dir, 0755, &err) == 0, dir);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->v[i];
		struct str p = strf("%s/%s", dir, n->path);

		switch (n->mode) {
		case 0120000:
			parents(p.p);
			must(symlink(strf("%.*s", (int)n->data.n,
			    n->data.p).p, p.p) == 0, p.p);
			break;
		case 0160000:
			disk_write(strf("%s/.git", p.p).p,
			    str("gitdir: ../../.git/modules/ext\n"), 0644);
			disk_write(strf("%s/ext.txt", p.p).p,
			    str("of another repository\n"), 0644);
			break;
		default:
			disk_write(p.p, n->data, n->mode == 0100000 ? 0644 :
			    n->mode);
		}
	}
}

static void
add(struct shot *s, size_t *cap, struct node n)
{
	if (s->n == *cap) {
		struct node *v = mem((*cap * 2 + 64) * sizeof(*v));

		if (s->n > 0)
			memcpy(v, s->v, s->n * sizeof(*v));
		s->v = v;
		*cap = *cap * 2 + 64;
	}
	s->v[s->n++] = n;
}

static void
walk(const char *top, const char *rel, struct shot *s, size_t *cap)
{
	struct str dir = strf("%s/%s", top, rel);
	DIR *d = opendir(dir.p);
	struct dirent *e;
	struct stat st;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct node n = { 0 };
		struct str p;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		n.path = strf("%s%s%s", rel, *rel != '\0' ? "/" : "",
		    e->d_name).p;
		p = strf("%s/%s", top, n.path);
		if (lstat(p.p, &st) == -1)
			continue;
		n.mode = S_ISREG(st.st_mode) ? st.st_mode & 0100 ? 0100755 :
		    0100644 : st.st_mode & S_IFMT;
		if (S_ISREG(st.st_mode)) {
			struct raid_err err;
			struct raid_buf b;

			must(raid_path_read(p.p, 256u << 20, &b, &err) == 0,
			    p.p);
			n.data.p = memcpy(mem(b.len + 1), b.p, b.len);
			n.data.n = b.len;
			raid_buf_free(&b);
		} else if (S_ISLNK(st.st_mode)) {
			char to[4096];
			ssize_t len = readlink(p.p, to, sizeof(to));

			n.data.n = len > 0 ? (size_t)len : 0;
			n.data.p = memcpy(mem(n.data.n + 1), to, n.data.n);
		}
		add(s, cap, n);
		if (S_ISDIR(st.st_mode))
			walk(top, n.path, s, cap);
	}
	if (d != NULL)
		(void)closedir(d);
}

static int
by_path(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void
disk_shot(const char *dir, struct shot *s)
{
	size_t cap = 0;

	*s = (struct shot){ 0 };
	walk(dir, "", s, &cap);
	if (s->n > 0)
		qsort(s->v, s->n, sizeof(*s->v), by_path);
}

/* Is a path beneath but, and not in a .git there? */
static int
apart(const char *path, const char *but)
{
	size_t n = but != NULL ? strlen(but) : 0;

	return but != NULL && strncmp(path, but, n) == 0 && (path[n] == '\0' ||
	    (path[n] == '/' && strncmp(path + n, "/.git/", 6) != 0));
}

/* Are two shots equal, but for what is beneath but (NULL: nothing)? */
int
shot_same(const struct shot *a, const struct shot *b, const char *but)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (i < a->n && apart(a->v[i].path, but))
			i++;
		while (j < b->n && apart(b->v[j].path, but))
			j++;
		if (i == a->n || j == b->n)
			return i == a->n && j == b->n;
		if (strcmp(a->v[i].path, b->v[j].path) != 0 ||
		    a->v[i].mode != b->v[j].mode ||
		    !same(a->v[i].data, b->v[j].data))
			return 0;
	}
}

/* Are the files beneath a folder (without .git) those of the tree? */
int
shot_is(const struct shot *s, const char *under, const struct tree *t)
{
	size_t found = 0, n = strlen(under);

	for (size_t i = 0; i < s->n; i++) {
		const struct node *a = &s->v[i];
		const char *p = a->path + n + 1;
		size_t k;

		if (!apart(a->path, under) || a->path[n] == '\0' ||
		    a->mode == S_IFDIR)
			continue;
		for (k = 0; k < t->n; k++)
			if (strcmp(t->v[k].path, p) == 0)
				break;
		if (k == t->n || !same(a->data, t->v[k].data) ||
		    (t->v[k].mode != a->mode && t->v[k].mode != 0100000))
			return 0;
		found++;
	}
	return found == t->n;
}
