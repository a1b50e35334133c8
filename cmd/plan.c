/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "patch_tell.h"

static const char *
verb(const struct raid_place_change *c)
{
	return c->old_mode == 0 ? "create" : c->mode == 0 ? "delete" :
	    c->new_path != NULL ? "rename" : "modify";
}

/* {"path", "op"} of each change. */
static struct raid_json *
json_files(const struct raid_place *pl)
{
	struct raid_json *files = raid_json_array();

	for (size_t i = 0; i < pl->n; i++) {
		const struct raid_place_change *c = &pl->v[i];
		struct raid_json *f = raid_json_object();

		raid_json_set_str(f, "path", c->path);
		raid_json_set_str(f, "op", verb(c));
		if (c->new_path != NULL)
			raid_json_set_str(f, "new_path", c->new_path);
		raid_json_add(files, f);
	}
	return files;
}

/* The changes as one JSON line; tag and diff may be NULL. */
static void
print_json(const struct raid_place *pl, const char *tag, const char *diff)
{
	struct raid_json *j = raid_json_object();
	char *line;

	raid_json_set_str(j, "type", diff != NULL ? "diff" : "plan");
	raid_json_set_int(j, "v", 1);
	if (tag != NULL)
		raid_json_set_str(j, "tag", tag);
	raid_json_set(j, "files", json_files(pl));
	raid_json_set(j, "hunks", patch_tell_json(pl));
	if (diff != NULL)
		raid_json_set_str(j, "diff", diff);
	line = raid_json_print(j, 0);
	puts(line);
	free(line);
	raid_json_free(j);
}

void
plan_print(const struct raid_place *pl, const char *tag, int json)
{
	if (json) {
		print_json(pl, tag, NULL);
		return;
	}
	for (size_t i = 0; i < pl->n; i++) {
		const struct raid_place_change *c = &pl->v[i];

		printf("%s would %s %s%s%s\n", tag, verb(c), c->path,
		    c->new_path != NULL ? " to " : "",
		    c->new_path != NULL ? c->new_path : "");
	}
}

int
plan_print_diff(const struct raid_place *pl, int json, struct raid_err *err)
{
	struct raid_buf diff;
	int r;

	raid_buf_init(&diff, SIZE_MAX / 4);
	r = raid_place_print(pl, &diff, err);
	if (r == 0 && json &&
	    raid_utf8_check(diff.p, diff.len) != diff.len)
		r = raid_fail(err, RAID_EDATA,
		    "the diff is no UTF-8, so it is no JSON either");
	if (r == 0 && json)
		print_json(pl, NULL, raid_buf_str(&diff));
	else if (r == 0)
		(void)fwrite(diff.p, 1, diff.len, stdout);
	raid_buf_free(&diff);
	return r;
}
