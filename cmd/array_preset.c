/* SPDX-License-Identifier: ISC */
#include "array_preset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array/key.h"
#include "base/proc.h"

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
