/* SPDX-License-Identifier: ISC */
#include "code/record.h"

#include <sys/random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

#define HEAD "raid-write 1 "

int
raid_record_init(struct raid_record *r, struct raid_err *err)
{
	uint64_t n;

	*r = (struct raid_record){ 0 };
	if (getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
		return raid_fail_errno(err, "random numbers");
	(void)snprintf(r->id, sizeof(r->id), "%016llx",
	    (unsigned long long)n);
	return 0;
}

static void
free_file(struct raid_record_file *f)
{
	free(f->path);
	free(f->fresh);
	free(f->kept);
}

void
raid_record_free(struct raid_record *r)
{
	for (size_t i = 0; i < r->n; i++)
		free_file(&r->v[i]);
	free(r->v);
	raid_list_free(&r->made);
	*r = (struct raid_record){ 0 };
}

struct raid_record_file *
raid_record_add(struct raid_record *r, const char *path, size_t no)
{
	const char *slash = strrchr(path, '/');
	int dir = slash != NULL ? (int)(slash - path) + 1 : 0;
	struct raid_record_file *f;

	r->v = raid_grow(r->v, &r->cap, r->n + 1, sizeof(*r->v));
	f = &r->v[r->n++];
	*f = (struct raid_record_file){ .path = raid_strdup(path), .no = no };
	f->fresh = raid_strf("%.*s.raid-%s-%zu.new", dir, path, r->id, no);
	f->kept = raid_strf("%.*s.raid-%s-%zu.old", dir, path, r->id, no);
	return f;
}

static int
by_path(const void *pa, const void *pb)
{
	const struct raid_record_file *a = pa, *b = pb;

	return strcmp(a->path, b->path);
}

int
raid_record_join(struct raid_record *r, struct raid_err *err)
{
	size_t n = 0;

	qsort(r->v, r->n, sizeof(*r->v), by_path);
	for (size_t i = 0; i < r->n; i++) {
		struct raid_record_file *f = &r->v[i];
		struct raid_record_file *g = n > 0 ? &r->v[n - 1] : NULL;

		if (g == NULL || strcmp(g->path, f->path) != 0) {
			r->v[n++] = *f;
			continue;
		}
		if ((g->old.mode != 0) == (f->old.mode != 0) ||
		    (g->new.mode != 0) == (f->new.mode != 0))
			return raid_fail(err, RAID_EBUG,
			    "%.300s: is changed twice", f->path);
		if (f->old.mode != 0) {
			g->old = f->old;
			g->was = f->was;
		} else {
			g->new = f->new;
			g->after = f->after;
		}
		free_file(f);
	}
	r->n = n;
	return 0;
}

static void
print_side(const struct raid_record_side *s, struct raid_buf *b)
{
	raid_buf_printf(b, " %o %s", s->mode, s->mode != 0 ? s->sha256 : "-");
}

void
raid_record_print(const struct raid_record *r, struct raid_buf *b)
{
	char sum[RAID_HASH_SIZE];
	size_t from = b->len;

	raid_buf_printf(b, HEAD "%s\n", r->id);
	for (size_t i = 0; i < r->made.n; i++)
		raid_buf_printf(b, "folder %s\n", r->made.v[i]);
	for (size_t i = 0; i < r->n; i++) {
		raid_buf_puts(b, "file");
		print_side(&r->v[i].old, b);
		print_side(&r->v[i].new, b);
		raid_buf_printf(b, " %zu %s\n", r->v[i].no, r->v[i].path);
	}
	raid_hash(b->p + from, b->len - from, sum);
	raid_buf_printf(b, "end %s\n", sum);
}

/* Is the last line the checksum of those before it? */
static int
is_whole(const char *p, size_t len)
{
	char sum[RAID_HASH_SIZE];
	size_t tail = strlen("end \n") + RAID_HASH_SIZE - 1;

	if (len <= tail || memcmp(p + len - tail, "end ", 4) != 0 ||
	    p[len - tail - 1] != '\n' || p[len - 1] != '\n')
		return 0;
	raid_hash(p, len - tail, sum);
	return memcmp(p + len - tail + 4, sum, RAID_HASH_SIZE - 1) == 0;
}

static int
read_side(char **s, struct raid_record_side *side)
{
	char *end, *sum;
	unsigned long mode = strtoul(*s, &end, 8);
	size_t n;

	if (end == *s || *end != ' ')
		return -1;
	sum = end + 1;
	n = strcspn(sum, " ");
	*s = sum + n + (sum[n] == ' ');
	side->mode = (unsigned)mode;
	if (mode == 0)
		return n == 1 && *sum == '-' ? 0 : -1;
	if ((mode & ~07777ul) != S_IFREG || n != RAID_HASH_SIZE - 1 ||
	    strspn(sum, "0123456789abcdef") != n)
		return -1;
	memcpy(side->sha256, sum, n);
	return 0;
}

/* "OLD NEW NUMBER PATH" */
static int
read_file(struct raid_record *r, char *s, struct raid_err *err)
{
	struct raid_record_side old = { 0 }, new = { 0 };
	struct raid_record_file *f;
	unsigned long no;
	char *end;

	if (read_side(&s, &old) == -1 || read_side(&s, &new) == -1)
		return -1;
	no = strtoul(s, &end, 10);
	if (end == s || *end != ' ' || raid_path_edit(end + 1, err) == -1)
		return -1;
	f = raid_record_add(r, end + 1, no);
	f->old = old;
	f->new = new;
	return 0;
}

/* The lines between the first and the last. */
static int
read_lines(struct raid_record *r, const struct raid_list *lines,
    struct raid_err *err)
{
	int ok = 0;

	for (size_t i = 1; ok == 0 && i + 1 < lines->n; i++) {
		char *s = lines->v[i];

		if (raid_str_starts(s, "file ")) {
			ok = read_file(r, s + 5, err);
		} else if (raid_str_starts(s, "folder ")) {
			ok = raid_path_edit(s + 7, err);
			raid_list_add(&r->made, s + 7);
		} else {
			ok = -1;
		}
	}
	return ok;
}

int
raid_record_parse(const void *p, size_t len, struct raid_record *r,
    struct raid_err *err)
{
	struct raid_list lines = { 0 };
	char *text;
	int ret = -1;

	*r = (struct raid_record){ 0 };
	if (!is_whole(p, len))
		return 0;
	text = raid_memdup(p, len);
	raid_list_split(&lines, text, '\n');
	free(text);
	if (lines.n != 0 && raid_str_starts(lines.v[0], HEAD) &&
	    strlen(lines.v[0]) == strlen(HEAD) + 16) {
		memcpy(r->id, lines.v[0] + strlen(HEAD), 16);
		if (strspn(r->id, "0123456789abcdef") == 16 &&
		    read_lines(r, &lines, err) == 0)
			ret = 1;
	}
	raid_list_free(&lines);
	if (ret == -1)
		raid_fail(err, RAID_EDATA, "not written by this version of "
		    "raid");
	return ret;
}
