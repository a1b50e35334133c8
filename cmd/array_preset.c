/* SPDX-License-Identifier: ISC */
#include "array_preset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "array/key.h"
#include "base/mem.h"
#include "base/proc.h"
#include "table.h"

struct raid_json *
array_presets(struct raid_err *err)
{
	char *file = raid_conf_data("presets.json");
	struct raid_json *j = NULL;

	if (file == NULL)
		raid_fail(err, RAID_ECONFIG, "presets.json: nobody knows "
		    "where this program is");
	else
		j = raid_json_read(file, err);
	free(file);
	return j;
}

const struct raid_json *
array_preset_find(const struct raid_json *presets, const char *name)
{
	const struct raid_json *p = raid_json_get(presets, name), *also;

	if (p != NULL)
		return p;
	for (p = raid_json_first(presets); p != NULL; p = raid_json_next(p)) {
		also = raid_json_first(raid_json_get(p, "also"));
		for (; also != NULL; also = raid_json_next(also))
			if (strcmp(raid_json_text(also), name) == 0)
				return p;
	}
	return NULL;
}

static int
has_key(const struct raid_conf *c, const struct raid_json *preset)
{
	const struct raid_json *m = raid_json_get(preset, "member");
	const char *env = getenv(raid_json_str(m, "key_env", ""));
	char *file;
	int yes = env != NULL && *env != '\0';

	if (yes || c->user == NULL)
		return yes;
	file = raid_key_path(c->user, raid_json_key(preset));
	yes = access(file, F_OK) == 0;
	free(file);
	return yes;
}

int
array_preset_usable(const struct raid_conf *c, const struct raid_json *preset)
{
	const struct raid_json *m = raid_json_get(preset, "member");
	char *tool;
	int yes;

	/* Some servers take a key and have no model of their own. */
	if (raid_json_get(m, "key_env") != NULL)
		return raid_json_get(m, "model") != NULL &&
		    has_key(c, preset);
	tool = raid_proc_find(raid_json_str(preset, "needs", ""));
	yes = tool != NULL;
	free(tool);
	return yes;
}

char *
array_preset_file(const struct raid_conf *c, struct raid_err *err)
{
	struct raid_json *presets = array_presets(err), *array, *members;
	const struct raid_json *p;
	char *text;

	if (presets == NULL)
		return NULL;
	array = raid_json_object();
	members = raid_json_object();
	for (p = raid_json_first(presets); p != NULL; p = raid_json_next(p))
		if (array_preset_usable(c, p))
			raid_json_set(members, raid_json_key(p),
			    raid_json_copy(raid_json_get(p, "member")));
	raid_json_set(array, "members", members);
	text = raid_json_print(array, 1);
	raid_json_free(presets);
	raid_json_free(array);
	return text;
}

/* A server, or a command as one would type it. */
static char *
place_of(const struct raid_json *member)
{
	const struct raid_json *word =
	    raid_json_first(raid_json_get(member, "command"));
	struct raid_list words = { 0 };
	char *place;

	if (word == NULL)
		return raid_strdup(raid_json_str(member, "base_url", ""));
	for (; word != NULL; word = raid_json_next(word))
		raid_list_add(&words, raid_json_text(word));
	place = raid_str_shell(words.v);
	raid_list_free(&words);
	return place;
}

int
array_list_presets(struct array *a, struct raid_err *err)
{
	static const struct table_column columns[] = {
		{ "preset", TABLE_PEOPLE | TABLE_DATA },
		{ "usable", TABLE_DATA | TABLE_FLAG },
		{ "provider", TABLE_PEOPLE | TABLE_DATA },
		{ "model", TABLE_PEOPLE | TABLE_DATA | TABLE_NULLABLE },
		{ "where", TABLE_PEOPLE | TABLE_DATA }
	};
	struct table t = { .type = "preset", .columns = columns,
		.ncolumns = sizeof(columns) / sizeof(columns[0]) };
	struct raid_json *presets = array_presets(err);
	const struct raid_json *p, *m;
	char *place;

	if (presets == NULL)
		return -1;
	for (p = raid_json_first(presets); p != NULL; p = raid_json_next(p)) {
		m = raid_json_get(p, "member");
		place = place_of(m);
		raid_list_add(&t.cells, raid_json_key(p));
		raid_list_add(&t.cells,
		    array_preset_usable(&a->s.conf, p) ? "1" : "0");
		raid_list_add(&t.cells, raid_json_str(m, "provider", ""));
		raid_list_add(&t.cells, raid_json_str(m, "model", ""));
		raid_list_add(&t.cells, place);
		free(place);
	}
	if (a->json)
		table_json(&t, a->safe);
	else
		table_text(&t, a->width);
	raid_list_free(&t.cells);
	raid_json_free(presets);
	return 0;
}
