/* SPDX-License-Identifier: ISC */
/*
 * The rules of code/degrade over changes that people made:
 *
 *	degrades diff|whole FOLDER...
 *
 * A folder holds "reply", a message with a diff behind it; "files", a path a
 * line; and for the n-th of them, from 0, n.b and n.a: the file before and
 * after, where it was there.  diff takes the reply as it is, whole only its
 * message, as if the files had been given as a whole.  Prints a line for each
 * finding, which is a false one, and the sums.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "code/degrade.h"

static int
read_part(const char *dir, size_t n, const char *end, struct raid_buf *b)
{
	char *path = raid_strf("%s/%zu.%s", dir, n, end);
	struct raid_err err;
	int r = raid_path_read(path, RAID_PLACE_FILE_MAX, b, &err);

	free(path);
	return r;
}

static void
add_file(const char *dir, const char *path, size_t n, int whole,
    struct raid_place *pl, struct raid_edits *e)
{
	struct raid_place_change *c;
	struct raid_edit *ed;

	pl->v = raid_grow(pl->v, &pl->cap, pl->n + 1, sizeof(*pl->v));
	c = &pl->v[pl->n++];
	*c = (struct raid_place_change){ .path = raid_strdup(path) };
	c->old_mode = read_part(dir, n, "b", &c->before) == 0 ? 0100644 : 0;
	c->mode = read_part(dir, n, "a", &c->after) == 0 ? 0100644 : 0;
	if (!whole || c->mode == 0)
		return;
	e->v = raid_grow(e->v, &e->cap, e->n + 1, sizeof(*e->v));
	ed = &e->v[e->n++];
	*ed = (struct raid_edit){ .form = RAID_EDIT_WHOLE,
		.path = raid_strdup(path) };
}

/* The bytes before the diff. */
static size_t
message_len(const struct raid_buf *b)
{
	static const char *const heads[] = { "\ndiff --git ", "\n--- a/",
		"\nIndex: ", "\n--- " };
	size_t len = b->len;
	const unsigned char *at;

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		at = memmem(b->p, b->len, heads[i], strlen(heads[i]));
		if (at != NULL && (size_t)(at - b->p) < len)
			len = (size_t)(at - b->p) + 1;
	}
	return len;
}

static int
check(const char *dir, int whole, size_t counts[8])
{
	struct raid_degrade_list l = { 0 };
	struct raid_edits e = { 0 };
	struct raid_place pl = { 0 };
	struct raid_list files = { 0 };
	struct raid_buf reply, names;
	struct raid_err err;
	char *path = raid_strf("%s/reply", dir);
	unsigned seen = 0;

	if (raid_path_read(path, RAID_EDITS_TEXT_MAX, &reply, &err) == -1)
		errx: exit(fprintf(stderr, "%s\n", err.msg) < 0 ? 1 : 2);
	free(path);
	path = raid_strf("%s/files", dir);
	if (raid_path_read(path, 1 << 20, &names, &err) == -1)
		goto errx;
	free(path);
	raid_list_split(&files, raid_buf_str(&names), '\n');
	for (size_t i = 0; i < files.n; i++)
		add_file(dir, files.v[i], i, whole, &pl, &e);
	e.text_len = whole ? message_len(&reply) : reply.len;
	e.text = raid_memdup(reply.p, e.text_len);
	raid_degrade_find(&pl, &e, &l);
	for (size_t i = 0; i < l.n; i++) {
		printf("%s: %s:%zu: %s: %s\n", dir, l.v[i].path, l.v[i].line,
		    raid_degrade_name(l.v[i].rule), l.v[i].what);
		seen |= l.v[i].rule;
	}
	for (size_t k = 0; k < 8; k++)
		counts[k] += (seen >> k) & 1;
	raid_degrade_free(&l);
	raid_place_free(&pl);
	raid_edits_free(&e);
	raid_list_free(&files);
	raid_buf_free(&reply);
	raid_buf_free(&names);
	return seen != 0;
}

int
main(int argc, char **argv)
{
	size_t counts[8] = { 0 }, bad = 0, n = 0;
	int whole = argc > 1 && strcmp(argv[1], "whole") == 0;

	if (argc < 3 || (!whole && strcmp(argv[1], "diff") != 0))
		return fprintf(stderr, "usage: degrades diff|whole folder...\n")
		    < 0 ? 1 : 64;
	for (; (int)n + 2 < argc; n++)
		bad += (size_t)check(argv[n + 2], whole, counts);
	printf("%zu changes, %zu with a finding:", n, bad);
	for (size_t k = 0; k < 8; k++)
		printf(" %s %zu", raid_degrade_name(1u << k), counts[k]);
	printf("\n");
	return 0;
}
